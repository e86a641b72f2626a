#include "tck/tck.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "engine/dmn/program.h"
#include "engine/dmn/xml_tree.h"
#include "tck/compare.h"

namespace tenglong::tck {
namespace {

namespace fs = std::filesystem;
using dmn::Element;
using feel::Value;

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

bool is_nil(const Element& element) {
  const std::string nil = element.attribute_or("nil", "false");
  return nil == "true" || nil == "1";
}

Value by_function(const char* function, const std::string& text) {
  feel::Context context;
  context.put("text", Value(text));
  const feel::Parsed parsed = feel::parse(std::string(function) + "(text)", feel::NameSet({"text"}));
  return feel::evaluate(*parsed.tree, feel::ContextEnvironment(std::move(context))).value;
}

Value of_kind(feel::Kind kind, const Element& element) {
  const std::string text = trimmed(element.text);
  switch (kind) {
    case feel::Kind::Boolean:
      return Value(text == "true" || text == "1");
    case feel::Kind::Number:
      if (const auto number = quantity::Decimal::parse(text)) return Value(*number);
      return {};
    case feel::Kind::Date:
      return by_function("date", text);
    case feel::Kind::Time:
      return by_function("time", text);
    case feel::Kind::DateTime:
      return by_function("date and time", text);
    case feel::Kind::DaysDuration:
    case feel::Kind::MonthsDuration:
      return by_function("duration", text);
    default:
      return Value(element.text);
  }
}

// Some tests write no xsi:type; the model's type says then what is meant.
Value simple_value(const Element& element, const feel::DeclaredTypePtr& type) {
  static const std::map<std::string, feel::Kind> kKinds = {
      {"string", feel::Kind::String},     {"boolean", feel::Kind::Boolean},
      {"date", feel::Kind::Date},         {"time", feel::Kind::Time},
      {"dateTime", feel::Kind::DateTime}, {"duration", feel::Kind::DaysDuration},
      {"decimal", feel::Kind::Number},    {"double", feel::Kind::Number},
      {"float", feel::Kind::Number},      {"integer", feel::Kind::Number},
      {"int", feel::Kind::Number},        {"long", feel::Kind::Number}};
  std::string written = element.attribute_or("type", "");
  if (const std::size_t colon = written.find(':'); colon != std::string::npos)
    written = written.substr(colon + 1);
  if (const auto kind = kKinds.find(written); kind != kKinds.end()) return of_kind(kind->second, element);
  if (type && type->form == feel::DeclaredType::Form::Simple) return of_kind(type->kind, element);
  const std::string text = trimmed(element.text);
  if (text.empty()) return {};
  if (text == "true" || text == "false") return Value(text == "true");
  if (const auto number = quantity::Decimal::parse(text)) return Value(*number);
  return Value(element.text);
}

// The value of an inputNode, expected, item or component element; `type`, if known, is the model's.
Value value_of(const Element& element, const feel::DeclaredTypePtr& type = nullptr) {
  if (is_nil(element)) return {};
  if (const Element* list = element.child("list")) {
    if (is_nil(*list)) return {};
    const feel::DeclaredTypePtr item =
        type && type->form == feel::DeclaredType::Form::ListOf ? type->element : nullptr;
    feel::List items;
    for (const Element& each : list->children)
      if (each.name == "item") items.push_back(value_of(each, item));
    return Value(std::move(items));
  }
  if (element.child("component")) {
    feel::Context members;
    for (const Element& each : element.children) {
      if (each.name != "component") continue;
      const std::string name = each.attribute_or("name", "");
      feel::DeclaredTypePtr member;
      if (type)
        for (const auto& [own, own_type] : type->members)
          if (own == name) member = own_type;
      members.put(name, value_of(each, member));
    }
    return Value(std::move(members));
  }
  const Element* value = element.child("value");
  return !value || is_nil(*value) ? Value{} : simple_value(*value, type);
}

// Models of a folder, read once.
class Folder {
 public:
  explicit Folder(const fs::path& path) : path_(path) {}

