// What each clause of a policy carries out, what it does not yet, which numbers nobody published and which
// questions wait.
//
// In:    a checked pack. Out: the table of contents that `tenglong check` prints, as text and as data.
// Order: clauses as the pack opens them; within a clause as the text has it.
// Never: judges; a clause without blocks is listed as such.
#pragma once
#include <string>
#include <vector>

#include "engine/pack/pack.h"
#include "engine/text/text.h"

namespace tenglong::pack {

struct ContentsEntry {
  std::string clause;  // empty for what stands outside any clause
  std::string title = {};
  std::string lead = {};
  std::vector<std::pair<std::string, std::string>> carries_out = {};  // kind, name
  std::vector<std::string> not_yet = {};                              // in words, for the official
  std::vector<Gap> gaps = {};
  std::vector<std::string> questions = {};  // ids of open questions
};

struct Contents {
  std::vector<ContentsEntry> entries = {};
  std::size_t blocks = 0;
  std::size_t gaps = 0;
  std::size_t filled = 0;  // rows that an overlay filled
  std::size_t open_questions = 0;
};

Contents contents_of(const Pack& pack);
std::string render_contents(const Pack& pack, text::Language language = text::Language::Chinese);
std::string render_contents_json(const Pack& pack);

}  // namespace tenglong::pack
