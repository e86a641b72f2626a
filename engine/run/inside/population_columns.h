// A value over a population by columns: which rows count, what each gives, into which parts they fall.
//
// In:    what is asked (plan::Over) and the meaning of names. Out: the same figures as Meaning::over_rows
// gives, exact: sums and means of whole numbers of 10^-4 where the values are such, in the wide accumulator
// otherwise. Cost:  a few nanoseconds a row for sums of fields; about a microsecond where a value must be
// worked out.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/run/inside/batch.h"
#include "engine/run/inside/scheme_run.h"

namespace tenglong::run {

class PopulationColumns {
 public:
  PopulationColumns(const Meaning& meaning, plan::Over over, const Options& options);

  // True where columns cannot tell (a filter without columnar form, a gap met): the interpreter then says it.
  bool left_to_interpreter() const { return left_; }
  // The rows that count, rising.
  const std::vector<std::uint32_t>& rows() const { return rows_; }

  using Positions = std::vector<std::uint32_t>;  // into rows(), rising
  Figure over_all(const Extras* extras) const;
  Figure over(const Positions& part, const Extras* extras) const;
  // Codes of cut `index` of `by`, in order, each with its rows; "" for rows without a code.
  std::vector<std::pair<std::string, Positions>> parts(std::size_t index) const;

  // The aggregate calls of the formula, and what a row gives to each: nullopt where it is not in the list.
  struct ListView {
    std::string call;  // sum(实缴税收)
    std::string function;
    const feel::Node* node = nullptr;  // in the formula's tree
  };
  std::vector<ListView> lists() const;
  std::optional<Value> value(std::size_t list, std::size_t position) const;
  double size(std::size_t list,
              std::size_t position) const;  // nearest double of the magnitude; 0 without a number
  Value settled_value(std::size_t list, const Positions& part) const;
  std::int64_t count(std::size_t list, const Positions& part) const;  // with a value; of count(), in the list

 private:
  // Rows of one period, with a plan for records of that period.
  struct Segment {
    plan::PopulationPlan plan;
    std::unique_ptr<Binding> binding;
  };
  enum class Kind : std::uint8_t { NotInList, Absent, Scaled, Other };
  // One list over rows(): a whole number of 10^-4, or the value itself.
  struct ListValues {
    std::vector<Kind> kind;
    std::vector<std::int64_t> scaled;
    std::unordered_map<std::uint32_t, Value> other;
  };
  void keep(std::size_t segment, std::vector<std::uint32_t> candidates);
  void fill(std::size_t segment, std::size_t list, std::size_t begin, std::size_t end);
  void fill_cut(std::size_t segment, std::size_t cut, std::size_t begin, std::size_t end);
  template <typename Each>  // void(std::uint32_t position)
  void each_of(const Positions* part, Each each) const;
  Figure figure(const Positions* part, const Extras* extras) const;
  std::optional<feel::NodePtr> settled(const feel::Node& call, const Positions* part) const;

  const Meaning& meaning_;
  plan::Over over_;
  Options options_;
  int table_ = -1;
  bool left_ = false;
  std::vector<std::uint32_t> rows_;
  std::deque<Segment> segments_;  // bindings point into their plans
  std::vector<plan::ListPlan> calls_;
  std::vector<ListValues> lists_;
  std::vector<std::vector<std::int32_t>> cut_codes_;  // of cut_texts_, -1 without a code
  std::vector<std::vector<std::string>> cut_texts_;
};

}  // namespace tenglong::run
