#include "engine/fingerprint/fingerprint.h"
#include "engine/text/text.h"
#include "store/credentials.h"
#include "store/inside/kept.h"

namespace tenglong::store {

namespace {

std::string joined_codes(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& each : texts) out += (out.empty() ? "" : "\n") + each;
  return out;
}

class KeptCredentials final : public Credentials {
 public:
  explicit KeptCredentials(const Ground& ground) : ground_(ground) {}

  std::optional<Credential> credential(std::string_view account) const override {
    const Db::Reader reader = ground_.db->reader();
    Query query(
        *reader,
        "select password, second_factor, last_step, recovery, reset_asked_by, must_change from credential "
        "where area = $1 and account = $2");
    query.bind(1, ground_.area).bind(2, account);
    if (!query.step()) return std::nullopt;
    Credential out{.account = std::string(account),
                   .password = std::string(query.text(0)),
                   .second_factor = std::string(query.text(1)),
                   .last_step = query.number(2)};
    for (const std::string_view one : text::split(query.text(3), '\n'))
      if (!one.empty()) out.recovery.emplace_back(one);
    out.reset_asked_by = query.text(4);
    out.must_change = query.number(5) != 0;
    return out;
  }

  void keep(const Credential& credential, std::string_view operation) override {
    Change change(ground_);
    const std::string parts[] = {credential.account,
                                 credential.password,
                                 credential.second_factor,
                                 std::to_string(credential.last_step),
                                 joined_codes(credential.recovery),
                                 credential.reset_asked_by,
                                 credential.must_change ? "1" : "0"};
    fingerprint::Digest digest;
    digest.field(ground_.area);
    for (const std::string& part : parts) digest.field(part);
    Query(change.connection(),
          "insert into credential (area, account, password, second_factor, last_step, recovery, "
          "reset_asked_by, "
          "must_change) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (area, account) do update set "
          "password = "
          "excluded.password, second_factor = excluded.second_factor, last_step = excluded.last_step, "
          "recovery = "
          "excluded.recovery, reset_asked_by = excluded.reset_asked_by, must_change = excluded.must_change")
        .bind(1, ground_.area)
        .bind(2, credential.account)
        .bind(3, credential.password)
        .bind(4, credential.second_factor)
        .bind(5, credential.last_step)
        .bind(6, joined_codes(credential.recovery))
        .bind(7, credential.reset_asked_by)
        .bind(8, static_cast<std::int64_t>(credential.must_change))
        .run();
    // The trail shows that it changed, and by a digest over salt and secret nothing to guess a password by.
    change.commit({.operation = std::string(operation),
                   .kind = "credential",
                   .object = credential.account,
                   .after = digest.hex()});
  }

  std::vector<Session> sessions() const override {
    std::vector<Session> out;
    const Db::Reader reader = ground_.db->reader();
    Query query(*reader, "select token, account, made_at, is_complete from session where area = $1");
    query.bind(1, ground_.area);
    while (query.step())
      out.push_back({.token = std::string(query.text(0)),
                     .account = std::string(query.text(1)),
                     .made_at = query.number(2),
                     .is_complete = query.number(3) != 0});
    return out;
  }

  void begin(const Session& session) override {
    Change change(ground_);
    Query(change.connection(),
          "insert into session (area, token, account, made_at, is_complete) values ($1, $2, $3, $4, $5)")
        .bind(1, ground_.area)
        .bind(2, session.token)
        .bind(3, session.account)
        .bind(4, session.made_at)
        .bind(5, static_cast<std::int64_t>(session.is_complete))
        .run();
    change.commit({.operation = "sign_in", .kind = "session", .object = session.account});
  }

  void end(std::string_view token) override {
    Change change(ground_);
    std::string account;
    {
      Query query(change.connection(), "select account from session where area = $1 and token = $2");
      query.bind(1, ground_.area).bind(2, token);
      if (!query.step()) return;
      account = query.text(0);
    }
    Query(change.connection(), "delete from session where area = $1 and token = $2")
        .bind(1, ground_.area)
        .bind(2, token)
        .run();
    change.commit({.operation = "sign_out", .kind = "session", .object = account});
  }

  int end_all(std::string_view account) override {
    Change change(ground_);
    std::int64_t count = 0;
    {
      Query query(change.connection(), "select count(*) from session where area = $1 and account = $2");
      query.bind(1, ground_.area).bind(2, account).step();
      count = query.number(0);
    }
    if (count == 0) return 0;
    Query(change.connection(), "delete from session where area = $1 and account = $2")
        .bind(1, ground_.area)
        .bind(2, account)
        .run();
    change.commit({.operation = "end_sessions", .kind = "session", .object = std::string(account)});
    return static_cast<int>(count);
  }

  std::optional<KeptReply> reply(std::string_view account, std::string_view key) const override {
    const Db::Reader reader = ground_.db->reader();
    Query query(*reader,
                "select digest, status, content_type, body from kept_reply where area = $1 and account = $2 "
                "and key = "
                "$3");
    query.bind(1, ground_.area).bind(2, account).bind(3, key);
    if (!query.step()) return std::nullopt;
    return KeptReply{.digest = std::string(query.text(0)),
                     .status = query.number(1),
                     .content_type = std::string(query.text(2)),
                     .body = std::string(query.text(3))};
  }

  // No event of its own: the change that it answers has one.
  void keep_reply(std::string_view account, std::string_view key, const KeptReply& reply,
                  std::int64_t now) override {
    constexpr std::int64_t kDay = 86400;
    Transaction transaction(*ground_.db, ground_.area);
    Query(transaction.connection(), "delete from kept_reply where area = $1 and at < $2")
        .bind(1, ground_.area)
        .bind(2, now - kDay)
        .run();
    Query(transaction.connection(),
          "insert into kept_reply (area, account, key, digest, status, content_type, body, at) values ($1, "
          "$2, $3, $4, "
          "$5, $6, $7, $8) on conflict (area, account, key) do nothing")
        .bind(1, ground_.area)
        .bind(2, account)
        .bind(3, key)
        .bind(4, reply.digest)
        .bind(5, reply.status)
        .bind(6, reply.content_type)
        .bind(7, reply.body)
        .bind(8, now)
        .run();
    transaction.commit();
  }

 private:
  const Ground& ground_;
};

}  // namespace

std::unique_ptr<Credentials> make_credentials(const Ground& ground) {
  return std::make_unique<KeptCredentials>(ground);
}

}  // namespace tenglong::store
