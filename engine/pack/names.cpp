// Ids and names are unique, and every name that a block uses outside an expression exists.
#include <algorithm>
#include <functional>

#include "engine/pack/inside/draft.h"
#include "engine/pack/inside/scope.h"

namespace tenglong::pack {
namespace {

using diagnostic::Place;

struct Definition {
  std::string what;
  Place place;
};
using Definitions = std::map<std::string, Definition>;

// What is spoken of, in English.
std::string english(const std::string& what) {
  static const std::map<std::string, std::string> kWords = {
      {"台账", "register"},
      {"代码表", "code table"},
      {"参数", "parameter"},
      {"指标", "indicator"},
      {"决策", "decision"},
      {"方案", "scheme"},
      {"清单", "roster"},
      {"目标", "target"},
      {"问题", "question"},
      {"例表", "block of cases"},
      {"收数", "collection"},
      {"这个单位提供的字段", "field that this unit confirms"},
      {"字段", "field"},
      {"表头别名", "header alias"},
      {"项目", "item"},
      {"字段或指标", "field or indicator"},
      {"输出", "output"},
      {"可分组的字段", "field to cut by"},
      {"本台账的逐户指标", "indicator of this register"},
      {"本台账的决策", "decision of this register"},
      {"层级（代码表的 level）", "level of a code table"}};
  if (what.ends_with(" id ")) return english(what.substr(0, what.size() - 4)) + " id";
  const auto found = kWords.find(what);
  return found == kWords.end() ? what : found->second;
}

class NameCheck {
 public:
  explicit NameCheck(Draft& draft) : draft_(draft), pack_(draft.pack), findings_(draft.findings) {}

  void run() {
    for (const schema::Register& one : pack_.schema.registers) registers_.push_back(one.id);
    for (const schema::Codes& one : pack_.schema.codes) codes_.push_back(one.id);
    check_doubles();
    check_registers();
    check_fields();
    check_rules();
    check_lists();
    check_cases();
    findings_.clause.clear();
  }

 private:
  void twice(const std::string& what, const std::string& name, const Place& place, const Definition& first) {
    findings_
        .add("E-PACK-201", place,
             {what + "“" + name + "”重复：前面已有" + first.what +
                  (what.ends_with(" id ") ? "用了它。" : "叫这个名字。"),
              "The " + english(what) + " \"" + name + "\" is taken already (" + english(first.what) + ")."},
             {"给其中一个换个名字。", "Rename one of them."})
        .related.push_back({first.place, {"第一次在这里", "first defined here"}});
  }

  void define(Definitions& names, const std::string& what, const std::string& name, const Place& place) {
    if (name.empty()) return;
    const auto [first, fresh] = names.emplace(name, Definition{what, place});
    if (!fresh) twice(what, name, place, first->second);
  }

  template <class Block>
  Place at(const Block& block, const char* key, const std::string& word = {}) const {
    return place_of_key(draft_, block.place, key, word);
  }

  template <class Blocks>
  void check_ids(const Blocks& blocks, const char* what, bool names_too) {
    Definitions ids, names;
    for (const auto& block : blocks) {
      findings_.clause = block.clause;
      define(ids, std::string(what) + " id ", block.id, at(block, "id"));
      if (names_too) define(names, what, block.name, at(block, "name"));
    }
  }

  void check_word(const std::string& name, const Place& place) {
    if (name.empty()) return;
    if (is_reserved(name)) {
      findings_.add("E-PACK-109", place,
                    {"“" + name + "”是表达式里的保留词，不能作名字。",
                     "\"" + name + "\" is a reserved word of expressions."},
                    {"换一个名字。", "Choose another name."});
      return;
    }
    // The parser itself says whether a formula could ever speak this name.
    const feel::Parsed alone = feel::parse(name, feel::NameSet({name}));
    if (alone.tree && alone.tree->kind == feel::NodeKind::Name && alone.tree->text == name) return;
    findings_.add("E-PACK-109", place,
                  {"“" + name + "”不能写进表达式：名字不能以数字开头，也不能含 &、%、逗号、引号等符号。",
                   "\"" + name +
                       "\" cannot be used in an expression: a name begins with no digit and holds no &, %, "
                       "comma or quote."},
                  {"换一个名字（如“研发经费支出”），原来的写法放进 aliases 或 note。",
                   "Choose another name and keep the usual writing in aliases or note."});
  }

