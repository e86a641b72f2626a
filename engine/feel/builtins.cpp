#include "engine/feel/inside/builtins.h"

#include <map>

namespace tenglong::feel {

const std::vector<Builtin>& all_builtins() {
  static const std::vector<Builtin> table = {
      // conversion
      {"date", {{"from"}, {"year", "month", "day"}}, false, date_function},
      {"time",
       {{"from"}, {"hour", "minute", "second"}, {"hour", "minute", "second", "offset"}},
       false,
       time_function},
      {"date and time", {{"from"}, {"date", "time"}}, false, date_and_time},
      {"duration", {{"from"}}, false, duration_function},
      {"years and months duration", {{"from", "to"}}, false, years_and_months_duration},
      {"number", {{"from"}, {"from", "grouping separator", "decimal separator"}}, false, number_function},
      {"string", {{"from"}}, false, string_function},
      {"range", {{"from"}}, false, range_function},
      {"context", {{"entries"}}, false, context_function},
      // boolean
      {"not", {{"negand"}}, false, not_function},
      {"all", {{"list"}}, true, all_function},
      {"any", {{"list"}}, true, any_function},
      {"is", {{"value1", "value2"}}, false, is_function},
      // string
      {"substring",
       {{"string", "start position"}, {"string", "start position", "length"}},
       false,
       substring_function},
      {"string length", {{"string"}}, false, string_length},
      {"upper case", {{"string"}}, false, upper_case},
      {"lower case", {{"string"}}, false, lower_case},
      {"substring before", {{"string", "match"}}, false, substring_before},
      {"substring after", {{"string", "match"}}, false, substring_after},
      {"replace",
       {{"input", "pattern", "replacement"}, {"input", "pattern", "replacement", "flags"}},
       false,
       replace_function},
      {"contains", {{"string", "match"}}, false, contains_function},
      {"starts with", {{"string", "match"}}, false, starts_with},
      {"ends with", {{"string", "match"}}, false, ends_with},
      {"matches", {{"input", "pattern"}, {"input", "pattern", "flags"}}, false, matches_function},
      {"split", {{"string", "delimiter"}}, false, split_function},
      {"string join", {{"list"}, {"list", "delimiter"}}, false, string_join},
      // list
      {"list contains", {{"list", "element"}}, false, list_contains},
      {"count", {{"list"}}, true, count_function},
      {"min", {{"list"}}, true, min_function},
      {"max", {{"list"}}, true, max_function},
      {"sum", {{"list"}}, true, sum_function},
      {"mean", {{"list"}}, true, mean_function},
      {"median", {{"list"}}, true, median_function},
      {"stddev", {{"list"}}, true, stddev_function},
      {"mode", {{"list"}}, true, mode_function},
      {"product", {{"list"}}, true, product_function},
      {"sublist",
       {{"list", "start position"}, {"list", "start position", "length"}},
       false,
       sublist_function},
      {"append", {{"list", "item"}}, true, append_function},
      {"concatenate", {{"list"}}, true, concatenate_function},
      {"insert before", {{"list", "position", "newItem"}}, false, insert_before},
      {"remove", {{"list", "position"}}, false, remove_function},
      {"list replace", {{"list", "position", "newItem"}, {"list", "match", "newItem"}}, false, list_replace},
      {"reverse", {{"list"}}, false, reverse_function},
      {"index of", {{"list", "match"}}, false, index_of},
      {"union", {{"list"}}, true, union_function},
      {"distinct values", {{"list"}}, false, distinct_values},
      {"flatten", {{"list"}}, false, flatten_function},
      {"sort", {{"list"}, {"list", "precedes"}}, false, sort_function},
      // number
      {"decimal", {{"n", "scale"}}, false, decimal_function},
      {"floor", {{"n"}, {"n", "scale"}}, false, floor_function},
      {"ceiling", {{"n"}, {"n", "scale"}}, false, ceiling_function},
      {"round up", {{"n", "scale"}}, false, round_up},
      {"round down", {{"n", "scale"}}, false, round_down},
      {"round half up", {{"n", "scale"}}, false, round_half_up},
      {"round half down", {{"n", "scale"}}, false, round_half_down},
      {"abs", {{"n"}}, false, abs_function},
      {"modulo", {{"dividend", "divisor"}}, false, modulo_function},
      {"sqrt", {{"number"}}, false, sqrt_function},
      {"log", {{"number"}}, false, log_function},
      {"exp", {{"number"}}, false, exp_function},
      {"odd", {{"number"}}, false, odd_function},
      {"even", {{"number"}}, false, even_function},
      // context
      {"get value", {{"m", "key"}}, false, get_value},
      {"get entries", {{"m"}}, false, get_entries},
      {"context put", {{"context", "key", "value"}, {"context", "keys", "value"}}, false, context_put},
      {"context merge", {{"contexts"}}, false, context_merge},
      // calendar
      {"now", {{}}, false, now_function},
      {"today", {{}}, false, today_function},
      {"day of year", {{"date"}}, false, day_of_year},
      {"day of week", {{"date"}}, false, day_of_week},
      {"month of year", {{"date"}}, false, month_of_year},
      {"week of year", {{"date"}}, false, week_of_year},
      // range: the standard's parameter names differ by overload
      {"before",
       {{"point1", "point2"}, {"point", "range"}, {"range", "point"}, {"range1", "range2"}},
       false,
       before_function},
      {"after",
       {{"point1", "point2"}, {"point", "range"}, {"range", "point"}, {"range1", "range2"}},
       false,
       after_function},
      {"meets", {{"range1", "range2"}}, false, meets_function},
      {"met by", {{"range1", "range2"}}, false, met_by_function},
      {"overlaps", {{"range1", "range2"}}, false, overlaps_function},
      {"overlaps before", {{"range1", "range2"}}, false, overlaps_before_function},
      {"overlaps after", {{"range1", "range2"}}, false, overlaps_after_function},
      {"finishes", {{"point", "range"}, {"range1", "range2"}}, false, finishes_function},
      {"finished by", {{"range", "point"}, {"range1", "range2"}}, false, finished_by_function},
      {"includes", {{"range", "point"}, {"range1", "range2"}}, false, includes_function},
      {"during", {{"point", "range"}, {"range1", "range2"}}, false, during_function},
      {"starts", {{"point", "range"}, {"range1", "range2"}}, false, starts_function},
      {"started by", {{"range", "point"}, {"range1", "range2"}}, false, started_by_function},
      {"coincides", {{"point1", "point2"}, {"range1", "range2"}}, false, coincides_function},
  };
  return table;
}

const Builtin* find_builtin(std::string_view name) {
  static const std::map<std::string_view, const Builtin*> by_name = [] {
    std::map<std::string_view, const Builtin*> out;
    for (const Builtin& builtin : all_builtins()) out.emplace(builtin.name, &builtin);
    return out;
  }();
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : found->second;
}

Value wrong_argument(Call& call, const char* function, const Value& value, const char* wanted_zh,
                     const char* wanted_en) {
  const std::string kind = kind_name(value.kind());
  return call.null(std::string(function) + "() 要" + wanted_zh + "，得到 " + kind + "。",
                   std::string(function) + "() takes " + wanted_en + ", got " + kind + ".");
}

List as_list(const Value& value) { return value.kind() == Kind::List ? value.list() : List{value}; }

}  // namespace tenglong::feel
