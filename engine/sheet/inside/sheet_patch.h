// New cells in the text of a worksheet part, every other byte as it was (but for `spans` and `dimension`,
// which would lie).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/sheet/inside/xml.h"

namespace tenglong::sheet {

// The last column with a value or a formula; 0 if there is none. nullopt with a diagnostic if the XML is
// broken.
std::optional<int> last_used_column(std::string_view xml, const Place& place, const std::string& part,
                                    Diagnostics& diagnostics);

// Puts a text cell in column `column` of each row; rows that do not exist are made. An empty formatted cell
// that stands there gives way. nullopt if the text is not UTF-8 or the XML is broken.
std::optional<std::string> with_cells(std::string_view xml, int column,
                                      const std::map<int, std::string>& text_by_row);

std::string xml_text(std::string_view text);

}  // namespace tenglong::sheet
