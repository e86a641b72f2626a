// New cells in the text of a worksheet part, every other byte as it was (but for `spans` and `dimension`,
// which would lie).
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/sheet/inside/xml.h"

namespace tenglong::sheet {

// The last column with a value or a formula; 0 if there is none. nullopt with a diagnostic if the XML is
// broken.
std::optional<int> last_used_column(ByteSource& source, const Place& place, const std::string& part,
                                    Diagnostics& diagnostics);

// The part with a text cell in column `column` of each row, as it streams by; rows that do not exist are
// made. An empty formatted cell that stands there gives way. Memory is a piece of the part.
class PatchedSheet final : public ByteSource {
 public:
  // Both must outlive this.
  PatchedSheet(ByteSource& source, int column, const std::map<int, std::string>& text_by_row);
  ~PatchedSheet() override;
  std::size_t read(char* into, std::size_t size) override;
  // The text is not UTF-8, or the XML is broken: what was read so far is no sheet.
  bool has_failed() const;

 private:
  class Patcher;
  std::unique_ptr<Patcher> patcher_;
  std::size_t taken_ = 0;  // of what is ready
};

std::string xml_text(std::string_view text);

}  // namespace tenglong::sheet
