// 收数 over the wire: items with their confirmation, the lock of a year, letters to who is late.
#include <algorithm>
#include <map>
#include <set>

#include "campaign/collection/collection.h"
#include "engine/identity/identity.h"
#include "server/api.h"
#include "server/inside/decisions.h"
#include "server/inside/owed_letters.h"
#include "server/inside/record_sight.h"
#include "server/inside/waiting.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using access::Operation;
using collection::Present;
using text::JsonWriter;

// An enterprise that had ended before a period owes nothing in it.
collection::WasThere was_there_in(const std::vector<identity::Event>& events) {
  std::map<std::string, calendar::Date, std::less<>> ended;
  for (const identity::Event& event : events) {
    if (event.kind == identity::EventKind::Rename || event.kind == identity::EventKind::Move) continue;
    for (const std::string& code : event.from)
      if (std::find(event.to.begin(), event.to.end(), code) == event.to.end()) ended.emplace(code, event.on);
  }
  return [ended = std::move(ended)](std::string_view key, const calendar::Period& period) {
    const auto found = ended.find(key);
    return found == ended.end() || period.from < found->second;
  };
}

std::vector<Present> items_in(District& district, const calendar::Period& within) {
  store::Store& store = district.store();
  return collection::survey(district.pack(), *district.edition()->snapshot, within,
                            {store.collection().confirmations(), store.collection().locked()},
                            was_there_in(store.identity().events()));
}

const char* code_of_state(const Present& item) {
  using collection::ItemState;
  switch (item.state) {
    case ItemState::NotArrived:
      return "not_sent";
    case ItemState::Arrived:
      return "sent";
    case ItemState::Questioned:
      return "questioned";
    case ItemState::Returned:
      return "returned";
    case ItemState::Confirmed:
      return "confirmed";
    case ItemState::Locked:
      return "locked";
  }
  return "not_sent";
}

// In an address no id may hold a slash.
std::string id_of_item(const collection::Item& item) {
  std::string out = to_text(item);
  std::replace(out.begin(), out.end(), '/', '~');
  return out;
}
std::optional<collection::Item> item_of_id(std::string id) {
  std::replace(id.begin(), id.end(), '~', '/');
  return collection::item_of(id);
}

access::Object object_of_item(const store::RecordStates& states, const collection::Item& item) {
  return {.department = item.provider,
          .meant_for = item.provider,
          .state = states.of(item.register_id, item.period),
          .register_id = item.register_id};
}

std::optional<calendar::Period> year_asked(const Edition& edition, const std::string& written) {
  return written.empty() ? edition.period : calendar::Period::parse(written);
}

struct SeenItem {
  Present item = {};
  bool confirms = false, imports = false;  // who asks may
};
// Items of a year that concern the caller.
std::vector<SeenItem> items_seen(District& district, const Call& call, const calendar::Period& within) {
  const access::Scope& scope = call.caller.scope;
  const store::RecordStates states = district.store().lists().states();
  std::vector<SeenItem> out;
  for (Present& each : items_in(district, within)) {
    const access::Object object = object_of_item(states, each.item);
    SeenItem one{.confirms = scope.may(Operation::ConfirmItem, object).allowed,
                 .imports = scope.may(Operation::ImportBatch, object).allowed};
    const schema::Field* field = district.pack().schema.find(each.item.register_id)->find(each.item.field);
    const access::Answer reads = scope.may(Operation::ReadRecord, object);
    if (!one.confirms && !one.imports &&
        !(reads.allowed && field != nullptr && field->sensitivity <= reads.level))
      continue;
    one.item = std::move(each);
    out.push_back(std::move(one));
  }
  return out;
}

Answer items_answer(District& district, const Call& call) {
  const auto edition = district.edition();
  const auto within = year_asked(*edition, call.query_or("period", ""));
  if (!within) return problem(404, "E-SERVER-306", {"没有这一年的数据。", "There is no data of this year."});
  const calendar::Date today = district.options().today();
  JsonWriter out;
  out.begin_object().member("period", within->to_string()).key("items").begin_array();
  std::vector<Present> seen;
  for (const auto& [each, confirms, imports] : items_seen(district, call, *within)) {
    const schema::Register* target = district.pack().schema.find(each.item.register_id);
    seen.push_back(each);
    out.begin_object().member("id", id_of_item(each.item)).member("register", each.item.register_id);
    out.member("register_name", target->name).member("field", each.item.field).member("name", each.name);
    out.member("period", each.item.period.to_string()).member("provider", each.item.provider);
    out.member("responsible", each.responsible).member("due", each.due.to_string());
    out.member("state", code_of_state(each)).key("state_name");
    write_words(out, name_of(each.state));
    if (each.due < today && each.missing > 0)
      out.member("days_late", static_cast<std::int64_t>(today.days() - each.due.days()));
    out.member("expected", each.expected).member("reported", each.reported());
    out.member("missing_count", each.missing).member("besides", each.besides());
    out.member("disputed", each.disputed).member("has_changed", each.has_changed);
    out.key("may").begin_object().member("confirm", confirms).member("import", imports).end_object();
    out.end_object();
  }
  out.end_array().key("overdue").begin_array();
  for (const OwedLetter& owed : owed_letters(district, *edition, seen, *within))
    out.begin_object()
        .member("unit", owed.letter.unit)
        .member("items", owed.items)
        .member("days", owed.days)
        .member("text", owed.letter.text)
        .end_object();
  out.end_array();
  const auto locked = district.store().collection().locked();
  if (const collection::Locked* lock = lock_of(locked, *within)) {
    out.key("locked").begin_object().member("at", lock->at).member("by", lock->by);
    out.member("snapshot", lock->fingerprint).member("number", std::int64_t{lock->number}).end_object();
  }
  out.end_object();
  return json(out);
}

