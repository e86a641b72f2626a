#include <condition_variable>
#include <future>
#include <mutex>
#include <vector>

#include "engine/sheet/sheet.h"

namespace tenglong::sheet {
namespace {

// Rows with their cells, one behind the other; used again and again, so that texts keep their memory.
struct Block {
  struct Row {
    int number;
    std::size_t first, count;
  };
  std::vector<Row> rows;
  std::vector<Cell> cells;
  std::size_t cell_count = 0;
};

constexpr std::size_t kCells = 8192;  // of a block, and one row more
constexpr std::size_t kBlocks = 4;

// Between the thread that parses and the one that works.
class Belt final : public RowSink {
 public:
  // On the parsing thread.
  bool row(int number, std::span<const Cell> cells) override {
    if (!filling_ && !take_empty()) return false;
    Block& block = *filling_;
    if (block.cells.size() < block.cell_count + cells.size())
      block.cells.resize(block.cell_count + cells.size());
    std::copy(cells.begin(), cells.end(),
              block.cells.begin() + static_cast<std::ptrdiff_t>(block.cell_count));
    block.rows.push_back({number, block.cell_count, cells.size()});
    block.cell_count += cells.size();
    return block.cell_count < kCells || hand_over();
  }
  // Nothing comes after it, whether the sheet ended well or not.
  void end() {
    if (filling_) hand_over();
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
    changed_.notify_all();
  }

  // On the working thread: every row goes to `sink` until it wants no more.
  void unload(RowSink& sink) {
    for (;;) {
      Block* block = nullptr;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return has_ended_ || !full_.empty(); });
        if (full_.empty()) return;
        block = full_.front();
        full_.erase(full_.begin());
      }
      for (const Block::Row& row : block->rows)
        if (!sink.row(row.number, std::span<const Cell>(block->cells).subspan(row.first, row.count)))
          return stop();
      const std::lock_guard lock(mutex_);
      empty_.push_back(block);
      changed_.notify_all();
    }
  }
  void stop() {
    const std::lock_guard lock(mutex_);
    has_stopped_ = true;
    changed_.notify_all();
  }

 private:
  bool take_empty() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return has_stopped_ || !empty_.empty(); });
    if (has_stopped_) return false;
    filling_ = empty_.back();
    empty_.pop_back();
    filling_->rows.clear();
    filling_->cell_count = 0;
    return true;
  }
  bool hand_over() {
    const std::lock_guard lock(mutex_);
    full_.push_back(filling_);
    filling_ = nullptr;
    changed_.notify_all();
    return !has_stopped_;
  }

  Block blocks_[kBlocks];
  std::vector<Block*> empty_ = {&blocks_[0], &blocks_[1], &blocks_[2], &blocks_[3]}, full_;
  Block* filling_ = nullptr;
  bool has_ended_ = false, has_stopped_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace

Diagnostics read_ahead(const Workbook& workbook, int sheet, RowSink& sink, Merged merged) {
  Belt belt;
  std::future<Diagnostics> parsed = std::async(std::launch::async, [&] {
    struct End {
      Belt& belt;
      ~End() { belt.end(); }
    } const end{belt};
    return workbook.read(sheet, belt, merged);
  });
  try {
    belt.unload(sink);
  } catch (...) {
    belt.stop();  // the thread ends before the belt does
    parsed.wait();
    throw;
  }
  return parsed.get();
}

}  // namespace tenglong::sheet
