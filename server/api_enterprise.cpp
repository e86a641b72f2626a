#include <algorithm>

#include "engine/explain/explain.h"
#include "server/api.h"
#include "server/inside/enterprise_row.h"
#include "server/inside/record_sight.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using text::JsonWriter;

Shape result_shape() {
  const Shape source = Shape::object("FactSource", {{"name", Shape::text(), ""},
                                                    {"figure", figure_shape(), ""},
                                                    {"file", Shape::text(), "", Presence::Optional},
                                                    {"cell", Shape::text(), "", Presence::Optional},
                                                    {"provider", Shape::text(), "", Presence::Optional}});
  const Shape row = Shape::object(
      "ScoreRow", {{"id", Shape::text(), "of the indicator"},
                   {"label", Shape::text(), ""},
                   {"value", figure_shape(), "of the indicator"},
                   {"base", figure_shape(), "what it is compared with"},
                   {"full", figure_shape(), "weight"},
                   {"score", figure_shape(), "as it enters the total"},
                   {"note", words_shape(), "capped, floored, by the rule for missing", Presence::Optional},
                   {"formula", Shape::text(100000), "FEEL"},
                   {"clause", Shape::text(), ""},
                   {"sources", Shape::list(source), ""}});
  return Shape::object(
      "EnterpriseResult",
      {{"scheme", Shape::text(), "id"},
       {"name", Shape::text(), ""},
       {"clause", Shape::text(), ""},
       {"source", Shape::text(), ""},
       {"mark", Shape::text(), ""},
       {"standing", standing_shape(), ""},
       {"reason", Shape::text(), "why not rated"},
       {"grade", Shape::text(), ""},
       {"grade_name", Shape::text(), ""},
       {"rank", Shape::count(), "0: none"},
       {"of", Shape::count(), "ranked in its group"},
       {"total", figure_shape(), ""},
       {"rows", Shape::list(row), ""},
       {"adjustments",
        Shape::list(
            Shape::object("AdjustmentShown", {{"rule", Shape::text(), ""}, {"points", figure_shape(), ""}})),
        ""},
       {"veto", words_shape(), "", Presence::Optional},
       {"protect", words_shape(), "", Presence::Optional},
       {"cuts",
        Shape::list(
            Shape::object("CutShown", {{"grade", Shape::text(), ""},
                                       {"at", Shape::text(), "percent of ranks, or a test of the total"}})),
        ""},
       {"peers",
        Shape::list(Shape::object(
            "Peer", {{"share", Shape::decimal(), "place between the lowest and the highest, percent"}})),
        "without names"},
       {"own_share", Shape::decimal(), "", Presence::Optional},
       {"peers_low", figure_shape(), "", Presence::Optional},
       {"peers_high", figure_shape(), "", Presence::Optional}});
}

void write_sources(JsonWriter& out, const Edition& edition, const run::RowView& view,
                   const pack::Indicator& indicator) {
  out.key("sources").begin_array();
  for (const run::IndicatorView& one : view.indicators) {
    if (one.indicator != &indicator) continue;
    for (const run::InputView& input : one.inputs) {
      if (input.kind != run::InputView::Kind::Field || input.row < 0) continue;
      const schema::Register* target = edition.pack->schema.find(input.register_id);
      out.begin_object().member("name", input.name).key("figure");
      write_number(out, input.value, target->fields[static_cast<std::size_t>(input.field)].unit.name(),
                   input.state);
      if (const auto source =
              edition.warm->source_of(input.register_id, static_cast<std::size_t>(input.row), input.field)) {
        out.member("file", source->file).member("cell", source->sheet + "!" + source->cell);
        out.member("provider", source->provider);
      }
      out.end_object();
    }
  }
  out.end_array();
}

text::Words note_of(const run::ItemView& item) {
  if (item.by_missing_rule) return {"缺数，按缺项规则给分", "Missing: scored by the rule for missing items"};
  if (item.capped) return {"高于上限，按上限计", "Above the cap: counted at the cap"};
  if (item.floored) return {"低于下限，按下限计", "Below the floor: counted at the floor"};
  return {};
}

