// tenglong items, confirm, lock, overdue, series, record: 收数.
#include "campaign/collection/collection.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>

#include "campaign/collection/series.h"
#include "cli/inside/collection_commands.h"
#include "engine/identity/identity.h"
#include "engine/register/record_key.h"
#include "engine/text/json_writer.h"

namespace tenglong::cli {

using collection::Act;
using collection::Done;
using collection::ItemState;
using collection::Present;

namespace {

void complain(const Common& common, const char* zh, const char* en) {
  std::fprintf(stderr, "%s\n", say(common.language, zh, en).c_str());
}

template <class T>
bool is_granted(const Common& common, const collection::Decision<T>& decision) {
  for (const collection::Reason& each : decision.refused_because)
    std::fprintf(stderr, "%s %s\n  %s %s\n", say(common.language, "不能办：", "Refused:").c_str(),
                 text::in_language(each.why, common.language).c_str(),
                 say(common.language, "怎样办：", "Cure:").c_str(),
                 text::in_language(each.cure, common.language).c_str());
  return decision.granted.has_value();
}

// The year asked for, else the latest that has data.
std::optional<calendar::Period> asked_year(Session& session) {
  const std::optional<calendar::Period> period = session.period();
  if (!period)
    complain(session.common(), "没有数据，也没有写 --period。",
             "There is no data, and no --period was given.");
  return period;
}

Done done_so_far(Session& session) {
  return {session.whole_store().collection().confirmations(), session.whole_store().collection().locked()};
}

// An enterprise that had ended before a period owes nothing in it.
collection::WasThere was_there(Session& session) {
  std::map<std::string, calendar::Date, std::less<>> ended;
  for (const identity::Event& event : session.whole_store().identity().events()) {
    if (event.kind == identity::EventKind::Rename || event.kind == identity::EventKind::Move) continue;
    for (const std::string& code : event.from)
      if (std::find(event.to.begin(), event.to.end(), code) == event.to.end()) ended.emplace(code, event.on);
  }
  return [ended = std::move(ended)](std::string_view key, const calendar::Period& period) {
    const auto found = ended.find(key);
    return found == ended.end() || period.from < found->second;
  };
}

std::vector<Present> items_of(Session& session, const calendar::Period& within) {
  return collection::survey(*session.pack(), session.snapshot(), within, done_so_far(session),
                            was_there(session));
}

void print_item(const Common& common, const schema::Schema& schema, const Present& each) {
  const schema::Register* target = schema.find(each.item.register_id);
  std::printf("%s  %s %s  %s  %s", text::in_language(name_of(each.state), common.language).c_str(),
              target->name.c_str(), each.item.period.to_string().c_str(), each.name.c_str(),
              each.item.provider.c_str());
  std::printf(say(common.language, "  %s 到期  应 %lld 有 %lld", "  due %s  of %lld has %lld").c_str(),
              each.due.to_string().c_str(), static_cast<long long>(each.expected),
              static_cast<long long>(each.reported()));
  const auto more = [&](const char* zh, const char* en, std::int64_t count) {
    if (count > 0)
      std::printf(" %s %lld", say(common.language, zh, en).c_str(), static_cast<long long>(count));
  };
  more("不适用", "not applicable", each.not_applicable);
  more("不要求也报了", "not due, sent all the same", each.besides());
  more("缺", "missing", each.missing);
  more("存疑", "disputed", each.disputed);
  more("尚不能判断", "not known whether due", each.undetermined);
  if (each.has_changed)
    std::printf("  %s",
                say(common.language, "确认以后有变动，要再确认", "changed since it was confirmed").c_str());
  if (each.state == ItemState::Returned) std::printf("  %s", each.last->reason.c_str());
  std::printf("\n    %s\n", to_text(each.item).c_str());
}

// Whoever may do one of these to an item sees how it stands.
constexpr std::array kOfItems = {access::Operation::ConfirmItem, access::Operation::ImportBatch,
                                 access::Operation::ReadRecord};

Exit items(Session& session) {
  if (session.pack() == nullptr) return Exit::Findings;
  const auto period = asked_year(session);
  if (!period) return Exit::Usage;
  std::vector<Present> all = items_of(session, *period);
  std::erase_if(all, [&](const Present& each) {
    const access::Object object{
        .department = each.item.provider,
        .meant_for = each.item.provider,
        .state = session.whole_store().lists().state_of(each.item.register_id, each.item.period),
        .register_id = each.item.register_id};
    return std::none_of(kOfItems.begin(), kOfItems.end(), [&](access::Operation operation) {
      return session.scope().may(operation, object).allowed;
    });
  });
  if (session.common().json) {
    text::JsonWriter json;
    json.begin_array();
    for (const Present& each : all) {
      json.begin_object()
          .member("item", to_text(each.item))
          .member("name", each.name)
          .member("provider", each.item.provider)
          .member("period", each.item.period.to_string())
          .member("due", each.due.to_string())
          .member("state", name_of(each.state).zh)
          .member("expected", each.expected)
          .member("reported", each.reported())
          .member("besides", each.besides())
          .member("not_applicable", each.not_applicable)
          .member("missing", each.missing)
          .member("disputed", each.disputed)
          .member("undetermined", each.undetermined)
          .member("has_changed", each.has_changed);
      json.end_object();
    }
    std::printf("%s\n", json.end_array().take().c_str());
    return Exit::Ok;
  }
  for (const Present& each : all) print_item(session.common(), session.pack()->schema, each);
  if (all.empty())
    complain(session.common(), "政策包没有声明要收的数（yaml collection）。",
             "Nothing is declared to be collected.");
  return Exit::Ok;
}

struct ConfirmOptions {
  std::vector<std::string> items;
  std::string by, reason;
  bool is_return = false;
};

Exit confirm_items(Session& session, const ConfirmOptions& options) {
  if (session.pack() == nullptr) return Exit::Findings;
  const Common& common = session.common();
  bool clean = true;
  for (const std::string& typed : options.items) {
    const auto item = collection::item_of(typed);
    if (!item) {
      std::fprintf(stderr,
                   say(common.language, "“%s”不是一个数据项；照 tenglong items 列出的写。\n",
                       "“%s” is no item; write it as tenglong items does.\n")
                       .c_str(),
                   typed.c_str());
      clean = false;
      continue;
    }
    const std::vector<Present> all = items_of(session, calendar::Period::year(item->period.from.year));
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Present& each) { return each.item == *item; });
    if (found == all.end()) {
      std::fprintf(stderr, say(common.language, "没有数据项 %s。\n", "There is no item %s.\n").c_str(),
                   typed.c_str());
      clean = false;
      continue;
    }
    const auto verdict = options.is_return ? collection::Verdict::Returned : collection::Verdict::Confirmed;
    const auto decision =
        collection::confirm(*found, all, verdict, options.reason, {account_of(options.by), now_text()});
    if (!is_granted(common, decision)) {
      clean = false;
      continue;
    }
    session.store().collection().keep(*decision.granted);
    std::printf("%s %s\n", typed.c_str(),
                options.is_return ? say(common.language, "已退回", "returned").c_str()
                                  : say(common.language, "已确认", "confirmed").c_str());
  }
  return clean ? Exit::Ok : Exit::Findings;
}

