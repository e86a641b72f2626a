#include <algorithm>
#include <cstring>
#include <tuple>

#include "engine/sheet/inside/refusal.h"
#include "engine/sheet/inside/sheet_rows.h"

namespace tenglong::sheet {
namespace {

constexpr std::string_view kTag = "mergeCell ";
constexpr std::size_t kLongestTag = 512;

std::optional<MergedRange> range_of(std::string_view tag) {
  const std::size_t at = tag.find("ref=");
  if (at == std::string_view::npos || at + 5 >= tag.size()) return std::nullopt;
  const char quote = tag[at + 4];
  const std::size_t close = tag.find(quote, at + 5);
  if (close == std::string_view::npos) return std::nullopt;
  const std::string_view written = tag.substr(at + 5, close - at - 5);
  const std::size_t colon = written.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto first = parse_cell_name(written.substr(0, colon));
  const auto last = parse_cell_name(written.substr(colon + 1));
  if (!first || !last) return std::nullopt;
  return MergedRange{std::min(first->row, last->row), std::min(first->column, last->column),
                     std::max(first->row, last->row), std::max(first->column, last->column)};
}

}  // namespace

std::vector<MergedRange> scan_merges(ByteSource& source, const Limits& limits, const Place& place,
                                     Diagnostics& diagnostics) {
  std::vector<MergedRange> merges;
  std::string window;
  constexpr std::size_t kPiece = 256 << 10;
  for (bool is_last = false; !is_last;) {
    const std::size_t kept = window.size();
    window.resize(kept + kPiece);
    const std::size_t count = source.read(window.data() + kept, kPiece);
    window.resize(kept + count);
    is_last = count == 0;
    std::size_t done = 0;
    for (;;) {
      const void* found = memmem(window.data() + done, window.size() - done, kTag.data(), kTag.size());
      if (!found) break;
      const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - window.data());
      const std::size_t close = window.find('>', at);
      // A tag cut in two waits for the next piece.
      if (close == std::string::npos && !is_last && window.size() - at < kLongestTag) break;
      done = at + kTag.size();
      // '<' cannot stand in a text, so this is an element and not somebody's words.
      const bool is_element = at > 0 && (window[at - 1] == '<' || window[at - 1] == ':');
      if (!is_element || close == std::string::npos) continue;
      if (const auto range = range_of(std::string_view(window).substr(at, close - at)))
        merges.push_back(*range);
      if (merges.size() > static_cast<std::size_t>(limits.merged_ranges)) {
        diagnostics.push_back(too_large(place, {"合并单元格的数目", "the number of merged ranges"},
                                        std::to_string(limits.merged_ranges)));
        return {};
      }
    }
    const std::size_t tail = window.size() > kLongestTag ? window.size() - kLongestTag : 0;
    window.erase(0, std::max(done, tail));
  }
  if (const auto trouble = source.trouble()) diagnostics.push_back(*trouble);
  std::sort(merges.begin(), merges.end(), [](const MergedRange& a, const MergedRange& b) {
    return std::tie(a.first_row, a.first_column) < std::tie(b.first_row, b.first_column);
  });
  return merges;
}

bool FillingSink::row(int row_number, std::span<const Cell> cells) {
  std::erase_if(open_, [&](const Open& open) { return open.range.last_row < row_number; });
  while (!waiting_.empty() && waiting_.front().first_row <= row_number) {
    const MergedRange& range = waiting_.front();
    waiting_ = waiting_.subspan(1);
    if (range.first_row < row_number) continue;  // its first row had no cell at all
    if (range.last_column - range.first_column >= kWidest) continue;
    const bool overlaps = std::any_of(open_.begin(), open_.end(), [&](const Open& open) {
      return open.range.contains(range.first_row, range.first_column);
    });
    if (overlaps) continue;  // no program writes such ranges; the first of them holds
    const auto first = std::find_if(cells.begin(), cells.end(),
                                    [&](const Cell& cell) { return cell.column == range.first_column; });
    if (first != cells.end()) open_.push_back({range, *first});
  }
  if (open_.empty()) return next_.row(row_number, cells);
  cells_.assign(cells.begin(), cells.end());
  for (const Open& open : open_) budget_ -= open.range.last_column - open.range.first_column + 1;
  if (is_exhausted()) return false;
  for (const Open& open : open_) {
    for (int column = open.range.first_column; column <= open.range.last_column; ++column) {
      const auto at = std::lower_bound(cells_.begin(), cells_.end(), column,
                                       [](const Cell& cell, int wanted) { return cell.column < wanted; });
      if (at != cells_.end() && at->column == column) continue;
      Cell filled = open.value;
      filled.row = row_number;
      filled.column = column;
      filled.is_filled = true;
      cells_.insert(at, std::move(filled));
    }
  }
  return next_.row(row_number, cells_);
}

}  // namespace tenglong::sheet
