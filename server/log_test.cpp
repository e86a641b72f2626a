// The log of requests: whole lines of JSON whatever is in them, the next file when one is full, and a device
// that stays where it is.
#include "server/log.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "server/json.h"

namespace tenglong::server {
namespace {

namespace fs = std::filesystem;

class OfLog : public testing::Test {
 protected:
  OfLog() : folder(fs::temp_directory_path() / ("tenglong_log_" + std::to_string(getpid()))) {
    fs::create_directories(folder);
  }
  ~OfLog() override { fs::remove_all(folder); }
  fs::path folder;
};

TEST_F(OfLog, ALineIsOneJsonWhateverIsInIt) {
  const struct {
    const char* name;
    std::string path;
  } kCases[] = {
      {"plain", "/api/small"},
      {"quoted", "/a\"b\\c"},
      {"a line break and a bell", "/a\nb\x07"},
      {"characters", "/企业/清单"},
      {"longer than the room of most", "/" + std::string(5000, 'x') + "\"" + std::string(5000, 'y')},
      {"empty", ""},
  };
  for (const auto& each : kCases) {
    Line line;
    line.put("{\"path\":");
    line.put_quoted(each.path);
    line.put(",\"at\":\"");
    put_now(line);
    line.put("\",\"most\":");
    line.put_number(UINT64_MAX);
    line.put(",\"none\":");
    line.put_number(0);
    line.put("}");
    const ReadJson read = read_json(std::string(line.text()));
    ASSERT_TRUE(read.diagnostics.empty()) << each.name << ": " << line.text();
    EXPECT_EQ(read.value.text_of("path"), each.path) << each.name;
    EXPECT_EQ(read.value.find("most")->text, "18446744073709551615");
    EXPECT_EQ(read.value.find("none")->text, "0");
    // 2023-05-06T09:10:11.123+08:00
    EXPECT_EQ(read.value.text_of("at").size(), 29u) << read.value.text_of("at");
  }
}

TEST_F(OfLog, EveryLineStandsInOneOfTheFilesInOrder) {
  constexpr int kLines = 20000;
  const std::string file = (folder / "requests.jsonl").string();
  {
    Log log(file, 100'000);
    for (int i = 0; i < kLines; ++i) {
      Line line;
      line.put_number(static_cast<std::uint64_t>(i));
      line.put("\n");
      log.add(line.text());
    }
  }
  int next = 0;
  for (int i = 5; i >= 0; --i) {
    std::ifstream in(i == 0 ? file : file + "." + std::to_string(i));
    for (std::string line; std::getline(in, line);) EXPECT_EQ(line, std::to_string(next++));
  }
  EXPECT_EQ(next, kLines);
}

TEST_F(OfLog, ADeviceIsNeverPutAsideForTheNextFile) {
  const std::string file = (folder / "device").string();
  fs::create_symlink("/dev/null", file);
  {
    Log log(file, 10);
    for (int i = 0; i < 100; ++i) log.add("a line that is longer than the limit\n");
  }
  EXPECT_TRUE(fs::is_symlink(file));
  EXPECT_FALSE(fs::exists(fs::symlink_status(file + ".1")));
}

}  // namespace
}  // namespace tenglong::server
