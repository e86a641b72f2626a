// The index finds what looking at every enterprise would find, and nothing depends on their order.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "engine/identity/identity.h"
#include "engine/schema/credit_code.h"

namespace tenglong::identity {
namespace {

NameRules rules() {
  NameRules out{.places = {"定海", "舟山"}, .endings = {"厂", "有限公司"}, .least = 1, .most = 1000};
  out.scores = {90, 85, 75, 60, 65, 95, 90, 85, 85, 20};
  return out;
}

std::string some_name() {
  static const std::vector<std::string> kParts = {"海",   "龙",   "𠮷", "机",       "械",
                                                  "定海", "舟山", "厂", "有限公司", "（定海）"};
  std::string out;
  for (int i = *rc::gen::inRange(1, 6); i > 0; --i) out += *rc::gen::elementOf(kParts);
  return out;
}
std::vector<Index::Enterprise> some_enterprises() {
  std::vector<Index::Enterprise> out;
  const int count = *rc::gen::inRange(0, 30);
  for (int i = 0; i < count; ++i)
    out.push_back(
        {schema::credit_code_from(static_cast<std::uint64_t>(i + 1), "330902"), some_name(), {}, {}});
  return out;
}

// Optimal string alignment, the long way.
std::size_t distance(const std::u32string& a, const std::u32string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] =
          std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

const Date kDay{2023, 6, 1};

RC_GTEST_PROP(IdentityLaws, EveryNameOneCharacterOffIsFound, ()) {
  const std::vector<Index::Enterprise> all = some_enterprises();
  const std::string asked = some_name();
  const Answer answer = Index(all, rules(), {}, {}).ask({.name = asked}, kDay);
  const std::u32string core = core_of(asked, rules());
  for (const Index::Enterprise& each : all) {
    const std::size_t apart = distance(core, core_of(each.name, rules()));
    const auto found = std::find_if(answer.candidates.begin(), answer.candidates.end(),
                                    [&](const Candidate& c) { return c.code == each.code; });
    if (apart == 0 || (apart == 1 && core.size() > 1)) RC_ASSERT(found != answer.candidates.end());
    if (found == answer.candidates.end()) continue;
    const Likeness kind = found->grounds.at(0).kind;
    RC_ASSERT((kind == Likeness::SameCore || kind == Likeness::SameName) == (apart == 0));
    if (kind == Likeness::OneCharacter) RC_ASSERT(apart == 1u);
  }
}

RC_GTEST_PROP(IdentityLaws, TheOrderOfTheRegisterChangesNothing, ()) {
  std::vector<Index::Enterprise> all = some_enterprises();
  const std::string asked = some_name();
  const auto told = [&] {
    std::string out;
    for (const Candidate& each : Index(all, rules(), {}, {}).ask({.name = asked}, kDay).candidates)
      out += explain(each).zh + "\n";
    return out;
  };
  const std::string before = told();
  std::reverse(all.begin(), all.end());
  RC_ASSERT(told() == before);
}

// One slip of the pen in a code finds its enterprise.
RC_GTEST_PROP(IdentityLaws, ACodeWithOneSlipIsFound, ()) {
  std::vector<Index::Enterprise> all = some_enterprises();
  RC_PRE(!all.empty());
  const std::string code = all[*rc::gen::inRange<std::size_t>(0, all.size())].code;
  std::string wrong = code;
  const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, 17));
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      std::swap(wrong[at], wrong[at + 1]);
      break;
    case 1:
      wrong[at] = schema::kCreditCodeAlphabet[static_cast<std::size_t>(*rc::gen::inRange(0, 31))];
      break;
    case 2:
      wrong.erase(at, 1);
      break;
    default:
      wrong.insert(at, 1, '8');
  }
  const Index index(all, rules(), {}, {});
  const bool is_known = index.find(wrong) != nullptr;
  RC_PRE(!is_known);
  const Answer answer = index.ask({.code = wrong}, kDay);
  RC_ASSERT(std::any_of(answer.candidates.begin(), answer.candidates.end(),
                        [&](const Candidate& c) { return c.code == code; }));
}

}  // namespace
}  // namespace tenglong::identity
