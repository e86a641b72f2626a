// Filters, `for`, `some` and `every`: one body for many items.
#include <algorithm>

#include "engine/feel/inside/interpreter.h"

namespace tenglong::feel {

Value Interpreter::selected(const Value& filtered, const Decimal& index, const Node& node) {
  const std::size_t size = filtered.kind() == Kind::List ? filtered.list().size()
                           : filtered.is_null()          ? 0
                                                         : 1;
  const auto position = index.to_integer();
  const auto count = static_cast<std::int64_t>(size);
  if (!position || *position == 0 || *position > count || *position < -count)
    return null(node.span, "位置 " + index.to_string() + " 超出列表（共 " + std::to_string(size) + " 项）。",
                "Position " + index.to_string() + " is outside the list of " + std::to_string(size) + ".");
  if (filtered.kind() != Kind::List) return filtered;
  return filtered.list()[static_cast<std::size_t>(*position > 0 ? *position - 1 : count + *position)];
}

namespace {

std::optional<Decimal> literal_index(const Node& node) {
  if (node.kind == NodeKind::Literal && node.value.kind() == Kind::Number) return node.value.number();
  if (node.kind != NodeKind::Negate) return std::nullopt;
  const auto inner = literal_index(*node.children[0]);
  return inner ? std::optional(-*inner) : std::nullopt;
}

}  // namespace

// A number selects, a boolean keeps. Members of an item are names; one called `item` hides the item itself.
Value Interpreter::filter(const Node& node, const Scope* scope) {
  const Value filtered = evaluate(*node.children[0], scope);
  const Node& condition = *node.children[1];
  if (const auto index = literal_index(condition)) return selected(filtered, *index, condition);
  const bool is_list = filtered.kind() == Kind::List;
  const std::size_t size = is_list ? filtered.list().size() : filtered.is_null() ? 0 : 1;
  const std::size_t told_before = told_, findings_before = findings_.size();
  List kept_items;
  for (std::size_t i = 0; i < std::max<std::size_t>(size, 1); ++i) {
    static const Value none;
    const Value& item = size == 0 ? none : is_list ? filtered.list()[i] : filtered;
    const Scope own{.parent = scope,
                    .name = "item",
                    .value = &item,
                    .members = item.kind() == Kind::Context ? &item.context() : nullptr};
    const Value truth = evaluate(condition, &own);
    if (spent_) return {};
    if (truth.kind() == Kind::Number) {
      findings_.resize(std::min(findings_before, findings_.size()));
      told_ = told_before;
      return selected(filtered, truth.number(), condition);
    }
    if (size == 0) {  // asked only whether the condition is a position
      findings_.resize(std::min(findings_before, findings_.size()));
      told_ = told_before;
      break;
    }
    if (truth.is_true()) kept_items.push_back(item);
  }
  return Value(std::move(kept_items));
}

namespace {

// The items of a domain, one at a time: a list, a range of whole numbers or of dates, or one value.
class Items {
 public:
  // False: it cannot be iterated over.
  bool open(const Value& domain, bool may_descend) {
    switch (domain.kind()) {
      case Kind::Null:
        return false;
      case Kind::List:
        list_ = &domain.list();
        count_ = static_cast<std::int64_t>(list_->size());
        return true;
      case Kind::Range:
        return open_range(domain.range(), may_descend);
      default:
        one_ = &domain;
        count_ = 1;
        return true;
    }
  }
  std::int64_t count() const { return count_; }
  Value at(std::int64_t index) const {
    if (list_ != nullptr) return (*list_)[static_cast<std::size_t>(index)];
    if (one_ != nullptr) return *one_;
    const std::int64_t place = step_ > 0 ? from_ + index : from_ - index;
    return are_dates_ ? Value(Date::from_days(place)) : Value(Decimal(place));
  }

 private:
  bool open_range(const Range& range, bool may_descend) {
    if (!range.one_sided.empty()) return false;
    std::optional<std::int64_t> to;
    if (range.low.kind() == Kind::Number && range.high.kind() == Kind::Number) {
      const auto from = range.low.number().to_integer();
      to = range.high.number().to_integer();
      if (!from || !to) return false;
      from_ = *from;
    } else if (range.low.kind() == Kind::Date && range.high.kind() == Kind::Date) {
      from_ = range.low.date().days();
      to = range.high.date().days();
      are_dates_ = true;
    } else {
      return false;
    }
    constexpr std::int64_t kFar = std::int64_t{1} << 61;
    if (std::abs(from_) > kFar || std::abs(*to) > kFar) return false;
    const std::int64_t last = *to - (range.high_included ? 0 : 1);
    if (!range.low_included) ++from_;
    if (from_ > last && !may_descend) return from_ == last + 1;
    step_ = from_ <= last ? 1 : -1;
    count_ = std::abs(last - from_) + 1;
    return true;
  }

  const List* list_ = nullptr;
  const Value* one_ = nullptr;
  std::int64_t from_ = 0, count_ = 0;
  int step_ = 1;
  bool are_dates_ = false;
};

}  // namespace

struct Interpreter::Iteration {
  const Node& node;
  List results = {};
  bool unknown = false;
  bool failed = false;
  std::optional<bool> decided = {};
};

void Interpreter::nest(Iteration& iteration, std::size_t level, const Scope* scope) {
  const Node& node = iteration.node;
  if (level < node.argument_names.size()) {
    const Node& written = *node.children[level];
    const std::size_t before = told_;
    const Value domain = evaluate(written, scope);
    Items items;
    if (!items.open(domain, written.kind == NodeKind::RangeLiteral && written.text == "..")) {
      iteration.failed = true;
      if (domain.is_null())
        null_part(written, node.span, before);
      else
        null(written.span, std::string(kind_name(domain.kind())) + " 不能逐项取。",
             std::string("Cannot iterate over this ") + kind_name(domain.kind()) + ".");
      return;
    }
    for (std::int64_t i = 0; i < items.count() && !iteration.failed && !iteration.decided; ++i) {
      const Value item = items.at(i);
      const Scope own{.parent = scope, .name = node.argument_names[level], .value = &item};
      if (spend(node.span))
        nest(iteration, level + 1, &own);
      else
        iteration.failed = true;
    }
    return;
  }
  const Node& body = *node.children.back();
  if (node.kind == NodeKind::For) {
    if (node.mentions) {
      if (!spend(node.span, iteration.results.size())) return;
      const Value partial(iteration.results);
      const Scope own{.parent = scope, .name = "partial", .value = &partial};
      iteration.results.push_back(evaluate(body, &own));
    } else {
      iteration.results.push_back(evaluate(body, scope));
    }
    return;
  }
  const Value truth = evaluate(body, scope);
  if (truth.kind() != Kind::Boolean) {
    if (!truth.is_null() && !iteration.unknown)
      null(body.span, std::string("这里要“是”或“否”，得到的是 ") + kind_name(truth.kind()) + "。",
           std::string("This is neither true nor false but a ") + kind_name(truth.kind()) + ".");
    iteration.unknown = true;
  } else if (truth.boolean() == (node.kind == NodeKind::Some))
    iteration.decided = truth.boolean();
}

Value Interpreter::iterate(const Node& node, const Scope* scope) {
  Iteration iteration{.node = node};
  nest(iteration, 0, scope);
  if (iteration.failed) return {};
  if (node.kind == NodeKind::For) return Value(std::move(iteration.results));
  if (iteration.decided) return *iteration.decided;
  return iteration.unknown ? Value{} : Value(node.kind == NodeKind::Every);
}

}  // namespace tenglong::feel
