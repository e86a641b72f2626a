// What the registers hold against what the pack says of them: every finding at its record and source cell.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>

#include "cli/inside/commands.h"
#include "engine/laws/laws.h"
#include "engine/register/record_key.h"
#include "engine/schema/attachment.h"

namespace tenglong::cli {
namespace {

// Reads the records that findings speak of; each once.
class Sources {
 public:
  Sources(const pack::Pack& pack, const column::Snapshot& snapshot, const registers::RegisterStore& store)
      : pack_(pack), snapshot_(snapshot), store_(store) {
    for (const registers::Batch& batch : store.batches()) files_.emplace(batch.id, batch.file_name);
  }

  // The cell that the finding's field came from; of a law, that of the first field it names; else the row.
  diagnostic::Place place_of(const laws::Subject& subject, int field, int law) {
    const schema::Register& target = pack_.schema.registers[static_cast<std::size_t>(subject.register_index)];
    const registers::Record* record = read(target, subject);
    const std::string name = target.id + "/" + shown_key(subject);
    if (record == nullptr) return {.file = name};
    if (field < 0 && law >= 0)
      for (const std::vector<std::string>& path :
           feel::references(*target.laws[static_cast<std::size_t>(law)].tree))
        if (const schema::Field* named = field < 0 ? target.find_by_name(path.front()) : nullptr)
          field = static_cast<int>(named - target.fields.data());
    const registers::Origin* origin = nullptr;
    if (field >= 0 && record->fields[static_cast<std::size_t>(field)].origin.batch.value > 0)
      origin = &record->fields[static_cast<std::size_t>(field)].origin;
    for (const registers::Resolved& each : record->fields)
      if (origin == nullptr && each.origin.batch.value > 0) origin = &each.origin;
    if (origin == nullptr) return {.file = name};
    const bool is_own = field >= 0 && origin == &record->fields[static_cast<std::size_t>(field)].origin;
    const auto file = files_.find(origin->batch);
    return {.file = file == files_.end() ? name : file->second,
            .sheet = origin->sheet,
            .cell = is_own && !origin->cell.empty() ? origin->cell : std::to_string(origin->row)};
  }

  std::string shown_key(const laws::Subject& subject) const {
    const column::Table& table = snapshot_.tables[static_cast<std::size_t>(subject.register_index)];
    const std::string key = registers::shown_key(table.key[subject.row]);
    return table.period[subject.row] ? key + "@" + table.period[subject.row]->to_string() : key;
  }

 private:
  const registers::Record* read(const schema::Register& target, const laws::Subject& subject) {
    const column::Table& table = snapshot_.tables[static_cast<std::size_t>(subject.register_index)];
    const auto [at, is_new] = records_.try_emplace({subject.register_index, table.key[subject.row]});
    if (is_new) at->second = registers::read_record(store_, target, table.key[subject.row], {});
    for (const registers::Record& record : at->second)
      if (record.period == table.period[subject.row]) return &record;
    return nullptr;
  }

  const pack::Pack& pack_;
  const column::Snapshot& snapshot_;
  const registers::RegisterStore& store_;
  std::map<registers::BatchId, std::string> files_;
  std::map<std::pair<int, std::string>, std::vector<registers::Record>> records_;
};

}  // namespace

Exit check_data(Session& session, const CheckDataOptions& options) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  const Common& common = session.common();
  laws::Options asked{.today = today()};
  if (!options.on.empty()) {
    asked.today = calendar::Date::parse(options.on);
    if (!asked.today) {
      std::fprintf(
          stderr, "%s\n",
          say(common.language, "--on 要写成 2023-12-31 的样子。", "Write --on as 2023-12-31.").c_str());
      return Exit::Usage;
    }
  }
  for (const std::string& id : options.registers) {
    if (pack->schema.find(id) == nullptr) {
      std::fprintf(stderr, "%s\n",
                   (say(common.language, "没有这个台账：", "There is no register ") + id).c_str());
      return Exit::Usage;
    }
    asked.registers.insert(id);
  }
  const column::Snapshot& snapshot = session.snapshot();
  const laws::Checked checked = laws::check(pack->schema, snapshot, asked);
  Sources sources(*pack, snapshot, session.store().registers());
  // Of one kind about one field or law of one register, so many are shown in full; the rest are counted.
  struct Kind {
    std::string code;
    int register_index, field, law;
    auto operator<=>(const Kind&) const = default;
  };
  std::map<Kind, std::int64_t> counts;
  diagnostic::Diagnostics shown;
  std::int64_t errors = 0, warnings = 0, hidden = 0;
  for (const laws::Finding& finding : checked.findings) {
    (finding.severity == diagnostic::Severity::Error ? errors : warnings) += 1;
    const std::int64_t seen =
        ++counts[{finding.code, finding.subject.register_index, finding.field, finding.law}];
    if (options.most > 0 && seen > options.most) {
      ++hidden;
      continue;
    }
    const schema::Register& target =
        pack->schema.registers[static_cast<std::size_t>(finding.subject.register_index)];
    const std::string key = sources.shown_key(finding.subject);
    diagnostic::Diagnostic told{.code = finding.code,
                                .severity = finding.severity,
                                .place = sources.place_of(finding.subject, finding.field, finding.law),
                                .clause = target.clause,
                                .message = {target.name + " " + key + "：" + finding.message.zh,
                                            target.id + " " + key + ": " + finding.message.en},
                                .advice = finding.advice};
    for (std::size_t i = 0; i < finding.others.size() && i < 6; ++i)
      told.related.push_back(
          {sources.place_of(finding.others[i], -1, -1),
           {"涉及 " + sources.shown_key(finding.others[i]), "with " + sources.shown_key(finding.others[i])}});
    shown.push_back(std::move(told));
  }
  if (common.json) {
    std::printf("%s\n", diagnostic::render_json(std::move(shown), common.language).c_str());
    return errors > 0 ? Exit::Findings : Exit::Ok;
  }
  std::fputs(diagnostic::render(std::move(shown), [](const std::string&, int) { return std::nullopt; },
                                {.language = common.language})
                 .c_str(),
             stdout);
  const auto number = [](std::int64_t n) { return std::to_string(n); };
  std::printf(
      "%s\n",
      (common.language == Language::English
           ? number(checked.records) + " records, " + number(checked.law_cases) + " cases of laws (" +
                 number(checked.unknown) + " not known); " + number(errors) + " errors, " + number(warnings) +
                 " warnings" +
                 (hidden > 0 ? ", " + number(hidden) + " of them not listed (--most 0 lists all)" : "")
           : "核对 " + number(checked.records) + " 条记录，规矩 " + number(checked.law_cases) +
                 " 例（判不了 " + number(checked.unknown) + " 例）；错误 " + number(errors) + " 处，提醒 " +
                 number(warnings) + " 处" +
                 (hidden > 0 ? "，其中 " + number(hidden) + " 处没有列出（--most 0 全列）" : ""))
          .c_str());
  return errors > 0 ? Exit::Findings : Exit::Ok;
}

