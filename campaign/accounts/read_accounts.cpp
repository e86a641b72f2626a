#include <algorithm>
#include <map>

#include "campaign/accounts/accounts.h"
#include "engine/schema/credit_code.h"
#include "engine/sheet/sheet.h"
#include "engine/sheet/table.h"
#include "engine/sheet/writer.h"
#include "engine/text/text.h"

namespace tenglong::accounts {

namespace {

using diagnostic::Diagnostics;

enum Column { Id, Name, Unit, Roles, Towns, Firms, Disabled, kColumns };
constexpr const char* kHeaders[kColumns] = {"账号", "姓名", "单位", "角色", "镇街", "企业", "停用"};
constexpr bool kRequired[kColumns] = {true, true, true, false, false, false, false};
constexpr std::size_t kMostLetters = 64;

std::vector<std::string> words_of(const std::string& text) {
  std::string plain = text;
  for (const char* mark : {"、", "，", "；", "\n"})
    for (std::size_t at; (at = plain.find(mark)) != std::string::npos;)
      plain.replace(at, std::string_view(mark).size(), ",");
  std::vector<std::string> out;
  for (const std::string_view each : text::split(plain, ','))
    if (const std::string word(text::trim(each)); !word.empty()) out.push_back(word);
  return out;
}

class Reader : public sheet::RowSink {
 public:
  Reader(const std::string& file, const std::string& sheet, const sheet::Table& table,
         const access::Policy& policy, const schema::Schema& schema, calendar::Date today, Read& out)
      : file_(file),
        sheet_(sheet),
        table_(table),
        policy_(policy),
        schema_(schema),
        today_(today),
        out_(out) {
    for (int i = 0; i < kColumns; ++i) {
      for (const sheet::TableColumn& each : table.columns)
        if (each.name == kHeaders[i]) columns_[i] = each.column;
      if (columns_[i] != 0 || !kRequired[i]) continue;
      tell(table.header_rows.empty() ? 1 : table.header_rows.back(), 1, "E-ACCOUNT-101",
           {std::string("没有“") + kHeaders[i] + "”一列。",
            std::string("There is no column “") + kHeaders[i] + "”."},
           {"用 tenglong accounts template 生成的表填写。",
            "Fill in the sheet that tenglong accounts template makes."});
      is_whole_ = false;
    }
  }

  bool row(int number, std::span<const sheet::Cell> cells) override {
    if (!is_whole_) return false;
    if (number < table_.first_data_row || sheet::role_of(table_, cells) != sheet::RowRole::Data) return true;
    const auto text_of = [&](Column which) -> std::string {
      for (const sheet::Cell& cell : cells)
        if (cell.column == columns_[which]) return std::string(text::trim(cell.text));
      return {};
    };
    access::KeptAccount account;
    account.id = text_of(Id);
    account.name = text_of(Name);
    account.unit = text_of(Unit);
    for (const Column each : {Id, Name, Unit})
      if (text_of(each).empty())
        tell(number, columns_[each], "E-ACCOUNT-102",
             {std::string("“") + kHeaders[each] + "”空着。", "This is empty."},
             {"每个账号都要填。", "Every account needs it."});
    if (account.id.size() > kMostLetters ||
        std::any_of(account.id.begin(), account.id.end(), [](unsigned char each) {
          return !(std::isalnum(each) || each == '-' || each == '_' || each == '.' || each >= 0x80);
        }))
      tell(number, columns_[Id], "E-ACCOUNT-103",
           {"账号“" + account.id + "”里有空格或标点，或太长。",
            "An account's name has letters, digits, - _ . only."},
           {"只用汉字、字母、数字和 - _ .，不超过 64 个字节。",
            "Use letters, digits and - _ ., at most 64 bytes."});
    if (!account.id.empty())
      if (const auto [first, is_new] = rows_.emplace(account.id, number); !is_new)
        tell(
            number, columns_[Id], "E-ACCOUNT-104",
            {"账号“" + account.id + "”在第 " + std::to_string(first->second) + " 行已经有了。",
             "The account “" + account.id + "” is in row " + std::to_string(first->second) + " already."},
            {"一个账号一行，角色写在一格里，用、隔开。", "One row an account; its roles stand in one cell."});
    for (const std::string& word : words_of(text_of(Roles))) {
      if (const auto role = policy_.role_of(word))
        account.roles.push_back(*role);
      else
        tell_unknown(number, Roles, "E-ACCOUNT-105", word, policy_.role_names());
    }
    std::sort(account.roles.begin(), account.roles.end());
    account.roles.erase(std::unique(account.roles.begin(), account.roles.end()), account.roles.end());
    for (const std::string& word : words_of(text_of(Towns))) read_town(number, word, account);
    for (const std::string& word : words_of(text_of(Firms))) {
      const schema::CreditCode code = schema::read_credit_code(word);
      if (code.is_usable())
        account.firms.insert(code.code);
      else
        tell(number, columns_[Firms], "E-ACCOUNT-107",
             {"“" + word + "”不是统一社会信用代码。", "“" + word + "” is no credit code."},
             {"写 18 位代码，几家用、隔开；不要写企业名称。",
              "Write the 18 characters; several are parted by 、."});
    }
    const std::string disabled = text_of(Disabled);
    account.is_disabled = disabled == "是" || disabled == "停用" || disabled == "TRUE";
    if (!account.is_disabled && !disabled.empty() && disabled != "否" && disabled != "FALSE")
      tell(number, columns_[Disabled], "E-ACCOUNT-108", {"“停用”只写是或否。", "Write 是 or 否."},
           {"空着就是否。", "Empty means 否."});
    Diagnostics told;
    policy_.scope_of(account, {}, today_, &told);
    for (diagnostic::Diagnostic& each : told) {
      each.place = diagnostic::Place{
          .file = file_, .sheet = sheet_, .cell = sheet::cell_name(number, columns_[Roles])};
      out_.diagnostics.push_back(std::move(each));
    }
    out_.accounts.push_back(std::move(account));
    return true;
  }

