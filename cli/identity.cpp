// tenglong identity: which enterprise is meant.
#include "engine/identity/identity.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "cli/inside/collection_commands.h"

namespace tenglong::cli {

namespace {

struct IdentityOptions {
  std::string name, code, enterprise, reason, by, on, kind, before, after, document;
  std::vector<std::string> from, to, near;
  bool is_different = false, replace = false;
};

bool has_rules(Session& session) {
  if (!session.pack()->name_rules.register_id.empty()) return true;
  std::fprintf(stderr, "%s\n",
               say(session.language(), "政策包里没有企业认定的规则（yaml identity）。",
                   "The pack has no rules of identity (yaml identity).")
                   .c_str());
  return false;
}

std::optional<calendar::Date> day_of(Session& session, const std::string& typed) {
  const auto day = typed.empty() ? std::optional(today()) : calendar::Date::parse_loosely(typed);
  if (!day)
    std::fprintf(stderr, "%s\n",
                 say(session.language(), "--on 要写日期，如 2022-05-01。", "--on needs a date.").c_str());
  return day;
}

identity::Index index(Session& session) {
  return identity::index_of(session.pack()->schema, session.store().registers(), session.pack()->name_rules,
                            session.store().identity().events(), session.store().identity().decisions());
}

Exit candidates(Session& session, const IdentityOptions& options) {
  if (session.pack() == nullptr || !has_rules(session)) return Exit::Findings;
  const auto on = day_of(session, options.on);
  if (!on) return Exit::Usage;
  const identity::Answer answer =
      index(session).ask({.name = options.name, .code = options.code, .near = options.near}, *on);
  if (answer.decided) {
    std::printf(say(session.language(), "已认定：%s\n", "Decided: %s\n").c_str(), answer.decided->c_str());
    return Exit::Ok;
  }
  for (const identity::Candidate& each : answer.candidates)
    std::printf("%s\n", text::in_language(explain(each), session.language()).c_str());
  if (answer.candidates.empty())
    std::printf("%s\n", say(session.language(), "没有相像的。确是新企业，补录到底册。",
                            "Nobody is alike. If it is new, enter it in the register.")
                            .c_str());
  return Exit::Ok;
}

Exit decide(Session& session, const IdentityOptions& options) {
  if (session.pack() == nullptr || !has_rules(session)) return Exit::Findings;
  identity::IdentityStore& kept = session.store().identity();
  const identity::Decision decision{
      .name = options.name,
      .code = options.code,
      .verdict = options.is_different ? identity::Verdict::Different : identity::Verdict::Same,
      .enterprise = options.enterprise,
      .reason = options.reason,
      .by = account_of(options.by),
      .at = now_text()};
  if (options.name.empty() && options.code.empty()) {
    std::fprintf(stderr, "%s\n",
                 say(session.language(), "写明来表里的名称（或 --code 代码）。",
                     "Give the name as written, or --code.")
                     .c_str());
    return Exit::Usage;
  }
  if (index(session).find(options.enterprise) == nullptr) {
    std::fprintf(stderr, say(session.language(), "底册里没有 %s。\n", "%s is not in the register.\n").c_str(),
                 options.enterprise.c_str());
    return Exit::Findings;
  }
  std::vector<identity::Decision> all = kept.decisions();
  if (options.replace)
    std::erase_if(all, [&](const identity::Decision& each) { return key_of(each) == key_of(decision); });
  else
    std::erase_if(all, [&](const identity::Decision& each) {
      return key_of(each) == key_of(decision) && each.enterprise == decision.enterprise &&
             each.verdict == decision.verdict;
    });
  all.push_back(decision);
  const diagnostic::Diagnostics against = identity::contradictions(all, kept.events());
  print_diagnostics(against, session.common());
  if (!against.empty()) return Exit::Findings;
  if (options.replace)
    for (identity::Decision each : kept.decisions())
      if (key_of(each) == key_of(decision) && each.enterprise != decision.enterprise &&
          each.verdict == identity::Verdict::Same) {
        each.verdict = identity::Verdict::Different;
        each.by = decision.by;
        each.at = decision.at;
        each.reason = decision.reason;
        kept.decide(each);
      }
  kept.decide(decision);
  std::printf("%s %s %s\n", (options.name + options.code).c_str(),
              options.is_different ? say(session.language(), "不是", "is not").c_str()
                                   : say(session.language(), "认定为", "is").c_str(),
              options.enterprise.c_str());
  return Exit::Ok;
}

// To somebody whom neither the register nor an earlier event knows, nothing can have happened.
void check_known(Session& session, const identity::Event& event, diagnostic::Diagnostics& wrong) {
  const identity::Index enterprises = index(session);
  const std::vector<identity::Event> events = session.store().identity().events();
  const auto knows = [&](const std::string& code) {
    const auto names = [&](const std::vector<std::string>& codes) {
      return std::find(codes.begin(), codes.end(), code) != codes.end();
    };
    return enterprises.find(code) != nullptr ||
           std::any_of(events.begin(), events.end(),
                       [&](const identity::Event& each) { return names(each.from) || names(each.to); });
  };
  if (std::any_of(event.from.begin(), event.from.end(), knows) ||
      std::any_of(event.to.begin(), event.to.end(), knows))
    return;
  for (const std::string& code : event.from) {
    const identity::Answer who = enterprises.ask({.code = code}, event.on);
    text::Words advice = {"核对代码；确是本区企业，先补录到底册。",
                          "Check the code; if it is one of the district, enter it first."};
    if (who.decided)
      advice = {"以前认定为 " + *who.decided + "，写它的代码。",
                "It was decided to be " + *who.decided + ": name that."};
    else if (!who.candidates.empty())
      advice = {"像是 " + explain(who.candidates[0]).zh + "；核对代码。",
                "It may be " + explain(who.candidates[0]).en + "."};
    wrong.push_back({.code = "E-IDENTITY-107",
                     .message = {"底册和以前的变更里都没有 " + code + "。",
                                 "Neither the register nor an earlier event knows " + code + "."},
                     .advice = std::move(advice)});
  }
}

Exit enter(Session& session, const IdentityOptions& options) {
  if (session.pack() == nullptr) return Exit::Findings;
  const auto kind = identity::event_kind_of(options.kind);
  const auto on = day_of(session, options.on);
  if (!kind || !on) {
    if (!kind)
      std::fprintf(stderr, "%s\n",
                   say(session.language(), "事件写 更名 换码 合并 分立 注销 迁移 之一。",
                       "The kind is rename, recode, merge, split, close or move.")
                       .c_str());
    return Exit::Usage;
  }
  identity::IdentityStore& kept = session.store().identity();
  const identity::Event event{.kind = *kind,
                              .on = *on,
                              .from = options.from,
                              .to = options.to,
                              .before = options.before,
                              .after = options.after,
                              .document = options.document,
                              .by = account_of(options.by),
                              .at = now_text()};
  diagnostic::Diagnostics wrong = identity::check(event, kept.events());
  if (wrong.empty() && !session.pack()->name_rules.register_id.empty()) check_known(session, event, wrong);
  print_diagnostics(wrong, session.common());
  if (!wrong.empty()) return Exit::Findings;
  const std::int64_t number = kept.add(event);
  std::printf(
      say(session.language(), "第 %lld 号变更已记：%s %s\n", "event %lld is entered: %s %s\n").c_str(),
      static_cast<long long>(number), name_of(*kind).zh.c_str(), on->to_string().c_str());
  return Exit::Ok;
}

std::string in_words(const identity::Event& event) {
  std::string out =
      std::to_string(event.number) + "  " + event.on.to_string() + " " + name_of(event.kind).zh + " ";
  for (std::size_t i = 0; i < event.from.size(); ++i) out += (i ? "、" : "") + event.from[i];
  for (std::size_t i = 0; i < event.to.size(); ++i) out += (i ? "、" : " → ") + event.to[i];
  if (!event.after.empty()) out += "：" + event.before + " → " + event.after;
  if (!event.document.empty()) out += "（" + event.document + "）";
  return out;
}

Exit events(Session& session) {
  if (session.pack() == nullptr) return Exit::Findings;
  for (const identity::Event& each : session.store().identity().events())
    std::printf("%s\n", in_words(each).c_str());
  print_diagnostics(
      identity::contradictions(session.store().identity().decisions(), session.store().identity().events()),
      session.common());
  return Exit::Ok;
}

Exit history(Session& session, const IdentityOptions& options) {
  if (session.pack() == nullptr || !has_rules(session)) return Exit::Findings;
  const auto on = day_of(session, options.on);
  if (!on) return Exit::Usage;
  const std::vector<identity::Event> all = session.store().identity().events();
  const identity::Index enterprises = index(session);
  const identity::Index::Enterprise* one = enterprises.find(options.code);
  for (const identity::Name& each : identity::names_of(options.code, one ? one->name : "", all))
    std::printf("%s  %s — %s\n", each.name.c_str(), each.from ? each.from->to_string().c_str() : "",
                each.until ? each.until->to_string().c_str() : "");
  const identity::Succession since = identity::successor_of(options.code, *on, all);
  for (const identity::Event& each : since.followed) std::printf("  %s\n", in_words(each).c_str());
  if (!since.is_itself(options.code)) {
    std::string now;
    for (std::size_t i = 0; i < since.codes.size(); ++i) now += (i ? "、" : "") + since.codes[i];
    std::printf(say(session.language(), "%s 时为：%s\n", "on %s: %s\n").c_str(), on->to_string().c_str(),
                now.empty() ? say(session.language(), "已注销", "closed").c_str() : now.c_str());
  }
  if (one == nullptr && since.followed.empty()) {
    std::fprintf(stderr, "%s\n",
                 say(session.language(), "底册和变更里都没有这个代码。",
                     "Neither the register nor an event knows this code.")
                     .c_str());
    return Exit::Findings;
  }
  return Exit::Ok;
}

}  // namespace

void add_identity_commands(CLI::App& app, const Common& common, const Wiring& with_session) {
  const auto t = [&](const char* zh, const char* en) { return say(common.language, zh, en); };
  auto* command =
      app.add_subcommand("identity", t("企业是谁：候选、认定、沿革、变更", "which enterprise is meant"));
  command->require_subcommand(1);
  const auto asking = std::make_shared<IdentityOptions>();
  auto* asked = command->add_subcommand(
      "candidates", t("一个名称（代码）可能是谁，为什么", "who a name or code may be, and why"));
  asked->add_option("name", asking->name, t("来表里写的名称", "the name as written"));
  asked->add_option("--code", asking->code, t("来表里写的代码", "the code as written"));
  asked->add_option("--near", asking->near,
                    t("旁证，按政策包 near 的次序", "values of the pack's `near`, in order"));
  asked->add_option("--on", asking->on, t("哪一天，缺省今天", "which day; else today"));
  asked->callback(with_session([asking](Session& s) { return candidates(s, *asking); }));

  const auto deciding = std::make_shared<IdentityOptions>();
  auto* decided =
      command->add_subcommand("decide", t("认定（或说明不是），以后不再问", "decide; never asked again"));
  decided->add_option("enterprise", deciding->enterprise, t("底册里的代码", "code in the register"))
      ->required();
  decided->add_option("--name", deciding->name, t("来表里写的名称", "the name as written"));
  decided->add_option("--code", deciding->code, t("来表里写的代码", "the code as written"));
  decided->add_flag("--different", deciding->is_different, t("不是它", "it is not"));
  decided->add_flag("--replace", deciding->replace, t("改掉以前的认定", "in the place of what was decided"));
  decided->add_option("--reason", deciding->reason, t("理由", "reason"));
  decided->add_option("--by", deciding->by, t("经办人", "who"));
  decided->callback(with_session([deciding](Session& s) { return decide(s, *deciding); }));

  const auto told = std::make_shared<IdentityOptions>();
  auto* history_of =
      command->add_subcommand("history", t("一个代码叫过什么、成了谁", "its names, and who it became"));
  history_of->add_option("code", told->code, t("代码", "code"))->required();
  history_of->add_option("--on", told->on, t("到哪一天，缺省今天", "until which day; else today"));
  history_of->callback(with_session([told](Session& s) { return history(s, *told); }));

  const auto entering = std::make_shared<IdentityOptions>();
  auto* entered =
      command->add_subcommand("enter", t("记一次更名、换码、合并、分立、注销、迁移", "enter an event"));
  entered
      ->add_option("kind", entering->kind,
                   t("更名 换码 合并 分立 注销 迁移", "rename recode merge split close move"))
      ->required();
  entered->add_option("--from", entering->from, t("变更前的代码，可多个", "codes before"))->required();
  entered->add_option("--to", entering->to, t("变更后的代码，可多个", "codes after"));
  entered->add_option("--on", entering->on, t("哪一天起", "from which day"))->required();
  entered->add_option("--before", entering->before, t("原名称或原地", "the name or place before"));
  entered->add_option("--after", entering->after, t("新名称或新地", "the name or place after"));
  entered->add_option("--document", entering->document, t("文号", "document number"));
  entered->add_option("--by", entering->by, t("经办人", "who"));
  entered->callback(with_session([entering](Session& s) { return enter(s, *entering); }));
  command
      ->add_subcommand("events", t("全部变更，和互相矛盾的认定", "all events, and decisions that contradict"))
      ->callback(with_session(events));
}

}  // namespace tenglong::cli
