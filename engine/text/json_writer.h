// Writes JSON to a string, in the order it is told. Decimals are written as the text they are.
//
// In:    begin/key/value calls in a legal order (ensure() otherwise). Out: compact UTF-8, no blanks, \u only
// below U+0020;
//        a broken byte is written as U+FFFD, so the text is always JSON.
// Never: reads JSON; reorders keys; turns a decimal into a double.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tenglong::text {

std::string json_quoted(std::string_view bytes);

class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& string(std::string_view value);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  // `number` must already be a JSON number, e.g. Decimal::to_string(); ensure() otherwise.
  JsonWriter& number(std::string_view number);
  // Shorthands for object members.
  JsonWriter& member(std::string_view name, std::string_view value) { return key(name).string(value); }
  JsonWriter& member(std::string_view name, const char* value) { return key(name).string(value); }
  JsonWriter& member(std::string_view name, std::int64_t value) { return key(name).integer(value); }
  JsonWriter& member(std::string_view name, int value) { return key(name).integer(value); }
  JsonWriter& member(std::string_view name, bool value) { return key(name).boolean(value); }

  const std::string& text() const { return out_; }
  std::string take() { return std::move(out_); }  // the writer is spent

 private:
  enum class Kind : std::uint8_t { Object, Array };
  struct Level {
    Kind kind;
    bool has_member;
  };
  void begin_value();
  void begin(Kind kind, char mark);
  void end(Kind kind, char mark);
  std::string out_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

}  // namespace tenglong::text
