#include <algorithm>
#include <map>

#include "engine/sheet/writer.h"
#include "server/api.h"
#include "server/inside/files.h"
#include "server/inside/publication.h"
#include "server/inside/ranked.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using text::JsonWriter;

std::vector<std::string> grades_of(const pack::Pack& pack, const pack::Scheme& scheme) {
  std::vector<std::string> out;
  if (const schema::Codes* codes = pack.schema.find_codes(scheme.codes))
    for (const schema::CodeEntry& entry : codes->entries) out.push_back(entry.code);
  return out;
}

std::string name_of_code(const pack::Pack& pack, const std::string& codes_id, const std::string& code) {
  const schema::Codes* codes = pack.schema.find_codes(codes_id);
  const schema::CodeEntry* entry = codes == nullptr ? nullptr : codes->find(code);
  return entry == nullptr ? code : entry->name;
}

// Counts of a scheme over the rows that the caller sees: from the result's own outcomes.
struct Counted {
  std::int64_t due = 0, rated = 0, exempt = 0, not_rated = 0;
  std::map<std::string, std::int64_t> grades = {};
  std::map<std::string, std::map<std::string, std::int64_t>> towns = {};
};

Counted counted(const Edition& edition, const result::SchemeResult& ran, const std::string& register_id,
                const Seen& seen) {
  Counted out;
  const Whose whose(edition, register_id);
  std::vector<std::map<std::string, std::int64_t>> towns(whose.towns());
  for (const result::Outcome& outcome : ran.outcomes) {
    if (outcome.standing == result::Standing::NotDue || !seen.row(outcome.row)) continue;
    ++out.due;
    if (outcome.standing == result::Standing::Exempt) ++out.exempt;
    if (outcome.standing == result::Standing::NotRated) ++out.not_rated;
    if (outcome.standing != result::Standing::Rated) continue;
    ++out.rated;
    ++out.grades[outcome.grade];
    ++towns[whose.town(outcome.row)][outcome.grade];
  }
  for (std::size_t number = 0; number < towns.size(); ++number)
    if (!towns[number].empty()) out.towns[std::string(whose.town_code(number))] = std::move(towns[number]);
  return out;
}

