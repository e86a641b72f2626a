#include "engine/simulate/rise.h"

#include <algorithm>
#include <deque>

#include "engine/feel/evaluate.h"
#include "engine/run/grade.h"
#include "engine/run/row.h"
#include "engine/simulate/dependents.h"
#include "engine/text/ensure.h"

namespace tenglong::simulate {

using feel::Value;
using text::Words;

namespace {

// How far a field without a declared bound is walked, as a multiple of its value (or of 1).
constexpr std::int64_t kFar = 1000;
constexpr std::int64_t kFurthestSteps = 1'000'000'000;
constexpr int kParts = 16;  // of the first field of a pair

struct Axis {
  Override change = {};
  const schema::Field* field = nullptr;
  Decimal from = {}, step = {};
  int direction = 1;
  std::int64_t most = 0;  // steps to the bound
  bool bounded = false;   // by the pack; else by kFar
  std::optional<Decimal> cost = {};

  Decimal at(std::int64_t steps) const { return from + step * Decimal(direction * steps); }
};

std::string text_of(const std::optional<run::DecisionView>& decision) {
  return decision && decision->output.kind() == feel::Kind::String ? decision->output.string()
                                                                   : std::string();
}

}  // namespace

class Riser {
 public:
  Riser(Simulation& simulation, const pack::Scheme& scheme, std::uint32_t row,
        const std::vector<pack::Lever>& own)
      : simulation_(simulation),
        scheme_(scheme),
        row_(row),
        own_levers_(own),
        codes_(simulation.pack().schema.find_codes(scheme.codes)),
        reader_(simulation.pack(), simulation.own_snapshot(), simulation.options(), &simulation.base()) {
    const column::Table& table = *simulation.snapshot().find(scheme.of);
    report_.scheme = scheme.name;
    report_.key = table.key[row];
    report_.by_rank = !run::cuts_by_score(scheme);
  }

  RiseReport report() {
    const result::SchemeResult* ran = simulation_.base().scheme(scheme_.name);
    if (ran == nullptr) {
      say("这个方案缺值，没有运行，谈不上升档。", "The scheme did not run for want of a value.");
      return report_;
    }
    ran_ = ran;
    own_ = ran->find(report_.key);
    if (own_ == nullptr || own_->standing == result::Standing::NotDue) {
      say("不在应评之列。", "Not to be rated by this scheme.");
      return report_;
    }
    if (own_->standing != result::Standing::Rated) {
      say(std::string(to_chinese(own_->standing)) + "：" + own_->why + "。先补齐或更正，才有档可升。",
          "Not rated: " + own_->why + ". Supply what is missing first.");
      return report_;
    }
    report_.grade = own_->grade;
    report_.total = own_->total;
    report_.rank = own_->rank;
    for (const result::Outcome& each : ran->outcomes)
      report_.group_size += each.standing == result::Standing::Rated && each.group == own_->group;
    describe();
    if (goal_ < 0) return report_;
    find_axes();
    for (const Axis& axis : axes_) add_single(axis);
    keep_the_shorter_way();
    find_cheapest();
    return report_;
  }

 private:
  void say(std::string zh, std::string en) { report_.words.push_back({std::move(zh), std::move(en)}); }
  // 0 is best; -1 unknown.
  int place(const std::string& grade) const {
    const int at = codes_ == nullptr ? -1 : codes_->position(grade);
    if (at < 0 || codes_->order != schema::CodeOrder::WorstFirst) return at;
    return static_cast<int>(codes_->entries.size()) - 1 - at;
  }

