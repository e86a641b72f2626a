// What a changed pack asks of the registers that are kept, change by change.
//
// In:    the schema the registers were last kept under, and the new one. Out: every difference that data can
// feel, with how a value is carried over. Order: as the new schema has it, then what is gone.
// Never: looks at data: whoever keeps it counts what a change touches, and refuses what would lose meaning.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/schema/schema.h"

namespace tenglong::schema {

struct Change {
  enum class Kind {
    RegisterAdded,
    RegisterRemoved,  // its statements stay and are not shown
    RegisterRenamed,
    FormChanged,  // key, of or period: two records could become one
    FieldAdded,
    FieldRemoved,  // its statements stay and are not shown
    FieldRenamed,
    UnitChanged,  // same dimension: `conversion`
    TypeChanged,
    TableChanged,  // of codes: every value must be in the new one
    CodeRemoved,
    RequiredAdded
  };
  enum class Effect {
    None,      // nothing that is kept is read in another way
    Carried,   // every value is carried over, none is lost
    IfAllFit,  // values are carried over; refused if one cannot be
    IfUnused,  // refused if any record, value or code is there
    Refused    // no rule leads from one to the other
  };
  Kind kind = Kind::FieldAdded;
  Effect effect = Effect::None;
  std::string register_id = {};      // in the new schema; of what is gone, in the old
  std::string old_register_id = {};  // where the data is
  std::string field = {};            // new id; of a field that is gone, the old
  std::string old_field = {};
  std::optional<quantity::Conversion> conversion = {};
  std::string codes = {}, code = {};  // CodeRemoved, TableChanged
  text::Words what = {};              // one sentence
  text::Words cure = {};              // where it may be refused
};

std::vector<Change> difference(const Schema& old, const Schema& now);

// The part of a schema that data can feel, as text: one line a register, field and code table. Equal texts
// read the same data the same way.
std::string canonical_text(const Schema& schema);
// nullopt if it is no such text. Expressions, aliases and bounds are not in it.
std::optional<Schema> read_canonical_text(std::string_view text);

// How values of an older schema are read under a newer one, without changing what is kept.
class Carrying {
 public:
  Carrying(const Schema& old, const Schema& now);

  struct Field {
    int index = -1;  // into the fields of the newest register; -1: not shown any more
    std::optional<quantity::Conversion> conversion = {};
    FieldType from = FieldType::Text, to = FieldType::Text;
  };
  struct Register {
    std::string old_id = {};
    std::string id = {};                                     // newest; empty: not shown any more
    std::vector<std::pair<std::string, Field>> fields = {};  // by the id it was stated under
  };
  const Register* find(std::string_view old_register_id) const;
  const std::vector<Register>& registers() const { return registers_; }

 private:
  friend std::vector<Carrying> carried_to_last(const std::vector<Schema>& versions);
  std::vector<Register> registers_ = {};
};

// For each version of a schema, in the order in which they followed each other, how its values are read under
// the last.
std::vector<Carrying> carried_to_last(const std::vector<Schema>& versions);

}  // namespace tenglong::schema
