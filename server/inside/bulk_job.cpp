#include "server/inside/bulk_job.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

#include "engine/text/json_writer.h"
#include "server/json.h"

namespace tenglong::server {

namespace {

namespace bulk_files = std::filesystem;
using Outcome = WrittenRecord::What;

constexpr std::size_t kMostBatchesKept = 200;
constexpr const char* kOutcomes[] = {"changed", "same", "refused"};

std::string text_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

bool is_id(const std::string& name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
}

}  // namespace

std::int64_t BulkJob::count(WrittenRecord::What what) const {
  return std::count_if(rows.begin(), rows.end(),
                       [&](const BulkRow& row) { return row.is_done && row.written.what == what; });
}

// Whatever was at work is settled once, before anybody asks.
BulkFolder::BulkFolder(District& district)
    : district_(district), folder_(district.options().folder + "/bulk") {
  std::error_code ignored;
  bulk_files::create_directories(folder_, ignored);
  std::vector<std::pair<std::string, std::string>> all;  // began, id
  for (const auto& entry : bulk_files::directory_iterator(folder_, ignored)) {
    if (entry.path().extension() != ".json") continue;
    const auto job = read(entry.path().stem().string());
    if (job == nullptr) continue;
    if (job->state == "running") {
      settle(*job);
      keep(*job);
    }
    all.emplace_back(job->began, job->id);
  }
  std::sort(all.begin(), all.end());
  for (std::size_t i = 0; i + kMostBatchesKept < all.size(); ++i) forget({.id = all[i].second});
}

void BulkFolder::keep(const BulkJob& job) const {
  text::JsonWriter out;
  out.begin_object().member("id", job.id).member("account", job.account).member("register", job.register_id);
  out.member("field", job.field).member("value", job.value).member("reason", job.reason);
  out.member("began", job.began).member("period", job.period ? job.period->to_string() : std::string());
  out.member("undoes", job.undoes).member("state", job.state).key("rows").begin_array();
  for (const BulkRow& row : job.rows)
    out.begin_object().member("key", row.key).member("title", row.title).end_object();
  out.end_array().end_object();
  const std::string path = folder_ + "/" + job.id + ".json", next = path + ".next";
  {
    std::ofstream file(next, std::ios::binary);
    file << out.text();
    if (!file.flush()) throw std::runtime_error(next + ": cannot be written");
  }
  bulk_files::rename(next, path);
}

void BulkFolder::keep_row(const BulkJob& job, const BulkRow& row) const {
  const WrittenRecord& written = row.written;
  text::JsonWriter out;
  out.begin_object().member("what", kOutcomes[static_cast<std::size_t>(written.what)]);
  out.member("receipt", written.receipt).member("from", written.from).member("to", written.to);
  out.member("why_zh", written.why.zh).member("why_en", written.why.en);
  out.member("cure_zh", written.cure.zh).member("cure_en", written.cure.en).end_object();
  std::ofstream file(folder_ + "/" + job.id + ".rows", std::ios::binary | std::ios::app);
  file << out.text() << '\n';
  if (!file.flush()) throw std::runtime_error(folder_ + "/" + job.id + ".rows: cannot be written");
}

void BulkFolder::forget(const BulkJob& job) const {
  std::error_code ignored;
  for (const char* ending : {".json", ".rows"}) bulk_files::remove(folder_ + "/" + job.id + ending, ignored);
}

std::shared_ptr<BulkJob> BulkFolder::read(const std::string& name) const {
  if (!is_id(name)) return nullptr;
  const ReadJson asked = read_json(text_of_file(folder_ + "/" + name + ".json"));
  const Json& kept = asked.value;
  if (!asked.diagnostics.empty() || kept.text_of("id") != name) return nullptr;
  auto job = std::make_shared<BulkJob>();
  job->id = name;
  job->account = kept.text_of("account");
  job->register_id = kept.text_of("register");
  job->field = kept.text_of("field");
  job->value = kept.text_of("value");
  job->reason = kept.text_of("reason");
  job->began = kept.text_of("began");
  job->undoes = kept.text_of("undoes");
  job->state = kept.text_of("state");
  if (const std::string period = kept.text_of("period"); !period.empty())
    job->period = calendar::Period::parse(period);
  if (const Json* rows = kept.find("rows"))
    for (const Json& one : rows->items)
      job->rows.push_back({.key = one.text_of("key"), .title = one.text_of("title")});
  const std::string lines = text_of_file(folder_ + "/" + name + ".rows");
  for (const std::string_view line : text::split(lines, '\n')) {
    if (line.empty() || job->done == job->rows.size()) break;
    const ReadJson said = read_json(line);
    if (!said.diagnostics.empty()) break;  // half a line: the server went while it was written
    BulkRow& row = job->rows[job->done++];
    row.is_done = true;
    const std::string what = said.value.text_of("what");
    row.written.what = what == "changed" ? Outcome::Changed
                       : what == "same"  ? Outcome::Same
                                         : Outcome::Refused;
    if (const Json* receipt = said.value.find("receipt")) row.written.receipt = std::stoll(receipt->text);
    row.written.from = said.value.text_of("from");
    row.written.to = said.value.text_of("to");
    row.written.why = {said.value.text_of("why_zh"), said.value.text_of("why_en")};
    row.written.cure = {said.value.text_of("cure_zh"), said.value.text_of("cure_en")};
  }
  job->feed->end();
  return job;
}

// What was written and not noted any more: the registers have it, under the name of the job.
void BulkFolder::settle(BulkJob& job) const {
  job.state = "interrupted";
  std::set<std::int64_t> noted;
  for (const BulkRow& row : job.rows) noted.insert(row.written.receipt);
  const registers::RegisterStore& store = district_.store().registers();
  const std::string name = "批量 " + job.id;
  for (const registers::Batch& batch : store.batches()) {
    if (batch.file_name != name || noted.contains(batch.id.value)) continue;
    for (std::size_t i = job.done; i < job.rows.size(); ++i) {
      bool is_it = false;
      store.read_record(job.register_id, job.rows[i].key, std::nullopt,
                        [&](registers::Statement&& one) { is_it = is_it || one.batch == batch.id; });
      if (!is_it) continue;
      std::swap(job.rows[i], job.rows[job.done]);
      BulkRow& row = job.rows[job.done++];
      row.is_done = true;
      row.written = {.what = Outcome::Changed, .receipt = batch.id.value, .from = {}, .to = job.value};
      keep_row(job, row);
      break;
    }
  }
}

std::shared_ptr<BulkJob> BulkFolder::find(const std::string& account, const std::string& id) const {
  const auto job = read(id);
  return job == nullptr || job->account != account ? nullptr : job;
}

}  // namespace tenglong::server
