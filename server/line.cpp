#include "server/inside/line.h"

#include "engine/text/json_writer.h"

namespace tenglong::server {

void Line::put_quoted(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' || c == '\x7f')
      return put(text::json_quoted(text));
  put("\"");
  put(text);
  put("\"");
}

void Line::grow(std::size_t more) {
  const std::size_t size = text().size();
  std::vector<char> next(2 * size + more);
  std::memcpy(next.data(), from_, size);
  longer_ = std::move(next);
  from_ = longer_.data();
  at_ = from_ + size;
  end_ = from_ + longer_.size();
}

}  // namespace tenglong::server
