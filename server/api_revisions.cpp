// 修订 over the wire: blocks drafted in forms that write their text, tried on the present data, sent, and
// approved by another from a day on.
//
// Never: judges a value by itself: the pack is read with the draft, and what the reader says is told at the
// value; loses an edit of somebody else (If-Match).
#include <algorithm>
#include <functional>
#include <memory>

#include "engine/dmn/block_model.h"
#include "engine/run/run.h"
#include "engine/simulate/compare.h"
#include "server/api.h"
#include "server/in_force.h"
#include "server/inside/figures.h"
#include "server/inside/revision_desk.h"
#include "server/inside/waiting.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using access::Operation;
using revision::Part;
using revision::Revision;
using text::JsonWriter;
using Desk = std::shared_ptr<RevisionDesk>;

std::optional<Revision> asked_revision(District& district, const Call& call) {
  const std::string& id = call.path.at("revision");
  const bool is_number = !id.empty() && id.size() < 8 &&
                         std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number) return std::nullopt;
  const auto kept = district.store().setting(revision::setting_of(id));
  return kept ? revision::revision_of(*kept) : std::nullopt;
}

Answer revision_answer(const Desk& desk, const Call& call, const Revision& one, int status = 200) {
  JsonWriter out;
  write_revision(out, *desk, one, call.caller);
  Answer answer{.status = status, .body = out.take()};
  answer.headers.push_back({"ETag", tag_of_revision(one)});
  answer.headers.push_back({"Cache-Control", "private, no-store"});
  return answer;
}

Answer refused_step(const diagnostic::Diagnostics& told, int status = 422) {
  return problem(status, {"没有办成，原因如下。", "It was not done, for these reasons."}, told);
}

revision::Act step_of(District& district, const Call& call) {
  return {call.caller.account.id, district.options().now()};
}

Answer keep_and_answer(const Desk& desk, const Call& call, const revision::Decision& decision, int status) {
  if (!decision.is_granted()) return refused_step(decision.refused_because);
  district_store(desk->district(), call)
      ->set(revision::setting_of(decision.revision.id), revision::to_text(decision.revision));
  return revision_answer(desk, call, decision.revision, status);
}

// Somebody else's edit stands: both texts are shown.
std::optional<Answer> outdated(const Desk& desk, const Call& call, const Revision& one) {
  const std::string_view wanted = call.request.header("if-match");
  if (wanted.empty())
    return problem(428, "E-SERVER-403",
                   {"缺少 If-Match：不知道是在哪一版上改的。",
                    "If-Match is missing: which version was edited is not known."},
                   {"先读出这一稿，带上它的 ETag。", "Read the draft and send its ETag."});
  if (wanted == tag_of_revision(one)) return std::nullopt;
  JsonWriter current;
  write_revision(current, *desk, one, call.caller);
  return conflict({"这一稿刚被别人改过。", "Somebody else has just changed this draft."}, current.text(),
                  call.request.body);
}

Answer list_revisions(District& district, const Call& call) {
  JsonWriter out;
  out.begin_object().key("revisions").begin_array();
  std::vector<Revision> all = kept_revisions(district.store());
  std::reverse(all.begin(), all.end());
  for (const Revision& one : all) write_revision_line(out, district, one, call.caller);
  out.end_array();
  if (const auto edition = district.edition(); edition->period)
    out.member("next_year", std::to_string(edition->period->to.year + 1));
  out.end_object();
  return json(out);
}