// Where each of the group stands between its lowest and highest total: for a strip of ticks, without names.
void write_peers(JsonWriter& out, const result::SchemeResult& ran, const result::Outcome& own,
                 std::int64_t small_count) {
  std::vector<quantity::Decimal> totals;
  for (const result::Outcome& other : ran.outcomes)
    if (other.group == own.group && other.total && other.standing == result::Standing::Rated)
      totals.push_back(*other.total);
  std::sort(totals.begin(), totals.end());
  out.key("peers").begin_array();
  const bool shown = own.total && !totals.empty() && static_cast<std::int64_t>(totals.size()) > small_count;
  const auto place = [&](quantity::Decimal total) -> std::optional<quantity::Decimal> {
    const auto width = quantity::subtract(totals.back(), totals.front());
    const auto from_low = quantity::subtract(total, totals.front());
    const auto hundredfold = from_low ? quantity::multiply(*from_low, 100) : std::nullopt;
    const auto share = width && hundredfold ? quantity::divide(*hundredfold, *width) : std::nullopt;
    return share ? std::optional(share->rounded(1, quantity::RoundingMode::HalfUp)) : std::nullopt;
  };
  constexpr std::size_t kMostTicks = 400;
  const std::size_t step = std::max<std::size_t>(1, totals.size() / kMostTicks);
  for (std::size_t i = 0; shown && i < totals.size(); i += step)
    if (const auto share = place(totals[i]))
      out.begin_object().member("share", share->to_string()).end_object();
  out.end_array();
  if (!shown) return;
  if (const auto share = place(*own.total)) out.member("own_share", share->to_string());
  out.key("peers_low");
  write_figure(out, totals.front(), "分", quantity::State::Known);
  out.key("peers_high");
  write_figure(out, totals.back(), "分", quantity::State::Known);
}

void write_result(JsonWriter& out, const Edition& edition, const run::RowView& view,
                  const run::SchemeView& scheme, std::int64_t small_count) {
  const pack::Scheme& own = *scheme.scheme;
  const result::SchemeResult* ran = edition.result->scheme(own.name);
  const result::Outcome* outcome = ran == nullptr ? nullptr : ran->find(view.key);
  const Basis basis{
      .period = edition.period->to_string(), .clause = own.clause, .mark = ran == nullptr ? "" : ran->mark};
  out.begin_object().member("scheme", own.id).member("name", own.name).member("clause", own.clause);
  out.member("source", own.source).member("mark", basis.mark);
  out.member("standing", code_of(scheme.standing)).member("reason", scheme.why);
  out.member("grade", scheme.grade);
  const schema::Codes* codes = edition.pack->schema.find_codes(own.codes);
  const schema::CodeEntry* entry = codes == nullptr ? nullptr : codes->find(scheme.grade);
  out.member("grade_name", entry == nullptr ? scheme.grade : entry->name);
  out.member("rank", scheme.rank).member("of", scheme.group_size).key("total");
  write_figure(out, scheme.total, "分",
               scheme.total ? quantity::State::Known : quantity::State::NotApplicable, basis);
  out.key("rows").begin_array();
  for (const run::ItemView& item : scheme.items) {
    const pack::Indicator& indicator = *item.indicator;
    out.begin_object().member("id", indicator.id).member("label", indicator.name).key("value");
    write_number(out, item.value, indicator.unit.name(), item.state,
                 {.period = basis.period, .source = indicator.source, .clause = indicator.clause});
    out.key("base");
    write_number(out, item.base, indicator.unit.name(), quantity::State::Known);
    out.key("full");
    write_number(out, item.weight, "分", quantity::State::Known);
    out.key("score");
    write_number(out, item.score, "分", quantity::State::Known);
    if (const text::Words note = note_of(item); !note.empty()) {
      out.key("note");
      write_words(out, note);
    }
    out.member("formula", explain::formula_in_words(*edition.pack, indicator).zh)
        .member("clause", indicator.clause);
    write_sources(out, edition, view, indicator);
    out.end_object();
  }
  out.end_array().key("adjustments").begin_array();
  for (const run::AdjustmentView& one : scheme.adjustments) {
    out.begin_object().member("rule", one.decision.decision->name).key("points");
    write_number(out, one.points, "分", quantity::State::Known);
    out.end_object();
  }
  out.end_array();
  const auto limit = [&](const char* name, const std::optional<run::DecisionView>& decision, const char* zh,
                         const char* en) {
    if (!decision || decision->output.is_null() || decision->matched.empty()) return;
    std::string notes;
    for (const std::size_t rule : decision->matched)
      notes += (notes.empty() ? "" : "、") + decision->decision->rules[rule].note;
    out.key(name);
    write_words(out, {notes + "：" + zh + " " + decision->output.to_text() + " 档",
                      notes + ": " + en + " " + decision->output.to_text()});
  };
  limit("veto", scheme.veto, "最高", "at best");
  limit("protect", scheme.protect, "最低", "at worst");
  out.key("cuts").begin_array();
  for (const pack::Cut& cut : own.cuts)
    out.begin_object()
        .member("grade", cut.grade)
        .member("at", cut.percent ? cut.percent->to_string() + "%" : cut.score_text)
        .end_object();
  out.end_array();
  if (outcome != nullptr)
    write_peers(out, *ran, *outcome, small_count);
  else
    out.key("peers").begin_array().end_array();
  out.end_object();
}

