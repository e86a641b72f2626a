// The .xls of Excel 97 to 2003, through libfreexl, which reads a whole sheet into memory and knows no merged
// ranges.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "engine/sheet/sheet.h"

namespace tenglong::sheet {

class XlsWorkbook final : public Workbook {
 public:
  // Null with diagnostics.
  static std::unique_ptr<XlsWorkbook> open(std::string file_name, std::string bytes, const Limits& limits,
                                           Diagnostics& diagnostics);
  Format format() const override { return Format::Xls; }
  const std::string& file_name() const override { return file_name_; }
  const std::vector<Sheet>& sheets() const override { return sheets_; }
  Diagnostics read(int sheet, RowSink& sink, Merged merged) const override;
  const std::vector<MergedRange>& merges(int) const override { return no_merges_; }
  calendar::SpreadsheetEpoch epoch() const override { return epoch_; }

 private:
  XlsWorkbook() = default;
  std::string file_name_;
  std::vector<Sheet> sheets_;
  std::vector<std::vector<Row>> rows_;  // as sheets_
  std::vector<MergedRange> no_merges_;
  calendar::SpreadsheetEpoch epoch_ = calendar::SpreadsheetEpoch::From1900;
};

}  // namespace tenglong::sheet
