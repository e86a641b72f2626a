#include "engine/text/json_writer.h"

#include "engine/text/ensure.h"
#include "engine/text/text.h"

namespace tenglong::text {

namespace {

constexpr char kHex[] = "0123456789abcdef";

bool is_json_number(std::string_view number) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t begin = at;
    while (at < number.size() && number[at] >= '0' && number[at] <= '9') ++at;
    return at - begin;
  };
  if (at < number.size() && number[at] == '-') ++at;
  const std::size_t first = at;
  const std::size_t whole = digits();
  if (whole == 0 || (whole > 1 && number[first] == '0')) return false;
  if (at < number.size() && number[at] == '.' && (++at, digits() == 0)) return false;
  if (at < number.size() && (number[at] == 'e' || number[at] == 'E')) {
    ++at;
    if (at < number.size() && (number[at] == '+' || number[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == number.size();
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      if (static_cast<unsigned char>(c) < 0x20) {
        out += "\\u00";
        out += kHex[static_cast<unsigned char>(c) >> 4];
        out += kHex[static_cast<unsigned char>(c) & 15];
      } else {
        out += c;
      }
  }
}

}  // namespace

std::string json_quoted(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + 2);
  out += '"';
  for (std::size_t offset = 0; offset < bytes.size();) {
    if (static_cast<unsigned char>(bytes[offset]) < 0x80)
      append_escaped(out, bytes[offset++]);
    else
      append_code_point(out, next_code_point(bytes, offset));
  }
  return out += '"';
}

void JsonWriter::begin_value() {
  if (levels_.empty()) {
    ensure(out_.empty(), "a JSON text is one value");
    return;
  }
  Level& level = levels_.back();
  if (level.kind == Kind::Object) {
    ensure(after_key_, "a value in an object follows its key");
    after_key_ = false;
    return;
  }
  if (level.has_member) out_ += ',';
  level.has_member = true;
}

void JsonWriter::begin(Kind kind, char mark) {
  begin_value();
  out_ += mark;
  levels_.push_back({kind, false});
}

void JsonWriter::end(Kind kind, char mark) {
  ensure(!levels_.empty() && levels_.back().kind == kind && !after_key_,
         "the end closes what was begun last");
  levels_.pop_back();
  out_ += mark;
}

JsonWriter& JsonWriter::begin_object() {
  begin(Kind::Object, '{');
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  end(Kind::Object, '}');
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  begin(Kind::Array, '[');
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  end(Kind::Array, ']');
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  ensure(!levels_.empty() && levels_.back().kind == Kind::Object && !after_key_,
         "a key stands in an object, before its value");
  if (levels_.back().has_member) out_ += ',';
  levels_.back().has_member = true;
  out_ += json_quoted(name);
  out_ += ':';
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view value) {
  begin_value();
  out_ += json_quoted(value);
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  begin_value();
  out_ += std::to_string(value);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  begin_value();
  out_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::null() {
  begin_value();
  out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::number(std::string_view number) {
  ensure(is_json_number(number), "number() takes a JSON number");
  begin_value();
  out_ += number;
  return *this;
}

}  // namespace tenglong::text
