#include "campaign/trail/event.h"

#include <algorithm>

namespace tenglong::trail {

namespace {

constexpr std::string_view kMagic = "TLE1";

void put_number(std::string& out, std::uint64_t value, int bytes) {
  for (int i = bytes; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xff);
}
void put_text(std::string& out, std::string_view text) {
  put_number(out, text.size(), 4);
  out += text;
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  std::optional<std::uint64_t> number(std::size_t bytes) {
    if (rest_.size() < bytes) return std::nullopt;
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < bytes; ++i) out = out << 8 | static_cast<unsigned char>(rest_[i]);
    rest_.remove_prefix(bytes);
    return out;
  }
  bool text(std::string& out) {
    const auto size = number(4);
    if (!size || rest_.size() < *size) return false;
    out = rest_.substr(0, *size);
    rest_.remove_prefix(*size);
    return true;
  }
  bool is_at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

std::string encode(Event event) {
  std::sort(event.details.begin(), event.details.end());
  std::string out(kMagic);
  put_number(out, static_cast<std::uint64_t>(event.number), 8);
  for (const std::string* each :
       {&event.area, &event.at, &event.account, &event.unit, &event.on_behalf_of, &event.request,
        &event.operation, &event.kind, &event.object, &event.before, &event.after})
    put_text(out, *each);
  put_number(out, event.details.size(), 4);
  for (const auto& [name, value] : event.details) {
    put_text(out, name);
    put_text(out, value);
  }
  return out;
}

std::optional<Event> decode(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return std::nullopt;
  Reader reader(bytes.substr(kMagic.size()));
  Event out;
  const auto number = reader.number(8);
  if (!number || *number == 0 || *number > INT64_MAX) return std::nullopt;
  out.number = static_cast<std::int64_t>(*number);
  for (std::string* each : {&out.area, &out.at, &out.account, &out.unit, &out.on_behalf_of, &out.request,
                            &out.operation, &out.kind, &out.object, &out.before, &out.after})
    if (!reader.text(*each)) return std::nullopt;
  const auto count = reader.number(4);
  if (!count || *count > bytes.size()) return std::nullopt;
  for (std::uint64_t i = 0; i < *count; ++i) {
    std::pair<std::string, std::string> detail;
    if (!reader.text(detail.first) || !reader.text(detail.second)) return std::nullopt;
    if (!out.details.empty() && out.details.back().first >= detail.first) return std::nullopt;
    out.details.push_back(std::move(detail));
  }
  if (!reader.is_at_end()) return std::nullopt;
  return out;
}

}  // namespace tenglong::trail
