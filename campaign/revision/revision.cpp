#include "campaign/revision/revision.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "engine/pack/written.h"
#include "engine/text/text.h"

namespace tenglong::revision {

namespace {

constexpr std::array<const char*, 5> kStages = {"draft", "proposed", "approved", "returned", "withdrawn"};
constexpr char kBetween = '\x1F', kWithin = '\x1E', kOf = '\x1D';
constexpr std::size_t kFields = 16, kFieldsOfPart = 5, kMostBytes = 400'000;

std::string joined_by(const std::vector<std::string>& parts, char by) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) out += (i == 0 ? "" : std::string(1, by)) + parts[i];
  return out;
}
std::vector<std::string> split_by(std::string_view text, char by) {
  std::vector<std::string> out;
  for (const std::string_view one : text::split(text, by)) out.emplace_back(one);
  return out;
}

diagnostic::Diagnostic told_of(const char* code, const char* pointer, text::Words message,
                               text::Words advice) {
  return {.code = code,
          .place = {.file = "body", .cell = pointer},
          .message = std::move(message),
          .advice = std::move(advice)};
}

bool is_one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; });
}
bool is_plain_text(std::string_view text) {
  return text.size() <= kMostBytes && text::is_utf8(text) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) >= 0x20 ? c != '\x7F' : c == '\n' || c == '\t' || c == '\r';
         });
}

void tell_line(diagnostic::Diagnostics& why, const char* pointer, std::string_view written) {
  if (!is_one_line(written))
    why.push_back(told_of("E-REVISION-104", pointer,
                          {"有换行或看不见的字符。", "It holds a line break or an invisible character."},
                          {"写成一行。", "Write one line."}));
}

void tell_open(diagnostic::Diagnostics& why, const Revision& revision) {
  if (!revision.is_open())
    why.push_back(
        told_of("E-REVISION-103", "",
                {"这一稿已经送审或办结，不能再改。", "This draft is sent or decided and stays as it is."},
                {"先收回，或另起一稿。", "Recall it first, or start another."}));
}

void note_editor(Revision& revision, const Act& act) {
  if (std::find(revision.editors.begin(), revision.editors.end(), act.by) == revision.editors.end())
    revision.editors.push_back(act.by);
  revision.edited_at = act.at;
}

std::vector<Part>::iterator find_part(Revision& revision, std::string_view kind, std::string_view id) {
  return std::find_if(revision.parts.begin(), revision.parts.end(),
                      [&](const Part& one) { return one.kind == kind && one.id == id; });
}

void tell_no_part(diagnostic::Diagnostics& why) {
  why.push_back(told_of("E-REVISION-105", "", {"这一稿里没有这一块。", "This draft holds no such block."},
                        {"先把它收进来。", "Take it in first."}));
}

void tell_name(diagnostic::Diagnostics& why, std::string_view name) {
  if (name.empty())
    why.push_back(told_of("E-REVISION-101", "/name", {"没有写名称。", "The name is missing."},
                          {"例如“2024年度评价办法”。", "Such as \"Rating rules of 2024\"."}));
  tell_line(why, "/name", name);
}

void tell_waiting(diagnostic::Diagnostics& why, const Revision& revision) {
  if (revision.stage != Stage::Proposed)
    why.push_back(told_of("E-REVISION-109", "",
                          {"这一稿没有在等批。", "This draft does not wait for approval."},
                          {"刷新后再看。", "Look again."}));
}

Decision settled(Revision revision, diagnostic::Diagnostics why) {
  return {.revision = std::move(revision), .refused_because = std::move(why)};
}

std::string in_yaml(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

}  // namespace

const char* to_text(Stage stage) { return kStages[static_cast<std::size_t>(stage)]; }

const Part* Revision::part(std::string_view kind, std::string_view block) const {
  for (const Part& one : parts)
    if (one.kind == kind && one.id == block) return &one;
  return nullptr;
}