Answer confirm_item(District& district, const Call& call) {
  const std::lock_guard lock(district.one_at_a_time(District::Decides::Collected));
  const auto item = item_of_id(call.path.at("item"));
  if (!item) return not_there();
  const std::vector<Present> all = items_in(district, calendar::Period::year(item->period.from.year));
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Present& each) { return each.item == *item; });
  if (found == all.end()) return not_there();
  if (auto no =
          denied(call, Operation::ConfirmItem, object_of_item(district.store().lists().states(), *item)))
    return *no;
  const Json* returned = call.body.find("returned");
  const auto verdict = returned != nullptr && returned->boolean ? collection::Verdict::Returned
                                                                : collection::Verdict::Confirmed;
  const auto decision =
      collection::confirm(*found, all, verdict, call.body.text_of("reason"), act_of(district, call));
  if (!decision.granted) return refused_decision(decision, "E-SERVER-407");
  district_store(district, call)->collection().keep(*decision.granted);
  return {.status = 204};
}

Answer lock_period(District& district, const Call& call) {
  const std::lock_guard deciding(district.one_at_a_time(District::Decides::Collected));
  const auto period = calendar::Period::parse(call.path.at("period"));
  if (!period) return not_there();
  if (auto no = denied(call, Operation::LockYear,
                       {.state = district.store().lists().states().least(district.pack().schema, *period)}))
    return *no;
  diagnostic::Diagnostics told;
  std::vector<collection::Exception> exceptions;
  if (const Json* list = call.body.find("exceptions"))
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      const auto item = item_of_id(list->items[i].text_of("item"));
      if (item)
        exceptions.push_back({*item, list->items[i].text_of("reason"), call.caller.account.id});
      else
        told.push_back({.code = "E-SERVER-407",
                        .place = {.file = "body", .cell = "/exceptions/" + std::to_string(i) + "/item"},
                        .message = {"这不是一个数据项。", "This is no item."},
                        .advice = {"照 /api/items 的 id 写。", "Write it as the ids of /api/items."}});
    }
  if (!told.empty()) return problem(422, {"例外里有要改的。", "The exceptions are to be mended."}, told);
  const auto edition = district.sealed_edition_of("");
  column::Snapshot snapshot = *edition->snapshot;
  snapshot.fingerprint = edition->snapshot_fingerprint;
  const auto store = district_store(district, call);
  const auto decision = collection::lock(*period, items_in(district, *period), exceptions, snapshot,
                                         store->collection().locked(), act_of(district, call));
  if (!decision.granted) return refused_decision(decision, "E-SERVER-407");
  store->collection().keep(*decision.granted);
  JsonWriter out;
  out.begin_object().member("period", period->to_string());
  out.member("snapshot", decision.granted->fingerprint).end_object();
  return {.status = 201, .body = out.take()};
}

}  // namespace

void items_waiting(District& district, const Call& call, std::vector<Waiting>& out) {
  const auto edition = district.edition();
  const access::Scope& scope = call.caller.scope;
  const auto add = [&](Waiting one) {
    if (one.count > 0) out.push_back(std::move(one));
  };
  if (edition->period) {
    const std::string period = edition->period->to_string();
    const calendar::Date today = district.options().today();
    const store::RecordStates states = district.store().lists().states();
    std::int64_t confirm = 0, returned = 0, late = 0, rivals = 0;
    std::set<std::string> owing;
    for (const SeenItem& one : items_seen(district, call, *edition->period)) {
      using collection::ItemState;
      const Present& item = one.item;
      const std::string& provider = item.item.provider;
      const bool is_own = provider == call.caller.account.unit;
      const bool is_late = item.due < today && item.missing > 0;
      confirm += one.confirms && (item.state == ItemState::Arrived || item.state == ItemState::Questioned ||
                                  item.has_changed);
      returned += one.imports && is_own && item.state == ItemState::Returned;
      late += one.imports && is_own && is_late;
      if (!is_own && is_late &&
          scope.may(Operation::SendReceipt, {.department = provider, .meant_for = provider}).allowed)
        owing.insert(provider);
      if (item.disputed > 0 && scope.may(Operation::ChooseRival, object_of_item(states, item.item)).allowed)
        rivals += item.disputed;
    }
    add({"confirm", confirm, period});
    add({"returned", returned, period});
    add({"late", late, period});
    add({"remind", static_cast<std::int64_t>(owing.size()), period});
    add({"rivals", rivals, period});
  }
}

