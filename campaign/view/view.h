// Results as tables: data, not pixels. The terminal, the page, the workbook and the report all show the same
// ones.
//
// In:    a pack, a snapshot, a result. Out: titled tables of text cells with their unit, period, source and
// clause. Order: as the pack orders; rows as each function says. Never: computes a score; drops a mark
// (缺省，待确认, 样例数据).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "campaign/roster/roster.h"
#include "campaign/target/target.h"
#include "engine/column/column.h"
#include "engine/pack/pack.h"
#include "engine/result/result.h"
#include "engine/text/text.h"

namespace tenglong::view {

using text::Language;
using text::Words;

enum class Align { Left, Right };

struct Column {
  std::string id;
  Words label;
  std::string unit = {};
  Align align = Align::Left;
};

struct Table {
  std::string id;
  Words title;
  Words sentence = {};  // the judgement, to be read out
  std::vector<Column> columns = {};
  std::vector<std::vector<std::string>> rows = {};  // numbers as exact text; "" = nothing to say
  std::vector<std::string> totals = {};             // last row, or empty
  std::vector<Words> notes = {};                    // source, clause, marks
};

// What every table needs to name records: the title field and the town field of a register (its own or its
// parent's).
// A text of each row of a register, its own or of a record above it, without a copy.
struct ReachedTexts {
  std::vector<const column::Table*> up = {};  // whose parent_row leads on
  const column::TextColumn* texts = nullptr;  // null: there is none
  std::int32_t code(std::size_t row) const;   // into the dictionary; -1: none
};
struct Naming {
  const pack::Pack* pack;
  const column::Snapshot* snapshot;
  ReachedTexts titles(std::string_view register_id) const;
  ReachedTexts towns(std::string_view register_id) const;
  std::string title(std::string_view register_id, std::size_t row) const;  // 企业名称
  std::string town(std::string_view register_id, std::size_t row) const;   // code, "" if unknown
  std::string town_name(std::string_view code) const;
  // Of a code by which something of this register is cut (镇街, 行业): the field's, or that of the record
  // above it; the code itself if nothing names it.
  std::string cut_name(std::string_view register_id, std::string_view cut, std::string_view code) const;
};

// A share in percent with one decimal, from whole counts; "" for none of none.
std::string percent_text(std::int64_t part, std::int64_t whole);

Table grades(const pack::Pack& pack, const result::SchemeResult& scheme);  // counts and shares
Table grades_by_town(const Naming& naming, const result::SchemeResult& scheme);
Table balance(const pack::Pack& pack, const result::Result& result);  // 对平, every scheme
// The `count` records whose total is nearest to the total on the other side of a grade line of their group.
Table nearest_to_a_line(const Naming& naming, const result::SchemeResult& scheme, std::size_t count);
Table enterprises(const Naming& naming, const result::SchemeResult& scheme);  // by town, then key
roster::Roster roster_of(const Naming& naming, const result::RosterResult& roster);
Table roster_table(const roster::Roster& roster, const Naming& naming);
Table targets(const std::vector<target::Line>& lines);
Table aggregates(const Naming& naming, const result::AggregateResult& aggregate);
Table refusals(const result::Result& result);
// 快照、政策包、引擎、指纹
Table provenance(const result::Result& result);

std::string render_terminal(const Table& table, Language language, std::size_t most_rows = 1000);
std::string render_markdown(const Table& table, Language language);

}  // namespace tenglong::view
