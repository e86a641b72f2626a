// Population indicators with their cuts, and the figures of targets.
#include <algorithm>

#include "engine/run/inside/assemble.h"
#include "engine/run/inside/population_columns.h"

namespace tenglong::run {
namespace {

result::AggregateCell cell_of(const std::string& cut, const std::string& of, const Figure& figure,
                              std::size_t records, const quantity::Rounding& rounding) {
  result::AggregateCell cell;
  cell.cut = cut;
  cell.of = of;
  cell.state = figure.state;
  cell.records = static_cast<std::int64_t>(records);
  if (figure.value.kind() == feel::Kind::Number) cell.value = figure.value.number().rounded(rounding);
  return cell;
}

// The rows of a figure and their parts by each cut, worked out one way or the other.
class FigureRows {
 public:
  using Part = std::vector<std::uint32_t>;  // rows, or positions among them: what over() takes
  virtual ~FigureRows() = default;
  virtual std::size_t size() const = 0;
  virtual Figure whole() const = 0;
  virtual Figure over(const Part& part) const = 0;
  virtual std::vector<std::pair<std::string, Part>> parts(std::size_t cut) const = 0;
};

class ByColumns : public FigureRows {
 public:
  ByColumns(const PopulationColumns& columns, const Extras* extras) : columns_(columns), extras_(extras) {}
  std::size_t size() const override { return columns_.rows().size(); }
  Figure whole() const override { return columns_.over_all(extras_); }
  Figure over(const Part& part) const override { return columns_.over(part, extras_); }
  std::vector<std::pair<std::string, Part>> parts(std::size_t cut) const override {
    return columns_.parts(cut);
  }

 private:
  const PopulationColumns& columns_;
  const Extras* extras_;
};

class ByInterpreter : public FigureRows {
 public:
  ByInterpreter(const Meaning& meaning, const plan::Over& over, const Extras* extras, Gaps& gaps)
      : meaning_(meaning), over_(over), extras_(extras), table_(meaning.table_index(over.register_id)) {
    rows_ = meaning.kept(table_, meaning.rows_within(table_, over.period), *over.where, extras, gaps);
  }
  std::size_t size() const override { return rows_.size(); }
  Figure whole() const override { return over(rows_); }
  Figure over(const Part& part) const override {
    return meaning_.over_rows(table_, part, *over_.formula, over_.to_unit, over_.period, extras_);
  }
  std::vector<std::pair<std::string, Part>> parts(std::size_t cut) const override {
    std::map<std::string, Part> parts;
    for (const std::uint32_t row : rows_) {
      const RecordMeaning record(meaning_, table_, row);
      const Value code = by_path(record, (*over_.by)[cut], Numbers::Rounded).value_or(Value());
      parts[code.is_null() ? std::string() : code.to_text()].push_back(row);
    }
    return {std::make_move_iterator(parts.begin()), std::make_move_iterator(parts.end())};
  }

 private:
  const Meaning& meaning_;
  const plan::Over& over_;
  const Extras* extras_;
  int table_;
  Part rows_;
};

// The whole, then every cut with its codes in order. Rows without a code form the cell of "".
std::vector<result::AggregateCell> cells_of(const Meaning& meaning, const FigureRows& rows,
                                            const std::vector<std::string>& cuts,
                                            const quantity::Rounding& rounding, Gaps& gaps) {
  const auto noted = [&](Figure figure) {
    gaps.insert(figure.gaps.begin(), figure.gaps.end());
    return figure;
  };
  const Figure whole = noted(rows.whole());
  std::vector<result::AggregateCell> cells{cell_of("", "", whole, rows.size(), rounding)};
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    if (cuts[i] == kDistrict) {
      cells.push_back(cell_of(cuts[i], meaning.pack().head.area, whole, rows.size(), rounding));
      continue;
    }
    for (const auto& [code, part] : rows.parts(i))
      cells.push_back(cell_of(cuts[i], code, noted(rows.over(part)), part.size(), rounding));
  }
  return cells;
}

// By columns where the run goes by columns and they can tell; else by the interpreter. The same cells either
// way.
std::vector<result::AggregateCell> cells_over(const Meaning& meaning, const plan::Over& over,
                                              const quantity::Rounding& rounding, const Extras* extras,
                                              Gaps& gaps, std::size_t& records) {
  if (const Options* options = meaning.columns()) {
    const PopulationColumns columns(meaning, over, *options);
    if (!columns.left_to_interpreter()) {
      records = columns.rows().size();
      return cells_of(meaning, ByColumns(columns, extras), *over.by, rounding, gaps);
    }
  }
  const ByInterpreter rows(meaning, over, extras, gaps);
  records = rows.size();
  return cells_of(meaning, rows, *over.by, rounding, gaps);
}

}  // namespace

Value range_of(const Period& period) {
  const std::string text =
      "[date(\"" + period.from.to_string() + "\")..date(\"" + period.to.to_string() + "\")]";
  const feel::Parsed parsed = feel::parse(text, feel::NameSet());
  return parsed.tree ? feel::evaluate(*parsed.tree, feel::ContextEnvironment({})).value : Value();
}

Period period_of(const pack::Target& target, const Period& asked) { return plan::period_of(target, asked); }

void add_population(const Meaning& meaning, const pack::Indicator& indicator, result::Result& result) {
  const pack::Pack& pack = meaning.pack();
  if (indicator.over.empty()) return;
  Gaps gaps;
  result::AggregateResult aggregate{
      .indicator = indicator.name, .id = indicator.id, .clause = indicator.clause};
  aggregate.mark = mark_of(pack, indicator);
  std::size_t records = 0;
  aggregate.cells = cells_over(meaning, plan::over_of(indicator, meaning.period()),
                               indicator.rounding.value_or(pack.head.rounding), nullptr, gaps, records);
  if (gaps.empty())
    result.aggregates.push_back(std::move(aggregate));
  else
    result.refusals.push_back(refusal(meaning, "indicator", indicator, gaps));
}

void add_target(const Meaning& meaning, const pack::Target& target, result::Result& result) {
  const pack::Pack& pack = meaning.pack();
  if (!target.formula.present() || !target.awaits.empty()) return;
  result::TargetValue figure{.target = target.id, .clause = target.clause};
  figure.period = period_of(target, meaning.period());
  if (figure.period.to < figure.period.from) return;  // its years have not begun
  figure.mark =
      mark_of(pack, target, {target.where.tree.get(), target.formula.tree.get(), target.goal.tree.get()});
  const Extras extras{{"期间", range_of(figure.period)}};
  Gaps gaps;
  const std::string over = target.over;
  if (over.empty()) return;  // a figure that other blocks give; the target room reads it there
  std::size_t records = 0;
  figure.cells = cells_over(meaning, plan::over_of(target, meaning.period()), pack.head.rounding, &extras,
                            gaps, records);
  if (meaning.register_of(meaning.table_index(over)).external_results)
    figure.external_records = static_cast<std::int64_t>(records);
  if (gaps.empty())
    result.targets.push_back(std::move(figure));
  else
    result.refusals.push_back(refusal(meaning, "target", target, gaps));
}

void add_populations(const Meaning& meaning, result::Result& result) {
  for (const pack::Indicator& indicator : meaning.pack().indicators)
    add_population(meaning, indicator, result);
}

void add_targets(const Meaning& meaning, result::Result& result) {
  for (const pack::Target& target : meaning.pack().targets) add_target(meaning, target, result);
}

}  // namespace tenglong::run
