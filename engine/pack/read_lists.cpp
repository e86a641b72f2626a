// `yaml roster`, `yaml target`, `yaml cases`.
#include <algorithm>

#include "engine/pack/inside/draft.h"

namespace tenglong::pack {

using diagnostic::Place;

void read_roster(Draft& draft, const RawBlock& raw) {
  Keys keys(raw.root, "roster", draft.findings);
  Roster roster;
  read_block_head(draft, raw, keys, roster, SourceRule::Required);
  roster.of = keys.text("of", Need::Required);
  roster.due = keys.expression("due", Need::Required);
  roster.exempt = read_reasoned(draft, keys, "exempt");
  roster.enters_if = keys.expression("enters_if", Need::Required);
  roster.shows = keys.texts("shows");
  roster.line = keys.expression("line");
  keys.text("note");
  keys.finish();
  draft.pack.rosters.push_back(std::move(roster));
}

namespace {

void read_goal(Draft& draft, const RawBlock& raw, Keys& keys, Target& target) {
  static const std::pair<const char*, Comparator> kComparators[] = {{"at_least", Comparator::AtLeast},
                                                                    {"at_most", Comparator::AtMost},
                                                                    {"above", Comparator::Above},
                                                                    {"below", Comparator::Below}};
  int given = 0;
  for (const auto& [key, comparator] : kComparators)
    if (keys.find(key) != nullptr) {
      ++given;
      target.comparator = comparator;
      target.goal = keys.expression(key);
    }
  // A trend without a goal must rise above the period before.
  if (given == 0 && target.kind == TargetKind::Trend) {
    target.comparator = Comparator::Above;
    return;
  }
  if (given != 1)
    draft.findings.add("E-PACK-401", raw.place,
                       {"at_least、at_most、above、below 要写且只写一个。",
                        "Exactly one of at_least, at_most, above, below is needed."},
                       {"“以上”用 at_least，“以下”用 at_most，“高于”“低于”用 above、below。",
                        "At least and at most include the number; above and below do not."});
}

void read_period(Draft& draft, Keys& keys, Target& target) {
  static const std::vector<std::string> kKinds = {"cumulative", "yearly", "at_date",
                                                  "every_one",  "trend",  "threshold"};
  Findings& findings = draft.findings;
  const Yaml* period = keys.find("period", Need::Required);
  if (period == nullptr) return;
  if (period->kind != Yaml::Kind::Map) {
    findings.add("E-PACK-107", period->place,
                 {"period 应写成 {from: ..., to: ..., kind: ...}。",
                  "period must be {from: ..., to: ..., kind: ...}."},
                 {"例如 {from: 2021-01-01, to: 2023-12-31, kind: cumulative}。",
                  "For example {from: 2021-01-01, to: 2023-12-31, kind: cumulative}."});
    return;
  }
  Keys inner(*period, "period", findings);
  if (const auto kind = inner.word("kind", kKinds, Need::Required))
    target.kind = static_cast<TargetKind>(*kind);
  target.from = inner.date("from", target.kind == TargetKind::Cumulative ? Need::Required : Need::Optional);
  const bool lasts = target.kind == TargetKind::EveryOne || target.kind == TargetKind::Threshold;
  target.to = inner.date("to", lasts ? Need::Optional : Need::Required);
  if (target.from && target.to && *target.to < *target.from)
    findings.add("E-PACK-219", inner.place_of("to"),
                 {"期间的 to 早于 from。", "The period ends before it begins."},
                 {"核对两个日期。", "Check both dates."});
  inner.finish();
}

}  // namespace

void read_target(Draft& draft, const RawBlock& raw) {
  Findings& findings = draft.findings;
  Keys keys(raw.root, "target", findings);
  Target target;
  read_block_head(draft, raw, keys, target, SourceRule::Optional);
  // A number that stands in the plan itself has the plan as its source.
  if (target.source.empty()) target.source = draft.pack.head.document;
  target.unit = keys.unit("unit", Need::Required);
  read_period(draft, keys, target);
  read_goal(draft, raw, keys, target);
  target.over = keys.text("over");
  target.where = keys.expression("where");
  target.formula = keys.expression("formula");
  target.by = keys.texts("by");
  target.lead = keys.text("lead");
  target.participants = keys.texts("participants");
  target.same_as = keys.text("same_as");
  target.also = keys.texts("also");
  target.awaits = keys.texts("awaits");
  target.questions = keys.texts("questions");
  target.note = keys.text("note");
  for (const std::string& question : target.questions) cite(draft, question, keys.place_of("questions"));
  const bool computed = !target.formula.text.empty();
  if (computed && target.over.empty() && !target.where.text.empty())
    findings.add(
        "E-PACK-106", keys.place_of("where"),
        {"有 where 就要写 over，才知道筛的是哪个台账。", "where needs over: which register is filtered?"},
        {"补写 over: 台账 id。", "Add over: register id."});
  if (!computed && target.awaits.empty() && target.same_as.empty())
    findings.add(
        "E-PACK-106", raw.place,
        {"target 没有 formula，也没有 awaits 或 same_as，读者不知道它为什么算不出。",
         "A target without formula must say awaits or same_as, or nobody knows why it is not computed."},
        {"写 over 和 formula；台账还没有的写 awaits: R09。",
         "Write over and formula, or awaits: R09 for a register that does not exist yet."});
  keys.finish();
  draft.pack.targets.push_back(std::move(target));
}

void read_cases(Draft& draft, const RawBlock& raw) {
  Findings& findings = draft.findings;
  Keys keys(raw.root, "cases", findings);
  Cases cases;
  read_block_head(draft, raw, keys, cases, SourceRule::Optional);
  cases.of = keys.text("of", Need::Required);
  cases.scheme = keys.text("scheme");
  cases.rounding = keys.rounding("rounding");
  keys.text("note");
  keys.finish();
  // The columns are free: whatever is not 情形 or 年度 names an input, or after an arrow an output.
  std::vector<ColumnWish> wishes = {{"情形"}, {"年度", false}};
  std::vector<std::string> outputs;
  if (raw.table != nullptr)
    for (const Cell& cell : raw.table->header)
      if (cell.text != "情形" && cell.text != "年度" && !cell.text.empty()) wishes.push_back({cell.text});
  std::sort(wishes.begin() + 2, wishes.end(),
            [](const ColumnWish& a, const ColumnWish& b) { return a.name < b.name; });
  wishes.erase(std::unique(wishes.begin() + 2, wishes.end(),
                           [](const ColumnWish& a, const ColumnWish& b) { return a.name == b.name; }),
               wishes.end());
  const auto view = view_table(draft, raw, wishes);
  if (view) {
    // Inputs and outputs in the order of the header.
    std::vector<std::size_t> order;
    for (std::size_t w = 2; w < wishes.size(); ++w) order.push_back(w);
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return view->at[a] < view->at[b]; });
    const std::string& file = raw.place.file;
    for (std::size_t r = 0; r < view->rows.size(); ++r) {
      CaseRow row;
      const Cell& what = *view->cell(r, 0);
      if (!is_filled(draft, what, file)) continue;
      row.what = what.text;
      row.place = place_of_row(*view->rows[r], file);
      bool good = true;
      if (const Cell* year = view->cell(r, 1)) {
        const auto period =
            is_filled(draft, *year, file) ? calendar::Period::parse(year->text) : std::nullopt;
        good = period.has_value();
        if (period) row.period = *period;
        if (!period && !year->text.empty())
          findings.add("E-PACK-115", place_of(*year, file),
                       {"“" + year->text + "”不是期间。", "\"" + year->text + "\" is not a period."},
                       {"写成 2023、2023-Q1 或 2023-03。", "Write 2023, 2023-Q1 or 2023-03."});
      }
      for (const std::size_t w : order) {
        const Cell& cell = *view->cell(r, w);
        const std::string& header = wishes[w].name;
        if (!is_filled(draft, cell, file)) {
          good = false;
          continue;
        }
        const bool is_output = header.starts_with("→");
        const std::string name(
            text::trim(is_output ? std::string_view(header).substr(3) : std::string_view(header)));
        if (is_output) {
          const auto value = constant_quietly(cell.text);
          row.expected.emplace_back(name, value && !value->is_null() ? value->to_text() : cell.text);
        } else if (cell.text == "缺报" || cell.text == "-") {
          row.inputs.emplace_back(name, feel::Value());
        } else if (const auto value =
                       constant_of(draft, cell.text, place_of(cell, file), feel::Type::any())) {
          row.inputs.emplace_back(name, *value);
        } else {
          good = false;
        }
      }
      if (good) cases.rows.push_back(std::move(row));
    }
  }
  draft.pack.cases.push_back(std::move(cases));
}

}  // namespace tenglong::pack
