#include "engine/schema/attachment.h"

#include <algorithm>
#include <charconv>

#include "engine/fingerprint/fingerprint.h"

namespace tenglong::schema {
namespace {

constexpr std::string_view kScheme = "sm3:";
constexpr std::size_t kHexDigits = 64;

bool is_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && std::none_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '/' || c == '\\';
  });
}

}  // namespace

std::optional<Attachment> read_attachment(std::string_view text) {
  if (!text.starts_with(kScheme)) return std::nullopt;
  text.remove_prefix(kScheme.size());
  if (text.size() < kHexDigits + 1 || text[kHexDigits] != '/') return std::nullopt;
  Attachment read{.fingerprint = std::string(text.substr(0, kHexDigits))};
  if (read.fingerprint.find_first_not_of("0123456789abcdef") != std::string::npos) return std::nullopt;
  text.remove_prefix(kHexDigits + 1);
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), read.size);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (failed != std::errc{} || read.size < 0 || std::to_string(read.size).size() != digits ||
      digits >= text.size() || text[digits] != '/')
    return std::nullopt;
  read.name = std::string(text.substr(digits + 1));
  return is_name(read.name) ? std::optional(std::move(read)) : std::nullopt;
}

std::string to_text(const Attachment& attachment) {
  return std::string(kScheme) + attachment.fingerprint + "/" + std::to_string(attachment.size) + "/" +
         attachment.name;
}

std::optional<Attachment> attachment_of(std::string_view path, std::string_view bytes) {
  const std::size_t slash = path.find_last_of("/\\");
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  if (!is_name(name)) return std::nullopt;
  return Attachment{.fingerprint = fingerprint::of_bytes(bytes),
                    .size = static_cast<std::int64_t>(bytes.size()),
                    .name = std::string(name)};
}

}  // namespace tenglong::schema