void write_scheme(JsonWriter& out, const Edition& edition, const pack::Scheme& scheme, access::State state,
                  const result::SchemeResult* ran, const Caller& caller, std::int64_t small_count) {
  const pack::Pack& pack = *edition.pack;
  out.begin_object().member("id", scheme.id).member("name", scheme.name).member("clause", scheme.clause);
  out.member("source", scheme.source).member("register", scheme.of);
  out.member("mark", ran == nullptr ? std::string() : ran->mark);
  const Seen seen(edition, caller, access::Operation::ReadResult, state, scheme.of);
  const Counted counts = ran == nullptr ? Counted{} : counted(edition, *ran, scheme.of, seen);
  out.key("balance").begin_object().member("due", counts.due).member("rated", counts.rated);
  out.member("exempt", counts.exempt).member("not_rated", counts.not_rated);
  out.member("holds", ran != nullptr && ran->balance.failures.empty() &&
                          counts.due == counts.rated + counts.exempt + counts.not_rated);
  out.end_object();
  const std::vector<std::string> grades = grades_of(pack, scheme);
  out.key("grades").begin_array();
  for (const std::string& grade : grades) {
    const auto found = counts.grades.find(grade);
    const std::int64_t count = found == counts.grades.end() ? 0 : found->second;
    out.begin_object().member("grade", grade).member("name", name_of_code(pack, scheme.codes, grade));
    out.member("count", count).key("share");
    write_figure(out, quantity::Decimal::parse(view::percent_text(count, counts.rated)), "%",
                 counts.rated > 0 ? quantity::State::Known : quantity::State::NotApplicable);
    out.end_object();
  }
  out.end_array().key("by_town").begin_array();
  // Small counts are hidden from outsiders, and nothing that would tell them.
  std::vector<std::vector<std::int64_t>> table;
  for (const auto& [town, of_town] : counts.towns) {
    auto& row = table.emplace_back();
    for (const std::string& grade : grades) {
      const auto found = of_town.find(grade);
      row.push_back(found == of_town.end() ? 0 : found->second);
    }
  }
  const auto shown = access::suppressed(table, caller.scope.is_outside() ? small_count : 0);
  std::size_t at = 0;
  for (const auto& [town, of_town] : counts.towns) {
    out.begin_object().member("town", town).member("name", edition.naming().town_name(town)).key("counts");
    out.begin_object();
    for (std::size_t g = 0; g < grades.size(); ++g)
      if (shown[at][g]) out.member(grades[g], *shown[at][g]);
    out.end_object().end_object();
    ++at;
  }
  out.end_array().key("distribution").begin_array();
  if (const pack::Simulation* simulation = pack.simulation_of(scheme.of);
      simulation != nullptr && ran != nullptr && !simulation->bins.empty()) {
    const auto& edges = simulation->bins;
    std::vector<std::int64_t> bins(edges.size() + 1);
    for (const result::Outcome& outcome : ran->outcomes)
      if (outcome.standing == result::Standing::Rated && outcome.total && seen.row(outcome.row))
        ++bins[static_cast<std::size_t>(std::upper_bound(edges.begin(), edges.end(), *outcome.total) -
                                        edges.begin())];
    for (std::size_t i = 0; i < bins.size(); ++i) {
      out.begin_object();
      if (i > 0) out.member("from", edges[i - 1].to_string());
      if (i < edges.size()) out.member("to", edges[i].to_string());
      out.member("count", bins[i]).end_object();
    }
  }
  out.end_array().key("refusals").begin_array();
  for (const result::Refusal& refusal : edition.result->refusals)
    if (refusal.kind == "scheme" && refusal.name == scheme.name)
      for (const std::string& gap : refusal.gaps) write_words(out, {"还缺：" + gap, "Still missing: " + gap});
  out.end_array().end_object();
}

Shape summary_shape() {
  const Shape balance = Shape::object("Balance", {{"due", Shape::count(), "应评"},
                                                  {"rated", Shape::count(), "参评"},
                                                  {"exempt", Shape::count(), "免评"},
                                                  {"not_rated", Shape::count(), "不评"},
                                                  {"holds", Shape::boolean(), "every equation holds"}});
  const Shape grade = Shape::object("GradeCount", {{"grade", Shape::text(), ""},
                                                   {"name", Shape::text(), ""},
                                                   {"count", Shape::count(), ""},
                                                   {"share", figure_shape(), "of the rated"}});
  const Shape town = Shape::object(
      "TownGrades", {{"town", Shape::text(), ""},
                     {"name", Shape::text(), ""},
                     {"counts", Shape::map(Shape::count()), "by grade; absent: hidden as too small"}});
  const Shape bin = Shape::object("Bin", {{"from", Shape::decimal(), "", Presence::Optional},
                                          {"to", Shape::decimal(), "", Presence::Optional},
                                          {"count", Shape::count(), ""}});
  const Shape scheme = Shape::object("SchemeSummary", {{"id", Shape::text(), ""},
                                                       {"name", Shape::text(), ""},
                                                       {"clause", Shape::text(), ""},
                                                       {"source", Shape::text(), ""},
                                                       {"register", Shape::text(), ""},
                                                       {"mark", Shape::text(), ""},
                                                       {"balance", balance, ""},
                                                       {"grades", Shape::list(grade), "best first"},
                                                       {"by_town", Shape::list(town), ""},
                                                       {"distribution", Shape::list(bin), "of totals"},
                                                       {"refusals", Shape::list(words_shape()), ""}});
  const Shape roster = Shape::object("RosterSummary", {{"id", Shape::text(), ""},
                                                       {"name", Shape::text(), ""},
                                                       {"clause", Shape::text(), ""},
                                                       {"mark", Shape::text(), ""},
                                                       {"due", Shape::count(), "应查"},
                                                       {"listed", Shape::count(), "入列"},
                                                       {"exempt", Shape::count(), "免列"},
                                                       {"not_listed", Shape::count(), ""},
                                                       {"unknown", Shape::count(), "for want of data"},
                                                       {"refusals", Shape::list(words_shape()), ""}});
  return Shape::object(
      "ResultSummary",
      {{"run", Shape::text(), "short fingerprint"},
       {"fingerprint", Shape::text(), "empty: being worked out"},
       {"change", Shape::count(), "the last one in it"},
       {"snapshot", Shape::text(), ""},
       {"period", Shape::text(), ""},
       {"marks", Shape::list(Shape::text()), ""},
       {"is_published", Shape::boolean(), ""},
       {"state", state_shape(), ""},
       {"is_open", Shape::boolean(), "in this state they may be read by whoever asks; else all counts are 0"},
       {"may_publish", Shape::boolean(), ""},
       {"schemes", Shape::list(scheme), ""},
       {"rosters", Shape::list(roster), ""}});
}

