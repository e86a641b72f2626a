// Why a total is what it is, and why not: the records behind a figure, the nearest way into a list or a
// grade.
#include "engine/explain/explain.h"

namespace tenglong::explain {
namespace {

std::string value_words(const feel::Value& value) {
  if (value.kind() == feel::Kind::Number) {
    const quantity::Decimal number = value.number();
    return number.significant_digits() <= 15 ? number.to_string()
                                             : number.rounded(6, quantity::RoundingMode::HalfUp).to_string();
  }
  if (value.kind() == feel::Kind::Boolean) return value.boolean() ? "是" : "否";
  return value.is_null() ? "（无）" : value.to_text();
}

std::string and_unit(const std::string& figure, const std::string& unit) {
  return unit.empty() ? figure : figure + " " + unit;
}

std::string place_words(const std::string& clause, const std::string& source) {
  std::string words = clause.empty() ? "" : "条款 " + clause;
  if (!source.empty()) words += (words.empty() ? "" : "；") + ("依据 " + source);
  return words.empty() ? "" : "［" + words + "］";
}

// 12.3%, of a share of one.
std::string percent(quantity::Decimal share) {
  const auto hundred = multiply(share, quantity::Decimal(100));
  return hundred ? hundred->to_fixed(2) + "%" : std::string();
}

// The cell that a value of a list came from, if the list is a field.
std::string source_words(const pack::Pack& pack, const run::FigureView& view, std::uint32_t row,
                         const SourceOf& source_of) {
  const schema::Register* target = pack.schema.find(view.register_id);
  if (!source_of || target == nullptr) return {};
  std::string words;
  for (const run::SumView& sum : view.sums) {
    const std::size_t open = sum.call.find('(');
    if (open == std::string::npos || sum.call.back() != ')') continue;
    const schema::Field* field = target->find_by_name(sum.call.substr(open + 1, sum.call.size() - open - 2));
    if (field == nullptr) continue;
    const auto source = source_of(view.register_id, row, static_cast<int>(field - target->fields.data()));
    if (!source) continue;
    words += (words.empty() ? "" : "；") + field->name + " ← " + source->file + "!" + source->sheet + "!" +
             (source->cell.empty() ? std::to_string(source->row) : source->cell);
  }
  return words;
}

Reason condition(const run::ConditionGap& gap) {
  Reason out{.name = gap.text};
  if (!gap.holds) {
    out.value = "不能确定";
    out.text = {gap.text + "：不能确定，" + gap.want, gap.text + ": not known, " + gap.want};
    return out;
  }
  out.value = *gap.holds ? "成立" : "不成立";
  std::string zh = gap.text + "：" + out.value, en = gap.text + (*gap.holds ? ": holds" : ": does not hold");
  if (!gap.left.is_null() && gap.left.kind() != feel::Kind::Boolean) {
    zh += "，本户 " + value_words(gap.left);
    en += ", here " + value_words(gap.left);
  }
  if (!*gap.holds && !gap.right.is_null()) {
    zh += "，界线 " + value_words(gap.right);
    en += ", line " + value_words(gap.right);
  }
  if (gap.distance) {
    const std::string by = gap.distance->abs().to_string();
    const bool up = !gap.distance->is_negative();
    if (gap.distance->is_zero()) {
      zh += "，正在线上，线上不算";
      en += ", exactly on the line, which does not count";
    } else {
      zh += std::string("，还差 ") + by + (up ? "（须上升" : "（须下降") +
            (gap.is_open ? "，到线仍不算）" : "）");
      en += ", short by " + by + (up ? " (up" : " (down") + (gap.is_open ? ", beyond the line)" : ")");
    }
  }
  out.text = {zh, en};
  return out;
}

Reason way_in(const run::WayIn& way, const run::Distances& of, std::size_t place) {
  Reason out{.name = of.name};
  const std::string missing = std::to_string(way.missed + way.unknown);
  std::string zh =
      way.rule >= 0 ? "第 " + std::to_string(way.rule + 1) + " 条" : "途径 " + std::to_string(place + 1);
  std::string en =
      way.rule >= 0 ? "rule " + std::to_string(way.rule + 1) : "way " + std::to_string(place + 1);
  if (!way.output.is_null()) {
    zh += "（" + value_words(way.output) + "）";
    en += " (" + value_words(way.output) + ")";
  }
  if (!way.note.empty()) zh += "：" + way.note;
  if (way.missed + way.unknown == 0) {
    zh += "：各项条件都成立";
    en += ": every condition holds";
  } else {
    zh += "：" + std::to_string(way.conditions.size()) + " 项条件中 " + missing + " 项没有满足";
    en += ": " + missing + " of " + std::to_string(way.conditions.size()) + " conditions are not met";
  }
  out.text = {zh, en};
  for (const run::ConditionGap& each : way.conditions) out.because.push_back(condition(each));
  return out;
}

}  // namespace

Reason explain_figure(const pack::Pack& pack, const run::FigureView& view, const TitleOf& title_of,
                      const SourceOf& source_of) {
  const pack::Block& block = view.indicator != nullptr ? static_cast<const pack::Block&>(*view.indicator)
                                                       : static_cast<const pack::Block&>(*view.target);
  const std::string unit = view.indicator != nullptr ? view.indicator->unit.name() : view.target->unit.name();
  const pack::Expression& formula =
      view.indicator != nullptr ? view.indicator->formula : view.target->formula;
  const pack::Expression& where = view.indicator != nullptr ? view.indicator->where : view.target->where;
  Reason out{.name = block.name, .unit = unit, .clause = block.clause, .source = block.source};
  if (!view.left_to_interpreter.empty()) {
    out.text = {block.name + "：没有运行，" + view.left_to_interpreter, block.name + ": was not run"};
    return out;
  }
  const bool known = view.rounded.kind() == feel::Kind::Number;
  out.value = known ? value_words(view.rounded) : std::string(quantity::to_chinese(view.state));
  const std::string part = view.cut.empty() ? "" : "（" + view.cut + " " + view.of + "）";
  const std::string number = view.target != nullptr ? view.target->id + " " : "";
  out.text = {number + block.name + part + "，" + view.period.to_string() + "：" +
                  (known ? formula.text + " = " + and_unit(value_words(view.rounded), unit) : out.value) +
                  place_words(block.clause, block.source),
              number + block.name + part + ", " + view.period.to_string() + ": " +
                  (known ? formula.text + " = " + and_unit(value_words(view.rounded), unit) : out.value)};
  const std::string records = std::to_string(view.records);
  out.because.push_back({.text = {"计入 " + records + " 条记录" + (where.present() ? "：" + where.text : ""),
                                  records + " records count" + (where.present() ? ": " + where.text : "")},
                         .name = "记录",
                         .value = records});
  for (const run::SumView& sum : view.sums)
    out.because.push_back({.text = {sum.call + " = " + value_words(sum.value) + "（" +
                                        std::to_string(sum.records) + " 条有值）",
                                    sum.call + " = " + value_words(sum.value) + " (" +
                                        std::to_string(sum.records) + " records have a value)"},
                           .name = sum.call,
                           .value = value_words(sum.value)});
  for (const run::InputView& input : view.inputs) {
    const pack::Parameter* parameter = pack.parameter(input.name);
    const std::string words =
        input.name + (input.value.kind() == feel::Kind::Function ? "" : " " + value_words(input.value)) +
        (parameter == nullptr ? "" : place_words(parameter->clause, parameter->source));
    out.because.push_back({.text = {words, words}, .name = input.name});
  }
  Reason parts{.name = "明细"};
  const std::string shown_parts = std::to_string(view.parts.size());
  parts.text = {"其中 " + shown_parts + " 条，由大到小", shown_parts + " of them, largest first"};
  for (const run::PartView& each : view.parts) {
    Reason row{.name = each.key};
    std::string zh = title_of ? title_of(view.register_id, each.row) : each.key;
    for (std::size_t i = 0; i < view.sums.size(); ++i) {
      zh += "，" + view.sums[i].call + " " + value_words(each.values[i]);
      row.value += (i == 0 ? "" : "；") + value_words(each.values[i]);
    }
    if (each.share) zh += "，占 " + percent(*each.share);
    row.source = source_words(pack, view, each.row, source_of);
    if (!row.source.empty()) zh += "（" + row.source + "）";
    row.text = {zh, zh};
    parts.because.push_back(std::move(row));
  }
  out.because.push_back(std::move(parts));
  for (const std::string& gap : view.gaps)
    out.because.push_back({.text = {"缺参数：" + gap, "Missing parameter: " + gap}, .name = gap});
  return out;
}

Reason explain_why_not(const run::Distances& of, std::string_view title) {
  Reason out{.name = of.name, .value = of.reached, .clause = of.clause, .source = of.source};
  out.text = {std::string(title) + "：" + of.name + " " + of.reached +
                  (of.hindered.empty() ? "" : "，" + of.hindered) + place_words(of.clause, of.source),
              std::string(title) + ": " + of.name + " " + of.reached};
  if (of.total) out.text.zh += "，总分 " + of.total->to_string();
  for (std::size_t i = 0; i < of.ways.size(); ++i) out.because.push_back(way_in(of.ways[i], of, i));
  for (const run::CutGap& cut : of.better) {
    Reason reason{.name = cut.grade};
    std::string zh = cut.grade + " 档（" + cut.cut + "）", en = "grade " + cut.grade;
    if (cut.points) {
      zh += "：总分还差 " + cut.points->to_string() + " 分" + (cut.is_open ? "以上" : "");
      en += ": short by " + cut.points->to_string() + " points";
      reason.value = cut.points->to_string();
    }
    if (cut.places > 0) {
      zh += "，前移 " + std::to_string(cut.places) + " 名；名次随他户变动";
      en += ", " + std::to_string(cut.places) + " places; ranks move with the others";
    }
    reason.text = {zh, en};
    out.because.push_back(std::move(reason));
  }
  return out;
}

}  // namespace tenglong::explain
