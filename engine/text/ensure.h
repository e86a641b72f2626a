// The one way to say that we made a mistake. No user input may reach it.
// Stops at once in debug builds; throws Bug in release, caught once per request or command.
#pragma once
#include <source_location>
#include <stdexcept>
#include <string>

namespace tenglong {

struct Bug : std::logic_error {
  using std::logic_error::logic_error;
};

[[noreturn]] void report_bug(const char* claim, std::source_location where);

inline void ensure(bool condition, const char* claim,
                   std::source_location where = std::source_location::current()) {
  if (!condition) [[unlikely]]
    report_bug(claim, where);
}

}  // namespace tenglong
