// Pieces of a file, a server that dies in between, and the import of what came.
#include "server/uploads.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tenglong::server {
namespace {

namespace fs = std::filesystem;

std::string piece_of(std::int64_t from, std::int64_t size) {
  std::string out;
  for (std::int64_t i = from; i < from + size; ++i) out += static_cast<char>('a' + i * 31 % 26);
  return out;
}

TEST(Uploads, PiecesFitOrAreRefused) {
  const fs::path folder = fs::temp_directory_path() / ("tenglong_uploads_" + std::to_string(getpid()));
  Uploads uploads(folder.string());
  const Upload begun = uploads.begin("a", "../../etc/税收 2023.xlsx", 100);
  EXPECT_EQ(begun.name, "etc税收 2023.xlsx");
  EXPECT_FALSE(uploads.put(begun, 10, piece_of(10, 10)));  // a hole
  EXPECT_FALSE(uploads.put(begun, 0, piece_of(0, 101)));   // beyond the end
  EXPECT_EQ(uploads.put(begun, 0, piece_of(0, 60))->received, 60);
  EXPECT_EQ(uploads.put(begun, 30, piece_of(30, 30))->received, 60);  // again
  EXPECT_FALSE(uploads.find("b", begun.id));                          // another's
  EXPECT_FALSE(uploads.find("a", "../" + begun.id));
  const auto whole = uploads.put(begun, 60, piece_of(60, 40));
  ASSERT_TRUE(whole && whole->is_whole());
  std::ifstream in(uploads.path(*whole), std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), piece_of(0, 100));
  uploads.remove(*whole);
  EXPECT_FALSE(uploads.find("a", begun.id));
  fs::remove_all(folder);
}

// Killed at any moment, what was acknowledged is there, and the rest can be sent again.
TEST(Uploads, AKillBetweenPiecesLosesNothingAcknowledged) {
  const fs::path folder = fs::temp_directory_path() / ("tenglong_killed_" + std::to_string(getpid()));
  constexpr std::int64_t kSize = 4'000'000, kPieces = 40, kPiece = kSize / kPieces;
  Upload begun;
  {
    Uploads uploads(folder.string());
    begun = uploads.begin("a", "big.csv", kSize);
  }
  for (int round = 0; round < 5; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      Uploads uploads(folder.string());
      for (auto now = uploads.find("a", begun.id); now && !now->is_whole();) {
        now = uploads.put(*now, now->received,
                          piece_of(now->received, std::min(kPiece, kSize - now->received)));
        const std::int64_t received = now->received;
        if (write(pipe_ends[1], &received, sizeof received) < 0) _exit(1);
      }
      _exit(0);
    }
    close(pipe_ends[1]);
    std::int64_t acknowledged = 0;
    for (int i = 0; i < 3 + round; ++i)
      if (read(pipe_ends[0], &acknowledged, sizeof acknowledged) != sizeof acknowledged) break;
    kill(child, SIGKILL);
    while (read(pipe_ends[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged) {
    }
    close(pipe_ends[0]);
    waitpid(child, nullptr, 0);
    Uploads after(folder.string());
    const auto found = after.find("a", begun.id);
    ASSERT_TRUE(found);
    EXPECT_GE(found->received, acknowledged);
    std::ifstream in(after.path(*found), std::ios::binary);
    std::string there(static_cast<std::size_t>(found->received), '\0');
    in.read(there.data(), found->received);
    EXPECT_EQ(in.gcount(), found->received);
    EXPECT_EQ(there, piece_of(0, found->received));
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace tenglong::server
