// Any bytes as an export of a trail: a report, never a crash; what is not an export is never clean.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "verify/verify.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto report = tenglong_verify::check_export(bytes);
  if (report.is_clean() && !bytes.starts_with("TENGLONG-TRAIL 1\n")) std::abort();
  return 0;
}
