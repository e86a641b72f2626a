#include "engine/intake/intake.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "engine/fingerprint/fingerprint.h"
#include "engine/intake/inside/check_group.h"
#include "engine/intake/inside/match_columns.h"
#include "engine/intake/inside/read_rows.h"
#include "engine/intake/inside/sender_copy.h"
#include "engine/intake/inside/template_difference.h"
#include "engine/intake/inside/watching.h"
#include "engine/sheet/table.h"
#include "engine/text/text.h"

namespace tenglong::intake {

using diagnostic::Diagnostic;
using registers::Batch;
using registers::RegisterStore;
using registers::Statement;
using schema::Register;
using schema::Schema;
using sheet::Workbook;

namespace {

std::string name_without_folder(const std::string& path) {
  const std::size_t slash = path.find_last_of("/\\");
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

// What tells one state of a file from another without reading it.
struct FileState {
  std::uintmax_t size = 0;
  std::filesystem::file_time_type written = {};
  friend bool operator==(const FileState&, const FileState&) = default;
};
std::optional<FileState> state_of(const std::string& path) {
  std::error_code failed;
  const FileState state{std::filesystem::file_size(path, failed),
                        std::filesystem::last_write_time(path, failed)};
  return failed ? std::nullopt : std::optional(state);
}

std::string fingerprint_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  fingerprint::Digest digest;
  std::vector<char> piece(1 << 20);
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())), in.gcount() > 0)
    digest.bytes({piece.data(), static_cast<std::size_t>(in.gcount())});
  return digest.hex();
}

// One sheet that will be read into one register.
struct Plan {
  int sheet = 0;
  sheet::Table table = {};
  Layout layout = {};
  std::size_t report = 0;
};

class Import {
 public:
  Import(const Workbook& workbook, std::string fingerprint, const Schema& schema, RegisterStore& store,
         const Options& options, Intake& out)
      : workbook_(workbook),
        file_fingerprint_(std::move(fingerprint)),
        schema_(schema),
        store_(store),
        options_(options),
        out_(out),
        findings_(out, workbook.file_name()),
        watching_(options.watch, findings_) {}

  // Begun as soon as nothing more can be found wrong with a row.
  void give_back(SenderCopy& copy) { copy_ = &copy; }
  // Asked before anything is written: false if the file on the disk is no longer the one that was read.
  void ask_before_writing(std::function<bool()> is_unchanged) { is_unchanged_ = std::move(is_unchanged); }

  void run() {
    out_.sheets.reserve(workbook_.sheets().size());
    const std::vector<Plan> plans = find_layouts();
    const bool is_decided = check_decisions();
    out_.waits_for_columns = options_.ask_near && has_near_columns();
    if (options_.preview || !is_decided || out_.waits_for_columns) {
      findings_.close();
      diagnostic::sort_by_place(out_.diagnostics);
      return;
    }
    std::vector<const Register*> targets;
    for (const Plan& plan : plans)
      if (std::find(targets.begin(), targets.end(), plan.layout.target) == targets.end())
        targets.push_back(plan.layout.target);
    // Records come before the facts about them.
    std::stable_sort(targets.begin(), targets.end(),
                     [&](const Register* a, const Register* b) { return depth_of(*a) < depth_of(*b); });
    std::size_t imported_before = 0;
    for (const Register* target : targets) {
      if (watching_.has_stopped()) break;
      // Columns that somebody has decided since may give more of the same file.
      const auto before = options_.accept_unusual || !options_.decided.empty() || options_.trial
                              ? std::nullopt
                              : store_.same_file(target->id, options_.provider, file_fingerprint_);
      // The same figures sent again as final ones, or as holding from a day, are not the same message.
      // Rows that were in doubt may have been decided since.
      const bool may_be_decided = before && before->rows_refused > 0 &&
                                  std::any_of(plans.begin(), plans.end(), [&](const Plan& plan) {
                                    return plan.layout.target == target && plan.layout.is_by_name;
                                  });
      if (before && before->is_preliminary == options_.is_preliminary && !options_.effective &&
          !may_be_decided) {
        tell_imported(*before);
        ++imported_before;
      } else {
        import_into(*target, plans, target == targets.back());
      }
    }
    begin_copy();
    out_.already_imported = !targets.empty() && imported_before == targets.size();
    out_.stopped = watching_.has_stopped();
    if (out_.stopped)
      findings_.about_file(problem(
          "N-INTAKE-191", {"导入中途被停下，这张台账没有写入", "the import was stopped; nothing was written"},
          {"再传一次同一个文件即可从头做完。", "Send the same file again to do it all."}));
    findings_.close();
    diagnostic::sort_by_place(out_.diagnostics);
  }

