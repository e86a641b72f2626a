#include "server/imports.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <utility>

#include "campaign/collection/collection.h"
#include "engine/identity/identity.h"
#include "server/inside/files.h"
#include "server/inside/job_log.h"
#include "server/inside/write.h"
#include "server/passwords.h"

namespace tenglong::server {

namespace {

using access::Operation;
using text::JsonWriter;
namespace import_files = std::filesystem;

constexpr std::size_t kMostImports = 200;

std::string bytes_of_file(const import_files::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// What became of a file, for the list of jobs: counts, and nothing of what stands in it.
text::Words said_of(const intake::Intake& report, const std::string& state, bool is_trial) {
  std::int64_t read = 0, accepted = 0, unchanged = 0, refused = 0;
  for (const intake::SheetIntake& sheet : report.sheets) {
    read += sheet.rows_read;
    accepted += sheet.accepted;
    unchanged += sheet.unchanged;
    refused += sheet.refused;
  }
  if (state == "needs_mapping")
    return {"有列要先指定是哪个字段。", "Somebody says first which column is which field."};
  if (report.already_imported) return {"这个文件已经导入过。", "This file is in already."};
  const std::string trial = is_trial ? "只体检；" : "", trial_en = is_trial ? "Checked only; " : "";
  return {trial + "读 " + std::to_string(read) + " 行，写入 " + std::to_string(accepted) + "，没有变 " +
              std::to_string(unchanged) + "，不收 " + std::to_string(refused) + "。",
          trial_en + std::to_string(read) + " rows read, " + std::to_string(accepted) + " written, " +
              std::to_string(unchanged) + " unchanged, " + std::to_string(refused) + " refused."};
}

bool is_true(const Json& in, const char* name) {
  const Json* one = in.find(name);
  return one != nullptr && one->boolean;
}

}  // namespace

Imports::Imports(District& district, Uploads& uploads, std::string folder)
    : district_(district), uploads_(uploads), folder_(std::move(folder)) {
  import_files::create_directories(folder_);
  std::vector<std::shared_ptr<ImportJob>> found;
  for (const auto& entry : import_files::directory_iterator(folder_)) {
    if (entry.path().extension() != ".json") continue;
    const ReadJson read = read_json(bytes_of_file(entry.path()));
    const Json& kept = read.value;
    if (!read.diagnostics.empty() || kept.text_of("id") + ".json" != entry.path().filename()) continue;
    auto job = std::make_shared<ImportJob>();
    job->id = kept.text_of("id");
    job->account = kept.text_of("account");
    job->file = kept.text_of("file");
    job->provider = kept.text_of("provider");
    job->asked_at = kept.text_of("asked_at");
    job->state = kept.text_of("state");
    job->is_trial = is_true(kept, "is_trial");
    job->problems = kept.text_of("problems");
    job->kept_report = kept.text_of("report");
    if (const Json* rows = kept.find("rows")) job->progress.rows = std::atoll(rows->text.c_str());
    if (const Json* of = kept.find("of")) job->progress.rows_expected = std::atoll(of->text.c_str());
    if (const auto upload = uploads_.find(job->account, kept.text_of("upload"))) job->upload = *upload;
    job->options.provider = job->provider;
    job->options.submitter = job->account;
    job->options.received_at = job->asked_at;
    job->options.document = kept.text_of("document");
    if (const std::string id = kept.text_of("register"); !id.empty()) job->options.register_id = id;
    if (const std::string period = kept.text_of("period"); !period.empty())
      job->options.period = calendar::Period::parse(period);
    job->options.accept_unusual = is_true(kept, "accept_unusual");
    if (const Json* decided = kept.find("decided"))
      for (const auto& [column, field] : decided->members) job->options.decided[column] = field.text;
    if (job->state == "checking") {
      job->state = "interrupted";
      keep(*job);
    }
    job->feed->add("import", report(*job));
    job->feed->end();
    found.push_back(std::move(job));
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return a->asked_at != b->asked_at ? b->asked_at < a->asked_at : a->id < b->id;
  });
  for (auto& job : found) {
    if (jobs_.size() < kMostImports)
      jobs_.push_back(std::move(job));
    else
      forget(*job);
  }
}

// Under another name first: half a file is never read.
void Imports::keep(const ImportJob& job) const {
  JsonWriter out;
  out.begin_object().member("id", job.id).member("account", job.account).member("file", job.file);
  out.member("provider", job.provider).member("asked_at", job.asked_at).member("state", job.state);
  out.member("is_trial", job.is_trial).member("problems", job.problems).member("upload", job.upload.id);
  out.member("document", job.options.document).member("register", job.options.register_id.value_or(""));
  out.member("period", job.options.period ? job.options.period->to_string() : std::string());
  out.member("accept_unusual", job.options.accept_unusual).key("decided").begin_object();
  for (const auto& [column, field] : job.options.decided) out.member(column, field);
  out.end_object().member("rows", job.progress.rows).member("of", job.progress.rows_expected);
  out.member("report", findings_of(job)).end_object();
  const std::string path = folder_ + "/" + job.id + ".json", next = path + ".next";
  {
    std::ofstream file(next, std::ios::binary);
    file << out.text();
    if (!file.flush()) throw std::runtime_error(next + ": cannot be written");
  }
  import_files::rename(next, path);
}

void Imports::forget(const ImportJob& job) const {
  std::error_code ignored;
  import_files::remove(folder_ + "/" + job.id + ".json", ignored);
}

std::shared_ptr<ImportJob> Imports::begin(const Upload& upload, const Call& call, intake::Options options,
                                          bool is_trial) {
  auto job = std::make_shared<ImportJob>();
  job->id = hash_of_token(random_token()).substr(0, 16);
  job->account = call.caller.account.id;
  job->file = upload.name;
  job->provider = options.provider;
  job->asked_at = options.received_at;
  job->is_trial = is_trial;
  job->upload = upload;
  job->options = std::move(options);
  job->author = author_of(call);
  job->scope = call.caller.scope;
  {
    const std::lock_guard lock(mutex_);
    keep(*job);
    jobs_.push_front(job);
    if (jobs_.size() > kMostImports) {
      forget(*jobs_.back());
      jobs_.pop_back();
    }
  }
  job->note =
      std::make_shared<JobNote>(district_, "import", job->account, job->file, JobNote::Begins::InTurn);
  if (worker_.submit([this, job] { work(job); })) return job;
  job->note->drop();
  const std::lock_guard lock(mutex_);
  std::erase(jobs_, job);
  forget(*job);
  return nullptr;
}

bool Imports::again(const std::shared_ptr<ImportJob>& job, const Call& call,
                    std::map<std::string, std::string> decided) {
  std::string before;
  {
    const std::lock_guard lock(mutex_);
    before = job->state;
    if (before == "checking" || before == "done") return false;
    if (!uploads_.find(job->account, job->upload.id)) return false;
    for (auto& [column, field] : decided) job->options.decided[column] = field;
    job->author = author_of(call);
    job->scope = call.caller.scope;
    job->state = "checking";
    job->report = {};
    job->kept_report.clear();
    job->progress = {};
    job->problems.clear();
    job->feed = std::make_shared<Feed>();
    keep(*job);
  }
  job->note =
      std::make_shared<JobNote>(district_, "import", job->account, job->file, JobNote::Begins::InTurn);
  if (worker_.submit([this, job] { work(job); })) return true;
  job->note->drop();
  const std::lock_guard lock(mutex_);
  job->state = before;
  keep(*job);
  return false;
}

void Imports::work(const std::shared_ptr<ImportJob>& job) {
  std::string state = "failed", problems;
  bool is_file_done = false;
  intake::Intake report;
  intake::Options options = job->options;
  const std::shared_ptr<JobNote> noted = std::exchange(job->note, nullptr);
  JobNote& note = *noted;
  note.start();
  try {
    store::Store& whole = district_.store();
    const pack::Pack& pack = district_.pack();
    const auto store = whole.as(job->author, job->scope);
    for (const collection::Locked& each : whole.collection().locked())
      if (each.number == 1) options.closed.push_back({each.period, each.at.substr(0, 10)});
    std::optional<identity::Index> enterprises;
    if (!pack.name_rules.register_id.empty()) {
      options.names = &pack.name_rules;
      options.events = whole.identity().events();
      options.enterprises = [&] {
        if (!enterprises)
          enterprises = identity::index_of(pack.schema, whole.registers(), pack.name_rules,
                                           whole.identity().events(), whole.identity().decisions());
        return &*enterprises;
      };
    }
    auto told = std::chrono::steady_clock::now();
    options.watch = [&](const intake::Progress& now) {
      const auto at = std::chrono::steady_clock::now();
      if (at - told < std::chrono::milliseconds(300)) return true;
      told = at;
      {
        const std::lock_guard lock(mutex_);
        job->progress = now;
      }
      job->feed->add("import", this->report(*job));
      const std::string rows = std::to_string(now.rows);
      const std::string of = now.rows_expected > 0 ? " / " + std::to_string(now.rows_expected) : "";
      note.tell({"已读 " + rows + of + " 行", rows + of + " rows read"});
      return true;
    };
    const std::string path = uploads_.path(job->upload);
    const std::filesystem::path in(path);
    options.copy_to = district_.options().folder + "/problems/" + job->id + "/" + in.stem().string() +
                      "_问题" + (in.extension() == ".xls" ? ".xlsx" : in.extension().string());
    options.trial = job->is_trial;
    options.ask_near = true;
    report = intake::import_file(path, pack.schema, store->registers(), options);
    bool is_open = report.waits_for_columns;  // somebody can say which column is which field
    const bool is_refused = is_open || (diagnostic::has_errors(report.diagnostics) && !report.stored);
    for (const intake::SheetIntake& sheet : report.sheets)
      for (const intake::ColumnMatch& column : sheet.columns) is_open = is_open || !column.offered.empty();
    state = !is_refused ? "done" : is_open ? "needs_mapping" : "refused";
    if (report.has_copy) problems = options.copy_to;
    if (report.stored && !job->is_trial) district_.renew();
    is_file_done = !is_refused && !job->is_trial;
    note.end(state == "done", said_of(report, state, job->is_trial));
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s %s\n", job->author.request.c_str(), failure.what());
  }
  std::shared_ptr<Feed> feed;
  {
    const std::lock_guard lock(mutex_);
    job->report = std::move(report);
    job->problems = problems;
    job->state = state;
    feed = job->feed;
    try {
      keep(*job);
    } catch (const std::exception& failure) {
      std::fprintf(stderr, "%s %s\n", job->author.request.c_str(), failure.what());
    }
  }
  // Only now: one that is killed before still has its file.
  if (is_file_done) uploads_.remove(job->upload);
  feed->add("import", this->report(*job));
  feed->end();
}

std::shared_ptr<ImportJob> Imports::find(const std::string& account, const std::string& id) const {
  const std::lock_guard lock(mutex_);
  for (const auto& job : jobs_)
    if (job->id == id && job->account == account) return job;
  return nullptr;
}

std::vector<std::shared_ptr<ImportJob>> Imports::of(const std::string& account) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<ImportJob>> out;
  for (const auto& job : jobs_)
    if (job->account == account) out.push_back(job);
  return out;
}

