// Backups, their restoring, and the drill that proves that one can be restored.
#include "store/backup.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "cli/inside/commands.h"
#include "engine/run/run.h"

namespace tenglong::cli {

namespace fs = std::filesystem;

namespace {

std::string scratch_folder() {
  return (fs::temp_directory_path() / ("tenglong-drill-" + std::to_string(getpid()))).string();
}

// The verifier beside this program: it shares no code with what wrote the backup. Nothing: it is not there.
std::optional<bool> verify_with_the_other_program(const std::string& database) {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path() / "tenglong-verify";
  if (error || !fs::exists(program)) return std::nullopt;
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) return std::nullopt;
  if (child == 0) {
    dup2(STDERR_FILENO, STDOUT_FILENO);
    execl(program.c_str(), program.c_str(), database.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child) return std::nullopt;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void say_line(const Session& session, const std::string& zh, const std::string& en) {
  std::printf("%s\n", session.language() == Language::English ? en.c_str() : zh.c_str());
}

}  // namespace

Exit back_up(Session& session, const BackupOptions& options) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  const store::Backup backup = store::back_up(session.common().data, options.to, pack->head.area,
                                              pack->schema, now_text(), options.keep);
  print_diagnostics(backup.refused, session.common());
  if (!backup.refused.empty()) return Exit::Findings;
  std::int64_t rows = 0;
  for (const store::TableContent& each : backup.manifest.contents.tables) rows += each.rows;
  say_line(session,
           "已备份到 " + backup.folder + "：" + std::to_string(backup.manifest.contents.tables.size()) +
               " 张表 " + std::to_string(rows) + " 行，留痕 " +
               std::to_string(backup.manifest.contents.events) + " 条，内容指纹 " +
               backup.manifest.contents.fingerprint().substr(0, 12) + "。",
           "Backed up to " + backup.folder + ": " + std::to_string(rows) + " rows, fingerprint " +
               backup.manifest.contents.fingerprint().substr(0, 12) + ".");
  for (const std::string& each : backup.removed) say_line(session, "删去旧的 " + each, "Removed " + each);
  return Exit::Ok;
}

Exit restore(Session& session, const RestoreOptions& options) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  const store::Copy copy = store::restore(options.from, options.to, pack->schema, scratch_folder());
  print_diagnostics(copy.refused, session.common());
  if (!copy.refused.empty()) return Exit::Findings;
  say_line(session,
           "已恢复到 " + copy.contents.name + "，内容指纹 " + copy.contents.fingerprint().substr(0, 12) +
               "，与备份一致。",
           "Restored to " + copy.contents.name + "; the same as the backup.");
  return Exit::Ok;
}

Exit drill(Session& session, const DrillOptions& options) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  const std::string folder = scratch_folder();
  struct Gone {
    const std::string& folder;
    ~Gone() {
      std::error_code ignored;
      fs::remove_all(folder, ignored);
    }
  } gone{folder};
  const store::Copy copy =
      store::restore(options.from, folder + "/restored", pack->schema, folder + "/scratch");
  print_diagnostics(copy.refused, session.common());
  if (!copy.refused.empty()) return Exit::Findings;
  say_line(session, "恢复：每张表、每一行与清单一致。", "Restored: every table and row as in the manifest.");

  bool holds = true;
  if (const auto verified = verify_with_the_other_program(folder + "/restored/tenglong.db")) {
    holds = *verified;
    say_line(
        session, *verified ? "留痕：另一个程序核对无误。" : "留痕：另一个程序核对不符。",
        *verified ? "Trail: verified by the other program." : "Trail: the other program finds differences.");
  } else {
    say_line(
        session, "留痕：根与清单一致；旁边没有 tenglong-verify，没有另行核对。",
        "Trail: the root is that of the manifest; tenglong-verify is not here, so nobody else checked it.");
  }

  const auto store = store::open_store(folder + "/restored", pack->head.area, pack->schema,
                                       access::Scope::whole_district("operator"));
  const auto kept = store->results().latest();
  if (!kept) {
    say_line(session, "评价：备份里没有评价结果，没有可复算的。", "Evaluation: the backup holds no result.");
  } else {
    const column::Snapshot snapshot = column::take_snapshot(pack->schema, store->registers());
    if (snapshot.fingerprint != kept->header.snapshot_fingerprint ||
        pack->fingerprint != kept->header.pack_fingerprint) {
      say_line(session, "评价：最近的结果是用别的数据或别的政策包算的，这次不能比。",
               "Evaluation: the latest result rests on other data or another pack; it cannot be compared.");
    } else {
      const result::Result again = run::run(*pack, snapshot, {.period = kept->header.period});
      const bool same = again.header.fingerprint == kept->header.fingerprint;
      holds = holds && same;
      say_line(
          session,
          same ? "评价：从恢复的数据重算，指纹 " + again.header.fingerprint.substr(0, 12) + " 与当时一致。"
               : "评价：重算的指纹与当时不同。",
          same ? "Evaluation: run again from the restored data, the same fingerprint."
               : "Evaluation: run again, another fingerprint.");
    }
  }
  say_line(session, holds ? "演练通过。" : "演练没有通过：不要依赖这个备份。",
           holds ? "The drill holds." : "The drill failed: do not rely on this backup.");
  return holds ? Exit::Ok : Exit::Findings;
}

}  // namespace tenglong::cli
