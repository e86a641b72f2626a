#include <algorithm>

#include "campaign/document/paper.h"
#include "campaign/target/report_words.h"
#include "server/api.h"
#include "server/inside/files.h"
#include "server/inside/outlook.h"
#include "server/inside/report_paper.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using text::JsonWriter;

const char* lamp_code(target::Standing standing) {
  constexpr const char* kLamps[] = {"ok", "warn", "late", "none", "line"};
  return kLamps[static_cast<std::size_t>(target::lamp_of(standing))];
}

const char* code_of(pack::TargetKind kind) {
  constexpr const char* kCodes[] = {"cumulative", "yearly", "at_date", "every_one", "trend", "threshold"};
  return kCodes[static_cast<std::size_t>(kind)];
}
const char* sign_of(pack::Comparator comparator) {
  constexpr const char* kSigns[] = {">=", "<=", ">", "<"};
  return kSigns[static_cast<std::size_t>(comparator)];
}

std::string state_of(const target::Line& line) {
  if (line.value) return {};
  return line.standing == target::Standing::Refused ? "gap" : "missing";
}

void write_line(JsonWriter& out, const target::Line& line, const pack::Pack& pack, Outlooks& outlooks) {
  const pack::Target& own = *pack.target(line.id);
  const Basis basis{.source = own.source, .clause = own.clause, .mark = line.mark};
  out.member("id", line.id).member("name", line.name).member("group", target::chapter_of(own.clause));
  out.member("clause", own.clause).member("unit", line.unit).member("kind", code_of(own.kind));
  out.member("comparator", sign_of(line.comparator)).key("goal");
  write_figure(out, line.goal, line.unit, quantity::State::Known, basis);
  out.key("now");
  Basis now = basis;
  now.state = state_of(line);
  now.period = line.value ? line.why : "";
  if (!line.value) now.reason = {line.why, {}};
  write_figure(out, line.value, line.unit, quantity::State::Known, now);
  out.key("gap");
  write_figure(out, line.gap, line.unit, quantity::State::Known, {.state = line.gap ? "" : "not_applicable"});
  if (line.share) out.member("share", line.share->to_string());
  if (line.pace) out.member("pace", line.pace->to_string());
  out.member("records", line.records).member("external_records", line.external_records);
  out.member("lamp", lamp_code(line.standing)).member("lead", line.lead).key("participants");
  write_list(out, line.participants);
  out.key("words");
  write_words(
      out, {std::string(target::to_chinese(line.standing)) + (line.why.empty() ? "" : "（" + line.why + "）"),
            {}});
  if (line.standing == target::Standing::Awaits) {
    out.key("awaits");
    write_words(out, {line.why, {}});
  }
  if (!line.same_as.empty()) out.member("same_as", line.same_as);
  const pack::Target* counted = own.same_as.empty() ? &own : pack.target(own.same_as);
  if (counted == nullptr) return;
  if (const Months* months = outlooks.months(*counted)) {
    out.key("recent");
    write_recent(out, *months, line.unit);
  }
  if (const auto outlook = outlooks.of(*counted)) {
    out.key("outlook");
    write_outlook(out, *outlook, line.unit, line.goal);
  }
}

Shape lamp_shape() { return Shape::choice({"ok", "warn", "late", "none", "line"}); }

std::vector<Member> line_members() {
  return {
      {"id", Shape::text(), "P10"},
      {"name", Shape::text(), ""},
      {"group", Shape::text(), "chapter of the plan"},
      {"clause", Shape::text(), ""},
      {"unit", Shape::text(), ""},
      {"kind", Shape::choice({"cumulative", "yearly", "at_date", "every_one", "trend", "threshold"}), ""},
      {"comparator", Shape::choice({">=", "<=", ">", "<"}), ""},
      {"goal", figure_shape(), ""},
      {"now", figure_shape(), ""},
      {"gap", figure_shape(), "in the target's direction; negative when passed"},
      {"share", Shape::decimal(), "done, percent of the goal; of targets that add up", Presence::Optional},
      {"pace", Shape::decimal(), "should be done by now, percent of the goal", Presence::Optional},
      {"records", Shape::count(), "that the figure counts"},
      {"external_records", Shape::count(), "results from before the system among them"},
      {"lamp", lamp_shape(), "line: a threshold, which is nothing to reach"},
      {"lead", Shape::text(), ""},
      {"participants", Shape::list(Shape::text()), ""},
      {"words", words_shape(), ""},
      {"awaits", words_shape(), "", Presence::Optional},
      {"same_as", Shape::text(), "counted once, there", Presence::Optional},
      {"recent", recent_months_shape(), "the last twelve months, of dated records that add up",
       Presence::Optional},
      {"outlook", outlook_shape(), "where it will end; none once its stretch is over", Presence::Optional}};
}

