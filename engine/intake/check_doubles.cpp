#include <algorithm>

#include "engine/intake/inside/check_group.h"

namespace tenglong::intake {

namespace {

using Fate = KeptRow::Fate;

// "实缴税收（98 与 97）、规上（是 与 未填）"; empty if they say the same.
std::string difference(const schema::Register& target, const std::vector<KeptValue>& a,
                       const std::vector<KeptValue>& b) {
  std::string out;
  for (std::size_t f = 0; f < target.fields.size(); ++f) {
    const auto of_f = [&](const KeptValue& value) { return value.field == static_cast<int>(f); };
    const auto in_a = std::find_if(a.begin(), a.end(), of_f), in_b = std::find_if(b.begin(), b.end(), of_f);
    const bool same = in_a == a.end() ? in_b == b.end() : in_b != b.end() && same_value(*in_a, *in_b);
    if (same) continue;
    const std::string word_a = in_a == a.end() ? "未填" : shown(*in_a),
                      word_b = in_b == b.end() ? "未填" : shown(*in_b);
    out += (out.empty() ? "" : "、") + target.fields[f].name + "（" + word_a + " 与 " + word_b + "）";
  }
  return out;
}

class Doubles {
 public:
  Doubles(Group& group, Findings& findings) : group_(group), findings_(findings) {}

  void settle(std::int64_t first_at, const std::vector<std::int64_t>& others) {
    KeptRow& first = row(first_at);
    const std::vector<KeptValue> values = group_.values_of(first);
    std::int64_t differing_at = -1;
    std::string how;
    for (const std::int64_t at : others) {
      how = difference(group_.target(), values, group_.values_of(row(at)));
      if (how.empty()) continue;
      differing_at = at;
      break;
    }
    if (differing_at < 0) return keep_one(first, others);
    refuse(first, row(differing_at), how);
    for (const std::int64_t at : others) {
      const std::string own = difference(group_.target(), values, group_.values_of(row(at)));
      if (own.empty())
        refuse(row(at), row(differing_at), how);
      else
        refuse(row(at), first, own);
    }
  }

 private:
  KeptRow& row(std::int64_t at) { return group_.rows[static_cast<std::size_t>(at)]; }

  std::string where(const KeptRow& other, const KeptRow& reader) const {
    return (other.sheet == reader.sheet ? "" : "“" + group_.sheets[other.sheet].name + "”") + "第 " +
           std::to_string(other.row) + " 行";
  }

  void refuse(KeptRow& one, const KeptRow& other, const std::string& how) {
    one.fate = Fate::Refused;
    findings_.set_sheet(group_.sheets[one.sheet].name);
    findings_.about_row(
        one.row,
        problem("E-INTAKE-302",
                {"与" + where(other, one) + "说的是同一个" + group_.target().name + "，但不一样：" + how,
                 "it speaks of the same record as row " + std::to_string(other.row) + ", and differs"},
                {"查清哪一行对，留下一行；确是两笔的，先合计。",
                 "Find out which is right and keep one; add them up first if both are."}));
  }

  void keep_one(KeptRow& first, const std::vector<std::int64_t>& others) {
    const KeptRow* kept = first.fate == Fate::Accepted ? &first : nullptr;
    for (const std::int64_t at : others) {
      KeptRow& one = row(at);
      if (one.fate != Fate::Accepted) continue;
      if (!kept) {
        kept = &one;
        continue;
      }
      one.fate = Fate::Repeated;
      findings_.set_sheet(group_.sheets[one.sheet].name);
      findings_.about_row(one.row, problem("N-INTAKE-301",
                                           {"与" + where(*kept, one) + "完全相同，只收一次",
                                            "the same as row " + std::to_string(kept->row) + "; taken once"},
                                           {"可以删去其中一行。", "One of them can be deleted."}));
    }
  }

  Group& group_;
  Findings& findings_;
};

}  // namespace

void check_doubles(Group& group, Findings& findings) {
  Doubles doubles(group, findings);
  for (const auto& [first, others] : group.doubles()) doubles.settle(first, others);
}

}  // namespace tenglong::intake
