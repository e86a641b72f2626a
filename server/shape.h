// What a JSON value looks like: one description, from which the check and the OpenAPI document are both made.
//
// In:    descriptions written beside the routes. Out: every mistake of a value at its JSON pointer
// (E-SERVER-20x);
//        a JSON Schema (2020-12, as OpenAPI 3.1 wants it).
// Never: a number for an id or an exact decimal: both are strings.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diagnostic/diagnostic.h"
#include "engine/text/json_writer.h"
#include "server/json.h"

namespace tenglong::server {

struct Member;

class Shape {
 public:
  enum class Kind { Text, Decimal, Integer, Boolean, Date, Choice, List, Object, Map, Any };

  static Shape text(std::size_t most = 4000, std::size_t least = 0);
  static Shape decimal();  // "12.5", as a string
  static Shape integer(std::int64_t least, std::int64_t most);
  static Shape count() { return integer(0, INT64_MAX); }
  static Shape boolean();
  static Shape date();  // 2023-12-31
  static Shape choice(std::vector<std::string> words);
  static Shape list(Shape of, std::size_t most = 1000000);
  // Named: a component of the OpenAPI document. The name is ASCII.
  static Shape object(const char* name, std::vector<Member> members);
  static Shape map(Shape of);  // any names, values alike
  static Shape any();          // what the schema of a register decides
  // A named object inside itself: the tree of reasons. Not looked into when checked.
  static Shape reference(const char* name);
  Shape or_null() const;

  Kind kind() const;
  const std::string& name() const;  // of a named object
  // All mistakes at once. `place` is body, query or path.
  void check(const Json& value, const char* place, diagnostic::Diagnostics& told) const;
  // A value of a query or a path, which has no type of its own.
  void check_text(std::string_view written, const char* place, std::string_view name,
                  diagnostic::Diagnostics& told) const;
  // Named objects as $ref; `meaning` goes beside it as the description.
  void write(text::JsonWriter& out, const char* meaning = "") const;
  void write_whole(text::JsonWriter& out, const char* meaning = "") const;
  // Named objects used, itself first, each once.
  void collect(std::vector<Shape>& into) const;

  struct Node;

 private:
  explicit Shape(std::shared_ptr<const Node> node) : node_(std::move(node)) {}
  void check_at(const Json& value, const char* place, const std::string& pointer,
                diagnostic::Diagnostics& told) const;
  std::shared_ptr<const Node> node_;
};

enum class Presence { Required, Optional };
struct Member {
  const char* name;
  Shape shape;
  const char* meaning;  // one line, English
  Presence presence = Presence::Required;
};

// {value, unit, state, period, source, clause}: how every number travels.
const Shape& figure_shape();
const Shape& words_shape();       // {zh, en}
const Shape& diagnostic_shape();  // of a problem answer
const Shape& problem_shape();     // RFC 9457

}  // namespace tenglong::server
