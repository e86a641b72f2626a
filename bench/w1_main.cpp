// W1 beside a hand-written loop in one run. One JSON line each, then the ratios. Medians of 9.
// bench_w1: W1, W1 with one-digit data, two threads, and questions about a run.
// bench_w1 --cost FOLDER: cost against rows and columns, as cost.md and its plots.
// bench_w1 --write-pack FOLDER: the policy with the generated bases.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <string>

#include "bench/measure.h"
#include "bench/w1/engine.h"

namespace {

using namespace bench::w1;
using namespace tenglong;

constexpr std::size_t kFirms = 100'000;

struct ItemText {
  const char *id, *name, *unit, *formula;
};
const ItemText kItemTexts[kItems] = {
    {"tax_per_mu", "亩均税收", "万元/亩", "税收 / 用地面积"},
    {"added_per_mu", "亩均增加值", "万元/亩", "增加值 / 用地面积"},
    {"added_per_staff", "全员劳动生产率", "万元/人", "增加值 / 职工人数"},
    {"added_per_energy", "单位能耗增加值", "万元/吨标准煤", "增加值 / 综合能耗"},
    {"research_share", "研发占比", "", "研发经费 / 营业收入"},
    {"revenue_per_mu", "亩均营业收入", "万元/亩", "营业收入 / 用地面积"},
};

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", value);
  return text;
}

void write_pack(const std::string& folder) {
  const District d = make_district(0);
  std::ofstream out(folder + "/pack.md");
  out << "# W1 的评价规则\n\n基准由 bench/w1/district.cpp 的生成器给出（`bench_w1 --write-pack "
         "bench/w1/pack`）。\n\n"
         "```yaml pack\nid: w1\nname: W1\ndocument: 基准测试\narea: \"330902\"\nvalid_from: "
         "2022-01-01\nvalid_to: 2022-12-31\n"
         "rounding: {places: 6, mode: half_up}\n```\n\n"
         "```yaml codes\nid: grade\nname: 评价等级\norder: best_first\nsource: 建 基准测试\n```\n\n"
         "| 代码 | 名称 |\n|---|---|\n| \"A\" | 优先发展 |\n| \"B\" | 支持发展 |\n| \"C\" | 提升发展 |\n| "
         "\"D\" | 限制发展 |\n\n"
         "```yaml register\nid: firm\nname: 企业\nkey: [number]\nfields:\n"
         "  - {id: number, name: 编号, type: text}\n"
         "  - {id: tax, name: 税收, type: number, unit: 万元}\n"
         "  - {id: added, name: 增加值, type: number, unit: 万元}\n"
         "  - {id: land, name: 用地面积, type: number, unit: 亩, min: 0.01}\n"
         "  - {id: staff, name: 职工人数, type: number, unit: 人, min: 1}\n"
         "  - {id: energy, name: 综合能耗, type: number, unit: 吨标准煤, min: 0.01}\n"
         "  - {id: research, name: 研发经费, type: number, unit: 万元}\n"
         "  - {id: revenue, name: 营业收入, type: number, unit: 万元, min: 0.01}\n"
         "  - {id: industry, name: 行业, type: text}\n"
         "  - {id: town, name: 镇街, type: text}\n"
         "  - {id: vetoed, name: 否决情形, type: boolean}\n```\n";
  for (int item = 0; item < kItems; ++item) {
    const ItemText& text = kItemTexts[item];
    const std::string unit = *text.unit ? "unit: " + std::string(text.unit) + "\n" : "";
    out << "\n```yaml parameter\nid: base_" << text.id << "\nname: 基准" << text.name << "\n"
        << unit << "source: 建 基准测试\nkeys: [行业]\n```\n\n| 行业 | 值 | 出处 |\n|---|---|---|\n";
    for (int industry = 0; industry < kIndustries; ++industry)
      out << "| \"" << industry << "\" | "
          << number(d.base[static_cast<std::size_t>(industry * kItems + item)]) << " | 建 基准测试 |\n";
    out << "\n```yaml indicator\nid: " << text.id << "\nname: " << text.name << "\nof: firm\n"
        << unit << "formula: " << text.formula << "\nsource: 建 基准测试\n```\n";
  }
  out << "\n```yaml indicator\nid: above_scale\nname: 规上\nof: firm\ntype: boolean\nformula: 营业收入 >= "
         "2000\nsource: 建 基准测试\n```\n"
         "\n```yaml decision\nid: veto\nname: 一票否决\nof: firm\nhit: first\ninputs: [否决情形]\n"
         "output: {name: 最高可评, type: code, codes: grade}\nsource: 建 基准测试\n```\n\n| 否决情形 | "
         "最高可评 |\n|---|---|\n| true | \"D\" |\n"
         "\n```yaml scheme\nid: w1\nname: 综合评价\nof: firm\ndue: \"true\"\nrank_within: [规上]\nitems:\n";
  for (int item = 0; item < kItems; ++item)
    out << "  - {indicator: " << kItemTexts[item].name << ", weight: " << kWeights[item] << ", base: '基准"
        << kItemTexts[item].name << "(行业: 行业)'}\n";
  out << "item_score: 指标值 / 基准值 * 权重\nitem_floor: 0\nitem_cap: 1.5 * 权重\ntotal: sum(各项得分)\n"
         "rounding: {places: 6, mode: half_up}\ncuts: {A: 20, B: 60, C: 95, D: 100}\nties: better\nveto: "
         "一票否决\n"
         "source: 建 基准测试\n```\n"
         "\n```yaml indicator\nid: district_tax\nname: 全区亩均税收\nover: firm\nwhere: 规上\nunit: "
         "万元/亩\nformula: sum(税收) / sum(用地面积)\nby: [区县, 镇街, 行业]\nsource: 建 基准测试\n```\n"
         "\n```yaml roster\nid: low\nname: 低效清单\nof: firm\ndue: \"true\"\nenters_if: '亩均税收 < 5 and "
         "(单位能耗增加值 <= 1.2 or not(规上))'\nsource: 建 基准测试\n```\n";
}

}  // namespace

