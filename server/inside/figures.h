// How a result differs from another, as the simulator and the trial of a revision show it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "engine/simulate/compare.h"
#include "engine/simulate/override.h"
#include "engine/text/json_writer.h"
#include "server/district.h"
#include "server/inside/write.h"
#include "server/json.h"
#include "server/routes.h"

namespace tenglong::server {

// How many, in force and with the changes made: "movers", and "grade_" with its letter.
struct KeyCount {
  std::string id = {};
  std::int64_t before = 0, now = 0;
};
inline constexpr const char* kGradeKey = "grade_";
std::vector<KeyCount> key_counts(const pack::Scheme& scheme, const simulate::Comparison& comparison);
void write_key_counts(text::JsonWriter& out, const std::vector<KeyCount>& counts);
Shape key_shape();

// The scheme of this id or name; the first for none. Null: there is none.
const pack::Scheme* scheme_of(const Edition& edition, const std::string& wanted);
// [{what, value}], each mistake at its place below `pointer`.
struct ReadSet {
  std::vector<simulate::Override> overrides = {};
  diagnostic::Diagnostics told = {};
};
ReadSet read_set(const Json& set, const std::string& pointer, const Edition& edition);
Answer refused_set(const diagnostic::Diagnostics& told);
Shape set_value_shape();

std::vector<Member> figures_members();
// Which of those who move the caller may see.
Seen movers_seen(District& district, const Edition& edition, const Caller& caller,
                 const pack::Scheme& scheme);
// Members of an open object; movers as far as they may be seen.
void write_figures(text::JsonWriter& out, const Edition& edition, const pack::Scheme& scheme,
                   const simulate::Comparison& comparison, const Seen& seen);

}  // namespace tenglong::server
