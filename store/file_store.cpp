#include "store/inside/file_store.h"

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
