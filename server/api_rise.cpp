// 升档测算: what would lift an enterprise a grade, and what a change of its own figures would come to.
#include <algorithm>

#include "engine/run/row.h"
#include "engine/simulate/dependents.h"
#include "engine/simulate/rise.h"
#include "server/api.h"
#include "server/inside/enterprise_row.h"
#include "server/inside/figures.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using quantity::Decimal;
using text::JsonWriter;

void write_rise(JsonWriter& out, const simulate::Rise& rise) {
  out.begin_object()
      .member("possible", rise.possible)
      .member("grade", rise.grade)
      .key("changes")
      .begin_array();
  for (const simulate::RiseStep& step : rise.steps) {
    out.begin_object().member("field", step.field).key("from");
    write_figure(out, step.from, step.unit, quantity::State::Known);
    out.key("to");
    write_figure(out, step.to, step.unit, quantity::State::Known);
    out.end_object();
  }
  out.end_array().key("total");
  write_figure(out, rise.total, "分", rise.total ? quantity::State::Known : quantity::State::NotApplicable);
  out.member("rank", rise.rank)
      .member("verified", rise.verified)
      .member("step_before_fails", rise.step_before_fails);
  if (rise.cost) out.member("cost", rise.cost->to_string());
  out.key("words");
  write_words(out, rise.why);
  out.end_object();
}

// The scheme asked for, or the first, that is to rate the enterprise of the address; null: none that the
// caller may ask about.
struct DueUnder {
  const pack::Scheme* scheme = nullptr;
  EnterpriseRow found = {};
};
DueUnder due_under(const Edition& edition, access::State state, const Call& call) {
  const std::string& key = call.path.at("code");
  const std::string wanted = call.query_or("scheme", "");
  for (const pack::Scheme& scheme : edition.pack->schemes) {
    if (!wanted.empty() && scheme.id != wanted && scheme.name != wanted) continue;
    const EnterpriseRow found = enterprise_row(edition, scheme.of, key);
    const result::SchemeResult* ran = edition.result->scheme(scheme.name);
    const result::Outcome* outcome = ran == nullptr ? nullptr : ran->find(key);
    if (outcome != nullptr && outcome->standing != result::Standing::NotDue &&
        may_see(edition, call.caller, access::Operation::ExplainResult, state, scheme.of, found.row))
      return {&scheme, found};
  }
  return {};
}

Answer way_up(District& district, const Call& call) {
  Asked asked = asked_edition(district, call);
  if (asked.refused) return *asked.refused;
  const Edition& edition = *asked.edition;
  const DueUnder due = due_under(edition, asked.state, call);
  if (due.scheme == nullptr) return not_there();
  const pack::Scheme& scheme = *due.scheme;
  const EnterpriseRow& found = due.found;
  const auto declared = [&](const char* name) {
    const std::string all = call.query_or(name, "");
    std::vector<std::string> out;
    for (const std::string_view each : text::split(all, ';'))
      if (!each.empty()) out.emplace_back(each);
    return out;
  };
  const simulate::ReadTerms terms =
      simulate::read_terms({declared("cost"), declared("min"), declared("max")}, *edition.pack, scheme);
  if (!terms.diagnostics.empty()) return refused_set(terms.diagnostics);
  simulate::RiseReport report;
  {
    const std::lock_guard lock(edition.warm->mutex);
    report =
        simulate::rise(warm_simulation(edition), scheme, static_cast<std::uint32_t>(found.row), terms.levers);
  }
  JsonWriter out;
  out.begin_object()
      .member("scheme", scheme.id)
      .member("grade", report.grade)
      .member("by_rank", report.by_rank);
  out.key("words").begin_array();
  for (const text::Words& words : report.words) write_words(out, words);
  out.end_array().key("steps").begin_array();
  for (const simulate::Rise& one : report.singles) write_rise(out, one);
  out.end_array();
  if (report.cheapest) {
    out.key("cheapest");
    write_rise(out, *report.cheapest);
  }
  out.key("cheapest_why");
  write_words(out, report.cheapest_why);
  out.end_object();
  return tagged(out);
}

