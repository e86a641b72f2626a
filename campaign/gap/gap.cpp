#include "campaign/gap/gap.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/calendar/date.h"
#include "engine/fingerprint/fingerprint.h"
#include "engine/text/text.h"

namespace tenglong::gap {

namespace {

constexpr std::array<const char*, 3> kStages = {"proposed", "filled", "rejected"};
constexpr char kBetween = '\x1F', kWithin = '\x1E', kOf = '\x1D';

std::vector<std::string> split(std::string_view text, char by) {
  std::vector<std::string> out(1);
  for (const char c : text)
    if (c == by)
      out.emplace_back();
    else
      out.back() += c;
  return out;
}

std::string row_text(const Row& row) {
  std::string out;
  for (const auto& [column, cell] : row)
    out += (out.empty() ? "" : std::string(1, kWithin)) + column + kOf + cell;
  return out;
}
Row row_of(std::string_view text) {
  Row out;
  if (text.empty()) return out;
  for (const std::string& one : split(text, kWithin)) {
    const std::size_t at = one.find(kOf);
    if (at != std::string::npos) out.emplace_back(one.substr(0, at), one.substr(at + 1));
  }
  return out;
}

diagnostic::Diagnostic told(const char* code, const char* pointer, text::Words message, text::Words advice) {
  return {.code = code,
          .place = {.file = "body", .cell = pointer},
          .message = std::move(message),
          .advice = std::move(advice)};
}

// Entries become cells of a table: one line, no column of their own.
bool fits_a_cell(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '|' || c == '`' || c == '\x7F';
  });
}

std::vector<Fill>::iterator waiting_in(std::vector<Fill>& fills, std::string_view gap) {
  return std::find_if(fills.begin(), fills.end(),
                      [&](const Fill& one) { return one.gap == gap && one.stage == Stage::Proposed; });
}

}  // namespace

const char* to_text(Stage stage) { return kStages[static_cast<std::size_t>(stage)]; }

std::vector<Open> open_gaps(pack::Pack pack) {
  std::vector<Open> out;
  for (pack::Parameter& parameter : pack.parameters)
    for (pack::ParameterRow& row : parameter.rows) {
      if (row.value && row.mark.empty()) continue;
      Open one;
      if (row.value) one.sample = row.value->to_text();
      one.mark = row.mark;
      row.value.reset();
      for (std::size_t i = 0; i < row.keys.size() && i < parameter.keys.size(); ++i)
        one.row.emplace_back(parameter.keys[i], row.keys[i].to_feel());
      if (row.from) one.row.emplace_back("生效", row.from->to_string());
      one.id = fingerprint::of_bytes(parameter.id + kBetween + row_text(one.row)).substr(0, 12);
      out.push_back(std::move(one));
    }
  std::vector<pack::Gap> gaps = pack.gaps();  // of the same rows in the same order
  for (std::size_t i = 0; i < out.size(); ++i) out[i].gap = std::move(gaps[i]);
  return out;
}

std::string to_text(const std::vector<Fill>& fills) {
  std::string out;
  for (const Fill& one : fills) {
    const std::array<std::string, 14> parts = {
        one.gap,         one.parameter,  one.words,      row_text(one.row),  one.value,
        one.document,    one.effective,  one.note,       to_text(one.stage), one.proposed_by,
        one.proposed_at, one.decided_by, one.decided_at, one.reason};
    for (std::size_t i = 0; i < parts.size(); ++i) out += (i == 0 ? "" : std::string(1, kBetween)) + parts[i];
    out += '\n';
  }
  return out;
}

std::vector<Fill> fills_of(std::string_view text) {
  std::vector<Fill> out;
  for (const std::string& line : split(text, '\n')) {
    const std::vector<std::string> parts = split(line, kBetween);
    if (parts.size() != 14) continue;
    Fill one{.gap = parts[0],
             .parameter = parts[1],
             .words = parts[2],
             .row = row_of(parts[3]),
             .value = parts[4],
             .document = parts[5],
             .effective = parts[6],
             .note = parts[7],
             .proposed_by = parts[9],
             .proposed_at = parts[10],
             .decided_by = parts[11],
             .decided_at = parts[12],
             .reason = parts[13]};
    for (std::size_t stage = 0; stage < kStages.size(); ++stage)
      if (parts[8] == kStages[stage]) one.stage = static_cast<Stage>(stage);
    out.push_back(std::move(one));
  }
  return out;
}

