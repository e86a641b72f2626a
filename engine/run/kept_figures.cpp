#include "engine/run/kept_figures.h"

#include <map>
#include <mutex>

#include "engine/run/inside/assemble.h"

namespace tenglong::run {
namespace {

// One sum, mean or count inside a formula.
struct Call {
  std::string function, name;
  const feel::Node* node = nullptr;
};

bool find_calls(const feel::Node& tree, std::vector<Call>& calls) {
  using feel::NodeKind;
  if (tree.kind == NodeKind::Call) {
    if (tree.children.size() != 2 || tree.children[0]->kind != NodeKind::Name ||
        tree.children[1]->kind != NodeKind::Name || !tree.argument_names.empty())
      return false;
    const std::string& function = tree.children[0]->text;
    if (function != "sum" && function != "mean" && function != "count") return false;
    calls.push_back({function, tree.children[1]->text, &tree});
    return true;
  }
  if (tree.kind != NodeKind::Literal && tree.kind != NodeKind::Arithmetic && tree.kind != NodeKind::Negate)
    return false;
  for (const feel::NodePtr& child : tree.children)
    if (!find_calls(*child, calls)) return false;
  return true;
}

struct Held {  // of one call in one cell
  quantity::ExactSum sum;
  std::int64_t present = 0, not_numbers = 0;
};

struct Cell {
  std::int64_t records = 0;
  std::vector<Held> held;
};

using CellKey = std::pair<std::size_t, std::string>;  // 0: the whole; else 1 + place of the cut
using Cells = std::map<CellKey, Cell>;

// What one block adds up, over which records.
struct Block {
  std::string register_id;
  const pack::Expression* where = nullptr;
  const pack::Expression* formula = nullptr;
  quantity::Conversion to_unit = {};
  quantity::Rounding rounding = {};
  std::vector<std::string> by = {};
  Period period = {};
  std::optional<Value> range = {};  // 期间
};

class OfBlock {
 public:
  OfBlock(Block block, const Meaning& meaning) : block_(std::move(block)) {
    follows_ = find_calls(*block_.formula->tree, calls_);
    const int table = meaning.table_index(block_.register_id);
    for (const Call& each : calls_) {
      const Slot* slot = meaning.slot(table, each.name);
      follows_ = follows_ && slot != nullptr &&
                 (slot->kind == Slot::Kind::Field || slot->kind == Slot::Kind::Indicator);
    }
    if (!follows_) return;
    cells_[{0, ""}].held.resize(calls_.size());
    add(meaning, 1, cells_);
  }

  std::optional<KeptFigures::Moved> moved(const Meaning& before, const Meaning& after) {
    if (!follows_) return std::nullopt;
    // Only the cells that the touched records are in.
    Cells now;
    const Cells* base = &cells_;
    const auto at = [&](const CellKey& key) -> Cell& {
      const auto [cell, is_new] = now.try_emplace(key);
      if (is_new) {
        const auto known = base->find(key);
        if (known != base->end())
          cell->second = known->second;
        else
          cell->second.held.resize(calls_.size());
      }
      return cell->second;
    };
    add_to(before, -1, at);
    add_to(after, 1, at);
    if (!follows_) return std::nullopt;
    if (cells_written_.empty()) cells_written_ = written(after, cells_);
    KeptFigures::Moved moved{.before = cells_written_, .after = {}};
    Cells merged;
    for (const auto& [key, cell] : cells_) merged.emplace(key, Cell{.records = cell.records, .held = {}});
    for (auto& [key, cell] : now) {
      if (cell.records == 0 && key.first != 0)
        merged.erase(key);
      else
        merged[key] = std::move(cell);
    }
    moved.after = written(after, merged, &cells_written_);
    return moved;
  }

