// `yaml intake`: 导入审核, which figures an import looks at twice.
#include <algorithm>

#include "engine/pack/inside/draft.h"

namespace tenglong::pack {
namespace {

std::optional<schema::Screening::Line> read_line(Draft& draft, Keys& keys, const char* key) {
  const Yaml* node = keys.find(key);
  if (node == nullptr) return std::nullopt;
  if (node->kind != Yaml::Kind::Map) {
    draft.findings.add("E-PACK-107", node->place,
                       {std::string(key) + " 要写成 {mads: …, ratio: …}。",
                        std::string(key) + " must be {mads: …, ratio: …}."},
                       {std::string("例如 ") + key + ": {mads: 6, ratio: 3}。",
                        std::string("For example ") + key + ": {mads: 6, ratio: 3}."});
    return std::nullopt;
  }
  Keys inner(*node, key, draft.findings);
  inner.text("mads", Need::Required);
  inner.text("ratio", Need::Required);
  const auto mads = inner.number("mads"), ratio = inner.number("ratio");
  inner.finish();
  if (!mads || !ratio) return std::nullopt;
  if (*mads <= quantity::Decimal(0) || *ratio < quantity::Decimal(1)) {
    draft.findings.add("E-PACK-280", node->place,
                       {"mads 要大于 0，ratio 不小于 1，否则每个数都会被提示。",
                        "mads must be above 0 and ratio at least 1, or every figure would be told."},
                       {"例如 {mads: 6, ratio: 3}。", "For example {mads: 6, ratio: 3}."});
    return std::nullopt;
  }
  return schema::Screening::Line{*mads, *ratio};
}

}  // namespace

void read_intake(Draft& draft, const RawBlock& raw) {
  Keys keys(raw.root, "intake", draft.findings);
  Block head;
  read_block_head(draft, raw, keys, head, SourceRule::Required);
  schema::Screening read{
      .id = head.id, .name = head.name, .source = head.source, .clause = head.clause, .place = head.place};
  read.of = keys.text("of", Need::Required);
  read.fields = keys.texts("fields");
  read.group = keys.text("group");
  keys.text("least", Need::Required);
  if (const auto least = keys.number("least")) {
    const auto whole = least->to_integer();
    if (!whole || *whole < 3 || *whole > 1'000'000)
      draft.findings.add("E-PACK-280", keys.place_of("least"),
                         {"least 要是不小于 3 的整数：再少就没有中位数可言。",
                          "least must be a whole number of at least 3: fewer have no median to speak of."},
                         {"例如 least: 20。", "For example least: 20."});
    else
      read.least = static_cast<int>(*whole);
  }
  read.jump = read_line(draft, keys, "jump");
  read.outlier = read_line(draft, keys, "outlier");
  read.refuses = keys.boolean("refuse");
  if (!keys.has("jump") && !keys.has("outlier"))
    draft.findings.add("E-PACK-106", raw.place,
                       {"jump 和 outlier 都没有写，这个块什么也不审核。",
                        "Neither jump nor outlier: the block judges nothing."},
                       {"至少写一个，例如 jump: {mads: 6, ratio: 3}。",
                        "Write at least one, such as jump: {mads: 6, ratio: 3}."});
  keys.text("note");
  keys.finish();
  draft.pack.schema.screenings.push_back(std::move(read));
}

// Fields become ids, when every register is read.
void check_intakes(Draft& draft) {
  Findings& findings = draft.findings;
  const schema::Schema& schema = draft.pack.schema;
  const auto names_of = [](const schema::Register& one) {
    std::vector<std::string> names;
    for (const schema::Field& field : one.fields) names.push_back(field.name);
    return names;
  };
  const auto unknown = [&](const schema::Screening& one, const char* key, const std::string& word,
                           const schema::Register& in) {
    findings.add("E-PACK-202", place_of_key(draft, one.place, key, word),
                 {"“" + in.name + "”没有叫“" + word + "”的字段。",
                  "\"" + in.name + "\" has no field \"" + word + "\"."},
                 near_or_list(word, names_of(in)));
  };
  for (schema::Screening& one : draft.pack.schema.screenings) {
    findings.clause = one.clause;
    const schema::Register* target = schema.find(one.of);
    if (!target) {
      std::vector<std::string> ids;
      for (const schema::Register& each : schema.registers) ids.push_back(each.id);
      if (!one.of.empty())
        findings.add("E-PACK-202", place_of_key(draft, one.place, "of"),
                     {"没有台账“" + one.of + "”。", "There is no register \"" + one.of + "\"."},
                     near_or_list(one.of, ids));
      continue;
    }
    for (std::string& word : one.fields) {
      const schema::Field* field = target->find_by_name(word);
      if (!field) field = target->find(word);
      if (!field) {
        unknown(one, "fields", word, *target);
      } else if (!schema::is_number(field->type)) {
        findings.add(
            "E-PACK-280", place_of_key(draft, one.place, "fields", word),
            {"“" + word + "”不是数，没有突变可言。", "\"" + word + "\" is no number: it cannot jump."},
            {"从 fields 里删去。", "Remove it from fields."});
      } else {
        word = field->id;
      }
    }
    if (one.jump && target->period == schema::PeriodKey::None)
      findings.add("E-PACK-280", place_of_key(draft, one.place, "jump"),
                   {"“" + target->name + "”没有期间，没有上期可比。",
                    "\"" + target->name + "\" has no period, so there is no last one to compare with."},
                   {"删去 jump，或给台账写 period。", "Remove jump, or give the register a period."});
    if (one.group.empty()) continue;
    const schema::Register* holder = target;
    std::string word = one.group;
    const schema::Register* above = schema.find(target->of);
    if (above && word.starts_with(above->name + ".")) {
      holder = above;
      one.group_of_parent = true;
      word.erase(0, above->name.size() + 1);
    }
    const schema::Field* field = holder->find_by_name(word);
    if (!field)
      unknown(one, "group", word, *holder);
    else
      one.group = field->id;
  }
}

}  // namespace tenglong::pack
