#include "campaign/target/target.h"

#include "campaign/target/report.h"

#include <algorithm>

namespace tenglong::target {

using quantity::Decimal;

const char* to_chinese(Standing standing) {
  switch (standing) {
    case Standing::Reached:
      return "已达到";
    case Standing::OnTime:
      return "按时";
    case Standing::Behind:
      return "落后";
    case Standing::NotReached:
      return "未达到";
    case Standing::NoFigure:
      return "待报";
    case Standing::Awaits:
      return "待建台账";
    case Standing::Refused:
      return "缺参数";
    case Standing::InForce:
      return "照此执行";
    case Standing::Differs:
      return "与文件不同";
  }
  return "";
}

namespace {

bool reached(pack::Comparator comparator, Decimal value, Decimal goal) {
  switch (comparator) {
    case pack::Comparator::AtLeast:
      return value >= goal;
    case pack::Comparator::AtMost:
      return value <= goal;
    case pack::Comparator::Above:
      return value > goal;
    case pack::Comparator::Below:
      return value < goal;
  }
  return false;
}

bool rises(pack::Comparator comparator) {
  return comparator == pack::Comparator::AtLeast || comparator == pack::Comparator::Above;
}

// The share of [from, to] that has passed at the end of `on`, times the goal; nothing outside the stretch.
std::optional<Decimal> in_proportion(Decimal goal, calendar::Date from, calendar::Date to, calendar::Date on,
                                     const quantity::Rounding& rounding) {
  const std::int64_t all = to.days() - from.days() + 1;
  const std::int64_t passed = std::clamp<std::int64_t>(on.days() - from.days() + 1, 0, all);
  const auto product = multiply(goal, Decimal(passed));
  const auto share = product ? divide(*product, Decimal(all)) : std::nullopt;
  return share ? std::optional(share->rounded(rounding)) : std::nullopt;
}

const result::TargetValue* value_of(const result::Result& result, std::string_view id) {
  const auto found = std::find_if(result.targets.begin(), result.targets.end(),
                                  [&](const result::TargetValue& value) { return value.target == id; });
  return found == result.targets.end() ? nullptr : &*found;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : "、") + word;
  return out;
}

// Says what is missing, if anything is; otherwise leaves the standing to the figure.
bool explain_absence(const pack::Target& target, const result::Result& result, Line& line) {
  for (const result::Refusal& refusal : result.refusals)
    if (refusal.kind == "target" && (refusal.name == target.id || refusal.name == target.name)) {
      line.standing = Standing::Refused;
      line.why = "缺 " + joined(refusal.gaps);
      return true;
    }
  if (!target.formula.present()) {
    line.standing = Standing::Awaits;
    line.why = target.awaits.empty() ? "没有写算法" : "等 " + joined(target.awaits);
    return true;
  }
  return false;
}

std::optional<Decimal> percent_of(const std::optional<Decimal>& part, Decimal goal) {
  if (!part || goal <= Decimal(0)) return std::nullopt;
  const auto hundredfold = multiply(*part, Decimal(100));
  const auto share = hundredfold ? divide(*hundredfold, goal) : std::nullopt;
  return share ? std::optional(share->rounded(1, quantity::RoundingMode::HalfUp)) : std::nullopt;
}

void judge_figure(const pack::Target& target, const pack::Head& head, calendar::Date on, Line& line) {
  if (target.kind == pack::TargetKind::Threshold) {
    line.standing = line.value == line.goal ? Standing::InForce : Standing::Differs;
    return;
  }
  if (!line.goal) {
    line.standing = Standing::NoFigure;
    line.why += "；没有上期可比";
    return;
  }
  const auto difference =
      rises(target.comparator) ? subtract(*line.goal, *line.value) : subtract(*line.value, *line.goal);
  line.gap = difference;
  if (reached(target.comparator, *line.value, *line.goal)) {
    line.standing = Standing::Reached;
    return;
  }
  const bool is_over = target.to && on >= *target.to;
  if (is_over) {
    line.standing = Standing::NotReached;
  } else if (target.kind == pack::TargetKind::Cumulative && target.from && target.to &&
             rises(target.comparator)) {
    line.due_by_now = in_proportion(*line.goal, *target.from, *target.to, on, head.rounding);
    line.standing = line.due_by_now && *line.value >= *line.due_by_now ? Standing::OnTime : Standing::Behind;
  } else {
    line.standing = Standing::Behind;
  }
}

}  // namespace

std::vector<Line> judge(const pack::Pack& pack, const result::Result& result, calendar::Date on,
                        const result::Result* previous) {
  std::vector<Line> lines;
  lines.reserve(pack.targets.size());
  for (const pack::Target& own : pack.targets) {
    const pack::Target* counted = own.same_as.empty() ? &own : pack.target(own.same_as);
    if (counted == nullptr) counted = &own;
    Line line{.id = own.id, .name = own.name, .clause = own.clause, .unit = own.unit.name(), .mark = {}};
    line.comparator = own.comparator;
    line.lead = own.lead;
    line.participants = own.participants;
    line.same_as = own.same_as;
    if (own.is_default()) line.mark = own.source;
    if (own.goal.present() && own.goal.tree->kind == feel::NodeKind::Literal &&
        own.goal.tree->value.kind() == feel::Kind::Number)
      line.goal = own.goal.tree->value.number();
    const bool against_previous =
        own.goal.present() ? own.goal.tree->kind == feel::NodeKind::Name && own.goal.tree->text == "上期值"
                           : own.kind == pack::TargetKind::Trend;
    if (against_previous && previous != nullptr)
      if (const result::TargetValue* before = value_of(*previous, counted->id);
          before != nullptr && !before->cells.empty())
        line.goal = before->cells.front().value;
    if (!explain_absence(*counted, result, line)) {
      const result::TargetValue* value = value_of(result, counted->id);
      if (value == nullptr || value->cells.empty() || !value->cells.front().value) {
        line.standing = Standing::NoFigure;
        const bool has_begun = !counted->from || *counted->from <= on;
        line.why = value == nullptr && !has_begun ? "从 " + counted->from->to_string() + " 起算"
                   : value == nullptr
                       ? "本期没有算"
                       : "本期数据未到：" + std::string(quantity::to_chinese(value->cells.front().state));
      } else {
        line.value = value->cells.front().value;
        line.records = value->cells.front().records;
        line.external_records = value->external_records;
        line.why = value->period.to_string();
        if (line.mark.empty()) line.mark = value->mark;
        judge_figure(*counted, pack.head, on, line);
        if ((counted->kind == pack::TargetKind::Cumulative || counted->kind == pack::TargetKind::Yearly) &&
            rises(counted->comparator) && line.goal) {
          line.share = percent_of(line.value, *line.goal);
          line.pace = percent_of(line.due_by_now, *line.goal);
        }
      }
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::optional<Line> supposed(const pack::Pack& pack, const Line& line, Decimal more, calendar::Date on) {
  const pack::Target* own = pack.target(line.id);
  if (own == nullptr || own->kind != pack::TargetKind::Cumulative || !line.value || !line.goal)
    return std::nullopt;
  const auto value = add(*line.value, more);
  if (!value) return std::nullopt;
  Line out = line;
  out.value = value->rounded(pack.head.rounding);
  judge_figure(*own, pack.head, on, out);
  if (rises(own->comparator)) out.share = percent_of(out.value, *out.goal);
  return out;
}

}  // namespace tenglong::target
