#include "engine/intake/inside/match_columns.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/fingerprint/fingerprint.h"
#include "engine/schema/read_only.h"
#include "engine/text/text.h"

namespace tenglong::intake {

using calendar::Period;
using calendar::PeriodKind;
using schema::Field;
using schema::PeriodKey;
using schema::Register;
using sheet::Table;
using sheet::TableColumn;
using How = ColumnMatch::How;

const char* to_code(How how) {
  switch (how) {
    case How::Name:
      return "name";
    case How::Alias:
      return "alias";
    case How::Remembered:
      return "remembered";
    case How::Near:
      return "near";
    case How::Ignored:
      return "ignored";
  }
  return "ignored";
}

std::vector<const Field*> key_fields(const schema::Schema& schema, const Register& target) {
  std::vector<const Field*> key;
  const Register* owner = target.key.empty() && !target.of.empty() ? schema.find(target.of) : &target;
  if (owner)
    for (const std::string& id : owner->key)
      if (const Field* field = owner->find(id)) key.push_back(field);
  return key;
}

std::string plain_label(std::string_view label) {
  std::string out;
  const std::string half = text::ascii_lower(text::to_half_width(label));
  for (std::size_t at = 0; at < half.size();) {
    const std::size_t begin = at;
    const char32_t c = text::next_code_point(half, at);
    const bool dropped = c <= ' ' || c == '(' || c == ')' || c == '[' || c == ']' || c == '*' || c == ':' ||
                         c == U'【' || c == U'】' || c == U'★' || c == U'"' || c == U'“' || c == U'”' ||
                         c == U'、' || c == U'_';
    if (!dropped) out.append(half, begin, at - begin);
  }
  return out;
}

std::string header_fingerprint(const Table& table) {
  fingerprint::Digest digest;
  for (const TableColumn& column : table.columns) digest.field(column.label);
  return digest.hex();
}

bool fits(const Period& period, PeriodKey key) {
  switch (key) {
    case PeriodKey::None:
      return false;
    case PeriodKey::Year:
      return period.kind == PeriodKind::Year;
    case PeriodKey::Quarter:
      return period.kind == PeriodKind::Quarter;
    case PeriodKey::Month:
      return period.kind == PeriodKind::Month;
  }
  return false;
}

std::optional<Period> period_in(std::string_view text, PeriodKey key) {
  const std::string half = text::to_half_width(text);
  const auto is_digit = [&](std::size_t i) { return i < half.size() && half[i] >= '0' && half[i] <= '9'; };
  std::optional<Period> found;
  for (std::size_t begin = 0; begin + 4 <= half.size(); ++begin) {
    if (!is_digit(begin) || (begin > 0 && is_digit(begin - 1))) continue;
    if (!(half.compare(begin, 2, "20") == 0 || half.compare(begin, 2, "19") == 0)) continue;
    // The longest piece from here that is a period: 2023年1-12月, not only 2023年.
    std::optional<Period> longest;
    for (std::size_t end = begin + 4; end <= half.size() && end - begin <= 40; ++end) {
      if (end < half.size() && (static_cast<unsigned char>(half[end]) & 0xC0) == 0x80) continue;
      if (is_digit(end - 1) && is_digit(end)) continue;
      if (const auto period = Period::parse(std::string_view(half).substr(begin, end - begin)))
        longest = period;
    }
    if (!longest || !fits(*longest, key)) continue;
    if (found && *found != *longest) return std::nullopt;  // 2022年、2023年对比表: which one?
    found = longest;
  }
  return found;
}

namespace {

bool is_period_label(const std::string& plain) {
  static const std::set<std::string> kWords = {"年度",     "年份",     "年",       "所属期",   "所属年度",
                                               "所属年份", "统计年度", "数据年度", "评价年度", "税款所属期",
                                               "所属时期", "报告期",   "统计期",   "期间",     "季度",
                                               "月份",     "所属月份", "所属季度", "period",   "year"};
  return kWords.contains(plain);
}

// What a label may be called, best first: the whole, without its unit, its last level, each also without
// bracketed words.
std::vector<std::string> names_of(const TableColumn& column, const std::optional<Period>& period) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  const auto add_forms = [&](std::string_view label) {
    add(plain_label(label));
    const std::string half = text::to_half_width(label);
    if (const std::size_t open = half.find('('); open != std::string::npos && open > 0)
      add(plain_label(half.substr(0, open)));
  };
  std::string joined = column.name;
  add_forms(joined);
  add_forms(column.label);
  const std::size_t slash = joined.rfind('/');
  if (slash != std::string::npos) add_forms(std::string_view(joined).substr(slash + 1));
  for (std::size_t i = column.levels.size(); i-- > 0;) add_forms(column.levels[i]);
  // 2023年实缴税收 in a table of 2023.
  if (period && period->kind == PeriodKind::Year) {
    const std::string year = std::to_string(period->from.year);
    for (std::size_t i = 0, count = names.size(); i < count; ++i)
      for (const std::string& prefix : {year + "年度", year + "年", year})
        if (names[i].starts_with(prefix) && names[i].size() > prefix.size()) {
          add(names[i].substr(prefix.size()));
          break;
        }
  }
  for (std::size_t i = 0, count = names.size(); i < count; ++i)
    for (std::string_view prefix : {"当年", "本年", "是否"})
      if (names[i].starts_with(prefix) && names[i].size() > prefix.size())
        add(names[i].substr(prefix.size()));
  return names;
}

struct Candidate {
  const Field* field = nullptr;
  How how = How::Ignored;
};

// One register tried on the header.
struct Trial {
  const Register* target = nullptr;
  std::vector<const Field*> key = {};
  std::vector<Candidate> by_column = {};  // as Table::columns
  int period_at = -1;                     // index into Table::columns
  std::optional<Period> period = {};
  int score = 0;
  int near = 0;  // columns that are only near to a field of it
  bool has_key = false;
  // No key, but a name by which engine/identity can find it; and the fields that help, the name first.
  bool has_name = false;
  std::vector<const Field*> tellers = {};
  std::vector<std::vector<int>> clashes = {};  // columns of one field