std::string to_text(const Revision& one) {
  std::vector<std::string> parts;
  for (const Part& part : one.parts)
    parts.push_back(joined_by({part.kind, part.id, part.name, part.base, part.text}, kOf));
  return joined_by({one.id, one.name, one.based_on, to_text(one.stage), one.started_by, one.started_at,
                    joined_by(one.editors, kWithin), one.edited_at, one.note, one.sent_by, one.sent_at,
                    one.document, one.effective, joined_by({one.decided_by, one.decided_at}, kWithin),
                    one.reason, joined_by(parts, kWithin)},
                   kBetween);
}

std::optional<Revision> revision_of(std::string_view text) {
  const std::vector<std::string> fields = split_by(text, kBetween);
  if (fields.size() != kFields) return std::nullopt;
  const std::vector<std::string> decided = split_by(fields[13], kWithin);
  if (decided.size() != 2) return std::nullopt;
  Revision out{.id = fields[0],
               .name = fields[1],
               .based_on = fields[2],
               .started_by = fields[4],
               .started_at = fields[5],
               .edited_at = fields[7],
               .note = fields[8],
               .sent_by = fields[9],
               .sent_at = fields[10],
               .document = fields[11],
               .effective = fields[12],
               .decided_by = decided[0],
               .decided_at = decided[1],
               .reason = fields[14]};
  if (!fields[6].empty()) out.editors = split_by(fields[6], kWithin);
  for (std::size_t stage = 0; stage < kStages.size(); ++stage)
    if (fields[3] == kStages[stage]) out.stage = static_cast<Stage>(stage);
  if (!fields[15].empty())
    for (const std::string& each : split_by(fields[15], kWithin)) {
      const std::vector<std::string> part = split_by(each, kOf);
      if (part.size() != kFieldsOfPart) return std::nullopt;
      out.parts.push_back({part[0], part[1], part[2], part[3], part[4]});
    }
  return out;
}

Decision start(std::string id, std::string_view name, std::string based_on, std::vector<Part> parts,
               const Act& act) {
  diagnostic::Diagnostics why;
  name = text::trim(name);
  tell_name(why, name);
  if (parts.empty())
    why.push_back(told_of("E-REVISION-102", "/blocks", {"没有选要改的块。", "No block is chosen."},
                          {"至少选一块。", "Choose one at least."}));
  Revision out{.id = std::move(id),
               .name = std::string(name),
               .based_on = std::move(based_on),
               .started_by = act.by,
               .started_at = act.at,
               .editors = {act.by},
               .edited_at = act.at,
               .parts = std::move(parts)};
  return settled(std::move(out), std::move(why));
}

Decision rename(Revision revision, std::string_view name, const Act& act) {
  diagnostic::Diagnostics why;
  tell_open(why, revision);
  name = text::trim(name);
  tell_name(why, name);
  revision.name = name;
  note_editor(revision, act);
  return settled(std::move(revision), std::move(why));
}

Decision write(Revision revision, std::string_view kind, std::string_view id, std::string text,
               const Act& act) {
  diagnostic::Diagnostics why;
  tell_open(why, revision);
  if (!is_plain_text(text))
    why.push_back(
        told_of("E-REVISION-104", "/text",
                {"文字里有看不见的字符，或太长。", "The text holds invisible characters, or is too long."},
                {"去掉这些字符。", "Remove them."}));
  const auto part = find_part(revision, kind, id);
  if (part == revision.parts.end())
    tell_no_part(why);
  else
    part->text = std::move(text);
  note_editor(revision, act);
  return settled(std::move(revision), std::move(why));
}

Decision take_in(Revision revision, Part part, const Act& act) {
  diagnostic::Diagnostics why;
  tell_open(why, revision);
  if (revision.part(part.kind, part.id) != nullptr)
    why.push_back(told_of("E-REVISION-106", "",
                          {"这一块已在这一稿里。", "The block is in this draft already."},
                          {"直接改它。", "Change it there."}));
  revision.parts.push_back(std::move(part));
  note_editor(revision, act);
  return settled(std::move(revision), std::move(why));
}

