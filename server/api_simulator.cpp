#include <algorithm>
#include <chrono>
#include <map>

#include "engine/simulate/override.h"
#include "server/api.h"
#include "server/inside/figures.h"
#include "server/inside/write.h"

namespace tenglong::server {

using text::JsonWriter;

namespace {

std::optional<quantity::Decimal> whole(std::int64_t count) { return quantity::Decimal(count); }

void write_sides(JsonWriter& out, const KeyFigure::Side& before, const KeyFigure::Side& now,
                 std::string_view unit) {
  const auto basis = [](const KeyFigure::Side& side) {
    return side.value ? Basis{.clause = side.clause}
                      : Basis{.clause = side.clause, .state = "gap", .reason = side.lacks};
  };
  const auto write = [&](const char* key, const std::optional<quantity::Decimal>& value, const Basis& of) {
    out.key(key);
    write_figure(out, value, unit, quantity::State::Known, of);
  };
  write("before", before.value, basis(before));
  write("now", now.value, basis(now));
  if (before.value && now.value)
    write("change", quantity::subtract(*now.value, *before.value), {});
  else
    write("change", std::nullopt, basis(before.value ? now : before));
}

// Money of a price: a sum that waits for a rate says for which.
KeyFigure::Side side_of(const simulate::PriceMoved& price, const simulate::PriceSum& sum,
                        const std::vector<std::string>& waits) {
  KeyFigure::Side side{.value = sum.money, .clause = price.clause};
  if (sum.money) return side;
  std::string all;
  for (const std::string& each : waits) all += (all.empty() ? "" : "、") + each;
  side.lacks = {"还缺：" + all, "still lacks: " + all};
  return side;
}

// What the records of one grade hold of each measure, in force: added up once an edition.
std::vector<quantity::Decimal> held_in_force(const Edition& edition, const pack::Scheme& scheme,
                                             const std::vector<std::string>& measures,
                                             const std::string& grade) {
  const std::lock_guard lock(edition.warm->held_mutex);
  const auto [at, is_new] = edition.warm->held.try_emplace(scheme.name);
  if (!is_new) return at->second;
  const result::SchemeResult* ran = edition.result->scheme(scheme.name);
  const schema::Register* target = edition.pack->schema.find(scheme.of);
  const column::Table* table = edition.snapshot->find(scheme.of);
  for (const std::string& measure : measures) {
    quantity::ExactSum sum;
    const schema::Field* field = target == nullptr ? nullptr : target->find_by_name(measure);
    if (field != nullptr && table != nullptr && ran != nullptr)
      for (const result::Outcome& outcome : ran->outcomes) {
        if (outcome.standing != result::Standing::Rated || outcome.grade != grade) continue;
        const feel::Value value =
            column::value_of(*table, static_cast<std::size_t>(field - target->fields.data()), outcome.row);
        if (value.kind() == feel::Kind::Number) sum.add(value.number());
      }
    at->second.push_back(sum.result().value_or(quantity::Decimal(0)));
  }
  return at->second;
}

// What the firms of the worst grade hold, and would hold: who falls into it brings it, who leaves takes it.
void add_held(std::vector<KeyFigure>& out, const Edition& edition, const pack::Scheme& scheme,
              const simulate::Comparison& comparison, const simulate::SchemeComparison& moved) {
  const schema::Codes* codes = edition.pack->schema.find_codes(scheme.codes);
  const schema::Register* target = edition.pack->schema.find(scheme.of);
  if (codes == nullptr || codes->entries.empty() || target == nullptr || comparison.measures.empty()) return;
  const std::string& worst =
      (codes->order == schema::CodeOrder::WorstFirst ? codes->entries.front() : codes->entries.back()).code;
  std::vector<quantity::Decimal> before = held_in_force(edition, scheme, comparison.measures, worst);
  std::vector<quantity::Decimal> now = before;
  const auto place = static_cast<std::size_t>(std::find(moved.places.begin(), moved.places.end(), worst) -
                                              moved.places.begin());
  for (const simulate::Moved& one : moved.moved) {
    if (!one.cut.empty()) continue;
    for (std::size_t m = 0; m < now.size() && m < one.measures.size(); ++m) {
      if (one.to == place) now[m] = now[m] + one.measures[m].sum;
      if (one.from == place) now[m] = now[m] - one.measures[m].sum;
    }
  }
  for (std::size_t m = 0; m < now.size(); ++m) {
    const schema::Field* field = target->find_by_name(comparison.measures[m]);
    out.push_back(
        {.id = "held_" + std::to_string(m + 1),
         .label = {worst + " 档" + comparison.measures[m], "Grade " + worst + ": " + comparison.measures[m]},
         .unit = field == nullptr ? std::string() : field->unit.name(),
         .before = {.value = before[m]},
         .now = {.value = now[m]}});
  }
}

}  // namespace

std::vector<KeyFigure> key_figures(const Edition& edition, const pack::Scheme& scheme,
                                   const simulate::Comparison& comparison) {
  const auto of_scheme =
      std::find_if(comparison.schemes.begin(), comparison.schemes.end(),
                   [&](const simulate::SchemeComparison& one) { return one.scheme == scheme.name; });
  if (of_scheme == comparison.schemes.end()) return {};
  std::vector<KeyFigure> out;
  const auto count = [&](std::string id, text::Words label, std::int64_t before, std::int64_t now) {
    out.push_back({.id = std::move(id),
                   .label = std::move(label),
                   .unit = "家",
                   .before = {.value = whole(before)},
                   .now = {.value = whole(now)}});
  };
  count("movers", {"等级变动", "Change grade"}, 0, static_cast<std::int64_t>(of_scheme->movers.size()));
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> grades;
  for (const auto& [grade, records] : of_scheme->before.by_grade) grades[grade].first = records;
  for (const auto& [grade, records] : of_scheme->after.by_grade) grades[grade].second = records;
  for (const auto& [grade, counts] : grades)
    count("grade_" + grade, {grade + " 档", "Grade " + grade}, counts.first, counts.second);
  for (std::size_t p = 0; p < of_scheme->prices.size(); ++p) {
    const simulate::PriceMoved& price = of_scheme->prices[p];
    out.push_back({.id = "price_" + std::to_string(p + 1),
                   .label = {price.name, price.name},
                   .unit = price.unit,
                   .before = side_of(price, price.whole().before, price.waits_before),
                   .now = side_of(price, price.whole().after, price.waits_after)});
  }
  add_held(out, edition, scheme, comparison, *of_scheme);
  return out;
}

void write_key_figures(JsonWriter& out, const std::vector<KeyFigure>& figures) {
  out.begin_array();
  for (const KeyFigure& one : figures) {
    out.begin_object().member("id", one.id).key("label");
    write_words(out, one.label);
    write_sides(out, one.before, one.now, one.unit);
    out.end_object();
  }
  out.end_array();
}

Shape key_shape() {
  return Shape::object("KeyFigure", {{"id", Shape::text(), ""},
                                     {"label", words_shape(), ""},
                                     {"before", figure_shape(), ""},
                                     {"now", figure_shape(), ""},
                                     {"change", figure_shape(), ""}});
}

Seen movers_seen(District& district, const Edition& edition, const Caller& caller,
                 const pack::Scheme& scheme) {
  return Seen(edition, caller, access::Operation::TryScheme,
              state_of_result(edition, district.store().lists().states()), scheme.of);
}

void write_figures(JsonWriter& out, const Edition& edition, const pack::Scheme& scheme,
                   const simulate::Comparison& comparison, const Seen& seen) {
  const auto of_scheme =
      std::find_if(comparison.schemes.begin(), comparison.schemes.end(),
                   [&](const simulate::SchemeComparison& one) { return one.scheme == scheme.name; });
  const schema::Register* target = edition.pack->schema.find(scheme.of);
  const view::Naming naming = edition.naming();
  out.key("key");
  write_key_figures(out, key_figures(edition, scheme, comparison));
  out.key("prices").begin_array();
  if (of_scheme != comparison.schemes.end())
    for (const simulate::PriceMoved& price : of_scheme->prices) {
      out.begin_object().member("name", price.name).member("rate", price.rate).member("field", price.field);
      out.member("unit", price.unit).member("clause", price.clause).key("lines").begin_array();
      for (const simulate::PriceLine& line : price.lines) {
        out.begin_object().member("cut", line.cut).member("of", line.of);
        out.member("name", line.cut.empty()                 ? std::string()
                           : line.cut == simulate::kByGrade ? line.of
                                                            : naming.cut_name(scheme.of, line.cut, line.of));
        write_sides(out, side_of(price, line.before, price.waits_before),
                    side_of(price, line.after, price.waits_after), price.unit);
        out.member("records_before", line.before.records).member("records_now", line.after.records);
        out.member("without_before", line.before.without).member("without_now", line.after.without);
        out.end_object();
      }
      out.end_array().key("waits").begin_array();
      for (const std::string& gap : price.waits_after)
        write_words(out, {price.name + " 还缺：" + gap, price.name + " still lacks: " + gap});
      out.end_array().end_object();
    }
  out.end_array().key("places").begin_array();
  if (of_scheme != comparison.schemes.end())
    for (const std::string& place : of_scheme->places) out.string(place);
  out.end_array().key("matrix").begin_array();
  if (of_scheme != comparison.schemes.end())
    for (const auto& row : of_scheme->transitions) {
      out.begin_array();
      for (const std::int64_t count : row) out.integer(count);
      out.end_array();
    }
  out.end_array().key("distribution").begin_array();
  if (of_scheme != comparison.schemes.end())
    for (const simulate::Bin& bin : of_scheme->distribution) {
      out.begin_object();
      if (bin.from) out.member("from", bin.from->to_string());
      if (bin.to) out.member("to", bin.to->to_string());
      out.member("before", bin.before).member("after", bin.after).end_object();
    }
  out.end_array().key("moved").begin_array();
  if (of_scheme != comparison.schemes.end())
    for (const simulate::Moved& moved : of_scheme->moved) {
      out.begin_object()
          .member("from", of_scheme->places[moved.from])
          .member("to", of_scheme->places[moved.to]);
      out.member("rises", moved.to < moved.from).member("cut", moved.cut).member("of", moved.of);
      out.member("name", naming.cut_name(scheme.of, moved.cut, moved.of))
          .member("records", moved.records)
          .key("measures")
          .begin_object();
      for (std::size_t i = 0; i < moved.measures.size(); ++i) {
        const schema::Field* field = target->find_by_name(comparison.measures[i]);
        out.key(comparison.measures[i]);
        write_figure(out, moved.measures[i].sum, field == nullptr ? "" : field->unit.name(),
                     quantity::State::Known);
      }
      out.end_object().end_object();
    }
  out.end_array().key("movers").begin_array();
  std::int64_t seen_movers = 0;
  constexpr std::int64_t kMostMovers = 100;
  if (of_scheme != comparison.schemes.end()) {
    for (const simulate::Mover& mover : of_scheme->movers) {
      if (!seen.row(mover.row) || ++seen_movers > kMostMovers) continue;
      out.begin_object().member("code", mover.key).member("name", naming.title(scheme.of, mover.row));
      out.member("town", naming.town_name(naming.town(scheme.of, mover.row)));
      out.member("from", of_scheme->places[mover.from])
          .member("to", of_scheme->places[mover.to])
          .key("total_before");
      write_figure(out, mover.total_before, "分", quantity::State::Known);
      out.key("total_after");
      write_figure(out, mover.total_after, "分", quantity::State::Known);
      out.end_object();
    }
  }
  out.end_array().member("movers_total", seen_movers).key("rosters").begin_array();
  for (const simulate::RosterComparison& roster : comparison.rosters) {
    out.begin_object().member("name", roster.roster).member("listed_before", roster.listed_before);
    out.member("listed_after", roster.listed_after).end_object();
  }
  out.end_array().key("refusals").begin_array();
  for (const result::Refusal& refusal : comparison.refusals)
    for (const std::string& gap : refusal.gaps)
      write_words(out, {refusal.name + " 还缺：" + gap, refusal.name + " still lacks: " + gap});
  out.end_array();
}

Shape set_value_shape() {
  return Shape::object("SetValue",
                       {{"what", Shape::text(200, 1), "as a handle's id, or code.field of an enterprise"},
                        {"value", Shape::text(200, 1), "a number, with or without its unit"}});
}

std::vector<Member> figures_members() {
  const Shape moved =
      Shape::object("MovedGroup", {{"from", Shape::text(), ""},
                                   {"to", Shape::text(), ""},
                                   {"rises", Shape::boolean(), ""},
                                   {"cut", Shape::text(), "empty: the whole; else 镇街 ..."},
                                   {"of", Shape::text(), "code"},
                                   {"name", Shape::text(), ""},
                                   {"records", Shape::count(), ""},
                                   {"measures", Shape::map(figure_shape()), "sums over them"}});
  const Shape mover = Shape::object("MoverRow", {{"code", Shape::text(), ""},
                                                 {"name", Shape::text(), ""},
                                                 {"town", Shape::text(), ""},
                                                 {"from", Shape::text(), ""},
                                                 {"to", Shape::text(), ""},
                                                 {"total_before", figure_shape(), ""},
                                                 {"total_after", figure_shape(), ""}});
  const Shape bin = Shape::object("ChangedBin", {{"from", Shape::decimal(), "", Presence::Optional},
                                                 {"to", Shape::decimal(), "", Presence::Optional},
                                                 {"before", Shape::count(), ""},
                                                 {"after", Shape::count(), ""}});
  const Shape price_line =
      Shape::object("PriceLine", {{"cut", Shape::text(), "empty: the whole; 等级; else 镇街 ..."},
                                  {"of", Shape::text(), "code"},
                                  {"name", Shape::text(), ""},
                                  {"before", figure_shape(), "money; state gap: a rate is not published"},
                                  {"now", figure_shape(), ""},
                                  {"change", figure_shape(), ""},
                                  {"records_before", Shape::count(), "with a grade"},
                                  {"records_now", Shape::count(), ""},
                                  {"without_before", Shape::count(), "of these without a quantity"},
                                  {"without_now", Shape::count(), ""}});
  const Shape price = Shape::object(
      "PriceMoved", {{"name", Shape::text(), ""},
                     {"rate", Shape::text(), "parameter"},
                     {"field", Shape::text(), "quantity"},
                     {"unit", Shape::text(), ""},
                     {"clause", Shape::text(), ""},
                     {"lines", Shape::list(price_line), "the whole first, then 等级, then cuts"},
                     {"waits", Shape::list(words_shape()), "what is not published"}});
  const Shape roster = Shape::object("ChangedRoster", {{"name", Shape::text(), ""},
                                                       {"listed_before", Shape::count(), ""},
                                                       {"listed_after", Shape::count(), ""}});
  return {{"key", Shape::list(key_shape()), ""},
          {"prices", Shape::list(price), "what prices by grade come to"},
          {"places", Shape::list(Shape::text()), "rows and columns of the matrix, best first"},
          {"matrix", Shape::list(Shape::list(Shape::count())), "[from][to]"},
          {"distribution", Shape::list(bin), ""},
          {"moved", Shape::list(moved), "by from and to, whole and by each cut"},
          {"movers", Shape::list(mover), "the first hundred"},
          {"movers_total", Shape::count(), ""},
          {"rosters", Shape::list(roster), "those that differ"},
          {"refusals", Shape::list(words_shape()), ""}};
}

const pack::Scheme* scheme_of(const Edition& edition, const std::string& wanted) {
  for (const pack::Scheme& scheme : edition.pack->schemes)
    if (wanted.empty() || scheme.id == wanted || scheme.name == wanted) return &scheme;
  return nullptr;
}

ReadSet read_set(const Json& set, const std::string& pointer, const Edition& edition) {
  ReadSet out;
  for (std::size_t i = 0; i < set.items.size(); ++i) {
    simulate::ReadOverride read =
        simulate::read_override(set.items[i].text_of("what") + "=" + set.items[i].text_of("value"),
                                *edition.pack, *edition.snapshot, *edition.period);
    for (diagnostic::Diagnostic& one : read.diagnostics) {
      one.place = {.file = "body", .cell = pointer + "/" + std::to_string(i)};
      out.told.push_back(std::move(one));
    }
    if (read.override) out.overrides.push_back(std::move(*read.override));
  }
  return out;
}

Answer refused_set(const diagnostic::Diagnostics& told) {
  return problem(422,
                 {"有 " + std::to_string(told.size()) + " 处改动不能用。",
                  std::to_string(told.size()) + " changes cannot be used."},
                 told);
}

namespace {

const pack::Grid* grid_of(const pack::Simulation* simulation, const std::string& value) {
  if (simulation != nullptr)
    for (const pack::Grid& grid : simulation->grids)
      if (grid.value == value) return &grid;
  return nullptr;
}

// A value that can be changed: what it is called in a set, what it is now, and the grid that the pack gives
// it.
void write_handle(JsonWriter& out, const Edition& edition, const pack::Simulation* simulation,
                  const std::string& what, const std::string& label, const std::string& unit) {
  out.member("id", what).member("label", label);
  if (const auto read =
          simulate::read_override(what + "=0", *edition.pack, *edition.snapshot, *edition.period);
      read.override) {
    const feel::Value now = simulate::current(*read.override, *edition.pack, *edition.snapshot);
    if (now.kind() == feel::Kind::Number) out.member("value", text_of(now));
  }
  if (!unit.empty()) out.member("unit", unit);
  const pack::Grid* grid = grid_of(simulation, what);
  if (grid == nullptr) return;
  if (grid->from) out.member("min", grid->from->to_string());
  if (grid->to) out.member("max", grid->to->to_string());
  if (grid->step) out.member("step", grid->step->to_string());
}

Answer base(District& district, const Call& call) {
  Asked asked = asked_edition(district, call);
  if (asked.refused) return *asked.refused;
  const Edition& edition = *asked.edition;
  const pack::Scheme* scheme = scheme_of(edition, call.query_or("scheme", ""));
  if (scheme == nullptr) return not_there();
  const pack::Simulation* simulation = edition.pack->simulation_of(scheme->of);
  JsonWriter out;
  out.begin_object().member("scheme", scheme->id).member("name", scheme->name).key("items").begin_array();
  for (const pack::SchemeItem& item : scheme->items) {
    out.begin_object();
    write_handle(out, edition, simulation, scheme->name + "." + item.indicator + ".权重", item.indicator,
                 "分");
    out.end_object();
  }
  out.end_array().key("cuts").begin_array();
  for (const pack::Cut& cut : scheme->cuts) {
    out.begin_object().member("grade", cut.grade).member("kind", cut.percent ? "rank" : "score");
    out.member("at", cut.percent ? cut.percent->to_string() : cut.score_text);
    write_handle(out, edition, simulation, scheme->name + "." + cut.grade, cut.grade, cut.percent ? "%" : "");
    out.end_object();
  }
  out.end_array().key("levers").begin_array();
  if (simulation != nullptr)
    for (const pack::Grid& grid : simulation->grids) {
      const std::string name = grid.value.substr(0, grid.value.find('('));
      const pack::Parameter* parameter = edition.pack->parameter(name);
      if (parameter == nullptr) continue;
      out.begin_object();
      write_handle(out, edition, simulation, grid.value, grid.value, parameter->unit.name());
      out.end_object();
    }
  out.end_array().key("measures").begin_array();
  if (simulation != nullptr)
    for (const std::string& measure : simulation->measures) {
      const schema::Register* target = edition.pack->schema.find(scheme->of);
      const schema::Field* field = target == nullptr ? nullptr : target->find_by_name(measure);
      out.begin_object().member("id", measure).member("name", measure);
      out.member("unit", field == nullptr ? "" : field->unit.name()).end_object();
    }
  out.end_array().end_object();
  return tagged(out);
}

std::shared_ptr<const Edition> edition_for(District& district, const Call& call) {
  auto edition = district.edition_of(call.body.text_of("period"));
  return edition != nullptr && edition->period ? what_if_edition(edition) : nullptr;
}

Answer figures(District& district, const Call& call) {
  const auto began = std::chrono::steady_clock::now();
  const auto edition = edition_for(district, call);
  const pack::Scheme* scheme =
      edition == nullptr ? nullptr : scheme_of(*edition, call.body.text_of("scheme"));
  if (scheme == nullptr) return not_there();
  const ReadSet set = read_set(*call.body.find("set"), "/set", *edition);
  if (!set.told.empty()) return refused_set(set.told);
  const simulate::Comparison comparison = resident_of(*edition).with(set.overrides).comparison;
  JsonWriter out;
  out.begin_object().member("change", edition->change.value).key("sequence");
  const Json* sequence = call.body.find("sequence");
  out.number(sequence == nullptr ? "0" : sequence->text);
  write_figures(out, *edition, *scheme, comparison, movers_seen(district, *edition, call.caller, *scheme));
  out.member("milliseconds", static_cast<std::int64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                                           std::chrono::steady_clock::now() - began)
                                                           .count()));
  out.end_object();
  return json(out);
}

