#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "engine/sample/sample.h"
#include "engine/schema/attachment.h"
#include "engine/sheet/writer.h"

namespace tenglong::sample {

namespace {

using sheet::OutCell;
using sheet::OutColumn;
using sheet::OutSheet;

constexpr const char* kMark = "样例数据";

// A whole number of 10^-places as decimal text, without trailing zeros.
std::string decimal(std::int64_t amount, int places) {
  const bool negative = amount < 0;
  std::string digits = std::to_string(negative ? -amount : amount);
  const auto width = static_cast<std::size_t>(places);
  if (digits.size() <= width) digits.insert(0, width + 1 - digits.size(), '0');
  std::string out = digits.substr(0, digits.size() - width);
  std::string fraction = digits.substr(digits.size() - width);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  if (!fraction.empty()) out += "." + fraction;
  return (negative ? "-" : "") + out;
}

std::string full_width(std::string_view digits) {
  std::string out;
  for (const char c : digits) {
    if (c >= '0' && c <= '9')
      out += std::string("\xEF\xBC") + static_cast<char>(0x90 + (c - '0'));
    else if (c == '.')
      out += "．";
    else
      out += c;
  }
  return out;
}

std::string with_commas(std::string text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::size_t first = text[0] == '-' ? 1 : 0;
  for (std::size_t at = point; at > first + 3;) text.insert(at -= 3, ",");
  return text;
}

// A figure as this row's clerk types it: mostly a number, sometimes text.
OutCell figure(std::int64_t amount, int places, std::size_t row) {
  std::string text = decimal(amount, places);
  if (row % 100 == 37) return OutCell::of_text(full_width(text));
  if (row % 50 == 21) return OutCell::of_text(with_commas(text));
  return OutCell::of_number(std::move(text));
}

OutCell yes(bool truth) { return OutCell::of_text(truth ? "是" : "否"); }

class Writer {
 public:
  Writer(const District& district, const Options& options, std::string folder,
         const std::function<void(const File&)>& progress)
      : district_(district), options_(options), folder_(std::move(folder)), progress_(progress) {
    std::filesystem::create_directories(folder_);
  }

  std::vector<File> write() {
    roll();
    parks();
    land();
    for (int year = options_.first_year; year <= options_.last_year; ++year) {
      taxes(year);
      statistics(year);
      electricity(year);
      environment(year);
      labels(year);
      accidents(year);
    }
    district_years();
    revitalised();
    earlier_results();
    parcels();
    parcel_uses();
    former_names();
    talks();
    return std::move(files_);
  }

 private:
  void save(sheet::WorkbookWriter& workbook, const std::string& name, const char* provider,
            const char* register_id, const std::string& document = {}) {
    File file{.path = folder_ + "/" + kMark + "_" + provider + "_" + name + ".xlsx",
              .provider = provider,
              .register_id = register_id,
              .document = document};
    const std::string bytes = workbook.finish();
    std::ofstream out(file.path, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) throw std::runtime_error("cannot write " + file.path);
    if (progress_) progress_(file);
    files_.push_back(std::move(file));
  }

  static const Year* of(const Enterprise& e, int year) {
    for (const Year& y : e.years)
      if (y.year == year) return &y;
    return nullptr;
  }

  void roll() {
    sheet::WorkbookWriter book;
    book.begin_sheet(
        {.name = "工业企业底册",
         .title = "定海区工业企业底册",
         .mark = kMark,
         .columns = {
             {{"统一社会信用代码"}}, {{"企业全称"}}, {{"行业代码"}}, {{"所属镇街"}}, {{"成立日期"}}}});
    std::size_t row = 0;
    for (const Enterprise& e : district_.enterprises) {
      ++row;
      const std::string town = row % 9 == 4 ? e.town.substr(0, 6) : e.town;  // 金塘 for 金塘镇
      const OutCell date = row % 11 == 3 ? OutCell::of_text(std::to_string(e.registered.year) + "." +
                                                            std::to_string(e.registered.month) + "." +
                                                            std::to_string(e.registered.day))
                                         : OutCell::of_date(e.registered);
      const OutCell cells[] = {OutCell::of_text(e.credit_code), OutCell::of_text(e.name),
                               OutCell::of_text(row % 13 == 5 ? "C" + e.industry : e.industry),
                               OutCell::of_text(town), date};
      book.row(cells);
    }
    save(book, "企业底册", "市市场监管局定海分局", "enterprise");
  }