struct LockOptions {
  std::string by, accepted_by, reason;
  std::vector<std::string> except;
};

Exit lock_year(Session& session, const LockOptions& options) {
  if (session.pack() == nullptr) return Exit::Findings;
  const Common& common = session.common();
  const auto period = asked_year(session);
  if (!period) return Exit::Usage;
  std::vector<collection::Exception> exceptions;
  for (const std::string& typed : options.except) {
    const auto item = collection::item_of(typed);
    if (!item) {
      std::fprintf(stderr,
                   say(common.language, "“%s”不是一个数据项；照 tenglong items 列出的写。\n",
                       "“%s” is no item; write it as tenglong items does.\n")
                       .c_str(),
                   typed.c_str());
      return Exit::Usage;
    }
    exceptions.push_back({*item, options.reason, options.accepted_by});
  }
  const auto decision =
      collection::lock(*period, items_of(session, *period), exceptions, session.snapshot(),
                       session.store().collection().locked(), {account_of(options.by), now_text()});
  if (!is_granted(common, decision)) return Exit::Findings;
  session.store().collection().keep(*decision.granted);
  std::printf(say(common.language, "%s 已锁定：第 1 号快照，到第 %lld 批，指纹 %s\n",
                  "%s is locked: snapshot 1, through batch %lld, fingerprint %s\n")
                  .c_str(),
              period->to_string().c_str(), static_cast<long long>(decision.granted->through.value),
              decision.granted->fingerprint.c_str());
  return Exit::Ok;
}

