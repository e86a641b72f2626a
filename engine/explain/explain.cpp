#include "engine/explain/explain.h"

#include <algorithm>
#include <memory>

namespace tenglong::explain {

namespace {

using quantity::State;

// A figure for a sentence: exact if short, else rounded to 6 places with "≈"-free plain digits as stored.
std::string shown(const feel::Value& value) {
  if (value.kind() == feel::Kind::Number) {
    const quantity::Decimal number = value.number();
    return number.significant_digits() <= 15 ? number.to_string()
                                             : number.rounded(6, quantity::RoundingMode::HalfUp).to_string();
  }
  if (value.kind() == feel::Kind::Boolean) return value.boolean() ? "是" : "否";
  return value.is_null() ? "（无）" : value.to_text();
}

std::string with_unit(const std::string& figure, const std::string& unit) {
  return unit.empty() ? figure : figure + " " + unit;
}

std::string state_words(State state, const feel::Value& value) {
  if (state != State::Known) return quantity::to_chinese(state);
  return value.is_null() ? "没有值" : shown(value);
}

std::string block_words(const pack::Block& block) {
  std::string out = block.clause.empty() ? "" : "条款 " + block.clause;
  if (!block.source.empty()) out += (out.empty() ? "" : "；") + ("依据 " + block.source);
  return out;
}

class Writer {
 public:
  Writer(const pack::Pack& pack, const column::Snapshot& snapshot, const run::RowView& row,
         const SourceOf& source_of)
      : pack_(pack), snapshot_(snapshot), row_(row), source_of_(source_of) {}

  Reason indicator(const run::IndicatorView& view) const {
    const pack::Indicator& own = *view.indicator;
    const std::string unit = own.unit.name();
    Reason out{.name = own.name,
               .value = view.state == State::Known ? shown(view.rounded) : "",
               .unit = unit,
               .clause = own.clause,
               .source = own.source};
    const Words formula = formula_in_words(pack_, own);
    std::string zh = own.name + " = " + formula.zh, en = own.name + " = " + formula.en;
    if (view.state == State::Known) {
      zh += " = " + with_unit(shown(view.rounded), unit);
      en += " = " + with_unit(shown(view.rounded), unit);
    } else {
      zh += "：" + state_words(view.state, view.rounded) +
            (view.state == State::NotApplicable && own.not_applicable_if.present()
                 ? "（" + own.not_applicable_if.text + " 时不适用）"
                 : "");
      en += ": " + std::string(quantity::to_code(view.state));
    }
    const std::string block = block_words(own);
    out.text = {zh + (block.empty() ? "" : "［" + block + "］"),
                en + (own.clause.empty() ? "" : " [" + own.clause + "]")};
    if (view.standing) out.because = among(own, *view.standing);
    if (view.related) out.because = belonging(own, *view.related);
    for (Reason& each : inputs(view.inputs)) out.because.push_back(std::move(each));
    return out;
  }

  std::vector<Reason> inputs(const std::vector<run::InputView>& views) const {
    std::vector<Reason> out;
    for (const run::InputView& view : views) out.push_back(input(view));
    return out;
  }

