// Every expression is parsed against the names of its place, typed, and held to what its place asks for.
#include <algorithm>
#include <set>

#include "engine/pack/inside/draft.h"
#include "engine/pack/inside/expression_checks.h"
#include "engine/pack/inside/scope.h"

namespace tenglong::pack {
namespace {

using diagnostic::Place;
using feel::Kind;
using feel::Type;
using quantity::Unit;

class Resolver {
 public:
  explicit Resolver(Draft& draft) : draft_(draft), pack_(draft.pack), findings_(draft.findings) {}

  void run() {
    for (schema::Register& one : pack_.schema.registers) resolve_register(one);
    for (Indicator& one : pack_.indicators) resolve_indicator(one);
    for (Decision& one : pack_.decisions) resolve_decision(one);
    for (Scheme& one : pack_.schemes) resolve_scheme(one);
    for (Roster& one : pack_.rosters) resolve_roster(one);
    for (Target& one : pack_.targets) resolve_target(one);
    for (Collection& one : pack_.collections) {
      findings_.clause = one.clause;
      if (const schema::Register* target = pack_.schema.find(one.of)) {
        const feel::TypeScope scope = scope_of_record(pack_, *target);
        for (CollectionItem& item : one.items) want_truth(item.where, scope, "where");
      }
    }
    findings_.clause.clear();
  }

 private:
  const feel::TypeScope& of(const std::string& one) {
    const auto [at, fresh] = of_.try_emplace(one);
    if (fresh) at->second = scope_of(pack_, one);
    return at->second;
  }
  const feel::TypeScope& over(const std::string& one) {
    const auto [at, fresh] = over_.try_emplace(one);
    if (fresh) at->second = scope_over(pack_, one);
    return at->second;
  }

  // Parses and types; false if there is nothing to go on with.
  bool resolve(Expression& expression, const feel::TypeScope& scope) {
    if (expression.text.empty()) return false;
    if (!expression.present()) {
      const feel::Parsed parsed = feel::parse(expression.text, scope, expression.origin);
      append(parsed.diagnostics);
      expression.tree = parsed.tree;
      if (!parsed.tree) {
        expression.text.clear();  // reported; nothing more is said about it
        return false;
      }
      check_raw_quotients(draft_, expression);
      check_parameter_keys(draft_, expression);
    }
    const feel::Inferred inferred = feel::infer(*expression.tree, expression.text, scope, expression.origin);
    append(inferred.diagnostics);
    expression.type = inferred.type;
    return !diagnostic::has_errors(inferred.diagnostics);
  }

  // The same expression may be typed for several items: the same finding is told once.
  void append(const diagnostic::Diagnostics& more) {
    for (const diagnostic::Diagnostic& one : more)
      if (told_.insert(one.code + to_string(one.place) + one.message.zh).second) findings_.all.push_back(one);
  }

  Place place_of(const Expression& expression) const {
    return expression.present() ? feel::place_of(expression.origin, expression.text, expression.tree->span)
                                : Place{.file = expression.origin.file, .line = expression.origin.line};
  }

  void want(Expression& expression, const feel::TypeScope& scope, Kind kind, const char* what) {
    if (!resolve(expression, scope) || !expression.type.kind || *expression.type.kind == kind ||
        *expression.type.kind == Kind::Null)
      return;
    const Type wanted = Type::of(kind);
    findings_.add("E-PACK-208", place_of(expression),
                  {std::string(what) + " 应得出" + to_string(wanted) + "，这个表达式得出" +
                       to_string(expression.type) + "。",
                   std::string(what) + " must give " + to_string(wanted) + "; this expression gives " +
                       to_string(expression.type) + "."},
                  {"改写表达式。", "Rewrite the expression."});
  }

  void want_truth(Expression& expression, const feel::TypeScope& scope, const char* what) {
    want(expression, scope, Kind::Boolean, what);
  }

  static std::string named(const Unit& unit) {
    return unit.is_bare() ? "没有单位"
                          : (unit.name().empty() ? unit.dimension_name() : unit.name()) + "（" +
                                unit.dimension_name() + "）";
  }
  static std::string named_en(const Unit& unit) {
    return unit.is_bare() ? "no unit"
                          : (unit.name().empty() ? unit.dimension_name() : unit.name()) + " (" +
                                unit.dimension_name() + ")";
  }