struct OverdueOptions {
  std::string on, by;
  bool send = false;
};

Exit overdue(Session& session, const OverdueOptions& options) {
  if (session.pack() == nullptr) return Exit::Findings;
  const Common& common = session.common();
  const auto on = options.on.empty() ? std::optional(today()) : calendar::Date::parse_loosely(options.on);
  if (!on) {
    complain(common, "--on 要写一个日期，如 2024-04-16。", "--on needs a date, such as 2024-04-16.");
    return Exit::Usage;
  }
  // What falls due by a day belongs to the years before and of it, unless one is asked for.
  std::vector<Present> all;
  for (const int year : {on->year - 1, on->year}) {
    const calendar::Period period = calendar::Period::year(year);
    if (!common.period.empty() && calendar::Period::parse(common.period) != period) continue;
    for (Present& each : collection::survey(*session.pack(), session.snapshot(), period, done_so_far(session),
                                            was_there(session)))
      all.push_back(std::move(each));
  }
  const schema::NameRules& rules = session.pack()->name_rules;
  const auto name_of_record = [&](std::string_view register_id, std::string_view key) {
    const schema::Register* target = session.pack()->schema.find(register_id);
    const column::Table* table =
        target ? session.snapshot().find(target->of.empty() ? target->id : target->of) : nullptr;
    const schema::Register* named = table ? session.pack()->schema.find(table->register_id) : nullptr;
    const int field = named && named->id == rules.register_id ? named->field_index(rules.name_field) : -1;
    const std::int32_t row = table ? table->find(key, std::nullopt) : -1;
    if (field < 0 || row < 0) return registers::shown_key(std::string(key));
    const feel::Value name =
        column::value_of(*table, static_cast<std::size_t>(field), static_cast<std::size_t>(row));
    return name.is_null() ? registers::shown_key(std::string(key)) : name.to_text();
  };
  const std::vector<collection::Arrears> arrears = collection::overdue(all, *on);
  for (const collection::Arrears& each : arrears) {
    collection::Reminder letter = letter_to(each, *on, session.pack()->schema, name_of_record);
    std::printf("%s\n", letter.text.c_str());
    if (!options.send) continue;
    letter.by = account_of(options.by);
    letter.at = now_text();
    std::printf("%s\n\n", session.store().collection().keep(letter)
                              ? say(common.language, "已记为发出。", "Kept as sent.").c_str()
                              : say(common.language, "这一天已给这个单位发过，没有再发。",
                                    "This unit had its letter that day; no second was sent.")
                                    .c_str());
  }
  if (arrears.empty())
    std::printf("%s\n", say(common.language, "没有逾期的。", "Nothing is overdue.").c_str());
  return Exit::Ok;
}

struct RecordOptions {
  std::string register_id, key, field, as_of, known_on;
  int snapshot = 0;
};

