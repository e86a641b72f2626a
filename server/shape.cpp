#include "server/shape.h"

#include <algorithm>

#include "engine/calendar/date.h"
#include "engine/text/text.h"

namespace tenglong::server {

struct Shape::Node {
  Kind kind = Kind::Any;
  std::string name = {};
  std::int64_t least = 0, most = 0;
  std::vector<std::string> words = {};
  std::vector<Shape> of = {};  // one, of lists and maps
  std::vector<Member> members = {};
  bool may_be_null = false;
};

namespace {

using diagnostic::Diagnostics;

void tell(Diagnostics& told, const char* code, const char* place, const std::string& pointer,
          text::Words message, text::Words advice = {}) {
  diagnostic::Diagnostic out;
  out.code = code;
  out.place.file = place;
  out.place.cell = pointer;
  out.message = std::move(message);
  out.advice = std::move(advice);
  told.push_back(std::move(out));
}

std::string escaped(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

bool is_decimal(std::string_view text) {
  std::size_t at = !text.empty() && text[0] == '-' ? 1 : 0;
  std::size_t digits = 0;
  bool point = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !point && digits > 0 && at + 1 < text.size())
      point = true;
    else if (text[at] >= '0' && text[at] <= '9')
      ++digits;
    else
      return false;
  }
  return digits > 0 && digits <= 34;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  if (text.empty() || text.size() > 19) return std::nullopt;
  std::int64_t out = 0;
  const bool negative = text[0] == '-';
  if (negative && text.size() == 1) return std::nullopt;
  for (std::size_t i = negative ? 1 : 0; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    if (__builtin_mul_overflow(out, 10, &out) || __builtin_add_overflow(out, text[i] - '0', &out))
      return std::nullopt;
  }
  return negative ? -out : out;
}

text::Words name_of(Shape::Kind kind) {
  using Kind = Shape::Kind;
  switch (kind) {
    case Kind::Text:
    case Kind::Choice:
      return {"文字", "text"};
    case Kind::Decimal:
      return {"写成文字的小数，如 \"12.5\"", "a decimal written as a string, such as \"12.5\""};
    case Kind::Integer:
      return {"整数", "an integer"};
    case Kind::Boolean:
      return {"true 或 false", "true or false"};
    case Kind::Date:
      return {"日期，如 \"2023-12-31\"", "a date such as \"2023-12-31\""};
    case Kind::List:
      return {"列表", "a list"};
    case Kind::Object:
    case Kind::Map:
      return {"对象", "an object"};
    case Kind::Any:
      break;
  }
  return {"任何值", "any value"};
}

void wrong_type(Diagnostics& told, const char* place, const std::string& pointer, Shape::Kind kind) {
  const text::Words name = name_of(kind);
  tell(told, "E-SERVER-204", place, pointer, {"这里应是" + name.zh + "。", "This must be " + name.en + "."});
}

// Of the kinds that are written as one text.
void check_word(const Shape::Node& node, std::string_view written, const char* place,
                const std::string& pointer, Diagnostics& told) {
  using Kind = Shape::Kind;
  if (node.kind == Kind::Text) {
    const auto size = static_cast<std::int64_t>(text::code_point_count(written));
    if (size < node.least)
      tell(told, "E-SERVER-205", place, pointer,
           {node.least == 1 ? "这一项不能空。" : "至少要 " + std::to_string(node.least) + " 个字。",
            "At least " + std::to_string(node.least) + " characters are needed."});
    if (size > node.most)
      tell(told, "E-SERVER-205", place, pointer,
           {"最多 " + std::to_string(node.most) + " 个字，现有 " + std::to_string(size) + " 个。",
            "At most " + std::to_string(node.most) + " characters; there are " + std::to_string(size) + "."});
  } else if (node.kind == Kind::Decimal) {
    if (!is_decimal(written)) wrong_type(told, place, pointer, node.kind);
  } else if (node.kind == Kind::Date) {
    if (!calendar::Date::parse(written)) wrong_type(told, place, pointer, node.kind);
  } else if (node.kind == Kind::Choice) {
    if (std::find(node.words.begin(), node.words.end(), written) != node.words.end()) return;
    std::string all;
    for (const std::string& word : node.words) all += (all.empty() ? "" : "、") + word;
    const std::string near = text::nearest(written, node.words);
    tell(told, "E-SERVER-205", place, pointer,
         {"“" + std::string(written) + "”不在可选之列：" + all + "。",
          "“" + std::string(written) + "” is none of: " + all + "."},
         near.empty() ? text::Words{} : text::Words{"是“" + near + "”吗？", "Did you mean “" + near + "”?"});
  }
}

void check_integer(const Shape::Node& node, std::string_view written, const char* place,
                   const std::string& pointer, Diagnostics& told) {
  const auto number = whole_number(written);
  if (!number) return wrong_type(told, place, pointer, Shape::Kind::Integer);
  if (*number < node.least || *number > node.most)
    tell(told, "E-SERVER-205", place, pointer,
         {"应在 " + std::to_string(node.least) + " 与 " + std::to_string(node.most) + " 之间。",
          "Must be from " + std::to_string(node.least) + " to " + std::to_string(node.most) + "."});
}

}  // namespace

