#include "engine/intake/inside/read_rows.h"

#include <algorithm>
#include <map>

#include "engine/feel/evaluate.h"
#include "engine/intake/inside/check_group.h"
#include "engine/intake/inside/name_reader.h"
#include "engine/register/record_key.h"
#include "engine/register/row_environment.h"
#include "engine/text/text.h"

namespace tenglong::intake {

using calendar::Period;
using quantity::State;
using schema::PeriodKey;
using sheet::Cell;
using sheet::CellKind;

namespace {

std::string period_word(PeriodKey key) {
  return key == PeriodKey::Quarter ? "季度（如 2023年一季度）"
         : key == PeriodKey::Month ? "月份（如 2023年3月）"
                                   : "年度（如 2023）";
}

class RowReader final : public sheet::RowSink {
 public:
  RowReader(const sheet::Table& table, const schema::Schema& schema, std::uint16_t sheet_in_group,
            Group& group, SheetIntake& report, const Options& options, Findings& findings, Watching& watching)
      : table_(table),
        layout_(group.sheets[sheet_in_group].layout),
        sheet_(sheet_in_group),
        group_(group),
        report_(report),
        findings_(findings),
        watching_(watching),
        environment_(schema.importable_fields(group.target())) {
    for (std::size_t i = 0; i < layout_.columns.size(); ++i) {
      const MappedColumn& mapped = layout_.columns[i];
      readers_.emplace_back(*mapped.field, schema, mapped.unit);
      if (static_cast<std::size_t>(mapped.column) >= mapped_at_.size())
        mapped_at_.resize(static_cast<std::size_t>(mapped.column) + 1, -1);
      mapped_at_[static_cast<std::size_t>(mapped.column)] = static_cast<int>(i);
    }
    if (layout_.is_by_name)
      names_.emplace(*options.enterprises(), asked_on(options),
                     options.sure_name.value_or(options.names->sure));
    readings_.resize(layout_.columns.size());
    by_field_.resize(layout_.columns.size());
    for (std::size_t i = 0; i < by_field_.size(); ++i) by_field_[i] = i;
    std::sort(by_field_.begin(), by_field_.end(), [&](std::size_t a, std::size_t b) {
      return layout_.columns[a].own_index < layout_.columns[b].own_index;
    });
    for (const schema::Law& law : group.target().laws)
      // A law over other records is judged when the registers are (tenglong check-data).
      if (law.tree && law.over.empty() && touches(law)) laws_.push_back(&law);
  }

  bool row(int number, std::span<const Cell> cells) override {
    if (number < table_.first_data_row) return true;
    if (!watching_.goes_on(number)) return false;
    if (sheet::role_of(table_, cells) != sheet::RowRole::Data || is_banner(cells)) return true;
    read_cells(number, cells);
    if (!says_anything_) return true;
    ++report_.rows_read;
    const std::string key = read_key(number);
    const std::optional<Period> period = read_period(number);
    check_required(number);
    check_required_when(number);
    if (!is_refused_) check_laws(number);
    keep(number, key, period);
    return true;
  }

 private:
  bool touches(const schema::Law& law) const {
    for (const std::vector<std::string>& path : feel::references(*law.tree))
      for (const MappedColumn& mapped : layout_.columns)
        if (!path.empty() && path.front() == mapped.field->name) return true;
    return false;
  }

  // 一、金塘镇 across the whole table: a heading between rows.
  static bool is_banner(std::span<const Cell> cells) {
    if (cells.size() < 3) return false;
    // Cells filled from the row above are merged downwards: that row is data, with one value of its own.
    const auto own =
        std::find_if(cells.begin(), cells.end(), [](const Cell& cell) { return !cell.is_filled; });
    return own != cells.end() && std::all_of(cells.begin(), cells.end(), [&](const Cell& cell) {
             return &cell == &*own || (cell.is_filled && cell.text == own->text);
           });
  }

  void read_cells(int number, std::span<const Cell> cells) {
    for (Reading& reading : readings_) reading = {};
    is_refused_ = says_anything_ = false;
    period_cell_ = nullptr;
    for (const Cell& cell : cells) {
      if (cell.column == layout_.period_column) period_cell_ = &cell;
      if (static_cast<std::size_t>(cell.column) >= mapped_at_.size()) continue;
      const int at = mapped_at_[static_cast<std::size_t>(cell.column)];
      if (at < 0) continue;
      const auto i = static_cast<std::size_t>(at);
      // A number in a merged cell is one number, not one for every row under it.
      if (cell.is_filled && schema::is_number(layout_.columns[i].field->type)) {
        findings_.about_cell(
            number, cell.column,
            problem("W-INTAKE-217",
                    {"合并单元格里的数只记在第一行，这一行按没有填处理",
                     "a number in a merged cell counts for its first row only"},
                    {"取消合并，逐行填写各自的数。", "Unmerge the cells and give each row its own number."}));
        continue;
      }
      Reading& reading = readings_[i];
      reading = readers_[i].read(cell);
      // What only helps to tell whom the row is about says nothing else, right or wrong.
      if (layout_.columns[i].tells_who > 0 && layout_.columns[i].own_index < 0) continue;
      if (reading.kind != Reading::Kind::Nothing) says_anything_ = true;
      if (reading.kind == Reading::Kind::Refused) is_refused_ = true;
      if (reading.problem) findings_.about_cell(number, cell.column, *reading.problem);
    }
  }

