// One value for many records at once: each by the checks of its form and as an event of its own; those
// refused say why and can be taken out as a file; the whole is withdrawn while nobody has acted on any of it.
//
// Order: one after another, beside the answers. Kept: the latest, with each row, after a restart too; what
// was written stands in the registers and the trail. Never: a row that the list would not show; a part of a
// withdrawal, unless the server goes while it is at it.
#include <algorithm>
#include <cstdio>
#include <deque>
#include <mutex>
#include <utility>

#include "engine/sheet/writer.h"
#include "server/api.h"
#include "server/inside/bulk_job.h"
#include "server/inside/chosen.h"
#include "server/inside/files.h"
#include "server/inside/ranked.h"
#include "server/inside/record_sight.h"
#include "server/inside/record_write.h"
#include "server/inside/write.h"
#include "server/passwords.h"
#include "server/workers.h"

namespace tenglong::server {

namespace {

using access::Operation;
using text::JsonWriter;

constexpr std::size_t kMostShown = 200, kMostKept = 64;

class BulkDesk {
 public:
  BulkDesk(District& district, const BulkLimits& limits)
      : district_(district), limits_(limits), folder_(district), worker_(1, limits.waiting) {}
  const BulkLimits& limits() const { return limits_; }
  District& district() { return district_; }
  bool begin(const std::shared_ptr<BulkJob>& job, const std::shared_ptr<BulkJob>& undone = nullptr) {
    job->began = district_.options().now();
    if (!job->is_trial) folder_.keep(*job);
    const schema::Register* of = district_.pack().schema.find(job->register_id);
    job->note =
        std::make_shared<JobNote>(district_, "bulk", job->account,
                                  of == nullptr ? job->register_id : of->name, JobNote::Begins::InTurn);
    job->note->of_bulk(job->id);
    const bool is_taken = worker_.submit([this, job, undone] {
      JobNote& note = *job->note;
      note.start();
      try {
        undone ? undo(*job, *undone) : work(*job);
      } catch (const std::exception&) {
        const std::lock_guard lock(mutex_);
        job->state = "failed";
      }
      if (!job->is_trial && job->count(WrittenRecord::What::Changed) > 0) district_.renew();
      {
        const std::lock_guard lock(mutex_);
        if (job->state == "running") job->state = "done";
        if (!job->is_trial) keep_quietly(*job);
      }
      note.refuse(job->count(WrittenRecord::What::Refused));
      const std::string changed = std::to_string(job->count(WrittenRecord::What::Changed)),
                        refused = std::to_string(job->count(WrittenRecord::What::Refused)),
                        total = std::to_string(job->rows.size());
      if (job->is_trial)
        note.end(true, {"预览 " + total + " 条", "Preview of " + total});
      else
        note.end(job->state != "failed", {(job->undoes.empty() ? "改了 " : "撤回 ") + changed + " 条，共 " +
                                              total + " 条，没有改成 " + refused + " 条",
                                          (job->undoes.empty() ? "Changed " : "Withdrew ") + changed +
                                              " of " + total + ", " + refused + " refused"});
      job->note.reset();
      job->feed->add("job", answer(*job));
      job->feed->end();
    });
    if (!is_taken) {
      job->note->drop();
      folder_.forget(*job);
      return false;
    }
    const std::lock_guard lock(mutex_);
    jobs_.push_front(job);
    if (jobs_.size() > kMostKept) jobs_.pop_back();
    return true;
  }
  std::shared_ptr<BulkJob> find(const std::string& account, const std::string& id) const {
    {
      const std::lock_guard lock(mutex_);
      for (const auto& each : jobs_)
        if (each->id == id) return each->account == account ? each : nullptr;
    }
    return folder_.find(account, id);
  }
  std::string answer(const BulkJob& job) const {
    const std::lock_guard lock(mutex_);
    JsonWriter out;
    out.begin_object().member("id", job.id).member("register", job.register_id).member("field", job.field);
    out.member("value", job.value).member("state", job.state).member("is_trial", job.is_trial);
    out.member("undoes", job.undoes).member("total", static_cast<std::int64_t>(job.rows.size()));
    out.member("done", static_cast<std::int64_t>(job.done));
    out.member("changed", job.count(WrittenRecord::What::Changed));
    out.member("same", job.count(WrittenRecord::What::Same));
    out.member("refused", job.count(WrittenRecord::What::Refused)).key("rows").begin_array();
    // What was refused first: that is what somebody must look at.
    std::size_t shown = 0;
    for (const bool refused : {true, false})
      for (const BulkRow& row : job.rows) {
        if (!row.is_done || (row.written.what == WrittenRecord::What::Refused) != refused) continue;
        if (++shown > kMostShown) break;
        out.begin_object().member("key", row.key).member("title", row.title);
        out.member("result", row.written.what == WrittenRecord::What::Changed ? "changed"
                             : row.written.what == WrittenRecord::What::Same  ? "same"
                                                                              : "refused");
        out.member("from", row.written.from).member("to", row.written.to);
        if (refused) {
          out.key("why");
          write_words(out, row.written.why);
          out.key("cure");
          write_words(out, row.written.cure);
        }
        out.end_object();
      }
    out.end_array().end_object();
    return out.take();
  }
  std::vector<BulkRow> refused_of(const BulkJob& job) const {
    const std::lock_guard lock(mutex_);
    std::vector<BulkRow> out;
    for (const BulkRow& row : job.rows)
      if (row.is_done && row.written.what == WrittenRecord::What::Refused) out.push_back(row);
    return out;
  }
  void set_state(BulkJob& job, const std::string& state) {
    const std::lock_guard lock(mutex_);
    job.state = state;
    keep_quietly(job);
  }

