// Gaps, overlaps, masked and needless rules of a decision table, decided before any data.
//
// Every input is cut into the elementary values that its tests can tell apart: true and false; the texts that
// are mentioned and one that is not; each end point of a number, date or duration and each stretch between
// two of them; null where some rule speaks of it. A rule is then a box of such values; gaps and overlaps are
// boxes too, of which one point is shown. Whether a value passes a test is asked of the interpreter itself.
//
// In:    parsed unary tests and what is known of the inputs. Out: findings, each with an example that shows
// it. Never: a guess: a table with a test that is not made of constants, or with too many cases, is left
// undecided, and says why.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/feel/syntax.h"
#include "engine/feel/type.h"
#include "engine/feel/value.h"
#include "engine/text/text.h"

namespace tenglong::feel {

struct TableInput {
  std::optional<Kind> kind = {};
  std::vector<Value> listed = {};  // all values there are; empty: there may be others
  std::optional<Decimal> minimum = {}, maximum = {};
};

struct TableRule {
  std::vector<NodePtr> tests = {};    // one an input
  std::vector<NodePtr> outputs = {};  // constants compare by their trees; a null one is like no other
};

struct TableFinding {
  enum class What {
    Never,      // no value passes
    Overlap,    // `rule` and `other` both match
    Different,  // both match, with different outputs
    Masked,     // the rules before cover all of its cases
    Needless,   // `other` covers all of its cases with the same outputs
    Twin,       // `other` once more
    Gap,        // no rule matches
  };
  What what = What::Gap;
  std::size_t rule = 0, other = 0;
  std::vector<std::optional<Value>> example = {};  // one an input; nothing: whatever it is
};

enum class TablePolicy { Unique, Any, First, Priority, Adds, Others };

struct TableAnalysis {
  bool is_decided = false;
  text::Words why_not = {};
  std::vector<TableFinding> findings = {};
};

// By rule, in the order Never, Overlap or Different, Masked, Needless or Twin; at last the Gap, if
// `must_cover`.
TableAnalysis analyse_table(const std::vector<TableInput>& inputs, const std::vector<TableRule>& rules,
                            TablePolicy policy, bool must_cover);

// "得分 = 60，规上 = true", of the inputs' names; empty if whatever.
std::string example_text(const TableFinding& finding, const std::vector<std::string>& names);

bool is_same_tree(const Node& a, const Node& b);  // spans aside

}  // namespace tenglong::feel