  std::shared_ptr<const dmn::Program> program(const std::string& file, std::string& why_not) {
    if (const auto found = programs_.find(file); found != programs_.end()) return found->second;
    diagnostic::Diagnostics diagnostics;
    std::shared_ptr<const dmn::Program> out;
    std::vector<dmn::Model> models;
    if (auto main = dmn::read_model(bytes_of(path_ / file), file, diagnostics)) {
      const bool has_imports = !main->imports.empty();
      models.push_back(std::move(*main));
      if (has_imports) add_others(file, models);
      out = dmn::Program::compile(std::move(models), diagnostics);
    } else if (!diagnostics.empty()) {
      why_not = diagnostics.front().message.en;
    }
    programs_[file] = out;
    return out;
  }

 private:
  void add_others(const std::string& file, std::vector<dmn::Model>& models) {
    std::vector<fs::path> others;
    for (const fs::directory_entry& each : fs::directory_iterator(path_))
      if (each.path().extension() == ".dmn" && each.path().filename() != file) others.push_back(each.path());
    std::sort(others.begin(), others.end());
    diagnostic::Diagnostics ignored;
    for (const fs::path& each : others)
      if (auto other = dmn::read_model(bytes_of(each), each.filename().string(), ignored))
        models.push_back(std::move(*other));
  }

  fs::path path_;
  std::map<std::string, std::shared_ptr<const dmn::Program>> programs_;
};

feel::Clock fixed_clock() { return {.now = feel::parse_date_time("2022-03-24T10:30:00+08:00")}; }

Result judged(Result result, const Value& expected, bool expects_error, const dmn::Outcome& outcome) {
  result.expected = expected.to_feel();
  result.actual = outcome.value.to_feel();
  result.expects_value = !expected.is_null();
  const Match found = match(outcome.value, expected);
  result.verdict = found == Match::Equal || found == Match::Rounded ? Verdict::Success : Verdict::Error;
  result.is_rounded = found == Match::Rounded;
  result.is_near = found == Match::Near;
  result.is_silent_null = expects_error && outcome.value.is_null() && outcome.told.empty();
  if (result.verdict == Verdict::Error) {
    result.comment = "expected " + result.expected + ", got " + result.actual;
    if (!outcome.told.empty()) result.comment += ": " + outcome.told.front().message.en;
  }
  return result;
}

void run_file(const fs::path& path, Folder& folder, std::vector<Result>& results) {
  Result base;
  base.level = path.parent_path().parent_path().filename().string();
  base.directory = path.parent_path().filename().string();
  base.file = path.stem().string();
  diagnostic::Diagnostics diagnostics;
  const auto root = dmn::read_xml(bytes_of(path), path.filename().string(), {}, diagnostics);
  if (!root || root->name != "testCases") {
    if (root) return;  // some other XML
    base.comment = "not readable: " + (diagnostics.empty() ? "" : diagnostics.front().message.en);
    results.push_back(base);
    return;
  }
  const Element* model_name = root->child("modelName");
  for (const Element& test : root->children) {
    if (test.name != "testCase") continue;
    std::string why_not = "no model is named";
    const auto program = model_name ? folder.program(trimmed(model_name->text), why_not) : nullptr;
    feel::Context inputs;
    for (const Element& each : test.children) {
      if (each.name != "inputNode") continue;
      const std::string name = each.attribute_or("name", "");
      inputs.put(name, value_of(each, program ? program->input_type(name) : nullptr));
    }
    for (const Element& node : test.children) {
      if (node.name != "resultNode") continue;
      Result result = base;
      result.test = test.attribute_or("id", "");
      result.node = node.attribute_or("name", "");
      const Element* wanted = node.child("expected");
      const Value expected = wanted ? value_of(*wanted) : Value{};
      if (!program) {
        result.expects_value = !expected.is_null();
        result.comment = why_not;
        results.push_back(std::move(result));
        continue;
      }
      const std::string kind = test.attribute_or("type", node.attribute_or("type", "decision"));
      const std::string invocable = test.attribute_or("invocableName", result.node);
      dmn::Outcome outcome =
          kind == "decisionService"
              ? program->ask(dmn::ElementKind::DecisionService, invocable, inputs, fixed_clock())
          : kind == "bkm" || kind == "businessKnowledgeModel"
              ? program->ask(dmn::ElementKind::KnowledgeModel, invocable, inputs, fixed_clock())
              : program->ask(dmn::ElementKind::Decision, result.node, inputs, fixed_clock());
      // A service with several outputs gives all of them; the node is one.
      if (kind == "decisionService" && outcome.value.kind() == feel::Kind::Context) {
        const Value* one = outcome.value.context().find(result.node);
        if (one && outcome.value.context().entries().size() > 1) outcome.value = Value(*one);
      }
      results.push_back(
          judged(std::move(result), expected, node.attribute_or("errorResult", "false") == "true", outcome));
    }
  }
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char each : text) {
    if (each == '"') out += '"';
    out += each == '\n' || each == '\r' ? ' ' : each;
  }
  return out + "\"";
}

const char* word(Verdict verdict) {
  switch (verdict) {
    case Verdict::Success:
      return "SUCCESS";
    case Verdict::Error:
      return "ERROR";
    case Verdict::Ignored:
      break;
  }
  return "IGNORED";
}

struct Counts {
  int value_passed = 0, value_all = 0, null_passed = 0, null_all = 0;
  void add(const Result& result) {
    const int passed = result.verdict == Verdict::Success ? 1 : 0;
    (result.expects_value ? value_passed : null_passed) += passed;
    (result.expects_value ? value_all : null_all) += 1;
  }
};

std::string line_of(const std::string& name, const Counts& counts) {
  std::string out = name;
  out.resize(std::max<std::size_t>(out.size() + 1, 52), ' ');
  const auto column = [&](int passed, int all) {
    std::string text = std::to_string(passed) + "/" + std::to_string(all);
    text.insert(0, text.size() < 12 ? 12 - text.size() : 0, ' ');
    out += text;
  };
  column(counts.value_passed, counts.value_all);
  column(counts.null_passed, counts.null_all);
  column(counts.value_passed + counts.null_passed, counts.value_all + counts.null_all);
  return out + "\n";
}

}  // namespace

