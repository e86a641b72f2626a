#include "engine/run/inside/judge.h"

#include <algorithm>

#include "engine/text/ensure.h"

namespace tenglong::run {
namespace {

InputView::Kind input_kind(const Slot* slot) {
  if (slot == nullptr) return InputView::Kind::Other;
  switch (slot->kind) {
    case Slot::Kind::Field:
      return InputView::Kind::Field;
    case Slot::Kind::Indicator:
      return InputView::Kind::Indicator;
    case Slot::Kind::Population:
      return InputView::Kind::Population;
    case Slot::Kind::Parameter:
      return InputView::Kind::Parameter;
    case Slot::Kind::Decision:
      return InputView::Kind::Decision;
    default:
      return InputView::Kind::Other;
  }
}

}  // namespace

const std::string& reason_of(const pack::Reasoned& reasoned) {
  return reasoned.reason.empty() ? reasoned.when.text : reasoned.reason;
}
std::string lacks_item(const pack::Indicator& indicator, State state) {
  return "缺少“" + indicator.name + "”（" + state_words(state) + "）";
}
std::string cannot_score(const pack::Indicator& indicator) { return "“" + indicator.name + "”无法计分"; }
std::string lacks_group(const std::string& name) { return "缺少分组“" + name + "”"; }
std::string lacks_mean(const pack::Indicator& indicator) {
  return "同组没有可平均的“" + indicator.name + "”得分";
}
const std::string& no_total() {
  static const std::string kWords = "总分无法计算";
  return kWords;
}

std::optional<Value> by_path(const RecordMeaning& record, std::string_view path, Numbers numbers) {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) {
    if (auto value = record.find(path, numbers)) return value;
    const std::string& of = record.meaning().register_of(record.table()).of;
    if (of.empty()) return std::nullopt;
    const schema::Register* parent = record.meaning().pack().schema.find(of);
    if (parent == nullptr || parent->find_by_name(path) == nullptr) return std::nullopt;
    return record.parent() != nullptr ? record.parent()->find(path, numbers) : Value();
  }
  const Slot* slot = record.meaning().slot(record.table(), path.substr(0, dot));
  if (slot == nullptr) return std::nullopt;
  const RecordMeaning* other = slot->kind == Slot::Kind::Parent     ? record.parent()
                               : slot->kind == Slot::Kind::Previous ? record.previous()
                                                                    : nullptr;
  return other != nullptr ? by_path(*other, path.substr(dot + 1), numbers) : Value();
}

std::optional<std::string> group_of(const RecordMeaning& record, const pack::Scheme& scheme,
                                    std::string& why) {
  std::string group;
  for (const std::string& name : scheme.rank_within) {
    const Value value = by_path(record, name, Numbers::Rounded).value_or(Value());
    if (value.is_null()) {
      why = lacks_group(name);
      return std::nullopt;
    }
    group += (group.empty() ? "" : " · ") + value.to_text();
  }
  return group;
}

namespace {

// Calls of one parameter, outermost first.
void find_calls(const feel::Node& tree, const std::string& parameter, std::vector<const feel::Node*>& calls) {
  if (tree.kind == feel::NodeKind::Call && tree.children[0]->kind == feel::NodeKind::Name &&
      tree.children[0]->text == parameter)
    calls.push_back(&tree);
  for (const feel::NodePtr& child : tree.children) find_calls(*child, parameter, calls);
}

// A parameter with keys, by each of its calls. Asked of a record aside: a branch that was not taken may meet
// a gap, and refuses nothing.
void add_calls(const RecordMeaning& record, const feel::Node& tree, const pack::Parameter& parameter,
               Numbers numbers, const InputView& named, std::vector<InputView>& inputs) {
  std::vector<const feel::Node*> calls;
  find_calls(tree, parameter.name, calls);
  const RecordMeaning aside(record.meaning(), record.table(), record.row());
  const auto value_of = [&](const feel::Node& node) {
    return aside.evaluate(feel::NodePtr(feel::NodePtr(), &node), numbers);
  };
  for (const feel::Node* call : calls) {
    InputView input = named;
    for (std::size_t i = 1; i < call->children.size(); ++i) {
      const std::string& key =
          call->argument_names.empty() ? parameter.keys[i - 1] : call->argument_names[i - 1];
      input.keys += (input.keys.empty() ? "" : "、") + key + " " + value_of(*call->children[i]).to_text();
    }
    input.value = value_of(*call);
    if (std::none_of(inputs.begin(), inputs.end(), [&](const InputView& each) {
          return each.name == input.name && each.keys == input.keys;
        }))
      inputs.push_back(std::move(input));
  }
}

}  // namespace

