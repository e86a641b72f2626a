// The whole matrix of the standard rights, role × operation × relation × state, asked of the store itself on
// both back ends: every operation that the store carries out is carried out, or refused, as the cell says.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <set>
#include <tuple>

#include "campaign/access/access.h"
#include "campaign/collection/collection.h"
#include "engine/identity/identity.h"
#include "store/store.h"
#include "tests/postgres/postgres.h"

namespace tenglong::store {
namespace {

using access::Operation;
using access::Relation;
using access::State;
using quantity::Decimal;
using schema::Sensitivity;

constexpr const char* kTax = "区税务局";
constexpr const char* kBank = "样例银行";
constexpr const char* kIndustry = "区经信局";
const calendar::Period kYear = calendar::Period::year(2023);
constexpr calendar::Date kToday{2023, 6, 1};

// Each enterprise stands in one relation to who asks; the last in none.
enum Firm { Own, InTown, Consenting, Stranger, kFirms };
std::string firm(int number) { return "91330902MA0000000" + std::to_string(number); }
constexpr const char* kTowns[kFirms] = {"330902001", "330902101", "330902102", "330902102"};

schema::Schema one_district() {
  schema::Schema out;
  schema::Codes towns{.id = "town", .name = "镇街", .level = "town"};
  towns.entries = {{.code = "330902001", .name = "昌国街道"},
                   {.code = "330902101", .name = "金塘镇"},
                   {.code = "330902102", .name = "白泉镇"}};
  towns.build_index();
  out.codes = {towns};
  schema::Register enterprise{.id = "enterprise", .name = "企业", .key = {"credit_code"}};
  enterprise.fields = {{.id = "credit_code", .name = "代码", .type = schema::FieldType::CreditCode},
                       {.id = "legal_name", .name = "企业名称", .type = schema::FieldType::Text},
                       {.id = "town", .name = "镇街", .type = schema::FieldType::Area, .codes = "town"}};
  for (schema::Field& field : enterprise.fields) field.sensitivity = Sensitivity::Public;
  schema::Register year{
      .id = "enterprise_year", .name = "企业年度", .of = "enterprise", .period = schema::PeriodKey::Year};
  year.fields = {{.id = "tax", .name = "实缴税收", .type = schema::FieldType::Number, .provider = kTax},
                 {.id = "output", .name = "产值", .type = schema::FieldType::Number, .provider = kIndustry},
                 {.id = "land", .name = "用地面积", .type = schema::FieldType::Number},
                 {.id = "deed", .name = "权证扫描件", .type = schema::FieldType::Attachment}};
  year.fields[0].sensitivity = Sensitivity::Sensitive;
  year.fields[1].sensitivity = Sensitivity::Internal;
  year.fields[2].sensitivity = Sensitivity::Public;
  year.fields[3].sensitivity = Sensitivity::Internal;
  out.registers = {enterprise, year};
  return out;
}

class MatrixTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    static const pack::ReadPack standard =
        pack::read_pack(std::string(SOURCE_DIR) + "/packs/dinghai-2021", {});
    pack_.schema = one_district();
    pack_.access = standard.pack->access;
    for (pack::Access& block : pack_.access) block.masks.clear();  // of fields that are not here
    diagnostic::Diagnostics told;
    policy_ = access::Policy::compile(pack_, told);
    for (const access::MatrixRow& row : policy_.matrix())
      if (row.level) granted_[{row.role, row.operation, row.relation, row.state}] = *row.level;
    if (std::string_view(GetParam()) == "postgres") {
      where_ = postgres::new_database();
    } else {
      folder_ = std::filesystem::temp_directory_path() / ("tenglong-matrix-" + std::to_string(getpid()));
      std::filesystem::remove_all(folder_);
      where_ = folder_.string();
    }
    all_ = open_store(where_, "330902", pack_.schema, access::Scope::whole_district("operator"));
    fill();
  }
  void TearDown() override {
    all_.reset();
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  void send(const char* register_id, const char* provider, const std::vector<registers::Statement>& said) {
    const registers::Batch batch{.register_id = register_id,
                                 .provider = provider,
                                 .submitter = "经办",
                                 .received_at = "2023-05-06T09:10:11+08:00"};
    const auto writer = all_->registers().write(batch);
    for (const registers::Statement& each : said) writer->add(each);
    writer->commit(batch);
  }
  void fill() {
    std::vector<registers::Statement> enterprises, tax, output, land;
    const std::string deed = schema::to_text(all_->keep_file("权证.pdf", "一份权证"));
    for (int i = 0; i < kFirms; ++i) {
      enterprises.push_back({.register_id = "enterprise",
                             .record_key = firm(i),
                             .values = {{.field = 0, .value = firm(i)},
                                        {.field = 1, .value = "样例" + std::to_string(i)},
                                        {.field = 2, .value = std::string(kTowns[i])}}});
      const auto fact = [&](int field, std::int64_t value) {
        return registers::Statement{.register_id = "enterprise_year",
                                    .record_key = firm(i),
                                    .period = kYear,
                                    .values = {{.field = field, .value = Decimal(value)}}};
      };
      tax.push_back(fact(0, 10 + i));
      output.push_back(fact(1, 20 + i));
      land.push_back(fact(2, 30 + i));
      land.back().values.push_back({.field = 3, .value = deed});
    }
    send("enterprise", "专班", enterprises);
    send("enterprise_year", kTax, tax);
    send("enterprise_year", kIndustry, output);
    send("enterprise_year", "镇街", land);
    send("enterprise_year", kBank, {});
    result::Result result;
    result.header.fingerprint = "aaaa";
    result.header.period = kYear;
    all_->results().keep(result, "2023-06-01");
    const auto writer = all_->meters().write("电", "抄表.csv", "f");
    for (int i = 0; i < kFirms; ++i)
      for (const char* at : {"2023-01-01T00:00:00", "2024-01-01T00:00:00"})
        writer->add({std::to_string(i), firm(i), at, at[3] * meter::kDialScale, 1});
    writer->commit();
    for (int i = 0; i < kFirms; ++i) {
      collection::Correction one{.register_id = "enterprise_year",
                                 .record_key = firm(i),
                                 .period = kYear,
                                 .field = "tax",
                                 .proposed_by = "somebody"};
      one.to = {.field = 0, .value = Decimal(1)};
      proposed_.push_back(all_->collection().propose(one));
      all_->identity().add({.kind = identity::EventKind::Rename,
                            .on = {2022, 1, 1},
                            .from = {firm(i)},
                            .before = "旧名",
                            .after = "新名"});
    }
  }

  // Who asks, standing in this relation and no other.
  struct Asker {
    std::string role;
    Relation relation;
    State state;
    access::Account account = {};
    std::vector<access::Consent> consents = {};
  };
  Asker asker(const std::string& role, Relation relation, State state) const {
    Asker out{role, relation, state};
    out.account = {.id = "asker", .roles = {role}};
    if (relation == Relation::OwnFirm) out.account.firms = {firm(Own)};
    if (relation == Relation::OwnTown) out.account.towns = {kTowns[InTown]};
    if (relation == Relation::OwnDepartment) out.account.unit = kTax;
    if (relation == Relation::OwnBatch) out.account.unit = kBank;
    if (relation == Relation::Consented) {
      out.account.unit = "样例外单位";
      out.consents = {{.firm = firm(Consenting), .unit = "样例外单位", .from = {2023, 1, 1}}};
    }
    return out;
  }

  // What the table says, read without the scope: the highest level among the relations that hold.
  std::optional<Sensitivity> level(const Asker& who, Operation operation, State state,
                                   const access::Object& object) const {
    std::optional<Sensitivity> out;
    const auto take = [&](Relation relation, bool stands) {
      const auto found = granted_.find({who.role, operation, relation, state});
      if (stands && found != granted_.end() && (!out || *out < found->second)) out = found->second;
    };
    take(Relation::District, true);
    take(Relation::OwnFirm, !object.firm.empty() && who.account.firms.contains(object.firm));
    take(Relation::OwnTown, !object.town.empty() && who.account.towns.contains(object.town));
    take(Relation::OwnDepartment, !object.department.empty() && object.department == who.account.unit);
    take(Relation::OwnBatch, !object.meant_for.empty() && object.meant_for == who.account.unit);
    take(Relation::Consented,
         !object.firm.empty() && !who.consents.empty() && who.consents[0].firm == object.firm);
    return out;
  }
  static access::Object object_of(int number, const std::string& department = "") {
    return {.firm = firm(number), .town = kTowns[number], .department = department};
  }
  std::optional<Sensitivity> level_of(const Asker& who, Operation operation, int number,
                                      const schema::Field& field) const {
    return level(who, operation, who.state, object_of(number, field.provider));
  }
  bool sees(const Asker& who, Operation operation, int number, const schema::Register& target) const {
    for (const schema::Field& field : target.fields)
      if (level_of(who, operation, number, field)) return true;
    return false;
  }

  template <class Act>
  static bool goes_through(const Act& act) {
    try {
      act();
      return true;
    } catch (const StoreFailure& failure) {
      EXPECT_EQ(failure.trouble, Trouble::Denied) << failure.what();
      return false;
    }
  }
  void expect(bool wanted, bool found, const Asker& who, Operation operation, const std::string& about = "") {
    ++asked_;
    cells_.emplace(who.role, operation, who.relation, who.state);
    operations_.insert(operation);
    if (wanted) ++allowed_;
    EXPECT_EQ(wanted, found) << who.role << " " << access::info(operation).zh << " "
                             << access::kRelationNames[static_cast<std::size_t>(who.relation)] << " "
                             << access::kStateNames[static_cast<std::size_t>(who.state)] << " " << about;
  }

  void ask_lists(Store& store, const Asker& who, const access::Scope& scope) {
    const schema::Register& year = pack_.schema.registers[1];
    for (const Operation operation : {Operation::ReadRecord, Operation::CountRecord, Operation::ExportRecord,
                                      Operation::ViewMap, Operation::SearchRecord}) {
      const Listed listed =
          store.lists().list({.register_id = year.id, .size = 100, .operation = operation}, scope);
      std::map<std::string, const ListedRow*> rows;
      for (const ListedRow& row : listed.rows) rows[row.key] = &row;
      for (int i = 0; i < kFirms; ++i) {
        const auto found = rows.find(firm(i));
        const bool is_withheld = listed.is_small;
        if (!is_withheld) expect(sees(who, operation, i, year), found != rows.end(), who, operation, "list");
        if (found == rows.end()) continue;
        for (std::size_t field = 0; field < year.fields.size(); ++field) {
          const auto may = level_of(who, operation, i, year.fields[field]);
          expect(may && *may >= year.fields[field].sensitivity,
                 found->second->cells[field].shown != ListedCell::Shown::Hidden, who, operation, "cell");
        }
      }
    }
    for (int i = 0; i < kFirms; ++i)
      expect(sees(who, Operation::SearchRecord, i, pack_.schema.registers[0]),
             !store.lists().search(firm(i), 5, scope).empty(), who, Operation::SearchRecord, "search");
  }
  // Statements as they stream by, for export, history and what a file is opened by; records resolved of them.
  void ask_registers(Store& store, const Asker& who) {
    const schema::Register& year = pack_.schema.registers[1];
    for (const Operation operation :
         {Operation::ReadRecord, Operation::ExportRecord, Operation::ReadHistory, Operation::OpenFile}) {
      const auto registers = store.registers_for(operation);
      std::map<std::string, std::map<int, registers::Scalar>> streamed;
      std::map<std::string, bool> is_there;
      registers->read(year.id, std::nullopt, [&](registers::Statement&& said) {
        is_there[said.record_key] = true;
        for (const registers::FieldValue& value : said.values)
          streamed[said.record_key][value.field] = value.value;
      });
      for (int i = 0; i < kFirms; ++i) {
        expect(sees(who, operation, i, year), is_there.contains(firm(i)), who, operation, "stream");
        const auto records = registers::read_record(*registers, year, firm(i), {});
        if (operation == Operation::OpenFile) {
          const auto opened = store.open_file(year.id, firm(i), kYear, "deed");
          const auto may = level_of(who, operation, i, year.fields[3]);
          expect(may && *may >= year.fields[3].sensitivity, opened.has_value(), who, operation, "file");
          if (opened) {
            EXPECT_EQ(opened->content, "一份权证");
          }
        }
        for (int field = 0; field < 3; ++field) {
          const auto may = level_of(who, operation, i, year.fields[static_cast<std::size_t>(field)]);
          const bool shows = may && *may >= year.fields[static_cast<std::size_t>(field)].sensitivity;
          expect(shows, streamed[firm(i)].contains(field), who, operation, "value");
          for (const registers::Record& record : records)
            if (shows) {
              EXPECT_EQ(record.fields[static_cast<std::size_t>(field)].value,
                        registers::Scalar(Decimal((field + 1) * 10 + i)));
            }
        }
      }
    }
  }
  void ask_collection(Store& store, const Asker& who) {
    collection::CollectionStore& kept = store.collection();
    for (const char* unit : {kTax, kIndustry}) {
      const access::Object object{.department = unit, .meant_for = unit};
      const collection::Item item{"enterprise_year", kYear, unit == kTax ? "tax" : "output", unit};
      expect(level(who, Operation::ConfirmItem, who.state, object).has_value(),
             goes_through([&] { kept.keep(collection::Confirmation{.item = item}); }), who,
             Operation::ConfirmItem);
      expect(level(who, Operation::SendReceipt, State::Draft, object).has_value(), goes_through([&] {
               kept.keep(collection::Reminder{.unit = unit, .on = calendar::Date::from_days(++days_)});
             }),
             who, Operation::SendReceipt);
      expect(level(who, Operation::ImportBatch, State::Draft, object).has_value(), goes_through([&] {
               store.registers().write({.register_id = "enterprise_year", .provider = unit});
             }),
             who, Operation::ImportBatch);
    }
    for (int i = 0; i < kFirms; ++i) {
      const access::Object object = object_of(i, kTax);
      collection::Correction one{
          .register_id = "enterprise_year", .record_key = firm(i), .period = kYear, .field = "tax"};
      one.to = {.field = 0, .value = Decimal(2)};
      one.proposed_by = "somebody";  // who asks is noted, whatever is written here
      std::int64_t number = 0;
      const bool may_propose = level(who, Operation::ProposeCorrection, who.state, object).has_value();
      expect(may_propose, goes_through([&] { number = kept.propose(one); }), who,
             Operation::ProposeCorrection);
      if (number != 0) {
        collection::Correction own = one;
        own.number = number;
        own.stage = collection::Stage::Rejected;
        expect(false, goes_through([&] { kept.reject(own); }), who, Operation::ApproveCorrection,
               "one's own");
        own.stage = collection::Stage::Withdrawn;
        expect(true, goes_through([&] { kept.withdraw(own); }), who, Operation::ProposeCorrection,
               "one's own, taken back");
      }
      collection::Correction other = one;
      other.number = proposed_[static_cast<std::size_t>(i)];
      other.stage = collection::Stage::Withdrawn;
      expect(false, goes_through([&] { kept.withdraw(other); }), who, Operation::ProposeCorrection,
             "another's, taken back");
      other.stage = collection::Stage::Rejected;
      const bool may_approve = level(who, Operation::ApproveCorrection, who.state, object).has_value();
      expect(may_approve, goes_through([&] { kept.reject(other); }), who, Operation::ApproveCorrection);
      bool is_seen = false;
      for (const collection::Correction& each : kept.corrections())
        is_seen = is_seen || each.number == other.number;
      expect(may_propose || may_approve, is_seen, who, Operation::ProposeCorrection, "seen");

      const registers::Batch choice{.register_id = "enterprise_year",
                                    .provider = "选定",
                                    .source = registers::Source::Choice,
                                    .reason = "核实"};
      const registers::Statement said{.register_id = "enterprise_year",
                                      .record_key = firm(i),
                                      .period = kYear,
                                      .values = {{.field = 0, .value = Decimal(3)}}};
      expect(level(who, Operation::ChooseRival, who.state, object).has_value(),
             goes_through([&] { store.registers().write(choice)->add(said); }), who, Operation::ChooseRival);
    }
    const auto year = calendar::Period::year(static_cast<int>(1200 + ++years_));
    all_->lists().mark("enterprise_year", year, who.state);
    expect(level(who, Operation::PublishResult, who.state, {}).has_value(),
           goes_through([&] { store.lists().mark("enterprise_year", year, State::Published); }), who,
           Operation::PublishResult);
    all_->lists().mark("enterprise_year", year, who.state);
    expect(level(who, Operation::LockYear, who.state, {}).has_value(),
           goes_through([&] { kept.keep(collection::Locked{.period = year}); }), who, Operation::LockYear);
  }
  // Outside: the batches of one's own unit, and of others no more than who said it.
  void ask_receipts(Store& store, const Asker& who, bool is_outside) {
    for (const registers::Batch& each : all_->registers().batches()) {
      const access::Object object{.department = each.provider, .meant_for = each.provider};
      const bool is_told = !is_outside || level(who, Operation::ReadReceipt, State::Draft, object);
      bool is_whole = false;
      for (const registers::Batch& shown : store.registers().batches())
        is_whole = is_whole || (shown.id == each.id && shown.submitter == each.submitter);
      expect(is_told, is_whole, who, Operation::ReadReceipt);
    }
  }
  void ask_the_rest(Store& store, const Asker& who) {
    const auto anywhere = [&](Operation operation) {
      return level(who, operation, State::Draft, {}).has_value();
    };
    expect(level(who, Operation::ReadResult, who.state, {}).has_value(),
           store.results().latest(kYear).has_value(), who, Operation::ReadResult);
    expect(level(who, Operation::ImportBatch, State::Draft,
                 {.town = who.account.towns.empty() ? "" : *who.account.towns.begin(),
                  .department = who.account.unit,
                  .meant_for = who.account.unit})
               .has_value(),
           goes_through([&] { store.keep_file("新.pdf", "新"); }), who, Operation::ImportBatch, "file");
    expect(anywhere(Operation::EditPack), goes_through([&] { store.set("matrix", "x"); }), who,
           Operation::EditPack);
    const std::string trial = std::string(kSimulationSetting) + "matrix";
    expect(anywhere(Operation::SaveSimulation), goes_through([&] { store.set(trial, "x"); }), who,
           Operation::SaveSimulation);
    expect(anywhere(Operation::ReadTrail), goes_through([&] { store.trail().size(); }), who,
           Operation::ReadTrail);
    expect(anywhere(Operation::RemoveFile), goes_through([&] { store.unnamed_files(); }), who,
           Operation::RemoveFile);
    expect(anywhere(Operation::RemoveFile), goes_through([&] { store.remove_file("x"); }), who,
           Operation::RemoveFile, "remove");
    expect(anywhere(Operation::Restore), goes_through([&] { store.lists().rebuild(); }), who,
           Operation::Restore);
    access::KeptAccount account;
    account.id = "new" + std::to_string(++accounts_);
    account.name = "样例";
    account.unit = kTax;
    expect(anywhere(Operation::ManageAccount), goes_through([&] { store.accounts().keep({account}); }), who,
           Operation::ManageAccount);
    all_->accounts().keep({account});
    account.roles = {"town"};
    expect(anywhere(Operation::GrantRole), goes_through([&] { store.accounts().keep({account}); }), who,
           Operation::GrantRole);
    expect(anywhere(Operation::ManageAccount) || anywhere(Operation::GrantRole),
           store.accounts().account(account.id).has_value(), who, Operation::ManageAccount, "seen");
    for (int i = 0; i < kFirms; ++i) {
      const access::Object object{.firm = firm(i)};
      expect(level(who, Operation::GiveConsent, State::Draft, object).has_value(), goes_through([&] {
               store.accounts().give({.firm = firm(i), .unit = "另一家", .from = {2023, 1, 1}});
             }),
             who, Operation::GiveConsent);
      expect(level(who, Operation::WithdrawConsent, State::Draft, object).has_value(),
             goes_through([&] { store.accounts().withdraw(firm(i), "另一家", kToday); }), who,
             Operation::WithdrawConsent);
    }
    // Readings are sensitive; they are of the enterprise.
    std::set<std::string> summed;
    goes_through([&] {
      for (const meter::Sum& each : store.meters().tally("电", kYear, 24).sums)
        summed.insert(each.record_key);
    });
    for (int i = 0; i < kFirms; ++i) {
      const auto may = level(who, Operation::ReadRecord, who.state, object_of(i));
      expect(may == Sensitivity::Sensitive, summed.contains(firm(i)), who, Operation::ReadRecord, "readings");
      const auto knows = level(who, Operation::ReadHistory, who.state, object_of(i));
      bool is_told = false;
      for (const identity::Event& each : store.identity().events())
        is_told = is_told || each.from[0] == firm(i);
      expect(knows.has_value(), is_told, who, Operation::ReadHistory, "identity");
      expect(level(who, Operation::ChooseRival, who.state, object_of(i)).has_value(), goes_through([&] {
               store.identity().decide({.name = "甲", .enterprise = firm(i), .reason = "同址"});
             }),
             who, Operation::ChooseRival, "identity");
    }
  }

  pack::Pack pack_;
  access::Policy policy_;
  std::map<std::tuple<std::string, Operation, Relation, State>, Sensitivity> granted_;
  std::filesystem::path folder_;
  std::string where_;
  std::unique_ptr<Store> all_;
  std::vector<std::int64_t> proposed_;
  std::int64_t days_ = 20'000, years_ = 0, accounts_ = 0;
  std::set<std::tuple<std::string, Operation, Relation, State>> cells_;
  std::set<Operation> operations_;
  std::size_t asked_ = 0, allowed_ = 0;
};

TEST_P(MatrixTest, EveryCellIsWhatTheStoreDoes) {
  for (std::size_t state = 0; state < access::kStates; ++state) {
    all_->lists().mark("enterprise_year", kYear, static_cast<State>(state));
    all_->lists().mark("enterprise", {}, static_cast<State>(state));
    for (const std::string& role : policy_.roles())
      for (std::size_t relation = 0; relation < access::kRelations; ++relation) {
        const Asker who = asker(role, static_cast<Relation>(relation), static_cast<State>(state));
        const access::Scope scope = policy_.scope_of(who.account, who.consents, kToday);
        const auto store = all_->as({.account = who.account.id, .unit = who.account.unit}, scope);
        ask_lists(*store, who, scope);
        ask_registers(*store, who);
        ask_receipts(*store, who, scope.is_outside());
        ask_collection(*store, who);
        ask_the_rest(*store, who);
        ASSERT_FALSE(HasFailure()) << "the first that differs";
      }
  }
  // An operation that is carried out at all is so in every cell.
  EXPECT_EQ(cells_.size(),
            policy_.roles().size() * operations_.size() * access::kRelations * access::kStates);
  EXPECT_GE(operations_.size(), 24u);
  EXPECT_GT(allowed_, asked_ / 20);
  std::printf(
      "  matrix: %zu cells (%zu roles x %zu operations x %zu relations x %zu states), %zu questions, "
      "%zu allowed\n",
      cells_.size(), policy_.roles().size(), operations_.size(), access::kRelations, access::kStates, asked_,
      allowed_);
}

INSTANTIATE_TEST_SUITE_P(On, MatrixTest, testing::Values("sqlite", "postgres"),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace tenglong::store