std::vector<Result> run_folder(const std::string& folder) {
  std::map<fs::path, std::vector<fs::path>> tests;
  std::error_code failure;
  fs::recursive_directory_iterator walk(folder, failure);
  if (failure) throw std::runtime_error("cannot read the folder " + folder + ": " + failure.message());
  for (const fs::directory_entry& each : walk)
    if (each.is_regular_file() && each.path().extension() == ".xml")
      tests[fs::absolute(each.path().parent_path())].push_back(fs::absolute(each.path()));
  std::vector<Result> out;
  for (auto& [path, files] : tests) {
    std::sort(files.begin(), files.end());
    Folder models(path);
    for (const fs::path& each : files) run_file(each, models, out);
  }
  return out;
}

std::string as_csv(const std::vector<Result>& results) {
  std::string out;
  for (const Result& each : results)
    out += quoted(each.level + "/" + each.directory) + "," + quoted(each.file) + "," + quoted(each.test) +
           "," + quoted(each.node) + "," + quoted(word(each.verdict)) + "," + quoted(each.comment) + "\n";
  return out;
}

std::string as_table(const std::vector<Result>& results) {
  std::map<std::string, Counts> by_directory;
  std::map<std::string, Counts> by_level;
  Counts all;
  int rounded = 0, near = 0, silent = 0;
  for (const Result& each : results) {
    by_directory[each.level + "/" + each.directory].add(each);
    by_level[each.level].add(each);
    all.add(each);
    rounded += each.is_rounded ? 1 : 0;
    near += each.is_near ? 1 : 0;
    silent += each.is_silent_null ? 1 : 0;
  }
  std::string head = "directory";
  head.resize(52, ' ');
  std::string out = head + " expect value expect null         all\n";
  for (const auto& [name, counts] : by_directory) out += line_of(name, counts);
  out += "\n";
  for (const auto& [name, counts] : by_level) out += line_of(name, counts);
  out += line_of("all", all);
  out += "\nequal only in the digits that the test writes: " + std::to_string(rounded) +
         "\nnot passed, though within the 1e-8 of published runners: " + std::to_string(near) +
         "\npassed with null where an error is expected, without a reason: " + std::to_string(silent) + "\n";
  return out;
}

}  // namespace tenglong::tck
