// One change to try: a value of the policy, or of one enterprise.
//
// In:    text as people write it, or the struct. Out: the change, checked: name, unit, declared bounds. All
//        mistakes are told.
//   低效认定线(园区外,2022)=6 万元/亩     a parameter; without keys: 门槛=3
//   综合评价.亩均税收.权重=35             weight or 基准 of an item
//   综合评价.A=25                        a cut, by rank (percent) or by score (">= 80")
//   综合评价=综合评价（封顶试算）           a scheme in the place of another of the same register
//   91330902….实缴税收=120 万元           a field of one record; 缺报, 不适用 and 存疑 are states
// Never: changes its arguments; makes a key or a reference of a record another.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/column/column.h"
#include "engine/diagnostic/diagnostic.h"
#include "engine/feel/value.h"
#include "engine/pack/pack.h"

namespace tenglong::simulate {

struct Override {
  enum class Kind { Parameter, Weight, Base, Cut, Scheme, Field };
  Kind kind = Kind::Parameter;
  std::string block = {};       // name of the parameter or scheme; of a field: the register's id
  std::size_t index = 0;        // parameter: its row; scheme: its item or cut; field: its index
  std::string taken_from = {};  // Kind::Scheme: name of the scheme that stands in
  std::uint32_t row = 0;        // Kind::Field: in the register's table
  feel::Value value = {};       // in the unit of what it replaces
  quantity::State state = quantity::State::Known;
  std::string score_test = {};  // Kind::Cut by score
  std::string text = {};        // as written
};

struct ReadOverride {
  std::optional<Override> override = {};
  diagnostic::Diagnostics diagnostics = {};
};

// Fields are those of the record at `period`.
ReadOverride read_override(std::string_view text, const pack::Pack& pack, const column::Snapshot& snapshot,
                           const calendar::Period& period);

// The value that stands there now; null for a gap, a state, a formula that is no number, a whole scheme.
feel::Value current(const Override& override, const pack::Pack& pack, const column::Snapshot& snapshot);
// The same change with another number.
Override with_value(Override override, quantity::Decimal value);

// The one cell by which two snapshots of the same records differ, as a change of the first. nullopt: in no
// cell, in more than one (what is computed from a cell moves with it), or in who is there.
std::optional<Override> only_change(const column::Snapshot& before, const column::Snapshot& after);

// The pack with the changes of the policy made; changes of records are not its business.
pack::Pack changed(const pack::Pack& pack, const std::vector<Override>& overrides);
// Puts a field's new value into its cell, and the old cell back.
class CellChange {
 public:
  CellChange(column::Snapshot& snapshot, const Override& override);
  ~CellChange();
  CellChange(const CellChange&) = delete;
  CellChange& operator=(const CellChange&) = delete;

 private:
  column::Column& column_;
  std::size_t row_;
  column::Column old_;  // of one row
};

}  // namespace tenglong::simulate
