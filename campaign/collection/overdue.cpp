// Who owes what on a day, and the letter that asks for it.
#include <algorithm>
#include <map>

#include "campaign/collection/collection.h"

namespace tenglong::collection {

namespace {

// As many names as a letter bears; the rest is a number.
constexpr std::size_t kNamesInLetter = 10;

bool is_owed(const Present& present) {
  if (present.state == ItemState::Locked || present.state == ItemState::Confirmed) return false;
  return present.state == ItemState::NotArrived || present.state == ItemState::Returned ||
         present.missing > 0;
}

}  // namespace

std::vector<Arrears> overdue(const std::vector<Present>& items, Date on) {
  std::map<std::string, Arrears> by_unit;
  for (const Present& present : items) {
    if (!is_owed(present)) continue;
    const std::int64_t late = on.days() - present.due.days();
    const bool is_reminded = late < 0 && std::find(present.remind.begin(), present.remind.end(),
                                                   static_cast<int>(-late)) != present.remind.end();
    if (late <= 0 && !is_reminded && late != 0) continue;
    Arrears& arrears = by_unit[present.item.provider];
    arrears.unit = present.item.provider;
    arrears.owed.push_back({present, late});
  }
  std::vector<Arrears> out;
  for (auto& [unit, arrears] : by_unit) {
    std::stable_sort(arrears.owed.begin(), arrears.owed.end(),
                     [](const Owed& a, const Owed& b) { return a.days_late > b.days_late; });
    out.push_back(std::move(arrears));
  }
  return out;
}

Reminder letter_to(const Arrears& arrears, Date on, const schema::Schema& schema,
                   const std::function<std::string(std::string_view, std::string_view)>& name_of_record) {
  std::string text = arrears.unit + "：\n截至 " + on.to_string() + "，下列数据尚未报齐。\n";
  std::vector<std::string> asking;
  int number = 0;
  for (const Owed& owed : arrears.owed) {
    const Present& item = owed.item;
    const schema::Register* target = schema.find(item.item.register_id);
    text += std::to_string(++number) + ". " + (target ? target->name : item.item.register_id) + " " +
            item.item.period.to_string() + "“" + item.name + "”：" + item.due.to_string() + " 到期，" +
            (owed.days_late > 0    ? "已逾 " + std::to_string(owed.days_late) + " 天"
             : owed.days_late == 0 ? std::string("今天到期")
                                   : "还有 " + std::to_string(-owed.days_late) + " 天") +
            "；";
    if (item.state == ItemState::Returned)
      text += "已退回：" + item.last->reason + "。";
    else if (item.state == ItemState::NotArrived)
      text += "全部未到，应报 " + std::to_string(item.expected) + " 条。";
    else
      text += "应报 " + std::to_string(item.expected) + " 条，缺 " + std::to_string(item.missing) + " 条。";
    if (item.state != ItemState::NotArrived && !item.missing_keys.empty()) {
      text += "缺：";
      for (std::size_t i = 0; i < std::min(item.missing_keys.size(), kNamesInLetter); ++i)
        text += (i ? "、" : "") + name_of_record(item.item.register_id, item.missing_keys[i]);
      text += item.missing_keys.size() > kNamesInLetter ? "等。" : "。";
    }
    if (item.undetermined > 0)
      text += "另有 " + std::to_string(item.undetermined) + " 条尚不能判断应不应报。";
    text += "\n";
    if (std::find(asking.begin(), asking.end(), item.responsible) == asking.end())
      asking.push_back(item.responsible);
  }
  text += "请补报或说明缺报原因。联系单位：";
  for (std::size_t i = 0; i < asking.size(); ++i) text += (i ? "、" : "") + asking[i];
  return {.unit = arrears.unit, .on = on, .text = text + "。\n"};
}

}  // namespace tenglong::collection
