#include <algorithm>

#include "campaign/view/view.h"

namespace tenglong::view {

namespace {

std::string joined(const std::vector<std::string>& words, const char* by) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : by) + word;
  return out;
}

const char* sign(pack::Comparator comparator) {
  switch (comparator) {
    case pack::Comparator::AtLeast:
      return "≥ ";
    case pack::Comparator::AtMost:
      return "≤ ";
    case pack::Comparator::Above:
      return "> ";
    case pack::Comparator::Below:
      return "< ";
  }
  return "";
}

// A register cell with its unit, as people read it.
std::string shown(const Naming& naming, const pack::Roster& source, std::size_t row, std::string_view name) {
  const schema::Register* target = naming.pack->schema.find(source.of);
  const column::Table* table = target == nullptr ? nullptr : naming.snapshot->find(target->id);
  const schema::Field* field = target == nullptr ? nullptr : target->find_by_name(name);
  if (table == nullptr || field == nullptr) return {};
  const auto at = static_cast<std::size_t>(target->field_index(field->id));
  if (const quantity::State state = column::state_of(*table, at, row); state != quantity::State::Known)
    return quantity::to_chinese(state);
  const std::string value = column::value_of(*table, at, row).to_text();
  return field->unit.name().empty() ? value : value + " " + field->unit.name();
}

}  // namespace

roster::Roster roster_of(const Naming& naming, const result::RosterResult& roster) {
  roster::Roster out{.name = roster.roster, .clause = roster.clause, .source = {}, .mark = roster.mark};
  out.due = roster.due;
  out.listed = roster.listed;
  out.exempt = roster.exempt;
  out.not_listed = roster.not_listed;
  out.unknown = roster.unknown;
  const pack::Roster* source = naming.pack->roster(roster.roster);
  if (source == nullptr) return out;
  out.source = source->source;
  for (const result::RosterEntry& entry : roster.entries) {
    roster::Entry line{.key = entry.key,
                       .title = naming.title(source->of, entry.row),
                       .town = naming.town(source->of, entry.row)};
    line.place = entry.place;
    line.why = entry.why;
    for (const std::string& name : source->shows)
      if (std::string value = shown(naming, *source, entry.row, name); !value.empty())
        line.shows.emplace_back(name, std::move(value));
    out.entries.push_back(std::move(line));
  }
  std::stable_sort(out.entries.begin(), out.entries.end(),
                   [](const roster::Entry& a, const roster::Entry& b) { return a.town < b.town; });
  return out;
}

Table roster_table(const roster::Roster& roster, const Naming& naming) {
  Table table{.id = "roster", .title = {roster.name, roster.name}};
  table.columns = {{"key", {"统一社会信用代码", "Credit code"}},
                   {"title", {"企业名称", "Enterprise"}},
                   {"town", {"镇街", "Town"}},
                   {"place", {"结论", "Verdict"}},
                   {"why", {"理由", "Reason"}},
                   {"shows", {"数据", "Figures"}}};
  for (const roster::Entry& entry : roster.entries) {
    std::string figures;
    for (const auto& [name, value] : entry.shows)
      figures += (figures.empty() ? "" : "，") + name + " " + value;
    table.rows.push_back({entry.key, entry.title, naming.town_name(entry.town),
                          roster::to_chinese(entry.place), entry.why, figures});
  }
  const auto n = [](std::int64_t count) { return std::to_string(count); };
  table.sentence = {"应查 " + n(roster.due) + " 家：入列 " + n(roster.listed) + "，免列 " + n(roster.exempt) +
                        "，不入列 " + n(roster.not_listed) + "，待核 " + n(roster.unknown) +
                        (roster.counts_agree() ? "。" : "；合计不等于应查！"),
                    "Due " + n(roster.due) + ": listed " + n(roster.listed) + ", exempt " + n(roster.exempt) +
                        ", not listed " + n(roster.not_listed) + ", unknown " + n(roster.unknown) +
                        (roster.counts_agree() ? "." : "; counts do not agree!")};
  table.notes.push_back({"依据 " + roster.source + "；条款 " + roster.clause,
                         "Source " + roster.source + "; clause " + roster.clause});
  if (!roster.mark.empty())
    table.notes.push_back({"本表含" + roster.mark, "This table depends on " + roster.mark});
  return table;
}