// Figures of the whole district are for whoever may count anything of data as far as it is.
std::optional<Answer> not_counted(const Call& call, const Asked& asked) {
  if (!call.caller.scope.rows(access::Operation::CountRecord, asked.state).is_empty()) return std::nullopt;
  return denied(call, access::Operation::CountRecord, {.state = asked.state});
}

std::vector<target::Line> lines_of(const Edition& edition) {
  return target::judge(*edition.pack, *edition.result, edition.on, &*edition.previous);
}

void write_tally(JsonWriter& out, const target::Tally& tally) {
  out.begin_object().member("late", tally.late).member("line", tally.line).member("none", tally.none);
  out.member("ok", tally.ok);
  out.member("warn", tally.warn).end_object();
}

Answer list(District& district, const Call& call) {
  Asked asked = asked_edition(district, call);
  if (asked.refused) return *asked.refused;
  if (auto no = not_counted(call, asked)) return *no;
  const Edition& edition = *asked.edition;
  const std::vector<target::Line> lines = lines_of(edition);
  const target::Tally tally = target::tally_of(lines);
  Outlooks outlooks(district, edition);
  JsonWriter out;
  out.begin_object().key("sentence");
  write_words(out, target::sentence_of(tally, edition.on));
  const std::string on = edition.on.to_string();
  out.member("as_of", on);
  if (edition.pack->head.valid_to)
    out.member("days_left", std::max<std::int64_t>(
                                0, edition.pack->head.valid_to->days() - district.options().today().days()));
  out.key("counts");
  write_tally(out, tally);
  out.key("targets").begin_array();
  for (const target::Line& line : lines) {
    out.begin_object();
    write_line(out, line, *edition.pack, outlooks);
    out.end_object();
  }
  out.end_array().end_object();
  return tagged(out);
}

void write_group(JsonWriter& out, const target::Group& group, const std::vector<target::Line>& lines) {
  out.begin_object().member("name", group.name).member("all", group.tally.all()).key("counts");
  write_tally(out, group.tally);
  out.key("lagging").begin_array();
  for (const std::size_t at : group.lagging) {
    out.begin_object().member("id", lines[at].id).member("name", lines[at].name);
    if (const auto shortfall = target::shortfall_of(lines[at]))
      out.member("shortfall", shortfall->to_string());
    out.end_object();
  }
  out.end_array().key("told");
  write_words(out, target::sentence_of(group, lines));
  out.end_object();
}

// The whole as it is handed to a meeting: bound to its snapshot, so that the same paper can be made again.
ToldReport told_report(District& district, const Asked& asked) {
  ToldReport out{.edition = district.sealed_edition_of(asked.edition->period->to_string())};
  const Edition& edition = *out.edition;
  out.lines = lines_of(edition);
  out.report = target::report_of(out.lines);
  out.words = target::report_words(out.report, {.plan = edition.pack->head.name,
                                                .document = edition.pack->head.document,
                                                .on = edition.on.to_string(),
                                                .snapshot = edition.snapshot_fingerprint,
                                                .rules = edition.pack->fingerprint,
                                                .change = edition.change.value});
  return out;
}

