#include "engine/pack/decision_text.h"

#include <algorithm>
#include <map>
#include <optional>

#include "engine/pack/inside/block_text.h"
#include "engine/text/text.h"

namespace tenglong::pack {
namespace {

constexpr const char* kNoteColumn = "说明";

// As HitPolicy in pack.h; the short words are those of the standard.
struct HitWord {
  const char* full;
  const char* brief;
};
constexpr HitWord kHitWords[] = {{"unique", "U"},       {"any", "A"},          {"first", "F"},
                                 {"priority", "P"},     {"collect", "C"},      {"collect_sum", "C+"},
                                 {"collect_min", "C<"}, {"collect_max", "C>"}, {"collect_count", "C#"},
                                 {"rule_order", "R"},   {"output_order", "O"}};
std::string hit_in_full(const std::string& written) {
  for (const HitWord& one : kHitWords)
    if (written == one.brief) return one.full;
  return written;
}

std::string without_blanks(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '\n' && c != '\t') out += c;
  return out;
}

// Where the parts of a decision stand in its block.
struct DecisionParts {
  const Yaml* hit = nullptr;
  const Yaml* inputs = nullptr;
  std::vector<const Yaml*> input_items = {};
  std::vector<const Yaml*> output_names = {};
  const Yaml* otherwise = nullptr;
  std::vector<int> input_at = {}, output_at = {};  // columns of the table
  int note_at = -1;
};

const Yaml* entry_of(const Yaml& map, std::string_view key) {
  for (const YamlEntry& entry : map.entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}
std::string word_of(const Yaml* node) {
  return node == nullptr || node->kind != Yaml::Kind::Scalar ? "" : std::string(text::trim(node->scalar));
}

class DecisionReader {
 public:
  explicit DecisionReader(const std::string& block) : text_(block) {
    out_.told = text_.told();
    if (out_.told.empty()) read();
    if (!out_.told.empty()) {
      diagnostic::Diagnostics told = std::move(out_.told);
      out_ = {};
      out_.told = std::move(told);
    }
  }
  const BlockText& text() const { return text_; }
  const DecisionParts& parts() const { return parts_; }
  const DecisionText& table() const { return out_; }

 private:
  void tell(const diagnostic::Place& place, text::Words message) {
    out_.told.push_back({.code = "E-PACK-128",
                         .place = place,
                         .message = std::move(message),
                         .advice = {"到原文里改好再回来。", "Mend it in the text first."}});
  }

  void read() {
    const Yaml& root = text_.root();
    if (text_.kind() != "decision" || text_.blocks() != 1 || root.kind != Yaml::Kind::Map)
      return tell({.line = 1}, {"这里不是一个 yaml decision 块。", "This is not one yaml decision block."});
    out_.id = word_of(entry_of(root, "id"));
    out_.name = word_of(entry_of(root, "name"));
    out_.of = word_of(entry_of(root, "of"));
    parts_.hit = entry_of(root, "hit");
    out_.hit = hit_in_full(word_of(parts_.hit));
    if (out_.hit.empty()) tell({.line = 1}, {"没有写 hit。", "There is no hit."});
    read_inputs(root);
    read_outputs(root);
    if (!out_.told.empty()) return;
    if (!text_.table()) return tell({.line = 1}, {"块下面没有表。", "There is no table under the block."});
    find_columns(*text_.table());
    if (out_.told.empty()) read_rows(*text_.table());
  }

  void read_inputs(const Yaml& root) {
    parts_.inputs = entry_of(root, "inputs");
    if (parts_.inputs != nullptr && parts_.inputs->kind == Yaml::Kind::Scalar)
      parts_.input_items.push_back(parts_.inputs);
    if (parts_.inputs != nullptr)
      for (const Yaml& item : parts_.inputs->items) parts_.input_items.push_back(&item);
    if (parts_.input_items.empty()) tell({.line = 1}, {"没有写 inputs。", "There are no inputs."});
    for (const Yaml* item : parts_.input_items) {
      if (word_of(item).empty())
        tell(item->place, {"这一个输入不是一句 FEEL。", "This input is no FEEL text."});
      out_.inputs.push_back(word_of(item));
    }
  }

  void read_outputs(const Yaml& root) {
    const Yaml* one = entry_of(root, "output");
    const Yaml* many = entry_of(root, "outputs");
    std::vector<const Yaml*> all;
    if (one != nullptr) all.push_back(one);
    if (many != nullptr)
      for (const Yaml& item : many->items) all.push_back(&item);
    if ((one == nullptr) == (many == nullptr) || all.empty())
      tell({.line = 1}, {"output（一个）和 outputs（几个）要写且只写一个。",
                         "Exactly one of output and outputs is needed."});
    for (const Yaml* each : all) {
      const Yaml* name = each->kind == Yaml::Kind::Map ? entry_of(*each, "name") : each;
      DecisionText::Output output{.name = word_of(name)};
      if (each->kind == Yaml::Kind::Map) {
        output.codes = word_of(entry_of(*each, "codes"));
        output.type = word_of(entry_of(*each, "type"));
        if (output.type.empty()) output.type = entry_of(*each, "unit") != nullptr ? "number" : "";
        if (output.type.empty() && !output.codes.empty()) output.type = "code";
      }
      if (output.name.empty()) tell(each->place, {"这一列结论没有名称。", "This output has no name."});
      parts_.output_names.push_back(name);
      out_.outputs.push_back(std::move(output));
    }
    parts_.otherwise = entry_of(root, "otherwise");
    if (parts_.otherwise == nullptr) return;
    for (DecisionText::Output& output : out_.outputs) {
      const Yaml* value = parts_.otherwise->kind == Yaml::Kind::Map ? entry_of(*parts_.otherwise, output.name)
                                                                    : parts_.otherwise;
      output.otherwise = word_of(value);
      const bool is_text = output.type == "text" || output.type == "code";
      if (value != nullptr && value->is_quoted && is_text && !output.otherwise.starts_with('"'))
        output.otherwise = "\"" + output.otherwise + "\"";
    }
  }

  void find_columns(const Table& table) {
    std::vector<bool> is_known(table.header.size(), false);
    const auto find = [&](const auto& is_it) {
      for (std::size_t i = 0; i < table.header.size(); ++i)
        if (!is_known[i] && is_it(table.header[i].text)) {
          is_known[i] = true;
          return static_cast<int>(i);
        }
      return -1;
    };
    const auto lacks = [&](const std::string& name) {
      tell({.line = table.line},
           {"表里缺“" + name + "”这一列。", "The table lacks the column \"" + name + "\"."});
    };
    for (const Yaml* item : parts_.input_items) {
      const std::string wanted = without_blanks(item->scalar);
      parts_.input_at.push_back(
          find([&](const std::string& head) { return without_blanks(head) == wanted; }));
      if (parts_.input_at.back() < 0) lacks(word_of(item));
    }
    for (const DecisionText::Output& output : out_.outputs) {
      parts_.output_at.push_back(find([&](const std::string& head) { return head == output.name; }));
      if (parts_.output_at.back() < 0) lacks(output.name);
    }
    parts_.note_at = find([](const std::string& head) { return head == kNoteColumn; });
    for (std::size_t i = 0; i < table.header.size(); ++i)
      if (!is_known[i])
        tell({.line = table.line, .column = table.header[i].column},
             {"表头“" + table.header[i].text + "”不是这张表的列。",
              "\"" + table.header[i].text + "\" is not a column of this table."});
  }

  void read_rows(const Table& table) {
    for (const std::vector<Cell>& cells : table.rows) {
      if (cells.size() != table.header.size()) {
        tell({.line = cells.empty() ? table.line : cells.front().line},
             {"这一行有 " + std::to_string(cells.size()) + " 格，表头有 " +
                  std::to_string(table.header.size()) + " 格。",
              "This row has " + std::to_string(cells.size()) + " cells, the header " +
                  std::to_string(table.header.size()) + "."});
        continue;
      }
      DecisionText::Row row;
      for (const int at : parts_.input_at) {
        const std::string& cell = cells[static_cast<std::size_t>(at)].text;
        row.inputs.push_back(cell.empty() ? "-" : cell);
      }
      for (const int at : parts_.output_at) row.outputs.push_back(cells[static_cast<std::size_t>(at)].text);
      if (parts_.note_at >= 0) row.note = cells[static_cast<std::size_t>(parts_.note_at)].text;
      if (row.note == "-") row.note.clear();
      out_.rows.push_back(std::move(row));
    }
  }

  BlockText text_;
  DecisionParts parts_ = {};
  DecisionText out_ = {};
};

std::string as_cell(std::string_view value) {
  std::string out;
  for (const char c : value) out += c == '|' ? "\\|" : std::string(1, c);
  return out;
}

class DecisionWriter {
 public:
  DecisionWriter(const DecisionReader& read, const DecisionText& wanted)
      : text_(read.text()), parts_(read.parts()), now_(read.table()), wanted_(tidy(wanted)) {}

  Rewritten write() {
    pair_inputs();
    write_hit();
    write_inputs();
    write_output_names();
    look_at_cells();
    if (refused_.empty()) write_table();
    if (!refused_.empty()) return {.refused_because = std::move(refused_)};
    std::sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) { return a.from > b.from; });
    std::string out = text_.bytes();
    for (const Edit& each : edits_) out.replace(each.from, each.to - each.from, each.by);
    return {.text = std::move(out)};
  }