Shape Shape::text(std::size_t most, std::size_t least) {
  return Shape(std::make_shared<Node>(Node{.kind = Kind::Text,
                                           .least = static_cast<std::int64_t>(least),
                                           .most = static_cast<std::int64_t>(most)}));
}
Shape Shape::decimal() { return Shape(std::make_shared<Node>(Node{.kind = Kind::Decimal})); }
Shape Shape::integer(std::int64_t least, std::int64_t most) {
  return Shape(std::make_shared<Node>(Node{.kind = Kind::Integer, .least = least, .most = most}));
}
Shape Shape::boolean() { return Shape(std::make_shared<Node>(Node{.kind = Kind::Boolean})); }
Shape Shape::date() { return Shape(std::make_shared<Node>(Node{.kind = Kind::Date})); }
Shape Shape::choice(std::vector<std::string> words) {
  return Shape(std::make_shared<Node>(Node{.kind = Kind::Choice, .words = std::move(words)}));
}
Shape Shape::list(Shape of, std::size_t most) {
  return Shape(std::make_shared<Node>(
      Node{.kind = Kind::List, .most = static_cast<std::int64_t>(most), .of = {std::move(of)}}));
}
Shape Shape::object(const char* name, std::vector<Member> members) {
  return Shape(
      std::make_shared<Node>(Node{.kind = Kind::Object, .name = name, .members = std::move(members)}));
}
Shape Shape::map(Shape of) {
  return Shape(std::make_shared<Node>(Node{.kind = Kind::Map, .of = {std::move(of)}}));
}
Shape Shape::any() { return Shape(std::make_shared<Node>(Node{.kind = Kind::Any})); }
Shape Shape::reference(const char* name) {
  return Shape(std::make_shared<Node>(Node{.kind = Kind::Any, .name = name}));
}
Shape Shape::or_null() const {
  Node copy = *node_;
  copy.may_be_null = true;
  return Shape(std::make_shared<Node>(std::move(copy)));
}
Shape::Kind Shape::kind() const { return node_->kind; }
const std::string& Shape::name() const { return node_->name; }

void Shape::check(const Json& value, const char* place, Diagnostics& told) const {
  check_at(value, place, "", told);
}

