// pack_check PACK [OVERLAY...] [--json] [--lang en]: what is wrong with a pack; when nothing is, its table of
// contents.
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "engine/diagnostic/diagnostic.h"
#include "engine/pack/contents.h"
#include "engine/pack/pack.h"

int main(int argc, char** argv) {
  using namespace tenglong;
  std::vector<std::string> folders;
  bool json = false;
  diagnostic::RenderOptions options;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0)
      json = true;
    else if (std::strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
      options.language =
          std::strcmp(argv[++i], "en") == 0 ? text::Language::English : text::Language::Chinese;
    else
      folders.emplace_back(argv[i]);
  }
  if (folders.empty()) {
    std::fputs("usage: pack_check PACK [OVERLAY...] [--json] [--lang en]\n", stderr);
    return 2;
  }
  const pack::ReadPack read = pack::read_pack(folders.front(), {folders.begin() + 1, folders.end()});
  const bool wrong = diagnostic::has_errors(read.diagnostics);
  if (json) {
    std::puts(diagnostic::render_json(read.diagnostics, options.language).c_str());
    if (!wrong && read.pack) std::puts(pack::render_contents_json(*read.pack).c_str());
  } else {
    std::fputs(diagnostic::render(read.diagnostics, diagnostic::source_lines_from_disk(), options).c_str(),
               stdout);
    if (!wrong && read.pack) std::fputs(pack::render_contents(*read.pack, options.language).c_str(), stdout);
  }
  return wrong ? 1 : 0;
}
