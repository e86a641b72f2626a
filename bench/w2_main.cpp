// W2 beside hand-written loops in one run: 10,000 firms under 1,000 weight vectors. One JSON line each, then
// the ratios. Medians of 9, taken by turns.
#include <atomic>
#include <cstdio>
#include <thread>

#include "bench/w2/w2.h"
#include "engine/run/variants.h"

namespace {

using namespace bench;
using namespace tenglong;

constexpr std::size_t kFirms = 10'000, kVectors = 1'000;

double check_of(const double* sums, const std::int64_t* counts, std::size_t scenario, double unit) {
  double check = 0;
  for (std::size_t cell = 0; cell < w1::kTowns * w1::kGrades; ++cell)
    if (counts[cell] != 0)
      check += static_cast<double>((cell * 7 + scenario) % 11) *
               (sums[cell] * unit / static_cast<double>(counts[cell]));
  return check;
}

void print_line(const char* implementation, double seconds, double check) {
  std::printf("{\"impl\":\"%s\",\"work\":\"W2\",\"n\":%zu,\"scen\":%zu,\"median_s\":%.6f,\"chk\":%.6f}\n",
              implementation, kFirms, kVectors, seconds, check);
}

}  // namespace

int main() {
  const pack::Pack pack = w2::read_pack(SOURCE_DIR "/bench/w1/pack");
  const w1::District district = w1::make_district(kFirms);
  const column::Snapshot snapshot = w2::columns_of(pack, district);
  const auto& towns = std::get<column::TextColumn>(snapshot.find("firm")->columns[9]);
  std::vector<std::size_t> town_of_code;
  for (const std::string& each : towns.dictionary) town_of_code.push_back(std::stoul(each));
  const std::vector<double> weights = w2::weight_vectors(kVectors);
  std::vector<run::SchemeChange> changes(kVectors);
  for (std::size_t s = 0; s < kVectors; ++s)
    for (int item = 0; item < w1::kItems; ++item)
      changes[s].weights.emplace_back(
          quantity::Decimal::from_double_shortest(weights[s * w1::kItems + static_cast<std::size_t>(item)]));

  double check[4] = {};
  const auto loop = [&](w1::Sort sort, double& sum) {
    w2::HandWrittenLoop each(district, sort);
    w1::LoopResult out;
    sum = 0;
    for (std::size_t s = 0; s < kVectors; ++s) {
      each.run(&weights[s * w1::kItems], out);
      sum += check_of(out.cells.sum, out.cells.count, s, 1);
    }
  };
  const run::Options options{.period = calendar::Period::year(2022)};
  std::atomic<std::int64_t> doubts{0};
  const auto variants = [&](std::size_t threads, double& sum) {
    const run::Variants all(pack, snapshot, options);
    std::vector<double> of_vector(kVectors);
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      run::SchemeColumns columns;
      for (std::size_t s = next++; s < kVectors; s = next++) {
        if (!all.run(0, changes[s], columns)) std::abort();
        doubts += columns.rows_in_doubt;
        const run::RollUp cells = run::roll_up(columns, towns);
        double sums[w1::kTowns * w1::kGrades] = {};
        std::int64_t counts[w1::kTowns * w1::kGrades] = {};
        for (std::size_t cell = 0; cell < cells.count.size(); ++cell) {
          const std::size_t to = town_of_code[cell / w1::kGrades] * w1::kGrades + cell % w1::kGrades;
          sums[to] = static_cast<double>(cells.sum[cell]);
          counts[to] = cells.count[cell];
        }
        of_vector[s] = check_of(sums, counts, s, 1e-6);
      }
    };
    std::vector<std::thread> others;
    for (std::size_t t = 1; t < threads; ++t) others.emplace_back(work);
    work();
    for (std::thread& each : others) each.join();
    sum = 0;
    for (const double each : of_vector) sum += each;
  };
  const auto one =
      w2::median_seconds({[&] { loop(w1::Sort::Comparison, check[0]); },
                          [&] { loop(w1::Sort::Radix, check[1]); }, [&] { variants(1, check[2]); }},
                         w2::Cores::One);
  doubts = 0;
  const auto two =
      w2::median_seconds({[&] { variants(1, check[2]); }, [&] { variants(2, check[3]); }}, w2::Cores::All);
  print_line("loop_stdsort", one[0], check[0]);
  print_line("loop_radix", one[1], check[1]);
  print_line("tenglong", one[2], check[2]);
  print_line("tenglong_2_threads", two[1], check[3]);
  std::printf(
      "W2: %.2f x the std::sort loop, %.2f x the radix loop; two threads gain %.2f x; %ld rows in doubt of "
      "%zu\n",
      one[2] / one[0], one[2] / one[1], two[0] / two[1], static_cast<long>(doubts / (2 * 9)),
      kFirms * kVectors);
  return check[2] == check[3] ? 0 : 1;
}
