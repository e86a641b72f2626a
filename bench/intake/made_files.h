// The files of the import benchmark: firms, two years of their reports, and what another provider said
// before.
#pragma once
#include <string>

namespace bench {

// 企业: as many firms as half the rows of the report.
void write_firms(const std::string& path, int rows);
// 年报: 30 columns, two years of every firm. One row in twenty has a mistake; every kind of mistake that can
// stand in a cell that a program writes takes its turn.
void write_report(const std::string& path, int rows);
// Tax as the tax office has it, of every fortieth firm: it differs.
void write_rival(const std::string& path, int rows);

}  // namespace bench
