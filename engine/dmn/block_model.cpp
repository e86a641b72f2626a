#include "engine/dmn/block_model.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/dmn/inside/language.h"
#include "engine/dmn/inside/refusal.h"
#include "engine/dmn/inside/trimmed.h"
#include "engine/feel/type.h"

namespace tenglong::dmn {
namespace {

using pack::DecisionText;

struct Twin {
  const char* hit;
  HitPolicy policy;
  Aggregator aggregator;
  bool is_exact;  // both ways
};
constexpr Twin kTwins[] = {
    {"unique", HitPolicy::Unique, Aggregator::None, true},
    {"any", HitPolicy::Any, Aggregator::None, true},
    {"first", HitPolicy::First, Aggregator::None, true},
    {"priority", HitPolicy::Priority, Aggregator::None, true},
    {"collect", HitPolicy::Collect, Aggregator::None, true},
    {"collect_sum", HitPolicy::Collect, Aggregator::Sum, true},
    {"collect_min", HitPolicy::Collect, Aggregator::Min, true},
    {"collect_max", HitPolicy::Collect, Aggregator::Max, true},
    {"collect_count", HitPolicy::Collect, Aggregator::Count, true},
    {"rule_order", HitPolicy::RuleOrder, Aggregator::None, true},
    {"output_order", HitPolicy::OutputOrder, Aggregator::None, true},
    {"collect_worst", HitPolicy::Priority, Aggregator::None, false},
    {"collect_best", HitPolicy::Priority, Aggregator::None, false},
};
const Twin* twin_of(const std::string& hit) {
  for (const Twin& each : kTwins)
    if (hit == each.hit) return &each;
  return nullptr;
}
const char* aggregation_word(Aggregator aggregator) {
  switch (aggregator) {
    case Aggregator::Sum:
      return "SUM";
    case Aggregator::Min:
      return "MIN";
    case Aggregator::Max:
      return "MAX";
    case Aggregator::Count:
      return "COUNT";
    case Aggregator::None:
      break;
  }
  return "";
}

const char* type_word(const std::optional<feel::Kind>& kind) {
  if (!kind) return "";
  switch (*kind) {
    case feel::Kind::Number:
      return "number";
    case feel::Kind::String:
      return "string";
    case feel::Kind::Boolean:
      return "boolean";
    case feel::Kind::Date:
      return "date";
    default:
      return "";
  }
}
std::string output_type(const std::string& written) {
  if (written == "code" || written == "text") return "string";
  return written == "number" || written == "boolean" || written == "date" ? written : "";
}

std::string one_line(const std::string& text) {
  std::string out;
  for (const char each : trimmed(text)) {
    const bool is_blank = each == ' ' || each == '\t' || each == '\n' || each == '\r';
    if (is_blank && out.ends_with(' ')) continue;
    out += is_blank ? ' ' : each;
  }
  return out;
}
std::string without_line_breaks(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char each) { return each == '\n' || each == '\r'; }, ' ');
  return text;
}
// FEEL on one line: a line break inside a text is written \n, elsewhere it is a blank.
std::string feel_on_a_line(const std::string& text) {
  std::string out;
  bool is_in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char each = text[i];
    if (each == '\\' && is_in_text && i + 1 < text.size()) {
      out += each;
      out += text[++i];
    } else if (each == '\n' || each == '\r') {
      if (each == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
      out += is_in_text ? "\\n" : " ";
    } else {
      if (each == '"') is_in_text = !is_in_text;
      out += each;
    }
  }
  return trimmed(out);
}

// A table of the pack as the standard has it; the XML is written from it, and what comes back is compared.
struct Shown {
  DecisionText text = {};
  DecisionTable table = {};
  feel::TypeScope scope = {};
};

std::string allowed_of(const pack::Pack& pack, const DecisionText& text, const DecisionText::Output& output) {
  const schema::Codes* codes = output.codes.empty() ? nullptr : pack.schema.find_codes(output.codes);
  if (codes == nullptr) return {};
  std::vector<std::string> words;
  for (const schema::CodeEntry& entry : codes->entries) words.push_back(feel::Value(entry.code).to_feel());
  // As engine/run decides: a list without an order begins with the best.
  const bool worst_first = codes->order == schema::CodeOrder::WorstFirst;
  if ((text.hit == "collect_worst" && !worst_first) || (text.hit == "collect_best" && worst_first))
    std::reverse(words.begin(), words.end());
  std::string out;
  for (const std::string& each : words) out += (out.empty() ? "" : ", ") + each;
  return out;
}

