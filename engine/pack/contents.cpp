#include "engine/pack/contents.h"

#include <algorithm>

#include "engine/fingerprint/fingerprint.h"
#include "engine/text/json_writer.h"

namespace tenglong::pack {
namespace {

using text::Language;

struct KindWord {
  const char* kind;
  text::Words words;
};
const KindWord kKindWords[] = {{"target", {"目标", "targets"}},
                               {"parameter", {"参数", "parameters"}},
                               {"register", {"台账", "registers"}},
                               {"codes", {"代码表", "code tables"}},
                               {"indicator", {"指标", "indicators"}},
                               {"decision", {"决策", "decisions"}},
                               {"scheme", {"方案", "schemes"}},
                               {"roster", {"清单", "rosters"}},
                               {"question", {"问题", "questions"}},
                               {"cases", {"例表", "cases"}},
                               {"simulation", {"试算", "what-ifs"}},
                               {"intake", {"导入审核", "screenings of imports"}},
                               {"collection", {"收数", "collections"}},
                               {"identity", {"企业认定", "identity of enterprises"}},
                               {"rollup", {"抄表汇总", "roll-ups of meters"}}};

bool belongs(const std::string& label, const std::string& clause) {
  return label == clause || label.starts_with(clause + "·");
}

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

void add_carried(const std::vector<std::string>& blocks, ContentsEntry& entry) {
  for (const std::string& block : blocks) {
    const std::size_t blank = block.find(' ');
    entry.carries_out.emplace_back(block.substr(0, blank), block.substr(blank + 1));
  }
}

// Registers that the inventory wants here and that no block provides.
void add_missing_registers(const Pack& pack, const Clause& clause, ContentsEntry& entry) {
  for (const std::string& number : clause.registers) {
    const bool exists = std::any_of(pack.schema.registers.begin(), pack.schema.registers.end(),
                                    [&](const schema::Register& one) { return one.number == number; });
    if (!exists) entry.not_yet.push_back("台账 " + number + " 尚未建");
  }
}

void add_waiting_targets(const Pack& pack, ContentsEntry& entry) {
  for (const Target& target : pack.targets) {
    if (!belongs(target.clause, entry.clause) || target.formula.present() || target.awaits.empty()) continue;
    std::string awaited;
    for (const std::string& number : target.awaits) awaited += (awaited.empty() ? "" : "、") + number;
    entry.not_yet.push_back("目标 " + target.id + " 尚不能算，等 " + awaited);
  }
}

std::string kind_word(std::string_view kind, Language language) {
  for (const KindWord& word : kKindWords)
    if (kind == word.kind) return language == Language::Chinese ? word.words.zh : std::string(kind) + " ";
  return "";
}

// The rows of one parameter that wait for one answer, in one sentence; of many rows the first two and the
// last.
std::string gaps_in_words(const std::vector<Gap>& gaps, std::size_t first, std::size_t end,
                          Language language) {
  const bool zh = language == Language::Chinese;
  const Gap& gap = gaps[first];
  const std::size_t count = end - first;
  std::string rows;
  constexpr std::size_t kShown = 4;
  for (std::size_t i = first; i < end; ++i) {
    const bool is_left_out = count > kShown && i >= first + 2 && i + 1 < end;
    if (is_left_out && i == first + 2) rows += zh ? "；……" : "; ...";
    if (is_left_out || gaps[i].row.empty()) continue;
    rows += (rows.empty() ? "" : zh ? "；" : "; ") + gaps[i].row;
  }
  std::string out = gap.parameter;
  if (count > 1)
    out += (zh ? "（" + std::to_string(count) + " 处：" : " (" + std::to_string(count) + " rows: ") + rows +
           (zh ? "）" : ")");
  else if (!rows.empty())
    out += (zh ? "（" : " (") + rows + (zh ? "）" : ")");
  if (!gap.question.empty()) out += " " + gap.question;
  if (!gap.asked_of.empty()) out += (zh ? "，问 " : ", asked of ") + gap.asked_of;
  for (std::size_t i = 0; i < gap.waiting.size(); ++i) {
    const std::string& one = gap.waiting[i];
    const std::size_t blank = one.find(' ');
    const char* before = zh ? (i == 0 ? "；等它的：" : "、") : (i == 0 ? "; waiting for it: " : ", ");
    out += before + kind_word(std::string_view(one).substr(0, blank), language) + one.substr(blank + 1);
  }
  return out;
}

bool is_one_gap(const Gap& a, const Gap& b) {
  return a.parameter == b.parameter && a.question == b.question && a.asked_of == b.asked_of;
}

// 三(一) stands above 三(一)1: its blocks are those of the clauses below it.
bool has_clauses_below(const Pack& pack, const std::string& clause) {
  return std::any_of(pack.clauses.begin(), pack.clauses.end(), [&](const Clause& one) {
    return one.id.size() > clause.size() && one.id.starts_with(clause);
  });
}

}  // namespace

Contents contents_of(const Pack& pack) {
  Contents contents;
  const std::vector<Gap> gaps = pack.gaps();
  std::vector<bool> placed(gaps.size());
  std::vector<std::string> open;
  for (const Question& question : pack.questions)
    if (question.answer.empty()) open.push_back(question.id);
  for (const Clause& clause : pack.clauses) {
    ContentsEntry entry;
    entry.clause = clause.id;
    entry.title = clause.title;
    entry.lead = clause.lead;
    add_carried(clause.carries_out, entry);
    entry.not_yet = clause.not_yet;
    if (entry.carries_out.empty() && entry.not_yet.empty() && !has_clauses_below(pack, clause.id))
      entry.not_yet.emplace_back("没有一块落实这一条");
    add_missing_registers(pack, clause, entry);
    add_waiting_targets(pack, entry);
    for (std::size_t i = 0; i < gaps.size(); ++i)
      if (!placed[i] && belongs(gaps[i].clause, clause.id)) {
        placed[i] = true;
        entry.gaps.push_back(gaps[i]);
        if (!gaps[i].question.empty() && contains(open, gaps[i].question) &&
            !contains(entry.questions, gaps[i].question))
          entry.questions.push_back(gaps[i].question);
      }
    for (const std::string& question : clause.questions)
      if (contains(open, question) && !contains(entry.questions, question))
        entry.questions.push_back(question);
    std::sort(entry.questions.begin(), entry.questions.end());
    contents.blocks += entry.carries_out.size();
    contents.entries.push_back(std::move(entry));
  }
  ContentsEntry outside;
  add_carried(pack.outside_clauses, outside);
  contents.blocks += outside.carries_out.size();
  for (std::size_t i = 0; i < gaps.size(); ++i)
    if (!placed[i]) outside.gaps.push_back(gaps[i]);
  if (!outside.gaps.empty() || !outside.carries_out.empty()) contents.entries.push_back(std::move(outside));
  contents.gaps = gaps.size();
  contents.open_questions = open.size();
  for (const Parameter& parameter : pack.parameters)
    for (const ParameterRow& row : parameter.rows) contents.filled += row.mark.empty() ? 0u : 1u;
  return contents;
}

std::string render_contents(const Pack& pack, Language language) {
  const bool zh = language == Language::Chinese;
  const Contents contents = contents_of(pack);
  auto say = [&](const char* chinese, const char* english) { return std::string(zh ? chinese : english); };
  std::string out = pack.head.name + "\n" + pack.head.id;
  if (!pack.head.version.empty()) out += " " + pack.head.version;
  if (!pack.head.document.empty()) out += " · " + pack.head.document;
  if (pack.head.valid_from && pack.head.valid_to)
    out += " · " + pack.head.valid_from->to_string() + say(" 至 ", " to ") + pack.head.valid_to->to_string();
  out += say(" · 指纹 ", " · fingerprint ") + fingerprint::short_form(pack.fingerprint) + "\n";
  for (const Head& overlay : pack.overlays)
    out += say("覆盖包：", "Overlay: ") + overlay.name + "［" + overlay.mark + "］\n";
  for (const ContentsEntry& entry : contents.entries) {
    out += "\n" + (entry.clause.empty() ? say("不属任何条款", "Outside any clause")
                                        : entry.clause + (entry.title.empty() ? "" : " " + entry.title));
    if (!entry.lead.empty()) out += "［" + entry.lead + "］";
    out += "\n";
    for (const KindWord& word : kKindWords) {
      std::string names;
      for (const auto& [kind, name] : entry.carries_out)
        if (kind == word.kind) names += (names.empty() ? "" : "、") + name;
      if (!names.empty())
        out += "  " + text::in_language(word.words, language) + say("：", ": ") + names + "\n";
    }
    for (const std::string& sentence : entry.not_yet)
      out += say("  未落实：", "  not yet: ") + sentence + "\n";
    for (std::size_t first = 0, end = 0; first < entry.gaps.size(); first = end) {
      while (end < entry.gaps.size() && is_one_gap(entry.gaps[first], entry.gaps[end])) ++end;
      out += say("  缺口：", "  gap: ") + gaps_in_words(entry.gaps, first, end, language) + "\n";
    }
    for (const std::string& id : entry.questions)
      for (const Question& question : pack.questions)
        if (question.id == id)
          out += say("  待答：", "  open: ") + id + " " + question.asks + say("（问 ", " (asked of ") +
                 question.asked_of + say("）", ")") + "\n";
  }
  const auto number = [](std::size_t count) { return std::to_string(count); };
  out +=
      "\n" +
      (zh ? "合计：" + number(pack.clauses.size()) + " 条，" + number(contents.blocks) + " 块，缺口 " +
                number(contents.gaps) + " 处" +
                (contents.filled != 0 ? "（另有 " + number(contents.filled) + " 处由覆盖包补）" : "") +
                "，待答 " + number(contents.open_questions) + " 问。\n"
          : "Total: " + number(pack.clauses.size()) + " clauses, " + number(contents.blocks) + " blocks, " +
                number(contents.gaps) + " gaps" +
                (contents.filled != 0 ? " (" + number(contents.filled) + " more filled by an overlay)" : "") +
                ", " + number(contents.open_questions) + " open questions.\n");
  return out;
}

std::string render_contents_json(const Pack& pack) {
  const Contents contents = contents_of(pack);
  text::JsonWriter json;
  json.begin_object()
      .member("id", pack.head.id)
      .member("name", pack.head.name)
      .member("document", pack.head.document)
      .member("fingerprint", pack.fingerprint);
  json.key("overlays").begin_array();
  for (const Head& overlay : pack.overlays)
    json.begin_object().member("id", overlay.id).member("mark", overlay.mark).end_object();
  json.end_array().key("clauses").begin_array();
  for (const ContentsEntry& entry : contents.entries) {
    json.begin_object()
        .member("clause", entry.clause)
        .member("title", entry.title)
        .member("lead", entry.lead);
    json.key("carries_out").begin_array();
    for (const auto& [kind, name] : entry.carries_out)
      json.begin_object().member("kind", kind).member("name", name).end_object();
    json.end_array().key("not_yet").begin_array();
    for (const std::string& sentence : entry.not_yet) json.string(sentence);
    json.end_array().key("gaps").begin_array();
    for (const Gap& gap : entry.gaps) {
      json.begin_object()
          .member("parameter", gap.parameter)
          .member("row", gap.row)
          .member("question", gap.question)
          .member("asked_of", gap.asked_of);
      json.key("waiting").begin_array();
      for (const std::string& rule : gap.waiting) json.string(rule);
      json.end_array().end_object();
    }
    json.end_array().key("questions").begin_array();
    for (const std::string& id : entry.questions) json.string(id);
    json.end_array().end_object();
  }
  json.end_array()
      .member("gaps", static_cast<std::int64_t>(contents.gaps))
      .member("filled", static_cast<std::int64_t>(contents.filled));
  json.member("open_questions", static_cast<std::int64_t>(contents.open_questions)).end_object();
  return json.take();
}

}  // namespace tenglong::pack
