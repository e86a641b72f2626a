// What a record must have, and what its values must point to.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "engine/laws/inside/check.h"
#include "engine/register/record_key.h"

namespace tenglong::laws {
namespace {

using quantity::State;
using schema::Field;
using schema::FieldType;

void check_required(const Subjects& subjects) {
  const schema::Register& target = subjects.target();
  const column::Table& table = subjects.table();
  std::vector<feel::NodePtr> conditions;
  for (const Field& field : target.fields) conditions.push_back(field.required_when.tree);
  column::RecordView view(subjects.schema, target, table, subjects.snapshot.tables, conditions);
  for (std::size_t f = 0; f < target.fields.size(); ++f) {
    const Field& field = target.fields[f];
    const bool is_key = std::find(target.key.begin(), target.key.end(), field.id) != target.key.end();
    if (is_key || (!field.required && !field.required_when.present())) continue;
    for (std::size_t row = 0; row < table.size(); ++row) {
      const State state = column::state_of(table, f, row);
      if (state == State::Known || state == State::Disputed) continue;
      if (field.required) {
        subjects.add(
            "E-LAWS-101", row, static_cast<int>(f),
            {"“" + field.name + "”必填，没有值", "\"" + field.name + "\" is required and has no value"},
            {"请" + (field.provider.empty() ? std::string("填报单位") : field.provider) + "补报。",
             "Ask its provider for it."});
        continue;
      }
      view.stand_on(row);
      const feel::Value wanted = feel::evaluate(*field.required_when.tree, view).value;
      if (wanted.kind() == feel::Kind::Boolean && wanted.boolean())
        subjects.add(
            "E-LAWS-102", row, static_cast<int>(f),
            {"“" + field.name + "”在“" + field.required_when.text + "”时必填，没有值",
             "\"" + field.name + "\" is required when " + field.required_when.text + " and has no value"},
            {"请" + (field.provider.empty() ? std::string("填报单位") : field.provider) +
                 "补报；条件所说的数不对的，先更正它。",
             "Ask its provider for it, or correct what the condition speaks of."});
    }
  }
}

void check_references(const Subjects& subjects) {
  const schema::Register& target = subjects.target();
  const column::Table& table = subjects.table();
  if (const schema::Register* above = target.of.empty() ? nullptr : subjects.schema.find(target.of)) {
    const column::Table* parents = subjects.snapshot.find(above->id);
    for (std::size_t row = 0; row < table.size(); ++row)
      if (parents != nullptr && row < table.parent_row.size() && table.parent_row[row] < 0)
        subjects.add(
            "E-LAWS-104", row, -1,
            {"“" + registers::shown_key(table.key[row]) + "”不在“" + above->name + "”台账里",
             "\"" + registers::shown_key(table.key[row]) + "\" is not in the register " + above->id},
            {"核对代码；确是新的，补录到“" + above->name + "”。", "Check it; if it is new, enter it there."});
  }
  for (std::size_t f = 0; f < target.fields.size(); ++f) {
    const Field& field = target.fields[f];
    if (field.type != FieldType::Reference && field.type != FieldType::References) continue;
    const schema::Register* to = subjects.schema.find(field.to);
    const column::Table* there = to == nullptr ? nullptr : subjects.snapshot.find(to->id);
    if (there == nullptr) continue;
    const auto need = [&](std::size_t row, const std::string& key) {
      const std::size_t at = first_row(*there, key);
      if (at < there->size() && there->key[at] == key) return;
      subjects.add(
          "E-LAWS-104", row, static_cast<int>(f),
          {"“" + field.name + "”的“" + registers::shown_key(key) + "”不在“" + to->name + "”台账里",
           "\"" + registers::shown_key(key) + "\" of \"" + field.name + "\" is not in the register " +
               to->id},
          {"核对代码；确是新的，补录到“" + to->name + "”。", "Check it; if it is new, enter it there."});
    };
    for (std::size_t row = 0; row < table.size(); ++row) {
      const feel::Value value = column::value_of(table, f, row);
      if (value.kind() == feel::Kind::String) need(row, value.string());
      if (value.kind() == feel::Kind::List)
        for (const feel::Value& key : value.list()) need(row, key.string());
    }
  }
}

// The days that a record speaks of: its period, its day, its span, else today.
struct Times {
  std::optional<Date> from = {}, last = {};
};
Times times_of(const Subjects& subjects, std::size_t row) {
  const schema::Register& target = subjects.target();
  const column::Table& table = subjects.table();
  if (table.period[row]) return {table.period[row]->from, table.period[row]->to};
  if (target.span) {
    const auto days = days_of(target, table, row);
    return days ? Times{days->from, days->from} : Times{};
  }
  if (const int day = target.field_index(target.happened); day >= 0) {
    const feel::Value on = column::value_of(table, static_cast<std::size_t>(day), row);
    return on.kind() == feel::Kind::Date ? Times{on.date(), on.date()} : Times{};
  }
  return {subjects.options.today, subjects.options.today};
}

void check_codes(const Subjects& subjects) {
  const schema::Register& target = subjects.target();
  const column::Table& table = subjects.table();
  for (std::size_t f = 0; f < target.fields.size(); ++f) {
    const Field& field = target.fields[f];
    const schema::Codes* codes = !schema::is_coded(field.type) || field.codes.empty()
                                     ? nullptr
                                     : subjects.schema.find_codes(field.codes);
    if (codes == nullptr) continue;
    const bool is_dated = codes->is_dated();
    std::unordered_map<std::string, std::vector<const schema::CodeEntry*>> entries;
    for (std::size_t row = 0; row < table.size(); ++row) {
      const feel::Value value = column::value_of(table, f, row);
      if (value.kind() != feel::Kind::String) continue;
      const std::string& code = value.string();
      const auto [known, is_new] = entries.try_emplace(code);
      if (is_new) known->second = codes->history(code);
      if (known->second.empty()) {
        subjects.add("E-LAWS-109", row, static_cast<int>(f),
                     {"“" + field.name + "”的“" + code + "”不在代码表“" + codes->name + "”里",
                      "\"" + code + "\" of \"" + field.name + "\" is not in the code table " + codes->id},
                     {"更正这个值，或在代码表里补上（可写废止日期）。",
                      "Correct the value, or add the code to the table, with 废止 if it is of old."});
        continue;
      }
      if (!is_dated) continue;
      const Times times = times_of(subjects, row);
      if (!times.from) continue;
      const bool holds =
          std::any_of(known->second.begin(), known->second.end(), [&](const schema::CodeEntry* e) {
            return (!e->from || *e->from <= *times.last) && (!e->until || *times.from < *e->until);
          });
      if (holds) continue;
      const schema::CodeEntry& last = *known->second.back();
      const bool is_gone = last.until && *last.until <= *times.from;
      const schema::CodeEntry* next = last.successor.empty() ? nullptr : codes->find(last.successor);
      subjects.add(
          "W-LAWS-203", row, static_cast<int>(f),
          {"“" + field.name + "”的“" + last.name + "”" +
               (is_gone ? "自 " + last.until->to_string() + " 起已经废止" : "这时还没有生效"),
           "\"" + last.name + "\" (" + code + ") of \"" + field.name + "\" " +
               (is_gone ? "was abolished on " + last.until->to_string() : "does not hold yet")},
          {next != nullptr ? "改用“" + next->name + "”（" + next->code + "）。"
                           : std::string("改用当时有效的代码。"),
           next != nullptr ? "Use " + next->code + " " + next->name + "." : "Use the code of that time."});
    }
  }
}

}  // namespace

void check_values(const Subjects& subjects) {
  check_required(subjects);
  check_references(subjects);
  check_codes(subjects);
}

void check_unique(const Subjects& subjects) {
  const schema::Register& target = subjects.target();
  const column::Table& table = subjects.table();
  for (std::size_t f = 0; f < target.fields.size(); ++f) {
    const Field& field = target.fields[f];
    if (field.unique == schema::Unique::No) continue;
    std::map<std::pair<std::string, std::optional<calendar::Period>>, std::size_t> first;
    for (std::size_t row = 0; row < table.size(); ++row) {
      const feel::Value value = column::value_of(table, f, row);
      if (value.is_null()) continue;
      const auto when = field.unique == schema::Unique::InPeriod ? table.period[row] : std::nullopt;
      const auto [other, is_new] = first.try_emplace({value.to_text(), when}, row);
      if (is_new || table.key[other->second] == table.key[row]) continue;
      subjects
          .add("E-LAWS-103", row, static_cast<int>(f),
               {"“" + field.name + "”的“" + value.to_text() + "”已属于" +
                    named(target, table, other->second) + "，不能有两条记录相同",
                "\"" + value.to_text() + "\" of \"" + field.name + "\" belongs to " +
                    registers::shown_key(table.key[other->second]) + " already"},
               {"核对两条记录，更正其中一条。", "Compare the two and correct one of them."})
          .others.push_back({subjects.index, other->second});
    }
  }
}

}  // namespace tenglong::laws
