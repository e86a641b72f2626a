#include "engine/feel/value.h"

#include <algorithm>
#include <bit>

#include "engine/feel/inside/function.h"
#include "engine/feel/inside/parser.h"
#include "engine/feel/inside/temporal_arithmetic.h"
#include "engine/text/ensure.h"

namespace tenglong::feel {

const char* kind_name(Kind kind) {
  switch (kind) {
    case Kind::Null:
      return "null";
    case Kind::Boolean:
      return "boolean";
    case Kind::Number:
      return "number";
    case Kind::String:
      return "string";
    case Kind::Date:
      return "date";
    case Kind::Time:
      return "time";
    case Kind::DateTime:
      return "date and time";
    case Kind::DaysDuration:
      return "days and time duration";
    case Kind::MonthsDuration:
      return "years and months duration";
    case Kind::List:
      return "list";
    case Kind::Context:
      return "context";
    case Kind::Range:
      return "range";
    case Kind::Function:
      return "function";
  }
  return "";
}

struct Value::Extent {
  int nesting = 1;
  std::uint64_t weight = 1;
  void add(const Value& value) {
    constexpr std::uint64_t kMost = std::uint64_t{1} << 48;
    nesting = std::max(nesting, value.nesting() + 1);
    weight = std::min(weight + value.weight(), kMost);
  }
};

struct Value::ListBody {
  List items;
  Extent extent = {};
  explicit ListBody(List list) : items(std::move(list)) {
    for (const Value& item : items) extent.add(item);
  }
};

struct Value::ContextBody {
  Context context;
  Extent extent = {};
  explicit ContextBody(Context given) : context(std::move(given)) {
    for (const auto& [key, value] : context.entries()) extent.add(value);
  }
};

int Value::nesting() const {
  if (const auto* list = std::get_if<std::shared_ptr<const ListBody>>(&data_)) return (*list)->extent.nesting;
  if (const auto* context = std::get_if<std::shared_ptr<const ContextBody>>(&data_))
    return (*context)->extent.nesting;
  if (const auto* function = std::get_if<std::shared_ptr<const Function>>(&data_))
    return (*function)->nesting;
  return 0;
}

std::uint64_t Value::weight() const {
  if (const auto* list = std::get_if<std::shared_ptr<const ListBody>>(&data_)) return (*list)->extent.weight;
  if (const auto* context = std::get_if<std::shared_ptr<const ContextBody>>(&data_))
    return (*context)->extent.weight;
  return 1;
}

Value::Value(bool boolean) : data_(boolean) {}
Value::Value(Decimal number) : data_(number) {}
Value::Value(std::string text) : data_(std::make_shared<const std::string>(std::move(text))) {}
Value::Value(Date date) : data_(date) {}
Value::Value(Time time) : data_(std::make_shared<const Time>(std::move(time))) {}
Value::Value(DateTime date_time) : data_(std::make_shared<const DateTime>(std::move(date_time))) {}
Value::Value(DaysDuration duration) : data_(duration) {}
Value::Value(MonthsDuration duration) : data_(duration) {}
Value::Value(List list) : data_(std::make_shared<const ListBody>(std::move(list))) {}
Value::Value(Context context) : data_(std::make_shared<const ContextBody>(std::move(context))) {}
Value::Value(Range range) : data_(std::make_shared<const Range>(std::move(range))) {}
Value::Value(std::shared_ptr<const Function> function) : data_(std::move(function)) {}

Kind Value::kind() const {
  // In the order of the variant.
  constexpr Kind kKinds[] = {Kind::Null,         Kind::Boolean,        Kind::Number,  Kind::Date,
                             Kind::DaysDuration, Kind::MonthsDuration, Kind::String,  Kind::Time,
                             Kind::DateTime,     Kind::List,           Kind::Context, Kind::Range,
                             Kind::Function};
  return kKinds[data_.index()];
}

bool Value::is_true() const {
  const bool* boolean = std::get_if<bool>(&data_);
  return boolean != nullptr && *boolean;
}

namespace {
template <class T, class Variant>
const T& held(const Variant& data) {
  const T* value = std::get_if<T>(&data);
  ensure(value != nullptr, "a value is read as the kind it has");
  return *value;
}
}  // namespace

bool Value::boolean() const { return held<bool>(data_); }
Decimal Value::number() const { return held<Decimal>(data_); }
const std::string& Value::string() const { return *held<std::shared_ptr<const std::string>>(data_); }
Date Value::date() const { return held<Date>(data_); }
const Time& Value::time() const { return *held<std::shared_ptr<const Time>>(data_); }
const DateTime& Value::date_time() const { return *held<std::shared_ptr<const DateTime>>(data_); }
DaysDuration Value::days_duration() const { return held<DaysDuration>(data_); }
MonthsDuration Value::months_duration() const { return held<MonthsDuration>(data_); }
const List& Value::list() const { return held<std::shared_ptr<const ListBody>>(data_)->items; }
const Context& Value::context() const { return held<std::shared_ptr<const ContextBody>>(data_)->context; }
const Range& Value::range() const { return *held<std::shared_ptr<const Range>>(data_); }
const std::shared_ptr<const Function>& Value::function() const {
  return held<std::shared_ptr<const Function>>(data_);
}

namespace {
constexpr std::size_t kFewEntries = 16;
}  // namespace

// The slot that holds the name, or the free one where it would be.
std::size_t Context::slot_of(std::string_view name) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = std::hash<std::string_view>{}(name)&mask;
  while (slots_[slot] != 0 && entries_[slots_[slot] - 1].first != name) slot = (slot + 1) & mask;
  return slot;
}

