// The rows of a ranking or of a 清单 as a question keeps and orders them: what the list shows, what its file
// holds, and by what many records are chosen.
//
// In:    town, industry, q; of a ranking grade, standing, total_from (at least), total_below; of a 清单
// place.
//        Several of one kind are joined by commas. Order: ?sort=-total,name; what is not known comes last, up
//        or down; equal rows stand by key. Cost: one pass over the rows; names and codes by their dictionary.
// Never: a row, or a choice, that the caller does not see.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/result/result.h"
#include "server/inside/write.h"

namespace tenglong::server {

enum class RankedKind { Scheme, Roster };

struct RankedRow {
  std::uint32_t row = 0;  // of the register
  const std::string* key = nullptr;
  const result::Outcome* outcome = nullptr;    // of a ranking
  const result::RosterEntry* entry = nullptr;  // of a 清单
};

struct RankedColumn {
  enum class What {
    Rank,
    Group,
    Name,
    Code,
    Town,
    Industry,
    Grade,
    Total,
    Standing,
    Why,
    Score,
    Place,
    Field,
    Value
  };
  std::string id = {};
  text::Words name = {};
  What what = What::Name;
  bool is_usual = true;  // shown unless columns are chosen
  std::string unit = {};
  bool is_number = false;
  std::size_t at = 0;                          // Score: of the scheme's items; Field: of the register
  const pack::Indicator* indicator = nullptr;  // Value: worked out row by row
};

struct RankedChoice {
  std::string code = {}, name = {};
};

// A value as people read it; a number also as such.
struct RankedCell {
  text::Words text = {};
  std::optional<quantity::Decimal> number = {};
  quantity::State state = quantity::State::Known;
};

class Ranked {
 public:
  // Nothing: the pack has no such scheme or 清单. Mistakes of the question are in `told`; then there are no
  // rows. The caller sees what `operation` lets them see.
  static std::optional<Ranked> find(const Edition& edition, access::State state, const Call& call,
                                    access::Operation operation, RankedKind kind, const std::string& id);
  // The first `to` of the rows into the order that was asked for.
  void put_first(std::size_t to);
  // The row recomputed, if one of the chosen columns needs it.
  std::optional<run::RowView> view_of(const RankedRow& row) const;
  RankedCell cell(const RankedRow& row, const RankedColumn& column,
                  const std::optional<run::RowView>& view) const;
  std::string title(std::size_t row) const;
  std::string town(std::size_t row) const { return std::string(whose_.town_code(whose_.town(row))); }
  std::string industry(std::size_t row) const { return industries_.name(industries_.code(row)); }
  // What is worked out row by row orders lists of two thousand rows and fewer.
  bool is_sortable(const RankedColumn& column) const;
  const schema::Field& field(const RankedColumn& column) const { return of_->fields[column.at]; }

  const Edition* edition = nullptr;
  const pack::Scheme* scheme = nullptr;
  const result::SchemeResult* outcomes = nullptr;  // null: it did not run
  const pack::Roster* roster = nullptr;
  const result::RosterResult* entries = nullptr;
  std::string register_id = {}, mark = {};
  const pack::Block& block() const {
    return scheme != nullptr ? static_cast<const pack::Block&>(*scheme) : *roster;
  }
  std::vector<RankedColumn> columns = {};
  std::vector<std::size_t> chosen = {};  // of the columns: those asked for, else the usual ones
  std::vector<RankedRow> rows = {};      // kept; by key until put_first()
  // Of all rows that the caller sees, whatever is asked; grades as the pack has them.
  std::vector<RankedChoice> grades = {}, towns = {}, industries = {};
  diagnostic::Diagnostics told = {};

 private:
  struct Key {
    std::size_t column;
    bool falls;
  };
  Ranked(const Edition& of, std::string register_of);
  void make_columns();
  std::optional<std::size_t> column_named(std::string_view id, const char* parameter);
  void read(const Call& call);
  void keep(const Call& call, const Seen& seen);
  text::Words reason(const RankedRow& row, const run::RowView& view) const;
  bool is_known(const RankedRow& row, const RankedColumn& column) const;
  int compare(const RankedRow& a, const RankedRow& b, const RankedColumn& column) const;
  std::string row_group(const RankedRow& row) const;
  std::size_t grade_at(const std::string& grade) const;
  const schema::Register* of_ = nullptr;
  const column::Table* table_ = nullptr;
  Whose whose_;
  view::ReachedTexts titles_ = {};
  ReachedIndustry industries_ = {};
  std::shared_ptr<const Seen> explained_ = {};
  std::vector<Key> order_ = {};
  // By column, then row: what is ordered by and worked out.
  std::map<std::size_t, std::unordered_map<std::uint32_t, RankedCell>> worked_ = {};
};

// Parameters of the question, beside the id, period, page and size.
std::vector<Parameter> ranked_parameters(RankedKind kind);

}  // namespace tenglong::server