  bool rests_on_near() const { return near > 0 && !names_more_than_who; }
  bool names_more_than_who = false;  // a field that is not of the key, nor a name in its place
  int rank() const { return has_key ? 2 : has_name ? 1 : 0; }
  int tells_who(const Field* field) const {
    const auto at = std::find(tellers.begin(), tellers.end(), field);
    return !has_name || at == tellers.end() ? -1 : static_cast<int>(at - tellers.begin());
  }
};

class Matcher {
 public:
  Matcher(const Table& table, const std::string& sheet_name, const std::string& file_name,
          const schema::Schema& schema, const registers::RegisterStore& store, const Options& options)
      : table_(table),
        sheet_name_(sheet_name),
        file_name_(file_name),
        schema_(schema),
        store_(store),
        options_(options),
        fingerprint_(header_fingerprint(table)) {}

  Trial attempt(const Register& target) const {
    Trial trial;
    trial.target = &target;
    trial.key = key_fields(schema_, target);
    trial.by_column.resize(table_.columns.size());
    if (target.period != PeriodKey::None) trial.period = outer_period(target.period);
    std::vector<const Field*> fields = schema_.importable_fields(target);
    trial.tellers = tellers_of(target, trial.key);
    for (const Field* teller : trial.tellers)
      if (teller && std::find(fields.begin(), fields.end(), teller) == fields.end()) fields.push_back(teller);
    std::map<std::string, Candidate> known;
    for (const Field* field : fields) known.emplace(plain_label(field->name), Candidate{field, How::Name});
    for (const Field* field : fields)
      for (const std::string& alias : field->aliases)
        known.emplace(plain_label(alias), Candidate{field, How::Alias});
    for (const Field* field : fields) known.emplace(field->id, Candidate{field, How::Alias});
    const auto remembered = store_.mapping(options_.provider, target.id, fingerprint_);
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      const TableColumn& column = table_.columns[i];
      if (decide(column, fields, trial.by_column[i])) continue;
      if (is_read_only(target, column)) {
        trial.by_column[i] = {nullptr, How::Remembered};
        continue;
      }
      if (remembered && recall(*remembered, column, fields, trial.by_column[i])) continue;
      for (const std::string& name : names_of(column, trial.period)) {
        const auto found = known.find(name);
        if (found != known.end()) {
          trial.by_column[i] = found->second;
          break;
        }
        if (target.period != PeriodKey::None && trial.period_at < 0 && is_period_label(name)) {
          trial.period_at = static_cast<int>(i);
          break;
        }
      }
    }
    settle_clashes(trial);
    settle_names(trial);
    count(trial);
    return trial;
  }

