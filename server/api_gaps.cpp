// 待补参数 over the wire: what nobody has published, filled in a form by one and approved by another.
//
// Never: judges a value by itself: the pack is read with it, and what the reader says is told at the value.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <mutex>

#include "campaign/gap/gap.h"
#include "server/api.h"
#include "server/in_force.h"
#include "server/inside/waiting.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using access::Operation;
using gap::Fill;
using gap::Open;
using text::JsonWriter;

std::vector<Fill> kept_fills(District& district) {
  return gap::fills_of(district.store().setting(gap::kSetting).value_or(""));
}

// A folder for the time of a reading.
class Trial {
 public:
  explicit Trial(const std::string& under) : folder_(under + "/trial") {
    std::filesystem::remove_all(folder_);
  }
  ~Trial() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;
  std::string folder() const { return folder_; }
  std::string overlay() const { return folder_ + "/" + gap::kOverlayFolder; }

 private:
  std::string folder_;
};

// What is wrong with the pack once it holds these fills, told at the value that was entered.
diagnostic::Diagnostics read_with(District& district, const std::vector<Open>& open,
                                  const std::vector<Fill>& fills, std::string_view with) {
  const Trial trial(district.options().folder);
  gap::keep_overlay(trial.folder(), gap::overlay_of(district.pack().head.id, open, fills, with));
  diagnostic::Diagnostics told;
  std::vector<std::string> folders = folders_today(district);
  folders.insert(folders.begin(), trial.overlay());
  for (diagnostic::Diagnostic& one : district.options().read_pack(folders).diagnostics) {
    if (one.severity != diagnostic::Severity::Error) continue;
    one.place = {.file = "body", .cell = "/value"};
    one.related.clear();
    told.push_back(std::move(one));
  }
  return told;
}

struct Shown {
  const Open* open = nullptr;
  const Fill* fill = nullptr;  // the latest
};

void write_gap(JsonWriter& out, const pack::Pack& pack, const Call& call, const std::string& id,
               const Shown& shown) {
  const std::string& name = shown.open != nullptr ? shown.open->gap.parameter : shown.fill->parameter;
  const pack::Parameter* parameter = pack.parameter(name);
  out.begin_object().member("id", id).member("parameter", name);
  out.member("keys", shown.open != nullptr ? shown.open->gap.row : shown.fill->words);
  out.member("clause", parameter != nullptr ? parameter->clause : std::string());
  out.member("question", shown.open != nullptr ? shown.open->gap.question : std::string());
  out.member("asked_of", shown.open != nullptr  ? shown.open->gap.asked_of
                         : parameter != nullptr ? parameter->asked_of
                                                : std::string());
  out.member("unit", parameter != nullptr ? parameter->unit.name() : std::string());
  out.key("blocks");
  write_list(out, shown.open != nullptr ? shown.open->gap.waiting : std::vector<std::string>());
  if (shown.open != nullptr && !shown.open->mark.empty())
    out.key("sample")
        .begin_object()
        .member("value", shown.open->sample)
        .member("mark", shown.open->mark)
        .end_object();
  const bool is_proposed = shown.fill != nullptr && shown.fill->stage == gap::Stage::Proposed;
  const bool is_filled = shown.open == nullptr;
  out.member("state", is_filled ? "filled" : is_proposed ? "proposed" : "open");
  if (shown.fill != nullptr) {
    const Fill& fill = *shown.fill;
    out.key("fill").begin_object();
    out.member("stage", gap::to_text(fill.stage)).member("value", fill.value);
    out.member("document", fill.document).member("effective", fill.effective).member("note", fill.note);
    out.member("proposed_by", fill.proposed_by).member("proposed_at", fill.proposed_at);
    out.member("decided_by", fill.decided_by).member("decided_at", fill.decided_at);
    out.member("reason", fill.reason).end_object();
  }
  const access::Scope& scope = call.caller.scope;
  out.key("may").begin_object();
  out.member("propose", !is_filled && !is_proposed && scope.may(Operation::FillGap, {}).allowed);
  out.member("decide",
             is_proposed && scope.may(Operation::ApproveGap, {.done_by = shown.fill->proposed_by}).allowed);
  out.end_object().end_object();
}