  void parks() {
    sheet::WorkbookWriter book;
    book.begin_sheet({.name = "园区与类别",
                      .title = "园区企业与公用工程类企业",
                      .mark = kMark,
                      .columns = {{{"社会信用代码"}}, {{"单位名称"}}, {{"产业平台"}}, {{"民生公益类"}}}});
    for (const Enterprise& e : district_.enterprises) {
      if (e.park.empty() && !e.public_utility) continue;
      const OutCell cells[] = {OutCell::of_text(e.credit_code), OutCell::of_text(e.name),
                               OutCell::of_text(e.park), yes(e.public_utility)};
      book.row(cells);
    }
    save(book, "园区企业名录", "区经信局", "enterprise");
  }

  // 2022 in 平方米, other years in 亩.
  void land() {
    for (int year = options_.first_year; year <= options_.last_year; ++year) {
      const bool square_metres = year == 2022;
      sheet::WorkbookWriter book;
      book.begin_sheet({.name = std::to_string(year) + "年用地",
                        .title = std::to_string(year) + "年度工业企业用地情况",
                        .mark = kMark,
                        .columns = {{{"统一社会信用代码"}},
                                    {{"单位名称"}},
                                    {{square_metres ? "实际用地面积（平方米）" : "实际用地面积（亩）"}},
                                    {{"新供地保护期"}}}});
      std::size_t row = 0;
      for (const Enterprise& e : district_.enterprises) {
        if (of(e, year) == nullptr) continue;
        ++row;
        if (row % 211 == 60) continue;  // not surveyed
        // 0.01 亩 = 20/3 平方米: given to a hundredth, as a survey gives it.
        const OutCell area = square_metres ? figure((e.land * 2000 + 1) / 3, 2, row) : figure(e.land, 2, row);
        const OutCell cells[] = {OutCell::of_text(e.credit_code), OutCell::of_text(e.name), area,
                                 yes(e.land_protected)};
        book.row(cells);
      }
      save(book, std::to_string(year) + "年用地", "市资源规划局定海分局", "enterprise_year");
    }
  }

  // 2021 in 元, other years in 万元; the faults of the contract stand at fixed rows.
  void taxes(int year) {
    const bool yuan = year == 2021;
    sheet::WorkbookWriter book;
    book.begin_sheet(
        {.name = "税收",
         .title = std::to_string(year) + "年工业企业税收情况表",
         .mark = kMark,
         .lines = {yuan ? "单位：元" : "单位：万元"},
         .columns = {{{"纳税人识别号"}}, {{"单位名称"}}, {{yuan ? "入库税金（元）" : "入库税金（万元）"}}}});
    std::size_t row = 0;
    std::int64_t total = 0;
    for (const Enterprise& e : district_.enterprises) {
      const Year* y = of(e, year);
      if (y == nullptr) continue;
      ++row;
      total += y->tax;
      std::string code = e.credit_code;
      if (row == 41) code.erase(9, 1);
      if (row == 83) code = "9.13309E+17";
      const std::int64_t amount = !yuan && row == 127 ? y->tax * 10000 : y->tax;
      const OutCell tax = yuan ? figure(amount, 0, row) : figure(amount, 4, row);
      const OutCell cells[] = {OutCell::of_text(code), OutCell::of_text(e.name), tax};
      book.row(cells);
      if (row == 150) book.row(cells);
      if (row == 190) {
        const OutCell other[] = {OutCell::of_text(code), OutCell::of_text(e.name),
                                 yuan ? figure(amount + 10000, 0, row) : figure(amount + 10000, 4, row)};
        book.row(other);
      }
    }
    const OutCell sum[] = {OutCell::of_text("合计"), OutCell::empty(),
                           OutCell::of_number(decimal(total, yuan ? 0 : 4))};
    book.row(sum);
    const OutCell note[] = {OutCell::of_text("填表人：样例    注：含退税还原，样例数据")};
    book.row(note);
    save(book, std::to_string(year) + "年税收", "区税务局", "enterprise_year");
  }