Table targets(const std::vector<target::Line>& lines) {
  Table table{.id = "targets", .title = {"目标", "Targets"}};
  table.columns = {{"standing", {"判断", "Standing"}},
                   {"id", {"编号", "No."}},
                   {"name", {"目标", "Target"}},
                   {"value", {"现值", "Value"}, "", Align::Right},
                   {"goal", {"目标值", "Goal"}, "", Align::Right},
                   {"unit", {"单位", "Unit"}},
                   {"gap", {"差额", "Gap"}, "", Align::Right},
                   {"why", {"期间或所缺", "Period or what is missing"}},
                   {"clause", {"条款", "Clause"}},
                   {"lead", {"牵头", "Lead"}}};
  std::size_t reached = 0, figures = 0, awaiting = 0;
  for (const target::Line& line : lines) {
    std::string name = line.name;
    if (!line.same_as.empty()) name += "（同 " + line.same_as + "）";
    std::string why = line.why;
    if (line.external_records > 0)
      why += "；其中 " + std::to_string(line.external_records) + " 条为系统前结果，不可复算";
    if (!line.mark.empty()) why += (why.empty() ? "" : "；") + line.mark;
    table.rows.push_back({target::to_chinese(line.standing), line.id, name,
                          line.value ? line.value->to_string() : "—",
                          line.goal ? sign(line.comparator) + line.goal->to_string() : "—", line.unit,
                          line.gap && !line.gap->is_zero() ? line.gap->to_string()
                          : line.gap                       ? "0"
                                                           : "",
                          why, line.clause, line.lead});
    if (line.same_as.empty()) {
      figures += line.value.has_value();
      reached += line.standing == target::Standing::Reached;
      awaiting += line.standing == target::Standing::Awaits;
    }
  }
  const auto n = [](std::size_t count) { return std::to_string(count); };
  table.sentence = {"能算的目标 " + n(figures) + " 项，其中 " + n(reached) + " 项已达到；" + n(awaiting) +
                        " 项等台账建立后再算。",
                    n(figures) + " targets can be computed, " + n(reached) + " of them reached; " +
                        n(awaiting) + " await their registers."};
  return table;
}

Table aggregates(const Naming& naming, const result::AggregateResult& aggregate) {
  Table table{.id = "aggregate", .title = {aggregate.indicator, aggregate.indicator}};
  const pack::Indicator* source = naming.pack->indicator(aggregate.indicator);
  const std::string unit = source == nullptr ? std::string{} : source->unit.name();
  table.columns = {{"cut", {"分组", "Cut"}},
                   {"of", {"对象", "Of"}},
                   {"value", {"数值", "Value"}, unit, Align::Right},
                   {"records", {"家数", "Records"}, "", Align::Right}};
  for (const result::AggregateCell& cell : aggregate.cells)
    table.rows.push_back({cell.cut.empty() ? "全区" : cell.cut,
                          cell.of.empty() ? "" : naming.town_name(cell.of),
                          cell.value ? cell.value->to_string() : quantity::to_chinese(cell.state),
                          std::to_string(cell.records)});
  if (source != nullptr)
    table.notes.push_back({"依据 " + source->source + "；条款 " + aggregate.clause,
                           "Source " + source->source + "; clause " + aggregate.clause});
  if (!aggregate.mark.empty())
    table.notes.push_back({"本表含" + aggregate.mark, "This table depends on " + aggregate.mark});
  return table;
}

Table refusals(const result::Result& result) {
  Table table{.id = "refusals", .title = {"因缺参数没有运行", "Not run for want of published values"}};
  table.columns = {{"kind", {"类别", "Kind"}},
                   {"name", {"名称", "Name"}},
                   {"clause", {"条款", "Clause"}},
                   {"gaps", {"缺什么", "What is missing"}}};
  for (const result::Refusal& refusal : result.refusals)
    table.rows.push_back({refusal.kind, refusal.name, refusal.clause, joined(refusal.gaps, "；")});
  return table;
}

Table provenance(const result::Result& result) {
  Table table{.id = "provenance", .title = {"凭据", "Provenance"}};
  table.columns = {{"what", {"项目", "Item"}}, {"value", {"值", "Value"}}};
  const result::RunHeader& header = result.header;
  table.rows = {{"期间", header.period.to_string()},
                {"政策包", header.pack_id},
                {"叠加包", header.overlays.empty() ? "无" : joined(header.overlays, "、")},
                {"政策包指纹", header.pack_fingerprint},
                {"快照指纹", header.snapshot_fingerprint},
                {"引擎", header.engine_version},
                {"结果指纹", header.fingerprint}};
  if (!header.mark.empty()) table.rows.push_back({"标记", header.mark});
  return table;
}

}  // namespace tenglong::view
