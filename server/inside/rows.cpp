#include "server/inside/rows.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <set>

namespace tenglong::server {

namespace {

constexpr std::size_t kMostFacts = 64;
constexpr std::size_t kMostSums = 8;
constexpr int kMostDecimals = 9;
constexpr double kTens[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
constexpr double kCarried = 1e15;

// The fewest digits behind the point by which every number is a whole one; -1: more than nine, or too large.
int decimals_of(const column::NumberColumn& numbers) {
  if (!numbers.exact_values.empty()) return -1;
  int out = 0;
  for (const double value : numbers.value) {
    while (out <= kMostDecimals) {
      const double scaled = value * kTens[out];
      if (std::abs(scaled) >= kCarried) return -1;
      // The double nearest to the decimal: dividing back gives it exactly, or it is no such decimal.
      if (std::nearbyint(scaled) / kTens[out] == value) break;
      ++out;
    }
    if (out > kMostDecimals) return -1;
  }
  return out;
}

quantity::State state_at(const column::Column& cells, std::size_t row) {
  return std::visit([row](const auto& c) { return c.state[row]; }, cells);
}

std::size_t size_of(const column::Column& cells) {
  return std::visit([](const auto& c) { return c.state.size(); }, cells);
}

// A whole number of less than kCarried that a double stands for, give or take a rounding of it.
std::int64_t whole_near(double scaled) {
  return static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
}

// In the order of the numbers; +0 and -0 are one.
std::uint64_t place_of(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);
  constexpr std::uint64_t kSign = 1ull << 63;
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

}  // namespace

RowNumbers RowFacts::rows(const column::Table& table, const std::optional<calendar::Period>& period) {
  const std::lock_guard lock(mutex_);
  RowNumbers& held = rows_[{&table, period}];
  if (held != nullptr) return held;
  auto out = std::make_shared<std::vector<std::uint32_t>>();
  std::vector<bool> is_it;
  for (const auto& each : table.period.distinct()) is_it.push_back(!period || each == period);
  const auto& codes = table.period.code();
  for (std::uint32_t row = 0; row < table.size(); ++row)
    if (is_it[codes[row]]) out->push_back(row);
  out->shrink_to_fit();
  return held = std::move(out);
}

RowNumbers RowFacts::towns(const column::Table& table, const view::ReachedTexts& towns) {
  const std::lock_guard lock(mutex_);
  RowNumbers& held = towns_[&table];
  if (held != nullptr) return held;
  auto out = std::make_shared<std::vector<std::uint32_t>>(table.size());
  for (std::size_t row = 0; row < out->size(); ++row)
    (*out)[row] = static_cast<std::uint32_t>(towns.code(row) + 1);
  return held = std::move(out);
}

registers::Scalar scalar_of(const column::Column& cells, std::size_t row) {
  struct Reader {
    std::size_t row;
    registers::Scalar operator()(const column::NumberColumn& c) const { return c.exact(row); }
    registers::Scalar operator()(const column::TextColumn& c) const { return c.text(row); }
    registers::Scalar operator()(const column::BooleanColumn& c) const { return c.value[row] != 0; }
    registers::Scalar operator()(const column::DateColumn& c) const {
      return calendar::Date::from_days(c.days[row]);
    }
  };
  return std::visit(Reader{row}, cells);
}

Whose::Whose(const Edition& edition, std::string_view register_id)
    : towns_(edition.naming().towns(register_id)) {
  if (const column::Table* own = edition.snapshot->find(register_id))
    numbers_ = edition.warm->rows->towns(*own, towns_);
  const schema::Register* target = edition.pack->schema.find(register_id);
  while (target != nullptr) {
    const column::Table* table = edition.snapshot->find(target->id);
    if (table == nullptr) return;
    const schema::Field* key = target->key.size() == 1 ? target->find(target->key[0]) : nullptr;
    if (key != nullptr && key->type == schema::FieldType::CreditCode) {
      firms_ = table;
      return;
    }
    if (target->of.empty()) return;
    up_.push_back(table);
    target = edition.pack->schema.find(target->of);
  }
}

std::string_view Whose::town_code(std::size_t number) const {
  return number == 0 ? std::string_view() : std::string_view(towns_.texts->dictionary[number - 1]);
}

std::string_view Whose::firm(std::size_t row) const {
  if (firms_ == nullptr) return {};
  for (const column::Table* table : up_) {
    if (row >= table->parent_row.size() || table->parent_row[row] < 0) return {};
    row = static_cast<std::size_t>(table->parent_row[row]);
  }
  return row < firms_->size() ? std::string_view(firms_->key[row]) : std::string_view();
}

ColumnFacts::Facts& ColumnFacts::facts_of(const Held& column) {
  const auto found = facts_.find(&*column);
  if (found != facts_.end()) return found->second;
  // Those of editions that are gone go with all others, and what is asked for again is worked out again.
  if (facts_.size() >= kMostFacts) facts_.clear();
  Facts& out = facts_[&*column];
  out.held = column.of;
  return out;
}

std::shared_ptr<const std::vector<std::int32_t>> ColumnFacts::ranks(const Held& column) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto& known = facts_of(column).ranks; known != nullptr) return known;
  }
  const auto& texts = std::get<column::TextColumn>(*column);
  std::vector<std::int32_t> order(texts.dictionary.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    return texts.dictionary[static_cast<std::size_t>(a)] < texts.dictionary[static_cast<std::size_t>(b)];
  });
  auto ranks = std::make_shared<std::vector<std::int32_t>>(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    (*ranks)[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
  const std::lock_guard lock(mutex_);
  return facts_of(column).ranks = std::move(ranks);
}

std::shared_ptr<const listing::Column> ColumnFacts::cells(const Held& column, schema::FieldType type,
                                                          const std::string& part,
                                                          const std::vector<std::uint32_t>* rows) {
  {
    const std::lock_guard lock(mutex_);
    const auto& known = facts_of(column).cells;
    if (const auto found = known.find(part); found != known.end()) return found->second;
  }
  auto out = std::make_shared<listing::Column>();
  std::shared_ptr<listing::Segment> segment;
  const std::size_t size = rows == nullptr ? size_of(*column) : rows->size();
  for (std::size_t i = 0; i < size; ++i) {
    if (i % listing::kSegmentRows == 0) {
      segment = std::make_shared<listing::Segment>(listing::kind_of(type));
      out->segments.push_back(segment);
    }
    const std::size_t row = rows == nullptr ? i : (*rows)[i];
    const quantity::State state = state_at(*column, row);
    segment->append(state, state == quantity::State::Known ? scalar_of(*column, row) : registers::Scalar{});
  }
  const std::lock_guard lock(mutex_);
  return facts_of(column).cells[part] = std::move(out);
}

ColumnFacts::Sum ColumnFacts::sum(const Held& column, const RowNumbers& of) {
  const std::vector<std::uint32_t>& rows = *of;
  int decimals = -2;
  {
    const std::lock_guard lock(mutex_);
    const Facts& facts = facts_of(column);
    for (const auto& [of_rows, sum] : facts.sums)
      if (of_rows == of || *of_rows == rows) return sum;
    decimals = facts.decimals;
  }
  const auto& numbers = std::get<column::NumberColumn>(*column);
  if (decimals == -2) decimals = decimals_of(numbers);
  Sum out;
  if (decimals >= 0) {
    // Rows that are not Known hold 0. So few of less than kCarried at a time fit into 64 bits.
    constexpr std::size_t kAtOnce = 4096;
    const double scale = kTens[decimals];
    __int128 whole = 0;
    for (std::size_t from = 0; from < rows.size(); from += kAtOnce) {
      const std::size_t to = std::min(rows.size(), from + kAtOnce);
      std::int64_t part = 0;
      for (std::size_t i = from; i < to; ++i) part += whole_near(numbers.value[rows[i]] * scale);
      whole += part;
    }
    if (!numbers.state.all_known())
      for (const std::uint32_t row : rows)
        out.missing += numbers.state[row] != quantity::State::Known ? 1 : 0;
    out.total = quantity::Decimal::scaled(whole, -decimals);
  } else {
    quantity::ExactSum whole;
    for (const std::uint32_t row : rows) {
      if (numbers.state[row] == quantity::State::Known)
        whole.add(numbers.exact(row));
      else
        ++out.missing;
    }
    out.total = whole.result();
  }
  const std::lock_guard lock(mutex_);
  Facts& facts = facts_of(column);
  facts.decimals = decimals;
  facts.sums.emplace_back(of, out);
  if (facts.sums.size() > kMostSums) facts.sums.pop_front();
  return out;
}

void ColumnFacts::keep_only(const std::vector<std::shared_ptr<const column::Snapshot>>& snapshots) {
  std::set<const column::Column*> present;
  for (const auto& snapshot : snapshots)
    for (const column::Table& table : snapshot->tables)
      for (const column::Column& each : table.columns) present.insert(&each);
  const std::lock_guard lock(mutex_);
  std::erase_if(facts_, [&](const auto& each) { return !present.contains(each.first); });
}

TableRows::TableRows(const Edition& edition, const schema::Register& target,
                     std::optional<calendar::Period> period, const std::vector<std::uint32_t>* rows)
    : edition_(edition),
      target_(target),
      table_(*edition.snapshot->find(target.id)),
      period_(period),
      rows_(rows),
      size_(rows == nullptr ? table_.size() : rows->size()) {}

const std::vector<std::int32_t>& TableRows::above() const {
  if (above_.size() == size_) return above_;
  above_.reserve(size_);
  for (std::size_t i = 0; i < size_; ++i) {
    const std::size_t row = rows_ == nullptr ? i : (*rows_)[i];
    above_.push_back(row < table_.parent_row.size() ? table_.parent_row[row] : -1);
  }
  return above_;
}

std::optional<int> TableRows::year() const {
  return period_ ? std::optional(period_->year_of_start()) : std::nullopt;
}

const listing::Column& TableRows::column(const listing::Operand& operand) const {
  auto& held = columns_[operand];
  if (held != nullptr) return *held;
  ColumnFacts& facts = *edition_.warm->facts;
  const auto field = static_cast<std::size_t>(operand.field);
  switch (operand.from) {
    case listing::Operand::From::Above: {
      const schema::Register& above = *edition_.pack->schema.find(target_.of);
      const column::Table& table = *edition_.snapshot->find(above.id);
      held = facts.cells({table.columns, field}, above.fields[field].type, "", nullptr);
      break;
    }
    case listing::Operand::From::Own:
      held = facts.cells({table_.columns, field}, target_.fields[field].type,
                         period_ ? period_->to_string() : "", rows_);
      break;
    default: {
      auto keys = std::make_shared<listing::Column>();
      std::shared_ptr<listing::Segment> segment;
      for (std::size_t i = 0; i < size_; ++i) {
        if (i % listing::kSegmentRows == 0) {
          segment = std::make_shared<listing::Segment>(listing::CellKind::Text);
          keys->segments.push_back(segment);
        }
        segment->append(quantity::State::Known, table_.key[rows_ == nullptr ? i : (*rows_)[i]]);
      }
      held = std::move(keys);
    }
  }
  return *held;
}

void RowOrder::add(std::size_t field, bool falls) {
  Key key{.cells = &table_.columns[field], .falls = falls, .ranks = nullptr};
  if (const auto* texts = std::get_if<column::TextColumn>(key.cells); texts != nullptr && !texts->is_list)
    key.ranks = edition_.warm->facts->ranks({table_.columns, field});
  keys_.push_back(std::move(key));
}

int RowOrder::compare(const Key& key, std::uint32_t a, std::uint32_t b) const {
  const bool has_a = state_at(*key.cells, a) == quantity::State::Known,
             has_b = state_at(*key.cells, b) == quantity::State::Known;
  if (has_a != has_b) return has_a ? -1 : 1;
  if (!has_a) return 0;
  struct Compare {
    const Key& key;
    std::uint32_t a, b;
    int operator()(const column::NumberColumn& c) const {
      if (!c.exact_values.empty() && (c.exact_values.contains(a) || c.exact_values.contains(b))) {
        const quantity::Decimal left = c.exact(a), right = c.exact(b);
        return left < right ? -1 : right < left ? 1 : 0;
      }
      return c.value[a] < c.value[b] ? -1 : c.value[b] < c.value[a] ? 1 : 0;
    }
    int operator()(const column::TextColumn& c) const {
      if (key.ranks == nullptr) return 0;
      const std::int32_t left = (*key.ranks)[static_cast<std::size_t>(c.code[a])],
                         right = (*key.ranks)[static_cast<std::size_t>(c.code[b])];
      return left < right ? -1 : left > right ? 1 : 0;
    }
    int operator()(const column::BooleanColumn&) const { return 0; }
    int operator()(const column::DateColumn& c) const {
      return c.days[a] < c.days[b] ? -1 : c.days[a] > c.days[b] ? 1 : 0;
    }
  };
  const int order = std::visit(Compare{key, a, b}, *key.cells);
  return key.falls ? -order : order;
}

std::vector<RowOrder::Placed> RowOrder::placed(const std::vector<std::uint32_t>& rows, bool& is_exact) const {
  constexpr std::uint64_t kLast = ~0ull;  // not known; no number has it
  const Key& key = keys_.front();
  std::vector<Placed> out(rows.size());
  const auto place_all = [&](const auto& cells, const auto& place) {
    const bool all_known = cells.state.all_known();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::uint32_t row = rows[i];
      const bool is_known = all_known || cells.state[row] == quantity::State::Known;
      const std::uint64_t at = is_known ? place(row) : 0;
      out[i] = {!is_known ? kLast : key.falls ? kLast - 1 - at : at, row};
    }
  };
  struct Place {
    const Key& key;
    const decltype(place_all)& put;
    bool operator()(const column::NumberColumn& c) const {
      put(c, [&](std::uint32_t row) { return place_of(c.value[row]); });
      return c.exact_values.empty();
    }
    bool operator()(const column::TextColumn& c) const {
      put(c, [&](std::uint32_t row) {
        return key.ranks == nullptr
                   ? std::uint64_t{0}
                   : static_cast<std::uint64_t>((*key.ranks)[static_cast<std::size_t>(c.code[row])]);
      });
      return true;
    }
    bool operator()(const column::BooleanColumn& c) const {
      put(c, [](std::uint32_t) { return std::uint64_t{0}; });
      return true;
    }
    bool operator()(const column::DateColumn& c) const {
      put(c, [&](std::uint32_t row) {
        return static_cast<std::uint64_t>(std::int64_t{c.days[row]} + (std::int64_t{1} << 32));
      });
      return true;
    }
  };
  is_exact = std::visit(Place{key, place_all}, *key.cells);
  return out;
}

