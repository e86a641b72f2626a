// `yaml indicator`, `yaml decision`, `yaml scheme`.
#include <algorithm>

#include "engine/pack/inside/draft.h"

namespace tenglong::pack {
namespace {

using diagnostic::Place;

// Reads `of:` and `over:`; exactly one of them for an indicator.
void read_subject(Draft& draft, const RawBlock& raw, Keys& keys, std::string& of, std::string& over) {
  of = keys.text("of");
  over = keys.text("over");
  if (of.empty() == over.empty())
    draft.findings.add("E-PACK-106", of.empty() ? raw.place : keys.place_of("over"),
                       {"of（逐条记录）和 over（汇总）要写且只写一个。",
                        "Exactly one of of (each record) and over (the population) is needed."},
                       {"逐户计算写 of: 台账 id；全区一个数写 over: 台账 id。",
                        "Write of: register for each record, over: register for one value."});
}

DecisionOutput read_output(Draft& draft, const Yaml& node) {
  DecisionOutput output;
  if (node.kind == Yaml::Kind::Scalar) {
    output.name = std::string(text::trim(node.scalar));
    return output;
  }
  if (node.kind != Yaml::Kind::Map) {
    draft.findings.add("E-PACK-107", node.place,
                       {"输出应写成 {name: ..., type: ...}。", "An output is {name: ..., type: ...}."});
    return output;
  }
  Keys keys(node, "output", draft.findings);
  output.name = keys.text("name", Need::Required);
  quantity::Unit unit;
  const bool typed = keys.has("type") || keys.has("unit");
  const feel::Type declared = declared_type(draft, keys, unit, output.codes);
  output.type = typed                  ? declared
                : output.codes.empty() ? feel::Type::any()
                                       : feel::Type::of(feel::Kind::String);
  keys.finish();
  return output;
}

std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '\n' && c != '\t') out += c;
  return out;
}

void read_rules(Draft& draft, const RawBlock& raw, Decision& decision) {
  const std::string& file = raw.place.file;
  std::vector<ColumnWish> wishes;
  // A header is the input's text; white space may differ.
  for (const Expression& input : decision.inputs) {
    std::string header = input.text;
    if (raw.table != nullptr)
      for (const Cell& cell : raw.table->header)
        if (squeezed(cell.text) == squeezed(input.text)) header = cell.text;
    wishes.push_back({header});
  }
  for (const DecisionOutput& output : decision.outputs) wishes.push_back({output.name});
  wishes.push_back({"说明", false});
  const auto view = view_table(draft, raw, wishes);
  if (!view) return;
  auto unpublished = [&](const Cell& cell) {
    if (cell.text != kUnpublished) return false;
    draft.findings.add(
        "E-PACK-114", place_of(cell, file),
        {"决策表里不能写“未公布”。", "A decision table cannot hold 未公布."},
        {"把没公布的数写成参数的缺口，这里引用参数。",
         "Declare the unpublished number as a gap of a parameter and use the parameter here."});
    return true;
  };
  for (std::size_t r = 0; r < view->rows.size(); ++r) {
    DecisionRule rule;
    rule.place = place_of_row(*view->rows[r], file);
    bool good = true;
    for (std::size_t i = 0; i < decision.inputs.size(); ++i) {
      const Cell& cell = *view->cell(r, i);
      good = is_filled(draft, cell, file) && !unpublished(cell) && good;
      rule.test_texts.push_back(cell.text);
      rule.test_origins.push_back(
          {.file = file, .line = cell.line, .column = cell.column, .clause = draft.findings.clause});
    }
    for (std::size_t o = 0; o < decision.outputs.size(); ++o) {
      const Cell& cell = *view->cell(r, decision.inputs.size() + o);
      good = is_filled(draft, cell, file) && !unpublished(cell) && good;
      Expression output;
      output.text = cell.text;
      output.origin = {
          .file = file, .line = cell.line, .column = cell.column, .clause = draft.findings.clause};
      rule.outputs.push_back(std::move(output));
    }
    if (const Cell* note = view->cell(r, wishes.size() - 1)) rule.note = note->text == "-" ? "" : note->text;
    if (good) decision.rules.push_back(std::move(rule));
  }
}

}  // namespace

