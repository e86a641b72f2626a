// A block as it stands in its file, and the same with one thing changed.
//
// In:    the text of one block: its fence, and right under it its table. Out: what a form can change, each
//        value with its path; the text with one value, one key or one row changed.
// Order: as written. Cost: one reading of the text for each change.
// Never: touches anything but what was asked for: comments, order and every other value keep their bytes;
//        judges a value: whoever reads packs does.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engine/diagnostic/diagnostic.h"

namespace tenglong::pack {

// One value. `path` is a JSON pointer into the block; /table/2/1 is the second cell of the third row.
struct Slot {
  std::string path = {};
  std::string key = {};          // weight; of a map inside: due.months; of a cell: the column's head
  std::string value = {};        // without YAML's quotes; of a list its words, joined by 、
  bool is_written = true;        // false: the key is not there, and may be
  bool is_fixed = false;         // changed in the text only: it stands on several lines, or others name it
  diagnostic::Place place = {};  // in the text, lines and columns from 1; line 0 if not written
};
struct SlotGrid {
  std::string path = {};  // /items, /table
  std::string key = {};   // items, table
  std::vector<std::string> columns = {};
  std::vector<std::vector<Slot>> rows = {};  // each as the columns
  bool has_rows_of_lines = true;             // false: rows come and go in the text only
};
struct Outline {
  std::string kind = {}, id = {}, name = {};
  std::vector<Slot> fields = {};
  std::vector<SlotGrid> grids = {};
  std::size_t blocks = 0;             // in the text: more than one is more than a form shows
  diagnostic::Diagnostics told = {};  // E-PACK-102 and the like: then there is nothing else
};
Outline outline_of(const std::string& text);

struct Rewritten {
  std::string text = {};
  diagnostic::Diagnostics refused_because = {};  // E-PACK-127; then there is no text
  bool is_done() const { return refused_because.empty(); }
};
// An empty value takes the key away; in a table it leaves the cell empty.
Rewritten with_value(const std::string& text, std::string_view path, std::string_view value);
// One row more, after this one and like it (from 0), or one less.
Rewritten with_row_after(const std::string& text, std::string_view grid, std::size_t row);
Rewritten without_row(const std::string& text, std::string_view grid, std::size_t row);

// A block of a pack as it stands in its file: from the fence at `place` to the end of the table under it.
// Empty if there is none.
std::string written_at(const diagnostic::Place& place);

}  // namespace tenglong::pack
