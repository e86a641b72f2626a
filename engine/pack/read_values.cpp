// `yaml parameter`, `yaml fill`; the rows of their tables, lookup and gaps.
#include <algorithm>

#include "engine/pack/inside/draft.h"

namespace tenglong::pack {
namespace {

using diagnostic::Place;

bool same_values(const feel::List& a, const feel::List& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!feel::equal(a[i], b[i]).value_or(false)) return false;
  return true;
}

bool same_key(const ParameterRow& a, const ParameterRow& b) {
  return a.from == b.from && same_values(a.keys, b.keys);
}

struct RowsOf {
  const std::vector<std::string>& keys;
  const feel::Type& type;
  const std::string& block_source;
  std::string what;  // for messages
};

// A parameter with one value may say `value:`; every other has a table.
std::vector<ParameterRow> read_rows(Draft& draft, const RawBlock& raw, Keys& yaml, const RowsOf& of) {
  Findings& findings = draft.findings;
  const std::string& file = raw.place.file;
  std::vector<ParameterRow> rows;
  auto value_of = [&](std::string_view written, const Place& place, ParameterRow& row) {
    if (text::trim(written) == kUnpublished) return true;  // a gap
    row.value = constant_of(draft, written, place, of.type);
    if (row.value && row.value->is_null()) {
      findings.add("E-PACK-114", place, {"null 不是参数的值。", "null is no value of a parameter."},
                   {"没公布的写“未公布”。", "Write 未公布 for an unpublished value."});
      row.value.reset();
      return false;
    }
    return row.value.has_value();
  };
  auto check_source = [&](const ParameterRow& row, const Place& place) {
    if (!row.source.empty() || !row.value) return;
    findings.add("E-PACK-207", place,
                 {of.what + "的这个数没有出处。", "This number of " + of.what + " has no source."},
                 {"补写 source:，或在表里加“出处”一列。", "Add source:, or a column 出处."});
  };

  if (const Yaml* value = yaml.find("value")) {
    ParameterRow row;
    row.place = value->place;
    row.source = of.block_source;
    if (!of.keys.empty())
      findings.add("E-PACK-107", value->place,
                   {"有 keys 的参数用表写值，不用 value。",
                    "A parameter with keys takes its values from a table, not from value."},
                   {"删去 value，在块下写表。", "Remove value and write a table under the block."});
    const std::string written = constant_text(*value, of.type, "value", findings);
    if (value_of(written, value->place, row)) rows.push_back(std::move(row));
    if (raw.table != nullptr)
      findings.add("E-PACK-107", value->place, {"value 和表只能写一个。", "Give either value or a table."},
                   {"删去其中一个。", "Remove one of them."});
    return rows;
  }

  std::vector<ColumnWish> wishes;
  for (const std::string& key : of.keys) wishes.push_back({key});
  wishes.push_back({"生效", false});
  wishes.push_back({"值"});
  wishes.push_back({"出处", false});
  wishes.push_back({"说明", false});
  const std::size_t from_at = of.keys.size();
  const auto view = view_table(draft, raw, wishes);
  if (!view) return rows;
  for (std::size_t r = 0; r < view->rows.size(); ++r) {
    ParameterRow row;
    bool good = true;
    for (std::size_t k = 0; k < of.keys.size(); ++k) {
      const Cell& cell = *view->cell(r, k);
      const auto key = is_filled(draft, cell, file)
                           ? constant_of(draft, cell.text, place_of(cell, file), feel::Type::any())
                           : std::nullopt;
      good = good && key.has_value();
      if (key) row.keys.push_back(*key);
    }
    if (const Cell* from = view->cell(r, from_at)) {
      const auto date = is_filled(draft, *from, file) ? constant_of(draft, from->text, place_of(*from, file),
                                                                    feel::Type::of(feel::Kind::Date))
                                                      : std::nullopt;
      good = good && date.has_value() && !date->is_null();
      if (good) row.from = date->date();
    }
    const Cell& cell = *view->cell(r, from_at + 1);
    row.place = place_of(cell, file);
    const Cell* source = view->cell(r, from_at + 2);
    row.source = of.block_source;
    if (source != nullptr && is_filled(draft, *source, file) && source->text != "-") {
      row.source = source->text;
      cite(draft, row.source, place_of(*source, file));
    }
    good = is_filled(draft, cell, file) && value_of(cell.text, row.place, row) && good;
    check_source(row, row.place);
    if (good) rows.push_back(std::move(row));
  }
  return rows;
}

void report_doubles(Draft& draft, const Parameter& parameter) {
  std::map<std::string, const ParameterRow*> first_rows;
  for (const ParameterRow& row : parameter.rows) {
    const std::string words = row_in_words(parameter, row);
    const auto [first, is_new] = first_rows.emplace(words, &row);
    if (is_new) continue;
    draft.findings
        .add("E-PACK-216", row.place,
             {"“" + parameter.name + "”有两行的条件相同" + (words.empty() ? "" : "（" + words + "）") +
                  "，不知取哪个值。",
              "Two rows of \"" + parameter.name + "\" have the same keys" +
                  (words.empty() ? "" : " (" + words + ")") + "; which value holds is unknown."},
             {"删去一行；数值随时间变的，加“生效”一列。",
              "Remove one; add a column 生效 if the value changes with time."})
        .related.push_back({first->second->place, {"另一行在这里", "the other row"}});
  }
}

// A later document says this parameter anew: what was filled before does not come after it.
bool is_revised(const Draft& draft, const diagnostic::Place& place) {
  return std::any_of(draft.folders.begin(), draft.folders.end(), [&](const Folder& folder) {
    return folder.is_revision && std::any_of(folder.files.begin(), folder.files.end(),
                                             [&](const SourceFile& file) { return file.path == place.file; });
  });
}

}  // namespace

