#include "campaign/access/accounts.h"

#include "engine/fingerprint/fingerprint.h"
#include "engine/text/text.h"
#include "store/inside/kept.h"

namespace tenglong::store {

namespace {

using access::Consent;
using access::KeptAccount;

constexpr char kBetween = '\x1F';

template <typename Texts>
std::string joined(const Texts& texts) {
  std::string out;
  for (const std::string& each : texts) out += (out.empty() ? "" : std::string(1, kBetween)) + each;
  return kept_text(out);
}
std::vector<std::string> parted(std::string_view text) {
  std::vector<std::string> out;
  if (text.empty()) return out;
  for (const std::string_view each : text::split(text, kBetween)) out.emplace_back(each);
  return out;
}
std::string day_text(const std::optional<calendar::Date>& day) {
  return day ? day->to_string() : std::string();
}

KeptAccount account_in(const Query& query) {
  KeptAccount out;
  out.id = query.text(0);
  out.name = query.text(1);
  out.unit = query.text(2);
  out.roles = parted(query.text(3));
  for (std::string& each : parted(query.text(4))) out.towns.insert(std::move(each));
  for (std::string& each : parted(query.text(5))) out.firms.insert(std::move(each));
  out.is_disabled = query.number(6) != 0;
  return out;
}
constexpr const char* kAccountColumns =
    "select id, name, unit, roles, towns, firms, is_disabled from account where area = $1";

class KeptAccounts : public access::AccountStore {
 public:
  explicit KeptAccounts(const Ground& ground) : ground_(ground) {}

  std::vector<KeptAccount> accounts() const override {
    std::vector<KeptAccount> out;
    const Db::Reader reader = ground_.db->reader();
    Query query(*reader, std::string(kAccountColumns) + " order by id");
    query.bind(1, ground_.area);
    while (query.step()) out.push_back(account_in(query));
    return out;
  }
  std::optional<KeptAccount> account(std::string_view id) const override {
    const Db::Reader reader = ground_.db->reader();
    Query query(*reader, std::string(kAccountColumns) + " and id = $2");
    query.bind(1, ground_.area).bind(2, id);
    return query.step() ? std::optional(account_in(query)) : std::nullopt;
  }

  void keep(const std::vector<KeptAccount>& accounts) override {
    if (accounts.empty()) return;
    fingerprint::Digest digest;
    Change change(ground_);
    Query write(
        change.connection(),
        "insert into account (area, id, name, unit, roles, towns, firms, is_disabled) values ($1, $2, $3, "
        "$4, "
        "$5, $6, $7, $8) on conflict (area, id) do update set name = excluded.name, unit = excluded.unit, "
        "roles = excluded.roles, towns = excluded.towns, firms = excluded.firms, is_disabled = "
        "excluded.is_disabled");
    std::string ids;
    for (const KeptAccount& each : accounts) {
      const std::string parts[] = {kept_text(each.id), kept_text(each.name), kept_text(each.unit),
                                   joined(each.roles), joined(each.towns),   joined(each.firms)};
      write.bind(1, ground_.area).bind(8, std::int64_t{each.is_disabled});
      for (int i = 0; i < 6; ++i) {
        write.bind(i + 2, parts[i]);
        digest.field(parts[i]);
      }
      digest.number(each.is_disabled);
      write.run();
      ids += (ids.empty() ? "" : "、") + parts[0];
    }
    change.commit({.operation = "keep_accounts",
                   .kind = "account",
                   .object = accounts.size() == 1 ? accounts[0].id : std::to_string(accounts.size()),
                   .after = digest.hex(),
                   .details = {{"accounts", ids}}});
  }

  std::vector<Consent> consents() const override {
    std::vector<Consent> out;
    const Db::Reader reader = ground_.db->reader();
    Query query(
        *reader,
        "select firm, unit, from_day, to_day, withdrawn from consent where area = $1 order by ordinal");
    query.bind(1, ground_.area);
    while (query.step()) {
      Consent one{.firm = std::string(query.text(0)), .unit = std::string(query.text(1))};
      one.from = calendar::Date::parse(query.text(2)).value_or(calendar::Date{});
      one.to = calendar::Date::parse(query.text(3));
      one.withdrawn = calendar::Date::parse(query.text(4));
      out.push_back(std::move(one));
    }
    return out;
  }
  void give(const Consent& consent) override {
    Change change(ground_);
    Query(change.connection(),
          "insert into consent (area, ordinal, firm, unit, from_day, to_day, withdrawn) values ($1, (select "
          "coalesce(max(ordinal), 0) + 1 from consent where area = $1), $2, $3, $4, $5, $6)")
        .bind(1, ground_.area)
        .bind(2, kept_text(consent.firm))
        .bind(3, kept_text(consent.unit))
        .bind(4, consent.from.to_string())
        .bind(5, day_text(consent.to))
        .bind(6, day_text(consent.withdrawn))
        .run();
    change.commit({.operation = "give_consent",
                   .kind = "consent",
                   .object = kept_text(consent.firm) + "/" + kept_text(consent.unit),
                   .after = fingerprint::of_bytes(consent.from.to_string() + kBetween + day_text(consent.to)),
                   .details = {}});
  }
  int withdraw(std::string_view firm, std::string_view unit, calendar::Date on) override {
    Change change(ground_);
    int ended = 0;
    {
      Query open(
          change.connection(),
          "select count(*) from consent where area = $1 and firm = $2 and unit = $3 and (withdrawn = '' or "
          "withdrawn > $4) and (to_day = '' or to_day >= $4)");
      open.bind(1, ground_.area).bind(2, firm).bind(3, unit).bind(4, on.to_string());
      if (open.step()) ended = static_cast<int>(open.number(0));
    }
    if (ended == 0) return 0;
    Query(change.connection(),
          "update consent set withdrawn = $4 where area = $1 and firm = $2 and unit = $3 and (withdrawn = '' "
          "or "
          "withdrawn > $4) and (to_day = '' or to_day >= $4)")
        .bind(1, ground_.area)
        .bind(2, firm)
        .bind(3, unit)
        .bind(4, on.to_string())
        .run();
    change.commit({.operation = "withdraw_consent",
                   .kind = "consent",
                   .object = std::string(firm) + "/" + std::string(unit),
                   .after = fingerprint::of_bytes(on.to_string()),
                   .details = {}});
    return ended;
  }

 private:
  const Ground& ground_;
};

}  // namespace

std::unique_ptr<access::AccountStore> make_account_store(const Ground& ground) {
  return std::make_unique<KeptAccounts>(ground);
}

}  // namespace tenglong::store
