// How a result differs from another, as the simulator and the trial of a revision show it.
#pragma once
#include <vector>

#include "engine/simulate/compare.h"
#include "engine/text/json_writer.h"
#include "server/district.h"
#include "server/routes.h"

namespace tenglong::server {

std::vector<Member> figures_members();
// Members of an open object; movers as far as the caller may see them.
void write_figures(text::JsonWriter& out, const Edition& edition, const pack::Scheme& scheme,
                   const simulate::Comparison& comparison, const Caller& caller);

}  // namespace tenglong::server
