#include "store/store.h"

#include "campaign/collection/collection.h"
#include "engine/fingerprint/fingerprint.h"
#include "engine/identity/identity.h"
#include "engine/register/carried_store.h"
#include "engine/schema/difference.h"
#include "store/inside/file_store.h"
#include "store/inside/held.h"
#include "store/inside/kept.h"
#include "store/inside/steps.h"

namespace tenglong::store {

namespace {

std::optional<std::vector<registers::SchemaVersion>> history_of(const Ground& ground) {
  const Db::Reader reader = ground.db->reader();
  Query query(*reader, "select value from setting where area = $1 and name = $2");
  query.bind(1, ground.area).bind(2, kHistorySetting);
  if (!query.step()) return std::nullopt;
  auto history = registers::read_history(query.text(0));
  if (!history)
    throw StoreFailure({"数据里记的台账写法读不懂，可能是更新的程序写的。",
                        "The remembered schema cannot be read; a newer program may have written it."},
                       "setting schema.history", Trouble::Newer);
  return history;
}

class KeptStore : public Store {
 public:
  KeptStore(Ground ground, access::Scope scope)
      : ground_(std::move(ground)),
        scope_(std::move(scope)),
        trail_(ground_),
        all_registers_(own_registers()),
        all_results_(make_result_store(ground_)),
        all_lists_(make_lists(ground_)),
        all_accounts_(make_account_store(ground_)),
        credentials_(make_credentials(ground_)),
        all_collection_(make_collection_store(ground_)),
        all_identity_(make_identity_store(ground_)),
        all_meters_(make_meter_store(ground_)),
        registers_(make_scoped_registers(ground_, *all_registers_, *all_lists_, scope_,
                                         access::Operation::ReadRecord)),
        results_(make_scoped_results(ground_, *all_results_, scope_)),
        lists_(make_scoped_lists(ground_, *all_lists_, scope_)),
        accounts_(make_scoped_accounts(*all_accounts_, scope_)),
        collection_(make_scoped_collection(ground_, *all_collection_, *all_lists_, scope_)),
        identity_(make_scoped_identity(ground_, *all_identity_, scope_)),
        meters_(make_scoped_meters(ground_, *all_meters_, scope_)) {}
  registers::RegisterStore& registers() override { return as_far(*all_registers_, *registers_); }
  std::unique_ptr<registers::RegisterStore> registers_for(access::Operation operation) override {
    return make_scoped_registers(ground_, *all_registers_, *all_lists_, scope_, operation);
  }
  const access::Scope& scope() const override { return scope_; }
  result::ResultStore& results() override { return as_far(*all_results_, *results_); }
  access::AccountStore& accounts() override { return as_far(*all_accounts_, *accounts_); }
  Credentials& credentials() override {
    if (!scope_.is_whole_district())
      throw StoreFailure(
          {"口令与会话不在任何账号的范围之内。", "Passwords and sessions are within nobody's scope."},
          "credentials are denied to " + scope_.account().id, Trouble::Denied);
    return *credentials_;
  }
  Lists& lists() override { return as_far(*all_lists_, *lists_); }
  trail::TrailStore& trail() override {
    demand(scope_, access::Operation::ReadTrail, {});
    return trail_;
  }
  collection::CollectionStore& collection() override { return as_far(*all_collection_, *collection_); }
  identity::IdentityStore& identity() override { return as_far(*all_identity_, *identity_); }
  meter::MeterStore& meters() override { return as_far(*all_meters_, *meters_); }

