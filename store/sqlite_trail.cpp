#include "store/inside/sqlite_trail.h"

#include <cstring>
#include <ctime>

#include "engine/text/ensure.h"

namespace tenglong::store {

namespace {

std::string now_text() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char text[40];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", &local);
  return std::string(text).insert(22, ":");
}

std::string_view bytes_of(const trail::Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}
trail::Hash hash_of(std::string_view bytes) {
  ensure(bytes.size() == sizeof(trail::Hash), "a hash has 32 bytes");
  trail::Hash out{};
  std::memcpy(out.data(), bytes.data(), out.size());
  return out;
}

}  // namespace

void BatchDigest::add(std::string_view register_id, std::string_view record_key, std::string_view period,
                      std::string_view sheet, std::int64_t row, std::string_view payload) {
  digest_.field(register_id).field(record_key).field(period).field(sheet).number(row).field(payload);
}

std::string BatchDigest::finish(const std::vector<std::string>& texts,
                                const std::vector<std::int64_t>& numbers) {
  for (const std::string& each : texts) digest_.field(each);
  for (const std::int64_t each : numbers) digest_.number(each);
  return digest_.hex();
}

std::int64_t SqliteTrail::size() const {
  Query query(database_, "select coalesce(max(number), 0) from trail_event where area = ?1");
  query.bind(1, area_).step();
  return query.number(0);
}

trail::Hash SqliteTrail::node(int level, std::int64_t index) const {
  Query query(database_, "select hash from trail_node where area = ?1 and level = ?2 and position = ?3");
  query.bind(1, area_).bind(2, std::int64_t{level}).bind(3, index);
  if (!query.step() || query.text(0).size() != sizeof(trail::Hash))
    database_.fail("trail node " + std::to_string(level) + "/" + std::to_string(index) + " is missing");
  return hash_of(query.text(0));
}

void SqliteTrail::append(std::string operation, std::string kind, std::string object, std::string after,
                         std::vector<std::pair<std::string, std::string>> details) {
  const std::int64_t before = size();
  const std::string encoded = trail::encode({.number = before + 1,
                                             .area = area_,
                                             .at = author_.at.empty() ? now_text() : author_.at,
                                             .account = author_.account,
                                             .unit = author_.unit,
                                             .on_behalf_of = author_.on_behalf_of,
                                             .request = author_.request,
                                             .operation = std::move(operation),
                                             .kind = std::move(kind),
                                             .object = std::move(object),
                                             .after = std::move(after),
                                             .details = std::move(details)});
  Query insert(database_, "insert into trail_event (area, number, encoded) values (?1, ?2, ?3)");
  insert.bind(1, area_).bind(2, before + 1).bind(3, encoded).run();
  Query keep(database_, "insert into trail_node (area, level, position, hash) values (?1, ?2, ?3, ?4)");
  for (const trail::Node& each :
       trail::append(before, trail::leaf_hash(encoded),
                     [&](int level, std::int64_t index) { return node(level, index); }))
    keep.bind(1, area_)
        .bind(2, std::int64_t{each.level})
        .bind(3, each.index)
        .bind(4, bytes_of(each.hash))
        .run();
}

void SqliteTrail::read(std::int64_t from, std::int64_t to,
                       const std::function<void(std::int64_t number, std::string_view encoded)>& each) const {
  Query query(
      database_,
      "select number, encoded from trail_event where area = ?1 and number between ?2 and ?3 order by number");
  query.bind(1, area_).bind(2, from).bind(3, to);
  while (query.step()) each(query.number(0), query.text(1));
}

void SqliteTrail::keep_head(const trail::SignedHead& head) {
  Query query(database_,
              "insert into trail_head (area, size, at, key_id, root, signature, public_key) values (?1, ?2, "
              "?3, ?4, ?5, ?6, "
              "?7) on conflict do nothing");
  query.bind(1, area_)
      .bind(2, head.head.size)
      .bind(3, head.head.at)
      .bind(4, head.head.key_id)
      .bind(5, bytes_of(head.head.root))
      .bind(6, head.signature)
      .bind(7, head.public_pem)
      .run();
}

std::vector<trail::SignedHead> SqliteTrail::heads() const {
  std::vector<trail::SignedHead> out;
  Query query(database_,
              "select size, at, key_id, root, signature, public_key from trail_head where area = ?1 order by "
              "size, at");
  query.bind(1, area_);
  while (query.step()) {
    trail::SignedHead head;
    head.head = {.area = area_,
                 .size = query.number(0),
                 .root = hash_of(query.text(3)),
                 .at = std::string(query.text(1)),
                 .key_id = std::string(query.text(2))};
    head.signature = std::string(query.text(4));
    head.public_pem = std::string(query.text(5));
    out.push_back(std::move(head));
  }
  return out;
}

void SqliteTrail::adopt() {
  if (size() > 0) return;
  Query batches(database_,
                "select id, register_id, provider, submitter, received_at, file_name, file_fingerprint, "
                "document, mark, "
                "rows_read, rows_accepted, rows_refused from batch where area = ?1 order by id");
  batches.bind(1, area_);
  while (batches.step()) {
    BatchDigest digest;
    Query rows(database_,
               "select register_id, record_key, period, sheet, row, payload from statement where area = ?1 "
               "and batch = ?2 "
               "order by rowid");
    rows.bind(1, area_).bind(2, batches.number(0));
    while (rows.step())
      digest.add(rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.number(4), rows.text(5));
    std::vector<std::string> texts;
    for (int i = 1; i <= 8; ++i) texts.emplace_back(batches.text(i));
    append("adopt_batch", "batch", std::to_string(batches.number(0)),
           digest.finish(texts, {batches.number(9), batches.number(10), batches.number(11)}),
           {{"file", texts[4]}, {"provider", texts[1]}});
  }
  Query settings(database_, "select name, value from setting where area = ?1 order by name");
  settings.bind(1, area_);
  while (settings.step())
    append("adopt_setting", "setting", std::string(settings.text(0)), fingerprint::of_bytes(settings.text(1)),
           {});
  Query mappings(database_,
                 "select provider, register_id, header_fingerprint, columns from mapping where area = ?1 "
                 "order by 1, 2, 3");
  mappings.bind(1, area_);
  while (mappings.step())
    append("adopt_mapping", "mapping",
           std::string(mappings.text(0)) + "/" + std::string(mappings.text(1)) + "/" +
               std::string(mappings.text(2)),
           fingerprint::of_bytes(mappings.text(3)), {});
  Query results(database_, "select fingerprint, encoded from result where area = ?1 order by ordinal");
  results.bind(1, area_);
  while (results.step())
    append("adopt_result", "result", std::string(results.text(0)), fingerprint::of_bytes(results.text(1)),
           {});
}

}  // namespace tenglong::store