std::string Imports::report(const ImportJob& job) const {
  const std::lock_guard lock(mutex_);
  JsonWriter out;
  out.begin_object().member("id", job.id).member("file", job.file).member("provider", job.provider);
  out.member("state", job.state).member("asked_at", job.asked_at).member("is_trial", job.is_trial);
  out.key("progress").begin_object().member("rows", job.progress.rows);
  if (job.progress.rows_expected > 0) out.member("of", job.progress.rows_expected);
  out.end_object();
  if (!job.problems.empty()) out.member("problems_href", "/api/imports/" + job.id + "/problems");
  out.end_object();
  // One object: the members that the file gave stand behind these.
  std::string whole = out.take();
  whole.back() = ',';
  return whole + findings_of(job).substr(1);
}

std::string Imports::findings_of(const ImportJob& job) const {
  if (!job.kept_report.empty()) return job.kept_report;
  const pack::Pack& pack = district_.pack();
  JsonWriter out;
  out.begin_object().member("already_imported", job.report.already_imported).key("differences").begin_array();
  for (const intake::SheetIntake& sheet : job.report.sheets)
    for (const intake::HeaderChange& change : sheet.changes) {
      out.begin_object().member("sheet", sheet.sheet).member("kind", intake::to_code(change.kind));
      out.member("was", change.was).member("is", change.is).member("was_at", change.was_at);
      out.member("at", change.at)
          .member("was_unit", change.was_unit)
          .member("unit", change.unit)
          .end_object();
    }
  out.end_array().key("sheets").begin_array();
  for (const intake::SheetIntake& sheet : job.report.sheets) {
    const schema::Register* target = pack.schema.find(sheet.register_id);
    out.begin_object().member("sheet", sheet.sheet).member("register", sheet.register_id);
    out.member("register_name", target == nullptr ? "" : target->name).member("header_row", sheet.header_row);
    if (sheet.period) out.member("period", sheet.period->to_string());
    out.key("columns").begin_array();
    for (const intake::ColumnMatch& column : sheet.columns) {
      const schema::Field* field = target == nullptr ? nullptr : target->find(column.field);
      // A fact is told by the key of the record that it is of.
      const schema::Register* above =
          target == nullptr || target->of.empty() ? nullptr : pack.schema.find(target->of);
      if (field == nullptr && above != nullptr) field = above->find(column.field);
      out.begin_object()
          .member("letter", column.letter)
          .member("label", column.label)
          .member("how", intake::to_code(column.how));
      if (!column.field.empty()) out.member("field", column.field);
      if (field != nullptr) out.member("field_name", field->name);
      if (!column.unit.empty()) out.member("unit", column.unit);
      if (!column.offered.empty()) out.member("offered", column.offered);
      out.end_object();
    }
    out.end_array().member("rows_read", sheet.rows_read).member("accepted", sheet.accepted);
    out.member("unchanged", sheet.unchanged).member("refused", sheet.refused).end_object();
  }
  out.end_array().key("findings").begin_array();
  constexpr std::size_t kMostListed = 500;
  struct Group {
    text::Words title;
    std::int64_t count = 0;
    std::vector<std::string> cells = {};
  };
  std::map<std::string, Group> groups;
  std::size_t listed = 0;
  for (diagnostic::Diagnostic one : job.report.diagnostics) {
    // The sender knows the file by its name; where the server keeps it is nobody's business.
    one.place.file = std::filesystem::path(one.place.file).filename().string();
    if (listed++ < kMostListed) write_diagnostic(out, one);
    Group& group = groups.emplace(one.code, Group{one.message}).first->second;
    ++group.count;
    if (group.cells.size() < 20 && !one.place.cell.empty())
      group.cells.push_back(one.place.sheet + "!" + one.place.cell);
  }
  out.end_array().key("finding_groups").begin_array();
  for (const auto& [code, group] : groups) {
    out.begin_object().member("code", code).key("title");
    write_words(out, group.title);
    out.member("count", group.count).key("cells");
    write_list(out, group.cells);
    out.end_object();
  }
  out.end_array().end_object();
  return out.take();
}

