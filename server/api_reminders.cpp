// 催报 to many at once: seen before it is sent, one letter for a unit and a day, a result for each unit.
#include <algorithm>

#include "server/inside/owed_letters.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using access::Operation;
using text::JsonWriter;

struct RemindedUnit {
  OwedLetter owed = {};
  const char* result = "would";  // would, sent, already, nothing, refused
};

// The units asked for in their order, else every unit that owes; each judged as it would be now.
std::vector<RemindedUnit> units_to_remind(District& district, const Call& call,
                                          const calendar::Period& within) {
  std::vector<RemindedUnit> out;
  std::vector<OwedLetter> letters = owed_letters(district, call, within);
  if (const Json* units = call.body.find("units")) {
    for (const Json& unit : units->items) {
      const auto is_it = [&](const OwedLetter& one) { return one.letter.unit == unit.text; };
      if (std::any_of(out.begin(), out.end(), [&](const RemindedUnit& one) { return is_it(one.owed); }))
        continue;
      const auto found = std::find_if(letters.begin(), letters.end(), is_it);
      if (found != letters.end())
        out.push_back({.owed = *found});
      else
        out.push_back({.owed = {.letter = {.unit = unit.text}}, .result = "nothing"});
    }
  } else {
    for (OwedLetter& one : letters) out.push_back({.owed = std::move(one)});
  }
  const calendar::Date today = district.options().today();
  const auto kept = district.store().collection().reminders();
  for (RemindedUnit& one : out) {
    const std::string& unit = one.owed.letter.unit;
    if (one.result == std::string("nothing")) continue;
    if (!call.caller.scope.may(Operation::SendReceipt, {.department = unit, .meant_for = unit}).allowed)
      one.result = "refused";
    else if (std::any_of(kept.begin(), kept.end(), [&](const collection::Reminder& each) {
               return each.unit == unit && each.on == today;
             }))
      one.result = "already";
  }
  return out;
}

std::int64_t count_of(const std::vector<RemindedUnit>& units, std::string_view result) {
  return std::count_if(units.begin(), units.end(),
                       [&](const RemindedUnit& one) { return one.result == result; });
}

Answer reminders_answer(const std::vector<RemindedUnit>& units, bool is_trial) {
  JsonWriter out;
  out.begin_object().member("is_trial", is_trial).member("total", static_cast<std::int64_t>(units.size()));
  for (const char* result : {"would", "sent", "already", "nothing", "refused"})
    out.member(result, count_of(units, result));
  out.key("rows").begin_array();
  for (const RemindedUnit& one : units)
    out.begin_object()
        .member("unit", one.owed.letter.unit)
        .member("items", one.owed.items)
        .member("days", one.owed.days)
        .member("result", one.result)
        .member("text", one.owed.letter.text)
        .end_object();
  out.end_array().end_object();
  return json(out);
}

Answer remind(District& district, const Call& call) {
  const std::string year = call.body.text_of("period");
  const auto within = year.empty() ? district.edition()->period : calendar::Period::parse(year);
  if (!within) return problem(404, "E-SERVER-306", {"没有这一年的数据。", "There is no data of this year."});
  std::vector<RemindedUnit> units = units_to_remind(district, call, *within);
  const Json* trial = call.body.find("trial");
  if (trial != nullptr && trial->boolean) return reminders_answer(units, true);
  if (const Json* expected = call.body.find("expected");
      expected != nullptr && std::atoll(expected->text.c_str()) != count_of(units, "would"))
    return problem(409, "E-SERVER-522",
                   {"要催的单位与预览时不同了，没有发。",
                    "Whom it would go to has changed since the preview; nothing was sent."},
                   {"重新预览。", "Preview it again."});
  const auto store = district_store(district, call);
  for (RemindedUnit& one : units) {
    if (one.result != std::string("would")) continue;
    one.owed.letter.by = call.caller.account.id;
    one.owed.letter.at = district.options().now();
    one.result = store->collection().keep(one.owed.letter) ? "sent" : "already";
  }
  return reminders_answer(units, false);
}

}  // namespace

std::vector<Route> reminder_routes(District& district) {
  std::vector<Member> counts = {{"is_trial", Shape::boolean(), ""}, {"total", Shape::count(), "units"}};
  for (const char* result : {"would", "sent", "already", "nothing", "refused"})
    counts.push_back({result, Shape::count(), ""});
  counts.push_back(
      {"rows",
       Shape::list(Shape::object(
           "RemindedUnit", {{"unit", Shape::text(), ""},
                            {"items", Shape::count(), "that it owes"},
                            {"days", Shape::integer(-400, 100000), "of the latest item"},
                            {"result", Shape::choice({"would", "sent", "already", "nothing", "refused"}),
                             "would: of a preview; already: it had its letter today; nothing: it owes "
                             "nothing; refused: not yours"},
                            {"text", Shape::text(100000), "the letter"}})),
       "in order"});
  return {
      {Method::Post,
       "/api/reminders",
       "remind_units",
       Summary("催报：先预览，再各发一封", "Remind units: seen first, then a letter each"),
       Operation::SendReceipt,
       Repeat::Keyed,
       Runs::OnWorker,
       {},
       Input::of(Shape::object(
           "ReminderRequest",
           {{"period", Shape::text(30), "else the present year", Presence::Optional},
            {"units", Shape::list(Shape::text(120, 1), 500), "else every unit that owes", Presence::Optional},
            {"trial", Shape::boolean(), "only say what it would do", Presence::Optional},
            {"expected", Shape::count(), "units, as the preview said", Presence::Optional}})),
       Output::json(Shape::object("Reminders", counts)),
       [&](const Call& call) { return remind(district, call); }}};
}

}  // namespace tenglong::server
