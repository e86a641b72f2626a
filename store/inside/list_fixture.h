// For tests of lists: three registers in three towns, rights in every relation and state, and a store of
// either kind.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "campaign/access/access.h"
#include "store/store.h"
#include "tests/postgres/postgres.h"

namespace tenglong::store {

class SplitMix {  // splitmix64
 public:
  explicit SplitMix(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t bound) {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return (z ^ (z >> 31)) % bound;
  }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

inline constexpr const char* kTowns[] = {"330902001", "330902101", "330902102"};
inline constexpr const char* kTax = "区税务局";
inline constexpr const char* kPower = "区供电公司";

inline pack::Pack list_district() {
  pack::Pack out;
  schema::Codes towns{.id = "town", .name = "镇街", .level = "town"};
  towns.entries = {{.code = kTowns[0], .name = "昌国街道"},
                   {.code = kTowns[1], .name = "金塘镇"},
                   {.code = kTowns[2], .name = "白泉镇"}};
  towns.build_index();
  out.schema.codes = {towns};
  schema::Register firm{.id = "enterprise", .name = "企业", .key = {"credit_code"}};
  firm.fields = {{.id = "credit_code", .name = "代码", .type = schema::FieldType::CreditCode},
                 {.id = "legal_name", .name = "企业名称", .type = schema::FieldType::Text},
                 {.id = "town", .name = "镇街", .type = schema::FieldType::Area, .codes = "town"},
                 {.id = "phone", .name = "联系电话", .type = schema::FieldType::Text}};
  firm.fields[0].sensitivity = firm.fields[1].sensitivity = schema::Sensitivity::Public;
  firm.fields[3].sensitivity = schema::Sensitivity::Sensitive;
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .of = "enterprise", .period = schema::PeriodKey::Year};
  year.fields = {{.id = "tax", .name = "实缴税收", .type = schema::FieldType::Number, .provider = kTax},
                 {.id = "power", .name = "用电量", .type = schema::FieldType::Number, .provider = kPower},
                 {.id = "land", .name = "用地面积", .type = schema::FieldType::Number},
                 {.id = "above_scale", .name = "规上", .type = schema::FieldType::Boolean}};
  year.fields[0].sensitivity = schema::Sensitivity::Sensitive;
  year.fields[1].sensitivity = schema::Sensitivity::Sensitive;
  year.fields[2].sensitivity = schema::Sensitivity::Public;
  schema::Register parcel{.id = "parcel", .name = "宗地", .key = {"number"}};
  parcel.fields = {
      {.id = "number", .name = "宗地号", .type = schema::FieldType::Text},
      {.id = "holder", .name = "使用人", .type = schema::FieldType::Reference, .to = "enterprise"},
      {.id = "area_mu", .name = "面积", .type = schema::FieldType::Number}};
  out.schema.registers = {firm, year, parcel};
  return out;
}

// The rights as a pack writes them; every operation that lists ask about, in every relation and state.
inline pack::Access list_rights() {
  const auto words = [](std::vector<const char*> all) {
    std::vector<pack::AccessWord> out;
    for (const char* each : all) out.push_back({each, {}});
    return out;
  };
  pack::Access out;
  out.roles = {{.id = "analyst", .name = "专班分析员"},
               {.id = "town", .name = "镇街经办人"},
               {.id = "department", .name = "部门经办人"},
               {.id = "contact", .name = "企业联络员", .is_outside = true},
               {.id = "bank", .name = "外单位", .is_outside = true},
               {.id = "cleaner", .name = "无权的人"}};
  out.small_count = quantity::Decimal(3);
  out.masks = {{.field = {"phone", {}}, .first = quantity::Decimal(3), .last = quantity::Decimal(2)}};
  const auto line = [&](std::vector<const char*> roles, std::vector<const char*> operations,
                        const char* relation, std::vector<const char*> states,
                        const char* level) -> pack::AccessLine& {
    out.lines.push_back({.roles = words(roles),
                         .operations = words(operations),
                         .relations = words({relation}),
                         .states = words(states),
                         .level = {level, {}}});
    return out.lines.back();
  };
  const std::vector<const char*> reads = {"看台账", "查找", "计数汇总", "导出台账"};
  line({"analyst"}, reads, "全区", {}, "敏感");
  line({"town"}, reads, "本镇街", {}, "内部");
  line({"town"}, {"看台账"}, "全区", {"已公布"}, "公开");
  line({"department"}, reads, "本部门", {}, "敏感");
  line({"department"}, {"看台账"}, "全区", {"已公布"}, "内部");
  line({"contact"}, reads, "本企业", {"已确认", "已锁定", "已公布"}, "敏感");
  line({"bank"}, reads, "已授权企业", {"已公布"}, "公开");
  pack::AccessLine& large = line({"bank"}, {"看台账"}, "全区", {"已公布"}, "公开");
  large.of = {"企业年度", {}};
  large.condition = {"用地面积 > 40", {}};
  return out;
}

class ListFixture : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    pack_ = list_district();
    pack_.access = {list_rights()};
    diagnostic::Diagnostics told;
    policy_ = access::Policy::compile(pack_, told);
    if (std::string_view(GetParam()) == "postgres") {
      where_ = postgres::new_database();
      return;
    }
    static int counter = 0;
    folder_ = std::filesystem::temp_directory_path() /
              ("tenglong-list-" + std::to_string(getpid()) + "-" + std::to_string(counter++));
    std::filesystem::remove_all(folder_);
    where_ = folder_.string();
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }
  std::unique_ptr<Store> open() {
    return open_store(where_, "330902", pack_.schema, access::Scope::whole_district("operator"));
  }

  static std::string firm(std::size_t number) {
    const std::string digits = std::to_string(number);
    return "91330902MA" + std::string(8 - digits.size(), '0') + digits;
  }
  static registers::Statement said(const char* register_id, std::string key, std::optional<int> year,
                                   std::vector<registers::FieldValue> values) {
    registers::Statement out{.register_id = register_id, .record_key = std::move(key)};
    if (year) out.period = calendar::Period::year(*year);
    out.sheet = "表";
    out.row = 3;
    out.values = std::move(values);
    return out;
  }
  static void send(Store& store, const char* register_id, const char* provider,
                   std::vector<registers::Statement> statements) {
    registers::Batch batch{
        .register_id = register_id, .provider = provider, .received_at = "2023-05-06T09:10:11+08:00"};
    const auto writer = store.registers().write(batch);
    for (const registers::Statement& each : statements) writer->add(each);
    writer->commit(batch);
  }
  static registers::FieldValue number(int field, std::int64_t value) {
    return {.field = field, .value = quantity::Decimal(value)};
  }

  // Firms in three towns, two years of facts from several providers, some of them in dispute, some missing.
  static void fill(Store& store, SplitMix& random, std::size_t firms) {
    std::vector<registers::Statement> enterprises;
    for (std::size_t i = 0; i < firms; ++i)
      enterprises.push_back(
          said("enterprise", firm(i), {},
               {{.field = 0, .value = firm(i)},
                {.field = 1, .value = "样例" + std::to_string(random.below(50)) + "有限公司"},
                {.field = 2, .value = std::string(kTowns[random.below(3)])},
                {.field = 3, .value = std::string("13800000001")}}));
    send(store, "enterprise", "专班", enterprises);
    for (const int year : {2022, 2023})
      for (const char* provider : {kTax, kPower, "金塘镇"}) {
        std::vector<registers::Statement> facts;
        for (std::size_t i = 0; i < firms; ++i) {
          if (random.one_in(8)) continue;
          std::vector<registers::FieldValue> values;
          for (int field = 0; field < 3; ++field) {
            if (random.one_in(3)) continue;
            if (random.one_in(6))
              values.push_back({.field = field, .state = quantity::State::Missing});
            else
              values.push_back(number(field, static_cast<std::int64_t>(random.below(60))));
          }
          if (!random.one_in(3)) values.push_back({.field = 3, .value = random.one_in(2)});
          facts.push_back(said("enterprise_year", firm(i), year, values));
        }
        send(store, "enterprise_year", provider, facts);
      }
    std::vector<registers::Statement> parcels;
    for (std::size_t i = 0; i < firms; ++i)
      parcels.push_back(said("parcel", "Z" + std::to_string(i), {},
                             {{.field = 0, .value = "Z" + std::to_string(i)},
                              {.field = 1, .value = firm(random.below(firms + 3))},
                              number(2, static_cast<std::int64_t>(random.below(90)))}));
    send(store, "parcel", "自然资源局", parcels);
  }

  pack::Pack pack_;
  access::Policy policy_;
  std::filesystem::path folder_;
  std::string where_;
};

}  // namespace tenglong::store