Shown shown_of(const std::string& block, const pack::Pack& pack) {
  Shown out{.text = pack::decision_text_of(block)};
  if (!out.text.told.empty()) return out;
  const schema::Register* of = pack.schema.find(out.text.of);
  out.scope = pack::scope_of(pack, of == nullptr ? "" : of->id);
  const Twin* twin = twin_of(out.text.hit);
  if (twin == nullptr) {
    out.text.told.push_back(
        refusal("E-DMN-401", {.line = 1},
                {"没有 hit: " + out.text.hit + " 这种写法。", "There is no hit: " + out.text.hit + "."},
                {"到原文里改好再回来。", "Mend it in the text first."}));
    return out;
  }
  out.table.hit_policy = twin->policy;
  out.table.aggregator = twin->aggregator;
  for (const std::string& each : out.text.inputs) {
    const feel::Parsed parsed = feel::parse(each, out.scope);
    out.table.inputs.push_back(
        {.label = each,
         .type_ref = parsed.tree ? type_word(feel::infer(*parsed.tree, each, out.scope).type.kind) : "",
         .expression = {each}});
  }
  const bool is_single = out.text.outputs.size() == 1;
  for (const DecisionText::Output& each : out.text.outputs) {
    DecisionTable::Output output{.name = is_single ? "" : each.name, .label = each.name};
    output.type_ref = output_type(each.type);
    if (const std::string allowed = allowed_of(pack, out.text, each); !allowed.empty())
      output.allowed = Text{allowed};
    if (!each.otherwise.empty()) output.otherwise = Text{each.otherwise};
    out.table.outputs.push_back(std::move(output));
  }
  return out;
}

// More than a person keeps in one table; each column is looked up and each mistake told.
constexpr std::size_t kMostColumns = 200, kMostRules = 5'000, kMostToldOfTable = 200;

bool is_xml_text(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](char each) {
    const auto byte = static_cast<unsigned char>(each);
    return (byte < 0x20 && each != '\t' && each != '\n' && each != '\r') || byte == 0x7F;
  });
}

class XmlWriter {
 public:
  explicit XmlWriter(const Shown& shown) : shown_(shown) {}

  std::string write() {
    const DecisionText& text = shown_.text;
    find_data();
    out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    open("definitions", {{"xmlns", "https://www.omg.org/spec/DMN/20191111/MODEL/"},
                         {"id", "definitions"},
                         {"name", text.name},
                         {"namespace", "urn:tenglong:decision:" + text.id}});
    write_types();
    write_data();
    open("decision", {{"id", decision_id(text)}, {"name", text.name}});
    leaf("variable", {{"id", "variable"},
                      {"name", text.name},
                      {"typeRef", text.outputs.size() == 1 ? shown_.table.outputs[0].type_ref : ""}});
    for (std::size_t i = 0; i < data_.size(); ++i) {
      open("informationRequirement", {{"id", numbered("requirement", i)}});
      leaf("requiredInput", {{"href", "#" + numbered("data", i)}});
      close("informationRequirement");
    }
    write_table();
    close("decision");
    close("definitions");
    return std::move(out_);
  }

  static std::string decision_id(const DecisionText& text) {
    const bool is_plain = !text.id.empty() && std::isalpha(static_cast<unsigned char>(text.id.front())) &&
                          std::all_of(text.id.begin(), text.id.end(), [](unsigned char each) {
                            return each < 0x80 && (std::isalnum(each) || each == '_');
                          });
    static const std::set<std::string> kTaken = {"definitions", "variable", "table"};
    return is_plain && !kTaken.contains(text.id) && text.id.find_first_of("0123456789") == std::string::npos
               ? text.id
               : "decision";
  }

 private:
  using Attributes = std::vector<std::pair<const char*, std::string>>;
  struct Datum {
    std::string name = {};
    std::vector<std::string> members = {};
    bool is_used_whole = false;
  };