void write_roster_counts(JsonWriter& out, const Edition& edition, access::State state,
                         const pack::Roster& roster, const result::RosterResult* ran, const Caller& caller) {
  const Seen seen(edition, caller, access::Operation::ReadResult, state, roster.of);
  std::int64_t counts[4] = {};
  std::int64_t due = 0;
  if (ran != nullptr)
    for (const result::RosterEntry& entry : ran->entries)
      if (seen.row(entry.row)) ++due, ++counts[static_cast<std::size_t>(entry.place)];
  out.member("due", due).member("listed", counts[0]).member("exempt", counts[1]);
  out.member("not_listed", counts[2]).member("unknown", counts[3]).key("refusals").begin_array();
  for (const result::Refusal& refusal : edition.result->refusals)
    if (refusal.kind == "roster" && refusal.name == roster.name)
      for (const std::string& gap : refusal.gaps) write_words(out, {"还缺：" + gap, "Still missing: " + gap});
  out.end_array();
}

Answer summary(District& district, const Call& call) {
  Asked asked = asked_edition(district, call);
  if (asked.refused) return *asked.refused;
  const Edition& edition = *asked.edition;
  JsonWriter out;
  const std::string& fingerprint = edition.fingerprint;
  out.begin_object().member("run", fingerprint.substr(0, 12)).member("fingerprint", fingerprint);
  out.member("change", edition.change.value);
  out.member("snapshot", edition.snapshot_fingerprint).member("period", edition.period->to_string());
  out.key("marks").begin_array();
  if (!edition.mark.empty()) out.string(edition.mark);
  out.end_array().member("is_published", edition.is_published);
  out.member("state", code_of(asked.state));
  out.member("is_open", !call.caller.scope.rows(access::Operation::ReadResult, asked.state).is_empty());
  out.member("may_publish",
             call.caller.scope.may(access::Operation::PublishResult, {.state = asked.state}).allowed);
  out.key("schemes").begin_array();
  for (const pack::Scheme& scheme : edition.pack->schemes)
    write_scheme(out, edition, scheme, asked.state, edition.result->scheme(scheme.name), call.caller,
                 district.policy().small_count());
  out.end_array().key("rosters").begin_array();
  for (const pack::Roster& roster : edition.pack->rosters) {
    const result::RosterResult* ran = edition.result->roster(roster.name);
    out.begin_object().member("id", roster.id).member("name", roster.name).member("clause", roster.clause);
    out.member("mark", ran == nullptr ? std::string() : ran->mark);
    write_roster_counts(out, edition, asked.state, roster, ran, call.caller);
    out.end_object();
  }
  out.end_array().end_object();
  return tagged(out);
}