namespace {

void write_upload(JsonWriter& out, const Upload& upload) {
  out.begin_object().member("upload", upload.id).member("name", upload.name).member("size", upload.size);
  out.member("received", upload.received).member("piece", Uploads::kPiece).end_object();
}

Answer upload_answer(const Upload& upload, int status = 200) {
  JsonWriter out;
  write_upload(out, upload);
  return {.status = status, .body = out.take()};
}

Answer put_piece(Uploads& uploads, const Call& call) {
  const auto upload = uploads.find(call.caller.account.id, call.path.at("upload"));
  if (!upload) return not_there();
  const ContentRange range = content_range_of(call.request.header("content-range"));
  const auto size = static_cast<std::int64_t>(call.request.body.size());
  const auto now = range.size == upload->size && range.to - range.from + 1 == size && size > 0
                       ? uploads.put(*upload, range.from, call.request.body)
                       : std::nullopt;
  if (!now) {
    Answer out =
        problem(416, "E-SERVER-501",
                {"这一段接不上：已收到 " + std::to_string(upload->received) + " 字节，共 " +
                     std::to_string(upload->size) + " 字节。",
                 "This piece does not fit: " + std::to_string(upload->received) + " bytes of " +
                     std::to_string(upload->size) + " are here."},
                {"从已收到的地方接着传，写明 Content-Range。", "Go on from there, with Content-Range."});
    return out;
  }
  return upload_answer(*now);
}

Answer begin_import(Uploads& uploads, Imports& imports, District& district, const Call& call) {
  const auto upload = uploads.find(call.caller.account.id, call.body.text_of("upload"));
  if (!upload) return not_there();
  if (!upload->is_whole())
    return problem(409, "E-SERVER-502", {"文件还没有传完。", "The file is not whole yet."},
                   {"传完再导入。", "Import it when it is."});
  intake::Options options{.provider = call.body.text_of("provider"),
                          .submitter = call.caller.account.id,
                          .received_at = district.options().now(),
                          .document = call.body.text_of("document")};
  // Whoever brings data in, brings it in for a unit: their own, or any where they act for the whole district.
  access::Object object{.department = options.provider, .meant_for = options.provider};
  if (call.caller.account.towns.size() == 1) object.town = *call.caller.account.towns.begin();
  if (const access::Answer may = call.caller.scope.may(Operation::ImportBatch, object); !may.allowed)
    return problem(403, "E-SERVER-302", call.caller.scope.refusal(may),
                   {"提供单位要写自己的单位。", "The provider must be your own unit."});
  diagnostic::Diagnostics told;
  if (const std::string id = call.body.text_of("register"); !id.empty()) {
    options.register_id = id;
    if (district.pack().schema.find(id) == nullptr)
      told.push_back({.code = "E-SERVER-503",
                      .place = {.file = "body", .cell = "/register"},
                      .message = {"没有台账“" + id + "”。", "There is no register “" + id + "”."}});
  }
  if (const std::string period = call.body.text_of("period"); !period.empty()) {
    options.period = calendar::Period::parse(period);
    if (!options.period)
      told.push_back({.code = "E-SERVER-503",
                      .place = {.file = "body", .cell = "/period"},
                      .message = {"期间认不出，写 2023、2023-Q1 或 2023-01。",
                                  "The period is not understood; write 2023, 2023-Q1 or 2023-01."}});
  }
  if (!told.empty())
    return problem(422, {"导入的说明里有要改的。", "What is said of the import is to be mended."}, told);
  const Json* unusual = call.body.find("accept_unusual");
  options.accept_unusual = unusual != nullptr && unusual->boolean;
  const Json* trial = call.body.find("trial");
  const auto job = imports.begin(*upload, call, options, trial != nullptr && trial->boolean);
  if (job == nullptr) {
    Answer out = problem(503, "E-SERVER-108",
                         {"排队导入的太多，没有受理。", "Too many imports are waiting; this was not taken."},
                         {"稍后再试，文件还在。", "Try again later; the file is still here."});
    out.headers.push_back({"Retry-After", "30"});
    return out;
  }
  return {.status = 202, .body = "{\"import\":" + text::json_quoted(job->id) + "}"};
}

}  // namespace

