#include "engine/feel/inside/regex.h"

#include <unicode/regex.h>
#include <unicode/unistr.h>

#include <unordered_map>

namespace tenglong::feel {

namespace {

constexpr std::size_t kMostKept = 64;
// Units of some ten thousand steps of ICU's matcher: well under a second.
constexpr std::int32_t kTimeLimit = 500;
constexpr std::size_t kLongestPattern = 10'000;

icu::UnicodeString to_utf16(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string to_utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

}  // namespace

struct Regex::Body {
  std::unique_ptr<icu::RegexPattern> pattern;
  int groups = 0;
  bool matches_empty = false;
};

Regex::Regex() : body_(std::make_unique<Body>()) {}
Regex::~Regex() = default;
int Regex::group_count() const { return body_->groups; }
bool Regex::matches_empty() const { return body_->matches_empty; }

std::shared_ptr<const Regex> Regex::compile(std::string_view pattern, RegexFlags flags) {
  if (pattern.size() > kLongestPattern) return nullptr;
  std::string key;
  for (const bool flag :
       {flags.dot_all, flags.multi_line, flags.ignore_case, flags.ignore_blanks, flags.literal})
    key += flag ? '1' : '0';
  key += pattern;
  thread_local std::unordered_map<std::string, std::shared_ptr<const Regex>> kept;
  if (const auto found = kept.find(key); found != kept.end()) return found->second;

  std::shared_ptr<Regex> out;
  if (const auto translated = to_icu_pattern(pattern, flags)) {
    UErrorCode error = U_ZERO_ERROR;
    UParseError place;
    const std::uint32_t bits = flags.ignore_case ? static_cast<std::uint32_t>(UREGEX_CASE_INSENSITIVE) : 0u;
    std::unique_ptr<icu::RegexPattern> compiled(
        icu::RegexPattern::compile(to_utf16(*translated), bits, place, error));
    if (U_SUCCESS(error) && compiled != nullptr) {
      out = std::make_shared<Regex>();
      const icu::UnicodeString nothing;
      std::unique_ptr<icu::RegexMatcher> matcher(compiled->matcher(nothing, error));
      if (U_SUCCESS(error)) {
        out->body_->groups = matcher->groupCount();
        out->body_->matches_empty = matcher->find();
      }
      out->body_->pattern = std::move(compiled);
    }
  }
  if (kept.size() >= kMostKept) kept.clear();
  kept.emplace(std::move(key), out);
  return out;
}

struct Regex::Search::State {
  icu::UnicodeString text;
  std::unique_ptr<icu::RegexMatcher> matcher;
  std::int32_t last_end = 0;  // of the match before the one at hand
  std::int32_t begin = 0, end = 0;
  bool found = false;
  bool gave_up = false;
};

Regex::Search::Search(const Regex& regex, std::string_view text) : state_(std::make_unique<State>()) {
  state_->text = to_utf16(text);
  UErrorCode error = U_ZERO_ERROR;
  state_->matcher.reset(regex.body_->pattern->matcher(state_->text, error));
  if (state_->matcher != nullptr) state_->matcher->setTimeLimit(kTimeLimit, error);
  state_->gave_up = U_FAILURE(error) || state_->matcher == nullptr;
}
Regex::Search::~Search() = default;

bool Regex::Search::next() {
  if (state_->gave_up) return false;
  state_->last_end = state_->end;
  UErrorCode error = U_ZERO_ERROR;
  state_->found = state_->matcher->find(error);
  if (U_FAILURE(error)) state_->gave_up = true;
  if (!state_->found || state_->gave_up) {
    state_->found = false;
    state_->begin = state_->text.length();
    return false;
  }
  state_->begin = state_->matcher->start(error);
  state_->end = state_->matcher->end(error);
  return true;
}

bool Regex::Search::gave_up() const { return state_->gave_up; }
bool Regex::Search::is_empty() const { return state_->begin == state_->end; }
std::string Regex::Search::before() const {
  return to_utf8(state_->text.tempSubStringBetween(state_->last_end, state_->begin));
}
std::string Regex::Search::group(int index) const {
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString text = state_->matcher->group(index, error);
  return U_FAILURE(error) ? std::string{} : to_utf8(text);
}

}  // namespace tenglong::feel
