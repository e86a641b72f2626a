#include "engine/simulate/robust.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

namespace tenglong::simulate {

using result::Standing;
using run::SchemeColumns;

namespace {

class Random {  // splitmix64
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  // Uniform in [0, bound): the high half of a product, so that no remainder is favoured by more than 2^-64 *
  // bound.
  std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>(static_cast<unsigned __int128>(next()) * bound >> 64);
  }

 private:
  std::uint64_t state_;
};

// `parts` scaled to add up to `sum`, in whole units; what rounding leaves goes to the largest remainders, the
// first of equals.
std::vector<std::int64_t> scaled_to(const std::vector<std::int64_t>& parts, std::int64_t sum) {
  __int128 all = 0;
  for (const std::int64_t each : parts) all += each;
  std::vector<std::int64_t> out(parts.size(), 0);
  if (all == 0) return out;
  std::vector<std::pair<std::int64_t, std::size_t>> remainders;
  std::int64_t left = sum;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const __int128 product = static_cast<__int128>(parts[i]) * sum;
    out[i] = static_cast<std::int64_t>(product / all);
    left -= out[i];
    remainders.emplace_back(-static_cast<std::int64_t>(product % all), i);
  }
  std::stable_sort(remainders.begin(), remainders.end());
  for (std::size_t i = 0; left > 0 && i < remainders.size(); ++i, --left) ++out[remainders[i].second];
  return out;
}

constexpr std::int64_t kFine = 1'000'000;  // parts of a weight that a draw tells apart

std::int64_t sum_of(const std::vector<std::int64_t>& values) {
  std::int64_t sum = 0;
  for (const std::int64_t each : values) sum += each;
  return sum;
}

// One vector before it is brought to the sum.
std::vector<std::int64_t> draw(const RandomWeights& drawn, const std::vector<std::int64_t>& weights,
                               Random& random) {
  std::vector<std::int64_t> parts;
  if (drawn.within) {
    // Within percent of each: parts of a million.
    const std::int64_t reach = (*drawn.within * Decimal(kFine / 100)).floor().to_integer().value_or(0);
    for (const std::int64_t weight : weights) {
      const auto offset =
          static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(2 * reach + 1))) - reach;
      parts.push_back(static_cast<std::int64_t>(static_cast<__int128>(weight) * (kFine + offset)));
    }
    return parts;
  }
  // Dirichlet with whole parameters: the gaps between sorted uniform numbers, so many together as the
  // parameter says.
  const std::vector<std::int64_t> points = scaled_to(weights, *drawn.concentration);
  std::vector<std::uint64_t> marks(static_cast<std::size_t>(*drawn.concentration) - 1);
  for (std::uint64_t& each : marks) each = random.next() >> 20;
  std::sort(marks.begin(), marks.end());
  marks.push_back(std::uint64_t{1} << 44);
  std::uint64_t before = 0;
  std::size_t at = 0;
  for (const std::int64_t point : points) {
    at += static_cast<std::size_t>(point);
    const std::uint64_t mark = at == 0 ? 0 : marks[at - 1];
    parts.push_back(static_cast<std::int64_t>(mark - before));
    before = mark;
  }
  return parts;
}

Decimal quotient(__int128 sum, std::int64_t count, int factor) {
  if (count == 0) return 0;
  const auto value = divide(Decimal::scaled(sum * factor, 0), Decimal(count));
  return value ? value->rounded(4, quantity::RoundingMode::HalfUp) : Decimal(0);
}

struct Moves {
  __int128 rank_change = 0;
  std::int64_t movers = 0, looked = 0;
};

// Records that are rated before and after, of which rank and grade are compared; one that falls out moves.
void add_moves(const SchemeColumns& base, const SchemeColumns& after, const std::vector<std::uint32_t>& rated,
               Moves& moves) {
  for (const std::uint32_t i : rated) {
    ++moves.looked;
    const bool stays = after.standing[i] == Standing::Rated;
    moves.movers += !stays || after.grade[i] != base.grade[i] ? 1 : 0;
    if (stays) moves.rank_change += std::abs(after.rank[i] - base.rank[i]);
  }
}