  void describe() {
    const int at = place(own_->grade);
    goal_ = at - 1;
    if (at < 0) return say("现在没有档次。", "There is no grade yet.");
    if (at == 0) return say("已在最高档。", "Already the best grade.");
    const run::RowView view = reader_.read(scheme_.of, row_);
    for (const run::SchemeView& each : view.schemes) {
      if (each.scheme != &scheme_) continue;
      for (const run::ItemView& item : each.items) {
        if (item.capped)
          say("“" + item.item->indicator + "”已封顶，再高也不加分。",
              "\"" + item.item->indicator + "\" is capped: more of it adds nothing.");
        if (item.by_missing_rule)
          say("“" + item.item->indicator + "”缺数，按规则给分；补上实数后分数会变。",
              "\"" + item.item->indicator + "\" is missing and scored by rule; a real value changes it.");
      }
    }
    if (!own_->veto.empty() && place(own_->veto) >= at) {
      say("一票否决：最高可评 " + own_->veto + "。不消除否决事项，分数再高也升不了档。",
          "Vetoed: at best " + own_->veto + ". No score lifts it until the cause is gone.");
      goal_ = -1;
      return;
    }
    if (!own_->protect.empty() && own_->raw_grade != own_->grade)
      say("按分数是 " + own_->raw_grade + "，因保护评为 " + own_->grade + "。",
          "By score it is " + own_->raw_grade + "; protection makes it " + own_->grade + ".");
    if (report_.by_rank)
      say("档次按名次划分：下面的数以今年同组其他企业不变为准，别家变了就会变。",
          "Grades go by rank: the figures hold while the others stay as they are.");
  }

  void find_axes() {
    const schema::Register& at = *simulation_.pack().schema.find(scheme_.of);
    const column::Table& table = *simulation_.snapshot().find(scheme_.of);
    const pack::Simulation* declared = simulation_.pack().simulation_of(scheme_.of);
    for (const std::string& name : fields_under(simulation_.pack(), scheme_)) {
      const auto index = static_cast<std::size_t>(at.find_by_name(name) - at.fields.data());
      const schema::Field& field = at.fields[index];
      const Value now = column::value_of(table, index, row_);
      if (now.kind() != feel::Kind::Number) {
        Rise missing;
        missing.steps.push_back({.field = name, .unit = field.unit.name()});
        missing.why = {"现在没有数（缺报、不适用或存疑），先补数。",
                       "There is no value now; supply it first."};
        report_.singles.push_back(std::move(missing));
        continue;
      }
      pack::Lever lever{.minimum = field.minimum, .maximum = field.maximum};
      const auto take = [&](const std::vector<pack::Lever>& levers) {
        for (const pack::Lever& each : levers) {
          if (each.field != name) continue;
          if (each.minimum) lever.minimum = each.minimum;
          if (each.maximum) lever.maximum = each.maximum;
          if (each.step) lever.step = each.step;
          if (each.cost) lever.cost = each.cost;
        }
      };
      if (declared != nullptr) take(declared->levers);
      take(own_levers_);
      for (const int direction : {1, -1}) {
        Axis axis;
        axis.field = &field;
        axis.from = now.number();
        axis.step = lever.step ? *lever.step : Decimal::scaled(1, std::min(0, axis.from.parts().exponent));
        axis.direction = direction;
        axis.cost = lever.cost;
        axis.change.kind = Override::Kind::Field;
        axis.change.block = at.id;
        axis.change.index = index;
        axis.change.row = row_;
        axis.change.text = report_.key + "." + name + "=";
        const std::optional<Decimal>& bound = direction > 0 ? lever.maximum : lever.minimum;
        axis.bounded = bound.has_value();
        const Decimal reach = bound ? (direction > 0 ? *bound - axis.from : axis.from - *bound)
                                    : std::max(axis.from.abs(), Decimal(1)) * Decimal(kFar);
        const auto steps = divide(reach, axis.step);
        axis.most = steps && Decimal(0) < *steps
                        ? std::min(*steps, Decimal(kFurthestSteps)).floor().to_integer().value_or(0)
                        : 0;
        axes_.push_back(std::move(axis));
      }
    }
  }

  struct Reached {
    int place = -1;
    std::string grade;
    std::optional<Decimal> total;
    std::int32_t rank = 0;
  };

  using Point = std::vector<std::pair<const Axis*, std::int64_t>>;
  static std::vector<Override> overrides_at(const Point& point) {
    std::vector<Override> out;
    for (const auto& [axis, steps] : point) out.push_back(with_value(axis->change, axis->at(steps)));
    return out;
  }

