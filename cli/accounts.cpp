#include "campaign/accounts/accounts.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "cli/inside/commands.h"
#include "cli/inside/wiring.h"

namespace tenglong::cli {

namespace {

Exit import_accounts(Session& session, const std::string& file) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  const Common& common = session.common();
  accounts::Read read = accounts::read_accounts(file, session.policy(), pack->schema, today());
  if (!diagnostic::has_errors(read.diagnostics))
    access::check_changes(session.scope(), session.store().accounts().accounts(), read.accounts,
                          read.diagnostics);
  print_diagnostics(read.diagnostics, common);
  if (diagnostic::has_errors(read.diagnostics)) return Exit::Findings;
  session.store().accounts().keep(read.accounts);
  std::printf("%s\n", (say(common.language, "账号 ", "accounts: ") + std::to_string(read.accounts.size()) +
                       say(common.language, " 个", ""))
                          .c_str());
  return Exit::Ok;
}

Exit write_accounts(Session& session, const std::string& file, bool with_accounts) {
  if (session.pack() == nullptr) return Exit::Findings;
  std::vector<access::KeptAccount> all;
  if (with_accounts) {
    const access::Answer answer = session.scope().may(access::Operation::ManageAccount, {});
    if (!answer.allowed) {
      std::fprintf(stderr, "%s\n",
                   text::in_language(session.scope().refusal(answer), session.language()).c_str());
      return Exit::Findings;
    }
    all = session.store().accounts().accounts();
  }
  accounts::write_accounts(file, session.policy(), all);
  std::printf("%s\n", file.c_str());
  return Exit::Ok;
}

struct ConsentOptions {
  std::string firm = {}, unit = {}, from = {}, to = {};
};

Exit change_consent(Session& session, const ConsentOptions& options, bool gives) {
  if (session.pack() == nullptr) return Exit::Findings;
  const Common& common = session.common();
  const auto refuse = [&](const text::Words& words) {
    std::fprintf(stderr, "%s\n", text::in_language(words, common.language).c_str());
    return Exit::Findings;
  };
  const auto operation = gives ? access::Operation::GiveConsent : access::Operation::WithdrawConsent;
  const access::Answer answer = session.scope().may(operation, {.firm = options.firm});
  if (!answer.allowed) return refuse(session.scope().refusal(answer));
  const auto from =
      options.from.empty() ? std::optional(today()) : calendar::Date::parse_loosely(options.from);
  const auto to = calendar::Date::parse_loosely(options.to);
  if (!from || (!options.to.empty() && !to) || (to && *to < *from))
    return refuse(
        {"日期认不出，或止日早于起日。写 2023-06-01。", "The dates are not understood; write 2023-06-01."});
  if (gives) {
    session.store().accounts().give({.firm = options.firm, .unit = options.unit, .from = *from, .to = to});
    std::printf("%s\n", say(common.language, "已授权。", "Consent is given.").c_str());
    return Exit::Ok;
  }
  const int ended = session.store().accounts().withdraw(options.firm, options.unit, *from);
  if (ended == 0) return refuse({"没有可撤回的授权。", "There is no consent to withdraw."});
  std::printf("%s\n", say(common.language, "已撤回，即刻生效。", "Consent is withdrawn at once.").c_str());
  return Exit::Ok;
}

struct WhyOptions {
  std::string operation = {}, register_id = {}, key = {};
};

// Whether an account may do something to a record, by which line or for want of which, and who could help.
Exit why(Session& session, const WhyOptions& options) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  const Common& common = session.common();
  const access::OperationInfo* operation = nullptr;
  for (const access::OperationInfo& each : access::operations())
    if (each.id == options.operation || each.zh == options.operation) operation = &each;
  if (operation == nullptr) {
    std::fprintf(stderr, "%s\n",
                 say(common.language, "没有这种操作；全表见 tenglong access。",
                     "No such operation; see tenglong access.")
                     .c_str());
    return Exit::Usage;
  }
  access::Object object;
  if (!options.register_id.empty()) {
    const schema::Register* target = pack->schema.find(options.register_id);
    const auto found = target == nullptr
                           ? std::nullopt
                           : session.whole_store().lists().object_of(target->id, options.key,
                                                                     calendar::Period::parse(common.period));
    if (!found) {
      std::fprintf(stderr, "%s\n",
                   say(common.language, "没有这条记录。", "There is no such record.").c_str());
      return Exit::Findings;
    }
    object = *found;
  }
  const access::Scope& scope = session.scope();
  const access::Answer answer = scope.may(operation->operation, object);
  std::printf("%s\n", (std::string(answer.allowed ? say(common.language, "可以", "allowed")
                                                  : say(common.language, "不可以", "denied")) +
                       (answer.allowed ? say(common.language, "，看到字段：", ", fields up to: ") +
                                             schema::kSensitivities[static_cast<std::size_t>(answer.level)]
                                       : "：" + text::in_language(answer.why, common.language)))
                          .c_str());
  if (!options.register_id.empty())
    std::printf("%s %s%s%s，%s %s，%s\n", say(common.language, "记录：企业", "record: firm").c_str(),
                object.firm.c_str(),
                object.town.empty() ? "" : say(common.language, "，镇街 ", ", town ").c_str(),
                object.town.c_str(), say(common.language, "状态", "state").c_str(),
                access::kStateNames[static_cast<std::size_t>(object.state)], object.register_id.c_str());
  for (const access::Reason& each : scope.reasons(operation->operation, object))
    std::printf("  %s %s\n", diagnostic::to_string(each.place).c_str(),
                text::in_language(each.says, common.language).c_str());
  return answer.allowed ? Exit::Ok : Exit::Findings;
}

}  // namespace

