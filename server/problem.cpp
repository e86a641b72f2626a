#include "server/problem.h"

namespace tenglong::server {

void write_words(text::JsonWriter& out, const text::Words& words) {
  out.begin_object().member("zh", words.zh).member("en", words.en.empty() ? words.zh : words.en).end_object();
}

void write_diagnostic(text::JsonWriter& out, const diagnostic::Diagnostic& one) {
  using diagnostic::Severity;
  out.begin_object().member("code", one.code);
  out.member("severity", one.severity == Severity::Error     ? "error"
                         : one.severity == Severity::Warning ? "warning"
                                                             : "note");
  out.member("in", one.place.file);
  const bool is_request = one.place.file == "body" || one.place.file == "query" || one.place.file == "path";
  if (is_request && one.place.line == 0) out.member("pointer", one.place.cell);
  if (one.place.line > 0) out.member("line", one.place.line);
  if (one.place.column > 0) out.member("column", one.place.column);
  if (!one.place.sheet.empty()) out.member("sheet", one.place.sheet);
  if (!is_request && !one.place.cell.empty()) out.member("cell", one.place.cell);
  if (!one.clause.empty()) out.member("clause", one.clause);
  out.key("message");
  write_words(out, one.message);
  if (!one.advice.empty()) {
    out.key("advice");
    write_words(out, one.advice);
  }
  out.end_object();
}

namespace {

void begin(text::JsonWriter& out, int status, const std::string& code, const text::Words& title,
           const text::Words& detail) {
  out.begin_object().member("type", "urn:tenglong:error:" + code);
  out.key("title");
  write_words(out, title);
  out.member("status", status).key("detail");
  write_words(out, detail);
  out.member("request", kRequestMark);
}

Answer answer_of(int status, std::string code, std::string body) {
  return {.status = status,
          .content_type = "application/problem+json",
          .body = std::move(body),
          .code = std::move(code)};
}

}  // namespace

Answer problem(int status, text::Words title, const diagnostic::Diagnostics& diagnostics) {
  text::JsonWriter out;
  std::string code = diagnostics.empty() ? std::string("E-SERVER-109") : diagnostics.front().code;
  begin(out, status, code, title, diagnostics.empty() ? text::Words{} : diagnostics.front().advice);
  out.key("diagnostics").begin_array();
  for (const diagnostic::Diagnostic& one : diagnostics) write_diagnostic(out, one);
  out.end_array().end_object();
  return answer_of(status, std::move(code), out.take());
}

Answer problem(int status, const char* code, text::Words message, text::Words advice) {
  diagnostic::Diagnostic one;
  one.code = code;
  one.place.file = "request";
  one.message = message;
  one.advice = std::move(advice);
  return problem(status, std::move(message), {std::move(one)});
}

Answer conflict(text::Words message, const std::string& current, const std::string& sent) {
  Answer out = problem(412, "E-SERVER-404", std::move(message),
                       {"两份都在这里，比较后再存。", "Both texts are here; compare them and save again."});
  out.body.pop_back();
  out.body += ",\"current\":" + (current.empty() ? "null" : current) +
              ",\"sent\":" + (sent.empty() ? "null" : sent) + "}";
  return out;
}

Answer not_there() {
  return problem(404, "E-SERVER-303", {"没有这一项。", "There is no such item."},
                 {"核对地址；确有此项时，由有权的人查看。",
                  "Check the address; if it exists, somebody with the right to it must look."});
}

}  // namespace tenglong::server
