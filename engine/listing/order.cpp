#include "engine/listing/order.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

#include "engine/text/ensure.h"
#include "engine/text/text.h"

namespace tenglong::listing {

namespace {

constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
constexpr char kPart = '\x1F';

// One value as it is compared. `bytes` of a name is its collation key.
struct Cell {
  CellKind kind = CellKind::Text;
  bool is_known = false;
  double number = 0;
  const Decimal* exact = nullptr;  // null: the double carries it
  std::int64_t whole = 0;          // dates, booleans, positions in a code table
  bool is_whole = false;
  std::string_view bytes = {};
};

Decimal decimal_of(const Cell& cell) {
  return cell.exact != nullptr ? *cell.exact : Decimal::from_double_shortest(cell.number);
}

template <typename T>
int sign_of(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

// Of two known cells of one key.
int compare(const Cell& a, const Cell& b) {
  if (a.is_whole && b.is_whole) return sign_of(a.whole, b.whole);
  if (a.kind != CellKind::Number) return sign_of(a.bytes, b.bytes);
  if (a.number != b.number || (a.exact == nullptr && b.exact == nullptr)) return sign_of(a.number, b.number);
  return sign_of(decimal_of(a), decimal_of(b));
}

// A key made ready for one part.
class Reader {
 public:
  Reader(const Rows& rows, const SortKey& key) : key_(key), rows_(rows) {
    if (key.by.from != Operand::From::Year) column_ = &rows.column(key.by);
    if (key.by.from == Operand::From::Above) links_ = rows.above().data();
  }
  Cell at(std::uint32_t row) const {
    Cell out;
    if (column_ == nullptr) {
      const auto year = rows_.year();
      out.is_known = year.has_value();
      out.is_whole = true;
      out.whole = year.value_or(0);
      return out;
    }
    if (links_ != nullptr) {
      if (links_[row] < 0) return out;
      row = static_cast<std::uint32_t>(links_[row]);
    }
    const Segment& segment = column_->of(row);
    const std::size_t at = row % kSegmentRows;
    out.kind = segment.kind();
    out.is_known = segment.state(at) == State::Known;
    if (!out.is_known) return out;
    switch (segment.kind()) {
      case CellKind::Number:
        out.number = segment.numbers()[at];
        if (!segment.long_numbers().empty()) out.exact = segment.long_number(at);
        break;
      case CellKind::Boolean:
        out.is_whole = true;
        out.whole = segment.truths()[at];
        break;
      case CellKind::Date:
        out.is_whole = true;
        out.whole = segment.days()[at];
        break;
      case CellKind::Name:
        out.bytes = segment.sort_keys().at(segment.codes()[at]);
        break;
      case CellKind::Text:
        out.bytes = segment.text(at);
        place_in_table(out, out.bytes);
        break;
    }
    return out;
  }
  // Codes that the table knows come in its order, before those that it does not.
  void place_in_table(Cell& cell, std::string_view code) const {
    if (key_.codes == nullptr) return;
    const int position = key_.codes->position(code);
    cell.is_whole = true;
    cell.whole = position < 0 ? std::numeric_limits<std::int64_t>::max() : position;
  }
  const Column* column() const { return column_; }

 private:
  SortKey key_;
  const Rows& rows_;
  const Column* column_ = nullptr;
  const std::int32_t* links_ = nullptr;
};

struct Entry {
  std::uint64_t primary = 0;
  Position at = {};
};

// The bytes with which all names of a column begin say nothing about their order.
std::size_t common_prefix(const std::vector<const Column*>& columns) {
  std::string_view first;
  std::size_t common = 0;
  bool is_first = true;
  for (const Column* column : columns)
    for (const auto& segment : column->segments) {
      const Texts& texts = segment->kind() == CellKind::Name ? segment->sort_keys() : segment->entries();
      for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::string_view text = texts.at(i);
        if (is_first) {
          first = text;
          common = text.size();
          is_first = false;
          continue;
        }
        std::size_t same = 0;
        while (same < common && same < text.size() && text[same] == first[same]) ++same;
        common = same;
        if (common == 0) return 0;
      }
    }
  return common;
}

std::uint64_t primary_of(const Cell& cell, bool is_descending, std::size_t skip) {
  if (!cell.is_known) return kLast;
  std::uint64_t out = 0;
  if (cell.is_whole) {
    out = static_cast<std::uint64_t>(cell.whole) ^ (std::uint64_t{1} << 63);
  } else if (cell.kind == CellKind::Number) {
    const double number = cell.number == 0 ? 0.0 : cell.number;  // -0 is 0
    std::memcpy(&out, &number, sizeof out);
    out = (out >> 63) != 0 ? ~out : out | (std::uint64_t{1} << 63);
  } else {
    for (std::size_t i = 0; i < 8; ++i)
      out = out << 8 | (skip + i < cell.bytes.size() ? static_cast<std::uint8_t>(cell.bytes[skip + i]) : 0u);
  }
  out = is_descending ? ~out : out;
  return std::min(out, kLast - 1);  // what is equal here is compared whole
}

class Order {
 public:
  Order(const std::vector<Part>& parts, const std::vector<SortKey>& keys) : parts_(parts), keys_(keys) {
    for (const Part& part : parts) {
      std::vector<Reader> readers;
      for (const SortKey& key : keys) readers.emplace_back(*part.rows, key);
      readers_.push_back(std::move(readers));
      record_keys_.push_back(&part.rows->column({Operand::From::Key, -1}));
    }
    if (keys.empty()) {
      skip_ = common_prefix(record_keys_);
      return;
    }
    std::vector<const Column*> first;
    for (const auto& readers : readers_)
      if (readers[0].column() != nullptr) first.push_back(readers[0].column());
    if (!first.empty()) skip_ = common_prefix(first);
  }
  std::uint64_t primary(const Position& at) const {
    if (keys_.empty()) {
      Cell key{.is_known = true, .bytes = record_key(at)};
      return primary_of(key, false, skip_);
    }
    return primary_of(readers_[at.part][0].at(at.row), keys_[0].is_descending, skip_);
  }
  std::string_view record_key(const Position& at) const { return record_keys_[at.part]->text(at.row); }
  Cell cell(const Position& at, std::size_t key) const { return readers_[at.part][key].at(at.row); }
  const Reader& reader(const Position& at, std::size_t key) const { return readers_[at.part][key]; }
  int compare_cells(std::size_t key, const Cell& a, const Cell& b) const {
    if (a.is_known != b.is_known) return a.is_known ? -1 : 1;
    if (!a.is_known) return 0;
    const int order = compare(a, b);
    return keys_[key].is_descending ? -order : order;
  }
  bool before(const Entry& a, const Entry& b) const {
    if (a.primary != b.primary) return a.primary < b.primary;
    for (std::size_t key = 0; key < keys_.size(); ++key)
      if (const int order = compare_cells(key, cell(a.at, key), cell(b.at, key)); order != 0)
        return order < 0;
    const int order = record_key(a.at).compare(record_key(b.at));
    if (order != 0) return order < 0;
    return parts_[a.at.part].period < parts_[b.at.part].period;
  }