  static std::string numbered(const char* what, std::size_t i) {
    return std::string(what) + "_" + std::to_string(i + 1);
  }
  void escaped(const std::string& text, bool is_attribute) {
    for (const char each : text) switch (each) {
        case '&':
          out_ += "&amp;";
          break;
        case '<':
          out_ += "&lt;";
          break;
        case '>':
          out_ += "&gt;";
          break;
        case '"':
          out_ += is_attribute ? "&quot;" : "\"";
          break;
        case '\t':
          out_ += is_attribute ? "&#9;" : "\t";
          break;
        case '\n':
          out_ += is_attribute ? "&#10;" : "\n";
          break;
        case '\r':
          out_ += "&#13;";
          break;
        default:
          out_ += each;
      }
  }
  void begin(const char* name, const Attributes& attributes) {
    out_ += std::string(2 * depth_, ' ') + "<" + name;
    for (const auto& [key, value] : attributes) {
      if (value.empty()) continue;
      out_ += std::string(" ") + key + "=\"";
      escaped(value, true);
      out_ += "\"";
    }
  }
  void open(const char* name, const Attributes& attributes) {
    begin(name, attributes);
    out_ += ">\n";
    ++depth_;
  }
  void close(const char* name) {
    --depth_;
    out_ += std::string(2 * depth_, ' ') + "</" + name + ">\n";
  }
  void leaf(const char* name, const Attributes& attributes) {
    begin(name, attributes);
    out_ += " />\n";
  }
  void text(const std::string& words) {
    begin("text", {});
    out_ += ">";
    escaped(words, false);
    out_ += "</text>\n";
  }
  void cell(const char* name, const Attributes& attributes, const std::string& words) {
    open(name, attributes);
    text(words);
    close(name);
  }

  // The names that the table needs, each an input of the model.
  void find_data() {
    const auto learn = [&](const std::string& source, feel::Grammar grammar) {
      const feel::Parsed parsed = feel::parse(source, shown_.scope, {}, grammar);
      if (!parsed.tree) return;
      for (const std::vector<std::string>& path : feel::references(*parsed.tree)) {
        if (!shown_.scope.contains(path.front())) continue;
        auto at = std::find_if(data_.begin(), data_.end(),
                               [&](const Datum& one) { return one.name == path.front(); });
        if (at == data_.end()) at = data_.insert(data_.end(), {.name = path.front()});
        if (path.size() != 2) {
          at->is_used_whole = true;
        } else if (std::find(at->members.begin(), at->members.end(), path[1]) == at->members.end()) {
          at->members.push_back(path[1]);
        }
      }
    };
    for (const std::string& each : shown_.text.inputs) learn(each, feel::Grammar::Expression);
    for (const DecisionText::Row& row : shown_.text.rows) {
      for (const std::string& each : row.inputs) learn(each, feel::Grammar::UnaryTests);
      for (const std::string& each : row.outputs) learn(each, feel::Grammar::Expression);
    }
  }
  static bool is_structure(const Datum& one) { return !one.is_used_whole && !one.members.empty(); }
  std::string type_of(const feel::Type* type, const std::string& member = {}) const {
    if (type == nullptr) return {};
    if (member.empty()) return type_word(type->kind);
    for (const auto& [name, inner] : type->members)
      if (name == member && inner) return type_word(inner->kind);
    return {};
  }
  void write_types() {
    for (std::size_t i = 0; i < data_.size(); ++i) {
      if (!is_structure(data_[i])) continue;
      open("itemDefinition", {{"id", numbered("type", i)}, {"name", "t" + data_[i].name}});
      for (std::size_t m = 0; m < data_[i].members.size(); ++m) {
        const std::string type = type_of(shown_.scope.find(data_[i].name), data_[i].members[m]);
        const Attributes attributes = {{"id", numbered(numbered("type", i).c_str(), m)},
                                       {"name", data_[i].members[m]}};
        open("itemComponent", attributes);
        begin("typeRef", {});
        out_ += ">" + (type.empty() ? std::string("Any") : type) + "</typeRef>\n";
        close("itemComponent");
      }
      close("itemDefinition");
    }
  }
  void write_data() {
    for (std::size_t i = 0; i < data_.size(); ++i) {
      const std::string type =
          is_structure(data_[i]) ? "t" + data_[i].name : type_of(shown_.scope.find(data_[i].name));
      open("inputData", {{"id", numbered("data", i)}, {"name", data_[i].name}});
      leaf("variable", {{"id", numbered("data_variable", i)}, {"name", data_[i].name}, {"typeRef", type}});
      close("inputData");
    }
  }

