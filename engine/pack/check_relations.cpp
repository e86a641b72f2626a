// How laws reach the records of another register, and how code tables stand above each other.
#include <algorithm>

#include "engine/pack/inside/draft.h"

namespace tenglong::pack {
namespace {

using schema::FieldType;

// A field that may hold the key of a record of `to`.
bool may_refer(const schema::Schema& schema, const schema::Field& field, const schema::Register& to) {
  if (field.type == FieldType::Reference || field.type == FieldType::References) return field.to == to.id;
  const std::vector<const schema::Field*> key = schema.key_fields(to);
  return key.size() == 1 && !field.is_computed() &&
         (field.type == key[0]->type || field.type == FieldType::Text) && !schema::is_number(field.type);
}

void relate(Draft& draft, const schema::Register& one, schema::Law& law) {
  if (law.over.empty()) return;
  Findings& findings = draft.findings;
  const schema::Schema& schema = draft.pack.schema;
  const diagnostic::Place place{.file = law.origin.file, .line = law.origin.line};
  const schema::Register* over = schema.find(law.over);
  if (over == nullptr) {
    std::vector<std::string> ids;
    for (const schema::Register& each : schema.registers) ids.push_back(each.id);
    findings.add("E-PACK-202", place,
                 {"没有叫“" + law.over + "”的台账。", "There is no register \"" + law.over + "\"."},
                 near_or_list(law.over, ids));
    law.over.clear();
    law.source_text.clear();  // its names cannot be known
    return;
  }
  const auto refuse = [&](text::Words message, text::Words advice) {
    findings.add("E-PACK-230", place, std::move(message), std::move(advice));
  };
  if (one.find_by_name(over->name) != nullptr)
    refuse({"“" + one.name + "”有字段也叫“" + over->name + "”，规矩“" + law.name + "”分不清说的是哪个。",
            "\"" + one.name + "\" has a field called \"" + over->name + "\" too; the law \"" + law.name +
                "\" is ambiguous."},
           {"给字段或台账换个名字。", "Rename the field or the register."});
  if (law.on_any_date && !over->span)
    refuse({"“" + over->name + "”不是起止台账，没有“任一天”可言。",
            "\"" + over->name + "\" is no span register: on_any_date means nothing there."},
           {"给它写 span: {from: ..., to: ...}，或删去 on_any_date。",
            "Give it span: {from: ..., to: ...}, or remove on_any_date."});
  if (!law.through.empty()) {
    const schema::Field* field = over->find(law.through);
    if (field != nullptr && may_refer(schema, *field, one)) return;
    std::vector<std::string> fitting;
    for (const schema::Field& each : over->fields)
      if (may_refer(schema, each, one)) fitting.push_back(each.id);
    refuse({"“" + over->name + "”的“" + law.through + "”不是记着“" + one.name + "”主键的字段。",
            "\"" + law.through + "\" of \"" + over->name + "\" is no field that holds the key of \"" +
                one.name + "\"."},
           near_or_list(law.through, fitting));
    return;
  }
  if (over->of == one.id) return;
  std::vector<std::string> references;
  for (const schema::Field& each : over->fields)
    if ((each.type == FieldType::Reference || each.type == FieldType::References) && each.to == one.id)
      references.push_back(each.id);
  if (references.size() == 1) {
    law.through = references[0];
    return;
  }
  refuse({references.empty() ? "“" + over->name + "”没有指向“" + one.name + "”的字段，不知道哪些记录相关。"
                             : "“" + over->name + "”有几个字段指向“" + one.name + "”，不知道用哪个。",
          references.empty() ? "No field of \"" + over->name + "\" refers to \"" + one.name + "\"."
                             : "Several fields of \"" + over->name + "\" refer to \"" + one.name + "\"."},
         {"写明 through: 字段的 id。", "Say through: the id of the field."});
}

// An indicator over the records of another register that belong to its own: they hold the key of the record,
// or of one above it (all of a line bear the same key).
void relate_indicator(Draft& draft, Indicator& one) {
  if (one.related.empty()) return;
  Findings& findings = draft.findings;
  const schema::Schema& schema = draft.pack.schema;
  const diagnostic::Place place = place_of_key(draft, one.place, one.through.empty() ? "related" : "through");
  const schema::Register* over = schema.find(one.related);
  const schema::Register* own = schema.find(one.of);
  if (over == nullptr || own == nullptr) {
    std::vector<std::string> ids;
    for (const schema::Register& each : schema.registers) ids.push_back(each.id);
    if (over == nullptr)
      findings.add("E-PACK-202", place_of_key(draft, one.place, "related"),
                   {"没有叫“" + one.related + "”的台账。", "There is no register \"" + one.related + "\"."},
                   near_or_list(one.related, ids));
    one.related.clear();
    one.formula.text.clear();  // its names cannot be known
    one.where.text.clear();
    return;
  }
  std::vector<const schema::Register*> line;
  for (const schema::Register* at = own; at != nullptr && line.size() <= schema.registers.size();
       at = at->of.empty() ? nullptr : schema.find(at->of))
    line.push_back(at);
  const auto may_hold = [&](const schema::Field& field) {
    return std::any_of(line.begin(), line.end(),
                       [&](const schema::Register* to) { return may_refer(schema, field, *to); });
  };
  const auto refuse = [&](text::Words message, text::Words advice) {
    findings.add("E-PACK-230", place, std::move(message), std::move(advice));
  };
  if (!one.through.empty()) {
    const schema::Field* field = over->find(one.through);
    if (field != nullptr && may_hold(*field)) return;
    std::vector<std::string> fitting;
    for (const schema::Field& each : over->fields)
      if (may_hold(each)) fitting.push_back(each.id);
    return refuse({"“" + over->name + "”的“" + one.through + "”不是记着“" + own->name + "”主键的字段。",
                   "\"" + one.through + "\" of \"" + over->name + "\" is no field that holds the key of \"" +
                       own->name + "\"."},
                  near_or_list(one.through, fitting));
  }
  if (over != own)  // a fact of the same record: by `of`
    for (const schema::Register* at = over; at != nullptr;
         at = at->of.empty() ? nullptr : schema.find(at->of)) {
      if (at != over && std::find(line.begin(), line.end(), at) != line.end()) return;
      if (at->of == over->id) break;
    }
  std::vector<std::string> references;
  for (const schema::Field& each : over->fields)
    if (each.type == FieldType::Reference || each.type == FieldType::References)
      if (std::any_of(line.begin(), line.end(),
                      [&](const schema::Register* to) { return each.to == to->id; }))
        references.push_back(each.id);
  if (references.size() == 1) {
    one.through = references[0];
    return;
  }
  refuse({references.empty() ? "“" + over->name + "”没有指向“" + own->name + "”的字段，不知道哪些记录相关。"
                             : "“" + over->name + "”有几个字段指向“" + own->name + "”，不知道用哪个。",
          references.empty() ? "No field of \"" + over->name + "\" refers to \"" + own->name + "\"."
                             : "Several fields of \"" + over->name + "\" refer to \"" + own->name + "\"."},
         {"写明 through: 字段的 id。", "Say through: the id of the field."});
}

void check_codes_above(Draft& draft, const schema::Codes& codes) {
  Findings& findings = draft.findings;
  const schema::Schema& schema = draft.pack.schema;
  const diagnostic::Place place = place_of_key(draft, codes.place, "above");
  const schema::Codes* above = nullptr;
  if (!codes.above.empty()) {
    above = schema.find_codes(codes.above);
    if (above == nullptr) {
      std::vector<std::string> ids;
      for (const schema::Codes& each : schema.codes) ids.push_back(each.id);
      findings.add(
          "E-PACK-202", place,
          {"没有叫“" + codes.above + "”的代码表。", "There is no code table \"" + codes.above + "\"."},
          near_or_list(codes.above, ids));
      return;
    }
    const schema::Codes* at = above;
    for (std::size_t step = 0; at != nullptr && step <= schema.codes.size(); ++step) {
      if (at == &codes) {
        findings.add("E-PACK-206", place,
                     {"代码表“" + codes.name + "”的 above 绕回到自己。",
                      "The code table \"" + codes.name + "\" stands above itself."},
                     {"above 写上一级的代码表。", "above: names the table of the level above."});
        return;
      }
      at = at->above.empty() ? nullptr : schema.find_codes(at->above);
    }
  }
  for (const schema::CodeEntry& entry : codes.entries)
    for (const auto& [what, code] : {std::pair<const char*, const std::string&>{"上级", entry.parent},
                                     std::pair<const char*, const std::string&>{"并入", entry.successor}}) {
      if (code.empty() || codes.find(code) != nullptr) continue;
      if (what == std::string_view("上级") && above != nullptr && above->find(code) != nullptr) continue;
      findings.add("E-PACK-221", entry.place,
                   {std::string(what) + "“" + code + "”不在这张代码表里。",
                    std::string(what == std::string_view("上级") ? "The parent" : "The successor") + " \"" +
                        code + "\" is not in this table."},
                   {std::string("补上这一行，或改") + what + "。", "Add its row, or correct it."});
    }
}

}  // namespace

void check_relations(Draft& draft) {
  for (const schema::Codes& codes : draft.pack.schema.codes) {
    draft.findings.clause = codes.clause;
    check_codes_above(draft, codes);
  }
  for (schema::Register& one : draft.pack.schema.registers) {
    draft.findings.clause = one.clause;
    for (schema::Law& law : one.laws) relate(draft, one, law);
  }
  for (Indicator& one : draft.pack.indicators) {
    draft.findings.clause = one.clause;
    relate_indicator(draft, one);
  }
  draft.findings.clause.clear();
}

}  // namespace tenglong::pack