 private:
  const std::vector<Part>& parts_;
  const std::vector<SortKey>& keys_;
  std::vector<std::vector<Reader>> readers_;
  std::vector<const Column*> record_keys_;
  std::size_t skip_ = 0;
};

// A cursor read back: the cells own their bytes.
struct Mark {
  std::vector<Cell> cells;
  std::vector<std::string> bytes;
  std::vector<Decimal> numbers;
  std::string key, period;
};

std::string to_hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char each : bytes) {
    out += kDigits[static_cast<unsigned char>(each) >> 4];
    out += kDigits[static_cast<unsigned char>(each) & 15];
  }
  return out;
}
std::optional<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  const auto digit = [](char each) {
    return each >= '0' && each <= '9' ? each - '0' : each >= 'a' && each <= 'f' ? each - 'a' + 10 : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]), low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

std::optional<Mark> read_mark(const Order& order, const std::vector<Part>& parts,
                              const std::vector<SortKey>& keys, std::string_view cursor) {
  const auto plain = from_hex(cursor);
  if (!plain) return std::nullopt;
  const std::vector<std::string_view> words = text::split(*plain, kPart);
  if (words.size() != keys.size() + 2) return std::nullopt;
  Mark out;
  out.bytes.reserve(keys.size());
  out.numbers.reserve(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    Cell cell;
    const std::string_view word = words[i];
    if (word.empty()) return std::nullopt;
    const std::string_view value = word.substr(1);
    cell.is_known = word[0] != '-';
    switch (word[0]) {
      case '-':
        break;
      case 'n': {
        const auto number = Decimal::parse(value);
        if (!number) return std::nullopt;
        out.numbers.push_back(*number);
        cell.kind = CellKind::Number;
        cell.number = number->to_double();
        cell.exact = &out.numbers.back();
        break;
      }
      case 'w': {
        const auto number = Decimal::parse(value);
        const auto whole = number ? number->to_integer() : std::nullopt;
        if (!whole) return std::nullopt;
        cell.is_whole = true;
        cell.whole = *whole;
        break;
      }
      case 's': {
        out.bytes.emplace_back(value);
        cell.bytes = out.bytes.back();
        if (!parts.empty()) order.reader({0, 0}, i).place_in_table(cell, cell.bytes);
        break;
      }
      case 'z': {
        out.bytes.push_back(collation_key(value));
        cell.kind = CellKind::Name;
        cell.bytes = out.bytes.back();
        break;
      }
      default:
        return std::nullopt;
    }
    out.cells.push_back(cell);
  }
  out.key = words[keys.size()];
  out.period = words[keys.size() + 1];
  return out;
}

