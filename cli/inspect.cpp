#include <cstdio>

#include "cli/inside/commands.h"
#include "engine/feel/syntax.h"
#include "engine/pack/contents.h"
#include "engine/plan/plan.h"
#include "engine/result/result.h"

namespace tenglong::cli {

// Any stage, as its goldens print it.
Exit inspect(Session& session, const InspectOptions& options) {
  if (options.stage == "syntax") {
    const feel::Parsed parsed = feel::parse(options.expression, feel::NameSet{});
    print_diagnostics(parsed.diagnostics, session.common());
    if (parsed.tree == nullptr) return Exit::Findings;
    std::fputs(feel::render_tree(*parsed.tree).c_str(), stdout);
    return Exit::Ok;
  }
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  if (options.stage == "pack") {
    std::fputs(pack::render_contents(*pack, session.language()).c_str(), stdout);
  } else if (options.stage == "columns") {
    if (const auto at = session.period()) session.require_sight_of_results(*at);
    for (const column::Table& table : session.snapshot().tables) {
      const schema::Register* target = pack->schema.find(table.register_id);
      std::printf("%s %s：%zu 行\n", table.register_id.c_str(), target->name.c_str(), table.size());
      for (std::size_t c = 0; c < table.columns.size(); ++c) {
        std::size_t known = 0;
        for (std::size_t row = 0; row < table.size(); ++row)
          known += column::state_of(table, c, row) == quantity::State::Known;
        std::printf("  %-28s %s %zu/%zu\n", target->fields[c].id.c_str(), target->fields[c].name.c_str(),
                    known, table.size());
      }
    }
    std::printf("%s %s\n", say(session.language(), "快照指纹", "Snapshot fingerprint").c_str(),
                session.snapshot().fingerprint.c_str());
  } else if (options.stage == "plan") {
    const auto period = session.period();
    std::fputs(
        plan::render(plan::lower(*pack, period ? *period : calendar::Period::year(today().year)), *pack)
            .c_str(),
        stdout);
  } else if (options.stage == "store") {
    const store::Size size = session.store().size();
    std::printf("批次 %lld，行 %lld，结果 %lld，%lld 字节，结构第 %d 步\n",
                static_cast<long long>(size.batches), static_cast<long long>(size.statements),
                static_cast<long long>(size.results), static_cast<long long>(size.bytes),
                size.schema_version);
    for (const registers::Batch& batch : session.store().registers().batches())
      std::printf("%lld %s %s %s 读 %lld 写 %lld 退 %lld %s\n", static_cast<long long>(batch.id.value),
                  batch.register_id.c_str(), batch.provider.c_str(), batch.file_name.c_str(),
                  static_cast<long long>(batch.rows_read), static_cast<long long>(batch.rows_accepted),
                  static_cast<long long>(batch.rows_refused), batch.mark.c_str());
  } else if (options.stage == "result") {
    if (!session.period()) return Exit::Findings;
    std::fputs(result::canonical(session.result()).c_str(), stdout);
  } else if (options.stage == "explanation") {
    return explain(session, {.key = options.enterprise});
  } else {
    std::fprintf(stderr, "%s\n",
                 say(session.language(), "阶段有：syntax pack plan columns store result explanation",
                     "Stages: syntax pack plan columns store result explanation")
                     .c_str());
    return Exit::Usage;
  }
  return Exit::Ok;
}

}  // namespace tenglong::cli