  const std::string& fingerprint() const { return fingerprint_; }

  // Title, sheet and file that name different periods; "" if they agree.
  std::string period_conflict(PeriodKey key) const {
    std::string told;
    std::set<Period> named;
    const std::pair<const char*, const std::string&> kPlaces[] = {
        {"标题", table_.title}, {"工作表名", sheet_name_}, {"文件名", file_name_}};
    for (const auto& [place, text] : kPlaces)
      if (const auto period = period_in(text, key)) {
        named.insert(*period);
        told += (told.empty() ? "" : "，") + std::string(place) + "是 " + period->to_string();
      }
    if (options_.period) {
      named.insert(*options_.period);
      told += (told.empty() ? "" : "，") + std::string("导入时指定的是 ") + options_.period->to_string();
    }
    return named.size() > 1 ? told : "";
  }
  // Of the whole sheet: what the caller says, the title, the sheet's name, the file's.
  std::optional<Period> outer_period(PeriodKey key) const {
    if (options_.period && fits(*options_.period, key)) return options_.period;
    for (const std::string& text : {table_.title, sheet_name_, file_name_})
      if (const auto period = period_in(text, key)) return period;
    return std::nullopt;
  }

 private:
  // The name of the enterprises and what helps to tell them apart (a null where there is no such field), if
  // the records are theirs; else nothing.
  std::vector<const Field*> tellers_of(const Register& target, const std::vector<const Field*>& key) const {
    if (options_.names == nullptr || key.size() != 1) return {};
    const schema::NameRules& rules = *options_.names;
    const Register* owner = schema_.find(rules.register_id);
    if (!owner || (target.id != owner->id && (target.of != owner->id || !target.key.empty()))) return {};
    std::vector<const Field*> out = {owner->find(rules.name_field)};
    if (!out.front()) return {};
    for (const std::string& id : rules.near_fields) out.push_back(owner->find(id));
    return out;
  }

  // With the key in the sheet names are only names; a name that two columns claim tells nothing.
  static void settle_names(Trial& trial) {
    const auto has = [&](const Field* field) {
      return std::any_of(trial.by_column.begin(), trial.by_column.end(),
                         [&](const Candidate& one) { return one.field && one.field == field; });
    };
    trial.has_key = !trial.key.empty() && std::all_of(trial.key.begin(), trial.key.end(), has);
    if (trial.tellers.empty()) return;
    const bool is_claimed_twice =
        std::any_of(trial.clashes.begin(), trial.clashes.end(), [&](const std::vector<int>& clash) {
          return trial.by_column[static_cast<std::size_t>(clash.front())].field == trial.tellers.front();
        });
    trial.has_name = !trial.has_key && !is_claimed_twice && has(trial.tellers.front());
    if (trial.has_name) return;
    for (Candidate& one : trial.by_column) {
      const bool is_of_another = one.field && trial.target->find(one.field->id) != one.field;
      if (is_of_another && std::find(trial.key.begin(), trial.key.end(), one.field) == trial.key.end())
        one = {};
    }
  }

  // What this system wrote out and does not read back.
  static bool is_read_only(const Register& target, const TableColumn& column) {
    const std::string label = text::to_half_width(column.label);
    if (!label.ends_with(text::to_half_width(schema::kReadOnly))) return false;
    const std::string name = plain_label(label.substr(0, label.find('(')));
    return std::any_of(target.fields.begin(), target.fields.end(),
                       [&](const Field& field) { return plain_label(field.name) == name; });
  }

