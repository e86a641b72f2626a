#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "engine/meter/meter.h"
#include "engine/schema/credit_code.h"
#include "engine/sheet/sheet.h"

namespace tenglong::meter {

namespace {

using diagnostic::Diagnostic;
using quantity::Decimal;
using text::Words;

constexpr std::size_t kMostTold = 1'000;
constexpr int kLongestTitle = 30;  // rows above the header
const Decimal kLargestDial(std::int64_t{10'000'000'000});
constexpr std::int64_t kLargestMultiplier = 100'000;

enum Wanted : std::size_t { kMeter, kKey, kAt, kDial, kMultiplier, kEvent, kUnit, kWantedCount };
struct WantedColumn {
  const char* name;
  std::array<const char*, 5> aliases;
  bool is_required;
};
constexpr WantedColumn kWanted[kWantedCount] = {
    {"表号", {"表号", "电表号", "水表号", "表计编号", "计量点编号"}, true},
    {"统一社会信用代码", {"统一社会信用代码", "社会信用代码", "信用代码", "", ""}, true},
    {"抄表时间", {"抄表时间", "抄表日期", "抄表日", "时间", ""}, true},
    {"示数", {"示数", "读数", "抄见示数", "止码", ""}, true},
    {"倍率", {"倍率", "综合倍率", "", "", ""}, false},
    {"启停", {"启停", "换表", "事件", "", ""}, false},
    {"单位", {"单位", "计量单位", "", "", ""}, false},
};

std::string time_text(const calendar::Moment& moment) {
  constexpr std::int64_t kDay = 86'400, kChina = 8 * 3'600;
  const std::int64_t local = moment.seconds + kChina, days = (local - (local % kDay + kDay) % kDay) / kDay;
  const auto seconds = static_cast<int>(local - days * kDay);
  char text[40];
  std::snprintf(text, sizeof text, "T%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  return calendar::Date::from_days(days).to_string() + text;
}

class Reader : public sheet::RowSink {
 public:
  Reader(std::string file, std::string sheet, const DialUnits& units, ReadReadings& out,
         const std::function<void(const Reading&)>& each)
      : file_(std::move(file)), sheet_(std::move(sheet)), units_(units), out_(out), each_(each) {}

  bool row(int number, std::span<const sheet::Cell> cells) override {
    if (!has_header_) {
      row_ = number;
      has_header_ = find_header(cells);
      return has_header_ || number <= kLongestTitle;
    }
    ++out_.rows;
    row_ = number;
    const std::size_t before = told_;
    const Reading reading = read(cells);
    if (told_ == before)
      each_(reading);
    else
      ++out_.wrong;
    return true;
  }
  bool has_header() const { return has_header_; }

 private:
  bool find_header(std::span<const sheet::Cell> cells) {
    std::array<int, kWantedCount> found{};
    std::string unit;  // 示数（兆瓦时）
    for (const sheet::Cell& cell : cells) {
      std::string label(text::trim(text::to_half_width(cell.text)));
      if (const std::size_t open = label.find('('); open != std::string::npos && label.ends_with(')')) {
        const std::string within = label.substr(open + 1, label.size() - open - 2);
        label.resize(open);
        for (const char* alias : kWanted[kDial].aliases)
          if (*alias != 0 && label == alias) unit = within;
      }
      for (std::size_t i = 0; i < kWantedCount; ++i)
        for (const char* alias : kWanted[i].aliases)
          if (*alias != 0 && label == alias) found[i] = cell.column;
    }
    for (std::size_t i = 0; i < kWantedCount; ++i)
      if (kWanted[i].is_required && found[i] == 0) return false;
    columns_ = found;
    const std::size_t before = told_;
    if (!unit.empty()) of_header_ = unit_named(unit, kDial);
    is_header_refused_ = told_ != before;
    return true;
  }
  // Nothing: the kind's own. What is neither that nor one of the others is told.
  std::optional<quantity::Unit> unit_named(const std::string& written, Wanted at) {
    const auto unit = quantity::Unit::parse(written);
    // 千瓦时 and kWh are one.
    const auto is = [&](const quantity::Unit& other) {
      const auto conversion = unit ? quantity::conversion(*unit, other) : std::nullopt;
      return conversion && quantity::convert(Decimal(1), *conversion) == Decimal(1);
    };
    if (is(units_.unit)) return std::nullopt;
    for (const quantity::Unit& each : units_.also)
      if (is(each)) return unit;
    std::string known = units_.unit.name();
    for (const quantity::Unit& each : units_.also) known += "、" + each.name();
    tell(at, "E-METER-110",
         {"这一类表的读数用" + known + "，不用“" + written + "”。",
          "Meters of this kind are read in " + known + ", not in \"" + written + "\"."},
         {"换算好再报；确有这样的表，在政策包 rollup 的 also 里添上这个单位。",
          "Convert it, or add the unit to also of the pack's rollup."});
    return std::nullopt;
  }
  std::string text_of(std::span<const sheet::Cell> cells, Wanted wanted) const {
    const sheet::Cell* cell = cell_of(cells, wanted);
    if (cell == nullptr) return {};
    const std::string typed =
        cell->kind == sheet::CellKind::Number ? sheet::typed_number(cell->text) : cell->text;
    return std::string(text::trim(text::to_half_width(typed)));
  }
  const sheet::Cell* cell_of(std::span<const sheet::Cell> cells, Wanted wanted) const {
    for (const sheet::Cell& cell : cells)
      if (cell.column == columns_[wanted]) return &cell;
    return nullptr;
  }
  void tell(Wanted wanted, const char* code, Words message, Words advice) {
    ++told_;
    if (out_.diagnostics.size() >= kMostTold) return;
    out_.diagnostics.push_back(
        {.code = code,
         .place = {.file = file_, .sheet = sheet_, .cell = sheet::cell_name(row_, columns_[wanted])},
         .message = std::move(message),
         .advice = std::move(advice)});
  }

  Reading read(std::span<const sheet::Cell> cells) {
    Reading out{.meter = text_of(cells, kMeter)};
    if (out.meter.empty())
      tell(kMeter, "E-METER-102", {"没有表号。", "There is no meter number."},
           {"写上表计的编号。", "Write the number of the meter."});
    const std::string code = text_of(cells, kKey);
    const schema::CreditCode key = schema::read_credit_code(code);
    if (!key.is_usable())
      tell(kKey, "E-METER-103",
           {"“" + code + "”不是 18 位统一社会信用代码。",
            "\"" + code + "\" is no credit code of 18 characters."},
           {"照营业执照填写，设为文本格式。", "Copy it from the licence, as text."});
    out.record_key = key.code;
    read_time(cells, out);
    read_dial(cells, out);
    read_change(cells, out);
    return out;
  }
  void read_time(std::span<const sheet::Cell> cells, Reading& out) {
    const sheet::Cell* cell = cell_of(cells, kAt);
    std::optional<calendar::Moment> moment;
    if (cell != nullptr && cell->kind == sheet::CellKind::Date && cell->date) {
      const double serial = std::strtod(cell->text.c_str(), nullptr);
      const auto seconds = static_cast<std::int64_t>(
          (serial - static_cast<double>(static_cast<std::int64_t>(serial))) * 86'400 + 0.5);
      moment = calendar::Moment::start_of(*cell->date);
      moment->seconds += seconds;
    } else {
      const std::string written = text_of(cells, kAt);
      moment = calendar::Moment::parse(written);
      if (!moment)
        if (const auto day = calendar::Date::parse_loosely(written))
          moment = calendar::Moment::start_of(*day);
    }
    if (moment)
      out.at = time_text(*moment);
    else
      tell(kAt, "E-METER-104",
           {"“" + text_of(cells, kAt) + "”不是时间。", "\"" + text_of(cells, kAt) + "\" is no time."},
           {"例如 2023-05-01 00:00:00。", "For example 2023-05-01 00:00:00."});
  }
  void read_dial(std::span<const sheet::Cell> cells, Reading& out) {
    const std::string written = text_of(cells, kDial);
    auto dial = Decimal::parse(written);
    const std::string named = columns_[kUnit] > 0 ? text_of(cells, kUnit) : std::string();
    if (named.empty() && is_header_refused_) {
      ++told_;  // at the header, once
      return;
    }
    const std::optional<quantity::Unit> unit = named.empty() ? of_header_ : unit_named(named, kUnit);
    if (dial && unit) {
      const auto conversion = quantity::conversion(*unit, units_.unit);
      dial = conversion ? quantity::convert(*dial, *conversion) : std::nullopt;
      if (dial && !(*dial * Decimal(kDialScale)).to_integer()) {
        tell(kDial, "E-METER-111",
             {"“" + written + "”" + unit->name() + "换算成" + units_.unit.name() + "多于四位小数。",
              "\"" + written + "\" " + unit->name() + " has more than four decimals in " +
                  units_.unit.name() + "."},
             {"按" + units_.unit.name() + "报。", "Give it in " + units_.unit.name() + "."});
        return;
      }
    }
    const auto scaled = dial ? (*dial * Decimal(kDialScale)).to_integer() : std::nullopt;
    if (scaled && !dial->is_negative() && *dial < kLargestDial)
      out.dial = *scaled;
    else
      tell(kDial, "E-METER-105",
           {"“" + written + "”不是示数：要写不小于 0、至多四位小数的数。",
            "\"" + written + "\" is no reading: a number from 0 with at most four decimals."},
           {"照表盘填写，不写单位。", "Copy the dial, without a unit."});
  }
  void read_change(std::span<const sheet::Cell> cells, Reading& out) {
    const std::string multiplier = text_of(cells, kMultiplier);
    if (!multiplier.empty()) {
      const auto number = Decimal::parse(multiplier);
      const auto whole = number ? number->to_integer() : std::nullopt;
      if (whole && *whole >= 1 && *whole <= kLargestMultiplier)
        out.multiplier = *whole;
      else
        tell(kMultiplier, "E-METER-106",
             {"“" + multiplier + "”不是倍率：要写 1 到 100000 的整数。",
              "\"" + multiplier + "\" is no multiplier: a whole number from 1 to 100000."},
             {"没有互感器就留空。", "Leave it empty if there is no transformer."});
    }
    const std::string event = text_of(cells, kEvent);
    if (event == "启用" || event == "start")
      out.event = Event::Start;
    else if (event == "停用" || event == "end")
      out.event = Event::End;
    else if (!event.empty())
      tell(kEvent, "E-METER-107",
           {"启停只认“启用”“停用”，不认“" + event + "”。", "\"" + event + "\" is neither 启用 nor 停用."},
           {"平常的读数留空。", "Leave it empty for an ordinary reading."});
  }

  std::string file_, sheet_;
  const DialUnits& units_;
  std::optional<quantity::Unit> of_header_ = {};
  bool is_header_refused_ = false;
  ReadReadings& out_;
  const std::function<void(const Reading&)>& each_;
  std::array<int, kWantedCount> columns_{};
  bool has_header_ = false;
  int row_ = 0;
  std::size_t told_ = 0;
};

}  // namespace

std::optional<DialUnits> units_of(const pack::Pack& pack, std::string_view kind) {
  for (const pack::Rollup& each : pack.rollups)
    if (each.meter == kind) return DialUnits{each.unit, each.also};
  return std::nullopt;
}

ReadReadings read_readings(const std::string& file, const DialUnits& units,
                           const std::function<void(const Reading&)>& each) {
  ReadReadings out;
  const sheet::Opened opened = sheet::open(file);
  out.diagnostics = opened.diagnostics;
  if (!opened.workbook) return out;
  bool has_table = false;
  for (std::size_t i = 0; i < opened.workbook->sheets().size(); ++i) {
    const sheet::Sheet& one = opened.workbook->sheets()[i];
    if (one.is_hidden) continue;
    Reader reader(file, one.name, units, out, each);
    diagnostic::Diagnostics told = opened.workbook->read(static_cast<int>(i), reader);
    out.diagnostics.insert(out.diagnostics.end(), told.begin(), told.end());
    has_table = has_table || reader.has_header();
  }
  if (!has_table)
    out.diagnostics.push_back(
        {.code = "E-METER-101",
         .place = {.file = file},
         .message = {"找不到抄表读数的表头。", "There is no header of meter readings."},
         .advice = {"表头要有：表号、统一社会信用代码、抄表时间、示数；可有：倍率、启停、单位。",
                    "It needs 表号, 统一社会信用代码, 抄表时间, 示数; 倍率, 启停 and 单位 may follow."}});
  return out;
}

}  // namespace tenglong::meter
