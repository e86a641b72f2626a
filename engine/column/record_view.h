// One row of a table as an expression of its register sees it: fields, 年度, 上期, the records above.
//
// In:    the tables of a snapshot and the expressions that will be asked. Out: values by name, null unless
// Known. Cost: only the members that the expressions name are put together.
// Never: a parameter or an indicator: see pack's scope_of_record.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/column/column.h"
#include "engine/feel/evaluate.h"

namespace tenglong::column {

class RecordView final : public feel::Environment {
 public:
  // `tables` hold those of the registers above; all of them outlive the view.
  RecordView(const schema::Schema& schema, const schema::Register& target, const Table& own,
             const Tables& tables, const std::vector<feel::NodePtr>& expressions);

  void stand_on(std::size_t row) { row_ = row; }
  std::size_t row() const { return row_; }
  std::optional<feel::Value> find(std::string_view name) const override;

  // What an expression names that is not Known on this row, as written (企业.镇街), and the worst state among
  // it.
  struct Want {
    State worst = State::Known;
    std::vector<std::string> names = {};
  };
  Want want_of(const feel::Node& expression) const;

 private:
  // Members of a context that are used, by name; `whole` if the value itself is.
  struct Members {
    bool whole = false;
    std::map<std::string, Members, std::less<>> of = {};
  };
  feel::Value record(const schema::Register& target, const Table& table, std::int32_t row,
                     const Members& members) const;
  std::optional<State> state_at(const std::vector<std::string>& path) const;

  const schema::Schema& schema_;
  const schema::Register& target_;
  const schema::Register* above_ = nullptr;
  const Table& own_;
  const Tables& tables_;
  Members used_;
  std::size_t row_ = 0;
};

// A record with all its fields, and under their registers' names the records above it.
feel::Value record_value(const schema::Schema& schema, const schema::Register& target, const Table& table,
                         std::size_t row, const Tables& tables);

// Fills the columns of the register's computed fields, in rows' order; called once, by table_of().
void compute_columns(const schema::Schema& schema, const schema::Register& target, Table& table,
                     const Tables& tables);
// Works out the computed fields of these rows again. Out: those of which some cell differs, rising.
std::vector<std::size_t> compute_rows(const schema::Schema& schema, const schema::Register& target,
                                      Table& table, const Tables& tables,
                                      const std::vector<std::uint32_t>& rows);

}  // namespace tenglong::column