using Wording = std::pair<const char*, text::Words target::ReportWords::*>;
constexpr Wording kWording[] = {
    {"title", &target::ReportWords::title},       {"basis", &target::ReportWords::basis},
    {"foot", &target::ReportWords::foot},         {"whole", &target::ReportWords::whole},
    {"lagging", &target::ReportWords::lagging},   {"units", &target::ReportWords::units},
    {"silent", &target::ReportWords::silent},     {"none_lags", &target::ReportWords::none_lags},
    {"no_lead", &target::ReportWords::no_lead},   {"chapter", &target::ReportWords::chapter},
    {"all", &target::ReportWords::all},           {"lamp", &target::ReportWords::lamp},
    {"name", &target::ReportWords::name},         {"now", &target::ReportWords::now},
    {"goal", &target::ReportWords::goal},         {"unit", &target::ReportWords::unit},
    {"short_of", &target::ReportWords::short_of}, {"pace", &target::ReportWords::pace},
    {"lead", &target::ReportWords::lead},         {"clause", &target::ReportWords::clause}};

Shape wording_shape() {
  std::vector<Member> members;
  for (const auto& [name, words] : kWording) members.push_back({name, words_shape(), ""});
  return Shape::object("ReportWording", members);
}

Answer report(District& district, const Call& call) {
  Asked asked = asked_edition(district, call);
  if (asked.refused) return *asked.refused;
  const ToldReport whole = told_report(district, asked);
  const auto& [edition, lines, told, wording] = whole;
  Outlooks outlooks(district, *edition);
  JsonWriter out;
  out.begin_object().key("sentence");
  write_words(out, target::sentence_of(told.tally, edition->on));
  out.key("wording").begin_object();
  for (const auto& [name, words] : kWording) {
    out.key(name);
    write_words(out, wording.*words);
  }
  out.end_object();
  const pack::Head& head = edition->pack->head;
  out.member("plan", head.name).member("document", head.document).member("as_of", edition->on.to_string());
  if (head.valid_to)
    out.member("days_left",
               std::max<std::int64_t>(0, head.valid_to->days() - district.options().today().days()));
  out.member("period", edition->period->to_string()).member("snapshot", edition->snapshot_fingerprint);
  out.member("change", edition->change.value).member("rules", edition->pack->fingerprint);
  out.member("mark", edition->mark).key("counts");
  write_tally(out, told.tally);
  out.key("chapters").begin_array();
  for (const target::Group& group : told.chapters) write_group(out, group, lines);
  out.end_array().key("leads").begin_array();
  for (const target::Group& group : told.leads) write_group(out, group, lines);
  out.end_array().key("targets").begin_array();
  for (const std::size_t at : told.order) {
    out.begin_object();
    write_line(out, lines[at], *edition->pack, outlooks);
    if (const auto shortfall = target::shortfall_of(lines[at]))
      out.member("shortfall", shortfall->to_string());
    out.end_object();
  }
  out.end_array().end_object();
  return tagged(out);
}

constexpr const char* kDocx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

Answer report_document(District& district, const Call& call) {
  Asked asked = asked_edition(district, call);
  if (asked.refused) return *asked.refused;
  const ToldReport told = told_report(district, asked);
  const auto language =
      call.query_or("language", "zh") == "en" ? text::Language::English : text::Language::Chinese;
  const document::Paper paper = report_paper(told, language);
  Answer out = download(paper.title + "_" + told.edition->period->to_string() + ".docx", kDocx);
  const auto bytes = std::make_shared<const std::string>(document::to_docx(paper));
  out.stream = [bytes](Sink& sink) { sink.write(*bytes); };
  return out;
}

// 假设再落地这么多: the same target judged with it, and where it would end.
void write_supposed(JsonWriter& out, const Edition& edition, const target::Line& line, quantity::Decimal more,
                    const std::optional<TargetOutlook>& outlook) {
  const auto with = target::supposed(*edition.pack, line, more, edition.on);
  if (!with) return;
  out.key("supposed").begin_object().key("value");
  write_figure(out, with->value, line.unit, quantity::State::Known);
  out.key("gap");
  write_figure(out, with->gap, line.unit, quantity::State::Known);
  if (with->share) out.member("share", with->share->to_string());
  out.member("lamp", lamp_code(with->standing));
  if (outlook && outlook->of.forecast) {
    out.key("low");
    write_figure(out, quantity::add(outlook->of.forecast->low, more), line.unit, quantity::State::Known);
    out.key("high");
    write_figure(out, quantity::add(outlook->of.forecast->high, more), line.unit, quantity::State::Known);
  }
  out.end_object();
}