 private:
  struct Edit {
    std::size_t from = 0, to = 0;
    std::string by = {};
  };

  static DecisionText tidy(DecisionText wanted) {
    const auto trim = [](std::string& text) { text = std::string(text::trim(text)); };
    for (std::string& each : wanted.inputs) trim(each);
    for (DecisionText::Output& each : wanted.outputs) trim(each.name);
    for (DecisionText::Row& row : wanted.rows) {
      for (std::string& each : row.inputs) {
        trim(each);
        if (each.empty()) each = "-";
      }
      for (std::string& each : row.outputs) trim(each);
      trim(row.note);
      if (row.note == "-") row.note.clear();
    }
    return wanted;
  }

  void refuse(std::string at, text::Words message, text::Words advice) {
    refused_.push_back({.code = "E-PACK-127",
                        .place = {.cell = std::move(at)},
                        .message = std::move(message),
                        .advice = std::move(advice)});
  }
  void only_in_text(std::string at) {
    refuse(std::move(at), {"这一处在这里改不了。", "This cannot be changed here."},
           {"到原文里改。", "Change it in the text."});
  }

  // Inputs that stay by their text, then the others in order.
  void pair_inputs() {
    from_.assign(wanted_.inputs.size(), -1);
    std::vector<bool> is_taken(now_.inputs.size(), false);
    for (std::size_t i = 0; i < wanted_.inputs.size(); ++i)
      for (std::size_t j = 0; j < now_.inputs.size() && from_[i] < 0; ++j)
        if (!is_taken[j] && now_.inputs[j] == wanted_.inputs[i]) {
          from_[i] = static_cast<int>(j);
          is_taken[j] = true;
        }
    std::size_t next = 0;
    for (int& each : from_) {
      while (next < is_taken.size() && is_taken[next]) ++next;
      if (each >= 0 || next >= is_taken.size()) continue;
      each = static_cast<int>(next);
      is_taken[next] = true;
    }
    has_same_inputs_ = from_.size() == now_.inputs.size();
    for (std::size_t i = 0; i < from_.size(); ++i)
      if (from_[i] != static_cast<int>(i)) has_same_inputs_ = false;
  }