  void statistics(int year) {
    sheet::WorkbookWriter book;
    book.begin_sheet({.name = "主要指标",
                      .title = std::to_string(year) + "年工业企业主要经济指标",
                      .mark = kMark,
                      .columns = {{{"基本情况", "统一社会信用代码"}},
                                  {{"基本情况", "单位详细名称"}},
                                  {{"基本情况", "是否规上"}},
                                  {{"基本情况", "当年小升规"}},
                                  {{"产出", "工业增加值（万元）"}},
                                  {{"产出", "主营业务收入（万元）"}},
                                  {{"投入", "R&D经费支出（万元）"}},
                                  {{"投入", "全部从业人员平均人数（人）"}},
                                  {{"能耗", "综合能耗等价值（吨标准煤）"}},
                                  {{"能耗", "综合能耗当量值（吨标准煤）"}}}});
    std::size_t row = 0;
    for (const Enterprise& e : district_.enterprises) {
      const Year* y = of(e, year);
      if (y == nullptr) continue;
      ++row;
      const bool gap = row % 100 == 63;
      const OutCell cells[] = {OutCell::of_text(e.credit_code),
                               OutCell::of_text(e.name),
                               yes(e.above_scale),
                               yes(e.newly_above_scale && year == 2023),
                               gap ? OutCell::of_text("—") : figure(y->value_added, 4, row),
                               figure(y->revenue, 4, row + 1),
                               figure(y->research, 4, row + 2),
                               figure(y->staff, 0, row + 3),
                               figure(y->energy, 2, row + 4),
                               figure(y->energy * 2 / 5, 2, row + 5)};
      book.row(cells);
    }
    save(book, std::to_string(year) + "年统计", "区统计局", "enterprise_year");
  }

  // 2023 in 千瓦时, other years in 万千瓦时.
  void electricity(int year) {
    const bool hours = year == 2023;
    sheet::WorkbookWriter book;
    book.begin_sheet({.name = "用电",
                      .title = std::to_string(year) + "年工业用户用电量",
                      .mark = kMark,
                      .columns = {{{"电表户号"}},
                                  {{"用户名称"}},
                                  {{"社会信用代码"}},
                                  {{hours ? "年用电量（千瓦时）" : "年用电量（万千瓦时）"}},
                                  {{"备注"}}}});
    std::size_t row = 0;
    for (const Enterprise& e : district_.enterprises) {
      const Year* y = of(e, year);
      if (y == nullptr) continue;
      ++row;
      const OutCell cells[] = {
          OutCell::of_text("33" + std::to_string(7000000000 + static_cast<std::int64_t>(row))),
          OutCell::of_text(e.name), OutCell::of_text(e.credit_code),
          hours ? figure(y->electricity, 0, row) : figure(y->electricity, 4, row), OutCell::empty()};
      book.row(cells);
    }
    save(book, std::to_string(year) + "年用电", "定海供电公司", "enterprise_year");
  }

  void environment(int year) {
    sheet::WorkbookWriter book;
    book.begin_sheet(
        {.name = "排放",
         .title = std::to_string(year) + "年主要污染物排放",
         .mark = kMark,
         .columns = {{{"统一社会信用代码"}}, {{"企业全称"}}, {{"排污数据（当量吨）"}}, {{"环保不达标"}}}});
    std::size_t row = 0;
    for (const Enterprise& e : district_.enterprises) {
      const Year* y = of(e, year);
      if (y == nullptr || (!e.above_scale && !e.environment_failed)) continue;
      ++row;
      const OutCell emission = y->emission < 0 ? OutCell::of_text("缺报") : figure(y->emission, 4, row);
      const OutCell cells[] = {OutCell::of_text(e.credit_code), OutCell::of_text(e.name), emission,
                               yes(e.environment_failed && year == 2023)};
      book.row(cells);
    }
    save(book, std::to_string(year) + "年排放", "市生态环境局定海分局", "enterprise_year");
  }

