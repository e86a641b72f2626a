#include "engine/dmn/pack_blocks.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "engine/dmn/inside/refusal.h"
#include "engine/dmn/inside/written_out.h"
#include "engine/feel/syntax.h"

namespace tenglong::dmn {
namespace {

using feel::NodeKind;
using feel::NodePtr;

bool is_word(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char each) {
    return std::isalnum(each) || each == '_' || each == '-' || each == ' ';
  });
}
// An identifier: the name in small letters if it is made of such, else what it is and a number.
std::string identifier(const std::string& name, const std::string& otherwise) {
  std::string out;
  if (is_word(name) && std::isalpha(static_cast<unsigned char>(name.front())))
    for (const char each : name) {
      const bool is_blank = each == ' ' || each == '-';
      if (is_blank && !out.empty() && out.back() == '_') continue;
      if (std::isupper(static_cast<unsigned char>(each)) && !out.empty() && out.back() != '_' &&
          std::islower(static_cast<unsigned char>(out.back())))
        out += '_';
      out += is_blank ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
    }
  return out.empty() ? otherwise : out;
}
std::string yaml_text(const std::string& text) {
  std::string out = "'";
  for (const char each : text) {
    if (each == '\'') out += '\'';
    out += each == '\n' || each == '\r' ? ' ' : each;
  }
  return out + "'";
}
std::string cell_text(const std::string& text) {
  std::string out;
  for (const char each : text) {
    if (each == '|') out += '\\';
    out += each == '\n' || each == '\r' || each == '\t' ? ' ' : each;
  }
  return out;
}
enum class Plain { Number, Text, Boolean, Date, Other };

struct Field {
  std::string id, name, codes;  // codes: id of its code list
  Plain type = Plain::Other;
};

class Writer {
 public:
  Writer(const Model& model, Diagnostics& diagnostics) : model_(model), diagnostics_(diagnostics) {
    file_ = model.file.substr(model.file.find_last_of('/') + 1);
    std::string stem = file_;
    stem = stem.substr(0, stem.find('.'));
    while (!stem.empty() && !std::isalpha(static_cast<unsigned char>(stem.front()))) stem.erase(stem.begin());
    id_ = identifier(model.name, identifier(stem, "dmn_model"));
  }

  PackBlocks write() {
    for (const ElementDefinition& each : model_.elements) by_id_[each.id] = &each;
    for (const ElementDefinition& each : model_.elements)
      if (each.kind == ElementKind::InputData)
        add_input(each.variable.name, each.variable.type_ref, each.place);
    for (const ElementDefinition& each : model_.elements) {
      add_names(each);
      if (each.logic) learn_codes(*each.logic);
    }
    std::string body;
    for (const ElementDefinition* each : in_order()) body += element(*each);

    std::string out = "# " + (model_.name.empty() ? std::string("DMN 模型") : model_.name) + "\n\n";
    out += "由 DMN " + model_.version + " 模型 `" + file_ +
           "` 转来。下面每一块都可以照常修改；改完运行 `tenglong check`。\n\n";
    out += codes();
    out += input_register();
    out += body;
    if (!left_out_.empty()) {
      out += "## 没有带进来的部分\n\n";
      for (const std::string& each : left_out_) out += "- " + each + "\n";
    }
    result_.markdown = std::move(out);
    return result_;
  }

 private:
  void leave_out(const Place& place, const std::string& name, const std::string& zh, const std::string& en) {
    left_out_.push_back(name + "：" + zh);
    diagnostics_.push_back(refusal("W-DMN-301", place,
                                   {"“" + name + "”没有带进来：" + zh, "“" + name + "” is left out: " + en},
                                   {"按原模型在包里另写。", "Write it in the pack by hand."}));
  }

  const ItemDefinition* type(const std::string& name) const {
    for (const ItemDefinition& each : model_.types)
      if (each.name == name) return &each;
    return nullptr;
  }
  static Plain plain(std::string name) {
    if (const std::size_t at = name.find_last_of(":."); at != std::string::npos) name = name.substr(at + 1);
    if (name == "number") return Plain::Number;
    if (name == "string") return Plain::Text;
    if (name == "boolean") return Plain::Boolean;
    if (name == "date") return Plain::Date;
    return Plain::Other;
  }
  Plain plain_of(const std::string& type_ref) const {
    const ItemDefinition* found = type(type_ref);
    if (!found) return plain(type_ref);
    if (found->is_collection || !found->components.empty() || found->is_function) return Plain::Other;
    return plain(found->type_ref);
  }

