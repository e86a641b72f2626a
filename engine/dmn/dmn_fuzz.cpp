// Any bytes as a DMN model: read, put together, ask everything within a small budget, write it as blocks of a
// pack.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/dmn/pack_blocks.h"
#include "engine/dmn/program.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tenglong;
  dmn::Diagnostics diagnostics;
  auto model = dmn::read_model({reinterpret_cast<const char*>(data), size}, "t.dmn", diagnostics);
  if (!model) {
    if (diagnostics.empty()) std::abort();  // refused without a word
    return 0;
  }
  dmn::as_pack_blocks(*model, diagnostics);
  std::vector<dmn::Model> models;
  models.push_back(std::move(*model));
  const auto program = dmn::Program::compile(std::move(models), diagnostics);
  int asked = 0;
  for (const dmn::Question& each : program->questions()) {
    if (++asked > 20) break;
    feel::Context inputs;
    for (const std::string& name : each.inputs) inputs.put(name, feel::Value(1));
    const auto first = program->ask(each.kind, each.name, inputs, {}, {.steps = 20'000, .depth = 200});
    const auto again = program->ask(each.kind, each.name, inputs, {}, {.steps = 20'000, .depth = 200});
    if (first.value.kind() != again.value.kind()) std::abort();
  }
  return 0;
}