std::vector<InputView> inputs_of(const RecordMeaning& record, const feel::Node& tree, Numbers numbers) {
  std::vector<InputView> inputs;
  const Meaning& meaning = record.meaning();
  for (const std::vector<std::string>& reference : feel::references(tree)) {
    if (reference.empty()) continue;
    const Slot* slot = meaning.slot(record.table(), reference[0]);
    if (slot == nullptr) continue;
    InputView input;
    for (const std::string& part : reference) input.name += (input.name.empty() ? "" : ".") + part;
    if (std::any_of(inputs.begin(), inputs.end(),
                    [&](const InputView& each) { return each.name == input.name; }))
      continue;
    const RecordMeaning* owner = &record;
    std::size_t last = 0;
    while (last + 1 < reference.size() && slot != nullptr && owner != nullptr &&
           (slot->kind == Slot::Kind::Parent || slot->kind == Slot::Kind::Previous)) {
      const bool is_previous = slot->kind == Slot::Kind::Previous;
      const int table =
          is_previous ? owner->table() : meaning.table_index(meaning.register_of(owner->table()).of);
      owner = is_previous ? owner->previous() : owner->parent();
      slot = meaning.slot(table, reference[++last]);
      input.register_id = meaning.register_of(table).id;
    }
    input.kind = input_kind(slot);
    if (input.register_id.empty()) input.register_id = meaning.register_of(record.table()).id;
    input.state = record.state_of(reference);
    if (slot != nullptr && slot->kind == Slot::Kind::Population && last > 0) {
      const pack::Indicator& indicator = meaning.pack().indicators[static_cast<std::size_t>(slot->index)];
      const Figure& figure = meaning.population(indicator, record.period().previous());
      input.value = numbers == Numbers::Rounded ? meaning.round(indicator, figure.value) : figure.value;
    } else if (owner != nullptr) {
      input.value = owner->find(reference[last], numbers).value_or(Value());
      input.row = static_cast<std::int32_t>(owner->row());
    }
    if (slot != nullptr && slot->kind == Slot::Kind::Field) input.field = slot->index;
    if (slot != nullptr && slot->kind == Slot::Kind::Parameter) {
      const pack::Parameter& parameter = meaning.pack().parameters[static_cast<std::size_t>(slot->index)];
      if (!parameter.keys.empty()) {
        input.value = {};
        add_calls(record, tree, parameter, numbers, input, inputs);
        continue;
      }
    }
    inputs.push_back(std::move(input));
  }
  return inputs;
}

DecisionView view_of(const RecordMeaning& record, const pack::Decision& decision) {
  DecisionView view;
  view.decision = &decision;
  for (const pack::Expression& input : decision.inputs)
    view.inputs.push_back(record.evaluate(input, Numbers::Rounded));
  view.output = record.decision(decision);
  view.matched = record.matched(decision);
  return view;
}

