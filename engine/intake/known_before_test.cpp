// What an import does with what is known before it: a locked year, preliminary figures, who enterprises are.
#include <gtest/gtest.h>

#include "engine/intake/intake.h"
#include "engine/register/memory_store.h"
#include "engine/schema/credit_code.h"

namespace tenglong::intake {
namespace {

const std::string kA = schema::credit_code_from(1, "330902"), kB = schema::credit_code_from(2, "330902");

schema::Schema two_registers() {
  schema::Schema schema;
  schema::Register enterprise{.id = "enterprise", .name = "企业", .key = {"credit_code"}};
  enterprise.fields = {{.id = "credit_code",
                        .name = "统一社会信用代码",
                        .type = schema::FieldType::CreditCode,
                        .required = true},
                       {.id = "legal_name", .name = "企业名称", .type = schema::FieldType::Text}};
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .of = "enterprise", .period = schema::PeriodKey::Year};
  year.fields = {
      {.id = "tax_paid", .name = "实缴税收", .type = schema::FieldType::Number, .provider = "区税务局"}};
  schema.registers = {enterprise, year};
  return schema;
}

schema::NameRules rules() {
  schema::NameRules out{.register_id = "enterprise", .name_field = "legal_name", .least = 40, .most = 5};
  out.scores = {90, 85, 75, 60, 65, 95, 90, 85, 85, 20};
  return out;
}

Options by(const identity::Index& index, std::optional<int> sure = {}) {
  return {.enterprises = [&index] { return &index; }, .names = &index.rules(), .sure_name = sure};
}

class KnownBefore : public ::testing::Test {
 protected:
  void SetUp() override {
    import("企业.csv", "统一社会信用代码,企业名称\n" + kA + ",甲厂\n" + kB + ",乙厂\n");
  }
  Intake import(const char* file, const std::string& text, Options options = {}) {
    options.provider = "区税务局";
    options.received_at = "2024-05-06T09:00:00+08:00";
    return import_bytes(file, text, schema_, store_, options);
  }
  std::string tax(const std::string& key, int year) {
    for (const registers::Record& each : registers::read_record(store_, schema_.registers[1], key, {}))
      if (each.period == calendar::Period::year(year))
        return registers::to_text(each.fields[0].value) + (each.fields[0].is_preliminary ? "快报" : "");
    return "无";
  }
  static std::string codes(const Intake& intake) {
    std::string out;
    for (const auto& each : intake.diagnostics) out += each.code + ";";
    return out;
  }

