#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "bench/w1/w1.h"

namespace bench::w1 {
namespace {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  double unit() { return static_cast<double>(next() >> 11) / 9007199254740992.0; }
  double log_normal(double mu, double sigma) {
    const double a = unit(), b = unit();
    return std::exp(mu + sigma * std::sqrt(-2 * std::log(a + 1e-18)) * std::cos(2 * 3.141592653589793 * b));
  }

 private:
  std::uint64_t state_;
};

// The double that names the number with this many decimals.
double decimal(double value, int places) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", places, value);
  return std::strtod(text, nullptr);
}

}  // namespace

District make_district(std::size_t firms) {
  District d;
  Random random(20220324);
  for (int industry = 0; industry < kIndustries; ++industry) {
    const double k = 0.5 + 1.5 * random.unit();
    d.base.push_back(decimal(12 * k, 2));
    d.base.push_back(decimal(50 * k * (0.8 + 0.4 * random.unit()), 2));
    d.base.push_back(decimal(35.5 * (0.6 + 0.8 * random.unit()), 2));
    d.base.push_back(decimal(2.5 * (0.4 + 1.2 * random.unit()), 4));
    d.base.push_back(decimal(0.015 * (0.5 + random.unit()), 4));
    d.base.push_back(decimal(200 * k, 2));
  }
  for (std::size_t i = 0; i < firms; ++i) {
    const double land = std::max(0.5, random.log_normal(2.3, 0.9));
    const double revenue = land * random.log_normal(5.0, 0.8);
    double added = revenue * (0.05 + 0.4 * random.unit());
    if (random.unit() < 0.03) added = -0.1 * added;
    double tax = revenue * (0.01 + 0.08 * random.unit());
    if (random.unit() < 0.03) tax = -0.5 * tax;
    const double staff = std::max(1.0, std::nearbyint(revenue / (60 + 120 * random.unit())));
    const double energy = std::max(0.05, revenue * (0.03 + 0.3 * random.unit()));
    const double research = random.unit() < 0.4 ? 0.0 : revenue * 0.05 * random.unit();
    d.tax.push_back(decimal(tax, 4));
    d.added.push_back(decimal(added, 4));
    d.land.push_back(decimal(land, 2));
    d.staff.push_back(decimal(staff, 0));
    d.energy.push_back(decimal(energy, 2));
    d.research.push_back(decimal(research, 4));
    d.revenue.push_back(decimal(std::max(revenue, 0.01), 4));
    d.industry.push_back(static_cast<std::int32_t>(random.next() % kIndustries));
    d.town.push_back(static_cast<std::int32_t>(random.next() % kTowns));
    d.veto.push_back(random.unit() < 0.02 ? 1 : 0);
  }
  return d;
}

void make_one_digit(District& d) {
  const auto coarse = [](std::vector<double>& column, double least) {
    for (double& value : column) {
      if (value == 0) continue;
      const double unit = std::pow(10, std::floor(std::log10(std::fabs(value) + 1e-9)));
      const double size = std::max(std::round(std::fabs(value) / unit) * unit, least);
      value = decimal(value < 0 ? -size : size, 4);
    }
  };
  for (std::vector<double>* column : {&d.tax, &d.added, &d.land, &d.staff, &d.energy, &d.revenue})
    coarse(*column, 0.5);
  coarse(d.research, 0.01);
}

}  // namespace bench::w1