Decision leave_out(Revision revision, std::string_view kind, std::string_view id, const Act& act) {
  diagnostic::Diagnostics why;
  tell_open(why, revision);
  const auto part = find_part(revision, kind, id);
  if (part == revision.parts.end())
    tell_no_part(why);
  else if (revision.parts.size() == 1)
    why.push_back(told_of("E-REVISION-102", "", {"一稿至少有一块。", "A draft holds one block at least."},
                          {"不要这一稿了，就作废它。", "Withdraw the draft if it is not wanted."}));
  else
    revision.parts.erase(part);
  note_editor(revision, act);
  return settled(std::move(revision), std::move(why));
}

Decision send(Revision revision, std::string_view note, const diagnostic::Diagnostics& findings,
              const Act& act) {
  diagnostic::Diagnostics why;
  tell_open(why, revision);
  tell_line(why, "/note", text::trim(note));
  if (std::none_of(revision.parts.begin(), revision.parts.end(),
                   [](const Part& one) { return one.is_changed(); }))
    why.push_back(told_of("E-REVISION-107", "",
                          {"这一稿和现行的一样，没有改动。", "The draft changes nothing."},
                          {"先改，再送审。", "Change something first."}));
  why.insert(why.end(), findings.begin(), findings.end());
  revision.stage = Stage::Proposed;
  revision.note = text::trim(note);
  revision.sent_by = act.by;
  revision.sent_at = act.at;
  revision.decided_by = revision.decided_at = revision.reason = {};
  note_editor(revision, act);
  return settled(std::move(revision), std::move(why));
}

Decision recall(Revision revision, const Act& act) {
  diagnostic::Diagnostics why;
  tell_waiting(why, revision);
  if (revision.stage == Stage::Proposed && revision.sent_by != act.by)
    why.push_back(told_of("E-REVISION-108", "", {"只有送审的人能收回。", "Only who sent it can recall it."},
                          {"请批的人退回。", "Ask for it to be given back."}));
  revision.stage = Stage::Draft;
  revision.edited_at = act.at;
  return settled(std::move(revision), std::move(why));
}

Decision approve(Revision revision, std::string_view document, std::string_view effective,
                 const Standing& standing, const Act& act) {
  diagnostic::Diagnostics why;
  tell_waiting(why, revision);
  if (std::find(revision.editors.begin(), revision.editors.end(), act.by) != revision.editors.end())
    why.push_back(
        told_of("E-REVISION-110", "",
                {"这一稿您写过，要由没有写过的人批。", "You wrote in this draft; another must approve it."},
                {"请专班负责人批。", "Ask whoever may approve."}));
  document = text::trim(document);
  tell_line(why, "/document", document);
  if (document.empty())
    why.push_back(told_of("E-REVISION-111", "/document", {"没有填文号。", "The document number is missing."},
                          {"照印发的文件写。", "As the document has it."}));
  const auto from = calendar::Date::parse(effective);
  if (!from)
    why.push_back(
        told_of("E-REVISION-112", "/effective",
                {"施行日期要写成 2024-01-01 这样的日子。", "Give the day it takes effect, as 2024-01-01."},
                {"照文件写。", "As the document has it."}));
  if (from && standing.latest && *from < *standing.latest)
    why.push_back(told_of("E-REVISION-112", "/effective",
                          {"上一次修订从 " + standing.latest->to_string() + " 起施行，这一次不能更早。",
                           "The revision before holds from " + standing.latest->to_string() +
                               "; this one cannot hold earlier."},
                          {"写同一天或以后的日子。", "Give that day or a later one."}));
  if (from && standing.published_to && *from <= *standing.published_to)
    why.push_back(
        told_of("E-REVISION-112", "/effective",
                {"截至 " + standing.published_to->to_string() + " 的年度结果已经公布，规则不能改到它之前。",
                 "Results up to " + standing.published_to->to_string() +
                     " are published; rules cannot change before."},
                {"写它以后的日子；已公布的要先撤回公布。",
                 "Give a later day, or take back what is published first."}));
  for (const Part& part : revision.parts)
    for (const Part& now : standing.now)
      if (part.is_changed() && part.kind == now.kind && part.id == now.id && part.base != now.text)
        why.push_back(told_of("E-REVISION-113", "",
                              {"起草以后，“" + part.name + "”已被另一次修订改过。",
                               "\"" + part.name + "\" has been changed by another revision since."},
                              {"退回，照现行的重新起草这一块。",
                               "Give it back; the block is to be drafted anew from what is in force."}));
  why.insert(why.end(), standing.findings.begin(), standing.findings.end());
  if (!why.empty()) return settled(std::move(revision), std::move(why));
  std::erase_if(revision.parts, [](const Part& one) { return !one.is_changed(); });
  // What the document says rests on the document.
  for (Part& part : revision.parts)
    if (const pack::Rewritten sourced = pack::with_value(part.text, "/source", document); sourced.is_done())
      part.text = sourced.text;
  revision.stage = Stage::Approved;
  revision.document = document;
  revision.effective = from->to_string();
  revision.decided_by = act.by;
  revision.decided_at = act.at;
  return settled(std::move(revision), {});
}