// The parts of a record key are joined with the character that joins the words of a cursor.
constexpr char kInsideKey = '\x1D';
std::string swapped(std::string text, char from, char to) {
  std::replace(text.begin(), text.end(), from, to);
  return text;
}

}  // namespace

std::string cursor_of(const std::vector<Part>& parts, const std::vector<SortKey>& keys, const Position& at) {
  std::string out;
  const Rows& rows = *parts[at.part].rows;
  for (const SortKey& key : keys) {
    const feel::Value value = rows.value(key.by, at.row);
    if (value.is_null())
      out += '-';
    else if (value.kind() == feel::Kind::Number && key.by.from != Operand::From::Year)
      out += 'n' + value.number().to_string();
    else if (value.kind() == feel::Kind::Number)
      out += 'w' + value.number().to_string();
    else if (value.kind() == feel::Kind::Boolean)
      out += value.boolean() ? "w1" : "w0";
    else if (value.kind() == feel::Kind::Date)
      out += 'w' + std::to_string(value.date().days());
    else {
      const Column& column = rows.column(key.by);
      const bool is_name = !column.segments.empty() && column.segments[0]->kind() == CellKind::Name;
      out += (is_name ? 'z' : 's') + swapped(value.string(), kPart, ' ');
    }
    out += kPart;
  }
  out += swapped(std::string(rows.column({Operand::From::Key, -1}).text(at.row)), kPart, kInsideKey);
  out += kPart;
  out += parts[at.part].period;
  return to_hex(out);
}

std::optional<std::vector<Position>> page_of(const std::vector<Part>& parts, const std::vector<SortKey>& keys,
                                             const Page& page) {
  const Order order(parts, keys);
  std::optional<Mark> mark;
  if (!page.after.empty()) {
    mark = read_mark(order, parts, keys, page.after);
    if (!mark) return std::nullopt;
    mark->key = swapped(std::move(mark->key), kInsideKey, kPart);
  }
  const auto is_behind = [&](const Position& at) {
    for (std::size_t key = 0; key < keys.size(); ++key)
      if (const int side = order.compare_cells(key, order.cell(at, key), mark->cells[key]); side != 0)
        return side > 0;
    if (const int side = order.record_key(at).compare(mark->key); side != 0) return side > 0;
    return parts[at.part].period > mark->period;
  };
  std::vector<Entry> entries;
  std::size_t count = 0;
  for (const Part& part : parts) count += part.kept.size();
  entries.reserve(count);
  for (std::uint32_t part = 0; part < parts.size(); ++part)
    for (const std::uint32_t row : parts[part].kept) {
      const Position at{part, row};
      if (!mark || is_behind(at)) entries.push_back({order.primary(at), at});
    }
  const auto before = [&](const Entry& a, const Entry& b) { return order.before(a, b); };
  const std::size_t from = std::min(page.skip, entries.size());
  const std::size_t to =
      std::min(entries.size(), page.size > entries.size() - from ? entries.size() : from + page.size);
  if (from > 0 && from < entries.size())
    std::nth_element(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(from), entries.end(),
                     before);
  if (to < entries.size())
    std::nth_element(entries.begin() + static_cast<std::ptrdiff_t>(from),
                     entries.begin() + static_cast<std::ptrdiff_t>(to), entries.end(), before);
  std::sort(entries.begin() + static_cast<std::ptrdiff_t>(from),
            entries.begin() + static_cast<std::ptrdiff_t>(to), before);
  std::vector<Position> out;
  for (std::size_t i = from; i < to; ++i) out.push_back(entries[i].at);
  return out;
}

