// 样例区县: a made-up district, and the workbooks its providers would send, with their habits and their
// faults.
//
// In:    a number of enterprises and a seed. Out: the same enterprises and the same files on every machine.
// Never: names a real enterprise; leaves out the mark 样例数据; uses floating-point or the library's
// distributions. Faults, at these rates: of each tax file one code has lost a digit, one is in scientific
// notation, one amount is in 元 among 万元, one row stands twice, one twice with different amounts; 1 % of
// numbers are text with full-width digits, 2 % text with commas; 1 % of statistics are "—"; 20 % of
// enterprises above scale have no emission figure.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/calendar/date.h"

namespace tenglong::sample {

struct Town {
  std::string code, name, short_name;
};
struct Place {  // what the pack says of the district: its towns and parks
  std::string area;
  std::vector<Town> towns;
  std::vector<std::string> parks;
};

struct Year {
  int year = 0;
  // Whole numbers of the smallest unit written: 0.0001 万元, 0.01 亩, 0.01 吨标准煤 ...
  std::int64_t tax = 0, value_added = 0, revenue = 0, research = 0;  // 0.0001 万元
  std::int64_t energy = 0;                                           // 0.01 吨标准煤
  std::int64_t electricity = 0;                                      // 0.0001 万千瓦时
  std::int64_t emission = -1;                                        // 0.0001 当量吨; -1: none reported
  std::int64_t staff = 0;
};

struct Enterprise {
  std::string credit_code, name, industry, town, park;
  calendar::Date registered;
  std::int64_t land = 0;  // 0.01 亩
  bool above_scale = false, public_utility = false, newly_above_scale = false, land_protected = false,
       major_construction = false, not_in_production = false, research_unit = false, accident = false,
       environment_failed = false;
  std::vector<Year> years;
};

struct District {
  Place place;
  std::vector<Enterprise> enterprises;
};

struct Options {
  std::int64_t firms = 2000;
  std::uint64_t seed = 2021;
  int first_year = 2020;
  int last_year = 2023;
};

District make_district(const Place& place, const Options& options);

// What a provider sends: one file.
struct File {
  std::string path;
  std::string provider;
  std::string register_id;  // empty: the headers say it
  std::string document;     // for results from before the system
};
// In the order in which they would arrive. `progress` hears each finished file. Throws std::runtime_error if
// the disk fails.
std::vector<File> write_workbooks(const District& district, const Options& options, const std::string& folder,
                                  const std::function<void(const File&)>& progress = {});

}  // namespace tenglong::sample
