#include <cstdio>
#include <filesystem>

#include "cli/inside/commands.h"
#include "engine/intake/intake.h"
#include "engine/sample/sample.h"

namespace tenglong::cli {

namespace {

sample::Place place_of(const pack::Pack& pack) {
  sample::Place place{.area = pack.head.area};
  for (const schema::Codes& codes : pack.schema.codes) {
    if (codes.level == "town")
      for (const schema::CodeEntry& entry : codes.entries)
        if (entry.code != pack.head.area)
          place.towns.push_back(
              {entry.code, entry.name, entry.aliases.empty() ? entry.name : entry.aliases.front()});
    if (codes.id == "park")
      for (const schema::CodeEntry& entry : codes.entries) place.parks.push_back(entry.name);
  }
  return place;
}

std::vector<sample::File> make_files(Session& session, const SampleOptions& options,
                                     const std::string& folder) {
  const sample::Options how{.firms = options.firms, .seed = options.seed};
  const sample::District district = sample::make_district(place_of(*session.pack()), how);
  return sample::write_workbooks(district, how, folder, [&](const sample::File& file) {
    if (!session.common().quiet) std::fprintf(stderr, "  %s\n", file.path.c_str());
  });
}

}  // namespace

Exit sample(Session& session, const SampleOptions& options) {
  if (session.pack() == nullptr) return Exit::Findings;
  const std::string folder = options.folder.empty() ? session.common().folder() + "/sample" : options.folder;
  const auto files = make_files(session, options, folder);
  std::printf("%s %zu %s %s\n", say(session.language(), "样例数据：", "Sample data:").c_str(), files.size(),
              say(session.language(), "个文件，在", "files in").c_str(), folder.c_str());
  return Exit::Ok;
}

// The main job: sample workbooks, import, run, reports, summary. What is already there is kept.
Exit district(Session& session, const DistrictOptions& options) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  const Common& common = session.common();
  const auto tell = [&](const std::string& what) {
    if (!common.quiet) std::fprintf(stderr, "· %s\n", what.c_str());
  };
  tell(say(common.language, "政策包没有错误", "The pack is clean"));
  const std::string wanted = std::to_string(options.sample.firms) + "/" + std::to_string(options.sample.seed);
  if (options.fresh && store::is_database_address(common.data)) {
    std::fprintf(stderr, "%s\n",
                 say(common.language, "数据库里的内容不会被清空：新建一个数据库来重做。",
                     "What is in a database is not emptied: make a new database to start again.")
                     .c_str());
    return Exit::Usage;
  }
  if (options.fresh)
    for (const char* name : {"tenglong.db", "tenglong.db-wal", "tenglong.db-shm", "sample", "problems"})
      std::filesystem::remove_all(common.data + "/" + name);
  store::Store& store = session.store();
  const bool made = store.setting("sample").has_value();
  const bool other_data = !made && store.size().batches > 0;
  if (!made && !other_data) {
    tell(say(common.language, "生成样例区县的来表", "Making the sample district's workbooks"));
    const std::string folder = common.folder() + "/sample";
    const auto files = make_files(session, options.sample, folder);
    tell(say(common.language, "导入", "Importing"));
    std::int64_t accepted = 0, refused = 0;
    std::size_t findings = 0;
    for (const sample::File& file : files) {
      const intake::Intake done = intake::import_file(
          file.path, pack->schema, store.registers(),
          {.provider = file.provider,
           .submitter = "样例",
           .received_at = now_text(),
           .document = file.document,
           .mark = "样例数据",
           .register_id = file.register_id.empty() ? std::nullopt : std::optional(file.register_id),
           .copy_to = common.folder() + "/problems/" + std::filesystem::path(file.path).filename().string()});
      for (const intake::SheetIntake& sheet : done.sheets)
        accepted += sheet.accepted, refused += sheet.refused;
      findings += done.diagnostics.size();
      if (!common.quiet)
        std::fprintf(stderr, "  %s：%zu 处提示\n", std::filesystem::path(file.path).filename().c_str(),
                     done.diagnostics.size());
    }
    store.set("sample", wanted);
    tell(say(common.language, "写入 ", "Rows in ") + std::to_string(accepted) +
         say(common.language, " 行，退回 ", ", refused ") + std::to_string(refused) +
         say(common.language, " 行，提示 ", ", findings ") + std::to_string(findings) +
         say(common.language, " 处；带“问题”列的副本在 ", "; copies with the column of problems in ") +
         common.folder() + "/problems");
    session.data_changed();
  } else if (made && *store.setting("sample") != wanted) {
    tell(say(common.language, "数据文件夹里是另一个样例（", "The data folder holds another sample (") +
         *store.setting("sample") +
         say(common.language, "），照旧使用；--fresh 重做", "), kept; --fresh remakes it"));
  } else {
    tell(say(common.language, "沿用已有数据（--fresh 重做）",
             "Using the data that is there (--fresh remakes it)"));
  }
  tell(say(common.language, "评价", "Evaluating"));
  if (!session.period()) {
    std::fprintf(stderr, "%s\n", say(common.language, "没有年度数据。", "There is no yearly data.").c_str());
    return Exit::Findings;
  }
  const auto [workbook, report] = write_reports(session, common.folder());
  std::fputs(summary(session).c_str(), stdout);
  std::printf("\n%s\n%s\n", workbook.c_str(), report.c_str());
  return Exit::Ok;
}

}  // namespace tenglong::cli
