#include "tests/faults/operations.h"

#include <optional>
#include <stdexcept>

#include "campaign/collection/collection.h"
#include "engine/fingerprint/fingerprint.h"
#include "engine/identity/identity.h"
#include "engine/meter/meter.h"
#include "store/copy.h"
#include "store/list.h"
#include "verify/verify.h"

namespace tenglong::faults {

using registers::Batch;
using registers::Statement;

const schema::Schema& district() {
  static const schema::Schema schema = [] {
    schema::Schema out;
    schema::Register year{.id = "enterprise_year",
                          .name = "企业年度",
                          .key = {"credit_code"},
                          .period = schema::PeriodKey::Year};
    year.fields = {{.id = "tax_paid", .name = "实缴税收", .type = schema::FieldType::Number},
                   {.id = "town", .name = "镇街", .type = schema::FieldType::Text}};
    out.registers = {year};
    return out;
  }();
  return schema;
}

namespace {

Batch batch(const std::string& file, int rows) {
  return {.register_id = "enterprise_year",
          .provider = "区税务局",
          .submitter = "张",
          .received_at = "2023-05-06T09:10:11+08:00",
          .file_name = file,
          .file_fingerprint = file,
          .rows_read = rows,
          .rows_accepted = rows};
}

void import_file(store::Store& store, const std::string& file, int rows) {
  const Batch one = batch(file, rows);
  const auto writer = store.registers().write(one);
  for (int row = 0; row < rows; ++row) {
    Statement said{.register_id = "enterprise_year",
                   .record_key = "91330902MA" + std::to_string(1000 + row),
                   .period = calendar::Period::year(2023),
                   .sheet = "税收",
                   .row = row + 3};
    said.values = {{.field = 0, .value = quantity::Decimal(row * 7), .cell = "C" + std::to_string(row + 3)},
                   {.field = 1, .value = std::string("金塘镇")}};
    writer->add(said);
  }
  writer->commit(one);
}

result::Result a_result(const std::string& fingerprint) {
  result::Result out;
  out.header.fingerprint = fingerprint;
  out.header.period = calendar::Period::year(2023);
  return out;
}

void nothing(store::Store&) {}

const collection::Item kItem{"enterprise_year", calendar::Period::year(2023), "tax_paid", "区税务局"};

collection::Correction a_correction() {
  collection::Correction one{.register_id = "enterprise_year",
                             .record_key = "91330902MA1000",
                             .period = calendar::Period::year(2023),
                             .field = "tax_paid"};
  one.from = {.field = 0, .value = quantity::Decimal(0)};
  one.to = {.field = 0, .value = quantity::Decimal(12)};
  one.reason = "冲减";
  one.evidence = "税函3号";
  one.proposed_by = "李";
  one.proposed_at = "2024-05-01T09:00:00+08:00";
  return one;
}

access::Consent a_consent() {
  return {.firm = "91330902MA1000", .unit = "定海农商银行", .from = {2023, 1, 1}};
}

}  // namespace

const std::vector<Operation>& operations() {
  static const std::vector<Operation> table = {
      {"import_batch", nothing, [](store::Store& store) { import_file(store, "税.xlsx", 3); }, true},
      {"import_large_batch", nothing, [](store::Store& store) { import_file(store, "大.xlsx", 400); }},
      {"remember_mapping", nothing,
       [](store::Store& store) {
         store.registers().remember({"区税务局", "enterprise_year", "h2", {{1, "税号", "credit_code", ""}}});
       },
       true},
      {"keep_result", nothing,
       [](store::Store& store) { store.results().keep(a_result("bbbb"), "2023-06-01"); }, true},
      {"keep_result_again", [](store::Store& store) { store.results().keep(a_result("bbbb"), "2023-06-01"); },
       [](store::Store& store) { store.results().keep(a_result("bbbb"), "2023-06-02"); }},
      {"change_setting", nothing, [](store::Store& store) { store.set("seed", "7"); }, true},
      {"confirm_item", nothing,
       [](store::Store& store) {
         store.collection().keep(collection::Confirmation{kItem, collection::Verdict::Confirmed, "", "abc", 3,
                                                          "李", "2024-04-01T09:00:00+08:00"});
       },
       true},
      {"confirm_last_item", nothing,
       [](store::Store& store) {
         store.collection().keep(collection::Confirmation{kItem, collection::Verdict::Confirmed, "", "abc", 3,
                                                          "李", "2024-04-01T09:00:00+08:00", true});
       },
       true},
      {"take_back_by_import",
       [](store::Store& store) {
         store.lists().mark("enterprise_year", calendar::Period::year(2023), access::State::Confirmed);
       },
       [](store::Store& store) { import_file(store, "补.xlsx", 5); }},
      {"publish_locked_year",
       [](store::Store& store) {
         store.collection().keep(collection::Locked{.period = calendar::Period::year(2023),
                                                    .through = {1},
                                                    .fingerprint = "f00",
                                                    .by = "李",
                                                    .at = "2024-05-01"});
       },
       [](store::Store& store) { store.set(std::string(store::kPublishedSetting) + "2023", "bbbb"); }, true},
      {"return_item", nothing,
       [](store::Store& store) {
         store.collection().keep(collection::Confirmation{kItem, collection::Verdict::Returned, "单位是元",
                                                          "abc", 3, "李", "2024-04-01T09:00:00+08:00"});
       },
       true},
      {"lock_year", nothing,
       [](store::Store& store) {
         store.collection().keep(collection::Locked{.period = calendar::Period::year(2023),
                                                    .through = {1},
                                                    .fingerprint = "f00",
                                                    .by = "李",
                                                    .at = "2024-05-01"});
       }},
      {"propose_correction", nothing, [](store::Store& store) { store.collection().propose(a_correction()); },
       true},
      {"reject_correction", [](store::Store& store) { store.collection().propose(a_correction()); },
       [](store::Store& store) {
         collection::Correction one = a_correction();
         one.number = 1;
         one.stage = collection::Stage::Rejected;
         one.decided_by = "王";
         one.why = "凭证不符";
         store.collection().reject(one);
       }},
      {"withdraw_correction", [](store::Store& store) { store.collection().propose(a_correction()); },
       [](store::Store& store) {
         collection::Correction one = a_correction();
         one.number = 1;
         one.stage = collection::Stage::Withdrawn;
         one.decided_by = "李";
         store.collection().withdraw(one);
       }},
      {"approve_correction", [](store::Store& store) { store.collection().propose(a_correction()); },
       [](store::Store& store) {
         collection::Correction one = a_correction();
         one.number = 1;
         one.stage = collection::Stage::Approved;
         one.decided_by = "王";
         one.decided_at = "2024-05-02T09:00:00+08:00";
         one.batch = {2};
         const std::vector<collection::Locked> next = {{.period = calendar::Period::year(2023),
                                                        .number = 2,
                                                        .through = {1},
                                                        .also = {{2}},
                                                        .fingerprint = "f02"}};
         store.collection().approve(one, collection::batch_of(one),
                                    collection::statement_of(one, district().registers[0]), next);
       }},
      {"send_reminder", nothing,
       [](store::Store& store) {
         store.collection().keep(
             collection::Reminder{"区税务局", {2024, 4, 16}, "请补报。", "李", "2024-04-16T09:00:00+08:00"});
       }},
      {"enter_identity_event", nothing,
       [](store::Store& store) {
         store.identity().add({.kind = identity::EventKind::Close,
                               .on = {2023, 3, 1},
                               .from = {"91330902MA1000"},
                               .document = "注销公告",
                               .by = "李",
                               .at = "2024-04-01T09:00:00+08:00"});
       }},
      {"decide_identity", nothing,
       [](store::Store& store) {
         store.identity().decide(
             {.name = "甲厂", .enterprise = "91330902MA1000", .reason = "同址", .by = "李"});
       },
       true},
      {"keep_accounts", nothing,
       [](store::Store& store) {
         access::KeptAccount one;
         one.id = "zhang";
         one.name = "张";
         one.unit = "区税务局";
         one.roles = {"department"};
         store.accounts().keep({one});
       },
       true},
      {"give_consent", nothing, [](store::Store& store) { store.accounts().give(a_consent()); }},
      {"withdraw_consent", [](store::Store& store) { store.accounts().give(a_consent()); },
       [](store::Store& store) {
         store.accounts().withdraw("91330902MA1000", "定海农商银行", {2023, 6, 1});
       }},
      {"change_password", nothing,
       [](store::Store& store) {
         store.credentials().keep({.account = "zhang", .password = "argon2id"}, "change_password");
       },
       true},
      {"sign_in", nothing,
       [](store::Store& store) { store.credentials().begin({.token = "t1", .account = "zhang"}); }},
      {"sign_out",
       [](store::Store& store) { store.credentials().begin({.token = "t1", .account = "zhang"}); },
       [](store::Store& store) { store.credentials().end("t1"); }},
      {"end_sessions",
       [](store::Store& store) { store.credentials().begin({.token = "t1", .account = "zhang"}); },
       [](store::Store& store) { store.credentials().end_all("zhang"); }},
      {"load_readings", nothing,
       [](store::Store& store) {
         const auto writer = store.meters().write("电", "抄表.csv", "f");
         for (const char* at : {"2023-01-01T00:00:00", "2024-01-01T00:00:00"})
           writer->add({"001", "91330902MA1000", at, at[3] * meter::kDialScale, 80});
         writer->commit();
       }},
      {"keep_file", nothing,
       [](store::Store& store) { store.keep_file("权证.pdf", std::string(20000, 'p')); }},
      {"remove_file", [](store::Store& store) { store.keep_file("权证.pdf", "没有记录写着的"); },
       [](store::Store& store) { store.remove_file(fingerprint::of_bytes("没有记录写着的")); }},
      {"mark_state", nothing,
       [](store::Store& store) {
         store.lists().mark("enterprise_year", calendar::Period::year(2023), access::State::Confirmed);
       },
       true},
      {"keep_head", nothing,
       [](store::Store& store) {
         // A signature is never twice the same, so the same head is kept each time.
         static const trail::Key key = trail::make_key();
         static std::optional<trail::SignedHead> signed_once;
         trail::Head head{.area = kArea, .size = store.trail().size(), .at = "2023-06-01T00:00:00+08:00"};
         head.key_id = key.id;
         head.root = trail::root(
             head.size, [&](int level, std::int64_t index) { return store.trail().node(level, index); });
         if (!signed_once || signed_once->head.root != head.root)
           signed_once = trail::SignedHead{head, trail::sign(head, key), key.public_pem};
         store.trail().keep_head(*signed_once);
       }},
  };
  return table;
}

std::unique_ptr<store::Store> open(const std::string& where) {
  auto out = store::open_store(where, kArea, district(), access::Scope::whole_district("operator"));
  out->act_as({.account = "analyst", .unit = "区经信局", .at = "2023-05-06T09:10:11+08:00"});
  return out;
}

std::string state_of(const std::string& where) {
  const store::Contents contents = store::contents_of(where, kArea, district());
  std::string out = std::to_string(contents.schema_version) + "/" + std::to_string(contents.events) + "/" +
                    contents.trail_root;
  for (const store::TableContent& each : contents.tables)
    out += "/" + each.table + ":" + std::to_string(each.rows) + ":" + each.fingerprint;
  return out;
}

void check_invariants(const std::string& folder) {
  const tenglong_verify::Report report = tenglong_verify::check_database(folder + "/tenglong.db");
  if (!report.is_clean())
    throw std::runtime_error("the trail does not verify: " + report.findings[0].place + " " +
                             report.findings[0].en);
  const auto store = open(folder);
  std::int64_t accepted = 0;
  for (const Batch& each : store->registers().batches()) accepted += each.rows_accepted;
  if (store->registers().statement_count("enterprise_year") != accepted)
    throw std::runtime_error("a batch is there in part");
}

}  // namespace tenglong::faults