  // The code list of an enumeration of texts; empty if the tests are anything else.
  std::string codes_of(const std::optional<Text>& allowed, const std::string& name) {
    if (!allowed) return {};
    feel::NameSet none;
    none.set_open(true);
    const feel::Parsed parsed = feel::parse(allowed->source, none, {}, feel::Grammar::UnaryTests);
    if (!parsed.tree) return {};
    std::vector<std::string> values;
    const std::vector<NodePtr> tests =
        parsed.tree->kind == NodeKind::TestList ? parsed.tree->children : std::vector<NodePtr>{parsed.tree};
    for (const NodePtr& test : tests) {
      const feel::Node* at = test.get();
      if (at->kind == NodeKind::TestExpression && at->children.size() == 1) at = at->children[0].get();
      if (at->kind != NodeKind::Literal || at->value.kind() != feel::Kind::String) return {};
      values.push_back(at->value.string());
    }
    for (const auto& [id, list] : code_lists_)
      if (list.second == values) return id;
    const std::string id =
        unused(id_ + "_" + identifier(name, "codes_" + std::to_string(code_lists_.size() + 1)), code_ids_);
    code_lists_.emplace_back(id, std::make_pair(name + "（" + model_.name + "）", values));
    return id;
  }
  static std::string unused(std::string wanted, std::set<std::string>& taken) {
    const std::string first = wanted;
    for (int i = 2; !taken.insert(wanted).second; ++i) wanted = first + "_" + std::to_string(i);
    return wanted;
  }

  // `path` as the expressions write it; a structured input becomes one field a member.
  void add_input(const std::string& path, const std::string& type_ref, const Place& place, int depth = 0) {
    const ItemDefinition* found = type(type_ref);
    if (found && !found->components.empty() && !found->is_collection && depth < 4) {
      for (const ItemDefinition& each : found->components)
        add_member(path + "." + each.name, each, depth + 1);
      return;
    }
    add_field(path, plain_of(type_ref), codes_of(found ? found->allowed : std::nullopt, type_ref), place);
  }
  void add_member(const std::string& path, const ItemDefinition& member, int depth) {
    if (!member.components.empty() && !member.is_collection && depth < 4) {
      for (const ItemDefinition& each : member.components)
        add_member(path + "." + each.name, each, depth + 1);
      return;
    }
    if (member.is_collection) return add_field(path, Plain::Other, "", member.place);
    if (const ItemDefinition* found = type(member.type_ref); found && !found->components.empty())
      return add_input(path, member.type_ref, member.place, depth);
    std::optional<Text> allowed = member.allowed;
    if (const ItemDefinition* found = type(member.type_ref); found && !allowed) allowed = found->allowed;
    add_field(path, plain_of(member.type_ref), codes_of(allowed, member.name), member.place);
  }
  void add_field(const std::string& path, Plain type, const std::string& codes, const Place& place) {
    if (type == Plain::Other)
      return leave_out(place, path, "输入不是单个的数、文字、是否或日期。",
                       "the input is no single number, text, boolean or date.");
    std::string name = path;
    for (std::size_t at = 0; (at = name.find('.', at)) != std::string::npos;) {
      const bool is_ascii = at > 0 && static_cast<unsigned char>(name[at - 1]) < 0x80;
      name.replace(at, 1, is_ascii ? " " : "");
    }
    name = unused(name, field_names_);
    seen_.fields_by_path[path] = name;
    fields_.push_back({unused(identifier(name, "field_" + std::to_string(fields_.size() + 1)), field_ids_),
                       name, codes, type});
  }

  // What a table allows in a column that is an input, the input allows.
  void learn_codes(const Expression& logic) {
    for (const ExpressionPtr& each : logic.children) learn_codes(*each);
    if (!logic.table) return;
    for (const DecisionTable::Input& each : logic.table->inputs) {
      const auto path = seen_.fields_by_path.find(trimmed(each.expression.source));
      if (path == seen_.fields_by_path.end() || !each.allowed) continue;
      for (Field& field : fields_)
        if (field.name == path->second && field.codes.empty() && field.type == Plain::Text)
          field.codes = codes_of(each.allowed, field.name);
    }
  }

