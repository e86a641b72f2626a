// The standard policy over every question, against a second evaluator that reads the table each time; laws.
#include "campaign/access/access.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "tests/golden/golden.h"

namespace tenglong::access {
namespace {

// As a list asks before it filters or sorts by a field.
bool may_use_in_query(const Scope& scope, Operation operation, State state, Sensitivity level) {
  const RowFilter listed = scope.rows(operation, state);
  return !listed.is_empty() && reaches_as_far(scope.rows_at(operation, state, level), listed);
}

const pack::Pack& standard() {
  static const pack::ReadPack read = pack::read_pack(std::string(SOURCE_DIR) + "/packs/dinghai-2021", {});
  return *read.pack;
}
const Policy& policy() {
  static const Policy made = [] {
    diagnostic::Diagnostics diagnostics;
    Policy out = Policy::compile(standard(), diagnostics);
    EXPECT_TRUE(diagnostics.empty()) << (diagnostics.empty() ? "" : diagnostics[0].message.zh);
    return out;
  }();
  return made;
}
constexpr calendar::Date kToday{2023, 6, 1};

// Reads the lines from top to bottom for one question. Written apart from the compiled table on purpose.
std::optional<Sensitivity> by_lines(const pack::Pack& pack, const std::string& role,
                                    const std::string& operation, const std::string& relation,
                                    const std::string& state) {
  std::optional<Sensitivity> out;
  for (const pack::Access& block : pack.access) {
    std::string role_name;
    for (const pack::AccessRole& each : block.roles)
      if (each.id == role) role_name = each.name;
    const auto has = [](const std::vector<pack::AccessWord>& words, const std::string& wanted) {
      return std::any_of(words.begin(), words.end(),
                         [&](const pack::AccessWord& each) { return each.text == wanted; });
    };
    for (const pack::AccessLine& line : block.lines) {
      if (!has(line.roles, role) && !has(line.roles, role_name)) continue;
      if (!has(line.operations, operation) || !has(line.relations, relation)) continue;
      if (!line.states.empty() && !has(line.states, state)) continue;
      Sensitivity level = Sensitivity::Internal;
      if (line.level.text == "公开") level = Sensitivity::Public;
      if (line.level.text == "敏感") level = Sensitivity::Sensitive;
      if (!out || *out < level) out = level;
    }
  }
  return out;
}

TEST(Access, EveryCellOfTheMatrixIsWhatTheLinesSay) {
  std::size_t granted = 0;
  const std::vector<MatrixRow> matrix = policy().matrix();
  EXPECT_EQ(matrix.size(), 10 * kOperations * kRelations * kStates);
  for (const MatrixRow& row : matrix) {
    EXPECT_EQ(row.level, by_lines(standard(), row.role, info(row.operation).zh,
                                  kRelationNames[static_cast<std::size_t>(row.relation)],
                                  kStateNames[static_cast<std::size_t>(row.state)]))
        << row.role << " " << info(row.operation).id;
    granted += row.level ? 1 : 0;
    // Asked of a scope, the cell gives the same, and without the relation nothing.
    Account account{.id = "a", .unit = "区税务局", .roles = {row.role}, .towns = {"金塘"}, .firms = {"甲"}};
    const Scope scope =
        policy().scope_of(account, {{.firm = "乙", .unit = "区税务局", .from = {2023, 1, 1}}}, kToday);
    Object object{.state = row.state, .done_by = "another"};
    switch (row.relation) {
      case Relation::OwnFirm:
        object.firm = "甲";
        break;
      case Relation::OwnTown:
        object.town = "金塘";
        break;
      case Relation::OwnDepartment:
        object.department = "区税务局";
        break;
      case Relation::OwnBatch:
        object.meant_for = "区税务局";
        break;
      case Relation::Consented:
        object.firm = "乙";
        break;
      case Relation::District:
        break;
    }
    const Answer answer = scope.may(row.operation, object);
    const std::optional<Sensitivity> whole = by_lines(standard(), row.role, info(row.operation).zh, "全区",
                                                      kStateNames[static_cast<std::size_t>(row.state)]);
    EXPECT_EQ(answer.allowed, row.level.has_value() || whole.has_value());
    if (answer.allowed) {
      EXPECT_EQ(answer.level,
                std::max(row.level.value_or(Sensitivity::Public), whole.value_or(Sensitivity::Public)));
    } else {
      EXPECT_FALSE(answer.why.zh.empty());
    }
    EXPECT_EQ(scope.rows(row.operation, row.state).admits(object), answer.allowed);
    const Object stranger{.firm = "丙",
                          .town = "白泉",
                          .department = "区发改局",
                          .meant_for = "区发改局",
                          .state = row.state,
                          .done_by = "another"};
    EXPECT_EQ(scope.may(row.operation, stranger).allowed, whole.has_value()) << "another's row";
    EXPECT_EQ(scope.rows(row.operation, row.state).admits(stranger), whole.has_value());
  }
  EXPECT_GT(granted, 300u);
  std::string lines;
  for (const MatrixRow& row : matrix)
    if (row.level)
      lines += row.role + "," + info(row.operation).id + "," +
               kRelationNames[static_cast<std::size_t>(row.relation)] + "," +
               kStateNames[static_cast<std::size_t>(row.state)] + "," +
               schema::kSensitivities[static_cast<std::size_t>(*row.level)] + "\n";
  EXPECT_TRUE(golden::matches("campaign/access/golden/matrix.csv", lines));
}

TEST(Access, WithoutALineNothing) {
  const Policy nothing = Policy::compile(pack::Pack{}, *std::make_unique<diagnostic::Diagnostics>());
  EXPECT_TRUE(nothing.matrix().empty());
  const Scope nobody = policy().scope_of({.id = "x", .unit = "区税务局"}, {}, kToday);
  for (const OperationInfo& each : operations()) {
    EXPECT_FALSE(nobody.may(each.operation, {.firm = "甲", .town = "金塘"}).allowed);
    EXPECT_TRUE(nobody.rows(each.operation, State::Published).is_empty());
  }
  EXPECT_FALSE(Scope{}.may(Operation::ReadRecord, {}).allowed);
}

TEST(Access, ConsentEndsAtTheNextQuestion) {
  const Account bank{.id = "b", .unit = "样例银行", .roles = {"outside_unit"}};
  const Object published{.firm = "甲", .state = State::Published};
  Consent consent{.firm = "甲", .unit = "样例银行", .from = {2023, 1, 1}, .to = calendar::Date{2023, 12, 31}};
  const auto sees = [&](calendar::Date day) {
    return policy().scope_of(bank, {consent}, day).may(Operation::ReadResult, published).allowed;
  };
  EXPECT_FALSE(sees({2022, 12, 31}));
  EXPECT_TRUE(sees({2023, 1, 1}));
  EXPECT_TRUE(sees({2023, 12, 31}));
  EXPECT_FALSE(sees({2024, 1, 1}));
  consent.withdrawn = calendar::Date{2023, 6, 1};
  EXPECT_TRUE(sees({2023, 5, 31}));
  EXPECT_FALSE(sees({2023, 6, 1}));
  const Scope outside = policy().scope_of(bank, {}, kToday);
  EXPECT_EQ(outside.refusal(outside.may(Operation::ReadResult, published)).zh, "没有这一项。")
      << "not there and not yours are one answer";
}

TEST(Access, WhoProposedDoesNotApprove) {
  const Scope both = policy().scope_of({.id = "张三", .roles = {"analyst", "chief"}}, {}, kToday);
  EXPECT_TRUE(both.may(Operation::ApproveCorrection, {.state = State::Locked, .done_by = "李四"}).allowed);
  const Answer own = both.may(Operation::ApproveCorrection, {.state = State::Locked, .done_by = "张三"});
  EXPECT_FALSE(own.allowed);
  EXPECT_EQ(own.why.zh, "“提更正单”是您做的，“批更正单”要由另一个人做。");
}

TEST(Access, AFieldThatIsHiddenInSomeRowsMayNotBeAskedFor) {
  const Account clerk{.id = "c", .unit = "区税务局", .roles = {"department"}};
  const Scope scope = policy().scope_of(clerk, {}, kToday);
  // Published rows of the whole district are listed up to 内部, its own up to 敏感: sorting by 敏感 would
  // tell the others'.
  EXPECT_TRUE(may_use_in_query(scope, Operation::ReadRecord, State::Published, Sensitivity::Internal));
  EXPECT_FALSE(may_use_in_query(scope, Operation::ReadRecord, State::Published, Sensitivity::Sensitive));
  EXPECT_FALSE(may_use_in_query(scope, Operation::ReadRecord, State::Draft, Sensitivity::Sensitive));
  EXPECT_TRUE(may_use_in_query(scope, Operation::ReadRecord, State::Draft, Sensitivity::Public));
  EXPECT_TRUE(may_use_in_query(scope, Operation::ReadHistory, State::Draft, Sensitivity::Sensitive));
}

TEST(Access, MistakesOfATableAreAllTold) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("tenglong-access-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "pack.md") << R"(# 试

```yaml pack
id: t
name: 试
document: 样例文件
area: "330902"
valid_from: 2021-01-01
valid_to: 2030-12-31
rounding: {places: 6, mode: half_up}
```

```yaml access
id: rights
name: 权限
source: 缺省，待确认
roles:
  - {id: analyst, name: 专班分析员}
  - {id: auditor, name: 安全审计员}
apart: [[专班分析员, 安全审计院]]
separate: [[提更正单, 批更正]]
masks:
  - {field: 联系电活, first: 3}
```

| 角色 | 操作 | 关系 | 状态 | 字段 | 台账 | 条件 |
|---|---|---|---|---|---|---|
| 专班分析员 | 看台帐 | 全区 | - | 内部 | | |
| 专班分析 | 看台账 | 全县 | 已公开 | 绝密 | | |
| 专班分析员 | 看台账、查找 | 全区 | - | 内部 | | |
| 专班分析员 | 查找 | 全区 | 草稿 | 公开 | | |
| 专班分析员 | 看地图 | 全区 | - | 内部 | 企业们 | 规上 |
| 专班分析员 | 看地图 | 全区 | - | 内部 | 企业 | 规下 |

```yaml register
id: enterprise
name: 企业
key: [credit_code]
source: 缺省，待确认
fields:
  - {id: credit_code, name: 统一社会信用代码, type: credit_code}
  - {id: phone, name: 联系电话, type: text, sensitivity: 敏感}
  - {id: above_scale, name: 规上, type: boolean}
```
)";
  const pack::ReadPack read = pack::read_pack(folder, {});
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(read.pack) << (read.diagnostics.empty() ? "" : read.diagnostics[0].message.zh);
  diagnostic::Diagnostics diagnostics;
  const Policy policy = Policy::compile(*read.pack, diagnostics);
  policy.scope_of({.id = "张三", .roles = {"analyst", "nobody"}}, {}, kToday, &diagnostics);
  std::string told;
  for (const auto& each : diagnostics) {
    std::string place = diagnostic::to_string(each.place);
    if (const std::size_t slash = place.rfind('/'); slash != std::string::npos)
      place = place.substr(slash + 1);
    told += place + " " + each.code + " " + each.message.zh + " " + each.advice.zh + "\n";
  }
  EXPECT_TRUE(golden::matches("campaign/access/golden/mistakes.txt", told));
}

// 条件 over the record: true grants, false and not known grant nothing; what is masked shows its ends.
TEST(Access, AConditionGrantsWhereItIsTrue) {
  pack::Pack pack;
  schema::Register firm{.id = "enterprise", .name = "企业", .key = {"credit_code"}};
  firm.fields = {{.id = "credit_code", .name = "统一社会信用代码", .type = schema::FieldType::CreditCode},
                 {.id = "phone",
                  .name = "联系电话",
                  .type = schema::FieldType::Text,
                  .sensitivity = Sensitivity::Sensitive},
                 {.id = "above_scale", .name = "规上", .type = schema::FieldType::Boolean}};
  pack.schema.registers = {firm};
  pack::Access rights;
  rights.roles = {{.id = "bank", .name = "合作银行", .is_outside = true}};
  rights.lines = {{.roles = {{"bank", {}}},
                   .operations = {{"看台账", {}}},
                   .relations = {{"全区", {}}},
                   .level = {"内部", {}},
                   .of = {"企业", {}},
                   .condition = {"规上", {}}}};
  rights.masks = {{.field = {"联系电话", {}},
                   .first = quantity::Decimal::parse("3"),
                   .last = quantity::Decimal::parse("2")}};
  pack.access = {rights};
  diagnostic::Diagnostics diagnostics;
  const Policy policy = Policy::compile(pack, diagnostics);
  const Scope scope = policy.scope_of({.id = "b", .roles = {"bank"}}, {}, kToday);
  const auto asked = [&](feel::Value value) {
    return Object{.register_id = "enterprise",
                  .value_of = [value](const listing::Operand&) { return value; }};
  };
  const auto is_listed = [&](const Object& object) {
    return scope.rows(Operation::ReadRecord, State::Draft).admits(object);
  };
  for (const auto& [value, is_granted] :
       {std::pair(feel::Value(true), true), {feel::Value(false), false}, {feel::Value(), false}}) {
    const Object object = asked(value);
    EXPECT_EQ(scope.may(Operation::ReadRecord, object).allowed, is_granted);
    EXPECT_EQ(is_listed(object), is_granted);
  }
  Object other = asked(feel::Value(true));
  other.register_id = "parcel";
  EXPECT_FALSE(scope.may(Operation::ReadRecord, other).allowed);
  EXPECT_FALSE(scope.may(Operation::ReadRecord, {.register_id = "enterprise"}).allowed);
  EXPECT_EQ(scope.masked("phone", "13800001234").value_or(""), "138••••••34");
  EXPECT_EQ(scope.masked("phone", "12345").value_or(""), "") << "nothing would stay hidden";
  EXPECT_FALSE(scope.masked("credit_code", "91330902MA2A0000XX"));
}

TEST(Access, RolesThatMustBeApartMakeAnAccountThatMayDoNothing) {
  diagnostic::Diagnostics diagnostics;
  const Scope scope = policy().scope_of({.id = "张三", .roles = {"系统管理员"}}, {}, kToday, &diagnostics);
  EXPECT_EQ(diagnostics.at(0).code, "E-ACCESS-201");
  diagnostics.clear();
  const Scope two =
      policy().scope_of({.id = "张三", .roles = {"system_admin", "auditor"}}, {}, kToday, &diagnostics);
  EXPECT_EQ(diagnostics.at(0).code, "E-ACCESS-202");
  EXPECT_FALSE(two.may(Operation::ReadTrail, {}).allowed);
}

Account random_account() {
  Account out{.id = "a", .unit = *rc::gen::element<std::string>("区税务局", "区发改局", "")};
  for (const std::string& role : policy().roles())
    if (*rc::gen::inRange(0, 4) == 0) out.roles.push_back(role);
  if (*rc::gen::arbitrary<bool>()) out.towns.insert("金塘");
  if (*rc::gen::arbitrary<bool>()) out.firms.insert("甲");
  return out;
}
Object random_object() {
  return {.firm = *rc::gen::element<std::string>("甲", "乙", ""),
          .town = *rc::gen::element<std::string>("金塘", "白泉", ""),
          .department = *rc::gen::element<std::string>("区税务局", "区发改局", ""),
          .meant_for = *rc::gen::element<std::string>("区税务局", "区发改局", ""),
          .state = static_cast<State>(*rc::gen::inRange(0, static_cast<int>(kStates))),
          .done_by = "another"};
}
Operation random_operation() {
  return static_cast<Operation>(*rc::gen::inRange(0, static_cast<int>(kOperations)));
}

RC_GTEST_PROP(AccessLaws, AListShowsExactlyTheRowsThatMayBeRead, ()) {
  const Scope scope = policy().scope_of(random_account(), {}, kToday);
  const Object object = random_object();
  const Operation operation = random_operation();
  const Answer answer = scope.may(operation, object);
  RC_ASSERT(scope.rows(operation, object.state).admits(object) == answer.allowed);
  for (const Sensitivity level : {Sensitivity::Public, Sensitivity::Internal, Sensitivity::Sensitive})
    RC_ASSERT(scope.rows_at(operation, object.state, level).admits(object) ==
              (answer.allowed && level <= answer.level));
}

RC_GTEST_PROP(AccessLaws, ARoleMoreNeverTakesAwayAndALineLessNeverGrants, ()) {
  Account account = random_account();
  const Object object = random_object();
  const Operation operation = random_operation();
  const bool before = policy().scope_of(account, {}, kToday).may(operation, object).allowed;
  Account more = account;
  more.roles.push_back(*rc::gen::elementOf(policy().roles()));
  diagnostic::Diagnostics apart;
  const Scope with = policy().scope_of(more, {}, kToday, &apart);
  if (apart.empty()) RC_ASSERT(!before || with.may(operation, object).allowed);
  pack::Pack fewer;
  fewer.access = standard().access;
  auto& lines = fewer.access.at(0).lines;
  lines.erase(lines.begin() +
              *rc::gen::inRange<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(lines.size())));
  diagnostic::Diagnostics ignored;
  const Policy less = Policy::compile(fewer, ignored);
  RC_ASSERT(!less.scope_of(account, {}, kToday).may(operation, object).allowed || before);
}

RC_GTEST_PROP(AccessLaws, NoFieldIsAskedForThatSomeListedRowHides, ()) {
  const Scope scope = policy().scope_of(random_account(), {}, kToday);
  const Object object = random_object();
  const Operation operation = random_operation();
  const auto level = static_cast<Sensitivity>(*rc::gen::inRange(0, 3));
  if (!may_use_in_query(scope, operation, object.state, level)) return;
  const Answer answer = scope.may(operation, object);
  if (answer.allowed) RC_ASSERT(level <= answer.level);
}

// Whether the totals that are shown leave one value for a hidden cell: its unit vector is a combination of
// their rows.
bool follows_from_totals(const std::vector<std::vector<std::optional<std::int64_t>>>& shown, std::size_t row,
                         std::size_t column) {
  const std::size_t rows = shown.size(), columns = shown[0].size();
  std::vector<std::vector<double>> equations;
  const auto add = [&](const auto& is_in) {
    std::vector<double> equation(rows * columns, 0);
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < columns; ++c)
        if (!shown[r][c] && is_in(r, c)) equation[r * columns + c] = 1;
    equations.push_back(std::move(equation));
  };
  if (columns > 1 || rows == 1)
    for (std::size_t line = 0; line < rows; ++line)
      add([&](std::size_t r, std::size_t) { return r == line; });
  if (rows > 1)
    for (std::size_t line = 0; line < columns; ++line)
      add([&](std::size_t, std::size_t c) { return c == line; });
  const auto rank = [](std::vector<std::vector<double>> matrix) {
    std::size_t out = 0;
    for (std::size_t at = 0; at < matrix[0].size() && out < matrix.size(); ++at) {
      std::size_t pivot = out;
      for (std::size_t r = out; r < matrix.size(); ++r)
        if (std::abs(matrix[r][at]) > std::abs(matrix[pivot][at])) pivot = r;
      if (std::abs(matrix[pivot][at]) < 1e-9) continue;
      std::swap(matrix[pivot], matrix[out]);
      for (std::size_t r = 0; r < matrix.size(); ++r) {
        if (r == out) continue;
        const double factor = matrix[r][at] / matrix[out][at];
        for (std::size_t c = at; c < matrix[0].size(); ++c) matrix[r][c] -= factor * matrix[out][c];
      }
      ++out;
    }
    return out;
  };
  const std::size_t before = rank(equations);
  add([&](std::size_t r, std::size_t c) { return r == row && c == column; });
  return rank(equations) == before;
}

