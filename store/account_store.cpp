#include <map>

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
    Change change(ground_);
    Query write(
        change.connection(),
        "insert into account (area, id, name, unit, roles, towns, firms, is_disabled) values ($1, $2, $3, "
        "$4, "
        "$5, $6, $7, $8) on conflict (area, id) do update set name = excluded.name, unit = excluded.unit, "
        "roles = excluded.roles, towns = excluded.towns, firms = excluded.firms, is_disabled = "
        "excluded.is_disabled");
    std::map<std::string, std::string> kept;  // as tenglong-verify reads them: the columns, one after another
    for (const KeptAccount& each : accounts) {
      fingerprint::Digest digest;
      digest.field(ground_.area);
      const std::string parts[] = {kept_text(each.id), kept_text(each.name), kept_text(each.unit),
                                   joined(each.roles), joined(each.towns),   joined(each.firms)};
      write.bind(1, ground_.area).bind(8, std::int64_t{each.is_disabled});
      for (int i = 0; i < 6; ++i) {
        write.bind(i + 2, parts[i]);
        digest.field(parts[i]);
      }
      digest.field(each.is_disabled ? "1" : "0");
      write.run();
      kept.insert_or_assign("account " + parts[0], digest.hex());
    }
    change.commit({.operation = "keep_accounts",
                   .kind = "accounts",
                   .object = std::to_string(accounts.size()),
                   .details = {kept.begin(), kept.end()}});
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
    std::int64_t ordinal = 0;
    {
      Query last(change.connection(), "select coalesce(max(ordinal), 0) from consent where area = $1");
      if (last.bind(1, ground_.area).step()) ordinal = last.number(0) + 1;
    }
    const std::string firm = kept_text(consent.firm), unit = kept_text(consent.unit);
    const std::string from = consent.from.to_string(), to = day_text(consent.to),
                      withdrawn = day_text(consent.withdrawn);
    Query(change.connection(),
          "insert into consent (area, ordinal, firm, unit, from_day, to_day, withdrawn) values ($1, $2, $3, "
          "$4, "
          "$5, $6, $7)")
        .bind(1, ground_.area)
        .bind(2, ordinal)
        .bind(3, firm)
        .bind(4, unit)
        .bind(5, from)
        .bind(6, to)
        .bind(7, withdrawn)
        .run();
    change.commit({.operation = "give_consent",
                   .kind = "consent",
                   .object = std::to_string(ordinal),
                   .after = digest_of(ordinal, firm, unit, from, to, withdrawn),
                   .details = {{"firm", firm}, {"unit", unit}}});
  }
  int withdraw(std::string_view firm, std::string_view unit, calendar::Date on) override {
    constexpr const char* kOpen =
        " where area = $1 and firm = $2 and unit = $3 and (withdrawn = '' or withdrawn > $4) and (to_day = "
        "'' or "
        "to_day >= $4)";
    Change change(ground_);
    std::vector<std::pair<std::string, std::string>> ended;
    {
      Query open(change.connection(), std::string("select ordinal, from_day, to_day from consent") + kOpen);
      open.bind(1, ground_.area).bind(2, firm).bind(3, unit).bind(4, on.to_string());
      while (open.step())
        ended.emplace_back("consent " + std::to_string(open.number(0)),
                           digest_of(open.number(0), firm, unit, open.text(1), open.text(2), on.to_string()));
    }
    if (ended.empty()) return 0;
    Query(change.connection(), std::string("update consent set withdrawn = $4") + kOpen)
        .bind(1, ground_.area)
        .bind(2, firm)
        .bind(3, unit)
        .bind(4, on.to_string())
        .run();
    const int count = static_cast<int>(ended.size());
    change.commit({.operation = "withdraw_consent",
                   .kind = "consents",
                   .object = std::string(firm) + "/" + std::string(unit),
                   .details = std::move(ended)});
    return count;
  }

 private:
  // The columns of a consent, one after another, as tenglong-verify reads them.
  std::string digest_of(std::int64_t ordinal, std::string_view firm, std::string_view unit,
                        std::string_view from, std::string_view to, std::string_view withdrawn) const {
    fingerprint::Digest digest;
    digest.field(ground_.area).field(std::to_string(ordinal)).field(firm).field(unit);
    return digest.field(from).field(to).field(withdrawn).hex();
  }

  const Ground& ground_;
};

}  // namespace

std::unique_ptr<access::AccountStore> make_account_store(const Ground& ground) {
  return std::make_unique<KeptAccounts>(ground);
}

}  // namespace tenglong::store