 private:
  // The end of a job is known from its rows too: a full disk takes nothing back.
  void keep_quietly(const BulkJob& job) const {
    try {
      folder_.keep(job);
    } catch (const std::exception& failure) {
      std::fprintf(stderr, "%s %s\n", job.request.c_str(), failure.what());
    }
  }
  // What a handler of one record is called with.
  struct Asking {
    Request request;
    std::map<std::string, std::string> none = {};
    Json body{.kind = Json::Kind::Object};
    Call call;
    Asking(const BulkJob& job, const std::string& key)
        : request{.number = job.request, .body = job.id + key}, call{request, none, none, body, job.caller} {
      Json values{.kind = Json::Kind::Object};
      values.members.push_back({job.field, {.kind = Json::Kind::String, .text = job.value}});
      body.members.push_back({"values", std::move(values)});
      body.members.push_back({"reason", {.kind = Json::Kind::String, .text = job.reason}});
    }
  };
  void told(BulkJob& job, BulkRow& row, WrittenRecord written) {
    bool is_told = false;
    {
      const std::lock_guard lock(mutex_);
      row.written = std::move(written);
      row.is_done = true;
      ++job.done;
      is_told = job.done % 25 == 0;
      if (!job.is_trial) folder_.keep_row(job, row);
    }
    if (is_told) {
      const std::string done = std::to_string(job.done), of = std::to_string(job.rows.size());
      job.note->refuse(job.count(WrittenRecord::What::Refused));
      job.note->tell({"已办 " + done + " / " + of + " 条", done + " / " + of + " done"});
    }
    if (is_told)
      job.feed->add("progress", "{\"done\":" + std::to_string(job.done) +
                                    ",\"total\":" + std::to_string(job.rows.size()) + "}");
  }
  void work(BulkJob& job) {
    const schema::Register* of = district_.pack().schema.find(job.register_id);
    for (BulkRow& row : job.rows) {
      const Asking asking(job, row.key);
      told(job, row,
           change_one(district_, asking.call, *of, row.key, job.period, "批量 " + job.id,
                      job.is_trial ? Keep::No : Keep::Yes));
    }
  }
  // All of it or nothing: first every record is asked, then every one is written.
  void undo(BulkJob& job, BulkJob& undone) {
    const schema::Register* of = district_.pack().schema.find(job.register_id);
    std::map<std::string, std::int64_t> receipts;
    for (const BulkRow& row : undone.rows) receipts[row.key] = row.written.receipt;
    bool may = true;
    std::vector<WrittenRecord> asked;
    for (const BulkRow& row : job.rows) {
      const Asking asking(job, row.key);
      asked.push_back(
          undo_one(district_, asking.call, *of, row.key, job.period, receipts.at(row.key), Keep::No));
      may = may && asked.back().what == WrittenRecord::What::Changed;
    }
    for (std::size_t i = 0; i < job.rows.size(); ++i) {
      BulkRow& row = job.rows[i];
      if (!may) {
        if (asked[i].what == WrittenRecord::What::Changed) asked[i].what = WrittenRecord::What::Same;
        told(job, row, asked[i]);
        continue;
      }
      const Asking asking(job, row.key);
      told(job, row,
           undo_one(district_, asking.call, *of, row.key, job.period, receipts.at(row.key), Keep::Yes));
    }
    if (may) set_state(undone, "undone");
  }