  schema::Schema schema_ = two_registers();
  registers::MemoryStore store_;
};

TEST_F(KnownBefore, ALockedYearRefusesWhatDiffersRowByRow) {
  import("2023年税收.csv", "统一社会信用代码,实缴税收\n" + kA + ",5\n" + kB + ",6\n");
  const Options locked{.closed = {{calendar::Period::year(2023), "2024-05-01"}}};
  const Intake late =
      import("2023年税收改.csv", "统一社会信用代码,实缴税收\n" + kA + ",5\n" + kB + ",7\n", locked);
  EXPECT_EQ(codes(late), "E-INTAKE-324;") << "the row that says the same is not refused";
  EXPECT_EQ(tax(kB, 2023), "6");
  EXPECT_EQ(late.sheets[0].refused, 1);
  EXPECT_EQ(late.sheets[0].unchanged, 1);
  EXPECT_EQ(codes(import("2024年税收.csv", "统一社会信用代码,实缴税收\n" + kA + ",8\n", locked)), "");
  EXPECT_EQ(tax(kA, 2024), "8");
}

TEST_F(KnownBefore, TheFinalFigureIsNewsThoughItIsTheSame) {
  import("2023年快报.csv", "统一社会信用代码,实缴税收\n" + kA + ",5\n", {.is_preliminary = true});
  EXPECT_EQ(tax(kA, 2023), "5快报");
  EXPECT_TRUE(import("2023年终报.csv", "统一社会信用代码,实缴税收\n" + kA + ",5\n").stored);
  EXPECT_EQ(tax(kA, 2023), "5");
}

TEST_F(KnownBefore, AnUnknownCodeIsOfferedWhoItMayBeAndDecidedOnesAreFollowed) {
  std::string wrong = kA;
  wrong[9] = wrong[9] == '7' ? '8' : '7';
  const std::string rows = "统一社会信用代码,实缴税收\n" + wrong + ",5\n";
  const identity::Index asked = identity::index_of(schema_, store_, rules(), {}, {});
  EXPECT_NE(codes(import("2023年税收.csv", rows, by(asked))).find("W-INTAKE-321;"), std::string::npos);
  const identity::Index decided =
      identity::index_of(schema_, store_, rules(), {}, {{.code = wrong, .enterprise = kA}});
  const std::string next = "统一社会信用代码,实缴税收\n" + wrong + ",6\n";
  EXPECT_NE(codes(import("2024年税收.csv", next, by(decided))).find("N-INTAKE-322;"), std::string::npos);
  EXPECT_EQ(tax(kA, 2024), "6");
  EXPECT_NE(codes(import("2025年税收.csv", rows + kA + ",6\n", by(decided))).find("W-INTAKE-323;"),
            std::string::npos);
  EXPECT_EQ(tax(kA, 2025), "6") << "two rows of one enterprise are not added up or overwritten";
}

// Figures of a time at which the enterprise was no more: in a year in which it ended it still had some.
TEST_F(KnownBefore, FiguresOfOneThatHadEndedAreTold) {
  const std::string kC = schema::credit_code_from(5, "330902");
  const schema::NameRules by_name = rules();
  import("又.csv", "统一社会信用代码,企业名称\n" + kC + ",丙厂\n");
  const identity::Index index = identity::index_of(schema_, store_, by_name, {}, {});
  Options told = by(index);
  told.events = {
      {.number = 1, .kind = identity::EventKind::Merge, .on = {2023, 6, 30}, .from = {kA, kB}, .to = {kA}},
      {.number = 2, .kind = identity::EventKind::Close, .on = {2024, 1, 1}, .from = {kC}},
      {.number = 3, .kind = identity::EventKind::Split, .on = {2023, 7, 1}, .from = {kA}, .to = {kA, kC}}};
  const struct {
    const char* file;
    const std::string& code;
    const char* says;  // "": nothing
  } kCases[] = {
      {"2023年税收.csv", kB, ""}, {"2024年税收.csv", kB, "已于 2023-06-30 合并，现为 "},
      {"2025年税收.csv", kA, ""}, {"2024年税收.csv", kC, "已于 2024-01-01 注销，2024 的数"},
      {"2023年税收.csv", kC, ""},
  };
  int tax_paid = 5;  // no two files alike: they would be one
  for (const auto& each : kCases) {
    const Intake intake = import(
        each.file, "统一社会信用代码,实缴税收\n" + each.code + "," + std::to_string(tax_paid++) + "\n", told);
    std::string words;
    for (const auto& one : intake.diagnostics)
      if (one.code == "W-INTAKE-332") words += one.message.zh;
    EXPECT_EQ(words.empty(), std::string(each.says).empty()) << each.file << " " << words;
    EXPECT_NE(words.find(each.says), std::string::npos) << each.file << " " << words;
    EXPECT_TRUE(intake.stored) << "told, not refused";
  }
}

struct NameCase {
  const char* what;
  const char* name;
  const char* expected;  // the finding, and whose tax it is then
};
TEST_F(KnownBefore, ASheetWithoutCodesIsReadByTheNames) {
  const std::string kC = schema::credit_code_from(3, "330902"), kD = schema::credit_code_from(4, "330902");
  import("又.csv", "统一社会信用代码,企业名称\n" + kC + ",海龙机械有限公司\n" + kD + ",甲厂\n");
  schema::NameRules by_name = rules();
  by_name.endings = {"有限公司", "厂"};
  const identity::Index index =
      identity::index_of(schema_, store_, by_name, {}, {{.name = "海龙机戒", .enterprise = kC}});
  const auto whose = [&](int year) {
    std::string out;
    for (const std::string& key : {kA, kB, kC, kD})
      if (tax(key, year) != "无") out += key == kB ? "乙" : key == kC ? "丙" : "甲或丁";
    return out;
  };
  const NameCase cases[] = {{"one who bears it", "乙厂", "N-INTAKE-329乙"},
                            {"width and blanks do not matter", "乙 厂　", "N-INTAKE-329乙"},
                            {"two who bear it", "甲厂", "E-INTAKE-330"},
                            {"only alike", "海龙机械厂", "E-INTAKE-330"},
                            {"decided before", "海龙机戒", "N-INTAKE-322丙"},
                            {"nobody", "无名山庄", "E-INTAKE-331"},
                            {"no name at all", "", "E-INTAKE-216"}};
  int year = 2000;
  for (const NameCase& c : cases) {
    const Intake intake = import((std::to_string(++year) + "年税收.csv").c_str(),
                                 std::string("企业名称,实缴税收\n") + c.name + ",5\n", by(index, 90));
    std::string told;
    for (const diagnostic::Diagnostic& each : intake.diagnostics)
      if (each.code != "N-INTAKE-328") told += each.code;
    EXPECT_EQ(told + whose(year), c.expected) << c.what;
    EXPECT_EQ(intake.diagnostics.empty() ? "" : intake.diagnostics.front().code, "N-INTAKE-328") << c.what;
  }
  EXPECT_EQ(
      registers::to_text(registers::read_record(store_, schema_.registers[0], kC, {})[0].fields[1].value),
      "海龙机械有限公司")
      << "nobody is renamed by what a sheet calls him";
}

TEST_F(KnownBefore, RowsThatWereInDoubtGoInOnceSomebodyHasDecided) {
  schema::NameRules by_name = rules();
  const std::string rows = "企业名称,实缴税收\n乙厂,5\n甲工厂,6\n";
  const identity::Index before = identity::index_of(schema_, store_, by_name, {}, {});
  const Intake first = import("2023年税收.csv", rows, by(before, 90));
  EXPECT_EQ(first.sheets[0].accepted, 1);
  EXPECT_EQ(first.sheets[0].refused, 1);
  const identity::Index after =
      identity::index_of(schema_, store_, by_name, {}, {{.name = "甲工厂", .enterprise = kA}});
  const Intake second = import("2023年税收.csv", rows, by(after, 90));
  EXPECT_EQ(second.sheets[0].accepted, 1);
  EXPECT_EQ(second.sheets[0].unchanged, 1);
  EXPECT_EQ(tax(kA, 2023), "6");
  EXPECT_FALSE(import("2023年税收.csv", rows, by(after, 90)).stored);
}

// Reading every enterprise is for files that need it.
TEST_F(KnownBefore, WhoEnterprisesAreIsAskedForOnlyWhereACodeIsUnknownOrANameStands) {
  const identity::Index index = identity::index_of(schema_, store_, rules(), {}, {});
  int asked = 0;
  Options counted = by(index);
  counted.enterprises = [&] { return ++asked, &index; };
  std::string wrong = kA;
  wrong[9] = wrong[9] == '7' ? '8' : '7';
  const std::string head = "统一社会信用代码,实缴税收\n";
  import("2023年税收.csv", head + kA + ",5\n" + kB + ",6\n", counted);
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(tax(kB, 2023), "6");
  import("2024年税收.csv", head + wrong + ",5\n", counted);
  EXPECT_GT(asked, 0);
  asked = 0;
  import("2025年税收.csv", "企业名称,实缴税收\n乙厂,5\n", counted);
  EXPECT_GT(asked, 0);
}

// From which score on a name is sure, the pack says.
TEST_F(KnownBefore, AsSureAsThePackSays) {
  schema::NameRules sure = rules();
  sure.sure = 90;
  const identity::Index index = identity::index_of(schema_, store_, sure, {}, {});
  EXPECT_NE(codes(import("2023年税收.csv", "企业名称,实缴税收\n乙厂,5\n", by(index))).find("N-INTAKE-329"),
            std::string::npos);
  EXPECT_NE(
      codes(import("2024年税收.csv", "企业名称,实缴税收\n乙厂,6\n", by(index, 100))).find("E-INTAKE-330"),
      std::string::npos);
}

TEST_F(KnownBefore, UnlessToldOtherwiseAPersonIsAlwaysAsked) {
  const identity::Index index = identity::index_of(schema_, store_, rules(), {}, {});
  const Intake intake = import("2023年税收.csv", "企业名称,实缴税收\n乙厂,5\n", by(index));
  EXPECT_NE(codes(intake).find("E-INTAKE-330"), std::string::npos);
  EXPECT_EQ(codes(import("2024年税收.csv", "企业名称,实缴税收\n乙厂,5\n")),
            "E-INTAKE-102;N-INTAKE-112;W-INTAKE-121;")
      << "nobody knows who enterprises are";
}

TEST_F(KnownBefore, ValuesHoldFromTheirDay) {
  import("改名.csv", "统一社会信用代码,企业名称\n" + kA + ",新甲厂\n", {.effective = calendar::Date {
           2022,
           5,
           1
         }});
  const auto name = [&](const char* day) {
    return registers::to_text(
        registers::read_record(store_, schema_.registers[0], kA, {.as_of = calendar::Date::parse(day)})[0]
            .fields[1]
            .value);
  };
  EXPECT_EQ(name("2022-04-30"), "甲厂");
  EXPECT_EQ(name("2022-05-01"), "新甲厂");
}

}  // namespace
}  // namespace tenglong::intake