  void write_table() {
    const DecisionTable& table = shown_.table;
    open("decisionTable", {{"id", "table"},
                           {"hitPolicy", to_string(table.hit_policy)},
                           {"aggregation", aggregation_word(table.aggregator)}});
    for (std::size_t i = 0; i < table.inputs.size(); ++i) {
      const DecisionTable::Input& each = table.inputs[i];
      open("input", {{"id", numbered("input", i)}, {"label", each.label}});
      cell("inputExpression", {{"id", numbered("input_expression", i)}, {"typeRef", each.type_ref}},
           each.expression.source);
      close("input");
    }
    for (std::size_t i = 0; i < table.outputs.size(); ++i) {
      const DecisionTable::Output& each = table.outputs[i];
      open("output", {{"id", numbered("output", i)},
                      {"label", each.label},
                      {"name", each.name},
                      {"typeRef", each.type_ref}});
      if (each.allowed) cell("outputValues", {{"id", numbered("output_values", i)}}, each.allowed->source);
      if (each.otherwise)
        cell("defaultOutputEntry", {{"id", numbered("otherwise", i)}}, each.otherwise->source);
      close("output");
    }
    leaf("annotation", {{"name", "说明"}});
    for (std::size_t r = 0; r < shown_.text.rows.size(); ++r) {
      const DecisionText::Row& row = shown_.text.rows[r];
      const std::string id = numbered("rule", r);
      open("rule", {{"id", id}});
      for (std::size_t i = 0; i < row.inputs.size(); ++i)
        cell("inputEntry", {{"id", numbered((id + "_input").c_str(), i)}}, row.inputs[i]);
      for (std::size_t i = 0; i < row.outputs.size(); ++i)
        cell("outputEntry", {{"id", numbered((id + "_output").c_str(), i)}}, row.outputs[i]);
      cell("annotationEntry", {}, row.note);
      close("rule");
    }
    close("decisionTable");
  }

  const Shown& shown_;
  std::vector<Datum> data_ = {};
  std::string out_ = {};
  std::size_t depth_ = 0;
};

// The table as a tool saved it, as the pack would write it; what it has no word for is told.
class TableTaken {
 public:
  TableTaken(const Shown& shown, const ElementDefinition& decision)
      : shown_(shown), decision_(decision), table_(*decision.logic->table), out_(shown.text) {}

  DecisionText take(const Diagnostics& of_reading) {
    for (const diagnostic::Diagnostic& each : of_reading)
      if (each.code != "E-DMN-208") told_.push_back(placed(each));
    take_names();
    take_hit();
    take_inputs();
    take_outputs();
    take_rows();
    return std::move(out_);
  }
  Diagnostics& told() { return told_; }

 private:
  void tell(const char* code, std::string at, text::Words message, text::Words advice) {
    told_.push_back(refusal(code, {.cell = std::move(at)}, std::move(message), std::move(advice)));
  }
  static bool is_same(const Place& a, const Place& b) { return a.line == b.line && a.column == b.column; }
  // What the reader of XML told at a line, at the part of the table that stands there.
  diagnostic::Diagnostic placed(diagnostic::Diagnostic told) const {
    std::string at = "/dmn";
    if (is_same(told.place, table_.place)) at = told.code == "E-DMN-209" ? "/outputs" : "/hit";
    for (std::size_t i = 0; i < table_.inputs.size(); ++i)
      if (is_same(told.place, table_.inputs[i].place)) at = "/inputs/" + std::to_string(i);
    for (std::size_t r = 0; r < table_.rules.size(); ++r)
      if (is_same(told.place, table_.rules[r].place)) {
        at = "/rows/" + std::to_string(r);
        told.message = {"第 " + std::to_string(r + 1) + " 行：" + told.message.zh,
                        "Row " + std::to_string(r + 1) + ": " + told.message.en};
      }
    told.place = {.cell = at};
    return told;
  }
  void look_at_language(const Text& text, const std::string& at, const text::Words& where) {
    if (!is_feel(text.language))
      tell("E-DMN-208", at,
           {where.zh + "：表达式语言“" + text.language + "”不是 FEEL。",
            where.en + ": the expression language “" + text.language + "” is not FEEL."},
           {"改写为 FEEL。", "Rewrite it in FEEL."});
    if (!text.remark.empty())
      tell("E-DMN-402", at,
           {where.zh + "：包里一格没有自己的注。", where.en + ": a cell of a pack has no remark."},
           {"写进这一行的说明。", "Write it in the note of the row."});
  }