  void put(const Yaml& node, const std::string& value, bool is_in_flow, const std::string& at) {
    const auto span = span_of(text_, node);
    if (!span)
      only_in_text(at);
    else
      edits_.push_back({span->from, span->to, as_scalar(value, span->quote, is_in_flow)});
  }

  void write_hit() {
    if (wanted_.hit == now_.hit || parts_.hit == nullptr) return;
    put(*parts_.hit, wanted_.hit, false, "/hit");
  }

  void write_inputs() {
    if (wanted_.inputs.empty())
      return refuse("/inputs", {"一列输入也没有了。", "No input is left."},
                    {"至少留一列。", "Keep one column."});
    for (std::size_t i = 0; i < wanted_.inputs.size(); ++i) {
      const std::string at = "/inputs/" + std::to_string(i);
      if (wanted_.inputs[i].empty())
        refuse(
            at,
            {"第 " + std::to_string(i + 1) + " 列输入没有写表达式。",
             "Input " + std::to_string(i + 1) + " has no expression."},
            {"写一个字段或一句 FEEL，或删去这一列。", "Write a field or a FEEL text, or remove the column."});
      else
        look_at(wanted_.inputs[i], from_[i] < 0 ? "" : now_.inputs[static_cast<std::size_t>(from_[i])], at,
                {"第 " + std::to_string(i + 1) + " 列输入", "Input " + std::to_string(i + 1)});
    }
    if (wanted_.inputs == now_.inputs) return;
    const Yaml& inputs = *parts_.inputs;
    const bool is_scalar = inputs.kind == Yaml::Kind::Scalar;
    if (has_same_inputs_) {
      for (std::size_t i = 0; i < wanted_.inputs.size(); ++i)
        if (wanted_.inputs[i] != now_.inputs[i])
          put(*parts_.input_items[i], wanted_.inputs[i], !is_scalar && is_flow(text_, inputs),
              "/inputs/" + std::to_string(i));
      return;
    }
    if (is_scalar || is_flow(text_, inputs))
      write_inputs_on_a_line(inputs, is_scalar);
    else
      write_lines_of_inputs();
  }