// Where an enterprise stands under one scheme, as far as a trial shows it.
struct Side {
  result::Standing standing = result::Standing::NotDue;
  std::string why, grade, grade_name;
  std::int32_t rank = 0;
  std::int64_t of = 0;
  std::optional<Decimal> total;
  struct Item {
    std::string id, label, unit;
    feel::Value value, score, full;
    quantity::State state = quantity::State::Known;
    bool capped = false, floored = false, by_missing_rule = false;
  };
  std::vector<Item> items;
};

// As of a row that was read; names of the pack outlive it, its pointers need not.
Side side_of(const pack::Pack& pack, const run::RowView& view, const pack::Scheme& wanted) {
  Side out;
  for (const run::SchemeView& scheme : view.schemes) {
    if (scheme.scheme->id != wanted.id) continue;
    out.standing = scheme.standing;
    out.why = scheme.why;
    out.grade = scheme.grade;
    const schema::Codes* codes = pack.schema.find_codes(wanted.codes);
    const schema::CodeEntry* entry = codes == nullptr ? nullptr : codes->find(scheme.grade);
    out.grade_name = entry == nullptr ? scheme.grade : entry->name;
    out.rank = scheme.rank;
    out.of = scheme.group_size;
    out.total = scheme.total;
    for (const run::ItemView& item : scheme.items)
      out.items.push_back({item.indicator->id, item.indicator->name, item.indicator->unit.name(), item.value,
                           item.score, item.weight, item.state, item.capped, item.floored,
                           item.by_missing_rule});
  }
  return out;
}

void write_side(JsonWriter& out, const Side& side) {
  out.begin_object().member("standing", code_of(side.standing));
  out.member("reason", side.why).member("grade", side.grade).member("grade_name", side.grade_name);
  out.member("rank", side.rank).member("of", side.of).key("total");
  write_figure(out, side.total, "分", side.total ? quantity::State::Known : quantity::State::NotApplicable);
  out.key("items").begin_array();
  for (const Side::Item& item : side.items) {
    out.begin_object().member("id", item.id).member("label", item.label).key("value");
    write_number(out, item.value, item.unit, item.state);
    out.key("score");
    write_number(out, item.score, "分", quantity::State::Known);
    out.key("full");
    write_number(out, item.full, "分", quantity::State::Known);
    out.key("note");
    write_words(out, item.by_missing_rule ? text::Words{"缺数，按缺项规则给分", "missing, scored by rule"}
                     : item.capped        ? text::Words{"已封顶", "capped"}
                     : item.floored       ? text::Words{"已到底", "floored"}
                                          : text::Words{});
    out.end_object();
  }
  out.end_array().end_object();
}

// The room in which a handle moves, for the eye and the hand only: any other value may be typed. What the
// pack or the register declares bounds it; else it goes to twice the value.
struct Room {
  Decimal low, high, step;
};
Room room_of(const schema::Field& field, const pack::Simulation* declared, const feel::Value& now,
             const feel::Value& tried) {
  pack::Lever lever{.minimum = field.minimum, .maximum = field.maximum};
  if (declared != nullptr)
    for (const pack::Lever& each : declared->levers) {
      if (each.field != field.name) continue;
      if (each.minimum) lever.minimum = each.minimum;
      if (each.maximum) lever.maximum = each.maximum;
      if (each.step) lever.step = each.step;
    }
  constexpr std::int64_t kUnknown = 50;  // half of what a field without a value is given
  constexpr std::int64_t kPlaces = 200;  // that a handle has at least, where its values are that fine
  const auto size = [](const feel::Value& value) {
    return value.kind() == feel::Kind::Number ? value.number().abs() : Decimal(0);
  };
  const Decimal reach = size(now) == Decimal(0) ? Decimal(kUnknown) : size(now);
  int exponent = 0;
  for (const feel::Value* each : {&now, &tried})
    if (each->kind() == feel::Kind::Number) exponent = std::min(exponent, each->number().parts().exponent);
  Room out;
  const bool goes_below = now.kind() == feel::Kind::Number && now.number() < Decimal(0);
  out.low = lever.minimum.value_or(goes_below ? Decimal(0) - reach * Decimal(2) : Decimal(0));
  out.high = lever.maximum.value_or(std::max(reach * Decimal(2), size(tried)));
  out.step = lever.step.value_or(Decimal::scaled(1, exponent));
  while (out.step * Decimal(10 * kPlaces) <= out.high - out.low) out.step = out.step * Decimal(10);
  return out;
}

