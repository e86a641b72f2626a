// How a Chinese name is spelled on a keyboard: 金塘镇 is jintangzhen, or jtz.
//
// Never: more than one reading of a character: the most common one (ICU Han-Latin). Other letters and digits
// stand as they are, in lower case; blanks and marks fall away.
#pragma once
#include <string>
#include <string_view>

namespace tenglong::listing {

struct Spelling {
  std::string full = {}, initials = {};
};
Spelling spelling_of(std::string_view name);

}  // namespace tenglong::listing
