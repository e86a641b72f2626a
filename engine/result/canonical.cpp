// The canonical form: one line a fact, fields separated by tabs, ended by a line feed; UTF-8.
// \ , tab and line feed inside a text are written \\ , \t and \n. An absent value is "-"; a text that is "-"
// is "\-". Schemes, rosters, indicators and targets by id; records by key; cells by cut, then code.
#include <algorithm>
#include <functional>

#include "engine/fingerprint/fingerprint.h"
#include "engine/result/result.h"

namespace tenglong::result {
namespace {

// Lines go to `take` a piece at a time: of a large district the whole is tens of MiB.
class Lines {
 public:
  using Take = std::function<void(std::string_view)>;
  explicit Lines(Take take) : take_(std::move(take)) { out_.reserve(2 * kPiece); }
  Lines& word(std::string_view plain) {
    if (!at_start_) out_ += '\t';
    at_start_ = false;
    out_ += plain;
    return *this;
  }
  Lines& text(std::string_view text) {
    if (text == "-") return word("\\-");
    word("");
    for (const char c : text) {
      if (c == '\\')
        out_ += "\\\\";
      else if (c == '\t')
        out_ += "\\t";
      else if (c == '\n')
        out_ += "\\n";
      else
        out_ += c;
    }
    return *this;
  }
  Lines& number(std::int64_t value) { return word(std::to_string(value)); }
  Lines& decimal(const std::optional<Decimal>& value) {
    return word(value ? value->to_string() : std::string("-"));
  }
  void end() {
    out_ += '\n';
    at_start_ = true;
    if (out_.size() >= kPiece) flush();
  }
  void flush() {
    take_(out_);
    out_.clear();
  }

 private:
  static constexpr std::size_t kPiece = 1 << 16;
  Take take_;
  std::string out_;
  bool at_start_ = true;
};

const char* code_of(Standing standing) {
  switch (standing) {
    case Standing::NotDue:
      return "not_due";
    case Standing::Rated:
      return "rated";
    case Standing::Exempt:
      return "exempt";
    case Standing::NotRated:
      return "not_rated";
  }
  return "";
}

const char* code_of(RosterEntry::Place place) {
  switch (place) {
    case RosterEntry::Place::Listed:
      return "listed";
    case RosterEntry::Place::Exempt:
      return "exempt";
    case RosterEntry::Place::NotListed:
      return "not_listed";
    case RosterEntry::Place::Unknown:
      return "unknown";
  }
  return "";
}

template <typename T, typename Less>
std::vector<const T*> in_order(const std::vector<T>& items, Less less) {
  std::vector<const T*> order;
  order.reserve(items.size());
  for (const T& item : items) order.push_back(&item);
  std::stable_sort(order.begin(), order.end(), [&](const T* a, const T* b) { return less(*a, *b); });
  return order;
}

template <typename T>
std::vector<const T*> by_id(const std::vector<T>& items) {
  return in_order(items, [](const T& a, const T& b) { return a.id < b.id; });
}

template <typename T>
std::vector<const T*> by_key(const std::vector<T>& items) {
  return in_order(items, [](const T& a, const T& b) { return a.key < b.key; });
}

void write_cells(const std::vector<AggregateCell>& cells, Lines& lines) {
  for (const AggregateCell* cell : in_order(cells, [](const AggregateCell&a, const AggregateCell&b) {
         return a.cut != b.cut ? a.cut < b.cut : a.of < b.of;
       }))
    lines.word("cell")
        .text(cell->cut)
        .text(cell->of)
        .word(quantity::to_code(cell->state))
        .decimal(cell->value)
        .number(cell->records)
        .end();
}

void write_scheme(const SchemeResult& scheme, Lines& lines) {
  lines.word("scheme").text(scheme.id).text(scheme.clause).text(scheme.mark).end();
  const Balance& balance = scheme.balance;
  lines.word("balance")
      .number(balance.due)
      .number(balance.rated)
      .number(balance.exempt)
      .number(balance.not_rated)
      .end();
  for (const auto& [grade, count] : balance.by_grade) lines.word("grade").text(grade).number(count).end();
  for (const std::string& failure : balance.failures) lines.word("unbalanced").text(failure).end();
  for (const Outcome* outcome : by_key(scheme.outcomes)) {
    lines.word("outcome").text(outcome->key).word(code_of(outcome->standing)).text(outcome->why);
    lines.decimal(outcome->total);
    if (outcome->group >= 0)
      lines.text(scheme.groups[static_cast<std::size_t>(outcome->group)]);
    else
      lines.word("-");
    lines.number(outcome->rank)
        .text(outcome->raw_grade)
        .text(outcome->veto)
        .text(outcome->protect)
        .text(outcome->grade);
    lines.decimal(outcome->adjustment);
    for (const ItemOutcome& item : outcome->items)
      lines.word(quantity::to_code(item.state)).decimal(item.score);
    lines.end();
  }
}

void write_roster(const RosterResult& roster, Lines& lines) {
  lines.word("roster")
      .text(roster.id)
      .text(roster.clause)
      .text(roster.mark)
      .number(roster.due)
      .number(roster.listed)
      .number(roster.exempt)
      .number(roster.not_listed)
      .number(roster.unknown)
      .end();
  for (const RosterEntry* entry : by_key(roster.entries))
    lines.word("entry").text(entry->key).word(code_of(entry->place)).text(entry->why).end();
}

void write_result(const RunHeader& header, const Result& result, Lines lines) {
  lines.word("tenglong-result").number(1).end();
  lines.word("pack").text(header.pack_id).word(header.pack_fingerprint).end();
  for (const std::string& overlay : header.overlays) lines.word("overlay").text(overlay).end();
  lines.word("snapshot").word(header.snapshot_fingerprint).end();
  lines.word("engine").word(header.engine_version).end();
  lines.word("period").word(header.period.to_string()).end();
  for (const SchemeResult* scheme : by_id(result.schemes)) write_scheme(*scheme, lines);
  for (const RosterResult* roster : by_id(result.rosters)) write_roster(*roster, lines);
  for (const AggregateResult* aggregate : by_id(result.aggregates)) {
    lines.word("indicator").text(aggregate->id).text(aggregate->clause).text(aggregate->mark).end();
    write_cells(aggregate->cells, lines);
  }
  for (const TargetValue* target : in_order(result.targets, [](const TargetValue&a, const TargetValue&b) {
         return a.target != b.target ? a.target < b.target : a.period < b.period;
       })) {
    lines.word("target")
        .text(target->target)
        .text(target->clause)
        .text(target->mark)
        .word(target->period.to_string())
        .number(target->external_records)
        .end();
    write_cells(target->cells, lines);
  }
  for (const Refusal* refusal : in_order(result.refusals, [](const Refusal&a, const Refusal&b) {
         return a.kind != b.kind ? a.kind < b.kind : a.name < b.name;
       })) {
    lines.word("refusal").word(refusal->kind).text(refusal->name).text(refusal->clause);
    for (const std::string& gap : refusal->gaps) lines.text(gap);
    lines.end();
  }
  lines.flush();
}

}  // namespace

std::string canonical(const Result& result) {
  std::string out;
  write_result(result.header, result, Lines([&](std::string_view piece) { out += piece; }));
  return out;
}

std::string fingerprint_of(const Result& result) { return fingerprint_of(result.header, result); }

std::string fingerprint_of(const RunHeader& header, const Result& result) {
  fingerprint::Digest digest;
  write_result(header, result, Lines([&](std::string_view piece) { digest.bytes(piece); }));
  return digest.hex();
}

}  // namespace tenglong::result
