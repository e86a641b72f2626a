// A statement's values as text: fields by id, so that old data stays readable when a pack changes.
#pragma once
#include <string>
#include <string_view>

#include "engine/register/register.h"

namespace tenglong::store {

// id U+001F kind U+001F value U+001F cell U+001E ... ; kind: n number, s text, b boolean, d date, M missing,
// A not applicable.
std::string encode_values(const std::vector<registers::FieldValue>& values,
                          const std::vector<std::string>& field_ids);
// Fields that the register no longer has are left out.
std::vector<registers::FieldValue> decode_values(std::string_view payload,
                                                 const std::vector<std::string>& field_ids);

}  // namespace tenglong::store
