// One value corrected at 200,000 firms: the impact list (who moves, whose rank shifts, lists, figures,
// targets), beside the hand-written loop that grades everyone once. Medians of 9.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "bench/w2/w2.h"
#include "engine/run/execution.h"
#include "engine/simulate/resident.h"
#include "engine/simulate/simulation.h"

namespace {

using namespace bench;
using namespace tenglong;

constexpr std::size_t kFirms = 200'000;

const char* const kBlocks =
    "## 试算\n\n```yaml simulation\nid: trial\nname: 试算口径\nof: firm\nmeasures: [用地面积, 税收, "
    "职工人数]\n"
    "by: [镇街, 行业]\nbins: [40, 60, 80, 100, 120]\nsource: 建 基准测试\n```\n\n"
    "```yaml roster\nid: low\nname: 低效清单\nof: firm\ndue: \"true\"\nenters_if: 亩均税收 <= 3\nsource: 建 "
    "基准测试\n```\n\n"
    "```yaml indicator\nid: tax_whole\nname: 全区亩均税收\nover: firm\nunit: 万元/亩\n"
    "formula: sum(税收) / sum(用地面积)\nby: [镇街, 行业]\nsource: 建 基准测试\n```\n\n"
    "```yaml indicator\nid: tax_big\nname: 规上税收\nover: firm\nwhere: 营业收入 >= 2000\nunit: 万元\n"
    "formula: sum(税收)\nby: [镇街]\nsource: 建 基准测试\n```\n";

// Keys of firms that stand next behind the best cut, nearest first: a higher tax lifts one of them and pushes
// another down.
std::vector<std::string> next_behind(const pack::Pack& pack, const column::Snapshot& snapshot,
                                     const run::Options& options, std::size_t count) {
  const plan::Plan plan = plan::lower(pack, options.period);
  const run::SchemeColumns columns = run::execute(plan, plan.schemes[0], pack, snapshot, options);
  std::vector<std::size_t> behind;
  for (std::size_t i = 0; i < columns.rows.size(); ++i)
    if (columns.raw_grade[i] == 1 && columns.grade[i] == 1) behind.push_back(i);
  std::sort(behind.begin(), behind.end(), [&](std::size_t a, std::size_t b) {
    return columns.group[a] != columns.group[b] ? columns.group[a] < columns.group[b]
                                                : columns.rank[a] < columns.rank[b];
  });
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < behind.size() && i < count; ++i)
    keys.push_back(snapshot.find("firm")->key[columns.rows[behind[i]]]);
  return keys;
}

}  // namespace

int main() {
  const pack::Pack pack = w2::read_pack_with(kBlocks);
  const w1::District district = w1::make_district(kFirms);
  const column::Snapshot snapshot = w2::columns_of(pack, district);
  const run::Options options{.period = calendar::Period::year(2022)};
  const simulate::Resident resident(pack, snapshot, options);
  const auto change = [&](const char* text) {
    simulate::ReadOverride read = simulate::read_override(text, pack, snapshot, options.period);
    if (!read.override) std::abort();
    return *read.override;
  };
  const simulate::Override small = change("0001234.税收=200"), far = change("0100000.税收=99999.5");
  simulate::Resident::Correction a, b, c;
  a = resident.correct(small);  // the first question about a figure looks at everyone once
  std::optional<simulate::Override> lifting;
  for (const std::string& key : next_behind(pack, snapshot, options, 50)) {
    lifting = change((key + ".税收=88888").c_str());
    c = resident.correct(*lifting);
    if (!c.comparison.schemes[0].movers.empty()) break;
  }
  if (!lifting || c.comparison.schemes[0].movers.empty()) {
    std::printf("no correction was found that moves a firm\n");
    return 1;
  }
  w1::LoopResult loop;
  const auto seconds =
      w2::median_seconds({[&] { a = resident.correct(small); }, [&] { b = resident.correct(far); },
                          [&] { c = resident.correct(*lifting); },
                          [&] { w1::hand_written_loop(district, w1::Sort::Comparison, loop); }},
                         w2::Cores::One);
  std::printf("{\"impl\":\"tenglong\",\"work\":\"correction\",\"n\":%zu,\"median_s\":%.6f}\n", kFirms,
              seconds[0]);
  for (const auto& [what, each, time] :
       {std::tuple("one", &a, seconds[0]), std::tuple("from low to high", &b, seconds[1]),
        std::tuple("over a line", &c, seconds[2])})
    std::printf(
        "%s: %.1f ms to the impact list (bar 20), %.2f x the std::sort loop; %zu firms touched, %zu move, "
        "%zu on "
        "lists, %zu figures\n",
        what, time * 1e3, time / seconds[3], each->comparison.schemes[0].touched.size(),
        each->comparison.schemes[0].movers.size(), each->comparison.rosters[0].changes.size(),
        each->comparison.figures.size());
  return a.whole_run || b.whole_run || c.whole_run ? 1 : 0;
}
