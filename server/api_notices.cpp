// 通知: a sentence about chosen records, to the towns they lie in or to the enterprises they are of. Seen
// before it is sent, with whom it goes to; every record has its result, and those that reach nobody say why.
//
// Kept: as settings of the store, so each sending and each reading is an event of the trail. Whoever receives
// it sees the records of its own town or enterprise, and nothing of the others.
#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "engine/sheet/writer.h"
#include "server/api.h"
#include "server/inside/chosen.h"
#include "server/inside/files.h"
#include "server/inside/record_sight.h"
#include "server/inside/waiting.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using access::Operation;
using text::JsonWriter;

constexpr const char* kPrefix = "notice.";
constexpr std::size_t kMostNoticed = 5000, kMostRowsShown = 200;

struct NoticedRow {
  std::string key = {}, title = {};
  std::string place = {};  // the town's code, or the credit code, as the notice goes to
  text::Words why = {};    // it reaches nobody, or may not be sent: why
};
struct Notice {
  std::string number = {}, by = {}, at = {}, text = {}, register_id = {}, period = {};
  bool is_to_towns = true;
  std::vector<NoticedRow> rows = {};
  std::set<std::string> seen_by = {};  // accounts
};

std::string kept_text(const Notice& notice) {
  JsonWriter out;
  out.begin_object().member("by", notice.by).member("at", notice.at).member("text", notice.text);
  out.member("register", notice.register_id).member("period", notice.period);
  out.member("to", notice.is_to_towns ? "towns" : "firms").key("rows").begin_array();
  for (const NoticedRow& row : notice.rows) {
    out.begin_object().member("key", row.key).member("title", row.title).member("place", row.place);
    if (!row.why.empty()) {
      out.key("why");
      write_words(out, row.why);
    }
    out.end_object();
  }
  out.end_array().key("seen_by");
  write_list(out, {notice.seen_by.begin(), notice.seen_by.end()});
  out.end_object();
  return out.take();
}

Notice notice_of(const std::string& number, const std::string& kept) {
  const Json json = read_json(kept).value;
  Notice out{.number = number,
             .by = json.text_of("by"),
             .at = json.text_of("at"),
             .text = json.text_of("text"),
             .register_id = json.text_of("register"),
             .period = json.text_of("period"),
             .is_to_towns = json.text_of("to") == "towns"};
  if (const Json* rows = json.find("rows"))
    for (const Json& row : rows->items) {
      NoticedRow one{row.text_of("key"), row.text_of("title"), row.text_of("place")};
      if (const Json* why = row.find("why")) one.why = {why->text_of("zh"), why->text_of("en")};
      out.rows.push_back(std::move(one));
    }
  if (const Json* seen = json.find("seen_by"))
    for (const Json& one : seen->items) out.seen_by.insert(one.text);
  return out;
}

std::vector<Notice> kept_notices(District& district) {
  std::vector<Notice> out;
  for (const auto& [name, value] : district.store().settings(kPrefix))
    out.push_back(notice_of(name.substr(std::string_view(kPrefix).size()), value));
  std::sort(out.begin(), out.end(), [](const Notice& a, const Notice& b) { return b.number < a.number; });
  return out;
}

// The towns and enterprises that an account answers for: not those of whoever sees the whole district anyway.
struct AnswersFor {
  std::set<std::string> towns = {}, firms = {};
};
AnswersFor answers_for(const access::Scope& scope) {
  AnswersFor out;
  const access::RowFilter reads = scope.rows(Operation::ReadRecord, access::State::Draft);
  if (scope.is_outside()) {
    out.firms = reads.firms;
  } else if (!reads.everything) {
    out.towns = reads.towns;
  }
  return out;
}

// The rows of a notice that are for this account.
std::vector<const NoticedRow*> own_rows(const Notice& notice, const AnswersFor& own) {
  const std::set<std::string>& places = notice.is_to_towns ? own.towns : own.firms;
  std::vector<const NoticedRow*> out;
  for (const NoticedRow& row : notice.rows)
    if (row.why.empty() && places.contains(row.place)) out.push_back(&row);
  return out;
}

// How many accounts answer for each town or enterprise.
std::map<std::string, std::int64_t> listeners(District& district, bool of_towns) {
  std::map<std::string, std::int64_t> out;
  for (const access::KeptAccount& account : district.store().accounts().accounts()) {
    if (account.is_disabled) continue;
    const access::Scope scope = district.policy().scope_of(account, {}, district.options().today());
    const AnswersFor own = answers_for(scope);
    for (const std::string& place : of_towns ? own.towns : own.firms) ++out[place];
  }
  return out;
}

