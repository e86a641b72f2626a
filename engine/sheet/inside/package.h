// The zip package of an .xlsx, with every limit watched while it is unpacked, because sizes written in a zip
// may lie.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/sheet/inside/byte_source.h"
#include "engine/sheet/sheet.h"

struct zip;

namespace tenglong::sheet {

class Package {
 public:
  // Null with a diagnostic if it is no readable zip. An empty `path` reads `bytes`, which are kept.
  static std::unique_ptr<Package> open(const std::string& file_name, const std::string& path,
                                       std::string bytes, const Limits& limits, Diagnostics& diagnostics);
  ~Package();
  Package(const Package&) = delete;
  Package& operator=(const Package&) = delete;

  // The part's name as the package spells it; names are compared without case, as programs do.
  std::optional<std::string> find(const std::string& part) const;
  // Null with a diagnostic if it cannot be opened. Lives no longer than the package.
  std::unique_ptr<ByteSource> part(const std::string& part, Diagnostics& diagnostics) const;
  // The whole part; nullopt with a diagnostic if it cannot be read.
  std::optional<std::string> whole(const std::string& part, Diagnostics& diagnostics) const;

 private:
  Package(std::string file_name, std::string bytes, const Limits& limits);
  std::string file_name_;
  std::string bytes_;
  Limits limits_;
  zip* zip_ = nullptr;
};

}  // namespace tenglong::sheet
