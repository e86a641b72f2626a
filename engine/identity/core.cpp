// The part of a name that tells enterprises apart.
#include <algorithm>

#include "engine/identity/identity.h"

namespace tenglong::identity {

namespace {

std::u32string code_points(std::string_view bytes) {
  std::u32string out;
  for (std::size_t at = 0; at < bytes.size();) out += text::next_code_point(bytes, at);
  return out;
}

bool is_opening(char32_t c) { return c == U'(' || c == U'[' || c == U'【' || c == U'〔' || c == U'「'; }
bool is_closing(char32_t c) { return c == U')' || c == U']' || c == U'】' || c == U'〕' || c == U'」'; }
// Marks that people set or leave out as they like.
bool is_decoration(char32_t c) {
  constexpr std::u32string_view kMarks = U" \t\r\n.,-_·•・'\"/\\、。“”‘’《》—\u200B\u200E\u200F\uFEFF";
  return kMarks.find(c) != std::u32string_view::npos;
}

std::u32string plain(std::string_view name, const NameRules& rules) {
  std::u32string out = code_points(text::ascii_upper(text::to_half_width(text::trim(name))));
  for (char32_t& c : out)
    for (const auto& [written, meant] : rules.variants)
      if (c == written) {
        c = meant;
        break;
      }
  std::erase_if(out, is_decoration);
  return out;
}

std::vector<std::u32string> longest_first(const std::vector<std::string>& words, const NameRules& rules) {
  std::vector<std::u32string> out;
  for (const std::string& word : words)
    if (std::u32string each = plain(word, rules); !each.empty()) out.push_back(std::move(each));
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return out;
}

bool holds(const std::vector<std::u32string>& words, std::u32string_view word) {
  return std::any_of(words.begin(), words.end(), [&](const std::u32string& each) { return each == word; });
}

}  // namespace

std::u32string core_of(std::string_view name, const NameRules& rules) {
  const std::u32string whole = plain(name, rules);
  const std::vector<std::u32string> places = longest_first(rules.places, rules);
  const std::vector<std::u32string> endings = longest_first(rules.endings, rules);
  // Brackets go; what stood in them stays, unless it is a place or an ending.
  std::u32string core, inner;
  int depth = 0;
  for (const char32_t c : whole) {
    if (is_opening(c)) {
      if (depth++ == 0) inner.clear();
    } else if (is_closing(c)) {
      if (depth > 0 && --depth == 0 && !holds(places, inner) && !holds(endings, inner)) core += inner;
    } else {
      (depth > 0 ? inner : core) += c;
    }
  }
  if (depth > 0) core += inner;
  const auto drop = [&core](const std::vector<std::u32string>& words, bool at_end) {
    for (bool again = true; again;) {
      again = false;
      for (const std::u32string& word : words) {
        if (core.size() <= word.size()) continue;
        const std::size_t at = at_end ? core.size() - word.size() : 0;
        if (core.compare(at, word.size(), word) != 0) continue;
        core.erase(at, word.size());
        again = true;
        break;
      }
    }
  };
  drop(endings, true);
  drop(places, false);
  if (core.empty())
    for (const char32_t c : whole)
      if (!is_opening(c) && !is_closing(c)) core += c;
  return core;
}

std::string key_of(std::string_view name, std::string_view code) {
  std::string out;
  for (const std::string_view part : {name, code}) {
    if (!out.empty() || part.data() == code.data()) out += '\x1F';
    for (const char32_t c : plain(part, NameRules{}))
      text::append_code_point(out, is_opening(c) ? U'(' : is_closing(c) ? U')' : c);
  }
  return out;
}

}  // namespace tenglong::identity
