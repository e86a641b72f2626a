#include "engine/intake/inside/name_reader.h"

#include "engine/intake/inside/findings.h"

namespace tenglong::intake {

text::Words in_words(const std::vector<identity::Candidate>& candidates) {
  text::Words who;
  for (const identity::Candidate& each : candidates) {
    const text::Words one = identity::explain(each);
    who.zh += (who.zh.empty() ? "" : "；或 ") + one.zh;
    who.en += (who.en.empty() ? "" : "; or ") + one.en;
  }
  return who;
}

NameReader::Meant NameReader::who(const std::string& name, const std::vector<std::string>& near) {
  std::string asked = name;
  for (const std::string& each : near) asked += '\x1F' + each;
  if (const auto found = known_.find(asked); found != known_.end()) return found->second;
  Meant meant = ask(name, near);
  if (known_.size() < 100'000) known_.emplace(std::move(asked), meant);
  return meant;
}

NameReader::Meant NameReader::ask(const std::string& name, const std::vector<std::string>& near) const {
  const identity::Answer answer = enterprises_.ask({.name = name, .near = near}, on_);
  if (answer.decided)
    return {*answer.decided,
            problem("N-INTAKE-322",
                    {"“" + name + "”以前认定为 " + *answer.decided + "，这一行记到它名下",
                     "“" + name + "” was decided to be " + *answer.decided + "; the row is entered for it"},
                    {"下次报表请带上代码。", "Give the code next time."})};
  const std::vector<identity::Candidate>& candidates = answer.candidates;
  const bool is_sure = !candidates.empty() && candidates[0].score >= sure_ && candidates[0].now.empty() &&
                       (candidates.size() == 1 || candidates[1].score < sure_);
  if (is_sure) {
    const text::Words who = identity::explain(candidates[0]);
    return {candidates[0].code,
            problem("N-INTAKE-329",
                    {"没有代码，按名称记到 " + who.zh, "without a code, entered by its name for " + who.en},
                    {"不对的，认定一次它是谁（tenglong identity decide），再传一次。",
                     "If that is wrong, decide once who it is and send the file again."})};
  }
  if (candidates.empty())
    return {{},
            problem("E-INTAKE-331",
                    {"底册里没有叫“" + name + "”的，也没有相像的",
                     "nobody in the register is called “" + name + "”, or anything like it"},
                    {"核对名称；确是新企业，先补录到底册，再传一次。",
                     "Check the name; if it is new, enter it in the register and send the file again."})};
  const text::Words who = in_words(candidates);
  return {
      {},
      problem("E-INTAKE-330", {"“" + name + "”认不准是谁，像是 " + who.zh, "“" + name + "” may be " + who.en},
              {"认定一次，以后不再问：tenglong identity decide 底册代码 --name " + name +
                   "；不是就加 --different。再传一次同一个文件。",
               "Decide once: tenglong identity decide CODE --name " + name + "; then send the file again."})};
}

}  // namespace tenglong::intake