void Shape::check_at(const Json& value, const char* place, const std::string& pointer,
                     Diagnostics& told) const {
  const Node& node = *node_;
  if (value.kind == Json::Kind::Null && (node.may_be_null || node.kind == Kind::Any)) return;
  const auto is = [&](Json::Kind expected) {
    if (value.kind == expected) return true;
    wrong_type(told, place, pointer, node.kind);
    return false;
  };
  switch (node.kind) {
    case Kind::Text:
    case Kind::Decimal:
    case Kind::Date:
    case Kind::Choice:
      if (is(Json::Kind::String)) check_word(node, value.text, place, pointer, told);
      return;
    case Kind::Integer:
      if (is(Json::Kind::Number)) check_integer(node, value.text, place, pointer, told);
      return;
    case Kind::Boolean:
      is(Json::Kind::Boolean);
      return;
    case Kind::List:
      if (!is(Json::Kind::Array)) return;
      if (value.items.size() > static_cast<std::size_t>(node.most))
        tell(told, "E-SERVER-205", place, pointer,
             {"最多 " + std::to_string(node.most) + " 项，现有 " + std::to_string(value.items.size()) +
                  " 项。",
              "At most " + std::to_string(node.most) + " items; there are " +
                  std::to_string(value.items.size()) + "."});
      for (std::size_t i = 0; i < value.items.size(); ++i)
        node.of[0].check_at(value.items[i], place, pointer + "/" + std::to_string(i), told);
      return;
    case Kind::Map:
      if (!is(Json::Kind::Object)) return;
      for (const auto& [name, member] : value.members)
        node.of[0].check_at(member, place, pointer + "/" + escaped(name), told);
      return;
    case Kind::Object: {
      if (!is(Json::Kind::Object)) return;
      std::vector<std::string> known;
      for (const Member& member : node.members) {
        known.emplace_back(member.name);
        const Json* found = value.find(member.name);
        const std::string at = pointer + "/" + member.name;
        if (found != nullptr)
          member.shape.check_at(*found, place, at, told);
        else if (member.presence == Presence::Required)
          tell(
              told, "E-SERVER-202", place, at,
              {std::string("缺少“") + member.name + "”。", std::string("“") + member.name + "” is missing."});
      }
      for (const auto& [name, member] : value.members) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        const std::string near = text::nearest(name, known);
        tell(told, "E-SERVER-203", place, pointer + "/" + escaped(name),
             {"没有“" + name + "”这一项。", "There is no member “" + name + "”."},
             near.empty() ? text::Words{"删去它。", "Leave it out."}
                          : text::Words{"是“" + near + "”吗？", "Did you mean “" + near + "”?"});
      }
      return;
    }
    case Kind::Any:
      return;
  }
}

void Shape::check_text(std::string_view written, const char* place, std::string_view name,
                       Diagnostics& told) const {
  const std::string pointer = "/" + escaped(name);
  if (node_->kind == Kind::Integer) return check_integer(*node_, written, place, pointer, told);
  if (node_->kind == Kind::Boolean) {
    if (written != "true" && written != "false") wrong_type(told, place, pointer, node_->kind);
    return;
  }
  check_word(*node_, written, place, pointer, told);
}

void Shape::write(text::JsonWriter& out, const char* meaning) const {
  if (node_->name.empty()) return write_whole(out, meaning);
  const std::string reference = "#/components/schemas/" + node_->name;
  out.begin_object();
  if (node_->may_be_null) {
    out.key("oneOf").begin_array();
    out.begin_object().member("$ref", reference).end_object();
    out.begin_object().member("type", "null").end_object();
    out.end_array();
  } else {
    out.member("$ref", reference);
  }
  if (meaning[0] != '\0') out.member("description", meaning);
  out.end_object();
}

