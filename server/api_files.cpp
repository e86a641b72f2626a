#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>
#include <string_view>

#include "engine/extract/extract.h"
#include "server/inside/cells.h"
#include "server/inside/files.h"
#include "server/inside/listed.h"
#include "server/inside/record_sight.h"
#include "server/inside/write.h"

namespace tenglong::server {

Answer download(const std::string& name, const char* media_type) {
  std::string encoded;
  for (const char c : name) {
    constexpr char kHex[] = "0123456789ABCDEF";
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_')
      encoded += c;
    else
      encoded += std::string("%") + kHex[static_cast<unsigned char>(c) >> 4] +
                 kHex[static_cast<unsigned char>(c) & 15];
  }
  Answer out;
  out.content_type = media_type;
  out.headers.push_back({"Content-Disposition", "attachment; filename*=UTF-8''" + encoded});
  return out;
}

namespace {

using access::Operation;
using access::State;

void send_file(const std::string& path, Sink& sink) {
  std::ifstream in(path, std::ios::binary);
  std::vector<char> piece(64 << 10);
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0)
    if (!sink.write({piece.data(), static_cast<std::size_t>(in.gcount())})) return;
}

// Hands a file that was just made to the stream and takes it away afterwards.
Answer file_answer(const std::string& path, const std::string& name, const char* media_type) {
  const auto held = std::shared_ptr<std::string>(new std::string(path), [](std::string* made) {
    std::error_code ignored;
    std::filesystem::remove(*made, ignored);
    delete made;
  });
  Answer out = download(name, media_type);
  out.stream = [held](Sink& sink) { send_file(*held, sink); };
  return out;
}

std::string scratch_file(const District& district, const Call& call, const std::string& ending) {
  const std::string folder = district.options().folder + "/exports";
  std::filesystem::create_directories(folder);
  return folder + "/" + call.request.number + ending;
}

// Nothing said and 缺报 are one state in a snapshot, but not in a file: who takes it in again would say the
// one or the other. Of the rows of a file, which missing values somebody stated.
class SaidMissing {
 public:
  SaidMissing(store::Store& store, const Edition& edition, const schema::Register& target,
              const column::Table& table, const std::vector<std::uint32_t>& rows)
      : fields_(target.fields.size()), said_(table.size() * fields_) {
    std::set<std::string_view> keys;
    for (const std::uint32_t row : rows)
      for (std::size_t at = 0; at < fields_; ++at)
        if (!target.fields[at].is_computed() &&
            column::state_of(table, at, row) == quantity::State::Missing) {
          keys.insert(table.key[row]);
          break;
        }
    const auto note = [&](const registers::Record& record) {
      const std::int32_t row = table.find(record.key, record.period);
      for (std::size_t at = 0; row >= 0 && at < record.fields.size(); ++at)
        if (record.fields[at].state == quantity::State::Missing && record.fields[at].origin.batch.value != 0)
          said_[static_cast<std::size_t>(row) * fields_ + at] = true;
    };
    const registers::View view{.through = edition.snapshot->through};
    if (keys.size() <= kFewKeys) {
      for (const std::string_view key : keys)
        for (const registers::Record& record : registers::read_record(store.registers(), target, key, view))
          note(record);
    } else {
      registers::read_records(store.registers(), target, view,
                              [&](registers::Record&& record) { note(record); });
    }
  }
  bool is_said(std::size_t row, std::size_t field) const { return said_[row * fields_ + field]; }

