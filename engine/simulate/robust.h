// 稳健性: does a grade rest on the exact weights?
//
// In:    a resident base, a scheme, how many weight vectors, a seed. Out: for each record how often it gets
// each
//        grade; for each indicator how far ranks and grades move when its weight alone does.
// Drawn: as parameters of the pack declare (ids below): around, each weight by up to a percentage of itself,
// uniformly;
//        or Dirichlet, shares whose mean are the rule's weights, from so many points in all, by the gaps of
//        sorted uniform numbers. Both are brought back to the rule's sum, in whole units of a step. Whole
//        numbers and splitmix64 throughout: one seed gives one set of vectors on any machine, with any number
//        of threads.
// Influence of an indicator: its weight alone is drawn as above, the others keep their proportions; over
// these
//        vectors and the rated records, the mean of |rank - rank of the base|, and the share whose grade
//        differs.
// Never: a probability: the shares say how the rule behaves, not what is likely.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diagnostic/diagnostic.h"
#include "engine/simulate/resident.h"

namespace tenglong::simulate {

// Parameters of one value that a pack declares. One of the first two, and the step; the last for
// near_lines().
inline constexpr std::string_view kWithin = "random_weights_within";  // %, above 0 and at most 100
inline constexpr std::string_view kConcentration =
    "random_weights_concentration";  // a whole number from 2 to 10000
inline constexpr std::string_view kStep = "random_weights_step";
inline constexpr std::string_view kNear = "near_a_line";  // points of total

struct RandomWeights {
  std::optional<Decimal> within = {};              // around
  std::optional<std::int64_t> concentration = {};  // Dirichlet
  Decimal step = {};
};
// The value of a parameter on the last day of the run; nullopt: not declared, or not published.
std::optional<Decimal> declared(const pack::Pack& pack, std::string_view id, const calendar::Period& period);

inline constexpr std::size_t kMostVectors = 100'000;

struct Influence {
  std::string indicator;
  Decimal weight = {};
  Decimal mean_rank_change = {};  // 4 places
  Decimal share_of_movers = {};   // percent, 4 places
};

struct Robustness {
  std::string scheme;
  std::size_t vectors = 0, vectors_each = 0;  // of all weights; of each weight alone
  std::vector<std::string> places = {};       // grades as SchemeColumns::grades, then 无档
  std::vector<std::uint32_t> rows = {};       // the rated of the base, by key
  std::vector<std::uint32_t> times = {};      // [row][place]
  Decimal mean_rank_change = {}, share_of_movers = {};
  std::vector<Influence> influences = {};  // as the scheme's items
  std::uint32_t times_of(std::size_t row, std::size_t place) const {
    return times[row * places.size() + place];
  }
};

struct RobustnessRead {
  std::optional<Robustness> robustness = {};
  diagnostic::Diagnostics diagnostics = {};
};
RobustnessRead robustness(const Resident& resident, std::size_t scheme, std::size_t vectors,
                          std::uint64_t seed, int threads);

// The vectors themselves, in whole steps: [vector][item]. What the two ways mean, for tests.
std::vector<std::vector<std::int64_t>> random_weights(const RandomWeights& drawn,
                                                      const std::vector<std::int64_t>& weights,
                                                      std::size_t count, std::uint64_t seed);

// J2: who stands close to a line, and what one percentage point of one weight does.
struct NearLine {
  std::string grade;  // of the cut
  std::int32_t group = 0;
  Decimal line = {};                                  // the total at which the cut lies today
  std::vector<std::uint32_t> above = {}, below = {};  // rows within `margin` of it
};
std::vector<NearLine> near_lines(const Resident& resident, std::size_t scheme, Decimal margin);

struct PointMove {
  std::string indicator;
  int points = 1;  // +1 or -1; the other weights stay
  std::int64_t movers = 0, up = 0, down = 0;
};
std::vector<PointMove> point_moves(const Resident& resident, std::size_t scheme);

}  // namespace tenglong::simulate
