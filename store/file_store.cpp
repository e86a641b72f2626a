#include "store/inside/file_store.h"

#include <algorithm>
#include <map>

#include "engine/fingerprint/fingerprint.h"

namespace tenglong::store {

void keep_file(const Ground& ground, const schema::Attachment& what, std::string_view content) {
  Change change(ground);
  Query known(change.connection(), "select 1 from kept_file where area = $1 and fingerprint = $2");
  known.bind(1, ground.area).bind(2, what.fingerprint);
  if (known.step()) return;
  known.reset();
  Query(change.connection(),
        "insert into kept_file (area, fingerprint, size, content) values ($1, $2, $3, $4)")
      .bind(1, ground.area)
      .bind(2, what.fingerprint)
      .bind(3, what.size)
      .bind_bytes(4, content)
      .run();
  change.commit({.operation = "keep_file",
                 .kind = "kept_file",
                 .object = what.fingerprint,
                 .after = what.fingerprint,
                 .details = {{"name", what.name}, {"size", std::to_string(what.size)}}});
}

std::vector<UnnamedFile> unnamed_files(const Ground& ground, Connection& connection) {
  std::map<std::string, std::int64_t, std::less<>> left;
  Query kept(connection, "select fingerprint, size from kept_file where area = $1");
  kept.bind(1, ground.area);
  while (kept.step()) left.emplace(kept.text(0), kept.number(1));
  kept.reset();
  // As values are written, of fields that are no longer in the schema too.
  Query naming(connection,
               "select payload from statement where area = $1 and payload like '%sm3:%' union all "
               "select from_value || ' ' || to_value || ' ' || evidence from correction where area = $1",
               Rows::Streamed);
  naming.bind(1, ground.area);
  constexpr std::string_view kSign = "sm3:";
  constexpr std::size_t kDigits = 64;
  while (!left.empty() && naming.step()) {
    const std::string_view text = naming.text(0);
    for (std::size_t at = text.find(kSign); at != std::string_view::npos; at = text.find(kSign, at + 1))
      if (const auto found = left.find(text.substr(at + kSign.size(), kDigits)); found != left.end())
        left.erase(found);
  }
  std::vector<UnnamedFile> out;
  for (const auto& [fingerprint, size] : left) out.push_back({fingerprint, size});
  return out;
}

bool remove_file(const Ground& ground, std::string_view fingerprint) {
  Change change(ground);
  const std::vector<UnnamedFile> unnamed = unnamed_files(ground, change.connection());
  const auto found = std::find_if(unnamed.begin(), unnamed.end(),
                                  [&](const UnnamedFile& each) { return each.fingerprint == fingerprint; });
  if (found == unnamed.end()) return false;
  Query(change.connection(), "delete from kept_file where area = $1 and fingerprint = $2")
      .bind(1, ground.area)
      .bind(2, fingerprint)
      .run();
  change.commit({.operation = "remove_file",
                 .kind = "kept_file",
                 .object = found->fingerprint,
                 .before = found->fingerprint,
                 .details = {{"size", std::to_string(found->size)}}});
  return true;
}

bool has_file(const Ground& ground, std::string_view fingerprint) {
  const Db::Reader reader = ground.db->reader();
  Query query(*reader, "select 1 from kept_file where area = $1 and fingerprint = $2");
  return query.bind(1, ground.area).bind(2, fingerprint).step();
}

std::optional<std::string> file_content(const Ground& ground, std::string_view fingerprint) {
  const Db::Reader reader = ground.db->reader();
  Query query(*reader, "select content from kept_file where area = $1 and fingerprint = $2");
  query.bind(1, ground.area).bind(2, fingerprint);
  if (!query.step()) return std::nullopt;
  std::string out(query.text(0));
  if (fingerprint::of_bytes(out) != fingerprint)
    throw StoreFailure({"这份附件的内容与登记的指纹不符，没有打开。用 tenglong-verify 核对数据。",
                        "The file is not what its fingerprint says and was not opened. Check the data with "
                        "tenglong-verify."},
                       "kept_file " + std::string(fingerprint) + " is damaged", Trouble::Damaged);
  return out;
}

}  // namespace tenglong::store
