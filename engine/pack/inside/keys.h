// The keys of one YAML map. What is asked for is what is known: finish() reports every other key, near
// spelling first.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/calendar/date.h"
#include "engine/pack/inside/findings.h"
#include "engine/pack/inside/yaml.h"
#include "engine/pack/pack.h"
#include "engine/quantity/decimal.h"
#include "engine/quantity/unit.h"
#include "engine/text/text.h"

namespace tenglong::pack {

enum class Need { Optional, Required };

class Keys {
 public:
  // `what` names the map in messages: "parameter", "field".
  Keys(const Yaml& map, std::string what, Findings& findings);

  // nullptr if absent or null; a missing required key is reported by finish().
  const Yaml* find(std::string_view key, Need need = Need::Optional);
  bool has(std::string_view key) const;

  std::string text(std::string_view key, Need need = Need::Optional);
  // One text, or a list of texts.
  std::vector<std::string> texts(std::string_view key, Need need = Need::Optional);
  // FEEL with the place of its first character; not yet parsed.
  Expression expression(std::string_view key, Need need = Need::Optional);
  bool boolean(std::string_view key);
  std::optional<quantity::Decimal> number(std::string_view key);
  std::optional<calendar::Date> date(std::string_view key, Need need = Need::Optional);
  quantity::Unit unit(std::string_view key, Need need = Need::Optional);
  std::optional<quantity::Rounding> rounding(std::string_view key, Need need = Need::Optional);
  // Position of the word in `allowed`; reports any other word.
  std::optional<std::size_t> word(std::string_view key, const std::vector<std::string>& allowed,
                                  Need need = Need::Optional);

  diagnostic::Place place_of(std::string_view key) const;  // of its value, else of the map
  diagnostic::Place key_place(std::string_view key) const;
  void finish();

 private:
  const Yaml& map_;
  std::string what_;
  Findings& findings_;
  std::vector<std::string> asked_;
  std::vector<std::string> missing_;
};

Expression expression_of(const Yaml& node, Findings& findings);
// A scalar, or a finding.
std::string text_of(const Yaml& node, std::string_view key, Findings& findings);
quantity::Unit unit_of(std::string_view written, const diagnostic::Place& place, Findings& findings);

}  // namespace tenglong::pack
