#include "engine/sheet/inside/sheet_patch.h"

#include <expat.h>

#include <charconv>
#include <memory>
#include <vector>

#include "engine/sheet/inside/shared_strings.h"
#include "engine/sheet/sheet.h"
#include "engine/text/text.h"

namespace tenglong::sheet {
namespace {

class UsedColumnsHandler final : public XmlHandler {
 public:
  int last = 0;
  void start(std::string_view name, Attributes attributes) override {
    if (name == "row") column_ = 0;
    if (name == "c") {
      const auto position = parse_cell_name(attribute(attributes, "r"));
      column_ = position ? position->column : column_ + 1;
    }
    if (name == "v" || name == "f" || name == "is") last = std::max(last, column_);
  }
  void end(std::string_view) override {}

 private:
  int column_ = 0;
};

// "x:" of <x:row ...>.
std::string prefix_of(const char* name) {
  const std::string whole(name);
  const std::size_t colon = whole.rfind(':');
  return colon == std::string::npos ? "" : whole.substr(0, colon + 1);
}

// Where and how long the value of an attribute is inside a tag; npos if there is none.
struct Span {
  std::size_t at = std::string_view::npos, size = 0;
};
Span value_in_tag(std::string_view tag, std::string_view attribute) {
  for (std::size_t at = tag.find(attribute); at != std::string_view::npos; at = tag.find(attribute, at + 1)) {
    const char before = at == 0 ? 'x' : tag[at - 1];
    if (before != ' ' && before != '\t' && before != '\n' && before != '\r') continue;
    std::size_t equals = at + attribute.size();
    while (equals < tag.size() && static_cast<unsigned char>(tag[equals]) <= ' ') ++equals;
    if (equals >= tag.size() || tag[equals] != '=') continue;
    std::size_t open = equals + 1;
    while (open < tag.size() && static_cast<unsigned char>(tag[open]) <= ' ') ++open;
    if (open >= tag.size()) break;
    const std::size_t close = tag.find(tag[open], open + 1);
    if (close == std::string_view::npos) break;
    return {open + 1, close - open - 1};
  }
  return {};
}

class Patcher {
 public:
  Patcher(std::string_view xml, int column, const std::map<int, std::string>& text_by_row)
      : xml_(xml), column_(column), waiting_(text_by_row.begin()), end_(text_by_row.end()) {}

  std::optional<std::string> run() {
    const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate(nullptr),
                                                                              XML_ParserFree);
    parser_ = parser.get();
    XML_SetUserData(parser_, this);
    XML_SetElementHandler(
        parser_,
        [](void* self, const char* name, const char** attributes) {
          static_cast<Patcher*>(self)->start(name, attributes);
        },
        [](void* self, const char* name) { static_cast<Patcher*>(self)->end(name); });
    XML_SetStartDoctypeDeclHandler(parser_, [](void* self, const char*, const char*, const char*, int) {
      XML_StopParser(static_cast<Patcher*>(self)->parser_, XML_FALSE);
    });
    // Pieces, because expat takes an int.
    constexpr std::size_t kPiece = 8 << 20;
    for (std::size_t at = 0; at < xml_.size() || at == 0; at += kPiece) {
      const std::string_view piece = xml_.substr(at, kPiece);
      if (XML_Parse(parser_, piece.data(), static_cast<int>(piece.size()), at + kPiece >= xml_.size()) !=
          XML_STATUS_OK)
        return std::nullopt;
    }
    if (waiting_ != end_) return std::nullopt;  // no <sheetData>
    out_ += xml_.substr(copied_);
    return std::move(out_);
  }

 private:
  std::size_t here() const { return static_cast<std::size_t>(XML_GetCurrentByteIndex(parser_)); }
  std::string_view tag() const {
    return xml_.substr(here(), static_cast<std::size_t>(XML_GetCurrentByteCount(parser_)));
  }
  void copy_to(std::size_t at) {
    out_ += xml_.substr(copied_, at - copied_);
    copied_ = at;
  }
  void skip_to(std::size_t at) { copied_ = at; }

  std::string cell(const std::string& prefix, int row, const std::string& text) const {
    return "<" + prefix + "c r=\"" + cell_name(row, column_) + "\" t=\"inlineStr\"><" + prefix + "is><" +
           prefix + "t xml:space=\"preserve\">" + xml_text(text) + "</" + prefix + "t></" + prefix + "is></" +
           prefix + "c>";
  }
  // Rows that have a text and are not on the sheet, up to `before`.
  void make_rows(const std::string& prefix, int before) {
    for (; waiting_ != end_ && waiting_->first < before; ++waiting_)
      out_ += "<" + prefix + "row r=\"" + std::to_string(waiting_->first) + "\">" +
              cell(prefix, waiting_->first, waiting_->second) + "</" + prefix + "row>";
  }

