// The sender's own file with the column 问题, written on a thread of its own while the store writes: neither
// needs the other, and each is a third of the work of a large import.
#pragma once
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "engine/intake/intake.h"
#include "engine/sheet/annotate.h"

namespace tenglong::intake {

class SenderCopy {
 public:
  SenderCopy(std::string from, std::string to) : from_(std::move(from)), to_(std::move(to)) {}

  // Once, when every finding about a row is there. Does nothing if nobody asked for a copy, or nothing is
  // wrong.
  void start(const sheet::Workbook& workbook, const Intake& intake);
  // Waits for it; says where it is, or why there is none.
  void finish(Intake& intake);

 private:
  std::string from_, to_;
  std::future<diagnostic::Diagnostics> written_;
};

}  // namespace tenglong::intake