  // Of a sheet without the key.
  std::string read_name(int number) {
    std::string name;
    std::vector<std::string> near;
    int column = 0;
    for (std::size_t i = 0; i < readings_.size(); ++i) {
      const int at = layout_.columns[i].tells_who;
      if (at < 0) continue;
      const std::string said =
          readings_[i].kind == Reading::Kind::Value ? registers::to_text(readings_[i].value) : std::string();
      if (at == 0) {
        name = said;
        column = layout_.columns[i].column;
      } else {
        near.resize(std::max(near.size(), static_cast<std::size_t>(at)));
        near[static_cast<std::size_t>(at) - 1] = said;
      }
    }
    if (text::trim(name).empty()) {
      is_refused_ = true;
      findings_.about_cell(
          number, column,
          problem("E-INTAKE-216",
                  {"没有填名称，也没有代码，不知道这一行说的是谁",
                   "without a name or a code nobody knows whom the row is about"},
                  {"补上名称；不是数据的行请删去。", "Fill it in, or delete the row if it is no data."}));
      return {};
    }
    NameReader::Meant meant = names_->who(name, near);
    if (meant.key.empty()) is_refused_ = true;
    findings_.about_cell(number, column, std::move(meant.told));
    return std::move(meant.key);
  }

  std::string read_key(int number) {
    if (names_) return read_name(number);
    std::string key;
    for (std::size_t k = 0; k < layout_.key.size(); ++k) {
      if (k > 0) key += registers::kKeySeparator;
      for (std::size_t i = 0; i < readings_.size(); ++i) {
        if (layout_.columns[i].key_index != static_cast<int>(k)) continue;
        const Reading& reading = readings_[i];
        if (reading.kind == Reading::Kind::Value) {
          const auto* text = std::get_if<std::string>(&reading.value);
          key +=
              text ? std::string(text::trim(text::to_half_width(*text))) : registers::to_text(reading.value);
        } else if (reading.kind != Reading::Kind::Refused) {
          is_refused_ = true;
          const std::string& name = layout_.columns[i].field->name;
          findings_.about_cell(number, layout_.columns[i].column,
                               problem("E-INTAKE-216",
                                       {"没有填“" + name + "”，不知道这一行说的是谁",
                                        "without “" + name + "” nobody knows whom the row is about"},
                                       {"补上“" + name + "”；不是数据的行请删去。",
                                        "Fill it in, or delete the row if it is no data."}));
        }
      }
    }
    return key;
  }

  std::optional<Period> read_period(int number) {
    const PeriodKey wanted = group_.target().period;
    if (wanted == PeriodKey::None) return std::nullopt;
    if (layout_.period_column == 0) return layout_.period;
    const std::string written = period_cell_ ? std::string(text::trim(period_cell_->text)) : "";
    std::optional<Period> period;
    if (period_cell_ && period_cell_->kind == CellKind::Date && period_cell_->date) {
      const calendar::Date date = *period_cell_->date;
      period = wanted == PeriodKey::Year    ? Period::year(date.year)
               : wanted == PeriodKey::Month ? Period::month(date.year, date.month)
                                            : Period::quarter(date.year, (date.month + 2) / 3);
    } else if (!written.empty()) {
      period = Period::parse(written);
    } else if (layout_.period) {
      return layout_.period;
    }
    if (period && fits(*period, wanted)) return period;
    is_refused_ = true;
    findings_.about_cell(
        number, layout_.period_column,
        problem("E-INTAKE-205",
                {written.empty() ? "没有填年度（时期），不知道是哪一期的数"
                                 : "“" + written + "”不是" + period_word(wanted),
                 written.empty() ? "no period given" : "“" + written + "” is not the period that is wanted"},
                {"写成" + period_word(wanted) + "。", "Write it as 2023, 2023-Q1 or 2023-03."}));
    return std::nullopt;
  }

