#include <algorithm>
#include <map>
#include <unordered_set>

#include "engine/intake/inside/check_group.h"
#include "engine/intake/inside/name_reader.h"
#include "engine/register/record_key.h"
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
  // A figure that is final now, or holds from another day, is news though it is the same.
  bool says_as_much(const LastWord& said) const {
    const auto batch = batches_.find(said.batch);
    return !options_.effective &&
           (batch == batches_.end() || batch->second.is_preliminary == options_.is_preliminary);
  }

  void compare() {
    const std::vector<KeptValue> values = group_.values_of(*row_);
    const auto own = words_.find(options_.provider);
    bool is_unchanged = own != words_.end();
    for (const KeptValue& value : values) {
      if (is_unchanged) {
        const auto said = own->second.find(value.field);
        is_unchanged =
            said != own->second.end() && same_value(said->second.value, value) && says_as_much(said->second);
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
      if (registers::is_ruling(batch.source) || (batch.is_preliminary && !options_.is_preliminary)) continue;
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

calendar::Date asked_on(const Options& options) {
  return calendar::Date::parse(std::string_view(options.received_at).substr(0, 10))
      .value_or(calendar::Date{9999, 12, 31});
}

namespace {

// True if something is known about the code: decided, or alike somebody.
bool tell_candidates(const Group& group, const KeptRow& row, bool is_key, const std::string& wanted,
                     const Options& options, Findings& findings) {
  const identity::Answer answer = options.enterprises()->ask({.code = wanted}, asked_on(options));
  if (answer.decided) {
    const bool is_followed = is_key && decided_key(group, row, options);
    findings.about_row(
        row.row,
        problem(is_followed ? "N-INTAKE-322" : "W-INTAKE-323",
                {"“" + wanted + "”以前认定为 " + *answer.decided +
                     (is_followed ? "，这一行记到它名下" : "，但表里另有一行就是它，这一行没有并过去"),
                 "“" + wanted + "” was decided to be " + *answer.decided +
                     (is_followed ? "; the row is entered for it" : ", but another row of the sheet is it")},
                is_followed ? text::Words{"下次报表请用新代码。", "Use that code next time."}
                            : text::Words{"两行合成一行再报。", "Make one row of the two."}));
    return true;
  }
  if (answer.candidates.empty()) return false;
  const text::Words who = in_words(answer.candidates);
  findings.about_row(row.row, problem("W-INTAKE-321",
                                      {"“" + wanted + "”不在底册里，像是 " + who.zh,
                                       "“" + wanted + "” is not in the register; it may be " + who.en},
                                      {"认定一次，以后不再问：tenglong identity decide 底册代码 --code " +
                                           wanted + "；不是就加 --different。",
                                       "Decide once: tenglong identity decide CODE --code " + wanted + "."}));
  return true;
}

}  // namespace

std::optional<std::string> decided_key(const Group& group, const KeptRow& row, const Options& options) {
  if (options.names == nullptr || group.target().of != options.names->register_id) return std::nullopt;
  std::optional<std::string> decided =
      options.enterprises()->ask({.code = std::string(group.key_of(row))}, asked_on(options)).decided;
  if (!decided || group.find(*decided, group.period_of(row))) return std::nullopt;
  return decided;
}

void check_closed(Group& group, const Options& options, Findings& findings) {
  if (options.closed.empty()) return;
  for (KeptRow& row : group.rows) {
    if (row.fate != KeptRow::Fate::Accepted || !group.period_of(row)) continue;
    for (const ClosedPeriod& closed : options.closed) {
      if (!closed.period.contains(*group.period_of(row))) continue;
      row.fate = KeptRow::Fate::Refused;
      findings.set_sheet(group.sheets[row.sheet].name);
      findings.about_row(
          row.row, problem("E-INTAKE-324",
                           {closed.period.to_string() + " 已于 " + closed.since +
                                " 锁定，这一行与锁定的数不同，没有收",
                            closed.period.to_string() + " was locked on " + closed.since +
                                "; the row differs and is refused"},
                           {"确要改，提更正单：tenglong correct propose，写明理由和佐证，由另一人批准。",
                            "Propose a correction with its reason and proof; another person approves it."}));
      break;
    }
  }
}

void check_ended(const Group& group, const Options& options, Findings& findings) {
  if (options.events.empty() || options.names == nullptr || group.target().of != options.names->register_id)
    return;
  std::unordered_set<std::string> touched;
  for (const identity::Event& each : options.events) touched.insert(each.from.begin(), each.from.end());
  for (const KeptRow& row : group.rows) {
    const std::string key(group.key_of(row));
    const auto period = group.period_of(row);
    if (row.fate != KeptRow::Fate::Accepted || !period || !touched.contains(key)) continue;
    const identity::Succession since = identity::successor_of(key, period->from, options.events);
    if (std::find(since.codes.begin(), since.codes.end(), key) != since.codes.end()) continue;
    // What ended it; its successor may have gone on to others.
    const auto has = [&](const std::vector<std::string>& codes) {
      return std::find(codes.begin(), codes.end(), key) != codes.end();
    };
    const identity::Event& last =
        *std::find_if(since.followed.begin(), since.followed.end(),
                      [&](const identity::Event& each) { return has(each.from) && !has(each.to); });
    std::string now;
    for (const std::string& code : since.codes) now += (now.empty() ? "" : "、") + code;
    findings.set_sheet(group.sheets[row.sheet].name);
    findings.about_row(
        row.row,
        problem(
            "W-INTAKE-332",
            {"“" + key + "”已于 " + last.on.to_string() + " " + name_of(last.kind).zh +
                 (now.empty() ? "" : "，现为 " + now) + "，" + period->to_string() + " 的数还报在它名下",
             "“" + key + "” had ended on " + last.on.to_string() + " (" + name_of(last.kind).en + ")" +
                 (now.empty() ? "" : ", it is now " + now) + "; the figures are of " + period->to_string()},
            now.empty() ? text::Words{"核对代码和期间；没有注销的，更正那次变更的日子。",
                                      "Check the code and the period, or the day of the closing."}
                        : text::Words{"是承继者的数，改成它的代码再传；核对变更的日子。",
                                      "If they are its successor's, send them under that code."}));
  }
}

std::unordered_set<std::string> check_parents(const Group& group, const schema::Schema& schema,
                                              const RegisterStore& store, const KeysByRegister& of_this_file,
                                              const Options& options, Findings& findings) {
  std::unordered_set<std::string> unknown;
  if (group.rows.empty()) return unknown;
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
    const auto with_it = of_this_file.find(id);
    if (store.statement_count(id) == 0 && (with_it == of_this_file.end() || with_it->second.empty())) {
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
    if (with_it != of_this_file.end())
      links.back().keys.insert(with_it->second.begin(), with_it->second.end());
  };
  if (!group.target().of.empty()) link(group.target().of, -1);
  for (std::size_t f = 0; f < group.target().fields.size(); ++f)
    if (group.target().fields[f].type == schema::FieldType::Reference)
      link(group.target().fields[f].to, static_cast<int>(f));
  if (links.empty()) return unknown;
  for (const KeptRow& row : group.rows) {
    if (row.fate != KeptRow::Fate::Accepted && row.fate != KeptRow::Fate::Unchanged) continue;
    std::vector<KeptValue> values;
    for (const Link& one : links) {
      std::string wanted(one.field < 0 ? group.key_of(row) : std::string_view());
      if (one.field >= 0) {
        if (values.empty()) values = group.values_of(row);
        for (const KeptValue& value : values)
          if (value.field == one.field && value.state == State::Known)
            wanted = registers::to_text(value.value);
        if (wanted.empty()) continue;
      }
      if (one.keys.contains(wanted)) continue;
      if (one.field < 0) unknown.insert(wanted);
      const std::string printed = registers::shown_key(wanted);
      findings.set_sheet(group.sheets[row.sheet].name);
      if (options.names != nullptr && options.names->register_id == one.to->id &&
          tell_candidates(group, row, one.field < 0, wanted, options, findings))
        continue;
      findings.about_row(row.row, problem("W-INTAKE-305",
                                          {"“" + printed + "”不在“" + one.to->name + "”台账里",
                                           "“" + printed + "” is not in the register " + one.to->id},
                                          {"核对代码；确是新的，补录到“" + one.to->name + "”。",
                                           "Check it; if it is new, enter it there."}));
    }
  }
  return unknown;
}

}  // namespace tenglong::intake
