// Bytes that arrive piece by piece: a part of a package, or memory.
#pragma once
#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>

#include "engine/diagnostic/diagnostic.h"

namespace tenglong::sheet {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // How many bytes were read; 0 at the end, and after trouble.
  virtual std::size_t read(char* into, std::size_t size) = 0;
  // Why the bytes ended early.
  virtual std::optional<diagnostic::Diagnostic> trouble() const { return std::nullopt; }
};

class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : rest_(bytes) {}
  std::size_t read(char* into, std::size_t size) override {
    const std::size_t count = std::min(size, rest_.size());
    if (count > 0) std::memcpy(into, rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
};

}  // namespace tenglong::sheet
