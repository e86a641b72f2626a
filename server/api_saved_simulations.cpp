// What-ifs that are kept under a name (存试算): what was changed, on which data and rules, and what it came
// to.
//
// In:    the store's settings below kSimulationSetting. Never: a result; changed by another than its author.
#include <algorithm>
#include <memory>
#include <mutex>

#include "server/api.h"
#include "server/inside/figures.h"
#include "server/inside/write.h"
#include "server/passwords.h"

namespace tenglong::server {

namespace {

using access::Operation;
using text::JsonWriter;

constexpr std::size_t kMostSimulations = 500;

struct SavedSimulation {
  std::string id = {}, name = {}, author = {}, at = {}, scheme = {}, period = {};
  std::vector<std::pair<std::string, std::string>> set = {};  // (what, value)
  registers::BatchId change = {};                             // the last one in the data
  std::string snapshot = {}, pack = {};                       // fingerprints
  std::vector<KeyFigure> key = {};
};

std::string setting_of_simulation(const std::string& id) { return store::kSimulationSetting + id; }

std::string kept_simulation(const SavedSimulation& one) {
  JsonWriter out;
  out.begin_object().member("name", one.name).member("author", one.author).member("at", one.at);
  out.member("scheme", one.scheme).member("period", one.period).key("set").begin_array();
  for (const auto& [what, value] : one.set)
    out.begin_object().member("what", what).member("value", value).end_object();
  out.end_array().member("change", std::to_string(one.change.value)).member("snapshot", one.snapshot);
  out.member("pack", one.pack).key("key").begin_array();
  for (const KeyFigure& figure : one.key) {
    out.begin_object().member("id", figure.id).member("unit", figure.unit);
    out.member("label_zh", figure.label.zh).member("label_en", figure.label.en);
    for (const auto& [side, name] : {std::pair(&figure.before, "before"), std::pair(&figure.now, "now")}) {
      out.key(name).begin_object();
      if (side->value) out.member("value", side->value->to_string());
      if (!side->clause.empty()) out.member("clause", side->clause);
      if (!side->value) out.member("lacks_zh", side->lacks.zh).member("lacks_en", side->lacks.en);
      out.end_object();
    }
    out.end_object();
  }
  out.end_array().end_object();
  return out.take();
}

KeyFigure read_key_figure(const Json& kept) {
  KeyFigure out{.id = kept.text_of("id"),
                .label = {kept.text_of("label_zh"), kept.text_of("label_en")},
                .unit = kept.text_of("unit")};
  for (const auto& [side, name] : {std::pair(&out.before, "before"), std::pair(&out.now, "now")})
    if (const Json* of = kept.find(name)) {
      // What was kept before there were prices is a count alone.
      side->value =
          quantity::Decimal::parse(of->kind == Json::Kind::Object ? of->text_of("value") : of->text);
      side->clause = of->kind == Json::Kind::Object ? of->text_of("clause") : "";
      side->lacks = {of->text_of("lacks_zh"), of->text_of("lacks_en")};
    }
  if (out.label.zh.empty()) {
    const std::string grade = out.id.starts_with("grade_") ? out.id.substr(6) : "";
    out.label = grade.empty() ? text::Words{"等级变动", "Change grade"}
                              : text::Words{grade + " 档", "Grade " + grade};
    out.unit = "家";
  }
  return out;
}

SavedSimulation read_simulation(std::string id, const std::string& text) {
  const Json kept = read_json(text).value;
  SavedSimulation out{.id = std::move(id),
                      .name = kept.text_of("name"),
                      .author = kept.text_of("author"),
                      .at = kept.text_of("at"),
                      .scheme = kept.text_of("scheme"),
                      .period = kept.text_of("period"),
                      .snapshot = kept.text_of("snapshot"),
                      .pack = kept.text_of("pack")};
  if (const Json* set = kept.find("set"))
    for (const Json& one : set->items) out.set.emplace_back(one.text_of("what"), one.text_of("value"));
  out.change.value = std::stoll("0" + kept.text_of("change"));
  if (const Json* key = kept.find("key"))
    for (const Json& one : key->items) out.key.push_back(read_key_figure(one));
  return out;
}

Shape saved_simulation_shape() {
  const Shape change =
      Shape::object("SavedChange", {{"what", Shape::text(), ""},
                                    {"value", Shape::text(), ""},
                                    {"label", Shape::text(), "without the name of the scheme"}});
  return Shape::object("SavedSimulation",
                       {{"id", Shape::text(), ""},
                        {"name", Shape::text(), ""},
                        {"author", Shape::text(), "account"},
                        {"at", Shape::text(), "when it was saved, or run again"},
                        {"scheme", Shape::text(), "id"},
                        {"scheme_name", Shape::text(), ""},
                        {"period", Shape::text(), ""},
                        {"set", Shape::list(change), ""},
                        {"snapshot", Shape::text(), "fingerprint of the data it was run on"},
                        {"change", Shape::count(), "the last one in that data"},
                        {"pack", Shape::text(), "fingerprint of the rules"},
                        {"key", Shape::list(key_shape()), "what it came to then"},
                        {"data_moved", Shape::boolean(), "the data is not that of then"},
                        {"rules_moved", Shape::boolean(), "the rules are not those of then"},
                        {"is_own", Shape::boolean(), ""}});
}

void write_simulation(JsonWriter& out, District& district, const Call& call, const SavedSimulation& one) {
  const auto edition = district.edition_of(one.period);
  const pack::Scheme* scheme = edition == nullptr ? nullptr : scheme_of(*edition, one.scheme);
  const std::string named = scheme == nullptr ? one.scheme : scheme->name;
  out.begin_object().member("id", one.id).member("name", one.name).member("author", one.author);
  out.member("at", one.at).member("scheme", one.scheme).member("scheme_name", named);
  out.member("period", one.period).key("set").begin_array();
  for (const auto& [what, value] : one.set) {
    const bool is_of_scheme = what.starts_with(named + ".");
    out.begin_object().member("what", what).member("value", value);
    out.member("label", is_of_scheme ? what.substr(named.size() + 1) : what).end_object();
  }
  out.end_array().member("snapshot", one.snapshot).member("change", one.change.value);
  out.member("pack", one.pack).key("key");
  write_key_figures(out, one.key);
  out.member("data_moved", edition == nullptr || edition->change.value != one.change.value);
  out.member("rules_moved", edition == nullptr || edition->pack->fingerprint != one.pack);
  out.member("is_own", one.author == call.caller.account.id).end_object();
}

std::unique_ptr<store::Store> own_store(District& district, const Call& call) {
  return district.store().as(author_of(call), call.caller.scope);
}

// The figures of these changes on the data and rules of now; a problem if they cannot be used any more.
std::optional<Answer> run_on_present(District& district, SavedSimulation& one, const Json& set,
                                     const std::string& pointer) {
  const auto open = district.edition_of(one.period);
  if (open == nullptr || !open->period) return not_there();
  const auto edition = district.sealed_edition_of(open->period->to_string());
  const pack::Scheme* scheme = scheme_of(*edition, one.scheme);
  if (scheme == nullptr) return not_there();
  const ReadSet read = read_set(set, pointer, *edition);
  if (!read.told.empty()) return refused_set(read.told);
  one.scheme = scheme->id;
  one.period = edition->period->to_string();
  one.change = edition->change;
  one.snapshot = edition->snapshot_fingerprint;
  one.pack = edition->pack->fingerprint;
  one.at = district.options().now();
  one.key = key_figures(*edition, *scheme, resident_of(*edition).with(read.overrides).comparison);
  return std::nullopt;
}

Answer keep_simulation(District& district, const Call& call, const SavedSimulation& one, int status) {
  own_store(district, call)->set(setting_of_simulation(one.id), kept_simulation(one));
  JsonWriter out;
  write_simulation(out, district, call, one);
  return {.status = status, .body = out.take()};
}

Answer list_simulations(District& district, const Call& call) {
  const std::string scheme = call.query_or("scheme", ""), period = call.query_or("period", "");
  std::vector<SavedSimulation> all;
  for (const auto& [name, value] : own_store(district, call)->settings(store::kSimulationSetting)) {
    SavedSimulation one =
        read_simulation(name.substr(std::string_view(store::kSimulationSetting).size()), value);
    if ((scheme.empty() || one.scheme == scheme) && (period.empty() || one.period == period))
      all.push_back(std::move(one));
  }
  std::sort(all.begin(), all.end(), [](const SavedSimulation& a, const SavedSimulation& b) {
    return a.at != b.at ? a.at > b.at : a.id < b.id;
  });
  JsonWriter out;
  out.begin_object().key("simulations").begin_array();
  for (const SavedSimulation& one : all) write_simulation(out, district, call, one);
  out.end_array().end_object();
  return json(out);
}

std::optional<Answer> none_left(District& district, const Call& call) {
  if (own_store(district, call)->settings(store::kSimulationSetting).size() < kMostSimulations)
    return std::nullopt;
  return problem(409, "E-SERVER-520",
                 {"已存满 " + std::to_string(kMostSimulations) + " 个试算。", "No more can be saved."},
                 {"先删去自己不用的。", "Delete those of yours that are not needed."});
}

Answer save_simulation(District& district, const Call& call, std::mutex& one_at_a_time) {
  if (auto no = denied(call, Operation::SaveSimulation, {})) return *no;
  if (auto full = none_left(district, call)) return *full;
  const Json& set = *call.body.find("set");
  SavedSimulation one{.id = hash_of_token(random_token()).substr(0, 16),
                      .name = call.body.text_of("name"),
                      .author = call.caller.account.id,
                      .scheme = call.body.text_of("scheme"),
                      .period = call.body.text_of("period")};
  for (const Json& each : set.items) one.set.emplace_back(each.text_of("what"), each.text_of("value"));
  if (auto no = run_on_present(district, one, set, "/set")) return *no;
  const std::lock_guard lock(one_at_a_time);
  if (auto full = none_left(district, call)) return *full;
  return keep_simulation(district, call, one, 201);
}

// One's own, or why not.
struct OwnSimulation {
  SavedSimulation one = {};
  std::optional<Answer> refused = {};
};
OwnSimulation own_simulation(District& district, const Call& call) {
  if (auto no = denied(call, Operation::SaveSimulation, {})) return {.refused = std::move(no)};
  const std::string& id = call.path.at("simulation");
  const auto kept = own_store(district, call)->setting(setting_of_simulation(id));
  if (!kept || kept->empty()) return {.refused = not_there()};
  OwnSimulation out{.one = read_simulation(id, *kept)};
  if (out.one.author != call.caller.account.id)
    out.refused =
        problem(403, "E-SERVER-521",
                {"这个试算是 " + out.one.author + " 存的。", "It was saved by " + out.one.author + "."},
                {"打开它，另存一个自己的。", "Open it and save one of your own."});
  return out;
}

Answer run_again(District& district, const Call& call, std::mutex& one_at_a_time) {
  OwnSimulation own = own_simulation(district, call);
  if (own.refused) return *own.refused;
  Json set{.kind = Json::Kind::Array};
  for (const auto& [what, value] : own.one.set)
    set.items.push_back({.kind = Json::Kind::Object,
                         .members = {{"what", {.kind = Json::Kind::String, .text = what}},
                                     {"value", {.kind = Json::Kind::String, .text = value}}}});
  if (auto no = run_on_present(district, own.one, set, "/set")) return *no;
  const std::lock_guard lock(one_at_a_time);
  if (const OwnSimulation still = own_simulation(district, call); still.refused) return *still.refused;
  return keep_simulation(district, call, own.one, 200);
}

Answer delete_simulation(District& district, const Call& call, std::mutex& one_at_a_time) {
  const std::lock_guard lock(one_at_a_time);
  OwnSimulation own = own_simulation(district, call);
  if (own.refused) return *own.refused;
  own_store(district, call)->set(setting_of_simulation(own.one.id), "");
  return {.status = 204};
}

}  // namespace

std::vector<Route> saved_simulation_routes(District& district) {
  std::vector<Route> out;
  // What is kept is looked at and changed by one at a time; the running is not among it.
  const auto one_at_a_time = std::make_shared<std::mutex>();
  out.push_back(
      reading("/api/simulations", "list_simulations", Summary("存下的试算", "What-ifs that were saved"),
              Operation::TryScheme, {{"scheme", Shape::text(120), "id; else of all"}, period_parameter()},
              Shape::object("SavedSimulations",
                            {{"simulations", Shape::list(saved_simulation_shape()), "newest first"}}),
              [&](const Call& call) { return list_simulations(district, call); }));
  out.push_back(
      {Method::Post,
       "/api/simulations",
       "save_simulation",
       Summary("存试算", "Save a what-if under a name"),
       Operation::SaveSimulation,
       Repeat::Keyed,
       Runs::OnWorker,
       {},
       Input::of(Shape::object("NewSimulation", {{"name", Shape::text(60, 1), ""},
                                                 {"scheme", Shape::text(120), "id", Presence::Optional},
                                                 {"period", Shape::text(30), "", Presence::Optional},
                                                 {"set", Shape::list(set_value_shape(), 200), ""}})),
       Output::json(saved_simulation_shape(), 201),
       [&district, one_at_a_time](const Call& call) {
         return save_simulation(district, call, *one_at_a_time);
       }});
  const Parameter simulation = in_path("simulation", "id", 40);
  out.push_back(
      {Method::Post,
       "/api/simulations/{simulation}/again",
       "run_simulation_again",
       Summary("用现在的数据和规则再算，并存下", "Run it again on the data and rules of now"),
       Operation::SaveSimulation,
       Repeat::Keyed,
       Runs::OnWorker,
       {simulation},
       Input::none(),
       Output::json(saved_simulation_shape()),
       [&district, one_at_a_time](const Call& call) { return run_again(district, call, *one_at_a_time); }});
  out.push_back({Method::Delete,
                 "/api/simulations/{simulation}",
                 "delete_simulation",
                 Summary("删去自己存的试算", "Delete a what-if of one's own"),
                 Operation::SaveSimulation,
                 Repeat::Same,
                 Runs::OnWorker,
                 {simulation},
                 Input::none(),
                 Output::nothing(),
                 [&district, one_at_a_time](const Call& call) {
                   return delete_simulation(district, call, *one_at_a_time);
                 }});
  return out;
}

}  // namespace tenglong::server
