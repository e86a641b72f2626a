#include <cstdio>

#include "campaign/view/view.h"
#include "cli/inside/commands.h"
#include "engine/explain/explain.h"
#include "engine/run/row.h"
#include "engine/text/json_writer.h"

namespace tenglong::cli {

namespace {

void print_table_json(const view::Table& table, Language language) {
  text::JsonWriter json;
  json.begin_object()
      .member("title", in_language(table.title, language))
      .member("sentence", in_language(table.sentence, language))
      .key("rows")
      .begin_array();
  for (const auto& row : table.rows) {
    json.begin_object();
    for (std::size_t i = 0; i < row.size(); ++i) json.member(table.columns[i].id, row[i]);
    json.end_object();
  }
  std::printf("%s\n", json.end_array().end_object().take().c_str());
}

void print_table(Session& session, const view::Table& table) {
  if (session.common().json)
    print_table_json(table, session.language());
  else
    std::fputs(view::render_terminal(table, session.language()).c_str(), stdout);
}

}  // namespace

Exit run(Session& session) {
  if (session.pack() == nullptr || !has_data(session)) return Exit::Findings;
  const result::Result& result = session.result();
  if (session.common().json) {
    text::JsonWriter json;
    json.begin_object()
        .member("period", result.header.period.to_string())
        .member("fingerprint", result.header.fingerprint)
        .key("schemes")
        .begin_array();
    for (const result::SchemeResult& scheme : result.schemes) {
      json.begin_object()
          .member("scheme", scheme.scheme)
          .member("due", scheme.balance.due)
          .member("rated", scheme.balance.rated)
          .member("exempt", scheme.balance.exempt);
      json.member("not_rated", scheme.balance.not_rated).key("by_grade").begin_object();
      for (const auto& [grade, count] : scheme.balance.by_grade) json.member(grade, count);
      json.end_object().end_object();
    }
    json.end_array().end_object();
    std::printf("%s\n", json.take().c_str());
  } else {
    std::fputs(summary(session).c_str(), stdout);
  }
  for (const result::SchemeResult& scheme : result.schemes)
    if (!scheme.balance.failures.empty()) return Exit::Findings;
  return Exit::Ok;
}

Exit explain(Session& session, const ExplainOptions& options) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr || !has_data(session)) return Exit::Findings;
  const calendar::Period period = *session.period();
  const view::Naming naming{pack, &session.snapshot()};
  std::string register_id;
  std::int32_t row = -1;
  for (const pack::Scheme& scheme : pack->schemes) {
    if (row >= 0) break;
    const column::Table* table = session.snapshot().find(scheme.of);
    register_id = scheme.of;
    row = table == nullptr ? -1 : table->find(options.key, period);
  }
  if (row < 0) {
    std::fprintf(stderr, "%s %s %s\n", options.key.c_str(), period.to_string().c_str(),
                 say(session.language(), "年度没有记录。核对信用代码，或用 --period 换一个年度。",
                     "has no record. Check the credit code, or give another --period.")
                     .c_str());
    return Exit::Findings;
  }
  const run::RowView view = run::evaluate_row(*pack, session.snapshot(), {.period = period}, register_id,
                                              static_cast<std::size_t>(row), &session.result());
  const explain::Reason reason = explain::explain(
      *pack, session.snapshot(), view, naming.title(register_id, static_cast<std::size_t>(row)),
      explain::sources_from(*pack, session.snapshot(), session.store().registers(), session.view()),
      options.only);
  if (!options.only.empty() && reason.because.empty()) {
    std::fprintf(stderr, "%s“%s”。\n",
                 say(session.language(), "没有叫这个名字的指标、方案或清单：",
                     "No indicator, scheme or roster is called ")
                     .c_str(),
                 options.only.c_str());
    return Exit::Usage;
  }
  std::fputs((session.common().json ? explain::render_json(reason, session.language()) + "\n"
                                    : explain::render(reason, session.language()))
                 .c_str(),
             stdout);
  return Exit::Ok;
}

Exit roster(Session& session, const std::string& name) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr || !has_data(session)) return Exit::Findings;
  const view::Naming naming{pack, &session.snapshot()};
  bool found = false;
  for (const result::RosterResult& roster : session.result().rosters)
    if (name.empty() || roster.roster == name || roster.id == name) {
      found = true;
      print_table(session, view::roster_table(view::roster_of(naming, roster), naming));
    }
  for (const result::Refusal& refusal : session.result().refusals)
    if (refusal.kind == "roster" && (name.empty() || refusal.name == name)) {
      found = true;
      for (const std::string& gap : refusal.gaps)
        std::fprintf(stderr, "%s %s %s\n", refusal.name.c_str(),
                     say(session.language(), "没有运行，缺", "was not run for want of").c_str(), gap.c_str());
    }
  if (found) return Exit::Ok;
  std::fprintf(stderr, "%s",
               say(session.language(), "没有这张清单。有：", "There is no such roster. There are:").c_str());
  for (const pack::Roster& roster : pack->rosters)
    std::fprintf(stderr, " %s（%s）", roster.id.c_str(), roster.name.c_str());
  std::fprintf(stderr, "\n");
  return Exit::Usage;
}

Exit target(Session& session, const std::string& id) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr || !has_data(session)) return Exit::Findings;
  std::vector<target::Line> lines = target::judge(
      *pack, session.result(), std::min(today(), session.result().header.period.to), session.previous());
  if (!id.empty()) {
    std::erase_if(lines, [&](const target::Line& line) { return line.id != id; });
    if (lines.empty()) {
      std::fprintf(stderr, "%s %s\n",
                   say(session.language(), "没有这个目标：", "There is no such target:").c_str(), id.c_str());
      return Exit::Usage;
    }
  }
  print_table(session, view::targets(lines));
  return Exit::Ok;
}

}  // namespace tenglong::cli
