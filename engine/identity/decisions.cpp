// What people decided about writings, and what they decided against each other.
#include <algorithm>
#include <map>

#include "engine/identity/identity.h"

namespace tenglong::identity {

namespace {

std::string shown(const Decision& decision) {
  if (decision.name.empty()) return decision.code;
  return decision.code.empty() ? decision.name : decision.name + "（" + decision.code + "）";
}
std::string said(const Decision& decision) {
  return decision.by + (decision.at.empty() ? "" : "，" + decision.at.substr(0, 10));
}
diagnostic::Diagnostic against(const char* code, text::Words message, const Decision& a, const Decision& b) {
  diagnostic::Diagnostic out{.code = code, .message = std::move(message)};
  out.advice = {"由专班定一次：撤下其中一条，或者补录它们合并、换码的事件。",
                "Settle it once: replace one of the two, or enter the merger that makes them one."};
  for (const Decision* each : {&a, &b}) {
    const std::string verdict = each->verdict == Verdict::Same ? "是 " : "不是 ";
    out.related.push_back(
        {{},
         {said(*each) + "：" + verdict + each->enterprise +
              (each->reason.empty() ? "" : "（" + each->reason + "）"),
          said(*each) + ": " + (each->verdict == Verdict::Same ? "is " : "is not ") + each->enterprise}});
  }
  return out;
}

}  // namespace

diagnostic::Diagnostics contradictions(const std::vector<Decision>& decisions,
                                       const std::vector<Event>& events) {
  // Far enough for every event told.
  constexpr Date kEver{9999, 12, 31};
  std::map<std::string, std::vector<const Decision*>> by_writing;
  for (const Decision& decision : decisions) by_writing[key_of(decision)].push_back(&decision);
  diagnostic::Diagnostics out;
  for (const auto& [key, group] : by_writing)
    for (std::size_t i = 0; i < group.size(); ++i)
      for (std::size_t j = i + 1; j < group.size(); ++j) {
        const Decision &a = *group[i], &b = *group[j];
        if (a.verdict == Verdict::Different && b.verdict == Verdict::Different) continue;
        const std::vector<std::string> left = successor_of(a.enterprise, kEver, events).codes;
        const std::vector<std::string> right = successor_of(b.enterprise, kEver, events).codes;
        const bool is_one = a.enterprise == b.enterprise || (!left.empty() && left == right);
        if (a.verdict == b.verdict && !is_one)
          out.push_back(against("E-IDENTITY-201",
                                {"“" + shown(a) + "”一处定为 " + a.enterprise + "，一处定为 " + b.enterprise,
                                 "“" + shown(a) + "” was decided to be two enterprises"},
                                a, b));
        if (a.verdict != b.verdict && is_one)
          out.push_back(against("E-IDENTITY-202",
                                {"“" + shown(a) + "”一处定为是 " + a.enterprise + "，一处定为不是",
                                 "“" + shown(a) + "” was decided to be " + a.enterprise + ", and not to be"},
                                a, b));
      }
  return out;
}

std::vector<Event> MemoryIdentity::events() const {
  std::vector<Event> out = events_;
  std::stable_sort(out.begin(), out.end(), [](const Event& a, const Event& b) { return a.on < b.on; });
  return out;
}
std::int64_t MemoryIdentity::add(const Event& event) {
  events_.push_back(event);
  events_.back().number = static_cast<std::int64_t>(events_.size());
  return events_.back().number;
}
void MemoryIdentity::decide(const Decision& decision) {
  std::erase_if(decisions_, [&](const Decision& each) {
    return key_of(each) == key_of(decision) && each.enterprise == decision.enterprise;
  });
  decisions_.push_back(decision);
}

}  // namespace tenglong::identity