  std::string item_text(std::size_t wanted, bool is_in_flow) const {
    const int from = from_[wanted];
    if (from >= 0 && now_.inputs[static_cast<std::size_t>(from)] == wanted_.inputs[wanted])
      if (const auto span = span_of(text_, *parts_.input_items[static_cast<std::size_t>(from)]))
        return text_.bytes().substr(span->from, span->to - span->from);
    return as_scalar(wanted_.inputs[wanted], 0, is_in_flow);
  }

  void write_inputs_on_a_line(const Yaml& inputs, bool is_scalar) {
    std::optional<std::size_t> begin, end;
    if (is_scalar) {
      if (const auto span = span_of(text_, inputs)) begin = span->from, end = span->to;
    } else {
      begin = text_.at(inputs.place.line, inputs.place.column);
      end = past_bracket(text_.bytes(), *begin);
    }
    if (!begin || !end) return only_in_text("/inputs");
    std::string list = "[";
    for (std::size_t i = 0; i < wanted_.inputs.size(); ++i)
      list += (i == 0 ? "" : ", ") + (is_scalar ? as_scalar(wanted_.inputs[i], 0, true) : item_text(i, true));
    edits_.push_back({*begin, *end, list + "]"});
  }

  void write_lines_of_inputs() {
    const auto line_of = [&](std::size_t i) {
      return static_cast<std::size_t>(parts_.input_items[i]->place.line);
    };
    const std::size_t count = parts_.input_items.size(), first = line_of(0);
    const std::string_view before = text_.line(first);
    const std::size_t dash = before.find('-');
    bool is_simple = dash != std::string_view::npos && text::trim(before.substr(0, dash)).empty();
    for (std::size_t i = 0; i < count; ++i)
      is_simple = is_simple && line_of(i) == first + i && span_of(text_, *parts_.input_items[i]);
    if (!is_simple) return only_in_text("/inputs");
    std::string lines;
    for (std::size_t i = 0; i < wanted_.inputs.size(); ++i) {
      const int from = from_[i];
      if (from >= 0 && now_.inputs[static_cast<std::size_t>(from)] == wanted_.inputs[i])
        lines += std::string(text_.line(line_of(static_cast<std::size_t>(from)))) + end_of_lines();
      else
        lines += std::string(before.substr(0, dash)) + "- " + as_scalar(wanted_.inputs[i], 0, false) +
                 end_of_lines();
    }
    edits_.push_back({text_.line_begin(first), text_.line_begin(first + count), lines});
  }

