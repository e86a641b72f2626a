// How a result differs from another, as the simulator and the trial of a revision show it.
#pragma once
#include <optional>
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

// What a what-if comes to at a glance, in force and with the changes made: "movers", "grade_" with its
// letter, "price_" with its place in `yaml simulation`, "held_" with that of a measure: what the firms of the
// worst grade hold of it, their land, their staff.
struct KeyFigure {
  struct Side {
    std::optional<quantity::Decimal> value = {};  // absent: a rate is not published
    std::string clause = {};
    text::Words lacks = {};  // which, where it is absent
  };
  std::string id = {};
  text::Words label = {};
  std::string unit = {};
  Side before = {}, now = {};
};
std::vector<KeyFigure> key_figures(const Edition& edition, const pack::Scheme& scheme,
                                   const simulate::Comparison& comparison);
void write_key_figures(text::JsonWriter& out, const std::vector<KeyFigure>& figures);
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