  // What the caller says of a column holds.
  bool decide(const TableColumn& column, const std::vector<const Field*>& fields, Candidate& into) const {
    for (const auto& [word, wanted] : options_.decided) {
      if (word != column.letter && word != column.label && word != column.name) continue;
      into = {nullptr, How::Remembered};
      for (const Field* field : fields)
        if (field->id == wanted || field->name == wanted) into.field = field;
      return into.field || wanted.empty();
    }
    return false;
  }

  static bool recall(const registers::Mapping& mapping, const TableColumn& column,
                     const std::vector<const Field*>& fields, Candidate& into) {
    for (const auto& kept : mapping.columns) {
      if (kept.column != column.column || kept.label != column.label) continue;
      if (kept.field.empty()) {
        into = {nullptr, How::Remembered};
        return true;
      }
      for (const Field* field : fields)
        if (field->id == kept.field) {
          into = {field, How::Remembered};
          return true;
        }
    }
    return false;
  }

  // Two columns for one field: a remembered one, then one that bears the field's own name, wins; equals
  // clash.
  static void settle_clashes(Trial& trial) {
    std::map<const Field*, std::vector<int>> columns;
    for (std::size_t i = 0; i < trial.by_column.size(); ++i)
      if (trial.by_column[i].field) columns[trial.by_column[i].field].push_back(static_cast<int>(i));
    const auto rank = [&](int i) {
      const How how = trial.by_column[static_cast<std::size_t>(i)].how;
      return how == How::Remembered ? 0 : how == How::Name ? 1 : 2;
    };
    for (auto& [field, at] : columns) {
      if (at.size() < 2) continue;
      int best = 3;
      for (int i : at) best = std::min(best, rank(i));
      std::vector<int> equals;
      for (int i : at) {
        if (rank(i) == best)
          equals.push_back(i);
        else
          trial.by_column[static_cast<std::size_t>(i)] = {};
      }
      if (equals.size() > 1) trial.clashes.push_back(equals);
    }
    std::sort(trial.clashes.begin(), trial.clashes.end());
  }

  // A register is likelier for each field it finds, for fields that this sender is asked for, and if its
  // period is told.
  void count(Trial& trial) const {
    std::set<const Field*> found;
    for (const Candidate& one : trial.by_column)
      if (one.field) found.insert(one.field);
    for (const Field* field : found)
      trial.score += !options_.provider.empty() && field->provider == options_.provider ? 4 : 2;
    if (trial.period_at >= 0)
      trial.score += 2;
    else if (trial.period)
      trial.score += 1;
    // A fact register with its key, or with names in its place, alone says nothing.
    const std::size_t telling =
        trial.has_name
            ? static_cast<std::size_t>(std::count_if(found.begin(), found.end(),
                                                     [&](const Field* f) { return trial.tells_who(f) >= 0; }))
            : trial.key.size();
    trial.names_more_than_who = found.size() > telling;
    if (trial.rank() > 0) trial.near = near_columns(trial, found);
    trial.score += trial.near;
    if (!trial.target->of.empty() && found.size() + static_cast<std::size_t>(trial.near) <= telling)
      trial.score = 0;
  }

  // Columns that are no field's but spelt nearly as one, each field once.
  int near_columns(const Trial& trial, const std::set<const Field*>& found) const {
    std::map<std::string, const Field*> names;
    for (const Field* field : schema_.importable_fields(*trial.target)) {
      if (found.contains(field)) continue;
      names.emplace(plain_label(field->name), field);
      for (const std::string& alias : field->aliases) names.emplace(plain_label(alias), field);
    }
    std::vector<std::string> candidates;
    for (const auto& [name, field] : names) candidates.push_back(name);
    std::set<const Field*> near;
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      const Candidate& one = trial.by_column[i];
      if (one.field || one.how == How::Remembered || static_cast<int>(i) == trial.period_at) continue;
      const std::string name = text::nearest(plain_label(table_.columns[i].name), candidates);
      if (!name.empty()) near.insert(names.at(name));
    }
    return static_cast<int>(near.size());
  }

  const Table& table_;
  const std::string& sheet_name_;
  const std::string& file_name_;
  const schema::Schema& schema_;
  const registers::RegisterStore& store_;
  const Options& options_;
  std::string fingerprint_;
};

