#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "campaign/collection/collection.h"
#include "cli/inside/commands.h"
#include "engine/identity/identity.h"
#include "engine/intake/intake.h"
#include "engine/text/json_writer.h"

namespace tenglong::cli {

namespace {

void print_mapping(const intake::Intake& done, const pack::Pack& pack, Language language) {
  for (const intake::SheetIntake& sheet : done.sheets) {
    const schema::Register* target = pack.schema.find(sheet.register_id);
    std::fprintf(stderr, "  %s → %s%s%s\n", sheet.sheet.c_str(),
                 target == nullptr ? say(language, "（没有合适的台账）", "(no register fits)").c_str()
                                   : target->name.c_str(),
                 sheet.period ? "，" : "", sheet.period ? sheet.period->to_string().c_str() : "");
    for (const intake::ColumnMatch& column : sheet.columns) {
      const schema::Field* field =
          target == nullptr || column.field.empty() ? nullptr : target->find(column.field);
      const std::string name = column.field.empty() ? say(language, "不读", "not read")
                               : field == nullptr   ? column.field
                                                    : field->name;
      std::fprintf(stderr, "    %s %s → %s%s%s\n", column.letter.c_str(), column.label.c_str(), name.c_str(),
                   column.unit.empty() ? "" : "，单位 ", column.unit.c_str());
    }
  }
}

void print_changes(const intake::Intake& done, Language language) {
  using Kind = intake::HeaderChange::Kind;
  for (const intake::SheetIntake& sheet : done.sheets)
    for (const intake::HeaderChange& one : sheet.changes) {
      const std::string moved = one.was_at + " → " + one.at;
      switch (one.kind) {
        case Kind::Added:
          std::printf("  + %s %s\n", one.at.c_str(), one.is.c_str());
          break;
        case Kind::Gone:
          std::printf("  - %s %s\n", one.was_at.c_str(), one.was.c_str());
          break;
        case Kind::Renamed:
          std::printf("  %s %s %s → %s\n", say(language, "改名", "renamed").c_str(), one.at.c_str(),
                      one.was.c_str(), one.is.c_str());
          break;
        case Kind::Moved:
          std::printf("  %s %s %s\n", say(language, "换位", "moved").c_str(), one.is.c_str(), moved.c_str());
          break;
        case Kind::UnitChanged:
          std::printf("  %s %s %s → %s\n", say(language, "单位", "unit").c_str(), one.is.c_str(),
                      one.was_unit.c_str(), one.unit.c_str());
          break;
      }
    }
}

// One line that is written over: where a person waits, not in a log.
bool show_progress(const intake::Progress& now, Language language) {
  const char* const stages[][2] = {{"读", "reading"}, {"查", "checking"}, {"写", "writing"}};
  const auto& words = stages[static_cast<int>(now.stage)];
  const std::string expected = now.rows_expected > 0 ? " / " + std::to_string(now.rows_expected) : "";
  std::fprintf(stderr, "\r%s %s %lld%s %s，%lld %s   ", say(language, words[0], words[1]).c_str(),
               now.sheet.c_str(), static_cast<long long>(now.rows), expected.c_str(),
               say(language, "行", "rows").c_str(), static_cast<long long>(now.findings),
               say(language, "处问题", "findings").c_str());
  return true;
}

// 税收_问题.xlsx in the folder; an .xls comes back as .xlsx.
std::string name_of_copy(const std::string& folder, const std::string& file) {
  const std::filesystem::path in(file);
  const std::string extension = in.extension() == ".xls" ? ".xlsx" : in.extension().string();
  return folder + "/" + in.stem().string() + "_问题" + extension;
}

// The unit that a name nobody has heard of was probably meant to be: of those that the pack asks, and those
// that have sent something. Empty: the name is known, or like none.
std::string provider_meant(Session& session, const std::string& given) {
  std::set<std::string> known;
  for (const pack::Collection& collection : session.pack()->collections)
    for (const pack::CollectionItem& item : collection.items) known.insert(item.provider);
  for (const registers::Batch& batch : session.store().registers().batches()) known.insert(batch.provider);
  known.erase("");
  if (known.contains(given)) return {};
  return text::nearest(given, std::vector<std::string>(known.begin(), known.end()));
}

}  // namespace

Exit import_files(Session& session, const ImportOptions& options) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  const Common& common = session.common();
  registers::RegisterStore& store = session.store().registers();
  intake::Options into{.provider = options.provider,
                       .submitter = options.submitter.empty() ? "命令行" : options.submitter,
                       .received_at = now_text(),
                       .document = options.document,
                       .mark = options.mark};
  if (!options.register_id.empty()) into.register_id = options.register_id;
  into.accept_unusual = options.accept_unusual;
  if (options.sure_names > 0) into.sure_name = options.sure_names;
  if (!common.period.empty()) into.period = calendar::Period::parse(common.period);
  into.is_preliminary = options.is_preliminary;
  if (!options.effective.empty()) {
    into.effective = calendar::Date::parse_loosely(options.effective);
    if (!into.effective) {
      std::fprintf(
          stderr, "%s\n",
          say(common.language, "--effective 要写日期，如 2022-05-01。", "--effective needs a date.").c_str());
      return Exit::Usage;
    }
  }
  for (const collection::Locked& each : session.whole_store().collection().locked())
    if (each.number == 1) into.closed.push_back({each.period, each.at.substr(0, 10)});
  std::optional<identity::Index> enterprises;
  if (!pack->name_rules.register_id.empty()) {
    into.names = &pack->name_rules;
    into.events = session.whole_store().identity().events();
    into.enterprises = [&] {
      if (!enterprises)
        enterprises = identity::index_of(pack->schema, session.store().registers(), pack->name_rules,
                                         session.whole_store().identity().events(),
                                         session.whole_store().identity().decisions());
      return &*enterprises;
    };
  }
  if (const std::string meant = provider_meant(session, options.provider);
      !meant.empty() && !options.is_new_provider) {
    const text::Words asked{"没有“" + options.provider + "”报过数；是不是“" + meant +
                                "”？改正名称，或写 --new-provider 表示确是另一家。",
                            "Nobody called \"" + options.provider + "\" has sent anything; was \"" + meant +
                                "\" meant? Correct the name, or give --new-provider if it is another."};
    std::fprintf(stderr, "%s\n", text::in_language(asked, common.language).c_str());
    return Exit::Usage;
  }
  into.preview = options.preview;
  into.trial = options.dry_run;
  for (const std::string& each : options.map) {
    const std::size_t equals = each.rfind('=');
    if (equals == std::string::npos || equals == 0) {
      std::fprintf(stderr, "%s\n",
                   say(common.language, "--map 写成 表头=字段，例如 --map 税金=实缴税收。",
                       "--map is header=field, such as --map 税金=实缴税收.")
                       .c_str());
      return Exit::Usage;
    }
    into.decided[each.substr(0, equals)] = each.substr(equals + 1);
  }
  const bool is_watched = isatty(STDERR_FILENO) != 0 && !common.quiet && !common.json;
  if (is_watched)
    into.watch = [&](const intake::Progress& now) { return show_progress(now, common.language); };
  bool clean = true;
  text::JsonWriter json;
  json.begin_array();
  for (const std::string& file : options.files) {
    if (!options.problems.empty()) into.copy_to = name_of_copy(options.problems, file);
    const intake::Intake done = intake::import_file(file, pack->schema, store, into);
    if (is_watched) std::fprintf(stderr, "\r%60s\r", "");
    clean = clean && !diagnostic::has_errors(done.diagnostics);
    std::int64_t accepted = 0, unchanged = 0, refused = 0;
    for (const intake::SheetIntake& sheet : done.sheets)
      accepted += sheet.accepted, unchanged += sheet.unchanged, refused += sheet.refused;
    if (common.json) {
      json.begin_object()
          .member("file", file)
          .member("already_imported", done.already_imported)
          .member("accepted", accepted)
          .member("unchanged", unchanged)
          .member("refused", refused);
      json.key("changes").begin_array();
      for (const intake::SheetIntake& sheet : done.sheets)
        for (const intake::HeaderChange& one : sheet.changes) {
          json.begin_object()
              .member("sheet", sheet.sheet)
              .member("kind", intake::to_code(one.kind))
              .member("was", one.was)
              .member("is", one.is)
              .member("was_at", one.was_at)
              .member("at", one.at)
              .member("field", one.field)
              .member("was_unit", one.was_unit)
              .member("unit", one.unit);
          json.end_object();
        }
      json.end_array();
      json.end_object();
    } else {
      if (!common.quiet) {
        std::fprintf(stderr, "%s\n", file.c_str());
        print_mapping(done, *pack, common.language);
      }
      print_changes(done, common.language);
      print_diagnostics(done.diagnostics, common);
      if (options.preview)
        std::printf(
            "%s：%s\n", file.c_str(),
            say(common.language, "只看了表头，没有读数据", "headers only; no data were read").c_str());
      else if (done.already_imported)
        std::printf("%s：%s\n", file.c_str(),
                    say(common.language, "这个文件已经导入过，没有重复写入",
                        "already imported; nothing was written again")
                        .c_str());
      else
        std::printf("%s：%lld %s，%lld %s，%lld %s%s\n", file.c_str(), static_cast<long long>(accepted),
                    say(common.language, "行写入", "rows in").c_str(), static_cast<long long>(unchanged),
                    say(common.language, "行无变化", "unchanged").c_str(), static_cast<long long>(refused),
                    say(common.language, "行退回", "refused").c_str(),
                    options.dry_run
                        ? say(common.language, "（试读，没有保存）", " (trial, nothing kept)").c_str()
                        : "");
    }
    if (done.has_copy && !common.quiet)
      std::fprintf(stderr, "%s%s\n",
                   say(common.language, "带“问题”列的副本：", "Copy with the column of problems: ").c_str(),
                   into.copy_to.c_str());
  }
  if (common.json) std::printf("%s\n", json.end_array().take().c_str());
  session.data_changed();
  return clean ? Exit::Ok : Exit::Findings;
}

}  // namespace tenglong::cli
