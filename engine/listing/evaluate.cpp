// Conditions over whole columns. Each leaf is one pass over one column, segment by segment; texts are judged
// once a segment and entry.
#include <algorithm>
#include <cstring>

#include "engine/listing/filter.h"
#include "engine/text/ensure.h"

namespace tenglong::listing {

namespace {

using Test = Condition::Kind;

bool holds(const std::string& sign, int order) {
  if (sign == "=") return order == 0;
  if (sign == "!=") return order != 0;
  if (sign == "<") return order < 0;
  if (sign == "<=") return order <= 0;
  if (sign == ">") return order > 0;
  return order >= 0;
}

Truth as_truth(bool truth) { return truth ? Truth::True : Truth::False; }

// The answers for less, equal and greater.
struct Answers {
  Truth less, equal, greater;
  explicit Answers(const std::string& sign)
      : less(as_truth(holds(sign, -1))), equal(as_truth(holds(sign, 0))), greater(as_truth(holds(sign, 1))) {}
  Truth of(int order) const { return order < 0 ? less : order > 0 ? greater : equal; }
};

// The nearest double never changes the order of two decimals, it only makes some equal (docs/exactness.md,
// 13): where the doubles differ they decide; where they are equal and both decimals are short, the decimals
// are equal.
void compare_numbers(const Segment& segment, const Condition& condition, Truth* out) {
  const Answers answers(condition.sign);
  const Decimal line = condition.value.number();
  const double nearest = line.to_double();
  const double* numbers = segment.numbers().data();
  const std::size_t rows = segment.rows();
  for (std::size_t row = 0; row < rows; ++row)
    out[row] = numbers[row] < nearest   ? answers.less
               : numbers[row] > nearest ? answers.greater
                                        : answers.equal;
  Segment probe(CellKind::Number);
  probe.append(State::Known, line);
  if (probe.long_number(0) == nullptr) {
    for (const auto& [row, exact] : segment.long_numbers()) {
      const auto order = exact <=> line;
      out[row] = answers.of(order < 0 ? -1 : order > 0 ? 1 : 0);
    }
    return;
  }
  for (std::size_t row = 0; row < rows; ++row)
    if (numbers[row] == nearest && segment.state(row) == State::Known) {
      const auto order = segment.number(row) <=> line;
      out[row] = answers.of(order < 0 ? -1 : order > 0 ? 1 : 0);
    }
}

Truth judge_text(const Condition& condition, std::string_view text) {
  switch (condition.kind) {
    case Test::OneOf:
      return as_truth(std::binary_search(condition.texts.begin(), condition.texts.end(), text));
    case Test::Contains:
      return as_truth(text.find(condition.value.string()) != std::string_view::npos);
    case Test::StartsWith:
      return as_truth(text.starts_with(condition.value.string()));
    case Test::EndsWith:
      return as_truth(text.ends_with(condition.value.string()));
    default:
      return as_truth(holds(condition.sign, text.compare(condition.value.string())));
  }
}

void judge_segment(const Segment& segment, const Condition& condition, Truth* out) {
  const std::size_t rows = segment.rows();
  if (condition.kind == Test::IsNull) {
    for (std::size_t row = 0; row < rows; ++row) out[row] = as_truth(segment.states()[row] != State::Known);
    return;
  }
  switch (segment.kind()) {
    case CellKind::Number:
      compare_numbers(segment, condition, out);
      break;
    case CellKind::Boolean: {
      const bool is_compared = condition.kind == Test::Compare;
      for (std::size_t row = 0; row < rows; ++row) {
        const bool truth = segment.truths()[row] != 0;
        out[row] =
            as_truth(is_compared ? (truth == condition.value.boolean()) == (condition.sign == "=") : truth);
      }
      break;
    }
    case CellKind::Date: {
      const Answers answers(condition.sign);
      const std::int64_t day = condition.value.date().days();
      for (std::size_t row = 0; row < rows; ++row)
        out[row] = answers.of(segment.days()[row] < day ? -1 : segment.days()[row] > day ? 1 : 0);
      break;
    }
    case CellKind::Text:
    case CellKind::Name: {
      const std::size_t entries = segment.entries().size();
      Truth judged[kSegmentRows];
      for (std::size_t i = 0; i < entries; ++i) judged[i] = judge_text(condition, segment.entries().at(i));
      const std::uint16_t* codes = segment.codes().data();
      for (std::size_t row = 0; row < rows; ++row)
        out[row] = codes[row] < entries ? judged[codes[row]] : condition.on_null;
      break;
    }
  }
  const State* states = segment.states().data();
  for (std::size_t row = 0; row < rows; ++row)
    out[row] = states[row] == State::Known ? out[row] : condition.on_null;
}

Truth judge_null(const Condition& condition) {
  return condition.kind == Test::IsNull ? Truth::True : condition.on_null;
}

Truths judge_column(const Column& column, const Condition& condition) {
  Truths out(column.rows());
  std::size_t from = 0;
  for (const auto& segment : column.segments) {
    judge_segment(*segment, condition, out.data() + from);
    from += segment->rows();
  }
  return out;
}

Truths judge(const Condition& condition, const Rows& rows) {
  switch (condition.kind) {
    case Test::Constant:
      return Truths(rows.size(), condition.constant);
    case Test::Not: {
      Truths out = judge(condition.parts[0], rows);
      for (Truth& each : out) each = opposite(each);
      return out;
    }
    case Test::And:
    case Test::Or: {
      Truths out = judge(condition.parts[0], rows);
      for (std::size_t part = 1; part < condition.parts.size(); ++part) {
        const Truths next = judge(condition.parts[part], rows);
        for (std::size_t row = 0; row < out.size(); ++row)
          out[row] = condition.kind == Test::And ? both(out[row], next[row]) : either(out[row], next[row]);
      }
      return out;
    }
    default:
      break;
  }
  switch (condition.operand.from) {
    case Operand::From::Year: {
      const auto year = rows.year();
      if (condition.kind == Test::IsNull) return Truths(rows.size(), as_truth(!year));
      if (!year) return Truths(rows.size(), condition.on_null);
      const auto order = Decimal(*year) <=> condition.value.number();
      return Truths(rows.size(), as_truth(holds(condition.sign, order < 0 ? -1 : order > 0 ? 1 : 0)));
    }
    case Operand::From::Above: {
      const Truths above = judge_column(rows.column(condition.operand), condition);
      const std::vector<std::int32_t>& links = rows.above();
      const Truth alone = judge_null(condition);
      Truths out(rows.size());
      for (std::size_t row = 0; row < out.size(); ++row)
        out[row] = links[row] < 0 ? alone : above[static_cast<std::size_t>(links[row])];
      return out;
    }
    default:
      return judge_column(rows.column(condition.operand), condition);
  }
}

}  // namespace

feel::Value Rows::value(const Operand& operand, std::size_t row) const {
  if (operand.from == Operand::From::Year) {
    const auto at = year();
    return at ? feel::Value(*at) : feel::Value{};
  }
  if (operand.from != Operand::From::Above) return column(operand).value(row);
  const std::int32_t link = above()[row];
  return link < 0 ? feel::Value{} : column(operand).value(static_cast<std::size_t>(link));
}

Truths Filter::evaluate(const Rows& rows) const {
  Truths out = judge(condition_, rows);
  for (const feel::NodePtr& each : rest_)
    for (std::size_t row = 0; row < out.size(); ++row)
      if (out[row] != Truth::False)
        out[row] = both(out[row],
                        interpret(*each, [&](const Operand& operand) { return rows.value(operand, row); }));
  return out;
}

std::string to_string(const Condition& condition, const schema::Register& target,
                      const schema::Register* above) {
  const auto name = [&](const Operand& operand) -> std::string {
    if (operand.from == Operand::From::Year) return "年度";
    const auto field = static_cast<std::size_t>(operand.field);
    return operand.from == Operand::From::Above ? above->name + "." + above->fields[field].name
                                                : target.fields[field].name;
  };
  const auto list = [&](const char* word) {
    std::string out = "(";
    for (std::size_t i = 0; i < condition.parts.size(); ++i)
      out += (i == 0 ? "" : word) + to_string(condition.parts[i], target, above);
    return out + ")";
  };
  switch (condition.kind) {
    case Test::Constant:
      return condition.constant == Truth::True    ? "true"
             : condition.constant == Truth::False ? "false"
                                                  : "null";
    case Test::Compare:
      return name(condition.operand) + " " + condition.sign + " " + condition.value.to_feel();
    case Test::OneOf: {
      std::string out = name(condition.operand) + " in {";
      for (std::size_t i = 0; i < condition.texts.size(); ++i)
        out += (i == 0 ? "" : " ") + condition.texts[i];
      return out + "}";
    }
    case Test::Contains:
      return name(condition.operand) + " contains " + condition.value.to_feel();
    case Test::StartsWith:
      return name(condition.operand) + " starts with " + condition.value.to_feel();
    case Test::EndsWith:
      return name(condition.operand) + " ends with " + condition.value.to_feel();
    case Test::IsNull:
      return name(condition.operand) + " is null";
    case Test::IsTrue:
      return name(condition.operand);
    case Test::And:
      return list(" and ");
    case Test::Or:
      return list(" or ");
    case Test::Not:
      return "not " + list("");
  }
  return {};
}

}  // namespace tenglong::listing
