// The texts of an .xlsx, each stored once: one run of bytes and where each text ends.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sheet/inside/xml.h"
#include "engine/sheet/sheet.h"

namespace tenglong::sheet {

class SharedStrings {
 public:
  std::size_t size() const { return ends_.size(); }
  std::string_view operator[](std::size_t index) const {
    const std::uint32_t begin = index == 0 ? 0 : ends_[index - 1];
    return {bytes_.data() + begin, ends_[index] - begin};
  }
  void append(std::string_view piece) { bytes_ += piece; }
  void finish_text();
  std::size_t byte_count() const { return bytes_.size(); }
  std::size_t open_bytes() const { return bytes_.size() - (ends_.empty() ? 0 : ends_.back()); }

 private:
  std::string bytes_;
  std::vector<std::uint32_t> ends_;
};

// Rich text is joined; the phonetic guide (rPh) is left out.
bool read_shared_strings(ByteSource& source, const Limits& limits, const Place& place,
                         const std::string& part, SharedStrings& strings, Diagnostics& diagnostics);

// Excel stores a control character as _x000D_ and a literal "_x000D_" as _x005F_x000D_.
bool is_escape(std::string_view text);  // begins with one
bool has_escapes(std::string_view text);
std::string without_escapes(std::string_view text);
// Characters that change the direction of what follows (U+202A to U+202E, U+2066 to U+2069): a text with them
// does not read as it is.
bool has_direction_marks(std::string_view text);

}  // namespace tenglong::sheet
