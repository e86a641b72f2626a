// 待补参数: a value that nobody published is proposed by one and approved by another; then it stands in an
// overlay of the pack.
//
// In:    a pack, the fills so far, who does what and when. Out: the gaps; the next fill to keep, or every
//        reason against it; the text of the overlay.
// Order: gaps as the pack declares them, fills as they were proposed.
// Never: judges a value: whoever reads packs does, from the overlay; fills what is published; reads a clock.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/diagnostic/diagnostic.h"
#include "engine/pack/pack.h"

namespace tenglong::gap {

// Which row of a parameter: the cells of its key columns as FEEL literals, then 生效.
using Row = std::vector<std::pair<std::string, std::string>>;

struct Open {
  std::string id;  // the same for as long as the gap is one: 12 hex digits
  pack::Gap gap;
  Row row = {};
  std::string sample = {}, mark = {};  // the sample that stands in its place, and the mark that results carry
};
// What is not published, though a sample may stand in its place.
std::vector<Open> open_gaps(pack::Pack pack);

enum class Stage { Proposed, Filled, Rejected };
const char* to_text(Stage stage);  // proposed

struct Fill {
  std::string gap = {};        // id
  std::string parameter = {};  // name
  std::string words = {};      // which row: 范围 "园区外"，年度 2021
  Row row = {};
  std::string value = {};      // as it was entered
  std::string document = {};   // the number of the document that says so
  std::string effective = {};  // from when: 2024-01-01
  std::string note = {};
  Stage stage = Stage::Proposed;
  std::string proposed_by = {}, proposed_at = {};
  std::string decided_by = {}, decided_at = {}, reason = {};
};

// What is kept of the fills, one line each; reads what it writes.
std::string to_text(const std::vector<Fill>& fills);
std::vector<Fill> fills_of(std::string_view text);

struct Entered {
  std::string value, document, effective, note;
};
struct Act {
  std::string by, at;
};
struct Decision {
  std::vector<Fill> fills = {};  // all of them, with what was done
  diagnostic::Diagnostics refused_because = {};
  bool is_granted() const { return refused_because.empty(); }
};
// E-GAP-101 no such gap is open, 102 one is waiting already, 103 to 105 what was entered is not whole.
Decision propose(const std::vector<Open>& open, std::vector<Fill> fills, std::string_view gap,
                 const Entered& entered, const Act& act);
// E-GAP-106 nothing waits, 107 by the one who proposed it, 108 a rejection without its reason.
Decision decide(std::vector<Fill> fills, std::string_view gap, Stage to, const std::string& reason,
                const Act& act);

// The overlay that holds what is filled of these gaps, and what is proposed for `with` if that is given.
// Empty if there is nothing to hold. `open`: the gaps of the pack without it, so that what a later pack
// publishes itself is left to the pack.
std::string overlay_of(const std::string& pack_id, const std::vector<Open>& open,
                       const std::vector<Fill>& fills, std::string_view with = {});

// By which word the store keeps the fills; the overlay is made from them again, as FOLDER/filled/pack.md.
inline constexpr const char* kSetting = "gaps";
inline constexpr const char* kOverlayFolder = "filled";
void keep_overlay(const std::string& folder, const std::string& text);  // removes it if empty
// Where the overlay of this pack lies in a folder of data; "" if there is none.
std::string overlay_in(const std::string& folder, const std::string& pack_id);

}  // namespace tenglong::gap
