// Which records of a register a scope sees, and up to which of their fields, for statements as they stream
// by.
#pragma once
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "campaign/access/access.h"
#include "store/inside/held_rows.h"
#include "store/inside/states.h"

namespace tenglong::store {

class Sight {
 public:
  Sight(const Ground& ground, const schema::Register& target, const access::Scope& scope,
        access::Operation operation);
  // Takes the values away that may not be seen; false: nothing of it may.
  bool narrow(registers::Statement& statement) const;
  // A record as access asks about it; it must not outlive this. Nothing: there is none.
  std::optional<access::Object> object_of(const std::string& key, const std::string& period) const;

 private:
  struct Part {
    std::string period;
    access::State state = access::State::Draft;
    std::unique_ptr<HeldRows> rows;
    std::unordered_map<std::string_view, std::uint32_t> by_key;
  };
  const schema::Register& target_;
  const access::Scope& scope_;
  access::Operation operation_;
  std::optional<Db::Reader> reader_;
  std::vector<Part> parts_;
};

// The columns of a register, of the one above it and of the firms', made if need be.
void hold_what_is_needed(const Ground& ground, const schema::Register& target);

}  // namespace tenglong::store