std::vector<Route> import_routes(District& district, Uploads& uploads, Imports& imports) {
  std::vector<Route> out;
  const Shape upload = Shape::object("Upload", {{"upload", Shape::text(), ""},
                                                {"name", Shape::text(), ""},
                                                {"size", Shape::count(), "bytes"},
                                                {"received", Shape::count(), "bytes that are safely here"},
                                                {"piece", Shape::count(), "the largest piece"}});
  out.push_back(
      {Method::Post,
       "/api/uploads",
       "begin_upload",
       Summary("开始分块上传", "Begin a file that comes in pieces"),
       Operation::ImportBatch,
       Repeat::Keyed,
       Runs::OnWorker,
       {},
       Input::of(Shape::object("NewUpload", {{"name", Shape::text(200, 1), "of the file"},
                                             {"size", Shape::integer(1, Uploads::kMostBytes), "bytes"}}),
                 4096),
       Output::json(upload, 201),
       [&](const Call& call) {
         return upload_answer(uploads.begin(call.caller.account.id, call.body.text_of("name"),
                                            std::stoll(call.body.find("size")->text)),
                              201);
       }});
  out.push_back(reading("/api/uploads/{upload}", "get_upload", Summary("传到哪里了", "How much is here"),
                        Operation::ImportBatch, {in_path("upload", "id", 40)}, upload, [&](const Call& call) {
                          const auto found = uploads.find(call.caller.account.id, call.path.at("upload"));
                          return found ? upload_answer(*found) : not_there();
                        }));
  out.push_back({Method::Put,
                 "/api/uploads/{upload}",
                 "put_piece",
                 Summary("传一段（Content-Range）", "One piece, with Content-Range"),
                 Operation::ImportBatch,
                 Repeat::Same,
                 Runs::OnWorker,
                 {in_path("upload", "id", 40)},
                 Input::bytes(static_cast<std::size_t>(Uploads::kPiece)),
                 Output::json(upload),
                 [&](const Call& call) { return put_piece(uploads, call); }});
  out.push_back({Method::Delete,
                 "/api/uploads/{upload}",
                 "drop_upload",
                 Summary("不传了", "Drop it"),
                 Operation::ImportBatch,
                 Repeat::Same,
                 Runs::OnWorker,
                 {in_path("upload", "id", 40)},
                 Input::none(),
                 Output::nothing(),
                 [&](const Call& call) {
                   const auto found = uploads.find(call.caller.account.id, call.path.at("upload"));
                   if (!found) return not_there();
                   uploads.remove(*found);
                   return Answer{.status = 204};
                 }});
  const Shape column =
      Shape::object("ImportColumn", {{"letter", Shape::text(), ""},
                                     {"label", Shape::text(100000), "as printed"},
                                     {"how", Shape::text(), "name, alias, remembered, near, ignored"},
                                     {"field", Shape::text(), "", Presence::Optional},
                                     {"field_name", Shape::text(), "", Presence::Optional},
                                     {"unit", Shape::text(), "", Presence::Optional},
                                     {"offered", Shape::text(), "a near name", Presence::Optional}});
  const Shape sheet = Shape::object("ImportSheet", {{"sheet", Shape::text(), ""},
                                                    {"register", Shape::text(), ""},
                                                    {"register_name", Shape::text(), ""},
                                                    {"header_row", Shape::count(), ""},
                                                    {"period", Shape::text(), "", Presence::Optional},
                                                    {"columns", Shape::list(column), ""},
                                                    {"rows_read", Shape::count(), ""},
                                                    {"accepted", Shape::count(), ""},
                                                    {"unchanged", Shape::count(), ""},
                                                    {"refused", Shape::count(), ""}});
  const Shape group =
      Shape::object("FindingGroup", {{"code", Shape::text(), ""},
                                     {"title", words_shape(), "the first of them"},
                                     {"count", Shape::count(), ""},
                                     {"cells", Shape::list(Shape::text()), "the first twenty"}});
  const Shape progress =
      Shape::object("ImportProgress",
                    {{"rows", Shape::count(), ""}, {"of", Shape::count(), "if known", Presence::Optional}});
  const Shape difference =
      Shape::object("HeaderDifference", {{"sheet", Shape::text(), ""},
                                         {"kind", Shape::text(), "added, gone, renamed, moved, unit_changed"},
                                         {"was", Shape::text(), ""},
                                         {"is", Shape::text(), ""},
                                         {"was_at", Shape::text(), ""},
                                         {"at", Shape::text(), ""},
                                         {"was_unit", Shape::text(), ""},
                                         {"unit", Shape::text(), ""}});
  const Shape job = Shape::object(
      "Import",
      {{"id", Shape::text(), ""},
       {"file", Shape::text(), ""},
       {"provider", Shape::text(), ""},
       {"state", Shape::choice({"checking", "needs_mapping", "done", "refused", "failed", "interrupted"}),
        "interrupted: the server was started again; it can be begun again"},
       {"progress", progress, ""},
       {"differences", Shape::list(difference), "from the header that this provider sent last"},
       {"asked_at", Shape::text(), ""},
       {"is_trial", Shape::boolean(), "read, nothing kept"},
       {"already_imported", Shape::boolean(), ""},
       {"sheets", Shape::list(sheet), ""},
       {"findings", Shape::list(diagnostic_shape()), "the first five hundred"},
       {"finding_groups", Shape::list(group), ""},
       {"problems_href", Shape::text(), "the sender's own file with its column 问题", Presence::Optional}});
  out.push_back(
      {Method::Post,
       "/api/imports",
       "begin_import",
       Summary("导入一个传完的文件", "Import an uploaded file"),
       Operation::ImportBatch,
       Repeat::Keyed,
       Runs::OnWorker,
       {},
       Input::of(Shape::object(
                     "NewImport",
                     {{"upload", Shape::text(40, 1), ""},
                      {"provider", Shape::text(60), "the unit whose data it is"},
                      {"register", Shape::text(60), "instead of choosing by the header", Presence::Optional},
                      {"period", Shape::text(30), "", Presence::Optional},
                      {"document", Shape::text(100), "", Presence::Optional},
                      {"accept_unusual", Shape::boolean(),
                       "amounts that look a thousand times too large were checked", Presence::Optional},
                      {"trial", Shape::boolean(), "read and report, keep nothing", Presence::Optional}}),
                 16384),
       Output::json(Shape::object("ImportBegun", {{"import", Shape::text(), "id"}}), 202),
       [&](const Call& call) { return begin_import(uploads, imports, district, call); }});
  out.push_back(reading("/api/imports", "list_imports", Summary("最近的导入", "The latest imports"),
                        Operation::ImportBatch, {},
                        Shape::object("Imports", {{"imports", Shape::list(job), ""}}), [&](const Call& call) {
                          std::string body = "{\"imports\":[";
                          const auto jobs = imports.of(call.caller.account.id);
                          for (std::size_t i = 0; i < jobs.size(); ++i)
                            body += (i > 0 ? "," : "") + imports.report(*jobs[i]);
                          return Answer{.body = body + "]}"};
                        }));
  out.push_back(reading("/api/imports/{import}", "get_import",
                        Summary("一次导入的体检", "The report of an import"), Operation::ImportBatch,
                        {in_path("import", "id", 40)}, job, [&](const Call& call) {
                          const auto found = imports.find(call.caller.account.id, call.path.at("import"));
                          return found != nullptr ? Answer{.body = imports.report(*found)} : not_there();
                        }));
  out.push_back({Method::Get,
                 "/api/imports/{import}/events",
                 "hear_import",
                 Summary("导入的进展", "The report as it changes"),
                 Operation::ImportBatch,
                 Repeat::Reads,
                 Runs::Here,
                 {in_path("import", "id", 40)},
                 Input::none(),
                 Output::events(),
                 [&](const Call& call) {
                   const auto found = imports.find(call.caller.account.id, call.path.at("import"));
                   if (found == nullptr) return not_there();
                   return Answer{.content_type = "text/event-stream", .feed = found->feed};
                 }});
  const Shape decided =
      Shape::object("DecidedColumn", {{"column", Shape::text(200, 1), "letter or header"},
                                      {"field", Shape::text(120), "id or name; empty: not read"}});
  out.push_back(
      {Method::Post,
       "/api/imports/{import}/mapping",
       "decide_columns",
       Summary("指定列是哪个字段，再导入一次", "Say which column is which field; it is read again"),
       Operation::ImportBatch,
       Repeat::Keyed,
       Runs::OnWorker,
       {in_path("import", "id", 40)},
       Input::of(Shape::object("ColumnMapping", {{"columns", Shape::list(decided, 500), ""}}), 65536),
       Output::json(Shape::object("ImportBegun", {{"import", Shape::text(), "id"}}), 202),
       [&](const Call& call) {
         const auto found = imports.find(call.caller.account.id, call.path.at("import"));
         if (found == nullptr) return not_there();
         std::map<std::string, std::string> columns;
         for (const Json& one : call.body.find("columns")->items)
           columns[one.text_of("column")] = one.text_of("field");
         if (!imports.again(found, call, std::move(columns)))
           return problem(409, "E-SERVER-504",
                          {"这次导入不在等人指定列。", "This import is not waiting for columns."},
                          {"看它的结果；要重来就再传一次文件。",
                           "See its report; upload the file again to start anew."});
         return Answer{.status = 202, .body = "{\"import\":" + text::json_quoted(found->id) + "}"};
       }});
  out.push_back(
      {Method::Post,
       "/api/imports/{import}/again",
       "import_again",
       Summary("中断或没有成的导入再来一次", "Begin an import again that was interrupted or failed"),
       Operation::ImportBatch,
       Repeat::Keyed,
       Runs::OnWorker,
       {in_path("import", "id", 40)},
       Input::none(),
       Output::json(Shape::object("ImportBegun", {{"import", Shape::text(), "id"}}), 202),
       [&](const Call& call) {
         const auto found = imports.find(call.caller.account.id, call.path.at("import"));
         if (found == nullptr) return not_there();
         if (!imports.again(found, call, {}))
           return problem(409, "E-SERVER-504",
                          {"这次导入正在做、已经做完，或文件不在了。",
                           "This import is at work, done, or its file is gone."},
                          {"看它的结果；要重来就再传一次文件。",
                           "See its report; upload the file again to start anew."});
         return Answer{.status = 202, .body = "{\"import\":" + text::json_quoted(found->id) + "}"};
       }});
  out.push_back({Method::Get,
                 "/api/imports/{import}/problems",
                 "get_problems",
                 Summary("带“问题”列的原表", "The sender's own file with its column 问题"),
                 Operation::ImportBatch,
                 Repeat::Reads,
                 Runs::OnWorker,
                 {in_path("import", "id", 40)},
                 Input::none(),
                 Output::file("application/octet-stream"),
                 [&](const Call& call) {
                   const auto found = imports.find(call.caller.account.id, call.path.at("import"));
                   if (found == nullptr || found->problems.empty()) return not_there();
                   return kept_file(found->problems);
                 }});
  return out;
}

}  // namespace tenglong::server