// ?set=实缴税收=120;用地面积=30, fields of this one record; every mistake is told.
ReadSet read_tries(const Call& call, const Edition& edition, const std::string& key,
                   const std::vector<std::string>& fields) {
  ReadSet out;
  const std::string all = call.query_or("set", "");
  for (const std::string_view each : text::split(all, ';')) {
    if (each.empty()) continue;
    const std::string name(each.substr(0, each.find('=')));
    simulate::ReadOverride read;
    if (std::find(fields.begin(), fields.end(), name) == fields.end())
      read.diagnostics.push_back(
          {.code = "E-SIMULATE-102",
           .message = {"“" + name + "”不是这个方案用到的数。",
                       "\"" + name + "\" is no field under this scheme."},
           .advice = {"能测算的字段列在测算表里。", "The fields that can be tried stand in the table."}});
    else
      read = simulate::read_override(key + "." + std::string(each), *edition.pack, *edition.snapshot,
                                     *edition.period);
    for (diagnostic::Diagnostic& one : read.diagnostics) {
      one.place = {.file = "query", .cell = name};
      out.told.push_back(std::move(one));
    }
    if (read.override) out.overrides.push_back(std::move(*read.override));
  }
  return out;
}

Answer tried(District& district, const Call& call) {
  Asked asked = asked_edition(district, call);
  if (asked.refused) return *asked.refused;
  const Edition& edition = *asked.edition;
  const DueUnder due = due_under(edition, asked.state, call);
  if (due.scheme == nullptr) return not_there();
  const pack::Scheme& scheme = *due.scheme;
  const EnterpriseRow& found = due.found;
  const std::string& key = call.path.at("code");
  const auto row = static_cast<std::size_t>(found.row);
  const schema::Register& target = *edition.pack->schema.find(scheme.of);
  const std::vector<std::string> fields = simulate::fields_under(*edition.pack, scheme);
  const ReadSet read = read_tries(call, edition, key, fields);
  if (!read.told.empty()) return refused_set(read.told);
  const Side before = side_of(*edition.pack, read_row(edition, scheme.of, row), scheme);
  Side now = before;
  if (!read.overrides.empty()) {
    const std::lock_guard lock(edition.warm->mutex);
    simulate::Simulation& simulation = warm_simulation(edition);
    simulation.look(read.overrides, [&](const pack::Pack& pack, const column::Snapshot& snapshot,
                                        const result::Result& result) {
      now = side_of(pack, run::evaluate_row(pack, snapshot, simulation.options(), scheme.of, row, &result),
                    scheme);
    });
  }
  JsonWriter out;
  out.begin_object().member("scheme", scheme.id).member("name", scheme.name);
  out.member("by_rank", std::any_of(scheme.cuts.begin(), scheme.cuts.end(),
                                    [](const pack::Cut& cut) { return cut.percent.has_value(); }));
  out.key("before");
  write_side(out, before);
  out.key("now");
  write_side(out, now);
  out.key("fields").begin_array();
  const pack::Simulation* declared = edition.pack->simulation_of(scheme.of);
  for (const std::string& name : fields) {
    const auto index = static_cast<std::size_t>(target.find_by_name(name) - target.fields.data());
    const schema::Field& field = target.fields[index];
    const feel::Value value = column::value_of(*found.table, index, row);
    feel::Value trial = value;
    for (const simulate::Override& one : read.overrides)
      if (one.index == index) trial = one.value;
    const Room room = room_of(field, declared, value, trial);
    out.begin_object().member("name", name).key("figure");
    write_number(out, value, field.unit.name(), column::state_of(*found.table, index, row));
    if (trial.kind() == feel::Kind::Number) out.member("tried", trial.number().to_string());
    out.member("low", room.low.to_string()).member("high", room.high.to_string());
    out.member("step", room.step.to_string()).end_object();
  }
  out.end_array().end_object();
  return tagged(out);
}

}  // namespace

