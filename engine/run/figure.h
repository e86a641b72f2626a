// A value over a population, opened: the formula with what each of its sums came to, and every record that
// counts.
//
// In:    an indicator `over` a register or a target, whole or one code of a cut. Out: the value as the run
// has it and the records behind it, largest part first. Law: the value equals that of run() for the same
// cell; the parts of a sum add up to it. Cost: the first question about a figure takes a pass over the
// register; then about a millisecond at 100,000 records for the largest few.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/run/row.h"

namespace tenglong::run {

struct FigureView {
  const pack::Indicator* indicator = nullptr;  // one of the two
  const pack::Target* target = nullptr;
  std::string register_id = {};
  calendar::Period period = {};
  std::string cut = {}, of = {};
  State state = State::Missing;
  feel::Value value = {}, rounded = {};
  std::int64_t records = 0;
  std::vector<SumView> sums = {};
  std::vector<InputView> inputs = {};  // parameters and other values of the formula
  std::vector<PartView> parts = {};    // the largest `most` of those that count
  std::vector<std::string> gaps = {};
  std::string left_to_interpreter = {};  // not empty: parts cannot be told by columns, and why
};

// Keeps what questions about one run share. The pack and the snapshot must outlive it. For one thread.
class FigureReader {
 public:
  static constexpr std::size_t kAll = static_cast<std::size_t>(-1);
  FigureReader(const pack::Pack& pack, const column::Snapshot& snapshot, const Options& options);
  ~FigureReader();
  // nullopt: no such indicator or target, or no such cut or code. `name`: of the indicator, or the target's
  // id.
  std::optional<FigureView> read(std::string_view name, std::string_view cut = {}, std::string_view of = {},
                                 std::size_t most = kAll);

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace tenglong::run
