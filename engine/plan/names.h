// What a name stands for in a block of one register. One table for the interpreter's environment and for
// lowering.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/pack/pack.h"

namespace tenglong::plan {

struct Slot {
  enum class Kind {
    Field,
    Indicator,
    Population,
    Parameter,
    Decision,
    Parent,
    Previous,
    Year
  } kind = Kind::Field;
  int index = -1;  // field of the register; else position in the pack's list
};

// Lets a map of strings be asked with a view.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

class NameTable {
 public:
  explicit NameTable(const pack::Pack& pack);
  // Registers are numbered as in the schema, as tables of a snapshot are. -1 if there is none.
  int register_index(std::string_view id) const;
  const Slot* find(int register_index, std::string_view name) const;

 private:
  const pack::Pack& pack_;
  std::vector<std::unordered_map<std::string, Slot, TextHash, std::equal_to<>>> slots_;
};

}  // namespace tenglong::plan