  // One row by the reference meaning, placed among today's others: quick, and run again before it is said.
  Reached quick(const Point& point) {
    std::deque<CellChange> cells;
    for (const Override& each : overrides_at(point)) cells.emplace_back(simulation_.own_snapshot(), each);
    const run::RowView row = reader_.read(scheme_.of, row_);
    while (!cells.empty()) cells.pop_back();
    Reached reached;
    for (const run::SchemeView& view : row.schemes) {
      if (view.scheme != &scheme_ || view.standing != result::Standing::Rated || !view.total) continue;
      reached.total = view.total;
      std::string raw;
      if (report_.by_rank) {
        std::int64_t ahead = 0, size = 1;
        for (const result::Outcome& each : ran_->outcomes) {
          if (&each == own_ || each.standing != result::Standing::Rated) continue;
          if (ran_->groups[static_cast<std::size_t>(each.group)] != view.group) continue;
          ++size;
          ahead += *view.total < *each.total ||
                   (scheme_.ties == pack::Scheme::Ties::Worse && *view.total == *each.total);
        }
        reached.rank = static_cast<std::int32_t>(ahead + 1);
        const int cut = run::cut_by_rank(scheme_, ahead + 1, size);
        if (cut >= 0) raw = scheme_.cuts[static_cast<std::size_t>(cut)].grade;
      } else {
        for (const pack::Cut& cut : scheme_.cuts) {
          if (cut.score_test == nullptr) continue;
          const Value answer =
              feel::evaluate_tests(*cut.score_test, Value(*view.total), feel::ContextEnvironment({})).value;
          if (!answer.is_true()) continue;
          raw = cut.grade;
          break;
        }
      }
      reached.grade = run::final_grade(codes_, raw, text_of(view.veto), text_of(view.protect));
      reached.place = place(reached.grade);
    }
    return reached;
  }

  Reached whole(const Point& point) {
    const result::Result result = simulation_.with(overrides_at(point));
    const result::SchemeResult* scheme = result.scheme(scheme_.name);
    const result::Outcome* outcome = scheme == nullptr ? nullptr : scheme->find(report_.key);
    if (outcome == nullptr || outcome->standing != result::Standing::Rated) return {};
    return {place(outcome->grade), outcome->grade, outcome->total, outcome->rank};
  }

  bool lifts(const Reached& reached) const { return reached.place >= 0 && reached.place <= goal_; }

  // The first step of `axis` that lifts, others of `point` held; 0: none up to `most`.
  template <typename Ask>
  std::int64_t first_step(const Axis& axis, const Point& others, std::int64_t most, Ask ask) {
    const auto at = [&](std::int64_t steps) {
      Point point = others;
      point.emplace_back(&axis, steps);
      return lifts(ask(point));
    };
    std::int64_t low = 0, high = 1;
    while (high < most && !at(high)) low = high, high *= 2;
    if (high >= most) {
      high = most;
      if (most == 0 || !at(high)) return 0;
    }
    while (high - low > 1) {
      const std::int64_t middle = low + (high - low) / 2;
      (at(middle) ? high : low) = middle;
    }
    return high;
  }

  Rise risen(const Point& point) {
    Rise rise;
    const Reached reached = whole(point);
    rise.possible = rise.verified = lifts(reached);
    rise.grade = reached.grade;
    rise.total = reached.total;
    rise.rank = reached.rank;
    Point before = point;
    --before.back().second;
    rise.step_before_fails = !lifts(whole(before));
    Decimal cost = 0;
    bool priced = true;
    for (const auto& [axis, steps] : point) {
      rise.steps.push_back(
          {axis->field->name, axis->field->unit.name(), axis->from, axis->at(steps), axis->step});
      if (axis->cost)
        cost = cost + *axis->cost * axis->step * Decimal(steps);
      else
        priced = false;
    }
    if (priced) rise.cost = cost;
    return rise;
  }

