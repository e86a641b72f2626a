// Questions about one run of 100,000 firms: why this result, which records make this figure, why not in the
// list.
#include <cstdio>

#include "bench/measure.h"
#include "bench/w1/engine.h"
#include "engine/run/distance.h"
#include "engine/run/figure.h"
#include "engine/run/row.h"
#include "engine/run/run.h"

namespace bench::w1 {

using namespace tenglong;

void ask_questions(const pack::Pack& pack, const District& district) {
  const column::Snapshot snapshot = columns_of(pack, district);
  const run::Options options{.period = calendar::Period::year(2022)};
  result::Result result;
  const double run_seconds = median_seconds([&] { result = run::run(pack, snapshot, options); }, 3);
  const std::size_t rows = district.size();
  std::printf("a whole run of %zu firms (outcomes, list, figures, fingerprint): %.0f ms\n", rows,
              run_seconds * 1e3);
  const auto told = [&](const char* what, double first, const std::vector<double>& each) {
    std::vector<double> sorted = each;
    std::sort(sorted.begin(), sorted.end());
    std::printf("%-44s first %8.3f ms, then median %.3f ms, worst %.3f ms of %zu; median/run %.5f\n", what,
                first * 1e3, sorted[sorted.size() / 2] * 1e3, sorted.back() * 1e3, sorted.size(),
                sorted[sorted.size() / 2] / run_seconds);
  };
  const auto ask = [&](const char* what, const std::function<void(std::size_t)>& question) {
    const double first = seconds_of([&] { question(0); });
    std::vector<double> each;
    for (std::size_t i = 1; i <= 200; ++i) each.push_back(seconds_of([&] { question(i * 499 % rows); }));
    told(what, first, each);
  };
  run::RowReader reader(pack, snapshot, options, &result);
  ask("why a firm's result is what it is", [&](std::size_t row) { reader.read("firm", row); });
  run::FigureReader figures(pack, snapshot, options);
  ask("the ten firms that weigh most in a figure",
      [&](std::size_t) { figures.read("全区亩均税收", {}, {}, 10); });
  ask("the same in one town",
      [&](std::size_t row) { figures.read("全区亩均税收", "镇街", std::to_string(row % kTowns), 10); });
  run::DistanceReader distances(pack, snapshot, options, result);
  ask("why a firm is not in the list", [&](std::size_t row) { distances.read("firm", row, "低效清单"); });
  ask("what a firm lacks to a better grade",
      [&](std::size_t row) { distances.read("firm", row, "综合评价"); });
}

}  // namespace bench::w1
