// Weights that make a hundred, cuts that rise to it, grades that exist.
#include <algorithm>

#include "engine/pack/inside/draft.h"

namespace tenglong::pack {
namespace {

using quantity::Decimal;

std::optional<Decimal> literal_number(const Expression& expression) {
  if (!expression.present() || expression.tree->kind != feel::NodeKind::Literal) return std::nullopt;
  if (expression.tree->value.kind() != feel::Kind::Number) return std::nullopt;
  return expression.tree->value.number();
}

diagnostic::Place line_of(const feel::Origin& origin) {
  return {.file = origin.file, .line = origin.line, .column = origin.column};
}

// Weights may be parameters; only constants can be added up here.
void check_weights(Draft& draft, const Scheme& scheme) {
  Decimal sum;
  for (const SchemeItem& item : scheme.items) {
    const auto weight = literal_number(item.weight);
    if (!weight) return;
    sum = sum + *weight;
  }
  const auto stated = draft.weights_totals.find(scheme.id);
  const Decimal total = stated == draft.weights_totals.end() ? Decimal(100) : stated->second;
  if (scheme.items.empty() || sum == total) return;
  draft.findings.add(
      "W-PACK-210", line_of(scheme.items.front().weight.origin),
      {"各项权重之和是 " + sum.to_string() + "，不是 " + total.to_string() + "。",
       "The weights add up to " + sum.to_string() + ", not " + total.to_string() + "."},
      {"核对权重；本来就要加成别的数，写 weights_total: " + sum.to_string() + "。",
       "Check the weights; if they are meant so, write weights_total: " + sum.to_string() + "."});
}

void check_cuts(Draft& draft, const Scheme& scheme) {
  Findings& findings = draft.findings;
  const schema::Codes* codes = draft.pack.schema.find_codes(scheme.codes);
  std::vector<std::string> grades;
  if (codes != nullptr)
    for (const schema::CodeEntry& entry : codes->entries) grades.push_back(entry.code);
  std::optional<Decimal> before;
  std::size_t by_percent = 0;
  for (const Cut& cut : scheme.cuts) {
    const diagnostic::Place place = line_of(cut.score_origin);
    if (codes != nullptr && codes->find(cut.grade) == nullptr)
      findings.add("E-PACK-212", place,
                   {"档“" + cut.grade + "”不在代码表“" + codes->name + "”里。",
                    "The grade \"" + cut.grade + "\" is not in the code table \"" + codes->name + "\"."},
                   near_or_list(cut.grade, grades));
    if (!cut.percent) continue;
    ++by_percent;
    if (before && *cut.percent <= *before)
      findings.add("E-PACK-211", place,
                   {"累计百分数要逐档上升：" + cut.percent->to_string() + " 不大于前一档的 " +
                        before->to_string() + "。",
                    "Cumulative percents must rise: " + cut.percent->to_string() + " is not above " +
                        before->to_string() + "."},
                   {"写累计数，如 20、65、95、100。", "Write cumulative percents such as 20, 65, 95, 100."});
    before = cut.percent;
  }
  if (by_percent != 0 && by_percent != scheme.cuts.size())
    findings.add(
        "E-PACK-211", line_of(scheme.cuts.front().score_origin),
        {"cuts 里名次百分数和得分条件混用了。", "cuts mixes percents by rank and tests of the score."},
        {"全部按名次，或全部按得分。", "Use one or the other."});
  else if (before && *before != Decimal(100))
    findings.add("E-PACK-211", line_of(scheme.cuts.back().score_origin),
                 {"最后一档是 " + before->to_string() + "%，没有到 100，其余企业没有档。",
                  "The last cut is " + before->to_string() + "%, not 100: the rest would have no grade."},
                 {"把最后一档写成 100。", "Make the last cut 100."});
}

}  // namespace

void check_schemes(Draft& draft) {
  for (const Scheme& scheme : draft.pack.schemes) {
    draft.findings.clause = scheme.clause;
    check_weights(draft, scheme);
    check_cuts(draft, scheme);
    for (const SchemeItem& item : scheme.items)
      if (const auto base = literal_number(item.base); base && base->is_zero())
        draft.findings.add(
            "E-PACK-203", line_of(item.base.origin),
            {"“" + item.indicator + "”的基准值是 0，不能作除数。",
             "The base of \"" + item.indicator + "\" is 0 and cannot be a divisor."},
            {"写上基准值；没公布的写成参数的缺口。", "Give the base, or make it a parameter with a gap."});
  }
  draft.findings.clause.clear();
}

}  // namespace tenglong::pack
