#include <algorithm>

#include "engine/fingerprint/fingerprint.h"
#include "engine/register/carried_store.h"
#include "engine/text/ensure.h"
#include "store/inside/held.h"
#include "store/inside/kept.h"

namespace tenglong::store {

namespace {

using listing::CellKind;
using listing::kSegmentRows;
using listing::Segment;
using registers::Record;
using registers::Statement;

constexpr std::size_t kMostInMind = 4'096;
constexpr std::size_t kFew = 64;

std::string form_of(const Ground& ground, const schema::Register& target) {
  std::string out;
  // Where it, or another, was called otherwise: from which of its statements the columns were made.
  const Stated stated(ground, target);
  if (stated.kept_as().size() > 1 || stated.kept_as()[0].after.value > 0)
    for (const registers::Carrier::Kept& one : stated.kept_as())
      out += one.id + '\x1F' + std::to_string(one.after.value) + '\x1E';
  for (const schema::Field& field : target.fields)
    out += field.id + '\x1F' + schema::to_code(field.type) + '\x1F' + field.unit.name() + '\x1F' +
           field.provider + '\x1E';
  return fingerprint::of_bytes(out);
}

std::string kept_form(const Ground& ground, Connection& connection, const std::string& register_id) {
  Query query(connection, "select form from held_form where area = $1 and register_id = $2");
  query.bind(1, ground.area).bind(2, register_id);
  return query.step() ? std::string(query.text(0)) : std::string();
}

class Keeper {
 public:
  Keeper(const Ground& ground, Connection& connection, const schema::Register& target)
      : ground_(ground), connection_(connection), target_(target), stated_(ground, target) {
    for (const schema::Field& field : target.fields) ids_.push_back(field.id);
    batches_ = registers::Batches(kept_batches(connection, ground.area));
  }

  // Everything in held_touched is resolved again.
  enum class Extent { Few, Many };
  void hold(Extent extent) {
    learn_sizes("held_touched");
    if (extent == Extent::Many) learn_sizes("statement");
    run("insert into held_record (area, register_id, period, record_key, ordinal) "
        "select t.area, t.register_id, t.period, t.record_key, "
        "coalesce(p.row_count, 0) + row_number() over (partition by t.period order by t.record_key) - 1 "
        "from held_touched t left join held_part p on p.area = t.area and p.register_id = t.register_id and "
        "p.period = t.period where t.area = $1 and t.register_id = $2 and not exists (select 1 from "
        "held_record r "
        "where r.area = t.area and r.register_id = t.register_id and r.period = t.period and r.record_key = "
        "t.record_key)");
    if (extent == Extent::Many) learn_sizes("held_record");
    std::map<std::string, std::vector<std::int64_t>> segments;
    std::map<std::string, std::int64_t> last;
    {
      Query query(
          connection_,
          "select t.period, r.ordinal / 4096, max(r.ordinal) from held_touched t cross join held_record r "
          "where t.area = $1 and t.register_id = $2 and r.area = t.area and r.register_id = t.register_id "
          "and r.period = t.period and r.record_key = t.record_key group by 1, 2 order by 1, 2");
      static_assert(kSegmentRows == 4096);
      query.bind(1, ground_.area).bind(2, target_.id);
      while (query.step()) {
        const std::string period(query.text(0));
        segments[period].push_back(query.number(1));
        last[period] = std::max(last[period], query.number(2));
      }
    }
    for (const auto& [period, numbers] : segments) {
      Query part(
          connection_,
          "insert into held_part (area, register_id, period, row_count, version) values ($1, $2, $3, $4, 1) "
          "on "
          "conflict (area, register_id, period) do update set version = held_part.version + 1, row_count = "
          "case when held_part.row_count < excluded.row_count then excluded.row_count else "
          "held_part.row_count end");
      part.bind(1, ground_.area).bind(2, target_.id).bind(3, period).bind(4, last[period] + 1).run();
      std::int64_t row_count = 0;
      {
        Query count(connection_,
                    "select row_count from held_part where area = $1 and register_id = $2 and period = $3");
        count.bind(1, ground_.area).bind(2, target_.id).bind(3, period);
        ensure(count.step(), "the part was just written");
        row_count = count.number(0);
      }
      for (const std::int64_t number : numbers) hold_segment(period, number, row_count);
    }
    run("delete from held_touched where area = $1 and register_id = $2");
  }