  schema::Attachment keep_file(std::string_view name, std::string_view content) override {
    const access::Account& who = scope_.account();
    demand(scope_, access::Operation::ImportBatch,
           {.town = who.towns.size() == 1 ? *who.towns.begin() : std::string(),
            .department = who.unit,
            .meant_for = who.unit});
    const auto what = schema::attachment_of(kept_text(name), content);
    if (!what || content.size() > kMostFileBytes)
      throw StoreFailure({what ? "附件太大，最多 " + std::to_string(kMostFileBytes >> 20) + " MiB。"
                               : "附件没有可用的文件名。",
                          what ? "The file is too large." : "The file has no usable name."},
                         "a file of " + std::to_string(content.size()) + " bytes", Trouble::Denied);
    store::keep_file(ground_, *what, content);
    return *what;
  }
  bool has_file(std::string_view fingerprint) const override { return store::has_file(ground_, fingerprint); }
  std::vector<UnnamedFile> unnamed_files() const override {
    demand(scope_, access::Operation::RemoveFile, {});
    return store::unnamed_files(ground_, *ground_.db->snapshot());
  }
  bool remove_file(std::string_view fingerprint) override {
    demand(scope_, access::Operation::RemoveFile, {});
    return store::remove_file(ground_, fingerprint);
  }
  std::optional<OpenedFile> open_file(const std::string& register_id, const std::string& record_key,
                                      const std::optional<calendar::Period>& period,
                                      const std::string& field) override {
    const schema::Register* target = ground_.schema.find(register_id);
    const int at = target == nullptr ? -1 : target->field_index(field);
    if (at < 0) return std::nullopt;
    const auto within = scope_.is_whole_district() ? nullptr : registers_for(access::Operation::OpenFile);
    for (const registers::Record& record :
         registers::read_record(within ? *within : *all_registers_, *target, record_key, {})) {
      if (record.period != period) continue;
      const registers::Resolved& held = record.fields[static_cast<std::size_t>(at)];
      const auto* written = std::get_if<std::string>(&held.value);
      const auto what = held.state == quantity::State::Known && written != nullptr
                            ? schema::read_attachment(*written)
                            : std::nullopt;
      if (what) return OpenedFile{*what, file_content(ground_, what->fingerprint)};
    }
    return std::nullopt;
  }