 private:
  template <typename At>
  void add_to(const Meaning& meaning, int sign, At at) {
    const int table = meaning.table_index(block_.register_id);
    Extras extras;
    if (block_.range) extras.emplace_back("期间", *block_.range);
    for (const std::uint32_t row : meaning.rows_within(table, block_.period)) {
      const RecordMeaning record(meaning, table, row);
      if (block_.where->present() &&
          !record.evaluate(*block_.where, Numbers::Rounded, block_.range ? &extras : nullptr).is_true()) {
        follows_ = follows_ && record.gaps().empty();
        continue;
      }
      std::vector<Value> values;
      for (const Call& each : calls_) {
        const Slot* slot = meaning.slot(table, each.name);
        values.push_back(slot->kind == Slot::Kind::Field
                             ? record.field(slot->index)
                             : record.find(each.name, Numbers::Unrounded).value_or(Value()));
      }
      const auto put = [&](const CellKey& key) {
        Cell& cell = at(key);
        cell.records += sign;
        if (cell.held.empty()) cell.held.resize(calls_.size());
        for (std::size_t c = 0; c < calls_.size(); ++c) {
          if (values[c].is_null()) continue;
          cell.held[c].present += sign;
          if (values[c].kind() == feel::Kind::Number)
            cell.held[c].sum.add(sign > 0 ? values[c].number() : -values[c].number());
          else
            cell.held[c].not_numbers += sign;
        }
      };
      put({0, ""});
      for (std::size_t b = 0; b < block_.by.size(); ++b) {
        if (block_.by[b] == kDistrict) continue;
        const Value code = by_path(record, block_.by[b], Numbers::Rounded).value_or(Value());
        put({b + 1, code.is_null() ? std::string() : code.to_text()});
      }
      follows_ = follows_ && record.gaps().empty();
    }
  }
  void add(const Meaning& meaning, int sign, Cells& cells) {
    add_to(meaning, sign, [&](const CellKey& key) -> Cell& { return cells[key]; });
  }

  static Value value_of(const Call& call, const Held& held) {
    if (call.function == "count") return Value(Decimal(held.present));
    if (held.not_numbers != 0 || held.present == 0) return {};
    const auto total = held.sum.result();
    if (!total) return {};
    if (call.function == "sum") return Value(*total);
    const auto mean = divide(*total, Decimal(held.present));
    return mean ? Value(*mean) : Value();
  }

  feel::NodePtr settled(const feel::NodePtr& tree, const Cell& cell) const {
    for (std::size_t c = 0; c < calls_.size(); ++c)
      if (calls_[c].node == tree.get()) {
        auto literal = std::make_shared<feel::Node>();
        literal->kind = feel::NodeKind::Literal;
        literal->span = tree->span;
        literal->value = value_of(calls_[c], cell.held[c]);
        return literal;
      }
    if (tree->children.empty()) return tree;
    auto copy = std::make_shared<feel::Node>(*tree);
    for (feel::NodePtr& child : copy->children) child = settled(child, cell);
    return copy;
  }

  result::AggregateCell written(const std::string& cut, const std::string& of, const Cell& cell) const {
    Value value = feel::evaluate(*settled(block_.formula->tree, cell), feel::ContextEnvironment({})).value;
    if (value.kind() == feel::Kind::Number) {
      const auto converted = quantity::convert(value.number(), block_.to_unit);
      value = converted ? Value(*converted) : Value();
    }
    result::AggregateCell out{.cut = cut, .of = of};
    out.state = value.is_null() ? State::Missing : State::Known;
    out.records = cell.records;
    if (value.kind() == feel::Kind::Number) out.value = value.number().rounded(block_.rounding);
    return out;
  }

