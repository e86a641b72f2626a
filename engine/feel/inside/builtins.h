// The bodies of the built-in functions, by family; builtins.cpp holds the one table of names and parameters.
#pragma once
#include <span>

#include "engine/feel/inside/function.h"

namespace tenglong::feel {

#define TENGLONG_BUILTIN(name) Value name(Call& call, const List& arguments)
// numbers
TENGLONG_BUILTIN(decimal_function);
TENGLONG_BUILTIN(floor_function);
TENGLONG_BUILTIN(ceiling_function);
TENGLONG_BUILTIN(round_up);
TENGLONG_BUILTIN(round_down);
TENGLONG_BUILTIN(round_half_up);
TENGLONG_BUILTIN(round_half_down);
TENGLONG_BUILTIN(abs_function);
TENGLONG_BUILTIN(modulo_function);
TENGLONG_BUILTIN(sqrt_function);
TENGLONG_BUILTIN(log_function);
TENGLONG_BUILTIN(exp_function);
TENGLONG_BUILTIN(odd_function);
TENGLONG_BUILTIN(even_function);
TENGLONG_BUILTIN(number_function);
// strings
TENGLONG_BUILTIN(string_function);
TENGLONG_BUILTIN(substring_function);
TENGLONG_BUILTIN(string_length);
TENGLONG_BUILTIN(upper_case);
TENGLONG_BUILTIN(lower_case);
TENGLONG_BUILTIN(substring_before);
TENGLONG_BUILTIN(substring_after);
TENGLONG_BUILTIN(replace_function);
TENGLONG_BUILTIN(contains_function);
TENGLONG_BUILTIN(starts_with);
TENGLONG_BUILTIN(ends_with);
TENGLONG_BUILTIN(matches_function);
TENGLONG_BUILTIN(split_function);
TENGLONG_BUILTIN(string_join);
// lists and contexts
TENGLONG_BUILTIN(list_contains);
TENGLONG_BUILTIN(count_function);
TENGLONG_BUILTIN(min_function);
TENGLONG_BUILTIN(max_function);
TENGLONG_BUILTIN(sum_function);
TENGLONG_BUILTIN(mean_function);
TENGLONG_BUILTIN(median_function);
TENGLONG_BUILTIN(stddev_function);
TENGLONG_BUILTIN(mode_function);
TENGLONG_BUILTIN(product_function);
TENGLONG_BUILTIN(all_function);
TENGLONG_BUILTIN(any_function);
TENGLONG_BUILTIN(sublist_function);
TENGLONG_BUILTIN(append_function);
TENGLONG_BUILTIN(concatenate_function);
TENGLONG_BUILTIN(insert_before);
TENGLONG_BUILTIN(remove_function);
TENGLONG_BUILTIN(list_replace);
TENGLONG_BUILTIN(reverse_function);
TENGLONG_BUILTIN(index_of);
TENGLONG_BUILTIN(union_function);
TENGLONG_BUILTIN(distinct_values);
TENGLONG_BUILTIN(flatten_function);
TENGLONG_BUILTIN(sort_function);
TENGLONG_BUILTIN(context_function);
TENGLONG_BUILTIN(context_put);
TENGLONG_BUILTIN(context_merge);
TENGLONG_BUILTIN(get_value);
TENGLONG_BUILTIN(get_entries);
TENGLONG_BUILTIN(not_function);
TENGLONG_BUILTIN(is_function);
// dates, times, durations
TENGLONG_BUILTIN(date_function);
TENGLONG_BUILTIN(time_function);
TENGLONG_BUILTIN(date_and_time);
TENGLONG_BUILTIN(duration_function);
TENGLONG_BUILTIN(years_and_months_duration);
TENGLONG_BUILTIN(now_function);
TENGLONG_BUILTIN(today_function);
TENGLONG_BUILTIN(day_of_year);
TENGLONG_BUILTIN(day_of_week);
TENGLONG_BUILTIN(month_of_year);
TENGLONG_BUILTIN(week_of_year);
// ranges
TENGLONG_BUILTIN(range_function);
TENGLONG_BUILTIN(before_function);
TENGLONG_BUILTIN(after_function);
TENGLONG_BUILTIN(meets_function);
TENGLONG_BUILTIN(met_by_function);
TENGLONG_BUILTIN(overlaps_function);
TENGLONG_BUILTIN(overlaps_before_function);
TENGLONG_BUILTIN(overlaps_after_function);
TENGLONG_BUILTIN(finishes_function);
TENGLONG_BUILTIN(finished_by_function);
TENGLONG_BUILTIN(includes_function);
TENGLONG_BUILTIN(during_function);
TENGLONG_BUILTIN(starts_function);
TENGLONG_BUILTIN(started_by_function);
TENGLONG_BUILTIN(coincides_function);
#undef TENGLONG_BUILTIN

// A missing optional argument is null.
inline const Value& argument(const List& arguments, std::size_t at) {
  static const Value none;
  return at < arguments.size() ? arguments[at] : none;
}
Value wrong_argument(Call& call, const char* function, const Value& value, const char* wanted_zh,
                     const char* wanted_en);
// [x] for a scalar, the list itself for a list.
List as_list(const Value& value);
// The same without a copy; valid as long as the value. Of arguments: the items of one list, or the arguments.
using Items = std::span<const Value>;
Items items_of(const Value& value);
Items items_of(const List& arguments);
}  // namespace tenglong::feel