Answer one(District& district, const Call& call) {
  Asked asked = asked_edition(district, call);
  if (asked.refused) return *asked.refused;
  if (auto no = not_counted(call, asked)) return *no;
  const Edition& edition = *asked.edition;
  const pack::Target* own = edition.pack->target(call.path.at("id"));
  if (own == nullptr) return not_there();
  const pack::Target* counted = own->same_as.empty() ? own : edition.pack->target(own->same_as);
  if (counted == nullptr) counted = own;
  const std::vector<target::Line> lines = lines_of(edition);
  const auto line =
      std::find_if(lines.begin(), lines.end(), [&](const target::Line& each) { return each.id == own->id; });
  Outlooks outlooks(district, edition);
  JsonWriter out;
  out.begin_object();
  write_line(out, *line, *edition.pack, outlooks);
  if (const std::string more = call.query_or("suppose", ""); !more.empty())
    write_supposed(out, edition, *line, *quantity::Decimal::parse(more), outlooks.of(*counted));
  out.member("formula", counted->formula.text)
      .member("where", counted->where.text)
      .member("register", counted->over);
  out.member("goal_formula", own->goal.text)
      .member("source", own->source)
      .member("note", own->note)
      .key("questions");
  write_list(out, own->questions);
  out.key("also");
  write_list(out, own->also);
  out.key("series").begin_array();
  std::vector<std::string> years = district.years();
  std::reverse(years.begin(), years.end());
  for (const std::string& year : years) {
    const auto of_year = district.targets_of(edition, year);
    if (of_year == nullptr) continue;
    const auto value =
        std::find_if(of_year->targets.begin(), of_year->targets.end(),
                     [&](const result::TargetValue& each) { return each.target == counted->id; });
    if (value == of_year->targets.end() || value->cells.empty()) continue;
    out.begin_object().member("period", value->period.to_string()).key("figure");
    write_figure(out, value->cells[0].value, own->unit.name(), value->cells[0].state);
    out.end_object();
  }
  out.end_array();
  if (const Months* months = outlooks.months(*counted)) {
    out.key("months");
    write_months(out, *months, line->unit);
  }
  out.key("by").begin_array();
  const auto value =
      std::find_if(edition.result->targets.begin(), edition.result->targets.end(),
                   [&](const result::TargetValue& each) { return each.target == counted->id; });
  if (value != edition.result->targets.end())
    for (std::size_t i = 1; i < value->cells.size(); ++i) {
      const result::AggregateCell& cell = value->cells[i];
      out.begin_object()
          .member("cut", cell.cut)
          .member("of", cell.of)
          .member("name", edition.naming().town_name(cell.of));
      out.key("figure");
      write_figure(out, cell.value, own->unit.name(), cell.state);
      out.member("records", cell.records).end_object();
    }
  out.end_array().end_object();
  return tagged(out);
}

}  // namespace

