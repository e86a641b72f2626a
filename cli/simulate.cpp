// tenglong simulate and impact: 试算 and 更正影响.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>
#include <tuple>

#include "campaign/view/view.h"
#include "cli/inside/commands.h"
#include "engine/run/run.h"
#include "engine/schema/difference.h"
#include "engine/simulate/dependents.h"
#include "engine/simulate/resident.h"
#include "engine/simulate/seek.h"
#include "engine/simulate/simulation.h"
#include "engine/text/json_writer.h"

namespace tenglong::cli {

using simulate::Comparison;
using simulate::Override;
using simulate::SchemeComparison;

namespace {

constexpr std::size_t kMostVariants = 8;

std::string text_of(const std::optional<quantity::Decimal>& number) {
  return number ? number->to_string() : std::string();
}

// All mistakes of all overrides at once; false if there was one.
bool read_all(Session& session, const std::vector<std::string>& texts, std::vector<Override>& out) {
  diagnostic::Diagnostics all;
  for (const std::string& each : texts) {
    simulate::ReadOverride read =
        simulate::read_override(each, *session.pack(), session.snapshot(), *session.period());
    all.insert(all.end(), read.diagnostics.begin(), read.diagnostics.end());
    if (read.override) out.push_back(std::move(*read.override));
  }
  print_diagnostics(all, session.common());
  return all.empty();
}

view::Column trial_column(const char* id, const char* zh, const char* en,
                          view::Align align = view::Align::Left) {
  return {.id = id, .label = {zh, en}, .align = align};
}
constexpr view::Align kFigures = view::Align::Right;

bool differs(const simulate::PriceSum& a, const simulate::PriceSum& b) {
  return a.money != b.money || a.records != b.records || a.without != b.without;
}
bool differs(const simulate::PriceMoved& price) {
  return price.waits_before != price.waits_after ||
         std::any_of(price.lines.begin(), price.lines.end(),
                     [](const simulate::PriceLine& line) { return differs(line.before, line.after); });
}
bool differs(const SchemeComparison& scheme) {
  return !scheme.touched.empty() || scheme.before_ran != scheme.after_ran ||
         std::any_of(scheme.prices.begin(), scheme.prices.end(),
                     [](const simulate::PriceMoved& price) { return differs(price); });
}

view::Table transitions_of(const SchemeComparison& scheme) {
  view::Table table{.id = "transitions",
                    .title = {scheme.scheme + "：流向表", scheme.scheme + ": transitions"}};
  table.sentence = {std::to_string(scheme.touched.size()) + " 家牵动，其中 " +
                        std::to_string(scheme.movers.size()) + " 家移档。行是试算前，列是试算后。",
                    std::to_string(scheme.touched.size()) + " touched, " +
                        std::to_string(scheme.movers.size()) + " move. Rows before, columns after."};
  table.columns.push_back(trial_column("from", "前＼后", "from \\ to"));
  const std::size_t n = scheme.places.size();
  std::vector<std::size_t> used;
  for (std::size_t i = 0; i < n; ++i) {
    std::int64_t sum = 0;
    for (std::size_t j = 0; j < n; ++j) sum += scheme.transitions[i][j] + scheme.transitions[j][i];
    if (sum > 0) used.push_back(i);
  }
  for (const std::size_t to : used)
    table.columns.push_back(
        {.id = scheme.places[to], .label = {scheme.places[to], scheme.places[to]}, .align = kFigures});
  table.columns.push_back(trial_column("sum", "合计", "sum", kFigures));
  std::vector<std::int64_t> sums(used.size() + 1);
  for (const std::size_t from : used) {
    std::vector<std::string> row{scheme.places[from]};
    std::int64_t sum = 0;
    for (std::size_t j = 0; j < used.size(); ++j) {
      const std::int64_t count = scheme.transitions[from][used[j]];
      row.push_back(count == 0 ? "" : std::to_string(count));
      sums[j] += count, sum += count;
    }
    row.push_back(std::to_string(sum));
    sums.back() += sum;
    table.rows.push_back(std::move(row));
  }
  table.totals.emplace_back("合计");
  for (const std::int64_t sum : sums) table.totals.push_back(std::to_string(sum));
  table.notes.push_back({"试算后：参评 " + std::to_string(scheme.after.rated) + " + 免评 " +
                             std::to_string(scheme.after.exempt) + " + 不评 " +
                             std::to_string(scheme.after.not_rated) + " = 应评 " +
                             std::to_string(scheme.after.due),
                         "After: rated + exempt + not rated = due: " + std::to_string(scheme.after.due)});
  return table;
}

view::Table movers_of(const view::Naming& naming, const pack::Pack& pack, const SchemeComparison& scheme) {
  view::Table table{.id = "movers", .title = {scheme.scheme + "：移档企业", scheme.scheme + ": movers"}};
  table.columns = {trial_column("key", "代码", "code"),
                   trial_column("name", "名称", "name"),
                   trial_column("from", "前", "from"),
                   trial_column("to", "后", "to"),
                   trial_column("total_before", "前总分", "total before", kFigures),
                   trial_column("total_after", "后总分", "total after", kFigures),
                   trial_column("rank_before", "前名次", "rank before", kFigures),
                   trial_column("rank_after", "后名次", "rank after", kFigures)};
  const auto rank = [](std::int32_t value) { return value == 0 ? std::string() : std::to_string(value); };
  for (const simulate::Mover& each : scheme.movers)
    table.rows.push_back({each.key, naming.title(pack.scheme(scheme.scheme)->of, each.row),
                          scheme.places[each.from], scheme.places[each.to], text_of(each.total_before),
                          text_of(each.total_after), rank(each.rank_before), rank(each.rank_after)});
  return table;
}

// The name of what is cut by; empty for the whole.
std::string name_of(const view::Naming& naming, const std::string& register_id, const std::string& cut,
                    const std::string& of) {
  return cut.empty() || cut == simulate::kByGrade ? "" : naming.cut_name(register_id, cut, of);
}

view::Table moved_of(const view::Naming& naming, const Comparison& comparison,
                     const SchemeComparison& scheme) {
  const pack::Pack& pack = *naming.pack;
  view::Table table{.id = "moved",
                    .title = {scheme.scheme + "：牵涉多少", scheme.scheme + ": what moves with them"}};
  table.columns = {
      trial_column("cut", "口径", "cut"),      trial_column("of", "代码", "code"),
      trial_column("of_name", "名称", "name"), trial_column("from", "前", "from"),
      trial_column("to", "后", "to"),          trial_column("records", "家数", "firms", kFigures)};
  const schema::Register* at = pack.schema.find(pack.scheme(scheme.scheme)->of);
  for (const std::string& name : comparison.measures) {
    const schema::Field* field = at->find_by_name(name);
    table.columns.push_back({.id = name,
                             .label = {name, name},
                             .unit = field == nullptr ? "" : field->unit.name(),
                             .align = kFigures});
  }
  for (const simulate::Moved& each : scheme.moved) {
    std::vector<std::string> row{each.cut.empty() ? "全部" : each.cut,
                                 each.of,
                                 name_of(naming, at->id, each.cut, each.of),
                                 scheme.places[each.from],
                                 scheme.places[each.to],
                                 std::to_string(each.records)};
    for (const simulate::Moved::Measure& measure : each.measures)
      row.push_back(measure.sum.to_string() +
                    (measure.without == 0 ? "" : "（另 " + std::to_string(measure.without) + " 家缺数）"));
    row.resize(table.columns.size());
    table.rows.push_back(std::move(row));
  }
  if (comparison.measures.empty())
    table.notes.push_back({"政策包没有 yaml simulation，所以不合计用地、税收、人数。",
                           "The pack has no yaml simulation, so nothing is added up."});
  return table;
}

view::Table distribution_of(const SchemeComparison& scheme) {
  view::Table table{.id = "distribution",
                    .title = {scheme.scheme + "：总分分布", scheme.scheme + ": distribution of totals"}};
  table.columns = {
      trial_column("from", "从", "from", kFigures), trial_column("to", "不到", "below", kFigures),
      trial_column("before", "前", "before", kFigures), trial_column("after", "后", "after", kFigures)};
  for (const simulate::Bin& each : scheme.distribution)
    table.rows.push_back(
        {text_of(each.from), text_of(each.to), std::to_string(each.before), std::to_string(each.after)});
  return table;
}

// What a price comes to: the whole and every grade, then the towns and industries where it differs.
view::Table price_of(const view::Naming& naming, const SchemeComparison& scheme,
                     const simulate::PriceMoved& price) {
  view::Table table{.id = "prices",
                    .title = {scheme.scheme + "：" + price.name, scheme.scheme + ": " + price.name}};
  table.sentence = {price.rate + " × " + price.field + "，按档" +
                        (price.clause.empty() ? std::string() : "（" + price.clause + "）") + "。",
                    price.rate + " × " + price.field + ", by grade."};
  table.columns = {trial_column("cut", "口径", "cut"), trial_column("of", "代码", "code"),
                   trial_column("of_name", "名称", "name"),
                   trial_column("records_before", "前家数", "firms before", kFigures),
                   trial_column("records_after", "后家数", "firms after", kFigures)};
  for (const auto& [id, zh, en] : {std::tuple("before", "前", "before"), std::tuple("after", "后", "after"),
                                   std::tuple("change", "增减", "change")})
    table.columns.push_back({.id = id, .label = {zh, en}, .unit = price.unit, .align = kFigures});
  table.columns.push_back(trial_column("without", "另缺数量家数", "without a quantity", kFigures));
  const auto money = [](const simulate::PriceSum& sum) {
    return sum.money ? sum.money->to_string() : "待补";
  };
  for (const simulate::PriceLine& each : price.lines) {
    const bool is_cut = !each.cut.empty() && each.cut != simulate::kByGrade;
    if (is_cut && !differs(each.before, each.after)) continue;
    const auto change = each.before.money && each.after.money
                            ? quantity::subtract(*each.after.money, *each.before.money)
                            : std::nullopt;
    table.rows.push_back({each.cut.empty() ? "全部" : each.cut, each.of,
                          name_of(naming, naming.pack->scheme(scheme.scheme)->of, each.cut, each.of),
                          std::to_string(each.before.records), std::to_string(each.after.records),
                          money(each.before), money(each.after), text_of(change),
                          each.after.without == 0 ? "" : std::to_string(each.after.without)});
  }
  for (const std::string& gap : price.waits_after)
    table.notes.push_back({"还没公布，算不出：" + gap, "not published: " + gap});
  return table;
}

view::Table rosters_of(const Comparison& comparison) {
  view::Table table{.id = "rosters", .title = {"清单的变化", "Rosters"}};
  table.columns = {trial_column("roster", "清单", "roster"), trial_column("key", "代码", "code"),
                   trial_column("before", "前", "before"), trial_column("after", "后", "after")};
  for (const simulate::RosterComparison& roster : comparison.rosters)
    for (const auto& each : roster.changes)
      table.rows.push_back({roster.roster, each.key, each.before, each.after});
  return table;
}

view::Table figures_of(const view::Naming& naming, const Comparison& comparison) {
  view::Table table{.id = "figures", .title = {"指标与目标的变化", "Figures and targets"}};
  table.columns = {trial_column("name", "名称", "name"),
                   trial_column("cut", "口径", "cut"),
                   trial_column("of", "代码", "code"),
                   trial_column("of_name", "名称", "name"),
                   trial_column("before", "前", "before", kFigures),
                   trial_column("after", "后", "after", kFigures)};
  for (const simulate::FigureChange& each : comparison.figures) {
    const pack::Indicator* indicator = naming.pack->indicator(each.name);
    table.rows.push_back({each.name, each.cut, each.of,
                          name_of(naming, indicator == nullptr ? "" : indicator->over, each.cut, each.of),
                          text_of(each.before), text_of(each.after)});
  }
  return table;
}

void write_json(text::JsonWriter& json, const Comparison& comparison) {
  json.begin_object().key("schemes").begin_array();
  for (const SchemeComparison& scheme : comparison.schemes) {
    json.begin_object().member("scheme", scheme.scheme).key("places").begin_array();
    for (const std::string& place : scheme.places) json.string(place);
    json.end_array().key("transitions").begin_array();
    for (const auto& row : scheme.transitions) {
      json.begin_array();
      for (const std::int64_t count : row) json.integer(count);
      json.end_array();
    }
    json.end_array()
        .member("touched", static_cast<std::int64_t>(scheme.touched.size()))
        .key("movers")
        .begin_array();
    for (const simulate::Mover& each : scheme.movers)
      json.begin_object()
          .member("key", each.key)
          .member("from", scheme.places[each.from])
          .member("to", scheme.places[each.to])
          .member("total_before", text_of(each.total_before))
          .member("total_after", text_of(each.total_after))
          .member("rank_before", static_cast<std::int64_t>(each.rank_before))
          .member("rank_after", static_cast<std::int64_t>(each.rank_after))
          .end_object();
    json.end_array().key("moved").begin_array();
    for (const simulate::Moved& each : scheme.moved) {
      json.begin_object()
          .member("cut", each.cut)
          .member("of", each.of)
          .member("from", scheme.places[each.from])
          .member("to", scheme.places[each.to])
          .member("records", each.records)
          .key("measures")
          .begin_object();
      for (std::size_t m = 0; m < each.measures.size(); ++m)
        json.member(comparison.measures[m], each.measures[m].sum.to_string());
      json.end_object().end_object();
    }
    json.end_array().key("distribution").begin_array();
    for (const simulate::Bin& each : scheme.distribution)
      json.begin_object()
          .member("from", text_of(each.from))
          .member("to", text_of(each.to))
          .member("before", each.before)
          .member("after", each.after)
          .end_object();
    json.end_array().key("prices").begin_array();
    for (const simulate::PriceMoved& price : scheme.prices) {
      json.begin_object()
          .member("name", price.name)
          .member("rate", price.rate)
          .member("field", price.field)
          .member("unit", price.unit)
          .member("clause", price.clause)
          .key("lines")
          .begin_array();
      for (const simulate::PriceLine& each : price.lines) {
        json.begin_object().member("cut", each.cut).member("of", each.of);
        for (const auto& [side, sum] : {std::pair("before", &each.before), std::pair("after", &each.after)}) {
          json.key(side).begin_object();
          if (sum->money) json.member("money", sum->money->to_string());
          json.member("records", sum->records).member("without", sum->without).end_object();
        }
        json.end_object();
      }
      json.end_array();
      for (const auto& [side, waits] :
           {std::pair("waits_before", &price.waits_before), std::pair("waits_after", &price.waits_after)}) {
        json.key(side).begin_array();
        for (const std::string& gap : *waits) json.string(gap);
        json.end_array();
      }
      json.end_object();
    }
    json.end_array().key("failures").begin_array();
    for (const std::string& failure : scheme.failures) json.string(failure);
    json.end_array().end_object();
  }
  json.end_array().key("rosters").begin_array();
  for (const simulate::RosterComparison& roster : comparison.rosters) {
    json.begin_object()
        .member("roster", roster.roster)
        .member("listed_before", roster.listed_before)
        .member("listed_after", roster.listed_after)
        .key("changes")
        .begin_array();
    for (const auto& each : roster.changes)
      json.begin_object()
          .member("key", each.key)
          .member("before", each.before)
          .member("after", each.after)
          .end_object();
    json.end_array().end_object();
  }
  json.end_array().key("figures").begin_array();
  for (const simulate::FigureChange& each : comparison.figures)
    json.begin_object()
        .member("kind", each.kind)
        .member("name", each.name)
        .member("cut", each.cut)
        .member("of", each.of)
        .member("before", text_of(each.before))
        .member("after", text_of(each.after))
        .end_object();
  json.end_array().end_object();
}

// `pack`: that the comparison was made by.
void show(Session& session, const pack::Pack& pack, const Comparison& comparison) {
  if (session.common().json) {
    text::JsonWriter json;
    write_json(json, comparison);
    std::printf("%s\n", json.take().c_str());
    return;
  }
  const view::Naming naming{&pack, &session.snapshot()};
  const auto print = [&](const view::Table& table) {
    if (!table.rows.empty()) std::fputs(view::render_terminal(table, session.language(), 30).c_str(), stdout);
  };
  bool any = false;
  for (const SchemeComparison& scheme : comparison.schemes) {
    if (!differs(scheme)) continue;
    any = true;
    if (!scheme.before_ran || !scheme.after_ran) {
      std::printf("%s：%s\n", scheme.scheme.c_str(),
                  scheme.after_ran ? say(session.language(), "试算前缺值没有运行，试算后运行了。",
                                         "did not run before for want of a value, runs now.")
                                         .c_str()
                                   : say(session.language(), "试算后缺值，不再运行。",
                                         "does not run any more for want of a value.")
                                         .c_str());
      continue;
    }
    if (!scheme.touched.empty()) print(transitions_of(scheme));
    print(movers_of(naming, pack, scheme));
    print(moved_of(naming, comparison, scheme));
    if (!scheme.touched.empty()) print(distribution_of(scheme));
    for (const simulate::PriceMoved& price : scheme.prices)
      if (!scheme.touched.empty() || differs(price)) print(price_of(naming, scheme, price));
    for (const std::string& failure : scheme.failures) std::fprintf(stderr, "对平：%s\n", failure.c_str());
  }
  for (const simulate::RosterComparison& roster : comparison.rosters) any = any || !roster.changes.empty();
  print(rosters_of(comparison));
  print(figures_of(naming, comparison));
  any = any || !comparison.figures.empty();
  if (!any) std::printf("%s\n", say(session.language(), "什么都没有变。", "Nothing changes.").c_str());
  std::printf("%s\n", say(session.language(), "试算，不是结果，不得公布。",
                          "A trial, not a result; not to be published.")
                          .c_str());
}

// One line a variant: overrides separated by ; and a name before | if it has one.
std::optional<std::vector<std::pair<std::string, std::vector<std::string>>>> variants_of(
    const std::string& path) {
  std::ifstream in(path);
  if (!in) return std::nullopt;
  std::vector<std::pair<std::string, std::vector<std::string>>> out;
  for (std::string line; std::getline(in, line);) {
    std::string_view rest = text::trim(line);
    if (rest.empty() || rest.front() == '#') continue;
    auto& variant = out.emplace_back();
    if (const std::size_t bar = rest.find('|'); bar != std::string_view::npos) {
      variant.first = std::string(text::trim(rest.substr(0, bar)));
      rest.remove_prefix(bar + 1);
    }
    for (const std::string_view part : text::split(rest, ';'))
      if (!text::trim(part).empty()) variant.second.emplace_back(text::trim(part));
    if (variant.first.empty()) variant.first = std::string(text::trim(rest));
  }
  return out;
}

std::string text_of(const std::optional<quantity::Decimal>& number, const char* absent) {
  return number ? number->to_string() : absent;
}
std::string price_after(const SchemeComparison& scheme, std::size_t price) {
  return price < scheme.prices.size() ? text_of(scheme.prices[price].whole().after.money, "待补") : "—";
}

// Variants side by side: one row a scheme and grade, one column a variant.
void show_side_by_side(Session& session, const std::vector<std::pair<std::string, Comparison>>& variants) {
  for (std::size_t s = 0; s < variants.front().second.schemes.size(); ++s) {
    const SchemeComparison& first = variants.front().second.schemes[s];
    view::Table table{.id = "variants", .title = {first.scheme + "：并排", first.scheme + ": side by side"}};
    table.columns = {trial_column("what", "", ""), trial_column("base", "现行", "base", kFigures)};
    for (const auto& [name, comparison] : variants)
      table.columns.push_back({.id = name, .label = {name, name}, .align = kFigures});
    for (std::size_t g = 0; g < first.places.size(); ++g) {
      std::vector<std::string> row{first.places[g]};
      std::int64_t base = 0, all = 0;
      for (const std::int64_t count : first.transitions[g]) base += count;
      row.push_back(std::to_string(base));
      for (const auto& [name, comparison] : variants) {
        std::int64_t count = 0;
        for (const auto& from : comparison.schemes[s].transitions) count += from[g];
        all += count;
        row.push_back(comparison.schemes[s].after_ran ? std::to_string(count) : "—");
      }
      if (base + all > 0) table.rows.push_back(std::move(row));
    }
    std::vector<std::string> movers{say(session.language(), "移档", "movers"), ""};
    for (const auto& [name, comparison] : variants)
      movers.push_back(std::to_string(comparison.schemes[s].movers.size()));
    table.rows.push_back(std::move(movers));
    for (std::size_t p = 0; p < first.prices.size(); ++p) {
      const simulate::PriceMoved& price = first.prices[p];
      std::vector<std::string> row{price.name + "（" + price.unit + "）",
                                   text_of(price.whole().before.money, "待补")};
      for (const auto& [name, comparison] : variants) row.push_back(price_after(comparison.schemes[s], p));
      table.rows.push_back(std::move(row));
    }
    if (session.common().json) continue;
    std::fputs(view::render_terminal(table, session.language()).c_str(), stdout);
  }
  if (!session.common().json) {
    view::Table table{.id = "lists", .title = {"清单入列家数：并排", "Lists: side by side"}};
    table.columns = {trial_column("what", "", ""), trial_column("base", "现行", "base", kFigures)};
    for (const auto& [name, comparison] : variants)
      table.columns.push_back({.id = name, .label = {name, name}, .align = kFigures});
    for (std::size_t r = 0; r < variants.front().second.rosters.size(); ++r) {
      const simulate::RosterComparison& first = variants.front().second.rosters[r];
      std::vector<std::string> row{first.roster,
                                   first.before_ran ? std::to_string(first.listed_before) : "—"};
      for (const auto& [name, comparison] : variants)
        row.push_back(comparison.rosters[r].after_ran ? std::to_string(comparison.rosters[r].listed_after)
                                                      : "—");
      table.rows.push_back(std::move(row));
    }
    if (!table.rows.empty()) std::fputs(view::render_terminal(table, session.language()).c_str(), stdout);
    return;
  }
  text::JsonWriter json;
  json.begin_object().key("variants").begin_array();
  for (const auto& [name, comparison] : variants) {
    json.begin_object().member("name", name).key("comparison");
    write_json(json, comparison);
    json.end_object();
  }
  json.end_array().end_object();
  std::printf("%s\n", json.take().c_str());
}

std::optional<quantity::Decimal> number_of(const std::string& text) {
  return text.empty() ? std::nullopt : quantity::Decimal::parse(text);
}

// The step before the last, if there is one, and the last.
std::vector<const simulate::Step*> last_two(const simulate::Sought& sought) {
  std::vector<const simulate::Step*> out;
  const std::size_t n = sought.steps.size();
  for (std::size_t i = n < 2 ? 0 : n - 2; i < n; ++i) out.push_back(&sought.steps[i]);
  return out;
}

Exit walk(Session& session, simulate::Simulation& simulation, const SimulateOptions& options) {
  const bool seeks = !options.seek.empty();
  std::vector<Override> overrides;
  if (!read_all(session, {(seeks ? options.seek : options.sweep) + "=0"}, overrides)) return Exit::Findings;
  const simulate::ReadGrid grid = simulate::grid_of(*session.pack(), overrides[0], number_of(options.from),
                                                    number_of(options.to), number_of(options.step));
  print_diagnostics(grid.diagnostics, session.common());
  if (!grid.grid) return Exit::Findings;
  const simulate::Resident resident(*session.pack(), session.snapshot(), simulation.options());
  if (!seeks) {
    std::vector<std::pair<std::string, Comparison>> variants;
    for (const quantity::Decimal value : simulate::values_of(*grid.grid))
      variants.emplace_back(value.to_string(),
                            resident.with({simulate::with_value(overrides[0], value)}).comparison);
    for (std::size_t s = 0; !session.common().json && s < variants.front().second.schemes.size(); ++s) {
      const SchemeComparison& first = variants.front().second.schemes[s];
      view::Table table{.id = "sweep",
                        .title = {first.scheme + "：" + options.sweep, first.scheme + ": " + options.sweep}};
      table.columns = {trial_column("value", "取值", "value", kFigures),
                       trial_column("movers", "移档", "movers", kFigures)};
      for (const std::string& place : first.places)
        table.columns.push_back({.id = place, .label = {place, place}, .align = kFigures});
      for (const simulate::PriceMoved& price : first.prices)
        table.columns.push_back(
            {.id = price.name, .label = {price.name, price.name}, .unit = price.unit, .align = kFigures});
      for (const auto& [value, comparison] : variants) {
        std::vector<std::string> row{value, std::to_string(comparison.schemes[s].movers.size())};
        for (std::size_t g = 0; g < first.places.size(); ++g) {
          std::int64_t count = 0;
          for (const auto& from : comparison.schemes[s].transitions) count += from[g];
          row.push_back(std::to_string(count));
        }
        for (std::size_t p = 0; p < first.prices.size(); ++p)
          row.push_back(price_after(comparison.schemes[s], p));
        table.rows.push_back(std::move(row));
      }
      std::fputs(view::render_terminal(table, session.language()).c_str(), stdout);
    }
    if (session.common().json) show_side_by_side(session, variants);
    return Exit::Ok;
  }
  const simulate::ReadGoal goal =
      simulate::read_goal(options.goal, simulate::aggregates(*session.pack(), session.snapshot(),
                                                             simulation.options().period, simulation.base()));
  print_diagnostics(goal.diagnostics, session.common());
  if (!goal.tree) return Exit::Findings;
  const simulate::Sought sought =
      simulate::seek(simulation, overrides[0], *grid.grid, *goal.tree,
                     options.largest ? simulate::Seek::Largest : simulate::Seek::Smallest, &resident);
  std::int64_t unknown = 0;
  for (const simulate::Step& each : sought.steps) unknown += each.reaches.has_value() ? 0 : 1;
  if (session.common().json) {
    text::JsonWriter json;
    json.begin_object()
        .member("found", sought.found ? sought.steps[*sought.found].value.to_string() : std::string())
        .member("steps", static_cast<std::int64_t>(sought.steps.size()))
        .member("unknown", unknown)
        .member("method", "scan")
        .key("last")
        .begin_array();
    for (const simulate::Step* each : last_two(sought)) {
      json.begin_object().member("value", each->value.to_string()).key("reaches");
      if (each->reaches)
        json.boolean(*each->reaches);
      else
        json.null();
      json.key("figures").begin_object();
      for (const auto& [name, value] : each->figures)
        json.member(name, value.is_null() ? "" : value.to_text());
      json.end_object().end_object();
    }
    json.end_array();
    std::printf("%s\n", json.end_object().take().c_str());
  } else if (sought.found) {
    std::printf("%s = %s：%s\n", options.seek.c_str(), sought.steps[*sought.found].value.to_string().c_str(),
                options.goal.c_str());
    if (*sought.found > 0)
      std::printf("逐格试算 %zu 格（不假定单调），此前各格都不达到，前一格 %s 已复算。\n",
                  sought.steps.size(), sought.steps[*sought.found - 1].value.to_string().c_str());
    else
      std::printf("第一格就达到：范围以外的没有试，要知道界限把起点放远。\n");
    for (const simulate::Step* each : last_two(sought)) {
      std::printf("  %s %s", each->value.to_string().c_str(), each->reaches == true ? "达到：" : "不达到：");
      for (std::size_t i = 0; i < each->figures.size(); ++i)
        std::printf("%s%s = %s", i == 0 ? "" : "，", each->figures[i].first.c_str(),
                    each->figures[i].second.is_null() ? "没有值" : each->figures[i].second.to_text().c_str());
      std::printf("\n");
    }
  } else {
    std::printf("逐格试算 %zu 格，没有一格达到“%s”。\n", sought.steps.size(), options.goal.c_str());
  }
  if (unknown > 0)
    std::fprintf(stderr, "其中 %lld 格目标式没有值（缺数）。\n", static_cast<long long>(unknown));
  return sought.found ? Exit::Ok : Exit::Findings;
}

// The same data under another version of the pack.
Exit under_another_pack(Session& session, const std::vector<std::string>& folders) {
  const pack::ReadPack read = pack::read_pack(folders.front(), {folders.begin() + 1, folders.end()});
  print_diagnostics(read.diagnostics, session.common());
  if (!read.pack || diagnostic::has_errors(read.diagnostics)) return Exit::Findings;
  if (const auto changes = schema::difference(session.pack()->schema, read.pack->schema); !changes.empty()) {
    const std::string places = std::to_string(changes.size());
    const text::Words refused{"这一版的台账与现行的不同（" + places +
                                  " 处），同一份数据不能直接换着算。先用 tenglong migrate 看会改动什么。",
                              "The registers of that version differ from these in " + places +
                                  " places, so the same data cannot be run under it. See tenglong migrate."};
    std::fprintf(stderr, "%s\n", text::in_language(refused, session.language()).c_str());
    return Exit::Findings;
  }
  const run::Options how{.period = *session.period()};
  const result::Result after = run::run(*read.pack, session.snapshot(), how);
  show(session, *read.pack,
       simulate::compare(
           *read.pack, session.snapshot(), session.result(), after,
           simulate::prices_of(*session.pack(), session.snapshot(), how.period, session.result()),
           simulate::prices_of(*read.pack, session.snapshot(), how.period, after)));
  return Exit::Ok;
}

bool ready(Session& session) { return session.pack() != nullptr && has_data(session); }

}  // namespace

Exit simulate_changes(Session& session, const SimulateOptions& options) {
  if (!ready(session)) return Exit::Findings;
  if (options.robust > 0) return robustness(session, options);
  if (options.close) return close_to_lines(session, options);
  if (!options.with.empty()) {
    if (options.set.empty() && options.variants.empty() && options.sweep.empty() && options.seek.empty())
      return under_another_pack(session, options.with);
    std::fprintf(
        stderr, "%s\n",
        say(session.language(), "--with 换整个政策包，不与 --set、--variants、--sweep、--seek 同用。",
            "--with takes a whole pack, and none of --set, --variants, --sweep, --seek beside it.")
            .c_str());
    return Exit::Usage;
  }
  simulate::Simulation simulation(*session.pack(), session.snapshot(), {.period = *session.period()},
                                  session.result());
  if (!options.sweep.empty() || !options.seek.empty()) return walk(session, simulation, options);
  if (!options.variants.empty()) {
    const auto variants = variants_of(options.variants);
    if (!variants || variants->empty() || variants->size() > kMostVariants) {
      std::fprintf(stderr, "%s\n",
                   say(session.language(), "变体文件每行一个：名称 | 改动; 改动。要有一到八行。",
                       "A file of variants has one to eight lines: name | change; change.")
                       .c_str());
      return Exit::Usage;
    }
    std::vector<std::pair<std::string, Comparison>> compared;
    bool all_read = true;
    for (const auto& [name, texts] : *variants) {
      std::vector<Override> overrides;
      all_read = read_all(session, texts, overrides) && all_read;
      if (all_read) compared.emplace_back(name, simulation.compare_with(overrides));
    }
    if (!all_read) return Exit::Findings;
    show_side_by_side(session, compared);
    return Exit::Ok;
  }
  std::vector<Override> overrides;
  if (!read_all(session, options.set, overrides)) return Exit::Findings;
  show(session, *session.pack(), simulation.compare_with(overrides));
  return Exit::Ok;
}

Exit impact(Session& session, const ImpactOptions& options) {
  if (!ready(session)) return Exit::Findings;
  std::vector<Override> overrides;
  if (!read_all(session, {options.key + "." + options.field + "=" + options.value}, overrides))
    return Exit::Findings;
  const schema::Register* at = session.pack()->schema.find(overrides[0].block);
  if (options.register_id != at->id && options.register_id != at->name) {
    std::fprintf(stderr, "“%s”在台账 %s（%s），不在 %s。\n", options.field.c_str(), at->id.c_str(),
                 at->name.c_str(), options.register_id.c_str());
    return Exit::Usage;
  }
  const simulate::Resident resident(*session.pack(), session.snapshot(), {.period = *session.period()});
  const simulate::Resident::Correction impact = resident.correct(overrides[0]);
  if (!session.common().json) {
    const auto list = [](const char* what, const std::set<std::string>& names) {
      if (names.empty()) return;
      std::printf("%s", what);
      for (const std::string& name : names) std::printf(" %s", name.c_str());
      std::printf("\n");
    };
    std::printf("更正前先看：%s\n", overrides[0].text.c_str());
    list("用到它的方案：", impact.may_touch.schemes);
    list("用到它的清单：", impact.may_touch.rosters);
    list("用到它的汇总指标：", impact.may_touch.indicators);
    list("用到它的目标：", impact.may_touch.targets);
    std::set<std::string> prices;
    for (const pack::Simulation& each : session.pack()->simulations)
      for (const pack::Price& price : each.prices)
        if (each.of == at->id && price.field == at->fields[overrides[0].index].name)
          prices.insert(price.name);
    list("用到它的价格：", prices);
  }
  show(session, *session.pack(), impact.comparison);
  return Exit::Ok;
}

}  // namespace tenglong::cli