namespace {

ConditionView judge_condition(const RecordMeaning& record, const pack::Expression& condition, Detail detail) {
  ConditionView view;
  view.condition = &condition;
  view.value = record.evaluate(condition, Numbers::Rounded);
  if (view.value.kind() != feel::Kind::Boolean) view.value = {};
  if (detail == Detail::Everything) view.inputs = inputs_of(record, *condition.tree, Numbers::Rounded);
  return view;
}

// The first true reason; else the first that is not known; nothing if all are false.
struct Settled {
  bool is_true = false;
  std::string why = {};
};
std::optional<Settled> first_reason(const RecordMeaning& record, const std::vector<pack::Reasoned>& reasons,
                                    std::vector<ConditionView>& views, Detail detail) {
  std::optional<Settled> settled;
  for (const pack::Reasoned& reasoned : reasons) {
    views.push_back(judge_condition(record, reasoned.when, detail));
    ConditionView& view = views.back();
    view.reason = reason_of(reasoned);
    if (view.value.is_true() && !(settled && settled->is_true)) settled = Settled{true, view.reason};
    if (view.value.is_null() && !settled) settled = Settled{false, record.want_of(*reasoned.when.tree)};
    if (settled && settled->is_true && detail == Detail::Run) break;
  }
  return settled;
}

void clamp_score(const RecordMeaning& record, const pack::Scheme& scheme, const Extras& extras,
                 ItemView& item) {
  item.score = item.score_before.kind() == feel::Kind::Number ? item.score_before : Value();
  const auto bound = [&](const pack::Expression& expression, bool is_floor, Value& limit, bool& hit) {
    if (!expression.present()) return;
    limit = record.evaluate(expression, Numbers::Unrounded, &extras);
    if (limit.kind() != feel::Kind::Number) {
      item.score = {};
    } else if (!item.score.is_null()) {
      hit = is_floor ? item.score.number() < limit.number() : item.score.number() > limit.number();
      if (hit) item.score = limit;
    }
  };
  bound(scheme.item_floor, true, item.floor, item.floored);
  bound(scheme.item_cap, false, item.cap, item.capped);
}

// Fills value, base, weight, score; returns why the record cannot be rated, or "".
std::string judge_item(const RecordMeaning& record, const pack::Scheme& scheme, const pack::SchemeItem& item,
                       ItemView& view) {
  const pack::Indicator* indicator = record.meaning().pack().indicator(item.indicator);
  ensure(indicator != nullptr, "an item names an indicator of the pack");
  view.item = &item;
  view.indicator = indicator;
  const Measured& measured = record.indicator(*indicator);
  view.value = measured.value;
  view.state = measured.state;
  view.weight = record.evaluate(item.weight, Numbers::Unrounded);
  view.base = record.evaluate(item.base, Numbers::Unrounded);
  const Extras extras{{"指标值", view.value}, {"基准值", view.base}, {"权重", view.weight}};
  if (view.value.is_null()) {
    if (item.missing == pack::SchemeItem::Missing::NotRated) return lacks_item(*indicator, view.state);
    view.by_missing_rule = true;
    if (item.missing == pack::SchemeItem::Missing::GroupMean) return {};
    view.score = record.evaluate(item.when_missing, Numbers::Unrounded, &extras);
    if (view.score.kind() == feel::Kind::Number) return {};
    view.score = {};
    return lacks_item(*indicator, view.state);
  }
  view.score_before =
      record.evaluate(item.score.present() ? item.score : scheme.item_score, Numbers::Unrounded, &extras);
  clamp_score(record, scheme, extras, view);
  return view.score.is_null() ? cannot_score(*indicator) : std::string();
}

}  // namespace

SchemeView judge(const RecordMeaning& record, const pack::Scheme& scheme, Detail detail) {
  using result::Standing;
  SchemeView view;
  view.scheme = &scheme;
  bool settled = false;
  const auto settle = [&](Standing standing, std::string why) {
    if (settled) return;
    settled = true;
    view.standing = standing;
    view.why = std::move(why);
  };
  const auto stop = [&] { return settled && detail == Detail::Run; };

  view.due = judge_condition(record, scheme.due, detail);
  if (view.due.value.is_null())
    settle(Standing::NotRated, record.want_of(*scheme.due.tree));
  else if (!view.due.value.is_true())
    settle(Standing::NotDue, "");
  if (stop()) return view;
  if (const auto reason = first_reason(record, scheme.exempt, view.exempt, detail))
    settle(reason->is_true ? Standing::Exempt : Standing::NotRated, reason->why);
  if (stop()) return view;
  if (const auto reason = first_reason(record, scheme.not_rated, view.not_rated, detail))
    settle(Standing::NotRated, reason->why);
  if (stop()) return view;
  for (const pack::SchemeItem& item : scheme.items) {
    std::string why = judge_item(record, scheme, item, view.items.emplace_back());
    if (!why.empty()) settle(Standing::NotRated, std::move(why));
    if (stop()) return view;
  }
  std::string why;
  const auto group = group_of(record, scheme, why);
  if (!group) settle(Standing::NotRated, why);
  if (stop()) return view;
  view.group = group.value_or("");
  settle(Standing::Rated, "");

  std::optional<Decimal> adjustment = Decimal(0);
  for (const std::string& name : scheme.adjust) {
    const pack::Decision* decision = record.meaning().pack().decision(name);
    ensure(decision != nullptr, "a scheme adjusts by decisions of the pack");
    AdjustmentView& each = view.adjustments.emplace_back();
    each.decision = view_of(record, *decision);
    if (each.decision.output.kind() != feel::Kind::Number) continue;  // no rule applies: nothing to add
    each.points = each.decision.output;
    if (adjustment) adjustment = add(*adjustment, each.points.number());
  }
  view.adjustment = adjustment ? Value(*adjustment) : Value();
  const auto grade_limit = [&](const std::string& name) -> std::optional<DecisionView> {
    if (name.empty()) return std::nullopt;
    const pack::Decision* decision = record.meaning().pack().decision(name);
    ensure(decision != nullptr, "a scheme names decisions of the pack");
    return view_of(record, *decision);
  };
  view.veto = grade_limit(scheme.veto);
  view.protect = grade_limit(scheme.protect);
  return view;
}

