#include "campaign/target/report.h"

#include <algorithm>
#include <numeric>

namespace tenglong::target {

using quantity::Decimal;

Lamp lamp_of(Standing standing) {
  switch (standing) {
    case Standing::Reached:
    case Standing::OnTime:
      return Lamp::Ok;
    case Standing::Behind:
      return Lamp::Warn;
    case Standing::NotReached:
      return Lamp::Late;
    case Standing::InForce:
    case Standing::Differs:
      return Lamp::Line;
    case Standing::NoFigure:
    case Standing::Awaits:
    case Standing::Refused:
      break;
  }
  return Lamp::None;
}

std::string chapter_of(const std::string& clause) {
  const std::size_t end = clause.find(')');
  if (end != std::string::npos) return clause.substr(0, end + 1);
  return clause.substr(0, clause.find("·"));
}

namespace {

void count(Tally& tally, const Line& line) {
  switch (lamp_of(line.standing)) {
    case Lamp::Ok:
      ++tally.ok;
      break;
    case Lamp::Warn:
      ++tally.warn;
      break;
    case Lamp::Late:
      ++tally.late;
      break;
    case Lamp::None:
      ++tally.none;
      break;
    case Lamp::Line:
      ++tally.line;
      break;
  }
}

int weight_of(Lamp lamp) {
  switch (lamp) {
    case Lamp::Late:
      return 0;
    case Lamp::Warn:
      return 1;
    case Lamp::None:
      return 2;
    case Lamp::Ok:
      return 3;
    case Lamp::Line:
      break;
  }
  return 4;
}

Group& group_of(std::vector<Group>& groups, const std::string& name) {
  for (Group& one : groups)
    if (one.name == name) return one;
  groups.push_back({.name = name});
  return groups.back();
}

}  // namespace

Tally tally_of(const std::vector<Line>& lines) {
  Tally out;
  for (const Line& line : lines) count(out, line);
  return out;
}

std::optional<Decimal> percent_of_goal(Decimal part, Decimal goal) {
  if (goal <= Decimal(0)) return std::nullopt;
  const auto hundredfold = multiply(part, Decimal(100));
  const auto share = hundredfold ? divide(*hundredfold, goal) : std::nullopt;
  return share ? std::optional(share->rounded(1, quantity::RoundingMode::HalfUp)) : std::nullopt;
}

std::optional<Decimal> shortfall_of(const Line& line) {
  const Lamp lamp = lamp_of(line.standing);
  if ((lamp != Lamp::Warn && lamp != Lamp::Late) || !line.gap || !line.goal) return std::nullopt;
  return percent_of_goal(*line.gap, *line.goal);
}

Report report_of(const std::vector<Line>& lines) {
  Report out{.tally = tally_of(lines)};
  out.order.resize(lines.size());
  std::iota(out.order.begin(), out.order.end(), std::size_t{0});
  std::vector<std::optional<Decimal>> shortfalls;
  for (const Line& line : lines) shortfalls.push_back(shortfall_of(line));
  std::stable_sort(out.order.begin(), out.order.end(), [&](std::size_t a, std::size_t b) {
    const int x = weight_of(lamp_of(lines[a].standing)), y = weight_of(lamp_of(lines[b].standing));
    if (x != y) return x < y;
    if (shortfalls[a].has_value() != shortfalls[b].has_value()) return shortfalls[a].has_value();
    return shortfalls[a] && *shortfalls[a] > *shortfalls[b];
  });
  for (const Line& line : lines) {
    count(group_of(out.chapters, chapter_of(line.clause)).tally, line);
    count(group_of(out.leads, line.lead).tally, line);
  }
  for (const std::size_t at : out.order) {
    const Lamp lamp = lamp_of(lines[at].standing);
    if (lamp != Lamp::Late && lamp != Lamp::Warn) continue;
    group_of(out.chapters, chapter_of(lines[at].clause)).lagging.push_back(at);
    group_of(out.leads, lines[at].lead).lagging.push_back(at);
  }
  std::sort(out.leads.begin(), out.leads.end(), [](const Group& a, const Group& b) {
    if (a.tally.lagging() != b.tally.lagging()) return a.tally.lagging() > b.tally.lagging();
    if (a.tally.late != b.tally.late) return a.tally.late > b.tally.late;
    return a.name < b.name;
  });
  return out;
}

}  // namespace tenglong::target
