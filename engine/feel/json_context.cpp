#include "engine/feel/json_context.h"

#include <algorithm>

#include "engine/feel/evaluate.h"
#include "engine/text/text.h"

namespace tenglong::feel {

namespace {

using quantity::Unit;
using text::Words;

constexpr int kDeepest = 100;

struct Typed {
  Value value = {};
  Type type = {};
};

// What is alike in both; anything if nothing is.
Type common_type(const Type& a, const Type& b) {
  if (a.kind != b.kind || (a.kind == Kind::Number && !a.unit.same_scale(b.unit))) return Type::any();
  Type out = a;
  out.nullable = a.nullable || b.nullable;
  return out;
}

// The type of a value that came without a unit.
Type type_of(const Value& value) {
  switch (value.kind()) {
    case Kind::Null:
      return Type::any();
    case Kind::Number:
      return Type::number({}, false);
    case Kind::List: {
      if (value.list().empty()) return Type::of(Kind::List, false);
      Type element = type_of(value.list()[0]);
      for (const Value& item : value.list()) element = common_type(element, type_of(item));
      Type out = Type::list_of(std::move(element));
      out.nullable = false;
      return out;
    }
    case Kind::Context: {
      Type out = Type::of(Kind::Context, false);
      for (const auto& [key, item] : value.context().entries())
        out.members.emplace_back(key, std::make_shared<const Type>(type_of(item)));
      return out;
    }
    default:
      return Type::of(value.kind(), false);
  }
}

class Reader {
 public:
  Reader(std::string_view json, const std::string& file) : json_(json), origin_{.file = file} {
    if (json_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
  }

  JsonContext run() {
    skip_blanks();
    if (!looking_at('{')) {
      if (at_ < json_.size())
        tell(
            "E-FEEL-502", {at_, at_ + 1},
            {"数据的最外层应是一个对象，键就是名字。", "The data must be an object; its keys are the names."},
            {"写成 {\"名字\": 值}。", "Write {\"name\": value}."});
      else
        expected("“{”", "“{”");
      return std::move(out_);
    }
    const std::optional<Typed> whole = value(0);
    skip_blanks();
    if (whole && at_ < json_.size()) expected("文件的结尾", "the end of the file");
    if (!whole) return std::move(out_);
    if (whole->value.kind() != Kind::Context) {  // {"@": "1"}
      tell("E-FEEL-502", {0, std::min<std::size_t>(json_.size(), 1)},
           {"数据的最外层应是一个对象，键就是名字。", "The data must be an object; its keys are the names."},
           {"写成 {\"名字\": 值}。", "Write {\"name\": value}."});
      return std::move(out_);
    }
    out_.values = whole->value.context();
    for (const auto& [key, type] : whole->type.members) out_.types.add(key, *type);
    return std::move(out_);
  }

 private:
  void tell(const char* code, Span span, Words message, Words advice) {
    out_.diagnostics.push_back({.code = code,
                                .place = place_of(origin_, json_, span),
                                .message = std::move(message),
                                .advice = std::move(advice)});
  }
  // Ends the reading: what follows cannot be understood.
  std::nullopt_t expected(const std::string& zh, const std::string& en) {
    std::size_t next = at_;
    std::string found;
    if (at_ < json_.size()) {
      const char32_t c = text::next_code_point(json_, next);
      found = c < 0x20 ? "\\n" : std::string(json_.substr(at_, next - at_));
    }
    tell("E-FEEL-501", {at_, std::max(next, at_ + 1)},
         {"这里应是" + zh + (found.empty() ? "，文件却完了。" : "，却是“" + found + "”。"),
          "Expected " + en + " here, " + (found.empty() ? "but the file ends." : "found “" + found + "”.")},
         {"JSON 的文字和键用双引号，项与项之间用一个逗号，最后一项之后没有逗号。",
          "In JSON texts and keys are in double quotes, items are apart by one comma, and none follows the "
          "last."});
    return std::nullopt;
  }

  bool looking_at(char c) const { return at_ < json_.size() && json_[at_] == c; }
  void skip_blanks() {
    while (at_ < json_.size() &&
           (json_[at_] == ' ' || json_[at_] == '\n' || json_[at_] == '\t' || json_[at_] == '\r'))
      ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (!looking_at(c)) return false;
    ++at_;
    return true;
  }

  std::optional<Typed> value(int depth) {
    skip_blanks();
    if (depth > kDeepest) return expected("不超过 100 层的嵌套", "at most 100 levels");
    if (looking_at('{')) return object(depth);
    if (looking_at('[')) return array(depth);
    if (looking_at('"')) {
      auto text = string();
      return text ? std::optional(Typed{Value(std::move(*text)), Type::of(Kind::String, false)})
                  : std::nullopt;
    }
    for (const auto& [word, meaning] :
         {std::pair<std::string_view, Value>{"true", true}, {"false", false}, {"null", Value{}}})
      if (json_.substr(at_, word.size()) == word) {
        at_ += word.size();
        return Typed{meaning, type_of(meaning)};
      }
    return number();
  }

  // Digits, at least one.
  bool digits() {
    const std::size_t begin = at_;
    while (at_ < json_.size() && json_[at_] >= '0' && json_[at_] <= '9') ++at_;
    return at_ > begin;
  }

  std::optional<Typed> number() {
    const std::size_t begin = at_;
    if (looking_at('-')) ++at_;
    const bool leading_zero = looking_at('0');
    const std::size_t whole = at_;
    if (!digits()) {
      at_ = begin;
      return expected("一个值", "a value");
    }
    if (leading_zero && at_ > whole + 1) {
      at_ = whole + 1;
      return expected("小数点或下一项（数不能以 0 开头）",
                      "a point or the next item (a number has no leading 0)");
    }
    if (looking_at('.')) {
      ++at_;
      if (!digits()) return expected("小数点后的数字", "a digit behind the point");
    }
    if (looking_at('e') || looking_at('E')) {
      ++at_;
      if (looking_at('+') || looking_at('-')) ++at_;
      if (!digits()) return expected("指数的数字", "the digits of the exponent");
    }
    const std::string_view written = json_.substr(begin, at_ - begin);
    const auto decimal = Decimal::parse(written);
    if (!decimal || !is_exact(written, *decimal)) {
      tell("E-FEEL-504", {begin, at_},
           {"这个数超过 34 位有效数字或超出范围，不能原样保存。",
            "This number has more than 34 digits or is out of range: it cannot be kept as it is."},
           {"先约到 34 位以内，或写成文字。", "Round it to 34 digits, or write it as a string."});
      return Typed{};
    }
    return Typed{*decimal, Type::number({}, false)};
  }

  // Whether all digits written were kept.
  static bool is_exact(std::string_view written, const Decimal& kept) {
    std::string significant;
    for (const char c : written.substr(0, written.find_first_of("eE")))
      if (c >= '0' && c <= '9' && (c != '0' || !significant.empty())) significant += c;
    significant.erase(significant.find_last_not_of('0') + 1);
    return kept.is_zero() ? significant.empty()
                          : static_cast<std::size_t>(kept.significant_digits()) == significant.size();
  }

  std::optional<char32_t> hex_unit() {
    char32_t unit = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = at_ < json_.size() ? json_[at_] : '\0';
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) return expected("四位十六进制数字", "four hexadecimal digits");
      unit = unit * 16 + static_cast<char32_t>(digit);
    }
    return unit;
  }

