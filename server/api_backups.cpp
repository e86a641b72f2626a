// What the store holds, its backups, and the drill that proves one: for the administrator of the system.
//
// Never: restores over the district that is served: that is done beside it, by the command.
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>
#include <mutex>

#include "server/api.h"
#include "server/inside/job_log.h"
#include "server/inside/write.h"
#include "store/backup.h"

namespace tenglong::server {

namespace {

using access::Operation;
using text::JsonWriter;

std::string backup_folder(const District& district) { return district.options().folder + "/backups"; }

// How many to leave; 0: all.
int keep_of(const Json& body) {
  const Json* keep = body.find("keep");
  int out = 0;
  if (keep != nullptr) std::from_chars(keep->text.data(), keep->text.data() + keep->text.size(), out);
  return out;
}

// 12.3 MiB
std::string size_in_words(std::int64_t bytes) {
  constexpr std::int64_t kTenth = (1 << 20) / 10;
  const std::int64_t tenths = (bytes + kTenth / 2) / kTenth;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MiB";
}

std::int64_t rows_in(const store::Manifest& manifest) {
  std::int64_t out = 0;
  for (const store::TableContent& each : manifest.contents.tables) out += each.rows;
  return out;
}

void write_backup(JsonWriter& out, const std::string& name, const store::Manifest& manifest) {
  out.begin_object()
      .member("name", name)
      .member("at", manifest.at)
      .member("size", size_in_words(manifest.file_bytes));
  out.member("rows", rows_in(manifest)).member("events", manifest.contents.events);
  out.member("fingerprint", manifest.contents.fingerprint()).end_object();
}

Answer system_answer(District& district) {
  const store::Size size = district.store().size();
  JsonWriter out;
  out.begin_object().member("version", district.pack().head.version);
  out.key("store").begin_object();
  out.member("kind", store::is_database_address(district.options().data) ? "postgresql" : "sqlite");
  out.member("schema_version", size.schema_version).member("size", size_in_words(size.bytes));
  out.member("batches", size.batches).member("statements", size.statements).member("results", size.results);
  out.end_object().key("backups").begin_array();
  for (const auto& [name, manifest] : store::backups_in(backup_folder(district)))
    write_backup(out, name, manifest);
  out.end_array().end_object();
  return json(out);
}

// Whoever keeps the system sees all of them, everybody else their own.
Answer jobs_answer(const District& district, const Caller& caller) {
  JsonWriter out;
  out.begin_object().key("jobs").begin_array();
  const bool sees_all = caller.scope.may(Operation::Backup, {}).allowed;
  for (const JobLine& one : jobs_in(district)) {
    if (!sees_all && one.who != caller.account.id) continue;
    out.begin_object().member("kind", one.kind).member("who", one.who).member("what", one.what);
    out.member("began", one.began).member("ended", one.ended).member("state", one.state).key("said");
    write_words(out, one.said);
    if (one.place > 0) out.member("place", one.place);
    if (!one.bulk.empty()) out.member("bulk", one.bulk).member("refused", one.refused);
    out.end_object();
  }
  out.end_array().end_object();
  return json(out);
}

Answer back_up(District& district, const Call& call) {
  JobNote note(district, "backup", call.caller.account.id, "");
  const store::Backup made =
      store::back_up(district.options().data, backup_folder(district), district.pack().head.area,
                     district.pack().schema, district.options().now(), keep_of(call.body));
  if (!made.refused.empty()) {
    note.end(false, made.refused.front().message);
    return problem(409, {"没有备份成。", "No backup was made."}, made.refused);
  }
  const std::string name_of_made = std::filesystem::path(made.folder).filename().string();
  note.end(true, {name_of_made + "，" + size_in_words(made.manifest.file_bytes),
                  name_of_made + ", " + size_in_words(made.manifest.file_bytes)});
  JsonWriter out;
  write_backup(out, name_of_made, made.manifest);
  return {.status = 201, .body = out.take()};
}

Answer drill(District& district, const Call& call) {
  const std::string& name = call.path.at("backup");
  const auto all = store::backups_in(backup_folder(district));
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.first == name; });
  if (found == all.end()) return not_there();
  JobNote note(district, "drill", call.caller.account.id, name);
  const std::string scratch = district.options().folder + "/drill";
  std::filesystem::remove_all(scratch);
  const store::Copy copy = store::restore(backup_folder(district) + "/" + name, scratch + "/restored",
                                          district.pack().schema, scratch + "/read");
  std::filesystem::remove_all(scratch);
  if (copy.refused.empty())
    note.end(true, {"逐字相符", "The same to the byte"});
  else
    note.end(false, copy.refused.front().message);
  JsonWriter out;
  out.begin_object().member("backup", name).member("holds", copy.refused.empty());
  out.member("fingerprint", copy.refused.empty() ? copy.contents.fingerprint() : std::string());
  out.key("differences").begin_array();
  for (const diagnostic::Diagnostic& one : copy.refused) write_diagnostic(out, one);
  out.end_array().end_object();
  return json(out);
}

}  // namespace

