// Hit policies of decision tables (DMN 1.5, 8.2.8), with 择劣 and 择优 by the order of a code list.
#include <algorithm>

#include "engine/run/inside/meaning.h"
#include "engine/text/ensure.h"

namespace tenglong::run {
namespace {

// The place of a text in the code list of an output; -1 if it has none.
int place_in_codes(const schema::Codes* codes, const Value& value) {
  return codes != nullptr && value.kind() == feel::Kind::String ? codes->position(value.string()) : -1;
}

Value row_output(const pack::Decision& decision, std::size_t rule,
                 const std::function<Value(std::size_t, std::size_t)>& output_of) {
  if (decision.outputs.size() == 1) return output_of(rule, 0);
  feel::Context context;
  for (std::size_t i = 0; i < decision.outputs.size(); ++i)
    context.put(decision.outputs[i].name, output_of(rule, i));
  return Value(std::move(context));
}

// The first code list among the outputs orders them: priority, output order, worst and best.
const schema::Codes* ordering_codes(const pack::Pack& pack, const pack::Decision& decision,
                                    std::size_t& output) {
  for (output = 0; output < decision.outputs.size(); ++output)
    if (!decision.outputs[output].codes.empty())
      return pack.schema.find_codes(decision.outputs[output].codes);
  output = 0;
  return nullptr;
}

Value aggregate_numbers(pack::HitPolicy hit, const std::vector<Value>& values) {
  std::optional<Decimal> total;
  for (const Value& value : values) {
    if (value.kind() != feel::Kind::Number) return {};
    const Decimal number = value.number();
    if (!total)
      total = number;
    else if (hit == pack::HitPolicy::CollectSum)
      total = add(*total, number);
    else if (hit == pack::HitPolicy::CollectMin)
      total = std::min(*total, number);
    else
      total = std::max(*total, number);
    if (!total) return {};
  }
  return total ? Value(*total) : Value();
}

}  // namespace

Value decide(const pack::Pack& pack, const pack::Decision& decision, const std::vector<std::size_t>& matched,
             const std::function<Value(std::size_t, std::size_t)>& output_of) {
  using pack::HitPolicy;
  const Value otherwise = decision.otherwise.value_or(Value());
  if (decision.hit == HitPolicy::CollectCount) return Value(static_cast<int>(matched.size()));
  if (matched.empty()) return otherwise;
  const auto output = [&](std::size_t rule) { return row_output(decision, rule, output_of); };
  std::size_t ordering = 0;
  const schema::Codes* codes = ordering_codes(pack, decision, ordering);
  const auto place = [&](std::size_t rule) { return place_in_codes(codes, output_of(rule, ordering)); };

  switch (decision.hit) {
    case HitPolicy::Unique:
      return matched.size() == 1 ? output(matched.front()) : Value();
    case HitPolicy::First:
      return output(matched.front());
    case HitPolicy::Any: {
      const Value first = output(matched.front());
      for (std::size_t i = 1; i < matched.size(); ++i)
        if (feel::equal(first, output(matched[i])) != std::optional(true)) return {};
      return first;
    }
    case HitPolicy::Priority:
    case HitPolicy::CollectBest:
    case HitPolicy::CollectWorst: {
      // Priority: earlier in the list wins. Best and worst read the list by its order; unordered lists begin
      // with the best.
      const bool last_wins = decision.hit == HitPolicy::CollectWorst
                                 ? codes == nullptr || codes->order != schema::CodeOrder::WorstFirst
                                 : decision.hit == HitPolicy::CollectBest && codes != nullptr &&
                                       codes->order == schema::CodeOrder::WorstFirst;
      std::size_t winner = matched.front();
      for (const std::size_t rule : matched) {
        const int ours = place(rule), theirs = place(winner);
        if (ours >= 0 && (theirs < 0 || (last_wins ? ours > theirs : ours < theirs))) winner = rule;
      }
      return output(winner);
    }
    case HitPolicy::Collect:
    case HitPolicy::RuleOrder:
    case HitPolicy::OutputOrder: {
      std::vector<std::size_t> rules = matched;
      if (decision.hit == HitPolicy::OutputOrder)
        std::stable_sort(rules.begin(), rules.end(), [&](std::size_t a, std::size_t b) {
          const int x = place(a), y = place(b);
          return x >= 0 && (y < 0 || x < y);
        });
      feel::List list;
      for (const std::size_t rule : rules) list.push_back(output(rule));
      return Value(std::move(list));
    }
    case HitPolicy::CollectSum:
    case HitPolicy::CollectMin:
    case HitPolicy::CollectMax: {
      std::vector<Value> values;
      for (const std::size_t rule : matched) values.push_back(output_of(rule, 0));
      return aggregate_numbers(decision.hit, values);
    }
    case HitPolicy::CollectCount:
      break;
  }
  ensure(false, "every hit policy is handled");
  return {};
}

}  // namespace tenglong::run