bool read_view(Session& session, const RecordOptions& options, registers::View& view) {
  if (!options.as_of.empty()) view.as_of = calendar::Date::parse_loosely(options.as_of);
  if (!options.known_on.empty()) view.known_on = calendar::Moment::parse_through(options.known_on);
  if ((!options.as_of.empty() && !view.as_of) || (!options.known_on.empty() && !view.known_on)) {
    complain(session.common(),
             "--as-of 写日期，如 2023-05-01；--known-on 写日期或时刻，如 2023-05-06T09:10。",
             "--as-of needs a date, --known-on a date or a moment.");
    return false;
  }
  if (options.snapshot == 0) return true;
  const auto period = session.period();
  for (const collection::Locked& each : session.store().collection().locked())
    if (period && each.period == *period && each.number == options.snapshot) {
      const registers::View locked = view_of(each);
      view.through = locked.through;
      view.also = locked.also;
      return true;
    }
  std::fprintf(stderr,
               say(session.common().language, "没有第 %d 号快照；用 --period 写年度。\n",
                   "There is no snapshot %d; say the year by --period.\n")
                   .c_str(),
               options.snapshot);
  return false;
}

std::string origin_text(const registers::Batch& batch, const registers::Origin& origin) {
  std::string out = batch.provider;
  if (!batch.file_name.empty()) out += "，" + batch.file_name;
  if (!origin.sheet.empty()) out += "!" + origin.sheet;
  if (!origin.cell.empty()) out += "!" + origin.cell;
  if (origin.row > 0) out += " 第 " + std::to_string(origin.row) + " 行";
  if (!batch.submitter.empty()) out += "，" + batch.submitter + " 交";
  if (!batch.received_at.empty()) out += "，" + batch.received_at;
  if (batch.source != registers::Source::File) out += "，" + name_of(batch.source).zh;
  if (!batch.reason.empty()) out += "：" + batch.reason;
  return out;
}

// Every value with where it came from, its rivals, and what decided.
Exit record(Session& session, const RecordOptions& options) {
  if (session.pack() == nullptr) return Exit::Findings;
  const schema::Register* target = register_named(session, options.register_id);
  if (target == nullptr) return Exit::Usage;
  registers::View view;
  if (!read_view(session, options, view)) return Exit::Usage;
  const int only = options.field.empty() ? -1 : field_named(session, *target, options.field);
  if (!options.field.empty() && only < 0) return Exit::Usage;
  const registers::RegisterStore& store = session.store().registers();
  const registers::Batches batches(store.batches());
  const auto records = registers::read_record(store, *target, key_typed(*target, options.key), view);
  const auto asked =
      session.common().period.empty() ? std::nullopt : calendar::Period::parse(session.common().period);
  bool found = false;
  for (const registers::Record& one : records) {
    if (asked && one.period && !asked->contains(*one.period)) continue;
    found = true;
    std::printf("%s %s %s\n", target->name.c_str(), registers::shown_key(one.key).c_str(),
                one.period ? one.period->to_string().c_str() : "");
    for (std::size_t i = 0; i < one.fields.size(); ++i) {
      const registers::Resolved& held = one.fields[i];
      if ((only >= 0 && static_cast<int>(i) != only) || held.origin.batch.value == 0) continue;
      const schema::Field& field = target->fields[i];
      std::string value = registers::to_text(held.value);
      if (const auto* truth = std::get_if<bool>(&held.value)) value = *truth ? "是" : "否";
      if (held.state == quantity::State::Missing) value = "缺报";
      if (held.state == quantity::State::NotApplicable) value = "不适用";
      if (!field.unit.is_bare() && held.state == quantity::State::Known) value += " " + field.unit.name();
      if (held.state == quantity::State::Disputed) value += "（存疑）";
      if (held.is_preliminary) value += "（快报）";
      std::printf("  %s  %s\n    来自 %s\n", field.name.c_str(), value.c_str(),
                  origin_text(batches.at(held.origin.batch), held.origin).c_str());
      if (held.preliminary)
        std::printf(
            "    快报 %s，%s\n", registers::to_text(held.preliminary->value).c_str(),
            origin_text(batches.at(held.preliminary->origin.batch), held.preliminary->origin).c_str());
      for (const registers::Resolved::Rival& rival : held.rivals)
        std::printf("    异说 %s，%s\n", registers::to_text(rival.value).c_str(),
                    origin_text(batches.at(rival.origin.batch), rival.origin).c_str());
      if (held.ruling.value > 0) {
        const registers::Batch& ruling = batches.at(held.ruling);
        std::printf("    定于 %s，%s，%s：%s\n", name_of(ruling.source).zh.c_str(), ruling.submitter.c_str(),
                    ruling.received_at.c_str(), ruling.reason.c_str());
      }
    }
  }
  if (!found) {
    complain(session.common(), "这个视角里没有这条记录。", "There is no such record in this view.");
    return Exit::Findings;
  }
  return Exit::Ok;
}