Answer start_revision(const Desk& desk, const Call& call) {
  District& district = desk->district();
  if (auto no = denied(call, Operation::EditPack, {})) return *no;
  const District::InForce base = desk->latest();
  std::vector<Part> parts;
  diagnostic::Diagnostics told;
  const std::vector<Json>& blocks = call.body.find("blocks")->items;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    auto part = part_of(*base.pack, blocks[i].text_of("kind"), blocks[i].text_of("id"));
    const bool is_there = part && std::any_of(parts.begin(), parts.end(), [&](const Part& one) {
                            return one.kind == part->kind && one.id == part->id;
                          });
    if (is_there) continue;
    if (part)
      parts.push_back(std::move(*part));
    else
      told.push_back({.code = "E-REVISION-105",
                      .place = {.file = "body", .cell = "/blocks/" + std::to_string(i)},
                      .message = {"现行的规则里没有这一块，或它不能修订。",
                                  "There is no such block in force, or it cannot be revised."},
                      .advice = {"能修订的列在 /api/pack/blocks。", "See /api/pack/blocks."}});
  }
  const std::size_t number = kept_revisions(district.store()).size() + 1;
  revision::Decision decision =
      revision::start(std::to_string(number), call.body.text_of("name"), base.pack->fingerprint,
                      std::move(parts), step_of(district, call));
  decision.refused_because.insert(decision.refused_because.end(), told.begin(), told.end());
  return keep_and_answer(desk, call, decision, 201);
}

// A change of an open draft by whoever may edit, on the version that was seen.
using Change = std::function<revision::Decision(Revision, const Call&, const revision::Act&)>;
Answer change_revision(const Desk& desk, const Call& call, const Change& change) {
  District& district = desk->district();
  if (auto no = denied(call, Operation::EditPack, {})) return *no;
  const auto one = asked_revision(district, call);
  if (!one) return not_there();
  if (auto late = outdated(desk, call, *one)) return *late;
  return keep_and_answer(desk, call, change(*one, call, step_of(district, call)), 200);
}

// One value, or one row, of one block: the text is written anew around it.
revision::Decision rewritten(Revision one, const Call& call, const revision::Act& act,
                             const std::function<pack::Rewritten(const std::string&)>& rewrite) {
  const std::string& kind = call.path.at("kind");
  const std::string& id = call.path.at("block");
  const Part* part = one.part(kind, id);
  if (part == nullptr) return revision::write(std::move(one), kind, id, "", act);
  pack::Rewritten done = rewrite(part->text);
  if (!done.is_done()) {
    for (diagnostic::Diagnostic& each : done.refused_because)
      each.place = {.file = "body", .cell = each.place.cell.empty() ? "/value" : each.place.cell};
    return {.revision = std::move(one), .refused_because = std::move(done.refused_because)};
  }
  return revision::write(std::move(one), kind, id, std::move(done.text), act);
}

revision::Standing standing_of(const Desk& desk, const Revision& one) {
  District& district = desk->district();
  revision::Standing out;
  const District::InForce now = desk->latest();
  for (const Part& part : one.parts)
    if (auto stands = part_of(*now.pack, part.kind, part.id)) out.now.push_back(std::move(*stands));
  out.latest = now.from;
  for (const std::string& year : district.years()) {
    const auto period = calendar::Period::parse(year);
    if (!period || !district.store().setting(published_setting(year))) continue;
    if (!out.published_to || *out.published_to < period->to) out.published_to = period->to;
  }
  out.findings = desk->read(one).told();
  return out;
}

Answer decide_revision(const Desk& desk, const Call& call, bool is_approval) {
  District& district = desk->district();
  const auto one = asked_revision(district, call);
  if (auto no = denied(call, Operation::ApprovePack, {.done_by = one ? one->sent_by : std::string()}))
    return *no;
  if (!one) return not_there();
  if (auto late = outdated(desk, call, *one)) return *late;
  const revision::Act act = step_of(district, call);
  if (!is_approval)
    return keep_and_answer(desk, call, revision::give_back(*one, call.body.text_of("reason"), act), 200);
  const revision::Decision decision = revision::approve(
      *one, call.body.text_of("document"), call.body.text_of("effective"), standing_of(desk, *one), act);
  if (!decision.is_granted()) return refused_step(decision.refused_because);
  // Read once more as it will stand, with the document as its source.
  Revision as_it_will_stand = decision.revision;
  as_it_will_stand.stage = revision::Stage::Proposed;
  if (diagnostic::Diagnostics told = desk->read(as_it_will_stand).told(); !told.empty()) {
    for (diagnostic::Diagnostic& each : told) each.place = {.file = "body", .cell = "/document"};
    return refused_step(told);
  }
  district_store(district, call)->set(revision::setting_of(one->id), revision::to_text(decision.revision));
  take_in_force(district);
  return revision_answer(desk, call, decision.revision);
}

