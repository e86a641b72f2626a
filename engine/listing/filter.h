// A filter in FEEL over one register, brought down to conditions on single fields that run over whole
// columns.
//
// In:    FEEL over the register's fields, those of the record above (企业.镇街), 年度, and 属于(字段,
// "代码"). Out:   for every row true, false or null, exactly as the interpreter would say; null is counted,
// never false. Order: of rows; nothing depends on it. Never: guesses: what no condition stands for is
// evaluated by the interpreter, over the rows that the
//        conditions leave.
// Cost:  a condition is one pass over one column, 1–3 ns a row; the interpreter 1–3 µs a row.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diagnostic/diagnostic.h"
#include "engine/feel/evaluate.h"
#include "engine/feel/type.h"
#include "engine/listing/segment.h"
#include "engine/schema/schema.h"

namespace tenglong::listing {

// What a name of a filter or a sort key stands for.
struct Operand {
  enum class From : std::uint8_t {
    Own,
    Above,
    Year,
    Key
  };  // a field, one of the record above, 年度, the key
  From from = From::Own;
  int field = -1;
  friend auto operator<=>(const Operand&, const Operand&) = default;
};

enum class Truth : std::uint8_t { False, True, Unknown };
using Truths = std::vector<Truth>;
Truth both(Truth a, Truth b);
Truth either(Truth a, Truth b);
Truth opposite(Truth a);

// One register and period, column by column.
class Rows {
 public:
  virtual ~Rows() = default;
  virtual std::size_t size() const = 0;
  virtual std::optional<int> year() const = 0;
  virtual const Column& column(const Operand& operand) const = 0;  // Own, Above, Key
  // Per row the row of the record above in its columns, or -1.
  virtual const std::vector<std::int32_t>& above() const = 0;
  feel::Value value(const Operand& operand, std::size_t row) const;  // null unless Known
};

// A tree of conditions, each on one operand and constants. `on_null` is the answer where there is no value.
struct Condition {
  enum class Kind : std::uint8_t {
    Constant,
    Compare,
    OneOf,
    Contains,
    StartsWith,
    EndsWith,
    IsNull,
    IsTrue,
    And,
    Or,
    Not
  };
  Kind kind = Kind::Constant;
  Truth constant = Truth::True;
  Operand operand = {};
  std::string sign = {};                // Compare: < <= > >= = !=
  feel::Value value = {};               // Compare; Contains and the like
  std::vector<std::string> texts = {};  // OneOf, sorted
  Truth on_null = Truth::Unknown;
  std::vector<Condition> parts = {};
};
std::string to_string(const Condition& condition, const schema::Register& target,
                      const schema::Register* above);  // as it is run: for people who ask why it is slow

class Filter {
 public:
  Filter() = default;  // keeps every row
  // Mistakes are told (E-FEEL-1xx to 3xx, E-LIST-101); the filter then keeps nothing. `schema` must outlive
  // it.
  static Filter read(const schema::Schema& schema, const schema::Register& target, std::string_view where,
                     diagnostic::Diagnostics& diagnostics, const feel::Clock& clock = {},
                     const feel::Origin& origin = {.file = "where"});

  bool is_everything() const { return tree_ == nullptr && condition_.constant == Truth::True; }
  const Condition& condition() const { return condition_; }
  const std::vector<feel::NodePtr>& left_to_interpreter() const { return rest_; }
  const std::vector<Operand>& operands() const { return operands_; }  // every field it names, each once
  Truths evaluate(const Rows& rows) const;
  // One record by the interpreter alone: the meaning that evaluate() must equal.
  Truth truth_of(const std::function<feel::Value(const Operand&)>& value_of) const;

 private:
  Truth interpret(const feel::Node& tree, const std::function<feel::Value(const Operand&)>& value_of) const;
  const schema::Register* target_ = nullptr;
  const schema::Register* above_ = nullptr;
  feel::Clock clock_ = {};
  feel::NodePtr tree_ = {};
  Condition condition_ = {};
  std::vector<feel::NodePtr> rest_ = {};
  std::vector<Operand> operands_ = {};
  feel::Value within_ = {};  // the function 属于
};

// The code tables' `code` and all below it; of no table that knows it: the code alone.
std::vector<std::string> codes_within(const schema::Schema& schema, std::string_view code);

}  // namespace tenglong::listing
