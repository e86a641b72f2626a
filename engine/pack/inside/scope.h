// The names of an expression and their types, by where it stands.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "engine/feel/type.h"
#include "engine/pack/pack.h"

namespace tenglong::pack {

// What a decision gives: one value, a context of several, a list for the collecting policies.
feel::Type type_of(const Decision& decision);
feel::Type type_of(const Parameter& parameter);

// What a register says of its own records: fields, the records above, 上期, 年度. No parameter and no
// indicator: a record is judged before any rule runs.
feel::TypeScope scope_of_record(const Pack& pack, const schema::Register& one);
// A list of records of a register, as a law over it sees them.
feel::Type records_of(const Pack& pack, const schema::Register& one);

// Words that the engine itself puts in scope, and FEEL's own: no block or field may bear them.
bool is_reserved(std::string_view name);

}  // namespace tenglong::pack
