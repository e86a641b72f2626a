// `yaml clause`, `yaml question`, `yaml codes`, `yaml register`.
#include <algorithm>

#include "engine/pack/inside/draft.h"

namespace tenglong::pack {

using diagnostic::Place;

void read_clause(Draft& draft, const RawBlock& raw) {
  Findings& findings = draft.findings;
  findings.clause = raw.clause_id;
  Keys keys(raw.root, "clause", findings);
  Clause read;
  read.lead = keys.text("lead", Need::Required);
  read.participants = keys.texts("participants");
  read.accountable = keys.texts("accountable");
  read.registers = keys.texts("registers");
  read.questions = keys.texts("questions");
  read.not_yet = keys.texts("not_yet");
  keys.text("note");
  for (const std::string& question : read.questions) cite(draft, question, keys.place_of("questions"));
  keys.finish();
  const auto found = std::find_if(draft.pack.clauses.begin(), draft.pack.clauses.end(),
                                  [&](const Clause& clause) { return clause.id == raw.clause_id; });
  if (raw.clause_id.empty() || found == draft.pack.clauses.end()) {
    findings.add("E-PACK-119", raw.place,
                 {"clause 块上面没有条款标题。", "A clause block needs a clause heading above it."},
                 {"先写“## 三(一)1 标题”。", "Put \"## 三(一)1 title\" first."});
    return;
  }
  if (!found->lead.empty()) {
    findings.add("E-PACK-201", raw.place,
                 {"条款 " + raw.clause_id + " 已有一个 clause 块。",
                  "Clause " + raw.clause_id + " already has a clause block."},
                 {"合成一个。", "Join the two."});
    return;
  }
  found->lead = read.lead;
  found->participants = std::move(read.participants);
  found->accountable = std::move(read.accountable);
  found->registers = std::move(read.registers);
  found->questions = std::move(read.questions);
  for (std::string& sentence : read.not_yet) found->not_yet.push_back(std::move(sentence));
}

void read_question(Draft& draft, const RawBlock& raw) {
  Keys keys(raw.root, "question", draft.findings);
  Question question;
  read_block_head(draft, raw, keys, question, SourceRule::Optional);
  question.asks = keys.text("asks", Need::Required);
  question.asked_of = keys.text("asked_of", Need::Required);
  question.until_then = keys.text("until_then");
  question.answer = keys.text("answer");
  question.answered_on = keys.date("answered_on");
  for (const std::string& clause : keys.texts("clauses")) cite(draft, clause, keys.place_of("clauses"));
  keys.finish();
  draft.pack.questions.push_back(std::move(question));
}

void read_codes(Draft& draft, const RawBlock& raw) {
  static const std::vector<std::string> kOrders = {"none", "best_first", "worst_first"};
  Findings& findings = draft.findings;
  Keys keys(raw.root, "codes", findings);
  Block head;
  read_block_head(draft, raw, keys, head, SourceRule::Required);
  schema::Codes codes;
  codes.id = head.id;
  codes.name = head.name;
  codes.source = head.source;
  codes.clause = head.clause;
  codes.place = head.place;
  codes.level = keys.text("level");
  if (const auto order = keys.word("order", kOrders)) codes.order = static_cast<schema::CodeOrder>(*order);
  keys.text("note");
  keys.finish();
  const std::string& file = raw.place.file;
  const auto view =
      view_table(draft, raw, {{"代码"}, {"名称"}, {"别名", false}, {"上级", false}, {"说明", false}});
  if (view) {
    auto unquoted = [](const std::string& cell) {
      if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"')
        return cell.substr(1, cell.size() - 2);
      return cell;
    };
    std::map<std::string, Place> seen;
    for (std::size_t row = 0; row < view->rows.size(); ++row) {
      const Cell& code = *view->cell(row, 0);
      const Cell& name = *view->cell(row, 1);
      if (!is_filled(draft, code, file) || !is_filled(draft, name, file)) continue;
      schema::CodeEntry entry;
      entry.code = unquoted(code.text);
      entry.name = unquoted(name.text);
      entry.place = place_of(code, file);
      // 别名 and 上级 may be empty or “-”: none.
      if (const Cell* aliases = view->cell(row, 2)) {
        const std::string written = text::to_half_width(aliases->text);
        for (const std::string_view alias : text::split(written, ';'))
          if (const std::string_view one = text::trim(alias); !one.empty() && one != "-")
            entry.aliases.emplace_back(one);
      }
      if (const Cell* parent = view->cell(row, 3); parent != nullptr && parent->text != "-")
        entry.parent = unquoted(parent->text);
      const auto [first, fresh] = seen.emplace(entry.code, entry.place);
      if (!fresh)
        findings
            .add("E-PACK-201", entry.place,
                 {"代码“" + entry.code + "”在表里出现了两次。",
                  "The code \"" + entry.code + "\" occurs twice in the table."},
                 {"删去其中一行。", "Remove one of the rows."})
            .related.push_back({first->second, {"第一次在这里", "first here"}});
      else
        codes.entries.push_back(std::move(entry));
    }
    for (const schema::CodeEntry& entry : codes.entries)
      if (!entry.parent.empty() && seen.find(entry.parent) == seen.end())
        findings.add("E-PACK-221", entry.place,
                     {"上级“" + entry.parent + "”不在这张代码表里。",
                      "The parent \"" + entry.parent + "\" is not in this table."},
                     {"补上这一行，或改上级。", "Add its row, or correct the parent."});
  }
  codes.build_index();
  draft.pack.schema.codes.push_back(std::move(codes));
}

namespace {

schema::Field read_field(Draft& draft, const Yaml& node) {
  Findings& findings = draft.findings;
  Keys keys(node, "field", findings);
  schema::Field field;
  field.place = node.place;
  field.id = keys.text("id", Need::Required);
  field.name = keys.text("name", Need::Required);
  std::vector<std::string> types;
  for (const schema::FieldType type : schema::kFieldTypes) types.emplace_back(schema::to_code(type));
  if (const auto type = keys.word("type", types, Need::Required)) field.type = schema::kFieldTypes[*type];
  field.unit = keys.unit("unit");
  field.required = keys.boolean("required");
  field.aliases = keys.texts("aliases");
  field.codes = keys.text("codes");
  const std::string level = keys.text("level");
  field.to = keys.text("to");
  field.provider = keys.text("provider");
  field.minimum = keys.number("min");
  field.maximum = keys.number("max");
  field.note = keys.text("note");
  static const std::vector<std::string> kLevels(std::begin(schema::kSensitivities),
                                                std::end(schema::kSensitivities));
  if (const auto chosen = keys.word("sensitivity", kLevels))
    field.sensitivity = static_cast<schema::Sensitivity>(*chosen);
  if (const Yaml* usual = keys.find("usual")) {
    std::vector<quantity::Decimal> ends;
    for (const Yaml& item : usual->items)
      if (const auto end = quantity::Decimal::parse(item.scalar)) ends.push_back(*end);
    if (usual->items.size() != 2 || ends.size() != 2 || ends[1] < ends[0])
      findings.add("E-PACK-107", usual->place, {"usual 要写成 [低, 高]。", "usual must be [low, high]."},
                   {"例如 usual: [10, 5000]。", "For example usual: [10, 5000]."});
    else
      field.usual_low = ends[0], field.usual_high = ends[1];
  }
  if (field.minimum && field.maximum && *field.maximum < *field.minimum)
    findings.add("E-PACK-219", keys.place_of("max"),
                 {"max 小于 min，没有值能通过。", "max is below min: no value can pass."},
                 {"核对两个数。", "Check both numbers."});
  const bool is_number = field.type == schema::FieldType::Number;
  if (!is_number)
    for (const char* key : {"unit", "min", "max", "usual"})
      if (keys.has(key))
        findings.add("E-PACK-208", keys.place_of(key),
                     {std::string("只有数才有 ") + key + "。", std::string("Only a number has ") + key + "."},
                     {"删去它，或把 type 改为 number。", "Remove it, or make the type number."});
  if (field.type == schema::FieldType::Code && field.codes.empty())
    findings.add("E-PACK-106", node.place, {"type: code 要写明 codes。", "type: code needs codes."},
                 {"补写 codes: 代码表的 id。", "Add codes: the id of the code table."});
  if (field.type == schema::FieldType::Reference && field.to.empty())
    findings.add("E-PACK-106", node.place, {"type: reference 要写明 to。", "type: reference needs to."},
                 {"补写 to: 台账的 id。", "Add to: the id of the register."});
  // Areas are found by their level once every code table is read (names.cpp); until then it waits in `codes`.
  if (field.codes.empty() && !level.empty()) field.codes = "level:" + level;
  keys.finish();
  return field;
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
  if (const Yaml* laws = keys.find("laws")) {
    for (const Yaml& item : laws->items) {
      if (item.kind != Yaml::Kind::Map) {
        findings.add("E-PACK-107", item.place,
                     {"规矩应写成 {name: ..., holds: ...}。", "A law is {name: ..., holds: ...}."});
        continue;
      }
      Keys inner(item, "law", findings);
      const Expression holds = [&] {
        schema::Law law;
        law.name = inner.text("name", Need::Required);
        Expression expression = inner.expression("holds", Need::Required);
        law.source_text = expression.text;
        law.origin = expression.origin;
        read.laws.push_back(std::move(law));
        return expression;
      }();
      inner.finish();
    }
  }
  if (read.of.empty() && read.key.empty())
    findings.add(
        "E-PACK-106", raw.place,
        {"台账“" + read.name + "”没有 key，也没有 of，两行记录无法区分。",
         "The register \"" + read.name + "\" has neither key nor of: two rows could not be told apart."},
        {"底册写 key: [字段 id]；年度事实写 of: 底册的 id 和 period。",
         "Give a master register key: [field id], a fact register of: and period:."});
  for (const std::string& key : read.key) {
    if (read.find(key) != nullptr) continue;
    std::vector<std::string> ids;
    for (const schema::Field& field : read.fields) ids.push_back(field.id);
    findings.add("E-PACK-202", keys.place_of("key"),
                 {"key 里的“" + key + "”不是这个台账的字段。",
                  "\"" + key + "\" in key is not a field of this register."},
                 near_or_list(key, ids));
  }
  keys.finish();
  draft.pack.schema.registers.push_back(std::move(read));
}

}  // namespace tenglong::pack