// What a place in a list, or none, rests on: each as the condition saw it, without rounding.
void write_grounds(JsonWriter& out, const pack::Pack& pack, const run::ConditionView& condition) {
  out.key("rests_on").begin_array();
  for (const run::InputView& input : condition.inputs) {
    if (input.kind == run::InputView::Kind::Other) continue;
    out.begin_object().member("name",
                              input.keys.empty() ? input.name : input.name + "（" + input.keys + "）");
    if (input.state == quantity::State::Known && input.value.kind() != feel::Kind::Number)
      out.member("text", text_of(input.value));
    else
      write_number(out.key("figure"), input.value, explain::unit_of(pack, input), input.state);
    out.end_object();
  }
  out.end_array();
}

std::vector<std::string> registers_of_results(const pack::Pack& pack) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& id) {
    if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
  };
  for (const pack::Scheme& scheme : pack.schemes) add(scheme.of);
  for (const pack::Roster& roster : pack.rosters) add(roster.of);
  return out;
}

// The number fields of a row and of the records above it.
void write_facts(JsonWriter& out, const Edition& edition, const store::RecordStates& states,
                 const Caller& caller, std::string register_id, std::size_t row) {
  out.key("facts").begin_array();
  while (true) {
    const schema::Register* target = edition.pack->schema.find(register_id);
    const column::Table* table = edition.snapshot->find(register_id);
    if (target == nullptr || table == nullptr || row >= table->size()) break;
    const RecordSight sight(edition, states, caller, access::Operation::ReadRecord, *target);
    const std::vector<bool> shown = sight.fields(row).shown;
    for (std::size_t i = 0; i < target->fields.size(); ++i) {
      const schema::Field& field = target->fields[i];
      if (!schema::is_number(field.type)) continue;
      Basis basis;
      if (table->period[row]) basis.period = table->period[row]->to_string();
      if (!shown[i]) basis.state = "hidden";
      out.begin_object().member("id", field.id).member("name", field.name).key("figure");
      write_number(out, basis.state.empty() ? column::value_of(*table, i, row) : feel::Value{},
                   field.unit.name(), column::state_of(*table, i, row), basis);
      out.end_object();
    }
    if (target->of.empty() || row >= table->parent_row.size() || table->parent_row[row] < 0) break;
    row = static_cast<std::size_t>(table->parent_row[row]);
    register_id = target->of;
  }
  out.end_array();
}

