// What every kind of block shares: its head, its citations, its table, its constants.
#include <algorithm>

#include "engine/feel/evaluate.h"
#include "engine/feel/syntax.h"
#include "engine/pack/inside/draft.h"

namespace tenglong::pack {
namespace {

using diagnostic::Place;

bool is_snake_case(std::string_view id) {
  if (id.empty() || id[0] < 'a' || id[0] > 'z') return false;
  return std::all_of(id.begin(), id.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

// P10, R01, Q03: a capital and two digits (three for packs with more than 99).
bool is_number(std::string_view id) {
  if (id.size() < 3 || id.size() > 4 || id[0] < 'A' || id[0] > 'Z') return false;
  return std::all_of(id.begin() + 1, id.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string in_words(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : "、") + name;
  return out;
}

}  // namespace

void read_block_head(Draft& draft, const RawBlock& raw, Keys& keys, Block& block, SourceRule rule) {
  block.place = raw.place;
  note_key_places(draft, raw.place, raw.root);
  block.id = keys.text("id", Need::Required);
  block.number = keys.text("number");
  const bool id_is_number = is_number(block.id) && (raw.kind == "target" || raw.kind == "question");
  if (block.number.empty() && id_is_number) block.number = block.id;
  const bool labelled = !block.number.empty() && raw.kind != "question";
  block.clause = raw.clause_id;
  if (labelled) block.clause += (block.clause.empty() ? "" : "·") + block.number;
  draft.findings.clause = block.clause;
  block.name = keys.text("name", Need::Required);
  block.source = keys.text("source");
  if (!block.id.empty() && !id_is_number && !is_snake_case(block.id))
    draft.findings.add(
        "E-PACK-109", keys.place_of("id"),
        {"id “" + block.id + "”要用小写英文、数字和下划线，以字母开头。",
         "The id \"" + block.id + "\" must be snake_case: lower-case letters, digits, underscores."},
        {"例如 tax_per_mu；中文写在 name。", "For example tax_per_mu; Chinese belongs in name."});
  if (!block.number.empty() && !is_number(block.number))
    draft.findings.add("E-PACK-109", keys.place_of("number"),
                       {"编号“" + block.number + "”应是一个大写字母加数字。",
                        "The number \"" + block.number + "\" must be a capital and digits."},
                       {"例如 P09、R01、Q03。", "For example P09, R01, Q03."});
  if (rule == SourceRule::Required && block.source.empty())
    draft.findings.add("E-PACK-207", raw.place,
                       {raw.kind + "“" + block.name + "”没有写出处。",
                        "The " + raw.kind + " \"" + block.name + "\" names no source."},
                       {"补写 source:（文号、标准、Qnn、建……或“缺省，待确认”）。",
                        "Add source: a document number, a standard, Qnn, 建..., or 缺省，待确认."});
  if (!block.source.empty()) cite(draft, block.source, keys.place_of("source"));
}

namespace {
std::string key_of(const Place& block, std::string_view key, std::string_view word) {
  std::string out = block.file + ":" + std::to_string(block.line) + ":" + std::to_string(block.column) + ":";
  return out.append(key).append(1, '\0').append(word);
}
}  // namespace

void note_key_places(Draft& draft, const Place& block, const Yaml& node) {
  for (const YamlEntry& entry : node.entries) {
    draft.key_places.emplace(key_of(block, entry.key, ""), entry.value.place);
    if (entry.value.kind == Yaml::Kind::Scalar)
      draft.key_places.emplace(key_of(block, entry.key, text::trim(entry.value.scalar)), entry.value.place);
    for (const Yaml& item : entry.value.items) {
      draft.key_places.emplace(key_of(block, entry.key, text::trim(item.scalar)), item.place);
      if (item.kind == Yaml::Kind::Map) note_key_places(draft, item.place, item);
      for (const Yaml& inner : item.items)
        draft.key_places.emplace(key_of(block, entry.key, text::trim(inner.scalar)), inner.place);
    }
    if (entry.value.kind == Yaml::Kind::Map) note_key_places(draft, block, entry.value);
  }
}

Place place_of_key(const Draft& draft, const Place& block, std::string_view key, std::string_view word) {
  for (const std::string_view one : {word, std::string_view()})
    if (const auto found = draft.key_places.find(key_of(block, key, one)); found != draft.key_places.end())
      return found->second;
  return block;
}

std::string constant_text(const Yaml& node, const feel::Type& type, std::string_view key,
                          Findings& findings) {
  const std::string written = text_of(node, key, findings);
  const bool is_bare = node.is_quoted && type.kind == feel::Kind::String && !written.starts_with('"');
  return is_bare ? "\"" + written + "\"" : written;
}

void cite(Draft& draft, const std::string& text, const Place& place) {
  draft.citations.push_back({text, place, draft.findings.clause});
}

std::vector<Reasoned> read_reasoned(Draft& draft, Keys& keys, std::string_view key) {
  std::vector<Reasoned> out;
  const Yaml* node = keys.find(key);
  if (node == nullptr) return out;
  if (node->kind == Yaml::Kind::Scalar) {
    Reasoned one;
    one.when = expression_of(*node, draft.findings);
    one.reason = std::string(text::trim(node->scalar));
    out.push_back(std::move(one));
    return out;
  }
  std::vector<const Yaml*> items;
  if (node->kind == Yaml::Kind::Map) items.push_back(node);
  for (const Yaml& item : node->items) items.push_back(&item);
  for (const Yaml* item : items) {
    if (item->kind != Yaml::Kind::Map) {
      draft.findings.add(
          "E-PACK-107", item->place,
          {"这里应是 {when: ..., reason: ...}。", "A {when: ..., reason: ...} belongs here."},
          {"只有一个条件时，可以直接写表达式。", "A single condition may stand without brackets."});
      continue;
    }
    Keys inner(*item, std::string(key), draft.findings);
    Reasoned one;
    one.when = inner.expression("when", Need::Required);
    one.reason = inner.text("reason", Need::Required);
    inner.finish();
    out.push_back(std::move(one));
  }
  return out;
}

const Cell* TableView::cell(std::size_t row, std::size_t wish) const {
  return at[wish] < 0 ? nullptr : &(*rows[row])[static_cast<std::size_t>(at[wish])];
}

Place place_of(const Cell& cell, const std::string& file) {
  return {.file = file, .line = cell.line, .column = cell.column, .end_column = cell.end_column};
}

Place place_of_row(const std::vector<Cell>& row, const std::string& file) {
  if (row.empty()) return {.file = file};
  return {.file = file,
          .line = row.front().line,
          .column = row.front().column,
          .end_column = row.back().end_column};
}

bool is_filled(Draft& draft, const Cell& cell, const std::string& file) {
  if (!cell.text.empty()) return true;
  draft.findings.add("E-PACK-113", place_of(cell, file),
                     {"这一格是空的，看不出是零、任意还是没公布。",
                      "An empty cell does not say whether it means zero, anything or unpublished."},
                     {"没公布的写“未公布”，任意的写“-”。", "Write 未公布 for unpublished, - for anything."});
  return false;
}

std::optional<TableView> view_table(Draft& draft, const RawBlock& raw,
                                    const std::vector<ColumnWish>& wishes) {
  Findings& findings = draft.findings;
  const std::string& file = raw.place.file;
  std::vector<std::string> wanted, known;
  for (const ColumnWish& wish : wishes) {
    known.push_back(wish.name);
    if (wish.required) wanted.push_back(wish.name);
  }
  if (raw.table == nullptr) {
    findings.add("E-PACK-110", raw.place,
                 {raw.kind + " 块下面没有表。", "There is no table under this " + raw.kind + " block."},
                 {"紧接着块写一张 Markdown 表，列：" + in_words(wanted) + "。",
                  "Put a Markdown table right under it; columns: " + in_words(wanted) + "."});
    return std::nullopt;
  }
  TableView view;
  view.at.assign(wishes.size(), -1);
  const std::vector<Cell>& header = raw.table->header;
  for (std::size_t column = 0; column < header.size(); ++column) {
    const auto wish = std::find(known.begin(), known.end(), header[column].text);
    if (wish == known.end()) {
      findings.add("E-PACK-111", place_of(header[column], file),
                   {"表头“" + header[column].text + "”不是这张表的列。",
                    "\"" + header[column].text + "\" is not a column of this table."},
                   near_or_list(header[column].text, known));
      continue;
    }
    int& at = view.at[static_cast<std::size_t>(wish - known.begin())];
    if (at >= 0)
      findings.add("E-PACK-111", place_of(header[column], file),
                   {"列“" + header[column].text + "”出现了两次。",
                    "The column \"" + header[column].text + "\" occurs twice."},
                   {"删去其中一列。", "Remove one of them."});
    else
      at = static_cast<int>(column);
  }
  for (std::size_t i = 0; i < wishes.size(); ++i)
    if (wishes[i].required && view.at[i] < 0)
      findings.add(
          "E-PACK-111", place_of_row(header, file),
          {"表里缺“" + wishes[i].name + "”这一列。",
           "The table lacks the column \"" + wishes[i].name + "\"."},
          {"这张表的列：" + in_words(known) + "。", "Columns of this table: " + in_words(known) + "."});
  for (const std::vector<Cell>& row : raw.table->rows) {
    if (row.size() == header.size()) {
      view.rows.push_back(&row);
      continue;
    }
    const std::string has = std::to_string(row.size()), needs = std::to_string(header.size());
    findings.add("E-PACK-112", place_of_row(row, file),
                 {"这一行有 " + has + " 格，表头有 " + needs + " 格。",
                  "This row has " + has + " cells, the header " + needs + "."},
                 {"每格之间用 | 分开；格里的竖线写作 \\|。",
                  "Separate cells by |; write \\| for a bar inside a cell."});
  }
  if (raw.table->rows.empty())
    findings.add(
        "E-PACK-112", place_of_row(header, file), {"表里一行也没有。", "The table has no rows."},
        {"至少写一行；没公布的写“未公布”。", "Write at least one row; 未公布 for unpublished values."});
  for (std::size_t i = 0; i < wishes.size(); ++i)
    if (wishes[i].required && view.at[i] < 0) return std::nullopt;
  return view;
}

std::optional<feel::Value> constant_quietly(std::string_view written) {
  const std::string_view text = text::trim(written);
  if (text.empty()) return std::nullopt;
  if (text == "true") return feel::Value(true);
  if (text == "false") return feel::Value(false);
  if (text == "null") return feel::Value();
  if (const auto number = quantity::Decimal::parse(text)) return feel::Value(*number);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"' &&
      text.find_first_of("\"\\", 1) == text.size() - 1)
    return feel::Value(std::string(text.substr(1, text.size() - 2)));
  static const feel::NameSet kNoNames;
  const feel::Parsed parsed = feel::parse(text, kNoNames);
  if (!parsed.tree) return std::nullopt;
  const feel::Evaluation result = feel::evaluate(*parsed.tree, feel::ContextEnvironment(feel::Context{}));
  if (!result.findings.empty()) return std::nullopt;
  return result.value;
}

std::optional<feel::Value> constant_of(Draft& draft, std::string_view written, const Place& place,
                                       const feel::Type& type) {
  std::optional<feel::Value> value;
  if (type.kind == feel::Kind::Date)  // a bare 2023-12-31 would be a subtraction
    if (const auto date = calendar::Date::parse(text::trim(written))) return feel::Value(*date);
  value = constant_quietly(written);
  const std::string shown(text::trim(written));
  if (!value) {
    draft.findings.add(
        "E-PACK-114", place, {"“" + shown + "”不是一个值。", "\"" + shown + "\" is not a value."},
        {"文字加半角双引号，日期写作 @\"2023-12-31\"，没公布的写“未公布”。",
         "Put text in double quotes, write dates as @\"2023-12-31\", unpublished values as 未公布."});
    return std::nullopt;
  }
  if (type.kind && !value->is_null() && value->kind() != *type.kind) {
    const std::string wanted = to_string(type);
    draft.findings.add(
        "E-PACK-114", place,
        {"“" + shown + "”的类型不对，这里要" + wanted + "。",
         "\"" + shown + "\" is of the wrong type: " + wanted + " is needed here."},
        {"改成这一类型的值，或改声明。", "Write a value of that type, or change the declaration."});
    return std::nullopt;
  }
  return value;
}

feel::Type declared_type(Draft& draft, Keys& keys, quantity::Unit& unit, std::string& codes) {
  static const std::vector<std::string> kTypes = {"number", "boolean", "text", "date", "code"};
  unit = keys.unit("unit");
  const auto word = keys.word("type", kTypes);
  codes = keys.text("codes");
  const std::size_t type = word.value_or(0);
  if (type != 0 && keys.has("unit"))
    draft.findings.add("E-PACK-208", keys.place_of("unit"),
                       {"只有数才有单位，这里的类型是 " + kTypes[type] + "。",
                        "Only a number has a unit; the type here is " + kTypes[type] + "."},
                       {"删去 unit，或把 type 改为 number。", "Remove unit, or make the type number."});
  if (type == 4 && codes.empty())
    draft.findings.add("E-PACK-106", keys.place_of("type"),
                       {"type: code 要写明 codes。", "type: code needs codes."},
                       {"补写 codes: 代码表的 id。", "Add codes: the id of the code table."});
  switch (type) {
    case 0:
      return feel::Type::number(unit);
    case 1:
      return feel::Type::of(feel::Kind::Boolean);
    case 3:
      return feel::Type::of(feel::Kind::Date);
    default:
      return feel::Type::of(feel::Kind::String);
  }
}

}  // namespace tenglong::pack
