// Prices of `yaml simulation`: a rate for every grade, and units that come to money.
#include <algorithm>
#include <set>

#include "engine/pack/inside/draft.h"

namespace tenglong::pack {
namespace {

constexpr const char* kGradeKey = "等级";

class PriceCheck {
 public:
  PriceCheck(Draft& draft, const Simulation& simulation, const schema::Register& of)
      : draft_(draft), findings_(draft.findings), simulation_(simulation), of_(of) {}

  void check(Price& price) {
    check_name(price);
    const schema::Field* field = of_.find_by_name(price.field);
    if (field == nullptr || !schema::is_number(field->type)) {
      std::vector<std::string> numbers;
      for (const schema::Field& each : of_.fields)
        if (schema::is_number(each.type)) numbers.push_back(each.name);
      if (!price.field.empty())
        findings_.add("E-PACK-202", at(price, "field"),
                      {"“" + of_.name + "”没有叫“" + price.field + "”的数值字段。",
                       "\"" + of_.name + "\" has no number field \"" + price.field + "\"."},
                      near_or_list(price.field, numbers));
      field = nullptr;
    }
    const Parameter* rate = draft_.pack.parameter(price.rate);
    if (rate == nullptr) {
      std::vector<std::string> names;
      for (const Parameter& each : draft_.pack.parameters) names.push_back(each.name);
      if (!price.rate.empty())
        findings_.add("E-PACK-202", at(price, "rate"),
                      {"没有叫“" + price.rate + "”的参数。", "There is no parameter \"" + price.rate + "\"."},
                      near_or_list(price.rate, names));
      return;
    }
    price.rate = rate->name;
    check_rate(price, *rate);
    if (field != nullptr) check_units(price, *rate, *field);
  }

 private:
  diagnostic::Place at(const Price& price, const char* key) const {
    return place_of_key(draft_, price.place, key);
  }

  // The name stands beside the measures and the grades of a goal.
  void check_name(const Price& price) {
    std::set<std::string> taken{"应评", "参评", "免评", "不评", "家数"};
    taken.insert(simulation_.measures.begin(), simulation_.measures.end());
    for (const auto& [code, name] : grades()) taken.insert(code);
    for (const Price& each : simulation_.prices)
      if (&each != &price && &each < &price) taken.insert(each.name);
    if (price.name.empty() || taken.count(price.name) == 0) return;
    findings_.add(
        "E-PACK-232", price.place,
        {"价格的名字“" + price.name + "”已经有别的意思了：等级、合计的数、另一个价格不能与它同名。",
         "The name \"" + price.name + "\" of a price already means a grade, a measure or another price."},
        {"换一个名字，如“用电加价”。", "Choose another name."});
  }

  std::vector<std::pair<std::string, std::string>> grades() const {
    std::vector<std::pair<std::string, std::string>> out;
    for (const Scheme& each : draft_.pack.schemes) {
      const schema::Codes* codes =
          each.of == simulation_.of ? draft_.pack.schema.find_codes(each.codes) : nullptr;
      if (codes == nullptr) continue;
      for (const schema::CodeEntry& entry : codes->entries) out.emplace_back(entry.code, entry.name);
    }
    return out;
  }

  void check_rate(const Price& price, const Parameter& rate) {
    if (rate.keys != std::vector<std::string>{kGradeKey} || rate.type.kind != feel::Kind::Number) {
      findings_
          .add("E-PACK-232", at(price, "rate"),
               {"“" + rate.name + "”不是按等级取值的数，价格无从分档。",
                "\"" + rate.name + "\" is no number by grade."},
               {"参数写 keys: [等级]，每档一行。", "Write keys: [等级] and a row for every grade."})
          .related.push_back({rate.place, {"参数在这里", "the parameter"}});
      return;
    }
    std::string lacking;
    for (const auto& grade : grades()) {
      const std::string& code = grade.first;
      const bool has = std::any_of(rate.rows.begin(), rate.rows.end(), [&](const ParameterRow& row) {
        return row.keys.size() == 1 && row.keys[0].kind() == feel::Kind::String &&
               row.keys[0].string() == code;
      });
      if (!has && lacking.find("“" + code + "”") == std::string::npos) lacking += "“" + code + "”";
    }
    if (lacking.empty()) return;
    findings_
        .add("E-PACK-232", at(price, "rate"),
             {"“" + rate.name + "”没有" + lacking + "这几档的行：不知道是不收，还是没公布。",
              "\"" + rate.name + "\" has no row for " + lacking +
                  ": nobody knows whether nothing is charged."},
             {"不收的档写 0，没公布的写 未公布。",
              "Write 0 where nothing is charged, 未公布 where it is not known."})
        .related.push_back({rate.place, {"参数在这里", "the parameter"}});
  }

  void check_units(Price& price, const Parameter& rate, const schema::Field& field) {
    static const quantity::Unit kYuan = *quantity::Unit::parse("元");
    if (!price.unit.same_dimension(kYuan)) {
      if (!price.unit.name().empty())
        findings_.add("E-PACK-232", at(price, "unit"),
                      {"价格算出来是钱，“" + price.unit.name() + "”不是。",
                       "A price comes to money; \"" + price.unit.name() + "\" is none."},
                      {"写 元、万元 或 亿元。", "Write 元, 万元 or 亿元."});
      return;
    }
    const auto both = quantity::product(rate.unit, field.unit);
    const auto way = both ? quantity::conversion(*both, price.unit) : std::nullopt;
    if (way) {
      price.to_unit = *way;
      return;
    }
    findings_
        .add("E-PACK-205", at(price, "rate"),
             {"“" + rate.name + "”（" + rate.unit.name() + "）乘“" + field.name + "”（" + field.unit.name() +
                  "）不是" + price.unit.name() + "。",
              "\"" + rate.name + "\" (" + rate.unit.name() + ") times \"" + field.name + "\" (" +
                  field.unit.name() + ") is not " + price.unit.name() + "."},
             {"费率的单位应是 元 除以字段的单位，如 元/千瓦时。",
              "The rate is money by the unit of the field, such as 元/千瓦时."})
        .related.push_back({rate.place, {"参数在这里", "the parameter"}});
  }

  Draft& draft_;
  Findings& findings_;
  const Simulation& simulation_;
  const schema::Register& of_;
};

}  // namespace

void check_prices(Draft& draft) {
  for (Simulation& one : draft.pack.simulations) {
    draft.findings.clause = one.clause;
    const schema::Register* of = draft.pack.schema.find(one.of);
    if (of == nullptr) continue;
    for (Price& each : one.prices) PriceCheck(draft, one, *of).check(each);
  }
}

}  // namespace tenglong::pack
