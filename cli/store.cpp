// The store itself: what it holds, and everything of it to another place.
#include "store/store.h"

#include <cstdio>

#include "cli/inside/commands.h"
#include "store/copy.h"

namespace tenglong::cli {

namespace {

void print_contents(const Common& common, const store::Contents& contents, std::int64_t bytes) {
  if (common.json) {
    std::string tables;
    for (const store::TableContent& each : contents.tables)
      tables += (tables.empty() ? "" : ",") + std::string("{\"table\":\"") + each.table +
                "\",\"rows\":" + std::to_string(each.rows) + ",\"fingerprint\":\"" + each.fingerprint + "\"}";
    std::printf(
        "{\"schema_version\":%d,\"bytes\":%lld,\"tables\":[%s],\"events\":%lld,\"trail_root\":\"%s\","
        "\"fingerprint\":\"%s\"}\n",
        contents.schema_version, static_cast<long long>(bytes), tables.c_str(),
        static_cast<long long>(contents.events), contents.trail_root.c_str(), contents.fingerprint().c_str());
    return;
  }
  std::printf("%s\n", contents.name.c_str());
  std::printf("%s\n", say(common.language, "表的步骤 ", "schema step ")
                          .append(std::to_string(contents.schema_version))
                          .c_str());
  for (const store::TableContent& each : contents.tables)
    std::printf("  %-20s %10lld  %.16s\n", each.table.c_str(), static_cast<long long>(each.rows),
                each.fingerprint.c_str());
  std::printf("%s %lld  %.16s\n", say(common.language, "留痕", "trail").c_str(),
              static_cast<long long>(contents.events), contents.trail_root.c_str());
  std::printf("%s %s\n", say(common.language, "内容指纹", "fingerprint").c_str(),
              contents.fingerprint().c_str());
}

}  // namespace

Exit store_contents(Session& session) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  const std::int64_t bytes = session.store().size().bytes;
  print_contents(session.common(), store::contents_of(session.common().data, pack->head.area, pack->schema),
                 bytes);
  return Exit::Ok;
}

Exit store_copy(Session& session, const StoreCopyOptions& options) {
  const pack::Pack* pack = session.pack();
  if (pack == nullptr) return Exit::Findings;
  const store::Copy copy = store::copy_area(options.from.empty() ? session.common().data : options.from,
                                            options.to, pack->head.area, pack->schema);
  print_diagnostics(copy.refused, session.common());
  if (!copy.refused.empty()) return Exit::Findings;
  print_contents(session.common(), copy.contents, 0);
  if (!session.common().quiet)
    std::fprintf(stderr, "%s\n",
                 say(session.language(), "两边的内容指纹与留痕的根一致。",
                     "Fingerprints and the root of the trail are the same on both sides.")
                     .c_str());
  return Exit::Ok;
}

}  // namespace tenglong::cli