// Every gap of the pack without its fills, and what was filled: open ones in the order of the pack.
struct Gaps {
  std::vector<Open> open = {};   // now
  std::vector<Open> plain = {};  // of the pack without what was filled here
  std::vector<Fill> fills = {};
};
Gaps gaps_of(District& district) {
  Gaps out{.open = gap::open_gaps(district.pack()), .fills = kept_fills(district)};
  const pack::ReadPack plain = district.options().read_pack(folders_today(district));
  if (plain.pack) out.plain = gap::open_gaps(*plain.pack);
  return out;
}
const Fill* latest(const std::vector<Fill>& fills, std::string_view gap) {
  const Fill* out = nullptr;
  for (const Fill& one : fills)
    if (one.gap == gap) out = &one;
  return out;
}

Answer gap_answer(District& district, const Call& call, const std::vector<Fill>& fills, int status) {
  const std::string& id = call.path.at("gap");
  const std::vector<Open> open = gap::open_gaps(district.pack());
  Shown shown{.fill = latest(fills, id)};
  for (const Open& one : open)
    if (one.id == id) shown.open = &one;
  if (shown.open == nullptr && shown.fill == nullptr) return not_there();
  JsonWriter out;
  write_gap(out, district.pack(), call, id, shown);
  return {.status = status, .body = out.take()};
}

Answer list_gaps(District& district, const Call& call) {
  const Gaps gaps = gaps_of(district);
  JsonWriter out;
  out.begin_object().key("gaps").begin_array();
  for (const Open& one : gaps.open) {
    write_gap(out, district.pack(), call, one.id, {&one, latest(gaps.fills, one.id)});
  }
  for (const Fill& one : gaps.fills)
    if (one.stage == gap::Stage::Filled) write_gap(out, district.pack(), call, one.gap, {.fill = &one});
  out.end_array().end_object();
  return json(out);
}

Answer propose_fill(District& district, const Call& call) {
  if (auto no = denied(call, Operation::FillGap, {})) return *no;
  const Gaps gaps = gaps_of(district);
  const std::string& id = call.path.at("gap");
  const gap::Decision decision = gap::propose(gaps.open, gaps.fills, id,
                                              {call.body.text_of("value"), call.body.text_of("document"),
                                               call.body.text_of("effective"), call.body.text_of("note")},
                                              {call.caller.account.id, district.options().now()});
  if (!decision.is_granted())
    return problem(422, {"没有存下，原因如下。", "It was not kept, for these reasons."},
                   decision.refused_because);
  if (const auto told = read_with(district, gaps.plain, decision.fills, id); !told.empty())
    return problem(422, {"这个值政策包读不了。", "The pack cannot read this value."}, told);
  district_store(district, call)->set(gap::kSetting, gap::to_text(decision.fills));
  return gap_answer(district, call, decision.fills, 201);
}

Answer decide_fill(District& district, const Call& call, gap::Stage to) {
  const Gaps gaps = gaps_of(district);
  const std::string& id = call.path.at("gap");
  const Fill* asked = latest(gaps.fills, id);
  if (auto no = denied(call, Operation::ApproveGap, {.done_by = asked == nullptr ? "" : asked->proposed_by}))
    return *no;
  const gap::Decision decision = gap::decide(gaps.fills, id, to, call.body.text_of("reason"),
                                             {call.caller.account.id, district.options().now()});
  if (!decision.is_granted())
    return problem(409, {"不能办，原因如下。", "It cannot be done, for these reasons."},
                   decision.refused_because);
  if (to == gap::Stage::Filled)
    if (const auto told = read_with(district, gaps.plain, decision.fills, ""); !told.empty())
      return problem(422, {"这个值政策包读不了。", "The pack cannot read this value."}, told);
  district_store(district, call)->set(gap::kSetting, gap::to_text(decision.fills));
  if (to == gap::Stage::Filled) take_in_force(district);
  return gap_answer(district, call, decision.fills, 200);
}

}  // namespace