  void take_names() {
    if (decision_.name != one_line(shown_.text.name))
      tell("E-DMN-402", "/name",
           {"决策的名称“" + decision_.name + "”改不了：别的块用“" + shown_.text.name + "”叫它。",
            "The decision cannot be renamed “" + decision_.name + "”: others call it “" + shown_.text.name +
                "”."},
           {"改回原名；要改名，到原文里连同用到它的块一起改。",
            "Take the old name back; rename it in the text, with the blocks that use it."});
    if (decision_.id != XmlWriter::decision_id(shown_.text))
      tell("E-DMN-402", "/id",
           {"决策的标识“" + decision_.id + "”改不了。", "The id “" + decision_.id + "” cannot be changed."},
           {"改回“" + XmlWriter::decision_id(shown_.text) + "”。",
            "Take “" + XmlWriter::decision_id(shown_.text) + "” back."});
  }

  void take_hit() {
    if (table_.hit_policy == shown_.table.hit_policy && table_.aggregator == shown_.table.aggregator) return;
    for (const Twin& each : kTwins)
      if (each.is_exact && each.policy == table_.hit_policy && each.aggregator == table_.aggregator) {
        out_.hit = each.hit;
        return;
      }
    tell("E-DMN-402", "/hit",
         {std::string("包里没有这种命中方式：") + to_string(table_.hit_policy) + " 不能带汇总 " +
              aggregation_word(table_.aggregator) + "。",
          std::string("A pack has no such hit policy: ") + to_string(table_.hit_policy) + " with " +
              aggregation_word(table_.aggregator) + "."},
         {"汇总只和 COLLECT 一起用。", "Aggregate with COLLECT only."});
  }

  // Which input of the block each was: by its text, then the others in order; -1: a new one.
  std::vector<int> pair_inputs() const {
    std::vector<int> from(table_.inputs.size(), -1);
    std::vector<bool> is_taken(shown_.text.inputs.size(), false);
    for (std::size_t i = 0; i < from.size(); ++i)
      for (std::size_t j = 0; j < is_taken.size() && from[i] < 0; ++j)
        if (!is_taken[j] && feel_on_a_line(table_.inputs[i].expression.source) == shown_.text.inputs[j]) {
          from[i] = static_cast<int>(j);
          is_taken[j] = true;
        }
    std::size_t next = 0;
    for (int& each : from) {
      while (next < is_taken.size() && is_taken[next]) ++next;
      if (each >= 0 || next >= is_taken.size()) continue;
      each = static_cast<int>(next);
      is_taken[next] = true;
    }
    return from;
  }