  void labels(int year) {
    sheet::WorkbookWriter book;
    book.begin_sheet(
        {.name = "标识",
         .title = std::to_string(year) + "年企业标识",
         .mark = kMark,
         .columns = {{{"信用代码"}}, {{"单位名称"}}, {{"研发机构"}}, {{"重大项目建设期"}}, {{"尚未投产"}}}});
    std::size_t row = 0;
    for (const Enterprise& e : district_.enterprises) {
      if (of(e, year) == nullptr) continue;
      // Research units are founded over the years: a tenth of them each year.
      const bool founded = ++row % 10 >= static_cast<std::size_t>(std::max(0, options_.last_year - year));
      const OutCell cells[] = {OutCell::of_text(e.credit_code), OutCell::of_text(e.name),
                               yes(e.research_unit && founded), yes(e.major_construction),
                               yes(e.not_in_production)};
      book.row(cells);
    }
    save(book, std::to_string(year) + "年标识", "区经信局", "enterprise_year");
  }

  void accidents(int year) {
    sheet::WorkbookWriter book;
    book.begin_sheet({.name = "事故",
                      .title = std::to_string(year) + "年重大安全责任事故企业",
                      .mark = kMark,
                      .columns = {{{"统一社会信用代码"}}, {{"单位名称"}}, {{"重大安全责任事故"}}}});
    for (const Enterprise& e : district_.enterprises) {
      if (of(e, year) == nullptr) continue;
      const OutCell cells[] = {OutCell::of_text(e.credit_code), OutCell::of_text(e.name),
                               yes(e.accident && year == 2023)};
      book.row(cells);
    }
    save(book, std::to_string(year) + "年安全", "区应急局", "enterprise_year");
  }

  void district_years() {
    sheet::WorkbookWriter book;
    book.begin_sheet({.name = "区县年度",
                      .title = "定海区主要经济与财政数据",
                      .mark = kMark,
                      .columns = {{{"地区"}},
                                  {{"年度"}},
                                  {{"地区生产总值（亿元）"}},
                                  {{"制造业增加值（亿元）"}},
                                  {{"工业投资（亿元）"}},
                                  {{"制造业投资（亿元）"}},
                                  {{"规上工业综合能耗（万吨标准煤）"}},
                                  {{"规上工业增加值（亿元）"}},
                                  {{"财政科技投入（万元）"}},
                                  {{"土地出让收入收益（万元）"}},
                                  {{"专项经费提取额（万元）"}},
                                  {{"出让土地总面积（亩）"}},
                                  {{"出让工业用地面积（亩）"}},
                                  {{"新增工业用地出让面积（亩）"}},
                                  {{"标准地出让面积（亩）"}},
                                  {{"工业用地总量（亩）"}}}});
    for (int year = options_.first_year; year <= options_.last_year; ++year) {
      const std::int64_t step = year - options_.first_year;
      std::vector<OutCell> cells = {OutCell::of_text(district_.place.area),
                                    OutCell::of_text(std::to_string(year))};
      const std::pair<std::int64_t, int> figures[] = {
          {5750 + 420 * step, 1}, {1080 + 105 * step, 1}, {600 + 92 * step, 1},     {430 + 60 * step, 1},
          {410 + 12 * step, 1},   {1390 + 130 * step, 1}, {12500 + 1100 * step, 0}, {98000 + 4000 * step, 0},
          {480 + 35 * step, 0},   {1900 + 40 * step, 0},  {540 + 35 * step, 0},     {360 + 20 * step, 0},
          {360 + 20 * step, 0},   {41000 + 160 * step, 0}};
      for (const auto& [amount, places] : figures)
        cells.push_back(OutCell::of_number(decimal(amount, places)));
      book.row(cells);
    }
    save(book, "区县年度", "区财政局", "district_year");
  }

  void revitalised() {
    sheet::WorkbookWriter book;
    book.begin_sheet({.name = "盘活地块",
                      .title = "盘活闲置低效用地台账",
                      .mark = kMark,
                      .columns = {{{"盘活宗地编号"}},
                                  {{"所属镇街"}},
                                  {{"完成日期"}},
                                  {{"腾出面积（亩）"}},
                                  {{"盘活方式"}},
                                  {{"文号"}}}});
    constexpr const char* kKinds[] = {"收回", "转让", "再开发", "出租", "追加投资"};
    const std::int64_t parcels = std::max<std::int64_t>(8, options_.firms / 25);
    for (std::int64_t i = 0; i < parcels; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const Town& town = district_.place.towns[(at * 5 + 3) % district_.place.towns.size()];
      const calendar::Date done{static_cast<std::int32_t>(2021 + i % 3),
                                static_cast<std::int32_t>(1 + i * 7 % 12),
                                static_cast<std::int32_t>(1 + i * 11 % 28)};
      const OutCell cells[] = {OutCell::of_text("样例-PH-" + std::to_string(1000 + i)),
                               OutCell::of_text(town.name),
                               OutCell::of_date(done),
                               OutCell::of_number(decimal(300 + i * 137 % 2600, 2)),
                               OutCell::of_text(kKinds[at % 5]),
                               OutCell::of_text("样例凭证" + std::to_string(i + 1))};
      book.row(cells);
    }
    save(book, "盘活用地", "区经信局", "revitalised_parcel");
  }

