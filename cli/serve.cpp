#include <cstdio>
#include <set>

#include "cli/inside/commands.h"
#include "engine/explain/explain.h"
#include "server/http.h"
#include "server/site.h"

namespace tenglong::cli {

Exit serve(Session& session, const ServeOptions& options) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  if (!session.period()) {
    std::fprintf(
        stderr, "%s\n",
        say(session.language(), "数据文件夹里还没有年度数据。先运行 tenglong district 或 tenglong import。",
            "There is no yearly data yet. Run tenglong district or tenglong import first.")
            .c_str());
    return Exit::Findings;
  }
  server::Shown shown{.pack = pack,
                      .snapshot = &session.snapshot(),
                      .result = &session.result(),
                      .previous = session.previous()};
  shown.source_of =
      explain::sources_from(*pack, session.snapshot(), session.store().registers(), session.view());
  shown.on = std::min(today(), session.result().header.period.to);
  shown.mark = session.result().header.mark;
  std::set<std::string> marks;
  for (const registers::Batch& batch : session.store().registers().batches())
    if (!batch.mark.empty()) marks.insert(batch.mark);
  for (const std::string& mark : marks)
    if (shown.mark.find(mark) == std::string::npos) shown.mark += (shown.mark.empty() ? "" : "、") + mark;
  server::serve([&](const server::Request& request) { return server::answer(shown, request); },
                {.port = options.port > 0 ? options.port : 8020, .or_next_free = options.port == 0},
                [&](int port) {
                  std::printf("%s http://127.0.0.1:%d/  %s\n",
                              say(session.language(), "打开", "Open").c_str(), port,
                              say(session.language(), "（Ctrl-C 结束）", "(Ctrl-C ends it)").c_str());
                  std::fflush(stdout);
                });
  return Exit::Ok;
}

}  // namespace tenglong::cli
