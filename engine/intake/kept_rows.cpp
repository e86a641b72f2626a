#include <cmath>
#include <cstring>

#include "engine/intake/inside/kept_rows.h"

namespace tenglong::intake {

using quantity::Decimal;
using quantity::State;

namespace {

enum class Tag : unsigned char { Missing, NotApplicable, False, True, Number, Text, Date };

template <class T>
void put(std::string& out, T value) {
  char raw[sizeof(T)];
  std::memcpy(raw, &value, sizeof(T));
  out.append(raw, sizeof(T));
}
template <class T>
T take(const char*& at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  at += sizeof(T);
  return value;
}

void encode(std::string& out, const KeptValue& value) {
  put(out, static_cast<std::uint16_t>(value.field));
  const auto tag = [&](Tag t) { out += static_cast<char>(t); };
  if (value.state != State::Known)
    return tag(value.state == State::Missing ? Tag::Missing : Tag::NotApplicable);
  if (const auto* truth = std::get_if<bool>(&value.value)) return tag(*truth ? Tag::True : Tag::False);
  if (const auto* number = std::get_if<Decimal>(&value.value)) {
    tag(Tag::Number);
    put(out, number->low_word());
    put(out, number->high_word());
  } else if (const auto* date = std::get_if<registers::Date>(&value.value)) {
    tag(Tag::Date);
    put(out, date->days());
  } else if (const auto* text = std::get_if<std::string>(&value.value)) {
    tag(Tag::Text);
    put(out, static_cast<std::uint32_t>(text->size()));
    out += *text;
  }
}

KeptValue decode(const char*& at) {
  KeptValue value;
  value.field = take<std::uint16_t>(at);
  switch (static_cast<Tag>(*at++)) {
    case Tag::Missing:
      value.state = State::Missing;
      break;
    case Tag::NotApplicable:
      value.state = State::NotApplicable;
      break;
    case Tag::False:
      value.value = false;
      break;
    case Tag::True:
      value.value = true;
      break;
    case Tag::Number: {
      const auto low = take<std::uint64_t>(at);
      value.value = Decimal::from_words(low, take<std::uint64_t>(at));
      break;
    }
    case Tag::Text: {
      const auto size = take<std::uint32_t>(at);
      value.value = std::string(at, size);
      at += size;
      break;
    }
    case Tag::Date:
      value.value = registers::Date::from_days(take<std::int64_t>(at));
      break;
  }
  return value;
}

// Of a raw decimal128 (BID): coefficient x 10^exponent where the coefficient is small, as nearly all are.
double size_of(std::uint64_t low, std::uint64_t high) {
  constexpr std::uint64_t kCoefficientBits = (std::uint64_t{1} << 49) - 1;
  static constexpr double kPowers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};
  const int exponent = static_cast<int>((high >> 49) & 0x3FFF) - 6176;
  const bool is_small =
      (high >> 61 & 3) != 3 && (high & kCoefficientBits) == 0 && exponent <= 0 && exponent >= -12;
  if (!is_small) return std::abs(Decimal::from_words(low, high).to_double());
  return static_cast<double>(low) / kPowers[-exponent];
}

std::string with_period(std::string_view key, const std::optional<calendar::Period>& period) {
  std::string out(key);
  if (period) out += '\x1E' + period->to_string();
  return out;
}

}  // namespace

void Group::add(KeptRow row, std::string_view key, const std::vector<KeptValue>& values) {
  row.begin = bytes_.size();
  for (const KeptValue& value : values) encode(bytes_, value);
  row.size = static_cast<std::uint32_t>(bytes_.size() - row.begin);
  row.key = &keys_.try_emplace(std::string(key)).first->first;
  const auto [found, is_new] =
      first_by_key_.try_emplace(with_period(key, row.period), static_cast<std::int64_t>(rows.size()));
  if (!is_new) doubles_[found->second].push_back(static_cast<std::int64_t>(rows.size()));
  rows.push_back(std::move(row));
}

std::vector<KeptValue> Group::values_of(const KeptRow& row) const {
  std::vector<KeptValue> values;
  const char* at = bytes_.data() + row.begin;
  for (const char* end = at + row.size; at < end;) values.push_back(decode(at));
  return values;
}

void Group::for_each_size(std::uint16_t sheet,
                          const std::function<void(const KeptRow&, int, double)>& each) const {
  for (const KeptRow& row : rows) {
    if (row.sheet != sheet || row.fate == KeptRow::Fate::Refused) continue;
    const char* at = bytes_.data() + row.begin;
    for (const char* end = at + row.size; at < end;) {
      const int field = static_cast<int>(take<std::uint16_t>(at));
      const Tag tag = static_cast<Tag>(*at++);
      if (tag == Tag::Number) {
        const auto low = take<std::uint64_t>(at);
        each(row, field, size_of(low, take<std::uint64_t>(at)));
      } else if (tag == Tag::Text) {
        at += take<std::uint32_t>(at);
      } else if (tag == Tag::Date) {
        at += sizeof(std::int64_t);
      }
    }
  }
}

const KeptRow* Group::find(std::string_view key, const std::optional<calendar::Period>& period) const {
  const auto found = first_by_key_.find(with_period(key, period));
  if (found == first_by_key_.end()) return nullptr;
  const auto at = [&](std::int64_t i) { return &rows[static_cast<std::size_t>(i)]; };
  if (at(found->second)->fate == KeptRow::Fate::Accepted) return at(found->second);
  if (const auto others = doubles_.find(found->second); others != doubles_.end())
    for (const std::int64_t i : others->second)
      if (at(i)->fate == KeptRow::Fate::Accepted) return at(i);
  return at(found->second);
}

bool same_value(const KeptValue& a, const KeptValue& b) {
  if (a.state != b.state) return false;
  if (a.state != State::Known) return true;
  if (a.value.index() != b.value.index()) return false;
  if (const auto* number = std::get_if<Decimal>(&a.value)) return *number == std::get<Decimal>(b.value);
  return a.value == b.value;
}

std::string shown(const KeptValue& value) {
  if (value.state != State::Known) return quantity::to_chinese(value.state);
  if (const auto* truth = std::get_if<bool>(&value.value)) return *truth ? "是" : "否";
  return registers::to_text(value.value);
}

}  // namespace tenglong::intake
