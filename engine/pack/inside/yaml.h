// One fenced YAML block as a tree with places, whoever parsed it.
//
// In:    the content of a fence and the file it stands in. Out: the tree, or one diagnostic if it is not
// YAML. Order: entries as written, duplicates kept, so that the reader can report them. Never: turns `yes`,
// `on` or `1e3` into anything but the text it is; resolves aliases.
#pragma once
#include <string>
#include <vector>

#include "engine/diagnostic/diagnostic.h"
#include "engine/feel/syntax.h"
#include "engine/pack/inside/findings.h"
#include "engine/pack/inside/markdown.h"

namespace tenglong::pack {

struct YamlEntry;

struct Yaml {
  enum class Kind { Null, Scalar, List, Map } kind = Kind::Null;
  std::string scalar = {};
  bool is_quoted = false;
  diagnostic::Place place = {};  // of the value; end_column only for a scalar on one line
  // A scalar as it stands in the file, so that a finding inside a long expression points at its character.
  std::string source_text = {};
  int text_line = 0;
  int text_column = 0;
  std::vector<Yaml> items = {};
  std::vector<YamlEntry> entries;  // no initialiser: clang would want the whole type for one
};

struct YamlEntry {
  std::string key = {};
  diagnostic::Place key_place = {};
  Yaml value = {};
};

// A null tree if the text is empty or broken (then a finding E-PACK-102 was added).
Yaml parse_yaml(const SourceFile& file, const Part& fence, Findings& findings);

}  // namespace tenglong::pack