Answer enterprise(District& district, const Call& call) {
  Asked asked = asked_edition(district, call);
  if (asked.refused) return *asked.refused;
  const Edition& edition = *asked.edition;
  const store::RecordStates states = district.store().lists().states();
  const std::string& key = call.path.at("code");
  JsonWriter out;
  out.begin_object().member("code", key);
  bool is_named = false, is_open = false;
  std::vector<run::RowView> views;
  for (const std::string& register_id : registers_of_results(*edition.pack)) {
    const EnterpriseRow found = enterprise_row(edition, register_id, key);
    if (found.row < 0) continue;
    const auto row = static_cast<std::size_t>(found.row);
    // Who may not read its result yet may still read what was reported of it.
    if (may_see(edition, call.caller, access::Operation::ReadResult, asked.state, register_id, found.row)) {
      is_open = true;
      views.push_back(read_row(edition, register_id, row));
    } else if (!RecordSight(edition, states, call.caller, access::Operation::ReadRecord,
                            *edition.pack->schema.find(register_id))
                    .shows(row)) {
      continue;
    }
    if (is_named) continue;
    is_named = true;
    const view::Naming naming = edition.naming();
    const std::string town = naming.town(register_id, row);
    out.member("name", naming.title(register_id, row)).member("town", town);
    out.member("town_name", naming.town_name(town))
        .member("industry_name", industry_of(edition, register_id, row));
    write_facts(out, edition, states, call.caller, register_id, row);
    out.key("neighbours").begin_object();
    const Seen seen(edition, call.caller, access::Operation::ReadResult, asked.state, register_id);
    const auto neighbour = [&](const char* name, std::int64_t step) {
      for (std::int64_t at = found.row + step; at >= 0 && at < static_cast<std::int64_t>(found.table->size());
           at += step)
        if (found.table->period[static_cast<std::size_t>(at)] == edition.period &&
            seen.row(static_cast<std::size_t>(at))) {
          out.member(name, found.table->key[static_cast<std::size_t>(at)]);
          return;
        }
    };
    neighbour("before", -1);
    neighbour("after", 1);
    out.end_object();
  }
  if (!is_named) return not_there();
  out.member("state", code_of(asked.state)).member("is_open", is_open);
  out.key("results").begin_array();
  for (const run::RowView& view : views)
    for (const run::SchemeView& scheme : view.schemes)
      if (scheme.standing != result::Standing::NotDue)
        write_result(out, edition, view, scheme,
                     call.caller.scope.is_outside() ? district.policy().small_count() : 0);
  out.end_array().key("lists").begin_array();
  for (const run::RowView& view : views)
    for (const run::RosterView& roster : view.rosters) {
      if (!roster.is_due) continue;
      out.begin_object().member("roster", roster.roster->id).member("name", roster.roster->name);
      out.member("clause", roster.roster->clause);
      out.member("listed", roster.place == result::RosterEntry::Place::Listed).key("why");
      write_words(out, {roster.why, {}});
      out.key("line");
      write_value(out, roster.line);
      write_grounds(out, *edition.pack, roster.enters_if);
      out.end_object();
    }
  out.end_array().key("history").begin_array();
  for (const std::string& year : district.years()) {
    const auto of_year = district.edition_of(year);
    if (of_year == nullptr || !of_year->period) continue;
    for (const result::SchemeResult& ran : of_year->result->schemes) {
      const result::Outcome* outcome = ran.find(key);
      const pack::Scheme* scheme = edition.pack->scheme(ran.scheme);
      if (outcome == nullptr || outcome->standing == result::Standing::NotDue || scheme == nullptr ||
          !may_see(*of_year, call.caller, access::Operation::ReadResult, state_of_result(*of_year, states),
                   scheme->of, static_cast<std::int32_t>(outcome->row)))
        continue;
      out.begin_object()
          .member("period", year)
          .member("scheme", ran.id)
          .member("grade", outcome->grade)
          .key("total");
      write_figure(out, outcome->total, "分",
                   outcome->total ? quantity::State::Known : quantity::State::NotApplicable);
      out.member("rank", outcome->rank).end_object();
    }
  }
  out.end_array().end_object();
  return tagged(out);
}

void write_reason(JsonWriter& out, const explain::Reason& reason) {
  out.begin_object().member("label", reason.name).key("text");
  write_words(out, reason.text);
  out.member("value", reason.value).member("unit", reason.unit).member("clause", reason.clause);
  out.member("source", reason.source).key("because").begin_array();
  for (const explain::Reason& one : reason.because) write_reason(out, one);
  out.end_array().end_object();
}

Answer why(District& district, const Call& call) {
  Asked asked = asked_edition(district, call);
  if (asked.refused) return *asked.refused;
  const Edition& edition = *asked.edition;
  const std::string& key = call.path.at("code");
  std::string only;
  for (const char* name : {"indicator", "scheme", "roster"})
    if (std::string asked_name = call.query_or(name, ""); !asked_name.empty()) {
      const pack::Block* block = nullptr;
      if (name[0] == 'i') block = edition.pack->indicator(asked_name);
      if (name[0] == 's') block = edition.pack->scheme(asked_name);
      if (name[0] == 'r') block = edition.pack->roster(asked_name);
      if (block == nullptr) return not_there();
      only = block->name;
    }
  for (const std::string& register_id : registers_of_results(*edition.pack)) {
    const EnterpriseRow found = enterprise_row(edition, register_id, key);
    if (!may_see(edition, call.caller, access::Operation::ExplainResult, asked.state, register_id, found.row))
      continue;
    const auto row = static_cast<std::size_t>(found.row);
    const run::RowView view = read_row(edition, register_id, row);
    const explain::Reason reason =
        explain::explain(*edition.pack, *edition.snapshot, view, edition.naming().title(register_id, row),
                         edition.warm->source_of, only);
    JsonWriter out;
    write_reason(out, reason);
    return tagged(out);
  }
  return not_there();
}

}  // namespace