  void check_doubles() {
    check_ids(pack_.schema.codes, "代码表", true);
    check_ids(pack_.schema.registers, "台账", true);
    check_ids(pack_.parameters, "参数", false);
    check_ids(pack_.indicators, "指标", false);
    check_ids(pack_.decisions, "决策", false);
    check_ids(pack_.schemes, "方案", true);
    check_ids(pack_.rosters, "清单", true);
    check_ids(pack_.targets, "目标", false);
    check_ids(pack_.questions, "问题", false);
    check_ids(pack_.cases, "例表", false);
    check_ids(pack_.collections, "收数", true);
    auto block = [&](const char* what, const Block& one) {
      findings_.clause = one.clause;
      define(words_, what, one.name, at(one, "name"));
      check_word(one.name, at(one, "name"));
    };
    for (const Parameter& one : pack_.parameters) block("参数", one);
    for (const Indicator& one : pack_.indicators) block("指标", one);
    for (const Decision& one : pack_.decisions) block("决策", one);
    for (const schema::Register& one : pack_.schema.registers) check_names_within(one);
  }

  // Inside one register: fields, their aliases, and the blocks that share its scope.
  void check_names_within(const schema::Register& one) {
    findings_.clause = one.clause;
    Definitions ids, names, headers;
    for (const schema::Field& field : one.fields) {
      define(ids, "字段 id ", field.id, at(field, "id"));
      define(names, "字段", field.name, at(field, "name"));
      headers.emplace(field.name, Definition{"字段", field.place});
      check_word(field.name, at(field, "name"));
    }
    for (const schema::Field& field : one.fields)
      for (const std::string& alias : field.aliases)
        define(headers, "表头别名", alias, place_of_key(draft_, field.place, "aliases", alias));
    for (const schema::Field& field : one.fields) {
      if (pack_.schema.find(one.of) != nullptr && pack_.schema.find(one.of)->name == field.name)
        twice("字段", field.name, at(field, "name"), {"台账", pack_.schema.find(one.of)->place});
      const auto word = words_.find(field.name);
      if (word == words_.end()) continue;
      const Indicator* indicator = pack_.indicator(field.name);
      const Decision* decision = pack_.decision(field.name);
      const bool elsewhere = (indicator != nullptr && indicator->name == field.name &&
                              !indicator->of.empty() && indicator->of != one.id) ||
                             (decision != nullptr && decision->name == field.name && !decision->of.empty() &&
                              decision->of != one.id);
      if (!elsewhere) twice("字段", field.name, at(field, "name"), word->second);
    }
    for (const Indicator& indicator : pack_.indicators)
      if (indicator.of == one.id && ids.find(indicator.id) != ids.end()) {
        findings_.clause = indicator.clause;
        twice("指标 id ", indicator.id, at(indicator, "id"), ids.find(indicator.id)->second);
      }
  }

  void unknown(const std::string& what, const std::string& name, const Place& place,
               const std::vector<std::string>& candidates) {
    findings_.add(
        "E-PACK-202", place,
        {"没有叫“" + name + "”的" + what + "。", "There is no " + english(what) + " \"" + name + "\"."},
        near_or_list(name, candidates));
  }

  const schema::Register* need_register(const std::string& id, const Place& place) {
    if (id.empty()) return nullptr;
    const schema::Register* found = pack_.schema.find(id);
    if (found == nullptr) unknown("台账", id, place, registers_);
    return found;
  }
  void need_codes(const std::string& id, const Place& place) {
    if (!id.empty() && pack_.schema.find_codes(id) == nullptr) unknown("代码表", id, place, codes_);
  }

  void check_registers() {
    for (const schema::Register& one : pack_.schema.registers) {
      findings_.clause = one.clause;
      const schema::Register* above = need_register(one.of, at(one, "of"));
      for (std::size_t step = 0; above != nullptr && step <= pack_.schema.registers.size(); ++step) {
        if (above->id == one.id) {
          findings_.add("E-PACK-206", at(one, "of"),
                        {"台账“" + one.name + "”的 of 绕回到自己。",
                         "The register \"" + one.name + "\" belongs to itself through of."},
                        {"of 写它所属的底册。", "of: names the register it belongs to."});
          break;
        }
        above = above->of.empty() ? nullptr : pack_.schema.find(above->of);
      }
    }
  }

