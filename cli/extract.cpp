#include "engine/extract/extract.h"

#include <unistd.h>

#include <cstdio>
#include <stdexcept>

#include "cli/inside/commands.h"

namespace tenglong::cli {

// A register, or what a filter names of it, as a file; or the empty sheet to fill in.
Exit extract_register(Session& session, const ExtractOptions& options) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  const Common& common = session.common();
  const schema::Register* target = pack->schema.find(options.register_id);
  const std::string path = !options.to.empty() ? options.to
                                               : (target ? target->name : options.register_id) +
                                                     (options.is_template ? "_模板.xlsx" : ".xlsx");
  std::string mark = options.mark;
  if (mark.empty())
    for (const registers::Batch& each : session.store().registers().batches())
      if (!each.mark.empty()) mark = each.mark;
  try {
    if (options.is_template && target) {
      extract::write_template(pack->schema, *target, &session.store().registers(), {.mark = {}}, path);
      std::printf("%s\n", path.c_str());
      return Exit::Ok;
    }
    extract::Query query{
        .register_id = options.register_id, .where = options.where, .fields = options.fields};
    if (!common.period.empty()) {
      query.period = calendar::Period::parse(common.period);
      if (!query.period) {
        std::fprintf(stderr, "%s\n",
                     say(common.language, "期间认不出，写 2023、2023Q1 或 2023-01。",
                         "The period is not understood; write 2023, 2023Q1 or 2023-01.")
                         .c_str());
        return Exit::Usage;
      }
    }
    const bool is_shown = isatty(STDERR_FILENO) != 0 && !common.quiet;
    const std::unique_ptr<registers::RegisterStore> seen =
        session.store().registers_for(access::Operation::ExportRecord);
    const extract::Extracted extracted = extract::extract_to_file(
        pack->schema, session.scope().is_whole_district() ? session.store().registers() : *seen, query,
        {.mark = mark}, path, [&](const extract::Counts& so_far) {
          if (is_shown) std::fprintf(stderr, "\r%lld", static_cast<long long>(so_far.written));
          return true;
        });
    if (is_shown) std::fprintf(stderr, "\r");
    print_diagnostics(extracted.diagnostics, common);
    if (diagnostic::has_errors(extracted.diagnostics)) return Exit::Findings;
    const auto number = [](std::int64_t count) { return std::to_string(count); };
    std::printf("%s\n", path.c_str());
    std::printf("%s\n", common.language == Language::English
                            ? (number(extracted.counts.written) + " rows written, " +
                               number(extracted.counts.left_out) + " left out, " +
                               number(extracted.counts.unknown) + " not known for want of a value")
                                  .c_str()
                            : ("写出 " + number(extracted.counts.written) + " 行，不符合条件 " +
                               number(extracted.counts.left_out) + " 行，因缺数判断不了 " +
                               number(extracted.counts.unknown) + " 行")
                                  .c_str());
    return Exit::Ok;
  } catch (const std::runtime_error& failure) {
    std::fprintf(stderr, "%s：%s\n", path.c_str(),
                 say(common.language, "写不进去，检查磁盘空间与权限。",
                     "cannot be written; check space and permissions.")
                     .c_str());
    std::fprintf(stderr, "  %s\n", failure.what());
    return Exit::Outside;
  }
}

}  // namespace tenglong::cli
