#include "engine/run/cases.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>

#include "engine/run/inside/judge.h"
#include "engine/run/inside/reference.h"
#include "engine/run/row.h"
#include "engine/text/text.h"

namespace tenglong::run {
namespace {

using registers::Record;

struct Place {  // where an input goes
  int table = -1;
  int field = -1;
  bool previous = false;
};

registers::Scalar scalar_of(const Value& value) {
  switch (value.kind()) {
    case feel::Kind::Boolean:
      return value.boolean();
    case feel::Kind::Number:
      return value.number();
    case feel::Kind::String:
      return value.string();
    case feel::Kind::Date:
      return value.date();
    default:
      return std::monostate{};
  }
}

bool fits(schema::FieldType type, const Value& value) {
  switch (value.kind()) {
    case feel::Kind::Null:
      return true;
    case feel::Kind::Boolean:
      return type == schema::FieldType::Boolean;
    case feel::Kind::Number:
      return schema::is_number(type);
    case feel::Kind::Date:
      return type == schema::FieldType::Date;
    case feel::Kind::String:
      return type != schema::FieldType::Boolean && !schema::is_number(type) &&
             type != schema::FieldType::Date;
    default:
      return false;
  }
}

// One block as a small district: row i is the enterprise "案例 i" in the row's period.
class CaseDistrict {
 public:
  CaseDistrict(const pack::Pack& pack, const pack::Cases& block, std::vector<CaseOutcome>& outcomes)
      : pack_(pack), block_(block), outcomes_(outcomes), records_(pack.schema.registers.size()) {
    for (std::size_t i = 0; i < pack.schema.registers.size(); ++i)
      if (pack.schema.registers[i].id == block.of) table_ = static_cast<int>(i);
  }

  bool known() const { return table_ >= 0; }

  void add(std::size_t index) {
    const pack::CaseRow& row = block_.rows[index];
    const std::string key = key_of(index);
    const schema::Register& target = pack_.schema.registers[static_cast<std::size_t>(table_)];
    Record own = empty(table_, key,
                       target.period != schema::PeriodKey::None ? std::optional(row.period) : std::nullopt);
    Record before = own;
    if (before.period) before.period = row.period.previous();
    bool has_before = false;
    for (const auto& [name, value] : row.inputs) {
      const auto place = place_of(table_, name);
      if (!place ||
          !fits(register_at(place->table).fields[static_cast<std::size_t>(place->field)].type, value)) {
        outcomes_[index].problems.push_back(place ? "“" + name + "”的值类型不对：" + value.to_feel()
                                                  : "没有叫“" + name + "”的字段");
        continue;
      }
      has_before = has_before || place->previous;
      Record& record = place->table != table_ ? parent_record(place->table, key)
                       : place->previous      ? before
                                              : own;
      put(record, place->field, value);
    }
    if (!target.of.empty()) parent_record(index_of(target.of), key);
    rows_of(table_).push_back(std::move(own));
    if (has_before) rows_of(table_).push_back(std::move(before));
  }

  column::Snapshot snapshot() { return column::snapshot_of(pack_.schema, std::move(records_)); }
  int table() const { return table_; }
  static std::string key_of(std::size_t index) {
    std::string number = std::to_string(index + 1);
    return "案例 " + std::string(4 - std::min<std::size_t>(4, number.size()), '0') + number;
  }

 private:
  const schema::Register& register_at(int table) const {
    return pack_.schema.registers[static_cast<std::size_t>(table)];
  }
  std::vector<Record>& rows_of(int table) { return records_[static_cast<std::size_t>(table)]; }
  int index_of(std::string_view id) const {
    for (std::size_t i = 0; i < pack_.schema.registers.size(); ++i)
      if (pack_.schema.registers[i].id == id) return static_cast<int>(i);
    return -1;
  }
  Record empty(int table, const std::string& key, std::optional<calendar::Period> period) const {
    Record record{.key = key, .period = period};
    record.fields.resize(register_at(table).fields.size());
    return record;
  }
  static void put(Record& record, int field, const Value& value) {
    registers::Resolved& resolved = record.fields[static_cast<std::size_t>(field)];
    resolved.state = value.is_null() ? State::Missing : State::Known;
    resolved.value = scalar_of(value);
  }
  Record& parent_record(int table, const std::string& key) {
    for (Record& record : rows_of(table))
      if (record.key == key) return record;
    return rows_of(table).emplace_back(empty(table, key, std::nullopt));
  }
  std::optional<Place> place_of(int table, std::string_view name) const {
    const schema::Register& target = register_at(table);
    if (const schema::Field* field = target.find_by_name(name))
      return Place{table, static_cast<int>(field - target.fields.data()), false};
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const std::string_view head = name.substr(0, dot), member = name.substr(dot + 1);
    if (head == "上期") {
      auto place = place_of(table, member);
      if (place && place->table == table) place->previous = true;
      return place && place->table == table ? place : std::nullopt;
    }
    const int parent = target.of.empty() ? -1 : index_of(target.of);
    return parent >= 0 && register_at(parent).name == head ? place_of(parent, member) : std::nullopt;
  }

