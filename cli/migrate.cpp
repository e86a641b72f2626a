// What a changed pack does to the registers that are kept: said first, and done wholly or not at all.
#include <cstdio>
#include <map>

#include "cli/inside/commands.h"
#include "engine/register/carried_store.h"
#include "engine/register/record_key.h"
#include "engine/schema/difference.h"

namespace tenglong::cli {
namespace {

using schema::Change;

// What one change touches.
struct Touched {
  std::int64_t records = 0;  // with a value that the change speaks of
  std::int64_t unfit = 0;    // of these, values that cannot be carried over
  std::string example = {};  // the first of them: key and value
};

class Counter {
 public:
  Counter(const schema::Schema& old, const schema::Schema& now, const registers::RegisterStore& store)
      : old_(old), now_(now), store_(store), carrying_(old, now) {}

  Touched count(const Change& change) const {
    Touched touched;
    if (change.kind == Change::Kind::CodeRemoved) {
      for (const schema::Register& one : old_.registers)
        for (std::size_t f = 0; f < one.fields.size(); ++f)
          if (one.fields[f].codes == change.codes)
            look(one, static_cast<int>(f),
                 [&](const registers::Record& record, const registers::Resolved& value) {
                   if (registers::to_text(value.value) == change.code) use(touched, record, value);
                 });
      touched.unfit = touched.records;
      return touched;
    }
    const schema::Register* was = old_.find(change.old_register_id);
    if (was == nullptr) return touched;
    if (change.old_field.empty()) {
      registers::read_records(store_, *was, {}, [&](registers::Record&&) { ++touched.records; });
      if (change.effect == Change::Effect::IfUnused) touched.unfit = touched.records;
      return touched;
    }
    const schema::Register* now = now_.find(change.register_id);
    const int old_field = was->field_index(change.old_field);
    const schema::Field* field = now == nullptr ? nullptr : now->find(change.field);
    const schema::Carrying::Field* how = nullptr;
    if (const schema::Carrying::Register* one = carrying_.find(was->id))
      for (const auto& [id, leads] : one->fields)
        if (id == change.old_field) how = &leads;
    if (old_field < 0) return touched;
    look(*was, old_field, [&](const registers::Record& record, const registers::Resolved& value) {
      const bool is_lost = change.effect == Change::Effect::IfUnused ||
                           change.effect == Change::Effect::Refused ||
                           (change.effect == Change::Effect::IfAllFit && field != nullptr && how != nullptr &&
                            !registers::carried(value.value, *how, *field, now_));
      if (is_lost) ++touched.unfit;
      if (is_lost && touched.unfit > 1) {
        ++touched.records;
        return;
      }
      if (is_lost) touched.example.clear();
      use(touched, record, value);
    });
    return touched;
  }

 private:
  template <class Each>
  void look(const schema::Register& target, int field, Each each) const {
    registers::read_records(store_, target, {}, [&](registers::Record&& record) {
      const registers::Resolved& value = record.fields[static_cast<std::size_t>(field)];
      const bool has_value =
          value.state == quantity::State::Known || value.state == quantity::State::Disputed;
      if (has_value) each(record, value);
    });
  }
  static void use(Touched& touched, const registers::Record& record, const registers::Resolved& value) {
    ++touched.records;
    if (!touched.example.empty()) return;
    touched.example = registers::shown_key(record.key) +
                      (record.period ? "@" + record.period->to_string() : "") + "：" +
                      registers::to_text(value.value);
  }

  const schema::Schema& old_;
  const schema::Schema& now_;
  const registers::RegisterStore& store_;
  schema::Carrying carrying_;
};

}  // namespace

Exit migrate(Session& session, const MigrateOptions& options) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  const Common& common = session.common();
  const auto print = [&](const std::string& zh, const std::string& en) {
    std::printf("%s\n", (common.language == Language::English ? en : zh).c_str());
  };
  // Under what the data is kept: as the folder remembers it, else as --from says.
  std::vector<registers::SchemaVersion> history;
  std::optional<pack::ReadPack> from;
  if (!options.from.empty()) {
    from = pack::read_pack(options.from, {});
    if (!from->pack || diagnostic::has_errors(from->diagnostics)) {
      print_diagnostics(from->diagnostics, common);
      return Exit::Findings;
    }
  }
  {
    const auto kept = store::kept_history(common.data, pack->head.area);
    if (kept) history = *kept;
  }
  if (history.empty() && from) history.push_back({{}, from->pack->schema});
  if (history.empty()) {
    print("数据文件夹还没有记下台账的写法。用 --from 写明录入数据时的政策包文件夹。",
          "The data folder does not remember under which pack it was filled. Name it by --from.");
    return Exit::Usage;
  }
  const schema::Schema old = history.back().schema;
  const std::vector<Change> changes = schema::difference(old, pack->schema);
  if (changes.empty()) {
    print("台账的写法没有变，不用迁移。", "Nothing changed that data can feel.");
    const bool is_noted =
        schema::canonical_text(old) == schema::canonical_text(pack->schema) && options.from.empty();
    if (!options.apply || is_noted) return Exit::Ok;
  }
  const auto store =
      store::open_store(common.data, pack->head.area, old, access::Scope::whole_district("operator"));
  if (const char* account = std::getenv("USER")) store->act_as({.account = account});
  const Counter counter(old, pack->schema, store->registers());
  std::int64_t refused = 0;
  for (const Change& change : changes) {
    const Touched touched = counter.count(change);
    const bool is_refused = touched.unfit > 0;
    refused += is_refused ? 1 : 0;
    print((is_refused ? "× " : "· ") + change.what.zh + " 涉及 " + std::to_string(touched.records) +
              " 条记录" +
              (is_refused ? "，其中 " + std::to_string(touched.unfit) + " 条不能照读" +
                                (touched.example.empty() ? "" : "（如 " + touched.example + "）") + "。"
                          : "。"),
          (is_refused ? "x " : "- ") + change.what.en + " " + std::to_string(touched.records) + " records" +
              (is_refused ? ", of which " + std::to_string(touched.unfit) + " cannot be read on" +
                                (touched.example.empty() ? "" : " (" + touched.example + ")") + "."
                          : "."));
    if (is_refused) print("    建议：" + change.cure.zh, "    advice: " + change.cure.en);
  }
  if (refused > 0) {
    print("有 " + std::to_string(refused) + " 处会丢失含义，没有迁移；数据和原来一样。",
          std::to_string(refused) +
              " changes would lose meaning. Nothing was migrated; the data is as it was.");
    return Exit::Findings;
  }
  if (!options.apply) {
    print("以上都能照读。加 --apply 即迁移；已有陈述一条不改，读时换算。",
          "All of it can be read on. Add --apply to migrate; no statement is rewritten.");
    return Exit::Ok;
  }
  registers::BatchId last;
  for (const registers::Batch& batch : store->registers().batches()) last = std::max(last, batch.id);
  history.back().through = last;
  history.push_back({{}, pack->schema});
  store->set(store::kHistorySetting, registers::to_text(history));
  print("已迁移：第 " + std::to_string(last.value) + " 批及以前的陈述按原来的写法读，以后的按新的写法。",
        "Migrated: statements up to batch " + std::to_string(last.value) + " are read as they were written.");
  return Exit::Ok;
}

}  // namespace tenglong::cli