  void take_inputs() {
    const std::vector<int> from = pair_inputs();
    out_.inputs.clear();
    for (std::size_t i = 0; i < table_.inputs.size(); ++i) {
      const DecisionTable::Input& input = table_.inputs[i];
      const std::string at = "/inputs/" + std::to_string(i);
      const std::string text =
          input.expression.is_written ? feel_on_a_line(input.expression.source) : std::string();
      const DecisionTable::Input* before =
          from[i] < 0 ? nullptr : &shown_.table.inputs[static_cast<std::size_t>(from[i])];
      const bool is_the_same = before != nullptr && before->expression.source == text;
      const text::Words where = column("输入", "Input", i, text);
      look_at_language(input.expression, at, where);
      const bool is_named_so = input.label.empty() || input.label == one_line(text) ||
                               (before && input.label == one_line(before->label));
      if (!is_named_so)
        tell("E-DMN-402", at,
             {where.zh + "：列名“" + input.label + "”存不下，包里的列名就是它的表达式。",
              where.en + ": the label “" + input.label +
                  "” cannot be kept; a column is called by its expression."},
             {"要换字段就改表达式，列名留空或与它相同。",
              "Change the expression for another field; leave the label empty or the same."});
      if (is_the_same && input.type_ref != before->type_ref)
        tell("E-DMN-402", at,
             {where.zh + "：类型由台账的字段定，这里改不了。",
              where.en + ": its type is that of the field and cannot be changed here."},
             {"改回" + (before->type_ref.empty() ? std::string("不限") : "“" + before->type_ref + "”") + "。",
              "Take back " + (before->type_ref.empty() ? std::string("any") : before->type_ref) + "."});
      if (input.allowed)
        tell("E-DMN-402", at,
             {where.zh + "：可选值由字段的代码表定，这里加不了。",
              where.en + ": its values are those of the field's code table."},
             {"清除这一列的预设值。", "Clear the predefined values."});
      if (!text.empty() && !is_the_same) look_at_names(text, at, where);
      out_.inputs.push_back(text);
    }
  }
  static text::Words column(const char* zh, const char* en, std::size_t i, const std::string& name) {
    const std::string number = std::to_string(i + 1);
    return name.empty()
               ? text::Words{"第 " + number + " 列" + zh, std::string(en) + " " + number}
               : text::Words{std::string(zh) + "“" + name + "”", std::string(en) + " \"" + name + "\""};
  }
  void look_at_names(const std::string& text, const std::string& at, const text::Words& where) {
    const feel::Parsed parsed = feel::parse(text, shown_.scope);
    for (const diagnostic::Diagnostic& each : parsed.diagnostics)
      if (each.severity == diagnostic::Severity::Error)
        tell("E-DMN-403", at, {where.zh + "：" + each.message.zh, where.en + ": " + each.message.en},
             each.advice.zh.empty() ? text::Words{"写这个台账的字段，或它的指标。",
                                                  "Write a field of this register, or an indicator."}
                                    : each.advice);
  }

  void take_outputs() {
    const std::size_t count = shown_.table.outputs.size();
    out_.outputs.resize(table_.outputs.size());
    for (std::size_t i = 0; i < table_.outputs.size() && i < count; ++i) {
      const DecisionTable::Output &output = table_.outputs[i], &before = shown_.table.outputs[i];
      const std::string at = "/outputs/" + std::to_string(i);
      const text::Words where = column("结论", "Output", i, before.label);
      out_.outputs[i] = shown_.text.outputs[i];
      if (output.label != one_line(before.label))
        out_.outputs[i].name = output.label;
      else if (output.name != one_line(before.name))
        out_.outputs[i].name = output.name;
      if (output.type_ref != before.type_ref)
        tell("E-DMN-402", at,
             {where.zh + "：类型在这里改不了。", where.en + ": its type cannot be changed here."},
             {"到原文里改 output 的 type、unit 或 codes。",
              "Change type, unit or codes of output in the text."});
      if (words_of(output.allowed) != words_of(before.allowed))
        tell("E-DMN-402", at,
             {where.zh + "：可选值由代码表定，这里改不了。",
              where.en + ": its values are those of its code table."},
             {"改回原来的值；要添等级，修订代码表。",
              "Take the old values back; revise the code table for others."});
      if (words_of(output.otherwise) != words_of(before.otherwise))
        tell("E-DMN-402", at,
             {where.zh + "：默认结论在这里改不了。", where.en + ": its default cannot be changed here."},
             {"到表格或原文里改 otherwise。", "Change otherwise in the form or the text."});
    }
  }
  static std::string words_of(const std::optional<Text>& text) {
    std::string out;
    for (const char each : text ? text->source : std::string())
      if (each != ' ' && each != '\n' && each != '\r' && each != '\t') out += each;
    return out;
  }

