// Pieces of a file, a server that dies in between, and the import of what came.
#include "server/uploads.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "server/passwords.h"

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

TEST(Passwords, GuessableOnesAreRefused) {
  struct Row {
    const char* what;
    const char* password;
    bool is_good;
  };
  const Row rows[] = {
      {"a few unrelated words", "orange-boat7 quiet Lantern", true},
      {"Chinese words", "清晨的渡轮载着三只空箱子过海", true},
      {"short", "Tr0ub4dor&3", false},
      {"one letter", "aaaaaaaaaaaaaaaaaaaa", false},
      {"a run", "abcdefghijklmnopqrst", false},
      {"a known word, twice", "passwordpassword", false},
      {"the account and a year", "wanghong2021wanghong", false},
      {"a keyboard row", "1qaz2wsx1qaz2wsx", false},
  };
  for (const Row& row : rows) {
    const auto told = check_password(row.password, "wanghong", "王红");
    EXPECT_EQ(told.empty(), row.is_good) << row.what;
    if (!told.empty()) {
      EXPECT_EQ(told[0].code, "E-SERVER-308");
    }
  }
  const std::string hash = hash_password("orange-boat7 quiet Lantern");
  EXPECT_TRUE(is_password(hash, "orange-boat7 quiet Lantern"));
  EXPECT_FALSE(is_password(hash, "orange-boat7 quiet lantern"));
}

TEST(Passwords, CodesAreThoseOfRfc6238) {
  // Appendix B, SHA-1, the secret "12345678901234567890"; six digits of its eight.
  const std::string secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  EXPECT_EQ(code_at(secret, 59 / 30), "287082");
  EXPECT_EQ(code_at(secret, 1111111109 / 30), "081804");
  EXPECT_EQ(code_at(secret, 20000000000 / 30), "353130");
  EXPECT_EQ(step_of_code(secret, "081804", 1111111109 + 30, 0), 1111111109 / 30);
  EXPECT_EQ(step_of_code(secret, "081804", 1111111109, 1111111109 / 30), std::nullopt);  // not twice
  EXPECT_EQ(step_of_code(secret, "081804", 1111111109 + 90, 0), std::nullopt);           // too late
}

}  // namespace
}  // namespace tenglong::server
