#include "store/inside/payload.h"

#include <algorithm>

#include "engine/text/text.h"

namespace tenglong::store {

namespace {

constexpr char kValuePart = '\x1F';
constexpr char kValueEnd = '\x1E';
constexpr char kListPart = '\x1D';  // the separator of a list's keys, which is kValueEnd outside a payload

struct KindOf {
  char operator()(std::monostate) const { return 'M'; }
  char operator()(bool) const { return 'b'; }
  char operator()(const quantity::Decimal&) const { return 'n'; }
  char operator()(const std::string&) const { return 's'; }
  char operator()(const calendar::Date&) const { return 'd'; }
};

// Separators inside a text would end it early: those of a list have a sign of their own, other control
// characters mean nothing in a register and become blanks.
void append_clean(std::string& out, std::string_view text) {
  for (const char c : text) out += c == kValueEnd ? kListPart : c == kValuePart || c == kListPart ? ' ' : c;
}
std::string as_written(std::string_view text) {
  std::string out(text);
  std::replace(out.begin(), out.end(), kListPart, kValueEnd);
  return out;
}

registers::Scalar read_value(char kind, std::string_view text) {
  switch (kind) {
    case 'n':
      if (const auto number = quantity::Decimal::parse(text)) return *number;
      return {};
    case 'b':
      return text == "true";
    case 'd':
      if (const auto date = calendar::Date::parse(text)) return *date;
      return {};
    case 's':
      return as_written(text);
    default:
      return {};
  }
}

}  // namespace

std::string encode_values(const std::vector<registers::FieldValue>& values,
                          const std::vector<std::string>& field_ids) {
  std::string out;
  for (const registers::FieldValue& value : values) {
    out += field_ids[static_cast<std::size_t>(value.field)];
    out += kValuePart;
    out += value.state == quantity::State::NotApplicable ? 'A'
           : value.state == quantity::State::Known       ? std::visit(KindOf{}, value.value)
                                                         : 'M';
    out += kValuePart;
    append_clean(out, registers::to_text(value.value));
    out += kValuePart;
    append_clean(out, value.cell);
    out += kValueEnd;
  }
  return out;
}

std::vector<registers::FieldValue> decode_values(std::string_view payload,
                                                 const std::vector<std::string>& field_ids) {
  std::vector<registers::FieldValue> values;
  auto next = field_ids.begin();  // values stand in the order of the fields, as a rule
  while (!payload.empty()) {
    const std::size_t end = payload.find(kValueEnd);
    std::string_view rest = payload.substr(0, end);
    payload = end == std::string_view::npos ? std::string_view{} : payload.substr(end + 1);
    std::string_view parts[4];
    std::size_t count = 0;
    for (std::size_t at; count < 3 && (at = rest.find(kValuePart)) != std::string_view::npos; ++count) {
      parts[count] = rest.substr(0, at);
      rest.remove_prefix(at + 1);
    }
    if (count != 3 || rest.find(kValuePart) != std::string_view::npos || parts[1].size() != 1) continue;
    parts[3] = rest;
    auto field = std::find(next, field_ids.end(), parts[0]);
    if (field == field_ids.end()) {
      field = std::find(field_ids.begin(), next, parts[0]);
      if (field == next) continue;
    }
    next = field + 1;
    registers::FieldValue value{.field = static_cast<int>(field - field_ids.begin())};
    const char kind = parts[1][0];
    value.state = kind == 'A'   ? quantity::State::NotApplicable
                  : kind == 'M' ? quantity::State::Missing
                                : quantity::State::Known;
    if (value.state == quantity::State::Known) value.value = read_value(kind, parts[2]);
    value.cell = std::string(parts[3]);
    values.push_back(std::move(value));
  }
  std::stable_sort(values.begin(), values.end(),
                   [](const auto& a, const auto& b) { return a.field < b.field; });
  return values;
}

}  // namespace tenglong::store