Decision propose(const std::vector<Open>& open, std::vector<Fill> fills, std::string_view gap,
                 const Entered& entered, const Act& act) {
  Decision out;
  auto& why = out.refused_because;
  const auto found = std::find_if(open.begin(), open.end(), [&](const Open& one) { return one.id == gap; });
  if (found == open.end()) {
    why.push_back(told("E-GAP-101", "",
                       {"没有这个待补的数，或已经补上。", "No such value is wanting, or it has been filled."},
                       {"回到待补参数看现在还缺什么。", "See what is wanting now."}));
    return out;
  }
  if (waiting_in(fills, gap) != fills.end())
    why.push_back(told("E-GAP-102", "",
                       {"这个数已有人填了，正等批。", "A value for this waits for approval already."},
                       {"先批或退那一份。", "Approve or reject that one first."}));
  const std::string value(text::trim(entered.value)), document(text::trim(entered.document)),
      note(text::trim(entered.note));
  for (const auto& [pointer, written, zh] :
       {std::tuple("/value", &value, "值"), std::tuple("/document", &document, "文号"),
        std::tuple("/note", &note, "说明")})
    if (!fits_a_cell(*written))
      why.push_back(
          told("E-GAP-103", pointer,
               {std::string(zh) + "里有换行、竖线或反引号。", "It holds a line break, a bar or a backquote."},
               {"写成一行，去掉这些符号。", "Write one line without them."}));
  for (const auto& [pointer, written, zh, en] :
       {std::tuple("/value", &value, "没有填值。", "The value is missing."),
        std::tuple("/document", &document, "没有填文号或出处。", "The number of the document is missing.")})
    if (written->empty())
      why.push_back(told("E-GAP-104", pointer, {zh, en},
                         {"没有公布的数不填，让它缺着。", "What nobody published stays wanting."}));
  const auto effective = calendar::Date::parse(entered.effective);
  if (!effective)
    why.push_back(
        told("E-GAP-105", "/effective",
             {"施行日期要写成 2024-01-01 这样的日子。", "Give the day it takes effect, as 2024-01-01."},
             {"照文件写。", "As the document has it."}));
  if (!out.is_granted()) return out;
  fills.push_back({.gap = std::string(gap),
                   .parameter = found->gap.parameter,
                   .words = found->gap.row,
                   .row = found->row,
                   .value = value,
                   .document = document,
                   .effective = effective->to_string(),
                   .note = note,
                   .proposed_by = act.by,
                   .proposed_at = act.at});
  out.fills = std::move(fills);
  return out;
}

Decision decide(std::vector<Fill> fills, std::string_view gap, Stage to, const std::string& reason,
                const Act& act) {
  Decision out;
  auto& why = out.refused_because;
  const auto found = waiting_in(fills, gap);
  if (found == fills.end()) {
    why.push_back(told("E-GAP-106", "", {"没有等批的填报。", "Nothing waits for approval here."},
                       {"刷新后再看。", "Look again."}));
    return out;
  }
  if (to == Stage::Filled && found->proposed_by == act.by)
    why.push_back(told("E-GAP-107", "",
                       {"这个数是您填的，要由另一个人批。", "You proposed it; another must approve."},
                       {"请专班负责人批。", "Ask whoever may approve."}));
  const std::string said(text::trim(reason));
  if (to == Stage::Rejected && said.empty())
    why.push_back(told("E-GAP-108", "/reason", {"退回要写理由。", "A rejection needs its reason."},
                       {"写一句为什么。", "Say why in a sentence."}));
  if (!fits_a_cell(said))
    why.push_back(told("E-GAP-103", "/reason",
                       {"理由里有换行、竖线或反引号。", "It holds a line break, a bar or a backquote."},
                       {"写成一行，去掉这些符号。", "Write one line without them."}));
  if (!out.is_granted()) return out;
  found->stage = to;
  found->decided_by = act.by;
  found->decided_at = act.at;
  found->reason = said;
  out.fills = std::move(fills);
  return out;
}

std::string overlay_of(const std::string& pack_id, const std::vector<Open>& open,
                       const std::vector<Fill>& fills, std::string_view with) {
  std::string blocks, last;
  for (const Fill& one : fills) {
    const bool is_asked = one.stage == Stage::Proposed && !with.empty() && one.gap == with;
    if (one.stage != Stage::Filled && !is_asked) continue;
    if (std::none_of(open.begin(), open.end(), [&](const Open& each) { return each.id == one.gap; }))
      continue;
    std::string head, line, cells;
    for (const auto& [column, cell] : one.row) {
      head += "| " + column + " ";
      line += "|---";
      cells += "| " + cell + " ";
    }
    (is_asked ? last : blocks) += "\n```yaml fill\nparameter: " + one.parameter + "\n```\n\n" + head +
                                  "| 值 | 出处 |\n" + line + "|---|---|\n" + cells + "| " + one.value +
                                  " | " + one.document + "（" + one.effective + " 起） |\n";
  }
  if (blocks.empty() && last.empty()) return {};
  return "# 已批准的补值\n\n照已批准的填报写成，随填报重写；要改，到“待补参数”里办。\n\n```yaml pack\nid: "
         "filled\nname: 已批准的补值\n"
         "overlays: " +
         pack_id + "\npublished: true\n```\n" + blocks + last;
}

void keep_overlay(const std::string& folder, const std::string& text) {
  namespace fs = std::filesystem;
  const fs::path place = fs::path(folder) / kOverlayFolder;
  std::ostringstream there;
  if (std::ifstream in(place / "pack.md", std::ios::binary); in) there << in.rdbuf();
  if (there.str() == text) return;
  if (text.empty()) {
    fs::remove_all(place);
    return;
  }
  fs::create_directories(place);
  const fs::path next = place / "pack.next";
  std::ofstream(next, std::ios::binary) << text;
  fs::rename(next, place / "pack.md");
}

std::string overlay_in(const std::string& folder, const std::string& pack_id) {
  const std::filesystem::path place = std::filesystem::path(folder) / kOverlayFolder;
  std::ifstream in(place / "pack.md", std::ios::binary);
  for (std::string line; std::getline(in, line);)
    if (line == "overlays: " + pack_id) return place.string();
  return {};
}

}  // namespace tenglong::gap