void Shape::write_whole(text::JsonWriter& out, const char* meaning) const {
  const Node& node = *node_;
  const auto type = [&](const char* name) {
    out.key("type");
    if (node.may_be_null && node.name.empty())
      out.begin_array().string(name).string("null").end_array();
    else
      out.string(name);
  };
  out.begin_object();
  switch (node.kind) {
    case Kind::Text:
      type("string");
      if (node.least > 0) out.member("minLength", node.least);
      out.member("maxLength", node.most);
      break;
    case Kind::Decimal:
      type("string");
      out.member("pattern", "^-?[0-9]+(\\.[0-9]+)?$");
      break;
    case Kind::Integer:
      type("integer");
      out.member("minimum", node.least);
      if (node.most < INT64_MAX) out.member("maximum", node.most);
      break;
    case Kind::Boolean:
      type("boolean");
      break;
    case Kind::Date:
      type("string");
      out.member("format", "date");
      break;
    case Kind::Choice:
      type("string");
      out.key("enum").begin_array();
      for (const std::string& word : node.words) out.string(word);
      if (node.may_be_null) out.null();
      out.end_array();
      break;
    case Kind::List:
      type("array");
      out.member("maxItems", node.most);
      out.key("items");
      node.of[0].write(out);
      break;
    case Kind::Map:
      type("object");
      out.key("additionalProperties");
      node.of[0].write(out);
      break;
    case Kind::Object: {
      type("object");
      out.key("required").begin_array();
      for (const Member& member : node.members)
        if (member.presence == Presence::Required) out.string(member.name);
      out.end_array();
      out.key("properties").begin_object();
      for (const Member& member : node.members) {
        out.key(member.name);
        member.shape.write(out, member.meaning);
      }
      out.end_object();
      out.member("additionalProperties", false);
      break;
    }
    case Kind::Any:
      break;
  }
  if (meaning[0] != '\0') out.member("description", meaning);
  out.end_object();
}

void Shape::collect(std::vector<Shape>& into) const {
  if (!node_->name.empty()) {
    for (const Shape& known : into)
      if (known.name() == node_->name) return;
    into.push_back(*this);
  }
  for (const Shape& of : node_->of) of.collect(into);
  for (const Member& member : node_->members) member.shape.collect(into);
}

const Shape& words_shape() {
  static const Shape shape = Shape::object(
      "Spoken", {{"zh", Shape::text(100000), "Chinese"}, {"en", Shape::text(100000), "English"}});
  return shape;
}

const Shape& figure_shape() {
  static const Shape shape = Shape::object(
      "Figure",
      {{"value", Shape::decimal(), "exact decimal; absent unless the state is known", Presence::Optional},
       {"unit", Shape::text(), "as printed; absent for a plain number", Presence::Optional},
       {"state", Shape::choice({"known", "missing", "not_applicable", "disputed", "hidden", "gap"}),
        "why there is no value"},
       {"period", Shape::text(), "of the figure: 2023, 2023-05", Presence::Optional},
       {"source", Shape::text(), "document, or file!sheet!cell", Presence::Optional},
       {"clause", Shape::text(), "clause id as printed", Presence::Optional},
       {"mark", Shape::text(), "sample data, default not confirmed", Presence::Optional},
       {"reason", words_shape(), "why the state", Presence::Optional}});
  return shape;
}

const Shape& diagnostic_shape() {
  static const Shape shape = Shape::object(
      "Diagnostic",
      {{"code", Shape::text(), "explained in docs/errors.md"},
       {"severity", Shape::choice({"error", "warning", "note"}), ""},
       {"in", Shape::text(), "body, query, path, or a file"},
       {"pointer", Shape::text(), "JSON pointer into the body, or /name of a parameter", Presence::Optional},
       {"line", Shape::count(), "", Presence::Optional},
       {"column", Shape::count(), "", Presence::Optional},
       {"sheet", Shape::text(), "", Presence::Optional},
       {"cell", Shape::text(), "", Presence::Optional},
       {"clause", Shape::text(), "", Presence::Optional},
       {"message", words_shape(), "what is wrong"},
       {"advice", words_shape(), "what to do next", Presence::Optional}});
  return shape;
}

const Shape& problem_shape() {
  static const Shape shape = Shape::object(
      "Problem", {{"type", Shape::text(), "urn:tenglong:error:E-SERVER-303"},
                  {"title", words_shape(), "one sentence"},
                  {"status", Shape::integer(400, 599), "as in the status line"},
                  {"detail", words_shape(), "what to do next"},
                  {"request", Shape::text(), "number to quote"},
                  {"diagnostics", Shape::list(diagnostic_shape()), "every mistake"},
                  {"current", Shape::any(), "of a conflict: what stands now", Presence::Optional},
                  {"sent", Shape::any(), "of a conflict: what was sent", Presence::Optional}});
  return shape;
}

}  // namespace tenglong::server