  // Counts and literals only: the number of records bears whatever counting unit is declared.
  bool is_count(const Expression& expression, const feel::TypeScope& scope) {
    bool has_division = false;
    walk(*expression.tree, [&](const feel::Node& node) {
      has_division = has_division || (node.kind == feel::NodeKind::Arithmetic && node.text == "/");
    });
    if (has_division) return false;
    for (const std::vector<std::string>& path : feel::references(*expression.tree)) {
      const Type* type = scope.find(path.front());
      for (std::size_t i = 1; type != nullptr && i < path.size(); ++i) {
        if (type->kind == Kind::List && type->element) type = type->element.get();
        const auto member = std::find_if(type->members.begin(), type->members.end(),
                                         [&](const auto& one) { return one.first == path[i]; });
        type = member == type->members.end() ? nullptr : member->second.get();
      }
      if (type == nullptr) continue;
      if (type->kind == Kind::List && type->element) type = type->element.get();
      if (type->kind == Kind::Number && path.front() != "年度") return false;
    }
    return true;
  }

  // A formula's unit against the declared one; the conversion if they differ in scale only.
  quantity::Conversion want_number(Expression& expression, const feel::TypeScope& scope, const Unit& declared,
                                   const char* what) {
    if (!resolve(expression, scope)) return {};
    const Type& type = expression.type;
    if (type.kind && *type.kind != Kind::Number && *type.kind != Kind::Null) {
      findings_.add(
          "E-PACK-208", place_of(expression),
          {std::string(what) + " 应得出数，这个表达式得出" + to_string(type) + "。",
           std::string(what) + " must give a number; this expression gives " + to_string(type) + "."},
          {"改写表达式，或改 type。", "Rewrite the expression, or change type."});
      return {};
    }
    if (!type.kind || type.bare_literal || *type.kind == Kind::Null) return {};
    static const Unit kPercent = *Unit::parse("%");
    static const Unit kPoints = *Unit::parse("个百分点");
    // A difference of two percentages is told in percentage points.
    const Unit& target =
        declared.same_dimension(kPoints) && type.unit.same_dimension(kPercent) ? kPercent : declared;
    if (const auto found = quantity::conversion(type.unit, target)) {
      warn_of_double_percent(expression, type.unit, target);
      return *found;
    }
    if (type.unit.is_bare() && is_count(expression, scope)) return {};
    findings_.add(
        "E-PACK-205", place_of(expression),
        {std::string(what) + " 的单位是" + named(type.unit) + "，声明的是" + named(declared) + "，量纲不同。",
         std::string(what) + " has " + named_en(type.unit) + ", declared is " + named_en(declared) +
             ": the dimensions differ."},
        {"核对公式里的分子分母，或改 unit。", "Check numerator and denominator, or change unit."});
    return {};
  }

  // “a / b * 100” declared in %: the unit multiplies by 100 already.
  void warn_of_double_percent(const Expression& expression, const Unit& from, const Unit& to) {
    static const Unit kPercent = *Unit::parse("%");
    const feel::Node& tree = *expression.tree;
    if (!to.same_scale(kPercent) || from.same_scale(kPercent) || tree.kind != feel::NodeKind::Arithmetic ||
        tree.text != "*")
      return;
    for (const feel::NodePtr& side : tree.children)
      if (side->kind == feel::NodeKind::Literal && side->value.kind() == Kind::Number &&
          side->value.number() == quantity::Decimal(100))
        findings_.add(
            "W-PACK-223", feel::place_of(expression.origin, expression.text, side->span),
            {"unit 是 %，换算时已乘 100；公式里再乘 100 会大 100 倍。",
             "The unit % multiplies by 100 already; * 100 in the formula makes it 100 times too large."},
            {"去掉公式里的 100。", "Remove the 100 from the formula."});
  }

  // A value compared or used beside numbers of `unit`: same scale, or a bare literal.
  void want_same_unit(Expression& expression, const feel::TypeScope& scope, const Unit& unit,
                      const char* what) {
    if (!resolve(expression, scope)) return;
    const Type& type = expression.type;
    if (!type.kind || *type.kind != Kind::Number || type.bare_literal || type.unit.same_scale(unit)) return;
    const bool same = type.unit.same_dimension(unit);
    findings_.add(
        "E-PACK-205", place_of(expression),
        {std::string(what) + " 的单位是" + named(type.unit) + "，这里要" + named(unit) +
             (same ? "。" : "，量纲不同。"),
         std::string(what) + " has " + named_en(type.unit) + "; " + named_en(unit) + " is needed here."},
        same ? text::Words{"换成同一单位。", "Give it in the same unit."}
             : text::Words{"核对引用的名字。", "Check which name is meant."});
  }

