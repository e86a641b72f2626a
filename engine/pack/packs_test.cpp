// The policies that the repository ships are clean, alone and under every overlay that names them.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "engine/pack/inside/draft.h"

namespace tenglong::pack {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> shipped() {
  std::vector<fs::path> folders;
  for (const fs::directory_entry& entry : fs::directory_iterator(SOURCE_DIR "/packs"))
    if (entry.is_directory() && fs::exists(entry.path() / "pack.md")) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  return folders;
}

TEST(ShippedPacks, AreClean) {
  const std::vector<fs::path> folders = shipped();
  ASSERT_FALSE(folders.empty());
  for (const fs::path& folder : folders) {
    Draft draft;
    const bool is_pack = read_draft(draft, folder.string(), {});
    const std::string& base = draft.folders.front().head.overlays;
    ASSERT_TRUE(is_pack || !base.empty()) << folder;
    const auto begin = std::chrono::steady_clock::now();
    const ReadPack read = is_pack ? read_pack(folder.string())
                                  : read_pack((folder.parent_path() / base).string(), {folder.string()});
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    EXPECT_FALSE(diagnostic::has_errors(read.diagnostics))
        << diagnostic::render(read.diagnostics, diagnostic::source_lines_from_disk(), {});
    ASSERT_TRUE(read.pack.has_value()) << folder;
    EXPECT_EQ(read.pack->overlays.size(), is_pack ? 0u : 1u);
    // The bar is 100 ms; a loaded machine or a sanitizer must not make this flicker.
    EXPECT_LT(took.count(), 2'000) << folder;
    RecordProperty(folder.filename().string() + "_ms", static_cast<int>(took.count()));
  }
}

}  // namespace
}  // namespace tenglong::pack