  void earlier_results() {
    sheet::WorkbookWriter book;
    book.begin_sheet(
        {.name = "2020年度结果",
         .title = "2020年度综合评价公布结果",
         .mark = kMark,
         .columns = {{{"序号"}}, {{"统一社会信用代码"}}, {{"年度"}}, {{"类别"}}, {{"等级"}}, {{"文号"}}}});
    constexpr const char* kGrades[] = {"A", "B", "B", "C", "B", "C", "D"};
    for (std::size_t i = 0; i < district_.enterprises.size(); i += 17) {
      const OutCell cells[] = {OutCell::of_text("样例-2020-" + std::to_string(i + 1)),
                               OutCell::of_text(district_.enterprises[i].credit_code),
                               OutCell::of_text("2020"),
                               OutCell::of_text("综合评价等级"),
                               OutCell::of_text(kGrades[i % 7]),
                               OutCell::of_text("样例文号〔2021〕1号")};
      book.row(cells);
    }
    save(book, "2020年度公布结果", "区经信局", "external_result", "样例文号〔2021〕1号");
  }

  // Every tenth enterprise stands on a parcel of its own; since 2022 the next in the list has a part of it.
  // What they have of it is all of the parcel until then, and all but a tenth after.
  struct Parcel {
    std::string code;
    const Enterprise* owner;
    const Enterprise* tenant;
    std::int64_t area, owned, let;  // 0.01 亩
  };
  std::vector<Parcel> land_of_some() const {
    std::vector<Parcel> out;
    const std::vector<Enterprise>& all = district_.enterprises;
    for (std::size_t i = 0; i + 1 < all.size(); i += 10) {
      const std::int64_t area = std::max<std::int64_t>(all[i].land, 100);
      out.push_back({"样例-ZD-" + std::to_string(1000 + i / 10), &all[i], &all[i + 1], area, area * 6 / 10,
                     area * 3 / 10});
    }
    return out;
  }

