// Readings come in by bulk load into a table of their own, and from there once each; they are added up where
// they lie.
#include <algorithm>

#include "engine/fingerprint/fingerprint.h"
#include "store/inside/kept.h"

namespace tenglong::store {

namespace {

using meter::Arrival;
using meter::Reading;
using meter::Tally;

const char* to_text(meter::Event event) {
  return event == meter::Event::Start ? "start" : event == meter::Event::End ? "end" : "";
}
meter::Event event_of(std::string_view text) {
  return text == "start" ? meter::Event::Start : text == "end" ? meter::Event::End : meter::Event::None;
}

constexpr const char* kColumns = "meter, at, record_key, dial, multiplier, event";

class KeptReadings : public meter::MeterStore::Writer {
 public:
  KeptReadings(const Ground& ground, std::string kind, std::string file_name, std::string file_fingerprint)
      : ground_(ground),
        kind_(kept_text(kind)),
        file_name_(kept_text(file_name)),
        file_fingerprint_(std::move(file_fingerprint)),
        change_(ground) {
    const std::string text = ground.db->backend() == Backend::Sqlite ? "text" : "text collate \"C\"";
    Connection& connection = change_.connection();
    connection.execute(
        "drop table if exists arriving_reading; create temporary table arriving_reading (meter " + text +
        ", at " + text + ", record_key " + text + ", dial bigint, multiplier bigint, event " + text + ")");
    load_ = connection.load("arriving_reading", {"meter", "at", "record_key", "dial", "multiplier", "event"});
  }

  void add(const Reading& reading) override {
    const std::string meter = kept_text(reading.meter);
    load_->text(meter)
        .text(reading.at)
        .text(reading.record_key)
        .number(reading.dial)
        .number(reading.multiplier)
        .text(to_text(reading.event))
        .end_row();
    ++arrived_;
  }

  Arrival commit() override {
    load_->finish();
    load_.reset();
    Connection& connection = change_.connection();
    Arrival out;
    // The same meter and time said in two ways, in the file or against what is there.
    {
      Query twice(
          connection,
          "select meter, at, min(record_key), min(dial), min(multiplier), min(event) from (select "
          "meter, at, record_key, dial, multiplier, event from arriving_reading union select r.meter, "
          "r.at, r.record_key, r.dial, r.multiplier, r.event from meter_reading r join "
          "arriving_reading a on a.meter = r.meter and a.at = r.at where r.area = $1 and r.kind = $2) "
          "said group by meter, at having count(*) > 1 order by meter, at limit 1000");
      twice.bind(1, ground_.area).bind(2, kind_);
      while (twice.step()) out.contradicted.push_back(reading_of(twice));
    }
    if (!out.contradicted.empty()) return out;
    std::int64_t id = 0;
    {
      Query next(connection, "select coalesce(max(id), 0) + 1 from meter_load where area = $1");
      next.bind(1, ground_.area).step();
      id = next.number(0);
    }
    Query(
        connection,
        "insert into meter_reading (area, kind, meter, at, record_key, dial, multiplier, event, load) select "
        "distinct $1, $2, meter, at, record_key, dial, multiplier, event, cast($3 as bigint) from "
        "arriving_reading where true on conflict do nothing")
        .bind(1, ground_.area)
        .bind(2, kind_)
        .bind(3, id)
        .run();
    fingerprint::Digest digest;
    digest.field(kind_).field(file_name_).field(file_fingerprint_);
    {
      Query added(connection,
                  std::string("select ") + kColumns +
                      " from meter_reading where area = $1 and kind = $2 and load = $3 order by "
                      "meter, at",
                  Rows::Streamed);
      added.bind(1, ground_.area).bind(2, kind_).bind(3, id);
      for (; added.step(); ++out.added)
        digest.field(added.text(0))
            .field(added.text(1))
            .field(added.text(2))
            .number(added.number(3))
            .number(added.number(4))
            .field(added.text(5))
            .field(kind_);
    }
    digest.number(out.added);
    out.known = arrived_ - out.added;
    if (out.added == 0) return out;  // nothing changed: nothing to say of it
    Query(
        connection,
        "insert into meter_load (area, id, kind, file_name, file_fingerprint, readings) values ($1, $2, $3, "
        "$4, $5, $6)")
        .bind(1, ground_.area)
        .bind(2, id)
        .bind(3, kind_)
        .bind(4, file_name_)
        .bind(5, file_fingerprint_)
        .bind(6, out.added)
        .run();
    change_.commit({.operation = "load_readings",
                    .kind = "meter_load",
                    .object = std::to_string(id),
                    .after = digest.hex(),
                    .details = {{"file", file_name_}, {"kind", kind_}}});
    return out;
  }

 private:
  static Reading reading_of(const Query& row) {
    return {.meter = std::string(row.text(0)),
            .record_key = std::string(row.text(2)),
            .at = std::string(row.text(1)),
            .dial = row.number(3),
            .multiplier = row.number(4),
            .event = event_of(row.text(5))};
  }

