// tenglong simulate --robust and --close: does a grade rest on the exact weights, and who stands close to a
// line.
#include <algorithm>
#include <cstdio>
#include <map>

#include "campaign/view/view.h"
#include "cli/inside/commands.h"
#include "engine/simulate/robust.h"
#include "engine/text/json_writer.h"

namespace tenglong::cli {

using quantity::Decimal;

namespace {

constexpr view::Align kRight = view::Align::Right;

view::Column column_of(const char* id, const char* zh, const char* en,
                       view::Align align = view::Align::Left) {
  return {.id = id, .label = {zh, en}, .align = align};
}

std::string share_of(std::uint32_t times, std::size_t vectors) {
  const auto share =
      divide(Decimal(static_cast<std::int64_t>(times) * 100), Decimal(static_cast<std::int64_t>(vectors)));
  return share ? share->to_fixed(1) : std::string();
}

// Schemes asked for by name; all if none is named; with a sentence if there is no such scheme.
std::optional<std::vector<std::size_t>> schemes_of(Session& session, const std::string& name) {
  std::vector<std::size_t> out;
  const pack::Pack& pack = *session.pack();
  for (std::size_t s = 0; s < pack.schemes.size(); ++s)
    if (name.empty() || pack.schemes[s].name == name || pack.schemes[s].id == name) out.push_back(s);
  if (!out.empty()) return out;
  std::fprintf(
      stderr, "%s\n",
      say(session.language(), "没有这个方案，或政策包没有方案。", "There is no such scheme.").c_str());
  return std::nullopt;
}

void print(Session& session, const view::Table& table, std::size_t most = 0) {
  if (!table.rows.empty())
    std::fputs(most == 0 ? view::render_terminal(table, session.language()).c_str()
                         : view::render_terminal(table, session.language(), most).c_str(),
               stdout);
}

view::Table influences_of(const simulate::Robustness& found) {
  view::Table table{
      .id = "influence",
      .title = {found.scheme + "：各指标权重的影响", found.scheme + ": influence of each weight"}};
  table.sentence = {
      "全部权重一起随机 " + std::to_string(found.vectors) + " 组：名次平均变动 " +
          found.mean_rank_change.to_string() + " 位，档次变动占 " + found.share_of_movers.to_string() +
          "%。下表是只动一项权重、其余按比例分配，各 " + std::to_string(found.vectors_each) + " 组。",
      "All weights at once, " + std::to_string(found.vectors) + " vectors: ranks change by " +
          found.mean_rank_change.to_string() + " on average, grades in " + found.share_of_movers.to_string() +
          "%. Below: one weight alone, the others in proportion, " + std::to_string(found.vectors_each) +
          " vectors each."};
  table.columns = {column_of("indicator", "指标", "indicator"), column_of("weight", "权重", "weight", kRight),
                   column_of("mean_rank_change", "名次平均变动", "mean rank change", kRight),
                   column_of("share_of_movers", "档次变动（%）", "grades that move (%)", kRight)};
  for (const simulate::Influence& each : found.influences)
    table.rows.push_back({each.indicator, each.weight.to_string(), each.mean_rank_change.to_string(),
                          each.share_of_movers.to_string()});
  return table;
}

// Records by how often they get their most frequent grade, the least first.
view::Table firms_of(Session& session, const simulate::Robustness& found, const std::string& register_id) {
  const view::Naming naming{session.pack(), &session.snapshot()};
  const column::Table& at = *session.snapshot().find(register_id);
  view::Table table{
      .id = "robustness",
      .title = {found.scheme + "：各档所占份额（%）", found.scheme + ": share of each grade (%)"}};
  table.columns = {column_of("key", "代码", "code"), column_of("name", "名称", "name")};
  std::vector<std::size_t> used;
  for (std::size_t p = 0; p < found.places.size(); ++p)
    for (std::size_t r = 0; r < found.rows.size(); ++r)
      if (found.times_of(r, p) > 0) {
        used.push_back(p);
        break;
      }
  for (const std::size_t p : used)
    table.columns.push_back(
        {.id = found.places[p], .label = {found.places[p], found.places[p]}, .align = kRight});
  std::vector<std::pair<std::uint32_t, std::size_t>> order;
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    std::uint32_t most = 0;
    for (const std::size_t p : used) most = std::max(most, found.times_of(r, p));
    order.emplace_back(most, r);
  }
  std::sort(order.begin(), order.end());
  for (const auto& [most, r] : order) {
    std::vector<std::string> row{std::string(at.key[found.rows[r]]),
                                 naming.title(register_id, found.rows[r])};
    for (const std::size_t p : used) row.push_back(share_of(found.times_of(r, p), found.vectors));
    table.rows.push_back(std::move(row));
  }
  return table;
}

void write_json(text::JsonWriter& json, const simulate::Robustness& found, const column::Table& at) {
  json.begin_object()
      .member("scheme", found.scheme)
      .member("vectors", static_cast<std::int64_t>(found.vectors))
      .member("vectors_each", static_cast<std::int64_t>(found.vectors_each))
      .member("mean_rank_change", found.mean_rank_change.to_string())
      .member("share_of_movers", found.share_of_movers.to_string())
      .key("influences")
      .begin_array();
  for (const simulate::Influence& each : found.influences)
    json.begin_object()
        .member("indicator", each.indicator)
        .member("weight", each.weight.to_string())
        .member("mean_rank_change", each.mean_rank_change.to_string())
        .member("share_of_movers", each.share_of_movers.to_string())
        .end_object();
  json.end_array().key("places").begin_array();
  for (const std::string& place : found.places) json.string(place);
  json.end_array().key("firms").begin_array();
  for (std::size_t r = 0; r < found.rows.size(); ++r) {
    json.begin_object().member("key", std::string(at.key[found.rows[r]])).key("times").begin_array();
    for (std::size_t p = 0; p < found.places.size(); ++p) json.integer(found.times_of(r, p));
    json.end_array().end_object();
  }
  json.end_array().end_object();
}

}  // namespace

