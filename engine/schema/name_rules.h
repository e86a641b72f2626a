// How names of enterprises are compared, as a pack says it (`yaml identity`).
//
// In:    the block, already read. Out: plain values. Never: compares anything; engine/identity does.
#pragma once
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "engine/diagnostic/diagnostic.h"

namespace tenglong::schema {

// Why two writings may mean the same enterprise.
enum class Likeness {
  SameName,          // the name that it bears
  FormerName,        // a name that it bore
  SameCore,          // the same but for place, kind of company, brackets
  OneCharacter,      // one character more, less or other, or two changed places
  AlikeName,         // many pairs of characters in common
  OldCode,           // a code that it had before
  CodeSwap,          // two neighbouring characters of the code changed places
  CodeCharacter,     // one character of the code is wrong, missing or too many
  SameOrganisation,  // the nine characters of the organisation code
  SamePlace,         // a field of `near` agrees: town, park, address
};
inline constexpr std::size_t kLikenesses = 10;
inline constexpr const char* kLikenessNames[kLikenesses] = {
    "名称相同", "曾用名",   "主名相同",   "差一字",           "名称相近",
    "旧代码",   "代码对调", "代码差一位", "组织机构代码相同", "同地"};

struct NameRules {
  std::string register_id = {};               // whose records are the enterprises; empty: no block
  std::string name_field = {};                // id
  std::vector<std::string> near_fields = {};  // ids
  std::vector<std::string> near_names = {};   // as they are called
  std::vector<std::string> places = {};       // 浙江省, 舟山市: left out of the core of a name
  std::vector<std::string> endings = {};      // 有限公司, 厂
  // 繁 → 简 and other writings of one character.
  std::vector<std::pair<char32_t, char32_t>> variants = {};
  std::array<int, kLikenesses> scores = {};  // 0..100; 0: not looked at
  int least = 0;                             // below it nothing is offered
  int most = 0;                              // candidates for one name
  // From this score on one candidate alone is taken without asking; 100: nobody is, a person is asked.
  int sure = 100;
  diagnostic::Place place = {};
};

}  // namespace tenglong::schema
