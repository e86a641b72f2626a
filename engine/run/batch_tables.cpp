// Nodes that look things up: parameters, decision tables, functions of dictionary texts, the interpreter.
#include <algorithm>
#include <cmath>

#include "engine/plan/apply.h"
#include "engine/run/inside/batch.h"

namespace tenglong::run {

using plan::Op;
using plan::Shape;

void Batch::lookup(NodeId id) {
  const plan::Node& node = binding_.node(id);
  Store& at = store(id);
  if (const NumbersOfCodes* numbers = binding_.numbers_of_codes(id)) {
    const auto by = std::find_if(node.inputs.begin(), node.inputs.end(),
                                 [&](NodeId input) { return !binding_.facts(input).is_uniform; });
    number_of_codes(code(*by), numbers->data(), at.value.data(), writable_absence(id), count_);
    if (!at.bound.empty()) spread_absolute(at.value.data(), at.bound.data(), count_);
    return;
  }
  LookupTable& table = binding_.lookup(id);
  NodeId varying = plan::kNone;
  bool one_text_key = true;
  for (const NodeId input : node.inputs) {
    if (binding_.facts(input).is_uniform) continue;
    one_text_key = one_text_key && varying == plan::kNone && binding_.node(input).shape == Shape::Text;
    varying = input;
  }
  const auto keys_at = [&](std::size_t i, bool& known) {
    feel::List keys;
    for (const NodeId input : node.inputs) {
      if (binding_.facts(input).is_uniform) {
        keys.push_back(binding_.scalar(input));
        continue;
      }
      switch (binding_.node(input).shape) {
        case Shape::Text:
          keys.push_back(code(input)[i] == kNoText ? Value() : Value(binding_.texts.text(code(input)[i])));
          break;
        case Shape::Date:
          keys.push_back(code(input)[i] == kNoDate ? Value()
                                                   : Value(calendar::Date::from_days(code(input)[i])));
          break;
        case Shape::Boolean:
          keys.push_back(answer(input)[i] == kUnknown ? Value() : Value(answer(input)[i] == kTrue));
          break;
        default: {
          const NumberCells& cells = number(input);
          const bool absent = cells.absent != nullptr && cells.absent[i] != 0;
          if (!absent && (!binding_.facts(input).is_short || !std::isfinite(cells.value[i]))) known = false;
          keys.push_back(absent || !known ? Value() : Value(Decimal::from_double_shortest(cells.value[i])));
        }
      }
    }
    return keys;
  };
  const auto entry_at = [&](std::size_t i) {
    bool known = true;
    const LookupTable::Entry* entry = table.find(keys_at(i, known));
    if (!known) doubt_[i] = 1;
    if (entry != nullptr && entry->is_gap) binding_.gap_touched = true;
    return entry;
  };
  if (one_text_key && varying != plan::kNone && node.shape == Shape::Number) {
    // Each code is asked for once.
    const std::int32_t* codes = code(varying);
    std::int32_t largest = 0;
    for (std::size_t i = 0; i < count_; ++i) largest = std::max(largest, codes[i]);
    // Code + 1 is the place of a code; the first stands for no code: 0, absent.
    const std::size_t places = static_cast<std::size_t>(largest) + 2;
    if (places > at.asked.size()) {
      at.asked.resize(places, 0);
      at.number_of_code.resize(places, 0.0);
      at.absent_of_code.resize(places, 1);
    }
    const auto place_of = [](std::int32_t code) { return static_cast<std::size_t>(code + 1); };
    static_assert(kNoText == -1);
    std::uint8_t all_asked = 1;
    at.asked[0] = 1;
    for (std::size_t i = 0; i < count_; ++i) all_asked &= at.asked[place_of(codes[i])];
    for (std::size_t i = 0; all_asked == 0 && i < count_; ++i) {
      const std::size_t place = place_of(codes[i]);
      if (at.asked[place] != 0) continue;
      at.asked[place] = 1;
      const LookupTable::Entry* entry = entry_at(i);
      if (entry == nullptr || entry->value.kind() != feel::Kind::Number) continue;
      at.number_of_code[place] = entry->value.number().to_double();
      at.absent_of_code[place] = 0;
    }
    const double* numbers = at.number_of_code.data();
    const std::uint8_t* absences = at.absent_of_code.data();
    for (std::size_t i = 0; i < count_; ++i) at.value[i] = numbers[place_of(codes[i])];
    for (std::size_t i = 0; i < count_; ++i) at.absent[i] = absences[place_of(codes[i])];
  } else {
    for (std::size_t i = 0; i < count_; ++i) {
      const LookupTable::Entry* entry = entry_at(i);
      put(id, i, entry == nullptr ? Value() : entry->value);
    }
  }
  if (node.shape == Shape::Number && !at.bound.empty())
    spread_absolute(at.value.data(), at.bound.data(), count_);
}

// Decision tables whose outputs add up, or of which exactly one may match. Short loops over few rules: rows
// outside.
void Batch::collect(NodeId id) {
  const plan::Node& node = binding_.node(id);
  Store& at = store(id);
  const std::size_t pairs = node.inputs.size() / 2;
  if (node.op == Op::CountOf) {
    for (std::size_t i = 0; i < count_; ++i) {
      double count = 0;
      for (const NodeId input : node.inputs) count += answer(input)[i] == kTrue ? 1 : 0;
      at.value[i] = count;
    }
    return;
  }
  if (node.op == Op::UniqueOf) {
    for (std::size_t i = 0; i < count_; ++i) {
      std::size_t found = pairs;
      bool several = false;
      for (std::size_t p = 0; p < pairs; ++p) {
        if (answer(node.inputs[2 * p])[i] != kTrue) continue;
        several = several || found != pairs;
        found = p;
      }
      const bool none = several || found == pairs;
      const NodeId chosen = none ? plan::kNone : node.inputs[2 * found + 1];
      switch (node.shape) {
        case Shape::Number: {
          const NumberCells* cells = none ? nullptr : &number(chosen);
          at.absent[i] = none || (cells->absent != nullptr && cells->absent[i] != 0);
          at.value[i] = none ? 0.0 : cells->value[i];
          at.bound[i] = none ? 0.0
                        : cells->bound != nullptr
                            ? cells->bound[i]
                            : cells->relative * kUnitRoundoff * kInflate * std::fabs(cells->value[i]);
          break;
        }
        case Shape::Boolean:
          at.answer[i] = none ? kUnknown : answer(chosen)[i];
          break;
        case Shape::Text:
          at.code[i] = none ? kNoText : code(chosen)[i];
          break;
        default:
          at.code[i] = none ? kNoDate : code(chosen)[i];
          break;
      }
    }
    return;
  }
  for (std::size_t i = 0; i < count_; ++i) {
    bool any = false, absent = false;
    double total = 0, bound = 0;
    for (std::size_t p = 0; p < pairs; ++p) {
      if (answer(node.inputs[2 * p])[i] != kTrue) continue;
      const NumberCells& cells = number(node.inputs[2 * p + 1]);
      absent = absent || (cells.absent != nullptr && cells.absent[i] != 0);
      const double each = cells.value[i];
      const double error =
          cells.bound != nullptr ? cells.bound[i] : cells.relative * kUnitRoundoff * std::fabs(each);
      if (!any) {
        total = each;
        bound = error;
      } else if (node.hit == pack::HitPolicy::CollectSum) {
        total += each;
        bound = (bound + error + kUnitRoundoff * std::fabs(total)) * kInflate;
      } else {
        total = node.hit == pack::HitPolicy::CollectMin ? std::min(total, each) : std::max(total, each);
        bound = std::max(bound, error);
      }
      any = true;
    }
    at.value[i] = total;
    at.bound[i] = bound * kInflate;
    at.absent[i] = !any || absent;
  }
}

void Batch::interpret(NodeId id) {
  const plan::Node& node = binding_.node(id);
  for (std::size_t i = 0; i < count_; ++i) {
    const Value value = interpreted(binding_, node, binding_.rows()[begin_ + i], binding_.gap_touched);
    put(id, i, value);
    if (value.kind() != feel::Kind::Number) continue;
    const double size = std::fabs(store(id).value[i]);
    if (value.number().significant_digits() > 15 || !(size < kLarge) ||
        (size < kSmall && !value.number().is_zero()))
      doubt_[i] = 1;
  }
}

void Batch::text_function(NodeId id) {
  const plan::Node& node = binding_.node(id);
  Store& at = store(id);
  const std::int32_t* texts = code(node.inputs[0]);
  for (std::size_t i = 0; i < count_; ++i) {
    const auto text = static_cast<std::size_t>(texts[i] + 1);
    if (text >= at.result_of_code.size()) at.result_of_code.resize(text + 1, nullptr);
    if (at.result_of_code[text] == nullptr) at.result_of_code[text] = &binding_.text_function(id, texts[i]);
    const TextResult& result = *at.result_of_code[text];
    switch (node.shape) {
      case Shape::Number:
        at.value[i] = result.number;
        at.absent[i] = result.value.is_null();
        if (result.is_doubtful) doubt_[i] = 1;
        break;
      case Shape::Boolean:
        at.answer[i] = result.answer;
        break;
      default:
        at.code[i] = result.code;
        break;
    }
  }
}

// The exact value of a node in row i of the batch; a row in doubt may say anything, it is evaluated again.
Value Batch::input_value(NodeId id, std::size_t i) {
  if (binding_.facts(id).is_uniform) return binding_.scalar(id);
  switch (binding_.node(id).shape) {
    case Shape::Text:
      return code(id)[i] == kNoText ? Value() : Value(binding_.texts.text(code(id)[i]));
    case Shape::Date:
      return code(id)[i] == kNoDate ? Value() : Value(calendar::Date::from_days(code(id)[i]));
    case Shape::Boolean:
      return answer(id)[i] == kUnknown ? Value() : Value(answer(id)[i] == kTrue);
    default: {
      const NumberCells& cells = number(id);
      if (cells.absent != nullptr && cells.absent[i] != 0) return {};
      if (binding_.facts(id).is_short && std::isfinite(cells.value[i]) && doubt_[i] == 0)
        return Value(Decimal::from_double_shortest(cells.value[i]));
      exact_.at(binding_.rows()[begin_ + i]);
      return exact_.value(id);
    }
  }
}

void Batch::call(NodeId id) {
  const plan::Node& node = binding_.node(id);
  Store& at = store(id);
  const bool by_codes = std::all_of(node.inputs.begin(), node.inputs.end(), [&](NodeId input) {
    return binding_.node(input).shape != Shape::Number || binding_.facts(input).is_uniform;
  });
  std::vector<Value> values(node.inputs.size());
  std::vector<std::int32_t> codes(node.inputs.size());
  const auto evaluated = [&](std::size_t i) {
    for (std::size_t k = 0; k < values.size(); ++k) values[k] = input_value(node.inputs[k], i);
    return plan::apply_exactly(node, values);
  };
  for (std::size_t i = 0; i < count_; ++i) {
    Value value;
    if (by_codes) {
      for (std::size_t k = 0; k < codes.size(); ++k) {
        const NodeId input = node.inputs[k];
        codes[k] = binding_.facts(input).is_uniform               ? 0
                   : binding_.node(input).shape == Shape::Boolean ? answer(input)[i]
                                                                  : code(input)[i];
      }
      const auto [known, is_new] = at.result_of_codes.try_emplace(codes);
      if (is_new) known->second = evaluated(i);
      value = known->second;
    } else {
      value = evaluated(i);
    }
    put(id, i, value);
    if (value.kind() != feel::Kind::Number) continue;
    const double size = std::fabs(at.value[i]);
    const bool is_small_or_large = !(size < kLarge) || (size < kSmall && !value.number().is_zero());
    if (is_small_or_large || (binding_.facts(id).is_short && value.number().significant_digits() > 15))
      doubt_[i] = 1;
  }
}

}  // namespace tenglong::run
