// 清单: the entries of a roster with what an official needs beside them, and the count that must agree.
//
// In:    a roster's outcome and the snapshot it was made from. Out: entries by town, then key; 应查 = 入列 +
// 免列 + 不入列 + 未知. Never: decides anything: the run did.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "engine/column/column.h"
#include "engine/pack/pack.h"
#include "engine/result/result.h"

namespace tenglong::roster {

struct Entry {
  std::string key;
  std::string title;  // the record's name
  std::string town;   // code, or ""
  result::RosterEntry::Place place = result::RosterEntry::Place::NotListed;
  std::string why;
  std::vector<std::pair<std::string, std::string>> shows = {};  // name -> value with unit, as the pack asks
};

struct Roster {
  std::string name, clause, source, mark;
  std::int64_t due = 0, listed = 0, exempt = 0, not_listed = 0, unknown = 0;
  bool counts_agree() const { return due == listed + exempt + not_listed + unknown; }
  std::vector<Entry> entries = {};
};

const char* to_chinese(result::RosterEntry::Place place);  // 入列 免列 不入列 待核（缺数据）

}  // namespace tenglong::roster