  void check_fields() {
    for (schema::Register& one : pack_.schema.registers) {
      findings_.clause = one.clause;
      for (schema::Field& field : one.fields) {
        if (field.codes.starts_with("level:")) {
          const std::string level = field.codes.substr(6);
          field.codes.clear();
          std::vector<std::string> levels;
          for (const schema::Codes& codes : pack_.schema.codes) {
            if (!codes.level.empty()) levels.push_back(codes.level);
            if (codes.level == level) field.codes = codes.id;
          }
          if (field.codes.empty()) unknown("层级（代码表的 level）", level, at(field, "level"), levels);
        } else {
          need_codes(field.codes, at(field, "codes"));
        }
        if (!field.to.empty()) need_register(field.to, at(field, "to"));
      }
    }
  }

  // Field names reachable in a list of names (by:, rank_within:, shows:): of the register and of those above
  // it.
  std::vector<std::string> field_names(const std::string& of) const {
    std::vector<std::string> names;
    const schema::Register* at = pack_.schema.find(of);
    std::string prefix;
    for (int step = 0; at != nullptr && step < 5; ++step) {
      for (const schema::Field& field : at->fields) {
        names.push_back(field.name);
        if (step > 0) names.push_back(prefix + field.name);
      }
      at = at->of.empty() ? nullptr : pack_.schema.find(at->of);
      if (at != nullptr) prefix += at->name + ".";
    }
    return names;
  }

  void need_among(const char* what, const std::vector<std::string>& wanted,
                  const std::vector<std::string>& allowed, const Place& block, const char* key) {
    for (const std::string& name : wanted)
      if (std::find(allowed.begin(), allowed.end(), name) == allowed.end())
        unknown(what, name, place_of_key(draft_, block, key, name), allowed);
  }

  void need_decision(const std::string& name, const std::string& of, const Place& place) {
    if (name.empty()) return;
    const Decision* found = pack_.decision(name);
    std::vector<std::string> names;
    for (const Decision& one : pack_.decisions)
      if (one.of == of) names.push_back(one.name);
    if (found == nullptr || found->of != of) unknown("本台账的决策", name, place, names);
  }

  void check_rules() {
    for (const Parameter& one : pack_.parameters) {
      findings_.clause = one.clause;
      need_codes(one.codes, at(one, "codes"));
      if (const schema::Codes* codes = pack_.schema.find_codes(one.codes))
        for (const ParameterRow& row : one.rows)
          if (row.value && row.value->kind() == feel::Kind::String &&
              codes->find(row.value->string()) == nullptr)
            not_a_code(row.value->string(), *codes, row.place);
    }
    for (const Indicator& one : pack_.indicators) {
      findings_.clause = one.clause;
      need_register(one.of, at(one, "of"));
      need_codes(one.codes, at(one, "codes"));
      if (need_register(one.over, at(one, "over")) != nullptr) {
        std::vector<std::string> names = field_names(one.over);
        names.emplace_back("区县");
        need_among("可分组的字段", one.by, names, one.place, "by");
      }
      if (!one.within.empty() && pack_.schema.find(one.of) != nullptr)
        need_among("字段或指标", one.within, groups_of(one.of), one.place, "within");
    }
    for (const Decision& one : pack_.decisions) {
      findings_.clause = one.clause;
      need_register(one.of, at(one, "of"));
      for (const DecisionOutput& output : one.outputs) need_codes(output.codes, at(one, "codes"));
    }
    for (const Scheme& one : pack_.schemes) check_scheme(one);
  }

  void not_a_code(const std::string& code, const schema::Codes& codes, const Place& place) {
    std::vector<std::string> known;
    for (const schema::CodeEntry& entry : codes.entries) known.push_back(entry.code);
    findings_.add("E-PACK-221", place,
                  {"“" + code + "”不在代码表“" + codes.name + "”里。",
                   "\"" + code + "\" is not in the code table \"" + codes.name + "\"."},
                  near_or_list(code, known));
  }

