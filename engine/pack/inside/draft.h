// A pack while it is being read: what stands in the files, and what has been made of it so far.
//
// Stages, each of which goes on whatever it finds wrong: files -> blocks (blocks_of_files.cpp) -> structure
// (read_*.cpp)
// -> names (names.cpp) -> expressions (resolve.cpp) -> meaning (check_*.cpp) -> order (order.cpp).
#pragma once
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/pack/inside/findings.h"
#include "engine/pack/inside/keys.h"
#include "engine/pack/inside/markdown.h"
#include "engine/pack/inside/yaml.h"
#include "engine/pack/pack.h"

namespace tenglong::pack {

enum class Role { Included, Main, Overlay };

struct RawBlock {
  std::string kind = {};
  Yaml root = {};                // a map
  const Table* table = nullptr;  // directly under the block
  diagnostic::Place place = {};  // of the fence
  std::string clause_id = {};    // of the heading above; empty outside any clause
  Role role = Role::Main;
  std::size_t folder = 0;
};

struct Folder {
  std::string path = {};
  std::string name = {};  // last part of the path
  Role role = Role::Main;
  Head head = {};
  bool has_head = false;
  bool is_revision = false;  // an overlay whose blocks stand in the place of the pack's
  std::deque<SourceFile> files = {};
};

// A reference to a Qnn or Pnn, or to a clause, checked when everything is read.
struct Citation {
  std::string text = {};
  diagnostic::Place place = {};
  std::string clause = {};
};

struct Draft {
  Pack pack = {};
  Findings findings = {};
  std::deque<Folder> folders = {};
  std::deque<std::vector<Part>> parts = {};  // owns the tables that blocks point to
  std::vector<RawBlock> blocks = {};
  std::vector<Citation> citations = {};
  // Where each key of a block, and each word of its lists, stands: findings made after reading point there.
  std::map<std::string, diagnostic::Place> key_places = {};
  // What the weights of a scheme are meant to add up to, by its id; 100 where none is stated.
  std::map<std::string, quantity::Decimal> weights_totals = {};
};

// All stages; false if there is no readable pack block.
bool read_draft(Draft& draft, const std::string& folder, const std::vector<std::string>& overlays);

// Files and blocks.
std::optional<std::string> clause_number(std::string_view first_word);  // 三（一）3 -> 三(一)3
void read_folder(Draft& draft, const std::string& path, Role role);
void read_head(Draft& draft, Folder& folder, const RawBlock& block);

// Structure: one reader a kind.
void read_access(Draft& draft, const RawBlock& block);
void read_rollup(Draft& draft, const RawBlock& block);
void read_clause(Draft& draft, const RawBlock& block);
void read_question(Draft& draft, const RawBlock& block);
void read_codes(Draft& draft, const RawBlock& block);
void read_register(Draft& draft, const RawBlock& block);
void read_parameter(Draft& draft, const RawBlock& block);
void read_fill(Draft& draft, const RawBlock& block);
void read_indicator(Draft& draft, const RawBlock& block);
void read_decision(Draft& draft, const RawBlock& block);
void read_scheme(Draft& draft, const RawBlock& block);
void read_roster(Draft& draft, const RawBlock& block);
void read_target(Draft& draft, const RawBlock& block);
void read_cases(Draft& draft, const RawBlock& block);
void read_simulation(Draft& draft, const RawBlock& block);
void read_intake(Draft& draft, const RawBlock& block);
void read_collection(Draft& draft, const RawBlock& block);
void read_identity(Draft& draft, const RawBlock& block);

// id, name, number, source, clause label; sets findings.clause.
enum class SourceRule { Optional, Required };
void read_block_head(Draft& draft, const RawBlock& raw, Keys& keys, Block& block, SourceRule rule);
void note_key_places(Draft& draft, const diagnostic::Place& block, const Yaml& node);
// The value of `key` (for a list: the item that says `word`); the block itself if it has no such key.
diagnostic::Place place_of_key(const Draft& draft, const diagnostic::Place& block, std::string_view key,
                               std::string_view word = {});
// A quoted YAML text where FEEL text is wanted: "A" and '"A"' are the same.
std::string constant_text(const Yaml& node, const feel::Type& type, std::string_view key, Findings& findings);
void cite(Draft& draft, const std::string& text, const diagnostic::Place& place);
std::vector<Reasoned> read_reasoned(Draft& draft, Keys& keys, std::string_view key);

// Tables: positions of columns by header text; reports missing, unknown, doubled columns and rows of a wrong
// length.
struct ColumnWish {
  std::string name = {};
  bool required = true;
};
struct TableView {
  std::vector<int> at = {};                         // as the wishes; -1 if absent
  std::vector<const std::vector<Cell>*> rows = {};  // rows with the right number of cells
  const Cell* cell(std::size_t row, std::size_t wish) const;
};
std::optional<TableView> view_table(Draft& draft, const RawBlock& raw, const std::vector<ColumnWish>& wishes);
diagnostic::Place place_of(const Cell& cell, const std::string& file);
diagnostic::Place place_of_row(const std::vector<Cell>& row, const std::string& file);
// False for an empty cell, which is reported.
bool is_filled(Draft& draft, const Cell& cell, const std::string& file);

// 范围 "园区外"，年度 2021: the keys and the date of a row.
std::string row_in_words(const Parameter& parameter, const ParameterRow& row);

inline constexpr std::string_view kUnpublished = "未公布";

// A value that needs no names: 5, "园区外", true, @"2022-01-01", [1, 2]. Reports anything else.
std::optional<feel::Value> constant_of(Draft& draft, std::string_view text, const diagnostic::Place& place,
                                       const feel::Type& type);
std::optional<feel::Value> constant_quietly(std::string_view text);

// number, boolean, text, date, code; unit makes it a number.
feel::Type declared_type(Draft& draft, Keys& keys, quantity::Unit& unit, std::string& codes);

// Meaning.
void check_names(Draft& draft);
void check_relations(Draft& draft);
void check_citations(Draft& draft);
void check_intakes(Draft& draft);
void check_rollups(Draft& draft);
void check_prices(Draft& draft);
void resolve_expressions(Draft& draft);
void check_schemes(Draft& draft);
void check_decision_tables(Draft& draft);
void order_indicators(Draft& draft);

}  // namespace tenglong::pack
