// How a number came about, as sentences and figures down to the sender's cell and the clause.
//
// In:    one record recomputed exactly (run/row.h) and a way to ask where a cell came from.
// Out:   a tree of reasons; text for people, JSON for programs, the same content.
// Never: decides or rounds anew: every figure is the run's own.
// Cost:  a few milliseconds a record.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/pack/pack.h"
#include "engine/register/register.h"
#include "engine/run/distance.h"
#include "engine/run/figure.h"
#include "engine/run/row.h"
#include "engine/text/text.h"

namespace tenglong::explain {

using text::Language;
using text::Words;

// Where a value stands in what was received.
struct Source {
  std::string file, sheet, cell;
  std::int64_t row = 0;
  std::string provider, received_at, document, mark;
  std::vector<std::string> rivals = {};  // "120（区统计局，增加值.xlsx!C4）": other claims
};
using SourceOf =
    std::function<std::optional<Source>(std::string_view register_id, std::size_t row, int field)>;

struct Reason {
  Words text;              // one sentence
  std::string name = {};   // of the thing explained: 亩均税收
  std::string value = {};  // exact text
  std::string unit = {};
  std::string clause = {};
  std::string source = {};  // document, or file!sheet!cell
  std::vector<Reason> because = {};
};

// What an indicator works out, in one place for everybody who shows it: its formula, and for a share, a rank
// or a percentile among whom; for a sum over related records of which register.
Words formula_in_words(const pack::Pack& pack, const pack::Indicator& indicator);

// The unit of what an expression used; "" where it has none.
std::string unit_of(const pack::Pack& pack, const run::InputView& input);

// Schemes, rosters and indicators of one record. `only`: the name of one indicator, scheme or roster; empty:
// all.
Reason explain(const pack::Pack& pack, const column::Snapshot& snapshot, const run::RowView& row,
               std::string_view title, const SourceOf& source_of, std::string_view only = {});

// A figure over a population: the formula with its sums, who counts, the largest parts (as many as the view
// holds).
using TitleOf = std::function<std::string(std::string_view register_id, std::size_t row)>;
Reason explain_figure(const pack::Pack& pack, const run::FigureView& view, const TitleOf& title_of,
                      const SourceOf& source_of);
// Why a record is not in a list, not met by a rule, not in a better grade: the nearest way first, by how
// much.
Reason explain_why_not(const run::Distances& of, std::string_view title);

// Asks the store for the statements behind the snapshot's rows. `view`: by which the snapshot was taken.
SourceOf sources_from(const pack::Pack& pack, const column::Snapshot& snapshot,
                      const registers::RegisterStore& store, const registers::View& view = {});

std::string render(const Reason& reason, Language language);
std::string render_json(const Reason& reason, Language language);

}  // namespace tenglong::explain