Decision give_back(Revision revision, std::string_view reason, const Act& act) {
  diagnostic::Diagnostics why;
  tell_waiting(why, revision);
  reason = text::trim(reason);
  tell_line(why, "/reason", reason);
  if (reason.empty())
    why.push_back(told_of("E-REVISION-114", "/reason", {"退回要写理由。", "Giving it back needs its reason."},
                          {"写一句为什么。", "Say why in a sentence."}));
  revision.stage = Stage::Returned;
  revision.reason = reason;
  revision.decided_by = act.by;
  revision.decided_at = act.at;
  return settled(std::move(revision), std::move(why));
}

Decision withdraw(Revision revision, const Act& act) {
  diagnostic::Diagnostics why;
  tell_open(why, revision);
  revision.stage = Stage::Withdrawn;
  revision.decided_by = act.by;
  revision.decided_at = act.at;
  return settled(std::move(revision), std::move(why));
}

namespace {

struct Held {
  std::string at;
  Change change;
  int line = 0;
};

// The values of a block by where they stand: a row by its first words, so that a row put in between moves no
// other.
std::vector<Held> values_of_block(const Part& part, const std::string& text) {
  std::vector<Held> out;
  const pack::Outline outline = pack::outline_of(text);
  const auto add = [&](const std::string& at, const std::string& where, const pack::Slot& slot) {
    if (!slot.is_written) return;
    Change one{.kind = part.kind, .id = part.id, .name = part.name, .where = where, .key = slot.key};
    one.after = slot.value;
    out.push_back({at + kWithin + slot.key, std::move(one), slot.place.line});
  };
  for (const pack::Slot& slot : outline.fields) add("", "", slot);
  for (const pack::SlotGrid& grid : outline.grids) {
    std::map<std::string, int> seen;
    for (const std::vector<pack::Slot>& row : grid.rows) {
      if (row.empty()) continue;
      // Of a table of values, all that stands before the value says which row it is.
      std::string where = row.front().value;
      for (std::size_t i = 1; i < row.size() && grid.path == "/table" && row[i].key != "值" &&
                              row[i].key != "名称" && part.kind != "decision";
           ++i)
        where += " " + row[i].value;
      if (part.kind == "decision") where = "第 " + std::to_string(&row - grid.rows.data() + 1) + " 行";
      const int times = seen[where]++;
      const std::string at = grid.path + kOf + where + kOf + std::to_string(times);
      for (const pack::Slot& slot : row) add(at, where, slot);
    }
  }
  return out;
}

using Values = std::map<std::string, std::string>;

// Whole lines that differ and hold no value that is told already: comments, notes, what no form shows.
void add_other_lines(const Part& part, const std::vector<Held>& before, const std::vector<Held>& after,
                     const Values& stood, const Values& stands, std::vector<Change>& out) {
  const auto told_lines = [](const std::vector<Held>& held, const Values& other) {
    std::set<int> lines;
    for (const Held& one : held) {
      const auto found = other.find(one.at);
      if (found == other.end() || found->second != one.change.after) lines.insert(one.line);
    }
    return lines;
  };
  const auto add = [&](const std::string& of, const std::string& against, const std::set<int>& told,
                       std::string Change::*side) {
    std::multiset<std::string> known;
    for (const std::string_view line : text::split(against, '\n')) known.insert(std::string(line));
    int number = 0;
    for (const std::string_view line : text::split(of, '\n')) {
      ++number;
      if (const auto same = known.find(std::string(line)); same != known.end()) {
        known.erase(same);
      } else if (told.count(number) == 0 && !text::trim(line).empty()) {
        Change one{.kind = part.kind, .id = part.id, .name = part.name};
        one.*side = std::string(text::trim(line));
        out.push_back(std::move(one));
      }
    }
  };
  add(part.base, part.text, told_lines(before, stands), &Change::before);
  add(part.text, part.base, told_lines(after, stood), &Change::after);
}

}  // namespace

