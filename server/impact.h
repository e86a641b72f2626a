// What a corrected value moves, before it is applied: the impact list of a 更正单.
//
// In:    the registers, the view of the locked year, the cell and its new value. Out: a line for each grade,
// list, indicator and target that differs, in the year itself and in the next, which reads it as 上期.
// Cost:  one evaluation of each year where a single cell differs, else two. Never: writes.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "campaign/collection/collection.h"
#include "engine/text/json_writer.h"
#include "server/shape.h"

namespace tenglong::server {

// One thing that moves, by name; empty: it has none.
struct ImpactLine {
  // grade, scheme_ran, scheme_stopped, touched, roster, indicator, target, nothing; text: kept in words alone
  std::string kind = {};
  std::string period = {};
  std::string block = {}, block_name = {};  // scheme, roster, indicator or target
  std::string key = {}, name = {};          // of the record
  std::string of = {}, of_name = {};        // a part of the district: 330902100, 金塘镇
  std::string from = {}, to = {};           // grade, place on the list, figure
  std::string score_from = {}, score_to = {};
  std::string unit = {};
  std::int64_t count = 0;  // touched: how many
  std::string text = {};
};
text::Words in_words(const ImpactLine& line);
void write_impact(text::JsonWriter& out, const std::vector<std::string>& kept);
Shape impact_shape();
// As a correction keeps them.
std::string encode(const ImpactLine& line);
ImpactLine decode_impact(const std::string& kept);

std::vector<ImpactLine> impact_of(const pack::Pack& pack, const registers::RegisterStore& store,
                                  const collection::Correction& wished, const registers::View& view,
                                  const std::string& now);
std::vector<std::string> encoded(const std::vector<ImpactLine>& lines);

// The cell as a view shows it; nothing if there is no such record.
std::optional<registers::Resolved> cell_of(const registers::RegisterStore& store,
                                           const schema::Register& target, const std::string& key,
                                           const std::optional<calendar::Period>& period, int field,
                                           const registers::View& view);

}  // namespace tenglong::server