// Works `count` pieces by several threads; every piece must add only whole numbers.
template <typename Make, typename Work, typename Join>
void in_threads(std::size_t count, int threads, Make make, Work work, Join join) {
  std::atomic<std::size_t> next{0};
  std::mutex joining;
  std::exception_ptr failed;
  const auto run = [&] {
    try {
      auto own = make();
      for (std::size_t at = next++; at < count; at = next++) work(at, own);
      const std::lock_guard<std::mutex> hold(joining);
      join(own);
    } catch (...) {
      const std::lock_guard<std::mutex> hold(joining);
      failed = std::current_exception();
      next = count;
    }
  };
  std::vector<std::thread> others;
  for (int t = 1; t < threads; ++t) others.emplace_back(run);
  run();
  for (std::thread& each : others) each.join();
  if (failed) std::rethrow_exception(failed);
}

std::optional<Decimal> weight_of(const pack::SchemeItem& item) {
  if (!item.weight.present() || item.weight.tree->kind != feel::NodeKind::Literal) return std::nullopt;
  const feel::Value& value = item.weight.tree->value;
  return value.kind() == feel::Kind::Number ? std::optional(value.number()) : std::nullopt;
}

std::vector<Override> overrides_of(const pack::Scheme& scheme, const std::vector<std::int64_t>& units,
                                   Decimal step) {
  std::vector<Override> out;
  for (std::size_t i = 0; i < units.size(); ++i)
    out.push_back({.kind = Override::Kind::Weight,
                   .block = scheme.name,
                   .index = i,
                   .value = feel::Value(step * Decimal(units[i]))});
  return out;
}

}  // namespace

std::optional<Decimal> declared(const pack::Pack& pack, std::string_view id, const calendar::Period& period) {
  const pack::Parameter* parameter = pack.parameter(id);
  if (parameter == nullptr || !parameter->keys.empty()) return std::nullopt;
  const pack::ParameterRow* row = pack::lookup(*parameter, {}, period.to);
  if (row == nullptr || !row->value || row->value->kind() != feel::Kind::Number) return std::nullopt;
  return row->value->number();
}

std::vector<std::vector<std::int64_t>> random_weights(const RandomWeights& drawn,
                                                      const std::vector<std::int64_t>& weights,
                                                      std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::vector<std::int64_t>> out;
  for (std::size_t v = 0; v < count; ++v)
    out.push_back(scaled_to(draw(drawn, weights, random), sum_of(weights)));
  return out;
}