void gaps_waiting(District& district, const Call& call, std::vector<Waiting>& out) {
  std::int64_t count = 0;
  for (const Fill& one : kept_fills(district))
    count += one.stage == gap::Stage::Proposed &&
             call.caller.scope.may(Operation::ApproveGap, {.done_by = one.proposed_by}).allowed;
  if (count > 0) out.push_back({"gaps", count, ""});
}

std::vector<Route> gap_routes(District& district) {
  const Shape fill =
      Shape::object("GapFill", {{"stage", Shape::choice({"proposed", "filled", "rejected"}), ""},
                                {"value", Shape::text(), "as it was entered"},
                                {"document", Shape::text(), "number of the document"},
                                {"effective", Shape::text(), "2024-01-01"},
                                {"note", Shape::text(), ""},
                                {"proposed_by", Shape::text(), ""},
                                {"proposed_at", Shape::text(), ""},
                                {"decided_by", Shape::text(), ""},
                                {"decided_at", Shape::text(), ""},
                                {"reason", Shape::text(), "of a rejection"}});
  const Shape gap = Shape::object(
      "Gap",
      {{"id", Shape::text(), ""},
       {"parameter", Shape::text(), ""},
       {"keys", Shape::text(), "which row, in words"},
       {"clause", Shape::text(), ""},
       {"question", Shape::text(), ""},
       {"asked_of", Shape::text(), "who supplies it"},
       {"unit", Shape::text(), ""},
       {"blocks", Shape::list(Shape::text()), "what it keeps from being calculated"},
       {"sample", Shape::object("GapSample", {{"value", Shape::text(), ""}, {"mark", Shape::text(), ""}}),
        "what stands in its place, and the mark of results that rest on it", Presence::Optional},
       {"state", Shape::choice({"open", "proposed", "filled"}), ""},
       {"fill", fill, "the latest", Presence::Optional},
       {"may",
        Shape::object("GapRights", {{"propose", Shape::boolean(), ""}, {"decide", Shape::boolean(), ""}}),
        ""}});
  std::vector<Route> out;
  out.push_back(reading("/api/pack/gaps", "list_gaps",
                        Summary("待补参数", "Values that nobody has published"), Right::signed_in(), {},
                        Shape::object("Gaps", {{"gaps", Shape::list(gap), ""}}),
                        [&district](const Call& call) { return list_gaps(district, call); }));
  const auto writing = [&](const char* path, const char* id, Summary summary, Operation operation, Shape in,
                           Output answer, auto handler) {
    out.push_back({Method::Post,
                   path,
                   id,
                   std::move(summary),
                   operation,
                   Repeat::Keyed,
                   Runs::OnWorker,
                   {in_path("gap", "id", 20)},
                   Input::of(std::move(in)),
                   std::move(answer),
                   [&district, handler](const Call& call) {
                     const std::lock_guard lock(district.one_at_a_time(District::Decides::Rules));
                     return handler(call);
                   }});
  };
  writing("/api/pack/gaps/{gap}", "propose_fill", Summary("填一个待补参数", "Enter a value that was wanting"),
          Operation::FillGap,
          Shape::object("GapEntry", {{"value", Shape::text(200), "as the pack would have it"},
                                     {"document", Shape::text(200), "number of the document that says so"},
                                     {"effective", Shape::text(20), "2024-01-01"},
                                     {"note", Shape::text(500), "", Presence::Optional}}),
          Output::json(gap, 201), [&district](const Call& call) { return propose_fill(district, call); });
  const Shape why = Shape::object("GapDecision", {{"reason", Shape::text(500), "", Presence::Optional}});
  writing("/api/pack/gaps/{gap}/approve", "approve_fill",
          Summary("批准，不能是填的人", "Approve; not by who entered it"), Operation::ApproveGap, why,
          Output::json(gap),
          [&district](const Call& call) { return decide_fill(district, call, gap::Stage::Filled); });
  writing("/api/pack/gaps/{gap}/reject", "reject_fill", Summary("退回，要写理由", "Reject; needs a reason"),
          Operation::ApproveGap, why, Output::json(gap),
          [&district](const Call& call) { return decide_fill(district, call, gap::Stage::Rejected); });
  return out;
}

}  // namespace tenglong::server