  void add_single(const Axis& axis) {
    std::int64_t steps = first_step(axis, {}, axis.most, [&](const Point& p) { return quick(p); });
    Rise rise;
    // A change that moves figures of others too may lift where the row alone does not.
    if (steps == 0 && axis.most > 0 && lifts(whole({{&axis, axis.most}})))
      steps = first_step(axis, {}, axis.most, [&](const Point& p) { return whole(p); });
    if (steps > 0) {
      rise = risen({{&axis, steps}});
      // The change moves a mean or a population figure too: ask the whole engine at every step.
      if (!rise.verified || !rise.step_before_fails) {
        steps = first_step(axis, {}, axis.most, [&](const Point& p) { return whole(p); });
        rise = steps > 0 ? risen({{&axis, steps}}) : Rise{};
      }
    }
    if (steps == 0) {
      rise.steps.push_back(
          {axis.field->name, axis.field->unit.name(), axis.from, axis.at(axis.most), axis.step});
      const std::string way = axis.direction > 0 ? "增" : "减";
      rise.why = axis.most == 0 ? Words{"已在界限上，不能再" + way + "。", "It stands at its bound already."}
                                : Words{way + "到 " + axis.at(axis.most).to_string() +
                                            (axis.bounded ? "（声明的界限）也升不了档。"
                                                          : "（没有声明界限，试到这里）也升不了档。"),
                                        "Even " + axis.at(axis.most).to_string() + " does not lift it."};
    }
    report_.singles.push_back(std::move(rise));
    found_.push_back(steps);
  }

  // Of the two directions of a field the one that lifts; of two that do, the shorter; of none, one sentence.
  void keep_the_shorter_way() {
    std::vector<Rise> kept;
    for (Rise& each : report_.singles) {
      if (!kept.empty() && kept.back().steps[0].field == each.steps[0].field) {
        Rise& other = kept.back();
        const auto reach = [](const Rise& rise) { return (rise.steps[0].to - rise.steps[0].from).abs(); };
        if (each.possible && (!other.possible || reach(each) < reach(other)))
          other = std::move(each);
        else if (!each.possible && !other.possible)
          other.why = {other.why.zh + each.why.zh, other.why.en + " " + each.why.en};
        continue;
      }
      kept.push_back(std::move(each));
    }
    report_.singles = std::move(kept);
  }

  void find_cheapest() {
    std::vector<const Axis*> priced;
    for (const Axis& axis : axes_)
      if (axis.cost && axis.bounded) priced.push_back(&axis);
    if (priced.empty()) {
      report_.cheapest_why = {
          "还没有哪一项既有成本、又有改动方向上的界限，不求最省的组合。可以自己给出，或写进政策包（yaml "
          "simulation 的 levers）。",
          "No field has both a cost and a bound in the direction of its change, so no combination is sought. "
          "Declare them here, or in the pack (levers of yaml simulation)."};
      return;
    }
    std::optional<Decimal> best;
    Point best_point;
    const auto offer = [&](const Point& point) {
      Decimal cost = 0;
      for (const auto& [axis, steps] : point) cost = cost + *axis->cost * axis->step * Decimal(steps);
      if (best && *best <= cost) return;
      best = cost, best_point = point;
    };
    const auto ask = [&](const Point& p) { return quick(p); };
    for (std::size_t i = 0; i < axes_.size(); ++i)
      if (axes_[i].cost && axes_[i].bounded && found_[i] > 0) offer({{&axes_[i], found_[i]}});
    for (const Axis* first : priced)
      for (const Axis* second : priced) {
        if (first->field == second->field) continue;
        const auto own = static_cast<std::size_t>(first - axes_.data());
        const std::int64_t most = found_[own] > 0 ? found_[own] : first->most;
        for (int part = 1; part < kParts; ++part) {
          const std::int64_t steps = most / kParts * part + most % kParts * part / kParts;
          if (steps == 0) continue;
          const std::int64_t rest = first_step(*second, {{first, steps}}, second->most, ask);
          if (rest > 0) offer({{first, steps}, {second, rest}});
        }
      }
    if (best) {
      Rise rise = risen(best_point);
      if (!rise.verified) {
        report_.cheapest_why = {
            "找到的组合会带动别的数（均值、全区的指标或同组的占比、名次），用整个引擎复算不能升档，所以不给"
            "。",
            "The combination found moves other figures too (means, figures of the whole, shares or ranks), "
            "and "
            "run again whole it does not lift: none is given."};
        return;
      }
      report_.cheapest = std::move(rise);
    }
    report_.cheapest_why = {
        "在声明了成本和界限的字段里找：单项，以及每两项（第一项分 16 份，第二项取够用的最小步数）。",
        "Sought among fields with declared costs and bounds: each alone, and each two (the "
        "first in 16 parts, the second as little as lifts)."};
  }