  void add_names(const ElementDefinition& element) {
    if (element.kind == ElementKind::InputData) {
      auto members = std::make_shared<feel::NameSet>();
      bool has_members = false;
      for (const auto& [path, name] : seen_.fields_by_path)
        if (path.starts_with(element.variable.name + ".")) {
          const std::string rest = path.substr(element.variable.name.size() + 1);
          members->add(rest.substr(0, rest.find('.')));
          has_members = true;
        }
      seen_.names.add(element.variable.name);
      if (has_members) seen_.names.add_members(element.variable.name, members);
    } else {
      seen_.names.add(element.variable.name);
    }
    seen_.names.set_open(true);
  }

  // Decisions after those they need.
  std::vector<const ElementDefinition*> in_order() {
    std::vector<const ElementDefinition*> out;
    std::set<const ElementDefinition*> seen;
    std::function<void(const ElementDefinition&, int)> visit = [&](const ElementDefinition& at, int depth) {
      if (depth > 200 || !seen.insert(&at).second) return;
      for (const Requirement& each : at.requirements) {
        const auto found = by_id_.find(each.href.substr(each.href.find('#') + 1));
        if (found != by_id_.end()) visit(*found->second, depth + 1);
      }
      out.push_back(&at);
    };
    for (const ElementDefinition& each : model_.elements) visit(each, 0);
    return out;
  }

  std::string codes() {
    std::string out;
    for (const auto& [id, list] : code_lists_) {
      ++result_.codes;
      out += "```yaml codes\nid: " + id + "\nname: " + yaml_text(list.first) +
             "\norder: best_first\nsource: " + source() + "\n```\n\n| 代码 | 名称 |\n|---|---|\n";
      for (const std::string& each : list.second)
        out += "| \"" + cell_text(each) + "\" | " + cell_text(each) + " |\n";
      out += "\n";
    }
    return out;
  }
  std::string source() const { return yaml_text("DMN 模型 " + file_); }

  std::string input_register() {
    if (fields_.empty()) return {};
    ++result_.registers;
    std::string out = "```yaml register\nid: " + register_id() +
                      "\nname: " + yaml_text((model_.name.empty() ? "模型" : model_.name) + "输入") +
                      "\nkey: [" + key_id() + "]\nfields:\n  - {id: " + key_id() +
                      ", name: 编号, type: text}\n";
    for (const Field& each : fields_) {
      out += "  - {id: " + each.id + ", name: " + yaml_text(each.name) + ", type: ";
      if (!each.codes.empty())
        out += "code, codes: " + each.codes;
      else if (each.type == Plain::Number)
        out += "number, unit: \"1\"";
      else
        out += each.type == Plain::Text ? "text" : each.type == Plain::Boolean ? "boolean" : "date";
      out += "}\n";
    }
    return out + "```\n\n";
  }
  std::string register_id() const { return id_ + "_input"; }
  std::string key_id() const { return id_ + "_record"; }

  std::string element(const ElementDefinition& from) {
    switch (from.kind) {
      case ElementKind::InputData:
        return {};
      case ElementKind::KnowledgeModel:  // written out where it is called
        return {};
      case ElementKind::DecisionService:
        leave_out(from.place, from.name, "决策服务在包里没有对应的块，它的决策各自都在。",
                  "a pack has no block for a decision service; its decisions stand by themselves.");
        return {};
      case ElementKind::Decision:
        break;
    }
    if (!from.logic) {
      leave_out(from.place, from.name, "没有写逻辑。", "it has no logic.");
      return {};
    }
    if (fields_.empty()) {
      leave_out(from.place, from.name, "模型没有可以进台账的输入。",
                "the model has no input that a register can hold.");
      return {};
    }
    if (from.logic->form == Form::Table) return table(from, *from.logic->table, {});
    if (from.logic->form == Form::Invocation)
      if (const ElementDefinition* model =
              written_.knowledge_model(trimmed(from.logic->children[0]->text.source));
          model && model->logic->children.front()->form == Form::Table) {
        const auto bindings = written_.bindings_of(*from.logic, *model, {}, 0);
        if (bindings) return table(from, *model->logic->children.front()->table, *bindings);
      }
    return expression(from);
  }

