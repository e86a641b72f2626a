// Text as people see it: UTF-8, code points, terminal cells, the two languages of every sentence.
//
// In:    bytes that claim to be UTF-8. Out: positions that a person would count.
// Never: throws on bad bytes; a broken byte is one code point U+FFFD of width 1.
// Cost:  every function is one pass over its argument.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tenglong::text {

// One sentence in the two languages we speak. Chinese is the original.
struct Words {
  std::string zh = {};
  std::string en = {};
  bool empty() const { return zh.empty(); }
  friend bool operator==(const Words&, const Words&) = default;
};

enum class Language { Chinese, English };

inline const std::string& in_language(const Words& words, Language language) {
  return language == Language::English && !words.en.empty() ? words.en : words.zh;
}

bool is_utf8(std::string_view bytes);

// Reads one code point at `offset` and moves `offset` past it. A broken byte gives U+FFFD and moves by one.
char32_t next_code_point(std::string_view bytes, std::size_t& offset);
void append_code_point(std::string& out, char32_t code_point);

std::size_t code_point_count(std::string_view bytes);
// 1-based column, in code points, of the byte at `offset` of a line.
std::size_t column_of_byte(std::string_view line, std::size_t offset);
// Byte offset of the 1-based code point column; line.size() if beyond the end.
std::size_t byte_of_column(std::string_view line, std::size_t column);

// Terminal cells by Unicode's East Asian Width (UAX #11): wide and full-width 2, combining 0, all else 1.
std::size_t cell_width(char32_t code_point);
std::size_t cell_width(std::string_view bytes);
// Pads with blanks on the right (or left) until `cells` wide; longer text is kept whole.
std::string pad_right(std::string_view bytes, std::size_t cells);
std::string pad_left(std::string_view bytes, std::size_t cells);

// １２３，ＡＢＣ（）： and the wide and hard blanks (U+3000, U+00A0) to their ASCII forms; everything else
// unchanged.
std::string to_half_width(std::string_view bytes);
// The ASCII form of one full-width or CJK punctuation mark, or 0 if it has none.
char ascii_form(char32_t code_point);

// Without white space at both ends (ASCII blanks, U+00A0, U+3000, U+FEFF, zero-width U+200B).
std::string_view trim(std::string_view bytes);
std::vector<std::string_view> split(std::string_view bytes, char separator);
std::string ascii_upper(std::string_view bytes);
std::string ascii_lower(std::string_view bytes);

// The candidate a person probably meant: smallest edit distance in code points, at most a third of the
// length, but one for words of two to five (税收, 税额); empty if none is near. The first of equals wins; the
// word itself is no candidate.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace tenglong::text
