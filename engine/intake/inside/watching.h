// Tells the caller how far the import is, and remembers that it wants no more.
#pragma once
#include "engine/intake/inside/findings.h"
#include "engine/intake/intake.h"

namespace tenglong::intake {

class Watching {
 public:
  Watching(const Watch& watch, const Findings& findings) : watch_(watch), findings_(findings) {}

  void begin(Progress::Stage stage, const std::string& sheet, std::int64_t rows_expected) {
    now_ = {.stage = stage, .sheet = sheet, .rows_expected = rows_expected};
    next_ = 0;
    goes_on(0);
  }
  // `row`: the one that is at hand. False: stop.
  bool goes_on(std::int64_t row) {
    if (!watch_ || row < next_ || has_stopped_) return !has_stopped_;
    next_ = row + kEvery;
    now_.rows = row;
    now_.findings = findings_.count();
    has_stopped_ = !watch_(now_);
    return !has_stopped_;
  }
  bool has_stopped() const { return has_stopped_; }

 private:
  static constexpr std::int64_t kEvery = 2000;
  const Watch& watch_;
  const Findings& findings_;
  Progress now_;
  std::int64_t next_ = 0;
  bool has_stopped_ = false;
};

}  // namespace tenglong::intake