  // In the order of a result. Cells without sums stand as in `known`.
  std::vector<result::AggregateCell> written(
      const Meaning& meaning, const Cells& cells,
      const std::vector<result::AggregateCell>* known = nullptr) const {
    std::vector<result::AggregateCell> out;
    std::map<std::pair<std::string, std::string>, const result::AggregateCell*> by_name;
    if (known != nullptr)
      for (const result::AggregateCell& each : *known) by_name[{each.cut, each.of}] = &each;
    const auto add_cell = [&](const std::string& cut, const std::string& of, const Cell& cell) {
      const auto same = by_name.find({cut, of});
      out.push_back(cell.held.empty() && same != by_name.end() ? *same->second : written(cut, of, cell));
    };
    const Cell& whole = cells.at({0, ""});
    add_cell("", "", whole);
    for (std::size_t b = 0; b < block_.by.size(); ++b) {
      if (block_.by[b] == kDistrict) {
        add_cell(block_.by[b], meaning.pack().head.area, whole);
        continue;
      }
      for (auto at = cells.lower_bound({b + 1, ""}); at != cells.end() && at->first.first == b + 1; ++at)
        add_cell(block_.by[b], at->first.second, at->second);
    }
    return out;
  }

  Block block_;
  bool follows_ = false;
  std::vector<Call> calls_;
  Cells cells_;
  std::vector<result::AggregateCell> cells_written_;
};

}  // namespace

struct KeptFigures::Shared {
  Shared(const pack::Pack& given, const column::Snapshot& held, const Options& asked)
      : pack(given), snapshot(held), options(asked), meaning(given, held, asked.period) {}
  template <typename Make>
  std::optional<Moved> moved(const std::string& name, const column::Snapshot& before,
                             const column::Snapshot& after, Make make) {
    const std::lock_guard<std::mutex> hold(building);
    std::unique_ptr<OfBlock>& block = blocks[name];
    if (block == nullptr) block = std::make_unique<OfBlock>(make(), meaning);
    // A few records cannot tell figures of the whole, shares or ranks.
    Meaning was(pack, before, options.period), now(pack, after, options.period);
    was.take_only_given();
    now.take_only_given();
    std::optional<Moved> moved = block->moved(was, now);
    if (was.lacks_figure() || now.lacks_figure()) return std::nullopt;
    return moved;
  }
  const pack::Pack& pack;
  const column::Snapshot& snapshot;
  Options options;
  Meaning meaning;
  std::mutex building;
  std::map<std::string, std::unique_ptr<OfBlock>> blocks;
};

KeptFigures::KeptFigures(const pack::Pack& pack, const column::Snapshot& snapshot, const Options& options)
    : shared_(std::make_unique<Shared>(pack, snapshot, options)) {}
KeptFigures::~KeptFigures() = default;

std::optional<KeptFigures::Moved> KeptFigures::indicator(const std::string& id,
                                                         const column::Snapshot& before,
                                                         const column::Snapshot& after) const {
  const pack::Indicator* indicator = shared_->pack.indicator(id);
  if (indicator == nullptr || indicator->over.empty()) return std::nullopt;
  return shared_->moved("indicator " + id, before, after, [&] {
    return Block{.register_id = indicator->over,
                 .where = &indicator->where,
                 .formula = &indicator->formula,
                 .to_unit = indicator->to_unit,
                 .rounding = indicator->rounding.value_or(shared_->pack.head.rounding),
                 .by = indicator->by,
                 .period = shared_->options.period,
                 .range = {}};
  });
}

std::optional<KeptFigures::Moved> KeptFigures::target(const std::string& id, const column::Snapshot& before,
                                                      const column::Snapshot& after) const {
  const pack::Target* target = shared_->pack.target(id);
  if (target == nullptr || target->over.empty() || !target->formula.present() || !target->awaits.empty())
    return std::nullopt;
  return shared_->moved("target " + id, before, after, [&] {
    const Period period = period_of(*target, shared_->options.period);
    return Block{.register_id = target->over,
                 .where = &target->where,
                 .formula = &target->formula,
                 .to_unit = target->to_unit,
                 .rounding = shared_->pack.head.rounding,
                 .by = target->by,
                 .period = period,
                 .range = range_of(period)};
  });
}

}  // namespace tenglong::run
