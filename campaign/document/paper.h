// 文稿: a paper of the office as people read it: title, sentences, sections with tables; and its .docx.
//
// In:    finished words and figures in one language. Out: a WordprocessingML package, A4, that WPS, Word and
// LibreOffice open and edit: heads and body by style, the head row of a table on every page, no row cut.
// Never: changes a word; two packages of one paper differ in a byte. Cost: the text once, in memory.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/quantity/decimal.h"
#include "engine/text/text.h"

namespace tenglong::document {

enum class Align { Left, Right };

struct Column {
  std::string head = {};
  int share = 1;  // of the width
  Align align = Align::Left;
};
// A row has a text for each column.
struct Table {
  std::vector<Column> columns = {};
  std::vector<std::vector<std::string>> rows = {};
};
struct Section {
  std::string title = {};
  std::vector<std::string> paragraphs = {};
  std::optional<Table> table = {};  // after the paragraphs
};
struct Paper {
  text::Language language = text::Language::Chinese;
  std::string title = {};
  std::vector<std::string> opening = {};  // before the first section
  std::vector<Section> sections = {};
  std::string closing = {};  // in small print below the last
  std::string header = {};   // of every page: 样例数据; empty for none
  std::string footer = {};   // of every page, beside its number: the snapshot
};

// The package; characters that XML cannot hold are left out.
std::string to_docx(const Paper& paper);

// A number as people read it: digits in threes, a real minus; `places`: rounded half away from zero and
// filled with zeros.
std::string shown(quantity::Decimal value, std::optional<int> places = std::nullopt);

}  // namespace tenglong::document
