#include "engine/pack/inside/findings.h"

#include <algorithm>

namespace tenglong::pack {

diagnostic::Diagnostic& Findings::add(std::string_view code, diagnostic::Place place, text::Words message,
                                      text::Words advice) {
  diagnostic::Diagnostic found;
  found.code = std::string(code);
  found.severity = code.starts_with("E-")   ? diagnostic::Severity::Error
                   : code.starts_with("W-") ? diagnostic::Severity::Warning
                                            : diagnostic::Severity::Note;
  found.place = std::move(place);
  found.clause = clause;
  found.message = std::move(message);
  found.advice = std::move(advice);
  all.push_back(std::move(found));
  return all.back();
}

void Findings::append(const diagnostic::Diagnostics& more) {
  all.insert(all.end(), more.begin(), more.end());
}

text::Words near_or_list(std::string_view word, const std::vector<std::string>& candidates) {
  if (candidates.empty()) return {"先定义它，或核对名字。", "Define it first, or check the name."};
  const std::string near = text::nearest(word, candidates);
  if (!near.empty()) return {"是否指“" + near + "”？", "Did you mean \"" + near + "\"?"};
  constexpr std::size_t kShown = 12;
  std::string zh, en;
  for (std::size_t i = 0; i < std::min(kShown, candidates.size()); ++i) {
    zh += (i == 0 ? "" : "、") + candidates[i];
    en += (i == 0 ? "" : ", ") + candidates[i];
  }
  if (candidates.size() > kShown) zh += "……", en += " ...";
  return {"可用：" + zh + "。", "Available: " + en + "."};
}

}  // namespace tenglong::pack
