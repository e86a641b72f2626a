// Cost against rows and against columns: a table and two plots for docs/, all from one run.
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "bench/measure.h"
#include "bench/w1/engine.h"
#include "engine/quantity/decimal.h"

namespace bench::w1 {

using namespace tenglong;

namespace {

struct Point {
  double at = 0;                // rows, or columns
  double engine = 0, loop = 0;  // seconds
};

std::string number(double value, int places) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", places, value);
  return text;
}

std::vector<Point> against_rows(const pack::Pack& pack, const plan::Plan& plan) {
  std::vector<Point> points;
  for (const std::size_t rows : {1'000u, 3'000u, 10'000u, 30'000u, 100'000u, 300'000u, 1'000'000u}) {
    const District district = make_district(rows);
    const column::Snapshot snapshot = columns_of(pack, district);
    const run::Options options{.period = calendar::Period::year(2022)};
    const auto& towns = std::get<column::TextColumn>(snapshot.find("firm")->columns[9]);
    LoopResult loop;
    const auto [engine, by_hand] = medians_in_turn(
        [&] { run::roll_up(run::execute(plan, plan.schemes[0], pack, snapshot, options), towns); },
        [&] { hand_written_loop(district, Sort::Comparison, loop); });
    points.push_back({static_cast<double>(rows), engine, by_hand});
  }
  return points;
}

// A scheme of `items` ratios, each of its own column: 量1 / 用地面积 …
pack::ReadPack policy_of(int items) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("tenglong-cost-" + std::to_string(items));
  std::filesystem::create_directories(folder);
  {
    std::ofstream out(folder / "pack.md");
    out << "# 列数\n\n```yaml pack\nid: cost\nname: 列数\ndocument: 基准测试\narea: \"330902\"\nvalid_from: "
           "2022-01-01\nvalid_to: 2022-12-31\nrounding: {places: 6, mode: half_up}\n```\n\n"
           "```yaml codes\nid: grade\nname: 评价等级\norder: best_first\nsource: 建 基准测试\n```\n\n"
           "| 代码 | 名称 |\n|---|---|\n| \"A\" | 优先发展 |\n| \"B\" | 支持发展 |\n\n"
           "```yaml register\nid: firm\nname: 企业\nkey: [number]\nfields:\n"
           "  - {id: number, name: 编号, type: text}\n"
           "  - {id: land, name: 用地面积, type: number, unit: 亩, min: 0.01}\n";
    for (int i = 1; i <= items; ++i)
      out << "  - {id: v" << i << ", name: 量" << i << ", type: number, unit: 万元}\n";
    out << "```\n";
    for (int i = 1; i <= items; ++i)
      out << "\n```yaml indicator\nid: r" << i << "\nname: 比" << i
          << "\nof: firm\nunit: 万元/亩\nformula: 量" << i << " / 用地面积\nsource: 建 基准测试\n```\n";
    out << "\n```yaml scheme\nid: cost\nname: 综合评价\nof: firm\ndue: \"true\"\nitems:\n";
    for (int i = 1; i <= items; ++i) out << "  - {indicator: 比" << i << ", weight: 10, base: 20}\n";
    out << "item_score: 指标值 / 基准值 * 权重\nitem_floor: 0\nitem_cap: 1.5 * 权重\ntotal: sum(各项得分)\n"
           "rounding: {places: 6, mode: half_up}\ncuts: {A: 50, B: 100}\nties: better\nsource: 建 "
           "基准测试\n```\n";
  }
  pack::ReadPack read = pack::read_pack(folder.string());
  std::filesystem::remove_all(folder);
  return read;
}

std::vector<Point> against_columns() {
  constexpr std::size_t kRows = 100'000;
  const District district = make_district(kRows);
  const std::vector<double>* sources[] = {&district.tax, &district.added, &district.revenue,
                                          &district.energy};
  std::vector<Point> points;
  for (const int items : {1, 2, 4, 8, 16, 32, 48}) {
    const pack::ReadPack read = policy_of(items);
    if (!read.pack) return {};
    const plan::Plan plan = plan::lower(*read.pack, calendar::Period::year(2022));
    column::Table table{.register_id = "firm"};
    column::TextColumn keys;
    for (std::size_t i = 0; i < kRows; ++i) {
      char key[16];
      std::snprintf(key, sizeof key, "%07zu", i);
      table.key.push_back(key);
      table.period.push_back(std::nullopt);
      keys.append(key);
    }
    table.columns.push_back(std::move(keys));
    const auto add = [&](const std::vector<double>& values) {
      column::NumberColumn column;
      for (const double value : values) column.append(quantity::Decimal::from_double_shortest(value));
      table.columns.push_back(std::move(column));
    };
    add(district.land);
    for (int i = 0; i < items; ++i) add(*sources[i % 4]);
    column::Snapshot snapshot;
    snapshot.tables.push_back(std::move(table));
    const run::Options options{.period = calendar::Period::year(2022)};
    std::vector<double> total(kRows);
    const auto [engine, by_hand] = medians_in_turn(
        [&] { run::execute(plan, plan.schemes[0], *read.pack, snapshot, options); },
        [&] {
          for (std::size_t row = 0; row < kRows; ++row) {
            double sum = 0;
            for (int i = 0; i < items; ++i)
              sum += std::min(15.0, std::max(0.0, (*sources[i % 4])[row] / district.land[row] / 20 * 10));
            total[row] = sum;
          }
          std::sort(total.begin(), total.end());
        });
    points.push_back({static_cast<double>(items), engine, by_hand});
  }
  return points;
}