  std::optional<std::string> setting(std::string_view name) const override {
    refuse_outsiders();
    const Db::Reader reader = ground_.db->reader();
    Query query(*reader, "select value from setting where area = $1 and name = $2");
    query.bind(1, ground_.area).bind(2, name);
    return query.step() ? std::optional(std::string(query.text(0))) : std::nullopt;
  }
  std::vector<std::pair<std::string, std::string>> settings(std::string_view beginning) const override {
    refuse_outsiders();
    const Db::Reader reader = ground_.db->reader();
    Query query(
        *reader,
        "select name, value from setting where area = $1 and name >= $2 and value <> '' order by name");
    query.bind(1, ground_.area).bind(2, beginning);
    std::vector<std::pair<std::string, std::string>> out;
    while (query.step() && query.text(0).starts_with(beginning))
      out.emplace_back(query.text(0), query.text(1));
    return out;
  }
  void set(std::string_view name, std::string_view value) override {
    demand(scope_,
           name.starts_with(kSimulationSetting) ? access::Operation::SaveSimulation
                                                : access::Operation::EditPack,
           {});
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

  void act_as(trail::Author author) override {
    if (kept_ground_) kept_ground_->author = author;
    ground_.author = std::move(author);
  }
  std::unique_ptr<Store> as(trail::Author author, access::Scope scope) const override {
    if (!scope_.is_whole_district() && scope.is_whole_district())
      throw StoreFailure({"范围只能收窄。", "A scope is only ever narrowed."},
                         "the whole district is denied to " + scope_.account().id, Trouble::Denied);
    Ground own{ground_.db, ground_.area, ground_.schema, std::move(author), ground_.held};
    return std::make_unique<KeptStore>(std::move(own), std::move(scope));
  }

  Size size() const override {
    refuse_outsiders();
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
  // As the statements were made; through the versions of the schema where there are older ones.
  std::unique_ptr<registers::RegisterStore> own_registers() {
    auto history = history_of(ground_);
    if (!history || history->empty()) return make_register_store(ground_);
    const bool is_present =
        schema::canonical_text(history->back().schema) == schema::canonical_text(ground_.schema);
    if (is_present) {
      history->pop_back();
    } else {
      refuse_what_changes(history->back().schema, ground_.schema);
      // What stands was stated under it; what is written from now on is not.
      const Db::Reader reader = ground_.db->reader();
      Query last(*reader, "select coalesce(max(id), 0) from batch where area = $1");
      last.bind(1, ground_.area).step();
      history->back().through = {last.number(0)};
    }
    if (history->empty()) return make_register_store(ground_);
    kept_schema_ = registers::as_kept(*history, ground_.schema);
    ground_.carrier = std::make_shared<const registers::Carrier>(*history, ground_.schema);
    kept_ground_ = std::make_unique<Ground>(Ground{ground_.db, ground_.area, kept_schema_, ground_.author,
                                                   ground_.held, &ground_.schema, ground_.carrier});
    return registers::carried_store(make_register_store(*kept_ground_), *history, ground_.schema);
  }

  // Fields that are new, or gone, are read as ever. Whatever else changed waits until somebody has seen it.
  static void refuse_what_changes(const schema::Schema& old, const schema::Schema& now) {
    for (const schema::Change& change : schema::difference(old, now)) {
      using Kind = schema::Change::Kind;
      const bool is_quiet = change.effect == schema::Change::Effect::None ||
                            change.kind == Kind::FieldRemoved || change.kind == Kind::RegisterRemoved ||
                            change.kind == Kind::CodeRemoved;
      if (is_quiet) continue;
      throw StoreFailure({"政策包改了台账的写法，还没有迁移：" + change.what.zh +
                              " 先运行 tenglong migrate 看它改动什么，加 --apply 迁移。",
                          "The pack changed its registers and the data was not migrated: " + change.what.en +
                              " Run tenglong migrate to see what it does, then with --apply."},
                         "schema differs: " + change.what.en);
    }
    // Under an older pack what was renamed since would not be there, and nobody would be told.
    for (const schema::Change& change : schema::difference(now, old))
      if (change.kind == schema::Change::Kind::RegisterRenamed ||
          change.kind == schema::Change::Kind::FieldRenamed)
        throw StoreFailure({"这个政策包比数据旧，数据已经迁移：" + change.what.zh +
                                " 用迁移以后的政策包；要改回原名，写 was: 再运行 tenglong migrate。",
                            "The pack is older than the data, which was migrated: " + change.what.en +
                                " Use the pack it was migrated to; to go back, write was: and run tenglong "
                                "migrate."},
                           "the pack is older: " + change.what.en);
  }

  template <class Kept>
  Kept& as_far(Kept& all, Kept& scoped) const {
    return scope_.is_whole_district() ? all : scoped;
  }
  void refuse_outsiders() const {
    if (scope_.is_outside())
      throw StoreFailure(scope_.refusal({}), "denied to " + scope_.account().id, Trouble::Denied);
  }

  Ground ground_;
  schema::Schema kept_schema_;  // every register and field that was ever stated
  std::unique_ptr<Ground> kept_ground_;
  access::Scope scope_;
  KeptTrail trail_;
  std::unique_ptr<registers::RegisterStore> all_registers_;
  std::unique_ptr<result::ResultStore> all_results_;
  std::unique_ptr<Lists> all_lists_;
  std::unique_ptr<access::AccountStore> all_accounts_;
  std::unique_ptr<Credentials> credentials_;
  std::unique_ptr<collection::CollectionStore> all_collection_;
  std::unique_ptr<identity::IdentityStore> all_identity_;
  std::unique_ptr<meter::MeterStore> all_meters_;
  // The same within the scope.
  std::unique_ptr<registers::RegisterStore> registers_;
  std::unique_ptr<result::ResultStore> results_;
  std::unique_ptr<Lists> lists_;
  std::unique_ptr<access::AccountStore> accounts_;
  std::unique_ptr<collection::CollectionStore> collection_;
  std::unique_ptr<identity::IdentityStore> identity_;
  std::unique_ptr<meter::MeterStore> meters_;
};

}  // namespace

std::optional<std::vector<registers::SchemaVersion>> kept_history(const std::string& where,
                                                                  const std::string& area) {
  const schema::Schema none;
  Ground ground{open_db(where), area, none};
  upgrade(*ground.db);
  return history_of(ground);
}

bool is_database_address(const std::string& where) { return is_postgres(where); }

std::unique_ptr<Store> open_store(const std::string& where, const std::string& area,
                                  const schema::Schema& schema, access::Scope scope) {
  Ground ground{open_db(where), area, schema};
  ground.held = std::make_shared<HeldCache>();
  upgrade(*ground.db);
  adopt(ground);
  return std::make_unique<KeptStore>(std::move(ground), std::move(scope));
}

}  // namespace tenglong::store