  void parcels() {
    sheet::WorkbookWriter book;
    book.begin_sheet({.name = "宗地",
                      .title = "工业用地宗地台账",
                      .mark = kMark,
                      .columns = {{{"宗地编号"}},
                                  {{"宗地面积（亩）"}},
                                  {{"坐落镇街"}},
                                  {{"供地日期"}},
                                  {{"不动产权证号"}},
                                  {{"权证扫描件"}},
                                  {{"土地出让价款（万元）"}},
                                  {{"宗地图形"}}}});
    std::size_t row = 0;
    for (const Parcel& parcel : land_of_some()) {
      // A square somewhere near 122.1 E, 30.0 N; its size is not that of the parcel.
      const auto at = static_cast<std::int64_t>(row++);
      const auto corner = [&](int east, int north) {
        return decimal(1'221'000 + at % 50 * 20 + east * 10, 4) + " " +
               decimal(300'000 + at / 50 * 20 + north * 10, 4);
      };
      const std::string outline = "POLYGON((" + corner(0, 0) + ", " + corner(1, 0) + ", " + corner(1, 1) +
                                  ", " + corner(0, 1) + ", " + corner(0, 0) + "))";
      const std::string number = "样例权证第" + std::to_string(20'000 + at) + "号";
      const auto scan = schema::attachment_of(number + ".pdf", number);
      const OutCell cells[] = {OutCell::of_text(parcel.code),
                               OutCell::of_number(decimal(parcel.area, 2)),
                               OutCell::of_text(parcel.owner->town),
                               OutCell::of_date(calendar::Date{2010, 1 + static_cast<int>(at % 12), 15}),
                               OutCell::of_text(number),
                               OutCell::of_text(scan ? schema::to_text(*scan) : std::string()),
                               OutCell::of_number(decimal(parcel.area * (20 + at % 30), 2)),
                               OutCell::of_text(outline)};
      book.row(cells);
    }
    save(book, "宗地", "市资源规划局定海分局", "parcel");
  }

  void parcel_uses() {
    sheet::WorkbookWriter book;
    book.begin_sheet({.name = "用地占用",
                      .title = "工业用地占用情况",
                      .mark = kMark,
                      .columns = {{{"宗地编号"}},
                                  {{"使用单位代码"}},
                                  {{"起用日期"}},
                                  {{"止用日期"}},
                                  {{"分摊面积（亩）"}},
                                  {{"使用方式"}}}});
    const auto use = [&](const Parcel& parcel, const Enterprise& user, calendar::Date from,
                         std::optional<calendar::Date> to, std::int64_t area, const char* how) {
      const OutCell cells[] = {OutCell::of_text(parcel.code),
                               OutCell::of_text(user.credit_code),
                               OutCell::of_date(from),
                               to ? OutCell::of_date(*to) : OutCell::empty(),
                               OutCell::of_number(decimal(area, 2)),
                               OutCell::of_text(how)};
      book.row(cells);
    };
    for (const Parcel& parcel : land_of_some()) {
      use(parcel, *parcel.owner, {2015, 1, 1}, calendar::Date{2021, 12, 31}, parcel.area, "自用");
      use(parcel, *parcel.owner, {2022, 1, 1}, std::nullopt, parcel.owned, "自用");
      use(parcel, *parcel.tenant, {2022, 1, 1}, std::nullopt, parcel.let, "租用");
    }
    save(book, "用地占用", "市资源规划局定海分局", "parcel_use");
  }

  void former_names() {
    sheet::WorkbookWriter book;
    book.begin_sheet(
        {.name = "曾用名",
         .title = "企业名称变更",
         .mark = kMark,
         .columns = {{{"更名企业代码"}}, {{"登记名称"}}, {{"名称起用日期"}}, {{"名称停用日期"}}}});
    for (std::size_t i = 0; i < district_.enterprises.size(); i += 40) {
      const Enterprise& e = district_.enterprises[i];
      const calendar::Date renamed = e.registered.plus_months(30);
      const OutCell before[] = {OutCell::of_text(e.credit_code),
                                OutCell::of_text("样例旧称" + std::to_string(i)),
                                OutCell::of_date(e.registered), OutCell::of_date(renamed.plus_days(-1))};
      book.row(before);
      const OutCell since[] = {OutCell::of_text(e.credit_code), OutCell::of_text(e.name),
                               OutCell::of_date(renamed), OutCell::empty()};
      book.row(since);
    }
    save(book, "曾用名", "市市场监管局定海分局", "enterprise_name");
  }

  void talks() {
    sheet::WorkbookWriter book;
    book.begin_sheet(
        {.name = "约谈",
         .title = "低效企业约谈记录",
         .mark = kMark,
         .columns = {{{"约谈企业代码"}}, {{"约谈日期"}}, {{"约谈单位"}}, {{"涉及宗地"}}, {{"约谈事由"}}}});
    const std::vector<Parcel> land = land_of_some();
    for (std::size_t i = 0; i < land.size(); i += 8) {
      const OutCell cells[] = {
          OutCell::of_text(land[i].owner->credit_code),
          OutCell::of_date(calendar::Date{2023, 1 + static_cast<int>(i % 12), 20}),
          OutCell::of_text("区经信局"),
          OutCell::of_text(i + 1 < land.size() ? land[i].code + "；" + land[i + 1].code : land[i].code),
          OutCell::of_text("样例：亩均税收低于认定线")};
      book.row(cells);
    }
    save(book, "约谈", "区经信局", "talk");
  }

  const District& district_;
  const Options& options_;
  std::string folder_;
  const std::function<void(const File&)>& progress_;
  std::vector<File> files_;
};

}  // namespace

std::vector<File> write_workbooks(const District& district, const Options& options, const std::string& folder,
                                  const std::function<void(const File&)>& progress) {
  return Writer(district, options, folder, progress).write();
}

}  // namespace tenglong::sample
