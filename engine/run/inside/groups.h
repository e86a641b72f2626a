// Records grouped by the values of nodes.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/run/inside/scheme_run.h"

namespace tenglong::run {

// Groups of what is rated so far, numbered as they appear; a record with an unknown part is not rated.
class Groups {
 public:
  Groups(const std::vector<NodeId>& parts, const Binding& binding, const Outputs& outputs)
      : parts_(parts), binding_(binding), outputs_(outputs) {}

  void number(std::vector<result::Standing>& standing, std::vector<std::int32_t>& group) {
    group.assign(standing.size(), 0);
    for (const NodeId part : parts_) split_by(part, standing, group);
  }

  std::string label(std::size_t i) const {
    std::string label;
    for (const NodeId part : parts_) label += (label.empty() ? "" : " · ") + text_of(part, i);
    return label;
  }

 private:
  // code(i, known): what a part is in a row, and whether it is known.
  template <typename CodeOf>
  void split_by(CodeOf code_of, std::vector<result::Standing>& standing, std::vector<std::int32_t>& group) {
    std::map<std::pair<std::int32_t, std::int64_t>, std::int32_t> numbers;
    std::vector<std::int32_t> small(1024, -1);  // one part of few codes needs no hashing
    const bool is_only = parts_.size() == 1;
    std::int32_t next = 0;
    for (std::size_t i = 0; i < standing.size(); ++i) {
      if (standing[i] != result::Standing::Rated) continue;
      bool known = false;
      const std::int64_t code = code_of(i, known);
      if (!known) {
        standing[i] = result::Standing::NotRated;
        continue;
      }
      if (is_only && code >= 0 && code < 1024) {
        std::int32_t& number = small[static_cast<std::size_t>(code)];
        if (number < 0) number = next++;
        group[i] = number;
        continue;
      }
      const auto [known_number, is_new] = numbers.emplace(std::pair(group[i], code), next);
      if (is_new) ++next;
      group[i] = known_number->second;
    }
  }

  void split_by(NodeId part, std::vector<result::Standing>& standing, std::vector<std::int32_t>& group) {
    switch (binding_.node(part).shape) {
      case plan::Shape::Boolean: {
        const Tri* answer = outputs_.answer(part).data();
        return split_by(
            [answer](std::size_t i, bool& known) {
              known = answer[i] != kUnknown;
              return std::int64_t{answer[i]};
            },
            standing, group);
      }
      case plan::Shape::Text: {
        const std::int32_t* codes = outputs_.code(part).data();
        return split_by(
            [codes](std::size_t i, bool& known) {
              known = codes[i] != kNoText;
              return std::int64_t{codes[i]};
            },
            standing, group);
      }
      default: {
        const std::uint8_t* absent = outputs_.absent(part).data();
        const std::int64_t* keys = outputs_.key(part).data();
        return split_by(
            [absent, keys](std::size_t i, bool& known) {
              known = absent[i] == 0;
              return keys[i];
            },
            standing, group);
      }
    }
  }

  std::string text_of(NodeId part, std::size_t i) const {
    switch (binding_.node(part).shape) {
      case plan::Shape::Boolean:
        return Value(outputs_.answer(part)[i] == kTrue).to_text();
      case plan::Shape::Text:
        return binding_.texts.text(outputs_.code(part)[i]);
      default:
        return Value(Decimal::scaled(outputs_.key(part)[i], -binding_.node(part).rounding.places)).to_text();
    }
  }

  const std::vector<NodeId>& parts_;
  const Binding& binding_;
  const Outputs& outputs_;
};

}  // namespace tenglong::run