namespace {

// A key that means something only beside others.
void read_only_with(Draft& draft, const Keys& keys, const char* key, bool fits, const char* with_zh,
                    const char* with_en) {
  if (fits || !keys.has(key)) return;
  draft.findings.add("E-PACK-231", keys.key_place(key),
                     {std::string(key) + " 只用于" + with_zh + "。",
                      std::string(key) + " belongs to an indicator " + with_en + "."},
                     {"删去这一行，或补写与它相配的键。", "Remove it, or add the key it goes with."});
}

// as, within, first, ties: among others of its period. related, through: over those that belong to it.
void read_among(Draft& draft, Keys& keys, Indicator& indicator) {
  static const std::vector<std::string> kAs = {"share", "rank", "percentile"};
  static const std::vector<std::string> kFirst = {"highest", "lowest"};
  static const std::vector<std::string> kTies = {"better", "worse"};
  using As = Indicator::As;
  if (const auto as = keys.word("as", kAs)) indicator.as = static_cast<As>(*as + 1);
  indicator.within = keys.texts("within");
  if (const auto first = keys.word("first", kFirst))
    indicator.first = *first == 0 ? Indicator::First::Highest : Indicator::First::Lowest;
  if (const auto ties = keys.word("ties", kTies)) indicator.ties = *ties == 0 ? Ties::Better : Ties::Worse;
  indicator.related = keys.text("related");
  indicator.through = keys.text("through");
  const bool of_record = indicator.over.empty();
  const bool has_as = keys.has("as"), has_related = keys.has("related");
  const bool ranks = indicator.as == As::Rank || indicator.as == As::Percentile;
  read_only_with(draft, keys, "as", of_record, "逐户指标（of）", "of each record");
  read_only_with(draft, keys, "related", of_record, "逐户指标（of）", "of each record");
  read_only_with(draft, keys, "within", has_as, "有 as 的指标", "with as");
  read_only_with(draft, keys, "through", has_related, "有 related 的指标", "with related");
  for (const char* key : {"first", "ties"})
    read_only_with(draft, keys, key, ranks, " as: rank 或 as: percentile 的指标",
                   "with as: rank or percentile");
  if (has_as && has_related)
    draft.findings.add(
        "E-PACK-231", keys.key_place("as"),
        {"as 和 related 不能写在同一个指标里。", "as and related cannot stand in one indicator."},
        {"先用 related 立一个指标，再以它为 formula 另立一个 as 的指标。",
         "Make one indicator with related, and another with as whose formula names it."});
  if (ranks && !keys.has("first"))
    draft.findings.add("E-PACK-231", keys.key_place("as"),
                       {"没有写 first，不知道大的在前还是小的在前。",
                        "first is not given: does the highest come first, or the lowest?"},
                       {"补写 first: highest（大的在前）或 first: lowest（小的在前）。",
                        "Add first: highest or first: lowest."});
  if (has_as && indicator.type.kind && *indicator.type.kind != feel::Kind::Number)
    draft.findings.add("E-PACK-231", keys.place_of("type"),
                       {"份额、名次、位次百分比都是数。", "A share, a rank and a percentile are numbers."},
                       {"删去 type。", "Remove type."});
  static const quantity::Unit kPercent = *quantity::Unit::parse("%");
  const bool wants_percent = indicator.as == As::Share || indicator.as == As::Percentile;
  if (wants_percent && !indicator.unit.same_scale(kPercent))
    draft.findings.add("E-PACK-231", keys.has("unit") ? keys.place_of("unit") : keys.key_place("as"),
                       {std::string(indicator.as == As::Share ? "份额" : "位次百分比") + "的单位是 %。",
                        std::string(indicator.as == As::Share ? "A share" : "A percentile") + " is in %."},
                       {"写 unit: \"%\"。", "Write unit: \"%\"."});
  if (indicator.as == As::Rank && keys.has("unit") && !indicator.unit.is_bare())
    draft.findings.add("E-PACK-231", keys.place_of("unit"), {"名次没有单位。", "A rank has no unit."},
                       {"删去 unit。", "Remove unit."});
}

}  // namespace

void read_indicator(Draft& draft, const RawBlock& raw) {
  Keys keys(raw.root, "indicator", draft.findings);
  Indicator indicator;
  read_block_head(draft, raw, keys, indicator, SourceRule::Optional);
  read_subject(draft, raw, keys, indicator.of, indicator.over);
  indicator.type = declared_type(draft, keys, indicator.unit, indicator.codes);
  indicator.formula = keys.expression("formula", Need::Required);
  indicator.not_applicable_if = keys.expression("not_applicable_if");
  indicator.where = keys.expression("where");
  indicator.rounding = keys.rounding("rounding");
  indicator.by = keys.texts("by");
  read_among(draft, keys, indicator);
  const bool looks_around = indicator.stands_among() || keys.has("related");
  if (indicator.over.empty())
    for (const char* key : {"where", "by"})
      if (keys.has(key) && (*key == 'b' || !looks_around))
        draft.findings.add("E-PACK-107", keys.key_place(key),
                           {std::string(key) + " 只用于 over 的指标。",
                            std::string(key) + " belongs to an indicator with over."},
                           {"逐户指标用 not_applicable_if 排除。",
                            "An indicator of each record excludes by not_applicable_if."});
  keys.text("note");
  keys.finish();
  draft.pack.indicators.push_back(std::move(indicator));
}

