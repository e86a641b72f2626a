#include "campaign/target/report_words.h"

namespace tenglong::target {

using text::Words;

const Words& word_of(Lamp lamp) {
  static const Words kWords[] = {{"可达标", "On course"},
                                 {"有风险", "At risk"},
                                 {"难完成", "Unlikely"},
                                 {"待报", "No figure"},
                                 {"界线", "A line"}};
  return kWords[static_cast<std::size_t>(lamp)];
}

Words sentence_of(const Tally& tally, calendar::Date on) {
  const std::string day = on.to_string(), all = std::to_string(tally.all()), ok = std::to_string(tally.ok),
                    warn = std::to_string(tally.warn), late = std::to_string(tally.late),
                    none = std::to_string(tally.none), line = std::to_string(tally.line);
  Words out{"截至 " + day + "，" + all + " 项目标中 " + ok + " 项已达到或按时，" + warn + " 项落后，" + late +
                " 项到期未达到，" + none + " 项还没有数",
            "As of " + day + ", of " + all + " targets " + ok + " are reached or on time, " + warn +
                " behind, " + late + " missed, " + none + " without a figure"};
  if (tally.line > 0) {
    out.zh += "，另 " + line + " 项是逐项判定的界线，不计完成";
    out.en += ", and " + line + " are lines that tell records apart, which nothing completes";
  }
  out.zh += "。";
  out.en += ".";
  return out;
}

ReportWords report_words(const Report& report, const ReportBasis& basis) {
  const std::string lagging = std::to_string(report.tally.lagging()),
                    silent = std::to_string(report.tally.none);
  const std::string snapshot = basis.snapshot.substr(0, 12), rules = basis.rules.substr(0, 12),
                    change = std::to_string(basis.change);
  return {
      .title = {basis.plan + "：目标进度通报", basis.plan + ": how the targets stand"},
      .basis = {basis.document + "。截至 " + basis.on + "，快照 " + snapshot + "。",
                basis.document + ". As of " + basis.on + ", snapshot " + snapshot + "."},
      .foot = {"快照 " + basis.snapshot + "，第 " + change + " 次改动之后；规则 " + rules +
                   "。差目标值是差额占目标值的百分比，保留一位，四舍五入。",
               "Snapshot " + basis.snapshot + ", after change " + change + "; rules " + rules +
                   ". Missing of goal: the difference in percent of the goal, one decimal, halves up."},
      .whole = {"一、总体", "1. The whole"},
      .lagging = {"二、落后和未达到的 " + lagging + " 项，差的在前",
                  "2. " + lagging + " behind or missed, the worst first"},
      .units = {"三、谁落后、差多少", "3. Who lags, and by how much"},
      .silent = {"四、还没有数的 " + silent + " 项", "4. " + silent + " without a figure"},
      .none_lags = {"没有落后的。", "Nothing lags."},
      .no_lead = {"未定牵头单位", "no lead unit"},
      .chapter = {"章", "Chapter"},
      .all = {"项数", "Targets"},
      .lamp = {"判断", "Judgement"},
      .name = {"目标", "Target"},
      .now = {"现值", "Now"},
      .goal = {"目标值", "Goal"},
      .unit = {"单位", "Unit"},
      .short_of = {"差目标值", "Missing of goal"},
      .pace = {"按时间应达", "Due by now"},
      .lead = {"牵头单位", "Lead unit"},
      .clause = {"条款", "Clause"},
  };
}

Words sentence_of(const Group& lead, const std::vector<Line>& lines) {
  const std::string all = std::to_string(lead.tally.all()), lag = std::to_string(lead.lagging.size());
  Words out{"牵头 " + all + " 项，落后 " + lag + " 项：", "leads " + all + ", " + lag + " lag: "};
  bool is_first = true;
  for (const std::size_t at : lead.lagging) {
    const Line& line = lines[at];
    const auto missing = shortfall_of(line);
    out.zh += (is_first ? "" : "；") + line.id + " " + line.name;
    out.en += (is_first ? "" : "; ") + line.id + " " + line.name;
    if (missing) {
      out.zh += "差 " + missing->to_string() + "%";
      out.en += ", " + missing->to_string() + "% missing";
    }
    is_first = false;
  }
  out.zh += "。";
  out.en += ".";
  return out;
}

}  // namespace tenglong::target
