#include "engine/quantity/state.h"

namespace tenglong::quantity {

const char* to_code(State state) {
  switch (state) {
    case State::Known:
      return "known";
    case State::NotApplicable:
      return "not_applicable";
    case State::Missing:
      return "missing";
    case State::Disputed:
      return "disputed";
  }
  return "";
}

const char* to_chinese(State state) {
  switch (state) {
    case State::Known:
      return "";
    case State::NotApplicable:
      return "不适用";
    case State::Missing:
      return "缺报";
    case State::Disputed:
      return "存疑";
  }
  return "";
}

}  // namespace tenglong::quantity