  void write_output_names() {
    if (wanted_.outputs.size() != now_.outputs.size())
      return refuse("/outputs", {"结论列在这里不能增减。", "Outputs do not come and go here."},
                    {"到原文里改 output，写明它的类型。", "Change output in the text and state its type."});
    for (std::size_t i = 0; i < wanted_.outputs.size(); ++i) {
      const std::string at = "/outputs/" + std::to_string(i);
      const std::string& name = wanted_.outputs[i].name;
      if (name == now_.outputs[i].name) continue;
      if (name.empty()) {
        refuse(at, {"结论列没有名称。", "An output has no name."}, {"写一个名称。", "Give it a name."});
        continue;
      }
      look_at(name, "", at, {"结论列的名称", "The name of an output"});
      if (parts_.otherwise != nullptr && parts_.otherwise->kind == Yaml::Kind::Map)
        only_in_text(at);
      else
        put(*parts_.output_names[i], name, is_inside_braces(i), at);
    }
  }
  bool is_inside_braces(std::size_t output) const {
    const Yaml& name = *parts_.output_names[output];
    const std::string_view line = text_.line(static_cast<std::size_t>(name.place.line));
    return line.find('{') != std::string_view::npos || line.find('[') != std::string_view::npos;
  }

  // What a row of Markdown cannot hold.
  void look_at(const std::string& value, const std::string& before, const std::string& at,
               text::Words where) {
    if (value == before) return;
    if (value.find('`') != std::string::npos)
      refuse(at, {where.zh + "：表格里写不了反引号。", where.en + ": a table holds no backquote here."},
             {"去掉反引号。", "Leave it out."});
    if (std::any_of(value.begin(), value.end(),
                    [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }))
      refuse(at,
             {where.zh + "：有换行或看不见的字符。",
              where.en + ": holds a line break or an invisible character."},
             {"写成一行。", "Write one line."});
  }

  void look_at_cells() {
    if (wanted_.outputs.size() != now_.outputs.size()) return;
    pair_rows();
    for (std::size_t r = 0; r < wanted_.rows.size(); ++r) {
      const DecisionText::Row& row = wanted_.rows[r];
      const std::string here = "/rows/" + std::to_string(r), line = std::to_string(r + 1);
      if (row.inputs.size() != wanted_.inputs.size() || row.outputs.size() != wanted_.outputs.size()) {
        only_in_text(here);
        continue;
      }
      const auto where = [&](const std::string& column) {
        return text::Words{"第 " + line + " 行“" + column + "”", "Row " + line + ", \"" + column + "\""};
      };
      for (std::size_t i = 0; i < row.inputs.size(); ++i)
        look_at(row.inputs[i], row_from_[r] < 0 ? "" : input_before(r, i),
                here + "/inputs/" + std::to_string(i), where(wanted_.inputs[i]));
      for (std::size_t i = 0; i < row.outputs.size(); ++i)
        look_at(row.outputs[i], row_from_[r] < 0 ? "" : before(r).outputs[i],
                here + "/outputs/" + std::to_string(i), where(wanted_.outputs[i].name));
      look_at(row.note, row_from_[r] < 0 ? "" : before(r).note, here + "/note", where(kNoteColumn));
    }
  }
  const DecisionText::Row& before(std::size_t row) const {
    return now_.rows[static_cast<std::size_t>(row_from_[row])];
  }
  std::string input_before(std::size_t row, std::size_t input) const {
    return from_[input] < 0 ? "" : before(row).inputs[static_cast<std::size_t>(from_[input])];
  }

