#include <algorithm>
#include <array>

#include "engine/sample/sample.h"
#include "engine/schema/credit_code.h"

namespace tenglong::sample {

namespace {

// splitmix64: the same numbers in any language, on any machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(bound));
  }
  std::int64_t between(std::int64_t low, std::int64_t high) { return low + below(high - low + 1); }
  bool chance(std::int64_t per_mille) { return below(1000) < per_mille; }

 private:
  std::uint64_t state_;
};

// A skewed quantity by its quantiles, straight lines between them.
template <std::size_t N>
std::int64_t quantile(Random& random, const std::array<std::int64_t, N>& points) {
  constexpr std::int64_t kSteps = 10000;
  const std::int64_t at = random.below(kSteps * static_cast<std::int64_t>(N - 1));
  const auto left = static_cast<std::size_t>(at / kSteps);
  return points[left] + (points[left + 1] - points[left]) * (at % kSteps) / kSteps;
}

// 0.01 亩. Enterprises above scale hold more.
constexpr std::array<std::int64_t, 12> kLandAbove = {300,  600,  900,  1300, 1800,  2400,
                                                     3200, 4200, 5600, 8000, 13000, 30000};
constexpr std::array<std::int64_t, 12> kLandBelow = {80,  150, 210, 280,  340,  420,
                                                     520, 650, 820, 1100, 1600, 3500};
// 0.0001 万元/亩 in 2023; the mean over land comes to about 12 above scale (CB-25), well below that under it.
constexpr std::array<std::int64_t, 13> kTaxAbove = {6000,   26000,  42000,  54000,  66000,  81000, 97000,
                                                    115000, 138000, 167000, 212000, 298000, 590000};
constexpr std::array<std::int64_t, 13> kTaxBelow = {2000,  24000,  42000,  52000,  58000,  66000, 76000,
                                                    88000, 102000, 120000, 146000, 190000, 330000};

struct Trade {
  const char* industry;
  const char* product;
  std::int64_t weight;
  std::int64_t energy_per_mille;  // tce per 1000 万元 of value added
};
constexpr std::array<Trade, 14> kTrades = {{{"3731", "船舶", 12, 160},
                                            {"3734", "船配", 10, 140},
                                            {"4342", "修船", 8, 180},
                                            {"3737", "海工", 4, 150},
                                            {"1361", "水产", 14, 210},
                                            {"1369", "海产", 6, 230},
                                            {"3523", "螺杆", 18, 190},
                                            {"3525", "模具", 6, 170},
                                            {"3670", "汽配", 8, 200},
                                            {"292", "塑料", 5, 320},
                                            {"331", "金属", 4, 380},
                                            {"302", "建材", 2, 900},
                                            {"265", "化工", 2, 850},
                                            {"392", "电子", 1, 120}}};

// Growth toward the plan's 2023, in per mille of it.
std::int64_t level_of(int year) {
  switch (year) {
    case 2020:
      return 760;
    case 2021:
      return 840;
    case 2022:
      return 920;
    default:
      return 1000;
  }
}

const Trade& pick_trade(Random& random, bool screw_town) {
  if (screw_town && random.chance(600)) return kTrades[6];
  std::int64_t all = 0;
  for (const Trade& trade : kTrades) all += trade.weight;
  std::int64_t at = random.below(all);
  for (const Trade& trade : kTrades)
    if ((at -= trade.weight) < 0) return trade;
  return kTrades[0];
}