void write_named(JsonWriter& out, const Ranked& ranked, const RankedRow& row) {
  const std::string town = ranked.town(row.row);
  out.member("key", *row.key).member("code", *row.key).member("name", ranked.title(row.row));
  out.member("town", town).member("town_name", ranked.edition->naming().town_name(town));
  out.member("industry", ranked.industry(row.row));
}

std::vector<Member> named_members() {
  return {{"key", Shape::text(), ""},       {"code", Shape::text(), ""},
          {"name", Shape::text(), ""},      {"town", Shape::text(), "code"},
          {"town_name", Shape::text(), ""}, {"industry", Shape::text(), "name"}};
}

void write_ranked_cells(JsonWriter& out, const Ranked& ranked, const RankedRow& row) {
  const Basis basis{
      .period = ranked.edition->period->to_string(), .clause = ranked.block().clause, .mark = ranked.mark};
  const auto view = ranked.view_of(row);
  out.key("cells").begin_object();
  for (const std::size_t at : ranked.chosen) {
    const RankedColumn& column = ranked.columns[at];
    const RankedCell cell = ranked.cell(row, column, view);
    out.key(column.id).begin_object().key("text");
    write_words(out, cell.text);
    if (column.is_number) {
      out.key("figure");
      write_figure(out, cell.number, column.unit, cell.state, basis);
    }
    out.end_object();
  }
  out.end_object();
}

void write_choices(JsonWriter& out, const char* name, const std::vector<RankedChoice>& choices) {
  out.key(name).begin_array();
  for (const RankedChoice& one : choices)
    out.begin_object().member("code", one.code).member("name", one.name).end_object();
  out.end_array();
}

// What is common to a ranking and a 清单: columns, what can be chosen by, how many.
void write_ranked_frame(JsonWriter& out, const Ranked& ranked, const Call& call,
                        const text::Words& sentence) {
  out.key("sentence");
  write_words(out, sentence);
  const pack::Block& block = ranked.block();
  out.member("name", block.name).member("clause", block.clause).member("source", block.source);
  out.member("mark", ranked.mark);
  out.member("register", ranked.register_id).key("columns").begin_array();
  for (std::size_t i = 0; i < ranked.columns.size(); ++i) {
    const RankedColumn& column = ranked.columns[i];
    out.begin_object().member("id", column.id).key("name");
    write_words(out, column.name);
    if (!column.unit.empty()) out.member("unit", column.unit);
    out.member("kind", column.what == RankedColumn::What::Grade ? "grade"
                       : column.is_number                       ? "number"
                                                                : "text");
    out.member("is_sortable", ranked.is_sortable(column)).member("is_usual", column.is_usual);
    out.member("is_chosen", std::find(ranked.chosen.begin(), ranked.chosen.end(), i) != ranked.chosen.end());
    out.end_object();
  }
  out.end_array();
  write_choices(out, "grades", ranked.grades);
  write_choices(out, "towns", ranked.towns);
  write_choices(out, "industries", ranked.industries);
  out.member("total", static_cast<std::int64_t>(ranked.rows.size()))
      .member("page", call.number_or("page", 1))
      .member("size", call.number_or("size", 50));
}

std::vector<Member> frame_members() {
  const Shape column =
      Shape::object("RankedColumn", {{"id", Shape::text(), ""},
                                     {"name", words_shape(), ""},
                                     {"unit", Shape::text(), "", Presence::Optional},
                                     {"kind", Shape::choice({"text", "number", "grade"}), ""},
                                     {"is_sortable", Shape::boolean(), ""},
                                     {"is_usual", Shape::boolean(), "shown if none are asked for"},
                                     {"is_chosen", Shape::boolean(), "the cells have it"}});
  const Shape choice =
      Shape::object("RankedChoice", {{"code", Shape::text(), ""}, {"name", Shape::text(), ""}});
  return {{"sentence", words_shape(), "to be read out: how many, by grade"},
          {"name", Shape::text(), ""},
          {"clause", Shape::text(), ""},
          {"source", Shape::text(100000), ""},
          {"mark", Shape::text(), "样例参数 and the like"},
          {"register", Shape::text(), "whose records the rows are"},
          {"columns", Shape::list(column), "all of them"},
          {"grades", Shape::list(choice), "as the pack orders them"},
          {"towns", Shape::list(choice), "of the rows that the caller sees"},
          {"industries", Shape::list(choice), ""},
          {"total", Shape::count(), "rows of all pages"},
          {"page", Shape::count(), ""},
          {"size", Shape::count(), ""}};
}

