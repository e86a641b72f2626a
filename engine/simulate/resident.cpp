#include "engine/simulate/resident.h"

#include <algorithm>

#include "engine/simulate/dependents.h"
#include "engine/simulate/inside/resident_kept.h"

namespace tenglong::simulate {

using run::SchemeColumns;

namespace {

// The changes of one scheme as its columns take them; nullopt: some change is of another kind.
std::optional<run::SchemeChange> change_of(const pack::Scheme& scheme,
                                           const std::vector<Override>& overrides) {
  run::SchemeChange change;
  for (const Override& each : overrides) {
    if (each.kind == Override::Kind::Parameter || each.kind == Override::Kind::Field) return std::nullopt;
    if (each.block != scheme.name) continue;
    switch (each.kind) {
      case Override::Kind::Weight:
      case Override::Kind::Base: {
        auto& values = each.kind == Override::Kind::Weight ? change.weights : change.bases;
        if (each.value.kind() != feel::Kind::Number) return std::nullopt;
        if (values.size() <= each.index) values.resize(each.index + 1);
        values[each.index] = each.value.number();
        break;
      }
      case Override::Kind::Cut: {
        if (change.cuts.size() <= each.index) change.cuts.resize(each.index + 1);
        run::SchemeChange::Cut& cut = change.cuts[each.index].emplace();
        if (scheme.cuts[each.index].percent)
          cut.percent = each.value.number();
        else
          cut.score_test = feel::parse(each.score_test, feel::NameSet(), {}, feel::Grammar::UnaryTests).tree;
        break;
      }
      default:
        return std::nullopt;
    }
  }
  return change;
}

bool reaches_scheme(const run::Part& part, const pack::Scheme& scheme) {
  return part.schemes.count(scheme.name) != 0;
}

}  // namespace

Resident::Kept::Kept(const pack::Pack& given, const column::Snapshot& held, const run::Options& asked)
    : pack(given),
      snapshot(held),
      options(asked),
      variants(given, held, asked),
      figures(given, held, asked),
      given_figures(variants.figures()) {
  for (std::size_t s = 0; s < pack.schemes.size(); ++s) {
    const SchemeColumns* base = variants.base(s);
    schemes.push_back(base == nullptr ? nullptr
                                      : std::make_unique<SchemeBase>(pack, snapshot, pack.schemes[s], *base,
                                                                     options.period));
  }
  run::Part lists;
  for (const pack::Roster& each : pack.rosters) lists.rosters.insert(each.name);
  const result::Result ran = run::run_part(pack, snapshot, options, lists, {});
  for (const pack::Roster& each : pack.rosters) {
    RosterComparison& same = rosters.emplace_back();
    same.roster = each.name;
    same.id = each.id;
    const result::RosterResult* roster = ran.roster(each.name);
    same.before_ran = same.after_ran = roster != nullptr;
    if (roster != nullptr) same.listed_before = same.listed_after = roster->listed;
  }
}

Simulation& Resident::Kept::whole() const {
  if (simulation == nullptr) simulation = std::make_unique<Simulation>(pack, snapshot, options);
  return *simulation;
}

SchemeComparison Resident::Kept::unmoved(std::size_t s) const {
  const std::lock_guard<std::mutex> hold(one_at_a_time);
  if (!still) still = whole().compare_with({});
  SchemeComparison comparison = still->schemes[s];
  comparison.touched.clear();
  return comparison;
}

bool Resident::Kept::prices_change(std::size_t s, const std::vector<Override>& overrides) const {
  const pack::Simulation* declared = pack.simulation_of(pack.schemes[s].of);
  if (declared == nullptr) return false;
  for (const Override& each : overrides)
    for (const pack::Price& price : declared->prices)
      if (each.kind == Override::Kind::Field ||
          (each.kind == Override::Kind::Parameter && each.block == price.rate))
        return true;
  return false;
}

const SchemeColumns* Resident::Kept::columns_with(std::size_t s, const std::vector<Override>& overrides,
                                                  std::optional<pack::Pack>& changed_pack,
                                                  std::optional<plan::Plan>& plan, SchemeColumns& out) const {
  const SchemeColumns* base = variants.base(s);
  if (base == nullptr) return nullptr;
  const pack::Scheme& scheme = pack.schemes[s];
  for (const Override& each : overrides)
    if (each.kind == Override::Kind::Field) return nullptr;
  // A scheme in the place of another is that other scheme.
  if (overrides.size() == 1 && overrides[0].kind == Override::Kind::Scheme &&
      overrides[0].block == scheme.name)
    for (std::size_t other = 0; other < pack.schemes.size(); ++other)
      if (pack.schemes[other].name == overrides[0].taken_from && variants.base(other) != nullptr) {
        out = *variants.base(other);
        return &out;
      }
  if (const auto change = change_of(scheme, overrides))
    if (variants.run(s, *change, out)) return &out;
  if (!changed_pack) {
    changed_pack = changed(pack, overrides);
    plan = plan::lower(*changed_pack, options.period);
  }
  out = run::execute(*plan, plan->schemes[s], *changed_pack, snapshot, options);
  return out.left_to_interpreter ? nullptr : &out;
}

Resident::Resident(const pack::Pack& pack, const column::Snapshot& snapshot, const run::Options& options)
    : kept_(std::make_unique<Kept>(pack, snapshot, options)) {}
Resident::~Resident() = default;

const pack::Pack& Resident::pack() const { return kept_->pack; }
const column::Snapshot& Resident::snapshot() const { return kept_->snapshot; }
const run::Options& Resident::options() const { return kept_->options; }
const SchemeColumns* Resident::base(std::size_t scheme) const { return kept_->variants.base(scheme); }

Answer Resident::with(const std::vector<Override>& overrides) const {
  const pack::Pack& pack = kept_->pack;
  Answer trial;
  for (const pack::Simulation& each : pack.simulations)
    if (trial.comparison.measures.empty()) trial.comparison.measures = each.measures;
  trial.columns.resize(pack.schemes.size());
  const run::Part part = dependents(pack, overrides);
  std::optional<pack::Pack> changed_pack;
  std::optional<plan::Plan> plan;
  std::vector<std::uint8_t> settled(pack.schemes.size(), 0);
  bool long_way = !part.rosters.empty() || !part.indicators.empty() || !part.targets.empty();
  bool changes_records = false;
  for (const Override& each : overrides)
    changes_records = changes_records || each.kind == Override::Kind::Field;
  for (std::size_t s = 0; s < pack.schemes.size(); ++s) {
    const pack::Scheme& scheme = pack.schemes[s];
    SchemeComparison comparison{.scheme = scheme.name, .id = scheme.id};
    const SchemeColumns* base = kept_->variants.base(s);
    const std::vector<Rates> rates =
        base == nullptr ? std::vector<Rates>() : kept_->schemes[s]->rates(overrides);
    // Of a scheme without columns, and where quantities may move, prices go the long way too.
    const bool prices_move = base == nullptr ? kept_->prices_change(s, overrides)
                                             : changes_records && kept_->schemes[s]->has_prices();
    if (prices_move) {
      long_way = true;
    } else if (base == nullptr && !reaches_scheme(part, scheme)) {
      comparison = kept_->unmoved(s);
      settled[s] = 1;
    } else if (base == nullptr) {
      long_way = true;  // it may run, refuse, or run after all: only the interpreter says
    } else if (!reaches_scheme(part, scheme)) {
      trial.columns[s] = std::shared_ptr<const SchemeColumns>(std::shared_ptr<void>(), base);
      comparison = kept_->schemes[s]->unmoved(rates);
      settled[s] = 1;
    } else {
      auto out = std::make_shared<SchemeColumns>();
      if (kept_->columns_with(s, overrides, changed_pack, plan, *out) != nullptr) {
        comparison = kept_->schemes[s]->compare(*out, rates);
        trial.columns[s] = std::move(out);
        settled[s] = 1;
      } else {
        long_way = true;
      }
    }
    trial.comparison.schemes.push_back(std::move(comparison));
  }
  if (!long_way) {
    trial.comparison.rosters = kept_->rosters;
    return trial;
  }
  trial.whole_run = true;
  const std::lock_guard<std::mutex> hold(kept_->one_at_a_time);
  Comparison whole = kept_->whole().compare_with(overrides);
  for (std::size_t s = 0; s < pack.schemes.size(); ++s)
    if (settled[s] == 0) {
      trial.comparison.schemes[s] = std::move(whole.schemes[s]);
      trial.comparison.schemes[s].touched.clear();
    }
  trial.comparison.rosters = std::move(whole.rosters);
  trial.comparison.figures = std::move(whole.figures);
  trial.comparison.refusals = std::move(whole.refusals);
  return trial;
}

const SchemeColumns* Resident::columns_with(std::size_t scheme, const std::vector<Override>& overrides,
                                            SchemeColumns& out) const {
  std::optional<pack::Pack> changed_pack;
  std::optional<plan::Plan> plan;
  return kept_->columns_with(scheme, overrides, changed_pack, plan, out);
}

Resident::Correction Resident::correct(const Override& correction) const {
  Correction out{.may_touch = dependents(kept_->pack, {correction}), .comparison = {}};
  if (auto comparison = kept_->by_insertion(out.may_touch, correction)) {
    out.comparison = std::move(*comparison);
    return out;
  }
  out.whole_run = true;
  const std::lock_guard<std::mutex> hold(kept_->one_at_a_time);
  out.comparison = kept_->whole().compare_with({correction});
  return out;
}

std::vector<std::vector<Decimal>> Resident::sums_by_grade(std::size_t scheme,
                                                          const SchemeColumns& columns) const {
  return kept_->schemes[scheme]->sums_by_grade(columns);
}

std::vector<PriceSums> Resident::prices(std::size_t scheme, const SchemeColumns& columns,
                                        const std::vector<Override>& overrides) const {
  const SchemeBase& base = *kept_->schemes[scheme];
  return base.prices(columns, base.rates(overrides));
}

std::size_t Resident::bytes() const {
  std::size_t sum = kept_->variants.bytes();
  for (std::size_t s = 0; s < kept_->schemes.size(); ++s) {
    if (kept_->schemes[s] == nullptr) continue;
    sum += kept_->schemes[s]->bytes();
    const SchemeColumns& base = *kept_->variants.base(s);
    sum += base.rows.capacity() * (4 + 1 + 8 + 4 + 4 + 1 + 1);
  }
  return sum;
}

}  // namespace tenglong::simulate
