// What one cell of one mapped column says: a value, a reason for its absence, or a problem.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/diagnostic/diagnostic.h"
#include "engine/quantity/unit.h"
#include "engine/register/register.h"
#include "engine/schema/schema.h"
#include "engine/sheet/sheet.h"

namespace tenglong::intake {

struct Problem {
  std::string code = {};
  diagnostic::Severity severity = diagnostic::Severity::Error;
  text::Words message = {};
  text::Words advice = {};
};

struct Reading {
  enum class Kind { Nothing, Value, Absent, Refused };  // Nothing: an empty cell says nothing
  Kind kind = Kind::Nothing;
  quantity::State state = quantity::State::Known;  // Absent: Missing or NotApplicable
  registers::Scalar value = {};
  std::optional<Problem> problem = {};  // Refused always has one; a value may have a warning
};

// 9.13E+17, or a whole number of more than 15 digits in a number cell: the program has lost digits.
bool has_lost_digits(const sheet::Cell& cell);
// "缺报" "-" and their like; "不适用".
std::optional<quantity::State> absence_of(std::string_view half_width_and_trimmed);

class CellReader {
 public:
  // `unit`: of the header, nothing for the field's own. `target`: of a Reference field, may be null.
  CellReader(const schema::Field& field, const schema::Schema& schema,
             std::optional<quantity::Unit> unit = {});
  Reading read(const sheet::Cell& cell);
  const schema::Field& field() const { return *field_; }
  bool is_rounded() const { return is_rounded_; }

 private:
  Reading read_number(const sheet::Cell& cell, const std::string& written);
  Reading read_percentage(quantity::Decimal stored);
  Reading read_boolean(const std::string& written);
  Reading read_date(const sheet::Cell& cell, const std::string& written);
  Reading read_period(const std::string& written);
  Reading read_code(const sheet::Cell& cell, const std::string& written);
  Reading read_industry(const std::string& written);
  Reading read_credit_code(const sheet::Cell& cell, const std::string& written);
  Reading read_text(const sheet::Cell& cell, const std::string& written);
  Reading read_keys(const std::string& written);
  Reading read_geometry(const sheet::Cell& cell);
  Reading read_attachment(const sheet::Cell& cell);
  Reading checked_money(Reading reading, const std::string& written);
  Reading checked_range(quantity::Decimal value, const std::string& written);
  Reading unknown_code(const std::string& written);

  const schema::Field* field_;
  const schema::Codes* codes_ = nullptr;
  bool is_credit_code_ = false;  // the field, or the key of the register it refers to
  std::optional<quantity::Unit> unit_;
  std::optional<quantity::Conversion> conversion_;
  bool is_rounded_ = false;
  bool has_told_percent_ = false;
  std::vector<std::string> code_names_;  // for near spelling, filled when first needed
  // Codes repeat in every row: what each writing meant the first time.
  std::unordered_map<std::string, Reading> known_;
};

Reading value_of(registers::Scalar value);
Reading refused(std::string code, text::Words message, text::Words advice);

}  // namespace tenglong::intake