std::string name_of_place(const Edition& edition, const Notice& notice, const NoticedRow& row) {
  if (!notice.is_to_towns) return row.title.empty() ? row.place : row.title;
  const std::string name = edition.naming().town_name(row.place);
  return name.empty() ? row.place : name;
}

void write_rows(JsonWriter& out, const std::vector<const NoticedRow*>& rows, const char* good) {
  out.begin_array();
  for (std::size_t i = 0; i < rows.size() && i < kMostRowsShown; ++i) {
    out.begin_object().member("key", rows[i]->key).member("title", rows[i]->title);
    out.member("result", rows[i]->why.empty() ? good : "refused");
    if (!rows[i]->why.empty()) {
      out.key("why");
      write_words(out, rows[i]->why);
    }
    out.end_object();
  }
  out.end_array();
}

Answer notify(District& district, const Call& call, std::mutex& keeping) {
  const auto edition = district.edition();
  const schema::Register* of = edition->pack->schema.find(call.path.at("register"));
  const store::RecordStates states = district.store().lists().states();
  if (of == nullptr || !sees_register(*edition, states, call.caller, Operation::ReadRecord, *of))
    return not_there();
  std::optional<calendar::Period> period;
  if (of->period != schema::PeriodKey::None) {
    const std::string asked = call.body.text_of("period");
    period = asked.empty() ? edition->period : calendar::Period::parse(asked);
    if (!period) return not_there();
  }
  const Chosen chosen = chosen_rows(district, call, *edition, *of, period);
  if (chosen.refused) return *chosen.refused;
  if (chosen.keys.size() > kMostNoticed)
    return problem(422, "E-SERVER-524",
                   {"一次最多通知 " + std::to_string(kMostNoticed) + " 条，选了 " +
                        std::to_string(chosen.keys.size()) + " 条。",
                    "Too many at once."},
                   {"把筛选收窄，分几次办。", "Narrow the filter and do it in parts."});
  const Json* expected = call.body.find("expected");
  if (expected != nullptr && expected->text != std::to_string(chosen.keys.size()))
    return problem(409, "E-SERVER-522",
                   {"预览时选中 " + expected->text + " 条，现在是 " + std::to_string(chosen.keys.size()) +
                        " 条，没有发。",
                    "What the filter keeps has changed since the preview; nothing was sent."},
                   {"重新预览。", "Preview it again."});
  Notice notice{.by = call.caller.account.id,
                .at = district.options().now(),
                .text = call.body.text_of("text"),
                .register_id = of->id,
                .period = period ? period->to_string() : std::string(),
                .is_to_towns = call.body.text_of("to") == "towns"};
  const std::map<std::string, std::int64_t> heard = listeners(district, notice.is_to_towns);
  const column::Table* table = edition->snapshot->find(of->id);
  const view::Naming naming = edition->naming();
  for (const std::string& key : chosen.keys) {
    NoticedRow row{.key = key};
    const std::int32_t at = table == nullptr ? -1 : table->find(key, period);
    if (at < 0) continue;
    const auto number = static_cast<std::size_t>(at);
    row.title = naming.title(of->id, number);
    const access::Object object =
        object_of(*edition, of->id, number, states.of(of->id, table->period[number]));
    row.place = notice.is_to_towns ? object.town : object.firm;
    if (!call.caller.scope.may(Operation::SendReceipt, object).allowed)
      row.why = {"不归你发通知", "not yours to notify of"};
    else if (row.place.empty())
      row.why = notice.is_to_towns ? text::Words{"这条记录没有镇街", "it has no town"}
                                   : text::Words{"这条记录不属于哪家企业", "it is of no enterprise"};
    else if (!heard.contains(row.place))
      row.why = notice.is_to_towns
                    ? text::Words{"这个镇街还没有能收通知的账号", "nobody of this town has an account yet"}
                    : text::Words{"这家企业还没有联络员账号", "nobody of this enterprise has an account yet"};
    notice.rows.push_back(std::move(row));
  }
  const auto sent = std::count_if(notice.rows.begin(), notice.rows.end(),
                                  [](const NoticedRow& row) { return row.why.empty(); });
  const bool is_trial = call.body.find("trial")->boolean;
  if (!is_trial && sent == 0)
    return problem(422, "E-SERVER-526",
                   {"没有一条能发到人，没有发。", "It would reach nobody; nothing was sent."},
                   {"预览里写着每条为什么；先给镇街或企业开账号，或另选记录。",
                    "The preview says why of each: make accounts first, or choose others."});
  if (!is_trial) {
    const std::lock_guard one_at_a_time(keeping);
    const std::vector<Notice> before = kept_notices(district);
    const std::size_t next = before.empty() ? 1 : std::stoul(before.front().number) + 1;
    std::string number = std::to_string(next);
    notice.number = std::string(number.size() < 8 ? 8 - number.size() : 0, '0') + number;
    district_store(district, call)->set(kPrefix + notice.number, kept_text(notice));
  }
  std::map<std::string, std::pair<std::string, std::int64_t>> receivers;  // by place
  std::vector<const NoticedRow*> rows;
  for (const bool is_refused : {true, false})  // what somebody must look at first
    for (const NoticedRow& row : notice.rows)
      if (row.why.empty() != is_refused) rows.push_back(&row);
  for (const NoticedRow& row : notice.rows)
    if (row.why.empty()) {
      auto& one = receivers[row.place];
      one.first = name_of_place(*edition, notice, row);
      ++one.second;
    }
  JsonWriter out;
  out.begin_object().member("number", notice.number).member("is_trial", is_trial);
  out.member("total", static_cast<std::int64_t>(notice.rows.size()));
  out.member("sent", static_cast<std::int64_t>(sent));
  out.member("refused", static_cast<std::int64_t>(notice.rows.size()) - static_cast<std::int64_t>(sent));
  out.key("receivers").begin_array();
  for (const auto& [place, one] : receivers)
    out.begin_object()
        .member("place", place)
        .member("name", one.first)
        .member("records", one.second)
        .member("accounts", heard.at(place))
        .end_object();
  out.end_array().key("rows");
  write_rows(out, rows, is_trial ? "would" : "sent");
  out.end_object();
  return {.status = is_trial ? 200 : 201, .body = out.take()};
}

