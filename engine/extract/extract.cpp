#include "engine/extract/extract.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>
#include <unordered_map>

#include "engine/extract/columns.h"
#include "engine/feel/evaluate.h"
#include "engine/sheet/writer.h"

namespace tenglong::extract {

using diagnostic::Diagnostic;
using feel::Value;
using schema::Field;

namespace {

constexpr std::int64_t kTellEvery = 1'000;
constexpr std::size_t kFlushAt = 1u << 20;

Diagnostic refusal(const char* code, text::Words message, text::Words advice) {
  return {.code = code, .message = std::move(message), .advice = std::move(advice)};
}

Value as_value(const registers::Resolved& resolved) {
  if (resolved.state != quantity::State::Known) return {};
  if (const auto* number = std::get_if<quantity::Decimal>(&resolved.value)) return Value(*number);
  if (const auto* truth = std::get_if<bool>(&resolved.value)) return Value(*truth);
  if (const auto* date = std::get_if<calendar::Date>(&resolved.value)) return Value(*date);
  return Value(registers::to_text(resolved.value));
}

// The filter over one record, and what it needs of the record above.
class Filter {
 public:
  Filter(const schema::Schema& schema, const schema::Register& target, const Query& query,
         diagnostic::Diagnostics& diagnostics)
      : target_(target), above_(target.of.empty() ? nullptr : schema.find(target.of)) {
    if (query.where.empty()) return;
    feel::TypeScope scope;
    if (target.period != schema::PeriodKey::None) scope.add("年度", feel::Type::number({}, false));
    if (above_) {
      feel::Type record = feel::Type::of(feel::Kind::Context);
      for (const Field& each : above_->fields)
        record.members.emplace_back(each.name, std::make_shared<const feel::Type>(each.feel_type()));
      scope.add(above_->name, record);
    }
    for (const Field& each : target.fields) scope.add(each.name, each.feel_type());
    feel::Parsed parsed = feel::parse(query.where, scope, {.file = "where"});
    for (Diagnostic& each : parsed.diagnostics) diagnostics.push_back(std::move(each));
    if (!parsed.tree) return;
    feel::Inferred inferred = feel::infer(*parsed.tree, query.where, scope, {.file = "where"});
    for (Diagnostic& each : inferred.diagnostics) diagnostics.push_back(std::move(each));
    if (inferred.type.kind && inferred.type.kind != feel::Kind::Boolean)
      diagnostics.push_back(
          refusal("E-EXTRACT-103",
                  {"筛选条件应是真假，这里是" + feel::to_string(inferred.type) + "。",
                   "The filter must be true or false."},
                  {"写成一个比较，如 用地面积 > 3。", "Write a comparison, such as area > 3."}));
    tree_ = parsed.tree;
    for (const auto& path : feel::references(*tree_)) {
      if (path.empty()) continue;
      if (above_ && path[0] == above_->name && path.size() > 1) {
        for (std::size_t i = 0; i < above_->fields.size(); ++i)
          if (above_->fields[i].name == path[1]) above_fields_.insert(i);
      }
      for (std::size_t i = 0; i < target.fields.size(); ++i)
        if (target.fields[i].name == path[0]) own_fields_.insert(i);
    }
  }

  void read_above(const registers::RegisterStore& store, const Query& query) {
    if (!tree_ || above_fields_.empty()) return;
    registers::read_records(store, *above_, {.through = query.through}, [&](registers::Record&& record) {
      std::vector<Value> values;
      for (const std::size_t each : above_fields_) values.push_back(as_value(record.fields[each]));
      records_above_[record.key] = std::move(values);
    });
  }

  // true, false or null
  Value passes(const registers::Record& record) const {
    if (!tree_) return Value(true);
    feel::Context names;
    if (record.period) names.put("年度", Value(record.period->from.year));
    if (above_) {
      feel::Context above;
      const auto found = records_above_.find(record.key);
      std::size_t at = 0;
      for (const std::size_t each : above_fields_) {
        above.put(above_->fields[each].name, found == records_above_.end() ? Value{} : found->second[at]);
        ++at;
      }
      names.put(above_->name, Value(std::move(above)));
    }
    for (const std::size_t each : own_fields_)
      names.put(target_.fields[each].name, as_value(record.fields[each]));
    return feel::evaluate(*tree_, feel::ContextEnvironment(std::move(names))).value;
  }