namespace {

// The row of the column in which a row's value stands, or nothing.
std::optional<std::uint32_t> row_in_column(const Rows& rows, const Operand& operand, std::uint32_t row) {
  if (operand.from != Operand::From::Above) return row;
  const std::int32_t link = rows.above()[row];
  return link < 0 ? std::nullopt : std::optional(static_cast<std::uint32_t>(link));
}

}  // namespace

// A short number v with at most d digits behind the point is V/10^d with a whole V. If |v|·10^d < 10^15, the
// double of v times 10^d errs by less than 2·2^-53·10^15 < 1/2, so the nearest whole number is V: sums of V
// are exact.
Sum sum_of(const std::vector<Part>& parts, const Operand& number) {
  constexpr int kMostDecimals = 9;
  constexpr double kCarried = 1e15;
  constexpr double kPowers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
  Sum out;
  __int128 whole[kMostDecimals + 1] = {};
  quantity::ExactSum rest;
  for (const Part& part : parts) {
    const Column& column = part.rows->column(number);
    for (const std::uint32_t row : part.kept) {
      const auto at = row_in_column(*part.rows, number, row);
      if (!at || column.state(*at) != State::Known) {
        ++out.unknown;
        continue;
      }
      ++out.known;
      const Segment& segment = column.of(*at);
      const std::size_t in_segment = *at % kSegmentRows;
      const double value = segment.numbers()[in_segment];
      const int decimals = segment.decimals();
      const bool is_carried = decimals <= kMostDecimals && std::abs(value) * kPowers[decimals] < kCarried &&
                              (segment.long_numbers().empty() || segment.long_number(in_segment) == nullptr);
      if (is_carried)
        whole[decimals] += std::llround(value * kPowers[decimals]);
      else
        rest.add(segment.number(in_segment));
    }
  }
  for (int i = 0; i <= kMostDecimals; ++i)
    if (whole[i] != 0) rest.add(Decimal::scaled(whole[i], -i));
  out.total = rest.result().value_or(Decimal(0));
  return out;
}

std::vector<std::pair<std::string, std::int64_t>> counts_by(const std::vector<Part>& parts,
                                                            const Operand& text) {
  std::map<std::string, std::int64_t, std::less<>> counts;
  for (const Part& part : parts) {
    const Column& column = part.rows->column(text);
    // By segment and entry first: names are looked up once an entry, not once a row.
    std::vector<std::vector<std::int64_t>> by_entry(column.segments.size());
    for (std::size_t i = 0; i < by_entry.size(); ++i)
      by_entry[i].resize(column.segments[i]->entries().size());
    std::int64_t none = 0;
    for (const std::uint32_t row : part.kept) {
      const auto at = row_in_column(*part.rows, text, row);
      if (!at || column.state(*at) != State::Known)
        ++none;
      else
        ++by_entry[*at / kSegmentRows][column.of(*at).codes()[*at % kSegmentRows]];
    }
    for (std::size_t i = 0; i < by_entry.size(); ++i)
      for (std::size_t entry = 0; entry < by_entry[i].size(); ++entry)
        if (by_entry[i][entry] > 0)
          counts[std::string(column.segments[i]->entries().at(entry))] += by_entry[i][entry];
    if (none > 0) counts[""] += none;
  }
  return {counts.begin(), counts.end()};
}

}  // namespace tenglong::listing