// The spans that hold on a day.
Exit spans_in_force(Session& session, const std::string& register_id, const std::string& on) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  const Common& common = session.common();
  const schema::Register* target = pack->schema.find(register_id);
  const auto day = on.empty() ? std::optional(today()) : calendar::Date::parse(on);
  if (target == nullptr || !target->span || !day) {
    std::fprintf(stderr, "%s\n",
                 say(common.language, "要写一个起止台账的 id 和 2023-12-31 样子的日期。",
                     "Give the id of a span register and a day such as 2023-12-31.")
                     .c_str());
    return Exit::Usage;
  }
  const column::Table* table = session.snapshot().find(register_id);
  if (table == nullptr) return Exit::Ok;
  for (const std::size_t row : laws::in_force(*target, *table, *day)) {
    std::string line;
    for (std::size_t field = 0; field < target->fields.size(); ++field)
      line += (field ? "\t" : "") + column::value_of(*table, field, row).to_text();
    std::printf("%s\n", line.c_str());
  }
  return Exit::Ok;
}

// What a cell of a field of type attachment says about a file.
Exit attachment_text(const Common& common, const std::string& file, Session* keep_in) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const auto attachment = in ? schema::attachment_of(file, bytes) : std::nullopt;
  if (!attachment) {
    std::fprintf(stderr, "%s\n",
                 (say(common.language, "读不了这个文件：", "This file cannot be read: ") + file).c_str());
    return Exit::Outside;
  }
  if (keep_in != nullptr) keep_in->store().keep_file(attachment->name, bytes);
  std::printf("%s\n", schema::to_text(*attachment).c_str());
  return Exit::Ok;
}

// What was handed in and nothing names: told, or taken away.
Exit unnamed_attachments(Session& session, const std::vector<std::string>& removed) {
  store::Store& store = session.store();
  for (const std::string& each : removed) {
    if (store.remove_file(each)) {
      std::printf("%s\n", (each + say(session.language(), " 已删去，留痕记着它的指纹",
                                      " is gone; the trail keeps its fingerprint"))
                              .c_str());
      continue;
    }
    print_diagnostics(
        {{.code = "E-STORE-130",
          .place = {.file = each},
          .message = {"没有删：没有这份附件，或者有记录（现在的、以前的）或更正单指着它。",
                      "Not removed: it is not kept, or a statement of any time or a correction names it."},
          .advice = {"用 tenglong attachments 看哪些没有被指着，照那里的指纹写。",
                     "See tenglong attachments and write a fingerprint as it stands there."}}},
        session.common());
    return Exit::Findings;
  }
  if (!removed.empty()) return Exit::Ok;
  std::int64_t bytes = 0;
  const std::vector<store::UnnamedFile> all = store.unnamed_files();
  for (const store::UnnamedFile& each : all) {
    std::printf("%s  %lld\n", each.fingerprint.c_str(), static_cast<long long>(each.size));
    bytes += each.size;
  }
  std::printf("%zu %s，%lld %s\n", all.size(),
              say(session.language(), "份附件没有被任何记录指着", "files that nothing names").c_str(),
              static_cast<long long>(bytes), say(session.language(), "字节", "bytes").c_str());
  return Exit::Ok;
}

Exit open_attachment(Session& session, const OpenAttachment& wanted) {
  const Language language = session.common().language;
  const auto period = wanted.period.empty() ? std::nullopt : calendar::Period::parse(wanted.period);
  const auto opened = session.store().open_file(wanted.register_id, wanted.key, period, wanted.field);
  if (!opened || !opened->content) {
    std::fprintf(
        stderr, "%s\n",
        opened ? (say(language, "只登记了指纹和大小，文件本身没有交来：",
                      "It is named, but was never handed in: ") +
                  opened->what.name)
                     .c_str()
               : say(language, "没有这条记录、这个字段，或它没有附件。", "There is no such file.").c_str());
    return Exit::Findings;
  }
  const std::string path = wanted.out.empty() ? opened->what.name : wanted.out;
  std::ofstream out(path, std::ios::binary);
  out.write(opened->content->data(), static_cast<std::streamsize>(opened->content->size()));
  out.close();
  if (!out) {
    std::fprintf(stderr, "%s%s\n", say(language, "写不了：", "Cannot be written: ").c_str(), path.c_str());
    return Exit::Outside;
  }
  std::printf("%s\n", path.c_str());
  return Exit::Ok;
}

}  // namespace tenglong::cli
