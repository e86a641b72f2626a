// A JSON object as the names of an expression.
//
// In:    {"实缴税收": {"value": 120, "unit": "万元"}, "登记日期": {"@": "date(\"2023-01-01\")"}, "镇街":
// "金塘"}.
//        Numbers are exact decimals; strings are strings and nothing else; an object with the one key "@"
//        holds FEEL, evaluated without names, for what JSON cannot write; {"value": number, "unit": word} is
//        a number with its unit.
// Out:   the values, their types with units, and what is wrong with the text, by line and column
// (E-FEEL-50x). Never: a double; a guess that a string is a date.
#pragma once
#include <string>
#include <string_view>

#include "engine/diagnostic/diagnostic.h"
#include "engine/feel/type.h"
#include "engine/feel/value.h"

namespace tenglong::feel {

struct JsonContext {
  Context values = {};
  TypeScope types = {};
  diagnostic::Diagnostics diagnostics = {};
};

// `file` is what the places name.
JsonContext read_json_context(std::string_view json, const std::string& file);

}  // namespace tenglong::feel
