// An XML document from outside as a tree, within limits.
//
// Never: a DTD (so no entities of the sender's making), more than the limits, another encoding than UTF-8,
// UTF-16 or Latin-1. Everything else is refused with its line.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/diagnostic/diagnostic.h"

namespace tenglong::dmn {

struct XmlLimits {
  std::size_t bytes = 8u << 20;
  int depth = 100;
  int elements = 200'000;
};

struct Element {
  std::string space;                                            // namespace
  std::string name;                                             // local
  std::vector<std::pair<std::string, std::string>> attributes;  // by local name
  std::string text;                                             // the characters that stand directly in it
  int line = 0, column = 0;                                     // of the tag
  int text_line = 0, text_column = 0;                           // of the first character of `text`
  std::vector<Element> children;

  const Element* child(std::string_view local) const;  // the first, or nullptr
  const std::string* attribute(std::string_view local) const;
  std::string attribute_or(std::string_view local, std::string_view otherwise) const;
};

// E-DMN-101 .. 103.
std::optional<Element> read_xml(std::string_view bytes, const std::string& file, const XmlLimits& limits,
                                diagnostic::Diagnostics& diagnostics);

}  // namespace tenglong::dmn
