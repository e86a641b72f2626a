#include <algorithm>

#include "engine/feel/inside/builtins.h"
#include "engine/feel/inside/interpreter.h"
#include "engine/feel/inside/temporal_arithmetic.h"

namespace tenglong::feel {

namespace {

// Equality inside lists: null equals null, values of different kinds differ.
bool same(const Value& a, const Value& b) { return equal(a, b) == true; }

bool holds(Items items, const Value& value) {
  return std::any_of(items.begin(), items.end(), [&](const Value& item) { return same(item, value); });
}

// 1-based, negatives from the end; nullopt if outside [1, size].
std::optional<std::size_t> index_in(const Value& position, std::size_t size) {
  if (position.kind() != Kind::Number) return std::nullopt;
  const auto at = position.number().rounded(0, quantity::RoundingMode::Down).to_integer();
  const auto count = static_cast<std::int64_t>(size);
  if (!at || *at == 0 || *at > count || *at < -count) return std::nullopt;
  return static_cast<std::size_t>(*at > 0 ? *at - 1 : count + *at);
}

// A list of one's own: its room is paid for.
Value made(Call& call, List list) {
  if (!call.spend(list.size())) return {};
  return Value(std::move(list));
}

Value outside(Call& call) { return call.null("位置超出列表。", "The position is outside the list."); }

Value quantified(Call& call, const char* name, const List& arguments, bool deciding) {
  if (arguments.size() == 1 && arguments[0].is_null())
    return wrong_argument(call, name, arguments[0], "真假值的列表", "a list of booleans");
  if (arguments.empty())
    return call.null(std::string(name) + "() 没有参数。", std::string(name) + "() has no argument.");
  const Items items = items_of(arguments);
  bool unknown = false;
  for (const Value& item : items) {
    if (item.kind() == Kind::Boolean && item.boolean() == deciding) return deciding;
    unknown = unknown || item.kind() != Kind::Boolean;
  }
  if (unknown)
    return call.null(std::string(name) + "() 的列表里有不是真假的值。",
                     std::string(name) + "() met a value that is not a boolean.");
  return !deciding;
}

void flatten_into(Items items, List& out) {
  for (const Value& item : items) {
    if (item.kind() == Kind::List)
      flatten_into(items_of(item), out);
    else
      out.push_back(item);
  }
}

}  // namespace

Value not_function(Call& call, const List& a) {
  return a[0].kind() == Kind::Boolean ? Value(!a[0].boolean())
                                      : wrong_argument(call, "not", a[0], "真假", "a boolean");
}
Value all_function(Call& call, const List& a) { return quantified(call, "all", a, false); }
Value any_function(Call& call, const List& a) { return quantified(call, "any", a, true); }
Value is_function(Call&, const List& a) { return is_same(a[0], a[1]); }

Value list_contains(Call& call, const List& a) {
  if (a[0].is_null()) return wrong_argument(call, "list contains", a[0], "列表", "a list");
  if (!call.spend(a[0].weight() / 8)) return {};
  return holds(items_of(a[0]), a[1]);
}

Value sublist_function(Call& call, const List& a) {
  if (a[0].is_null()) return wrong_argument(call, "sublist", a[0], "列表", "a list");
  const Items items = items_of(a[0]);
  const auto begin = index_in(a[1], items.size());
  if (!begin) return outside(call);
  std::size_t length = items.size() - *begin;
  if (a.size() == 3) {
    const auto wanted = a[2].kind() == Kind::Number ? a[2].number().to_integer() : std::nullopt;
    if (!wanted || *wanted < 1 || static_cast<std::size_t>(*wanted) > length) return outside(call);
    length = static_cast<std::size_t>(*wanted);
  }
  const auto from = items.begin() + static_cast<std::ptrdiff_t>(*begin);
  return made(call, List(from, from + static_cast<std::ptrdiff_t>(length)));
}

Value append_function(Call& call, const List& a) {
  if (a.empty() || a[0].is_null()) return wrong_argument(call, "append", argument(a, 0), "列表", "a list");
  List out = as_list(a[0]);
  out.insert(out.end(), a.begin() + 1, a.end());
  return made(call, std::move(out));
}

Value concatenate_function(Call& call, const List& a) {
  List out;
  for (const Value& one : a) {
    if (one.is_null()) return wrong_argument(call, "concatenate", one, "列表", "lists");
    const Items items = items_of(one);
    out.insert(out.end(), items.begin(), items.end());
  }
  return made(call, std::move(out));
}

Value insert_before(Call& call, const List& a) {
  if (a[0].is_null()) return wrong_argument(call, "insert before", a[0], "列表", "a list");
  List out = as_list(a[0]);
  const auto at = index_in(a[1], out.size());
  if (!at) return outside(call);
  out.insert(out.begin() + static_cast<std::ptrdiff_t>(*at), a[2]);
  return made(call, std::move(out));
}

Value remove_function(Call& call, const List& a) {
  if (a[0].is_null()) return wrong_argument(call, "remove", a[0], "列表", "a list");
  List out = as_list(a[0]);
  const auto at = index_in(a[1], out.size());
  if (!at) return outside(call);
  out.erase(out.begin() + static_cast<std::ptrdiff_t>(*at));
  return made(call, std::move(out));
}

Value list_replace(Call& call, const List& a) {
  if (a[0].is_null()) return wrong_argument(call, "list replace", a[0], "列表", "a list");
  List out = as_list(a[0]);
  if (a[1].kind() == Kind::Function) {
    for (Value& item : out) {
      const Value matches = call.call(a[1], {item, a[2]});
      if (matches.kind() != Kind::Boolean)
        return call.null("匹配函数没有给出真假。", "The match function did not give a boolean.");
      if (matches.boolean()) item = a[2];
    }
    return made(call, std::move(out));
  }
  const auto at = index_in(a[1], out.size());
  if (!at) return outside(call);
  out[*at] = a[2];
  return made(call, std::move(out));
}

Value reverse_function(Call& call, const List& a) {
  if (a[0].is_null()) return wrong_argument(call, "reverse", a[0], "列表", "a list");
  List out = as_list(a[0]);
  std::reverse(out.begin(), out.end());
  return made(call, std::move(out));
}

Value index_of(Call& call, const List& a) {
  if (a[0].is_null()) return wrong_argument(call, "index of", a[0], "列表", "a list");
  const Items items = items_of(a[0]);
  if (!call.spend(a[0].weight() / 8)) return {};
  List out;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (same(items[i], a[1])) out.push_back(Decimal(static_cast<std::int64_t>(i + 1)));
  return made(call, std::move(out));
}

namespace {
// Looks each item up among those kept: pays for it.
Value without_repeats(Call& call, Items items) {
  List out;
  std::uint64_t weight = 0;
  for (const Value& item : items) {
    if (!call.spend(weight / 8)) return {};
    if (holds(out, item)) continue;
    out.push_back(item);
    weight += item.weight();
  }
  return made(call, std::move(out));
}
}  // namespace

Value union_function(Call& call, const List& a) {
  const Value joined = concatenate_function(call, a);
  return joined.is_null() ? joined : without_repeats(call, items_of(joined));
}

Value distinct_values(Call& call, const List& a) {
  if (a[0].is_null()) return wrong_argument(call, "distinct values", a[0], "列表", "a list");
  return without_repeats(call, items_of(a[0]));
}

Value flatten_function(Call& call, const List& a) {
  if (a[0].is_null()) return wrong_argument(call, "flatten", a[0], "列表", "a list");
  List out;
  if (!call.spend(a[0].weight() / 4)) return {};
  flatten_into(items_of(a[0]), out);
  return made(call, std::move(out));
}

// Stable merge sort: the order must survive a comparison that is no strict order, and may call FEEL
// functions.
Value sort_function(Call& call, const List& a) {
  if (a[0].is_null()) return wrong_argument(call, "sort", a[0], "列表", "a list");
  List items = as_list(a[0]);
  bool failed = false;
  const auto precedes = [&](const Value& x, const Value& y) {
    if (a.size() == 1 || a[1].is_null()) {
      const auto order = compare(x, y);
      failed = failed || !order;
      return order && *order < 0;
    }
    const Value truth = call.call(a[1], {x, y});
    failed = failed || truth.kind() != Kind::Boolean;
    return truth.is_true();
  };
  List merged(items.size());
  for (std::size_t width = 1; width < items.size(); width *= 2) {
    for (std::size_t begin = 0; begin < items.size(); begin += 2 * width) {
      const std::size_t middle = std::min(begin + width, items.size()),
                        end = std::min(begin + 2 * width, items.size());
      std::size_t left = begin, right = middle;
      for (std::size_t at = begin; at < end; ++at) {
        const bool take_right = left == middle || (right < end && precedes(items[right], items[left]));
        merged[at] = take_right ? items[right++] : items[left++];
      }
    }
    items.swap(merged);
  }
  if (failed) return call.null("有两项不能比较先后。", "Two items cannot be put in order.");
  return made(call, std::move(items));
}

Value context_function(Call& call, const List& a) {
  if (a[0].is_null()) return wrong_argument(call, "context", a[0], "条目的列表", "a list of entries");
  Context out;
  for (const Value& entry : items_of(a[0])) {
    if (!call.spend()) return {};
    const Value* key = entry.kind() == Kind::Context ? entry.context().find("key") : nullptr;
    const Value* value = entry.kind() == Kind::Context ? entry.context().find("value") : nullptr;
    if (key == nullptr || value == nullptr || key->kind() != Kind::String ||
        out.find(key->string()) != nullptr)
      return call.null("每个条目应为 {key, value}，且 key 不重复。",
                       "Every entry must be {key, value} with a key of its own.");
    out.put(key->string(), *value);
  }
  return out;
}

namespace {
// Puts at a path of keys, making nothing but the last.
Value put_at(Call& call, const Value& owner, const List& keys, std::size_t at, const Value& value) {
  if (owner.kind() != Kind::Context || keys[at].kind() != Kind::String)
    return call.null("键的路径走不通。", "The path of keys leads nowhere.");
  if (!call.spend(2 * owner.context().entries().size())) return {};
  Context out = owner.context();
  if (at + 1 == keys.size()) {
    out.put(keys[at].string(), value);
    return out;
  }
  const Value* next = out.find(keys[at].string());
  if (next == nullptr)
    return call.null("没有键“" + keys[at].string() + "”。", "There is no key “" + keys[at].string() + "”.");
  Value inner = put_at(call, *next, keys, at + 1, value);
  if (inner.is_null()) return inner;
  out.put(keys[at].string(), std::move(inner));
  return out;
}
}  // namespace

Value context_put(Call& call, const List& a) {
  if (a[0].kind() != Kind::Context) return wrong_argument(call, "context put", a[0], "context", "a context");
  const List keys = as_list(a[1]);
  if (a[1].is_null() || keys.empty()) return call.null("没有给出键。", "No key was given.");
  return put_at(call, a[0], keys, 0, a[2]);
}

Value context_merge(Call& call, const List& a) {
  Context out;
  for (const Value& one : items_of(a[0])) {
    if (one.kind() != Kind::Context)
      return wrong_argument(call, "context merge", one, "context 的列表", "a list of contexts");
    for (const auto& [key, value] : one.context().entries()) {
      if (!call.spend()) return {};
      out.put(key, value);
    }
  }
  return out;
}

Value get_value(Call& call, const List& a) {
  if (a[0].kind() != Kind::Context) return wrong_argument(call, "get value", a[0], "context", "a context");
  if (a[1].kind() == Kind::String) {
    const Value* found = a[0].context().find(a[1].string());
    return found ? *found : Value{};
  }
  Value at = a[0];
  for (const Value& key : as_list(a[1])) {
    const Value* next =
        at.kind() == Kind::Context && key.kind() == Kind::String ? at.context().find(key.string()) : nullptr;
    if (next == nullptr) return call.null("没有这个键。", "There is no such key.");
    const Value kept = *next;
    at = kept;
  }
  return a[1].kind() == Kind::List ? at : Value{};
}

Value get_entries(Call& call, const List& a) {
  if (a[0].kind() != Kind::Context) return wrong_argument(call, "get entries", a[0], "context", "a context");
  List out;
  for (const auto& [key, value] : a[0].context().entries()) {
    Context entry;
    entry.put("key", key);
    entry.put("value", value);
    out.push_back(entry);
  }
  return out;
}

}  // namespace tenglong::feel