 private:
  const schema::Register& target_;
  const schema::Register* above_;
  feel::NodePtr tree_;
  std::set<std::size_t> above_fields_, own_fields_;
  std::unordered_map<std::string, std::vector<Value>> records_above_;
};

// The columns asked for, keys and period always first.
std::vector<Column> chosen_columns(const schema::Schema& schema, const schema::Register& target,
                                   const Query& query, diagnostic::Diagnostics& diagnostics) {
  std::vector<Column> all = columns_of(schema, target);
  if (query.fields.empty()) return all;
  std::vector<Column> out;
  std::vector<std::string> names;
  for (const Column& each : all) {
    const bool is_own_key =
        each.field && std::find(target.key.begin(), target.key.end(), each.field->id) != target.key.end();
    if (each.what != Column::What::Field || is_own_key) out.push_back(each);
    if (each.field) names.push_back(each.field->name);
  }
  for (const std::string& wanted : query.fields) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Column& each) {
      return each.field && (each.field->id == wanted || each.field->name == wanted);
    });
    if (found == all.end()) {
      const std::string near = text::nearest(wanted, names);
      diagnostics.push_back(
          refusal("E-EXTRACT-102",
                  {"“" + target.name + "”没有叫“" + wanted + "”的字段。",
                   "“" + target.name + "” has no field “" + wanted + "”."},
                  near.empty() ? text::Words{"查对字段名。", "Check the field's name."}
                               : text::Words{"是不是“" + near + "”？", "Did you mean “" + near + "”?"}));
    } else if (std::none_of(out.begin(), out.end(),
                            [&](const Column& each) { return each.field == found->field; })) {
      out.push_back(*found);
    }
  }
  return out;
}

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
    if (++rows_ % kTellEvery == 0) flush();
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

Extracted extract_to_file(const schema::Schema& schema, const registers::RegisterStore& store,
                          const Query& query, const Format& format, const std::string& path,
                          const Progress& progress) {
  Extracted out;
  const schema::Register* target = schema.find(query.register_id);
  if (!target) {
    std::vector<std::string> ids;
    for (const schema::Register& each : schema.registers) ids.push_back(each.id);
    const std::string near = text::nearest(query.register_id, ids);
    out.diagnostics.push_back(refusal(
        "E-EXTRACT-101",
        {"没有台账“" + query.register_id + "”。", "There is no register “" + query.register_id + "”."},
        near.empty() ? text::Words{"查对台账的 id。", "Check the register's id."}
                     : text::Words{"是不是“" + near + "”？", "Did you mean “" + near + "”?"}));
    return out;
  }
  const std::vector<Column> columns = chosen_columns(schema, *target, query, out.diagnostics);
  Filter filter(schema, *target, query, out.diagnostics);
  const bool is_csv = path.ends_with(".csv");
  if (!is_csv && !path.ends_with(".xlsx"))
    out.diagnostics.push_back(refusal("E-EXTRACT-104",
                                      {"只能写 .xlsx 或 .csv：" + path, "Only .xlsx or .csv: " + path},
                                      {"改文件名的后缀。", "Change the file's suffix."}));
  if (diagnostic::has_errors(out.diagnostics)) return out;
  filter.read_above(store, query);

  sheet::OutSheet layout_of_sheet{
      .name = target->name, .title = title_of(*target, query.period, format), .mark = format.mark};
  for (const Column& each : columns) layout_of_sheet.columns.push_back(layout(each));
  std::optional<CsvFile> csv;
  std::optional<sheet::WorkbookWriter> workbook;
  if (is_csv) {
    csv.emplace(path, layout_of_sheet.columns);
  } else {
    workbook.emplace();
    workbook->begin_sheet(layout_of_sheet);
  }
  std::vector<sheet::OutCell> cells;
  registers::read_records(store, *target, {.through = query.through}, [&](registers::Record&& record) {
    if (out.stopped || (query.period && record.period != query.period)) return;
    const Value passes = filter.passes(record);
    if (passes.is_true()) {
      cells.clear();
      for (const Column& each : columns) cells.push_back(cell_of(each, record));
      if (csv)
        csv->row(cells);
      else
        workbook->row(cells);
      ++out.counts.written;
    } else {
      ++(passes.kind() == feel::Kind::Boolean ? out.counts.left_out : out.counts.unknown);
    }
    const std::int64_t seen = out.counts.written + out.counts.left_out + out.counts.unknown;
    if (progress && seen % kTellEvery == 0) out.stopped = !progress(out.counts);
  });
  if (out.stopped) return out;
  if (csv)
    csv->finish();
  else
    workbook->finish_to(path);
  return out;
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
      registers::Record known{.key = record.key};
      for (const Column& each : columns)
        cells.push_back(each.what == Column::What::Key ? cell_of(each, known) : sheet::OutCell::empty());
      workbook.row(cells);
    });
  }
  workbook.finish_to(path);
}

}  // namespace tenglong::extract
