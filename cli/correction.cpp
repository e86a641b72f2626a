// tenglong rivals, choose, correct: two who differ, and what was wrong in a locked year.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "campaign/collection/collection.h"
#include "campaign/collection/memory_collection.h"
#include "cli/inside/collection_commands.h"
#include "engine/register/record_key.h"
#include "server/impact.h"

namespace tenglong::cli {

using collection::Act;
using collection::Correction;
using collection::Stage;

namespace {

template <class T>
bool may_go_on(const Common& common, const collection::Decision<T>& decision) {
  for (const collection::Reason& each : decision.refused_because)
    std::fprintf(stderr, "%s %s\n  %s %s\n", say(common.language, "不能办：", "Refused:").c_str(),
                 text::in_language(each.why, common.language).c_str(),
                 say(common.language, "怎样办：", "Cure:").c_str(),
                 text::in_language(each.cure, common.language).c_str());
  return decision.granted.has_value();
}

struct CellOptions {
  std::string register_id, key, field, value, reason, evidence, by;
  std::int64_t number = 0;
};

struct Cell {
  const schema::Register* target = nullptr;
  int field = -1;
  std::string key = {};
  std::optional<calendar::Period> period = {};
};
std::optional<Cell> cell_of(Session& session, const CellOptions& options) {
  Cell out;
  out.target = register_named(session, options.register_id);
  if (out.target == nullptr) return std::nullopt;
  out.field = field_named(session, *out.target, options.field);
  if (out.field < 0) return std::nullopt;
  out.key = key_typed(*out.target, options.key);
  if (out.target->period == schema::PeriodKey::None) return out;
  out.period = session.period();
  if (out.period) return out;
  std::fprintf(stderr, "%s\n", say(session.language(), "写明 --period。", "Say --period.").c_str());
  return std::nullopt;
}

Exit rivals(Session& session, const std::string& only) {
  if (session.pack() == nullptr) return Exit::Findings;
  const registers::RegisterStore& store = session.store().registers();
  const registers::Batches batches(store.batches());
  const auto period =
      session.common().period.empty() ? std::nullopt : calendar::Period::parse(session.common().period);
  std::int64_t disputed = 0;
  const schema::Register* named = only.empty() ? nullptr : register_named(session, only);
  if (!only.empty() && named == nullptr) return Exit::Usage;
  for (const schema::Register& target : session.pack()->schema.registers) {
    if (named && named->id != target.id) continue;
    registers::read_records(store, target, {}, [&](registers::Record&& record) {
      if (period && record.period && !period->contains(*record.period)) return;
      for (std::size_t i = 0; i < record.fields.size(); ++i) {
        const registers::Resolved& held = record.fields[i];
        if (held.state != quantity::State::Disputed) continue;
        ++disputed;
        std::printf("%s %s %s “%s”\n", target.id.c_str(), registers::shown_key(record.key).c_str(),
                    record.period ? record.period->to_string().c_str() : "", target.fields[i].name.c_str());
        const auto print = [&](const registers::Scalar& value, const registers::Origin& origin) {
          const registers::Batch& batch = batches.at(origin.batch);
          std::printf("  %s  %s，%s!%s!%s，%s\n", registers::to_text(value).c_str(), batch.provider.c_str(),
                      batch.file_name.c_str(), origin.sheet.c_str(), origin.cell.c_str(),
                      batch.received_at.c_str());
        };
        print(held.value, held.origin);
        for (const registers::Resolved::Rival& rival : held.rivals) print(rival.value, rival.origin);
      }
    });
  }
  std::printf(say(session.language(), "存疑 %lld 处\n", "%lld disputed\n").c_str(),
              static_cast<long long>(disputed));
  return Exit::Ok;
}

Exit choose(Session& session, const CellOptions& options) {
  if (session.pack() == nullptr) return Exit::Findings;
  const auto cell = cell_of(session, options);
  if (!cell) return Exit::Usage;
  registers::RegisterStore& store = session.store().registers();
  const auto now = server::cell_of(store, *cell->target, cell->key, cell->period, cell->field, {});
  if (!now) {
    std::fprintf(stderr, "%s\n",
                 say(session.language(), "没有这条记录。", "There is no such record.").c_str());
    return Exit::Findings;
  }
  const auto value =
      collection::read_value(session.pack()->schema, *cell->target, cell->field, options.value);
  if (!may_go_on(session.common(), value)) return Exit::Findings;
  const Act act{account_of(options.by), now_text()};
  const auto decision = collection::choose({.register_id = cell->target->id,
                                            .record_key = cell->key,
                                            .period = cell->period,
                                            .field = cell->field,
                                            .value = *value.granted,
                                            .reason = options.reason},
                                           *now, session.store().collection().locked(), act);
  if (!may_go_on(session.common(), decision)) return Exit::Findings;
  const auto [batch, statement] = batch_of(*decision.granted, act);
  const auto writer = store.write(batch);
  writer->add(statement);
  writer->commit(batch);
  std::printf(say(session.language(), "已选定 %s，第 %lld 批\n", "%s is chosen, batch %lld\n").c_str(),
              options.value.c_str(), static_cast<long long>(writer->batch().value));
  return Exit::Ok;
}

void print_correction(Session& session, const Correction& one, bool wholly) {
  const schema::Register* target = session.pack()->schema.find(one.register_id);
  const schema::Field* field = target ? target->find(one.field) : nullptr;
  const auto shown = [](const registers::FieldValue& value) {
    return value.state == quantity::State::Missing         ? std::string("缺报")
           : value.state == quantity::State::NotApplicable ? std::string("不适用")
                                                           : registers::to_text(value.value);
  };
  std::printf("更正单 %lld  %s  %s %s %s “%s”：%s → %s\n", static_cast<long long>(one.number),
              text::in_language(name_of(one.stage), session.language()).c_str(),
              target ? target->name.c_str() : one.register_id.c_str(),
              registers::shown_key(one.record_key).c_str(), one.period.to_string().c_str(),
              field ? field->name.c_str() : one.field.c_str(), shown(one.from).c_str(),
              shown(one.to).c_str());
  if (!wholly) return;
  std::printf("  提出 %s，%s：%s；佐证 %s\n", one.proposed_by.c_str(), one.proposed_at.c_str(),
              one.reason.c_str(), one.evidence.c_str());
  if (one.stage != Stage::Proposed)
    std::printf("  办结 %s，%s：%s\n", one.decided_by.c_str(), one.decided_at.c_str(), one.why.c_str());
  std::printf("  影响：\n");
  for (const std::string& kept : one.impact) {
    const text::Words line = server::in_words(server::decode_impact(kept));
    std::printf("    %s\n", (session.language() == text::Language::Chinese ? line.zh : line.en).c_str());
  }
}

Exit propose(Session& session, const CellOptions& options) {
  if (session.pack() == nullptr) return Exit::Findings;
  const auto cell = cell_of(session, options);
  if (!cell) return Exit::Usage;
  collection::CollectionStore& kept = session.store().collection();
  const auto value =
      collection::read_value(session.pack()->schema, *cell->target, cell->field, options.value);
  if (!may_go_on(session.common(), value)) return Exit::Findings;
  Correction wished{.register_id = cell->target->id,
                    .record_key = cell->key,
                    .period = cell->period.value_or(calendar::Period{}),
                    .field = cell->target->fields[static_cast<std::size_t>(cell->field)].id,
                    .to = *value.granted,
                    .reason = options.reason,
                    .evidence = options.evidence};
  const std::vector<collection::Locked> locked = kept.locked();
  const collection::Locked* lock = cell->period ? lock_of(locked, *cell->period) : nullptr;
  const registers::View view = lock ? view_of(*lock) : registers::View{};
  const auto now =
      server::cell_of(session.store().registers(), *cell->target, cell->key, cell->period, cell->field, view);
  auto decision = collection::propose(wished, now ? &*now : nullptr, *cell->target, locked,
                                      kept.corrections(), {account_of(options.by), now_text()});
  if (!may_go_on(session.common(), decision)) return Exit::Findings;
  Correction& granted = *decision.granted;
  granted.impact = server::encoded(
      server::impact_of(*session.pack(), session.store().registers(), granted, view, now_text()));
  granted.number = kept.propose(granted);
  print_correction(session, granted, true);
  return Exit::Ok;
}

Exit show(Session& session, const CellOptions& options) {
  if (session.pack() == nullptr) return Exit::Findings;
  bool found = false;
  for (const Correction& each : session.store().collection().corrections())
    if (options.number == 0 || each.number == options.number) {
      found = true;
      print_correction(session, each, options.number != 0);
    }
  if (!found) std::printf("%s\n", say(session.language(), "没有更正单。", "There is no correction.").c_str());
  return found || options.number == 0 ? Exit::Ok : Exit::Findings;
}

Exit decide(Session& session, const CellOptions& options, Stage to) {
  if (session.pack() == nullptr) return Exit::Findings;
  collection::CollectionStore& kept = session.store().collection();
  registers::RegisterStore& store = session.store().registers();
  const std::vector<Correction> all = kept.corrections();
  const auto one = std::find_if(all.begin(), all.end(),
                                [&](const Correction& each) { return each.number == options.number; });
  if (one == all.end()) {
    std::fprintf(stderr, "%s\n",
                 say(session.language(), "没有这张更正单。", "There is no such correction.").c_str());
    return Exit::Findings;
  }
  const schema::Register* target = session.pack()->schema.find(one->register_id);
  const int field = target ? target->field_index(one->field) : -1;
  if (field < 0) {
    std::fprintf(stderr, "%s\n",
                 say(session.language(), "政策包里已没有这个字段，只能驳回。",
                     "The pack no longer has this field; it can only be rejected.")
                     .c_str());
    if (to == Stage::Approved) return Exit::Findings;
  }
  const std::vector<collection::Locked> locked = kept.locked();
  const collection::Locked* lock = lock_of(locked, one->period);
  const auto now = field < 0 ? std::nullopt
                             : server::cell_of(store, *target, one->record_key, one->period, field,
                                               lock ? view_of(*lock) : registers::View{});
  const auto decision = collection::decide(*one, to, options.reason, now ? &*now : nullptr,
                                           {account_of(options.by), now_text()});
  if (!may_go_on(session.common(), decision)) return Exit::Findings;
  Correction decided = *decision.granted;
  if (to == Stage::Rejected) {
    kept.reject(decided);
    print_correction(session, decided, true);
    return Exit::Ok;
  }
  // Another import may take the number of the batch meanwhile: then it is worked out again.
  for (int attempt = 0; attempt < 5; ++attempt) {
    decided.batch = {1};
    for (const registers::Batch& each : store.batches())
      decided.batch.value = std::max(decided.batch.value, each.id.value + 1);
    std::vector<collection::Locked> next = snapshots_after(decided, locked);
    const collection::WithOneMore then(store, batch_of(decided), statement_of(decided, *target));
    for (collection::Locked& each : next)
      each.fingerprint = column::take_snapshot(session.pack()->schema, then, view_of(each)).fingerprint;
    if (!kept.approve(decided, batch_of(decided), statement_of(decided, *target), next)) continue;
    print_correction(session, decided, true);
    for (const collection::Locked& each : next)
      std::printf(
          say(session.language(), "%s 第 %d 号快照，指纹 %s\n", "%s snapshot %d, fingerprint %s\n").c_str(),
          each.period.to_string().c_str(), each.number, each.fingerprint.c_str());
    return Exit::Ok;
  }
  std::fprintf(stderr, "%s\n",
               say(session.language(), "别处一直在导入，没有批成；稍后再批。",
                   "Imports kept coming; approve it a little later.")
                   .c_str());
  return Exit::Outside;
}

}  // namespace

void add_correction_commands(CLI::App& app, const Common& common, const Wiring& with_session) {
  const auto t = [&](const char* zh, const char* en) { return say(common.language, zh, en); };
  const auto which = std::make_shared<std::string>();
  auto* differing =
      app.add_subcommand("rivals", t("两家说法不同、还没选定的", "where two differ and nobody has chosen"));
  differing->add_option("register", *which, t("台账，缺省全部", "register; else all"));
  differing->callback(with_session([which](Session& s) { return rivals(s, *which); }));

  const auto add_cell = [&](CLI::App* command, const std::shared_ptr<CellOptions>& options,
                            bool has_evidence) {
    command->add_option("register", options->register_id, t("台账", "register"))->required();
    command->add_option("key", options->key, t("记录的键", "key of the record"))->required();
    command->add_option("field", options->field, t("字段", "field"))->required();
    command->add_option("value", options->value, t("值；缺报、不适用照写", "value; or 缺报, 不适用"))
        ->required();
    command->add_option("--reason", options->reason, t("理由", "reason"));
    if (has_evidence)
      command->add_option("--evidence", options->evidence, t("佐证：文号、附件", "the proof"));
    command->add_option("--by", options->by, t("经办人", "who"));
  };
  const auto choosing = std::make_shared<CellOptions>();
  auto* chosen =
      app.add_subcommand("choose", t("选定一个说法并写理由", "choose one of two values, with the reason"));
  add_cell(chosen, choosing, false);
  chosen->callback(with_session([choosing](Session& s) { return choose(s, *choosing); }));

  auto* correct = app.add_subcommand(
      "correct", t("更正单：锁定以后改一个数，两人办", "corrections of a locked year, by two"));
  correct->require_subcommand(1);
  const auto proposing = std::make_shared<CellOptions>();
  auto* proposed = correct->add_subcommand(
      "propose", t("提出；列出它牵动的等级、清单、目标", "propose; lists what it moves"));
  add_cell(proposed, proposing, true);
  proposed->callback(with_session([proposing](Session& s) { return propose(s, *proposing); }));
  const auto showing = std::make_shared<CellOptions>();
  auto* shown = correct->add_subcommand("show", t("看一张，或列出全部", "show one, or list all"));
  shown->add_option("number", showing->number, t("编号", "number"));
  shown->callback(with_session([showing](Session& s) { return show(s, *showing); }));
  for (const Stage to : {Stage::Approved, Stage::Rejected}) {
    const auto deciding = std::make_shared<CellOptions>();
    auto* decided =
        to == Stage::Approved
            ? correct->add_subcommand("approve", t("批准，不能是提出的人", "approve; not by the proposer"))
            : correct->add_subcommand("reject", t("驳回，要写理由", "reject; needs a reason"));
    decided->add_option("number", deciding->number, t("编号", "number"))->required();
    decided->add_option("--reason", deciding->reason, t("理由", "reason"));
    decided->add_option("--by", deciding->by, t("经办人", "who"));
    decided->callback(with_session([deciding, to](Session& s) { return decide(s, *deciding, to); }));
  }
}

}  // namespace tenglong::cli