// The result as it would be, of the present data.
Answer try_revision(const Desk& desk, const Call& call) {
  District& district = desk->district();
  const auto one = asked_revision(district, call);
  const auto edition = district.edition_of(call.body.text_of("period"));
  if (!one || edition == nullptr || !edition->period) return not_there();
  const District::InForce before = desk->before(*one);
  const pack::Pack* pack = nullptr;
  ReadDraft draft;
  for (const District::InForce& each : district.in_force())
    if (each.revision == one->id) pack = each.pack;
  if (pack == nullptr) {
    draft = desk->read(*one);
    if (!draft.read.pack || diagnostic::has_errors(draft.read.diagnostics))
      return problem(422,
                     {"草稿里还有错，先改好再试算。", "The draft has errors; mend them before trying it."},
                     draft.told());
    pack = &*draft.read.pack;
  }
  const run::Options how{.period = *edition->period, .threads = district.options().threads};
  const result::Result after = run::run(*pack, *edition->snapshot, how);
  const result::Result stood =
      before.pack == edition->pack ? *edition->result : run::run(*before.pack, *edition->snapshot, how);
  const simulate::Comparison comparison =
      simulate::compare(*pack, *edition->snapshot, stood, after,
                        simulate::prices_of(*before.pack, *edition->snapshot, *edition->period, stood),
                        simulate::prices_of(*pack, *edition->snapshot, *edition->period, after));
  const std::string wanted = call.body.text_of("scheme");
  const pack::Scheme* scheme = nullptr;
  for (const pack::Scheme& each : pack->schemes)
    if (each.id == wanted || each.name == wanted) scheme = &each;
  // Else the first that the draft changes, else the first.
  for (const pack::Scheme& each : pack->schemes)
    if (scheme == nullptr && wanted.empty() && one->part("scheme", each.id) != nullptr) scheme = &each;
  if (scheme == nullptr && wanted.empty() && !pack->schemes.empty()) scheme = &pack->schemes.front();
  if (scheme == nullptr) return not_there();
  JsonWriter out;
  out.begin_object().member("scheme", scheme->id).member("period", edition->period->to_string());
  out.key("schemes").begin_array();
  for (const pack::Scheme& each : pack->schemes) {
    std::int64_t movers = 0;
    for (const simulate::SchemeComparison& compared : comparison.schemes)
      if (compared.scheme == each.name) movers = static_cast<std::int64_t>(compared.movers.size());
    out.begin_object().member("id", each.id).member("name", each.name).member("movers", movers).end_object();
  }
  out.end_array();
  write_figures(out, *edition, *scheme, comparison,
                movers_seen(desk->district(), *edition, call.caller, *scheme));
  out.end_object();
  return json(out);
}

// A decision of the draft as a modelling tool opens it.
Answer dmn_of_block(const Desk& desk, const Call& call) {
  const auto one = asked_revision(desk->district(), call);
  const Part* part = one ? one->part(call.path.at("kind"), call.path.at("block")) : nullptr;
  if (part == nullptr || part->kind != "decision") return not_there();
  dmn::BlockModel model = dmn::model_of(part->text, *desk->pack_of(*one));
  for (diagnostic::Diagnostic& each : model.told) each.place.file = revision::file_of(*part);
  if (!model.told.empty())
    return problem(422, {"这张表要先在原文里改好。", "Mend this table in the text first."}, model.told);
  JsonWriter out;
  out.begin_object().member("dmn", model.xml).member("hit", model.hit);
  out.member("shown_as", dmn::to_string(model.shown_as)).member("has_twin", model.has_twin).end_object();
  Answer answer = json(out);
  answer.headers.push_back({"ETag", tag_of_revision(*one)});
  answer.headers.push_back({"Cache-Control", "private, no-store"});
  return answer;
}