std::size_t Context::entry_of(std::string_view name) const {
  if (!slots_.empty()) {
    const std::uint32_t at = slots_[slot_of(name)];
    return at == 0 ? entries_.size() : at - 1;
  }
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const auto& entry) { return entry.first == name; });
  return static_cast<std::size_t>(found - entries_.begin());
}

const Value* Context::find(std::string_view name) const {
  const std::size_t at = entry_of(name);
  return at == entries_.size() ? nullptr : &entries_[at].second;
}

void Context::put(std::string name, Value value) {
  if (const std::size_t at = entry_of(name); at < entries_.size()) {
    entries_[at].second = std::move(value);
    return;
  }
  entries_.emplace_back(std::move(name), std::move(value));
  if (entries_.size() <= kFewEntries) return;
  if (slots_.size() < 2 * entries_.size()) {
    slots_.assign(std::bit_ceil(4 * entries_.size()), 0);
    for (std::size_t i = 0; i < entries_.size(); ++i)
      slots_[slot_of(entries_[i].first)] = static_cast<std::uint32_t>(i + 1);
    return;
  }
  slots_[slot_of(entries_.back().first)] = static_cast<std::uint32_t>(entries_.size());
}

namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out + "\"";
}

// A key that the parser takes bare: parts and extra symbols, single blanks between.
bool is_bare_key(std::string_view key) {
  bool blank = true, first = true;
  for (std::size_t at = 0; at < key.size();) {
    const char32_t c = text::next_code_point(key, at);
    if (c == ' ') {
      if (blank) return false;
      blank = true;
      continue;
    }
    if (first ? !is_name_start(c) : !is_name_part(c) && !is_name_symbol(c)) return false;
    blank = first = false;
  }
  return !blank;
}

std::string printed(const Value& value, bool as_literal);

std::string printed_range(const Range& range, bool as_literal) {
  if (!range.one_sided.empty()) {
    const Value& bound = range.low.is_null() ? range.high : range.low;
    return "(" + range.one_sided + " " + printed(bound, as_literal) + ")";
  }
  return (range.low_included ? "[" : "(") + printed(range.low, as_literal) + ".." +
         printed(range.high, as_literal) + (range.high_included ? "]" : ")");
}

