#include "engine/listing/segment.h"

#include <unicode/coll.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "engine/text/ensure.h"

namespace tenglong::listing {

namespace {

constexpr std::size_t kSlots = 2 * kSegmentRows;
constexpr int kCarriedDigits = 15;
constexpr int kGreatestMagnitude = 290;

// The double carries a decimal of few digits and ordinary size: its shortest form is that decimal.
bool is_short(const Decimal::Parts& parts) {
  __int128 coefficient = parts.coefficient < 0 ? -parts.coefficient : parts.coefficient;
  int digits = 0;
  for (; coefficient > 0; coefficient /= 10) ++digits;
  return digits <= kCarriedDigits && std::abs(parts.exponent + digits) < kGreatestMagnitude;
}

class Out {
 public:
  template <typename T>
  void put(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  template <typename T>
  void put_all(const std::vector<T>& values) {
    put(static_cast<std::uint32_t>(values.size()));
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  void put_text(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class In {
 public:
  explicit In(std::string_view bytes) : bytes_(bytes) {}
  template <typename T>
  T get() {
    T out{};
    if (bytes_.size() < sizeof out) {
      is_good_ = false;
      return out;
    }
    std::memcpy(&out, bytes_.data(), sizeof out);
    bytes_.remove_prefix(sizeof out);
    return out;
  }
  template <typename T>
  void get_all(std::vector<T>& out) {
    const std::size_t size = get<std::uint32_t>();
    if (size * sizeof(T) > bytes_.size()) {
      is_good_ = false;
      return;
    }
    out.resize(size);
    if (size > 0) std::memcpy(out.data(), bytes_.data(), size * sizeof(T));
    bytes_.remove_prefix(size * sizeof(T));
  }
  std::string_view get_text() {
    const std::size_t size = get<std::uint32_t>();
    if (size > bytes_.size()) {
      is_good_ = false;
      return {};
    }
    const std::string_view out = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return out;
  }
  bool is_good() const { return is_good_; }
  bool is_done() const { return is_good_ && bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool is_good_ = true;
};

constexpr char kForm = 1;  // of the bytes; another form is not read

}  // namespace

CellKind kind_of(schema::FieldType type) {
  switch (type) {
    case schema::FieldType::Number:
    case schema::FieldType::Money:
      return CellKind::Number;
    case schema::FieldType::Boolean:
      return CellKind::Boolean;
    case schema::FieldType::Date:
      return CellKind::Date;
    case schema::FieldType::Text:
      return CellKind::Name;
    default:
      return CellKind::Text;
  }
}

std::string collation_key(std::string_view text) {
  static const std::unique_ptr<const icu::Collator> kCollator = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<const icu::Collator> out(
        icu::Collator::createInstance(icu::Locale("zh@collation=pinyin"), status));
    ensure(U_SUCCESS(status) && out != nullptr, "ICU has the collation of Chinese");
    return out;
  }();
  const icu::UnicodeString wide =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  std::string out(wide.length() * 4u + 16u, '\0');
  for (;;) {
    const std::int32_t size = kCollator->getSortKey(wide, reinterpret_cast<std::uint8_t*>(out.data()),
                                                    static_cast<std::int32_t>(out.size()));
    const bool fits = size <= static_cast<std::int32_t>(out.size());
    out.resize(static_cast<std::size_t>(size));
    if (fits) break;
  }
  if (!out.empty()) out.pop_back();  // the closing zero byte
  return out;
}

std::uint16_t Segment::entry_of(std::string_view text, const std::string_view* sort_key) {
  if (slots_.empty()) {  // first, or after decode()
    slots_.assign(kSlots, 0);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      std::size_t slot = std::hash<std::string_view>{}(entries_.at(i)) % kSlots;
      while (slots_[slot] != 0) slot = (slot + 1) % kSlots;
      slots_[slot] = static_cast<std::uint16_t>(i + 1);
    }
  }
  std::size_t slot = std::hash<std::string_view>{}(text) % kSlots;
  for (; slots_[slot] != 0; slot = (slot + 1) % kSlots)
    if (entries_.at(slots_[slot] - 1u) == text) return static_cast<std::uint16_t>(slots_[slot] - 1);
  entries_.push_back(text);
  if (kind_ == CellKind::Name) sort_keys_.push_back(sort_key != nullptr ? *sort_key : collation_key(text));
  slots_[slot] = static_cast<std::uint16_t>(entries_.size());
  return static_cast<std::uint16_t>(entries_.size() - 1);
}

void Segment::append(State state, const registers::Scalar& value) {
  ensure(rows() < kSegmentRows, "a segment has room for its row");
  const auto row = static_cast<std::uint16_t>(rows());
  const bool is_known = state == State::Known;
  switch (kind_) {
    case CellKind::Number: {
      const auto* number = std::get_if<Decimal>(&value);
      double nearest = 0;
      if (is_known && number != nullptr) {
        nearest = number->to_double();
        const Decimal::Parts parts = number->parts();
        if (!is_short(parts)) {
          long_numbers_.emplace_back(row, *number);
        } else {
          decimals_ = std::max(decimals_, -parts.exponent);
        }
      } else if (is_known) {
        state = State::Missing;
      }
      numbers_.push_back(nearest);
      break;
    }
    case CellKind::Boolean: {
      const auto* truth = std::get_if<bool>(&value);
      if (is_known && truth == nullptr) state = State::Missing;
      truths_.push_back(truth != nullptr && *truth ? 1 : 0);
      break;
    }
    case CellKind::Date: {
      const auto* date = std::get_if<calendar::Date>(&value);
      std::int64_t days = is_known && date != nullptr ? date->days() : 0;
      if ((is_known && date == nullptr) || days > std::numeric_limits<std::int32_t>::max() ||
          days < std::numeric_limits<std::int32_t>::min()) {
        state = State::Missing;
        days = 0;
      }
      days_.push_back(static_cast<std::int32_t>(days));
      break;
    }
    case CellKind::Text:
    case CellKind::Name:
      codes_.push_back(is_known ? entry_of(registers::to_text(value)) : std::uint16_t{0});
      break;
  }
  states_.push_back(state);
}

void Segment::append_missing(std::size_t up_to_rows) {
  while (rows() < up_to_rows) append(State::Missing, {});
}

void Segment::append_from(const Segment& other, std::size_t row) {
  ensure(other.kind_ == kind_, "cells are copied between segments of one kind");
  if (kind_ == CellKind::Name && other.states_[row] == State::Known) {
    const std::string_view sort_key = other.sort_keys_.at(other.codes_[row]);
    codes_.push_back(entry_of(other.text(row), &sort_key));
    states_.push_back(State::Known);
  } else {
    append(other.states_[row], other.scalar(row));
  }
}

const Decimal* Segment::long_number(std::size_t row) const {
  const auto found = std::lower_bound(long_numbers_.begin(), long_numbers_.end(), row,
                                      [](const auto& each, std::size_t at) { return each.first < at; });
  return found != long_numbers_.end() && found->first == row ? &found->second : nullptr;
}

Decimal Segment::number(std::size_t row) const {
  const Decimal* exact = long_number(row);
  return exact != nullptr ? *exact : Decimal::from_double_shortest(numbers_[row]);
}

registers::Scalar Segment::scalar(std::size_t row) const {
  if (states_[row] != State::Known) return {};
  switch (kind_) {
    case CellKind::Number:
      return number(row);
    case CellKind::Boolean:
      return truths_[row] != 0;
    case CellKind::Date:
      return calendar::Date::from_days(days_[row]);
    default:
      return std::string(text(row));
  }
}

feel::Value Segment::value(std::size_t row) const {
  if (states_[row] != State::Known) return {};
  switch (kind_) {
    case CellKind::Number:
      return number(row);
    case CellKind::Boolean:
      return truths_[row] != 0;
    case CellKind::Date:
      return calendar::Date::from_days(days_[row]);
    default:
      return std::string(text(row));
  }
}

// Numbers are kept as the machines we run on hold them: little endian.
std::string Segment::encode() const {
  Out out;
  out.put(kForm);
  out.put(kind_);
  out.put(static_cast<std::int32_t>(decimals_));
  const bool all_known =
      std::all_of(states_.begin(), states_.end(), [](State each) { return each == State::Known; });
  out.put(static_cast<std::uint32_t>(rows()));
  out.put(static_cast<std::uint8_t>(all_known));
  if (!all_known) out.put_all(states_);
  switch (kind_) {
    case CellKind::Number:
      out.put_all(numbers_);
      out.put(static_cast<std::uint32_t>(long_numbers_.size()));
      for (const auto& [row, exact] : long_numbers_) {
        out.put(row);
        out.put(exact.low_word());
        out.put(exact.high_word());
      }
      break;
    case CellKind::Boolean:
      out.put_all(truths_);
      break;
    case CellKind::Date:
      out.put_all(days_);
      break;
    case CellKind::Text:
    case CellKind::Name:
      out.put_all(codes_);
      out.put_all(entries_.ends_);
      out.put_text(entries_.bytes_);
      out.put_all(sort_keys_.ends_);
      out.put_text(sort_keys_.bytes_);
      break;
  }
  return out.take();
}

std::optional<Segment> Segment::decode(std::string_view bytes) {
  In in(bytes);
  if (in.get<char>() != kForm) return std::nullopt;
  Segment out(in.get<CellKind>());
  out.decimals_ = in.get<std::int32_t>();
  const std::size_t rows = in.get<std::uint32_t>();
  if (rows > kSegmentRows) return std::nullopt;
  if (in.get<std::uint8_t>() != 0)
    out.states_.assign(rows, State::Known);
  else
    in.get_all(out.states_);
  std::size_t cells = rows;
  switch (out.kind_) {
    case CellKind::Number: {
      in.get_all(out.numbers_);
      cells = out.numbers_.size();
      const std::size_t count = in.get<std::uint32_t>();
      for (std::size_t i = 0; i < count && in.is_good(); ++i) {
        const auto row = in.get<std::uint16_t>();
        const auto low = in.get<std::uint64_t>(), high = in.get<std::uint64_t>();
        if (!in.is_good() || row >= rows) return std::nullopt;
        out.long_numbers_.emplace_back(row, Decimal::from_words(low, high));
      }
      break;
    }
    case CellKind::Boolean:
      in.get_all(out.truths_);
      cells = out.truths_.size();
      break;
    case CellKind::Date:
      in.get_all(out.days_);
      cells = out.days_.size();
      break;
    case CellKind::Text:
    case CellKind::Name: {
      in.get_all(out.codes_);
      cells = out.codes_.size();
      in.get_all(out.entries_.ends_);
      out.entries_.bytes_ = in.get_text();
      in.get_all(out.sort_keys_.ends_);
      out.sort_keys_.bytes_ = in.get_text();
      for (const Texts* each : {&out.entries_, &out.sort_keys_}) {
        if (!std::is_sorted(each->ends_.begin(), each->ends_.end()) ||
            (each->ends_.empty() ? 0 : each->ends_.back()) != each->bytes_.size())
          return std::nullopt;
      }
      if (out.kind_ == CellKind::Name && out.sort_keys_.size() != out.entries_.size()) return std::nullopt;
      for (std::size_t i = 0; i < out.codes_.size() && i < out.states_.size(); ++i)
        if (out.states_[i] == State::Known && out.codes_[i] >= out.entries_.size()) return std::nullopt;
      break;
    }
    default:
      return std::nullopt;
  }
  if (!in.is_done() || out.states_.size() != rows || cells != rows) return std::nullopt;
  return out;
}

std::size_t Segment::bytes() const {
  return sizeof *this + states_.capacity() + numbers_.capacity() * sizeof(double) + truths_.capacity() +
         days_.capacity() * 4 + codes_.capacity() * 2 + entries_.bytes() + sort_keys_.bytes() +
         long_numbers_.capacity() * sizeof(long_numbers_[0]) + slots_.capacity() * 2;
}

std::size_t Column::rows() const {
  return segments.empty() ? 0 : (segments.size() - 1) * kSegmentRows + segments.back()->rows();
}

std::size_t Column::bytes() const {
  std::size_t out = 0;
  for (const auto& each : segments) out += each->bytes();
  return out;
}

}  // namespace tenglong::listing