Answer names_for(const Desk& desk, const Call& call) {
  const auto one = asked_revision(desk->district(), call);
  const Part* part = one ? one->part(call.path.at("kind"), call.path.at("block")) : nullptr;
  if (part == nullptr) return not_there();
  const pack::Pack& pack = *desk->latest().pack;
  std::string of;
  for (const pack::Slot& slot : pack::outline_of(part->text).fields)
    if (slot.key == "of" || slot.key == "over") of = slot.value;
  const schema::Register* target = pack.schema.find(of);
  std::vector<std::string> names = pack::scope_of(pack, target == nullptr ? "" : target->id).all();
  for (const pack::Decision& each : pack.decisions) names.push_back(each.name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  JsonWriter out;
  out.begin_object().key("names");
  write_list(out, names);
  out.end_object();
  return json(out);
}

void write_version(JsonWriter& out, const District& district, const District::InForce& one,
                   const std::vector<Revision>& approved, const std::optional<calendar::Period>& period) {
  const pack::Head& head = one.pack->head;
  std::string name = head.name, document = head.document;
  std::string from = head.valid_from ? head.valid_from->to_string() : "";
  for (const Revision& each : approved)
    if (each.id == one.revision) {
      name = each.name;
      document = each.document;
      from = each.effective;
    }
  out.member("id", one.revision).member("name", name).member("document", document).member("from", from);
  out.member("fingerprint", one.pack->fingerprint);
  out.member("is_of_period", period && &district.pack_on(period->to) == one.pack);
  out.member("is_of_today", &district.pack_on(district.options().today()) == one.pack);
}

std::vector<Member> version_members() {
  return {{"id", Shape::text(), "of the revision; empty: the pack as it came"},
          {"name", Shape::text(), ""},
          {"document", Shape::text(), ""},
          {"from", Shape::text(), "holds from this day"},
          {"fingerprint", Shape::text(), "of the pack with it"},
          {"is_of_period", Shape::boolean(), "the year is judged by it"},
          {"is_of_today", Shape::boolean(), "in force today"}};
}

Answer list_versions(District& district, const Call& call) {
  Asked asked = asked_edition(district, call);
  const std::optional<calendar::Period> period = asked.refused ? std::nullopt : asked.edition->period;
  const std::vector<Revision> approved = approved_revisions(district.store());
  const auto all = district.in_force();
  JsonWriter out;
  out.begin_object().key("versions").begin_array();
  for (const District::InForce& one : all) {
    out.begin_object();
    write_version(out, district, one, approved, period);
    out.end_object();
  }
  // Approved, but the pack cannot be read with it any more.
  out.end_array().key("unreadable").begin_array();
  for (const Revision& one : approved)
    if (std::none_of(all.begin(), all.end(), [&](const auto& each) { return each.revision == one.id; }))
      out.begin_object().member("id", one.id).member("name", one.name).end_object();
  out.end_array().end_object();
  return json(out);
}

// The same year by each version: what a district would have had.
Answer version_results(District& district, const Call& call) {
  Asked asked = asked_edition(district, call);
  if (asked.refused) return *asked.refused;
  const Edition& edition = *asked.edition;
  const std::vector<Revision> approved = approved_revisions(district.store());
  JsonWriter out;
  out.begin_object().member("period", edition.period->to_string()).key("versions").begin_array();
  for (const District::InForce& one : district.in_force()) {
    out.begin_object();
    write_version(out, district, one, approved, edition.period);
    const result::Result ran =
        one.pack == edition.pack
            ? *edition.result
            : run::run(*one.pack, *edition.snapshot,
                       {.period = *edition.period, .threads = district.options().threads});
    out.key("schemes").begin_array();
    for (const pack::Scheme& scheme : one.pack->schemes) {
      const auto of = std::find_if(ran.schemes.begin(), ran.schemes.end(),
                                   [&](const auto& each) { return each.scheme == scheme.name; });
      out.begin_object().member("id", scheme.id).member("name", scheme.name);
      out.member("ran", of != ran.schemes.end());
      const result::Balance balance = of == ran.schemes.end() ? result::Balance{} : of->balance;
      out.member("rated", static_cast<std::int64_t>(balance.rated)).key("grades").begin_array();
      if (const schema::Codes* codes = one.pack->schema.find_codes(scheme.codes))
        for (const schema::CodeEntry& entry : codes->entries) {
          std::int64_t count = 0;
          for (const auto& [grade, times] : balance.by_grade)
            if (grade == entry.code) count = static_cast<std::int64_t>(times);
          out.begin_object().member("grade", entry.code).member("count", count).end_object();
        }
      out.end_array().end_object();
    }
    out.end_array().end_object();
  }
  out.end_array().end_object();
  return tagged(out);
}

Shape trial_shape() {
  std::vector<Member> members = figures_members();
  members.push_back({"scheme", Shape::text(), "the one that is shown"});
  members.push_back({"period", Shape::text(), ""});
  members.push_back({"schemes",
                     Shape::list(Shape::object("TriedScheme", {{"id", Shape::text(), ""},
                                                               {"name", Shape::text(), ""},
                                                               {"movers", Shape::count(), ""}})),
                     ""});
  return Shape::object("RevisionTrial", members);
}

void add_reading_routes(const Desk& desk, std::vector<Route>& out) {
  District& district = desk->district();
  const Right readers = Right::any_of({Operation::EditPack, Operation::ApprovePack});
  out.push_back(reading(
      "/api/revisions", "list_revisions", Summary("规则的修订", "Revisions of the rules"), readers, {},
      Shape::object("Revisions", {{"revisions", Shape::list(revision_line_shape()), "latest first"},
                                  {"next_year", Shape::text(), "after the present one", Presence::Optional}}),
      [&district](const Call& call) { return list_revisions(district, call); }));
  out.push_back(
      reading("/api/revisions/{revision}", "get_revision",
              Summary("一次修订：表单、原文、提示、改动", "One revision: forms, text, findings, changes"),
              readers, {in_path("revision", "number", 8)}, revision_shape(), [desk](const Call& call) {
                const auto one = asked_revision(desk->district(), call);
                return one ? revision_answer(desk, call, *one) : not_there();
              }));
  out.push_back(reading(
      "/api/revisions/{revision}/blocks/{kind}/{block}/names", "list_names",
      Summary("这一块里能写的名字", "Names that may be written in this block"), readers,
      {in_path("revision", "number", 8), in_path("kind", "scheme, parameter ..."), in_path("block", "id")},
      Shape::object("Names", {{"names", Shape::list(Shape::text(400)), ""}}),
      [desk](const Call& call) { return names_for(desk, call); }));
  const Shape model = Shape::object(
      "BlockModel", {{"dmn", Shape::text(4'000'000), "DMN 1.3 XML"},
                     {"hit", Shape::text(), "as the pack says"},
                     {"shown_as", Shape::text(), "the hit policy of the model"},
                     {"has_twin", Shape::boolean(), "false: the pack says more than the standard"}});
  out.push_back(
      reading("/api/revisions/{revision}/blocks/{kind}/{block}/dmn", "get_block_model",
              Summary("一张决策表写成 DMN", "A decision table as DMN"), readers,
              {in_path("revision", "number", 8), in_path("kind", "decision"), in_path("block", "id")}, model,
              [desk](const Call& call) { return dmn_of_block(desk, call); }));
  const Shape block = Shape::object("RevisableBlock", {{"kind", Shape::text(), ""},
                                                       {"id", Shape::text(), ""},
                                                       {"name", Shape::text(), ""},
                                                       {"clause", Shape::text(), ""}});
  out.push_back(reading(
      "/api/pack/blocks", "list_blocks", Summary("能修订的块", "Blocks that can be revised"), readers, {},
      Shape::object("RevisableBlocks", {{"blocks", Shape::list(block), ""}}), [desk](const Call&) {
        JsonWriter json_out;
        json_out.begin_object().key("blocks").begin_array();
        for (const Revisable& one : revisables_of(*desk->latest().pack)) {
          json_out.begin_object().member("kind", one.kind).member("id", one.id);
          json_out.member("name", one.name).member("clause", one.clause).end_object();
        }
        json_out.end_array().end_object();
        return json(json_out);
      }));
  const Shape unreadable =
      Shape::object("UnreadableVersion", {{"id", Shape::text(), ""}, {"name", Shape::text(), ""}});
  out.push_back(reading(
      "/api/pack/versions", "list_versions",
      Summary("规则的各版与施行日期", "The versions of the rules and from when they hold"),
      Right::signed_in(), {period_parameter()},
      Shape::object("Versions", {{"versions", Shape::list(Shape::object("Version", version_members())), ""},
                                 {"unreadable", Shape::list(unreadable),
                                  "approved, and the pack cannot be read with them"}}),
      [&district](const Call& call) { return list_versions(district, call); }));
  const Shape grade =
      Shape::object("VersionGrade", {{"grade", Shape::text(), ""}, {"count", Shape::count(), ""}});
  const Shape scheme =
      Shape::object("VersionScheme", {{"id", Shape::text(), ""},
                                      {"name", Shape::text(), ""},
                                      {"ran", Shape::boolean(), "false: refused for want of a value"},
                                      {"rated", Shape::count(), ""},
                                      {"grades", Shape::list(grade), ""}});
  std::vector<Member> ran = version_members();
  ran.push_back({"schemes", Shape::list(scheme), ""});
  out.push_back(reading(
      "/api/pack/versions/results", "compare_versions", Summary("同一年按各版算", "One year by each version"),
      Operation::TryScheme, {period_parameter()},
      Shape::object("VersionResults", {{"period", Shape::text(), ""},
                                       {"versions", Shape::list(Shape::object("VersionResult", ran)), ""}}),
      [&district](const Call& call) { return version_results(district, call); }));
}

}  // namespace