  std::string expression(const ElementDefinition& from) {
    const auto formula = written_.text_of(*from.logic, {}, 0);
    if (!formula || formula->empty()) {
      leave_out(from.place, from.name, "这种表达式在包里没有对应的写法，或用到了没有带进来的部分。",
                "a pack has no words for this expression, or it uses a part that is left out.");
      return {};
    }
    const std::string& type_ref =
        from.variable.type_ref.empty() ? from.logic->type_ref : from.variable.type_ref;
    if (plain_of(type_ref) != Plain::Number) {
      seen_.inlined[from.variable.name] = *formula;
      return {};
    }
    seen_.carried.insert(from.variable.name);
    ++result_.indicators;
    return "## " + from.name + "\n\n" + said(from) + "```yaml indicator\nid: " +
           unused(id_ + "_" + identifier(from.name, "indicator_" + std::to_string(result_.indicators)),
                  rule_ids_) +
           "\nname: " + yaml_text(from.variable.name) + "\nof: " + register_id() +
           "\nunit: \"1\"\nformula: " + yaml_text(*formula) + "\nsource: " + source() + "\n```\n\n";
  }

  static std::string said(const ElementDefinition& from) {
    std::string out;
    for (const std::string& each : {from.question, from.description})
      if (!each.empty()) {
        for (const char letter : each)
          out += letter == '\n' || letter == '\r' || letter == '`' || letter == '#' ? ' ' : letter;
        out += "\n\n";
      }
    return out;
  }

  std::string hit(const DecisionTable& table) const {
    switch (table.hit_policy) {
      case HitPolicy::Unique:
        return "unique";
      case HitPolicy::Any:
        return "any";
      case HitPolicy::Priority:
        return "priority";
      case HitPolicy::First:
        return "first";
      case HitPolicy::RuleOrder:
        return "rule_order";
      case HitPolicy::OutputOrder:
        return "output_order";
      case HitPolicy::Collect:
        break;
    }
    switch (table.aggregator) {
      case Aggregator::Sum:
        return "collect_sum";
      case Aggregator::Min:
        return "collect_min";
      case Aggregator::Max:
        return "collect_max";
      case Aggregator::Count:
        return "collect_count";
      case Aggregator::None:
        break;
    }
    return "collect";
  }

