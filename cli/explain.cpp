// explain: an enterprise's result, a figure over all of them, or why not.
#include <cstdio>

#include "campaign/view/view.h"
#include "cli/inside/commands.h"
#include "engine/explain/explain.h"
#include "engine/run/distance.h"
#include "engine/run/figure.h"
#include "engine/run/row.h"

namespace tenglong::cli {

namespace {

Exit print(Session& session, const explain::Reason& reason) {
  std::fputs((session.common().json ? explain::render_json(reason, session.language()) + "\n"
                                    : explain::render(reason, session.language()))
                 .c_str(),
             stdout);
  return Exit::Ok;
}

Exit unknown(Session& session, const char* zh, const char* en, const std::string& name) {
  std::fprintf(stderr, "%s%s\n", say(session.language(), zh, en).c_str(), name.c_str());
  return Exit::Usage;
}

Exit explain_total(Session& session, const ExplainOptions& options, const std::string& name) {
  const pack::Pack& pack = *session.pack();
  run::FigureReader reader(pack, session.snapshot(), {.period = *session.period()});
  const std::optional<run::FigureView> view =
      reader.read(name, options.cut, options.of,
                  options.all ? run::FigureReader::kAll : static_cast<std::size_t>(std::max(0, options.top)));
  if (!view)
    return unknown(session, "没有这个总体指标或能算的目标，或没有这个分组：",
                   "No figure over a population, target that can be computed, or part of it is called ",
                   name + (options.cut.empty() ? "" : " " + options.cut + " " + options.of));
  const view::Naming naming{&pack, &session.snapshot()};
  return print(session, explain::explain_figure(
                            pack, *view,
                            [&](std::string_view register_id, std::size_t row) {
                              return naming.title(std::string(register_id), row);
                            },
                            explain::sources_from(pack, session.snapshot(), session.store().registers(),
                                                  session.view())));
}

bool is_of_population(const pack::Pack& pack, const std::string& name) {
  for (const pack::Indicator& each : pack.indicators)
    if (each.name == name || each.id == name) return !each.over.empty();
  return false;
}

}  // namespace

Exit explain(Session& session, const ExplainOptions& options) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr || !has_data(session)) return Exit::Findings;
  if (!options.target.empty()) return explain_total(session, options, options.target);
  if (options.key.empty() || (options.why_not.empty() && is_of_population(*pack, options.only))) {
    if (!options.only.empty()) return explain_total(session, options, options.only);
    return unknown(session, "写明企业的信用代码，或 --indicator、--target。",
                   "Give an enterprise's credit code, or --indicator or --target.", "");
  }
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
  const auto at = static_cast<std::size_t>(row);
  if (!options.why_not.empty()) {
    const std::optional<run::Distances> distances = run::distances_of(
        *pack, session.snapshot(), {.period = period}, session.result(), register_id, at, options.why_not);
    if (!distances)
      return unknown(session, "没有叫这个名字的清单、判定或方案：",
                     "No roster, decision or scheme is called ", options.why_not);
    return print(session, explain::explain_why_not(*distances, naming.title(register_id, at)));
  }
  const run::RowView view =
      run::evaluate_row(*pack, session.snapshot(), {.period = period}, register_id, at, &session.result());
  const std::string& only = options.list.empty() ? options.only : options.list;
  const explain::Reason reason = explain::explain(
      *pack, session.snapshot(), view, naming.title(register_id, at),
      explain::sources_from(*pack, session.snapshot(), session.store().registers(), session.view()), only);
  if (!only.empty() && reason.because.empty())
    return unknown(session, "没有叫这个名字的指标、方案或清单：", "No indicator, scheme or roster is called ",
                   only);
  return print(session, reason);
}

}  // namespace tenglong::cli
