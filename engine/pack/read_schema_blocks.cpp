// `yaml clause`, `yaml question`, `yaml codes`.
#include <algorithm>

#include "engine/pack/inside/draft.h"

namespace tenglong::pack {

using diagnostic::Place;

void read_clause(Draft& draft, const RawBlock& raw) {
  Findings& findings = draft.findings;
  findings.clause = raw.clause_id;
  Keys keys(raw.root, "clause", findings);
  Clause read;
  read.lead = keys.text("lead", Need::Required);
  read.participants = keys.texts("participants");
  read.accountable = keys.texts("accountable");
  read.registers = keys.texts("registers");
  read.questions = keys.texts("questions");
  read.not_yet = keys.texts("not_yet");
  keys.text("note");
  for (const std::string& question : read.questions) cite(draft, question, keys.place_of("questions"));
  keys.finish();
  const auto found = std::find_if(draft.pack.clauses.begin(), draft.pack.clauses.end(),
                                  [&](const Clause& clause) { return clause.id == raw.clause_id; });
  if (raw.clause_id.empty() || found == draft.pack.clauses.end()) {
    findings.add("E-PACK-119", raw.place,
                 {"clause 块上面没有条款标题。", "A clause block needs a clause heading above it."},
                 {"先写“## 三(一)1 标题”。", "Put \"## 三(一)1 title\" first."});
    return;
  }
  if (!found->lead.empty()) {
    findings.add("E-PACK-201", raw.place,
                 {"条款 " + raw.clause_id + " 已有一个 clause 块。",
                  "Clause " + raw.clause_id + " already has a clause block."},
                 {"合成一个。", "Join the two."});
    return;
  }
  found->lead = read.lead;
  found->participants = std::move(read.participants);
  found->accountable = std::move(read.accountable);
  found->registers = std::move(read.registers);
  found->questions = std::move(read.questions);
  for (std::string& sentence : read.not_yet) found->not_yet.push_back(std::move(sentence));
}

void read_question(Draft& draft, const RawBlock& raw) {
  Keys keys(raw.root, "question", draft.findings);
  Question question;
  read_block_head(draft, raw, keys, question, SourceRule::Optional);
  question.asks = keys.text("asks", Need::Required);
  question.asked_of = keys.text("asked_of", Need::Required);
  question.until_then = keys.text("until_then");
  question.answer = keys.text("answer");
  question.answered_on = keys.date("answered_on");
  for (const std::string& clause : keys.texts("clauses")) cite(draft, clause, keys.place_of("clauses"));
  keys.finish();
  draft.pack.questions.push_back(std::move(question));
}

namespace {

// One code, two entries: only if they hold one after the other.
void report_codes_that_meet(Findings& findings, schema::Codes& codes) {
  std::map<std::string, std::vector<std::size_t>> by_code;
  std::vector<bool> doubled(codes.entries.size(), false);
  for (std::size_t i = 0; i < codes.entries.size(); ++i) {
    const schema::CodeEntry& entry = codes.entries[i];
    for (const std::size_t other : by_code[entry.code]) {
      const schema::CodeEntry& first = codes.entries[other];
      const bool apart = (first.until && entry.from && *first.until <= *entry.from) ||
                         (entry.until && first.from && *entry.until <= *first.from);
      if (apart) continue;
      const bool dated = first.from || first.until || entry.from || entry.until;
      findings
          .add("E-PACK-201", entry.place,
               {"代码“" + entry.code + "”在表里出现了两次" + (dated ? "，起止日期有重叠。" : "。"),
                "The code \"" + entry.code + "\" occurs twice in the table" +
                    (dated ? ", at times that overlap." : ".")},
               dated ? text::Words{"前一行写废止，后一行写生效，同一天衔接。",
                                   "End the former by 废止 and begin the latter by 生效 on the same day."}
                     : text::Words{"删去其中一行。", "Remove one of the rows."})
          .related.push_back({first.place, {"第一次在这里", "first here"}});
      doubled[i] = true;
      break;
    }
    by_code[entry.code].push_back(i);
  }
  std::vector<schema::CodeEntry> kept;
  for (std::size_t i = 0; i < codes.entries.size(); ++i)
    if (!doubled[i]) kept.push_back(std::move(codes.entries[i]));
  codes.entries = std::move(kept);
}

}  // namespace

void read_codes(Draft& draft, const RawBlock& raw) {
  static const std::vector<std::string> kOrders = {"none", "best_first", "worst_first"};
  Findings& findings = draft.findings;
  Keys keys(raw.root, "codes", findings);
  Block head;
  read_block_head(draft, raw, keys, head, SourceRule::Required);
  schema::Codes codes;
  codes.id = head.id;
  codes.name = head.name;
  codes.source = head.source;
  codes.clause = head.clause;
  codes.place = head.place;
  codes.level = keys.text("level");
  codes.above = keys.text("above");
  if (const auto order = keys.word("order", kOrders)) codes.order = static_cast<schema::CodeOrder>(*order);
  keys.text("note");
  keys.finish();
  const std::string& file = raw.place.file;
  const auto view = view_table(draft, raw,
                               {{"代码"},
                                {"名称"},
                                {"别名", false},
                                {"上级", false},
                                {"生效", false},
                                {"废止", false},
                                {"并入", false},
                                {"说明", false}});
  if (view) {
    auto unquoted = [](const std::string& cell) {
      if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"')
        return cell.substr(1, cell.size() - 2);
      return cell;
    };
    for (std::size_t row = 0; row < view->rows.size(); ++row) {
      const Cell& code = *view->cell(row, 0);
      const Cell& name = *view->cell(row, 1);
      if (!is_filled(draft, code, file) || !is_filled(draft, name, file)) continue;
      schema::CodeEntry entry;
      entry.code = unquoted(code.text);
      entry.name = unquoted(name.text);
      entry.place = place_of(code, file);
      // 别名, 上级, 生效, 废止 and 并入 may be empty or “-”: none.
      const auto written = [&](std::size_t wish) -> const Cell* {
        const Cell* cell = view->cell(row, wish);
        return cell == nullptr || cell->text.empty() || cell->text == "-" ? nullptr : cell;
      };
      if (const Cell* aliases = written(2)) {
        const std::string half = text::to_half_width(aliases->text);
        for (const std::string_view alias : text::split(half, ';'))
          if (const std::string_view one = text::trim(alias); !one.empty() && one != "-")
            entry.aliases.emplace_back(one);
      }
      if (const Cell* parent = written(3)) entry.parent = unquoted(parent->text);
      const auto day = [&](std::size_t wish) -> std::optional<calendar::Date> {
        const Cell* cell = written(wish);
        const auto value = cell == nullptr ? std::nullopt
                                           : constant_of(draft, cell->text, place_of(*cell, file),
                                                         feel::Type::of(feel::Kind::Date));
        return value && !value->is_null() ? std::optional(value->date()) : std::nullopt;
      };
      entry.from = day(4);
      entry.until = day(5);
      if (const Cell* successor = written(6)) entry.successor = unquoted(successor->text);
      if (entry.from && entry.until && *entry.until <= *entry.from)
        findings.add("E-PACK-219", place_of(*written(5), file),
                     {"废止日不在生效日之后。", "The day of 废止 is not after that of 生效."},
                     {"核对两个日期；废止写不再使用的第一天。",
                      "Check both dates; 废止 is the first day on which it no longer holds."});
      codes.entries.push_back(std::move(entry));
    }
    report_codes_that_meet(findings, codes);
  }
  codes.build_index();
  draft.pack.schema.codes.push_back(std::move(codes));
}

}  // namespace tenglong::pack