 private:
  int depth_of(const Register& target) const {
    const bool refers = std::any_of(target.fields.begin(), target.fields.end(), [](const schema::Field& f) {
      return f.type == schema::FieldType::Reference || f.type == schema::FieldType::References;
    });
    return (target.of.empty() ? 0 : 2) + (refers ? 1 : 0);
  }

  std::vector<Plan> find_layouts() {
    std::vector<Plan> plans;
    std::vector<Diagnostic> without_table;
    if (options_.register_id && !schema_.find(*options_.register_id)) {
      findings_.about_file(problem("E-INTAKE-108",
                                   {"没有叫“" + *options_.register_id + "”的台账",
                                    "there is no register “" + *options_.register_id + "”"},
                                   {"核对台账的标识。", "Check its id."}));
      return plans;
    }
    for (std::size_t i = 0; i < workbook_.sheets().size(); ++i) {
      const sheet::Sheet& one = workbook_.sheets()[i];
      findings_.set_sheet(one.name);
      if (one.is_hidden) {
        findings_.about_sheet(problem("N-INTAKE-116",
                                      {"隐藏的工作表没有读", "the sheet is hidden and was not read"},
                                      {"要报送的，取消隐藏再传。", "Unhide it if it belongs to the data."}));
        continue;
      }
      sheet::FoundTable found = sheet::find_table(workbook_, static_cast<int>(i));
      if (!found.table) {
        without_table.insert(without_table.end(), found.diagnostics.begin(), found.diagnostics.end());
        continue;
      }
      out_.diagnostics.insert(out_.diagnostics.end(), found.diagnostics.begin(), found.diagnostics.end());
      out_.sheets.push_back({.sheet = one.name});
      auto layout = match_columns(*found.table, one.name, name_without_folder(workbook_.file_name()), schema_,
                                  store_, options_, out_.sheets.back(), findings_);
      compare_with_last(*found.table, schema_, store_, options_, out_.sheets.back(), findings_);
      for (const sheet::TableColumn& column : found.table->columns)
        seen_columns_.insert({column.letter, column.label, column.name});
      if (layout)
        plans.push_back(
            {static_cast<int>(i), std::move(*found.table), std::move(*layout), out_.sheets.size() - 1});
    }
    // A sheet 填表说明 beside a good one is no mistake.
    if (out_.sheets.empty()) {
      out_.diagnostics.insert(out_.diagnostics.end(), without_table.begin(), without_table.end());
    } else {
      for (const Diagnostic& one : without_table)
        if (one.severity == diagnostic::Severity::Error) {
          findings_.set_sheet(one.place.sheet);
          findings_.about_sheet(problem(
              "N-INTAKE-116", {"这张工作表里没有表格，没有读", "the sheet has no table and was not read"},
              {"要报送的，加上表头再传。", "Give it a header if it belongs to the data."}));
        }
    }
    return plans;
  }

  // A decision about a column or a field that is not there was meant for something else.
  bool check_decisions() {
    bool all_known = true;
    std::vector<std::string> names;
    for (const Register& one : schema_.registers)
      for (const schema::Field& field : one.fields) names.push_back(field.name);
    for (const auto& decided : options_.decided) {
      const auto& column = decided.first;
      const auto& field = decided.second;  // by a name of its own: clang 14 takes no binding into a lambda
      const bool is_column = seen_columns_.contains(column);
      const bool is_field = field.empty() || std::any_of(schema_.registers.begin(), schema_.registers.end(),
                                                         [&](const Register& one) {
                                                           return one.find(field) || one.find_by_name(field);
                                                         });
      if (is_column && is_field) continue;
      all_known = false;
      const std::string near = is_field ? "" : text::nearest(field, names);
      findings_.about_file(
          problem("E-INTAKE-110",
                  {is_column ? "指定的字段“" + field + "”不存在" : "指定的列“" + column + "”不在表里",
                   is_column ? "there is no field “" + field + "”" : "there is no column “" + column + "”"},
                  near.empty() ? text::Words{"写成 --map 表头=字段，或 --map C=字段。",
                                             "Write --map header=field, or --map C=field."}
                               : text::Words{"是不是“" + near + "”？", "Is “" + near + "” meant?"}));
    }
    return all_known;
  }

  bool has_near_columns() const {
    for (const SheetIntake& sheet : out_.sheets)
      for (const ColumnMatch& column : sheet.columns)
        if (column.how == ColumnMatch::How::Near) return true;
    return false;
  }