void read_decision(Draft& draft, const RawBlock& raw) {
  static const std::vector<std::string> kHits = {
      "unique",       "any",           "first",       "priority",      "collect",
      "collect_sum",  "collect_min",   "collect_max", "collect_count", "rule_order",
      "output_order", "collect_worst", "collect_best"};
  static const std::vector<std::string> kShort = {"U", "A", "F", "P", "C", "C+", "C<", "C>", "C#", "R", "O"};
  Findings& findings = draft.findings;
  Keys keys(raw.root, "decision", findings);
  Decision decision;
  read_block_head(draft, raw, keys, decision, SourceRule::Required);
  decision.of = keys.text("of");
  const std::string hit = keys.text("hit", Need::Required);
  const auto letter = std::find(kShort.begin(), kShort.end(), hit);
  if (letter != kShort.end())
    decision.hit = static_cast<HitPolicy>(letter - kShort.begin());
  else if (const auto word = keys.word("hit", kHits))
    decision.hit = static_cast<HitPolicy>(*word);
  if (const Yaml* inputs = keys.find("inputs", Need::Required)) {
    if (inputs->kind == Yaml::Kind::Scalar) decision.inputs.push_back(expression_of(*inputs, findings));
    for (const Yaml& item : inputs->items) decision.inputs.push_back(expression_of(item, findings));
  }
  const Yaml* one = keys.find("output");
  const Yaml* many = keys.find("outputs");
  if (one != nullptr) decision.outputs.push_back(read_output(draft, *one));
  if (many != nullptr)
    for (const Yaml& item : many->items) decision.outputs.push_back(read_output(draft, item));
  if ((one == nullptr) == (many == nullptr) || decision.outputs.empty())
    findings.add(
        "E-PACK-106", raw.place,
        {"output（一个）和 outputs（几个）要写且只写一个。", "Exactly one of output and outputs is needed."},
        {"例如 output: {name: 最高可评, type: code, codes: grade}。",
         "For example output: {name: 最高可评, type: code, codes: grade}."});
  if (const Yaml* otherwise = keys.find("otherwise")) {
    auto value_of = [&](const Yaml& node, const feel::Type& type) {
      return constant_of(draft, constant_text(node, type, "otherwise", findings), node.place, type);
    };
    if (otherwise->kind == Yaml::Kind::Map) {
      feel::Context context;
      Keys inner(*otherwise, "otherwise", findings);
      for (const DecisionOutput& output : decision.outputs)
        if (const Yaml* node = inner.find(output.name, Need::Required))
          if (const auto value = value_of(*node, output.type)) context.put(output.name, *value);
      inner.finish();
      decision.otherwise = feel::Value(std::move(context));
    } else {
      decision.otherwise =
          value_of(*otherwise, decision.outputs.size() == 1 ? decision.outputs[0].type : feel::Type::any());
    }
  }
  keys.text("note");
  keys.finish();
  if (!decision.inputs.empty() && !decision.outputs.empty()) read_rules(draft, raw, decision);
  draft.pack.decisions.push_back(std::move(decision));
}