std::string joined_names(const std::vector<const Field*>& fields) {
  std::string out;
  for (const Field* field : fields) out += (out.empty() ? "" : "、") + field->name;
  return out;
}

// The best register that has its key; else the best at all, to say what is missing.
std::optional<Trial> choose(const Matcher& matcher, const schema::Schema& schema, const Options& options) {
  std::optional<Trial> best;
  for (const Register& one : schema.registers) {
    if (options.register_id && one.id != *options.register_id) continue;
    Trial trial = matcher.attempt(one);
    if (trial.score == 0 && !options.register_id) continue;
    const bool better =
        !best || trial.rank() > best->rank() || (trial.rank() == best->rank() && trial.score > best->score);
    if (better) best = std::move(trial);
  }
  return best;
}

void tell_unread(const Table& table, const Trial& trial, const schema::Schema& schema, SheetIntake& report,
                 Findings& findings) {
  std::vector<std::string> candidates;
  std::map<std::string, const Field*> by_plain;
  std::set<const Field*> taken;
  for (const Candidate& one : trial.by_column)
    if (one.field) taken.insert(one.field);
  for (const Field* field : schema.importable_fields(*trial.target)) {
    if (taken.contains(field)) continue;
    for (const std::string* written : {&field->name}) {
      candidates.push_back(plain_label(*written));
      by_plain.emplace(candidates.back(), field);
    }
    for (const std::string& alias : field->aliases) {
      candidates.push_back(plain_label(alias));
      by_plain.emplace(candidates.back(), field);
    }
  }
  std::string unread;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    ColumnMatch& match = report.columns[i];
    if (!match.field.empty() || trial.by_column[i].how == How::Remembered) continue;
    const std::string near = text::nearest(plain_label(table.columns[i].name), candidates);
    if (!near.empty()) {
      const Field* field = by_plain.at(near);
      match.how = How::Near;
      match.offered = field->name;
      findings.about_column(
          match.column, report.header_row,
          problem("W-INTAKE-111",
                  {"“" + match.label + "”没有认出，是不是“" + field->name + "”？",
                   "the header “" + match.label + "” is unknown; is “" + field->name + "” meant?"},
                  {"是的话改成“" + field->name + "”，或在导入时指定；现在这一列没有读。",
                   "If so, rename the header or confirm it when importing; the column was not read."}));
      continue;
    }
    unread += (unread.empty() ? "" : "、") + match.letter + " “" + match.label + "”";
  }
  if (!unread.empty())
    findings.about_sheet(problem("N-INTAKE-112",
                                 {"没有读的列：" + unread, "columns that were not read: " + unread},
                                 {"不需要的不用管；需要的，在台账里给字段加别名，或在导入时指定对应字段。",
                                  "Leave them if they are not needed; else give the field an alias or map "
                                  "the column when importing."}));
}

}  // namespace

