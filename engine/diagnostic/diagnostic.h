// What a person wrote wrong, told to that person.
//
// In:    a place they can open and a clause they can look up.
// Out:   a sentence for the terminal, the editor, or the 问题 column of the sheet they sent.
// Order: as found; sort_by_place() and render() sort by place, so output never depends on threads.
// Never: thrown. A wrong pack or sheet is ordinary input. All of them are told at once.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/text.h"

namespace tenglong::diagnostic {

using text::Language;
using text::Words;

enum class Severity { Error, Warning, Note };

// Either text (file, line, column ...) or a cell (file, sheet, cell). Lines and columns count from 1,
// columns in code points; end_column is one past the last. 0 means "the whole line" or "the whole file".
struct Place {
  std::string file = {};
  int line = 0;
  int column = 0;
  int end_column = 0;
  std::string sheet = {};
  std::string cell = {};  // A1 form: "C17"; a whole row is "17"
  friend bool operator==(const Place&, const Place&) = default;
};
std::string to_string(const Place& place);  // file:line:column, or file!sheet!cell

struct Related {
  Place place = {};
  Words message = {};
};

struct Diagnostic {
  std::string code = {};  // E-PACK-203, W-INTAKE-104: explained in docs/errors.md, never reused
  Severity severity = Severity::Error;
  Place place = {};
  std::string clause = {};            // 二·P09, as printed; empty outside any clause
  Words message = {};                 // what is wrong, one sentence
  Words advice = {};                  // what to do next, one sentence
  std::vector<Related> related = {};  // the first definition, the other source
};

using Diagnostics = std::vector<Diagnostic>;

bool has_errors(const Diagnostics& diagnostics);
std::size_t count(const Diagnostics& diagnostics, Severity severity);
// By file, then sheet, then line/row, then column; equal places keep their order.
void sort_by_place(Diagnostics& diagnostics);

// The text of line `line` (from 1) of `file`, or nothing if it cannot be shown (sheets, missing files).
using SourceLine = std::function<std::optional<std::string>(const std::string& file, int line)>;

struct RenderOptions {
  Language language = Language::Chinese;
  bool colour = false;
};
// For the terminal: place, severity, code, ［clause］, message; the source line with carets under it, as wide
// as the characters above are; advice; related places.
std::string render(Diagnostics diagnostics, const SourceLine& source_line, const RenderOptions& options);
// {"diagnostics":[{code,severity,place:{...},clause,message,advice,related}]}: the same as data, in one
// language.
std::string render_json(Diagnostics diagnostics, Language language);

// Reads lines of files from disk on demand and keeps them; for render().
SourceLine source_lines_from_disk();

}  // namespace tenglong::diagnostic
