// Where the table is on a sheet that people made for people: title, unit line, header of one or more rows,
// data, notes.
//
// In:    the first rows of a sheet (30 are plenty) and its merged ranges. Out: the header rows and what each
// column is called. Order: columns as on the sheet. Never: knows a field or a register: what a column means
// is decided in intake.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/sheet/sheet.h"

namespace tenglong::sheet {

enum class UnitFrom { Nowhere, Header, UnitLine };

struct TableColumn {
  int column = 0;           // from 1
  std::string letter = {};  // "C"
  // What the header cells of this column say, from top to bottom, tidied.
  std::vector<std::string> levels = {};
  // The header cells above the data from top to bottom, joined: "税收/实缴税金（万元）". Blanks and line
  // breaks are dropped between Chinese characters and single elsewhere.
  std::string label = {};
  std::string name = {};  // the label without its unit: "税收/实缴税金"
  // "万元" of 实缴税金（万元） or 实缴税金(单位:万元); else what the unit line above the table
  // says, which then stands beside every column: who maps the columns knows which of them it can mean.
  std::string unit = {};
  UnitFrom unit_from = UnitFrom::Nowhere;
};

struct Table {
  std::string title = {};      // 2023年税收情况表
  std::string unit_line = {};  // 单位：万元
  std::string mark = {};       // 样例数据, if a line above the header says so
  std::vector<int> header_rows = {};
  std::vector<TableColumn> columns = {};
  int first_data_row = 0;

  const TableColumn* find(int column) const;
};

struct FoundTable {
  std::optional<Table> table = {};  // nothing: no row looks like a header; `diagnostics` says why
  Diagnostics diagnostics = {};
};
// `rows` as read with Merged::Keep. `place` names file and sheet for the diagnostics.
FoundTable find_table(std::span<const Row> rows, std::span<const MergedRange> merges,
                      const diagnostic::Place& place);
// Reads what it needs itself.
FoundTable find_table(const Workbook& workbook, int sheet);

// Total: 合计, 小计. Note: 填表人：…, 注：…, 说明. Header: the header again, as printed on every page.
// ColumnNumbers: the line 甲 1 2 3 under a header.
enum class RowRole { Data, Blank, Total, Note, Header, ColumnNumbers };
RowRole role_of(const Table& table, std::span<const Cell> cells);

// One line a column, for goldens and `inspect`.
std::string render_table(const Table& table);

}  // namespace tenglong::sheet