 private:
  static constexpr std::size_t kFewKeys = 500;  // one by one; more of them: all in one go
  std::size_t fields_;
  std::vector<bool> said_;
};

constexpr const char* kXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

Answer register_template(District& district, const Call& call) {
  const auto edition = district.edition();
  const store::RecordStates states = district.store().lists().states();
  const schema::Register* target = edition->pack->schema.find(call.path.at("register"));
  if (target == nullptr || !sees_register(*edition, states, call.caller, Operation::ReadRecord, *target))
    return not_there();
  const std::string path = scratch_file(district, call, ".xlsx");
  // Known keys stand in it only for those who may see them all.
  const schema::Register* above = target->key.empty() ? edition->pack->schema.find(target->of) : nullptr;
  const bool all = above != nullptr && edition->snapshot->find(above->id) != nullptr &&
                   RecordSight(*edition, states, call.caller, Operation::ReadRecord, *above).shows_all();
  extract::write_template(edition->pack->schema, *target, all ? &district.store().registers() : nullptr, {},
                          path);
  return file_answer(path, target->name + "_模板.xlsx", kXlsx);
}

Answer export_register(District& district, const Call& call) {
  const auto edition = district.edition();
  const store::RecordStates states = district.store().lists().states();
  const schema::Register* target = edition->pack->schema.find(call.path.at("register"));
  if (target == nullptr || !sees_register(*edition, states, call.caller, Operation::ExportRecord, *target))
    return not_there();
  const column::Table* table = edition->snapshot->find(target->id);
  if (table == nullptr) return not_there();
  // The list's own rows in its order, as far as the caller may export; its columns, the keys first.
  const RecordSight sight(*edition, states, call.caller, Operation::ExportRecord, *target);
  const auto period = period_of(*edition, call, *target);
  const Listed list = listed(*edition, states, call, sight, *target, *table, period, Order::All);
  if (!list.told.empty())
    return problem(400, {"导出的条件里有要改的。", "The condition of the export is to be mended."},
                   list.told);
  std::vector<std::string> wanted;
  for (const std::size_t at : list.columns) wanted.push_back(target->fields[at].id);
  std::vector<extract::FileColumn> columns;
  for (const std::string& id : extract::with_keys(*target, wanted)) {
    const schema::Field* field = target->find(id);
    const bool is_key = std::find(target->key.begin(), target->key.end(), id) != target->key.end();
    columns.push_back({field, !field->is_computed() &&
                                  (is_key || may_query(*edition, states, call.caller, Operation::ExportRecord,
                                                       *target, *target, *field))});
  }
  const std::string ending = "." + call.query_or("format", "xlsx");
  const std::string path = scratch_file(district, call, ending);
  const SaidMissing missing(district.store(), *edition, *target, *table, list.all);
  extract::TableFile file(edition->pack->schema, *target, columns, period, {.mark = edition->mark}, path);
  std::vector<extract::FileCell> cells(columns.size());
  for (const std::uint32_t row : list.all) {
    const std::vector<bool> seen = sight.fields(row).shown;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto at = static_cast<std::size_t>(columns[i].field - target->fields.data());
      const quantity::State state = column::state_of(*table, at, row);
      const Cover cover = cover_of(call.caller.scope, *columns[i].field, seen[at], state,
                                   seen[at] ? std::string() : text_of_cell(*table, at, row));
      cells[i] = {.is_covered = cover.is_covered};
      if (cover.is_covered) {
        if (!cover.mask.empty()) cells[i].value = cover.mask;
        continue;
      }
      cells[i].state = state;
      if (state == quantity::State::Known) cells[i].value = scalar_of(table->columns[at], row);
      cells[i].is_said = state != quantity::State::Missing || missing.is_said(row, at);
    }
    file.row(table->key[row], table->period[row], cells);
  }
  file.finish();
  return file_answer(path, target->name + ending, ending == ".csv" ? "text/csv; charset=utf-8" : kXlsx);
}

}  // namespace

Answer kept_file(const std::string& path) {
  Answer out = download(std::filesystem::path(path).filename().string(), "application/octet-stream");
  out.stream = [path](Sink& sink) { send_file(path, sink); };
  return out;
}

std::vector<Route> file_routes(District& district) {
  std::vector<Route> out;
  const auto file = [&](const char* path, const char* id, Summary summary, Operation operation,
                        std::vector<Parameter> parameters, Handler handler) {
    out.push_back({Method::Get, path, id, std::move(summary), operation, Repeat::Reads, Runs::OnWorker,
                   std::move(parameters), Input::none(), Output::file(kXlsx), std::move(handler)});
  };
  file("/api/registers/{register}/template", "get_template",
       Summary("空的填报表", "The empty sheet to fill in"), Operation::ReadRecord,
       {in_path("register", "id")}, [&](const Call& call) { return register_template(district, call); });
  file("/api/registers/{register}/export", "export_register",
       Summary("导出筛选出的", "What the filter keeps, as a file"), Operation::ExportRecord,
       {in_path("register", "id"),
        period_parameter(),
        {"where", Shape::text(2000), "FEEL"},
        {"q", Shape::text(60), "part of the key or name"},
        {"town", Shape::text(20), "code"},
        {"sort", Shape::text(300), ""},
        {"columns", Shape::text(2000), "field ids"},
        {"format", Shape::choice({"xlsx", "csv"}), ""}},
       [&](const Call& call) { return export_register(district, call); });
  return out;
}

}  // namespace tenglong::server
