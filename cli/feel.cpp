// tenglong feel: one expression, its value with its unit, and if it is null every reason with its place.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

#include "cli/inside/commands.h"
#include "engine/feel/evaluate.h"
#include "engine/feel/json_context.h"
#include "engine/text/json_writer.h"

namespace tenglong::cli {

namespace {

using feel::Span;

std::string all_of(std::istream& in) {
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

diagnostic::SourceLine lines_of(const std::string& expression, const std::string& file,
                                const std::string& json) {
  return [&, file](const std::string& asked, int line) -> std::optional<std::string> {
    std::istringstream in(asked == file ? json : expression);
    std::string out;
    for (int i = 0; i < line; ++i)
      if (!std::getline(in, out)) return std::nullopt;
    return out;
  };
}

// The line of the text where the span begins, and carets as wide as what is above them.
std::string underlined(const std::string& text, Span span, const std::string& indent) {
  const diagnostic::Place place = feel::place_of({}, text, span);
  std::istringstream in(text);
  std::string line;
  for (int i = 0; i < place.line; ++i) std::getline(in, line);
  const std::size_t begin = text::byte_of_column(line, static_cast<std::size_t>(place.column));
  const std::size_t end =
      std::max(begin, text::byte_of_column(line, static_cast<std::size_t>(place.end_column)));
  return indent + line + "\n" + indent +
         std::string(text::cell_width(std::string_view(line).substr(0, begin)), ' ') +
         std::string(
             std::max<std::size_t>(text::cell_width(std::string_view(line).substr(begin, end - begin)), 1),
             '^') +
         "\n";
}

// Why, where, and what became null with it.
std::string reasons(const std::vector<feel::Finding>& findings, const std::string& text, Language language) {
  std::string out;
  for (const feel::Finding& finding : findings) {
    out += "← " + (finding.code.empty() ? "" : finding.code + " ") +
           text::in_language(finding.message, language) + "\n" + underlined(text, finding.span, "    ");
    if (finding.carried.empty()) continue;
    out += say(language, "  于是这里也是空：\n", "  and so these are null:\n");
    for (const Span span : finding.carried) out += underlined(text, span, "    ");
  }
  return out;
}

// Numbers, and lists of them, carry the unit that was inferred.
std::string unit_of(const feel::Value& value, const feel::Type& type) {
  const bool has_numbers = value.kind() == feel::Kind::Number ||
                           (value.kind() == feel::Kind::List && type.kind == feel::Kind::List);
  return has_numbers ? type.unit.name() : std::string{};
}

std::string type_text(const feel::Type& type, Language language) {
  if (language == Language::Chinese) return to_string(type) + (type.nullable ? "，可空" : "");
  std::string out = type.kind ? feel::kind_name(*type.kind) : "Any";
  if (!type.unit.name().empty()) out += " (" + type.unit.name() + ")";
  return out + (type.nullable ? ", may be null" : "");
}

std::string as_json(const feel::Evaluation& done, const feel::Type& type, const std::string& text,
                    Language language) {
  text::JsonWriter json;
  json.begin_object().member("value", done.value.to_feel());
  if (const std::string unit = unit_of(done.value, type); !unit.empty()) json.member("unit", unit);
  json.member("type", type_text(type, language)).key("reasons").begin_array();
  const auto place = [&](Span span) {
    const diagnostic::Place at = feel::place_of({}, text, span);
    json.begin_object()
        .member("line", at.line)
        .member("column", at.column)
        .member("end_column", at.end_column)
        .end_object();
  };
  for (const feel::Finding& finding : done.findings) {
    json.begin_object();
    if (!finding.code.empty()) json.member("code", finding.code);
    json.member("message", text::in_language(finding.message, language)).key("place");
    place(finding.span);
    json.key("carried").begin_array();
    for (const Span span : finding.carried) place(span);
    json.end_array().end_object();
  }
  return json.end_array().end_object().take();
}

}  // namespace

Exit feel(const Common& common, const FeelOptions& options) {
  const Language language = common.language;
  const auto refused = [&](const char* zh, const char* en) {
    std::fprintf(stderr, "%s\n", say(language, zh, en).c_str());
    return Exit::Usage;
  };
  const std::string text = options.expression == "-" ? all_of(std::cin) : options.expression;
  feel::JsonContext given;
  std::string json;
  if (!options.context.empty()) {
    std::ifstream in(options.context, std::ios::binary);
    if (in) json = all_of(in);
    if (!in || in.bad())
      return refused("读不到 --context 的文件，请核对路径。",
                     "The file of --context cannot be read; check the path.");
    given = feel::read_json_context(json, options.context);
  }
  feel::Clock clock;
  if (!options.now.empty()) {
    clock.now = feel::parse_date_time(options.now);
    if (!clock.now)
      return refused("--now 写作 2023-12-31T08:30:00+08:00。", "--now is written 2023-12-31T08:30:00+08:00.");
  }
  const feel::Parsed parsed = feel::parse(text, given.types, {.file = "feel"});
  diagnostic::Diagnostics told = given.diagnostics;
  // Without its data an expression only looks wrong: names would be missing.
  if (!has_errors(told)) told.insert(told.end(), parsed.diagnostics.begin(), parsed.diagnostics.end());
  feel::Inferred inferred;
  if (parsed.tree != nullptr && !has_errors(told)) {
    inferred = feel::infer(*parsed.tree, text, given.types, {.file = "feel"});
    // Without asking for types only what makes the number itself wrong is told: its units.
    for (const diagnostic::Diagnostic& one : inferred.diagnostics)
      if (options.types || one.code.starts_with("E-FEEL-3")) told.push_back(one);
  }
  std::fputs(diagnostic::render(told, lines_of(text, options.context, json), {.language = language}).c_str(),
             stderr);
  const bool units_differ = std::any_of(told.begin(), told.end(), [](const diagnostic::Diagnostic& one) {
    return one.code.starts_with("E-FEEL-3") && one.severity == diagnostic::Severity::Error;
  });
  if (parsed.tree == nullptr || has_errors(given.diagnostics) || has_errors(parsed.diagnostics) ||
      units_differ)
    return Exit::Findings;
  const feel::Evaluation done = feel::evaluate(*parsed.tree, feel::ContextEnvironment(given.values), clock);
  if (common.json) {
    std::printf("%s\n", as_json(done, inferred.type, text, language).c_str());
  } else {
    const std::string unit = unit_of(done.value, inferred.type);
    std::printf("%s%s%s\n", done.value.to_feel().c_str(), unit.empty() ? "" : " ", unit.c_str());
    if (options.types)
      std::printf("%s%s\n", say(language, "类型：", "type: ").c_str(),
                  type_text(inferred.type, language).c_str());
    if (!common.quiet) std::fputs(reasons(done.findings, text, language).c_str(), stderr);
  }
  return done.value.is_null() && !done.findings.empty() ? Exit::Findings : Exit::Ok;
}

}  // namespace tenglong::cli