  void run(const char* sql) { Query(connection_, sql).bind(1, ground_.area).bind(2, target_.id).run(); }
  const std::set<std::string>& changed() const { return changed_; }
  void touch_everything() {
    for (const registers::Carrier::Kept& one : stated_.kept_as())
      Query(connection_,
            "insert into held_touched (area, register_id, period, record_key) select distinct area, $2, "
            "period, record_key from statement where area = $1 and register_id = $3 and batch > $4 and batch "
            "<= $5 on conflict do nothing")
          .bind(1, ground_.area)
          .bind(2, target_.id)
          .bind(3, one.id)
          .bind(4, one.after.value)
          .bind(5, one.through.value)
          .run();
  }
  // Whether anything of it was stated before this batch.
  bool was_stated_before(registers::BatchId batch) {
    Query earlier(connection_, "select 1 from statement where area = $1 and batch <> $2 and " +
                                   stated_.is_one("register_id", 3) + " limit 1");
    earlier.bind(1, ground_.area).bind(2, batch.value);
    stated_.bind(earlier, 3);
    return earlier.step();
  }

 private:
  // Of tables that grew within this transaction PostgreSQL knows nothing, and what it then guesses is
  // quadratic.
  void learn_sizes(const std::string& table) {
    if (connection_.backend() == Backend::Postgres) connection_.execute("analyze " + table);
  }

  // The records of the segment that were touched, by their row in it.
  std::map<std::size_t, Record> resolve_segment(const std::string& period, std::int64_t first) const {
    std::map<std::size_t, Record> out;
    Query query(
        connection_,
        "select r.ordinal, s.record_key, s.period, s.batch, s.sheet, s.row, s.payload, s.effective, "
        "s.register_id from held_record r cross join held_touched t cross join statement s where r.area = $1 "
        "and r.register_id = $2 and r.period = $3 and r.ordinal >= $4 and r.ordinal < $5 and t.area = r.area "
        "and t.register_id = r.register_id and t.period = r.period and t.record_key = r.record_key and "
        "s.area = r.area and s.record_key = r.record_key and s.period = r.period and " +
            stated_.is_one("s.register_id", 6) + " order by r.ordinal, s.batch, s.ordinal");
    stated_.bind(query, 6);
    query.bind(1, ground_.area)
        .bind(2, target_.id)
        .bind(3, period)
        .bind(4, first)
        .bind(5, first + static_cast<std::int64_t>(kSegmentRows));
    std::vector<Statement> together;
    std::int64_t ordinal = -1;
    const auto flush = [&] {
      if (!together.empty())
        out.emplace(static_cast<std::size_t>(ordinal - first),
                    registers::resolve(target_, std::move(together), batches_));
      together.clear();
    };
    while (query.step()) {
      if (query.number(0) != ordinal) flush();
      ordinal = query.number(0);
      if (auto next = stated_.in(query, 1)) together.push_back(std::move(*next));
    }
    flush();
    return out;
  }

  void hold_segment(const std::string& period, std::int64_t number, std::int64_t row_count) {
    const std::int64_t first = number * static_cast<std::int64_t>(kSegmentRows);
    const auto rows = static_cast<std::size_t>(
        std::min<std::int64_t>(static_cast<std::int64_t>(kSegmentRows), row_count - first));
    const std::map<std::size_t, Record> records = resolve_segment(period, first);
    std::map<std::string, std::string> before;
    {
      Query query(
          connection_,
          "select field, cells from held_segment where area = $1 and register_id = $2 and period = $3 and "
          "segment = $4");
      query.bind(1, ground_.area).bind(2, target_.id).bind(3, period).bind(4, number);
      while (query.step()) before.emplace(std::string(query.text(0)), std::string(query.text(1)));
    }
    Query write(
        connection_,
        "insert into held_segment (area, register_id, period, field, segment, cells) values ($1, $2, $3, $4, "
        "$5, $6) on conflict (area, register_id, period, field, segment) do update set cells = "
        "excluded.cells");
    write.bind(1, ground_.area).bind(2, target_.id).bind(3, period).bind(5, number);
    for (std::size_t field = 0; field <= ids_.size(); ++field) {
      const bool is_key = field == ids_.size();
      const std::string id = is_key ? kKeyField : ids_[field];
      const CellKind kind = is_key ? CellKind::Text : listing::kind_of(target_.fields[field].type);
      const auto kept = before.find(id);
      std::optional<Segment> old;
      if (kept != before.end()) old = Segment::decode(kept->second);
      if (old && old->kind() != kind) old.reset();
      Segment next(kind);
      for (std::size_t row = 0; row < rows; ++row) {
        const auto record = records.find(row);
        if (record == records.end()) {
          if (old && row < old->rows())
            next.append_from(*old, row);
          else
            next.append(quantity::State::Missing, {});
        } else if (is_key) {
          next.append(quantity::State::Known, record->second.key);
        } else {
          const registers::Resolved& value = record->second.fields[field];
          next.append(value.state, value.value);
        }
      }
      const std::string cells = next.encode();
      if (kept != before.end() && kept->second == cells) continue;
      write.bind(4, id).bind_bytes(6, cells).run();
      changed_.insert(period);
    }
  }