  Reason scheme(const run::SchemeView& view) const {
    const pack::Scheme& own = *view.scheme;
    Reason out{.name = own.name, .value = view.grade, .clause = own.clause, .source = own.source};
    std::string zh = own.name + "［" + block_words(own) + "］：" + result::to_chinese(view.standing);
    std::string en = own.name + " [" + own.clause + "]: ";
    if (view.standing == result::Standing::NotDue) {
      out.text = {own.name + "［" + block_words(own) + "］：不在应评之列。", en + "not to be rated by it."};
      if (view.due.condition != nullptr) out.because.push_back(condition(view.due, "应评条件"));
      return out;
    }
    if (view.standing == result::Standing::Rated && view.total) {
      zh += "，总分 " + view.total->to_string() + " 分，" + (view.group.empty() ? "" : view.group + " 组 ") +
            std::to_string(view.group_size) + " 家中第 " + std::to_string(view.rank) + " 名，" +
            cut_words(view) +
            (view.grade == view.raw_grade ? "，最终 " + view.grade + " 档。"
                                          : "；调整后最终 " + view.grade + " 档。");
      en += "total " + view.total->to_string() + ", rank " + std::to_string(view.rank) + " of " +
            std::to_string(view.group_size) + ", grade " + view.grade + ".";
    } else {
      zh += (view.why.empty() ? "" : "：" + view.why) + "。";
      en += view.why.empty() ? "not rated." : view.why;
    }
    out.text = {zh, en};
    for (const run::ItemView& item_view : view.items) out.because.push_back(item(item_view, own));
    for (const run::AdjustmentView& adjustment : view.adjustments) {
      Reason reason = decision(adjustment.decision, "加减分");
      reason.value = shown(adjustment.points);
      out.because.push_back(std::move(reason));
    }
    if (view.veto) out.because.push_back(decision(*view.veto, "一票否决，最高可评"));
    if (view.protect) out.because.push_back(decision(*view.protect, "保护，最低可评"));
    for (const run::ConditionView& condition_view : view.exempt)
      if (condition_view.value.is_true()) out.because.push_back(condition(condition_view, "免评"));
    for (const run::ConditionView& condition_view : view.not_rated)
      if (condition_view.value.is_true()) out.because.push_back(condition(condition_view, "不评"));
    if (view.due.value.is_null()) out.because.push_back(condition(view.due, "应评与否不能确定"));
    return out;
  }

  Reason roster(const run::RosterView& view) const {
    const pack::Roster& own = *view.roster;
    Reason out{.name = own.name, .clause = own.clause, .source = own.source};
    constexpr const char* kPlaces[] = {"入列", "免列", "不入列", "待核（缺数据）"};
    const std::string place = view.is_due ? kPlaces[static_cast<int>(view.place)] : "不在应查范围";
    out.value = place;
    std::string zh =
        own.name + "［" + block_words(own) + "］：" + place + (view.why.empty() ? "" : "，" + view.why);
    if (!view.line.is_null()) zh += "；界线 " + with_unit(shown(view.line), own.line.type.unit.name());
    out.text = {zh + "。", own.name + ": " + place};
    if (view.is_due) out.because.push_back(condition(view.enters_if, "入列条件"));
    for (const run::ConditionView& exempt : view.exempt)
      if (exempt.value.is_true()) out.because.push_back(condition(exempt, "免列"));
    if (!view.is_due) out.because.push_back(condition(view.due, "应查条件"));
    return out;
  }

 private:
  // The unit of what is added up or compared, where the formula is one name.
  std::string unit_of_own(const pack::Indicator& own) const { return own.formula.type.unit.name(); }

  std::vector<Reason> among(const pack::Indicator& own, const run::StandingView& view) const {
    std::vector<Reason> out;
    if (view.own.is_null()) return out;
    const std::string unit = unit_of_own(own);
    const auto add = [&](std::string name, const feel::Value& value, std::string zh, std::string en) {
      out.push_back({.text = {std::move(zh), std::move(en)},
                     .name = std::move(name),
                     .value = shown(value),
                     .unit = unit});
    };
    const std::string figure = with_unit(shown(view.own), unit);
    add("本户", view.own, "本户 " + figure, "this record " + figure);
    std::string by;
    for (const std::string& name : own.within) by += (by.empty() ? "" : "、") + name;
    const std::string group = by.empty() ? "全部" : "同组（" + by + " " + view.group + "）";
    const std::string group_en = by.empty() ? "all" : "group " + view.group;
    const std::string counted = std::to_string(view.counted);
    if (view.rank == 0) {
      const std::string sum = with_unit(shown(view.sum), unit);
      add("合计", view.sum, group + " " + counted + " 个合计 " + sum,
          group_en + ": " + counted + " add up to " + sum);
    } else {
      const std::string place = std::to_string(view.rank);
      out.push_back({.text = {group + " " + counted + " 个中第 " + place + " 名",
                              group_en + ": place " + place + " of " + counted},
                     .name = "名次",
                     .value = place});
    }
    for (const run::StandingView::Other& each : view.others) {
      const std::string value = with_unit(shown(each.own), unit);
      const std::string place = each.rank == 0 ? "" : "第 " + std::to_string(each.rank) + " 名 ";
      const std::string place_en = each.rank == 0 ? "" : "place " + std::to_string(each.rank) + ": ";
      add(each.key, each.own, place + each.key + " " + value, place_en + each.key + " " + value);
    }
    return out;
  }

