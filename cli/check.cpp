#include <cstdio>

#include "campaign/access/access.h"
#include "cli/inside/commands.h"
#include "engine/pack/contents.h"
#include "engine/run/cases.h"

namespace tenglong::cli {

// Findings, then what each clause carries out, then the cases that officials have signed.
Exit check(Session& session, const CheckOptions& options) {
  const Common& common = session.common();
  pack::ReadPack read = pack::read_pack(common.pack, common.overlays);
  if (read.pack) access::Policy::compile(*read.pack, read.diagnostics);
  const bool clean = read.pack && !diagnostic::has_errors(read.diagnostics);
  if (common.json) {
    std::printf("%s\n", clean && read.diagnostics.empty()
                            ? pack::render_contents_json(*read.pack).c_str()
                            : diagnostic::render_json(read.diagnostics, common.language).c_str());
    if (!clean) return Exit::Findings;
  } else {
    print_diagnostics(read.diagnostics, common);
    if (!clean) {
      std::fprintf(
          stderr, "%s\n",
          say(common.language, "政策包有错，不能运行。", "The pack has errors and cannot run.").c_str());
      return Exit::Findings;
    }
    if (!common.quiet) std::fputs(pack::render_contents(*read.pack, common.language).c_str(), stdout);
  }
  if (!options.cases || read.pack->cases.empty()) return Exit::Ok;
  std::size_t held = 0, broken = 0;
  for (const run::CaseOutcome& outcome : run::run_cases(*read.pack)) {
    if (outcome.holds()) {
      ++held;
      continue;
    }
    ++broken;
    std::fprintf(stderr, "%s: %s “%s”\n", diagnostic::to_string(outcome.row->place).c_str(),
                 outcome.block->name.c_str(), outcome.row->what.c_str());
    for (const run::CaseDifference& difference : outcome.differences)
      std::fprintf(stderr, "    %s：%s %s，%s %s\n", difference.output.c_str(),
                   say(common.language, "应得", "expected").c_str(), difference.expected.c_str(),
                   say(common.language, "实得", "got").c_str(), difference.actual.c_str());
    for (const std::string& problem : outcome.problems) std::fprintf(stderr, "    %s\n", problem.c_str());
  }
  if (!common.json)
    std::printf("%s%zu %s，%zu %s\n", say(common.language, "案例：", "Cases: ").c_str(), held,
                say(common.language, "条相符", "hold").c_str(), broken,
                say(common.language, "条不符", "differ").c_str());
  return broken == 0 ? Exit::Ok : Exit::Findings;
}

}  // namespace tenglong::cli