  void tell_imported(const Batch& before) {
    const std::string refused =
        before.rows_refused > 0 ? "；当时有 " + std::to_string(before.rows_refused) + " 行没有收" : "";
    findings_.about_file(
        problem("N-INTAKE-308",
                {"这个文件 " + before.received_at + " 已经导入过，这次没有写入" + refused,
                 "this file was imported before (" + before.received_at + "); nothing was written"},
                {"改过内容的，保存后再传。", "Change and save it, then send it again."}));
  }

  void begin_copy() {
    if (!copy_ || watching_.has_stopped()) return;
    findings_.finish_remarks();
    copy_->start(workbook_, out_);
  }

  void import_into(const Register& target, const std::vector<Plan>& plans, bool is_last) {
    Group group(target);
    for (const Plan& plan : plans) {
      if (plan.layout.target != &target) continue;
      group.sheets.push_back({workbook_.sheets()[static_cast<std::size_t>(plan.sheet)].name, plan.layout,
                              plan.report, header_fingerprint(plan.table)});
    }
    std::uint16_t at = 0;
    for (const Plan& plan : plans) {
      if (plan.layout.target != &target) continue;
      findings_.set_sheet(group.sheets[at].name);
      SheetIntake& report = out_.sheets[plan.report];
      read_rows(workbook_, plan.sheet, plan.table, schema_, at++, group, report, options_, findings_,
                watching_, out_);
      if (watching_.has_stopped()) return;
      if (report.rows_read == 0)
        findings_.about_sheet(problem("N-INTAKE-117",
                                      {"表头下面没有数据", "there is no data under the header"},
                                      {"确认传的是填好的表。", "Check that the filled-in file was sent."}));
    }
    watching_.begin(Progress::Stage::Checking, group.sheets.front().name, 0);
    check_doubles(group, findings_);
    check_magnitude(group, out_, options_, findings_);
    check_screenings(group, schema_, store_, options_, findings_);
    check_against_store(group, store_, options_, findings_);
    check_closed(group, options_, findings_);
    check_ended(group, options_, findings_);
    check_exclusive(group, store_, findings_);
    unknown_ = check_parents(group, schema_, store_, of_this_file_, options_, findings_);
    if (watching_.has_stopped() || !is_still_the_same()) return;
    if (is_last) begin_copy();
    write(group);
    remember(group);
  }

  void write(const Group& group) {
    Batch batch{.register_id = group.target().id,
                .provider = options_.provider,
                .submitter = options_.submitter,
                .received_at = options_.received_at,
                .file_name = name_without_folder(workbook_.file_name()),
                .file_fingerprint = file_fingerprint_,
                .document = options_.document,
                .mark = options_.mark,
                .is_preliminary = options_.is_preliminary};
    std::int64_t accepted = 0;
    for (const KeptRow& row : group.rows) {
      SheetIntake& report = out_.sheets[group.sheets[row.sheet].report];
      switch (row.fate) {
        case KeptRow::Fate::Accepted:
          ++report.accepted;
          ++accepted;
          break;
        case KeptRow::Fate::Refused:
          ++report.refused;
          break;
        case KeptRow::Fate::Repeated:
        case KeptRow::Fate::Unchanged:
          ++report.unchanged;
          break;
      }
    }
    for (const ReadSheet& sheet : group.sheets) {
      batch.rows_read += out_.sheets[sheet.report].rows_read;
      batch.rows_refused += out_.sheets[sheet.report].refused;
    }
    batch.rows_accepted = accepted;
    if (options_.trial) {  // what comes later in the file is held against what would be there by then
      auto& keys = of_this_file_[batch.register_id];
      for (const KeptRow& row : group.rows)
        if (row.fate == KeptRow::Fate::Accepted) keys.emplace(group.key_of(row));
    }
    if (accepted == 0 || options_.trial) return;
    const int document_field = document_field_of(group);
    const auto writer = store_.write(batch);
    watching_.begin(Progress::Stage::Storing, group.sheets.front().name, accepted);
    std::int64_t written = 0;
    for (const KeptRow& row : group.rows) {
      if (row.fate != KeptRow::Fate::Accepted) continue;
      if (!watching_.goes_on(++written)) {
        for (const ReadSheet& sheet : group.sheets) out_.sheets[sheet.report].accepted = 0;
        return;
      }
      const ReadSheet& sheet = group.sheets[row.sheet];
      Statement statement{.register_id = batch.register_id,
                          .record_key = std::string(group.key_of(row)),
                          .period = group.period_of(row),
                          .batch = writer->batch(),
                          .sheet = sheet.name,
                          .row = row.row,
                          .effective = options_.effective};
      if (unknown_.contains(statement.record_key))
        if (auto decided = decided_key(group, row, options_)) statement.record_key = std::move(*decided);
      for (KeptValue& value : group.values_of(row))
        statement.values.push_back({value.field, value.state, std::move(value.value),
                                    sheet::cell_name(row.row, column_of(sheet, value.field))});
      if (document_field >= 0 && sheet.layout.document_column == 0) {
        statement.values.push_back({document_field, quantity::State::Known, options_.document, ""});
        std::sort(statement.values.begin(), statement.values.end(),
                  [](const auto& a, const auto& b) { return a.field < b.field; });
      }
      writer->add(statement);
    }
    writer->commit(batch);
    out_.stored = true;
  }

