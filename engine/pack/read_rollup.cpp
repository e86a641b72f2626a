// `yaml rollup`: 抄表汇总, which meters' readings are added up to which figure.
#include <algorithm>
#include <map>

#include "engine/pack/inside/draft.h"

namespace tenglong::pack {

void read_rollup(Draft& draft, const RawBlock& raw) {
  Keys keys(raw.root, "rollup", draft.findings);
  Rollup rollup;
  read_block_head(draft, raw, keys, rollup, SourceRule::Required);
  rollup.of = keys.text("of", Need::Required);
  rollup.field = keys.text("field", Need::Required);
  rollup.meter = keys.text("meter", Need::Required);
  rollup.unit = keys.unit("unit", Need::Required);
  for (const std::string& written : keys.texts("also")) {
    const auto unit = quantity::Unit::parse(written);
    if (unit && unit->same_dimension(rollup.unit))
      rollup.also.push_back(*unit);
    else
      draft.findings.add(
          "E-PACK-298", keys.place_of("also"),
          {"“" + written + "”换算不到表计单位“" + rollup.unit.name() + "”。",
           "\"" + written + "\" does not lead to the meters' unit \"" + rollup.unit.name() + "\"."},
          {"also 只写读数还可能用的同类单位，如 [兆瓦时]。",
           "Only units of the same kind stand in also, such as [兆瓦时]."});
  }
  rollup.provider = keys.text("provider", Need::Required);
  keys.text("within_hours", Need::Required);
  if (const auto hours = keys.number("within_hours")) {
    const auto whole = hours->to_integer();
    if (!whole || *whole < 1 || *whole > 240)
      draft.findings.add("E-PACK-298", keys.place_of("within_hours"),
                         {"within_hours 要是 1 到 240 的整数：期初、期末之后这么多小时内的第一次抄表作数。",
                          "within_hours must be a whole number from 1 to 240: the first reading so soon "
                          "after a boundary counts."},
                         {"例如 within_hours: 24。", "For example within_hours: 24."});
    else
      rollup.within_hours = static_cast<int>(*whole);
  }
  keys.text("note");
  keys.finish();
  draft.pack.rollups.push_back(std::move(rollup));
}

// The field becomes its id, when every register is read.
void check_rollups(Draft& draft) {
  Findings& findings = draft.findings;
  const schema::Schema& schema = draft.pack.schema;
  // What a dial shows is in one unit, however many figures it adds up to.
  std::map<std::string, const Rollup*> first_of_kind;
  for (Rollup& one : draft.pack.rollups) {
    findings.clause = one.clause;
    const auto [first, is_first] = first_of_kind.emplace(one.meter, &one);
    if (!is_first &&
        (first->second->unit.name() != one.unit.name() ||
         !std::equal(one.also.begin(), one.also.end(), first->second->also.begin(), first->second->also.end(),
                     [](const auto& a, const auto& b) { return a.name() == b.name(); })))
      findings
          .add("E-PACK-298", place_of_key(draft, one.place, "unit"),
               {"同是“" + one.meter + "”表，两处写的 unit 或 also 不同。",
                "Two blocks of the kind \"" + one.meter + "\" differ in unit or also."},
               {"表盘只有一个单位：两处写成一样。", "A dial has one unit: write the same in both."})
          .related.push_back({first->second->place, {"另一处", "the other"}});
    const schema::Register* target = schema.find(one.of);
    if (target == nullptr) {
      std::vector<std::string> ids;
      for (const schema::Register& each : schema.registers) ids.push_back(each.id);
      if (!one.of.empty())
        findings.add("E-PACK-202", place_of_key(draft, one.place, "of"),
                     {"没有台账“" + one.of + "”。", "There is no register \"" + one.of + "\"."},
                     near_or_list(one.of, ids));
      continue;
    }
    if (target->period == schema::PeriodKey::None)
      findings.add("E-PACK-298", place_of_key(draft, one.place, "of"),
                   {"“" + target->name + "”没有期间，抄表无从汇总。",
                    "\"" + target->name + "\" has no period to add readings up over."},
                   {"写一张按月、季、年的台账。", "Name a register by month, quarter or year."});
    const schema::Field* field = target->find_by_name(one.field);
    if (field == nullptr) field = target->find(one.field);
    if (field == nullptr) {
      std::vector<std::string> names;
      for (const schema::Field& each : target->fields) names.push_back(each.name);
      if (!one.field.empty())
        findings.add("E-PACK-202", place_of_key(draft, one.place, "field"),
                     {"“" + target->name + "”没有叫“" + one.field + "”的字段。",
                      "\"" + target->name + "\" has no field \"" + one.field + "\"."},
                     near_or_list(one.field, names));
      continue;
    }
    one.field = field->id;
    const auto to_field = quantity::conversion(one.unit, field->unit);
    if (field->type != schema::FieldType::Number || !to_field)
      findings.add("E-PACK-298", place_of_key(draft, one.place, "unit"),
                   {"表计单位“" + one.unit.name() + "”换算不到“" + field->name + "”的单位“" +
                        field->unit.name() + "”。",
                    "The meters' unit \"" + one.unit.name() + "\" does not lead to that of \"" + field->name +
                        "\", \"" + field->unit.name() + "\"."},
                   {"核对 unit 与字段的单位。", "Check unit and the unit of the field."});
    else
      one.to_field = *to_field;
  }
}

}  // namespace tenglong::pack