  void resolve_register(schema::Register& one) {
    findings_.clause = one.clause;
    const feel::TypeScope scope = scope_of_record(pack_, one);
    for (schema::Law& law : one.laws) {
      Expression expression{.text = law.source_text, .origin = law.origin};
      feel::TypeScope with_related = scope;
      if (const schema::Register* over = law.over.empty() ? nullptr : pack_.schema.find(law.over))
        with_related.add(over->name, records_of(pack_, *over));
      want_truth(expression, with_related, "holds");
      law.tree = expression.tree;
    }
    for (schema::Field& field : one.fields) {
      resolve_formula(field.required_when, scope, Type::of(Kind::Boolean), "required_when");
      resolve_formula(field.suggestion, scope, field.feel_type(), "default");
      if (!field.is_computed()) continue;
      if (schema::is_number(field.type)) {
        Expression expression{.text = field.formula.text, .origin = field.formula.origin};
        field.to_unit = want_number(expression, scope, field.unit, "formula");
        field.formula.tree = expression.tree;
      } else {
        resolve_formula(field.formula, scope, field.feel_type(), "formula");
      }
    }
    order_computed(one);
  }

  void resolve_formula(schema::Formula& formula, const feel::TypeScope& scope, const Type& type,
                       const char* what) {
    if (formula.text.empty()) return;
    Expression expression{.text = formula.text, .origin = formula.origin};
    if (type.kind == Kind::Number)
      want_same_unit(expression, scope, type.unit, what);
    else
      want(expression, scope, *type.kind, what);
    formula.tree = expression.tree;
  }

  // Computed fields, each after those it needs; those that need themselves are told and left out.
  void order_computed(schema::Register& one) {
    std::vector<int> waiting;
    for (std::size_t i = 0; i < one.fields.size(); ++i)
      if (one.fields[i].formula.present()) waiting.push_back(static_cast<int>(i));
    const auto needs = [&](const schema::Field& field, const schema::Field& other) {
      for (const std::vector<std::string>& path : feel::references(*field.formula.tree))
        if (path.size() == 1 && path.front() == other.name) return true;
      return false;
    };
    while (!waiting.empty()) {
      const auto ready = std::find_if(waiting.begin(), waiting.end(), [&](int at) {
        return std::none_of(waiting.begin(), waiting.end(), [&](int other) {
          return needs(one.fields[static_cast<std::size_t>(at)], one.fields[static_cast<std::size_t>(other)]);
        });
      });
      if (ready == waiting.end()) break;
      one.computed.push_back(*ready);
      waiting.erase(ready);
    }
    // What nobody else waits for only depends on the ring.
    for (std::size_t i = 0; i < waiting.size();) {
      const schema::Field& last = one.fields[static_cast<std::size_t>(waiting[i])];
      const bool is_needed = std::any_of(waiting.begin(), waiting.end(), [&](int other) {
        return needs(one.fields[static_cast<std::size_t>(other)], last);
      });
      if (is_needed) {
        ++i;
        continue;
      }
      one.fields[static_cast<std::size_t>(waiting[i])].formula.tree = nullptr;
      waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(i));
      i = 0;
    }
    for (const int at : waiting) {
      schema::Field& field = one.fields[static_cast<std::size_t>(at)];
      Expression expression{
          .text = field.formula.text, .tree = field.formula.tree, .origin = field.formula.origin};
      findings_.add(
          "E-PACK-206", place_of(expression),
          {"计算字段“" + field.name + "”绕了一圈又要用到自己。",
           "The computed field \"" + field.name + "\" needs itself."},
          {"改写公式；要用上一期的值，写“上期." + field.name + "”。",
           "Rewrite the formula; for the value of the period before write 上期." + field.name + "."});
      field.formula.tree = nullptr;
    }
  }

  void resolve_indicator(Indicator& one) {
    findings_.clause = one.clause;
    const bool whole = !one.over.empty();
    feel::TypeScope scope = whole ? over(one.over) : of(one.of);
    feel::TypeScope counted = whole ? of(one.over) : scope;
    want_truth(one.not_applicable_if, scope, "not_applicable_if");
    if (!one.related.empty()) {
      scope = over(one.related);
      counted = of(one.related);
      scope.add("期间", days());
      counted.add("期间", days());
    }
    want_truth(one.where, counted, "where");
    if (one.stands_among()) {
      want(one.formula, scope, Kind::Number, "formula");
      if (one.as == Indicator::As::Share)
        one.to_unit = quantity::conversion({}, one.unit).value_or(quantity::Conversion{});
    } else if (one.type.kind == Kind::Number)
      one.to_unit = want_number(one.formula, scope, one.unit, "formula");
    else
      want(one.formula, scope, *one.type.kind, "formula");
    check_divisors(draft_, one);
    check_bare_numbers(draft_, one);
    check_codes(one.formula, one.codes);
  }