Answer list_notices(District& district, const Call& call) {
  const auto edition = district.edition();
  const AnswersFor own = answers_for(call.caller.scope);
  JsonWriter out;
  out.begin_object().key("notices").begin_array();
  for (const Notice& notice : kept_notices(district)) {
    const bool is_sender = notice.by == call.caller.account.id;
    std::vector<const NoticedRow*> rows = own_rows(notice, own);
    if (rows.empty() && !is_sender) continue;
    const bool is_for_me = !rows.empty();
    if (is_sender) {
      rows.clear();
      for (const NoticedRow& row : notice.rows) rows.push_back(&row);
    }
    const schema::Register* of = edition->pack->schema.find(notice.register_id);
    const auto kept = district.store().accounts().account(notice.by);
    out.begin_object().member("number", notice.number).member("text", notice.text).member("at", notice.at);
    out.member("by", kept && !kept->name.empty() ? kept->name : notice.by);
    out.member("register", notice.register_id)
        .member("register_name", of == nullptr ? notice.register_id : of->name);
    out.member("period", notice.period).member("is_sender", is_sender).member("is_for_me", is_for_me);
    out.member("is_seen", notice.seen_by.contains(call.caller.account.id));
    if (is_sender) out.member("seen_by", static_cast<std::int64_t>(notice.seen_by.size()));
    out.member("total", static_cast<std::int64_t>(rows.size()));
    out.member("refused",
               static_cast<std::int64_t>(std::count_if(
                   rows.begin(), rows.end(), [](const NoticedRow* row) { return !row->why.empty(); })));
    out.key("rows");
    write_rows(out, rows, "sent");
    out.end_object();
  }
  out.end_array().end_object();
  return tagged(out);
}

std::optional<Notice> find_notice(District& district, const Call& call) {
  const std::string& number = call.path.at("notice");
  const auto kept = district.store().setting(kPrefix + number);
  if (!kept) return std::nullopt;
  return notice_of(number, *kept);
}

Answer see_notice(District& district, const Call& call, std::mutex& keeping) {
  const std::lock_guard one_at_a_time(keeping);  // what is kept is read, and written whole
  auto notice = find_notice(district, call);
  if (!notice || own_rows(*notice, answers_for(call.caller.scope)).empty()) return not_there();
  if (notice->seen_by.insert(call.caller.account.id).second)
    district_store(district, call)->set(kPrefix + notice->number, kept_text(*notice));
  return {.status = 204};
}

Answer unreached(District& district, const Call& call) {
  const auto notice = find_notice(district, call);
  if (!notice || notice->by != call.caller.account.id) return not_there();
  sheet::OutSheet sheet{.name = "没有发到的"};
  for (const char* head : {"键", "名称", "原因"})
    sheet.columns.push_back({.header = {head}, .number_format = "@"});
  sheet::WorkbookWriter writer;
  writer.begin_sheet(sheet);
  for (const NoticedRow& row : notice->rows)
    if (!row.why.empty()) {
      const sheet::OutCell cells[] = {sheet::OutCell::of_text(row.key), sheet::OutCell::of_text(row.title),
                                      sheet::OutCell::of_text(row.why.zh)};
      writer.row(cells);
    }
  Answer out = download("通知" + notice->number + "_没有发到的.xlsx",
                        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  out.body = writer.finish();
  return out;
}

}  // namespace

