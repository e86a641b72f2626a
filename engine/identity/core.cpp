// The part of a name that tells enterprises apart.
#include <algorithm>

#include "engine/identity/identity.h"
#include "engine/identity/inside/core_finder.h"

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

// Half width, capitals, no decoration; characters as they are written.
std::u32string written_plainly(std::string_view name) {
  std::u32string out = code_points(text::ascii_upper(text::to_half_width(text::trim(name))));
  std::erase_if(out, is_decoration);
  return out;
}

bool holds(const std::vector<std::u32string>& words, std::u32string_view word) {
  return std::any_of(words.begin(), words.end(), [&](const std::u32string& each) { return each == word; });
}

}  // namespace

CoreFinder::CoreFinder(const NameRules& rules) {
  for (const auto& [written, meant] : rules.variants) variants_.emplace(written, meant);
  const auto longest_first = [&](const std::vector<std::string>& words, std::vector<std::u32string>& out) {
    for (const std::string& word : words)
      if (std::u32string each = plain(word); !each.empty()) out.push_back(std::move(each));
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.size() > b.size(); });
  };
  longest_first(rules.places, places_);
  longest_first(rules.endings, endings_);
}

std::u32string CoreFinder::plain(std::string_view name) const {
  std::u32string out = written_plainly(name);
  for (char32_t& c : out)
    if (const auto found = variants_.find(c); found != variants_.end()) c = found->second;
  return out;
}

std::u32string core_of(std::string_view name, const NameRules& rules) { return CoreFinder(rules).of(name); }

std::u32string CoreFinder::of(std::string_view name) const {
  const std::u32string whole = plain(name);
  // Brackets go; what stood in them stays, unless it is a place or an ending.
  std::u32string core, inner;
  int depth = 0;
  for (const char32_t c : whole) {
    if (is_opening(c)) {
      if (depth++ == 0) inner.clear();
    } else if (is_closing(c)) {
      if (depth > 0 && --depth == 0 && !holds(places_, inner) && !holds(endings_, inner)) core += inner;
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
  drop(endings_, true);
  drop(places_, false);
  if (core.empty())
    for (const char32_t c : whole)
      if (!is_opening(c) && !is_closing(c)) core += c;
  return core;
}

std::string key_of(std::string_view name, std::string_view code) {
  std::string out;
  for (const std::string_view part : {name, code}) {
    if (!out.empty() || part.data() == code.data()) out += '\x1F';
    for (const char32_t c : written_plainly(part))
      text::append_code_point(out, is_opening(c) ? U'(' : is_closing(c) ? U')' : c);
  }
  return out;
}

}  // namespace tenglong::identity