std::string printed(const Value& value, bool as_literal) {
  const auto temporal = [&](const std::string& text) { return as_literal ? "@\"" + text + "\"" : text; };
  switch (value.kind()) {
    case Kind::Null:
      return "null";
    case Kind::Boolean:
      return value.boolean() ? "true" : "false";
    case Kind::Number:
      return value.number().to_string();
    case Kind::String:
      return quoted(value.string());
    case Kind::Date:
      return temporal(value.date().to_string());
    case Kind::Time:
      return temporal(to_string(value.time()));
    case Kind::DateTime:
      return temporal(to_string(value.date_time()));
    case Kind::DaysDuration:
      return temporal(to_string(value.days_duration()));
    case Kind::MonthsDuration:
      return temporal(to_string(value.months_duration()));
    case Kind::List: {
      std::string out = "[";
      for (const Value& item : value.list()) out += (out.size() > 1 ? ", " : "") + printed(item, as_literal);
      return out + "]";
    }
    case Kind::Context: {
      std::string out = "{";
      for (const auto& [key, entry] : value.context().entries())
        out += (out.size() > 1 ? ", " : "") + (is_bare_key(key) ? key : quoted(key)) + ": " +
               printed(entry, as_literal);
      return out + "}";
    }
    case Kind::Range:
      return printed_range(value.range(), as_literal);
    case Kind::Function:
      return "function(" + value.function()->signature() + ")";
  }
  return "";
}

std::optional<bool> all_equal(const List& a, const List& b) {
  if (a.size() != b.size()) return false;
  bool unknown = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto same = equal(a[i], b[i]);
    if (same == false) return false;
    unknown = unknown || !same;
  }
  return unknown ? std::nullopt : std::optional(true);
}

std::optional<bool> equal_contexts(const Context& a, const Context& b) {
  if (a.entries().size() != b.entries().size()) return false;
  bool unknown = false;
  for (const auto& [key, value] : a.entries()) {
    const Value* other = b.find(key);
    if (other == nullptr) return false;
    const auto same = equal(value, *other);
    if (same == false) return false;
    unknown = unknown || !same;
  }
  return unknown ? std::nullopt : std::optional(true);
}

std::optional<bool> equal_ranges(const Range& a, const Range& b) {
  if (a.one_sided != b.one_sided || a.low_included != b.low_included || a.high_included != b.high_included)
    return false;
  const auto low = equal(a.low, b.low), high = equal(a.high, b.high);
  if (low == false || high == false) return false;
  return low && high ? std::optional(true) : std::nullopt;
}

}  // namespace

std::string Value::to_feel() const { return printed(*this, true); }
std::string Value::to_text() const { return kind() == Kind::String ? string() : printed(*this, false); }

std::optional<bool> equal(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  if (a.kind() != b.kind()) return std::nullopt;
  switch (a.kind()) {
    case Kind::Boolean:
      return a.boolean() == b.boolean();
    case Kind::Number:
      return a.number() == b.number();
    case Kind::String:
      return a.string() == b.string();
    case Kind::Date:
      return a.date() == b.date();
    case Kind::Time:
      return same_time(a.time(), b.time());
    case Kind::DateTime:
      return same_date_time(a.date_time(), b.date_time());
    case Kind::DaysDuration:
      return a.days_duration().seconds == b.days_duration().seconds &&
             a.days_duration().nanoseconds == b.days_duration().nanoseconds;
    case Kind::MonthsDuration:
      return a.months_duration().months == b.months_duration().months;
    case Kind::List:
      return all_equal(a.list(), b.list());
    case Kind::Context:
      return equal_contexts(a.context(), b.context());
    case Kind::Range:
      return equal_ranges(a.range(), b.range());
    case Kind::Function:
      return a.function() == b.function();
    case Kind::Null:
      break;
  }
  return std::nullopt;
}

std::optional<int> compare(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return std::nullopt;
  const auto sign = [](auto order) { return order < 0 ? -1 : order > 0 ? 1 : 0; };
  switch (a.kind()) {
    case Kind::Number:
      return sign(a.number() <=> b.number());
    case Kind::String:
      return sign(a.string().compare(b.string()));  // UTF-8 keeps the order of code points
    case Kind::Date:
      return sign(a.date() <=> b.date());
    case Kind::Time:
      return compare_times(a.time(), b.time());
    case Kind::DateTime:
      return compare_date_times(a.date_time(), b.date_time());
    case Kind::DaysDuration: {
      const auto x = a.days_duration(), y = b.days_duration();
      return x.seconds != y.seconds ? sign(x.seconds <=> y.seconds) : sign(x.nanoseconds <=> y.nanoseconds);
    }
    case Kind::MonthsDuration:
      return sign(a.months_duration().months <=> b.months_duration().months);
    default:
      return std::nullopt;
  }
}

}  // namespace tenglong::feel
