// Explaining one value at 200,000 firms under a policy with a share and a rank: the whole reason of a firm,
// every indicator, scheme item and place among others, from a reader that is kept with the run. The first
// question makes the columns of shares and ranks. Medians of 9.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "bench/w2/w2.h"
#include "engine/explain/explain.h"
#include "engine/run/row.h"
#include "engine/run/run.h"

namespace {

using namespace bench;
using namespace tenglong;

constexpr std::size_t kFirms = 200'000;

const char* const kBlocks =
    "## 名次与比重\n\n"
    "```yaml indicator\nid: tax_share\nname: 税收占行业比重\nof: firm\nas: share\nwithin: [行业]\n"
    "unit: \"%\"\nformula: 税收\nsource: 建 基准测试\n```\n\n"
    "```yaml indicator\nid: rank_in_town\nname: 亩均税收镇街名次\nof: firm\nas: rank\nwithin: [镇街]\n"
    "first: highest\nformula: 亩均税收\nsource: 建 基准测试\n```\n\n"
    "```yaml indicator\nid: share_of_all\nname: 税收占全部比重\nof: firm\nas: share\n"
    "unit: \"%\"\nformula: 税收\nsource: 建 基准测试\n```\n";

}  // namespace

int main() {
  const pack::Pack pack = w2::read_pack_with(kBlocks);
  const w1::District district = w1::make_district(kFirms);
  const column::Snapshot snapshot = w2::columns_of(pack, district);
  const run::Options options{.period = calendar::Period::year(2022)};
  const result::Result result = run::run(pack, snapshot, options);
  const explain::SourceOf no_source = [](std::string_view, std::size_t, int) {
    return std::optional<explain::Source>();
  };
  std::size_t bytes = 0;
  const auto explained = [&](run::RowReader& reader, std::size_t row) {
    const run::RowView view = reader.read("firm", row);
    bytes =
        explain::render_json(explain::explain(pack, snapshot, view, "", no_source), text::Language::Chinese)
            .size();
  };
  run::RowReader kept(pack, snapshot, options, &result);
  std::size_t row = 0;
  const auto first = w2::median_seconds({[&] {
                                          run::RowReader fresh(pack, snapshot, options, &result);
                                          explained(fresh, 1234);
                                        }},
                                        w2::Cores::One);
  explained(kept, 0);
  const auto seconds =
      w2::median_seconds({[&] { explained(kept, row = (row + 22'229) % kFirms); }}, w2::Cores::One);
  std::printf("{\"impl\":\"tenglong\",\"work\":\"explain\",\"n\":%zu,\"median_s\":%.6f,\"first_s\":%.6f}\n",
              kFirms, seconds[0], first[0]);
  std::printf(
      "one firm, two shares and a rank: %.2f ms (bar 5), %zu bytes of reasons; the first of a run %.1f ms, "
      "which "
      "makes the columns\n",
      seconds[0] * 1e3, bytes, first[0] * 1e3);
  return bytes > 0 ? 0 : 1;
}
