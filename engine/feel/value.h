// A FEEL value: immutable, cheap to copy (a tag and 16 bytes, or a shared pointer), never NaN, never a C++
// exception.
//
// Null is absent, unknown or an error; when it is an error the message travels in the evaluation's Findings,
// not here.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/calendar/date.h"
#include "engine/feel/temporal.h"
#include "engine/quantity/decimal.h"

namespace tenglong::feel {

using calendar::Date;
using quantity::Decimal;

enum class Kind {
  Null,
  Boolean,
  Number,
  String,
  Date,
  Time,
  DateTime,
  DaysDuration,
  MonthsDuration,
  List,
  Context,
  Range,
  Function
};
const char* kind_name(Kind kind);  // the standard's word: "days and time duration"

class Value;
using List = std::vector<Value>;
class Context;  // ordered name -> value
struct Range;
class Function;  // built in, user defined with its closure, or given by the host

class Value {
 public:
  Value() = default;  // null
  Value(bool boolean);
  Value(Decimal number);
  Value(int number) : Value(Decimal(number)) {}
  Value(std::string text);
  Value(const char* text) : Value(std::string(text)) {}
  Value(Date date);
  Value(Time time);
  Value(DateTime date_time);
  Value(DaysDuration duration);
  Value(MonthsDuration duration);
  Value(List list);
  Value(Context context);
  Value(Range range);
  Value(std::shared_ptr<const Function> function);

  Kind kind() const;
  bool is_null() const { return kind() == Kind::Null; }
  bool is_true() const;  // exactly true
  // Each ensure()s its kind.
  bool boolean() const;
  Decimal number() const;
  const std::string& string() const;
  Date date() const;
  const Time& time() const;
  const DateTime& date_time() const;
  DaysDuration days_duration() const;
  MonthsDuration months_duration() const;
  const List& list() const;
  const Context& context() const;
  const Range& range() const;
  const std::shared_ptr<const Function>& function() const;

  // How deep lists and contexts stand inside each other, and how many values there are when each is counted
  // as often as it is reached: what printing, comparing and flattening cost. Kept, not counted.
  int nesting() const;
  std::uint64_t weight() const;

  // FEEL text that reads back as this value where the language has such text: strings quoted, dates @"...".
  std::string to_feel() const;
  // As string(x) prints it: strings bare at the top, quoted inside lists and contexts.
  std::string to_text() const;

 private:
  struct Extent;
  struct ListBody;
  struct ContextBody;
  std::variant<
      std::monostate, bool, Decimal, Date, DaysDuration, MonthsDuration, std::shared_ptr<const std::string>,
      std::shared_ptr<const Time>, std::shared_ptr<const DateTime>, std::shared_ptr<const ListBody>,
      std::shared_ptr<const ContextBody>, std::shared_ptr<const Range>, std::shared_ptr<const Function>>
      data_;
};

class Context {
 public:
  const Value* find(std::string_view name) const;
  void put(std::string name, Value value);  // replaces, keeping the first position
  const std::vector<std::pair<std::string, Value>>& entries() const { return entries_; }

 private:
  std::size_t slot_of(std::string_view name) const;
  std::size_t entry_of(std::string_view name) const;  // entries_.size(): none
  std::vector<std::pair<std::string, Value>> entries_;
  std::vector<std::uint32_t> slots_;  // where many entries are found by hash: entry + 1, or 0; empty for few
};

// [1..10], (1..10], ]1..10[ or one-sided (< 10), (>= 10), (= 10), (!= 10); an absent bound is null.
struct Range {
  Value low = {};
  Value high = {};
  bool low_included = true;
  bool high_included = true;
  std::string one_sided = {};  // "<" "<=" ">" ">=" "=" "!="; empty for an interval
};

// Three-valued: nullopt is null. `equal` of different kinds is null, except that null = null.
std::optional<bool> equal(const Value& a, const Value& b);
// Ordering of two values of one ordered kind: -1, 0, 1; nullopt for anything else.
std::optional<int> compare(const Value& a, const Value& b);

}  // namespace tenglong::feel