 private:
  void tell(int row, int column, const char* code, text::Words message, text::Words advice) {
    out_.diagnostics.push_back(
        {.code = code,
         .place =
             diagnostic::Place{
                 .file = file_, .sheet = sheet_, .cell = sheet::cell_name(row, std::max(column, 1))},
         .message = std::move(message),
         .advice = std::move(advice)});
  }
  void tell_unknown(int row, Column column, const char* code, const std::string& word,
                    const std::vector<std::string>& known) {
    const std::string near = text::nearest(word, known);
    tell(row, columns_[column], code,
         {std::string("没有这个") + kHeaders[column] + "：“" + word + "”。", "“" + word + "” is not known."},
         near.empty() ? text::Words{"查对写法；角色见 tenglong access。", "Check it; roles: tenglong access."}
                      : text::Words{"是不是“" + near + "”？", "Did you mean “" + near + "”?"});
  }
  void read_town(int row, const std::string& word, access::KeptAccount& account) {
    std::vector<std::string> names;
    bool has_table = false;
    for (const schema::Codes& codes : schema_.codes) {
      if (codes.level != "town" && codes.id != "town") continue;
      has_table = true;
      if (const schema::CodeEntry* entry = codes.recognise(word)) {
        account.towns.insert(entry->code);
        return;
      }
      for (const schema::CodeEntry& entry : codes.entries) names.push_back(entry.name);
    }
    if (has_table)
      tell_unknown(row, Towns, "E-ACCOUNT-106", word, names);
    else
      account.towns.insert(word);
  }

  const std::string &file_, &sheet_;
  const sheet::Table& table_;
  const access::Policy& policy_;
  const schema::Schema& schema_;
  calendar::Date today_;
  Read& out_;
  int columns_[kColumns] = {};
  bool is_whole_ = true;
  std::map<std::string, int> rows_;
};

}  // namespace

Read read_accounts(const std::string& path, const access::Policy& policy, const schema::Schema& schema,
                   calendar::Date today) {
  Read out;
  const sheet::Opened opened = sheet::open(path);
  out.diagnostics = opened.diagnostics;
  if (!opened.workbook) return out;
  const sheet::FoundTable found = sheet::find_table(*opened.workbook, 0);
  out.diagnostics.insert(out.diagnostics.end(), found.diagnostics.begin(), found.diagnostics.end());
  if (!found.table) return out;
  const std::string sheet_name = opened.workbook->sheets()[0].name;
  Reader reader(path, sheet_name, *found.table, policy, schema, today, out);
  for (diagnostic::Diagnostic& each : opened.workbook->read(0, reader))
    out.diagnostics.push_back(std::move(each));
  if (diagnostic::has_errors(out.diagnostics)) out.accounts.clear();
  return out;
}

void write_accounts(const std::string& path, const access::Policy& policy,
                    const std::vector<access::KeptAccount>& accounts) {
  sheet::OutSheet layout{.name = "账号", .title = "账号名册"};
  for (int i = 0; i < kColumns; ++i)
    layout.columns.push_back({.header = {kHeaders[i]}, .number_format = "@", .is_required = kRequired[i]});
  layout.columns[Roles].note = "几个角色写在一格里，用、隔开。可写：";
  for (const std::string& name : policy.role_names())
    layout.columns[Roles].note += (name == policy.role_names().front() ? "" : "、") + name;
  layout.columns[Towns].note = "镇街的名称或代码，几个用、隔开。";
  layout.columns[Firms].note = "企业联络员自己的企业：18 位统一社会信用代码，几家用、隔开。";
  layout.columns[Disabled].choices = {"是", "否"};
  const auto joined = [](const auto& all) {
    std::string out;
    for (const std::string& each : all) out += (out.empty() ? "" : "、") + each;
    return out;
  };
  // Roles by the names that people know; one that the pack no longer has, as it is kept.
  const std::vector<std::string> ids = policy.roles(), names = policy.role_names();
  const auto named = [&](std::vector<std::string> roles) {
    for (std::string& role : roles)
      if (const auto found = std::find(ids.begin(), ids.end(), role); found != ids.end())
        role = names[static_cast<std::size_t>(found - ids.begin())];
    return roles;
  };
  sheet::WorkbookWriter workbook;
  workbook.begin_sheet(layout);
  for (const access::KeptAccount& each : accounts) {
    const sheet::OutCell cells[kColumns] = {sheet::OutCell::of_text(each.id),
                                            sheet::OutCell::of_text(each.name),
                                            sheet::OutCell::of_text(each.unit),
                                            sheet::OutCell::of_text(joined(named(each.roles))),
                                            sheet::OutCell::of_text(joined(each.towns)),
                                            sheet::OutCell::of_text(joined(each.firms)),
                                            sheet::OutCell::of_text(each.is_disabled ? "是" : "否")};
    workbook.row(cells);
  }
  workbook.finish_to(path);
}

}  // namespace tenglong::accounts
