// The kit's own tests, all of them, and how this runner judges.
#include "tck/tck.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "tck/compare.h"

namespace tenglong::tck {
namespace {

using feel::Value;
using quantity::Decimal;

std::string name_of(const Result& result) {
  return result.level + "/" + result.directory + "\t" + result.file + "\t" + result.test + "\t" + result.node;
}

// not-passed.tsv: directory, file, test, node, why.
std::map<std::string, std::string> not_passed() {
  std::map<std::string, std::string> out;
  std::ifstream in(std::string(ROOM_DIR) + "/not-passed.tsv");
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::size_t tab = line.rfind('\t');
    out[line.substr(0, tab)] = line.substr(tab + 1);
  }
  return out;
}

TEST(Tck, EveryTestPassesButThoseListedWithAReason) {
  const std::vector<Result> results = run_folder(std::string(ROOM_DIR) + "/cases");
  EXPECT_GT(results.size(), 2400u);
  std::map<std::string, std::string> listed = not_passed();
  for (const Result& each : results) {
    const auto at = listed.find(name_of(each));
    if (each.verdict == Verdict::Success) {
      EXPECT_EQ(at, listed.end()) << name_of(each) << " passes and is still listed in not-passed.tsv";
    } else if (at == listed.end()) {
      ADD_FAILURE() << name_of(each) << ": " << each.comment;
    } else {
      EXPECT_FALSE(at->second.empty());
      listed.erase(at);
    }
    EXPECT_FALSE(each.is_silent_null) << name_of(each) << " is null without a reason";
  }
  for (const auto& [name, reason] : listed)
    ADD_FAILURE() << "not-passed.tsv lists a test that is not there: " << name;
  std::ofstream("build/tck_results.csv", std::ios::binary) << as_csv(results);
  std::ofstream("build/tck_table.txt", std::ios::binary) << as_table(results);
}

TEST(Tck, AnEngineThatAlwaysAnswersNullIsSeenThrough) {
  int values = 0, nulls = 0;
  for (const Result& each : run_folder(std::string(ROOM_DIR) + "/cases"))
    ++(each.expects_value ? values : nulls);
  EXPECT_GT(values, 1400);
  EXPECT_GT(nulls, 1000);
}

TEST(Tck, AnyPartOfTheFolderMayBeRun) {
  EXPECT_EQ(run_folder(std::string(ROOM_DIR) + "/cases/compliance-level-3/1100-feel-decimal-function").size(),
            6u);
  EXPECT_THROW(run_folder(std::string(ROOM_DIR) + "/no-such-folder"), std::runtime_error);
}

TEST(Compare, NumbersAreEqualAsDecimals) {
  const struct {
    const char* actual;
    const char* expected;
    Match match;
  } kRows[] = {
      {"1.50", "1.5", Match::Equal},
      {"54.59815003314423907811026120286088", "54.59815003", Match::Rounded},
      {"0.66666666666666666", "0.66666667", Match::Rounded},
      {"0.66666666666666666", "0.66666666", Match::Near},
      {"0.52", "0.5", Match::Different},
      {"0.1234567", "0.123457", Match::Different},
      {"1.000000001", "1", Match::Near},
      {"1.00000001", "1", Match::Different},
  };
  for (const auto& row : kRows)
    EXPECT_EQ(match(Value(*Decimal::parse(row.actual)), Value(*Decimal::parse(row.expected))), row.match)
        << row.actual << " for " << row.expected;
}

TEST(Compare, TheWorstPartDecides) {
  const Value list(feel::List{Value(1), Value(*Decimal::parse("0.333333333"))});
  const Value same(feel::List{Value(1), Value(*Decimal::parse("0.33333333"))});
  const Value other(feel::List{Value(2), Value(*Decimal::parse("0.33333333"))});
  EXPECT_EQ(match(list, same), Match::Rounded);
  EXPECT_EQ(match(list, other), Match::Different);
  EXPECT_EQ(match(list, Value(feel::List{Value(1)})), Match::Different);
  EXPECT_EQ(match(Value("1"), Value(1)), Match::Different);
  EXPECT_EQ(match(Value{}, Value(false)), Match::Different);
}

TEST(Report, TheCsvIsTheKitsOwnAndTheTableTellsValuesFromNulls) {
  std::vector<Result> results(2);
  results[0] = {.level = "compliance-level-2",
                .directory = "0001-a",
                .file = "0001-a-test-01",
                .test = "001",
                .node = "x",
                .verdict = Verdict::Success,
                .expects_value = true};
  results[1] = {.level = "compliance-level-2",
                .directory = "0001-a",
                .file = "0001-a-test-01",
                .test = "002",
                .node = "y",
                .verdict = Verdict::Error,
                .expects_value = false,
                .comment = "expected null, got \"a\""};
  EXPECT_EQ(as_csv(results),
            "\"compliance-level-2/0001-a\",\"0001-a-test-01\",\"001\",\"x\",\"SUCCESS\",\"\"\n"
            "\"compliance-level-2/0001-a\",\"0001-a-test-01\",\"002\",\"y\",\"ERROR\",\"expected null, got "
            "\"\"a\"\"\"\n");
  EXPECT_NE(as_table(results).find("1/1         0/1         1/2"), std::string::npos) << as_table(results);
}

}  // namespace
}  // namespace tenglong::tck
