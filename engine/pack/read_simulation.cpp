// `yaml simulation`: 试算.
#include "engine/pack/inside/draft.h"

namespace tenglong::pack {
namespace {

void not_a_list(Draft& draft, const Yaml& node, const char* key, const char* example) {
  draft.findings.add(
      "E-PACK-107", node.place,
      {std::string(key) + " 应写成一张列表，每项一个 {…}。", std::string(key) + " must be a list of maps."},
      {std::string("例如 ") + example, std::string("For example ") + example});
}

// A step that does not lead anywhere would make a search endless.
void check_range(Draft& draft, const std::optional<quantity::Decimal>& low,
                 const std::optional<quantity::Decimal>& high, const std::optional<quantity::Decimal>& step,
                 const diagnostic::Place& place) {
  if (step && *step <= quantity::Decimal(0))
    draft.findings.add(
        "E-PACK-224", place,
        {"step 要大于 0，否则搜索走不动。", "step must be above 0, else a search stands still."},
        {"写成这个数的书写精度，如 0.01。", "Write the precision of the value, such as 0.01."});
  if (low && high && *high < *low)
    draft.findings.add("E-PACK-224", place,
                       {"上界小于下界，中间没有数可取。", "The upper bound is below the lower one."},
                       {"核对两个数。", "Check both numbers."});
}

}  // namespace

void read_simulation(Draft& draft, const RawBlock& raw) {
  Keys keys(raw.root, "simulation", draft.findings);
  Simulation simulation;
  read_block_head(draft, raw, keys, simulation, SourceRule::Required);
  simulation.of = keys.text("of", Need::Required);
  simulation.measures = keys.texts("measures");
  simulation.by = keys.texts("by");
  for (const std::string& edge : keys.texts("bins")) {
    const auto number = quantity::Decimal::parse(edge);
    if (!number || (!simulation.bins.empty() && *number <= simulation.bins.back())) {
      draft.findings.add("E-PACK-224", keys.place_of("bins"),
                         {"bins 的“" + edge + "”不是比前一个大的数。",
                          "\"" + edge + "\" in bins is no number above the one before."},
                         {"从小到大写分界，如 [40, 60, 80]。", "Write rising edges, such as [40, 60, 80]."});
      break;
    }
    simulation.bins.push_back(*number);
  }
  if (const Yaml* levers = keys.find("levers")) {
    if (levers->kind != Yaml::Kind::List)
      not_a_list(draft, *levers, "levers", "[{field: 实缴税收, max: 10000, step: 0.01, cost: 1}]");
    for (const Yaml& node : levers->items) {
      Keys inner(node, "lever", draft.findings);
      Lever lever;
      lever.field = inner.text("field", Need::Required);
      lever.place = inner.place_of("field");
      lever.minimum = inner.number("min");
      lever.maximum = inner.number("max");
      lever.step = inner.number("step");
      lever.cost = inner.number("cost");
      check_range(draft, lever.minimum, lever.maximum, lever.step, lever.place);
      if (lever.cost && lever.cost->is_negative())
        draft.findings.add("E-PACK-224", inner.place_of("cost"),
                           {"cost 不能小于 0。", "cost cannot be below 0."},
                           {"没有成本写 0；不知道就不写。", "Write 0 for no cost; leave it out if unknown."});
      inner.finish();
      simulation.levers.push_back(std::move(lever));
    }
  }
  if (const Yaml* grids = keys.find("grids")) {
    if (grids->kind != Yaml::Kind::List)
      not_a_list(draft, *grids, "grids", "[{value: 综合评价.A, from: 5, to: 40, step: 1}]");
    for (const Yaml& node : grids->items) {
      Keys inner(node, "grid", draft.findings);
      Grid grid;
      grid.value = inner.text("value", Need::Required);
      grid.place = inner.place_of("value");
      grid.from = inner.number("from");
      grid.to = inner.number("to");
      grid.step = inner.number("step");
      check_range(draft, grid.from, grid.to, grid.step, grid.place);
      inner.finish();
      simulation.grids.push_back(std::move(grid));
    }
  }
  if (const Yaml* prices = keys.find("prices")) {
    if (prices->kind != Yaml::Kind::List)
      not_a_list(draft, *prices, "prices", "[{name: 用电加价, field: 用电量, rate: 加价标准, unit: 万元}]");
    for (const Yaml& node : prices->items) {
      Keys inner(node, "price", draft.findings);
      Price price;
      price.name = inner.text("name", Need::Required);
      price.field = inner.text("field", Need::Required);
      price.rate = inner.text("rate", Need::Required);
      price.unit = inner.unit("unit", Need::Required);
      price.clause = inner.text("clause");
      price.place = inner.place_of("name");
      note_key_places(draft, price.place, node);
      if (price.clause.empty())
        price.clause = simulation.clause;
      else
        cite(draft, price.clause, inner.place_of("clause"));
      inner.finish();
      simulation.prices.push_back(std::move(price));
    }
  }
  keys.text("note");
  keys.finish();
  draft.pack.simulations.push_back(std::move(simulation));
}

}  // namespace tenglong::pack