std::vector<Route> target_routes(District& district) {
  using access::Operation;
  std::vector<Route> out;
  const Shape counts = Shape::object("LampCounts", {{"ok", Shape::count(), ""},
                                                    {"warn", Shape::count(), ""},
                                                    {"late", Shape::count(), ""},
                                                    {"none", Shape::count(), ""},
                                                    {"line", Shape::count(), "thresholds"}});
  out.push_back(reading(
      "/api/targets", "list_targets",
      Summary("全部目标：现值、进度、条款", "Every target: value, pace, clause"), Operation::CountRecord,
      {period_parameter()},
      Shape::object("Targets", {{"sentence", words_shape(), ""},
                                {"as_of", Shape::date(), ""},
                                {"days_left", Shape::count(), "of the plan", Presence::Optional},
                                {"counts", counts, ""},
                                {"targets", Shape::list(Shape::object("Target", line_members())), ""}}),
      [&](const Call& call) { return list(district, call); }));
  const Member shortfall = {"shortfall", Shape::decimal(), "missing, percent of the goal, one decimal",
                            Presence::Optional};
  const Shape group = Shape::object(
      "ReportGroup",
      {{"name", Shape::text(), "chapter, or lead unit"},
       {"all", Shape::count(), ""},
       {"counts", counts, ""},
       {"lagging",
        Shape::list(Shape::object("LaggingTarget",
                                  {{"id", Shape::text(), ""}, {"name", Shape::text(), ""}, shortfall})),
        "worst first"},
       {"told", words_shape(), "how many it leads, how many lag, and by how much"}});
  std::vector<Member> told = line_members();
  told.push_back(shortfall);
  out.push_back(reading(
      "/api/report", "get_report",
      Summary("通报：全部目标，差的在前，各单位落后几项", "All targets for a meeting, worst first, by unit"),
      Operation::CountRecord, {period_parameter()},
      Shape::object("Report", {{"sentence", words_shape(), ""},
                               {"wording", wording_shape(), "heads and sentences of the paper"},
                               {"plan", Shape::text(), ""},
                               {"document", Shape::text(), "number of the plan"},
                               {"as_of", Shape::date(), ""},
                               {"days_left", Shape::count(), "of the plan", Presence::Optional},
                               {"period", Shape::text(), ""},
                               {"snapshot", Shape::text(), "fingerprint"},
                               {"change", Shape::count(), "the last one in it"},
                               {"rules", Shape::text(), "fingerprint of the pack"},
                               {"mark", Shape::text(), "样例数据"},
                               {"counts", counts, ""},
                               {"chapters", Shape::list(group), "as in the plan"},
                               {"leads", Shape::list(group), "the most that lag first"},
                               {"targets", Shape::list(Shape::object("ReportTarget", told)), "worst first"}}),
      [&](const Call& call) { return report(district, call); }));
  out.push_back({Method::Get,
                 "/api/report/document",
                 "get_report_document",
                 Summary("通报的 .docx，改得了", "The report as a document to edit"),
                 Operation::CountRecord,
                 Repeat::Reads,
                 Runs::OnWorker,
                 {period_parameter(), {"language", Shape::choice({"zh", "en"}), ""}},
                 Input::none(),
                 Output::file(kDocx),
                 [&](const Call& call) { return report_document(district, call); }});
  std::vector<Member> members = line_members();
  for (const char* name : {"formula", "where", "register", "goal_formula", "source", "note"})
    members.push_back({name, Shape::text(100000), ""});
  members.push_back({"supposed",
                     Shape::object("Supposed", {{"value", figure_shape(), ""},
                                                {"gap", figure_shape(), ""},
                                                {"share", Shape::decimal(), "", Presence::Optional},
                                                {"lamp", lamp_shape(), ""},
                                                {"low", figure_shape(), "", Presence::Optional},
                                                {"high", figure_shape(), "", Presence::Optional}}),
                     "of ?suppose=, where the target adds up", Presence::Optional});
  members.push_back({"questions", Shape::list(Shape::text()), ""});
  members.push_back({"also", Shape::list(Shape::text()), "other numbers of this same target"});
  members.push_back({"series",
                     Shape::list(Shape::object(
                         "SeriesFigure", {{"period", Shape::text(), ""}, {"figure", figure_shape(), ""}})),
                     ""});
  members.push_back({"months", Shape::list(month_shape()),
                     "what each brought, of dated records that add up; the oldest first",
                     Presence::Optional});
  members.push_back({"by",
                     Shape::list(Shape::object("CutFigure", {{"cut", Shape::text(), ""},
                                                             {"of", Shape::text(), "code"},
                                                             {"name", Shape::text(), ""},
                                                             {"figure", figure_shape(), ""},
                                                             {"records", Shape::count(), ""}})),
                     "towns, industries"});
  out.push_back(reading(
      "/api/targets/{id}", "get_target",
      Summary("一项目标：算法、各年、镇街", "One target: formula, years, towns"), Operation::CountRecord,
      {in_path("id", "P10", 10),
       period_parameter(),
       {"suppose", Shape::decimal(), "this much more of what adds up"}},
      Shape::object("TargetDetail", members), [&](const Call& call) { return one(district, call); }));
  return out;
}

}  // namespace tenglong::server
