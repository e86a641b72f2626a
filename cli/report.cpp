#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>

#include "campaign/view/view.h"
#include "cli/inside/commands.h"
#include "engine/explain/explain.h"
#include "engine/quantity/decimal.h"
#include "engine/sheet/writer.h"

namespace tenglong::cli {

namespace {

struct Views {
  const pack::Pack& pack;
  const result::Result& result;
  view::Naming naming;
  std::vector<target::Line> targets;
};

Views views_of(Session& session) {
  const pack::Pack& pack = *session.pack();
  const result::Result& result = session.result();
  // Targets are judged at the end of the period that was run, or today if that is earlier.
  const calendar::Date on = std::min(today(), result.header.period.to);
  return {pack, result, {&pack, &session.snapshot()}, target::judge(pack, result, on, session.previous())};
}

view::Table computed_targets(const view::Table& all) {
  view::Table table = all;
  table.rows.clear();
  for (const auto& row : all.rows)
    if (row[3] != "—") table.rows.push_back(row);
  return table;
}

sheet::OutCell cell_of(const view::Column& column, const std::string& text) {
  if (text.empty()) return sheet::OutCell::empty();
  if (column.align == view::Align::Right && quantity::Decimal::parse(text))
    return sheet::OutCell::of_number(text);
  return sheet::OutCell::of_text(text);
}

void write_sheet(sheet::WorkbookWriter& book, const view::Table& table, const std::string& name,
                 const std::string& mark) {
  sheet::OutSheet out{.name = name, .title = table.title.zh, .mark = mark};
  if (!table.sentence.empty()) out.lines.push_back(table.sentence.zh);
  for (const text::Words& note : table.notes) out.lines.push_back(note.zh);
  for (const view::Column& column : table.columns)
    out.columns.push_back(
        {.header = {column.unit.empty() ? column.label.zh : column.label.zh + "（" + column.unit + "）"}});
  book.begin_sheet(out);
  const auto write = [&](const std::vector<std::string>& row) {
    std::vector<sheet::OutCell> cells;
    for (std::size_t i = 0; i < row.size(); ++i) cells.push_back(cell_of(table.columns[i], row[i]));
    book.row(cells);
  };
  for (const auto& row : table.rows) write(row);
  if (!table.totals.empty()) write(table.totals);
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush())
    throw store::StoreFailure({"无法写入 " + path + "。检查磁盘空间与权限。",
                               "Cannot write " + path + ". Check space and permissions."},
                              path);
}

}  // namespace

std::string summary(Session& session) {
  const Views v = views_of(session);
  const Language language = session.language();
  std::string out = v.pack.head.name + "（" + v.pack.head.document + "），" +
                    v.result.header.period.to_string() + " 年度\n";
  if (!v.result.header.mark.empty()) out += v.result.header.mark + "\n";
  for (const result::SchemeResult& scheme : v.result.schemes) {
    out += "\n" + view::render_terminal(view::grades(v.pack, scheme), language);
    out += "\n" + view::render_terminal(view::grades_by_town(v.naming, scheme), language);
  }
  for (const result::RosterResult& roster : v.result.rosters)
    out += "\n" + view::roster_table(view::roster_of(v.naming, roster), v.naming).title.zh + "：" +
           text::in_language(view::roster_table(view::roster_of(v.naming, roster), v.naming).sentence,
                             language) +
           "\n";
  out += "\n" + view::render_terminal(view::balance(v.pack, v.result), language);
  out += "\n" + view::render_terminal(computed_targets(view::targets(v.targets)), language);
  if (!v.result.schemes.empty())
    out += "\n" +
           view::render_terminal(view::nearest_to_a_line(v.naming, v.result.schemes.front(), 10), language);
  if (!v.result.refusals.empty()) out += "\n" + view::render_terminal(view::refusals(v.result), language);
  out += "\n" + say(language, "结果指纹 ", "Fingerprint ") + v.result.header.fingerprint + "\n";
  return out;
}

