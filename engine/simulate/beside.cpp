#include "engine/simulate/inside/beside.h"

#include <algorithm>
#include <map>

namespace tenglong::simulate {
namespace {

constexpr int kMostPlaces = 9;
constexpr std::int64_t kMostUnits = 1'000'000'000'000'000'000;

}  // namespace

Measure::Measure(const column::Table& table, std::size_t field, const std::vector<std::uint32_t>& rows)
    : table_(table), field_(field), rows_(rows), units_(rows.size(), 0), known_(rows.size(), kNone) {
  std::vector<Decimal::Parts> parts(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const feel::Value value = column::value_of(table, field, rows[i]);
    if (value.kind() != feel::Kind::Number) continue;
    parts[i] = value.number().parts();
    known_[i] = kApart;
    if (parts[i].exponent < 0 && parts[i].exponent >= -kMostPlaces)
      places_ = std::max(places_, -parts[i].exponent);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (known_[i] != kApart) continue;
    int exponent = parts[i].exponent + places_;
    __int128 units = parts[i].coefficient;
    if (exponent < 0 || exponent > 18 || units > kMostUnits || units < -kMostUnits) continue;
    for (; exponent > 0; --exponent) units *= 10;
    if (units > kMostUnits || units < -kMostUnits) continue;
    units_[i] = static_cast<std::int64_t>(units);
    known_[i] = kFits;
  }
}

Decimal Measure::total(const Sum& sum) const {
  quantity::ExactSum all;
  constexpr __int128 kPart = static_cast<__int128>(10'000'000'000'000'000) * 10'000'000'000'000'000;  // 10^32
  if (sum.units < kPart && sum.units > -kPart) {
    all.add(Decimal::scaled(sum.units, -places_));
  } else {
    all.add(Decimal::scaled(sum.units / kPart, 32 - places_));
    all.add(Decimal::scaled(sum.units % kPart, -places_));
  }
  for (const std::uint32_t row : sum.apart) all.add(column::value_of(table_, field_, row).number());
  return all.result().value_or(Decimal(0));
}

std::optional<Decimal> Measure::value(std::size_t i) const {
  if (known_[i] == kNone) return std::nullopt;
  return known_[i] == kFits ? Decimal::scaled(units_[i], -places_) : of_row(rows_[i]);
}

Decimal Measure::of_row(std::uint32_t row) const { return column::value_of(table_, field_, row).number(); }

std::vector<std::string> grades_of(const pack::Pack& pack, const pack::Scheme& scheme) {
  std::vector<std::string> out;
  const schema::Codes* codes = pack.schema.find_codes(scheme.codes);
  if (codes == nullptr) return out;
  for (const schema::CodeEntry& entry : codes->entries) out.push_back(entry.code);
  if (codes->order == schema::CodeOrder::WorstFirst) std::reverse(out.begin(), out.end());
  return out;
}

std::string text_beside(const pack::Pack& pack, const column::Snapshot& snapshot,
                        const std::string& register_id, const std::string& path, std::uint32_t row) {
  const std::string name = path.substr(path.rfind('.') == std::string::npos ? 0 : path.rfind('.') + 1);
  const schema::Register* at = pack.schema.find(register_id);
  const column::Table* table = snapshot.find(register_id);
  std::size_t here = row;
  while (at != nullptr && table != nullptr) {
    for (std::size_t f = 0; f < at->fields.size(); ++f)
      if (at->fields[f].name == name) {
        const feel::Value value = column::value_of(*table, f, here);
        return value.is_null() ? std::string() : value.to_text();
      }
    if (at->of.empty() || table->parent_row.empty() || table->parent_row[here] < 0) break;
    here = static_cast<std::size_t>(table->parent_row[here]);
    table = snapshot.find(at->of);
    at = pack.schema.find(at->of);
  }
  return {};
}

Beside::Beside(const pack::Pack& pack, const column::Snapshot& snapshot, const std::string& register_id,
               const std::vector<std::uint32_t>& rows)
    : declared(pack.simulation_of(register_id)) {
  if (declared == nullptr) return;
  const schema::Register& at = *pack.schema.find(register_id);
  const column::Table& table = *snapshot.find(register_id);
  for (const std::string& name : declared->measures)
    for (std::size_t f = 0; f < at.fields.size(); ++f)
      if (at.fields[f].name == name) measures.emplace_back(table, f, rows);
  for (const pack::Price& price : declared->prices)
    for (std::size_t f = 0; f < at.fields.size(); ++f)
      if (at.fields[f].name == price.field) quantities.emplace_back(table, f, rows);
  for (const std::string& by : declared->by) {
    Cut& cut = cuts.emplace_back();
    cut.name = by;
    cut.code.reserve(rows.size());
    std::map<std::string, std::int32_t, std::less<>> known;
    for (const std::uint32_t row : rows) {
      const std::string text = text_beside(pack, snapshot, register_id, by, row);
      const auto [code, is_new] = known.try_emplace(text, static_cast<std::int32_t>(cut.texts.size()));
      if (is_new) cut.texts.push_back(text);
      cut.code.push_back(code->second);
    }
  }
}

std::size_t Beside::bytes() const {
  std::size_t sum = 0;
  for (const auto* list : {&measures, &quantities})
    for (const Measure& each : *list) sum += each.bytes();
  for (const Cut& each : cuts) sum += each.code.capacity() * sizeof(std::int32_t);
  return sum;
}

}  // namespace tenglong::simulate