  std::vector<Reason> belonging(const pack::Indicator& own, const run::RelatedView& view) const {
    const schema::Register* there = pack_.schema.find(view.register_id);
    const std::string name = there == nullptr ? view.register_id : there->name;
    std::vector<Reason> out;
    const std::string records = std::to_string(view.records);
    const std::string where = own.where.present() ? "（" + own.where.text + "）" : "";
    out.push_back({.text = {"相关的" + name + where + " " + records + " 条", records + " records of " + name},
                   .name = name,
                   .value = records});
    for (std::size_t i = 0; i < view.sums.size(); ++i) {
      const run::SumView& sum = view.sums[i];
      Reason total{.name = sum.call, .value = shown(sum.value)};
      total.text = {sum.call + " = " + shown(sum.value), sum.call + " = " + shown(sum.value)};
      const int field = field_of(there, sum.call);
      for (const run::PartView& part : view.parts) {
        if (part.values[i].is_null()) continue;
        Reason each{.name = key_words(part.key), .value = shown(part.values[i])};
        std::string zh = each.name + " " + shown(part.values[i]);
        if (const auto source =
                source_of_ && field >= 0 ? source_of_(view.register_id, part.row, field) : std::nullopt) {
          each.source = source->file + "!" + source->sheet + "!" +
                        (source->cell.empty() ? std::to_string(source->row) : source->cell);
          zh += " ← " + each.source;
        }
        each.text = {zh, zh};
        total.because.push_back(std::move(each));
      }
      out.push_back(std::move(total));
    }
    return out;
  }

  // The field that sum(分摊面积) adds up; -1 if it is more than a field.
  static int field_of(const schema::Register* there, const std::string& call) {
    const std::size_t open = call.find('(');
    if (there == nullptr || open == std::string::npos || call.back() != ')') return -1;
    const schema::Field* field = there->find_by_name(call.substr(open + 1, call.size() - open - 2));
    return field == nullptr ? -1 : static_cast<int>(field - there->fields.data());
  }
  static std::string key_words(std::string key) {
    std::replace(key.begin(), key.end(), '\x1F', '/');
    return key;
  }

