#include "engine/sheet/inside/xml.h"

#include <expat.h>

#include <memory>

#include "engine/sheet/inside/refusal.h"

namespace tenglong::sheet {
namespace {

constexpr int kDepth = 64;
constexpr int kXmlPiece = 128 << 10;

struct Stream {
  XML_Parser parser;
  XmlHandler* handler;
  int depth = 0;
  bool has_doctype = false;
  bool is_too_deep = false;

  void stop_if_asked() {
    if (handler->has_stopped()) XML_StopParser(parser, XML_FALSE);
  }
};

void on_start(void* data, const char* name, const char** attributes) {
  Stream& stream = *static_cast<Stream*>(data);
  if (++stream.depth > kDepth) {
    stream.is_too_deep = true;
    XML_StopParser(stream.parser, XML_FALSE);
    return;
  }
  stream.handler->start(local_name(name), attributes);
  stream.stop_if_asked();
}
void on_end(void* data, const char* name) {
  Stream& stream = *static_cast<Stream*>(data);
  --stream.depth;
  // expat reports the end of an empty element even after a stop.
  if (stream.is_too_deep || stream.handler->has_stopped()) return;
  stream.handler->end(local_name(name));
  stream.stop_if_asked();
}
void on_characters(void* data, const char* characters, int size) {
  Stream& stream = *static_cast<Stream*>(data);
  if (stream.handler->has_stopped()) return;
  stream.handler->characters({characters, static_cast<std::size_t>(size)});
  stream.stop_if_asked();
}
void on_doctype(void* data, const char*, const char*, const char*, int) {
  Stream& stream = *static_cast<Stream*>(data);
  stream.has_doctype = true;
  XML_StopParser(stream.parser, XML_FALSE);
}

Words reason_of(XML_Error error) {
  const std::string en = XML_ErrorString(error);
  switch (error) {
    case XML_ERROR_NO_ELEMENTS:
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
    case XML_ERROR_UNKNOWN_ENCODING:
    case XML_ERROR_INCORRECT_ENCODING:
      return {"文字编码不能识别", en};
    default:
      return {en, en};
  }
}

}  // namespace

std::string_view local_name(const char* name) {
  const std::string_view whole(name);
  const std::size_t colon = whole.rfind(':');
  return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}

std::string_view attribute(Attributes attributes, std::string_view name) {
  // Attributes of the element's own vocabulary have no prefix; r:id is asked for as "id" and stands alone.
  for (Attributes at = attributes; *at; at += 2)
    if (name == *at) return at[1];
  for (Attributes at = attributes; *at; at += 2)
    if (local_name(*at) == name) return at[1];
  return {};
}

bool parse_xml(ByteSource& source, XmlHandler& handler, const Place& place, const std::string& part,
               Diagnostics& diagnostics) {
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate(nullptr),
                                                                            XML_ParserFree);
  Stream stream{parser.get(), &handler};
  XML_SetUserData(parser.get(), &stream);
  XML_SetElementHandler(parser.get(), on_start, on_end);
  XML_SetCharacterDataHandler(parser.get(), on_characters);
  XML_SetStartDoctypeDeclHandler(parser.get(), on_doctype);
  for (;;) {
    void* buffer = XML_GetBuffer(parser.get(), kXmlPiece);
    if (!buffer) throw std::bad_alloc();
    const std::size_t count = source.read(static_cast<char*>(buffer), kXmlPiece);
    if (const auto trouble = source.trouble()) {
      diagnostics.push_back(*trouble);
      diagnostics.back().place = place;
      return false;
    }
    if (XML_ParseBuffer(parser.get(), static_cast<int>(count), count == 0) == XML_STATUS_OK) {
      if (count == 0) return true;
      continue;
    }
    if (handler.has_stopped()) return true;
    if (stream.has_doctype) {
      diagnostics.push_back(
          refusal("E-SHEET-108", place,
                  {"文件内部（" + part + "）带有 DTD 声明，表格软件不会写出这样的文件，为安全起见不读。",
                   "The file carries a DTD (" + part +
                       "); no spreadsheet program writes one, so it is refused for safety."},
                  {"请用 Excel 或 WPS 打开后另存为新的 xlsx 再传。",
                   "Open it in Excel or WPS and save it as a new xlsx."}));
      return false;
    }
    const Words reason = stream.is_too_deep ? Words{"嵌套过深", "nested too deeply"}
                                            : reason_of(XML_GetErrorCode(parser.get()));
    const std::string line = std::to_string(XML_GetCurrentLineNumber(parser.get()));
    diagnostics.push_back(
        refusal("E-SHEET-107", place,
                {"文件内部的格式有误（" + part + " 第 " + line + " 行）：" + reason.zh + "。",
                 "The file is malformed inside (" + part + ", line " + line + "): " + reason.en + "."},
                {"请用 Excel 或 WPS 打开（提示修复时选“是”），另存为新的 xlsx 再传。",
                 "Open it in Excel or WPS (let it repair the file) and save it as a new xlsx."}));
    return false;
  }
}

}  // namespace tenglong::sheet
