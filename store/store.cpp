#include "store/store.h"

#include "campaign/collection/collection.h"
#include "engine/fingerprint/fingerprint.h"
#include "engine/identity/identity.h"
#include "store/inside/kept.h"
#include "store/inside/steps.h"

namespace tenglong::store {

namespace {

class KeptStore : public Store {
 public:
  explicit KeptStore(Ground ground)
      : ground_(std::move(ground)),
        trail_(ground_),
        registers_(make_register_store(ground_)),
        results_(make_result_store(ground_)),
        collection_(make_collection_store(ground_)),
        identity_(make_identity_store(ground_)) {}
  registers::RegisterStore& registers() override { return *registers_; }
  result::ResultStore& results() override { return *results_; }
  collection::CollectionStore& collection() override { return *collection_; }
  identity::IdentityStore& identity() override { return *identity_; }
  trail::TrailStore& trail() override { return trail_; }

  std::optional<std::string> setting(std::string_view name) const override {
    const Db::Reader reader = ground_.db->reader();
    Query query(*reader, "select value from setting where area = $1 and name = $2");
    query.bind(1, ground_.area).bind(2, name);
    return query.step() ? std::optional(std::string(query.text(0))) : std::nullopt;
  }
  void set(std::string_view name, std::string_view value) override {
    const std::string kept = kept_text(value);
    Change change(ground_);
    Query(
        change.connection(),
        "insert into setting (area, name, value) values ($1, $2, $3) on conflict (area, name) do update set "
        "value = excluded.value")
        .bind(1, ground_.area)
        .bind(2, name)
        .bind(3, kept)
        .run();
    change.commit({.operation = "change_setting",
                   .kind = "setting",
                   .object = std::string(name),
                   .after = fingerprint::of_bytes(kept)});
  }

  void act_as(trail::Author author) override { ground_.author = std::move(author); }
  std::unique_ptr<Store> as(trail::Author author) const override {
    Ground own{ground_.db, ground_.area, ground_.schema, std::move(author)};
    return std::make_unique<KeptStore>(std::move(own));
  }

  Size size() const override {
    const Db::Reader reader = ground_.db->snapshot(kInteractive);
    const auto count = [&](const char* table) {
      Query query(*reader, std::string("select count(*) from ") + table + " where area = $1");
      query.bind(1, ground_.area).step();
      return query.number(0);
    };
    return {.batches = count("batch"),
            .statements = count("statement"),
            .results = count("result"),
            .bytes = ground_.db->bytes(),
            .schema_version = schema_of(*reader)};
  }
  std::string name() const override { return ground_.db->name(); }

 private:
  Ground ground_;
  KeptTrail trail_;
  std::unique_ptr<registers::RegisterStore> registers_;
  std::unique_ptr<result::ResultStore> results_;
  std::unique_ptr<collection::CollectionStore> collection_;
  std::unique_ptr<identity::IdentityStore> identity_;
};

}  // namespace

bool is_database_address(const std::string& where) { return is_postgres(where); }

std::unique_ptr<Store> open_store(const std::string& where, const std::string& area,
                                  const schema::Schema& schema) {
  Ground ground{open_db(where), area, schema};
  upgrade(*ground.db);
  adopt(ground);
  return std::make_unique<KeptStore>(std::move(ground));
}

}  // namespace tenglong::store