  std::string table(const ElementDefinition& from, const DecisionTable& table, const Locals& locals) {
    const auto refuse = [&](const char* zh, const char* en) {
      leave_out(from.place, from.name, zh, en);
      return std::string();
    };
    std::vector<std::string> inputs;
    for (const DecisionTable::Input& each : table.inputs) {
      const auto input = written_.rewritten(each.expression, feel::Grammar::Expression, locals);
      if (!input) return refuse("一列输入用到了没有带进来的部分。", "an input uses a part that is left out.");
      inputs.push_back(*input);
    }
    std::string outputs, otherwise;
    std::vector<std::string> output_names;
    for (const DecisionTable::Output& each : table.outputs) {
      std::string type_ref = each.type_ref;
      if (type_ref.empty() && table.outputs.size() == 1) type_ref = from.variable.type_ref;
      std::string type_text;
      const ItemDefinition* found = type(type_ref);
      std::string name = each.name.empty() ? from.variable.name : each.name;
      if (each.name.empty()) name += "结果";
      const std::string codes = codes_of(each.allowed ? each.allowed
                                         : found      ? found->allowed
                                                      : std::nullopt,
                                         type_ref.empty() || !found ? name : type_ref);
      switch (!codes.empty() ? Plain::Text : plain_of(type_ref)) {
        case Plain::Number:
          type_text = "number";
          break;
        case Plain::Boolean:
          type_text = "boolean";
          break;
        case Plain::Date:
          type_text = "date";
          break;
        case Plain::Text:
          type_text = codes.empty() ? "text" : "code, codes: " + codes;
          break;
        case Plain::Other:
          type_text = guessed(table, output_names.size());
          if (type_text.empty())
            return refuse("一列结论的类型不清楚。", "the type of a conclusion is not clear.");
          break;
      }
      output_names.push_back(name);
      outputs += "  - {name: " + yaml_text(name) + ", type: " + type_text + "}\n";
      if (each.otherwise)
        otherwise += "  " + yaml_text(name) + ": " + yaml_text(trimmed(each.otherwise->source)) + "\n";
    }
    std::string out =
        "## " + from.name + "\n\n" + said(from) + "```yaml decision\nid: " +
        unused(id_ + "_" + identifier(from.name, "decision_" + std::to_string(result_.decisions + 1)),
               rule_ids_) +
        "\nname: " + yaml_text(from.variable.name) + "\nof: " + register_id() + "\nhit: " + hit(table) +
        "\ninputs:\n";
    for (const std::string& each : inputs) out += "  - " + yaml_text(each) + "\n";
    if (table.outputs.size() == 1)
      out += "output: " + outputs.substr(4);
    else
      out += "outputs:\n" + outputs;
    if (table.outputs.size() == 1 && table.outputs[0].otherwise)
      out += "otherwise: " + yaml_text(trimmed(table.outputs[0].otherwise->source)) + "\n";
    else if (!otherwise.empty())
      out += "otherwise:\n" + otherwise;
    out += "source: " + source() + "\n```\n\n|";
    for (const std::string& each : inputs) out += " " + cell_text(each) + " |";
    for (const std::string& each : output_names) out += " " + cell_text(each) + " |";
    const bool is_annotated = std::any_of(table.rules.begin(), table.rules.end(),
                                          [](const auto& rule) { return !rule.annotations.empty(); });
    out += is_annotated ? " 说明 |\n|" : "\n|";
    for (std::size_t i = 0; i < inputs.size() + output_names.size() + (is_annotated ? 1 : 0); ++i)
      out += "---|";
    out += "\n";
    for (const DecisionTable::Rule& rule : table.rules) {
      out += "|";
      for (const Text& each : rule.inputs) {
        const auto test = written_.rewritten(each, feel::Grammar::UnaryTests, locals);
        if (!test)
          return refuse("一格条件用到了没有带进来的部分。", "a condition uses a part that is left out.");
        out += " " + cell_text(*test) + " |";
      }
      for (const Text& each : rule.outputs) {
        const auto value = written_.rewritten(each, feel::Grammar::Expression, locals);
        if (!value)
          return refuse("一格结论用到了没有带进来的部分。", "a conclusion uses a part that is left out.");
        out += " " + cell_text(*value) + " |";
      }
      if (is_annotated) {
        std::string note;
        for (const std::string& each : rule.annotations) note += (note.empty() ? "" : "；") + each;
        out += " " + (note.empty() ? "-" : cell_text(note)) + " |";
      }
      out += "\n";
    }
    seen_.carried.insert(from.variable.name);
    ++result_.decisions;
    return out + "\n";
  }

  // The type of a column of constants.
  static std::string guessed(const DecisionTable& table, std::size_t column) {
    std::optional<feel::Kind> kind;
    for (const DecisionTable::Rule& rule : table.rules) {
      feel::NameSet none;
      none.set_open(true);
      const feel::Parsed parsed = feel::parse(rule.outputs[column].source, none);
      if (!parsed.tree || parsed.tree->kind != NodeKind::Literal) return {};
      if (kind && *kind != parsed.tree->value.kind()) return {};
      kind = parsed.tree->value.kind();
    }
    if (kind == feel::Kind::Number) return "number";
    if (kind == feel::Kind::String) return "text";
    if (kind == feel::Kind::Boolean) return "boolean";
    return {};
  }

  const Model& model_;
  Diagnostics& diagnostics_;
  std::string id_, file_;
  Seen seen_;
  WrittenOut written_{model_, seen_};
  PackBlocks result_;
  std::map<std::string, const ElementDefinition*> by_id_;
  std::vector<Field> fields_;
  std::set<std::string> field_names_ = {"编号"}, field_ids_, code_ids_, rule_ids_;
  std::vector<std::pair<std::string, std::pair<std::string, std::vector<std::string>>>> code_lists_;
  std::vector<std::string> left_out_;
};

}  // namespace

PackBlocks as_pack_blocks(const Model& model, Diagnostics& diagnostics) {
  return Writer(model, diagnostics).write();
}

}  // namespace tenglong::dmn