RobustnessRead robustness(const Resident& resident, std::size_t scheme_at, std::size_t vectors,
                          std::uint64_t seed, int threads) {
  RobustnessRead read;
  const pack::Scheme& scheme = resident.pack().schemes[scheme_at];
  const auto add = [&](text::Words message, text::Words advice) {
    read.diagnostics.push_back(
        {.code = "E-SIMULATE-109", .message = std::move(message), .advice = std::move(advice)});
  };
  const calendar::Period& period = resident.options().period;
  const auto value = [&](std::string_view id) { return declared(resident.pack(), id, period); };
  RandomWeights drawn;
  drawn.within = value(kWithin);
  const auto points = value(kConcentration);
  drawn.concentration = points ? points->to_integer() : std::nullopt;
  drawn.step = value(kStep).value_or(Decimal(0));
  const bool around = drawn.within && Decimal(0) < *drawn.within && *drawn.within <= Decimal(100);
  const bool dirichlet = drawn.concentration && *drawn.concentration >= 2 && *drawn.concentration <= 10'000;
  if (drawn.step <= Decimal(0) || around == dirichlet || (drawn.within && points))
    add({"政策包没有声明随机权重怎样取，或声明的值不能用，“" + scheme.name + "”的稳健性无从算起。",
         "The pack does not declare how random weights are drawn for \"" + scheme.name +
             "\", or not in a usable way."},
        {"在政策包写 yaml parameter：random_weights_within（百分之几，大于 0、不大于 100）或 "
         "random_weights_concentration（2 到 10000 的整数）两者之一，以及 random_weights_step（大于 0）。",
         "Declare parameters random_weights_within (a percentage above 0, at most 100) or "
         "random_weights_concentration "
         "(a whole number from 2 to 10000), one of the two, and random_weights_step (above 0)."});
  const SchemeColumns* base = resident.base(scheme_at);
  if (base == nullptr)
    add({"“" + scheme.name + "”缺值没有运行，或有条目只能逐家解释，不能成批试权重。",
         "\"" + scheme.name + "\" did not run, or runs by the interpreter alone."},
        {"用 tenglong inspect plan 看原因。", "See why with tenglong inspect plan."});
  std::vector<Decimal> weights;
  for (const pack::SchemeItem& item : scheme.items) {
    const auto weight = weight_of(item);
    if (!weight || weight->is_negative())
      add({"“" + item.indicator + "”的权重不是写定的数，不能随机取。",
           "The weight of \"" + item.indicator + "\" is no written number."},
          {"把权重写成不小于 0 的数。", "Write the weight as a number of at least 0."});
    else
      weights.push_back(*weight);
  }
  if (vectors == 0 || vectors > kMostVectors)
    add({"随机权重的组数要在 1 到 " + std::to_string(kMostVectors) + " 之间。",
         "The number of weight vectors is between 1 and " + std::to_string(kMostVectors) + "."},
        {"例如 --robust 10000。", "For example --robust 10000."});
  if (!read.diagnostics.empty()) return read;
  std::vector<std::int64_t> units;
  for (const Decimal weight : weights) {
    const auto in_steps = divide(weight, drawn.step);
    units.push_back(in_steps ? in_steps->rounded(0, quantity::RoundingMode::HalfUp).to_integer().value_or(0)
                             : 0);
  }
  if (sum_of(units) <= 0) {
    add({"权重合计为 0，没有可随机的权重。", "The weights add up to 0."},
        {"先给权重。", "Give weights first."});
    return read;
  }

  Robustness& out = read.robustness.emplace();
  out.scheme = scheme.name;
  out.vectors = vectors;
  out.vectors_each = std::min(vectors, std::max<std::size_t>(100, vectors / 10));
  out.places = base->grades;
  out.places.emplace_back("无档");
  for (std::size_t i = 0; i < base->rows.size(); ++i)
    if (base->standing[i] == Standing::Rated) out.rows.push_back(static_cast<std::uint32_t>(i));
  const std::size_t places = out.places.size();
  out.times.assign(out.rows.size() * places, 0);

  const auto all = random_weights(drawn, units, vectors, seed);
  struct Own {
    SchemeColumns columns;
    std::vector<std::uint32_t> times;
    std::vector<Moves> moves;
  };
  const std::size_t items = units.size();
  std::vector<Moves> moves(items + 1);
  const auto columns_of = [&](const std::vector<std::int64_t>& vector, Own& own) -> const SchemeColumns& {
    const SchemeColumns* columns =
        resident.columns_with(scheme_at, overrides_of(scheme, vector, drawn.step), own.columns);
    // A scheme that runs as columns runs so under any weights.
    return columns == nullptr ? *base : *columns;
  };
  in_threads(
      vectors + items * out.vectors_each, threads,
      [&] {
        return Own{.columns = {},
                   .times = std::vector<std::uint32_t>(out.times.size(), 0),
                   .moves = std::vector<Moves>(items + 1)};
      },
      [&](std::size_t at, Own& own) {
        if (at < vectors) {
          const SchemeColumns& columns = columns_of(all[at], own);
          for (std::size_t r = 0; r < out.rows.size(); ++r) {
            const std::uint32_t i = out.rows[r];
            const bool graded = columns.standing[i] == Standing::Rated && columns.grade[i] >= 0;
            ++own.times[r * places + (graded ? static_cast<std::size_t>(columns.grade[i]) : places - 1)];
          }
          add_moves(*base, columns, out.rows, own.moves[items]);
          return;
        }
        const std::size_t item = (at - vectors) / out.vectors_each, v = (at - vectors) % out.vectors_each;
        // That weight as drawn; what is left of the sum in the rule's proportions.
        std::vector<std::int64_t> others = units;
        others[item] = 0;
        std::vector<std::int64_t> vector = scaled_to(others, sum_of(units) - all[v][item]);
        vector[item] = all[v][item];
        add_moves(*base, columns_of(vector, own), out.rows, own.moves[item]);
      },
      [&](const Own& own) {
        for (std::size_t t = 0; t < out.times.size(); ++t) out.times[t] += own.times[t];
        for (std::size_t m = 0; m < moves.size(); ++m) {
          moves[m].rank_change += own.moves[m].rank_change;
          moves[m].movers += own.moves[m].movers;
          moves[m].looked += own.moves[m].looked;
        }
      });
  const auto change = [&](const Moves& each) { return quotient(each.rank_change, each.looked, 1); };
  const auto share = [&](const Moves& each) { return quotient(each.movers, each.looked, 100); };
  out.mean_rank_change = change(moves[items]);
  out.share_of_movers = share(moves[items]);
  for (std::size_t i = 0; i < items; ++i)
    out.influences.push_back({scheme.items[i].indicator, weights[i], change(moves[i]), share(moves[i])});
  for (std::uint32_t& each : out.rows) each = base->rows[each];
  return read;
}

