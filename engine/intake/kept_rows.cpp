#include "engine/intake/inside/kept_rows.h"

#include <cmath>
#include <cstring>

namespace tenglong::intake {

using quantity::Decimal;
using quantity::State;

namespace {

// A value is: how many fields after the last one (varint), what it is (one byte), then its bytes.
enum class Tag : unsigned char { Missing, NotApplicable, False, True, Short, Long, Text, Date };

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}
std::uint64_t take_varint(const char*& at) {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
}
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

// Of a raw decimal128 (BID): sign, exponent and a coefficient that fits in the low word, as nearly all do.
constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
constexpr std::uint64_t kCoefficientBits = (std::uint64_t{1} << 49) - 1;
constexpr int kExponentBias = 6176;
bool is_short(std::uint64_t low, std::uint64_t high) {
  const int exponent = static_cast<int>((high >> 49) & 0x3FFF) - kExponentBias;
  return (high & kSign) == 0 && (high >> 61 & 3) != 3 && (high & kCoefficientBits) == 0 && exponent >= -64 &&
         exponent < 64 && low < std::uint64_t{1} << 56;
}

void encode(std::string& out, const KeptValue& value, int& last_field) {
  put_varint(out, static_cast<std::uint64_t>(value.field - last_field));
  last_field = value.field;
  const auto tag = [&](Tag t) { out += static_cast<char>(t); };
  if (value.state != State::Known)
    return tag(value.state == State::Missing ? Tag::Missing : Tag::NotApplicable);
  if (const auto* truth = std::get_if<bool>(&value.value)) return tag(*truth ? Tag::True : Tag::False);
  if (const auto* number = std::get_if<Decimal>(&value.value)) {
    const std::uint64_t low = number->low_word(), high = number->high_word();
    if (is_short(low, high)) {
      tag(Tag::Short);
      out += static_cast<char>(static_cast<int>((high >> 49) & 0x3FFF) - kExponentBias);
      put_varint(out, low);
    } else {
      tag(Tag::Long);
      put(out, low);
      put(out, high);
    }
  } else if (const auto* date = std::get_if<registers::Date>(&value.value)) {
    tag(Tag::Date);
    put(out, date->days());
  } else if (const auto* text = std::get_if<std::string>(&value.value)) {
    tag(Tag::Text);
    put_varint(out, text->size());
    out += *text;
  }
}

std::uint64_t high_word(const char*& at) {
  return static_cast<std::uint64_t>(static_cast<signed char>(*at++) + kExponentBias) << 49;
}

KeptValue decode(const char*& at, int& last_field) {
  KeptValue value;
  value.field = last_field += static_cast<int>(take_varint(at));
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
    case Tag::Short: {
      const std::uint64_t high = high_word(at);
      value.value = Decimal::from_words(take_varint(at), high);
      break;
    }
    case Tag::Long: {
      const auto low = take<std::uint64_t>(at);
      value.value = Decimal::from_words(low, take<std::uint64_t>(at));
      break;
    }
    case Tag::Text: {
      const std::uint64_t size = take_varint(at);
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

// Over what a value is and its bytes.
void skip(const char*& at) {
  switch (static_cast<Tag>(*at++)) {
    case Tag::Short:
      ++at;
      take_varint(at);
      break;
    case Tag::Long:
      at += 2 * sizeof(std::uint64_t);
      break;
    case Tag::Text: {
      const std::uint64_t size = take_varint(at);
      at += size;
      break;
    }
    case Tag::Date:
      at += sizeof(std::int64_t);
      break;
    default:
      break;
  }
}

double size_of(std::uint64_t low, std::uint64_t high) {
  static constexpr double kPowers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};
  const int exponent = static_cast<int>((high >> 49) & 0x3FFF) - kExponentBias;
  if (!is_short(low, high) || exponent > 0 || exponent < -12)
    return Decimal::from_words(low, high).to_double();
  return static_cast<double>(low) / kPowers[-exponent];
}

}  // namespace

std::size_t Group::Hash::operator()(const Wanted& wanted) const {
  return std::hash<std::string_view>{}(wanted.key) * 31 + static_cast<std::size_t>(wanted.period + 1);
}
std::size_t Group::Hash::operator()(std::uint32_t row) const {
  const KeptRow& one = group->rows[row];
  return (*this)(Wanted{group->key_of(one), one.period});
}
bool Group::Equal::operator()(const Wanted& a, std::uint32_t b) const {
  const KeptRow& one = group->rows[b];
  return a.period == one.period && a.key == group->key_of(one);
}
bool Group::Equal::operator()(std::uint32_t a, std::uint32_t b) const {
  return (*this)(Wanted{group->key_of(group->rows[a]), group->rows[a].period}, b);
}

std::int32_t Group::index_of(const std::optional<calendar::Period>& period) const {
  for (std::size_t i = 0; i < periods_.size(); ++i)
    if (periods_[i] == period) return static_cast<std::int32_t>(i);
  return -1;
}
const std::optional<calendar::Period>& Group::period_of(const KeptRow& row) const {
  return periods_[static_cast<std::size_t>(row.period)];
}

// In blocks, because one growing run of bytes is there twice while it grows.
const char* Group::keep(std::string_view bytes) {
  constexpr std::size_t kBlock = 1 << 20;
  if (bytes.size() > block_left_) {
    const std::size_t size = std::max(kBlock, bytes.size());
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    block_at_ = blocks_.back().get();
    block_left_ = size;
  }
  char* const begin = block_at_;
  std::memcpy(begin, bytes.data(), bytes.size());
  block_at_ += bytes.size();
  block_left_ -= bytes.size();
  return begin;
}

void Group::add(int number, std::uint16_t sheet, KeptRow::Fate fate, std::string_view key,
                const std::optional<calendar::Period>& period, const std::vector<KeptValue>& values) {
  KeptRow row{.row = number, .sheet = sheet, .fate = fate, .period = index_of(period)};
  if (row.period < 0) {
    row.period = static_cast<std::int32_t>(periods_.size());
    periods_.push_back(period);
  }
  encoded_.assign(key);
  row.key_size = static_cast<std::uint32_t>(key.size());
  int last_field = 0;
  for (const KeptValue& value : values) encode(encoded_, value, last_field);
  row.size = static_cast<std::uint32_t>(encoded_.size()) - row.key_size;
  row.bytes = keep(encoded_);
  rows.push_back(row);
  const auto at = static_cast<std::uint32_t>(rows.size() - 1);
  const auto [first, is_new] = first_by_key_.insert(at);
  if (!is_new) doubles_[*first].push_back(at);
}

std::vector<KeptValue> Group::values_of(const KeptRow& row) const {
  std::vector<KeptValue> values;
  const char* at = row.bytes + row.key_size;
  int last_field = 0;
  for (const char* end = at + row.size; at < end;) values.push_back(decode(at, last_field));
  return values;
}

std::optional<KeptValue> Group::value_of(const KeptRow& row, int field) const {
  const char* at = row.bytes + row.key_size;
  int seen = 0;
  for (const char* end = at + row.size; at < end;) {
    const char* begin = at;
    const int here = seen + static_cast<int>(take_varint(at));
    if (here == field) return decode(begin, seen);
    if (here > field) break;
    seen = here;
    skip(at);
  }
  return std::nullopt;
}

void Group::sizes_of(const KeptRow& row, const std::function<void(int, double)>& each) const {
  const char* at = row.bytes + row.key_size;
  int field = 0;
  for (const char* end = at + row.size; at < end;) {
    field += static_cast<int>(take_varint(at));
    const auto tag = static_cast<Tag>(*at);
    if (tag == Tag::Short) {
      const std::uint64_t high = high_word(++at);
      each(field, size_of(take_varint(at), high));
    } else if (tag == Tag::Long) {
      const auto low = take<std::uint64_t>(++at);
      each(field, size_of(low, take<std::uint64_t>(at)));
    } else {
      skip(at);
    }
  }
}

void Group::for_each_size(std::uint16_t sheet,
                          const std::function<void(const KeptRow&, int, double)>& each) const {
  for (const KeptRow& row : rows)
    if (row.sheet == sheet && row.fate != KeptRow::Fate::Refused)
      sizes_of(row, [&](int field, double size) { each(row, field, std::abs(size)); });
}

const KeptRow* Group::find(std::string_view key, const std::optional<calendar::Period>& period) const {
  const std::int32_t at_period = index_of(period);
  if (at_period < 0) return nullptr;
  const auto found = first_by_key_.find(Wanted{key, at_period});
  if (found == first_by_key_.end()) return nullptr;
  const KeptRow& first = rows[*found];
  if (first.fate == KeptRow::Fate::Accepted) return &first;
  if (const auto others = doubles_.find(*found); others != doubles_.end())
    for (const std::int64_t i : others->second)
      if (rows[static_cast<std::size_t>(i)].fate == KeptRow::Fate::Accepted)
        return &rows[static_cast<std::size_t>(i)];
  return &first;
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
