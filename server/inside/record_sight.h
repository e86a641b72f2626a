// What a caller may do with the records of a register: each is asked about in the state of its own period.
//
// Law:   the same rows and fields as asking row by row (object_of, Scope::may). Cost: one question for each
// town and period; for each row of firms to which the caller stands apart, and under lines with a condition.
#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "server/district.h"
#include "server/inside/rows.h"
#include "server/routes.h"

namespace tenglong::server {

class RecordSight {
 public:
  RecordSight(const Edition& edition, const store::RecordStates& states, const Caller& caller,
              access::Operation operation, const schema::Register& target);
  bool shows(std::size_t row) const;
  access::Operation operation() const { return operation_; }
  bool shows_all() const { return shows_all_; }
  struct Fields {
    bool any = false;  // the row may be listed
    std::vector<bool> shown = {};
  };
  Fields fields(std::size_t row) const;
  // Up to which fields of this provider; "": of what no provider states.
  access::Answer of_provider(std::size_t row, const std::string& provider) const;
  access::State state(std::size_t row) const { return states_[periods_[row]]; }
  std::size_t town(std::size_t row) const { return whose_.town(row); }
  std::size_t towns() const { return whose_.towns(); }
  std::string_view town_code(std::size_t number) const { return whose_.town_code(number); }

 private:
  bool asked(std::size_t row) const;
  const Edition& edition_;
  const Caller& caller_;
  access::Operation operation_;
  const schema::Register& target_;
  const std::vector<std::uint32_t>& periods_;  // by row, into states_
  std::vector<access::State> states_ = {};
  Whose whose_;
  bool shows_all_ = true, by_row_ = false;
  std::set<std::string, std::less<>> apart_ = {};
  mutable std::vector<std::int8_t> known_ = {};  // by period and town
};

// Whether any record of a register could be one of the caller's, in a state that its records are in; of an
// empty register: in 草稿.
bool sees_register(const Edition& edition, const store::RecordStates& states, const Caller& caller,
                   access::Operation operation, const schema::Register& target);

// Filtering, sorting or adding up by a field tells its values: only where every row that may be listed shows
// it. `of`: the register of the field, `target` or the one above it.
bool may_query(const Edition& edition, const store::RecordStates& states, const Caller& caller,
               access::Operation operation, const schema::Register& target, const schema::Register& of,
               const schema::Field& field);

}  // namespace tenglong::server
