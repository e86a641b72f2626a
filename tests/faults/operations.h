// Every operation that changes something in a store, once: what the faults are tried on.
//
// A new one of store::Store, or of what it gives out, belongs in this table: TheTableIsComplete counts the
// kinds of events that the table leaves and compares them with those of docs/trail.md.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "engine/schema/schema.h"
#include "store/store.h"

namespace tenglong::faults {

inline constexpr const char* kArea = "330902";

const schema::Schema& district();

struct Operation {
  std::string name;
  std::function<void(store::Store&)> prepare;  // what must stand before it
  std::function<void(store::Store&)> run;
  bool may_repeat = false;  // any number of times, one event each: for the load under kills
};
const std::vector<Operation>& operations();

// A store as somebody at a set time: the same operation leaves the same bytes.
std::unique_ptr<store::Store> open(const std::string& where);
// What the folder holds, as one text; equal texts are equal folders.
std::string state_of(const std::string& where);

// Throws with what is wrong: the trail does not verify, a law of the store does not hold.
void check_invariants(const std::string& folder);

}  // namespace tenglong::faults