  // Text literals that a formula of type code may give must be codes.
  void check_codes(const Expression& expression, const std::string& codes_id) {
    const schema::Codes* codes = codes_id.empty() ? nullptr : pack_.schema.find_codes(codes_id);
    if (codes == nullptr || !expression.present()) return;
    std::vector<const feel::Node*> ends = {expression.tree.get()};
    while (!ends.empty()) {
      const feel::Node& node = *ends.back();
      ends.pop_back();
      if (node.kind == feel::NodeKind::If)
        ends.push_back(node.children[1].get()), ends.push_back(node.children[2].get());
      else
        check_code(node, *codes, expression.origin, expression.text);
    }
  }
  void check_code(const feel::Node& node, const schema::Codes& codes, const feel::Origin& origin,
                  const std::string& text) {
    if (node.kind != feel::NodeKind::Literal || node.value.kind() != Kind::String ||
        codes.find(node.value.string()) != nullptr)
      return;
    std::vector<std::string> known;
    for (const schema::CodeEntry& entry : codes.entries) known.push_back(entry.code);
    findings_.add("E-PACK-221", feel::place_of(origin, text, node.span),
                  {"“" + node.value.string() + "”不在代码表“" + codes.name + "”里。",
                   "\"" + node.value.string() + "\" is not in the code table \"" + codes.name + "\"."},
                  near_or_list(node.value.string(), known));
  }

  // The code table behind an input such as 行业 or 企业.行业.
  const schema::Codes* codes_behind(const Expression& input, const std::string& of_id) const {
    if (!input.present()) return nullptr;
    const feel::Node& node = *input.tree;
    const schema::Register* one = pack_.schema.find(of_id);
    const schema::Field* field = nullptr;
    if (one != nullptr && node.kind == feel::NodeKind::Name) field = one->find_by_name(node.text);
    if (one != nullptr && node.kind == feel::NodeKind::Path &&
        node.children[0]->kind == feel::NodeKind::Name) {
      const schema::Register* parent = pack_.schema.find(one->of);
      if (parent != nullptr && parent->name == node.children[0]->text)
        field = parent->find_by_name(node.text);
    }
    if (field != nullptr) return field->codes.empty() ? nullptr : pack_.schema.find_codes(field->codes);
    if (node.kind == feel::NodeKind::Name)
      if (const Indicator* indicator = pack_.indicator(node.text))
        return indicator->codes.empty() ? nullptr : pack_.schema.find_codes(indicator->codes);
    return nullptr;
  }

  void resolve_decision(Decision& one) {
    findings_.clause = one.clause;
    const feel::TypeScope& scope = of(one.of);
    for (Expression& input : one.inputs) resolve(input, scope);
    for (DecisionRule& rule : one.rules) {
      for (std::size_t i = 0; i < one.inputs.size() && i < rule.test_texts.size(); ++i) {
        const feel::Origin& origin = rule.test_origins[i];
        const std::string& text = rule.test_texts[i];
        const feel::Parsed parsed = feel::parse(text, scope, origin, feel::Grammar::UnaryTests);
        append(parsed.diagnostics);
        rule.tests.push_back(parsed.tree);
        if (!parsed.tree) continue;
        append(feel::infer_tests(*parsed.tree, text, one.inputs[i].type, scope, origin).diagnostics);
        check_parameter_keys(draft_, {.text = text, .tree = parsed.tree, .origin = origin});
        if (const schema::Codes* codes = codes_behind(one.inputs[i], one.of))
          walk(*parsed.tree, [&](const feel::Node& node) { check_code(node, *codes, origin, text); });
        if (one.inputs[i].present() && parsed.tree->kind != feel::NodeKind::TestAny &&
            is_raw_quotient(*one.inputs[i].tree) && raw_inputs_.insert(&one.inputs[i]).second)
          findings_.add(
              "W-PACK-209", place_of(one.inputs[i]),
              {"这个输入是没有舍入的商，正好在线上的企业可能判错。",
               "This input is an unrounded quotient; a firm exactly on a line may fall on the wrong side."},
              {"先把它写成指标，再作输入。", "Make it an indicator and use that as the input."});
      }
      for (std::size_t o = 0; o < rule.outputs.size(); ++o) {
        const DecisionOutput& output = one.outputs[o];
        Expression& expression = rule.outputs[o];
        if (output.type.kind == Kind::Number)
          want_same_unit(expression, scope, output.type.unit, output.name.c_str());
        if (output.type.kind)
          want(expression, scope, *output.type.kind, output.name.c_str());
        else
          resolve(expression, scope);
        check_codes(expression, output.codes);
      }
    }
    if (one.outputs.size() == 1 && one.otherwise && one.otherwise->kind() == Kind::String)
      if (const schema::Codes* codes = pack_.schema.find_codes(one.outputs[0].codes);
          codes != nullptr && codes->find(one.otherwise->string()) == nullptr)
        findings_.add("E-PACK-221", place_of_key(draft_, one.place, "otherwise"),
                      {"otherwise 的“" + one.otherwise->string() + "”不在代码表“" + codes->name + "”里。",
                       "otherwise \"" + one.otherwise->string() + "\" is not in the code table \"" +
                           codes->name + "\"."});
  }

