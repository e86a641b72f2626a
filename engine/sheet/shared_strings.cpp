#include "engine/sheet/inside/shared_strings.h"

#include <algorithm>

#include "engine/sheet/inside/refusal.h"
#include "engine/text/text.h"

namespace tenglong::sheet {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
// The code of an escape "_xHHHH_" at `at`, or -1.
int escape_at(std::string_view text, std::size_t at) {
  if (text.size() < at + 7 || text[at] != '_' || text[at + 1] != 'x' || text[at + 6] != '_') return -1;
  int code = 0;
  for (std::size_t i = at + 2; i < at + 6; ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0) return -1;
    code = code * 16 + digit;
  }
  return code;
}

class SharedStringsHandler final : public XmlHandler {
 public:
  SharedStringsHandler(SharedStrings& strings, const Limits& limits) : strings_(strings), limits_(limits) {}
  bool is_too_large() const { return is_too_large_; }

  void start(std::string_view name, Attributes) override {
    if (name == "si") is_in_item_ = true;
    if (name == "rPh") ++phonetic_depth_;
    is_in_text_ = name == "t" && is_in_item_ && phonetic_depth_ == 0;
  }
  void end(std::string_view name) override {
    is_in_text_ = false;
    if (name == "rPh") --phonetic_depth_;
    if (name != "si") return;
    is_in_item_ = false;
    phonetic_depth_ = 0;
    strings_.finish_text();
    // A text costs its bytes and the four of its end.
    if (strings_.byte_count() + strings_.size() * 4 > limits_.shared_string_bytes) refuse();
  }
  void characters(std::string_view piece) override {
    if (!is_in_text_) return;
    strings_.append(piece);
    if (strings_.open_bytes() > limits_.cell_bytes * 4 || strings_.byte_count() > limits_.shared_string_bytes)
      refuse();
  }

 private:
  void refuse() {
    is_too_large_ = true;
    stop();
  }
  SharedStrings& strings_;
  const Limits& limits_;
  bool is_in_item_ = false;
  bool is_in_text_ = false;
  bool is_too_large_ = false;
  int phonetic_depth_ = 0;
};

}  // namespace

bool is_escape(std::string_view text) { return escape_at(text, 0) >= 0; }

bool has_escapes(std::string_view text) { return text.find("_x") != std::string_view::npos; }

std::string without_escapes(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const int code = escape_at(text, at);
    if (code > 0 && (code < 0xD800 || code > 0xDFFF)) {
      text::append_code_point(out, static_cast<char32_t>(code));
      at += 7;
    } else {
      out += text[at++];
    }
  }
  return out;
}

bool has_direction_marks(std::string_view text) {
  for (std::size_t at = text.find('\xE2'); at != std::string_view::npos && at + 2 < text.size();
       at = text.find('\xE2', at + 1)) {
    const auto second = static_cast<unsigned char>(text[at + 1]);
    const auto third = static_cast<unsigned char>(text[at + 2]);
    if ((second == 0x80 && third >= 0xAA && third <= 0xAE) ||
        (second == 0x81 && third >= 0xA6 && third <= 0xA9))
      return true;
  }
  return false;
}

void SharedStrings::finish_text() {
  const std::size_t begin = ends_.empty() ? 0 : ends_.back();
  const std::string_view text = std::string_view(bytes_).substr(begin);
  if (has_escapes(text)) {
    const std::string plain = without_escapes(text);
    bytes_.replace(begin, std::string::npos, plain);
  }
  ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
}

bool read_shared_strings(ByteSource& source, const Limits& limits, const Place& place,
                         const std::string& part, SharedStrings& strings, Diagnostics& diagnostics) {
  SharedStringsHandler handler(strings, limits);
  if (!parse_xml(source, handler, place, part, diagnostics)) return false;
  if (!handler.is_too_large()) return true;
  diagnostics.push_back(too_large(place,
                                  {"文字总量或单格文字", "the amount of text, or of text in one cell,"},
                                  std::to_string(limits.shared_string_bytes >> 20) + " MiB / " +
                                      std::to_string(limits.cell_bytes * 4 >> 10) + " KiB"));
  return false;
}

}  // namespace tenglong::sheet
