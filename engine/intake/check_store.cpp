#include <algorithm>
#include <map>
#include <unordered_set>

#include "engine/intake/inside/check_group.h"
#include "engine/text/ensure.h"

namespace tenglong::intake {

using quantity::State;
using registers::Batch;
using registers::BatchId;
using registers::RegisterStore;
using registers::Statement;

namespace {

// The last word of one provider on each field of one record.
struct LastWord {
  KeptValue value = {};
  BatchId batch = {};
  std::string sheet = {};
  std::int64_t row = 0;
};
using LastWords = std::map<std::string, std::map<int, LastWord>>;  // provider, field

class StoreCheck {
 public:
  StoreCheck(Group& group, const RegisterStore& store, const Options& options, Findings& findings)
      : group_(group), options_(options), findings_(findings) {
    for (const Batch& batch : store.batches()) batches_.emplace(batch.id, batch);
  }

  void hear(Statement&& statement) {
    if (statement.record_key != key_ || statement.period != period_) {
      settle();
      key_ = statement.record_key;
      period_ = statement.period;
      row_ = group_.find(key_, period_);
    }
    if (!row_) return;
    const auto batch = batches_.find(statement.batch);
    const std::string provider = batch == batches_.end() ? "" : batch->second.provider;
    for (registers::FieldValue& value : statement.values)
      words_[provider][value.field] = {{value.field, value.state, std::move(value.value)},
                                       statement.batch,
                                       statement.sheet,
                                       statement.row};
  }

  void settle() {
    if (row_ && row_->fate == KeptRow::Fate::Accepted) compare();
    words_.clear();
    row_ = nullptr;
  }

 private:
  void compare() {
    const std::vector<KeptValue> values = group_.values_of(*row_);
    const auto own = words_.find(options_.provider);
    bool is_unchanged = own != words_.end();
    for (const KeptValue& value : values) {
      if (is_unchanged) {
        const auto said = own->second.find(value.field);
        is_unchanged = said != own->second.end() && same_value(said->second.value, value);
      }
      if (value.state == State::Known) tell_conflicts(value);
    }
    if (is_unchanged)
      group_.rows[static_cast<std::size_t>(row_ - group_.rows.data())].fate = KeptRow::Fate::Unchanged;
  }

  void tell_conflicts(const KeptValue& value) {
    const schema::Field& field = group_.target().fields[static_cast<std::size_t>(value.field)];
    for (const auto& [provider, said_by_field] : words_) {
      if (provider == options_.provider) continue;
      const auto said = said_by_field.find(value.field);
      if (said == said_by_field.end() || said->second.value.state != State::Known ||
          same_value(said->second.value, value))
        continue;
      const LastWord& other = said->second;
      const Batch& batch = batches_.at(other.batch);
      const ReadSheet& sheet = group_.sheets[row_->sheet];
      findings_.set_sheet(sheet.name);
      const std::string unit = field.unit.is_bare() ? "" : " " + field.unit.name();
      const std::string holds = field.provider == options_.provider
                                    ? "以本表为准（" + field.provider + "是这一项的提供单位）"
                                : field.provider == provider ? "以" + provider + "的为准（这一项由它提供）"
                                                             : "选定之前记为存疑";
      findings_.about_cell(
          row_->row, column_of(sheet, value.field),
          problem("W-INTAKE-304",
                  {"“" + field.name + "”本表为 " + shown(value) + unit + "，" +
                       (provider.empty() ? "已有" : provider) + "报的是 " + shown(other.value) + unit + "（" +
                       batch.file_name + " 第 " + std::to_string(other.row) + " 行），" + holds,
                   "“" + field.name + "” is " + shown(value) + " here, but " + shown(other.value) + " by " +
                       provider},
                  {"两家核对一次，错的一方更正后重报。",
                   "Compare the two; whoever is wrong sends a correction."}),
          {{{.file = batch.file_name, .sheet = other.sheet, .cell = std::to_string(other.row)},
            {provider + "，" + batch.received_at, provider + ", " + batch.received_at}}});
    }
  }

  Group& group_;
  const Options& options_;
  Findings& findings_;
  std::map<BatchId, Batch> batches_;
  std::string key_;
  std::optional<calendar::Period> period_;
  const KeptRow* row_ = nullptr;
  LastWords words_;
};

std::unordered_set<std::string> keys_of(const RegisterStore& store, const std::string& register_id) {
  std::unordered_set<std::string> keys;
  store.read(register_id, std::nullopt,
             [&](Statement&& statement) { keys.insert(std::move(statement.record_key)); });
  return keys;
}

}  // namespace

void check_against_store(Group& group, const RegisterStore& store, const Options& options,
                         Findings& findings) {
  if (store.statement_count(group.target().id) == 0) return;
  StoreCheck check(group, store, options, findings);
  store.read(group.target().id, std::nullopt,
             [&](Statement&& statement) { check.hear(std::move(statement)); });
  check.settle();
}

void check_parents(const Group& group, const schema::Schema& schema, const RegisterStore& store,
                   Findings& findings) {
  if (group.rows.empty()) return;
  struct Link {
    const schema::Register* to;
    int field;  // -1: the record key itself
    std::unordered_set<std::string> keys;
  };
  std::vector<Link> links;
  const auto link = [&](const std::string& id, int field) {
    const schema::Register* to = schema.find(id);
    if (!to) return;
    const bool mapped = field < 0 || std::any_of(group.sheets.begin(), group.sheets.end(),
                                                 [&](const ReadSheet& s) { return column_of(s, field) > 0; });
    if (!mapped) return;
    if (store.statement_count(id) == 0) {
      findings.set_sheet(group.sheets.front().name);
      findings.about_sheet(
          problem("W-INTAKE-306",
                  {"“" + to->name + "”台账还是空的，本表每一行都找不到对应的" + to->name,
                   "the register " + to->id + " is still empty: no row finds its record there"},
                  {"接着导入“" + to->name + "”；本表不用重传。",
                   "Import that register next; this file need not be sent again."}));
      return;
    }
    links.push_back({to, field, keys_of(store, id)});
  };
  if (!group.target().of.empty()) link(group.target().of, -1);
  for (std::size_t f = 0; f < group.target().fields.size(); ++f)
    if (group.target().fields[f].type == schema::FieldType::Reference)
      link(group.target().fields[f].to, static_cast<int>(f));
  if (links.empty()) return;
  for (const KeptRow& row : group.rows) {
    if (row.fate != KeptRow::Fate::Accepted && row.fate != KeptRow::Fate::Unchanged) continue;
    std::vector<KeptValue> values;
    for (const Link& one : links) {
      std::string wanted = one.field < 0 ? *row.key : "";
      if (one.field >= 0) {
        if (values.empty()) values = group.values_of(row);
        for (const KeptValue& value : values)
          if (value.field == one.field && value.state == State::Known)
            wanted = registers::to_text(value.value);
        if (wanted.empty()) continue;
      }
      if (one.keys.contains(wanted)) continue;
      std::string printed = wanted;
      std::replace(printed.begin(), printed.end(), '\x1F', '/');
      findings.set_sheet(group.sheets[row.sheet].name);
      findings.about_row(row.row, problem("W-INTAKE-305",
                                          {"“" + printed + "”不在“" + one.to->name + "”台账里",
                                           "“" + printed + "” is not in the register " + one.to->id},
                                          {"核对代码；确是新的，补录到“" + one.to->name + "”。",
                                           "Check it; if it is new, enter it there."}));
    }
  }
}

}  // namespace tenglong::intake
