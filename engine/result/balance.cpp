// 对平: 应评 = 参评 + 免评 + 不评, and the classes sum to 参评. Said before anything is published.
#include <algorithm>
#include <set>

#include "engine/result/result.h"
#include "engine/text/ensure.h"

namespace tenglong::result {
namespace {

std::string number(std::int64_t value) { return std::to_string(value); }

void check_equation(const std::string& left, std::int64_t left_count, const std::string& right,
                    std::int64_t right_count, std::vector<std::string>& failures) {
  if (left_count != right_count)
    failures.push_back(left + " " + number(left_count) + " ≠ " + right + " " + number(right_count));
}

}  // namespace

Balance balance_of(const SchemeResult& scheme, std::int64_t due, const std::vector<std::string>& grades) {
  Balance balance;
  balance.due = due;
  for (const std::string& grade : grades) balance.by_grade.emplace_back(grade, 0);
  std::int64_t graded = 0;
  std::set<std::string_view> keys;
  std::vector<std::int64_t> ranked(scheme.groups.size(), 0);
  std::vector<std::string> ungraded;
  for (const Outcome& outcome : scheme.outcomes) {
    if (!keys.insert(outcome.key).second) balance.failures.push_back("同一对象出现两次：" + outcome.key);
    switch (outcome.standing) {
      case Standing::NotDue:
        balance.failures.push_back("不在应评范围的对象进了结果：" + outcome.key);
        break;
      case Standing::Exempt:
        ++balance.exempt;
        break;
      case Standing::NotRated:
        ++balance.not_rated;
        break;
      case Standing::Rated: {
        ++balance.rated;
        const auto grade = std::find_if(balance.by_grade.begin(), balance.by_grade.end(),
                                        [&](const auto& each) { return each.first == outcome.grade; });
        if (grade != balance.by_grade.end()) {
          ++grade->second;
          ++graded;
        } else {
          ungraded.push_back(outcome.key);
        }
        if (outcome.group >= 0 && static_cast<std::size_t>(outcome.group) < ranked.size())
          ++ranked[static_cast<std::size_t>(outcome.group)];
        else
          balance.failures.push_back("参评对象没有分组：" + outcome.key);
        break;
      }
    }
  }
  check_equation("应评", due, "参评 + 免评 + 不评", balance.rated + balance.exempt + balance.not_rated,
                 balance.failures);
  check_equation("参评", balance.rated, "各档之和", graded, balance.failures);
  std::int64_t in_groups = 0;
  for (const std::int64_t count : ranked) in_groups += count;
  check_equation("参评", balance.rated, "各组之和", in_groups, balance.failures);
  if (!ungraded.empty())
    balance.failures.push_back("没有落入任何一档的对象 " +
                               number(static_cast<std::int64_t>(ungraded.size())) + " 个，第一个是 " +
                               ungraded.front());
  return balance;
}

void count_entries(RosterResult& roster) {
  roster.due = static_cast<std::int64_t>(roster.entries.size());
  roster.listed = roster.exempt = roster.not_listed = roster.unknown = 0;
  for (const RosterEntry& entry : roster.entries) {
    switch (entry.place) {
      case RosterEntry::Place::Listed:
        ++roster.listed;
        break;
      case RosterEntry::Place::Exempt:
        ++roster.exempt;
        break;
      case RosterEntry::Place::NotListed:
        ++roster.not_listed;
        break;
      case RosterEntry::Place::Unknown:
        ++roster.unknown;
        break;
    }
  }
  ensure(roster.due == roster.listed + roster.exempt + roster.not_listed + roster.unknown,
         "a roster entry has one of the four places");
}

}  // namespace tenglong::result
