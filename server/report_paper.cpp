#include "server/inside/report_paper.h"

namespace tenglong::server {

namespace {

using document::Align;
using target::Lamp;
using text::Language;

constexpr int kPlaces = 2;  // of present values, as the page shows them
constexpr const char* kNothing = "—";
constexpr Lamp kLampOrder[] = {Lamp::Ok, Lamp::Warn, Lamp::Late, Lamp::None, Lamp::Line};

std::string percent(const std::optional<quantity::Decimal>& share) {
  return share ? document::shown(*share) + "%" : kNothing;
}

std::string wanted(const target::Line& line) {
  constexpr const char* kSigns[] = {"≥", "≤", ">", "<"};
  return std::string(kSigns[static_cast<std::size_t>(line.comparator)]) + " " +
         (line.goal ? document::shown(*line.goal) : kNothing);
}

std::int64_t count_in(const target::Tally& tally, Lamp lamp) {
  const std::int64_t counts[] = {tally.ok, tally.warn, tally.late, tally.none, tally.line};
  return counts[static_cast<std::size_t>(lamp)];
}

document::Table table_of_chapters(const ToldReport& told, Language language) {
  const auto in = [&](const text::Words& words) { return text::in_language(words, language); };
  document::Table out;
  out.columns = {{in(told.words.chapter), 6}, {in(told.words.all), 2, Align::Right}};
  for (const Lamp lamp : kLampOrder) out.columns.push_back({in(target::word_of(lamp)), 2, Align::Right});
  for (const target::Group& chapter : told.report.chapters) {
    const pack::Clause* clause = told.edition->pack->clause(chapter.name);
    std::vector<std::string> row = {chapter.name + (clause == nullptr ? "" : " " + clause->title),
                                    std::to_string(chapter.tally.all())};
    for (const Lamp lamp : kLampOrder) row.push_back(std::to_string(count_in(chapter.tally, lamp)));
    out.rows.push_back(std::move(row));
  }
  return out;
}

document::Table table_of_lagging(const ToldReport& told, const std::vector<std::size_t>& lagging,
                                 Language language) {
  const target::ReportWords& words = told.words;
  document::Table out;
  for (const auto& [head, share, align] :
       {std::tuple{&words.lamp, 10, Align::Left}, std::tuple{&words.name, 27, Align::Left},
        std::tuple{&words.now, 13, Align::Right}, std::tuple{&words.goal, 12, Align::Right},
        std::tuple{&words.unit, 11, Align::Left}, std::tuple{&words.short_of, 12, Align::Right},
        std::tuple{&words.pace, 12, Align::Right}, std::tuple{&words.lead, 14, Align::Left},
        std::tuple{&words.clause, 13, Align::Left}})
    out.columns.push_back({text::in_language(*head, language), share, align});
  for (const std::size_t at : lagging) {
    const target::Line& line = told.lines[at];
    out.rows.push_back({text::in_language(target::word_of(target::lamp_of(line.standing)), language),
                        line.id + " " + line.name,
                        line.value ? document::shown(*line.value, kPlaces) : kNothing, wanted(line),
                        line.unit, percent(target::shortfall_of(line)), percent(line.pace), line.lead,
                        told.edition->pack->target(line.id)->clause});
  }
  return out;
}

}  // namespace

document::Paper report_paper(const ToldReport& told, Language language) {
  const auto in = [&](const text::Words& words) { return text::in_language(words, language); };
  const target::ReportWords& words = told.words;
  document::Paper out{.language = language, .title = in(words.title)};
  out.opening = {in(target::sentence_of(told.report.tally, told.edition->on)), in(words.basis)};
  out.sections.push_back(
      {.title = in(words.whole), .paragraphs = {}, .table = table_of_chapters(told, language)});
  std::vector<std::size_t> lagging, silent;
  for (const std::size_t at : told.report.order) {
    const Lamp lamp = target::lamp_of(told.lines[at].standing);
    if (lamp == Lamp::Late || lamp == Lamp::Warn) lagging.push_back(at);
    if (lamp == Lamp::None) silent.push_back(at);
  }
  document::Section behind{.title = in(words.lagging)};
  if (lagging.empty())
    behind.paragraphs = {in(words.none_lags)};
  else
    behind.table = table_of_lagging(told, lagging, language);
  out.sections.push_back(std::move(behind));
  document::Section units{.title = in(words.units)};
  for (const target::Group& lead : told.report.leads)
    if (!lead.lagging.empty())
      units.paragraphs.push_back((lead.name.empty() ? in(words.no_lead) : lead.name) + " " +
                                 in(target::sentence_of(lead, told.lines)));
  if (units.paragraphs.empty()) units.paragraphs = {in(words.none_lags)};
  out.sections.push_back(std::move(units));
  if (!silent.empty()) {
    document::Section without{.title = in(words.silent)};
    for (const std::size_t at : silent) {
      const target::Line& line = told.lines[at];
      without.paragraphs.push_back(line.id + " " + line.name + "（" +
                                   (line.lead.empty() ? in(words.no_lead) : line.lead) + "）");
    }
    out.sections.push_back(std::move(without));
  }
  out.closing = in(words.foot);
  out.header = told.edition->mark;
  out.footer = text::in_language(
      {"快照 " + told.edition->snapshot_fingerprint, "Snapshot " + told.edition->snapshot_fingerprint},
      language);
  return out;
}

}  // namespace tenglong::server
