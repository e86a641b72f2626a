#include "engine/sheet/inside/package.h"

#include <zip.h>

#include <cstdio>
#include <set>
#include <vector>

#include "engine/sheet/inside/refusal.h"
#include "engine/text/text.h"

namespace tenglong::sheet {
namespace {

constexpr std::uint64_t kRatioMatters = 16ull << 20;

std::string mebibytes(std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

Words reason_of(zip_error_t* error) {
  const std::string en = zip_error_strerror(error);
  switch (zip_error_code_zip(error)) {
    case ZIP_ER_NOZIP:
    case ZIP_ER_INCONS:
      return {"找不到压缩包的目录，文件可能被截断", en};
    case ZIP_ER_CRC:
      return {"校验不符", en};
    case ZIP_ER_ZLIB:
    case ZIP_ER_EOF:
    case ZIP_ER_READ:
    case ZIP_ER_SEEK:
      return {"解压到一半出错", en};
    case ZIP_ER_COMPNOTSUPP:
    case ZIP_ER_ENCRNOTSUPP:
    case ZIP_ER_NOPASSWD:
      return {"压缩或加密的方式不能识别", en};
    default:
      return {en, en};
  }
}

// An exact name is looked up, one in other letters is searched for.
zip_int64_t locate(zip_t* zip, const std::string& part) {
  const zip_int64_t exact = zip_name_locate(zip, part.c_str(), 0);
  return exact >= 0 ? exact : zip_name_locate(zip, part.c_str(), ZIP_FL_NOCASE);
}

class PartSource final : public ByteSource {
 public:
  PartSource(zip_file_t* file, std::uint64_t packed, std::string file_name, std::string part,
             const Limits& limits)
      : file_(file),
        packed_(packed),
        file_name_(std::move(file_name)),
        part_(std::move(part)),
        limits_(limits) {}
  ~PartSource() override { zip_fclose(file_); }
  PartSource(const PartSource&) = delete;
  PartSource& operator=(const PartSource&) = delete;

  std::size_t read(char* into, std::size_t size) override {
    if (trouble_) return 0;
    const zip_int64_t count = zip_fread(file_, into, size);
    if (count < 0) {
      trouble_ = damaged({.file = file_name_}, part_, reason_of(zip_file_get_error(file_)));
      return 0;
    }
    unpacked_ += static_cast<std::uint64_t>(count);
    if (unpacked_ > limits_.unpacked_bytes)
      trouble_ =
          too_large({.file = file_name_}, {"解开后", "its unpacked size"}, mebibytes(limits_.unpacked_bytes));
    else if (unpacked_ > kRatioMatters && unpacked_ / limits_.packing_ratio > packed_)
      trouble_ = too_large({.file = file_name_}, {"压缩倍数", "the packing ratio"},
                           std::to_string(limits_.packing_ratio));
    return trouble_ ? 0 : static_cast<std::size_t>(count);
  }
  std::optional<Diagnostic> trouble() const override { return trouble_; }

 private:
  zip_file_t* file_;
  std::uint64_t packed_;
  std::uint64_t unpacked_ = 0;
  std::string file_name_;
  std::string part_;
  const Limits& limits_;
  std::optional<Diagnostic> trouble_;
};

// libzip reads the whole directory at once, so the number of entries is looked up before it does: at the end
// record "PK\5\6", 22 bytes and a comment of at most 64 KiB before the end of the file.
int entry_count(std::string_view tail) {
  const std::size_t at = tail.rfind("PK\5\6");
  if (at == std::string_view::npos || at + 12 > tail.size()) return 0;
  return static_cast<unsigned char>(tail[at + 10]) | static_cast<unsigned char>(tail[at + 11]) << 8;
}
std::string tail_of_file(const std::string& path) {
  constexpr long kTail = 22 + (64 << 10);
  std::string tail;
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (!file) return tail;
  std::fseek(file, 0, SEEK_END);
  const long size = std::ftell(file);
  std::fseek(file, size > kTail ? size - kTail : 0, SEEK_SET);
  tail.resize(static_cast<std::size_t>(std::min(std::max(size, 0L), kTail)));
  tail.resize(std::fread(tail.data(), 1, tail.size(), file));
  std::fclose(file);
  return tail;
}

}  // namespace

Package::Package(std::string file_name, std::string bytes, const Limits& limits)
    : file_name_(std::move(file_name)), bytes_(std::move(bytes)), limits_(limits) {}

Package::~Package() {
  if (zip_) zip_discard(zip_);
}

std::unique_ptr<Package> Package::open(const std::string& file_name, const std::string& path,
                                       std::string bytes, const Limits& limits, Diagnostics& diagnostics) {
  const int entries =
      entry_count(path.empty() ? std::string_view(bytes) : std::string_view(tail_of_file(path)));
  if (entries > limits.entries) {
    diagnostics.push_back(too_large({.file = file_name}, {"包内文件数", "the number of parts"},
                                    std::to_string(limits.entries)));
    return nullptr;
  }
  std::unique_ptr<Package> package(new Package(file_name, std::move(bytes), limits));
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source =
      path.empty() ? zip_source_buffer_create(package->bytes_.data(), package->bytes_.size(), 0, &error)
                   : zip_source_file_create(path.c_str(), 0, 0, &error);
  if (source) package->zip_ = zip_open_from_source(source, ZIP_RDONLY, &error);
  if (!package->zip_) {
    diagnostics.push_back(damaged({.file = file_name}, "", reason_of(&error)));
    if (source) zip_source_free(source);
    zip_error_fini(&error);
    return nullptr;
  }
  zip_error_fini(&error);
  // Two parts of one name: which of them a program shows is up to the program.
  std::set<std::string> names;
  const zip_int64_t count = zip_get_num_entries(package->zip_, 0);
  for (zip_int64_t i = 0; i < count; ++i)
    if (const char* name = zip_get_name(package->zip_, static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
        name && !names.insert(text::ascii_lower(name)).second) {
      diagnostics.push_back(damaged({.file = file_name},
                                    text::is_utf8(name) ? std::string(name).substr(0, 80) : "",
                                    {"包内有两份同名的内容", "two parts have the same name"}));
      return nullptr;
    }
  return package;
}

std::optional<std::string> Package::find(const std::string& part) const {
  const zip_int64_t index = locate(zip_, part);
  if (index < 0) return std::nullopt;
  const char* name = zip_get_name(zip_, static_cast<zip_uint64_t>(index), 0);
  return name ? std::optional<std::string>(name) : std::nullopt;
}

std::unique_ptr<ByteSource> Package::part(const std::string& part, Diagnostics& diagnostics) const {
  const zip_int64_t index = locate(zip_, part);
  zip_stat_t about;
  zip_stat_init(&about);
  if (index < 0 || zip_stat_index(zip_, static_cast<zip_uint64_t>(index), 0, &about) != 0) {
    diagnostics.push_back(damaged({.file = file_name_}, part, {"没有这一部分", "this part is missing"}));
    return nullptr;
  }
  zip_file_t* file = zip_fopen_index(zip_, static_cast<zip_uint64_t>(index), 0);
  if (!file) {
    diagnostics.push_back(damaged({.file = file_name_}, part, reason_of(zip_get_error(zip_))));
    return nullptr;
  }
  return std::make_unique<PartSource>(file, about.comp_size, file_name_, part, limits_);
}

std::optional<std::string> Package::whole(const std::string& name, Diagnostics& diagnostics) const {
  const std::unique_ptr<ByteSource> source = part(name, diagnostics);
  if (!source) return std::nullopt;
  std::string bytes;
  std::vector<char> piece(256 << 10);
  while (const std::size_t count = source->read(piece.data(), piece.size()))
    bytes.append(piece.data(), count);
  if (source->trouble()) {
    diagnostics.push_back(*source->trouble());
    return std::nullopt;
  }
  return bytes;
}

}  // namespace tenglong::sheet
