#include "engine/intake/inside/suspicion.h"

#include <algorithm>
#include <cmath>

#include "engine/quantity/decimal.h"

namespace tenglong::intake {

using quantity::Decimal;
using quantity::Unit;

std::vector<Suspicion> suspicions_of(const schema::Field& field, const std::optional<Unit>& stated) {
  std::vector<Suspicion> out;
  const auto stated_factor = stated ? quantity::conversion(*stated, field.unit) : std::nullopt;
  const double of_stated = stated_factor ? static_cast<double>(stated_factor->factor.numerator) /
                                               static_cast<double>(stated_factor->factor.denominator)
                                         : 1;
  const auto known = [&](double factor) {
    return std::any_of(out.begin(), out.end(),
                       [&](const Suspicion& one) { return std::abs(one.factor / factor - 1) < 1e-9; });
  };
  for (const std::string& word : Unit::known_words()) {
    const auto unit = Unit::parse(word);
    if (!unit || unit->is_bare() || !unit->same_dimension(field.unit)) continue;
    const auto conversion = quantity::conversion(*unit, field.unit);
    if (!conversion) continue;
    const double factor = static_cast<double>(conversion->factor.numerator) /
                          static_cast<double>(conversion->factor.denominator) / of_stated;
    if (std::abs(factor - 1) > 1e-9 && !known(factor)) out.push_back({factor, word});
  }
  for (const double factor : {1e-4, 1e4, 1e-3, 1e3, 1e-2, 1e2, 1e-1, 10.0})
    if (!known(factor)) out.push_back({factor, ""});
  return out;
}

const Suspicion* explain(double value, double low, double high, const std::vector<Suspicion>& suspicions) {
  const double middle = std::sqrt(low * high);
  const auto distance = [&](const Suspicion& one) { return std::abs(std::log(value * one.factor / middle)); };
  const Suspicion* best = nullptr;
  for (const Suspicion& one : suspicions) {
    const double mended = value * one.factor;
    if (mended < low || mended > high) continue;
    const bool is_named = !one.unit.empty();
    if (!best || (is_named && best->unit.empty()) ||
        (is_named == !best->unit.empty() && distance(one) < distance(*best)))
      best = &one;
  }
  return best;
}

std::string times(double factor) {
  if (std::abs(factor - 2000.0 / 3) < 1) return "666.67";
  const double whole = std::round(factor);
  return Decimal(static_cast<std::int64_t>(whole)).to_string();
}
std::string off_by(const Suspicion& one) {
  return one.factor < 1 ? "大了 " + times(1 / one.factor) + " 倍" : "小到 1/" + times(one.factor);
}

std::string printed(double size) {
  return Decimal::from_double_shortest(size).rounded(4, quantity::RoundingMode::HalfUp).to_string();
}

}  // namespace tenglong::intake