  void take_rows() {
    out_.rows.clear();
    for (std::size_t r = 0; r < table_.rules.size(); ++r) {
      const DecisionTable::Rule& rule = table_.rules[r];
      const std::string here = "/rows/" + std::to_string(r);
      const auto where = [&](const std::string& name) {
        const std::string line = std::to_string(r + 1);
        return text::Words{"第 " + line + " 行“" + name + "”", "Row " + line + ", \"" + name + "\""};
      };
      DecisionText::Row row;
      for (std::size_t i = 0; i < rule.inputs.size(); ++i) {
        look_at_language(rule.inputs[i], here + "/inputs/" + std::to_string(i), where(out_.inputs[i]));
        row.inputs.push_back(feel_on_a_line(rule.inputs[i].source));
      }
      for (std::size_t i = 0; i < rule.outputs.size(); ++i) {
        look_at_language(rule.outputs[i], here + "/outputs/" + std::to_string(i),
                         where(out_.outputs[i].name));
        row.outputs.push_back(rule.outputs[i].is_written ? feel_on_a_line(rule.outputs[i].source) : "");
      }
      for (const std::string& each : rule.annotations)
        if (!each.empty()) row.note += (row.note.empty() ? "" : "；") + without_line_breaks(each);
      out_.rows.push_back(std::move(row));
    }
  }

  const Shown& shown_;
  const ElementDefinition& decision_;
  const DecisionTable& table_;
  DecisionText out_;
  Diagnostics told_ = {};
};

}  // namespace

BlockModel model_of(const std::string& block, const pack::Pack& pack) {
  const Shown shown = shown_of(block, pack);
  BlockModel out;
  out.told = shown.text.told;
  if (!is_xml_text(block))
    out.told.push_back(
        refusal("E-DMN-401", {.line = 1},
                {"块里有看不见的字符，XML 写不了。", "The block holds invisible characters; XML cannot."},
                {"到原文里去掉。", "Take them out in the text."}));
  if (!out.told.empty()) return out;
  out.hit = shown.text.hit;
  out.shown_as = shown.table.hit_policy;
  out.aggregator = shown.table.aggregator;
  out.has_twin = twin_of(out.hit)->is_exact;
  out.xml = XmlWriter(shown).write();
  return out;
}

pack::Rewritten block_with(const std::string& block, std::string_view xml, const pack::Pack& pack) {
  const Shown shown = shown_of(block, pack);
  if (!shown.text.told.empty()) return {.refused_because = shown.text.told};
  Diagnostics of_reading;
  const std::optional<Model> model = read_model(xml, "dmn", of_reading);
  const ElementDefinition* decision = nullptr;
  std::size_t decisions = 0;
  if (model)
    for (const ElementDefinition& each : model->elements)
      if (each.kind == ElementKind::Decision && ++decisions == 1) decision = &each;
  const bool is_a_table = decisions == 1 && decision->logic && decision->logic->table;
  if (!is_a_table) {
    for (diagnostic::Diagnostic& each : of_reading) each.place = {.cell = "/dmn"};
    if (model)
      of_reading.push_back(
          refusal("E-DMN-402", {.cell = "/dmn"},
                  {"一块是一张决策表，这里不是。", "A block is one decision table; this is not."},
                  {"只留一个决策，写成决策表。", "Keep one decision, written as a table."}));
    return {.refused_because = std::move(of_reading)};
  }
  const DecisionTable& table = *decision->logic->table;
  if (table.inputs.size() + table.outputs.size() > kMostColumns || table.rules.size() > kMostRules)
    return {.refused_because = {refusal("E-DMN-103", {.cell = "/dmn"},
                                        {"一张表至多 " + std::to_string(kMostColumns) + " 列、" +
                                             std::to_string(kMostRules) + " 行。",
                                         "A table has at most " + std::to_string(kMostColumns) +
                                             " columns and " + std::to_string(kMostRules) + " rows."},
                                        {"拆成几张表。", "Split it into several tables."})}};
  TableTaken taken(shown, *decision);
  const DecisionText wanted = taken.take(of_reading);
  pack::Rewritten out = pack::with_decision_text(block, wanted);
  Diagnostics told = std::move(taken.told());
  told.insert(told.end(), out.refused_because.begin(), out.refused_because.end());
  if (told.size() > kMostToldOfTable) {
    const std::string rest = std::to_string(told.size() - kMostToldOfTable);
    told.resize(kMostToldOfTable);
    told.push_back(refusal("E-DMN-103", {.cell = "/dmn"},
                           {"另有 " + rest + " 处没有列出。", rest + " more are not listed."},
                           {"先改好这些。", "Mend these first."}));
  }
  if (!told.empty()) return {.refused_because = std::move(told)};
  return out;
}

}  // namespace tenglong::dmn
