// What happened to enterprises, and what people decided about writings of them.
#include "engine/identity/identity.h"

#include <algorithm>

#include "engine/fingerprint/fingerprint.h"
#include "store/inside/kept.h"

namespace tenglong::store {

namespace {

using identity::Event;

constexpr char kIdentityEnd = '\x1E';

std::string ended_codes(const std::vector<std::string>& codes) {
  std::string out;
  for (const std::string& each : codes) out += each + kIdentityEnd;
  return out;
}
std::vector<std::string> codes_of(std::string_view written) {
  std::vector<std::string> out;
  for (const std::string_view each : text::split(written, kIdentityEnd))
    if (!each.empty()) out.emplace_back(each);
  return out;
}

class KeptIdentity : public identity::IdentityStore {
 public:
  explicit KeptIdentity(const Ground& ground) : ground_(ground) {}

  std::vector<Event> events() const override {
    std::vector<Event> out;
    const Db::Reader reader = ground_.db->reader();
    Query q(*reader,
            "select number, kind, day, from_codes, to_codes, before, after, document, done_by, done_at from "
            "identity_event where area = $1 order by day, number");
    q.bind(1, ground_.area);
    while (q.step()) {
      const auto kind = identity::event_kind_of(q.text(1));
      const auto day = calendar::Date::parse(q.text(2));
      if (!kind || !day) continue;
      out.push_back({.number = q.number(0),
                     .kind = *kind,
                     .on = *day,
                     .from = codes_of(q.text(3)),
                     .to = codes_of(q.text(4)),
                     .before = std::string(q.text(5)),
                     .after = std::string(q.text(6)),
                     .document = std::string(q.text(7)),
                     .by = std::string(q.text(8)),
                     .at = std::string(q.text(9))});
    }
    return out;
  }

  std::int64_t add(const Event& event) override {
    Change change(ground_);
    std::int64_t number = 0;
    {
      Query next(change.connection(),
                 "select coalesce(max(number), 0) + 1 from identity_event where area = $1");
      next.bind(1, ground_.area).step();
      number = next.number(0);
    }
    const std::vector<std::string> texts = {
        identity::to_code(event.kind), event.on.to_string(),    ended_codes(event.from),
        ended_codes(event.to),         kept_text(event.before), kept_text(event.after),
        kept_text(event.document),     kept_text(event.by),     event.at};
    Query insert(
        change.connection(),
        "insert into identity_event (area, number, kind, day, from_codes, to_codes, before, after, document, "
        "done_by, done_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    insert.bind(1, ground_.area).bind(2, number);
    fingerprint::Digest digest;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      insert.bind(static_cast<int>(i) + 3, texts[i]);
      digest.field(texts[i]);
    }
    insert.run();
    change.commit({.operation = "enter_identity_event",
                   .kind = "identity_event",
                   .object = std::to_string(number),
                   .after = digest.hex(),
                   .details = {{"by", event.by}, {"kind", texts[0]}, {"on", texts[1]}}});
    return number;
  }

  std::vector<identity::Decision> decisions() const override {
    std::vector<identity::Decision> out;
    const Db::Reader reader = ground_.db->reader();
    Query q(*reader,
            "select name, code, verdict, enterprise, reason, done_by, done_at from identity_decision where "
            "area = $1 "
            "order by ordinal");
    q.bind(1, ground_.area);
    while (q.step())
      out.push_back({.name = std::string(q.text(0)),
                     .code = std::string(q.text(1)),
                     .verdict = q.text(2) == "same" ? identity::Verdict::Same : identity::Verdict::Different,
                     .enterprise = std::string(q.text(3)),
                     .reason = std::string(q.text(4)),
                     .by = std::string(q.text(5)),
                     .at = std::string(q.text(6))});
    return out;
  }

  void decide(const identity::Decision& decision) override {
    Change change(ground_);
    const std::string writing = kept_text(identity::key_of(decision));
    std::int64_t ordinal = 0;
    {
      Query next(change.connection(),
                 "select coalesce(max(ordinal), 0) + 1 from identity_decision where area = $1");
      next.bind(1, ground_.area).step();
      ordinal = next.number(0);
    }
    Query(change.connection(),
          "delete from identity_decision where area = $1 and writing = $2 and enterprise = $3")
        .bind(1, ground_.area)
        .bind(2, writing)
        .bind(3, decision.enterprise)
        .run();
    std::string object = writing + "/" + decision.enterprise;
    std::replace(object.begin(), object.end(), '\x1F', '/');
    const char* verdict = decision.verdict == identity::Verdict::Same ? "same" : "different";
    const std::vector<std::string> texts = {
        writing, decision.enterprise,        kept_text(decision.name), kept_text(decision.code),
        verdict, kept_text(decision.reason), kept_text(decision.by),   decision.at};
    Query insert(
        change.connection(),
        "insert into identity_decision (area, ordinal, writing, enterprise, name, code, verdict, reason, "
        "done_by, done_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    insert.bind(1, ground_.area).bind(2, ordinal);
    fingerprint::Digest digest;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      insert.bind(static_cast<int>(i) + 3, texts[i]);
      digest.field(texts[i]);
    }
    insert.run();
    change.commit(
        {.operation = "decide_identity",
         .kind = "identity_decision",
         .object = object,
         .after = digest.hex(),
         .details = {{"by", decision.by}, {"verdict", verdict}, {"ordinal", std::to_string(ordinal)}}});
  }

 private:
  const Ground& ground_;
};

}  // namespace

std::unique_ptr<identity::IdentityStore> make_identity_store(const Ground& ground) {
  return std::make_unique<KeptIdentity>(ground);
}

}  // namespace tenglong::store