std::vector<Route> backup_routes(District& district) {
  const Shape backup = Shape::object("Backup", {{"name", Shape::text(), "of its folder"},
                                                {"at", Shape::text(), ""},
                                                {"size", Shape::text(), "12.3 MiB"},
                                                {"rows", Shape::count(), ""},
                                                {"events", Shape::count(), "of the trail"},
                                                {"fingerprint", Shape::text(), "of what it holds"}});
  const Shape store = Shape::object("StoreState", {{"kind", Shape::choice({"sqlite", "postgresql"}), ""},
                                                   {"schema_version", Shape::count(), ""},
                                                   {"size", Shape::text(), "12.3 MiB"},
                                                   {"batches", Shape::count(), ""},
                                                   {"statements", Shape::count(), ""},
                                                   {"results", Shape::count(), ""}});
  // One at a time: both read everything.
  const auto one_at_a_time = std::make_shared<std::mutex>();
  const auto alone = [one_at_a_time](auto deed) {
    return [one_at_a_time, deed](const Call& call) {
      const std::lock_guard lock(*one_at_a_time);
      return deed(call);
    };
  };
  std::vector<Route> out;
  out.push_back(reading("/api/system", "get_system",
                        Summary("库里有多少、有哪些备份", "The store and its backups"), Operation::Backup, {},
                        Shape::object("SystemState", {{"version", Shape::text(), "of the pack"},
                                                      {"store", store, ""},
                                                      {"backups", Shape::list(backup), "newest first"}}),
                        [&district](const Call&) { return system_answer(district); }));
  const Shape job = Shape::object(
      "SystemJob", {{"kind", Shape::choice({"backup", "drill", "bulk", "import"}), ""},
                    {"who", Shape::text(), "account"},
                    {"what", Shape::text(), "the backup that is proved, the register that is changed"},
                    {"began", Shape::text(), ""},
                    {"ended", Shape::text(), "empty: not yet, or interrupted"},
                    {"state", Shape::choice({"waiting", "running", "done", "failed", "interrupted"}), ""},
                    {"place", Shape::count(), "of what waits: its turn, from 1", Presence::Optional},
                    {"bulk", Shape::text(), "id of many records at once", Presence::Optional},
                    {"refused", Shape::count(), "rows of it", Presence::Optional},
                    {"said", words_shape(), "its result, or how far it is"}});
  out.push_back(reading("/api/system/jobs", "list_jobs",
                        Summary("在办的和办过的作业", "What runs, and what ran"),
                        Right::any_of({Operation::Backup, Operation::ImportBatch}), {},
                        Shape::object("SystemJobs", {{"jobs", Shape::list(job), "latest first"}}),
                        [&district](const Call& call) { return jobs_answer(district, call.caller); }));
  out.push_back({Method::Post,
                 "/api/system/backups",
                 "back_up",
                 Summary("现在备份", "Back up now"),
                 Operation::Backup,
                 Repeat::Keyed,
                 Runs::OnWorker,
                 {},
                 Input::of(Shape::object("BackupRequest", {{"keep", Shape::count(),
                                                            "how many to leave, this one included; 0: all",
                                                            Presence::Optional}})),
                 Output::json(backup, 201),
                 alone([&district](const Call& call) { return back_up(district, call); })});
  out.push_back(
      {Method::Post,
       "/api/system/backups/{backup}/drill",
       "drill_backup",
       Summary("演练：恢复到旁边并逐字核对", "Drill: restore beside and compare every byte"),
       Operation::Restore,
       Repeat::Keyed,
       Runs::OnWorker,
       {in_path("backup", "name of its folder")},
       Input::of(Shape::object("DrillRequest", {})),
       Output::json(Shape::object("Drill", {{"backup", Shape::text(), ""},
                                            {"holds", Shape::boolean(), ""},
                                            {"fingerprint", Shape::text(), "of what was restored"},
                                            {"differences", Shape::list(Shape::any()), "diagnostics"}})),
       alone([&district](const Call& call) { return drill(district, call); })});
  return out;
}

}  // namespace tenglong::server