void add_account_commands(CLI::App& app, const Common& common, const WithSession& with_session) {
  const auto t = [&](const char* zh, const char* en) { return say(common.language, zh, en); };
  auto* accounts_command = app.add_subcommand("accounts", t("账号名册与授权", "accounts and consents"));
  accounts_command->require_subcommand(1);
  auto file = std::make_shared<std::string>();
  auto* import_command = accounts_command->add_subcommand(
      "import", t("从一张表导入账号，毛病一次列全", "import accounts from a sheet"));
  import_command->add_option("file", *file, t("文件", "file"))->required();
  import_command->callback(
      with_session([file](Session& session) { return import_accounts(session, *file); }));
  auto empty = std::make_shared<std::string>("账号_模板.xlsx");
  auto* template_command = accounts_command->add_subcommand("template", t("空的填报表", "the empty sheet"));
  template_command->add_option("file", *empty, t("文件", "file"))->capture_default_str();
  template_command->callback(
      with_session([empty](Session& session) { return write_accounts(session, *empty, false); }));
  auto filled = std::make_shared<std::string>("账号.xlsx");
  auto* export_command =
      accounts_command->add_subcommand("export", t("现有账号写成表", "the accounts as a sheet"));
  export_command->add_option("file", *filled, t("文件", "file"))->capture_default_str();
  export_command->callback(
      with_session([filled](Session& session) { return write_accounts(session, *filled, true); }));

  auto* consent_command =
      app.add_subcommand("consent", t("企业授权外单位，撤回即止", "consents of firms to units"));
  consent_command->require_subcommand(1);
  auto consent = std::make_shared<ConsentOptions>();
  for (const bool gives : {true, false}) {
    auto* command = consent_command->add_subcommand(gives ? "give" : "withdraw",
                                                    gives ? t("授权", "give") : t("撤回", "withdraw"));
    command->add_option("firm", consent->firm, t("企业代码", "credit code"))->required();
    command->add_option("unit", consent->unit, t("外单位", "unit"))->required();
    command->add_option("--from", consent->from, t("起日（撤回：自哪天）", "from this day"));
    if (gives) command->add_option("--to", consent->to, t("止日", "until this day"));
    command->callback(with_session(
        [consent, gives](Session& session) { return change_consent(session, *consent, gives); }));
  }

  auto asked = std::make_shared<WhyOptions>();
  auto* access_command = app.add_subcommand("access", t("谁能看什么、做什么", "who may see and do what"));
  auto as_csv = std::make_shared<bool>(false);
  access_command->add_flag("--csv", *as_csv, t("给出的每一格一行", "a line for every cell that is granted"));
  auto matrix = with_session([as_csv](Session& session) { return access_rights(session, *as_csv); });
  access_command->callback([access_command, matrix] {
    if (access_command->get_subcommands().empty()) matrix();
  });
  auto* why_command = access_command->add_subcommand(
      "why", t("某账号能不能对某条记录做某事：哪一行给的，差哪一行，谁能办",
               "whether an account may do something to a record: which line says so, or who could"));
  why_command
      ->add_option("operation", asked->operation, t("操作，如 看台账", "operation, such as read_record"))
      ->required();
  why_command->add_option("--register", asked->register_id, t("台账 id", "register id"));
  why_command->add_option("--record", asked->key, t("记录代码", "record key"));
  why_command->callback(with_session([asked](Session& session) { return why(session, *asked); }));
}

}  // namespace tenglong::cli
