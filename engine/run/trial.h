// Small districts for tests: a policy written as text, records made in memory.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "engine/column/column.h"
#include "engine/pack/pack.h"

namespace tenglong::run::trial {

// splitmix64: the same on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

// The policy as files in a fresh folder below the temporary directory; reading it fails the test with every
// diagnostic.
pack::Pack read_policy(const std::string& text);

// A policy that uses every step: random weights, bases, cuts, groups, floors, caps, decisions, missing rules.
std::string random_policy(Random& random);
// How hostile the numbers are.
// Cancelling: differences of nearly equal large numbers, sums that come to nearly nothing.
enum class Data { Ordinary, OneDigit, OnLines, Extreme, Cancelling };
column::Snapshot random_district(const pack::Pack& pack, Random& random, Data data, std::size_t firms);
std::vector<std::vector<registers::Record>> random_records(const pack::Pack& pack, Random& random, Data data,
                                                           std::size_t firms);

// First line in which two canonical results differ, with what stands around it; "" if they are equal.
std::string first_difference(const std::string& a, const std::string& b);

}  // namespace tenglong::run::trial
