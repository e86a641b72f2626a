#include <algorithm>

#include "engine/feel/inside/builtins.h"
#include "engine/feel/inside/interpreter.h"
#include "engine/feel/inside/parser.h"
#include "engine/text/text.h"

namespace tenglong::feel {

namespace {

// A point is the closed range of itself.
struct Ends {
  Value low, high;
  bool low_included = true, high_included = true, is_point = false;
};

std::optional<Ends> ends_of(const Value& v) {
  if (v.is_null()) return std::nullopt;
  if (v.kind() != Kind::Range) return Ends{v, v, true, true, true};
  const Range& r = v.range();
  if (!r.one_sided.empty() && r.one_sided != "=") return std::nullopt;
  if (r.low.is_null() || r.high.is_null()) return std::nullopt;
  return Ends{r.low, r.high, r.low_included, r.high_included, false};
}

// Runs a relation over two pairs of ends; null if they cannot be compared.
template <class Relation>
Value related(Call& call, const List& a, bool need_range_first, bool need_range_second, Relation relation) {
  const auto x = ends_of(a[0]), y = ends_of(a[1]);
  if (!x || !y || (need_range_first && x->is_point) || (need_range_second && y->is_point) ||
      !compare(x->low, y->low))
    return call.null("要两个可比较的点或区间。", "Two comparable points or ranges are needed.");
  return relation(*x, *y);
}

int order(const Value& a, const Value& b) { return compare(a, b).value_or(0); }

bool is_before(const Ends& x, const Ends& y) {
  const int at = order(x.high, y.low);
  return at < 0 || (at == 0 && (!x.high_included || !y.low_included));
}
bool meets_at(const Ends& x, const Ends& y) {
  return order(x.high, y.low) == 0 && x.high_included && y.low_included;
}
bool inside(const Ends& inner, const Ends& outer) {
  const int low = order(outer.low, inner.low), high = order(inner.high, outer.high);
  return (low < 0 || (low == 0 && (outer.low_included || !inner.low_included))) &&
         (high < 0 || (high == 0 && (outer.high_included || !inner.high_included)));
}
bool overlap_before(const Ends& x, const Ends& y) {
  const int low = order(x.low, y.low), high = order(x.high, y.high), meet = order(x.high, y.low);
  return (low < 0 || (low == 0 && x.low_included && !y.low_included)) &&
         (meet > 0 || (meet == 0 && x.high_included && y.low_included)) &&
         (high < 0 || (high == 0 && (!x.high_included || y.high_included)));
}
bool same_low(const Ends& x, const Ends& y) { return order(x.low, y.low) == 0; }
bool same_high(const Ends& x, const Ends& y) { return order(x.high, y.high) == 0; }

bool finishes_at(const Ends& x, const Ends& y) {
  if (x.is_point) return y.high_included && same_high(x, y);
  const int low = order(y.low, x.low);
  return x.high_included == y.high_included && same_high(x, y) &&
         (low < 0 || (low == 0 && (!x.low_included || y.low_included)));
}
bool starts_at(const Ends& x, const Ends& y) {
  if (x.is_point) return y.low_included && same_low(x, y);
  const int high = order(x.high, y.high);
  return x.low_included == y.low_included && same_low(x, y) &&
         (high < 0 || (high == 0 && (!x.high_included || y.high_included)));
}

}  // namespace

Value before_function(Call& call, const List& a) {
  return related(call, a, false, false, [](const Ends& x, const Ends& y) { return Value(is_before(x, y)); });
}
Value after_function(Call& call, const List& a) {
  return related(call, a, false, false, [](const Ends& x, const Ends& y) { return Value(is_before(y, x)); });
}
Value meets_function(Call& call, const List& a) {
  return related(call, a, true, true, [](const Ends& x, const Ends& y) { return Value(meets_at(x, y)); });
}
Value met_by_function(Call& call, const List& a) {
  return related(call, a, true, true, [](const Ends& x, const Ends& y) { return Value(meets_at(y, x)); });
}
Value overlaps_function(Call& call, const List& a) {
  return related(call, a, true, true,
                 [](const Ends& x, const Ends& y) { return Value(!is_before(x, y) && !is_before(y, x)); });
}
Value overlaps_before_function(Call& call, const List& a) {
  return related(call, a, true, true,
                 [](const Ends& x, const Ends& y) { return Value(overlap_before(x, y)); });
}
Value overlaps_after_function(Call& call, const List& a) {
  return related(call, a, true, true,
                 [](const Ends& x, const Ends& y) { return Value(overlap_before(y, x)); });
}
Value finishes_function(Call& call, const List& a) {
  return related(call, a, false, true, [](const Ends& x, const Ends& y) { return Value(finishes_at(x, y)); });
}
Value finished_by_function(Call& call, const List& a) {
  return related(call, a, true, false, [](const Ends& x, const Ends& y) { return Value(finishes_at(y, x)); });
}
Value includes_function(Call& call, const List& a) {
  return related(call, a, true, false, [](const Ends& x, const Ends& y) { return Value(inside(y, x)); });
}
Value during_function(Call& call, const List& a) {
  return related(call, a, false, true, [](const Ends& x, const Ends& y) { return Value(inside(x, y)); });
}
Value starts_function(Call& call, const List& a) {
  return related(call, a, false, true, [](const Ends& x, const Ends& y) { return Value(starts_at(x, y)); });
}
Value started_by_function(Call& call, const List& a) {
  return related(call, a, true, false, [](const Ends& x, const Ends& y) { return Value(starts_at(y, x)); });
}
Value coincides_function(Call& call, const List& a) {
  return related(call, a, false, false, [](const Ends& x, const Ends& y) {
    return Value(x.is_point == y.is_point && same_low(x, y) && same_high(x, y) &&
                 x.low_included == y.low_included && x.high_included == y.high_included);
  });
}

// range("[1..3]"): literals only, in order.
Value range_function(Call& call, const List& a) {
  if (a[0].kind() != Kind::String) return wrong_argument(call, "range", a[0], "文字", "a string");
  const auto refuse = [&] {
    return call.null("“" + a[0].string() + "”不是区间。", "“" + a[0].string() + "” is not a range.");
  };
  const NameSet none;
  const Parsed parsed = parse(a[0].string(), none);
  if (parsed.tree == nullptr || parsed.tree->kind != NodeKind::RangeLiteral ||
      parsed.tree->children.size() != 2)
    return refuse();
  const auto is_literal = [](const Node& node) {
    if (node.kind == NodeKind::Literal) return true;
    if (node.kind == NodeKind::Negate) return node.children[0]->kind == NodeKind::Literal;
    if (node.kind != NodeKind::Call || node.children[0]->kind != NodeKind::Name) return false;
    constexpr std::string_view kConstructors[] = {"date", "time", "date and time", "duration"};
    const bool constructs = std::find(std::begin(kConstructors), std::end(kConstructors),
                                      node.children[0]->text) != std::end(kConstructors);
    return constructs && std::all_of(node.children.begin() + 1, node.children.end(),
                                     [](const NodePtr& c) { return c->kind == NodeKind::Literal; });
  };
  if (!is_literal(*parsed.tree->children[0]) || !is_literal(*parsed.tree->children[1])) return refuse();
  Evaluation inner = evaluate(*parsed.tree, ContextEnvironment(Context{}), call.clock());
  return inner.value.is_null() ? refuse() : inner.value;
}

}  // namespace tenglong::feel