Answer compare(District& district, const Call& call) {
  const auto edition = edition_for(district, call);
  const pack::Scheme* scheme =
      edition == nullptr ? nullptr : scheme_of(*edition, call.body.text_of("scheme"));
  if (scheme == nullptr) return not_there();
  const Json& variants = *call.body.find("variants");
  diagnostic::Diagnostics told;
  std::vector<ReadSet> sets;
  for (std::size_t i = 0; i < variants.items.size(); ++i) {
    sets.push_back(
        read_set(*variants.items[i].find("set"), "/variants/" + std::to_string(i) + "/set", *edition));
    told.insert(told.end(), sets.back().told.begin(), sets.back().told.end());
  }
  if (!told.empty()) return refused_set(told);
  const Seen seen = movers_seen(district, *edition, call.caller, *scheme);
  JsonWriter out;
  out.begin_object().key("variants").begin_array();
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const simulate::Comparison comparison = resident_of(*edition).with(sets[i].overrides).comparison;
    out.begin_object().member("name", variants.items[i].text_of("name"));
    write_figures(out, *edition, *scheme, comparison, seen);
    out.end_object();
  }
  out.end_array().end_object();
  return json(out);
}

}  // namespace

std::vector<Route> simulation_routes(District& district) {
  using access::Operation;
  std::vector<Route> out;
  const std::vector<Member> handle = {{"id", Shape::text(), "what, in a set"},
                                      {"label", Shape::text(), ""},
                                      {"value", Shape::decimal(), "in force", Presence::Optional},
                                      {"unit", Shape::text(), "", Presence::Optional},
                                      {"min", Shape::decimal(), "", Presence::Optional},
                                      {"max", Shape::decimal(), "", Presence::Optional},
                                      {"step", Shape::decimal(), "", Presence::Optional}};
  std::vector<Member> cut = handle;
  cut.push_back({"grade", Shape::text(), ""});
  cut.push_back({"kind", Shape::choice({"rank", "score"}), ""});
  cut.push_back({"at", Shape::text(), "percent of ranks, or a test"});
  const Shape measure = Shape::object(
      "Measure", {{"id", Shape::text(), ""}, {"name", Shape::text(), ""}, {"unit", Shape::text(), ""}});
  out.push_back(reading(
      "/api/simulator", "get_simulator", Summary("政策模拟可以动的值", "What the simulator can change"),
      Operation::TryScheme, {{"scheme", Shape::text(120), "id; the first if not given"}, period_parameter()},
      Shape::object("SimulatorBase", {{"scheme", Shape::text(), ""},
                                      {"name", Shape::text(), ""},
                                      {"items", Shape::list(Shape::object("Handle", handle)), "weights"},
                                      {"cuts", Shape::list(Shape::object("CutHandle", cut)), ""},
                                      {"levers", Shape::list(Shape::object("Lever", handle)), "parameters"},
                                      {"measures", Shape::list(measure), ""}}),
      [&](const Call& call) { return base(district, call); }));
  std::vector<Member> members = figures_members();
  members.push_back({"sequence", Shape::count(), "of the request"});
  members.push_back({"milliseconds", Shape::count(), "it took"});
  members.push_back({"change", Shape::count(), "the last one in what it rests on"});
  out.push_back({Method::Post,
                 "/api/simulator",
                 "simulate",
                 Summary("试算：改动之后的全区", "The district with the changes made"),
                 Operation::TryScheme,
                 Repeat::Reads,
                 Runs::OnWorker,
                 {},
                 Input::of(Shape::object("SimulatorRequest",
                                         {{"scheme", Shape::text(120), "id", Presence::Optional},
                                          {"period", Shape::text(30), "", Presence::Optional},
                                          {"set", Shape::list(set_value_shape(), 200), ""},
                                          {"sequence", Shape::count(), "given back", Presence::Optional}})),
                 Output::json(Shape::object("SimulatorFigures", members)),
                 [&](const Call& call) { return figures(district, call); }});
  const Shape variant = Shape::object(
      "Variant", {{"name", Shape::text(60, 1), ""}, {"set", Shape::list(set_value_shape(), 200), ""}});
  std::vector<Member> named = figures_members();
  named.push_back({"name", Shape::text(), ""});
  out.push_back(
      {Method::Post,
       "/api/simulator/compare",
       "compare_variants",
       Summary("几个变体并排", "Up to eight variants side by side"),
       Operation::TryScheme,
       Repeat::Reads,
       Runs::OnWorker,
       {},
       Input::of(Shape::object("CompareRequest", {{"scheme", Shape::text(120), "id", Presence::Optional},
                                                  {"period", Shape::text(30), "", Presence::Optional},
                                                  {"variants", Shape::list(variant, 8), ""}})),
       Output::json(Shape::object("CompareFigures",
                                  {{"variants", Shape::list(Shape::object("VariantFigures", named)), ""}})),
       [&](const Call& call) { return compare(district, call); }});
  return out;
}

}  // namespace tenglong::server
