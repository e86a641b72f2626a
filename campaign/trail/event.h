// 留痕: one thing that was done, in the one byte form that is hashed and signed. docs/trail.md says it byte
// for byte.
//
// In:    what was done, by whom, when (given, never read from a clock). Out: bytes; and back.
// Never: two forms of one event: decode() refuses what encode() would not have written.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tenglong::trail {

struct Event {
  std::int64_t number = 0;  // from 1, without a hole
  std::string area = {};    // 330902
  std::string at = {};      // 2023-05-06T09:10:11+08:00
  std::string account = {}, unit = {}, on_behalf_of = {}, request = {};
  std::string operation = {};           // import_batch, keep_result, change_setting ...
  std::string kind = {}, object = {};   // batch 12
  std::string before = {}, after = {};  // SM3 of the object's content, 64 letters; empty: there was none
  std::vector<std::pair<std::string, std::string>> details = {};  // by rising name, each once
  friend bool operator==(const Event&, const Event&) = default;
};

// Sorts the details.
std::string encode(Event event);
std::optional<Event> decode(std::string_view bytes);

}  // namespace tenglong::trail
