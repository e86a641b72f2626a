// An open .xlsx: its package, its sheets in order, its texts and its date styles.
//
// One thread at a time: the package has one reading position.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/sheet/inside/package.h"
#include "engine/sheet/inside/shared_strings.h"
#include "engine/sheet/inside/styles.h"

namespace tenglong::sheet {

class XlsxWorkbook final : public Workbook {
 public:
  // Null with diagnostics if the package is no workbook.
  static std::unique_ptr<XlsxWorkbook> open(std::unique_ptr<Package> package, std::string file_name,
                                            const Limits& limits, Diagnostics& diagnostics);

  Format format() const override { return Format::Xlsx; }
  const std::string& file_name() const override { return file_name_; }
  const std::vector<Sheet>& sheets() const override { return sheets_; }
  Diagnostics read(int sheet, RowSink& sink, Merged merged) const override;
  const std::vector<MergedRange>& merges(int sheet) const override;
  int last_used_column(int sheet) const override {
    const auto found = last_used_.find(sheet);
    return found == last_used_.end() ? 0 : found->second;
  }
  calendar::SpreadsheetEpoch epoch() const override { return epoch_; }

  const Package& package() const { return *package_; }
  const std::string& part_of(int sheet) const { return parts_[static_cast<std::size_t>(sheet)]; }

 private:
  XlsxWorkbook() = default;
  bool read_parts(Diagnostics& diagnostics);
  Place place_of(int sheet) const {
    return {.file = file_name_, .sheet = sheets_[static_cast<std::size_t>(sheet)].name};
  }

  std::unique_ptr<Package> package_;
  std::string file_name_;
  Limits limits_;
  std::vector<Sheet> sheets_;
  std::vector<std::string> parts_;  // as sheets_
  SharedStrings strings_;
  Styles styles_;
  calendar::SpreadsheetEpoch epoch_ = calendar::SpreadsheetEpoch::From1900;
  mutable std::map<int, std::vector<MergedRange>> merges_;
  mutable std::map<int, int> last_used_;
};

// "/xl/worksheets/sheet1.xml", "worksheets/sheet1.xml" or "..\\x.xml" seen from a part in `folder` ("xl/").
std::string resolve_target(const std::string& folder, std::string target);

}  // namespace tenglong::sheet