  bool is_still_the_same() {
    if (!is_unchanged_ || is_unchanged_()) return true;
    findings_.about_file(problem(
        "E-INTAKE-109",
        {"文件在读的时候被改动了，没有写入", "the file changed while it was read; nothing was written"},
        {"等保存完再传一次。", "Send it again when it is saved."}));
    return false;
  }

  // The document number that the caller gave stands in every row of published results.
  int document_field_of(const Group& group) const {
    if (!group.target().external_results || options_.document.empty()) return -1;
    for (std::size_t f = 0; f < group.target().fields.size(); ++f)
      if (group.target().fields[f].id.ends_with("document")) return static_cast<int>(f);
    return -1;
  }

  void remember(const Group& group) {
    if (!out_.stored) return;
    for (const ReadSheet& sheet : group.sheets) {
      registers::Mapping mapping{.provider = options_.provider,
                                 .register_id = group.target().id,
                                 .header_fingerprint = sheet.header};
      for (const ColumnMatch& match : out_.sheets[sheet.report].columns) {
        const bool is_decided_blank = match.field.empty() && match.how == ColumnMatch::How::Remembered;
        if ((match.field.empty() && !is_decided_blank) || match.field == kPeriodColumn) continue;
        mapping.columns.push_back({match.column, match.label, match.field, match.unit});
      }
      store_.remember(mapping);
      const registers::Mapping last = last_header(out_.sheets[sheet.report], options_.provider);
      const auto known = store_.mapping(last.provider, last.register_id, kLastHeader);
      if (!known || !same_columns(*known, last)) store_.remember(last);
    }
  }
  static bool same_columns(const registers::Mapping& a, const registers::Mapping& b) {
    return std::equal(a.columns.begin(), a.columns.end(), b.columns.begin(), b.columns.end(),
                      [](const auto& one, const auto& other) {
                        return one.column == other.column && one.label == other.label &&
                               one.field == other.field && one.unit == other.unit;
                      });
  }

  const Workbook& workbook_;
  std::string file_fingerprint_;
  const Schema& schema_;
  RegisterStore& store_;
  const Options& options_;
  Intake& out_;
  Findings findings_;
  std::unordered_set<std::string> unknown_;  // keys of this group without a record above
  KeysByRegister of_this_file_;              // a trial's keys by register
  std::set<std::string> seen_columns_;       // letters and labels, for decisions
  Watching watching_;
  std::function<bool()> is_unchanged_;
  SenderCopy* copy_ = nullptr;
};

}  // namespace

Intake import_bytes(const std::string& file_name, std::string bytes, const Schema& schema,
                    RegisterStore& store, const Options& options) {
  Intake out;
  const std::string file_fingerprint = fingerprint::of_bytes(bytes);
  sheet::Opened opened = sheet::open_bytes(file_name, std::move(bytes));
  out.diagnostics = std::move(opened.diagnostics);
  if (opened.workbook) Import(*opened.workbook, file_fingerprint, schema, store, options, out).run();
  return out;
}

Intake import_file(const std::string& path, const Schema& schema, RegisterStore& store,
                   const Options& options) {
  Intake out;
  const auto state = state_of(path);
  sheet::Opened opened = sheet::open(path, {}, options.shown_name);  // says why it cannot be opened
  out.diagnostics = std::move(opened.diagnostics);
  if (!opened.workbook) return out;
  SenderCopy copy(path, options.copy_to);
  Import whole(*opened.workbook, fingerprint_of_file(path), schema, store, options, out);
  whole.give_back(copy);
  whole.ask_before_writing([&] { return state_of(path) == state; });
  whole.run();
  copy.finish(out);
  return out;
}

}  // namespace tenglong::intake