  void check_required(int number) {
    for (std::size_t i = 0; i < readings_.size(); ++i) {
      const MappedColumn& mapped = layout_.columns[i];
      const bool absent =
          readings_[i].kind == Reading::Kind::Nothing || readings_[i].kind == Reading::Kind::Absent;
      if (!mapped.field->required || mapped.key_index >= 0 || mapped.own_index < 0 || !absent) continue;
      is_refused_ = true;
      findings_.about_cell(number, mapped.column,
                           problem("E-INTAKE-215",
                                   {"“" + mapped.field->name + "”必填，这一格没有值",
                                    "“" + mapped.field->name + "” is required and has no value"},
                                   {"补上再传。", "Fill it in and send the file again."}));
    }
  }

  void set_environment() {
    environment_.clear();
    for (std::size_t i = 0; i < readings_.size(); ++i)
      if (readings_[i].kind == Reading::Kind::Value)
        environment_.put(layout_.columns[i].field->name, readings_[i].value);
  }

  // Of the columns that this sheet has: what another file brings is judged when the register is.
  void check_required_when(int number) {
    bool is_set = false;
    for (std::size_t i = 0; i < readings_.size(); ++i) {
      const MappedColumn& mapped = layout_.columns[i];
      if (!mapped.field->required_when.present() || mapped.own_index < 0 ||
          readings_[i].kind == Reading::Kind::Value || readings_[i].kind == Reading::Kind::Refused)
        continue;
      if (!is_set) set_environment();
      is_set = true;
      const feel::Value wanted = feel::evaluate(*mapped.field->required_when.tree, environment_).value;
      if (wanted.kind() != feel::Kind::Boolean || !wanted.boolean()) continue;
      is_refused_ = true;
      findings_.about_cell(
          number, mapped.column,
          problem(
              "E-INTAKE-215",
              {"“" + mapped.field->name + "”在“" + mapped.field->required_when.text + "”时必填，这一格没有值",
               "“" + mapped.field->name + "” is required when " + mapped.field->required_when.text},
              {"补上再传。", "Fill it in and send the file again."}));
    }
  }

  void check_laws(int number) {
    if (laws_.empty()) return;
    set_environment();
    for (const schema::Law* law : laws_) {
      const feel::Value holds = feel::evaluate(*law->tree, environment_).value;
      // Null: what the law speaks of is not in this row. Unknown is not false.
      if (holds.kind() != feel::Kind::Boolean || holds.boolean()) continue;
      is_refused_ = true;
      findings_.about_row(
          number, problem("E-INTAKE-303",
                          {"不合“" + law->name + "”：应有 " + law->source_text,
                           "against the law “" + law->name + "”: " + law->source_text},
                          {"核对这一行里涉及的数。", "Check the values of this row that it speaks of."}));
    }
  }

  void keep(int number, const std::string& key, const std::optional<Period>& period) {
    values_.clear();
    for (const std::size_t i : by_field_) {
      const int field = layout_.columns[i].own_index;
      // A name by which the row was found is no statement: nobody is renamed by it.
      if (field < 0 || (layout_.is_by_name && layout_.columns[i].tells_who == 0)) continue;
      Reading& reading = readings_[i];
      if (reading.kind == Reading::Kind::Value)
        values_.push_back({field, State::Known, std::move(reading.value)});
      if (reading.kind == Reading::Kind::Absent) values_.push_back({field, reading.state, {}});
    }
    if (key.empty() || key.find_first_not_of(registers::kKeySeparator) == std::string::npos) {
      ++report_.refused;  // nothing to keep it under
      return;
    }
    group_.add(number, sheet_, is_refused_ ? KeptRow::Fate::Refused : KeptRow::Fate::Accepted, key, period,
               values_);
  }

  const sheet::Table& table_;
  const Layout& layout_;
  std::uint16_t sheet_;
  Group& group_;
  SheetIntake& report_;
  Findings& findings_;
  Watching& watching_;
  registers::RowEnvironment environment_;
  std::vector<CellReader> readers_;
  std::optional<NameReader> names_;    // of a sheet without the key
  std::vector<int> mapped_at_;         // by sheet column
  std::vector<std::size_t> by_field_;  // mapped columns by rising field
  std::vector<const schema::Law*> laws_;
  std::vector<Reading> readings_;
  std::vector<KeptValue> values_;
  const Cell* period_cell_ = nullptr;
  bool is_refused_ = false;
  bool says_anything_ = false;
};

}  // namespace

void read_rows(const sheet::Workbook& workbook, int sheet, const sheet::Table& table,
               const schema::Schema& schema, std::uint16_t sheet_in_group, Group& group, SheetIntake& report,
               const Options& options, Findings& findings, Watching& watching, Intake& intake) {
  RowReader reader(table, schema, sheet_in_group, group, report, options, findings, watching);
  watching.begin(Progress::Stage::Reading, report.sheet, workbook.likely_rows(sheet));
  for (diagnostic::Diagnostic& one : sheet::read_ahead(workbook, sheet, reader, sheet::Merged::Fill))
    intake.diagnostics.push_back(std::move(one));
}

}  // namespace tenglong::intake
