// Which enterprise is meant: by events that changed its code or name, by names that are alike, by what people
// decided before.
//
// In:    the enterprises of a register, the events told of them, the decisions taken. Out: who it is now, who
//        it may be and why, in words; what contradicts what.
// Order: candidates by falling score, then code; events by day, then number. The same input, the same answer.
// Cost:  an index of 200,000 enterprises is built in about a second and takes 130 MiB; a name is then looked
//        up in a third of a millisecond, two at most, and never against all of them (bench_identity).
// Never: decides by itself: a candidate is offered, a person says yes or no, once.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/calendar/date.h"
#include "engine/diagnostic/diagnostic.h"
#include "engine/register/register.h"
#include "engine/schema/name_rules.h"
#include "engine/schema/schema.h"
#include "engine/text/text.h"

namespace tenglong::identity {

using calendar::Date;
using schema::Likeness;
using schema::NameRules;

// What happened to enterprises on a day.
enum class EventKind { Rename, Recode, Merge, Split, Close, Move };
const char* to_code(EventKind kind);  // rename, recode, merge, split, close, move
std::optional<EventKind> event_kind_of(
    std::string_view written);  // the code, or 更名 换码 合并 分立 注销 迁移
text::Words name_of(EventKind kind);

struct Event {
  std::int64_t number = 0;  // given by the store, from 1
  EventKind kind = EventKind::Rename;
  Date on = {};
  std::vector<std::string> from = {};   // codes; Rename, Close, Move: the one code
  std::vector<std::string> to = {};     // codes; Rename: none; Move: none
  std::string before = {}, after = {};  // Rename: names; Move: places
  std::string document = {};            // 文号 or the proof
  std::string by = {}, at = {};         // who entered it, and when
};

// Every reason why an event cannot be entered beside those that are there (E-IDENTITY-1xx): parts that are
// missing, codes that are no codes, an enterprise that had ended by then, one that would follow itself.
diagnostic::Diagnostics check(const Event& event, const std::vector<Event>& known);

// Who an enterprise is on a day, by following what happened to it until then.
struct Succession {
  std::vector<std::string> codes = {};  // more than one after a split; empty when it was closed
  std::vector<Event> followed = {};     // in order
  bool is_itself(std::string_view code) const { return codes.size() == 1 && codes[0] == code; }
};
Succession successor_of(std::string_view code, Date on, const std::vector<Event>& events);

// The names that a code bore, oldest first; the last is `present`. A name without a day is known to nobody.
struct Name {
  std::string name;
  std::optional<Date> from = {},
                      until = {};  // until: the day of the renaming, on which it is no longer borne
};
std::vector<Name> names_of(std::string_view code, std::string_view present, const std::vector<Event>& events);

// What was written where an enterprise was meant.
struct Query {
  std::string name = {};
  std::string code = {};
  std::vector<std::string> near = {};  // values of NameRules::near_fields, in their order; empty: not said
};

// What somebody said about a writing: it is this enterprise, or it is not. Never asked again, next year
// either.
enum class Verdict { Same, Different };
struct Decision {
  std::string name = {}, code = {};  // as written (see key_of)
  Verdict verdict = Verdict::Same;
  std::string enterprise = {};  // code in the register
  std::string reason = {};
  std::string by = {}, at = {};
};
// Writings that differ only in width, blanks and letter case are one question.
std::string key_of(std::string_view name, std::string_view code);
inline std::string key_of(const Decision& decision) { return key_of(decision.name, decision.code); }

// Every pair that cannot both be right (E-IDENTITY-201, 202): one writing is two enterprises, or is one and
// is not. Enterprises that events have made one are one.
diagnostic::Diagnostics contradictions(const std::vector<Decision>& decisions,
                                       const std::vector<Event>& events);

struct Candidate {
  std::string code = {};
  std::string name = {};  // as the register has it
  int score = 0;          // 0..100
  struct Ground {
    Likeness kind = Likeness::SameName;
    text::Words words = {};
  };
  std::vector<Ground> grounds = {};
  std::vector<std::string> now = {};  // if it has become others since: their codes
};

// One sentence: who, how sure, why.
text::Words explain(const Candidate& candidate);

struct Answer {
  std::optional<std::string> decided = {};  // the code that somebody decided on, followed to the day asked
  std::vector<Candidate> candidates = {};   // those not ruled out, best first
};

// The name without what does not tell enterprises apart: width, blanks, case, variants, brackets, places at
// its beginning or in brackets, endings. Never empty unless the name is.
std::u32string core_of(std::string_view name, const NameRules& rules);

// The enterprises of a register, ready to be asked. Holds copies; immutable.
class Index {
 public:
  struct Enterprise {
    std::string code, name;
    std::vector<std::string> former = {};
    std::vector<std::string> near = {};  // as NameRules::near_fields
  };
  Index(std::vector<Enterprise> enterprises, NameRules rules, std::vector<Event> events,
        std::vector<Decision> decisions);
  ~Index();
  Index(Index&&) noexcept;
  Index& operator=(Index&&) noexcept;

  Answer ask(const Query& query, Date on) const;
  std::size_t size() const;
  const NameRules& rules() const;
  const Enterprise* find(std::string_view code) const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

// From the records of the register that the rules name, as the view shows them; former names come from events
// and from older statements.
Index index_of(const schema::Schema& schema, const registers::RegisterStore& store, const NameRules& rules,
               std::vector<Event> events, std::vector<Decision> decisions);

// What this room needs kept. store/ keeps it; each change is one event of the trail.
class IdentityStore {
 public:
  virtual ~IdentityStore() = default;
  virtual std::vector<Event> events() const = 0;  // by day, then number
  virtual std::int64_t add(const Event& event) = 0;
  virtual std::vector<Decision> decisions() const = 0;  // as they were taken
  // Replaces what was decided before about the same writing and enterprise.
  virtual void decide(const Decision& decision) = 0;
};

class MemoryIdentity : public IdentityStore {
 public:
  std::vector<Event> events() const override;
  std::int64_t add(const Event& event) override;
  std::vector<Decision> decisions() const override { return decisions_; }
  void decide(const Decision& decision) override;

 private:
  std::vector<Event> events_;
  std::vector<Decision> decisions_;
};

}  // namespace tenglong::identity
