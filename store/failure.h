// What the outside did to us while something was kept or read.
//
// Out:   a sentence for people, the detail for the log, and what kind it was, for whoever must answer for it
// (a server says "try again" to Busy, and calls the operator for Full).
#pragma once
#include <stdexcept>
#include <string>

#include "engine/text/text.h"

namespace tenglong::store {

enum class Trouble {
  Other,
  Full,      // no room on the disk
  ReadOnly,  // no right to write, or no such place
  Busy,      // another program writes
  Gone,      // the database does not answer
  Damaged,   // not what a store wrote
  Newer,     // written by a newer program
  TooSlow,   // a reader was ended at its limit
  Denied,    // not within the scope of who asks
  Unknown    // the answer to a commit did not arrive: it may stand or not
};

struct StoreFailure : std::runtime_error {
  StoreFailure(text::Words sentence, const std::string& detail, Trouble kind = Trouble::Other)
      : std::runtime_error(detail), message(std::move(sentence)), trouble(kind) {}
  text::Words message;  // for the person; what() is for the log
  Trouble trouble;
};

}  // namespace tenglong::store
