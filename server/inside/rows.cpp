#include "server/inside/rows.h"

#include <algorithm>
#include <cmath>
#include <numeric>

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

}  // namespace

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

ColumnFacts::Facts& ColumnFacts::of(const Held& column) {
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
    if (const auto& known = of(column).ranks; known != nullptr) return known;
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
  return of(column).ranks = std::move(ranks);
}

std::shared_ptr<const listing::Column> ColumnFacts::cells(const Held& column, schema::FieldType type,
                                                          const std::string& part,
                                                          const std::vector<std::uint32_t>* rows) {
  {
    const std::lock_guard lock(mutex_);
    const auto& known = of(column).cells;
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
  return of(column).cells[part] = std::move(out);
}

ColumnFacts::Sum ColumnFacts::sum(const Held& column, const std::vector<std::uint32_t>& rows) {
  int decimals = -2;
  {
    const std::lock_guard lock(mutex_);
    const Facts& facts = of(column);
    for (const auto& [of_rows, sum] : facts.sums)
      if (of_rows == rows) return sum;
    decimals = facts.decimals;
  }
  const auto& numbers = std::get<column::NumberColumn>(*column);
  if (decimals == -2) decimals = decimals_of(numbers);
  Sum out;
  if (decimals >= 0) {
    __int128 whole = 0;
    for (const std::uint32_t row : rows) {
      if (numbers.state[row] == quantity::State::Known)
        whole += std::llround(numbers.value[row] * kTens[decimals]);
      else
        ++out.missing;
    }
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
  Facts& facts = of(column);
  facts.decimals = decimals;
  facts.sums.emplace_back(rows, out);
  if (facts.sums.size() > kMostSums) facts.sums.pop_front();
  return out;
}

TableRows::TableRows(const Edition& edition, const schema::Register& target,
                     std::optional<calendar::Period> period, const std::vector<std::uint32_t>* rows)
    : edition_(edition),
      target_(target),
      table_(*edition.snapshot->find(target.id)),
      period_(period),
      rows_(rows),
      size_(rows == nullptr ? table_.size() : rows->size()) {
  above_.reserve(size_);
  for (std::size_t i = 0; i < size_; ++i) {
    const std::size_t row = rows == nullptr ? i : (*rows)[i];
    above_.push_back(row < table_.parent_row.size() ? table_.parent_row[row] : -1);
  }
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

void RowOrder::put_first(std::vector<std::uint32_t>& rows, std::size_t to) const {
  if (keys_.empty()) return;
  to = std::min(to, rows.size());
  std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(to), rows.end(),
                    [&](std::uint32_t a, std::uint32_t b) {
                      for (const Key& key : keys_)
                        if (const int order = compare(key, a, b); order != 0) return order < 0;
                      return a < b;
                    });
}

}  // namespace tenglong::server