  // What records of a register may be grouped by.
  std::vector<std::string> groups_of(const std::string& of) const {
    std::vector<std::string> names = field_names(of);
    for (const Indicator& indicator : pack_.indicators)
      if (indicator.of == of) names.push_back(indicator.name);
    for (const Decision& decision : pack_.decisions)
      if (decision.of == of) names.push_back(decision.name);
    return names;
  }

  void check_scheme(const Scheme& one) {
    findings_.clause = one.clause;
    if (need_register(one.of, at(one, "of")) == nullptr) return;
    need_codes(one.codes, at(one, "codes"));
    std::vector<std::string> indicators;
    for (const Indicator& indicator : pack_.indicators)
      if (indicator.of == one.of) indicators.push_back(indicator.name);
    Definitions seen;
    for (const SchemeItem& item : one.items) {
      if (std::find(indicators.begin(), indicators.end(), item.indicator) == indicators.end())
        unknown("本台账的逐户指标", item.indicator, item.place, indicators);
      define(seen, "项目", item.indicator, item.place);
    }
    need_among("字段或指标", one.rank_within, groups_of(one.of), one.place, "rank_within");
    for (const std::string& name : one.adjust) need_decision(name, one.of, at(one, "adjust", name));
    need_decision(one.veto, one.of, at(one, "veto"));
    need_decision(one.protect, one.of, at(one, "protect"));
  }

  void check_lists() {
    for (const Roster& one : pack_.rosters) {
      findings_.clause = one.clause;
      if (need_register(one.of, at(one, "of")) == nullptr) continue;
      std::vector<std::string> names = field_names(one.of);
      for (const Indicator& indicator : pack_.indicators)
        if (indicator.of == one.of || !indicator.over.empty()) names.push_back(indicator.name);
      for (const Decision& decision : pack_.decisions)
        if (decision.of == one.of) names.push_back(decision.name);
      need_among("字段或指标", one.shows, names, one.place, "shows");
    }
    for (const Simulation& one : pack_.simulations) {
      findings_.clause = one.clause;
      const schema::Register* own = need_register(one.of, at(one, "of"));
      if (own == nullptr) continue;
      std::vector<std::string> numbers;
      for (const schema::Field& field : own->fields)
        if (schema::is_number(field.type)) numbers.push_back(field.name);
      need_among("字段", one.measures, numbers, one.place, "measures");
      need_among("可分组的字段", one.by, field_names(one.of), one.place, "by");
      for (const Lever& lever : one.levers)
        if (std::find(numbers.begin(), numbers.end(), lever.field) == numbers.end())
          unknown("字段", lever.field, lever.place, numbers);
    }
    check_prices(draft_);
    check_collections();
    check_name_rules();
    std::vector<std::string> targets;
    for (const Target& one : pack_.targets) targets.push_back(one.id);
    for (const Target& one : pack_.targets) {
      findings_.clause = one.clause;
      if (need_register(one.over, at(one, "over")) != nullptr) {
        std::vector<std::string> names = field_names(one.over);
        names.emplace_back("区县");
        need_among("可分组的字段", one.by, names, one.place, "by");
      }
      if (!one.same_as.empty()) need_among("目标", {one.same_as}, targets, one.place, "same_as");
      for (const std::string& number : one.awaits)
        for (const schema::Register& exists : pack_.schema.registers)
          if (exists.number == number)
            findings_.add(
                "W-PACK-215", at(one, "awaits", number),
                {"台账 " + number + "（" + exists.name + "）已经有了，awaits 可以去掉。",
                 "The register " + number + " (" + exists.name + ") exists; awaits is out of date."},
                {"改写 over 和 formula。", "Write over and formula instead."});
    }
  }

