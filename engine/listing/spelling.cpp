#include "engine/listing/spelling.h"

#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <memory>
#include <mutex>
#include <unordered_map>

#include "engine/text/ensure.h"
#include "engine/text/text.h"

namespace tenglong::listing {

namespace {

// Characters are few and names many: each character is spelled once.
const std::string& spelled(char32_t code_point) {
  static std::mutex mutex;
  static std::unordered_map<char32_t, std::string> known;
  static const std::unique_ptr<icu::Transliterator> kSpeller = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> out(icu::Transliterator::createInstance(
        "Han-Latin; NFD; [:Nonspacing Mark:] Remove; Lower", UTRANS_FORWARD, status));
    ensure(U_SUCCESS(status) && out != nullptr, "ICU spells Chinese");
    return out;
  }();
  const std::lock_guard lock(mutex);
  const auto found = known.find(code_point);
  if (found != known.end()) return found->second;
  icu::UnicodeString text(static_cast<UChar32>(code_point));
  kSpeller->transliterate(text);
  std::string out;
  for (std::int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1))
    if (u_isalnum(text.char32At(at)))
      text::append_code_point(out, static_cast<char32_t>(u_tolower(text.char32At(at))));
  return known.emplace(code_point, std::move(out)).first->second;  // places in the map stay where they are
}

}  // namespace

Spelling spelling_of(std::string_view name) {
  Spelling out;
  for (std::size_t at = 0; at < name.size();) {
    const std::string& one = spelled(text::next_code_point(name, at));
    if (one.empty()) continue;
    out.full += one;
    std::size_t first = 0;
    text::append_code_point(out.initials, text::next_code_point(one, first));
  }
  return out;
}

}  // namespace tenglong::listing
