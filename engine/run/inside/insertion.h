// Ranks of a scheme after few of its records were stated anew, from the order before.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/run/execution.h"

namespace tenglong::run {

// By group, then falling total, then row.
bool stands_before(const SchemeColumns& columns, std::size_t a, std::size_t b);
// `before`: the rated of the base in that order. `out`: totals and groups as they now are.
void rank_by_insertion(const std::vector<std::uint32_t>& before, std::vector<std::size_t> replaced,
                       pack::Ties ties, SchemeColumns& out);

}  // namespace tenglong::run