Exit series(Session& session, const RecordOptions& options) {
  if (session.pack() == nullptr) return Exit::Findings;
  const schema::Register* target = register_named(session, options.register_id);
  if (target == nullptr) return Exit::Usage;
  const registers::RegisterStore& store = session.store().registers();
  if (options.key.empty()) {
    const diagnostic::Diagnostics found = collection::check_series(store, *target, {});
    print_diagnostics(found, session.common());
    std::printf(say(session.common().language, "累计数回落 %zu 处\n", "%zu sums fall\n").c_str(),
                found.size());
    return found.empty() ? Exit::Ok : Exit::Findings;
  }
  for (std::size_t i = 0; i < target->fields.size(); ++i) {
    if (!options.field.empty() && field_named(session, *target, options.field) != static_cast<int>(i))
      continue;
    if (target->fields[i].type != schema::FieldType::Number) continue;
    std::printf("%s（%s）\n", target->fields[i].name.c_str(), target->fields[i].unit.name().c_str());
    for (const collection::Point& each :
         collection::series_of(store, *target, key_typed(*target, options.key), static_cast<int>(i), {})) {
      std::printf(
          "  %s  %s", each.period.to_string().c_str(),
          each.held.state == quantity::State::Missing ? "缺报" : registers::to_text(each.held.value).c_str());
      if (target->fields[i].accumulates == schema::Accumulates::YearToDate)
        std::printf("  本期 %s", each.own ? each.own->to_string().c_str() : "不知道");
      if (each.held.is_preliminary) std::printf("  快报");
      if (each.held.preliminary) {
        const auto* before = std::get_if<quantity::Decimal>(&each.held.preliminary->value);
        const auto* now = std::get_if<quantity::Decimal>(&each.held.value);
        std::printf("  快报 %s", registers::to_text(each.held.preliminary->value).c_str());
        if (before && now) std::printf("，差 %s", (*now - *before).to_string().c_str());
      }
      std::printf("\n");
    }
  }
  return Exit::Ok;
}

}  // namespace

std::string account_of(const std::string& by) {
  if (!by.empty()) return by;
  const char* account = std::getenv("USER");
  return account != nullptr ? account : "local";
}

const schema::Register* register_named(Session& session, const std::string& name) {
  std::vector<std::string> known;
  for (const schema::Register& each : session.pack()->schema.registers) {
    if (each.id == name || each.name == name) return &each;
    known.push_back(each.id);
  }
  const std::string near = text::nearest(name, known);
  std::fprintf(stderr, "%s%s\n", say(session.language(), "没有台账 ", "There is no register ").c_str(),
               (name + (near.empty() ? "" : say(session.language(), "，像 ", "; near: ") + near)).c_str());
  return nullptr;
}

int field_named(Session& session, const schema::Register& target, const std::string& name) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < target.fields.size(); ++i) {
    if (target.fields[i].id == name || target.fields[i].name == name) return static_cast<int>(i);
    known.push_back(target.fields[i].name);
  }
  const std::string near = text::nearest(name, known);
  std::fprintf(stderr, "%s%s\n", say(session.language(), "没有字段 ", "There is no field ").c_str(),
               (name + (near.empty() ? "" : say(session.language(), "，像 ", "; near: ") + near)).c_str());
  return -1;
}