Exit robustness(Session& session, const SimulateOptions& options) {
  const auto schemes = schemes_of(session, options.scheme);
  if (!schemes) return Exit::Usage;
  const simulate::Resident resident(*session.pack(), session.snapshot(), {.period = *session.period()});
  text::JsonWriter json;
  json.begin_array();
  Exit exit = Exit::Ok;
  for (const std::size_t s : *schemes) {
    const pack::Scheme& scheme = session.pack()->schemes[s];
    const simulate::RobustnessRead read =
        simulate::robustness(resident, s, options.robust, options.seed, std::max(1, options.threads));
    print_diagnostics(read.diagnostics, session.common());
    if (!read.robustness) {
      exit = Exit::Findings;
      continue;
    }
    if (session.common().json) {
      write_json(json, *read.robustness, *session.snapshot().find(scheme.of));
      continue;
    }
    print(session, influences_of(*read.robustness));
    print(session, firms_of(session, *read.robustness, scheme.of), 30);
  }
  if (session.common().json)
    std::printf("%s\n", json.end_array().take().c_str());
  else
    std::printf("%s\n",
                say(session.language(), "份额说的是规则对权重有多敏感，不是概率。",
                    "The shares tell how sensitive the rule is to its weights; they are no probabilities.")
                    .c_str());
  return exit;
}

Exit close_to_lines(Session& session, const SimulateOptions& options) {
  const auto schemes = schemes_of(session, options.scheme);
  if (!schemes) return Exit::Usage;
  const simulate::Resident resident(*session.pack(), session.snapshot(), {.period = *session.period()});
  const view::Naming naming{session.pack(), &session.snapshot()};
  text::JsonWriter json;
  json.begin_array();
  for (const std::size_t s : *schemes) {
    const pack::Scheme& scheme = session.pack()->schemes[s];
    const run::SchemeColumns* base = resident.base(s);
    const auto near = simulate::declared(*session.pack(), simulate::kNear, *session.period());
    if (base == nullptr || !near) {
      std::fprintf(stderr, "%s：%s\n", scheme.name.c_str(),
                   base == nullptr
                       ? say(session.language(), "缺值没有运行。", "did not run.").c_str()
                       : say(session.language(), "政策包没有声明参数 near_a_line（离线多少分算临界）。",
                             "the pack declares no parameter near_a_line (points from a line).")
                             .c_str());
      continue;
    }
    view::Table lines{.id = "close",
                      .title = {scheme.name + "：临界企业", scheme.name + ": close to a line"}};
    lines.columns = {column_of("grade", "线", "line of"),
                     column_of("group", "组", "group"),
                     column_of("line", "线上分数", "total at the line", kRight),
                     column_of("side", "在线", "side"),
                     column_of("key", "代码", "code"),
                     column_of("name", "名称", "name"),
                     column_of("total", "总分", "total", kRight)};
    std::map<std::uint32_t, std::size_t> at_row;
    for (std::size_t i = 0; i < base->rows.size(); ++i) at_row[base->rows[i]] = i;
    json.begin_object().member("scheme", scheme.name).key("close").begin_array();
    for (const simulate::NearLine& line : simulate::near_lines(resident, s, *near)) {
      const std::string group =
          line.group < 0 ? std::string() : base->groups[static_cast<std::size_t>(line.group)];
      for (const bool above : {true, false})
        for (const std::uint32_t row : above ? line.above : line.below) {
          const std::string key(session.snapshot().find(scheme.of)->key[row]);
          const std::string total = Decimal::scaled(base->total[at_row[row]], -base->places).to_string();
          lines.rows.push_back(
              {line.grade, group, line.line.to_string(),
               above ? say(session.language(), "上", "above") : say(session.language(), "下", "below"), key,
               naming.title(scheme.of, row), total});
          json.begin_object()
              .member("grade", line.grade)
              .member("group", group)
              .member("line", line.line.to_string())
              .member("above", above)
              .member("key", key)
              .member("total", total)
              .end_object();
        }
    }
    json.end_array().key("points").begin_array();
    view::Table points{
        .id = "points",
        .title = {scheme.name + "：权重动 1 分，多少家移档", scheme.name + ": one point of a weight"}};
    points.columns = {column_of("indicator", "指标", "indicator"),
                      column_of("points", "权重", "weight", kRight),
                      column_of("movers", "移档", "movers", kRight), column_of("up", "升", "up", kRight),
                      column_of("down", "降", "down", kRight)};
    points.notes.push_back({"其余权重不动。", "The other weights stay."});
    for (const simulate::PointMove& each : simulate::point_moves(resident, s)) {
      points.rows.push_back({each.indicator, each.points > 0 ? "+1" : "-1", std::to_string(each.movers),
                             std::to_string(each.up), std::to_string(each.down)});
      json.begin_object()
          .member("indicator", each.indicator)
          .member("points", static_cast<std::int64_t>(each.points))
          .member("movers", each.movers)
          .member("up", each.up)
          .member("down", each.down)
          .end_object();
    }
    json.end_array().end_object();
    if (session.common().json) continue;
    print(session, lines, 30);
    print(session, points);
  }
  json.end_array();
  if (session.common().json) std::printf("%s\n", json.take().c_str());
  return Exit::Ok;
}

}  // namespace tenglong::cli