  void start(const char* name, Attributes attributes) {
    const std::string_view local = local_name(name);
    if (local == "dimension") return start_dimension();
    if (local == "sheetData") {
      is_in_data_ = true;
      if (!tag().ends_with("/>")) return;
      copy_to(here() + tag().size() - 2);
      out_ += ">";
      make_rows(prefix_of(name), 1 << 30);
      out_ += "</" + std::string(name) + ">";
      skip_to(here() + tag().size());
      return;
    }
    if (!is_in_data_) return;
    if (local == "row") return start_row(name, attributes);
    if (local == "c" && has_text_) return start_cell(attributes);
  }
  void end(const char* name) {
    const std::string_view local = local_name(name);
    if (local == "c" && is_removing_) {
      // An empty tag ends where it began; its bytes are all of it.
      skip_to(removed_to_ > 0 ? removed_to_ : here() + tag().size());
      is_removing_ = false;
    } else if (local == "row" && has_text_) {
      if (!is_placed_) place(here());
      has_text_ = false;
    } else if (local == "sheetData") {
      is_in_data_ = false;
      if (waiting_ == end_) return;
      copy_to(here());
      make_rows(prefix_of(name), 1 << 30);
    }
  }

  void start_dimension() {
    const Span ref = value_in_tag(tag(), "ref");
    if (ref.at == std::string_view::npos || waiting_ == end_) return;
    const std::string_view written = tag().substr(ref.at, ref.size);
    const std::size_t colon = written.find(':');
    const auto first = parse_cell_name(written.substr(0, colon));
    const auto last = colon == std::string_view::npos ? first : parse_cell_name(written.substr(colon + 1));
    if (!first || !last) return;
    const int last_row = std::prev(end_)->first;
    copy_to(here() + ref.at);
    out_ += cell_name(std::min(first->row, waiting_->first), std::min(first->column, column_)) + ":" +
            cell_name(std::max(last->row, last_row), std::max(last->column, column_));
    skip_to(here() + ref.at + ref.size);
  }

  void start_row(const char* name, Attributes attributes) {
    const std::string_view number = attribute(attributes, "r");
    int row = row_ + 1;
    std::from_chars(number.data(), number.data() + number.size(), row);
    row_ = row;
    cell_column_ = 0;
    prefix_ = prefix_of(name);
    if (waiting_ != end_ && waiting_->first < row) {
      copy_to(here());
      make_rows(prefix_, row);
    }
    has_text_ = waiting_ != end_ && waiting_->first == row;
    is_placed_ = false;
    if (!has_text_) return;
    if (const Span spans = value_in_tag(tag(), "spans"); spans.at != std::string_view::npos) {
      const std::size_t from = here() + tag().substr(0, spans.at).rfind("spans");
      copy_to(from);
      skip_to(here() + spans.at + spans.size + 1);
    }
    if (!tag().ends_with("/>")) return;
    copy_to(here() + tag().size() - 2);
    out_ += ">";
    place(copied_);
    out_ += "</" + std::string(name) + ">";
    skip_to(here() + tag().size());
  }

  void start_cell(Attributes attributes) {
    const auto position = parse_cell_name(attribute(attributes, "r"));
    cell_column_ = position ? position->column : cell_column_ + 1;
    if (cell_column_ < column_ || is_placed_) return;
    place(here());
    if (cell_column_ != column_) return;
    is_removing_ = true;
    removed_to_ = tag().ends_with("/>") ? here() + tag().size() : 0;
  }

  void place(std::size_t at) {
    copy_to(at);
    out_ += cell(prefix_, waiting_->first, waiting_->second);
    ++waiting_;
    is_placed_ = true;
  }

  std::string_view xml_;
  int column_;
  std::map<int, std::string>::const_iterator waiting_, end_;
  XML_Parser parser_ = nullptr;
  std::string out_;
  std::size_t copied_ = 0;
  std::string prefix_;
  int row_ = 0, cell_column_ = 0;
  bool is_in_data_ = false, has_text_ = false, is_placed_ = false, is_removing_ = false;
  std::size_t removed_to_ = 0;
};

// What is spliced in is UTF-8, so the part must be too.
bool is_utf8_xml(std::string_view xml) {
  if (xml.starts_with("\xFF\xFE") || xml.starts_with("\xFE\xFF") ||
      xml.substr(0, 4).find('\0') != std::string_view::npos)
    return false;
  const std::string_view head = xml.substr(0, std::min(xml.find("?>"), std::size_t{200}));
  const Span encoding = value_in_tag(head, "encoding");
  if (!head.starts_with("<?xml") && !head.starts_with("\xEF\xBB\xBF<?xml")) return true;
  if (encoding.at == std::string_view::npos) return true;
  const std::string name = text::ascii_lower(head.substr(encoding.at, encoding.size));
  return name == "utf-8" || name == "us-ascii";
}

}  // namespace

std::optional<int> last_used_column(std::string_view xml, const Place& place, const std::string& part,
                                    Diagnostics& diagnostics) {
  UsedColumnsHandler handler;
  MemorySource source(xml);
  if (!parse_xml(source, handler, place, part, diagnostics)) return std::nullopt;
  return handler.last;
}

std::optional<std::string> with_cells(std::string_view xml, int column,
                                      const std::map<int, std::string>& text_by_row) {
  if (!is_utf8_xml(xml)) return std::nullopt;
  return Patcher(xml, column, text_by_row).run();
}

std::string xml_text(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const char32_t c = text::next_code_point(text, at);
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '\n')
      out += "&#10;";
    else if (c == '\t')
      out += "&#9;";
    else if (c == '_' && is_escape(text.substr(from)))
      out += "_x005F_";
    else if (c >= ' ' && c != 0xFFFE && c != 0xFFFF)
      text::append_code_point(out, c);
  }
  return out;
}

}  // namespace tenglong::sheet