  // Rows that stay wherever they went, then those that follow the same row as before.
  void pair_rows() {
    const auto key = [](const std::vector<std::string>& inputs, const DecisionText::Row& row) {
      std::string out;
      for (const std::string& each : inputs) out += each + '\0';
      for (const std::string& each : row.outputs) out += each + '\0';
      return out + row.note;
    };
    std::map<std::string, std::vector<std::size_t>> by_text;  // the last first
    for (std::size_t j = now_.rows.size(); j-- > 0;) {
      std::vector<std::string> inputs;
      for (const int from : from_)
        inputs.push_back(from < 0 ? "-" : now_.rows[j].inputs[static_cast<std::size_t>(from)]);
      by_text[key(inputs, now_.rows[j])].push_back(j);
    }
    row_from_.assign(wanted_.rows.size(), -1);
    std::vector<bool> is_taken(now_.rows.size(), false);
    for (std::size_t i = 0; i < wanted_.rows.size(); ++i) {
      const auto found = by_text.find(key(wanted_.rows[i].inputs, wanted_.rows[i]));
      if (found == by_text.end() || found->second.empty()) continue;
      row_from_[i] = static_cast<int>(found->second.back());
      is_taken[found->second.back()] = true;
      found->second.pop_back();
    }
    for (std::size_t i = 0; i < wanted_.rows.size(); ++i) {
      const auto next = static_cast<std::size_t>(i == 0 ? 0 : row_from_[i - 1] + 1);
      const bool follows = i == 0 || row_from_[i - 1] >= 0;
      if (row_from_[i] >= 0 || !follows || next >= is_taken.size() || is_taken[next]) continue;
      row_from_[i] = static_cast<int>(next);
      is_taken[next] = true;
    }
  }

  std::string end_of_lines() const { return text_.bytes().find("\r\n") != std::string::npos ? "\r\n" : "\n"; }

  void write_table() {
    const Table& table = *text_.table();
    const auto header = static_cast<std::size_t>(table.line);
    const bool has_notes =
        parts_.note_at >= 0 || std::any_of(wanted_.rows.begin(), wanted_.rows.end(),
                                           [](const auto& row) { return !row.note.empty(); });
    const bool is_built_anew = !has_same_inputs_ || (has_notes && parts_.note_at < 0);
    std::string head, body;
    for (std::size_t r = 0; r < wanted_.rows.size(); ++r)
      body += row_from_[r] >= 0 && !is_built_anew ? kept_row(r)
                                                  : new_row(wanted_.rows[r], has_notes) + end_of_lines();
    if (is_built_anew) head = new_head(has_notes);
    const std::size_t after = header + 2 + table.rows.size();
    const std::size_t from = text_.line_begin(is_built_anew ? header : header + 2),
                      to = text_.line_begin(after);
    std::string whole = head + body;
    const std::string& bytes = text_.bytes();
    const bool ends_its_line = to == 0 || bytes[to - 1] == '\n';
    if (!ends_its_line) {  // the last line of the text
      if (from == bytes.size() && !whole.empty()) whole = end_of_lines() + whole;
      if (!whole.empty()) whole.resize(whole.size() - end_of_lines().size());
    }
    if (bytes.substr(from, to - from) != whole) edits_.push_back({from, to, whole});
    if (!is_built_anew) write_heads(table);
  }

  void write_heads(const Table& table) {
    const auto put_head = [&](int column, const std::string& name) {
      const Cell& cell = table.header[static_cast<std::size_t>(column)];
      edits_.push_back(
          {text_.at(cell.line, cell.column), text_.at(cell.line, cell.end_column), as_cell(name)});
    };
    for (std::size_t i = 0; i < wanted_.inputs.size(); ++i)
      if (wanted_.inputs[i] != now_.inputs[i]) put_head(parts_.input_at[i], wanted_.inputs[i]);
    for (std::size_t i = 0; i < wanted_.outputs.size(); ++i)
      if (wanted_.outputs[i].name != now_.outputs[i].name)
        put_head(parts_.output_at[i], wanted_.outputs[i].name);
  }

