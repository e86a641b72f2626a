#include <cstring>
#include <ctime>

#include "engine/fingerprint/fingerprint.h"
#include "engine/text/ensure.h"
#include "store/inside/batch_digest.h"
#include "store/inside/change.h"

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

trail::Hash node_in(Connection& connection, const std::string& area, int level, std::int64_t index) {
  Query query(connection, "select hash from trail_node where area = $1 and level = $2 and position = $3");
  query.bind(1, area).bind(2, std::int64_t{level}).bind(3, index);
  if (!query.step() || query.text(0).size() != sizeof(trail::Hash)) {
    const std::string place = std::to_string(level) + "/" + std::to_string(index);
    throw StoreFailure({"留痕的节点 " + place + " 不在了，已停止写入。用 tenglong-verify 核对，用备份恢复。",
                        "Node " + place + " of the trail is missing. Check with tenglong-verify."},
                       "trail node " + place + " is missing", Trouble::Damaged);
  }
  return hash_of(query.text(0));
}

// Inside a transaction that the caller has open.
void append(Connection& connection, const Ground& ground, trail::Event event) {
  const std::int64_t before = size_in(connection, ground.area);
  event.number = before + 1;
  event.area = ground.area;
  event.at = ground.author.at.empty() ? now_text() : ground.author.at;
  event.account = ground.author.account;
  event.unit = ground.author.unit;
  event.on_behalf_of = ground.author.on_behalf_of;
  event.request = ground.author.request;
  const std::string encoded = trail::encode(std::move(event));
  const std::vector<trail::Node> nodes = trail::append(
      before, trail::leaf_hash(encoded),
      [&](int level, std::int64_t index) { return node_in(connection, ground.area, level, index); });
  Query insert(connection, "insert into trail_event (area, number, encoded) values ($1, $2, $3)");
  Query keep(connection, "insert into trail_node (area, level, position, hash) values ($1, $2, $3, $4)");
  Pipeline pipeline(connection);
  pipeline.run(insert.bind(1, ground.area).bind(2, before + 1).bind_bytes(3, encoded));
  for (const trail::Node& each : nodes)
    pipeline.run(keep.bind(1, ground.area)
                     .bind(2, std::int64_t{each.level})
                     .bind(3, each.index)
                     .bind_bytes(4, bytes_of(each.hash)));
  pipeline.finish();
}

}  // namespace

std::int64_t size_in(Connection& connection, const std::string& area) {
  Query query(connection, "select coalesce(max(number), 0) from trail_event where area = $1");
  query.bind(1, area).step();
  return query.number(0);
}

trail::Hash root_in(Connection& connection, const std::string& area) {
  return trail::root(size_in(connection, area),
                     [&](int level, std::int64_t index) { return node_in(connection, area, level, index); });
}

Change::Change(const Ground& ground) : ground_(ground), transaction_(*ground.db, ground.area) {}

void Change::commit(trail::Event what) {
  append(transaction_.connection(), ground_, std::move(what));
  transaction_.commit();
}

std::int64_t KeptTrail::size() const { return size_in(*ground_.db->reader(), ground_.area); }

trail::Hash KeptTrail::node(int level, std::int64_t index) const {
  return node_in(*ground_.db->reader(), ground_.area, level, index);
}

void KeptTrail::read(std::int64_t from, std::int64_t to,
                     const std::function<void(std::int64_t number, std::string_view encoded)>& each) const {
  const Db::Reader reader = ground_.db->reader(kWhole);
  Query query(
      *reader,
      "select number, encoded from trail_event where area = $1 and number between $2 and $3 order by number",
      Rows::Streamed);
  query.bind(1, ground_.area).bind(2, from).bind(3, to);
  while (query.step()) each(query.number(0), query.text(1));
}

void KeptTrail::keep_head(const trail::SignedHead& head) {
  Transaction transaction(*ground_.db, ground_.area);
  Query(
      transaction.connection(),
      "insert into trail_head (area, size, at, key_id, root, signature, public_key) values ($1, $2, $3, $4, "
      "$5, $6, $7) on conflict do nothing")
      .bind(1, ground_.area)
      .bind(2, head.head.size)
      .bind(3, head.head.at)
      .bind(4, head.head.key_id)
      .bind_bytes(5, bytes_of(head.head.root))
      .bind_bytes(6, head.signature)
      .bind(7, head.public_pem)
      .run();
  transaction.commit();
}

std::vector<trail::SignedHead> KeptTrail::heads() const {
  std::vector<trail::SignedHead> out;
  const Db::Reader reader = ground_.db->reader();
  Query query(*reader,
              "select size, at, key_id, root, signature, public_key from trail_head where area = $1 order by "
              "size, at");
  query.bind(1, ground_.area);
  while (query.step()) {
    trail::SignedHead head;
    head.head = {.area = ground_.area,
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

void adopt(const Ground& ground) {
  if (size_in(*ground.db->reader(), ground.area) > 0) return;
  Transaction transaction(*ground.db, ground.area);
  Connection& connection = transaction.connection();
  if (size_in(connection, ground.area) > 0) return;  // another program was faster
  Query batches(connection,
                "select id, register_id, provider, submitter, received_at, file_name, file_fingerprint, "
                "document, mark, rows_read, rows_accepted, rows_refused, source, is_preliminary, reason from "
                "batch where area = $1 order by id");
  batches.bind(1, ground.area);
  while (batches.step()) {
    BatchDigest digest;
    Query rows(connection,
               "select register_id, record_key, period, sheet, row, payload, effective from statement where "
               "area = $1 and batch = $2 order by ordinal");
    rows.bind(1, ground.area).bind(2, batches.number(0));
    while (rows.step())
      digest.add(rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.number(4), rows.text(5),
                 rows.text(6));
    const auto text = [&](int column) { return std::string(batches.text(column)); };
    const registers::Batch batch{
        .register_id = text(1),
        .provider = text(2),
        .submitter = text(3),
        .received_at = text(4),
        .file_name = text(5),
        .file_fingerprint = text(6),
        .document = text(7),
        .mark = text(8),
        .rows_read = batches.number(9),
        .rows_accepted = batches.number(10),
        .rows_refused = batches.number(11),
        .source = registers::source_of(batches.text(12)).value_or(registers::Source::File),
        .is_preliminary = batches.number(13) != 0,
        .reason = text(14)};
    append(connection, ground,
           {.operation = "adopt_batch",
            .kind = "batch",
            .object = text(0),
            .after = digest.finish(batch),
            .details = {{"file", batch.file_name}, {"provider", batch.provider}}});
  }
  const struct {
    const char* kind;
    const char* sql;  // object, content
  } kPlain[] = {
      {"setting", "select name, value from setting where area = $1 order by name"},
      {"mapping",
       "select provider || '/' || register_id || '/' || header_fingerprint, columns from mapping where area "
       "= "
       "$1 order by provider, register_id, header_fingerprint"},
      {"result", "select fingerprint, encoded from result where area = $1 order by ordinal"},
  };
  for (const auto& [kind, sql] : kPlain) {
    Query rows(connection, sql);
    rows.bind(1, ground.area);
    while (rows.step())
      append(connection, ground,
             {.operation = std::string("adopt_") + kind,
              .kind = kind,
              .object = std::string(rows.text(0)),
              .after = fingerprint::of_bytes(rows.text(1))});
  }
  transaction.commit();
}

}  // namespace tenglong::store