std::vector<Route> rise_routes(District& district) {
  using access::Operation;
  std::vector<Route> out;
  const Shape change = Shape::object(
      "RiseChange", {{"field", Shape::text(), ""}, {"from", figure_shape(), ""}, {"to", figure_shape(), ""}});
  const Shape rise =
      Shape::object("RiseStep", {{"possible", Shape::boolean(), ""},
                                 {"grade", Shape::text(), "that it reaches"},
                                 {"changes", Shape::list(change), ""},
                                 {"total", figure_shape(), ""},
                                 {"rank", Shape::count(), ""},
                                 {"verified", Shape::boolean(), "the engine run with it says the same"},
                                 {"step_before_fails", Shape::boolean(), ""},
                                 {"cost", Shape::decimal(), "", Presence::Optional},
                                 {"words", words_shape(), ""}});
  out.push_back(
      reading("/api/enterprises/{code}/rise", "rise", Summary("升档测算", "What would lift it a grade"),
              Operation::ExplainResult,
              {in_path("code", "credit code", 40),
               period_parameter(),
               {"scheme", Shape::text(120), "id"},
               {"cost", Shape::text(2000), "of a unit of change, as whoever asks declares: 用地面积=30;…"},
               {"min", Shape::text(2000), "bounds, likewise"},
               {"max", Shape::text(2000), ""}},
              Shape::object("RiseReport", {{"scheme", Shape::text(), ""},
                                           {"grade", Shape::text(), ""},
                                           {"by_rank", Shape::boolean(), "holds for today's field of others"},
                                           {"words", Shape::list(words_shape()), ""},
                                           {"steps", Shape::list(rise), "one a field"},
                                           {"cheapest", rise, "", Presence::Optional},
                                           {"cheapest_why", words_shape(), ""}}),
              [&](const Call& call) { return way_up(district, call); }));
  const Shape item = Shape::object("TrialItem", {{"id", Shape::text(), "of the indicator"},
                                                 {"label", Shape::text(), ""},
                                                 {"value", figure_shape(), "of the indicator"},
                                                 {"score", figure_shape(), "as it enters the total"},
                                                 {"full", figure_shape(), "weight"},
                                                 {"note", words_shape(), "capped, floored, missing"}});
  const Shape side = Shape::object("TrialSide", {{"standing", standing_shape(), ""},
                                                 {"reason", Shape::text(), "why not rated"},
                                                 {"grade", Shape::text(), ""},
                                                 {"grade_name", Shape::text(), ""},
                                                 {"rank", Shape::count(), "0: none"},
                                                 {"of", Shape::count(), "ranked in its group"},
                                                 {"total", figure_shape(), ""},
                                                 {"items", Shape::list(item), ""}});
  const Shape field =
      Shape::object("TrialField", {{"name", Shape::text(), ""},
                                   {"figure", figure_shape(), "as it stands"},
                                   {"tried", Shape::decimal(), "", Presence::Optional},
                                   {"low", Shape::decimal(), "of the handle; others may be typed"},
                                   {"high", Shape::decimal(), ""},
                                   {"step", Shape::decimal(), ""}});
  out.push_back(reading(
      "/api/enterprises/{code}/trial", "try_enterprise",
      Summary("改自己的数，看得分和档次", "What a change of its figures comes to"), Operation::ExplainResult,
      {in_path("code", "credit code", 40),
       period_parameter(),
       {"scheme", Shape::text(120), "id"},
       {"set", Shape::text(4000), "实缴税收=120;用地面积=30, in the units of the fields"}},
      Shape::object("EnterpriseTrial", {{"scheme", Shape::text(), "id"},
                                        {"name", Shape::text(), ""},
                                        {"by_rank", Shape::boolean(), "holds for today's field of others"},
                                        {"before", side, ""},
                                        {"now", side, "by a run of the whole with the change"},
                                        {"fields", Shape::list(field), "that can be changed"}}),
      [&](const Call& call) { return tried(district, call); }));
  return out;
}

}  // namespace tenglong::server