void notices_waiting(District& district, const Call& call, std::vector<Waiting>& out) {
  const AnswersFor own = answers_for(call.caller.scope);
  if (own.towns.empty() && own.firms.empty()) return;
  std::int64_t count = 0;
  for (const Notice& notice : kept_notices(district))
    count += !notice.seen_by.contains(call.caller.account.id) && !own_rows(notice, own).empty();
  if (count > 0) out.push_back({"notices", count, ""});
}

std::vector<Route> notice_routes(District& district) {
  const auto keeping = std::make_shared<std::mutex>();
  const Shape row = Shape::object("NoticedRow", {{"key", Shape::text(), ""},
                                                 {"title", Shape::text(), ""},
                                                 {"result", Shape::choice({"would", "sent", "refused"}), ""},
                                                 {"why", words_shape(), "of a refusal", Presence::Optional}});
  const Shape receiver =
      Shape::object("NoticeReceiver", {{"place", Shape::text(), "code of the town, or the credit code"},
                                       {"name", Shape::text(), ""},
                                       {"records", Shape::count(), ""},
                                       {"accounts", Shape::count(), "that will see it"}});
  std::vector<Route> out;
  out.push_back(
      {Method::Post,
       "/api/registers/{register}/notices",
       "notify_records",
       Summary("就选中的记录通知镇街或企业，或先预览",
               "Notify towns or enterprises of chosen records, or a preview"),
       Operation::SendReceipt,
       Repeat::Keyed,
       Runs::OnWorker,
       {in_path("register", "id")},
       Input::of(Shape::object("NoticeRequest",
                               chosen_with({{"text", Shape::text(1000, 1), "what is to be done, by when"},
                                            {"to", Shape::choice({"towns", "firms"}), ""},
                                            {"trial", Shape::boolean(), "only whom it would reach"},
                                            {"expected", Shape::count(), "how many the preview chose",
                                             Presence::Optional}})),
                 8 << 20),
       Output::json(Shape::object("NoticeResult",
                                  {{"number", Shape::text(), "empty: of a preview"},
                                   {"is_trial", Shape::boolean(), ""},
                                   {"total", Shape::count(), "chosen"},
                                   {"sent", Shape::count(), "or would be"},
                                   {"refused", Shape::count(), ""},
                                   {"receivers", Shape::list(receiver), ""},
                                   {"rows", Shape::list(row), "the refused first, at most two hundred"}})),
       [&district, keeping](const Call& call) { return notify(district, call, *keeping); }});
  const Shape notice = Shape::object(
      "Notice", {{"number", Shape::text(), ""},
                 {"text", Shape::text(), ""},
                 {"at", Shape::text(), ""},
                 {"by", Shape::text(), "name"},
                 {"register", Shape::text(), "id"},
                 {"register_name", Shape::text(), ""},
                 {"period", Shape::text(), ""},
                 {"is_sender", Shape::boolean(), ""},
                 {"is_for_me", Shape::boolean(), ""},
                 {"is_seen", Shape::boolean(), "by whoever asks"},
                 {"seen_by", Shape::count(), "accounts; told to the sender", Presence::Optional},
                 {"total", Shape::count(), "records: one's own, or all of the sender"},
                 {"refused", Shape::count(), "that reached nobody; told to the sender"},
                 {"rows", Shape::list(row), "at most two hundred"}});
  out.push_back(reading("/api/notices", "list_notices",
                        Summary("收到和发出的通知", "Notices received and sent"), Right::signed_in(), {},
                        Shape::object("Notices", {{"notices", Shape::list(notice), "latest first"}}),
                        [&](const Call& call) { return list_notices(district, call); }));
  out.push_back({Method::Post,
                 "/api/notices/{notice}/seen",
                 "see_notice",
                 Summary("已阅", "It was read"),
                 Right::signed_in(),
                 Repeat::Same,
                 Runs::OnWorker,
                 {in_path("notice", "number", 20)},
                 Input::none(),
                 Output::nothing(),
                 [&district, keeping](const Call& call) { return see_notice(district, call, *keeping); }});
  out.push_back({Method::Get,
                 "/api/notices/{notice}/refused",
                 "list_unreached",
                 Summary("没有发到的，成表", "What reached nobody, as a file"),
                 Operation::SendReceipt,
                 Repeat::Reads,
                 Runs::OnWorker,
                 {in_path("notice", "number", 20)},
                 Input::none(),
                 Output::file("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
                 [&](const Call& call) { return unreached(district, call); }});
  return out;
}

}  // namespace tenglong::server
