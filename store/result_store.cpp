#include "engine/fingerprint/fingerprint.h"
#include "store/inside/kept.h"

namespace tenglong::store {

namespace {

class KeptResults : public result::ResultStore {
 public:
  explicit KeptResults(const Ground& ground) : ground_(ground) {}

  void keep(const result::Result& result, std::string_view taken_at) override {
    const std::string encoded = result::encode(result), period = result.header.period.to_string();
    Change change(ground_);
    Query(change.connection(),
          "insert into result (area, fingerprint, ordinal, period, taken_at, encoded) "
          "values ($1, $2, (select coalesce(max(ordinal), 0) + 1 from result where area = $1), $3, $4, $5) "
          "on conflict (area, fingerprint) do update set ordinal = excluded.ordinal")
        .bind(1, ground_.area)
        .bind(2, result.header.fingerprint)
        .bind(3, period)
        .bind(4, taken_at)
        .bind_bytes(5, encoded)
        .run();
    std::string ordinal, first_taken_at;
    {
      Query row(change.connection(),
                "select ordinal, taken_at from result where area = $1 and fingerprint = $2");
      row.bind(1, ground_.area).bind(2, result.header.fingerprint).step();
      ordinal = std::to_string(row.number(0));
      first_taken_at = row.text(1);
    }
    change.commit({.operation = "keep_result",
                   .kind = "result",
                   .object = result.header.fingerprint,
                   .after = fingerprint::of_bytes(encoded),
                   .details = {{"period", period}, {"ordinal", ordinal}, {"taken_at", first_taken_at}}});
  }

  std::optional<result::Result> find(std::string_view fingerprint) const override {
    const Db::Reader reader = ground_.db->reader();
    Query query(*reader, "select encoded from result where area = $1 and fingerprint = $2");
    query.bind(1, ground_.area).bind(2, fingerprint);
    return query.step() ? std::optional(result::decode(query.text(0))) : std::nullopt;
  }

  std::optional<result::Result> latest(const std::optional<calendar::Period>& period) const override {
    const Db::Reader reader = ground_.db->reader();
    Query query(*reader,
                "select encoded from result where area = $1 and ($2 = '' or period = $2) order by ordinal "
                "desc limit 1");
    query.bind(1, ground_.area).bind(2, period ? period->to_string() : std::string{});
    return query.step() ? std::optional(result::decode(query.text(0))) : std::nullopt;
  }

  std::vector<result::RunHeader> runs() const override {
    std::vector<result::RunHeader> out;
    const Db::Reader reader = ground_.db->reader();
    Query query(*reader, "select encoded from result where area = $1 order by ordinal", Rows::Streamed);
    query.bind(1, ground_.area);
    while (query.step()) out.push_back(result::decode(query.text(0)).header);
    return out;
  }

 private:
  const Ground& ground_;
};

}  // namespace

std::unique_ptr<result::ResultStore> make_result_store(const Ground& ground) {
  return std::make_unique<KeptResults>(ground);
}

}  // namespace tenglong::store