std::vector<OwedLetter> owed_letters(District& district, const Edition& edition,
                                     const std::vector<Present>& seen, const calendar::Period& within) {
  const calendar::Date today = district.options().today();
  std::vector<OwedLetter> out;
  for (const collection::Arrears& arrears : collection::overdue(seen, today)) {
    OwedLetter one{.items = static_cast<std::int64_t>(arrears.owed.size())};
    for (const collection::Owed& owed : arrears.owed) one.days = std::max(one.days, owed.days_late);
    one.letter = collection::letter_to(
        arrears, today, district.pack().schema, [&](std::string_view register_id, std::string_view key) {
          const column::Table* table = edition.snapshot->find(register_id);
          const std::int32_t row = table == nullptr ? -1 : table->find(key, within);
          return row < 0 ? std::string(key)
                         : edition.naming().title(register_id, static_cast<std::size_t>(row));
        });
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<OwedLetter> owed_letters(District& district, const Call& call, const calendar::Period& within) {
  std::vector<Present> seen;
  for (SeenItem& each : items_seen(district, call, within)) seen.push_back(std::move(each.item));
  return owed_letters(district, *district.edition(), seen, within);
}

std::vector<Route> collection_routes(District& district) {
  std::vector<Route> out;
  const auto text = Shape::text();
  const Shape item = Shape::object(
      "Item",
      {{"id", text, ""},
       {"register", text, ""},
       {"register_name", text, ""},
       {"field", text, ""},
       {"name", text, ""},
       {"period", text, ""},
       {"provider", text, ""},
       {"responsible", text, ""},
       {"due", text, ""},
       {"state", Shape::choice({"not_sent", "sent", "questioned", "returned", "confirmed", "locked"}), ""},
       {"state_name", words_shape(), ""},
       {"days_late", Shape::count(), "", Presence::Optional},
       {"expected", Shape::count(), "reported and missing together"},
       {"reported", Shape::count(), ""},
       {"missing_count", Shape::count(), ""},
       {"besides", Shape::count(), "sent of records of which it is not due"},
       {"disputed", Shape::count(), ""},
       {"has_changed", Shape::boolean(), "since it was confirmed"},
       {"may",
        Shape::object("ItemRights", {{"confirm", Shape::boolean(), ""}, {"import", Shape::boolean(), ""}}),
        ""}});
  const Shape late =
      Shape::object("Overdue", {{"unit", text, ""},
                                {"items", Shape::count(), ""},
                                {"days", Shape::integer(-400, 100000), "of the latest item"},
                                {"text", Shape::text(100000), "the letter that asks for them"}});
  const Shape locked = Shape::object(
      "Lock", {{"at", text, ""}, {"by", text, ""}, {"snapshot", text, ""}, {"number", Shape::count(), ""}});
  out.push_back(
      reading("/api/items", "list_items", Summary("该收什么、现状", "What is due, and how far it is"),
              Right::any_of({Operation::ReadRecord, Operation::ConfirmItem, Operation::ImportBatch}),
              {period_parameter()},
              Shape::object("Items", {{"period", text, ""},
                                      {"items", Shape::list(item), ""},
                                      {"overdue", Shape::list(late), "by unit"},
                                      {"locked", locked, "", Presence::Optional}}),
              [&](const Call& call) { return items_answer(district, call); }));
  const auto writing = [&](const char* path, const char* id, Summary summary, Right right,
                           std::vector<Parameter> parameters, Shape in, Output answer, Handler handler) {
    out.push_back({Method::Post, path, id, std::move(summary), std::move(right), Repeat::Keyed,
                   Runs::OnWorker, std::move(parameters), Input::of(std::move(in), 1 << 20),
                   std::move(answer), std::move(handler)});
  };
  writing("/api/items/{item}/confirm", "confirm_item",
          Summary("确认或退回一个数据项", "Confirm an item, or return it"), Operation::ConfirmItem,
          {in_path("item", "id", 300)},
          Shape::object("ItemVerdict", {{"returned", Shape::boolean(), "", Presence::Optional},
                                        {"reason", Shape::text(2000), "of a return", Presence::Optional}}),
          Output::nothing(), [&](const Call& call) { return confirm_item(district, call); });
  const Shape exception = Shape::object(
      "LockException", {{"item", Shape::text(300, 1), "id"}, {"reason", Shape::text(2000, 1), ""}});
  writing("/api/periods/{period}/lock", "lock_period", Summary("锁定一年", "Lock a year"),
          Operation::LockYear, {in_path("period", "2023", 30)},
          Shape::object("LockRequest", {{"exceptions", Shape::list(exception, 5000),
                                         "items that are not confirmed", Presence::Optional}}),
          Output::json(Shape::object("LockDone", {{"period", text, ""}, {"snapshot", text, ""}}), 201),
          [&](const Call& call) { return lock_period(district, call); });
  for (Route& each : reminder_routes(district)) out.push_back(std::move(each));
  return out;
}

}  // namespace tenglong::server