  const Ground& ground_;
  Connection& connection_;
  const schema::Register& target_;
  Stated stated_;
  std::vector<std::string> ids_;
  registers::Batches batches_;
  std::set<std::string> changed_;
};

void note_form(const Ground& ground, Connection& connection, const schema::Register& target) {
  Query(connection,
        "insert into held_form (area, register_id, form) values ($1, $2, $3) on conflict (area, register_id) "
        "do "
        "update set form = excluded.form")
      .bind(1, ground.area)
      .bind(2, target.id)
      .bind(3, form_of(ground, target))
      .run();
}

}  // namespace

void Touched::add(const std::string& period, const std::string& record_key) {
  if (periods_.empty() || *periods_.rbegin() != period) periods_.insert(period);
  if (!is_complete_) return;
  records_.emplace(period, record_key);
  if (records_.size() <= kMostInMind) return;
  records_.clear();
  is_complete_ = false;
}

bool is_held(const Ground& ground, Connection& connection, const schema::Register& target) {
  return kept_form(ground, connection, target.id) == form_of(ground, target);
}

std::set<std::string> hold_batch(const Ground& ground, Connection& connection, const schema::Register& target,
                                 registers::BatchId batch, const Touched& touched) {
  const std::string form = kept_form(ground, connection, target.id);
  Keeper keeper(ground, connection, target);
  if (form.empty()) {
    // Made whole when a list is first asked for.
    if (keeper.was_stated_before(batch)) return touched.periods();
    note_form(ground, connection, target);
  } else if (form != form_of(ground, target)) {
    Query(connection, "delete from held_form where area = $1 and register_id = $2")
        .bind(1, ground.area)
        .bind(2, target.id)
        .run();
    return touched.periods();
  }
  if (touched.is_complete()) {
    Query insert(connection,
                 "insert into held_touched (area, register_id, period, record_key) values ($1, $2, $3, $4)");
    insert.bind(1, ground.area).bind(2, target.id);
    for (const auto& [period, key] : touched.records()) insert.bind(3, period).bind(4, key).run();
  } else {
    Query(
        connection,
        "insert into held_touched (area, register_id, period, record_key) select distinct area, register_id, "
        "period, record_key from statement where area = $1 and register_id = $2 and batch = $3")
        .bind(1, ground.area)
        .bind(2, target.id)
        .bind(3, batch.value)
        .run();
  }
  const bool is_few = touched.is_complete() && touched.records().size() <= kFew;
  keeper.hold(is_few ? Keeper::Extent::Few : Keeper::Extent::Many);
  return keeper.changed();
}

bool rebuild_held(const Ground& ground, const schema::Register& target, Rebuild when) {
  if (when == Rebuild::IfShapeDiffers && is_held(ground, *ground.db->reader(), target)) return false;
  Transaction transaction(*ground.db, ground.area);
  Connection& connection = transaction.connection();
  if (when == Rebuild::IfShapeDiffers && is_held(ground, connection, target)) return false;
  {
    Keeper keeper(ground, connection, target);
    std::map<std::string, std::int64_t> versions;  // a version never comes twice: caches go by it
    for (const HeldPart& part : held_parts(ground, connection, target.id))
      versions[part.period] = part.version;
    for (const char* table : {"held_touched", "held_segment", "held_record", "held_part"})
      keeper.run((std::string("delete from ") + table + " where area = $1 and register_id = $2").c_str());
    keeper.touch_everything();
    keeper.hold(Keeper::Extent::Many);
    for (const auto& [period, version] : versions)
      Query(connection,
            "update held_part set version = $4 where area = $1 and register_id = $2 and period = $3")
          .bind(1, ground.area)
          .bind(2, target.id)
          .bind(3, period)
          .bind(4, version + 1)
          .run();
    note_form(ground, connection, target);
  }
  transaction.commit();
  return true;
}

std::vector<HeldPart> held_parts(const Ground& ground, Connection& connection,
                                 const std::string& register_id) {
  std::vector<HeldPart> out;
  Query query(connection,
              "select period, row_count, version from held_part where area = $1 and register_id = $2 order "
              "by period");
  query.bind(1, ground.area).bind(2, register_id);
  while (query.step())
    out.push_back({std::string(query.text(0)), static_cast<std::size_t>(query.number(1)), query.number(2)});
  return out;
}

StoreFailure damaged_column(const std::string& register_id, const std::string& field) {
  return {{"数据库里“" + register_id + "”的列损坏，运行 tenglong store rebuild-held 重做。",
           "The columns of “" + register_id + "” are damaged; run tenglong store rebuild-held."},
          "a held segment cannot be read: " + field,
          Trouble::Damaged};
}

std::shared_ptr<const listing::Column> held_column(const Ground& ground, Connection& connection,
                                                   const std::string& register_id, const HeldPart& part,
                                                   const std::string& field, CellKind kind) {
  const HeldCache::Key key{register_id, part.period, field, part.version};
  if (auto found = ground.held->find<listing::Column>(key)) return found;
  auto column = std::make_shared<listing::Column>();
  Query query(connection,
              "select segment, cells from held_segment where area = $1 and register_id = $2 and period = $3 "
              "and field "
              "= $4 order by segment");
  query.bind(1, ground.area).bind(2, register_id).bind(3, part.period).bind(4, field);
  const auto rows_of = [&](std::size_t segment) {
    return std::min(kSegmentRows, part.row_count - segment * kSegmentRows);
  };
  const auto fill_up_to = [&](std::size_t segments) {
    while (column->segments.size() < segments) {
      Segment missing(kind);
      missing.append_missing(rows_of(column->segments.size()));
      column->segments.push_back(std::make_shared<const Segment>(std::move(missing)));
    }
  };
  while (query.step()) {
    fill_up_to(static_cast<std::size_t>(query.number(0)));
    std::optional<Segment> segment = Segment::decode(query.text(1));
    if (!segment || segment->kind() != kind) throw damaged_column(register_id, field);
    // A field that the last batch did not change keeps a segment of fewer rows than there are now.
    segment->append_missing(rows_of(column->segments.size()));
    column->segments.push_back(std::make_shared<const Segment>(std::move(*segment)));
  }
  fill_up_to((part.row_count + kSegmentRows - 1) / kSegmentRows);
  ground.held->keep(key, column, column->bytes());
  return column;
}

std::string held_digest(const Ground& ground, Connection& connection, const schema::Register& target) {
  fingerprint::Digest digest;
  for (const HeldPart& part : held_parts(ground, connection, target.id)) {
    const auto keys = held_column(ground, connection, target.id, part, kKeyField, CellKind::Text);
    std::vector<std::shared_ptr<const listing::Column>> columns;
    for (const schema::Field& field : target.fields)
      columns.push_back(
          held_column(ground, connection, target.id, part, field.id, listing::kind_of(field.type)));
    std::vector<std::uint32_t> order(part.row_count);
    for (std::uint32_t row = 0; row < order.size(); ++row) order[row] = row;
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return keys->text(a) < keys->text(b); });
    for (const std::uint32_t row : order) {
      std::string line = part.period + '\x1F' + std::string(keys->text(row));
      for (std::size_t field = 0; field < columns.size(); ++field) {
        const Segment& segment = columns[field]->of(row);
        line += '\x1F';
        line += quantity::to_code(segment.state(row % kSegmentRows));
        line += ' ' + registers::to_text(segment.scalar(row % kSegmentRows));
      }
      digest.field(line);
    }
  }
  return digest.hex();
}

std::shared_ptr<const void> HeldCache::find_any(const Key& key) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(key);
  if (found == kept_.end()) return nullptr;
  found->second.used = ++uses_;
  return found->second.what;
}

void HeldCache::keep(const Key& key, std::shared_ptr<const void> what, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (bytes > most_bytes_) return;
  const auto [at, is_new] = kept_.emplace(key, Kept{std::move(what), bytes, ++uses_});
  if (!is_new) return;
  bytes_ += bytes;
  while (bytes_ > most_bytes_) {
    auto oldest = kept_.begin();
    for (auto each = kept_.begin(); each != kept_.end(); ++each)
      if (each->second.used < oldest->second.used) oldest = each;
    bytes_ -= oldest->second.bytes;
    kept_.erase(oldest);
  }
}

}  // namespace tenglong::store
