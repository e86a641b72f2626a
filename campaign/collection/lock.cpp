// Confirming an item, locking a year.
#include <algorithm>
#include <set>

#include "campaign/collection/collection.h"

namespace tenglong::collection {

namespace {

std::string shown(const Present& present) {
  return present.item.provider + "“" + present.name + "”（" + present.item.period.to_string() + "）";
}

void needs_somebody(const Act& act, std::vector<Reason>& reasons) {
  if (act.by.empty())
    reasons.push_back({{"没有写是谁办的", "nobody is named"}, {"写明经办人。", "Say who does it."}});
}

}  // namespace

Decision<Confirmation> confirm(const Present& present, const std::vector<Present>& items, Verdict verdict,
                               const std::string& reason, const Act& act) {
  std::vector<Reason> reasons;
  needs_somebody(act, reasons);
  if (present.state == ItemState::Locked)
    reasons.push_back({{shown(present) + "所在年度已锁定", "the year is locked"},
                       {"锁后有误，走更正单：tenglong correct propose。", "Propose a correction."}});
  if (present.state == ItemState::NotArrived)
    reasons.push_back({{shown(present) + "还没有数", "nothing has arrived yet"},
                       {"先导入" + present.item.provider + "的来表。", "Import the provider's file first."}});
  if (verdict == Verdict::Confirmed && present.disputed > 0)
    reasons.push_back({{shown(present) + "有 " + std::to_string(present.disputed) + " 条存疑",
                        std::to_string(present.disputed) + " records are disputed"},
                       {"先选定：tenglong rivals 列出，tenglong choose 选一个并写理由。",
                        "Choose first: tenglong rivals, tenglong choose."}});
  if (verdict == Verdict::Returned && reason.empty())
    reasons.push_back(
        {{"退回没有写理由", "a return needs a reason"}, {"写明哪里不对。", "Say what is wrong."}});
  if (!reasons.empty()) return {.refused_because = std::move(reasons)};
  const bool is_last =
      verdict == Verdict::Confirmed && std::all_of(items.begin(), items.end(), [&](const Present& each) {
        return each.item == present.item || each.item.register_id != present.item.register_id ||
               each.item.period != present.item.period || each.state == ItemState::Confirmed;
      });
  return {.granted = Confirmation{.item = present.item,
                                  .verdict = verdict,
                                  .reason = reason,
                                  .fingerprint = present.fingerprint,
                                  .records = present.known + present.not_applicable + present.disputed,
                                  .by = act.by,
                                  .at = act.at,
                                  .is_last = is_last}};
}

registers::View view_of(const Locked& locked) { return {.through = locked.through, .also = locked.also}; }

const Locked* lock_of(const std::vector<Locked>& locked, const Period& period) {
  const Locked* found = nullptr;
  for (const Locked& each : locked)
    if (each.period.contains(period) && (!found || found->number < each.number)) found = &each;
  return found;
}

Decision<Locked> lock(const Period& period, const std::vector<Present>& items,
                      const std::vector<Exception>& exceptions, const column::Snapshot& snapshot,
                      const std::vector<Locked>& locked, const Act& act) {
  std::vector<Reason> reasons;
  needs_somebody(act, reasons);
  if (period.kind != calendar::PeriodKind::Year)
    reasons.push_back({{period.to_string() + " 不是一个年度", period.to_string() + " is not a year"},
                       {"按年度锁定。", "A lock is for a year."}});
  if (const Locked* before = lock_of(locked, period))
    reasons.push_back({{period.to_string() + " 已于 " + before->at.substr(0, 10) + " 锁定",
                        period.to_string() + " was locked on " + before->at.substr(0, 10)},
                       {"锁后更正走更正单。", "What is wrong now needs a correction."}});
  if (std::all_of(items.begin(), items.end(),
                  [](const Present& each) { return each.state == ItemState::NotArrived; }))
    reasons.push_back({{period.to_string() + " 一项数也没有", "nothing of the year has arrived"},
                       {"先收数。", "Collect it first."}});
  std::set<Item> excepted;
  for (const Exception& each : exceptions) {
    const auto item =
        std::find_if(items.begin(), items.end(), [&](const Present& one) { return one.item == each.item; });
    if (item == items.end())
      reasons.push_back({{"没有 " + to_text(each.item) + " 这一项", "there is no item " + to_text(each.item)},
                         {"照 tenglong items 列出的写。", "Write it as tenglong items does."}});
    else if (item->state == ItemState::Confirmed)
      reasons.push_back({{shown(*item) + "已确认，不用列为例外", "it is confirmed and needs no exception"},
                         {"删去这条例外。", "Remove the exception."}});
    if (each.reason.empty() || each.accepted_by.empty())
      reasons.push_back({{"例外 " + to_text(each.item) + " 没有写理由或认可人",
                          "the exception " + to_text(each.item) + " lacks a reason or who accepts it"},
                         {"写明为什么可以不等，谁认可。", "Say why, and who accepts it."}});
    excepted.insert(each.item);
  }
  for (const Present& each : items) {
    if (each.state == ItemState::Confirmed || excepted.contains(each.item)) continue;
    const text::Words state = name_of(each.state);
    std::string why = shown(each) + state.zh;
    if (each.has_changed) why += "，确认以后又有变动";
    if (each.disputed > 0) why += "，" + std::to_string(each.disputed) + " 条存疑";
    reasons.push_back({{why, to_text(each.item) + ": " + state.en},
                       {"请" + each.item.provider + "确认，或列为例外并由人认可。",
                        "Have it confirmed, or list it as an exception that somebody accepts."}});
  }
  if (!reasons.empty()) return {.refused_because = std::move(reasons)};
  return {.granted = Locked{.period = period,
                            .through = snapshot.through,
                            .fingerprint = snapshot.fingerprint,
                            .exceptions = exceptions,
                            .by = act.by,
                            .at = act.at}};
}

}  // namespace tenglong::collection
