#include "engine/run/variants.h"

#include <algorithm>
#include <mutex>

#include "engine/run/inside/scheme_variants.h"

namespace tenglong::run {

using plan::Op;
using plan::Shape;
using result::Standing;

namespace {

std::optional<Decimal> literal_of(const pack::Expression& expression) {
  if (!expression.present() || expression.tree->kind != feel::NodeKind::Literal) return std::nullopt;
  const Value& value = expression.tree->value;
  return value.kind() == feel::Kind::Number ? std::optional(value.number()) : std::nullopt;
}

// A number of the policy becomes a parameter of one value, so that the plan shows it as a node of its own.
std::string make_parameter(pack::Pack& pack, pack::Expression& expression, const std::string& name) {
  const auto number = literal_of(expression);
  if (!number) return {};
  pack::Parameter parameter;
  parameter.name = parameter.id = name;
  parameter.type = feel::Type::of(feel::Kind::Number);
  parameter.rows.push_back({.value = Value(*number)});
  pack.parameters.push_back(std::move(parameter));
  auto named = std::make_shared<feel::Node>();
  named->kind = feel::NodeKind::Name;
  named->text = name;
  expression.tree = std::move(named);
  return name;
}

std::vector<Turnable> make_turnable(pack::Pack& pack) {
  std::vector<Turnable> all;
  for (std::size_t s = 0; s < pack.schemes.size(); ++s) {
    Turnable& names = all.emplace_back();
    pack::Scheme& scheme = pack.schemes[s];
    for (std::size_t i = 0; i < scheme.items.size(); ++i) {
      const std::string place = "·" + std::to_string(s) + "·" + std::to_string(i);
      names.weights.push_back(make_parameter(pack, scheme.items[i].weight, "权重" + place));
      names.bases.push_back(make_parameter(pack, scheme.items[i].base, "基准" + place));
    }
  }
  return all;
}

}  // namespace

struct Variants::Shared {
  Shared(const pack::Pack& given, const column::Snapshot& snapshot, const Options& options)
      : pack(given),
        turnable(make_turnable(pack)),
        plan(plan::lower(pack, options.period)),
        meaning(pack, snapshot, options.period, &options) {
    for (std::size_t s = 0; s < plan.schemes.size(); ++s)
      schemes.push_back(variants_of(plan, plan.schemes[s], turnable[s], meaning, options, meaning_in_use));
  }
  pack::Pack pack;
  std::vector<Turnable> turnable;
  plan::Plan plan;
  Meaning meaning;
  std::mutex meaning_in_use;
  std::vector<std::unique_ptr<SchemeVariants>> schemes;
};

Variants::Variants(const pack::Pack& pack, const column::Snapshot& snapshot, const Options& options)
    : shared_(std::make_unique<Shared>(pack, snapshot, options)) {}
Variants::~Variants() = default;

const SchemeColumns* Variants::base(std::size_t scheme) const { return shared_->schemes[scheme]->base(); }

bool Variants::run(std::size_t scheme, const SchemeChange& change, SchemeColumns& out) const {
  return shared_->schemes[scheme]->run(change, out);
}

bool Variants::replace(std::size_t scheme, const std::vector<ReplacedRecord>& records,
                       SchemeColumns& out) const {
  return shared_->schemes[scheme]->replace(records, out);
}

std::vector<GivenFigure> Variants::figures() const {
  const std::lock_guard<std::mutex> use(shared_->meaning_in_use);
  std::vector<GivenFigure> out;
  for (const plan::Node& node : shared_->plan.nodes) {
    if (node.op != Op::Population) continue;
    const bool known = std::any_of(out.begin(), out.end(), [&](const GivenFigure& each) {
      return each.indicator == node.population->id && each.period == node.period;
    });
    if (known) continue;
    const Figure& figure = shared_->meaning.population(*node.population, node.period);
    if (figure.gaps.empty()) out.push_back({node.population->id, node.period, figure.value});
  }
  return out;
}

std::vector<GivenStanding> Variants::standings(const std::vector<OfRecords>& records) const {
  const std::lock_guard<std::mutex> use(shared_->meaning_in_use);
  std::vector<GivenStanding> out;
  for (const plan::Node& node : shared_->plan.nodes) {
    if (node.op != Op::Standing) continue;
    const bool known = std::any_of(out.begin(), out.end(), [&](const GivenStanding& each) {
      return each.indicator == node.indicator->id && each.period == node.period;
    });
    const auto of = std::find_if(records.begin(), records.end(), [&](const OfRecords& each) {
      return each.register_id == node.indicator->of;
    });
    if (known || of == records.end()) continue;
    const Standings& among = shared_->meaning.standings(*node.indicator, node.period);
    if (!among.gaps.empty()) continue;
    GivenStanding& given = out.emplace_back();
    given.indicator = node.indicator->id;
    given.period = node.period;
    for (const std::int32_t row : of->rows) {
      const auto at = static_cast<std::size_t>(std::max(row, 0));
      given.is_counted.push_back(row >= 0 && among.group[at] >= 0 ? 1 : 0);
      const bool has_value = row >= 0 && among.value.state[at] == State::Known;
      given.value.push_back(has_value ? std::optional(among.value.exact(at)) : std::nullopt);
    }
  }
  return out;
}

std::size_t Variants::bytes() const {
  std::size_t sum = 0;
  for (const auto& each : shared_->schemes) sum += each->bytes();
  return sum;
}

}  // namespace tenglong::run