std::optional<Layout> match_columns(const Table& table, const std::string& sheet_name,
                                    const std::string& file_name, const schema::Schema& schema,
                                    const registers::RegisterStore& store, const Options& options,
                                    SheetIntake& report, Findings& findings) {
  report.header_row = table.header_rows.empty() ? table.first_data_row - 1 : table.header_rows.back();
  for (const TableColumn& column : table.columns)
    report.columns.push_back({.column = column.column, .letter = column.letter, .label = column.label});
  const Matcher matcher(table, sheet_name, file_name, schema, store, options);
  const std::optional<Trial> chosen = choose(matcher, schema, options);
  if (!chosen) {
    std::string labels;
    for (std::size_t i = 0; i < table.columns.size() && i < 6; ++i)
      labels += (i ? "、" : "") + table.columns[i].label;
    findings.about_sheet(problem(
        "E-INTAKE-101", {"表头（" + labels + " 等）认不出属于哪个台账", "no register fits the header"},
        {"核对表头，或在导入时指定台账。", "Check the header, or name the register when importing."}));
    return std::nullopt;
  }
  const Trial& trial = *chosen;
  Layout layout;
  layout.target = trial.target;
  layout.key = trial.key;
  report.register_id = trial.target->id;
  bool is_readable = true;
  std::set<int> clashing;
  for (const std::vector<int>& clash : trial.clashes) {
    std::string labels;
    for (int i : clash) {
      clashing.insert(i);
      labels += (labels.empty() ? "" : "、") + report.columns[static_cast<std::size_t>(i)].letter + " “" +
                table.columns[static_cast<std::size_t>(i)].label + "”";
    }
    const Field* field = trial.by_column[static_cast<std::size_t>(clash.front())].field;
    findings.about_column(
        report.columns[static_cast<std::size_t>(clash.front())].column, report.header_row,
        problem(
            "E-INTAKE-104",
            {"有几列都像是“" + field->name + "”：" + labels + "，都没有读",
             "several columns look like “" + field->name + "”: " + labels + "; none was read"},
            {"留下一列，或在导入时指定用哪一列。", "Keep one of them, or say which one when importing."}));
  }
  std::set<const Field*> present;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const TableColumn& column = table.columns[i];
    ColumnMatch& match = report.columns[i];
    if (static_cast<int>(i) == trial.period_at) {
      match.field = kPeriodColumn;
      match.how = How::Name;
      layout.period_column = column.column;
      continue;
    }
    const Candidate& candidate = trial.by_column[i];
    if (candidate.how == How::Remembered) match.how = How::Remembered;
    if (!candidate.field || clashing.contains(static_cast<int>(i))) continue;
    MappedColumn mapped{.column = column.column,
                        .field = candidate.field,
                        .own_index = trial.target->field_index(candidate.field->id)};
    if (mapped.own_index >= 0 &&
        &trial.target->fields[static_cast<std::size_t>(mapped.own_index)] != candidate.field)
      mapped.own_index = -1;
    for (std::size_t k = 0; k < trial.key.size(); ++k)
      if (trial.key[k] == candidate.field) mapped.key_index = static_cast<int>(k);
    mapped.tells_who = trial.tells_who(candidate.field);
    match.how = candidate.how;
    match.field = candidate.field->id;
    if (schema::is_number(candidate.field->type) && !column.unit.empty()) {
      const auto unit = quantity::Unit::parse(column.unit);
      const bool same = unit && unit->same_dimension(candidate.field->unit);
      if (same) {
        match.unit = unit->name();
        mapped.unit = unit;
        const auto conversion = quantity::conversion(*unit, candidate.field->unit);
        if (conversion && conversion->exactness == quantity::Exactness::RoundedOnce)
          findings.about_column(
              column.column, report.header_row,
              problem(
                  "N-INTAKE-113",
                  {unit->name() + " 换算为 " + candidate.field->unit.name() + " 除不尽，按 34 位有效数字收下",
                   unit->name() + " to " + candidate.field->unit.name() +
                       " does not come out even; 34 digits are kept"},
                  {"不影响比较；若有以" + candidate.field->unit.name() + "计的原始数，直接报它更好。",
                   "Send the figure in " + candidate.field->unit.name() + " if it exists."}));
      } else if (unit && column.unit_from == sheet::UnitFrom::Header) {
        findings.about_column(
            column.column, report.header_row,
            problem(
                "E-INTAKE-105",
                {"“" + column.label + "”的单位是" + unit->dimension_name() + "，“" + candidate.field->name +
                     "”要的是" + candidate.field->unit.dimension_name() + "（" +
                     candidate.field->unit.name() + "），这一列没有读",
                 "“" + column.label + "” is in " + unit->name() + ", “" + candidate.field->name + "” in " +
                     candidate.field->unit.name() + "; the column was not read"},
                {"核对是不是另一个指标；是的话把单位改成" + candidate.field->unit.name() + "。",
                 "Check whether it is another item; else give it in " + candidate.field->unit.name() + "."}));
        match.how = How::Ignored;
        match.field.clear();
        continue;
      }
    }
    present.insert(candidate.field);
    layout.columns.push_back(std::move(mapped));
  }
  std::vector<const Field*> missing;
  for (const Field* field : trial.key)
    if (!present.contains(field)) missing.push_back(field);
  if (!missing.empty() && trial.has_name) {
    layout.is_by_name = true;
    findings.about_sheet(problem(
        "N-INTAKE-328",
        {"没有“" + joined_names(missing) + "”列，按“" + trial.tellers.front()->name + "”认定每一行是谁",
         "there is no column " + joined_names(missing) + "; each row is found by " +
             trial.tellers.front()->name},
        {"认不准的行不收，认定一次以后再传；最好请填报单位补上“" + joined_names(missing) + "”。",
         "Rows that are in doubt stay out until somebody decides; codes are better."}));
  } else if (!missing.empty()) {
    findings.about_sheet(problem(
        "E-INTAKE-102",
        {"像是“" + trial.target->name + "”的表，但没有“" + joined_names(missing) + "”列，不知道每行说的是谁",
         "it looks like " + trial.target->id + ", but the key column " + joined_names(missing) +
             " is missing"},
        {"加上这一列；已经有的，把表头写成“" + joined_names(missing) + "”。",
         "Add the column, or give it that header."}));
    is_readable = false;
  }
  // Only who the rows are about was made out: what is said of them is for the sender to say.
  if (is_readable && trial.rests_on_near() && !options.ask_near) {
    findings.about_sheet(problem(
        "E-INTAKE-118",
        {"像是“" + trial.target->name + "”的表，但除了“" + joined_names(trial.key) +
             "”没有一列认得准，一行也没有读",
         "it looks like " + trial.target->id + ", but no column besides " + joined_names(trial.key) +
             " is certain; no row was read"},
        {"照下面说的核对表头，改好或在导入时指定（--map 表头=字段）；确实只报代码的，指定台账。",
         "Check the headers named below and mend or map them; if only codes are meant, name the register."}));
    is_readable = false;
  }
  missing.clear();
  for (const Field& field : trial.target->fields)
    if (field.required && !present.contains(&field) &&
        (field.provider.empty() || field.provider == options.provider) &&
        std::find(trial.key.begin(), trial.key.end(), &field) == trial.key.end()) {
      const bool from_options =
          trial.target->external_results && !options.document.empty() && field.id.ends_with("document");
      if (!from_options) missing.push_back(&field);
    }
  if (!missing.empty() && is_readable) {
    findings.about_sheet(problem("E-INTAKE-106",
                                 {"缺少必填的列：“" + joined_names(missing) + "”",
                                  "required columns are missing: " + joined_names(missing)},
                                 {"加上再传。", "Add them and send the file again."}));
    is_readable = false;
  }
  if (trial.target->period != PeriodKey::None && layout.period_column == 0) {
    layout.period = trial.period;
    report.period = trial.period;
    if (const std::string told = matcher.period_conflict(trial.target->period); trial.period && !told.empty())
      findings.about_sheet(problem(
          "W-INTAKE-114",
          {"期间说法不一：" + told + "；按 " + trial.period->to_string() + " 读",
           "title, sheet and file name different periods; it is read as " + trial.period->to_string()},
          {"核对是哪一期；不是的，改好标题再传，或在导入时指定期间。",
           "Check which it is; else mend the title or name the period when importing."}));
    if (!trial.period) {
      findings.about_sheet(problem(
          "E-INTAKE-103",
          {"不知道是哪一期的数：没有年度列，标题、工作表名和文件名里也没有（或不止一个）",
           "no period: neither a column nor the title, the sheet's or the file's name gives one"},
          {"加一列“年度”，或在导入时指定年度。", "Add a column 年度, or name the period when importing."}));
      is_readable = false;
    }
  } else if (layout.period_column != 0 && options.period) {
    layout.period = options.period;  // for rows whose cell is empty
  }
  if (trial.target->external_results) {
    for (const MappedColumn& mapped : layout.columns)
      if (mapped.field->id.ends_with("document")) layout.document_column = mapped.column;
    if (layout.document_column == 0 && options.document.empty()) {
      findings.about_sheet(problem(
          "E-INTAKE-107",
          {"以前年度公布的结果要有公布文号，表里没有，导入时也没有写",
           "published results need their document number"},
          {"加一列“公布文号”，或在导入时写明文号。", "Add a column with it, or give it when importing."}));
      is_readable = false;
    }
  }
  tell_unread(table, trial, schema, report, findings);
  if (!is_readable) return std::nullopt;
  return layout;
}

}  // namespace tenglong::intake