Member cells_member() {
  return {
      "cells",
      Shape::map(Shape::object("RankedCell", {{"text", words_shape(), ""},
                                              {"figure", figure_shape(), "of numbers", Presence::Optional}})),
      "by column"};
}

std::vector<Parameter> list_parameters(const char* id, RankedKind kind) {
  std::vector<Parameter> out{in_path(id, "id"), period_parameter(), page_parameter(), size_parameter()};
  for (Parameter& one : ranked_parameters(kind)) out.push_back(std::move(one));
  return out;
}

// How many are shown, and of which grades.
text::Words grades_in_words(const Ranked& ranked) {
  std::map<std::string, std::int64_t> counts;
  for (const RankedRow& row : ranked.rows) ++counts[row.outcome->grade];
  const std::string period = ranked.edition->period->to_string(), n = std::to_string(ranked.rows.size());
  std::string zh = period + " 年，共 " + n + " 家", en = period + ": " + n + " enterprises";
  const char* zh_link = "：";
  const char* en_link = ": ";
  for (const RankedChoice& grade : ranked.grades) {
    const std::string count = std::to_string(counts[grade.code]);
    zh += zh_link + grade.code + " 档 " + count + " 家";
    en += en_link + grade.code + " " + count;
    zh_link = "，", en_link = ", ";
  }
  if (counts[""] > 0) {
    const std::string count = std::to_string(counts[""]);
    zh += zh_link + std::string("没有等级 ") + count + " 家";
    en += en_link + std::string("no grade ") + count;
  }
  return {zh + "。", en + "."};
}

Answer refused_question(const diagnostic::Diagnostics& told) {
  return problem(400, {"筛选或排序里有要改的。", "The filter or the order is to be mended."}, told);
}

Answer scheme_rows(District& district, const Call& call) {
  Asked asked = asked_edition(district, call);
  if (asked.refused) return *asked.refused;
  const Edition& edition = *asked.edition;
  std::optional<Ranked> ranked = Ranked::find(edition, asked.state, call, access::Operation::ReadResult,
                                              RankedKind::Scheme, call.path.at("scheme"));
  if (!ranked || ranked->outcomes == nullptr) return not_there();
  if (!ranked->told.empty()) return refused_question(ranked->told);
  const Cut cut = cut_of(call, ranked->rows.size());
  ranked->put_first(cut.to);
  JsonWriter out;
  out.begin_object().key("rows").begin_array();
  const Basis basis{
      .period = edition.period->to_string(), .clause = ranked->block().clause, .mark = ranked->mark};
  for (std::size_t i = cut.from; i < cut.to; ++i) {
    const result::Outcome& one = *ranked->rows[i].outcome;
    out.begin_object();
    write_named(out, *ranked, ranked->rows[i]);
    out.member("standing", code_of(one.standing)).member("why", one.why).member("grade", one.grade);
    out.member("rank", one.rank).key("total");
    write_figure(out, one.total, "分", one.total ? quantity::State::Known : quantity::State::NotApplicable,
                 basis);
    out.key("items").begin_object();
    for (std::size_t item = 0; item < one.items.size(); ++item) {
      out.key(edition.pack->indicator(ranked->scheme->items[item].indicator)->id);
      write_figure(out, one.items[item].score, "分", one.items[item].state);
    }
    out.end_object();
    write_ranked_cells(out, *ranked, ranked->rows[i]);
    out.end_object();
  }
  out.end_array();
  write_ranked_frame(out, *ranked, call, grades_in_words(*ranked));
  out.end_object();
  return tagged(out);
}

