// `yaml register`: fields, forms and laws.
#include <algorithm>

#include "engine/pack/inside/draft.h"
#include "engine/schema/geometry_text.h"

namespace tenglong::pack {
namespace {

using schema::Field;
using schema::FieldType;

schema::Formula formula_of(const Expression& expression) {
  return {.text = expression.text, .origin = expression.origin};
}

void read_usual(Keys& keys, Field& field, Findings& findings) {
  const Yaml* usual = keys.find("usual");
  if (usual == nullptr) return;
  std::vector<quantity::Decimal> ends;
  for (const Yaml& item : usual->items)
    if (const auto end = quantity::Decimal::parse(item.scalar)) ends.push_back(*end);
  if (usual->items.size() != 2 || ends.size() != 2 || ends[1] < ends[0])
    findings.add("E-PACK-107", usual->place, {"usual 要写成 [低, 高]。", "usual must be [low, high]."},
                 {"例如 usual: [10, 5000]。", "For example usual: [10, 5000]."});
  else
    field.usual_low = ends[0], field.usual_high = ends[1];
}

// Keys that one type needs and the others do not have.
void check_keys_of_type(const Keys& keys, const Field& field, const diagnostic::Place& place,
                        Findings& findings) {
  const auto wants = [&](bool wanted, const char* key, const char* zh, const char* en) {
    if (wanted && !keys.has(key))
      findings.add("E-PACK-106", place,
                   {std::string("type: ") + to_code(field.type) + " 要写明 " + key + "。",
                    std::string("type: ") + to_code(field.type) + " needs " + key + "."},
                   {zh, en});
  };
  wants(field.type == FieldType::Code, "codes", "补写 codes: 代码表的 id。",
        "Add codes: the id of the code table.");
  wants(field.type == FieldType::Unit, "codes", "补写 codes: 单位代码表的 id。",
        "Add codes: the id of the table of units.");
  wants(field.type == FieldType::Reference || field.type == FieldType::References, "to",
        "补写 to: 台账的 id。", "Add to: the id of the register.");
  wants(field.type == FieldType::Money, "unit", "补写 unit: 元、万元或亿元。", "Add unit: 元, 万元 or 亿元.");
  wants(field.type == FieldType::Geometry, "epsg", "补写坐标系的 EPSG 编号：CGCS2000 经纬度是 4490。",
        "Add the EPSG code of the coordinates: 4490 for CGCS2000 degrees.");
  const auto only = [&](bool allowed, std::initializer_list<const char*> names, const char* zh,
                        const char* en, const char* type) {
    for (const char* key : names)
      if (!allowed && keys.has(key))
        findings.add("E-PACK-208", keys.place_of(key),
                     {std::string("只有") + zh + "才有 " + key + "。",
                      std::string("Only ") + en + " has " + key + "."},
                     {std::string("删去它，或把 type 改为 ") + type + "。",
                      std::string("Remove it, or make the type ") + type + "."});
  };
  only(schema::is_number(field.type), {"unit", "min", "max", "usual", "accumulates"}, "数", "a number",
       "number");
  only(field.type == FieldType::Geometry, {"epsg"}, "图形", "a geometry", "geometry");
  if (field.type == FieldType::Money && keys.has("unit")) {
    static const quantity::Unit kMoney = *quantity::Unit::parse("元");
    if (!field.unit.same_dimension(kMoney))
      findings.add(
          "E-PACK-226", keys.place_of("unit"),
          {"金额的单位是" + (field.unit.name().empty() ? field.unit.dimension_name() : field.unit.name()) +
               "，不是钱。",
           "The unit " + field.unit.name() + " of an amount is no money."},
          {"写元、万元或亿元；每亩、每人的数用 type: number。",
           "Write 元, 万元 or 亿元; an amount per mu or head is type: number."});
  }
}

// What is computed is never stated: keys about statements contradict `formula`.
void check_computed(const Keys& keys, const Field& field, Findings& findings) {
  if (!field.is_computed()) return;
  for (const char* key :
       {"required", "required_when", "default", "aliases", "provider", "unique", "min", "max", "usual"})
    if (keys.has(key))
      findings.add("E-PACK-227", keys.place_of(key),
                   {"“" + field.name + "”由公式算出，没有人填报，" + key + " 不起作用。",
                    "\"" + field.name + "\" is computed and stated by nobody; " + key + " has no effect."},
                   {std::string("删去 ") + key + "，或删去 formula。",
                    std::string("Remove ") + key + ", or remove formula."});
  switch (field.type) {
    case FieldType::Reference:
    case FieldType::References:
    case FieldType::Geometry:
    case FieldType::Attachment:
    case FieldType::CreditCode:
      findings.add("E-PACK-227", keys.place_of("formula"),
                   {std::string("type: ") + to_code(field.type) + " 的字段不能由公式算出。",
                    std::string("A field of type ") + to_code(field.type) + " cannot be computed."},
                   {"改用 number、money、boolean、text、date 或 code。",
                    "Use number, money, boolean, text, date or code."});
      break;
    default:
      break;
  }
}

Field read_field(Draft& draft, const Yaml& node) {
  Findings& findings = draft.findings;
  Keys keys(node, "field", findings);
  Field field;
  field.place = node.place;
  field.id = keys.text("id", Need::Required);
  field.name = keys.text("name", Need::Required);
  std::vector<std::string> types;
  for (const FieldType type : schema::kFieldTypes) types.emplace_back(schema::to_code(type));
  if (const auto type = keys.word("type", types, Need::Required)) field.type = schema::kFieldTypes[*type];
  field.unit = keys.unit("unit");
  field.required = keys.boolean("required");
  field.required_when = formula_of(keys.expression("required_when"));
  field.suggestion = formula_of(keys.expression("default"));
  field.formula = formula_of(keys.expression("formula"));
  static const std::vector<std::string> kUnique = {"false", "true", "period"};
  if (const auto chosen = keys.word("unique", kUnique)) field.unique = static_cast<schema::Unique>(*chosen);
  field.aliases = keys.texts("aliases");
  field.codes = keys.text("codes");
  const std::string level = keys.text("level");
  field.to = keys.text("to");
  field.provider = keys.text("provider");
  field.minimum = keys.number("min");
  field.maximum = keys.number("max");
  field.note = keys.text("note");
  field.was = keys.text("was");
  static const std::vector<std::string> kLevels(std::begin(schema::kSensitivities),
                                                std::end(schema::kSensitivities));
  static const std::vector<std::string> kAccumulates = {"nothing", "year_to_date"};
  if (const auto chosen = keys.word("accumulates", kAccumulates))
    field.accumulates = static_cast<schema::Accumulates>(*chosen);
  if (const auto chosen = keys.word("sensitivity", kLevels))
    field.sensitivity = static_cast<schema::Sensitivity>(*chosen);
  read_usual(keys, field, findings);
  if (const auto epsg = keys.number("epsg")) {
    const double code = epsg->to_double();
    if (code < 1 || code > 999'999 || quantity::Decimal(static_cast<std::int64_t>(code)) != *epsg)
      findings.add("E-PACK-107", keys.place_of("epsg"),
                   {"epsg 应是坐标系的编号。", "epsg must be the code of a reference system."},
                   {"例如 4490（CGCS2000）。", "For example 4490 (CGCS2000)."});
    else
      field.epsg = static_cast<int>(code);
  }
  if (field.minimum && field.maximum && *field.maximum < *field.minimum)
    findings.add("E-PACK-219", keys.place_of("max"),
                 {"max 小于 min，没有值能通过。", "max is below min: no value can pass."},
                 {"核对两个数。", "Check both numbers."});
  check_keys_of_type(keys, field, node.place, findings);
  check_computed(keys, field, findings);
  if (field.required && !field.required_when.text.empty())
    findings.add("E-PACK-227", keys.place_of("required_when"),
                 {"required: true 已经要求必填，required_when 不起作用。",
                  "required: true asks for a value always; required_when has no effect."},
                 {"两个留一个。", "Keep one of them."});
  // Areas are found by their level once every code table is read (names.cpp); until then it waits in `codes`.
  if (field.codes.empty() && !level.empty()) field.codes = "level:" + level;
  keys.finish();
  return field;
}

schema::Law read_law(const Yaml& node, Findings& findings) {
  Keys keys(node, "law", findings);
  schema::Law law;
  law.name = keys.text("name", Need::Required);
  const Expression holds = keys.expression("holds", Need::Required);
  law.source_text = holds.text;
  law.origin = holds.origin;
  law.over = keys.text("over");
  law.through = keys.text("through");
  law.on_any_date = keys.boolean("on_any_date");
  for (const char* key : {"through", "on_any_date"})
    if (law.over.empty() && keys.has(key))
      findings.add("E-PACK-230", keys.place_of(key),
                   {std::string("没有写 over，") + key + " 不知说的是哪个台账。",
                    std::string(key) + " speaks of no register without over."},
                   {"补写 over: 相关台账的 id。", "Add over: the id of the related register."});
  keys.finish();
  return law;
}

// The id of a date field of the register, with a finding if it is none.
std::string date_field(Keys& keys, const char* key, const schema::Register& one, Findings& findings) {
  const std::string id = keys.text(key, Need::Required);
  const Field* field = one.find(id);
  if (id.empty() || (field != nullptr && field->type == FieldType::Date && !field->is_computed())) return id;
  std::vector<std::string> dates;
  for (const Field& each : one.fields)
    if (each.type == FieldType::Date) dates.push_back(each.id);
  findings.add("E-PACK-228", keys.place_of(key),
               {std::string(key) + " 要写一个日期字段的 id，“" + id + "”不是。",
                std::string(key) + " wants the id of a date field; \"" + id + "\" is none."},
               near_or_list(id, dates));
  return {};
}

void read_form(Keys& keys, schema::Register& read, Findings& findings) {
  if (const Yaml* event = keys.find("event")) {
    Keys inner(*event, "event", findings);
    read.happened = date_field(inner, "happened", read, findings);
    inner.finish();
  }
  if (const Yaml* span = keys.find("span")) {
    Keys inner(*span, "span", findings);
    schema::Span made;
    made.from = date_field(inner, "from", read, findings);
    made.to = date_field(inner, "to", read, findings);
    static const std::vector<std::string> kLastDay = {"included", "excluded"};
    static const std::vector<std::string> kOverlap = {"told", "allowed"};
    made.includes_last_day = inner.word("last_day", kLastDay).value_or(0) == 0;
    made.may_overlap = inner.word("overlap", kOverlap).value_or(0) == 1;
    inner.finish();
    if (!made.from.empty() && std::find(read.key.begin(), read.key.end(), made.from) == read.key.end())
      findings.add(
          "E-PACK-229", span->place,
          {"起日“" + made.from + "”不在 key 里，后来的一段会盖掉从前的一段。",
           "The first day \"" + made.from + "\" is not in key: a later span would replace an earlier one."},
          {"把它写进 key。", "Put it into key."});
    if (!made.from.empty() && made.from == made.to)
      findings.add("E-PACK-228", span->place,
                   {"from 和 to 是同一个字段。", "from and to are the same field."},
                   {"各写一个日期字段。", "Name two date fields."});
    read.span = made;
  }
  const bool is_fact = !read.of.empty() || read.period != schema::PeriodKey::None;
  if ((keys.has("event") ? 1 : 0) + (keys.has("span") ? 1 : 0) + (is_fact ? 1 : 0) > 1)
    findings.add("E-PACK-229", keys.place_of(keys.has("span") ? "span" : "event"),
                 {"一个台账只有一种形式：期间事实、事件、起止，只能选一种。",
                  "A register has one form: facts of a period, events, or spans."},
                 {"留一种，其余的另立台账。", "Keep one and make other registers of the rest."});
}

void check_key(const schema::Register& read, const Keys& keys, const diagnostic::Place& place,
               Findings& findings) {
  if (read.of.empty() && read.key.empty())
    findings.add(
        "E-PACK-106", place,
        {"台账“" + read.name + "”没有 key，也没有 of，两行记录无法区分。",
         "The register \"" + read.name + "\" has neither key nor of: two rows could not be told apart."},
        {"底册写 key: [字段 id]；年度事实写 of: 底册的 id 和 period。",
         "Give a master register key: [field id], a fact register of: and period:."});
  for (const std::string& key : read.key) {
    const Field* field = read.find(key);
    if (field == nullptr) {
      std::vector<std::string> ids;
      for (const Field& each : read.fields) ids.push_back(each.id);
      findings.add("E-PACK-202", keys.place_of("key"),
                   {"key 里的“" + key + "”不是这个台账的字段。",
                    "\"" + key + "\" in key is not a field of this register."},
                   near_or_list(key, ids));
    } else if (field->is_computed() || field->type == FieldType::References ||
               field->type == FieldType::Geometry || field->type == FieldType::Attachment) {
      findings.add("E-PACK-227", keys.place_of("key"),
                   {"“" + field->name + "”" + (field->is_computed() ? "由公式算出" : "是列表、图形或附件") +
                        "，不能作 key。",
                    "\"" + field->name + "\" is " +
                        (field->is_computed() ? "computed" : "a list, a geometry or an attachment") +
                        " and cannot be a key."},
                   {"用代码、日期一类由人填报的字段。",
                    "Use a field that somebody states, such as a code or a date."});
    }
  }
}

}  // namespace

void read_register(Draft& draft, const RawBlock& raw) {
  static const std::vector<std::string> kPeriods = {"none", "year", "quarter", "month"};
  Findings& findings = draft.findings;
  Keys keys(raw.root, "register", findings);
  Block head;
  read_block_head(draft, raw, keys, head, SourceRule::Optional);
  schema::Register read;
  read.id = head.id;
  read.name = head.name;
  read.number = head.number;
  read.clause = head.clause;
  read.place = head.place;
  read.key = keys.texts("key");
  read.of = keys.text("of");
  if (const auto period = keys.word("period", kPeriods))
    read.period = static_cast<schema::PeriodKey>(*period);
  read.external_results = keys.boolean("external_results");
  read.was = keys.text("was");
  keys.text("note");
  if (const Yaml* fields = keys.find("fields", Need::Required)) {
    if (fields->kind != Yaml::Kind::List)
      findings.add("E-PACK-107", fields->place,
                   {"fields 应是字段的列表。", "fields must be a list of fields."},
                   {"每个字段一行：- {id: ..., name: ..., type: ...}",
                    "One line a field: - {id: ..., name: ..., type: ...}"});
    for (const Yaml& item : fields->items) {
      if (item.kind == Yaml::Kind::Map)
        read.fields.push_back(read_field(draft, item));
      else
        findings.add(
            "E-PACK-107", item.place,
            {"字段应写成 {id: ..., name: ..., type: ...}。", "A field is {id: ..., name: ..., type: ...}."});
    }
  }
  if (const Yaml* laws = keys.find("laws"))
    for (const Yaml& item : laws->items) {
      if (item.kind == Yaml::Kind::Map)
        read.laws.push_back(read_law(item, findings));
      else
        findings.add("E-PACK-107", item.place,
                     {"规矩应写成 {name: ..., holds: ...}。", "A law is {name: ..., holds: ...}."});
    }
  read_form(keys, read, findings);
  check_key(read, keys, raw.place, findings);
  keys.finish();
  draft.pack.schema.registers.push_back(std::move(read));
}

}  // namespace tenglong::pack
