// The rows of one worksheet part, as they stream by.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "engine/sheet/inside/shared_strings.h"
#include "engine/sheet/inside/styles.h"
#include "engine/sheet/sheet.h"

namespace tenglong::sheet {

struct SheetSetting {
  const SharedStrings& strings;
  const Styles& styles;
  calendar::SpreadsheetEpoch epoch = calendar::SpreadsheetEpoch::From1900;
  const Limits& limits;
  Place place;       // file and sheet
  std::string part;  // xl/worksheets/sheet1.xml
};
// The last column with a value or a formula; 0 if the sheet was not read to its end.
int read_sheet_rows(ByteSource& source, const SheetSetting& setting, RowSink& sink, Diagnostics& diagnostics);

// The ranges of <mergeCells>, which comes after the rows: found by its tag, without parsing what is before
// it.
std::vector<MergedRange> scan_merges(ByteSource& source, const Limits& limits, const Place& place,
                                     Diagnostics& diagnostics);

// Gives every cell of a merged range the value of its first. Ranges of more than 1,000 columns are left
// alone; beyond 5 million filled cells reading stops, because a few bytes can ask for billions.
class FillingSink final : public RowSink {
 public:
  // `merges` by first row and must outlive this.
  FillingSink(std::span<const MergedRange> merges, RowSink& next) : waiting_(merges), next_(next) {}
  bool row(int row_number, std::span<const Cell> cells) override;
  bool is_exhausted() const { return budget_ < 0; }

 private:
  static constexpr int kWidest = 1000;
  std::int64_t budget_ = 5'000'000;
  struct Open {
    MergedRange range;
    Cell value;
  };
  std::span<const MergedRange> waiting_;
  std::vector<Open> open_;
  std::vector<Cell> cells_;
  RowSink& next_;
};

// True for what a spreadsheet program stores as a number: "-1", "0.1", "9.13309E+17".
bool is_stored_number(std::string_view text);

}  // namespace tenglong::sheet
