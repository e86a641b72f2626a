#include "engine/extract/extract.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "engine/extract/columns.h"
#include "engine/sheet/writer.h"

namespace tenglong::extract {

namespace {

constexpr std::int64_t kFlushEvery = 1'000;

// A file that is there whole or not at all.
class CsvFile {
 public:
  CsvFile(const std::string& path, std::span<const sheet::OutColumn> columns)
      : path_(path), file_(path + ".part", std::ios::binary), writer_(columns) {}
  ~CsvFile() {
    std::error_code ignored;
    if (!is_done_) std::filesystem::remove(path_ + ".part", ignored);
  }
  void row(std::span<const sheet::OutCell> cells) {
    writer_.row(cells);
    if (++rows_ % kFlushEvery == 0) flush();
  }
  void finish() {
    flush();
    file_.close();
    if (!file_) throw std::runtime_error("cannot write " + path_);
    std::filesystem::rename(path_ + ".part", path_);
    is_done_ = true;
  }

 private:
  void flush() {
    file_ << writer_.take();
    if (!file_) throw std::runtime_error("cannot write " + path_);
  }
  std::string path_;
  std::ofstream file_;
  sheet::CsvWriter writer_;
  std::int64_t rows_ = 0;
  bool is_done_ = false;
};

std::string title_of(const schema::Register& target, const std::optional<calendar::Period>& period,
                     const Format& format) {
  if (!format.title.empty()) return format.title;
  return period ? period->to_string() + " " + target.name : target.name;
}

}  // namespace

std::vector<std::string> with_keys(const schema::Register& target, const std::vector<std::string>& wanted) {
  std::vector<std::string> out;
  if (wanted.empty()) {
    for (const schema::Field& each : target.fields) out.push_back(each.id);
    return out;
  }
  out = target.key;
  for (const std::string& each : wanted) {
    const schema::Field* field = target.find(each);
    if (field == nullptr) field = target.find_by_name(each);
    const std::string id = field == nullptr ? each : field->id;
    if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
  }
  return out;
}

bool is_file_name(const std::string& path) { return path.ends_with(".csv") || path.ends_with(".xlsx"); }

struct TableFile::Inside {
  std::string path;
  std::vector<Column> leading = {};  // the key of the record above, the period
  std::vector<Column> columns = {};
  std::optional<CsvFile> csv = {};
  std::optional<sheet::WorkbookWriter> workbook = {};
  std::vector<sheet::OutCell> cells = {};
};

TableFile::TableFile(const schema::Schema& schema, const schema::Register& target,
                     const std::vector<FileColumn>& columns, const std::optional<calendar::Period>& period,
                     const Format& format, const std::string& path)
    : inside_(std::make_unique<Inside>()) {
  inside_->path = path;
  sheet::OutSheet layout_of_sheet{
      .name = target.name, .title = title_of(target, period, format), .mark = format.mark};
  for (Column& each : columns_of(schema, target))
    if (each.what != Column::What::Field) inside_->leading.push_back(std::move(each));
  for (const FileColumn& each : columns)
    inside_->columns.push_back(column_of(schema, target, *each.field, each.reads_back));
  for (const Column& each : inside_->leading) layout_of_sheet.columns.push_back(layout(each));
  for (const Column& each : inside_->columns) layout_of_sheet.columns.push_back(layout(each));
  if (path.ends_with(".csv")) {
    inside_->csv.emplace(path, layout_of_sheet.columns);
  } else {
    inside_->workbook.emplace();
    inside_->workbook->begin_sheet(layout_of_sheet);
  }
}
TableFile::~TableFile() = default;

void TableFile::row(const std::string& key, const std::optional<calendar::Period>& period,
                    std::span<const FileCell> cells) {
  inside_->cells.clear();
  for (const Column& each : inside_->leading) inside_->cells.push_back(leading_cell(each, key, period));
  for (std::size_t i = 0; i < inside_->columns.size(); ++i)
    inside_->cells.push_back(cell_of(inside_->columns[i], cells[i]));
  if (inside_->csv)
    inside_->csv->row(inside_->cells);
  else
    inside_->workbook->row(inside_->cells);
}

void TableFile::finish() {
  if (inside_->csv)
    inside_->csv->finish();
  else
    inside_->workbook->finish_to(inside_->path);
}

void write_template(const schema::Schema& schema, const schema::Register& target,
                    const registers::RegisterStore* store, const Format& format, const std::string& path) {
  const std::vector<Column> columns = columns_of(schema, target);
  sheet::OutSheet layout_of_sheet{.name = target.name,
                                  .title = format.title.empty() ? target.name + "填报表" : format.title,
                                  .mark = format.mark};
  for (const Column& each : columns) layout_of_sheet.columns.push_back(layout(each));
  sheet::WorkbookWriter workbook;
  workbook.begin_sheet(layout_of_sheet);
  const schema::Register* above = target.key.empty() ? schema.find(target.of) : nullptr;
  if (store && above) {
    std::vector<sheet::OutCell> cells;
    registers::read_records(*store, *above, {}, [&](registers::Record&& record) {
      cells.clear();
      for (const Column& each : columns)
        cells.push_back(each.what == Column::What::Key ? leading_cell(each, record.key, std::nullopt)
                                                       : sheet::OutCell::empty());
      workbook.row(cells);
    });
  }
  workbook.finish_to(path);
}

}  // namespace tenglong::extract