void expect_safe(const std::vector<std::vector<std::int64_t>>& counts, std::int64_t least) {
  const auto shown = suppressed(counts, least);
  for (std::size_t r = 0; r < counts.size(); ++r)
    for (std::size_t c = 0; c < counts[r].size(); ++c) {
      if (shown[r][c]) {
        ASSERT_EQ(*shown[r][c], counts[r][c]);
        ASSERT_FALSE(counts[r][c] > 0 && counts[r][c] < least);
      } else if (counts.size() * counts[r].size() > 1) {
        ASSERT_FALSE(follows_from_totals(shown, r, c)) << r << "," << c;
      }
    }
}

TEST(Suppression, AHiddenCellThatLinksTwoBlocksDoesNotFollowFromTheTotals) {
  expect_safe({{2, 2, 2, 9}, {2, 2, 9, 9}, {9, 9, 2, 2}, {9, 9, 2, 2}}, 3);
}
TEST(Suppression, OneRowOrOneColumn) {
  expect_safe({{1, 9, 9}}, 3);
  expect_safe({{1}, {9}, {9}}, 3);
  EXPECT_EQ(suppressed({{1, 9, 8}}, 3),
            (std::vector<std::vector<std::optional<std::int64_t>>>{{std::nullopt, 9, std::nullopt}}));
  EXPECT_TRUE(suppressed({}, 3).empty());
}
TEST(Suppression, NothingSmallHidesNothing) {
  const auto shown = suppressed({{0, 3}, {7, 9}}, 3);
  EXPECT_EQ(shown[0][0], 0);
  EXPECT_EQ(shown[1][1], 9);
}

