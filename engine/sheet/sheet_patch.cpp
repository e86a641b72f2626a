#include "engine/sheet/inside/sheet_patch.h"

#include <expat.h>

#include <algorithm>
#include <charconv>
#include <cstring>
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

// The copy grows as the sheet streams by; what is not yet settled waits in `window_`.
class PatchedSheet::Patcher {
 public:
  Patcher(ByteSource& source, int column, const std::map<int, std::string>& text_by_row)
      : source_(source),
        column_(column),
        waiting_(text_by_row.begin()),
        end_(text_by_row.end()),
        owner_(XML_ParserCreate(nullptr), XML_ParserFree),
        parser_(owner_.get()) {
    XML_SetUserData(parser_, this);
    XML_SetElementHandler(
        parser_,
        [](void* self, const char* name, const char** attributes) {
          Patcher& patcher = *static_cast<Patcher*>(self);
          patcher.last_event_ = patcher.here();
          patcher.start(name, attributes);
        },
        [](void* self, const char* name) {
          Patcher& patcher = *static_cast<Patcher*>(self);
          patcher.last_event_ = patcher.here();
          patcher.end(name);
        });
    XML_SetCharacterDataHandler(parser_, [](void* self, const char*, int) {
      static_cast<Patcher*>(self)->last_event_ = static_cast<Patcher*>(self)->here();
    });
    XML_SetStartDoctypeDeclHandler(parser_, [](void* self, const char*, const char*, const char*, int) {
      XML_StopParser(static_cast<Patcher*>(self)->parser_, XML_FALSE);
    });
  }

  // Takes one piece more; false at the end and after trouble.
  bool step() {
    if (is_done_) return false;
    const std::size_t had = window_.size();
    window_.resize(had + kPiece);
    const std::size_t count = source_.read(window_.data() + had, kPiece);
    window_.resize(had + count);
    if (is_first_ && !is_utf8_xml(window_)) return fail();
    is_first_ = false;
    if (XML_Parse(parser_, window_.data() + had, static_cast<int>(count), count == 0) != XML_STATUS_OK)
      return fail();
    if (count == 0) {
      if (source_.trouble() || waiting_ != end_) return fail();  // no <sheetData>
      copy_to(window_begin_ + window_.size());
      is_done_ = true;
      return true;
    }
    if (last_event_ > copied_) is_removing_ ? skip_to(last_event_) : copy_to(last_event_);
    const std::size_t settled = std::min(copied_, last_event_);
    window_.erase(0, settled - window_begin_);
    window_begin_ = settled;
    return true;
  }
  std::string& out() { return out_; }
  bool has_failed() const { return has_failed_; }

 private:
  std::size_t here() const { return static_cast<std::size_t>(XML_GetCurrentByteIndex(parser_)); }
  std::string_view tag() const {
    return std::string_view(window_).substr(here() - window_begin_,
                                            static_cast<std::size_t>(XML_GetCurrentByteCount(parser_)));
  }
  void copy_to(std::size_t at) {
    out_.append(window_, copied_ - window_begin_, at - copied_);
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

  bool fail() {
    is_done_ = has_failed_ = true;
    return false;
  }

  static constexpr std::size_t kPiece = 256 << 10;
  ByteSource& source_;
  int column_;
  std::map<int, std::string>::const_iterator waiting_, end_;
  std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> owner_;
  XML_Parser parser_;
  std::string window_;  // of the part, from `window_begin_` on
  std::size_t window_begin_ = 0;
  std::size_t copied_ = 0;      // up to here the part is in `out_`, or left out
  std::size_t last_event_ = 0;  // nothing before it will be changed
  std::string out_;
  bool is_first_ = true, is_done_ = false, has_failed_ = false;
  std::string prefix_;
  int row_ = 0, cell_column_ = 0;
  bool is_in_data_ = false, has_text_ = false, is_placed_ = false, is_removing_ = false;
  std::size_t removed_to_ = 0;
};

std::optional<int> last_used_column(ByteSource& source, const Place& place, const std::string& part,
                                    Diagnostics& diagnostics) {
  UsedColumnsHandler handler;
  if (!parse_xml(source, handler, place, part, diagnostics)) return std::nullopt;
  return handler.last;
}

PatchedSheet::PatchedSheet(ByteSource& source, int column, const std::map<int, std::string>& text_by_row)
    : patcher_(std::make_unique<Patcher>(source, column, text_by_row)) {}
PatchedSheet::~PatchedSheet() = default;
bool PatchedSheet::has_failed() const { return patcher_->has_failed(); }

std::size_t PatchedSheet::read(char* into, std::size_t size) {
  std::string& ready = patcher_->out();
  while (taken_ == ready.size()) {
    ready.clear();
    taken_ = 0;
    if (!patcher_->step()) return 0;
  }
  const std::size_t count = std::min(size, ready.size() - taken_);
  std::memcpy(into, ready.data() + taken_, count);
  taken_ += count;
  return count;
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
