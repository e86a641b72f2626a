// One weight moved at 200,000 firms: every output of the simulator page (grades, transition matrix, who
// moves, land, tax and staff by town and industry, distribution), beside the hand-written loop that only
// grades. Medians of 9.
#include <cstdio>
#include <cstdlib>

#include "bench/w2/w2.h"
#include "engine/simulate/resident.h"

namespace {

using namespace bench;
using namespace tenglong;

constexpr std::size_t kFirms = 200'000;

}  // namespace

int main() {
  const pack::Pack pack = w2::read_pack_with(
      "## 试算\n\n```yaml simulation\nid: trial\nname: 试算口径\nof: firm\nmeasures: [用地面积, 税收, "
      "职工人数]\n"
      "by: [镇街, 行业]\nbins: [40, 60, 80, 100, 120]\nsource: 建 基准测试\n```\n");
  const w1::District district = w1::make_district(kFirms);
  const column::Snapshot snapshot = w2::columns_of(pack, district);
  const simulate::Resident resident(pack, snapshot, {.period = calendar::Period::year(2022)});
  const auto change = [&](const char* text) {
    simulate::ReadOverride read = simulate::read_override(text, pack, snapshot, calendar::Period::year(2022));
    if (!read.override) std::abort();
    return std::vector<simulate::Override>{std::move(*read.override)};
  };
  const auto weight = change("综合评价.亩均税收.权重=33.5");
  const auto cut = change("综合评价.A=25");
  simulate::Answer by_weight, by_cut;
  w1::LoopResult loop;
  const auto seconds =
      w2::median_seconds({[&] { by_weight = resident.with(weight); }, [&] { by_cut = resident.with(cut); },
                          [&] { w1::hand_written_loop(district, w1::Sort::Comparison, loop); }},
                         w2::Cores::One);
  const auto& scheme = by_weight.comparison.schemes[0];
  std::printf(
      "{\"impl\":\"tenglong\",\"work\":\"slider\",\"n\":%zu,\"median_s\":%.6f,\"movers\":%zu,\"cells\":%zu}"
      "\n",
      kFirms, seconds[0], scheme.movers.size(), scheme.moved.size());
  std::printf(
      "one weight: %.1f ms to all outputs (bar 60), %.2f x the std::sort loop that grades once; one cut: "
      "%.1f ms\n",
      seconds[0] * 1e3, seconds[0] / seconds[2], seconds[1] * 1e3);
  std::printf("%zu firms move by the weight, %zu by the cut; %.1f MiB kept beside the snapshot\n",
              scheme.movers.size(), by_cut.comparison.schemes[0].movers.size(),
              static_cast<double>(resident.bytes()) / 1048576);
  return by_weight.whole_run || by_cut.whole_run ? 1 : 0;
}