  std::optional<std::string> string() {
    ++at_;
    std::string out;
    while (at_ < json_.size() && json_[at_] != '"') {
      const char c = json_[at_];
      if (static_cast<unsigned char>(c) < 0x20)
        return expected("右引号（文字里的换行写作 \\n）", "a closing quote (a line break is written \\n)");
      if (c != '\\') {
        out += c;
        ++at_;
        continue;
      }
      ++at_;
      const char escape = at_ < json_.size() ? json_[at_] : '\0';
      constexpr std::string_view kEscapes = "\"\\/bfnrt", kMeant = "\"\\/\b\f\n\r\t";
      if (const auto which = kEscapes.find(escape); escape != '\0' && which != std::string_view::npos) {
        out += kMeant[which];
        ++at_;
      } else if (escape == 'u') {
        ++at_;
        auto unit = hex_unit();
        if (!unit) return std::nullopt;
        if (*unit >= 0xD800 && *unit < 0xDC00 && json_.substr(at_, 2) == "\\u") {
          at_ += 2;
          const auto low = hex_unit();
          if (!low) return std::nullopt;
          unit =
              *low >= 0xDC00 && *low < 0xE000 ? 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00) : 0xFFFD;
        }
        text::append_code_point(out, *unit >= 0xD800 && *unit < 0xE000 ? 0xFFFD : *unit);
      } else {
        return expected("反斜线之后的 \" \\ / b f n r t u",
                        "one of \" \\ / b f n r t u behind the backslash");
      }
    }
    if (at_ >= json_.size()) return expected("右引号", "a closing quote");
    ++at_;
    return out;
  }

  std::optional<Typed> array(int depth) {
    ++at_;
    List items;
    std::optional<Type> element;
    if (!take(']')) {
      do {
        auto item = value(depth + 1);
        if (!item) return std::nullopt;
        element = element ? common_type(*element, item->type) : item->type;
        items.push_back(std::move(item->value));
      } while (take(','));
      if (!take(']')) return expected("逗号或“]”", "a comma or “]”");
    }
    Type type = element ? Type::list_of(std::move(*element)) : Type::of(Kind::List);
    type.nullable = false;
    return Typed{Value(std::move(items)), std::move(type)};
  }

  struct Member {
    Span key = {};  // with its quotes
    Span value = {};
  };

