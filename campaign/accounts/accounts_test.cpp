// A sheet of accounts: what is kept of a good one, and every mistake of a wrong one at its cell.
#include "campaign/accounts/accounts.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "engine/sheet/sheet.h"

namespace tenglong::accounts {
namespace {

class AccountsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("tenglong-accounts-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
    pack::Access rights;
    rights.roles = {{.id = "town", .name = "镇街经办人"},
                    {.id = "system_admin", .name = "系统管理员"},
                    {.id = "auditor", .name = "安全审计员"}};
    rights.apart = {{{"系统管理员", {}}, {"安全审计员", {}}}};
    rights.lines = {
        {.roles = {{"系统管理员", {}}}, .operations = {{"管账号", {}}}, .relations = {{"全区", {}}}}};
    pack_.access = {rights};
    schema::Codes towns{.id = "town", .name = "镇街", .level = "town"};
    towns.entries = {{.code = "330902101", .name = "金塘镇"}};
    towns.build_index();
    pack_.schema.codes = {towns};
    diagnostic::Diagnostics ignored;
    policy_ = access::Policy::compile(pack_, ignored);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  Read read(const std::string& rows) {
    const std::string path = folder_ / "a.csv";
    std::ofstream(path) << "账号,姓名,单位,角色,镇街,企业,停用\n" << rows;
    return read_accounts(path, policy_, pack_.schema, {2023, 6, 1});
  }
  pack::Pack pack_;
  access::Policy policy_;
  std::filesystem::path folder_;
};

TEST_F(AccountsTest, AGoodSheetIsReadAndComesBackFromWhatIsWritten) {
  const Read first = read("zhou,样例周,样例镇街办,镇街经办人,金塘镇,,\nhe,样例何,样例中心,系统管理员,,,是\n");
  ASSERT_TRUE(first.diagnostics.empty()) << first.diagnostics[0].message.zh;
  ASSERT_EQ(first.accounts.size(), 2u);
  EXPECT_EQ(first.accounts[0].roles, std::vector<std::string>{"town"});
  EXPECT_EQ(first.accounts[0].towns, std::set<std::string>{"330902101"});
  EXPECT_TRUE(first.accounts[1].is_disabled);
  const std::string path = folder_ / "out.xlsx";
  write_accounts(path, policy_, first.accounts);
  std::string cells;
  struct Cells : sheet::RowSink {
    explicit Cells(std::string& into) : to(into) {}
    bool row(int, std::span<const sheet::Cell> row) override {
      for (const sheet::Cell& each : row) to += each.text + "|";
      return true;
    }
    std::string& to;
  } sink(cells);
  sheet::open(path).workbook->read(0, sink);
  EXPECT_NE(cells.find("|镇街经办人|"), std::string::npos) << cells;
  EXPECT_EQ(cells.find("|town|"), std::string::npos) << "roles are written by name";
  const Read again = read_accounts(path, policy_, pack_.schema, {2023, 6, 1});
  EXPECT_EQ(again.accounts, first.accounts);
}

TEST_F(AccountsTest, EveryMistakeIsToldAtItsCellAndNothingIsKept) {
  const Read told = read(
      "zhou,样例周,样例镇街办,镇街经办员,没有的镇,123,也许\n"
      "zhou,,样例中心,系统管理员、安全审计员,,,\n"
      "a b,样例,样例中心,,,,\n");
  EXPECT_TRUE(told.accounts.empty());
  std::vector<std::string> found;
  for (const auto& each : told.diagnostics) found.push_back(each.code + " " + each.place.cell);
  EXPECT_EQ(found, (std::vector<std::string>{"E-ACCOUNT-105 D2", "E-ACCOUNT-106 E2", "E-ACCOUNT-107 F2",
                                             "E-ACCOUNT-108 G2", "E-ACCOUNT-102 B3", "E-ACCOUNT-104 A3",
                                             "E-ACCESS-202 D3", "E-ACCOUNT-103 A4"}));
  EXPECT_EQ(told.diagnostics[0].advice.zh, "是不是“镇街经办人”？");
  const std::string path = folder_ / "b.csv";
  std::ofstream(path) << "账号,姓名,角色\nzhou,样例,镇街经办人\n";
  const Read without = read_accounts(path, policy_, pack_.schema, {2023, 6, 1});
  ASSERT_EQ(without.diagnostics.size(), 1u);
  EXPECT_EQ(without.diagnostics[0].code, "E-ACCOUNT-101");
}

TEST_F(AccountsTest, WhoKeepsAccountsGrantsNoRoles) {
  const Read read_ = read("zhou,样例周,样例镇街办,镇街经办人,,,\n");
  const access::Scope keeper = policy_.scope_of({.id = "he", .roles = {"system_admin"}}, {}, {2023, 6, 1});
  diagnostic::Diagnostics told;
  access::check_changes(keeper, {}, read_.accounts, told);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].code, "E-ACCESS-203");
  told.clear();
  access::KeptAccount without = read_.accounts[0];
  without.roles.clear();
  access::check_changes(keeper, {}, {without}, told);
  EXPECT_TRUE(told.empty());
  access::check_changes(keeper, {without}, {without}, told);
  EXPECT_TRUE(told.empty());
  const access::Scope nobody = policy_.scope_of({.id = "zhou", .roles = {"town"}}, {}, {2023, 6, 1});
  access::check_changes(nobody, {}, {without}, told);
  EXPECT_EQ(told.size(), 1u);
}

}  // namespace
}  // namespace tenglong::accounts