  Reason input(const run::InputView& view) const {
    Reason out{.name = view.name,
               .value = view.state == State::Known && view.value.kind() != feel::Kind::Function
                            ? shown(view.value)
                            : "",
               .unit = unit_of(pack_, view)};
    std::string zh = view.name;
    switch (view.kind) {
      case run::InputView::Kind::Field: {
        zh +=
            " " + with_unit(state_words(view.state, view.value), view.state == State::Known ? out.unit : "");
        if (view.row < 0) {
          zh += "（没有这条记录）";
        } else if (const auto source = source_of_ ? source_of_(view.register_id,
                                                               static_cast<std::size_t>(view.row), view.field)
                                                  : std::nullopt) {
          out.source = source->file + "!" + source->sheet + "!" +
                       (source->cell.empty() ? std::to_string(source->row) : source->cell);
          zh += " ← " + out.source + "，第 " + std::to_string(source->row) + " 行，" + source->provider +
                (source->mark.empty() ? "" : "，" + source->mark);
          for (const std::string& rival : source->rivals) zh += "；另有 " + rival;
        }
        break;
      }
      case run::InputView::Kind::Parameter: {
        const pack::Parameter* parameter = pack_.parameter(view.name);
        if (parameter != nullptr) {
          out.clause = parameter->clause;
          out.source = parameter->source;
          zh += (view.keys.empty() ? "" : "（" + view.keys + "）") +
                (view.value.is_null() ? " 未公布" : " " + with_unit(shown(view.value), out.unit)) + "（" +
                block_words(*parameter) + "）";
        }
        break;
      }
      case run::InputView::Kind::Population: {
        const pack::Indicator* indicator = pack_.indicator(view.name.substr(view.name.rfind('.') + 1));
        zh += " " + with_unit(state_words(view.state, view.value), out.unit) +
              (indicator == nullptr ? "" : "（" + block_words(*indicator) + "）");
        break;
      }
      default: {
        zh +=
            " " + with_unit(state_words(view.state, view.value), view.state == State::Known ? out.unit : "");
      }
    }
    out.text = {zh, zh};
    return out;
  }

  Reason item(const run::ItemView& view, const pack::Scheme& scheme) const {
    Reason out{.name = view.item->indicator, .value = shown(view.score), .unit = "分"};
    const std::string unit = view.indicator == nullptr ? "" : view.indicator->unit.name();
    std::string zh = view.item->indicator + " 得 ";
    const auto score_text = [&](const feel::Value& value) {
      return value.kind() == feel::Kind::Number ? value.number().rounded(scheme.rounding).to_string()
                                                : std::string("（无）");
    };
    zh += score_text(view.score) + " 分";
    if (view.by_missing_rule) {
      zh += "：" + std::string(quantity::to_chinese(view.state)) + "，按缺数规则" +
            (view.item->missing == pack::SchemeItem::Missing::GroupMean ? "取同组平均得分" : "取值");
    } else if (view.state == State::Known) {
      const std::string formula = view.item->score.present() ? view.item->score.text : scheme.item_score.text;
      zh += "：" + formula + "，指标值 " + with_unit(shown(view.value), unit) + "，基准值 " +
            with_unit(shown(view.base), unit) + "，权重 " + shown(view.weight);
      if (view.floored) zh += "；原得 " + score_text(view.score_before) + "，不低于 " + shown(view.floor);
      if (view.capped) zh += "；原得 " + score_text(view.score_before) + "，不高于 " + shown(view.cap);
    } else {
      zh = view.item->indicator + "：" + quantity::to_chinese(view.state) + "，没有得分";
    }
    out.text = {zh, zh};
    for (const run::IndicatorView& indicator_view : row_.indicators)
      if (indicator_view.indicator == view.indicator) out.because.push_back(indicator(indicator_view));
    return out;
  }

  Reason decision(const run::DecisionView& view, const char* what) const {
    Reason out{.name = view.decision->name,
               .value = shown(view.output),
               .clause = view.decision->clause,
               .source = view.decision->source};
    if (view.matched.empty()) {
      out.text = {view.decision->name + "：没有命中", view.decision->name + ": no rule matched"};
      return out;
    }
    std::string zh = std::string(what) + " " + shown(view.output) + "（" + view.decision->name;
    for (const std::size_t rule : view.matched) {
      const std::string& note = view.decision->rules[rule].note;
      zh += "，第 " + std::to_string(rule + 1) + " 条" + (note.empty() ? "" : "：" + note);
    }
    out.text = {zh + "）", zh + "）"};
    for (std::size_t i = 0; i < view.inputs.size() && i < view.decision->inputs.size(); ++i) {
      const std::string line = view.decision->inputs[i].text + " " + shown(view.inputs[i]);
      out.because.push_back(
          {.text = {line, line}, .name = view.decision->inputs[i].text, .value = shown(view.inputs[i])});
    }
    return out;
  }