column::Snapshot bench::w1::columns_of(const pack::Pack& pack, const District& d) {
  column::Table table{.register_id = "firm"};
  const std::size_t n = d.size();
  for (std::size_t i = 0; i < n; ++i) {
    char key[32];
    std::snprintf(key, sizeof key, "%07zu", i);
    table.key.push_back(key);
    table.period.push_back(std::nullopt);
  }
  column::TextColumn keys, industries, towns;
  column::BooleanColumn vetoes;
  for (std::size_t i = 0; i < n; ++i) {
    keys.append(table.key[i]);
    industries.append(std::to_string(d.industry[i]));
    towns.append(std::to_string(d.town[i]));
    vetoes.value.push_back(d.veto[i]);
    vetoes.state.push_back(column::State::Known);
  }
  table.columns.push_back(std::move(keys));
  for (const std::vector<double>* values :
       {&d.tax, &d.added, &d.land, &d.staff, &d.energy, &d.research, &d.revenue}) {
    column::NumberColumn column;
    for (const double value : *values) column.append(quantity::Decimal::from_double_shortest(value));
    table.columns.push_back(std::move(column));
  }
  table.columns.push_back(std::move(industries));
  table.columns.push_back(std::move(towns));
  table.columns.push_back(std::move(vetoes));
  column::Snapshot snapshot;
  for (const schema::Register& each : pack.schema.registers)
    snapshot.tables.push_back(each.id == "firm" ? table : column::Table{.register_id = each.id});
  return snapshot;
}

