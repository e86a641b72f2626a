// 附件: which file a record points to. The bytes are kept elsewhere, under their fingerprint.
//
// In:    a value as written, or a file's bytes and name. Out: the parts, and their one canonical text:
// "sm3:<64 hex digits>/<bytes>/<name>". Never: opens a file.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tenglong::schema {

struct Attachment {
  std::string fingerprint;  // SM3, lower-case hex
  std::int64_t size = 0;    // bytes
  std::string name;         // without folders
  friend bool operator==(const Attachment&, const Attachment&) = default;
};

std::optional<Attachment> read_attachment(std::string_view text);
std::string to_text(const Attachment& attachment);
// Folders before the name are dropped; nullopt if no name is left or it holds control characters.
std::optional<Attachment> attachment_of(std::string_view path, std::string_view bytes);

}  // namespace tenglong::schema
