#include "engine/extract/extract.h"

#include <unistd.h>

#include <cstdio>
#include <stdexcept>

#include "cli/inside/commands.h"

namespace tenglong::cli {

namespace {

// Each row of a list as a row of the file: what the list shows, and no more.
struct ToFile : store::RowTaker {
  const schema::Schema& schema;
  const schema::Register* target;
  const store::ListQuery& query;
  std::string mark, path;
  bool is_shown = false;
  std::int64_t written = 0;
  std::unique_ptr<extract::TableFile> file = {};
  std::vector<extract::FileCell> cells = {};

  ToFile(const schema::Schema& of, const schema::Register* in, const store::ListQuery& asked,
         std::string marked, std::string to, bool tells)
      : schema(of), target(in), query(asked), mark(std::move(marked)), path(std::move(to)), is_shown(tells) {}

  void begin(const store::Listed& head) override {
    std::vector<extract::FileColumn> columns;
    for (std::size_t i = 0; i < head.fields.size(); ++i)
      columns.push_back({head.fields[i], head.shown_in_all[i] && !head.fields[i]->is_computed()});
    file = std::make_unique<extract::TableFile>(schema, *target, columns, query.period,
                                                extract::Format{.mark = mark}, path);
  }
  bool row(const store::ListedRow& row) override {
    using Shown = store::ListedCell::Shown;
    cells.clear();
    for (const store::ListedCell& each : row.cells)
      cells.push_back({.state = each.state,
                       .value = each.value,
                       .is_said = each.origin.has_value(),
                       .is_covered = each.shown == Shown::Hidden || each.shown == Shown::Masked});
    file->row(row.key, row.period, cells);
    if (++written % 1'000 == 0 && is_shown) std::fprintf(stderr, "\r%lld", static_cast<long long>(written));
    return true;
  }
};

}  // namespace

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
    store::ListQuery query{.register_id = options.register_id,
                           .where = options.where,
                           .sort = options.sort,
                           .operation = access::Operation::ExportRecord};
    query.fields = target ? extract::with_keys(*target, options.fields) : options.fields;
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
    if (!extract::is_file_name(path)) {
      print_diagnostics({{.code = "E-EXTRACT-104",
                          .message = {"只能写 .xlsx 或 .csv：" + path, "Only .xlsx or .csv: " + path},
                          .advice = {"改文件名的后缀。", "Change the file's suffix."}}},
                        common);
      return Exit::Findings;
    }
    ToFile to_file(pack->schema, target, query, mark, path, isatty(STDERR_FILENO) != 0 && !common.quiet);
    const store::Listed extracted = session.whole_store().lists().each(query, session.scope(), to_file);
    if (to_file.is_shown) std::fprintf(stderr, "\r");
    print_diagnostics(extracted.diagnostics, common);
    if (diagnostic::has_errors(extracted.diagnostics)) return Exit::Findings;
    to_file.file->finish();
    const auto number = [](std::int64_t count) { return std::to_string(count); };
    std::printf("%s\n", path.c_str());
    std::printf("%s\n",
                common.language == Language::English
                    ? (number(to_file.written) + " rows written, " + number(extracted.left_out) +
                       " left out, " + number(extracted.unknown) + " not known for want of a value")
                          .c_str()
                    : ("写出 " + number(to_file.written) + " 行，不符合条件 " + number(extracted.left_out) +
                       " 行，因缺数判断不了 " + number(extracted.unknown) + " 行")
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