namespace {

SchemeItem read_item(Draft& draft, const Yaml& node) {
  Keys keys(node, "item", draft.findings);
  SchemeItem item;
  item.indicator = keys.text("indicator", Need::Required);
  item.place = keys.place_of("indicator");
  item.weight = keys.expression("weight", Need::Required);
  item.base = keys.expression("base");
  item.score = keys.expression("score");
  if (const Yaml* missing = keys.find("missing")) {
    const std::string word =
        missing->kind == Yaml::Kind::Scalar ? std::string(text::trim(missing->scalar)) : "";
    if (word == "group_mean" || word == "同组平均得分")
      item.missing = SchemeItem::Missing::GroupMean;
    else if (word != "not_rated" && word != "不参评")
      item.missing = SchemeItem::Missing::Value, item.when_missing = expression_of(*missing, draft.findings);
  }
  keys.finish();
  return item;
}

// missing_item: {单位排放增加值: 同组平均得分}: the same as `missing:` of that item.
void read_missing_item(Draft& draft, const Yaml& node, Scheme& scheme) {
  for (const YamlEntry& entry : node.entries) {
    const auto item = std::find_if(scheme.items.begin(), scheme.items.end(),
                                   [&](const SchemeItem& one) { return one.indicator == entry.key; });
    if (item == scheme.items.end()) {
      std::vector<std::string> names;
      for (const SchemeItem& one : scheme.items) names.push_back(one.indicator);
      draft.findings.add("E-PACK-202", entry.key_place,
                         {"missing_item 里的“" + entry.key + "”不是这个方案的项目。",
                          "\"" + entry.key + "\" in missing_item is no item of this scheme."},
                         near_or_list(entry.key, names));
      continue;
    }
    const std::string word(text::trim(entry.value.scalar));
    if (word == "group_mean" || word == "同组平均得分")
      item->missing = SchemeItem::Missing::GroupMean;
    else if (word == "not_rated" || word == "不参评")
      item->missing = SchemeItem::Missing::NotRated;
    else
      item->missing = SchemeItem::Missing::Value,
      item->when_missing = expression_of(entry.value, draft.findings);
  }
}

void read_cuts(Draft& draft, const Yaml& node, Scheme& scheme) {
  if (node.kind != Yaml::Kind::Map || node.entries.empty()) {
    draft.findings.add("E-PACK-107", node.place,
                       {"cuts 应写成 {A: 20, B: 65, ...}。", "cuts must be like {A: 20, B: 65, ...}."},
                       {"按名次写累计百分数；按得分写 \">= 72.5\"。",
                        "Cumulative percent by rank, or \">= 72.5\" by score."});
    return;
  }
  Keys doubles(node, "cuts", draft.findings);
  for (const YamlEntry& entry : node.entries) {
    Cut cut;
    cut.grade = entry.key;
    cut.score_origin = {.file = entry.value.place.file,
                        .line = entry.value.text_line,
                        .column = entry.value.text_column,
                        .clause = draft.findings.clause};
    cut.score_text = entry.value.source_text;
    if (const auto percent = quantity::Decimal::parse(text::trim(entry.value.scalar));
        percent && !entry.value.is_quoted)
      cut.percent = percent, cut.score_text.clear();
    else if (entry.value.kind != Yaml::Kind::Scalar)
      draft.findings.add(
          "E-PACK-107", entry.key_place,
          {"“" + entry.key + "”的线没有写。", "The cut of \"" + entry.key + "\" is not given."},
          {"写一个百分数或得分条件。", "Write a percent or a test of the score."});
    scheme.cuts.push_back(std::move(cut));
  }
}

}  // namespace

void read_scheme(Draft& draft, const RawBlock& raw) {
  static const std::vector<std::string> kTies = {"better", "worse"};
  Findings& findings = draft.findings;
  Keys keys(raw.root, "scheme", findings);
  Scheme scheme;
  read_block_head(draft, raw, keys, scheme, SourceRule::Required);
  scheme.of = keys.text("of", Need::Required);
  if (const std::string codes = keys.text("codes"); !codes.empty()) scheme.codes = codes;
  scheme.due = keys.expression("due", Need::Required);
  scheme.exempt = read_reasoned(draft, keys, "exempt");
  scheme.not_rated = read_reasoned(draft, keys, "not_rated");
  scheme.rank_within = keys.texts("rank_within");
  if (const Yaml* items = keys.find("items", Need::Required)) {
    for (const Yaml& item : items->items) {
      if (item.kind == Yaml::Kind::Map)
        scheme.items.push_back(read_item(draft, item));
      else
        findings.add("E-PACK-107", item.place,
                     {"项目应写成 {indicator: ..., weight: ..., base: ...}。",
                      "An item is {indicator: ..., weight: ..., base: ...}."});
    }
    if (scheme.items.empty())
      findings.add("E-PACK-107", items->place, {"items 里一项也没有。", "items is empty."},
                   {"至少写一项。", "Give at least one."});
  }
  if (const auto total = keys.number("weights_total")) draft.weights_totals[scheme.id] = *total;
  scheme.item_score = keys.expression("item_score");
  scheme.item_floor = keys.expression("item_floor");
  scheme.item_cap = keys.expression("item_cap");
  if (const Yaml* missing = keys.find("missing_item")) read_missing_item(draft, *missing, scheme);
  scheme.adjust = keys.texts("adjust");
  scheme.total = keys.expression("total");
  scheme.rounding = keys.rounding("rounding").value_or(draft.pack.head.rounding);
  if (const Yaml* cuts = keys.find("cuts", Need::Required)) read_cuts(draft, *cuts, scheme);
  if (const auto ties = keys.word("ties", kTies))
    scheme.ties = *ties == 0 ? Scheme::Ties::Better : Scheme::Ties::Worse;
  scheme.veto = keys.text("veto");
  scheme.protect = keys.text("protect");
  keys.text("note");
  if (scheme.item_score.text.empty())
    for (const SchemeItem& item : scheme.items)
      if (item.score.text.empty()) {
        findings.add(
            "E-PACK-106", raw.place,
            {"scheme 没有 item_score，“" + item.indicator + "”也没有自己的 score。",
             "Neither item_score nor a score of \"" + item.indicator + "\" is given."},
            {"例如 item_score: 指标值 / 基准值 * 权重。", "For example item_score: 指标值 / 基准值 * 权重."});
        break;
      }
  keys.finish();
  draft.pack.schemes.push_back(std::move(scheme));
}

}  // namespace tenglong::pack
