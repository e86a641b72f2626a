// Why a number is or is not there. Missing is not zero, unknown is not false.
#pragma once
#include <algorithm>
#include <cstdint>

namespace tenglong::quantity {

// In rising order of badness; worst() of the operands is the state of a result.
enum class State : std::uint8_t {
  Known,
  NotApplicable,  // 不适用
  Missing,        // 缺报
  Disputed,       // 存疑: two sources, not yet settled
};

inline State worst(State a, State b) { return std::max(a, b); }
const char* to_code(State state);     // "known" "not_applicable" "missing" "disputed"
const char* to_chinese(State state);  // "" "不适用" "缺报" "存疑"

}  // namespace tenglong::quantity