  Simulation& simulation_;
  const pack::Scheme& scheme_;
  std::uint32_t row_;
  const std::vector<pack::Lever>& own_levers_;
  const schema::Codes* codes_;
  run::RowReader reader_;
  const result::SchemeResult* ran_ = nullptr;
  const result::Outcome* own_ = nullptr;
  int goal_ = -1;
  std::vector<Axis> axes_;
  std::vector<std::int64_t> found_;  // as axes_; 0: none
  RiseReport report_;
};

ReadTerms read_terms(const RiseTerms& terms, const pack::Pack& pack, const pack::Scheme& scheme) {
  ReadTerms out;
  const std::vector<std::string> names = fields_under(pack, scheme);
  std::string all;
  for (const std::string& each : names) all += (all.empty() ? "" : "、") + each;
  const auto wrong = [&](const char* code, Words message, Words advice) {
    diagnostic::Diagnostic one;
    one.code = code;
    one.message = std::move(message);
    one.advice = std::move(advice);
    out.diagnostics.push_back(std::move(one));
  };
  const auto lever_of = [&](std::string_view name) -> pack::Lever& {
    for (pack::Lever& each : out.levers)
      if (each.field == name) return each;
    return out.levers.emplace_back(pack::Lever{.field = std::string(name)});
  };
  const auto read = [&](const std::vector<std::string>& texts, std::optional<Decimal> pack::Lever::*of) {
    for (const std::string& text : texts) {
      const std::size_t equals = text.find('=');
      if (equals == std::string::npos) {
        wrong("E-SIMULATE-101", {"“" + text + "”里没有等号。", "\"" + text + "\" has no equals sign."},
              {"写成 字段=数，如 用地面积=30。", "Write field=number, such as 用地面积=30."});
        continue;
      }
      const std::string name(text::trim(std::string_view(text).substr(0, equals)));
      const std::string value(text::trim(std::string_view(text).substr(equals + 1)));
      const auto number = Decimal::parse(value);
      if (std::find(names.begin(), names.end(), name) == names.end())
        wrong("E-SIMULATE-102",
              {"“" + name + "”不是“" + scheme.name + "”牵动的数字字段。",
               "\"" + name + "\" is no number field under \"" + scheme.name + "\"."},
              {"可用：" + all + "。", "One of: " + all + "."});
      else if (!number)
        wrong("E-SIMULATE-103", {"“" + value + "”不是数。", "\"" + value + "\" is no number."},
              {"写一个十进制数，用字段的单位。", "Write a decimal number in the unit of the field."});
      else if (of == &pack::Lever::cost && number->is_negative())
        wrong("E-SIMULATE-104", {"成本不能小于 0。", "A cost cannot be below 0."},
              {"没有成本写 0；不知道就不写。", "Write 0 for no cost; leave it out if unknown."});
      else
        lever_of(name).*of = number;
    }
  };
  read(terms.costs, &pack::Lever::cost);
  read(terms.minimums, &pack::Lever::minimum);
  read(terms.maximums, &pack::Lever::maximum);
  for (const pack::Lever& each : out.levers)
    if (each.minimum && each.maximum && *each.maximum < *each.minimum)
      wrong("E-SIMULATE-104",
            {"“" + each.field + "”的上界小于下界。",
             "The upper bound of \"" + each.field + "\" is below the lower."},
            {"核对两头。", "Check both ends."});
  return out;
}

RiseReport rise(Simulation& simulation, const pack::Scheme& scheme, std::uint32_t row,
                const std::vector<pack::Lever>& own) {
  return Riser(simulation, scheme, row, own).report();
}

}  // namespace tenglong::simulate