  void resolve_reasons(std::vector<Reasoned>& reasons, const feel::TypeScope& scope, const char* what) {
    for (Reasoned& one : reasons) want_truth(one.when, scope, what);
  }

  void resolve_scheme(Scheme& one) {
    findings_.clause = one.clause;
    const feel::TypeScope& scope = of(one.of);
    want_truth(one.due, scope, "due");
    resolve_reasons(one.exempt, scope, "exempt");
    resolve_reasons(one.not_rated, scope, "not_rated");
    for (SchemeItem& item : one.items) {
      const Indicator* indicator = pack_.indicator(item.indicator);
      const Unit unit = indicator != nullptr ? indicator->unit : Unit{};
      want(item.weight, scope, Kind::Number, "weight");
      want_same_unit(item.base, scope, unit, "base");
      feel::TypeScope inner = scope;
      inner.add("指标值", Type::number(unit));
      inner.add("基准值", Type::number(unit));
      inner.add("权重", Type::number({}, false));
      inner.add("同组", Type::list_of(Type::any()));
      inner.add("同组平均得分", Type::number({}));
      for (Expression* expression : {&item.score, &item.when_missing})
        want(*expression, inner, Kind::Number, "score");
      if (item.score.text.empty()) want(one.item_score, inner, Kind::Number, "item_score");
      want(one.item_floor, inner, Kind::Number, "item_floor");
      want(one.item_cap, inner, Kind::Number, "item_cap");
    }
    feel::TypeScope total = scope;
    total.add("各项得分", Type::list_of(Type::number({})));
    total.add("加减分", Type::number({}));
    want(one.total, total, Kind::Number, "total");
    for (Cut& cut : one.cuts) {
      if (cut.percent || cut.score_text.empty()) continue;
      const feel::Parsed parsed =
          feel::parse(cut.score_text, of(""), cut.score_origin, feel::Grammar::UnaryTests);
      append(parsed.diagnostics);
      cut.score_test = parsed.tree;
      if (parsed.tree)
        append(feel::infer_tests(*parsed.tree, cut.score_text, Type::number({}), of(""), cut.score_origin)
                   .diagnostics);
    }
  }

  void resolve_roster(Roster& one) {
    findings_.clause = one.clause;
    const feel::TypeScope& scope = of(one.of);
    want_truth(one.due, scope, "due");
    resolve_reasons(one.exempt, scope, "exempt");
    want_truth(one.enters_if, scope, "enters_if");
    resolve(one.line, scope);
  }

  // 期间: a range of dates.
  static Type days() {
    Type range = Type::of(Kind::Range, false);
    range.element = std::make_shared<const Type>(Type::of(Kind::Date, false));
    return range;
  }

  void resolve_target(Target& one) {
    findings_.clause = one.clause;
    feel::TypeScope where = of(one.over);
    feel::TypeScope formula = over(one.over);
    where.add("期间", days());
    formula.add("期间", days());
    want_truth(one.where, where, "where");
    one.to_unit = want_number(one.formula, formula, one.unit, "formula");
    feel::TypeScope goal = of("");
    goal.add("年度", Type::number({}, false));
    goal.add("上期值", Type::number(one.unit));
    want_same_unit(one.goal, goal, one.unit, "目标值");
  }

  Draft& draft_;
  Pack& pack_;
  Findings& findings_;
  std::map<std::string, feel::TypeScope> of_, over_;
  std::set<std::string> told_;
  std::set<const Expression*> raw_inputs_;
};

}  // namespace

void resolve_expressions(Draft& draft) { Resolver(draft).run(); }

}  // namespace tenglong::pack