std::vector<std::uint32_t> RowOrder::part(const std::vector<std::uint32_t>& rows, std::size_t from,
                                          std::size_t to) const {
  to = std::min(to, rows.size());
  from = std::min(from, to);
  std::vector<std::uint32_t> out;
  if (from == to) return out;
  if (keys_.empty()) {
    out.assign(rows.begin() + static_cast<std::ptrdiff_t>(from),
               rows.begin() + static_cast<std::ptrdiff_t>(to));
    return out;
  }
  bool is_exact = true;
  std::vector<Placed> all = placed(rows, is_exact);
  const std::size_t settled = is_exact ? 1 : 0;  // keys that the places have settled
  const auto before = [&](const Placed& a, const Placed& b) {
    if (a.place != b.place) return a.place < b.place;
    for (std::size_t k = settled; k < keys_.size(); ++k)
      if (const int order = compare(keys_[k], a.row, b.row); order != 0) return order < 0;
    return a.row < b.row;
  };
  const auto first = all.begin() + static_cast<std::ptrdiff_t>(from),
             last = all.begin() + static_cast<std::ptrdiff_t>(to);
  if (from > 0) std::nth_element(all.begin(), first, all.end(), before);
  if (last != all.end()) std::nth_element(first, last, all.end(), before);
  std::sort(first, last, before);
  out.reserve(to - from);
  for (auto each = first; each != last; ++each) out.push_back(each->row);
  return out;
}

}  // namespace tenglong::server
