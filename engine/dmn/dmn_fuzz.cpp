// Any bytes as a DMN model: read, put together, ask everything within a small budget, write it as blocks of a
// pack, put it into a block: then it is a decision still, and what stands beside the table is as it was.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/dmn/block_model.h"
#include "engine/dmn/pack_blocks.h"
#include "engine/dmn/program.h"

namespace {

const char* const kBlock =
    "```yaml decision\nid: limit\nname: 甲\nof: none\nhit: collect_worst\ninputs: [乙, 丙]\noutput: 丁\n"
    "source: 戊\n```\n\n| 乙 | 丙 | 丁 | 说明 |\n|---|---|---|---|\n| 1 | - | \"a\" | - |\n| - | `2` | 3 | x "
    "|\n";

void put_into_a_block(std::string_view bytes) {
  using namespace tenglong;
  static const pack::Pack kNone;
  const pack::Rewritten done = dmn::block_with(kBlock, bytes, kNone);
  if (!done.is_done()) {
    if (!done.text.empty()) std::abort();  // half written
    return;
  }
  if (!pack::decision_text_of(done.text).told.empty()) std::abort();
  if (done.text.find("\nof: none\n") == std::string::npos ||
      done.text.find("\nsource: 戊\n") == std::string::npos)
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tenglong;
  put_into_a_block({reinterpret_cast<const char*>(data), size});
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