  District& district_;
  BulkLimits limits_;
  BulkFolder folder_;
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<BulkJob>> jobs_;
  Workers worker_;
};
using BulkDesks = std::shared_ptr<BulkDesk>;

Answer busy() {
  return problem(503, "E-SERVER-523", {"前面的批量还没有办完。", "Others are still at work."},
                 {"稍后再试。", "Try again in a while."});
}

Answer begun(const BulkDesks& desk, const std::shared_ptr<BulkJob>& job,
             const std::shared_ptr<BulkJob>& undone = nullptr) {
  if (!desk->begin(job, undone)) return busy();
  JsonWriter out;
  out.begin_object().member("id", job->id).member("total", static_cast<std::int64_t>(job->rows.size()));
  out.end_object();
  return {.status = 202, .body = out.take()};
}

Answer begin_bulk(const BulkDesks& desk, const Call& call) {
  District& district = desk->district();
  const auto edition = district.edition();
  const schema::Register* of = edition->pack->schema.find(call.path.at("register"));
  if (of == nullptr ||
      !sees_register(*edition, district.store().lists().states(), call.caller, Operation::ReadRecord, *of))
    return not_there();
  auto job = std::make_shared<BulkJob>();
  job->id = hash_of_token(random_token()).substr(0, 16);
  job->account = call.caller.account.id;
  job->register_id = of->id;
  job->field = call.body.text_of("field");
  job->value = call.body.text_of("value");
  job->reason = call.body.text_of("reason");
  job->is_trial = call.body.find("trial")->boolean;
  job->caller = call.caller;
  job->request = call.request.number;
  if (of->period != schema::PeriodKey::None) {
    const std::string period = call.body.text_of("period");
    job->period = period.empty() ? edition->period : calendar::Period::parse(period);
    if (!job->period) return not_there();
  }
  Chosen chosen = chosen_rows(district, call, *edition, *of, job->period);
  if (chosen.refused) return *chosen.refused;
  std::vector<std::string>& keys = chosen.keys;
  if (keys.size() > desk->limits().rows)
    return problem(422, "E-SERVER-524",
                   {"一次最多改 " + std::to_string(desk->limits().rows) + " 条，选了 " +
                        std::to_string(keys.size()) + " 条。",
                    "Too many at once."},
                   {"把筛选收窄，分几次办。", "Narrow the filter and do it in parts."});
  const Json* expected = call.body.find("expected");
  if (expected != nullptr && expected->text != std::to_string(keys.size()))
    return problem(
        409, "E-SERVER-522",
        {"预览时选中 " + expected->text + " 条，现在是 " + std::to_string(keys.size()) + " 条，没有改。",
         "What the filter keeps has changed since the preview; nothing was changed."},
        {"重新预览。", "Preview it again."});
  const view::Naming naming = edition->naming();
  const column::Table* table = edition->snapshot->find(of->id);
  for (std::string& key : keys) {
    const std::int32_t row = table == nullptr ? -1 : table->find(key, job->period);
    const std::string title = row < 0 ? std::string() : naming.title(of->id, static_cast<std::size_t>(row));
    job->rows.push_back({.key = std::move(key), .title = title});
  }
  return begun(desk, job);
}

Answer undo_bulk(const BulkDesks& desk, const Call& call) {
  const auto undone = desk->find(call.caller.account.id, call.path.at("bulk"));
  if (undone == nullptr) return not_there();
  const bool has_ended =
      undone->state == "done" || undone->state == "interrupted" || undone->state == "failed";
  if (undone->is_trial || !has_ended || !undone->undoes.empty() ||
      undone->count(WrittenRecord::What::Changed) == 0)
    return problem(409, "E-SERVER-525", {"这一批没有可撤回的。", "There is nothing of it to withdraw."},
                   {"只有办完、有改动、还没有撤回的一批能撤回。",
                    "Only what is done, changed something and was not withdrawn."});
  auto job = std::make_shared<BulkJob>();
  job->id = hash_of_token(random_token()).substr(0, 16);
  job->account = undone->account;
  job->register_id = undone->register_id;
  job->field = undone->field;
  job->period = undone->period;
  job->undoes = undone->id;
  job->caller = call.caller;
  job->request = call.request.number;
  for (const BulkRow& row : undone->rows)
    if (row.written.what == WrittenRecord::What::Changed)
      job->rows.push_back({.key = row.key, .title = row.title});
  return begun(desk, job, undone);
}

Answer refused_rows(const BulkDesks& desk, const Call& call) {
  const auto job = desk->find(call.caller.account.id, call.path.at("bulk"));
  if (job == nullptr) return not_there();
  const schema::Register* of = desk->district().pack().schema.find(job->register_id);
  if (of == nullptr) return not_there();
  const int at = of->field_index(job->field);
  const std::string field = at < 0 ? job->field : of->fields[static_cast<std::size_t>(at)].name;
  sheet::OutSheet sheet{.name = "没有改成的"};
  for (const std::string& head : {std::string("键"), std::string("名称"), "现在的" + field,
                                  "要改成的" + field, std::string("原因"), std::string("怎样改")})
    sheet.columns.push_back({.header = {head}, .number_format = "@"});
  const auto cells = [&](const BulkRow& row) {
    std::vector<sheet::OutCell> out;
    for (const std::string& text :
         {row.key, row.title, row.written.from, job->value, row.written.why.zh, row.written.cure.zh})
      out.push_back(sheet::OutCell::of_text(text));
    return out;
  };
  const bool is_csv = call.query_or("format", "xlsx") == "csv";
  Answer out = download(of->name + "_没有改成的" + (is_csv ? ".csv" : ".xlsx"),
                        is_csv ? "text/csv; charset=utf-8"
                               : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  if (is_csv) {
    sheet::CsvWriter writer(sheet.columns);
    for (const BulkRow& row : desk->refused_of(*job)) writer.row(cells(row));
    out.body = writer.finish();
  } else {
    sheet::WorkbookWriter writer;
    writer.begin_sheet(sheet);
    for (const BulkRow& row : desk->refused_of(*job)) writer.row(cells(row));
    out.body = writer.finish();
  }
  return out;
}

Shape bulk_shape() {
  const Shape row = Shape::object("BulkRow", {{"key", Shape::text(), ""},
                                              {"title", Shape::text(), ""},
                                              {"result", Shape::choice({"changed", "same", "refused"}), ""},
                                              {"from", Shape::text(100000), ""},
                                              {"to", Shape::text(100000), ""},
                                              {"why", words_shape(), "", Presence::Optional},
                                              {"cure", words_shape(), "", Presence::Optional}});
  return Shape::object("BulkJob",
                       {{"id", Shape::text(), ""},
                        {"register", Shape::text(), "id"},
                        {"field", Shape::text(), "id"},
                        {"value", Shape::text(20000), ""},
                        {"state", Shape::choice({"running", "done", "failed", "interrupted", "undone"}), ""},
                        {"is_trial", Shape::boolean(), "nothing is written"},
                        {"undoes", Shape::text(), "the id of what it withdraws; empty: nothing"},
                        {"total", Shape::count(), "chosen"},
                        {"done", Shape::count(), "looked at"},
                        {"changed", Shape::count(), "or would be"},
                        {"same", Shape::count(), "had the value already; of a withdrawal: left as it is"},
                        {"refused", Shape::count(), ""},
                        {"rows", Shape::list(row), "the refused first, at most two hundred"}});
}

}  // namespace

std::vector<Route> bulk_routes(District& district) { return bulk_routes_within(district, {}); }

std::vector<Route> bulk_routes_within(District& district, const BulkLimits& limits) {
  const auto desk = std::make_shared<BulkDesk>(district, limits);
  const Shape begun_shape = Shape::object(
      "BulkBegun", {{"id", Shape::text(), "hear /api/bulk/{id}/events"}, {"total", Shape::count(), ""}});
  const Parameter bulk = in_path("bulk", "id", 40);
  std::vector<Route> out;
  out.push_back(
      {Method::Post,
       "/api/registers/{register}/bulk",
       "change_many",
       Summary("给选中的许多条写同一个值，或先预览", "One value for many records, or a preview of it"),
       Operation::ImportBatch,
       Repeat::Keyed,
       Runs::OnWorker,
       {in_path("register", "id")},
       Input::of(
           Shape::object("BulkRequest", chosen_with({{"field", Shape::text(120, 1), "id"},
                                                     {"value", Shape::text(20000), "empty: 缺报"},
                                                     {"trial", Shape::boolean(), "only what would happen"},
                                                     {"expected", Shape::count(),
                                                      "how many the preview chose", Presence::Optional},
                                                     {"reason", Shape::text(2000), "", Presence::Optional}})),
           8 << 20),
       Output::json(begun_shape, 202),
       [desk](const Call& call) { return begin_bulk(desk, call); }});
  out.push_back(reading("/api/bulk/{bulk}", "get_bulk",
                        Summary("一批办到哪里、每条的结果", "How it stands, row by row"),
                        Operation::ImportBatch, {bulk}, bulk_shape(), [desk](const Call& call) {
                          const auto job = desk->find(call.caller.account.id, call.path.at("bulk"));
                          return job == nullptr ? not_there() : Answer{.body = desk->answer(*job)};
                        }));
  out.push_back({Method::Get,
                 "/api/bulk/{bulk}/events",
                 "hear_bulk",
                 Summary("一批的进展", "How far it is"),
                 Operation::ImportBatch,
                 Repeat::Reads,
                 Runs::Here,
                 {bulk},
                 Input::none(),
                 Output::events(),
                 [desk](const Call& call) {
                   const auto job = desk->find(call.caller.account.id, call.path.at("bulk"));
                   if (job == nullptr) return not_there();
                   return Answer{.content_type = "text/event-stream", .feed = job->feed};
                 }});
  out.push_back({Method::Get,
                 "/api/bulk/{bulk}/refused",
                 "get_refused_rows",
                 Summary("没有改成的各条和原因", "What was refused, with why"),
                 Operation::ImportBatch,
                 Repeat::Reads,
                 Runs::OnWorker,
                 {bulk, {"format", Shape::choice({"xlsx", "csv"}), ""}},
                 Input::none(),
                 Output::file("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
                 [desk](const Call& call) { return refused_rows(desk, call); }});
  out.push_back(
      {Method::Post,
       "/api/bulk/{bulk}/undo",
       "undo_bulk",
       Summary("撤回整批；有一条已有人办过就不撤", "Withdraw the whole, unless somebody acted on any of it"),
       Operation::ImportBatch,
       Repeat::Keyed,
       Runs::OnWorker,
       {bulk},
       Input::none(),
       Output::json(begun_shape, 202),
       [desk](const Call& call) { return undo_bulk(desk, call); }});
  return out;
}

}  // namespace tenglong::server
