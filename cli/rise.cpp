// tenglong rise: 升档测算 of one enterprise.
#include <cstdio>

#include "cli/inside/commands.h"
#include "engine/simulate/rise.h"
#include "engine/text/json_writer.h"

namespace tenglong::cli {

using text::in_language;

namespace {

void write_json(text::JsonWriter& json, const simulate::Rise& rise, Language language) {
  json.begin_object().member("possible", rise.possible).key("steps").begin_array();
  for (const simulate::RiseStep& each : rise.steps)
    json.begin_object()
        .member("field", each.field)
        .member("unit", each.unit)
        .member("from", each.from.to_string())
        .member("to", each.to.to_string())
        .end_object();
  json.end_array()
      .member("grade", rise.grade)
      .member("total", rise.total ? rise.total->to_string() : std::string())
      .member("rank", static_cast<std::int64_t>(rise.rank))
      .member("verified", rise.verified)
      .member("step_before_fails", rise.step_before_fails)
      .member("cost", rise.cost ? rise.cost->to_string() : std::string())
      .member("why", in_language(rise.why, language))
      .end_object();
}

void print(const simulate::Rise& rise, Language language) {
  if (!rise.possible) {
    std::printf("  ✗ %s：%s\n", rise.steps[0].field.c_str(), in_language(rise.why, language).c_str());
    return;
  }
  std::printf("  ✓ ");
  for (std::size_t i = 0; i < rise.steps.size(); ++i)
    std::printf("%s%s %s → %s %s", i == 0 ? "" : "，", rise.steps[i].field.c_str(),
                rise.steps[i].from.to_string().c_str(), rise.steps[i].to.to_string().c_str(),
                rise.steps[i].unit.c_str());
  std::printf("：%s", rise.grade.c_str());
  if (rise.total) std::printf("，总分 %s", rise.total->to_string().c_str());
  if (rise.rank > 0) std::printf("，第 %d 名", rise.rank);
  if (rise.cost) std::printf("，成本 %s", rise.cost->to_string().c_str());
  std::printf(
      "（%s%s）\n", say(language, "已复算", "run again").c_str(),
      rise.step_before_fails ? say(language, "，少一步不够", ", one step less does not do").c_str() : "");
}

}  // namespace

Exit rise(Session& session, const RiseOptions& options) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr || !has_data(session)) return Exit::Findings;
  simulate::Simulation simulation(*pack, session.snapshot(), {.period = *session.period()}, session.result());
  const Language language = session.language();
  bool found = false;
  text::JsonWriter json;
  json.begin_object().key("schemes").begin_array();
  for (const pack::Scheme& scheme : pack->schemes) {
    if (!options.scheme.empty() && options.scheme != scheme.name && options.scheme != scheme.id) continue;
    const column::Table* table = session.snapshot().find(scheme.of);
    const std::int32_t row = table == nullptr ? -1 : table->find(options.key, session.period());
    if (row < 0) continue;
    const result::SchemeResult* ran = session.result().scheme(scheme.name);
    const result::Outcome* own = ran == nullptr ? nullptr : ran->find(options.key);
    if (ran != nullptr && own == nullptr && options.scheme.empty()) continue;  // of another scheme
    found = true;
    const simulate::ReadTerms terms =
        simulate::read_terms({options.costs, options.minimums, options.maximums}, *pack, scheme);
    if (!terms.diagnostics.empty()) {
      print_diagnostics(terms.diagnostics, session.common());
      return Exit::Usage;
    }
    const simulate::RiseReport report =
        simulate::rise(simulation, scheme, static_cast<std::uint32_t>(row), terms.levers);
    if (session.common().json) {
      json.begin_object()
          .member("scheme", report.scheme)
          .member("grade", report.grade)
          .member("total", report.total ? report.total->to_string() : std::string())
          .member("rank", static_cast<std::int64_t>(report.rank))
          .member("by_rank", report.by_rank)
          .key("words")
          .begin_array();
      for (const text::Words& each : report.words) json.string(in_language(each, language));
      json.end_array().key("singles").begin_array();
      for (const simulate::Rise& each : report.singles) write_json(json, each, language);
      json.end_array().key("cheapest");
      if (report.cheapest)
        write_json(json, *report.cheapest, language);
      else
        json.null();
      json.member("cheapest_why", in_language(report.cheapest_why, language)).end_object();
      continue;
    }
    std::printf("%s：%s", report.scheme.c_str(), report.key.c_str());
    if (!report.grade.empty())
      std::printf(" 现为 %s，总分 %s，%lld 家中第 %d 名", report.grade.c_str(),
                  report.total ? report.total->to_string().c_str() : "",
                  static_cast<long long>(report.group_size), report.rank);
    std::printf("\n");
    for (const text::Words& each : report.words) std::printf("  · %s\n", in_language(each, language).c_str());
    for (const simulate::Rise& each : report.singles) print(each, language);
    if (report.cheapest) {
      std::printf("  %s\n", say(language, "最省的组合：", "The cheapest combination:").c_str());
      print(*report.cheapest, language);
    }
    if (!report.cheapest_why.empty())
      std::printf("  %s\n", in_language(report.cheapest_why, language).c_str());
  }
  if (session.common().json) std::printf("%s\n", json.end_array().end_object().take().c_str());
  if (found) return Exit::Ok;
  std::fprintf(
      stderr, "%s %s\n", options.key.c_str(),
      say(language, "这一年度没有应评的记录。核对信用代码，或用 --period 换一个年度。",
          "has no record to be rated in this period. Check the credit code, or give another --period.")
          .c_str());
  return Exit::Findings;
}

}  // namespace tenglong::cli
