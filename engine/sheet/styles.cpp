#include "engine/sheet/inside/styles.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace tenglong::sheet {
namespace {

int to_int(std::string_view digits, int otherwise) {
  int value = otherwise;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

class StylesHandler final : public XmlHandler {
 public:
  explicit StylesHandler(Styles& styles) : styles_(styles) {}

  void start(std::string_view name, Attributes attributes) override {
    if (name == "cellXfs") is_in_cell_formats_ = true;
    if (name == "numFmt" && !is_in_cell_formats_) {
      const std::string_view code = attribute(attributes, "formatCode");
      own_[to_int(attribute(attributes, "numFmtId"), -1)] = {is_date_format(code), is_percent_format(code)};
    }
    if (name == "xf" && is_in_cell_formats_) {
      const int id = to_int(attribute(attributes, "numFmtId"), 0);
      const auto own = own_.find(id);
      // A file may give a built-in number a code of its own, and then means it.
      if (own != own_.end())
        styles_.add(own->second.is_date, own->second.is_percent);
      else
        styles_.add(is_date_format_id(id), id == 9 || id == 10);
    }
  }
  void end(std::string_view name) override {
    if (name != "cellXfs") return;
    is_in_cell_formats_ = false;
    stop();
  }

 private:
  Styles& styles_;
  struct Shows {
    bool is_date, is_percent;
  };
  std::map<int, Shows> own_;
  bool is_in_cell_formats_ = false;
};

}  // namespace

bool is_date_format_id(int id) {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

bool is_date_format(std::string_view code) {
  bool has_year_or_day = false, has_month = false, has_time = false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    switch (code[i]) {
      case '"':
        i = std::min(code.find('"', i + 1), code.size() - 1);
        break;
      case '[': {
        const std::size_t close = std::min(code.find(']', i + 1), code.size() - 1);
        const std::string_view inside = code.substr(i + 1, close - i - 1);
        // [h], [mm], [ss]: time elapsed, a quantity.
        if (!inside.empty() && inside.find_first_not_of("hHmMsS") == std::string_view::npos) return false;
        i = close;
        break;
      }
      case '\\':
      case '_':
      case '*':
        ++i;
        break;
      case ';':
        i = code.size();
        break;
      case 'G':
      case 'g':
        if (code.substr(i, 7) == "General" || code.substr(i, 7) == "GENERAL" ||
            code.substr(i, 7) == "general")
          i += 6;
        break;
      case 'y':
      case 'Y':
      case 'd':
      case 'D':
        has_year_or_day = true;
        break;
      case 'm':
      case 'M':
        has_month = true;
        break;
      case 'h':
      case 'H':
      case 's':
      case 'S':
        has_time = true;
        break;
      // A lower-case e is the year in Chinese formats; 0.00E+00 has a capital.
      case 'e':
        if (i + 1 >= code.size() || (code[i + 1] != '+' && code[i + 1] != '-')) has_year_or_day = true;
        break;
      default:
        break;
    }
  }
  return has_year_or_day || has_month || has_time;
}

bool is_percent_format(std::string_view code) {
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '%') return true;
    if (code[i] == '"') i = std::min(code.find('"', i + 1), code.size() - 1);
    if (code[i] == '\\' || code[i] == '_' || code[i] == '*') ++i;
  }
  return false;
}

bool read_styles(ByteSource& source, const Place& place, const std::string& part, Styles& styles,
                 Diagnostics& diagnostics) {
  StylesHandler handler(styles);
  return parse_xml(source, handler, place, part, diagnostics);
}

}  // namespace tenglong::sheet
