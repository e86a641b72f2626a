#include <gtest/gtest.h>

#include "engine/result/result.h"

namespace tenglong::result {
namespace {

using quantity::literals::operator""_decimal;

Result small_result() {
  Result result;
  result.header = {.pack_id = "trial",
                   .pack_fingerprint = "aa",
                   .overlays = {"sample"},
                   .snapshot_fingerprint = "bb",
                   .engine_version = "1",
                   .period = calendar::Period::year(2022),
                   .mark = "样例参数"};
  SchemeResult scheme{
      .scheme = "综合评价", .id = "overall", .clause = "三(一)6", .mark = "", .groups = {"", "大型"}};
  scheme.outcomes.push_back({.row = 4,
                             .key = "A",
                             .standing = Standing::Rated,
                             .items = {{State::Known, "12.50"_decimal}, {State::Missing, std::nullopt}},
                             .adjustment = "-1"_decimal,
                             .total = "11.5"_decimal,
                             .group = 1,
                             .rank = 1,
                             .raw_grade = "A",
                             .veto = "C",
                             .protect = "",
                             .grade = "C"});
  scheme.outcomes.push_back(
      {.row = 2, .key = "B", .standing = Standing::NotRated, .why = "缺少“亩均税收”（缺报）\t\n\\"});
  scheme.balance = balance_of(scheme, 2, {"A", "B", "C", "D"});
  result.schemes.push_back(scheme);
  RosterResult roster{.roster = "低效清单", .id = "low", .clause = "", .mark = ""};
  roster.entries.push_back({.row = 0, .key = "-", .place = RosterEntry::Place::Listed, .why = ""});
  roster.entries.push_back({.row = 1, .key = "B", .place = RosterEntry::Place::Unknown, .why = "缺数据"});
  count_entries(roster);
  result.rosters.push_back(roster);
  result.aggregates.push_back(
      {.indicator = "全区亩均税收",
       .id = "tax",
       .clause = "",
       .mark = "",
       .cells = {{"", "", State::Known, "3.25"_decimal, 7}, {"镇街", "1", State::Missing, {}, 0}}});
  result.targets.push_back({.target = "P10",
                            .clause = "二·P10",
                            .mark = "",
                            .period = *calendar::Period::parse("2021-2023"),
                            .external_records = 3,
                            .cells = {{"", "", State::Known, "1200"_decimal, 9}}});
  result.refusals.push_back({"roster", "高耗清单", "三(一)3", {"低效认定线（年度 2021；Q01）"}});
  return result;
}

TEST(canonical, says_every_stored_fact_once_and_nothing_of_row_numbers) {
  EXPECT_EQ(canonical(small_result()),
            "tenglong-result\t1\n"
            "pack\ttrial\taa\n"
            "overlay\tsample\n"
            "snapshot\tbb\n"
            "engine\t1\n"
            "period\t2022\n"
            "scheme\toverall\t三(一)6\t\n"
            "balance\t2\t1\t0\t1\n"
            "grade\tA\t0\ngrade\tB\t0\ngrade\tC\t1\ngrade\tD\t0\n"
            "outcome\tA\trated\t\t11.5\t大型\t1\tA\tC\t\tC\t-1\tknown\t12.5\tmissing\t-\n"
            "outcome\tB\tnot_rated\t缺少“亩均税收”（缺报）\\t\\n\\\\\t-\t-\t0\t\t\t\t\t0\n"
            "roster\tlow\t\t\t2\t1\t0\t0\t1\n"
            "entry\t\\-\tlisted\t\n"
            "entry\tB\tunknown\t缺数据\n"
            "indicator\ttax\t\t\n"
            "cell\t\t\tknown\t3.25\t7\n"
            "cell\t镇街\t1\tmissing\t-\t0\n"
            "target\tP10\t二·P10\t\t2021-2023\t3\n"
            "cell\t\t\tknown\t1200\t9\n"
            "refusal\troster\t高耗清单\t三(一)3\t低效认定线（年度 2021；Q01）\n");
}

TEST(fingerprint, ignores_order_and_row_numbers_but_no_fact) {
  const Result result = small_result();
  Result shuffled = result;
  std::swap(shuffled.schemes[0].outcomes[0], shuffled.schemes[0].outcomes[1]);
  std::swap(shuffled.rosters[0].entries[0], shuffled.rosters[0].entries[1]);
  shuffled.schemes[0].outcomes[0].row = 99;
  EXPECT_EQ(fingerprint_of(shuffled), fingerprint_of(result));

  struct Change {
    const char* what;
    void (*change)(Result&);
  };
  const Change kChanges[] = {
      {"a total", [](Result& r) { r.schemes[0].outcomes[0].total = "11.500001"_decimal; }},
      {"a grade", [](Result& r) { r.schemes[0].outcomes[0].grade = "B"; }},
      {"a rank", [](Result& r) { r.schemes[0].outcomes[0].rank = 2; }},
      {"a state", [](Result& r) { r.schemes[0].outcomes[0].items[1].state = State::Disputed; }},
      {"a reason", [](Result& r) { r.schemes[0].outcomes[1].why = "其他"; }},
      {"a place", [](Result& r) { r.rosters[0].entries[1].place = RosterEntry::Place::Listed; }},
      {"a cell", [](Result& r) { r.aggregates[0].cells[0].value = "3.26"_decimal; }},
      {"the snapshot", [](Result& r) { r.header.snapshot_fingerprint = "bc"; }},
      {"the period", [](Result& r) { r.header.period = calendar::Period::year(2021); }},
      {"a refusal", [](Result& r) { r.refusals.clear(); }},
  };
  for (const Change& each : kChanges) {
    Result changed = result;
    each.change(changed);
    EXPECT_NE(fingerprint_of(changed), fingerprint_of(result)) << each.what;
  }
}

TEST(encode, is_read_back_losslessly) {
  Result result = small_result();
  result.header.fingerprint = fingerprint_of(result);
  const std::string bytes = encode(result);
  const Result back = decode(bytes);
  EXPECT_EQ(encode(back), bytes);
  EXPECT_EQ(canonical(back), canonical(result));
  EXPECT_EQ(back.header.fingerprint, result.header.fingerprint);
  EXPECT_EQ(back.header.mark, "样例参数");
  EXPECT_EQ(back.schemes[0].outcomes[0].row, 4u);
  EXPECT_EQ(back.scheme("overall"), &back.schemes[0]);
  EXPECT_EQ(back.schemes[0].find("B"), &back.schemes[0].outcomes[1]);
  EXPECT_EQ(back.schemes[0].find("C"), nullptr);
}

TEST(decode, refuses_every_shortened_or_foreign_byte_string) {
  const std::string bytes = encode(small_result());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_THROW(decode(std::string_view(bytes).substr(0, size)), DamagedResult) << size;
  EXPECT_THROW(decode(bytes + "x"), DamagedResult);
  EXPECT_THROW(decode("PK\x03\x04 something else"), DamagedResult);
}

struct BalanceCase {
  const char* what;
  void (*change)(SchemeResult&);
  std::int64_t due;
  const char* failure;  // "" if it balances
};

const BalanceCase kBalanceCases[] = {
    {"as made", [](SchemeResult&) {}, 2, ""},
    {"a record was lost", [](SchemeResult&) {}, 3, "应评 3 ≠ 参评 + 免评 + 不评 2"},
    {"a grade outside the list", [](SchemeResult& s) { s.outcomes[0].grade = "E"; }, 2,
     "参评 1 ≠ 各档之和 0"},
    {"a record twice", [](SchemeResult& s) { s.outcomes[1].key = "A"; }, 2, "同一对象出现两次：A"},
    {"rated without a group", [](SchemeResult& s) { s.outcomes[0].group = -1; }, 2, "参评对象没有分组：A"},
    {"not due but counted", [](SchemeResult& s) { s.outcomes[1].standing = Standing::NotDue; }, 2,
     "不在应评范围的对象进了结果：B"},
};

TEST(balance, says_every_equation_that_fails) {
  for (const BalanceCase& each : kBalanceCases) {
    SchemeResult scheme = small_result().schemes[0];
    each.change(scheme);
    const Balance balance = balance_of(scheme, each.due, {"A", "B", "C", "D"});
    if (*each.failure == '\0') {
      EXPECT_TRUE(balance.failures.empty()) << each.what;
    } else {
      ASSERT_FALSE(balance.failures.empty()) << each.what;
      EXPECT_EQ(balance.failures.front(), each.failure) << each.what;
    }
  }
}

TEST(points, are_a_number_or_none_in_the_room_of_a_number) {
  EXPECT_EQ(sizeof(Points), sizeof(Decimal));
  EXPECT_FALSE(Points().has_value());
  EXPECT_FALSE(Points(std::optional<Decimal>()).has_value());
  EXPECT_EQ(Points(), Points(std::nullopt));
  EXPECT_NE(Points(), Points("0"_decimal));
  EXPECT_EQ(Points("12.50"_decimal), Points("12.5"_decimal));
  EXPECT_EQ((*Points("-0.000001"_decimal)).to_string(), "-0.000001");
  EXPECT_EQ(std::optional<Decimal>(Points("9e6144"_decimal)), "9e6144"_decimal);
}

}  // namespace
}  // namespace tenglong::result