std::vector<NearLine> near_lines(const Resident& resident, std::size_t scheme_at, Decimal margin) {
  std::vector<NearLine> out;
  const SchemeColumns* base = resident.base(scheme_at);
  if (base == nullptr) return out;
  const pack::Scheme& scheme = resident.pack().schemes[scheme_at];
  const std::size_t n = base->rows.size();
  const auto near = [&](NearLine& line, std::int32_t group) {
    for (std::size_t i = 0; i < n; ++i) {
      if (base->standing[i] != Standing::Rated || (group >= 0 && base->group[i] != group)) continue;
      const Decimal total = Decimal::scaled(base->total[i], -base->places);
      if (margin < (total - line.line).abs()) continue;
      (line.line <= total ? line.above : line.below).push_back(base->rows[i]);
    }
    if (!line.above.empty() || !line.below.empty()) out.push_back(line);
  };
  if (!scheme.cuts.empty() && !scheme.cuts.front().percent) {
    for (const pack::Cut& cut : scheme.cuts) {
      if (cut.score_test == nullptr || cut.score_test->kind != feel::NodeKind::TestCompare) continue;
      const feel::Node& end = *cut.score_test->children.at(0);
      if (end.kind != feel::NodeKind::Literal || end.value.kind() != feel::Kind::Number) continue;
      NearLine line{.grade = cut.grade, .group = -1, .line = end.value.number()};
      near(line, -1);
    }
    return out;
  }
  // By rank: the line lies at the total of the last that the cut holds today, before veto and protection.
  for (std::size_t g = 0; g < base->groups.size(); ++g) {
    std::map<std::int8_t, std::int64_t> last;
    for (std::size_t i = 0; i < n; ++i) {
      if (base->standing[i] != Standing::Rated || base->group[i] != static_cast<std::int32_t>(g)) continue;
      const auto [known, is_new] = last.try_emplace(base->raw_grade[i], base->total[i]);
      if (!is_new) known->second = std::min(known->second, base->total[i]);
    }
    // The lowest cut has nobody behind it.
    std::int8_t lowest = -1;
    for (const auto& [grade, total] : last)
      if (lowest < 0 || total < last[lowest]) lowest = grade;
    for (const auto& [grade, total] : last) {
      if (grade < 0 || grade == lowest) continue;
      NearLine line{.grade = base->grades[static_cast<std::size_t>(grade)],
                    .group = static_cast<std::int32_t>(g),
                    .line = Decimal::scaled(total, -base->places)};
      near(line, static_cast<std::int32_t>(g));
    }
  }
  return out;
}

std::vector<PointMove> point_moves(const Resident& resident, std::size_t scheme_at) {
  std::vector<PointMove> out;
  const SchemeColumns* base = resident.base(scheme_at);
  if (base == nullptr) return out;
  const pack::Scheme& scheme = resident.pack().schemes[scheme_at];
  SchemeColumns columns;
  for (std::size_t i = 0; i < scheme.items.size(); ++i) {
    const auto weight = weight_of(scheme.items[i]);
    if (!weight) continue;
    for (const int points : {1, -1}) {
      const Decimal moved = *weight + Decimal(points);
      if (moved.is_negative()) continue;
      const SchemeColumns* after = resident.columns_with(
          scheme_at,
          {{.kind = Override::Kind::Weight, .block = scheme.name, .index = i, .value = feel::Value(moved)}},
          columns);
      if (after == nullptr) continue;
      PointMove& move = out.emplace_back();
      move.indicator = scheme.items[i].indicator;
      move.points = points;
      const schema::Codes* codes = resident.pack().schema.find_codes(scheme.codes);
      const int sign = codes != nullptr && codes->order == schema::CodeOrder::WorstFirst ? -1 : 1;
      for (std::size_t r = 0; r < base->rows.size(); ++r) {
        if (base->standing[r] != Standing::Rated || after->standing[r] != Standing::Rated) continue;
        if (base->grade[r] == after->grade[r]) continue;
        ++move.movers;
        const bool better = sign * after->grade[r] < sign * base->grade[r] && after->grade[r] >= 0;
        (better ? move.up : move.down) += 1;
      }
    }
  }
  return out;
}

}  // namespace tenglong::simulate
