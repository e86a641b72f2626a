#include "server/inside/revision_desk.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>

#include "campaign/gap/gap.h"
#include "engine/fingerprint/fingerprint.h"
#include "server/in_force.h"
#include "server/inside/write.h"

namespace tenglong::server {

namespace {

using access::Operation;
using revision::Part;
using revision::Revision;
using text::JsonWriter;

std::vector<pack::Slot> slots_of(const pack::Outline& outline) {
  std::vector<pack::Slot> out = outline.fields;
  for (const pack::SlotGrid& grid : outline.grids)
    for (const std::vector<pack::Slot>& row : grid.rows) out.insert(out.end(), row.begin(), row.end());
  return out;
}

// The value that a finding at this place is about: the one it points into, else the only one of its line.
std::string path_at(const std::vector<pack::Slot>& slots, const diagnostic::Place& place) {
  const pack::Slot* only = nullptr;
  std::size_t of_line = 0;
  for (const pack::Slot& slot : slots) {
    if (slot.place.line == 0 || slot.place.line != place.line) continue;
    if (place.column > 0 && slot.place.column <= place.column &&
        place.column <= std::max(slot.place.column, slot.place.end_column))
      return slot.path;
    ++of_line;
    only = &slot;
  }
  return of_line == 1 ? only->path : std::string();
}

Shape slot_shape() {
  return Shape::object("BlockValue", {{"path", Shape::text(400), "of the value in its block"},
                                      {"key", Shape::text(400), ""},
                                      {"value", Shape::text(100000), "as the pack writes it"},
                                      {"is_written", Shape::boolean(), "false: the key may be added"},
                                      {"is_fixed", Shape::boolean(), "changed in the text only"}});
}

void write_slot(JsonWriter& out, const pack::Slot& slot) {
  out.begin_object().member("path", slot.path).member("key", slot.key).member("value", slot.value);
  out.member("is_written", slot.is_written).member("is_fixed", slot.is_fixed).end_object();
}

// The exact sum of a column of numbers; nothing if one of them is not a plain number.
std::optional<quantity::Decimal> sum_of(const pack::SlotGrid& grid, const std::string& key) {
  quantity::Decimal sum;
  bool any = false;
  for (const std::vector<pack::Slot>& row : grid.rows)
    for (const pack::Slot& slot : row) {
      if (slot.key != key) continue;
      const auto number = quantity::Decimal::parse(slot.value);
      if (!number) return std::nullopt;
      sum = sum + *number;
      any = true;
    }
  return any ? std::optional(sum) : std::nullopt;
}

void write_grid(JsonWriter& out, const std::string& kind, const pack::SlotGrid& grid) {
  out.begin_object().member("path", grid.path).member("key", grid.key).key("columns");
  write_list(out, grid.columns);
  out.key("rows").begin_array();
  for (const std::vector<pack::Slot>& row : grid.rows) {
    out.begin_array();
    for (const pack::Slot& slot : row) write_slot(out, slot);
    out.end_array();
  }
  out.end_array().member("can_grow", grid.has_rows_of_lines);
  if (kind == "scheme" && grid.key == "items")
    if (const auto sum = sum_of(grid, "weight"))
      out.key("sum").begin_object().member("key", "weight").member("value", sum->to_string()).end_object();
  out.end_object();
}

std::string of_register(const pack::Outline& outline) {
  for (const pack::Slot& slot : outline.fields)
    if (slot.key == "of") return slot.value;
  return {};
}

// Words that a value may be, by its key.
std::vector<std::pair<std::string, std::vector<std::string>>> choices_of(const pack::Pack& pack,
                                                                         const pack::Outline& outline) {
  std::vector<std::pair<std::string, std::vector<std::string>>> out;
  std::vector<std::string> decisions, units;
  for (const pack::Decision& one : pack.decisions) decisions.push_back(one.name);
  if (outline.kind == "scheme") {
    std::vector<std::string> indicators;
    const schema::Register* of = pack.schema.find(of_register(outline));
    for (const pack::Indicator& one : pack.indicators)
      if (of != nullptr && !one.of.empty() && (one.of == of->id || one.of == of->name))
        indicators.push_back(one.name);
    out.push_back({"indicator", indicators});
    out.push_back({"missing", {"not_rated", "group_mean"}});
    out.push_back({"ties", {"better", "worse"}});
    for (const char* key : {"veto", "protect"}) out.push_back({key, decisions});
    out.push_back({"rounding.mode", {"half_up", "half_even", "half_down", "up", "down", "floor", "ceiling"}});
  }
  if (outline.kind == "collection" || outline.kind == "target" || outline.kind == "parameter") {
    if (const schema::Codes* codes = pack.schema.find_codes("unit"))
      for (const schema::CodeEntry& entry : codes->entries)
        if (std::find(units.begin(), units.end(), entry.name) == units.end()) units.push_back(entry.name);
    for (const char* key : {"provider", "responsible", "lead", "asked_of"}) out.push_back({key, units});
  }
  std::erase_if(out, [](const auto& one) { return one.second.empty(); });
  return out;
}

void write_part(JsonWriter& out, const pack::Pack& pack, const Part& part,
                const std::vector<Revisable>& revisables) {
  const pack::Outline outline = pack::outline_of(part.text);
  std::string clause;
  for (const Revisable& one : revisables)
    if (one.kind == part.kind && one.id == part.id) clause = one.clause;
  out.begin_object().member("kind", part.kind).member("id", part.id).member("name", part.name);
  out.member("clause", clause).member("text", part.text).member("is_changed", part.is_changed());
  out.key("fields").begin_array();
  for (const pack::Slot& slot : outline.fields) write_slot(out, slot);
  out.end_array().key("grids").begin_array();
  for (const pack::SlotGrid& grid : outline.grids) write_grid(out, part.kind, grid);
  out.end_array().key("choices").begin_array();
  for (const auto& [key, words] : choices_of(pack, outline)) {
    out.begin_object().member("key", key).key("words");
    write_list(out, words);
    out.end_object();
  }
  out.end_array().end_object();
}

void write_rights(JsonWriter& out, const Revision& one, const Caller& caller) {
  const bool edits = caller.scope.may(Operation::EditPack, {}).allowed;
  const bool waits = one.stage == revision::Stage::Proposed;
  out.key("may").begin_object().member("edit", edits && one.is_open());
  out.member("recall", edits && waits && one.sent_by == caller.account.id);
  out.member("decide", may_decide(one, caller)).end_object();
}

// Who it is, as the roster of accounts calls them.
std::string person(District& district, const std::string& account) {
  if (account.empty()) return account;
  const auto kept = district.store().accounts().account(account);
  return kept && !kept->name.empty() ? kept->name : account;
}

void write_revision_members(JsonWriter& out, District& district, const Revision& one, const Caller& caller) {
  out.member("id", one.id).member("name", one.name).member("stage", revision::to_text(one.stage));
  out.member("started_by", person(district, one.started_by)).member("started_at", one.started_at);
  out.key("editors");
  std::vector<std::string> editors;
  for (const std::string& each : one.editors) editors.push_back(person(district, each));
  write_list(out, editors);
  out.member("edited_at", one.edited_at).member("note", one.note);
  out.member("sent_by", person(district, one.sent_by)).member("sent_at", one.sent_at);
  out.member("document", one.document).member("effective", one.effective);
  out.member("decided_by", person(district, one.decided_by))
      .member("decided_at", one.decided_at)
      .member("reason", one.reason);
  out.key("blocks").begin_array();
  for (const Part& part : one.parts)
    out.begin_object().member("kind", part.kind).member("id", part.id).member("name", part.name).end_object();
  out.end_array();
  write_rights(out, one, caller);
}

std::vector<Member> revision_line_members() {
  const Shape block = Shape::object("BlockName", {{"kind", Shape::text(), "parameter, indicator, scheme ..."},
                                                  {"id", Shape::text(), ""},
                                                  {"name", Shape::text(), ""}});
  return {{"id", Shape::text(), ""},
          {"name", Shape::text(), ""},
          {"stage", Shape::choice({"draft", "proposed", "approved", "returned", "withdrawn"}), ""},
          {"started_by", Shape::text(), ""},
          {"started_at", Shape::text(), ""},
          {"editors", Shape::list(Shape::text()), "who wrote in it"},
          {"edited_at", Shape::text(), ""},
          {"note", Shape::text(), "of whoever sent it"},
          {"sent_by", Shape::text(), ""},
          {"sent_at", Shape::text(), ""},
          {"document", Shape::text(), "number of the document that approves it"},
          {"effective", Shape::text(), "2024-01-01"},
          {"decided_by", Shape::text(), ""},
          {"decided_at", Shape::text(), ""},
          {"reason", Shape::text(), "why it was given back"},
          {"blocks", Shape::list(block), ""},
          {"may",
           Shape::object("RevisionRights", {{"edit", Shape::boolean(), ""},
                                            {"recall", Shape::boolean(), ""},
                                            {"decide", Shape::boolean(), ""}}),
           ""}};
}

}  // namespace

bool may_decide(const Revision& one, const Caller& caller) {
  return one.stage == revision::Stage::Proposed &&
         caller.scope.may(Operation::ApprovePack, {.done_by = one.sent_by}).allowed &&
         std::find(one.editors.begin(), one.editors.end(), caller.account.id) == one.editors.end();
}

std::vector<Revisable> revisables_of(const pack::Pack& pack) {
  std::vector<Revisable> out;
  const auto add = [&](const char* kind, const auto& blocks) {
    for (const auto& one : blocks) out.push_back({kind, one.id, one.name, one.clause, one.place});
  };
  add("scheme", pack.schemes);
  add("parameter", pack.parameters);
  add("decision", pack.decisions);
  add("indicator", pack.indicators);
  add("roster", pack.rosters);
  add("target", pack.targets);
  add("collection", pack.collections);
  add("codes", pack.schema.codes);
  add("simulation", pack.simulations);
  add("question", pack.questions);
  return out;
}

std::optional<Part> part_of(const pack::Pack& pack, std::string_view kind, std::string_view id) {
  for (const Revisable& one : revisables_of(pack))
    if (one.kind == kind && one.id == id) {
      std::string text = pack::written_at(one.place);
      if (text.empty()) return std::nullopt;
      return Part{one.kind, one.id, one.name, text, text};
    }
  return std::nullopt;
}

diagnostic::Diagnostics ReadDraft::told() const {
  diagnostic::Diagnostics out;
  for (const DraftFinding& one : findings) out.push_back(one.told);
  return out;
}

District::InForce RevisionDesk::before(const Revision& revision) const {
  const auto all = district_.in_force();
  for (std::size_t i = 1; i < all.size(); ++i)
    if (all[i].revision == revision.id) return all[i - 1];
  return all.back();
}

const diagnostic::Diagnostics& RevisionDesk::of_pack_in_force() {
  const District::InForce now = latest();
  const std::lock_guard lock(cached_);
  if (cached_for_ != now.pack->fingerprint) {
    of_pack_ = district_.options().read_pack(now.folders).diagnostics;
    cached_for_ = now.pack->fingerprint;
  }
  return of_pack_;
}

ReadDraft RevisionDesk::read(const Revision& revision) {
  ReadDraft out;
  const District::InForce now = latest();
  const std::string& id = now.pack->head.id;
  const std::string& data = district_.options().folder;
  const std::lock_guard lock(reading_);  // its files are of one reading
  const std::string folder = revision::keep_files(data, revision, id);
  std::vector<std::string> folders = now.folders;
  const std::string filled =
      gap::overlay_in(now.revision.empty() ? data : revision::filled_with(data, now.revision), id);
  if (!filled.empty()) folders.insert(folders.begin(), filled);
  folders.push_back(folder);
  out.read = district_.options().read_pack(folders);
  diagnostic::Diagnostics all = out.read.diagnostics;
  for (const Part& part : revision.parts)
    for (diagnostic::Diagnostic& one : revision::strayed(part, folder + "/" + revision::file_of(part)))
      all.push_back(std::move(one));
  std::multiset<std::pair<std::string, std::string>> known;
  for (const diagnostic::Diagnostic& one : of_pack_in_force()) known.insert({one.code, one.message.zh});
  for (diagnostic::Diagnostic& one : all) {
    if (const auto same = known.find({one.code, one.message.zh}); same != known.end()) {
      known.erase(same);
      continue;
    }
    DraftFinding finding;
    const std::string file = std::filesystem::path(one.place.file).filename().string();
    if (one.place.file.rfind(folder + "/", 0) == 0)
      for (const Part& part : revision.parts)
        if (revision::file_of(part) == file) {
          finding.kind = part.kind;
          finding.block = part.id;
          finding.path = path_at(slots_of(pack::outline_of(part.text)), one.place);
        }
    // Where the folder of data lies is nobody's business on a screen.
    one.place.file = file;
    one.related.clear();
    finding.told = std::move(one);
    out.findings.push_back(std::move(finding));
  }
  return out;
}

std::shared_ptr<const pack::Pack> RevisionDesk::pack_of(const Revision& revision) {
  ReadDraft draft = read(revision);
  if (draft.read.pack) return std::make_shared<const pack::Pack>(std::move(*draft.read.pack));
  return std::make_shared<const pack::Pack>(*latest().pack);
}

std::string tag_of_revision(const Revision& revision) {
  return "\"" + fingerprint::of_bytes(revision::to_text(revision)).substr(0, 24) + "\"";
}

Shape revision_line_shape() { return Shape::object("RevisionLine", revision_line_members()); }

Shape revision_shape() {
  const Shape slot = slot_shape();
  const Shape grid =
      Shape::object("BlockGrid", {{"path", Shape::text(), ""},
                                  {"key", Shape::text(), "items, table"},
                                  {"columns", Shape::list(Shape::text(400)), ""},
                                  {"rows", Shape::list(Shape::list(slot)), ""},
                                  {"can_grow", Shape::boolean(), "rows come and go in the form"},
                                  {"sum",
                                   Shape::object("ColumnSum", {{"key", Shape::text(), "of the column"},
                                                               {"value", Shape::decimal(), ""}}),
                                   "exact; absent if a value is no plain number", Presence::Optional}});
  const Shape choices =
      Shape::object("Choices", {{"key", Shape::text(), ""}, {"words", Shape::list(Shape::text(400)), ""}});
  const Shape part = Shape::object("RevisionBlock", {{"kind", Shape::text(), ""},
                                                     {"id", Shape::text(), ""},
                                                     {"name", Shape::text(), ""},
                                                     {"clause", Shape::text(), ""},
                                                     {"text", Shape::text(1000000), "as written"},
                                                     {"is_changed", Shape::boolean(), ""},
                                                     {"fields", Shape::list(slot), ""},
                                                     {"grids", Shape::list(grid), ""},
                                                     {"choices", Shape::list(choices), ""}});
  const Shape finding =
      Shape::object("RevisionFinding", {{"kind", Shape::text(), "of the block; empty: outside the draft"},
                                        {"id", Shape::text(), ""},
                                        {"path", Shape::text(), "of the value, if it is about one"},
                                        {"told", diagnostic_shape(), ""}});
  const Shape change =
      Shape::object("RevisionChange", {{"kind", Shape::text(), ""},
                                       {"id", Shape::text(), ""},
                                       {"name", Shape::text(), "of the block"},
                                       {"clause", Shape::text(), ""},
                                       {"where", Shape::text(100000), "which row"},
                                       {"key", Shape::text(400), ""},
                                       {"before", Shape::text(100000), "empty: was not there"},
                                       {"after", Shape::text(100000), "empty: taken away"}});
  std::vector<Member> members = revision_line_members();
  members.push_back({"parts", Shape::list(part), ""});
  members.push_back({"findings", Shape::list(finding), "what the pack in force does not have"});
  members.push_back({"changes", Shape::list(change), ""});
  members.push_back({"etag", Shape::text(), "for If-Match"});
  members.push_back({"milliseconds", Shape::count(), "the check took"});
  return Shape::object("Revision", members);
}

void write_revision_line(JsonWriter& out, District& district, const Revision& one, const Caller& caller) {
  out.begin_object();
  write_revision_members(out, district, one, caller);
  out.end_object();
}

void write_revision(JsonWriter& out, RevisionDesk& desk, const Revision& one, const Caller& caller) {
  const auto began = std::chrono::steady_clock::now();
  ReadDraft draft;
  if (one.is_open() || one.stage == revision::Stage::Proposed) draft = desk.read(one);
  const District::InForce now = desk.latest();
  const pack::Pack& pack = *now.pack;
  const std::vector<Revisable> revisables = revisables_of(pack);
  out.begin_object();
  write_revision_members(out, desk.district(), one, caller);
  out.key("parts").begin_array();
  for (const Part& part : one.parts)
    write_part(out, draft.read.pack ? *draft.read.pack : pack, part, revisables);
  out.end_array().key("findings").begin_array();
  for (const DraftFinding& finding : draft.findings) {
    out.begin_object().member("kind", finding.kind).member("id", finding.block).member("path", finding.path);
    out.key("told");
    write_diagnostic(out, finding.told);
    out.end_object();
  }
  out.end_array().key("changes").begin_array();
  for (const revision::Change& change : revision::changes_of(one)) {
    std::string clause;
    for (const Revisable& each : revisables)
      if (each.kind == change.kind && each.id == change.id) clause = each.clause;
    out.begin_object().member("kind", change.kind).member("id", change.id).member("name", change.name);
    out.member("clause", clause).member("where", change.where).member("key", change.key);
    out.member("before", change.before).member("after", change.after).end_object();
  }
  out.end_array().member("etag", tag_of_revision(one));
  out.member("milliseconds", static_cast<std::int64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                                           std::chrono::steady_clock::now() - began)
                                                           .count()));
  out.end_object();
}

}  // namespace tenglong::server
