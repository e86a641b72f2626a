#include <cstdio>

#include "campaign/view/view.h"
#include "cli/inside/commands.h"
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