void read_parameter(Draft& draft, const RawBlock& raw) {
  Keys keys(raw.root, "parameter", draft.findings);
  Parameter parameter;
  // A source is required of every row; the block's serves the rows that name none.
  read_block_head(draft, raw, keys, parameter, SourceRule::Required);
  parameter.type = declared_type(draft, keys, parameter.unit, parameter.codes);
  parameter.type.nullable = true;
  parameter.keys = keys.texts("keys");
  parameter.asked_of = keys.text("asked_of");
  keys.text("note");
  parameter.rows = read_rows(draft, raw, keys,
                             {parameter.keys, parameter.type, parameter.source, "“" + parameter.name + "”"});
  keys.finish();
  report_doubles(draft, parameter);
  const bool all_dated = std::all_of(parameter.rows.begin(), parameter.rows.end(),
                                     [](const ParameterRow& row) { return row.from.has_value(); });
  if (parameter.keys.empty() && all_dated)
    std::stable_sort(parameter.rows.begin(), parameter.rows.end(),
                     [](const ParameterRow& a, const ParameterRow& b) { return *a.from < *b.from; });
  draft.pack.parameters.push_back(std::move(parameter));
}

void read_fill(Draft& draft, const RawBlock& raw) {
  Findings& findings = draft.findings;
  findings.clause = raw.clause_id;
  Keys keys(raw.root, "fill", findings);
  const std::string name = keys.text("parameter", Need::Required);
  std::string source = keys.text("source");
  keys.text("note");
  const std::string mark = draft.folders[raw.folder].head.mark;
  if (source.empty()) source = mark;
  std::vector<std::string> names;
  Parameter* target = nullptr;
  for (Parameter& parameter : draft.pack.parameters) {
    names.push_back(parameter.name);
    if (parameter.name == name || parameter.id == name) target = &parameter;
  }
  if (target == nullptr) {
    if (!name.empty())
      findings.add("E-PACK-202", keys.place_of("parameter"),
                   {"没有叫“" + name + "”的参数可补。", "There is no parameter \"" + name + "\" to fill."},
                   near_or_list(name, names));
    keys.find("value");
    keys.finish();
    return;
  }
  findings.clause = target->clause;
  const std::vector<ParameterRow> rows =
      read_rows(draft, raw, keys, {target->keys, target->type, source, "“" + target->name + "”"});
  keys.finish();
  for (const ParameterRow& row : rows) {
    const auto gap = std::find_if(target->rows.begin(), target->rows.end(),
                                  [&](const ParameterRow& one) { return same_key(one, row); });
    const std::string words = row_in_words(*target, row);
    const std::string zh = "“" + target->name + "”" + (words.empty() ? "" : "（" + words + "）");
    const bool is_said_anew = is_revised(draft, target->place) && (gap == target->rows.end() || gap->value);
    if (is_said_anew && row.value) continue;
    if (!row.value) {
      findings.add("E-PACK-217", row.place, {"补值表里不能写“未公布”。", "A fill cannot be 未公布."},
                   {"写一个值，或删去这一行。", "Write a value, or remove the row."});
    } else if (gap == target->rows.end()) {
      findings
          .add("E-PACK-217", row.place,
               {zh + "在原包里没有这一行，覆盖包只能补原包声明的缺口。",
                zh + ": the pack has no such row; an overlay fills declared gaps only."},
               {"先在原包里写一行“未公布”。", "First declare the row 未公布 in the pack."})
          .related.push_back({target->place, {"参数在这里", "the parameter"}});
    } else if (gap->value && (gap->mark.empty() || !mark.empty())) {
      findings
          .add("E-PACK-217", row.place,
               {zh + (gap->mark.empty() ? "在原包里已经公布，覆盖包不能改。" : "已被补过一次。"),
                zh + (gap->mark.empty() ? " is published in the pack; an overlay cannot change it."
                                        : " is filled already.")},
               {"删去这一行。", "Remove this row."})
          .related.push_back({gap->place,
                              {gap->mark.empty() ? "原包的值" : "先补的值",
                               gap->mark.empty() ? "the published value" : "the earlier fill"}});
    } else {  // wanting, or a sample where now a published value is
      gap->value = row.value;
      gap->mark = mark;
      gap->source = row.source;
      gap->place = row.place;
    }
  }
}

const ParameterRow* lookup(const Parameter& parameter, const feel::List& keys, calendar::Date on) {
  const ParameterRow* found = nullptr;
  for (const ParameterRow& row : parameter.rows) {
    if (!same_values(row.keys, keys)) continue;
    if (!row.from) return &row;
    if (*row.from <= on && (found == nullptr || *found->from <= *row.from)) found = &row;
  }
  return found;
}

}  // namespace tenglong::pack
