// A text of many short pieces, put together without a call a piece: what every request pays for.
#pragma once
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace tenglong::server {

class Line {
 public:
  Line() = default;
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  void put(std::string_view piece) {
    if (piece.size() > static_cast<std::size_t>(end_ - at_)) grow(piece.size());
    std::memcpy(at_, piece.data(), piece.size());
    at_ += piece.size();
  }
  void put_number(std::uint64_t number) {
    constexpr std::ptrdiff_t kMostDigits = 20;
    if (end_ - at_ < kMostDigits) grow(static_cast<std::size_t>(kMostDigits));
    at_ = std::to_chars(at_, end_, number).ptr;
  }
  void put_quoted(std::string_view text);  // as JSON
  std::string_view text() const { return {from_, static_cast<std::size_t>(at_ - from_)}; }

 private:
  void grow(std::size_t more);
  char here_[1536];
  std::vector<char> longer_ = {};
  char *from_ = here_, *at_ = here_, *end_ = here_ + sizeof here_;
};

}  // namespace tenglong::server
