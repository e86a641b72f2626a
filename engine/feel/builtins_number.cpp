#include <algorithm>

#include "engine/feel/inside/builtins.h"
#include "engine/feel/inside/temporal_arithmetic.h"

namespace tenglong::feel {

namespace {

using quantity::RoundingMode;

Value rounded(Call& call, const char* name, const List& arguments, RoundingMode mode) {
  const Value& n = argument(arguments, 0);
  if (n.kind() != Kind::Number) return wrong_argument(call, name, n, "一个数", "a number");
  std::int64_t scale = 0;
  if (arguments.size() > 1) {
    if (arguments[1].kind() != Kind::Number)
      return wrong_argument(call, name, arguments[1], "整数位数", "an integer scale");
    scale = arguments[1].number().rounded(0, RoundingMode::Down).to_integer().value_or(99999);
  }
  if (scale < -6111 || scale > 6176)
    return call.null("位数应在 -6111 到 6176 之间。", "The scale must be between -6111 and 6176.");
  return n.number().rounded(static_cast<int>(scale), mode);
}

template <class Function>
Value of_number(Call& call, const char* name, const List& arguments, Function function) {
  const Value& n = argument(arguments, 0);
  if (n.kind() != Kind::Number) return wrong_argument(call, name, n, "一个数", "a number");
  const std::optional<Decimal> result = function(n.number());
  return result ? Value(*result)
                : call.null(std::string(name) + "(" + n.number().to_string() + ") 没有值。",
                            std::string(name) + "(" + n.number().to_string() + ") has no value.");
}

// The numbers of one list argument or of all arguments; nullopt (with a finding) if one is not a number.
std::optional<std::vector<Decimal>> numbers_of(Call& call, const char* name, const List& arguments) {
  const Items items = items_of(arguments);
  std::vector<Decimal> out;
  out.reserve(items.size());
  for (const Value& item : items) {
    if (item.kind() != Kind::Number) {
      wrong_argument(call, name, item, "数的列表", "a list of numbers");
      return std::nullopt;
    }
    out.push_back(item.number());
  }
  return out;
}

std::optional<Decimal> total(const std::vector<Decimal>& numbers) {
  std::optional<Decimal> sum = Decimal{};
  for (const Decimal number : numbers)
    if (sum) sum = add(*sum, number);
  return sum;
}

Value empty_list(Call& call, const char* name) {
  return call.null(std::string(name) + "() 的列表是空的。", std::string(name) + "() of an empty list.");
}

Value value_or_range(Call& call, std::optional<Decimal> value) {
  return value ? Value(*value)
               : call.null("结果超出数的范围。", "The result is outside the range of numbers.");
}

// The least (sign < 0) or greatest of comparable items.
Value extreme(Call& call, const char* name, const List& arguments, int sign) {
  const Items items = items_of(arguments);
  if (items.empty()) return empty_list(call, name);
  Value best = items[0];
  for (const Value& item : items) {
    const auto order = compare(item, best);
    if (!order) return wrong_argument(call, name, item, "可比较的同类值", "values of one ordered kind");
    if (*order * sign > 0) best = item;
  }
  return best;
}

}  // namespace

Value decimal_function(Call& call, const List& a) {
  return rounded(call, "decimal", a, RoundingMode::HalfEven);
}
Value floor_function(Call& call, const List& a) { return rounded(call, "floor", a, RoundingMode::Floor); }
Value ceiling_function(Call& call, const List& a) {
  return rounded(call, "ceiling", a, RoundingMode::Ceiling);
}
Value round_up(Call& call, const List& a) { return rounded(call, "round up", a, RoundingMode::Up); }
Value round_down(Call& call, const List& a) { return rounded(call, "round down", a, RoundingMode::Down); }
Value round_half_up(Call& call, const List& a) {
  return rounded(call, "round half up", a, RoundingMode::HalfUp);
}
Value round_half_down(Call& call, const List& a) {
  return rounded(call, "round half down", a, RoundingMode::HalfDown);
}

Value abs_function(Call& call, const List& a) {
  const Value& n = argument(a, 0);
  if (n.kind() == Kind::DaysDuration) {
    const DaysDuration d = n.days_duration();
    return d.seconds < 0 || d.nanoseconds < 0 ? negated(d) : d;
  }
  if (n.kind() == Kind::MonthsDuration) return MonthsDuration{std::abs(n.months_duration().months)};
  return of_number(call, "abs", a, [](Decimal x) { return std::optional(x.abs()); });
}

Value modulo_function(Call& call, const List& a) {
  if (a[0].kind() != Kind::Number || a[1].kind() != Kind::Number)
    return wrong_argument(call, "modulo", a[0].kind() != Kind::Number ? a[0] : a[1], "两个数", "two numbers");
  const auto rest = modulo(a[0].number(), a[1].number());
  return rest ? Value(*rest) : call.null("除数是 0。", "Division by zero.");
}

Value sqrt_function(Call& call, const List& a) {
  return of_number(call, "sqrt", a, [](Decimal x) { return x.sqrt(); });
}
Value log_function(Call& call, const List& a) {
  return of_number(call, "log", a, [](Decimal x) { return x.log(); });
}
Value exp_function(Call& call, const List& a) {
  return of_number(call, "exp", a, [](Decimal x) { return x.exp(); });
}

namespace {
Value parity(Call& call, const char* name, const List& a, bool odd) {
  const Value& n = argument(a, 0);
  if (n.kind() != Kind::Number) return wrong_argument(call, name, n, "一个整数", "an integer");
  if (!n.number().is_integer())
    return call.null(std::string(name) + "() 要整数。", std::string(name) + "() takes an integer.");
  return modulo(n.number(), 2)->is_zero() != odd;
}
}  // namespace
Value odd_function(Call& call, const List& a) { return parity(call, "odd", a, true); }
Value even_function(Call& call, const List& a) { return parity(call, "even", a, false); }

Value number_function(Call& call, const List& a) {
  if (a[0].kind() != Kind::String) return wrong_argument(call, "number", a[0], "文字", "a string");
  std::string text = a[0].string();
  if (a.size() == 3) {
    const auto separator = [](const Value& v) -> std::optional<std::string> {
      if (v.is_null()) return std::string{};
      return v.kind() == Kind::String ? std::optional(v.string()) : std::nullopt;
    };
    const auto grouping = separator(a[1]), point = separator(a[2]);
    if (!grouping || !point ||
        (!grouping->empty() && *grouping != " " && *grouping != "," && *grouping != ".") ||
        (!point->empty() && *point != "." && *point != ",") || (!grouping->empty() && *grouping == *point))
      return call.null("分组符和小数点应为空格、“,”或“.”，且不相同。",
                       "The separators must be a blank, “,” or “.”, and differ.");
    if (!grouping->empty()) text.erase(std::remove(text.begin(), text.end(), (*grouping)[0]), text.end());
    if (*point == ",") {
      if (text.find('.') != std::string::npos)
        return call.null("“" + a[0].string() + "”不是数。", "“" + a[0].string() + "” is not a number.");
      std::replace(text.begin(), text.end(), ',', '.');
    }
  }
  const auto value = text.empty() || text[0] == '+' ? std::nullopt : Decimal::parse(text);
  return value ? Value(*value)
               : call.null("“" + a[0].string() + "”不是数。", "“" + a[0].string() + "” is not a number.");
}

Value count_function(Call& call, const List& a) {
  if (a.empty()) return empty_list(call, "count");
  if (a.size() == 1 && a[0].is_null()) return wrong_argument(call, "count", a[0], "列表", "a list");
  return Decimal(static_cast<std::int64_t>(items_of(a).size()));
}

Value min_function(Call& call, const List& a) { return extreme(call, "min", a, -1); }
Value max_function(Call& call, const List& a) { return extreme(call, "max", a, 1); }

Value sum_function(Call& call, const List& a) {
  const auto numbers = numbers_of(call, "sum", a);
  if (!numbers) return {};
  return numbers->empty() ? empty_list(call, "sum") : value_or_range(call, total(*numbers));
}

Value mean_function(Call& call, const List& a) {
  const auto numbers = numbers_of(call, "mean", a);
  if (!numbers) return {};
  if (numbers->empty()) return empty_list(call, "mean");
  const auto sum = total(*numbers);
  return value_or_range(
      call, sum ? divide(*sum, Decimal(static_cast<std::int64_t>(numbers->size()))) : std::nullopt);
}

Value median_function(Call& call, const List& a) {
  auto numbers = numbers_of(call, "median", a);
  if (!numbers) return {};
  if (numbers->empty()) return empty_list(call, "median");
  std::sort(numbers->begin(), numbers->end());
  const std::size_t middle = numbers->size() / 2;
  if (numbers->size() % 2 == 1) return (*numbers)[middle];
  const auto sum = add((*numbers)[middle - 1], (*numbers)[middle]);
  return value_or_range(call, sum ? divide(*sum, 2) : std::nullopt);
}

Value stddev_function(Call& call, const List& a) {
  const auto numbers = numbers_of(call, "stddev", a);
  if (!numbers) return {};
  if (numbers->size() < 2) return empty_list(call, "stddev");
  const Decimal count(static_cast<std::int64_t>(numbers->size()));
  const auto sum = total(*numbers);
  const auto mean = sum ? divide(*sum, count) : std::nullopt;
  std::optional<Decimal> squares = Decimal{};
  for (const Decimal number : *numbers) {
    const auto away = mean ? subtract(number, *mean) : std::nullopt;
    const auto square = away ? multiply(*away, *away) : std::nullopt;
    squares = squares && square ? add(*squares, *square) : std::nullopt;
  }
  const auto variance = squares ? divide(*squares, count - Decimal(1)) : std::nullopt;
  return value_or_range(call, variance ? variance->sqrt() : std::nullopt);
}

Value mode_function(Call& call, const List& a) {
  if (a.empty()) return empty_list(call, "mode");
  auto numbers = numbers_of(call, "mode", a);
  if (!numbers) return {};
  std::sort(numbers->begin(), numbers->end());
  List best;
  std::size_t most = 0;
  for (std::size_t i = 0; i < numbers->size();) {
    std::size_t j = i;
    while (j < numbers->size() && (*numbers)[j] == (*numbers)[i]) ++j;
    if (j - i > most) best.clear();
    if (j - i >= most) best.push_back((*numbers)[i]);
    most = std::max(most, j - i);
    i = j;
  }
  return best;
}

Value product_function(Call& call, const List& a) {
  const auto numbers = numbers_of(call, "product", a);
  if (!numbers) return {};
  if (numbers->empty()) return empty_list(call, "product");
  std::optional<Decimal> product = Decimal(1);
  for (const Decimal number : *numbers)
    if (product) product = multiply(*product, number);
  return value_or_range(call, product);
}

}  // namespace tenglong::feel
