#include "server/impact.h"

#include <algorithm>
#include <cstdlib>

#include "campaign/collection/memory_collection.h"
#include "campaign/view/view.h"
#include "engine/run/run.h"
#include "engine/simulate/compare.h"
#include "engine/simulate/override.h"
#include "engine/simulate/resident.h"
#include "server/json.h"
#include "server/problem.h"

namespace tenglong::server {

namespace {

std::string shown_key(std::string key) {
  std::replace(key.begin(), key.end(), '\x1F', '/');
  return key;
}

const char* const kNone = "—";

std::string figure_text(const std::optional<quantity::Decimal>& number) {
  return number ? number->to_string() : std::string();
}

// What moves between two results of one year, by name.
class Lines {
 public:
  Lines(const pack::Pack& pack, const column::Snapshot& snapshot, const calendar::Period& period)
      : pack_(pack), snapshot_(snapshot), naming_{&pack, &snapshot}, period_(period) {}

  void add(const simulate::Comparison& moved, std::vector<ImpactLine>& out) const {
    for (const simulate::SchemeComparison& scheme : moved.schemes) {
      const pack::Scheme* block = pack_.scheme(scheme.scheme);
      ImpactLine of_scheme{.period = period_.to_string(), .block = scheme.id, .block_name = scheme.scheme};
      if (scheme.before_ran != scheme.after_ran) {
        ImpactLine line = of_scheme;
        line.kind = scheme.after_ran ? "scheme_ran" : "scheme_stopped";
        out.push_back(std::move(line));
      }
      for (const simulate::Mover& each : scheme.movers) {
        ImpactLine line = of_scheme;
        line.kind = "grade";
        line.key = shown_key(each.key);
        line.name = block == nullptr ? std::string() : naming_.title(block->of, each.row);
        line.from = scheme.places[each.from];
        line.to = scheme.places[each.to];
        line.score_from = figure_text(each.total_before);
        line.score_to = figure_text(each.total_after);
        out.push_back(std::move(line));
      }
      if (!scheme.touched.empty()) {
        ImpactLine line = of_scheme;
        line.kind = "touched";
        line.count = static_cast<std::int64_t>(scheme.touched.size());
        out.push_back(std::move(line));
      }
    }
    for (const simulate::RosterComparison& roster : moved.rosters)
      for (const simulate::RosterComparison::Change& each : roster.changes) {
        const pack::Roster* block = pack_.roster(roster.roster);
        out.push_back({.kind = "roster",
                       .period = period_.to_string(),
                       .block = roster.id,
                       .block_name = roster.roster,
                       .key = shown_key(each.key),
                       .name = block == nullptr ? std::string() : title_of(block->of, each.key),
                       .from = each.before,
                       .to = each.after});
      }
    for (const simulate::FigureChange& each : moved.figures) {
      ImpactLine line{.kind = each.kind,
                      .period = period_.to_string(),
                      .block = each.name,
                      .block_name = each.name,
                      .of = each.of,
                      .from = figure_text(each.before),
                      .to = figure_text(each.after)};
      if (each.kind == "target") {
        const auto target = std::find_if(pack_.targets.begin(), pack_.targets.end(),
                                         [&](const pack::Target& one) { return one.id == each.name; });
        if (target != pack_.targets.end()) {
          if (!target->name.empty()) line.block_name = target->name;
          line.unit = target->unit.name();
        }
      } else if (const pack::Indicator* indicator = pack_.indicator(each.name)) {
        line.block = indicator->id;
        line.unit = indicator->unit.name();
      }
      if (!each.of.empty()) line.of_name = part_name(each.of);
      out.push_back(std::move(line));
    }
  }

 private:
  std::string title_of(const std::string& register_id, const std::string& key) const {
    const column::Table* table = snapshot_.find(register_id);
    if (table == nullptr) return {};
    std::int32_t row = table->find(key, period_);
    if (row < 0) row = table->find(key, std::nullopt);
    return row < 0 ? std::string() : naming_.title(register_id, static_cast<std::size_t>(row));
  }
  // A code that figures are cut by: a town, an industry.
  std::string part_name(const std::string& code) const {
    for (const schema::Codes& codes : pack_.schema.codes)
      if (const schema::CodeEntry* entry = codes.find(code)) return entry->name;
    return code;
  }

