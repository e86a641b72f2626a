#include "engine/simulate/prices.h"

#include <algorithm>
#include <set>

#include "engine/simulate/inside/rates.h"

namespace tenglong::simulate {
namespace {

using quantity::ExactSum;

// Sums of one line while records are added.
struct LineSum {
  ExactSum money = {};
  bool waits = false;
  PriceSum out = {};
  PriceSum take() {
    if (!waits) out.money = money.result();
    return out;
  }
};

std::string words_of_gap(const pack::Parameter& rate, const std::string& grade,
                         const pack::ParameterRow* row) {
  std::string out = rate.name + "（" + std::string(kByGrade) + " " + grade;
  const std::string source = row == nullptr || row->source.empty() ? rate.source : row->source;
  if (!source.empty()) out += "；" + source;
  return out + "）";
}

// A power of ten, or -1.
int power_of_ten(std::int64_t number) {
  int power = 0;
  for (; number % 10 == 0 && number > 1; number /= 10) ++power;
  return number == 1 ? power : -1;
}

constexpr __int128 kMostFactor = 10'000'000'000'000'000;  // 10^16: times a quantity of 10^18 it has 34 digits

// rate x conversion as a whole number x 10^exponent, if no record's money is rounded by it.
struct WholeRate {
  __int128 factor = 0;
  int exponent = 0;
};
std::optional<WholeRate> whole_rate(const pack::Price& price, Decimal rate) {
  const int denominator = power_of_ten(price.to_unit.factor.denominator);
  const Decimal::Parts parts = rate.parts();
  if (denominator < 0 || parts.coefficient >= kMostFactor || parts.coefficient <= -kMostFactor)
    return std::nullopt;
  const __int128 factor = parts.coefficient * price.to_unit.factor.numerator;
  if (factor >= kMostFactor || factor <= -kMostFactor) return std::nullopt;
  return WholeRate{factor, parts.exponent - denominator};
}

void add_whole(__int128 units, int places, const WholeRate& rate, ExactSum& out) {
  constexpr __int128 kPart =
      100'000'000'000'000;  // 10^14: either part times a factor has fewer than 34 digits
  out.add(Decimal::scaled(units / kPart * rate.factor, 14 + rate.exponent - places));
  out.add(Decimal::scaled(units % kPart * rate.factor, rate.exponent - places));
}

}  // namespace

std::optional<Decimal> price_of(const pack::Price& price, Decimal rate, Decimal quantity) {
  const auto product = quantity::multiply(rate, quantity);
  return product ? quantity::convert(*product, price.to_unit) : std::nullopt;
}

std::vector<Rates> rates_of(const pack::Pack& pack, const pack::Simulation* declared,
                            const std::vector<std::string>& grades, const calendar::Period& period,
                            const std::vector<Override>& overrides) {
  std::vector<Rates> out;
  if (declared == nullptr) return out;
  for (const pack::Price& price : declared->prices) {
    Rates& rates = out.emplace_back();
    const pack::Parameter* rate = pack.parameter(price.rate);
    for (const std::string& grade : grades) {
      const pack::ParameterRow* row =
          rate == nullptr ? nullptr : pack::lookup(*rate, {feel::Value(grade)}, period.to);
      std::optional<feel::Value> value = row == nullptr ? std::nullopt : row->value;
      for (const Override& each : overrides)
        if (row != nullptr && each.kind == Override::Kind::Parameter && each.block == rate->name &&
            &rate->rows[each.index] == row)
          value = each.state == quantity::State::Known ? std::optional(each.value) : std::nullopt;
      const bool is_known = value && value->kind() == feel::Kind::Number;
      rates.of_grade.push_back(is_known ? std::optional(value->number()) : std::nullopt);
      rates.waits.push_back(is_known || rate == nullptr ? std::string() : words_of_gap(*rate, grade, row));
    }
  }
  return out;
}

std::vector<PriceMoved> prices_beside(const pack::Simulation& declared,
                                      const std::vector<std::string>& grades,
                                      const std::vector<PriceSums>& before,
                                      const std::vector<PriceSums>& after) {
  std::vector<PriceMoved> out;
  for (const pack::Price& price : declared.prices) {
    const auto of_side = [&](const std::vector<PriceSums>& sums) {
      const auto found = std::find_if(sums.begin(), sums.end(),
                                      [&](const PriceSums& each) { return each.name == price.name; });
      return found == sums.end() ? nullptr : &*found;
    };
    const PriceSums *was = of_side(before), *is = of_side(after);
    PriceMoved& moved = out.emplace_back();
    moved.name = price.name, moved.field = price.field, moved.rate = price.rate;
    moved.unit = price.unit.name(), moved.clause = price.clause;
    if (was != nullptr) moved.waits_before = was->waits;
    if (is != nullptr) moved.waits_after = is->waits;
    // Nothing is charged of nobody, and by no price; sums in another unit are not put beside.
    const auto side = [&](const PriceSums* of, const std::pair<std::string, std::string>& line) {
      if (of == nullptr) return PriceSum{.money = Decimal(0)};
      const auto found = of->lines.find(line);
      PriceSum sum = found == of->lines.end() ? PriceSum{.money = Decimal(0)} : found->second;
      if (of->unit != moved.unit) sum.money.reset();
      return sum;
    };
    const auto add = [&](const std::string& cut, const std::string& code) {
      moved.lines.push_back({cut, code, side(was, {cut, code}), side(is, {cut, code})});
    };
    add("", "");
    for (const std::string& grade : grades) add(std::string(kByGrade), grade);
    std::set<std::pair<std::string, std::string>> lines;
    for (const PriceSums* each : {was, is}) {
      if (each == nullptr) continue;
      for (const auto& [line, sum] : each->lines)
        if (!line.first.empty() && line.first != kByGrade) lines.insert(line);
    }
    for (const auto& [cut, code] : lines) add(cut, code);
  }
  return out;
}

std::vector<PriceSums> PriceColumns::sums(const std::vector<std::uint8_t>& place,
                                          const std::vector<Rates>& rates,
                                          const std::vector<std::string>& names,
                                          const std::vector<RestatedQuantity>& restated) const {
  struct Cell {
    std::int64_t records = 0;
    Measure::Sum sum = {};
    std::vector<Decimal> decimals = {};
  };
  std::vector<PriceSums> out;
  if (beside_.declared == nullptr) return out;
  const std::vector<pack::Price>& prices = beside_.declared->prices;
  for (std::size_t p = 0; p < prices.size(); ++p) {
    const Measure& quantity = beside_.quantities[p];
    std::vector<std::optional<WholeRate>> whole;
    bool by_whole = true;
    for (const auto& rate : rates[p].of_grade) {
      whole.push_back(rate ? whole_rate(prices[p], *rate) : WholeRate{});
      by_whole = by_whole && whole.back();
    }
    std::map<std::size_t, std::optional<Decimal>> anew;
    for (const RestatedQuantity& each : restated)
      if (each.price == p) anew[each.at] = each.value;
    PriceSums& sums = out.emplace_back();
    sums.name = prices[p].name, sums.unit = prices[p].unit.name();
    std::set<std::string> waits;
    const auto add_lines = [&](const std::string& name, const std::vector<std::int32_t>* code,
                               const std::vector<std::string>& texts, bool by_grade) {
      std::vector<Cell> cells(texts.size() * grades_);
      const auto add = [&](std::size_t i) {
        if (place[i] >= grades_) return;
        Cell& cell = cells[(code == nullptr ? 0 : static_cast<std::size_t>((*code)[i])) * grades_ + place[i]];
        ++cell.records;
        const auto other = anew.empty() ? anew.end() : anew.find(i);
        if (other == anew.end() && by_whole) return quantity.add(i, cell.sum);
        const std::optional<Decimal> value = other == anew.end() ? quantity.value(i) : other->second;
        if (value)
          cell.decimals.push_back(*value);
        else
          ++cell.sum.without;
      };
      for (std::size_t i = 0; i < place.size(); ++i) add(i);
      const auto add_cell = [&](std::size_t g, const Cell& cell, LineSum& line) {
        line.out.records += cell.records;
        line.out.without += cell.sum.without;
        if (cell.records == 0) return;
        const auto& rate = rates[p].of_grade[g];
        if (!rate) {
          line.waits = true;
          if (!rates[p].waits[g].empty()) waits.insert(rates[p].waits[g]);
          return;
        }
        if (by_whole) add_whole(cell.sum.units, quantity.places(), *whole[g], line.money);
        const auto add_one = [&](Decimal value) {
          if (const auto money = price_of(prices[p], *rate, value))
            line.money.add(*money);
          else
            line.waits = true;
        };
        for (const std::uint32_t row : cell.sum.apart) add_one(quantity.of_row(row));
        for (const Decimal value : cell.decimals) add_one(value);
      };
      for (std::size_t at = 0; at < texts.size(); ++at) {
        LineSum line;
        for (std::size_t g = 0; g < grades_; ++g) {
          const Cell& cell = cells[at * grades_ + g];
          add_cell(g, cell, line);
          if (!by_grade) continue;
          LineSum of_grade;
          add_cell(g, cell, of_grade);
          sums.lines[{std::string(kByGrade), names[g]}] = of_grade.take();
        }
        if (by_grade || line.out.records > 0) sums.lines[{name, texts[at]}] = line.take();
      }
    };
    add_lines("", nullptr, {""}, true);
    for (const Cut& cut : beside_.cuts) add_lines(cut.name, &cut.code, cut.texts, false);
    sums.waits.assign(waits.begin(), waits.end());
  }
  return out;
}

// The plain way: record by record in decimal128.
Priced prices_of(const pack::Pack& pack, const column::Snapshot& snapshot, const calendar::Period& period,
                 const result::Result& result) {
  Priced out;
  for (const pack::Scheme& scheme : pack.schemes) {
    const pack::Simulation* declared = pack.simulation_of(scheme.of);
    const result::SchemeResult* ran = result.scheme(scheme.name);
    if (declared == nullptr || declared->prices.empty() || ran == nullptr) continue;
    const schema::Register& of = *pack.schema.find(scheme.of);
    const column::Table& table = *snapshot.find(scheme.of);
    const std::vector<std::string> grades = grades_of(pack, scheme);
    const std::vector<Rates> rates = rates_of(pack, declared, grades, period, {});
    std::vector<PriceSums>& sums = out[scheme.name];
    for (std::size_t p = 0; p < declared->prices.size(); ++p) {
      const pack::Price& price = declared->prices[p];
      const int field = of.field_index(of.find_by_name(price.field)->id);
      std::map<std::pair<std::string, std::string>, LineSum> lines;
      std::set<std::string> waits;
      lines[{"", ""}];
      for (const std::string& grade : grades) lines[{std::string(kByGrade), grade}];
      for (const result::Outcome& each : ran->outcomes) {
        const auto grade = std::find(grades.begin(), grades.end(), each.grade);
        if (each.standing != result::Standing::Rated || grade == grades.end()) continue;
        const auto g = static_cast<std::size_t>(grade - grades.begin());
        const auto& rate = rates[p].of_grade[g];
        if (!rate && !rates[p].waits[g].empty()) waits.insert(rates[p].waits[g]);
        const feel::Value value = column::value_of(table, static_cast<std::size_t>(field), each.row);
        const bool has_value = value.kind() == feel::Kind::Number;
        const auto money = rate && has_value ? price_of(price, *rate, value.number()) : std::nullopt;
        const auto add = [&](LineSum& line) {
          ++line.out.records;
          line.out.without += has_value ? 0 : 1;
          if (!rate || (has_value && !money)) line.waits = true;
          if (money) line.money.add(*money);
        };
        add(lines[{"", ""}]);
        add(lines[{std::string(kByGrade), *grade}]);
        for (const std::string& by : declared->by)
          add(lines[{by, text_beside(pack, snapshot, scheme.of, by, each.row)}]);
      }
      PriceSums& one = sums.emplace_back();
      one.name = price.name, one.unit = price.unit.name();
      for (auto& [name, line] : lines) one.lines[name] = line.take();
      one.waits.assign(waits.begin(), waits.end());
    }
  }
  return out;
}

}  // namespace tenglong::simulate