// Both axes logarithmic or both linear; one line of points each for the engine and the loop.
void plot(const std::string& file, const std::string& title, const std::string& along,
          const std::vector<Point>& points, bool logarithmic) {
  constexpr double kWidth = 640, kHeight = 400, kLeft = 70, kRight = 20, kTop = 40, kBottom = 50;
  const auto scale = [&](double value) { return logarithmic ? std::log10(value) : value; };
  double least_x = scale(points.front().at), most_x = scale(points.back().at);
  double least_y = logarithmic ? 1e9 : 0, most_y = logarithmic ? -1e9 : 0;
  for (const Point& each : points)
    for (const double seconds : {each.engine, each.loop}) {
      least_y = std::min(least_y, scale(seconds * 1e3));
      most_y = std::max(most_y, scale(seconds * 1e3));
    }
  if (!logarithmic) least_x = 0;
  const auto x = [&](double at) {
    return kLeft + (scale(at) - least_x) / (most_x - least_x) * (kWidth - kLeft - kRight);
  };
  const auto y = [&](double seconds) {
    return kHeight - kBottom -
           (scale(seconds * 1e3) - least_y) / (most_y - least_y) * (kHeight - kTop - kBottom);
  };
  std::ofstream out(file);
  out << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 400\" font-family=\"sans-serif\" "
         "font-size=\"12\">\n"
      << "<rect width=\"640\" height=\"400\" fill=\"#fff\"/>\n<text x=\"70\" y=\"22\" font-size=\"14\">"
      << title
      << "</text>\n<path d=\"M70 40V350H620\" fill=\"none\" stroke=\"#666\"/>\n<text x=\"330\" y=\"392\">"
      << along << "</text>\n<text x=\"8\" y=\"36\">毫秒</text>\n";
  for (const Point& each : points)
    out << "<text x=\"" << number(x(each.at), 1) << "\" y=\"368\" text-anchor=\"middle\">"
        << number(each.at, 0) << "</text>\n";
  for (const double part : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const double value = least_y + part * (most_y - least_y);
    const double ms = logarithmic ? std::pow(10, value) : value;
    out << "<text x=\"64\" y=\"" << number(kHeight - kBottom - part * (kHeight - kTop - kBottom) + 4, 1)
        << "\" text-anchor=\"end\">" << number(ms, ms < 10 ? 2 : 0) << "</text>\n";
  }
  const auto line = [&](bool engine, const char* colour, const char* word, double at_y) {
    out << "<polyline fill=\"none\" stroke=\"" << colour << "\" stroke-width=\"2\" points=\"";
    for (const Point& each : points)
      out << number(x(each.at), 1) << "," << number(y(engine ? each.engine : each.loop), 1) << " ";
    out << "\"/>\n<text x=\"90\" y=\"" << at_y << "\" fill=\"" << colour << "\">" << word << "</text>\n";
  };
  line(true, "#1f5fa8", "引擎（逐行等于十进制）", 60);
  line(false, "#a8501f", "手写循环（双精度，std::sort）", 78);
  out << "</svg>\n";
}

std::string table(const std::vector<Point>& points, const char* along, bool per_column) {
  std::string text = std::string("| ") + along + " | 引擎（毫秒） | 手写循环（毫秒） | 倍数 | 每行" +
                     (per_column ? "每列" : "") + "（纳秒） |\n|---:|---:|---:|---:|---:|\n";
  for (const Point& each : points) {
    const double cells = per_column ? each.at * 100'000 : each.at;
    text += "| " + number(each.at, 0) + " | " + number(each.engine * 1e3, 3) + " | " +
            number(each.loop * 1e3, 3) + " | " + number(each.engine / each.loop, 2) + " | " +
            number(each.engine * 1e9 / cells, 2) + " |\n";
  }
  return text;
}

}  // namespace

bool write_cost(const pack::Pack& pack, const plan::Plan& plan, const std::string& folder) {
  const std::vector<Point> rows = against_rows(pack, plan), columns = against_columns();
  if (columns.empty()) return false;
  plot(folder + "/cost-rows.svg", "一次评价的用时与行数（W1）", "企业数", rows, true);
  plot(folder + "/cost-columns.svg", "一次评价的用时与列数（100 000 户）", "指标数，每个指标一列", columns,
       false);
  std::ofstream out(folder + "/cost.md");
  out << "# 用时随行数、列数怎样长\n\n由 `build/release/bin/bench_w1 --cost docs` "
         "写出：一核，两种算法轮流，各九次取中。"
         "绝对用时随机器，看的是倍数和直线。\n\n## "
         "随行数（W1：六个指标、得分、排名、分档、汇总）\n\n![](cost-rows.svg)\n\n"
      << table(rows, "企业数", false)
      << "\n## 随列数（100 000 户，每个指标一列，得分、排名、分档）\n\n![](cost-columns.svg)\n\n"
      << table(columns, "指标数", true)
      << "\n手写循环只有双精度，没有缺数、并列、舍入规则；引擎的每个结果等于逐行十进制（docs/"
         "exactness.md）。\n";
  return static_cast<bool>(out);
}

}  // namespace bench::w1
