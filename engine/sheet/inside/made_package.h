// For tests and fuzzing: a package made by hand, part by part.
#pragma once
#include <zip.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/text/ensure.h"

namespace tenglong::sheet {

using Parts = std::vector<std::pair<std::string, std::string>>;

inline std::string made_package(const Parts& parts) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* memory = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(memory);
  zip_t* zip = zip_open_from_source(memory, ZIP_TRUNCATE, &error);
  ensure(zip != nullptr, "an empty package in memory");
  for (const auto& [name, bytes] : parts)
    zip_file_add(zip, name.c_str(), zip_source_buffer(zip, bytes.data(), bytes.size(), 0), ZIP_FL_ENC_UTF_8);
  ensure(zip_close(zip) == 0, "the package is written");
  zip_source_open(memory);
  zip_source_seek(memory, 0, SEEK_END);
  std::string out(static_cast<std::size_t>(zip_source_tell(memory)), '\0');
  zip_source_seek(memory, 0, SEEK_SET);
  zip_source_read(memory, out.data(), out.size());
  zip_source_close(memory);
  zip_source_free(memory);
  return out;
}

// A workbook of one sheet 税收; `styles` and `strings` may be empty.
struct MadeWorkbook {
  std::string sheet;
  std::string strings = {};
  std::string styles = {};
  std::string workbook_pr = {};
};
inline Parts made_parts(const MadeWorkbook& made) {
  Parts parts = {
      {"[Content_Types].xml", "<Types/>"},
      {"_rels/.rels",
       "<Relationships><Relationship Id='r1' Type='http://x/officeDocument' "
       "Target='xl/workbook.xml'/></Relationships>"},
      {"xl/workbook.xml", "<workbook xmlns:r='http://r'>" + made.workbook_pr +
                              "<sheets><sheet name='税收' sheetId='1' r:id='r1'/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels",
       "<Relationships><Relationship Id='r1' Type='http://x/worksheet' "
       "Target='worksheets/sheet1.xml'/></Relationships>"},
      {"xl/worksheets/sheet1.xml", "<worksheet>" + made.sheet + "</worksheet>"}};
  if (!made.strings.empty()) parts.emplace_back("xl/sharedStrings.xml", made.strings);
  if (!made.styles.empty()) parts.emplace_back("xl/styles.xml", made.styles);
  return parts;
}
inline std::string made_workbook(const MadeWorkbook& made) { return made_package(made_parts(made)); }

}  // namespace tenglong::sheet