std::vector<Change> changes_of(const Revision& revision) {
  std::vector<Change> out;
  for (const Part& part : revision.parts) {
    if (!part.is_changed()) continue;
    const auto before = values_of_block(part, part.base);
    const auto after = values_of_block(part, part.text);
    std::map<std::string, std::string> stood, stands;
    for (const Held& held : before) stood[held.at] = held.change.after;
    for (const Held& held : after) stands[held.at] = held.change.after;
    const std::size_t first = out.size();
    for (const auto& [at, one, line] : after) {
      const auto was = stood.find(at);
      if (was != stood.end() && was->second == one.after) continue;
      Change change = one;
      change.before = was == stood.end() ? std::string() : was->second;
      out.push_back(std::move(change));
    }
    for (const auto& [at, one, line] : before) {
      if (stands.count(at) != 0) continue;
      Change change = one;
      change.before = one.after;
      change.after.clear();
      out.push_back(std::move(change));
    }
    add_other_lines(part, before, after, stood, stands, out);
    if (out.size() == first) out.push_back({.kind = part.kind, .id = part.id, .name = part.name});
  }
  return out;
}

std::string setting_of(std::string_view id) { return "revision." + std::string(id); }

std::string file_of(const Part& part) { return part.kind + "-" + part.id + ".md"; }

std::vector<std::pair<std::string, std::string>> files_of(const Revision& one, const std::string& pack_id) {
  std::string head =
      "# " + one.name +
      "\n\n照“规则”里的修订写成，随它重写；要改，到那里另起一稿。\n\n```yaml pack\nid: revision_" + one.id +
      "\nname: " + in_yaml(one.name) + "\nrevises: " + pack_id + "\n";
  if (one.stage == Stage::Approved)
    head += "document: " + in_yaml(one.document) + "\nvalid_from: " + one.effective + "\n";
  std::vector<std::pair<std::string, std::string>> out = {{"pack.md", head + "```\n"}};
  for (const Part& part : one.parts)
    if (part.is_changed()) out.emplace_back(file_of(part), part.text);
  return out;
}

diagnostic::Diagnostics strayed(const Part& part, const std::string& file) {
  const pack::Outline outline = pack::outline_of(part.text);
  // A second block in the text would take effect, and no form or comparison would show it.
  const bool is_the_same =
      outline.kind == part.kind && outline.blocks == 1 && (!outline.told.empty() || outline.id == part.id);
  if (is_the_same) return {};
  return {{.code = "E-REVISION-115",
           .place = {.file = file, .line = 1, .column = 1},
           .message = {"这里不再是“" + part.name + "”（" + part.kind + " " + part.id + "）。",
                       "This is no longer \"" + part.name + "\" (" + part.kind + " " + part.id + ")."},
           .advice = {"只写这一块：第一行 ```yaml " + part.kind + "，id 写 " + part.id + "。",
                      "Write this block alone: begin with ```yaml " + part.kind + " and keep id: " + part.id +
                          "."}}};
}

}  // namespace tenglong::revision
