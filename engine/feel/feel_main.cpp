// Development tool: one FEEL expression a line of standard input, its value a line of standard output.
#include <iostream>
#include <string>

#include "engine/feel/evaluate.h"

int main() {
  using namespace tenglong;
  const feel::NameSet names;
  for (std::string line; std::getline(std::cin, line);) {
    const feel::Parsed parsed = feel::parse(line, names);
    if (parsed.tree == nullptr) {
      std::cout << "#error " << (parsed.diagnostics.empty() ? "" : parsed.diagnostics[0].message.en) << "\n";
      continue;
    }
    std::cout << feel::evaluate(*parsed.tree, feel::ContextEnvironment({})).value.to_feel() << "\n";
  }
}