bool waits_for_mean(const pack::Scheme& scheme, const SchemeView& view) {
  for (std::size_t i = 0; i < view.items.size(); ++i)
    if (view.items[i].by_missing_rule && scheme.items[i].missing == pack::SchemeItem::Missing::GroupMean)
      return true;
  return false;
}

void finish(const RecordMeaning& record, const pack::Scheme& scheme, const GroupMeans& means,
            SchemeView& view) {
  if (view.standing != result::Standing::Rated) return;
  const auto not_rated = [&](std::string why) {
    view.standing = result::Standing::NotRated;
    view.why = std::move(why);
  };
  feel::List scores;
  for (std::size_t i = 0; i < view.items.size(); ++i) {
    ItemView& item = view.items[i];
    if (item.by_missing_rule && scheme.items[i].missing == pack::SchemeItem::Missing::GroupMean) {
      const auto mean = means.find({view.group, i});
      if (mean == means.end() || mean->second.is_null()) return not_rated(lacks_mean(*item.indicator));
      item.score = mean->second;
    }
    scores.push_back(item.score);
  }
  if (scheme.total.present()) {
    const Extras extras{{"各项得分", Value(scores)}, {"加减分", view.adjustment}};
    view.total_unrounded = record.evaluate(scheme.total, Numbers::Unrounded, &extras);
  } else {
    std::optional<Decimal> sum = Decimal(0);
    for (const Value& score : scores)
      if (sum) sum = add(*sum, score.number());
    if (sum && !view.adjustment.is_null()) sum = add(*sum, view.adjustment.number());
    view.total_unrounded = sum && !view.adjustment.is_null() ? Value(*sum) : Value();
  }
  if (view.total_unrounded.kind() != feel::Kind::Number) return not_rated(no_total());
  view.total = view.total_unrounded.number().rounded(scheme.rounding);
}

RosterView judge(const RecordMeaning& record, const pack::Roster& roster, Detail detail) {
  using Place = result::RosterEntry::Place;
  RosterView view;
  view.roster = &roster;
  bool settled = false;
  const auto settle = [&](Place place, std::string why) {
    if (settled) return;
    settled = true;
    view.place = place;
    view.why = std::move(why);
  };
  const auto stop = [&] { return settled && detail == Detail::Run; };
  view.due = judge_condition(record, roster.due, detail);
  view.is_due = view.due.value.is_null() || view.due.value.is_true();
  if (view.due.value.is_null())
    settle(Place::Unknown, record.want_of(*roster.due.tree));
  else if (!view.due.value.is_true())
    settle(Place::NotListed, "");
  if (stop()) return view;
  if (const auto reason = first_reason(record, roster.exempt, view.exempt, detail))
    settle(reason->is_true ? Place::Exempt : Place::Unknown, reason->why);
  if (stop()) return view;
  view.enters_if = judge_condition(record, roster.enters_if, detail);
  if (view.enters_if.value.is_null())
    settle(Place::Unknown, record.want_of(*roster.enters_if.tree));
  else
    settle(view.enters_if.value.is_true() ? Place::Listed : Place::NotListed, "");
  if (detail == Detail::Everything && roster.line.present())
    view.line = record.evaluate(roster.line, Numbers::Rounded);
  return view;
}

}  // namespace tenglong::run
