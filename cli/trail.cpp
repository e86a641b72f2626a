#include "campaign/trail/trail.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/inside/commands.h"

namespace tenglong::cli {

namespace {

std::string key_path(const Common& common) { return common.folder() + "/trail-key.pem"; }

// Readable by its owner alone, from the first moment.
bool write_secret(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (file < 0) return false;
  const bool is_whole =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  return ::close(file) == 0 && is_whole;
}

std::optional<trail::Key> key_of(Session& session) {
  std::ifstream in(key_path(session.common()), std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  const std::optional<trail::Key> key = in ? trail::read_key(text.str()) : std::nullopt;
  if (!key)
    std::fprintf(stderr, "%s：%s\n", key_path(session.common()).c_str(),
                 say(session.language(), "没有签名钥匙。先运行 tenglong trail key。",
                     "there is no signing key. Run tenglong trail key first.")
                     .c_str());
  return key;
}

}  // namespace

// Makes the signing key, once; prints the public key to hand to the auditors.
Exit trail_key(Session& session) {
  if (session.pack() == nullptr) return Exit::Findings;
  session.store();
  const std::string path = key_path(session.common());
  if (std::filesystem::exists(path)) {
    const std::optional<trail::Key> key = key_of(session);
    if (!key) return Exit::Outside;
    std::printf("%s", key->public_pem.c_str());
    return Exit::Ok;
  }
  const trail::Key key = trail::make_key();
  std::error_code ignored;  // a folder that cannot be made cannot be written either
  std::filesystem::create_directories(session.common().folder(), ignored);
  if (!write_secret(path, key.private_pem)) {
    std::fprintf(stderr, "%s：%s\n", path.c_str(),
                 say(session.language(), "写不进去。", "cannot be written.").c_str());
    return Exit::Outside;
  }
  session.store().set("trail_key", key.id);
  std::printf("%s", key.public_pem.c_str());
  std::fprintf(
      stderr, "%s\n",
      say(session.language(), "签名钥匙已生成，只存在数据文件夹里；上面是公钥，请另行交给审计一方。",
          "The signing key is made and stays in the data folder; above is the public key, for the auditors.")
          .c_str());
  return Exit::Ok;
}

Exit trail_head(Session& session) {
  if (session.pack() == nullptr) return Exit::Findings;
  const std::optional<trail::Key> key = key_of(session);
  if (!key) return Exit::Usage;
  const trail::SignedHead head =
      trail::sign_now(session.store().trail(), session.pack()->head.area, now_text(), *key);
  std::printf("%lld %s %s %s\n", static_cast<long long>(head.head.size),
              trail::to_hex(head.head.root).c_str(), head.head.at.c_str(), head.head.key_id.c_str());
  return Exit::Ok;
}

Exit trail_export(Session& session, const TrailExportOptions& options) {
  if (session.pack() == nullptr) return Exit::Findings;
  const std::optional<trail::Key> key = key_of(session);
  if (!key) return Exit::Usage;
  const trail::SignedHead head =
      trail::sign_now(session.store().trail(), session.pack()->head.area, now_text(), *key);
  if (options.from < 1 || options.from > head.head.size + 1) {
    std::fprintf(stderr, "%s %lld\n",
                 say(session.language(), "--from 要在 1 与留痕的条数之间：",
                     "--from lies between 1 and the number of events:")
                     .c_str(),
                 static_cast<long long>(head.head.size));
    return Exit::Usage;
  }
  std::ofstream out(options.file, std::ios::binary);
  out << trail::export_range(session.store().trail(), options.from, head);
  if (!out.flush()) {
    std::fprintf(stderr, "%s：%s\n", options.file.c_str(),
                 say(session.language(), "写不进去。", "cannot be written.").c_str());
    return Exit::Outside;
  }
  std::printf("%s\n%s %lld–%lld；%s tenglong-verify %s\n", options.file.c_str(),
              say(session.language(), "留痕", "events").c_str(), static_cast<long long>(options.from),
              static_cast<long long>(head.head.size), say(session.language(), "核对：", "check:").c_str(),
              options.file.c_str());
  return Exit::Ok;
}

// The latest events, newest last.
Exit trail_show(Session& session, const TrailShowOptions& options) {
  if (session.pack() == nullptr) return Exit::Findings;
  trail::TrailStore& trail = session.store().trail();
  const std::int64_t size = trail.size(), from = std::max<std::int64_t>(1, size - options.last + 1);
  trail.read(from, size, [&](std::int64_t number, std::string_view encoded) {
    const std::optional<trail::Event> event = trail::decode(encoded);
    if (!event) {
      std::printf("%6lld  ?\n", static_cast<long long>(number));
      return;
    }
    std::string details;
    for (const auto& [name, value] : event->details) details += "  " + name + "=" + value;
    std::printf("%6lld  %s  %s  %s %s %s  %.12s%s\n", static_cast<long long>(number), event->at.c_str(),
                event->account.c_str(), event->operation.c_str(), event->kind.c_str(), event->object.c_str(),
                event->after.c_str(), details.c_str());
  });
  return Exit::Ok;
}

}  // namespace tenglong::cli