  const Ground& ground_;
  std::string kind_, file_name_, file_fingerprint_;
  Change change_;
  std::unique_ptr<Load> load_;  // ends before the change does
  std::int64_t arrived_ = 0;
};

// $1 area, $2 kind, $3 begin, $4 begin and grace, $5 end, $6 end and grace. A step is from one reading of a
// meter to the next; `seen` are the readings that can matter, `counted` those between the two boundaries. The
// boundaries of a meter are windows over its readings: joined to a table of them, SQLite looks at every pair.
constexpr const char* kSteps =
    "with seen as (select meter, at, record_key, dial, multiplier, event, "
    "min(case when at < $4 then at end) over of_meter as first_at, "
    "min(case when at >= $5 then at end) over of_meter as last_at from meter_reading where area = $1 and "
    "kind = $2 and at >= $3 and at < $6 window of_meter as (partition by meter)), "
    "counted as materialized (select seen.*, lag(dial) over w as dial_before, lag(multiplier) over w as "
    "multiplier_before, lag(event) over w as event_before, lag(record_key) over w as key_before, lead(at) "
    "over w as next_at from seen where (first_at is null or at >= first_at) and (last_at is null or at <= "
    "last_at) window w as (partition by meter order by at)), "
    "step as materialized (select meter, at, record_key, case "
    "when event_before is null and first_at is null and event <> 'start' then 0 "
    "when event_before is not null and (event = 'start') <> (event_before = 'end') then 4 "
    "when event <> 'start' and key_before <> record_key then 5 "
    "when event <> 'start' and multiplier_before <> multiplier then 6 "
    "when event <> 'start' and dial_before > dial then 3 "
    "when next_at is null and last_at is null and event <> 'end' then 1 "
    "else -1 end as trouble, "
    "case when event = 'start' or dial_before is null then 0 else 1 end as is_interval, "
    "case when event = 'start' or dial_before is null then 0 else (dial - dial_before) * multiplier end as "
    "amount "
    "from counted), "
    // A meter that was there before, was not taken down, and says nothing now.
    "silent as (select r.meter, r.at, r.record_key, 2 as trouble from meter_reading r where r.area = $1 and "
    "r.kind = $2 and r.at < $3 and r.event <> 'end' and not exists (select 1 from meter_reading later where "
    "later.area = $1 and later.kind = $2 and later.meter = r.meter and later.at > r.at and later.at < $6)), "
    "troubled as materialized (select meter, at, record_key, trouble from step where trouble >= 0 union all "
    "select meter, "
    "at, "
    "record_key, trouble from silent) ";

class KeptMeters : public meter::MeterStore {
 public:
  explicit KeptMeters(const Ground& ground) : ground_(ground) {}

  std::unique_ptr<Writer> write(const std::string& kind, const std::string& file_name,
                                const std::string& file_fingerprint) override {
    return std::make_unique<KeptReadings>(ground_, kind, file_name, file_fingerprint);
  }

  Tally tally(const std::string& kind, const calendar::Period& period, int within_hours) const override {
    Tally out;
    const Db::Reader reader = ground_.db->snapshot();
    const auto bind = [&](Query& query) {
      query.bind(1, ground_.area)
          .bind(2, kind)
          .bind(3, meter::moment_text(period.from))
          .bind(4, meter::moment_text(period.from, within_hours))
          .bind(5, meter::moment_text(period.to.plus_days(1)))
          .bind(6, meter::moment_text(period.to.plus_days(1), within_hours));
    };
    // The steps are worked out once: who is without trouble and what the others did come by one question.
    Query all(*reader,
              std::string(kSteps) +
                  "select 0 as what, record_key, '' as meter, '' as at, cast(sum(amount) as bigint) as "
                  "amount, count(distinct meter) as meters from step "
                  "where record_key not in (select record_key from troubled) group by record_key "
                  "having sum(is_interval) > 0 union all "
                  "select 1, record_key, meter, at, trouble, 0 from troubled "
                  "order by what, meter, at, amount, record_key");
    bind(all);
    while (all.step()) {
      std::string key(all.text(1));
      if (all.number(0) == 0)
        out.sums.push_back({std::move(key), all.number(4), all.number(5)});
      else
        out.troubles.push_back({std::string(all.text(2)), std::move(key), std::string(all.text(3)),
                                static_cast<meter::Trouble>(all.number(4))});
    }
    std::sort(out.sums.begin(), out.sums.end(),
              [](const meter::Sum& a, const meter::Sum& b) { return a.record_key < b.record_key; });
    return out;
  }

 private:
  const Ground& ground_;
};

}  // namespace

std::unique_ptr<meter::MeterStore> make_meter_store(const Ground& ground) {
  return std::make_unique<KeptMeters>(ground);
}

}  // namespace tenglong::store
