#include <algorithm>
#include <map>

#include "server/api.h"
#include "server/inside/publication.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using text::JsonWriter;

const char* code_of(result::Standing standing) {
  constexpr const char* kCodes[] = {"not_due", "rated", "exempt", "not_rated"};
  return kCodes[static_cast<std::size_t>(standing)];
}

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
  return Shape::object("ResultSummary", {{"run", Shape::text(), "short fingerprint"},
                                         {"fingerprint", Shape::text(), "empty: being worked out"},
                                         {"change", Shape::count(), "the last one in it"},
                                         {"snapshot", Shape::text(), ""},
                                         {"period", Shape::text(), ""},
                                         {"marks", Shape::list(Shape::text()), ""},
                                         {"is_published", Shape::boolean(), ""},
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
  out.end_array().member("is_published", edition.is_published).key("schemes").begin_array();
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

// What a row of a result shows beside its outcome.
struct Named {
  std::string key, name, town, town_name, industry;
};
Named named(const Edition& edition, const std::string& register_id, std::uint32_t row,
            const std::string& key) {
  const view::Naming naming = edition.naming();
  Named out{key, naming.title(register_id, row), naming.town(register_id, row), {}, {}};
  out.town_name = naming.town_name(out.town);
  out.industry = industry_of(edition, register_id, row);
  return out;
}

void write_named(JsonWriter& out, const Named& one) {
  out.member("key", one.key).member("code", one.key).member("name", one.name).member("town", one.town);
  out.member("town_name", one.town_name).member("industry", one.industry);
}

std::vector<Member> named_members() {
  return {{"key", Shape::text(), ""},       {"code", Shape::text(), ""},
          {"name", Shape::text(), ""},      {"town", Shape::text(), "code"},
          {"town_name", Shape::text(), ""}, {"industry", Shape::text(), "name"}};
}

// Whether a row is of ?town= and bears ?q= in its name or key.
class Fit {
 public:
  Fit(const Edition& edition, const Call& call, const std::string& register_id)
      : town_(call.query_or("town", "")),
        q_(call.query_or("q", "")),
        whose_(edition, register_id),
        titles_(edition.naming().titles(register_id)) {
    if (!q_.empty() && titles_.texts != nullptr)
      for (const std::string& each : titles_.texts->dictionary)
        is_named_.push_back(each.find(q_) != std::string::npos);
  }
  bool is_it(std::uint32_t row, const std::string& key) const {
    if (!town_.empty() && whose_.town_code(whose_.town(row)) != town_) return false;
    if (q_.empty() || key.find(q_) != std::string::npos) return true;
    const std::int32_t title = titles_.code(row);
    return title >= 0 && is_named_[static_cast<std::size_t>(title)];
  }

 private:
  std::string town_, q_;
  Whose whose_;
  view::ReachedTexts titles_;
  std::vector<bool> is_named_;
};

std::vector<Parameter> list_parameters(const char* id, std::vector<std::string> sorts) {
  std::vector<Parameter> out{in_path(id, "id"),
                             period_parameter(),
                             page_parameter(),
                             size_parameter(),
                             {"town", Shape::text(20), "code"},
                             {"q", Shape::text(60), "part of the name or the code"},
                             {"sort", Shape::choice(std::move(sorts)), "- before it: falling"}};
  return out;
}

Answer scheme_rows(District& district, const Call& call) {
  Asked asked = asked_edition(district, call);
  if (asked.refused) return *asked.refused;
  const Edition& edition = *asked.edition;
  const pack::Scheme* scheme = edition.pack->scheme(call.path.at("scheme"));
  const result::SchemeResult* ran = scheme == nullptr ? nullptr : edition.result->scheme(scheme->name);
  if (ran == nullptr) return not_there();
  const Seen seen(edition, call.caller, access::Operation::ReadResult, asked.state, scheme->of);
  const Fit fit(edition, call, scheme->of);
  const std::string grade = call.query_or("grade", ""), standing = call.query_or("standing", "");
  const std::string sort = call.query_or("sort", "key");
  std::vector<const result::Outcome*> rows;
  for (const result::Outcome& outcome : ran->outcomes) {
    if (outcome.standing == result::Standing::NotDue || !seen.row(outcome.row)) continue;
    if (!grade.empty() && outcome.grade != grade) continue;
    if (!standing.empty() && standing != code_of(outcome.standing)) continue;
    if (!fit.is_it(outcome.row, outcome.key)) continue;
    rows.push_back(&outcome);
  }
  const bool falls = sort[0] == '-';
  const std::string by = falls ? sort.substr(1) : sort;
  const Cut cut = cut_of(call, rows.size());
  const auto before = [&](const result::Outcome* a, const result::Outcome* b) {
    if (falls) std::swap(a, b);
    if (by == "total") {
      if (!a->total || !b->total) return !a->total && b->total.has_value();
      return *a->total < *b->total;
    }
    if (by == "rank") return a->rank < b->rank;
    if (by == "grade") return a->grade < b->grade;
    return a->key < b->key;
  };
  // Outcomes stand by key, and equal ones keep their order.
  if (by != "key" || falls)
    std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(cut.to), rows.end(),
                      [&](const result::Outcome* a, const result::Outcome* b) {
                        if (before(a, b)) return true;
                        return !before(b, a) && a < b;
                      });
  JsonWriter out;
  out.begin_object().key("rows").begin_array();
  const Basis basis{.period = edition.period->to_string(), .clause = scheme->clause, .mark = ran->mark};
  for (std::size_t i = cut.from; i < cut.to; ++i) {
    const result::Outcome& one = *rows[i];
    out.begin_object();
    write_named(out, named(edition, scheme->of, one.row, one.key));
    out.member("standing", code_of(one.standing)).member("why", one.why).member("grade", one.grade);
    out.member("rank", one.rank).key("total");
    write_figure(out, one.total, "分", one.total ? quantity::State::Known : quantity::State::NotApplicable,
                 basis);
    out.key("items").begin_object();
    for (std::size_t item = 0; item < one.items.size(); ++item) {
      out.key(edition.pack->indicator(scheme->items[item].indicator)->id);
      write_figure(out, one.items[item].score, "分", one.items[item].state);
    }
    out.end_object().end_object();
  }
  out.end_array()
      .member("total", static_cast<std::int64_t>(rows.size()))
      .member("page", call.number_or("page", 1));
  out.member("size", call.number_or("size", 50)).end_object();
  return tagged(out);
}

Answer roster_rows(District& district, const Call& call) {
  Asked asked = asked_edition(district, call);
  if (asked.refused) return *asked.refused;
  const Edition& edition = *asked.edition;
  const pack::Roster* roster = edition.pack->roster(call.path.at("roster"));
  const result::RosterResult* ran = roster == nullptr ? nullptr : edition.result->roster(roster->name);
  if (roster == nullptr) return not_there();
  const Seen seen(edition, call.caller, access::Operation::ReadResult, asked.state, roster->of);
  const Fit fit(edition, call, roster->of);
  const std::string place = call.query_or("place", "listed");
  constexpr const char* kPlaces[] = {"listed", "exempt", "not_listed", "unknown"};
  std::vector<const result::RosterEntry*> rows;
  if (ran != nullptr)
    for (const result::RosterEntry& entry : ran->entries)
      if ((place == "all" || place == kPlaces[static_cast<std::size_t>(entry.place)]) &&
          seen.row(entry.row) && fit.is_it(entry.row, entry.key))
        rows.push_back(&entry);
  const Cut cut = cut_of(call, rows.size());
  // Only the page is made whole: what stands beside each entry is looked up row by row.
  result::RosterResult page;
  if (ran != nullptr) {
    page = {.roster = ran->roster, .id = ran->id, .clause = ran->clause, .mark = ran->mark};
    page.due = ran->due, page.listed = ran->listed, page.exempt = ran->exempt;
    page.not_listed = ran->not_listed, page.unknown = ran->unknown;
    for (std::size_t i = cut.from; i < cut.to; ++i) page.entries.push_back(*rows[i]);
  }
  const roster::Roster shown = ran == nullptr ? roster::Roster{} : view::roster_of(edition.naming(), page);
  std::map<std::string, const roster::Entry*> by_key;
  for (const roster::Entry& entry : shown.entries) by_key[entry.key] = &entry;
  JsonWriter out;
  out.begin_object().member("id", roster->id).member("name", roster->name).member("clause", roster->clause);
  out.member("source", roster->source)
      .member("rule", roster->enters_if.text)
      .member("line", roster->line.text);
  write_roster_counts(out, edition, asked.state, *roster, ran, call.caller);
  out.key("rows").begin_array();
  for (const result::RosterEntry& entry : page.entries) {
    out.begin_object();
    write_named(out, named(edition, roster->of, entry.row, entry.key));
    out.member("place", kPlaces[static_cast<std::size_t>(entry.place)]).member("why", entry.why);
    out.key("shows").begin_array();
    if (const auto found = by_key.find(entry.key); found != by_key.end())
      for (const auto& [name, value] : found->second->shows)
        out.begin_object().member("name", name).member("value", value).end_object();
    out.end_array().end_object();
  }
  out.end_array()
      .member("total", static_cast<std::int64_t>(rows.size()))
      .member("page", call.number_or("page", 1));
  out.member("size", call.number_or("size", 50)).end_object();
  return tagged(out);
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
  std::vector<Parameter> parameters =
      list_parameters("scheme", {"key", "total", "-total", "rank", "-rank", "grade"});
  parameters.push_back({"grade", Shape::text(10), ""});
  parameters.push_back({"standing", Shape::choice({"rated", "exempt", "not_rated"}), ""});
  std::vector<Member> row = named_members();
  row.push_back({"standing", Shape::text(), "rated, exempt, not_rated"});
  row.push_back({"why", Shape::text(), "of exemption"});
  row.push_back({"grade", Shape::text(), ""});
  row.push_back({"rank", Shape::count(), "0: none"});
  row.push_back({"total", figure_shape(), ""});
  row.push_back({"items", Shape::map(figure_shape()), "scores by indicator id"});
  const std::vector<Member> paged = {{"total", Shape::count(), "rows of all pages"},
                                     {"page", Shape::count(), ""},
                                     {"size", Shape::count(), ""}};
  std::vector<Member> list = paged;
  list.push_back({"rows", Shape::list(Shape::object("SchemeRow", row)), ""});
  out.push_back(reading("/api/results/schemes/{scheme}", "list_outcomes",
                        Summary("一个方案的逐家结果", "Outcomes of a scheme"), Operation::ReadResult,
                        parameters, Shape::object("SchemeRows", list),
                        [&](const Call& call) { return scheme_rows(district, call); }));
  parameters = list_parameters("roster", {"key"});
  parameters.push_back(
      {"place", Shape::choice({"listed", "exempt", "not_listed", "unknown", "all"}), "listed if not given"});
  row = named_members();
  row.push_back({"place", Shape::text(), ""});
  row.push_back({"why", Shape::text(), "the rule that put it there"});
  row.push_back(
      {"shows",
       Shape::list(Shape::object("ShownText", {{"name", Shape::text(), ""}, {"value", Shape::text(), ""}})),
       "as the pack asks"});
  list = paged;
  for (const char* name : {"id", "name", "clause", "source", "rule", "line"})
    list.push_back({name, Shape::text(100000), ""});
  for (const char* name : {"due", "listed", "exempt", "not_listed", "unknown"})
    list.push_back({name, Shape::count(), ""});
  list.push_back({"refusals", Shape::list(words_shape()), ""});
  list.push_back({"rows", Shape::list(Shape::object("RosterRow", row)), ""});
  out.push_back(reading("/api/results/rosters/{roster}", "list_roster",
                        Summary("一张清单", "The entries of a list"), Operation::ReadResult, parameters,
                        Shape::object("RosterRows", list),
                        [&](const Call& call) { return roster_rows(district, call); }));
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
