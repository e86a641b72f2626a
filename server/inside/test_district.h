// A small sample district for tests: its pack, a store with its workbooks, a folder that goes with it.
#pragma once
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "server/district.h"

namespace tenglong::server {

class TestDistrict {
 public:
  // `name`: of the folder, so that tests do not meet.
  // `where`: a database; empty: the folder.
  explicit TestDistrict(const std::string& name, std::int64_t firms = 60, std::string where = {});
  ~TestDistrict();
  TestDistrict(const TestDistrict&) = delete;
  TestDistrict& operator=(const TestDistrict&) = delete;
  // The store and the district anew, as after a restart.
  void open();
  void close();

  std::filesystem::path folder;
  std::atomic<std::int64_t> today{calendar::Date{2023, 10, 1}.days()};  // the clock of the district
  std::string where;
  pack::ReadPack read = {};
  std::unique_ptr<store::Store> store = {};
  std::unique_ptr<District> district = {};
};

}  // namespace tenglong::server