text::Words places_in_words(const Ranked& ranked, const Seen& seen) {
  std::int64_t counts[4] = {}, due = 0;
  if (ranked.entries != nullptr)
    for (const result::RosterEntry& entry : ranked.entries->entries)
      if (seen.row(entry.row)) ++due, ++counts[static_cast<std::size_t>(entry.place)];
  const std::string period = ranked.edition->period->to_string();
  const auto n = [](std::int64_t count) { return std::to_string(count); };
  return {period + " 年，应查 " + n(due) + " 家：入列 " + n(counts[0]) + "，免列 " + n(counts[1]) +
              "，不入列 " + n(counts[2]) + "，待核 " + n(counts[3]) + "。",
          period + ": " + n(due) + " due, " + n(counts[0]) + " listed, " + n(counts[1]) + " exempt, " +
              n(counts[2]) + " not listed, " + n(counts[3]) + " to be checked."};
}

Answer roster_rows(District& district, const Call& call) {
  Asked asked = asked_edition(district, call);
  if (asked.refused) return *asked.refused;
  const Edition& edition = *asked.edition;
  std::optional<Ranked> ranked = Ranked::find(edition, asked.state, call, access::Operation::ReadResult,
                                              RankedKind::Roster, call.path.at("roster"));
  if (!ranked) return not_there();
  if (!ranked->told.empty()) return refused_question(ranked->told);
  const pack::Roster& roster = *ranked->roster;
  constexpr const char* kPlaces[] = {"listed", "exempt", "not_listed", "unknown"};
  const Cut cut = cut_of(call, ranked->rows.size());
  ranked->put_first(cut.to);
  JsonWriter out;
  out.begin_object().member("id", roster.id);
  out.member("rule", roster.enters_if.text).member("line", roster.line.text);
  write_roster_counts(out, edition, asked.state, roster, ranked->entries, call.caller);
  out.key("rows").begin_array();
  for (std::size_t i = cut.from; i < cut.to; ++i) {
    const RankedRow& row = ranked->rows[i];
    out.begin_object();
    write_named(out, *ranked, row);
    out.member("place", kPlaces[static_cast<std::size_t>(row.entry->place)]).member("why", row.entry->why);
    write_ranked_cells(out, *ranked, row);
    out.end_object();
  }
  out.end_array();
  write_ranked_frame(out, *ranked, call,
                     places_in_words(*ranked, Seen(edition, call.caller, access::Operation::ReadResult,
                                                   asked.state, ranked->register_id)));
  out.end_object();
  return tagged(out);
}