std::string key_typed(const schema::Register& target, const std::string& typed) {
  std::string out = typed;
  if (target.key.size() > 1)
    for (char& c : out)
      if (c == '/') c = registers::kKeySeparator;
  return out;
}

void add_collection_commands(CLI::App& app, const Common& common, const Wiring& with_session) {
  const auto t = [&](const char* zh, const char* en) { return say(common.language, zh, en); };
  app.add_subcommand(
         "items", t("收数：该收什么、谁给、何时到期、现状", "what is due, from whom, by when, and its state"))
      ->callback(with_session(items));

  const auto confirming = std::make_shared<ConfirmOptions>();
  auto* confirm = app.add_subcommand(
      "confirm", t("提供单位确认（或退回）数据项", "the provider confirms or returns items"));
  confirm
      ->add_option("items", confirming->items, t("数据项，照 items 列出的写", "items, as `items` lists them"))
      ->required();
  confirm->add_option("--by", confirming->by, t("经办人", "who"));
  confirm->add_flag("--return", confirming->is_return, t("退回，要写 --reason", "return it; needs --reason"));
  confirm->add_option("--reason", confirming->reason, t("理由", "reason"));
  confirm->callback(with_session([confirming](Session& s) { return confirm_items(s, *confirming); }));

  const auto locking = std::make_shared<LockOptions>();
  auto* lock = app.add_subcommand("lock", t("锁定一年：全部确认，或例外逐条写明", "lock a year"));
  lock->add_option("--except", locking->except,
                   t("例外的数据项，可多次", "an item that is not confirmed, repeatable"));
  lock->add_option("--reason", locking->reason, t("例外的理由", "why the exceptions may stand"));
  lock->add_option("--accepted-by", locking->accepted_by, t("例外由谁认可", "who accepts the exceptions"));
  lock->add_option("--by", locking->by, t("经办人", "who"));
  lock->callback(with_session([locking](Session& s) { return lock_year(s, *locking); }));

  const auto owing = std::make_shared<OverdueOptions>();
  auto* late = app.add_subcommand(
      "overdue", t("谁欠什么、逾几天、缺哪些；每单位一封催报函", "who owes what; one letter for each unit"));
  late->add_option("--on", owing->on, t("截至哪天，缺省今天", "on which day; else today"));
  late->add_flag("--send", owing->send,
                 t("记为发出；同一天不发第二封", "keep the letters as sent; no second that day"));
  late->add_option("--by", owing->by, t("经办人", "who"));
  late->callback(with_session([owing](Session& s) { return overdue(s, *owing); }));

  const auto asking = std::make_shared<RecordOptions>();
  auto* one = app.add_subcommand("record", t("一条记录：每个值的来处、异说、谁定的",
                                             "one record: every value with its source and rivals"));
  one->add_option("register", asking->register_id, t("台账", "register"))->required();
  one->add_option("key", asking->key, t("记录的键", "key of the record"))->required();
  one->add_option("--field", asking->field, t("只看一个字段", "one field"));
  one->add_option("--as-of", asking->as_of, t("哪一天的世界", "the world on this day"));
  one->add_option("--known-on", asking->known_on, t("那时知道的", "as it was known then"));
  one->add_option("--snapshot", asking->snapshot, t("锁定年度的第几号快照", "number of a locked snapshot"));
  one->callback(with_session([asking](Session& s) { return record(s, *asking); }));

  const auto line = std::make_shared<RecordOptions>();
  auto* points =
      app.add_subcommand("series", t("月度季度序列：当月数、快报差；不写记录就查累计数回落",
                                     "figures by month or quarter; without a record, sums that fall"));
  points->add_option("register", line->register_id, t("台账", "register"))->required();
  points->add_option("key", line->key, t("记录的键", "key of the record"));
  points->add_option("--field", line->field, t("只看一个字段", "one field"));
  points->callback(with_session([line](Session& s) { return series(s, *line); }));
}

}  // namespace tenglong::cli
