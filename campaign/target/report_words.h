// What 通报 says in words, once: for the page, its print and the document.
//
// In:    judged lines, counts, what the paper is bound to. Out: heads and sentences in the two languages.
// Never: a figure that is not a count or an exact text handed in.
#pragma once
#include "campaign/target/report.h"
#include "engine/text/text.h"

namespace tenglong::target {

const text::Words& word_of(Lamp lamp);

// 截至……，几项已达到、落后、到期未达到、没有数、是界线。
text::Words sentence_of(const Tally& tally, calendar::Date on);

// What a 通报 is bound to; fingerprints whole.
struct ReportBasis {
  std::string plan = {}, document = {}, on = {}, snapshot = {}, rules = {};
  std::int64_t change = 0;
};
struct ReportWords {
  text::Words title, basis, foot;
  text::Words whole, lagging, units, silent;  // heads of its sections
  text::Words none_lags, no_lead;             // said instead of an empty section, of no unit
  text::Words chapter, all;                   // heads of the columns of the first table
  text::Words lamp, name, now, goal, unit, short_of, pace, lead, clause;  // and of the second
};
ReportWords report_words(const Report& report, const ReportBasis& basis);

// 牵头几项，落后几项：哪项差多少。
text::Words sentence_of(const Group& lead, const std::vector<Line>& lines);

}  // namespace tenglong::target