namespace {

using bench::median_seconds;

void print_line(const char* implementation, const char* work, double seconds,
                const std::int64_t (&grades)[kGrades], double sum, std::int64_t doubts,
                std::int64_t recognised) {
  std::printf(
      "{\"impl\":\"%s\",\"work\":\"%s\",\"n\":%zu,\"scen\":1,\"median_s\":%.6f,\"grades\":[%ld,%ld,%ld,%ld],"
      "\"sum\":%.6f,"
      "\"rows_in_doubt\":%ld,\"rows_recognised\":%ld}\n",
      implementation, work, kFirms, seconds, static_cast<long>(grades[0]), static_cast<long>(grades[1]),
      static_cast<long>(grades[2]), static_cast<long>(grades[3]), sum, static_cast<long>(doubts),
      static_cast<long>(recognised));
}

bool measure(const pack::Pack& pack, const plan::Plan& plan, const District& d, const char* work,
             bool is_pinned) {
  const column::Snapshot snapshot = columns_of(pack, d);
  const run::Options options{.period = calendar::Period::year(2022)};
  const auto& towns = std::get<column::TextColumn>(snapshot.find("firm")->columns[9]);
  // All three by turns, so that what disturbs the machine disturbs each.
  LoopResult loop, by_radix;
  run::SchemeColumns columns;
  run::RollUp cells;
  std::vector<double> of_loop, of_radix, of_engine;
  for (int turn = 0; turn < bench::kRuns; ++turn) {
    of_loop.push_back(bench::seconds_of([&] { hand_written_loop(d, Sort::Comparison, loop); }));
    of_radix.push_back(bench::seconds_of([&] { hand_written_loop(d, Sort::Radix, by_radix); }));
    of_engine.push_back(bench::seconds_of([&] {
      columns = run::execute(plan, plan.schemes[0], pack, snapshot, options);
      cells = run::roll_up(columns, towns);
    }));
  }
  const double loop_seconds[2] = {bench::median(of_loop), bench::median(of_radix)};
  const double seconds = bench::median(of_engine);
  for (const Sort sort : {Sort::Comparison, Sort::Radix}) {
    std::int64_t of_grade[kGrades] = {};
    double total = 0;
    const LoopResult& one = sort == Sort::Radix ? by_radix : loop;
    for (int cell = 0; cell < kTowns * kGrades; ++cell) {
      of_grade[cell % kGrades] += one.cells.count[cell];
      total += one.cells.sum[cell];
    }
    print_line(sort == Sort::Radix ? "loop_radix" : "loop_stdsort", work, loop_seconds[sort == Sort::Radix],
               of_grade, total, 0, 0);
  }
  run::Options two_threads = options;
  two_threads.threads = 2;
  const double on_two = median_seconds(
      [&] { run::roll_up(run::execute(plan, plan.schemes[0], pack, snapshot, two_threads), towns); });
  if (columns.left_to_interpreter) {
    std::printf("the plan was left to the interpreter: %s\n", plan.schemes[0].left_to_interpreter.c_str());
    return false;
  }
  std::int64_t grades[kGrades] = {}, sum = 0, apart = 0;
  for (std::size_t cell = 0; cell < cells.count.size(); ++cell) {
    grades[cell % kGrades] += cells.count[cell];
    sum += cells.sum[cell];
  }
  for (std::size_t i = 0; i < d.size(); ++i)
    apart += columns.grade[i] != static_cast<std::int8_t>(loop.grade[i]);
  print_line("tenglong", work, seconds, grades, static_cast<double>(sum) / 1e6, columns.rows_in_doubt,
             columns.rows_recognised);
  std::printf(
      "%s: %.2f x the std::sort loop, %.2f x the radix loop; two threads %s: %.2f x one; %ld grades of the "
      "loop in "
      "doubles are not those of the rule (totals rounded to 6 places, ties shared)\n",
      work, seconds / loop_seconds[0], seconds / loop_seconds[1],
      is_pinned ? "on this one core" : "on two cores", on_two / seconds, static_cast<long>(apart));
  return true;
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count == 3 && std::strcmp(arguments[1], "--write-pack") == 0) {
    write_pack(arguments[2]);
    return 0;
  }
  const pack::ReadPack read = pack::read_pack(SOURCE_DIR "/bench/w1/pack");
  if (!read.pack || diagnostic::has_errors(read.diagnostics)) {
    for (const diagnostic::Diagnostic& each : read.diagnostics)
      std::printf("%s %s %s\n", to_string(each.place).c_str(), each.code.c_str(), each.message.zh.c_str());
    return 1;
  }
  const plan::Plan plan = plan::lower(*read.pack, calendar::Period::year(2022));
  if (argument_count == 3 && std::strcmp(arguments[1], "--cost") == 0) {
    bench::pin_to_a_core();
    return write_cost(*read.pack, plan, arguments[2]) ? 0 : 1;
  }
  // What two threads gain can be seen on two cores only, so this comes before the process stays on one.
  District district = make_district(kFirms);
  if (!measure(*read.pack, plan, district, "W1 on two cores", false)) return 1;
  const bool is_pinned = bench::pin_to_a_core();
  if (!is_pinned) std::printf("not pinned to a core\n");
  if (!measure(*read.pack, plan, district, "W1", is_pinned)) return 1;
  ask_questions(*read.pack, district);
  make_one_digit(district);
  return measure(*read.pack, plan, district, "W1 one digit", is_pinned) ? 0 : 1;
}
