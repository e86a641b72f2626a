// Where a test keeps something: an empty data folder, or an empty database, gone with it. "sqlite" or
// "postgres" is what a suite over both is parametrised by.
#pragma once
#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "tests/postgres/postgres.h"

namespace tenglong::postgres {

class Place {
 public:
  explicit Place(std::string_view backend) {
    if (backend == "postgres") {
      where_ = new_database();
      return;
    }
    static int made = 0;
    folder_ = std::filesystem::temp_directory_path() /
              ("tenglong-place-" + std::to_string(getpid()) + "-" + std::to_string(++made));
    std::filesystem::remove_all(folder_);
    where_ = folder_.string();
  }
  ~Place() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  const std::string& where() const { return where_; }

 private:
  std::filesystem::path folder_;
  std::string where_;
};

}  // namespace tenglong::postgres