std::string four_digits(std::int64_t n) {
  std::string digits = std::to_string(n);
  return std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

Year make_year(Random& random, const Enterprise& enterprise, int year, std::int64_t tax_per_mu,
               std::int64_t added_per_tax, std::int64_t energy_per_mille, std::int64_t revenue_per_mille,
               std::int64_t research_per_10000, std::int64_t added_per_head, bool reports_emission) {
  Year out{.year = year};
  const std::int64_t noise = random.between(930, 1070);
  // 0.01 亩 x 0.0001 万元/亩 = 10^-6 万元
  out.tax = enterprise.land * tax_per_mu / 100 * level_of(year) / 1000 * noise / 1000;
  out.value_added =
      std::max<std::int64_t>(out.tax, 1000) * added_per_tax / 1000 * random.between(950, 1050) / 1000;
  if (random.chance(12)) out.value_added = -out.value_added / 5;
  if (random.chance(10)) out.tax = -out.tax / 10;  // refunds exceed payments
  const std::int64_t positive_added = std::max<std::int64_t>(std::abs(out.value_added), 1000);
  out.revenue = positive_added * revenue_per_mille / 1000;
  out.research = out.revenue * research_per_10000 / 10000;
  out.energy = std::max<std::int64_t>(
      positive_added * energy_per_mille / 100000 * random.between(900, 1100) / 1000, 100);
  out.electricity = std::max<std::int64_t>(positive_added * random.between(60, 110) / 1000, 500);
  if (reports_emission) out.emission = std::max<std::int64_t>(positive_added / random.between(3500, 7000), 1);
  out.staff = std::max<std::int64_t>(positive_added / added_per_head, 3);
  return out;
}

}  // namespace

District make_district(const Place& place, const Options& options) {
  District district{.place = place};
  Random random(options.seed);
  for (std::int64_t serial = 1; serial <= options.firms; ++serial) {
    Enterprise e;
    e.credit_code = schema::credit_code_from(40000000 + static_cast<std::uint64_t>(serial) * 7, place.area);
    const Town& town =
        place.towns[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(place.towns.size())))];
    const Trade& trade = pick_trade(random, town.short_name == "金塘");
    e.town = town.name;
    e.industry = trade.industry;
    e.name = "样例" + town.short_name + trade.product + four_digits(serial) + "有限公司";
    e.registered = calendar::Date{static_cast<std::int32_t>(random.between(1996, 2019)),
                                  static_cast<std::int32_t>(random.between(1, 12)),
                                  static_cast<std::int32_t>(random.between(1, 28))};
    if (random.chance(25)) e.registered.year = 2022;
    e.above_scale = random.chance(200);
    e.land = e.above_scale ? quantile(random, kLandAbove) : quantile(random, kLandBelow);
    if (!place.parks.empty() && random.chance(e.above_scale ? 450 : 200))
      e.park =
          place.parks[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(place.parks.size())))];
    e.public_utility = random.chance(6);
    e.newly_above_scale = e.above_scale && random.chance(40);
    e.land_protected = random.chance(15);
    e.major_construction = e.above_scale && random.chance(20);
    e.not_in_production = random.chance(8);
    e.research_unit = e.above_scale && random.chance(420);
    e.accident = random.chance(4);
    e.environment_failed = random.chance(10);
    const std::int64_t tax_per_mu = e.above_scale ? quantile(random, kTaxAbove) : quantile(random, kTaxBelow);
    const std::int64_t added_per_tax = random.between(3000, 5800), revenue = random.between(3200, 6000),
                       research = random.chance(350) ? 0 : random.between(40, 420);
    const std::int64_t added_per_head = random.between(220000, 480000);  // 22 to 48 万元 a head
    const bool reports_emission = !e.above_scale || !random.chance(200);
    for (int year = options.first_year; year <= options.last_year; ++year) {
      if (e.registered.year > year) continue;
      e.years.push_back(make_year(random, e, year, tax_per_mu, added_per_tax, trade.energy_per_mille, revenue,
                                  research, added_per_head, reports_emission));
      // A few stand exactly on the line of 2023: 5 outside a park, 8 inside.
      if (year == 2023 && serial % 131 == 7)
        e.years.back().tax = e.land * (e.park.empty() ? 50000 : 80000) / 100;
    }
    district.enterprises.push_back(std::move(e));
  }
  return district;
}

}  // namespace tenglong::sample