  void check_collections() {
    for (const Collection& one : pack_.collections) {
      findings_.clause = one.clause;
      const schema::Register* own = need_register(one.of, at(one, "of"));
      if (own == nullptr) continue;
      if (own->period == schema::PeriodKey::None)
        findings_.add("E-PACK-292", at(one, "of"),
                      {"台账“" + own->name + "”没有期间，说不上到期。",
                       "The register " + own->id + " has no period: nothing in it falls due."},
                      {"收数的台账要写 period: year、quarter 或 month。",
                       "What is collected needs period: year, quarter or month."});
      std::vector<std::string> names, providers;
      for (const schema::Field& field : own->fields) {
        names.push_back(field.name);
        if (!field.provider.empty()) providers.push_back(field.provider);
      }
      for (const CollectionItem& item : one.items) {
        for (const std::string& field : item.fields)
          if (std::find(names.begin(), names.end(), field) == names.end())
            unknown("字段", field, item.place, names);
        if (item.fields.empty() &&
            std::find(providers.begin(), providers.end(), item.provider) == providers.end())
          unknown("这个单位提供的字段", item.provider, item.place, providers);
      }
    }
  }

  void check_name_rules() {
    schema::NameRules& rules = pack_.name_rules;
    if (rules.register_id.empty()) return;
    findings_.clause.clear();
    const schema::Register* own = need_register(rules.register_id, place_of_key(draft_, rules.place, "of"));
    if (own == nullptr) return;
    std::vector<std::string> names;
    for (const schema::Field& field : own->fields) names.push_back(field.name);
    need_among("字段", {rules.name_field}, names, rules.place, "name_field");
    need_among("字段", rules.near_names, names, rules.place, "near");
    if (const schema::Field* field = own->find_by_name(rules.name_field)) rules.name_field = field->id;
    for (const std::string& name : rules.near_names)
      if (const schema::Field* field = own->find_by_name(name)) rules.near_fields.push_back(field->id);
  }

  void check_cases() {
    std::vector<std::string> schemes;
    for (const Scheme& one : pack_.schemes) schemes.push_back(one.name);
    for (const Cases& one : pack_.cases) {
      findings_.clause = one.clause;
      if (!one.scheme.empty() && pack_.scheme(one.scheme) == nullptr)
        unknown("方案", one.scheme, at(one, "scheme"), schemes);
      if (need_register(one.of, at(one, "of")) == nullptr || one.rows.empty()) continue;
      std::vector<std::string> inputs = field_names(one.of);
      for (const std::string& field : field_names(one.of)) inputs.push_back("上期." + field);
      for (const auto& [name, value] : one.rows.front().inputs)
        if (std::find(inputs.begin(), inputs.end(), name) == inputs.end())
          unknown("字段", name, header_of(one, name), inputs);
      std::vector<std::string> outputs = scheme_outputs(one);
      for (const auto& [name, text] : one.rows.front().expected)
        if (std::find(outputs.begin(), outputs.end(), name) == outputs.end())
          unknown("输出", name, header_of(one, name), outputs);
      for (const CaseRow& row : one.rows)
        for (const auto& [name, value] : row.inputs) check_case_value(one, row, name, value);
    }
  }

  // The field behind 实缴税收, 企业.镇街 or 上期.实缴税收.
  const schema::Field* field_at(const std::string& of, std::string_view path) const {
    const schema::Register* one = pack_.schema.find(of);
    if (path.starts_with("上期.")) path.remove_prefix(std::string_view("上期.").size());
    for (int step = 0; one != nullptr && step < 5; ++step) {
      if (const schema::Field* field = one->find_by_name(path)) return field;
      one = one->of.empty() ? nullptr : pack_.schema.find(one->of);
      if (one != nullptr && path.starts_with(one->name + ".")) path.remove_prefix(one->name.size() + 1);
    }
    return nullptr;
  }

  void check_case_value(const Cases& cases, const CaseRow& row, const std::string& name,
                        const feel::Value& value) {
    const schema::Field* field = field_at(cases.of, name);
    if (field == nullptr || value.is_null()) return;
    const feel::Type type = field->feel_type();
    const std::string written = value.to_feel();
    if (type.kind && *type.kind != value.kind()) {
      findings_.add("E-PACK-114", row.place,
                    {"“" + name + "”的值 " + written + " 类型不对，这个字段是" + to_string(type) + "。",
                     "The value " + written + " of \"" + name + "\" is of the wrong type; the field is " +
                         std::string(schema::to_code(field->type)) + "."},
                    {"文字加半角双引号，日期写作 @\"2023-12-31\"，缺报的写“缺报”。",
                     "Put text in double quotes, write dates as @\"2023-12-31\", a missing value as 缺报."});
    } else if (const schema::Codes* codes =
                   field->codes.empty() ? nullptr : pack_.schema.find_codes(field->codes);
               codes != nullptr && codes->find(value.to_text()) == nullptr) {
      not_a_code(value.to_text(), *codes, row.place);
    }
  }