RC_GTEST_PROP(SuppressionLaws, NoHiddenCountFollowsFromTheTotals, ()) {
  const auto rows = *rc::gen::inRange<std::size_t>(1, 6), columns = *rc::gen::inRange<std::size_t>(1, 6);
  std::vector<std::vector<std::int64_t>> counts(rows);
  for (auto& row : counts)
    for (std::size_t c = 0; c < columns; ++c)
      row.push_back(*rc::gen::element<std::int64_t>(0, 1, 2, 3, 9, 9, 12));
  expect_safe(counts, 3);
  RC_ASSERT(!testing::Test::HasFatalFailure());
}

TEST(Access, AnOutsiderWithAMistakenRoleIsToldNothing) {
  const Scope scope =
      policy().scope_of({.id = "x", .unit = "样例银行", .roles = {"outside_unit", "nobody"}}, {}, kToday);
  EXPECT_EQ(scope.refusal(scope.may(Operation::ReadResult, {.firm = "甲"})).zh, "没有这一项。");
  const Scope unknown = policy().scope_of({.id = "x", .roles = {"nobody"}}, {}, kToday);
  EXPECT_EQ(unknown.refusal(unknown.may(Operation::ReadResult, {.firm = "甲"})).zh, "没有这一项。")
      << "who is nobody is outside";
}

TEST(Access, APackWithoutRightsIsTold) {
  diagnostic::Diagnostics diagnostics;
  Policy::compile(pack::Pack{}, diagnostics);
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_EQ(diagnostics[0].code, "W-ACCESS-104");
}

TEST(Access, WhatMustBeDoneByAnotherIsRefusedWhileNobodyKnowsWhoDidTheFirst) {
  const Scope chief = policy().scope_of({.id = "李四", .roles = {"chief"}}, {}, kToday);
  EXPECT_FALSE(chief.may(Operation::ApproveCorrection, {.state = State::Locked}).allowed);
  EXPECT_TRUE(chief.may(Operation::ApproveCorrection, {.state = State::Locked, .done_by = "张三"}).allowed);
  EXPECT_TRUE(chief.may(Operation::PublishResult, {.state = State::Locked}).allowed)
      << "nothing comes before it";
}

}  // namespace
}  // namespace tenglong::access