EnterpriseRow enterprise_row(const Edition& edition, const std::string& register_id, const std::string& key) {
  EnterpriseRow out;
  out.table = edition.snapshot->find(register_id);
  const schema::Register* target = edition.pack->schema.find(register_id);
  if (out.table == nullptr || target == nullptr) return out;
  out.row = out.table->find(key, target->period == schema::PeriodKey::None ? std::nullopt : edition.period);
  return out;
}

bool may_see(const Edition& edition, const Caller& caller, access::Operation operation, access::State state,
             const std::string& register_id, std::int32_t row) {
  return row >= 0 &&
         caller.scope.may(operation, object_of(edition, register_id, static_cast<std::size_t>(row), state))
             .allowed;
}

std::vector<Route> enterprise_routes(District& district) {
  using access::Operation;
  std::vector<Route> out;
  const Shape ground =
      Shape::object("ListGround", {{"name", Shape::text(), ""},
                                   {"figure", figure_shape(), "exact", Presence::Optional},
                                   {"text", Shape::text(), "what is no number", Presence::Optional}});
  const Shape list =
      Shape::object("EnterpriseList", {{"roster", Shape::text(), "id"},
                                       {"name", Shape::text(), ""},
                                       {"clause", Shape::text(), ""},
                                       {"listed", Shape::boolean(), ""},
                                       {"why", words_shape(), "exempt, or not known: why"},
                                       {"line", Shape::text().or_null(), "the line compared with"},
                                       {"rests_on", Shape::list(ground), "of the condition to be in it"}});
  const Shape year = Shape::object("YearResult", {{"period", Shape::text(), ""},
                                                  {"scheme", Shape::text(), "id"},
                                                  {"grade", Shape::text(), ""},
                                                  {"total", figure_shape(), ""},
                                                  {"rank", Shape::count(), ""}});
  const Shape neighbours = Shape::object("Neighbours", {{"before", Shape::text(), "", Presence::Optional},
                                                        {"after", Shape::text(), "", Presence::Optional}});
  const Shape fact = Shape::object(
      "Fact", {{"id", Shape::text(), ""}, {"name", Shape::text(), ""}, {"figure", figure_shape(), ""}});
  out.push_back(
      reading("/api/enterprises/{code}", "get_enterprise", Summary("一家企业", "One enterprise"),
              Operation::ReadResult, {in_path("code", "credit code", 40), period_parameter()},
              Shape::object("Enterprise",
                            {{"code", Shape::text(), ""},
                             {"name", Shape::text(), ""},
                             {"town", Shape::text(), ""},
                             {"town_name", Shape::text(), ""},
                             {"industry_name", Shape::text(), ""},
                             {"facts", Shape::list(fact), ""},
                             {"neighbours", neighbours, ""},
                             {"state", state_shape(), "of the results"},
                             {"is_open", Shape::boolean(),
                              "in this state they may be read by whoever asks; else there are none here"},
                             {"results", Shape::list(result_shape()), ""},
                             {"lists", Shape::list(list), ""},
                             {"history", Shape::list(year), ""}}),
              [&](const Call& call) { return enterprise(district, call); }));
  out.push_back(
      reading("/api/enterprises/{code}/why", "explain_enterprise", Summary("这个结果是怎样得来的", "Why"),
              Operation::ExplainResult,
              {in_path("code", "credit code", 40),
               period_parameter(),
               {"indicator", Shape::text(120), "id or name"},
               {"scheme", Shape::text(120), ""},
               {"roster", Shape::text(120), ""}},
              Shape::object("Explanation", {{"label", Shape::text(100000), ""},
                                            {"text", words_shape(), "one sentence"},
                                            {"value", Shape::text(100000), "exact"},
                                            {"unit", Shape::text(), ""},
                                            {"clause", Shape::text(), ""},
                                            {"source", Shape::text(100000), ""},
                                            {"because", Shape::list(Shape::reference("Explanation")), ""}}),
              [&](const Call& call) { return why(district, call); }));
  return out;
}

}  // namespace tenglong::server