std::pair<std::string, std::string> write_reports(Session& session, const std::string& folder) {
  const Views v = views_of(session);
  for (const result::SchemeResult& scheme : v.result.schemes)
    if (!scheme.balance.failures.empty())
      throw store::StoreFailure(
          {scheme.scheme + " 没有对平（" + scheme.balance.failures.front() + "），不出结果。",
           scheme.scheme + " does not balance; nothing is published."},
          scheme.balance.failures.front());
  std::filesystem::create_directories(folder);
  std::string mark = v.result.header.mark;
  std::set<std::string> marks;
  for (const registers::Batch& batch : session.store().registers().batches())
    if (!batch.mark.empty()) marks.insert(batch.mark);
  for (const std::string& one : marks)
    if (mark.find(one) == std::string::npos) mark += (mark.empty() ? "" : "、") + one;
  std::vector<std::pair<std::string, view::Table>> sheets;
  for (const result::SchemeResult& scheme : v.result.schemes) {
    sheets.emplace_back(scheme.id == "above_scale_default" ? "规上结果" : scheme.scheme,
                        view::enterprises(v.naming, scheme));
    sheets.emplace_back(scheme.scheme + "分镇街", view::grades_by_town(v.naming, scheme));
    sheets.emplace_back(scheme.scheme + "离线最近", view::nearest_to_a_line(v.naming, scheme, 50));
  }
  for (const result::RosterResult& roster : v.result.rosters)
    sheets.emplace_back(roster.roster, view::roster_table(view::roster_of(v.naming, roster), v.naming));
  for (const result::AggregateResult& aggregate : v.result.aggregates)
    if (aggregate.cells.size() > 1)
      sheets.emplace_back(aggregate.indicator, view::aggregates(v.naming, aggregate));
  sheets.emplace_back("目标", view::targets(v.targets));
  sheets.emplace_back("对平", view::balance(v.pack, v.result));
  sheets.emplace_back("凭据", view::provenance(v.result));
  sheet::WorkbookWriter book;
  for (const auto& [name, table] : sheets) write_sheet(book, table, name, mark);
  const std::string workbook = folder + "/区县评价结果.xlsx", report = folder + "/评价说明.md";
  write_file(workbook, book.finish());

  std::string text = "# " + v.pack.head.name + "\n\n" + v.pack.head.document + "，" +
                     v.result.header.period.to_string() + " 年度评价说明。\n\n";
  if (!mark.empty()) text += "**" + mark + "：本文不得用于真实评价。**\n\n";
  text += view::render_markdown(view::balance(v.pack, v.result), Language::Chinese);
  for (const result::SchemeResult& scheme : v.result.schemes) {
    const pack::Scheme* source = v.pack.scheme(scheme.scheme);
    if (source != nullptr) {
      text += "## " + scheme.scheme + "：算法\n\n依据 " + source->source + "。应评：`" + source->due.text +
              "`。单项得分：`" + source->item_score.text + "`";
      if (source->item_floor.present()) text += "，不低于 `" + source->item_floor.text + "`";
      if (source->item_cap.present()) text += "，不高于 `" + source->item_cap.text + "`";
      text += "；总分舍入到 " + std::to_string(source->rounding.places) +
              " 位后排名。\n\n| 指标 | 权重 | 基准 | 公式 |\n|---|---:|---|---|\n";
      for (const pack::SchemeItem& item : source->items) {
        const pack::Indicator* indicator = v.pack.indicator(item.indicator);
        text += "| " + item.indicator + " | " + item.weight.text + " | " + item.base.text + " | " +
                (indicator == nullptr ? "" : explain::formula_in_words(v.pack, *indicator).zh) + " |\n";
      }
      text += "\n";
    }
    text += view::render_markdown(view::grades(v.pack, scheme), Language::Chinese);
    text += view::render_markdown(view::grades_by_town(v.naming, scheme), Language::Chinese);
  }
  for (const result::RosterResult& roster : v.result.rosters) {
    view::Table table = view::roster_table(view::roster_of(v.naming, roster), v.naming);
    table.columns.clear();
    table.rows.clear();
    text += view::render_markdown(table, Language::Chinese);
  }
  text += view::render_markdown(view::targets(v.targets), Language::Chinese);
  if (!v.result.refusals.empty()) text += view::render_markdown(view::refusals(v.result), Language::Chinese);
  text += view::render_markdown(view::provenance(v.result), Language::Chinese);
  write_file(report, text);
  return {workbook, report};
}

Exit export_results(Session& session, const ExportOptions& options) {
  if (session.pack() == nullptr) return Exit::Findings;
  const std::string folder = options.folder.empty() ? session.common().folder() : options.folder;
  const auto [workbook, report] = write_reports(session, folder);
  std::printf("%s\n%s\n", workbook.c_str(), report.c_str());
  return Exit::Ok;
}

}  // namespace tenglong::cli
