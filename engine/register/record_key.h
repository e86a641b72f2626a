// The key of a record: the texts of its parts, one behind the other.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>

namespace tenglong::registers {

// Between the parts, which hold no such character.
inline constexpr char kKeySeparator = '\x1F';
// For people: parcel/user.
inline std::string shown_key(std::string_view key) {
  std::string out(key);
  std::replace(out.begin(), out.end(), kKeySeparator, '/');
  return out;
}

}  // namespace tenglong::registers