  Reason condition(const run::ConditionView& view, const char* what) const {
    const std::string truth = view.value.is_null() ? "不能确定" : view.value.is_true() ? "成立" : "不成立";
    Reason out{.name = what, .value = truth};
    const std::string expression = view.condition == nullptr ? "" : view.condition->text;
    const std::string zh = std::string(what) + (view.reason.empty() ? "" : "（" + view.reason + "）") + "：" +
                           expression + " " + truth;
    out.text = {zh, zh};
    out.because = inputs(view.inputs);
    return out;
  }

  static std::string cut_words(const run::SchemeView& view) {
    if (view.cut < 0) return view.raw_grade + " 档";
    const pack::Cut& cut = view.scheme->cuts[static_cast<std::size_t>(view.cut)];
    if (cut.percent) return "累计不超过 " + cut.percent->to_string() + "% 的入 " + cut.grade + " 档";
    return "总分 " + cut.score_text + " 的入 " + cut.grade + " 档";
  }

  const pack::Pack& pack_;
  [[maybe_unused]] const column::Snapshot& snapshot_;
  const run::RowView& row_;
  const SourceOf& source_of_;
};

void render_into(const Reason& reason, Language language, int depth, std::string& out) {
  out += std::string(static_cast<std::size_t>(depth) * 2, ' ') + in_language(reason.text, language) + "\n";
  for (const Reason& because : reason.because) render_into(because, language, depth + 1, out);
}

}  // namespace

// 实缴税收 占合计之比（按行业分组）, 亩均税收 由高到低的名次（按镇街分组；只计 规上）.
Words formula_in_words(const pack::Pack& pack, const pack::Indicator& own) {
  std::string by, zh, en;
  for (const std::string& name : own.within) by += (by.empty() ? "" : "、") + name;
  const auto note = [&](const std::string& chinese, const std::string& english) {
    zh += (zh.empty() ? "（" : "；") + chinese;
    en += (en.empty() ? " (" : "; ") + english;
  };
  if (!by.empty()) note("按" + by + "分组", "within " + by);
  if (own.where.present()) note("只计 " + own.where.text, "of those with " + own.where.text);
  if (!zh.empty()) zh += "）", en += ")";
  const bool highest = own.first == pack::Indicator::First::Highest;
  const std::string order = highest ? "由高到低" : "由低到高";
  const std::string order_en = highest ? ", highest first" : ", lowest first";
  const std::string& formula = own.formula.text;
  switch (own.as) {
    case pack::Indicator::As::Share:
      return {formula + " 占合计之比" + zh, "share of " + formula + en};
    case pack::Indicator::As::Rank:
      return {formula + " " + order + "的名次" + zh, "rank by " + formula + order_en + en};
    case pack::Indicator::As::Percentile:
      return {formula + " " + order + "的名次 × 100 ÷ 参加比较的个数" + zh,
              "percentile by " + formula + order_en + en};
    case pack::Indicator::As::Value:
      break;
  }
  const schema::Register* there = own.related.empty() ? nullptr : pack.schema.find(own.related);
  if (there == nullptr) return {formula, formula};
  return {formula + "，计相关的" + there->name + zh, formula + " over its " + own.related + en};
}

std::string unit_of(const pack::Pack& pack, const run::InputView& input) {
  if (input.kind == run::InputView::Kind::Field) {
    const schema::Register* target = pack.schema.find(input.register_id);
    if (target == nullptr || input.field < 0) return {};
    return target->fields[static_cast<std::size_t>(input.field)].unit.name();
  }
  if (input.kind == run::InputView::Kind::Parameter) {
    const pack::Parameter* parameter = pack.parameter(input.name);
    return parameter == nullptr ? std::string() : parameter->unit.name();
  }
  // Of a population: 区县.规上工业亩均税收.
  const pack::Indicator* indicator = pack.indicator(input.kind == run::InputView::Kind::Population
                                                        ? input.name.substr(input.name.rfind('.') + 1)
                                                        : input.name);
  return indicator == nullptr ? std::string() : indicator->unit.name();
}

Reason explain(const pack::Pack& pack, const column::Snapshot& snapshot, const run::RowView& row,
               std::string_view title, const SourceOf& source_of, std::string_view only) {
  const Writer writer(pack, snapshot, row, source_of);
  const column::Table* table = snapshot.find(row.register_id);
  const auto& period = table == nullptr ? std::optional<calendar::Period>{} : table->period[row.row];
  const std::string head =
      std::string(title) + "（" + row.key + "）" + (period ? "，" + period->to_string() + " 年度" : "");
  Reason out{.text = {head, head}, .name = row.key, .value = period ? period->to_string() : ""};
  const auto wanted = [&](const pack::Block& block) {
    return only.empty() || block.name == only || block.id == only;
  };
  // Whom no scheme rates learns of each why.
  const bool is_due = std::any_of(row.schemes.begin(), row.schemes.end(), [](const run::SchemeView& view) {
    return view.standing != result::Standing::NotDue;
  });
  for (const run::SchemeView& view : row.schemes)
    if (wanted(*view.scheme) && (view.standing != result::Standing::NotDue || !only.empty() || !is_due))
      out.because.push_back(writer.scheme(view));
  for (const run::RosterView& view : row.rosters)
    if (wanted(*view.roster)) out.because.push_back(writer.roster(view));
  if (!only.empty())
    for (const run::IndicatorView& view : row.indicators)
      if (wanted(*view.indicator)) out.because.push_back(writer.indicator(view));
  for (const std::string& gap : row.gaps)
    if (only.empty())
      out.because.push_back(
          {.text = {"缺参数：" + gap + "，依赖它的没有运行", "Missing parameter: " + gap}, .name = gap});
  return out;
}

SourceOf sources_from(const pack::Pack& pack, const column::Snapshot& snapshot,
                      const registers::RegisterStore& store, const registers::View& view) {
  auto batches = std::make_shared<registers::Batches>(store.batches());
  return [&pack, &snapshot, &store, batches, view](std::string_view register_id, std::size_t row,
                                                   int field) -> std::optional<Source> {
    const schema::Register* target = pack.schema.find(register_id);
    const column::Table* table = snapshot.find(register_id);
    if (target == nullptr || table == nullptr || field < 0 || row >= table->size()) return std::nullopt;
    std::vector<registers::Statement> statements;
    store.read_record(register_id, table->key[row], snapshot.through, [&](registers::Statement&& statement) {
      if (statement.period == table->period[row]) statements.push_back(std::move(statement));
    });
    const registers::Record record = registers::resolve(*target, std::move(statements), *batches, view);
    if (record.fields.empty()) return std::nullopt;
    const registers::Resolved& cell = record.fields[static_cast<std::size_t>(field)];
    const registers::Batch& batch = batches->at(cell.origin.batch);
    if (batch.id.value == 0) return std::nullopt;
    Source out{.file = batch.file_name,
               .sheet = cell.origin.sheet,
               .cell = cell.origin.cell,
               .row = cell.origin.row};
    out.provider = batch.provider;
    out.received_at = batch.received_at;
    out.document = batch.document;
    out.mark = batch.mark;
    for (const registers::Resolved::Rival& rival : cell.rivals) {
      const registers::Batch& other = batches->at(rival.origin.batch);
      out.rivals.push_back(registers::to_text(rival.value) +
                           (other.id.value == 0 ? ""
                                                : "（" + other.provider + "，" + other.file_name + "!" +
                                                      rival.origin.cell + "）"));
    }
    return out;
  };
}

std::string render(const Reason& reason, Language language) {
  std::string out;
  render_into(reason, language, 0, out);
  return out;
}

}  // namespace tenglong::explain
