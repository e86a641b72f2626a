// Any text as an expression (d), as tests of a table cell (e), or either with unknown names allowed (f, g):
// read, its type inferred, evaluated with a small budget, printed, and what was printed read again.
#include <sanitizer/allocator_interface.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "engine/feel/evaluate.h"
#include "engine/feel/type.h"

namespace {

using namespace tenglong;
using namespace tenglong::feel;

void require(bool claim, const char* what) {
  if (claim) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

// What one input holds at its worst. The size of the process says little: the sanitizer keeps what was freed.
constexpr std::int64_t kMostBytes = std::int64_t{256} << 20;
std::int64_t held_bytes = 0, most_held_bytes = 0;
void allocated(const volatile void*, std::size_t size) {
  held_bytes += static_cast<std::int64_t>(size);
  most_held_bytes = std::max(most_held_bytes, held_bytes);
}
void freed(const volatile void* at) {
  if (at != nullptr)
    held_bytes -= static_cast<std::int64_t>(__sanitizer_get_allocated_size(const_cast<const void*>(at)));
}
const bool is_watched = __sanitizer_install_malloc_and_free_hooks(allocated, freed) != 0;

constexpr Budget kSmall = {.steps = 20'000};
const Clock kClock = {.now = DateTime{{2023, 12, 31}, {8, 30, 0, 0, {.name = "Asia/Shanghai"}}}};

const ContextEnvironment& environment() {
  static const ContextEnvironment made = [] {
    Context firm, context;
    firm.put("镇街", "330902100");
    firm.put("行业", "C");
    context.put("企业", firm);
    context.put("实缴税收", Decimal::scaled(12345, -2));
    context.put("用地面积", 12);
    context.put("营业 收入", Value{});
    context.put("规上", true);
    context.put("a-b", 3);
    context.put("期间", Range{Date{2023, 1, 1}, Date{2023, 12, 31}});
    context.put("L", List{1, Decimal::scaled(25, -1), Value{}, "金塘"});
    return ContextEnvironment(context);
  }();
  return made;
}

const char* const kNames[] = {"企业", "实缴税收", "用地面积", "营业 收入", "规上", "a-b", "期间", "L"};

const NameSet& open_names() {
  static const NameSet made = [] {
    NameSet names(std::vector<std::string>(std::begin(kNames), std::end(kNames)));
    names.set_open(true);
    return names;
  }();
  return made;
}

const TypeScope& known_names() {
  static const TypeScope made = [] {
    TypeScope names;
    for (const char* name : kNames) names.add(name, Type::any());
    names.add("实缴税收", Type::number(*quantity::Unit::parse("万元")));
    names.add("用地面积", Type::number(*quantity::Unit::parse("亩"), false));
    names.add("规上", Type::of(Kind::Boolean));
    return names;
  }();
  return made;
}

void look_at_spans(const std::vector<Finding>& findings, std::size_t size) {
  for (const Finding& finding : findings)
    require(finding.span.begin <= finding.span.end && finding.span.end <= size &&
                !finding.message.zh.empty() && !finding.message.en.empty(),
            "a finding has a place in the text and says something");
}

// Functions have no text, and a number that is not written plainly may be long.
bool has_text(const Value& value) {
  if (value.kind() == Kind::Function) return false;
  if (value.kind() == Kind::List)
    for (const Value& item : value.list())
      if (!has_text(item)) return false;
  if (value.kind() == Kind::Context)
    for (const auto& [key, item] : value.context().entries())
      if (!has_text(item)) return false;
  return true;
}

void read_back(const Value& value) {
  if (value.weight() > 200 || value.nesting() > 20 || !has_text(value)) return;
  const std::string text = value.to_feel();
  if (text.size() > 20'000) return;
  const Parsed parsed = parse(text, NameSet{});
  require(parsed.tree != nullptr, ("a value's text can be read: " + text).c_str());
  const Evaluation again = evaluate(*parsed.tree, ContextEnvironment({}));
  require(again.value.to_feel() == text, ("a value's text gives the value: " + text).c_str());
}

}  // namespace

// Little of what was freed is kept, or the process outgrows its limit by and by.
extern "C" const char* __asan_default_options() { return "quarantine_size_mb=8:malloc_context_size=8"; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool tests = (data[0] & 1) != 0, open = (data[0] & 2) != 0;
  const Names& names = open ? static_cast<const Names&>(open_names()) : known_names();
  held_bytes = most_held_bytes = 0;
  const Parsed parsed = parse(text, names, {}, tests ? Grammar::UnaryTests : Grammar::Expression);
  require((parsed.tree == nullptr) == diagnostic::has_errors(parsed.diagnostics), "a tree, or what is wrong");
  if (parsed.tree == nullptr) return 0;
  if (tests)
    infer_tests(*parsed.tree, text, Type::number({}), known_names());
  else
    infer(*parsed.tree, text, known_names());
  references(*parsed.tree);
  render_tree(*parsed.tree);
  const auto once = [&] {
    return tests ? evaluate_tests(*parsed.tree, 12, environment(), kClock, kSmall)
                 : evaluate(*parsed.tree, environment(), kClock, kSmall);
  };
  const Evaluation first = once(), second = once();
  look_at_spans(first.findings, parsed.source.size());
  require(first.value.to_feel() == second.value.to_feel() && first.findings.size() == second.findings.size(),
          "twice the same");
  read_back(first.value);
  require(is_watched && most_held_bytes < kMostBytes, "an input takes less than 256 MiB");
  return 0;
}