  const pack::Pack& pack_;
  const column::Snapshot& snapshot_;
  view::Naming naming_;
  const calendar::Period& period_;
};

}  // namespace

text::Words in_words(const ImpactLine& line) {
  const auto shown = [](const std::string& text) { return text.empty() ? std::string(kNone) : text; };
  const std::string year = line.period.empty() ? std::string() : line.period + " ";
  const std::string who = line.name.empty() ? line.key : line.name + "（" + line.key + "）";
  const std::string who_en = line.name.empty() ? line.key : line.name + " (" + line.key + ")";
  const std::string unit = line.unit.empty() ? std::string() : " " + line.unit;
  if (line.kind == "text") return {line.text, line.text};
  if (line.kind == "nothing") return {"不牵动任何等级、清单或目标", "It moves no grade, list or target"};
  if (line.kind == "scheme_ran")
    return {year + "方案 " + line.block_name + "：原先缺值没有运行，更正后运行",
            year + "Scheme " + line.block_name + ": it lacked a value and runs now"};
  if (line.kind == "scheme_stopped")
    return {year + "方案 " + line.block_name + "：更正后缺值，不再运行",
            year + "Scheme " + line.block_name + ": it lacks a value now and runs no more"};
  if (line.kind == "grade")
    return {year + "方案 " + line.block_name + "：" + who + " " + line.from + " → " + line.to + "，得分 " +
                shown(line.score_from) + " → " + shown(line.score_to),
            year + "Scheme " + line.block_name + ": " + who_en + " " + line.from + " → " + line.to +
                ", score " + shown(line.score_from) + " → " + shown(line.score_to)};
  if (line.kind == "touched")
    return {
        year + "方案 " + line.block_name + "：得分、名次或理由有变的 " + std::to_string(line.count) + " 家",
        year + "Scheme " + line.block_name + ": score, rank or reason changes for " +
            std::to_string(line.count)};
  if (line.kind == "roster")
    return {year + "清单 " + line.block_name + "：" + who + " " + line.from + " → " + line.to,
            year + "List " + line.block_name + ": " + who_en + " " + line.from + " → " + line.to};
  const bool is_target = line.kind == "target";
  const std::string part = line.of.empty() ? std::string() : line.of_name.empty() ? line.of : line.of_name;
  const std::string block =
      is_target && line.block != line.block_name ? line.block + " " + line.block_name : line.block_name;
  return {year + (is_target ? "目标 " : "指标 ") + block + (part.empty() ? "" : "（" + part + "）") + "：" +
              shown(line.from) + " → " + shown(line.to) + unit,
          year + (is_target ? "Target " : "Indicator ") + block + (part.empty() ? "" : " (" + part + ")") +
              ": " + shown(line.from) + " → " + shown(line.to) + unit};
}

namespace {

void write_impact_line(text::JsonWriter& out, const ImpactLine& line) {
  out.begin_object().member("kind", line.kind).member("period", line.period).member("block", line.block);
  out.member("block_name", line.block_name).member("key", line.key).member("name", line.name);
  out.member("of", line.of).member("of_name", line.of_name).member("from", line.from).member("to", line.to);
  out.member("score_from", line.score_from).member("score_to", line.score_to).member("unit", line.unit);
  out.member("count", line.count).key("words");
  write_words(out, in_words(line));
  out.end_object();
}

}  // namespace

void write_impact(text::JsonWriter& out, const std::vector<std::string>& kept) {
  out.begin_array();
  for (const std::string& one : kept) write_impact_line(out, decode_impact(one));
  out.end_array();
}

Shape impact_shape() {
  return Shape::list(
      Shape::object("ImpactLine", {{"kind",
                                    Shape::choice({"grade", "scheme_ran", "scheme_stopped", "touched",
                                                   "roster", "indicator", "target", "nothing", "text"}),
                                    ""},
                                   {"period", Shape::text(), ""},
                                   {"block", Shape::text(), "id of the scheme, roster, indicator or target"},
                                   {"block_name", Shape::text(), ""},
                                   {"key", Shape::text(), "of the record"},
                                   {"name", Shape::text(), "of the record"},
                                   {"of", Shape::text(), "code of a part of the district"},
                                   {"of_name", Shape::text(), ""},
                                   {"from", Shape::text(), "grade, place on the list or figure"},
                                   {"to", Shape::text(), ""},
                                   {"score_from", Shape::text(), ""},
                                   {"score_to", Shape::text(), ""},
                                   {"unit", Shape::text(), ""},
                                   {"count", Shape::count(), "touched: how many"},
                                   {"words", words_shape(), "all of it in a sentence"}}));
}

std::string encode(const ImpactLine& line) {
  text::JsonWriter out;
  write_impact_line(out, line);
  return out.take();
}

ImpactLine decode_impact(const std::string& kept) {
  // Before lines were kept by their parts they were sentences.
  if (kept.empty() || kept.front() != '{') return {.kind = "text", .text = kept};
  const ReadJson read = read_json(kept);
  if (!read.diagnostics.empty()) return {.kind = "text", .text = kept};
  const auto part = [&](const char* name) { return read.value.text_of(name); };
  ImpactLine out{.kind = part("kind"),
                 .period = part("period"),
                 .block = part("block"),
                 .block_name = part("block_name"),
                 .key = part("key"),
                 .name = part("name"),
                 .of = part("of"),
                 .of_name = part("of_name"),
                 .from = part("from"),
                 .to = part("to"),
                 .score_from = part("score_from"),
                 .score_to = part("score_to"),
                 .unit = part("unit")};
  if (const Json* count = read.value.find("count")) out.count = std::atoll(count->text.c_str());
  return out;
}

std::vector<std::string> encoded(const std::vector<ImpactLine>& lines) {
  std::vector<std::string> out;
  for (const ImpactLine& line : lines) out.push_back(encode(line));
  return out;
}

std::vector<ImpactLine> impact_of(const pack::Pack& pack, const registers::RegisterStore& store,
                                  const collection::Correction& wished, const registers::View& view,
                                  const std::string& now) {
  std::vector<ImpactLine> out;
  const schema::Register& target = *pack.schema.find(wished.register_id);
  const column::Snapshot before = column::take_snapshot(pack.schema, store, view);
  collection::Correction trial = wished;
  trial.batch = {1};
  for (const registers::Batch& each : store.batches())
    trial.batch.value = std::max(trial.batch.value, each.id.value + 1);
  trial.decided_at = now;
  registers::View after_view = view;
  after_view.also.push_back(trial.batch);
  const collection::WithOneMore then(store, batch_of(trial), statement_of(trial, target));
  const column::Snapshot after = column::take_snapshot(pack.schema, then, after_view);
  // One cell and nothing computed from it: what it moves is told by insertion. Else two whole runs.
  const std::optional<simulate::Override> change = simulate::only_change(before, after);
  const auto moved_in = [&](const run::Options& options) {
    if (change) return simulate::Resident(pack, before, options).correct(*change).comparison;
    const result::Result was = run::run(pack, before, options), is = run::run(pack, after, options);
    return simulate::compare(pack, after, was, is, simulate::prices_of(pack, before, options.period, was),
                             simulate::prices_of(pack, after, options.period, is));
  };
  const calendar::Period own = calendar::Period::year(wished.period.from.year);
  for (const calendar::Period& period : {own, calendar::Period::year(own.from.year + 1)})
    Lines(pack, before, period).add(moved_in({.period = period}), out);
  if (out.empty()) out.push_back({.kind = "nothing"});
  return out;
}

std::optional<registers::Resolved> cell_of(const registers::RegisterStore& store,
                                           const schema::Register& target, const std::string& key,
                                           const std::optional<calendar::Period>& period, int field,
                                           const registers::View& view) {
  for (registers::Record& record : registers::read_record(store, target, key, view))
    if (record.period == period) return std::move(record.fields.at(static_cast<std::size_t>(field)));
  return std::nullopt;
}

}  // namespace tenglong::server
