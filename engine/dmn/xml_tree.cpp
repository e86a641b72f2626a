#include <expat.h>

#include <memory>

#include "engine/dmn/inside/refusal.h"
#include "engine/dmn/xml_tree.h"

namespace tenglong::dmn {
namespace {

constexpr char kBetween = '\n';  // no namespace contains it

struct Reading {
  XML_Parser parser;
  const XmlLimits& limits;
  Element root = {};
  std::vector<Element*> open = {};
  int elements = 0;
  bool has_doctype = false;
  bool is_too_much = false;

  void give_up(bool& reason) {
    reason = true;
    XML_StopParser(parser, XML_FALSE);
  }
};

std::pair<std::string, std::string> split_name(const char* name) {
  const std::string_view whole(name);
  const std::size_t at = whole.rfind(kBetween);
  if (at == std::string_view::npos) return {"", std::string(whole)};
  return {std::string(whole.substr(0, at)), std::string(whole.substr(at + 1))};
}

void on_start(void* data, const char* name, const char** attributes) {
  Reading& reading = *static_cast<Reading*>(data);
  if (reading.is_too_much || reading.has_doctype) return;
  if (++reading.elements > reading.limits.elements ||
      static_cast<int>(reading.open.size()) >= reading.limits.depth)
    return reading.give_up(reading.is_too_much);
  Element element;
  std::tie(element.space, element.name) = split_name(name);
  for (const char** at = attributes; *at; at += 2)
    element.attributes.emplace_back(split_name(at[0]).second, at[1]);
  element.line = static_cast<int>(XML_GetCurrentLineNumber(reading.parser));
  element.column = static_cast<int>(XML_GetCurrentColumnNumber(reading.parser)) + 1;
  if (reading.open.empty()) {
    reading.root = std::move(element);
    reading.open.push_back(&reading.root);
  } else {
    std::vector<Element>& siblings = reading.open.back()->children;
    siblings.push_back(std::move(element));
    reading.open.push_back(&siblings.back());
  }
}
void on_end(void* data, const char*) {
  Reading& reading = *static_cast<Reading*>(data);
  if (reading.is_too_much || reading.has_doctype) return;
  reading.open.pop_back();
}
void on_characters(void* data, const char* characters, int size) {
  Reading& reading = *static_cast<Reading*>(data);
  if (reading.is_too_much || reading.has_doctype || reading.open.empty()) return;
  Element& element = *reading.open.back();
  if (element.text.empty()) {
    element.text_line = static_cast<int>(XML_GetCurrentLineNumber(reading.parser));
    element.text_column = static_cast<int>(XML_GetCurrentColumnNumber(reading.parser)) + 1;
  }
  element.text.append(characters, static_cast<std::size_t>(size));
}
void on_doctype(void* data, const char*, const char*, const char*, int) {
  Reading& reading = *static_cast<Reading*>(data);
  reading.give_up(reading.has_doctype);
}

text::Words reason_of(XML_Error error) {
  const std::string en = XML_ErrorString(error);
  switch (error) {
    case XML_ERROR_NO_ELEMENTS:
      return {"没有内容", en};
    case XML_ERROR_UNCLOSED_TOKEN:
    case XML_ERROR_PARTIAL_CHAR:
    case XML_ERROR_UNCLOSED_CDATA_SECTION:
      return {"内容到一半断了", en};
    case XML_ERROR_TAG_MISMATCH:
      return {"标签不配对", en};
    case XML_ERROR_DUPLICATE_ATTRIBUTE:
      return {"属性重复", en};
    case XML_ERROR_INVALID_TOKEN:
    case XML_ERROR_SYNTAX:
      return {"有不该出现的字符", en};
    case XML_ERROR_UNDEFINED_ENTITY:
      return {"引用了没有定义的实体", en};
    case XML_ERROR_UNBOUND_PREFIX:
      return {"前缀没有声明命名空间", en};
    case XML_ERROR_UNKNOWN_ENCODING:
    case XML_ERROR_INCORRECT_ENCODING:
      return {"文字编码不能识别（请另存为 UTF-8）", en};
    default:
      return {"XML 格式有误", en};
  }
}

}  // namespace

const Element* Element::child(std::string_view local) const {
  for (const Element& each : children)
    if (each.name == local) return &each;
  return nullptr;
}

const std::string* Element::attribute(std::string_view local) const {
  for (const auto& each : attributes)
    if (each.first == local) return &each.second;
  return nullptr;
}

std::string Element::attribute_or(std::string_view local, std::string_view otherwise) const {
  const std::string* found = attribute(local);
  return found ? *found : std::string(otherwise);
}

std::optional<Element> read_xml(std::string_view bytes, const std::string& file, const XmlLimits& limits,
                                diagnostic::Diagnostics& diagnostics) {
  const auto too_much = [&](int line) {
    diagnostics.push_back(refusal(
        "E-DMN-103", {.file = file, .line = line},
        {"文件超出可读的范围：不大于 " + std::to_string(limits.bytes >> 20) + " MiB，不多于 " +
             std::to_string(limits.elements) + " 个元素，嵌套不深于 " + std::to_string(limits.depth) +
             " 层。",
         "The file exceeds what is read: at most " + std::to_string(limits.bytes >> 20) + " MiB, " +
             std::to_string(limits.elements) + " elements, " + std::to_string(limits.depth) + " levels."},
        {"把模型拆成几个文件，用 import 相连。", "Split the model into files joined by import."}));
  };
  if (bytes.size() > limits.bytes) {
    too_much(0);
    return std::nullopt;
  }
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(
      XML_ParserCreateNS(nullptr, kBetween), XML_ParserFree);
  if (!parser) throw std::bad_alloc();
  Reading reading{parser.get(), limits};
  XML_SetUserData(parser.get(), &reading);
  XML_SetElementHandler(parser.get(), on_start, on_end);
  XML_SetCharacterDataHandler(parser.get(), on_characters);
  XML_SetStartDoctypeDeclHandler(parser.get(), on_doctype);
  const XML_Status status = XML_Parse(parser.get(), bytes.data(), static_cast<int>(bytes.size()), XML_TRUE);
  const int line = static_cast<int>(XML_GetCurrentLineNumber(parser.get()));
  if (reading.has_doctype) {
    diagnostics.push_back(
        refusal("E-DMN-102", {.file = file, .line = line},
                {"文件带有 DTD 声明（<!DOCTYPE …>），为安全起见不读。",
                 "The file carries a DTD (<!DOCTYPE …>), which is refused for safety."},
                {"删去这一声明；DMN 模型用不到它。", "Remove it; a DMN model has no use for it."}));
    return std::nullopt;
  }
  if (reading.is_too_much) {
    too_much(line);
    return std::nullopt;
  }
  if (status != XML_STATUS_OK) {
    const text::Words reason = reason_of(XML_GetErrorCode(parser.get()));
    const int column = static_cast<int>(XML_GetCurrentColumnNumber(parser.get())) + 1;
    diagnostics.push_back(refusal(
        "E-DMN-101", {.file = file, .line = line, .column = column, .end_column = column + 1},
        {"不是完整的 XML 文件：" + reason.zh + "。", "This is no whole XML document: " + reason.en + "."},
        {"从建模工具重新导出，或按所指位置改正。",
         "Export it again from the modelling tool, or correct it at the place shown."}));
    return std::nullopt;
  }
  return std::move(reading.root);
}

}  // namespace tenglong::dmn
