#include "engine/text/text.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "engine/text/ensure.h"

namespace tenglong {

void report_bug(const char* claim, std::source_location where) {
  const std::string sentence =
      std::string(where.file_name()) + ":" + std::to_string(where.line()) + ": " + claim;
#ifdef TENGLONG_DEBUG
  std::fprintf(stderr, "%s\n", sentence.c_str());
  std::abort();
#else
  throw Bug(sentence);
#endif
}

}  // namespace tenglong

namespace tenglong::text {

namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool is_continuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// The code point at `offset` and its length in bytes, or length 0 if the bytes are not UTF-8 there.
struct Decoded {
  char32_t code_point;
  std::size_t length;
};

Decoded decode(std::string_view bytes, std::size_t offset) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[offset + i]); };
  const std::size_t left = bytes.size() - offset;
  const unsigned char first = at(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (length == 0 || first > 0xF4 || left < length) return {kReplacement, 0};
  char32_t code_point = first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(at(i))) return {kReplacement, 0};
    code_point = (code_point << 6) | (at(i) & 0x3Fu);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code_point < kLeast[length] || code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
    return {kReplacement, 0};
  return {code_point, length};
}

bool is_blank(char32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000 || c == 0xFEFF || c == 0x200B ||
         c == 0x85;
}

std::vector<char32_t> code_points(std::string_view bytes) {
  std::vector<char32_t> out;
  for (std::size_t offset = 0; offset < bytes.size();) out.push_back(next_code_point(bytes, offset));
  return out;
}

std::size_t edit_distance(const std::vector<char32_t>& a, const std::vector<char32_t>& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

}  // namespace

char32_t next_code_point(std::string_view bytes, std::size_t& offset) {
  const Decoded decoded = decode(bytes, offset);
  offset += std::max<std::size_t>(decoded.length, 1);
  return decoded.code_point;
}

void append_code_point(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

bool is_utf8(std::string_view bytes) {
  for (std::size_t offset = 0; offset < bytes.size();) {
    const Decoded decoded = decode(bytes, offset);
    if (decoded.length == 0) return false;
    offset += decoded.length;
  }
  return true;
}

std::size_t code_point_count(std::string_view bytes) {
  std::size_t count = 0;
  for (std::size_t offset = 0; offset < bytes.size(); ++count) next_code_point(bytes, offset);
  return count;
}

std::size_t column_of_byte(std::string_view line, std::size_t offset) {
  return code_point_count(line.substr(0, std::min(offset, line.size()))) + 1;
}

std::size_t byte_of_column(std::string_view line, std::size_t column) {
  std::size_t offset = 0;
  for (std::size_t at = 1; at < column && offset < line.size(); ++at) next_code_point(line, offset);
  return offset;
}

std::size_t cell_width(char32_t c) {
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return 0;
  if (c < 0x300) return 1;
  const auto category = u_charType(static_cast<UChar32>(c));
  if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK || category == U_FORMAT_CHAR) return 0;
  const int width = u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

std::size_t cell_width(std::string_view bytes) {
  std::size_t width = 0;
  for (std::size_t offset = 0; offset < bytes.size();) width += cell_width(next_code_point(bytes, offset));
  return width;
}

std::string pad_right(std::string_view bytes, std::size_t cells) {
  const std::size_t width = cell_width(bytes);
  return std::string(bytes) + std::string(width < cells ? cells - width : 0, ' ');
}

std::string pad_left(std::string_view bytes, std::size_t cells) {
  const std::size_t width = cell_width(bytes);
  return std::string(width < cells ? cells - width : 0, ' ') + std::string(bytes);
}

char ascii_form(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) return static_cast<char>(c - 0xFF01 + 0x21);
  switch (c) {
    case 0x3000:
      return ' ';
    case U'“':
    case U'”':
    case U'「':
    case U'」':
      return '"';
    case U'‘':
    case U'’':
      return '\'';
    case U'、':
      return ',';
    case U'。':
      return '.';
    case U'【':
      return '[';
    case U'】':
      return ']';
    case U'—':
    case U'－':
    case U'−':
    case U'–':
      return '-';
    case U'×':
      return '*';
    case U'÷':
      return '/';
    default:
      return 0;
  }
}

std::string to_half_width(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t offset = 0; offset < bytes.size();) {
    const std::size_t begin = offset;
    const char32_t c = next_code_point(bytes, offset);
    if (c >= 0xFF01 && c <= 0xFF5E)
      out += static_cast<char>(c - 0xFF01 + 0x21);
    else if (c == 0x3000 || c == 0xA0)
      out += ' ';
    else
      out.append(bytes.substr(begin, offset - begin));
  }
  return out;
}

std::string_view trim(std::string_view bytes) {
  std::size_t begin = 0, end = 0;
  bool seen = false;
  for (std::size_t offset = 0; offset < bytes.size();) {
    const std::size_t at = offset;
    if (!is_blank(next_code_point(bytes, offset))) {
      if (!seen) begin = at;
      seen = true;
      end = offset;
    }
  }
  return seen ? bytes.substr(begin, end - begin) : std::string_view{};
}

std::vector<std::string_view> split(std::string_view bytes, char separator) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t at = bytes.find(separator); at != std::string_view::npos;
       at = bytes.find(separator, begin)) {
    parts.push_back(bytes.substr(begin, at - begin));
    begin = at + 1;
  }
  parts.push_back(bytes.substr(begin));
  return parts;
}

std::string ascii_upper(std::string_view bytes) {
  std::string out(bytes);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

std::string ascii_lower(std::string_view bytes) {
  std::string out(bytes);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  const auto own = code_points(word);
  const std::size_t allowed = own.size() <= 1 ? 0 : std::max<std::size_t>(1, own.size() / 3);
  std::size_t best = allowed + 1;
  std::string found;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(own, code_points(candidate));
    if (distance < best && distance > 0) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}

}  // namespace tenglong::text