  std::optional<Typed> object(int depth) {
    const std::size_t begin = at_;
    ++at_;
    Context values;
    Type type = Type::of(Kind::Context, false);
    std::vector<Member> members;
    if (!take('}')) {
      do {
        skip_blanks();
        const std::size_t key_begin = at_;
        if (!looking_at('"')) return expected("一个带双引号的键", "a key in double quotes");
        auto key = string();
        if (!key) return std::nullopt;
        const Span key_span{key_begin, at_};
        if (!take(':')) return expected("冒号“:”", "“:”");
        skip_blanks();
        const std::size_t value_begin = at_;
        auto item = value(depth + 1);
        if (!item) return std::nullopt;
        if (values.find(*key) != nullptr) {
          tell("E-FEEL-503", key_span, {"“" + *key + "”出现两次。", "“" + *key + "” appears twice."},
               {"留下一个。", "Keep one of them."});
          continue;
        }
        members.push_back({key_span, {value_begin, at_}});
        type.members.emplace_back(*key, std::make_shared<const Type>(std::move(item->type)));
        values.put(std::move(*key), std::move(item->value));
      } while (take(','));
      if (!take('}')) return expected("逗号或“}”", "a comma or “}”");
    }
    const auto& entries = values.entries();
    if (entries.size() == 1 && entries[0].first == "@") return written(entries[0].second, members[0].value);
    if (entries.size() == 2 && values.find("value") != nullptr && values.find("unit") != nullptr)
      return measured(values, members[entries[0].first == "unit" ? 0 : 1].value, {begin, at_});
    return Typed{Value(std::move(values)), std::move(type)};
  }

  // {"@": "<FEEL>"}
  Typed written(const Value& source, Span span) {
    const Words advice = {"例如 {\"@\": \"date(\\\"2023-01-01\\\")\"} 或 {\"@\": \"@\\\"P1D\\\"\"}。",
                          "For example {\"@\": \"date(\\\"2023-01-01\\\")\"} or {\"@\": \"@\\\"P1D\\\"\"}."};
    if (source.kind() != Kind::String) {
      tell("E-FEEL-505", span,
           {"“@”的值应是写着 FEEL 的文字。", "The value of “@” is a string that holds FEEL."}, advice);
      return {};
    }
    const Parsed parsed = parse(source.string(), NameSet{});
    if (parsed.tree == nullptr) {
      const Words why = parsed.diagnostics.empty() ? Words{} : parsed.diagnostics[0].message;
      tell("E-FEEL-505", span,
           {"“@”里的表达式读不懂：" + why.zh, "The expression of “@” cannot be read: " + why.en}, advice);
      return {};
    }
    Evaluation done = evaluate(*parsed.tree, ContextEnvironment({}));
    if (done.value.is_null() && !done.findings.empty()) {
      tell("E-FEEL-505", span,
           {"“@”里的表达式没有值：" + done.findings[0].message.zh,
            "The expression of “@” has no value: " + done.findings[0].message.en},
           advice);
      return {};
    }
    Type type = type_of(done.value);
    return {std::move(done.value), std::move(type)};
  }

  // {"value": 12, "unit": "万元"}; a list of numbers and null may have a unit too.
  Typed measured(const Context& object, Span unit_span, Span whole) {
    const Value& value = *object.find("value");
    const Value& word = *object.find("unit");
    const bool is_list = value.kind() == Kind::List && !value.list().empty() &&
                         std::all_of(value.list().begin(), value.list().end(),
                                     [](const Value& item) { return item.kind() == Kind::Number; });
    if (word.kind() != Kind::String || (value.kind() != Kind::Number && !value.is_null() && !is_list)) {
      tell("E-FEEL-506", whole,
           {"带单位的数写成 {\"value\": 数, \"unit\": \"单位\"}。",
            "A number with a unit is {\"value\": number, \"unit\": \"word\"}."},
           {"文字、日期没有单位；键叫 value 和 unit 的记录请换名。",
            "Strings and dates have no unit; a context whose keys are value and unit needs other names."});
      return {};
    }
    auto unit = Unit::parse(word.string());
    if (!unit) {
      const std::vector<std::string> known = Unit::known_words();
      const std::string near = text::nearest(word.string(), known);
      tell("E-FEEL-506", unit_span,
           {"没有“" + word.string() + "”这个单位。", "There is no unit “" + word.string() + "”."},
           near.empty() ? Words{"单位如 万元、亩、吨标准煤、万元/亩。",
                                "Units are such as 万元, 亩, 吨标准煤, 万元/亩."}
                        : Words{"是不是“" + near + "”？", "Did you mean “" + near + "”?"});
      return {};
    }
    Type type = Type::number(std::move(*unit), value.is_null());
    if (is_list) type = Type::list_of(std::move(type));
    return {value, std::move(type)};
  }

  std::string_view json_;
  Origin origin_;
  std::size_t at_ = 0;
  JsonContext out_ = {};
};

}  // namespace

JsonContext read_json_context(std::string_view json, const std::string& file) {
  return Reader(json, file).run();
}

}  // namespace tenglong::feel