void revisions_waiting(District& district, const Call& call, std::vector<Waiting>& out) {
  std::int64_t decide = 0, given_back = 0;
  for (const Revision& one : kept_revisions(district.store())) {
    decide += may_decide(one, call.caller);
    given_back += one.stage == revision::Stage::Returned && one.sent_by == call.caller.account.id;
  }
  if (decide > 0) out.push_back({"revisions", decide, ""});
  if (given_back > 0) out.push_back({"given_back", given_back, ""});
}

std::vector<Route> revision_routes(District& district) {
  const auto desk = std::make_shared<RevisionDesk>(district);
  std::vector<Route> out;
  add_reading_routes(desk, out);
  const Parameter revision_name = in_path("revision", "number", 8);
  const std::vector<Parameter> of_block = {revision_name, in_path("kind", "scheme, parameter ..."),
                                           in_path("block", "id")};
  const auto writing = [&](Method method, const char* path, const char* id, Summary summary,
                           Operation operation, std::vector<Parameter> parameters, Input input, int status,
                           std::function<Answer(const Call&)> handler) {
    out.push_back({method, path, id, std::move(summary), operation,
                   method == Method::Post ? Repeat::Keyed : Repeat::Same, Runs::OnWorker,
                   std::move(parameters), std::move(input), Output::json(revision_shape(), status),
                   [desk, handler = std::move(handler)](const Call& call) {
                     const std::lock_guard lock(desk->district().one_at_a_time(District::Decides::Rules));
                     return handler(call);
                   }});
  };
  const auto changing = [&](Method method, const char* path, const char* id, Summary summary,
                            std::vector<Parameter> parameters, Input input, Change change) {
    writing(method, path, id, std::move(summary), Operation::EditPack, std::move(parameters),
            std::move(input), 200, [desk, change = std::move(change)](const Call& call) {
              return change_revision(desk, call, change);
            });
  };
  const Shape block = Shape::object(
      "BlockId", {{"kind", Shape::text(40, 1), "scheme, parameter ..."}, {"id", Shape::text(120, 1), ""}});
  writing(Method::Post, "/api/revisions", "start_revision",
          Summary("照现行的块起草修订", "Draft a revision from blocks in force"), Operation::EditPack, {},
          Input::of(Shape::object("RevisionStart",
                                  {{"name", Shape::text(120), ""}, {"blocks", Shape::list(block, 200), ""}})),
          201, [desk](const Call& call) { return start_revision(desk, call); });
  changing(Method::Put, "/api/revisions/{revision}/name", "rename_revision", Summary("改名称", "Rename it"),
           {revision_name}, Input::of(Shape::object("RevisionName", {{"name", Shape::text(120), ""}})),
           [](Revision one, const Call& call, const revision::Act& act) {
             return revision::rename(std::move(one), call.body.text_of("name"), act);
           });
  changing(Method::Post, "/api/revisions/{revision}/blocks", "add_block",
           Summary("把一块收进草稿", "Take one block more into the draft"), {revision_name}, Input::of(block),
           [desk](Revision one, const Call& call, const revision::Act& act) {
             auto part = part_of(*desk->latest().pack, call.body.text_of("kind"), call.body.text_of("id"));
             if (!part) return revision::write(std::move(one), "", "", "", act);
             return revision::take_in(std::move(one), std::move(*part), act);
           });
  changing(Method::Delete, "/api/revisions/{revision}/blocks/{kind}/{block}", "remove_block",
           Summary("把一块移出草稿", "Leave one block out of the draft"), of_block, Input::none(),
           [](Revision one, const Call& call, const revision::Act& act) {
             return revision::leave_out(std::move(one), call.path.at("kind"), call.path.at("block"), act);
           });
  changing(Method::Put, "/api/revisions/{revision}/blocks/{kind}/{block}/text", "write_block",
           Summary("改一块的原文", "Write the text of a block"), of_block,
           Input::of(Shape::object("BlockText", {{"text", Shape::text(400000), ""}})),
           [](Revision one, const Call& call, const revision::Act& act) {
             return revision::write(std::move(one), call.path.at("kind"), call.path.at("block"),
                                    call.body.text_of("text"), act);
           });
  changing(
      Method::Put, "/api/revisions/{revision}/blocks/{kind}/{block}/dmn", "write_block_model",
      Summary("从 DMN 改一张决策表", "Change a decision table by its DMN"), of_block,
      Input::of(Shape::object("BlockModelEntry", {{"dmn", Shape::text(4'000'000), "DMN XML"}}), 8u << 20),
      [desk](Revision one, const Call& call, const revision::Act& act) {
        const std::shared_ptr<const pack::Pack> pack = desk->pack_of(one);
        return rewritten(std::move(one), call, act, [&](const std::string& text) {
          return dmn::block_with(text, call.body.text_of("dmn"), *pack);
        });
      });
  changing(Method::Put, "/api/revisions/{revision}/blocks/{kind}/{block}/value", "write_value",
           Summary("在表单里改一个值", "Change one value by form"), of_block,
           Input::of(Shape::object("BlockValueEntry", {{"path", Shape::text(400, 1), ""},
                                                       {"value", Shape::text(4000), "empty: take it away"}})),
           [](Revision one, const Call& call, const revision::Act& act) {
             return rewritten(std::move(one), call, act, [&](const std::string& text) {
               return pack::with_value(text, call.body.text_of("path"), call.body.text_of("value"));
             });
           });
  changing(Method::Post, "/api/revisions/{revision}/blocks/{kind}/{block}/rows", "change_rows",
           Summary("加一行或删一行", "One row more, or one less"), of_block,
           Input::of(Shape::object("BlockRow", {{"grid", Shape::text(400, 1), "its path"},
                                                {"row", Shape::integer(0, 100000), ""},
                                                {"what", Shape::choice({"add_after", "remove"}), ""}})),
           [](Revision one, const Call& call, const revision::Act& act) {
             return rewritten(std::move(one), call, act, [&](const std::string& text) {
               const auto row = static_cast<std::size_t>(std::stoul(call.body.find("row")->text));
               return call.body.text_of("what") == "remove"
                          ? pack::without_row(text, call.body.text_of("grid"), row)
                          : pack::with_row_after(text, call.body.text_of("grid"), row);
             });
           });
  changing(Method::Post, "/api/revisions/{revision}/send", "send_revision",
           Summary("送审", "Send for approval"), {revision_name},
           Input::of(Shape::object("RevisionNote", {{"note", Shape::text(500), "", Presence::Optional}})),
           [desk](Revision one, const Call& call, const revision::Act& act) {
             const diagnostic::Diagnostics findings = desk->read(one).told();
             return revision::send(std::move(one), call.body.text_of("note"), findings, act);
           });
  changing(Method::Post, "/api/revisions/{revision}/recall", "recall_revision",
           Summary("送审的人收回", "Recall, by whoever sent it"), {revision_name},
           Input::of(Shape::object("Nothing", {})), [](Revision one, const Call&, const revision::Act& act) {
             return revision::recall(std::move(one), act);
           });
  changing(Method::Post, "/api/revisions/{revision}/withdraw", "withdraw_revision",
           Summary("草稿作废", "Withdraw the draft"), {revision_name},
           Input::of(Shape::object("Nothing", {})), [](Revision one, const Call&, const revision::Act& act) {
             return revision::withdraw(std::move(one), act);
           });
  writing(Method::Post, "/api/revisions/{revision}/approve", "approve_revision",
          Summary("批准并定施行日期，不能是写过的人", "Approve from a day on; not by who wrote in it"),
          Operation::ApprovePack, {revision_name},
          Input::of(Shape::object("RevisionApproval", {{"document", Shape::text(200), "document number"},
                                                       {"effective", Shape::text(20), "2024-01-01"}})),
          200, [desk](const Call& call) { return decide_revision(desk, call, true); });
  writing(Method::Post, "/api/revisions/{revision}/return", "return_revision",
          Summary("退回，要写理由", "Give it back; needs a reason"), Operation::ApprovePack, {revision_name},
          Input::of(Shape::object("RevisionReturn", {{"reason", Shape::text(500), ""}})), 200,
          [desk](const Call& call) { return decide_revision(desk, call, false); });
  out.push_back({Method::Post,
                 "/api/revisions/{revision}/trial",
                 "try_revision",
                 Summary("按这一稿试算，与现行的比", "Try it on the present data, against what is in force"),
                 Operation::TryScheme,
                 Repeat::Reads,
                 Runs::OnWorker,
                 {revision_name},
                 Input::of(Shape::object("RevisionTrialRequest",
                                         {{"scheme", Shape::text(120), "id", Presence::Optional},
                                          {"period", Shape::text(30), "", Presence::Optional}})),
                 Output::json(trial_shape()),
                 [desk](const Call& call) { return try_revision(desk, call); }});
  return out;
}

}  // namespace tenglong::server