// Exactly what the list shows, in its order; in it only rows that the caller may export.
Answer ranked_file(District& district, const Call& call, RankedKind kind, const std::string& id) {
  Asked asked = asked_edition(district, call);
  if (asked.refused) return *asked.refused;
  const Edition& edition = *asked.edition;
  std::optional<Ranked> ranked =
      Ranked::find(edition, asked.state, call, access::Operation::ReadResult, kind, id);
  if (!ranked || (kind == RankedKind::Scheme && ranked->outcomes == nullptr)) return not_there();
  if (!ranked->told.empty()) return refused_question(ranked->told);
  const Seen may_export(edition, call.caller, access::Operation::ExportRecord, asked.state,
                        ranked->register_id);
  std::erase_if(ranked->rows, [&](const RankedRow& row) { return !may_export.row(row.row); });
  ranked->put_first(ranked->rows.size());
  const std::string period = edition.period->to_string();
  sheet::OutSheet sheet{
      .name = ranked->block().name,
      .title = ranked->block().name + "，" + period + " 年",
      .mark = edition.mark,
      .lines = {"条款 " + ranked->block().clause + "；共 " + std::to_string(ranked->rows.size()) + " 家"}};
  for (const std::size_t at : ranked->chosen) {
    const RankedColumn& column = ranked->columns[at];
    sheet.columns.push_back(
        {.header = {column.unit.empty() ? column.name.zh : column.name.zh + "（" + column.unit + "）"},
         .number_format = column.is_number ? std::string() : std::string("@")});
  }
  const auto cells_of = [&](const RankedRow& row) {
    std::vector<sheet::OutCell> out;
    const auto view = ranked->view_of(row);
    for (const std::size_t at : ranked->chosen) {
      const RankedCell cell = ranked->cell(row, ranked->columns[at], view);
      out.push_back(cell.number ? sheet::OutCell::of_number(cell.number->to_string())
                                : sheet::OutCell::of_text(cell.text.zh));
    }
    return out;
  };
  const bool is_csv = call.query_or("format", "xlsx") == "csv";
  Answer out = download(ranked->block().name + "_" + period + (is_csv ? ".csv" : ".xlsx"),
                        is_csv ? "text/csv; charset=utf-8"
                               : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  if (is_csv) {
    sheet::CsvWriter writer(sheet.columns);
    for (const RankedRow& row : ranked->rows) writer.row(cells_of(row));
    out.body = writer.finish();
  } else {
    sheet::WorkbookWriter writer;
    writer.begin_sheet(sheet);
    for (const RankedRow& row : ranked->rows) writer.row(cells_of(row));
    out.body = writer.finish();
  }
  return out;
}

Route ranked_file_route(District& district, const char* path, const char* id, Summary summary,
                        const char* parameter, RankedKind kind) {
  std::vector<Parameter> parameters{in_path(parameter, "id"), period_parameter()};
  for (Parameter& one : ranked_parameters(kind)) parameters.push_back(std::move(one));
  parameters.push_back({"format", Shape::choice({"xlsx", "csv"}), ""});
  return {Method::Get,
          path,
          id,
          std::move(summary),
          access::Operation::ExportRecord,
          Repeat::Reads,
          Runs::OnWorker,
          std::move(parameters),
          Input::none(),
          Output::file("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
          [&district, parameter, kind](const Call& call) {
            return ranked_file(district, call, kind, call.path.at(parameter));
          }};
}

// 公布: the balance gate first; what is published is this result and no other.
Answer publish(District& district, const Call& call) {
  const auto edition = district.sealed_edition_of(call.body.text_of("period"));
  if (edition == nullptr || !edition->period) return not_there();
  const access::Answer may =
      call.caller.scope.may(access::Operation::PublishResult,
                            {.state = state_of_result(*edition, district.store().lists().states())});
  if (!may.allowed) return problem(403, "E-SERVER-302", call.caller.scope.refusal(may));
  diagnostic::Diagnostics told;
  if (call.body.text_of("fingerprint") != edition->fingerprint)
    told.push_back({.code = "E-SERVER-404",
                    .place = {.file = "body", .cell = "/fingerprint"},
                    .message = {"要公布的不是现在的结果，数据已经变了。",
                                "The data has changed: this is not the present result."},
                    .advice = {"看过现在的结果再公布。", "Look at the present result first."}});
  for (diagnostic::Diagnostic& one : balance_gate(*edition->result)) told.push_back(std::move(one));
  if (!told.empty()) return problem(409, {"不能公布。", "It cannot be published."}, told);
  const auto store =
      district.store().as(author_of(call), access::Scope::whole_district(call.caller.account.id));
  store->set(published_setting(edition->period->to_string()), edition->fingerprint);
  district.renew_state();
  JsonWriter out;
  out.begin_object().member("period", edition->period->to_string());
  out.member("fingerprint", edition->fingerprint).end_object();
  return {.status = 201, .body = out.take()};
}

}  // namespace

diagnostic::Diagnostics balance_gate(const result::Result& result) {
  diagnostic::Diagnostics told;
  for (const result::SchemeResult& scheme : result.schemes)
    for (const std::string& failure : scheme.balance.failures)
      told.push_back({.code = "E-SERVER-406",
                      .place = {.file = "body", .cell = "/period"},
                      .clause = scheme.clause,
                      .message = {scheme.scheme + " 没有对平：" + failure,
                                  scheme.scheme + " does not balance: " + failure},
                      .advice = {"对平以后才能公布。", "It must balance before it is published."}});
  return told;
}

std::vector<Route> result_routes(District& district) {
  using access::Operation;
  std::vector<Route> out;
  out.push_back(reading("/api/results", "get_results",
                        Summary("评价结果汇总与对平", "Results and their balance"), Operation::ReadResult,
                        {period_parameter()}, summary_shape(),
                        [&](const Call& call) { return summary(district, call); }));
  std::vector<Member> row = named_members();
  row.push_back({"standing", Shape::text(), "rated, exempt, not_rated"});
  row.push_back({"why", Shape::text(), "of exemption"});
  row.push_back({"grade", Shape::text(), ""});
  row.push_back({"rank", Shape::count(), "0: none"});
  row.push_back({"total", figure_shape(), ""});
  row.push_back({"items", Shape::map(figure_shape()), "scores by indicator id"});
  row.push_back(cells_member());
  std::vector<Member> list = frame_members();
  list.push_back({"rows", Shape::list(Shape::object("SchemeRow", row)), "by rank if no order is asked for"});
  out.push_back(reading("/api/results/schemes/{scheme}", "list_outcomes",
                        Summary("一个方案的逐家结果", "Outcomes of a scheme"), Operation::ReadResult,
                        list_parameters("scheme", RankedKind::Scheme), Shape::object("SchemeRows", list),
                        [&](const Call& call) { return scheme_rows(district, call); }));
  out.push_back(ranked_file_route(district, "/api/results/schemes/{scheme}/export", "export_outcomes",
                                  Summary("导出名次表", "The ranking as a file"), "scheme",
                                  RankedKind::Scheme));
  row = named_members();
  row.push_back({"place", Shape::text(), ""});
  row.push_back({"why", Shape::text(), "the rule that put it there"});
  row.push_back(cells_member());
  list = frame_members();
  for (const char* name : {"id", "rule", "line"}) list.push_back({name, Shape::text(100000), ""});
  for (const char* name : {"due", "listed", "exempt", "not_listed", "unknown"})
    list.push_back({name, Shape::count(), ""});
  list.push_back({"refusals", Shape::list(words_shape()), ""});
  list.push_back({"rows", Shape::list(Shape::object("RosterRow", row)), "by code if no order is asked for"});
  out.push_back(reading("/api/results/rosters/{roster}", "list_roster",
                        Summary("一张清单", "The entries of a list"), Operation::ReadResult,
                        list_parameters("roster", RankedKind::Roster), Shape::object("RosterRows", list),
                        [&](const Call& call) { return roster_rows(district, call); }));
  out.push_back(ranked_file_route(district, "/api/results/rosters/{roster}/export", "export_roster",
                                  Summary("导出清单", "The list as a file"), "roster", RankedKind::Roster));
  out.push_back(
      {Method::Post,
       "/api/results/publication",
       "publish_result",
       Summary("公布结果", "Publish a result"),
       Operation::PublishResult,
       Repeat::Keyed,
       Runs::OnWorker,
       {},
       Input::of(Shape::object("PublicationRequest",
                               {{"period", Shape::text(30, 1), ""},
                                {"fingerprint", Shape::text(64, 64), "of the result that was looked at"}})),
       Output::json(
           Shape::object("Publication", {{"period", Shape::text(), ""}, {"fingerprint", Shape::text(), ""}}),
           201),
       [&](const Call& call) { return publish(district, call); }});
  return out;
}

}  // namespace tenglong::server
