// Any bytes as the JSON of --context: names with values, or what is wrong and where.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "engine/feel/json_context.h"

namespace {
void require(bool claim) {
  if (!claim) std::abort();
}
}  // namespace

extern "C" const char* __asan_default_options() { return "quarantine_size_mb=8:malloc_context_size=8"; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tenglong;
  const feel::JsonContext read =
      feel::read_json_context({reinterpret_cast<const char*>(data), size}, "a.json");
  for (const diagnostic::Diagnostic& told : read.diagnostics)
    require(told.place.line > 0 && told.place.column > 0 && told.place.end_column >= told.place.column &&
            !told.message.zh.empty() && !told.advice.en.empty());
  for (const auto& [name, value] : read.values.entries()) {
    require(read.types.contains(name));
    value.to_feel();
  }
  return 0;
}
