// Cuts, veto and protection.
#include <algorithm>

#include "engine/run/inside/judge.h"

namespace tenglong::run {

bool cuts_by_score(const pack::Scheme& scheme) {
  return !scheme.cuts.empty() && scheme.cuts.front().score_test != nullptr;
}

int cut_by_rank(const pack::Scheme& scheme, std::int64_t rank, std::int64_t size) {
  for (std::size_t i = 0; i < scheme.cuts.size(); ++i) {
    // rank * 100 <= percent * size, in decimals: percent may be 66.7.
    if (!scheme.cuts[i].percent) continue;
    const auto allowed = multiply(*scheme.cuts[i].percent, Decimal(size));
    if (allowed && Decimal(rank * 100) <= *allowed) return static_cast<int>(i);
  }
  return -1;
}

int cut_by_score(const RecordMeaning& record, const pack::Scheme& scheme, Decimal total) {
  for (std::size_t i = 0; i < scheme.cuts.size(); ++i)
    if (scheme.cuts[i].score_test != nullptr &&
        record.test(scheme.cuts[i].score_test, Value(total)).is_true())
      return static_cast<int>(i);
  return -1;
}

std::string final_grade(const schema::Codes* codes, const std::string& raw, const std::string& veto,
                        const std::string& protect) {
  const auto badness = [&](const std::string& grade) {
    const int position = codes == nullptr ? -1 : codes->position(grade);
    return position < 0 || codes->order != schema::CodeOrder::WorstFirst ? position : -position;
  };
  const auto known = [&](const std::string& grade) {
    return codes != nullptr && codes->position(grade) >= 0;
  };
  if (!known(raw)) return raw;
  if (!veto.empty()) return known(veto) && badness(raw) < badness(veto) ? veto : raw;
  if (!protect.empty()) return known(protect) && badness(raw) > badness(protect) ? protect : raw;
  return raw;
}

std::vector<std::string> grades_of(const pack::Pack& pack, const pack::Scheme& scheme) {
  std::vector<std::string> grades;
  if (const schema::Codes* codes = pack.schema.find_codes(scheme.codes)) {
    for (const schema::CodeEntry& entry : codes->entries) grades.push_back(entry.code);
  }
  for (const pack::Cut& cut : scheme.cuts)
    if (std::find(grades.begin(), grades.end(), cut.grade) == grades.end()) grades.push_back(cut.grade);
  return grades;
}

}  // namespace tenglong::run