  std::string new_head(bool has_notes) const {
    std::string names = "|", rule = "|";
    const auto add = [&](const std::string& name) {
      names += " " + as_cell(name) + " |";
      rule += "---|";
    };
    for (const std::string& each : wanted_.inputs) add(each);
    for (const DecisionText::Output& each : wanted_.outputs) add(each.name);
    if (has_notes) add(kNoteColumn);
    return names + end_of_lines() + rule + end_of_lines();
  }

  // In the order of the columns as they stand, or anew.
  std::string new_row(const DecisionText::Row& row, bool has_notes) const {
    std::vector<std::string> cells = row.inputs;
    cells.insert(cells.end(), row.outputs.begin(), row.outputs.end());
    if (has_notes) cells.push_back(row.note.empty() ? "-" : row.note);
    if (has_same_inputs_ && (parts_.note_at >= 0) == has_notes) {
      std::vector<std::string> placed(cells.size());
      std::vector<int> at = parts_.input_at;
      at.insert(at.end(), parts_.output_at.begin(), parts_.output_at.end());
      if (has_notes) at.push_back(parts_.note_at);
      for (std::size_t i = 0; i < cells.size(); ++i) placed[static_cast<std::size_t>(at[i])] = cells[i];
      cells = placed;
    }
    std::string out = "|";
    for (const std::string& each : cells) out += " " + as_cell(each) + (each.empty() ? "|" : " |");
    return out;
  }

  std::string kept_row(std::size_t r) const {
    const DecisionText::Row &now = before(r), &row = wanted_.rows[r];
    const std::vector<Cell>& cells = text_.table()->rows[static_cast<std::size_t>(row_from_[r])];
    const auto line = static_cast<std::size_t>(cells.front().line);
    const std::size_t begin = text_.line_begin(line);
    std::string out(text_.line(line));
    std::vector<Edit> edits;
    const auto put_cell = [&](int column, const std::string& was, const std::string& value) {
      if (was == value) return;
      const Cell& cell = cells[static_cast<std::size_t>(column)];
      const std::size_t from = text_.at(cell.line, cell.column) - begin;
      const std::size_t to = text_.at(cell.line, cell.end_column) - begin;
      std::string by = as_cell(value);
      if (cell.text.empty() && !by.empty()) by = " " + by + " ";
      if (by.ends_with('\\') && out[to] == '|') by += ' ';  // or it would hide the bar
      edits.push_back({from, to, by});
    };
    for (std::size_t i = 0; i < row.inputs.size(); ++i)
      put_cell(parts_.input_at[i], now.inputs[i], row.inputs[i]);
    for (std::size_t i = 0; i < row.outputs.size(); ++i)
      put_cell(parts_.output_at[i], now.outputs[i], row.outputs[i]);
    if (parts_.note_at >= 0 && row.note != now.note)
      put_cell(parts_.note_at, now.note, row.note.empty() ? "-" : row.note);
    std::sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.from > b.from; });
    for (const Edit& each : edits) out.replace(each.from, each.to - each.from, each.by);
    const std::size_t end = end_of_line(text_.bytes(), begin), next = text_.line_begin(line + 1);
    return out + (end < next ? text_.bytes().substr(end, next - end) : end_of_lines());
  }

  const BlockText& text_;
  const DecisionParts& parts_;
  const DecisionText& now_;
  const DecisionText wanted_;
  std::vector<int> from_ = {}, row_from_ = {};  // which input, which row it was; -1: a new one
  bool has_same_inputs_ = false;
  std::vector<Edit> edits_ = {};
  diagnostic::Diagnostics refused_ = {};
};

}  // namespace

DecisionText decision_text_of(const std::string& block) { return DecisionReader(block).table(); }

Rewritten with_decision_text(const std::string& block, const DecisionText& wanted) {
  const DecisionReader now(block);
  if (!now.table().told.empty()) return {.refused_because = now.table().told};
  return DecisionWriter(now, wanted).write();
}

}  // namespace tenglong::pack