  const pack::Pack& pack_;
  const pack::Cases& block_;
  std::vector<CaseOutcome>& outcomes_;
  std::vector<std::vector<Record>> records_;
  int table_ = -1;
};

std::string text_of_value(const Value& value, State state, const quantity::Rounding& rounding) {
  if (value.is_null()) return state == State::Known ? "" : quantity::to_chinese(state);
  if (value.kind() == feel::Kind::Number) return value.number().rounded(rounding).to_string();
  if (value.kind() == feel::Kind::Boolean) return value.boolean() ? "是" : "否";
  return value.to_text();
}

const char* place_words(result::RosterEntry::Place place) {
  switch (place) {
    case result::RosterEntry::Place::Listed:
      return "入列";
    case result::RosterEntry::Place::Exempt:
      return "免列";
    case result::RosterEntry::Place::NotListed:
      return "不入列";
    case result::RosterEntry::Place::Unknown:
      return "未知";
  }
  return "";
}

// What an output is called in a case's header; nullopt: no such output.
std::optional<std::string> output_of(const pack::Pack& pack, const pack::Cases& block, const RowView& view,
                                     const std::string& name) {
  const quantity::Rounding rounding = block.rounding.value_or(pack.head.rounding);
  for (const IndicatorView& each : view.indicators)
    if (each.indicator->name == name) {
      if (each.value.kind() != feel::Kind::Number) return text_of_value(each.value, each.state, rounding);
      const auto by = block.rounding.value_or(each.indicator->rounding.value_or(pack.head.rounding));
      return text_of_value(each.value, each.state, by);
    }
  for (const DecisionView& each : view.decisions)
    if (each.decision->name == name) return text_of_value(each.output, State::Known, rounding);
  for (const RosterView& each : view.rosters)
    if (each.roster->name == name) return each.is_due ? place_words(each.place) : std::string("不入列");
  for (const SchemeView& each : view.schemes) {
    if (!block.scheme.empty() && each.scheme->name != block.scheme && each.scheme->id != block.scheme)
      continue;
    const bool rated = each.standing == result::Standing::Rated;
    if (name == "参评") return std::string(result::to_chinese(each.standing));
    if (name == "总分")
      return rated ? text_of_value(each.total_unrounded, State::Known, rounding) : std::string();
    if (name == "等级") return rated ? each.grade : std::string();
    if (name == "名次") return rated ? std::to_string(each.rank) : std::string();
    constexpr std::string_view kScore = "得分.";
    if (name.rfind(kScore, 0) == 0)
      for (const ItemView& item : each.items)
        if (item.indicator->name == name.substr(kScore.size()))
          return text_of_value(item.score, item.state, rounding);
  }
  return std::nullopt;
}

// 12.50 and 12.5 are one number; 是 and true one claim; quotes around a text are not part of it.
std::string canonical_text(const std::string& written, const quantity::Rounding& rounding) {
  std::string text(text::trim(written));
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  if (text == "true") return "是";
  if (text == "false") return "否";
  if (text == "null") return "";
  if (const auto number = Decimal::parse(text)) return number->rounded(rounding).to_string();
  return text;
}

void run_block(const pack::Pack& pack, const pack::Cases& block, std::vector<CaseOutcome>& outcomes) {
  CaseDistrict district(pack, block, outcomes);
  if (!district.known()) {
    for (CaseOutcome& outcome : outcomes) outcome.problems.push_back("没有台账“" + block.of + "”");
    return;
  }
  for (std::size_t i = 0; i < block.rows.size(); ++i) district.add(i);
  const column::Snapshot snapshot = district.snapshot();
  const column::Table& table = snapshot.tables[static_cast<std::size_t>(district.table())];
  std::map<calendar::Period, std::unique_ptr<RowReader>> readers;
  for (std::size_t i = 0; i < block.rows.size(); ++i) {
    const pack::CaseRow& row = block.rows[i];
    auto& reader = readers[row.period];
    if (!reader) reader = std::make_unique<RowReader>(pack, snapshot, Options{.period = row.period});
    const schema::Register& target = pack.schema.registers[static_cast<std::size_t>(district.table())];
    const auto period = target.period != schema::PeriodKey::None ? std::optional(row.period) : std::nullopt;
    const std::int32_t at = table.find(CaseDistrict::key_of(i), period);
    if (at < 0) continue;
    const RowView view = reader->read(block.of, static_cast<std::size_t>(at));
    for (const auto& [name, expected] : row.expected) {
      const auto actual = output_of(pack, block, view, name);
      if (!actual) {
        outcomes[i].problems.push_back("没有叫“" + name + "”的结果");
        continue;
      }
      const quantity::Rounding rounding = block.rounding.value_or(pack.head.rounding);
      if (canonical_text(expected, rounding) != canonical_text(*actual, rounding))
        outcomes[i].differences.push_back({.output = name, .expected = expected, .actual = *actual});
    }
    if (!outcomes[i].differences.empty())
      for (const std::string& gap : view.gaps) outcomes[i].problems.push_back("未公布的参数：" + gap);
  }
}

}  // namespace

std::vector<CaseOutcome> run_cases(const pack::Pack& pack) {
  std::vector<CaseOutcome> all;
  for (const pack::Cases& block : pack.cases) {
    std::vector<CaseOutcome> outcomes;
    for (const pack::CaseRow& row : block.rows) outcomes.push_back({.block = &block, .row = &row});
    run_block(pack, block, outcomes);
    std::move(outcomes.begin(), outcomes.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace tenglong::run
