#include "engine/feel/inside/builtins.h"

#include <unordered_map>

#include "engine/text/text.h"

namespace tenglong::feel {

namespace {

struct Row {
  const char* name;
  const char* parameters;
  Singles singles;
  BuiltinBody body;
};

// name, parameter lists (| between, ... for any number by position), which arguments take one value, body
// clang-format off
constexpr Row kRows[] = {
    // conversion
    {"date",                       "from | year, month, day",                                     kEach, date_function},
    {"time",                       "from | hour, minute, second | hour, minute, second, offset",  kEach, time_function},
    {"date and time",              "from | date, time",                                           kEach, date_and_time},
    {"duration",                   "from",                                                        kEach, duration_function},
    {"years and months duration",  "from, to",                                                    kEach, years_and_months_duration},
    {"number",                     "from | from, grouping separator, decimal separator",          kEach, number_function},
    {"string",                     "from",                                                        kNone, string_function},
    {"range",                      "from",                                                        kEach, range_function},
    {"context",                    "entries",                                                     kNone, context_function},
    // boolean
    {"not",                        "negand",                                                      kEach, not_function},
    {"all",                        "list ...",                                                    kNone, all_function},
    {"any",                        "list ...",                                                    kNone, any_function},
    {"is",                         "value1, value2",                                              kNone, is_function},
    // string
    {"substring",                  "string, start position | string, start position, length",     kEach, substring_function},
    {"string length",              "string",                                                      kEach, string_length},
    {"upper case",                 "string",                                                      kEach, upper_case},
    {"lower case",                 "string",                                                      kEach, lower_case},
    {"substring before",           "string, match",                                               kEach, substring_before},
    {"substring after",            "string, match",                                               kEach, substring_after},
    {"replace",                    "input, pattern, replacement | input, pattern, replacement, flags", kEach, replace_function},
    {"contains",                   "string, match",                                               kEach, contains_function},
    {"starts with",                "string, match",                                               kEach, starts_with},
    {"ends with",                  "string, match",                                               kEach, ends_with},
    {"matches",                    "input, pattern | input, pattern, flags",                      kEach, matches_function},
    {"split",                      "string, delimiter",                                           kEach, split_function},
    {"string join",                "list | list, delimiter",                                      kAfterFirst, string_join},
    // list
    {"list contains",              "list, element",                                               kNone, list_contains},
    {"count",                      "list ...",                                                    kNone, count_function},
    {"min",                        "list ...",                                                    kNone, min_function},
    {"max",                        "list ...",                                                    kNone, max_function},
    {"sum",                        "list ...",                                                    kNone, sum_function},
    {"mean",                       "list ...",                                                    kNone, mean_function},
    {"median",                     "list ...",                                                    kNone, median_function},
    {"stddev",                     "list ...",                                                    kNone, stddev_function},
    {"mode",                       "list ...",                                                    kNone, mode_function},
    {"product",                    "list ...",                                                    kNone, product_function},
    {"sublist",                    "list, start position | list, start position, length",         kAfterFirst, sublist_function},
    {"append",                     "list, item ...",                                              kNone, append_function},
    {"concatenate",                "list ...",                                                    kNone, concatenate_function},
    {"insert before",              "list, position, newItem",                                     kSecond, insert_before},
    {"remove",                     "list, position",                                              kSecond, remove_function},
    {"list replace",               "list, position, newItem | list, match, newItem",              kSecond, list_replace},
    {"reverse",                    "list",                                                        kNone, reverse_function},
    {"index of",                   "list, match",                                                 kNone, index_of},
    {"union",                      "list ...",                                                    kNone, union_function},
    {"distinct values",            "list",                                                        kNone, distinct_values},
    {"flatten",                    "list",                                                        kNone, flatten_function},
    {"sort",                       "list | list, precedes",                                       kAfterFirst, sort_function},
    // number
    {"decimal",                    "n, scale",                                                    kEach, decimal_function},
    {"floor",                      "n | n, scale",                                                kEach, floor_function},
    {"ceiling",                    "n | n, scale",                                                kEach, ceiling_function},
    {"round up",                   "n, scale",                                                    kEach, round_up},
    {"round down",                 "n, scale",                                                    kEach, round_down},
    {"round half up",              "n, scale",                                                    kEach, round_half_up},
    {"round half down",            "n, scale",                                                    kEach, round_half_down},
    {"abs",                        "n",                                                           kEach, abs_function},
    {"modulo",                     "dividend, divisor",                                           kEach, modulo_function},
    {"sqrt",                       "number",                                                      kEach, sqrt_function},
    {"log",                        "number",                                                      kEach, log_function},
    {"exp",                        "number",                                                      kEach, exp_function},
    {"odd",                        "number",                                                      kEach, odd_function},
    {"even",                       "number",                                                      kEach, even_function},
    // context
    {"get value",                  "m, key",                                                      kFirst, get_value},
    {"get entries",                "m",                                                           kFirst, get_entries},
    {"context put",                "context, key, value | context, keys, value",                  kFirst, context_put},
    {"context merge",              "contexts",                                                    kNone, context_merge},
    // calendar
    {"now",                        "",                                                            kEach, now_function},
    {"today",                      "",                                                            kEach, today_function},
    {"day of year",                "date",                                                        kEach, day_of_year},
    {"day of week",                "date",                                                        kEach, day_of_week},
    {"month of year",              "date",                                                        kEach, month_of_year},
    {"week of year",               "date",                                                        kEach, week_of_year},
    // range: the standard's parameter names differ by overload
    {"before",                     "point1, point2 | point, range | range, point | range1, range2", kEach, before_function},
    {"after",                      "point1, point2 | point, range | range, point | range1, range2", kEach, after_function},
    {"meets",                      "range1, range2",                                              kEach, meets_function},
    {"met by",                     "range1, range2",                                              kEach, met_by_function},
    {"overlaps",                   "range1, range2",                                              kEach, overlaps_function},
    {"overlaps before",            "range1, range2",                                              kEach, overlaps_before_function},
    {"overlaps after",             "range1, range2",                                              kEach, overlaps_after_function},
    {"finishes",                   "point, range | range1, range2",                               kEach, finishes_function},
    {"finished by",                "range, point | range1, range2",                               kEach, finished_by_function},
    {"includes",                   "range, point | range1, range2",                               kEach, includes_function},
    {"during",                     "point, range | range1, range2",                               kEach, during_function},
    {"starts",                     "point, range | range1, range2",                               kEach, starts_function},
    {"started by",                 "range, point | range1, range2",                               kEach, started_by_function},
    {"coincides",                  "point1, point2 | range1, range2",                             kEach, coincides_function},
};
// clang-format on

std::vector<std::vector<std::string>> parameter_lists(std::string_view written) {
  std::vector<std::vector<std::string>> out;
  for (const std::string_view list : text::split(written, '|')) {
    out.emplace_back();
    for (const std::string_view name : text::split(list, ','))
      if (!text::trim(name).empty()) out.back().emplace_back(text::trim(name));
  }
  return out;
}

}  // namespace

const std::vector<Builtin>& all_builtins() {
  static const std::vector<Builtin> table = [] {
    std::vector<Builtin> out;
    for (const Row& row : kRows) {
      const std::string_view written = row.parameters;
      const std::size_t dots = written.find(" ...");
      out.push_back({row.name, parameter_lists(written.substr(0, dots)), dots != std::string_view::npos,
                     row.singles, row.body});
    }
    return out;
  }();
  return table;
}

const Builtin* find_builtin(std::string_view name) {
  static const std::unordered_map<std::string_view, const Builtin*> by_name = [] {
    std::unordered_map<std::string_view, const Builtin*> out;
    for (const Builtin& builtin : all_builtins()) out.emplace(builtin.name, &builtin);
    return out;
  }();
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : found->second;
}

Value wrong_argument(Call& call, const char* function, const Value& value, const char* wanted_zh,
                     const char* wanted_en) {
  if (value.is_null())
    return call.null_argument(std::string(function) + "() 要" + wanted_zh + "，得到空值。",
                              std::string(function) + "() takes " + wanted_en + ", got null.");
  const std::string kind = kind_name(value.kind());
  return call.null(std::string(function) + "() 要" + wanted_zh + "，得到 " + kind + "。",
                   std::string(function) + "() takes " + wanted_en + ", got " + kind + ".");
}

List as_list(const Value& value) {
  if (value.kind() == Kind::List) return value.list();
  List one{value};
  return one;
}

Items items_of(const Value& value) {
  if (value.kind() == Kind::List) return {value.list().data(), value.list().size()};
  return {&value, 1};
}

Items items_of(const List& arguments) {
  if (arguments.size() == 1) return items_of(arguments[0]);
  return {arguments.data(), arguments.size()};
}

}  // namespace tenglong::feel
