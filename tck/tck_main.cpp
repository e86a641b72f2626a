// tenglong-tck DIR [--csv FILE]: runs any folder of the DMN TCK's layout and says how it went.
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tck/tck.h"

int main(int count, char** arguments) {
  using namespace tenglong;
  std::string folder, csv;
  for (int i = 1; i < count; ++i) {
    const std::string_view each = arguments[i];
    if (each == "--csv" && i + 1 < count)
      csv = arguments[++i];
    else if (each.starts_with("-") || !folder.empty())
      folder.clear(), i = count;
    else
      folder = each;
  }
  if (folder.empty()) {
    std::cerr << "tenglong-tck DIR [--csv FILE]\n"
                 "  DIR   a folder of the DMN TCK's layout, or any part of one: <level>/<name>/*.dmn, "
                 "*-test-*.xml\n"
                 "  FILE  where the TCK's result file goes (tck_results.csv)\n";
    return 2;
  }
  try {
    const std::vector<tck::Result> results = tck::run_folder(folder);
    if (results.empty()) throw std::runtime_error("no test file (*-test-*.xml) below " + folder);
    std::cout << tck::as_table(results);
    bool is_clean = true;
    for (const tck::Result& each : results) {
      if (each.verdict == tck::Verdict::Success) continue;
      is_clean = false;
      std::cout << "not passed: " << each.level << "/" << each.directory << " " << each.file << " "
                << each.test << " " << each.node << (each.is_near ? " (within 1e-8)" : "") << ": "
                << each.comment.substr(0, 300) << "\n";
    }
    const std::string to = csv.empty() ? "tck_results.csv" : csv;
    std::ofstream out(to, std::ios::binary);
    out << tck::as_csv(results);
    if (!out.flush()) throw std::runtime_error("cannot write " + to);
    std::cout << "results: " << to << "\n";
    return is_clean ? 0 : 1;
  } catch (const std::exception& failure) {
    std::cerr << "tenglong-tck: " << failure.what() << "\n";
    return 2;
  }
}
