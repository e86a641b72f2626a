// Which cell styles show a number as a date or as a percentage. Nothing else of styles.xml matters for
// reading.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engine/sheet/inside/xml.h"

namespace tenglong::sheet {

class Styles {
 public:
  bool is_date(std::size_t style) const { return style < is_date_.size() && is_date_[style]; }
  bool is_percent(std::size_t style) const { return style < is_percent_.size() && is_percent_[style]; }
  void add(bool is_date, bool is_percent) {
    is_date_.push_back(is_date);
    is_percent_.push_back(is_percent);
  }

 private:
  std::vector<bool> is_date_, is_percent_;
};

// "yyyy"年"m"月"" and "[$-804]m/d" yes; "0.00E+00", "#,##0\"d\"" and "[h]:mm" (a duration) no.
bool is_date_format(std::string_view code);
// The formats that every program knows by number; 27 to 36 and 50 to 58 are the Chinese ones.
bool is_date_format_id(int id);

// "0.00%" yes; "0\"%\"" and "0\\%" only print the sign.
bool is_percent_format(std::string_view code);

bool read_styles(ByteSource& source, const Place& place, const std::string& part, Styles& styles,
                 Diagnostics& diagnostics);

}  // namespace tenglong::sheet