  // The header cell of a column of cases.
  Place header_of(const Cases& cases, const std::string& name) const {
    for (const RawBlock& block : draft_.blocks)
      if (block.place == cases.place && block.table != nullptr)
        for (const Cell& cell : block.table->header)
          if (cell.text == name || (cell.text.starts_with("→") && cell.text.ends_with(" " + name)))
            return place_of(cell, block.place.file);
    return cases.place;
  }

  std::vector<std::string> scheme_outputs(const Cases& cases) const {
    std::vector<std::string> names;
    for (const Indicator& one : pack_.indicators) names.push_back(one.name);
    for (const Decision& one : pack_.decisions)
      if (one.of == cases.of) names.push_back(one.name);
    for (const Roster& one : pack_.rosters)
      if (one.of == cases.of) names.push_back(one.name);
    if (const Scheme* scheme = cases.scheme.empty() ? nullptr : pack_.scheme(cases.scheme)) {
      for (const SchemeItem& item : scheme->items) names.push_back("得分." + item.indicator);
      for (const char* word : {"参评", "总分", "名次", "等级"}) names.emplace_back(word);
    }
    return names;
  }

  Draft& draft_;
  Pack& pack_;
  Findings& findings_;
  Definitions words_;  // names in FEEL: parameters, indicators, decisions
  std::vector<std::string> registers_;
  std::vector<std::string> codes_;
};

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

void check_names(Draft& draft) {
  NameCheck(draft).run();
  check_relations(draft);
}

void check_citations(Draft& draft) {
  std::vector<std::string> questions, numbers, clauses;
  for (const Question& one : draft.pack.questions) questions.push_back(one.id);
  for (const Clause& one : draft.pack.clauses) clauses.push_back(one.id);
  auto number = [&](const Block& one) {
    if (!one.number.empty()) numbers.push_back(one.number);
  };
  for (const Parameter& one : draft.pack.parameters) number(one);
  for (const Indicator& one : draft.pack.indicators) number(one);
  for (const Decision& one : draft.pack.decisions) number(one);
  for (const Roster& one : draft.pack.rosters) number(one);
  for (const Target& one : draft.pack.targets) {
    number(one);
    numbers.insert(numbers.end(), one.also.begin(), one.also.end());
  }
  auto known = [](const std::vector<std::string>& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
  };
  for (const Citation& citation : draft.citations) {
    draft.findings.clause = citation.clause;
    const std::string_view text = citation.text;
    const std::size_t end_of_number = text.find_first_not_of("0123456789", 1);
    const std::string_view head = text.substr(0, end_of_number);
    if (text[0] == 'Q' && is_digits(head.substr(1))) {
      if (!known(questions, head))
        draft.findings.add(
            "E-PACK-214", citation.place,
            {"问题 " + std::string(head) + " 没有立。", "There is no question " + std::string(head) + "."},
            {"在 questions.md 里立这一问，或改出处。", "Ask it in questions.md, or correct the source."});
      continue;
    }
    const std::size_t dot = text.find("·");
    const std::string_view clause = text.substr(0, dot);
    if (const auto id = clause_number(clause); id && !known(clauses, *id))
      draft.findings.add(
          "W-PACK-213", citation.place,
          {"条款 " + *id + " 在这个包里没有标题。", "No heading of this pack opens clause " + *id + "."},
          near_or_list(*id, clauses));
    else if (id && dot != std::string_view::npos) {
      const std::string_view item = text.substr(dot + std::string_view("·").size());
      const std::string_view cited =
          item.substr(0, std::min(item.size(), item.find_first_not_of("0123456789", 1)));
      if (cited.size() > 1 && cited[0] == 'P' && is_digits(cited.substr(1)) && !known(numbers, cited))
        draft.findings.add("W-PACK-213", citation.place,
                           {"编号 " + std::string(cited) + " 没有块在用。",
                            "No block bears the number " + std::string(cited) + "."},
                           near_or_list(cited, numbers));
    }
  }
  draft.findings.clause.clear();
}

}  // namespace tenglong::pack
