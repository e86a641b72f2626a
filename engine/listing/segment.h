// One field of many records, packed: what a list filters, sorts and adds up by.
//
// In:    the values that hold, record by record. Out: typed arrays with a state beside each value, and bytes
// to
//        keep them as.
// Order: rows keep their place for good; a later value of a record stands where the earlier one stood.
// Never: a rounded number: what a double cannot carry stands exactly beside it.
// Cost:  9 bytes a number, 3 a code of few kinds; a text stands once a segment.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/feel/value.h"
#include "engine/quantity/decimal.h"
#include "engine/quantity/state.h"
#include "engine/register/register.h"
#include "engine/schema/schema.h"

namespace tenglong::listing {

using quantity::Decimal;
using quantity::State;

inline constexpr std::size_t kSegmentRows = 4096;

enum class CellKind : std::uint8_t {
  Number,
  Text,
  Name,
  Boolean,
  Date
};  // Name: text that is sorted as read
CellKind kind_of(schema::FieldType type);

// Texts one behind the other.
class Texts {
 public:
  std::size_t size() const { return ends_.size(); }
  std::string_view at(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(bytes_).substr(begin, ends_[i] - begin);
  }
  void push_back(std::string_view text) {
    bytes_ += text;
    ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  }
  std::size_t bytes() const { return bytes_.size() + 4 * ends_.size(); }

 private:
  friend class Segment;
  std::string bytes_;
  std::vector<std::uint32_t> ends_;
};

// Up to kSegmentRows cells.
class Segment {
 public:
  explicit Segment(CellKind kind = CellKind::Text) : kind_(kind) {}
  CellKind kind() const { return kind_; }
  std::size_t rows() const { return states_.size(); }
  State state(std::size_t row) const { return states_[row]; }

  // A value of another kind than the segment's is read as its text or, where that does not do, as Missing.
  void append(State state, const registers::Scalar& value);
  void append_missing(std::size_t up_to_rows);              // until there are so many
  void append_from(const Segment& other, std::size_t row);  // of the same kind

  // The arrays; what they hold where the state is not Known means nothing.
  const std::vector<State>& states() const { return states_; }
  const std::vector<double>& numbers() const { return numbers_; }
  const std::vector<std::uint8_t>& truths() const { return truths_; }
  const std::vector<std::int32_t>& days() const { return days_; }
  const std::vector<std::uint16_t>& codes() const { return codes_; }  // Text, Name: index into entries()
  const Texts& entries() const { return entries_; }
  const Texts& sort_keys() const { return sort_keys_; }  // Name: as entries()
  // Numbers of more than 15 digits or of extreme size, by rising row; all others are carried by their
  // doubles.
  const std::vector<std::pair<std::uint16_t, Decimal>>& long_numbers() const { return long_numbers_; }
  const Decimal* long_number(std::size_t row) const;  // null: the double carries it
  // The most digits behind the point of any short number; above 9 sums go by decimals.
  int decimals() const { return decimals_; }

  Decimal number(std::size_t row) const;
  std::string_view text(std::size_t row) const { return entries_.at(codes_[row]); }
  feel::Value value(std::size_t row) const;  // null unless Known
  registers::Scalar scalar(std::size_t row) const;

  std::string encode() const;
  static std::optional<Segment> decode(std::string_view bytes);  // nothing: not what encode() writes
  std::size_t bytes() const;                                     // of memory, about

 private:
  CellKind kind_;
  int decimals_ = 0;
  std::vector<State> states_;
  std::vector<double> numbers_;
  std::vector<std::pair<std::uint16_t, Decimal>> long_numbers_;
  std::vector<std::uint8_t> truths_;
  std::vector<std::int32_t> days_;
  std::vector<std::uint16_t> codes_;
  Texts entries_, sort_keys_;
  std::vector<std::uint16_t> slots_;  // of entries by hash while it is filled; entry + 1, or 0
  std::uint16_t entry_of(std::string_view text, const std::string_view* sort_key = nullptr);
};

// The segments of one field of all records of one register and period.
struct Column {
  std::vector<std::shared_ptr<const Segment>> segments = {};
  std::size_t rows() const;
  std::size_t bytes() const;
  const Segment& of(std::size_t row) const { return *segments[row / kSegmentRows]; }
  State state(std::size_t row) const { return of(row).state(row % kSegmentRows); }
  feel::Value value(std::size_t row) const { return of(row).value(row % kSegmentRows); }
  std::string_view text(std::size_t row) const { return of(row).text(row % kSegmentRows); }
};

// Bytes that sort as people expect Chinese names to: digits, then Chinese by pinyin, then Latin. The same
// on every back end, because it is worked out here (ICU, zh@collation=pinyin).
std::string collation_key(std::string_view text);

}  // namespace tenglong::listing
