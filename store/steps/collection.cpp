#include "store/inside/steps.h"

namespace tenglong::store {

// 收数: what was confirmed, locked, corrected and asked for; who enterprises are. Lists inside a text are
// separated by U+001E.
const Step kCollection = {"confirmations, locks, corrections, reminders; events and decisions of identity",
                          R"sql(
create table confirmation (
  area text not null, number integer not null, register_id text not null, period text not null, field text not null,
  provider text not null, verdict text not null, reason text not null, fingerprint text not null, records integer not null,
  done_by text not null, done_at text not null,
  primary key (area, number)
) without rowid;
create table locked_snapshot (
  area text not null, period text not null, number integer not null, through_batch integer not null, also text not null,
  fingerprint text not null, exceptions text not null, correction integer not null, done_by text not null, done_at text not null,
  primary key (area, period, number)
) without rowid;
create table correction (
  area text not null, number integer not null, register_id text not null, record_key text not null, period text not null,
  field text not null, from_value text not null, to_value text not null, reason text not null, evidence text not null,
  impact text not null, stage text not null, proposed_by text not null, proposed_at text not null,
  decided_by text not null, decided_at text not null, why text not null, batch integer not null,
  primary key (area, number)
) without rowid;
create table reminder (
  area text not null, unit text not null, day text not null, letter text not null, done_by text not null, done_at text not null,
  primary key (area, unit, day)
) without rowid;
create table identity_event (
  area text not null, number integer not null, kind text not null, day text not null, from_codes text not null,
  to_codes text not null, before text not null, after text not null, document text not null, done_by text not null, done_at text not null,
  primary key (area, number)
) without rowid;
create table identity_decision (
  area text not null, writing text not null, enterprise text not null, ordinal integer not null, name text not null, code text not null,
  verdict text not null, reason text not null, done_by text not null, done_at text not null,
  primary key (area, writing, enterprise)
) without rowid;
)sql",
                          R"sql(
create table confirmation (
  area text collate "C" not null, number bigint not null, register_id text collate "C" not null, period text collate "C" not null,
  field text collate "C" not null, provider text collate "C" not null, verdict text collate "C" not null,
  reason text collate "C" not null, fingerprint text collate "C" not null, records bigint not null,
  done_by text collate "C" not null, done_at text collate "C" not null,
  primary key (area, number)
);
create table locked_snapshot (
  area text collate "C" not null, period text collate "C" not null, number bigint not null, through_batch bigint not null,
  also text collate "C" not null, fingerprint text collate "C" not null, exceptions text collate "C" not null,
  correction bigint not null, done_by text collate "C" not null, done_at text collate "C" not null,
  primary key (area, period, number)
);
create table correction (
  area text collate "C" not null, number bigint not null, register_id text collate "C" not null, record_key text collate "C" not null,
  period text collate "C" not null, field text collate "C" not null, from_value text collate "C" not null,
  to_value text collate "C" not null, reason text collate "C" not null, evidence text collate "C" not null,
  impact text collate "C" not null, stage text collate "C" not null, proposed_by text collate "C" not null,
  proposed_at text collate "C" not null, decided_by text collate "C" not null, decided_at text collate "C" not null,
  why text collate "C" not null, batch bigint not null,
  primary key (area, number)
);
create table reminder (
  area text collate "C" not null, unit text collate "C" not null, day text collate "C" not null, letter text collate "C" not null,
  done_by text collate "C" not null, done_at text collate "C" not null,
  primary key (area, unit, day)
);
create table identity_event (
  area text collate "C" not null, number bigint not null, kind text collate "C" not null, day text collate "C" not null,
  from_codes text collate "C" not null, to_codes text collate "C" not null, before text collate "C" not null,
  after text collate "C" not null, document text collate "C" not null, done_by text collate "C" not null, done_at text collate "C" not null,
  primary key (area, number)
);
create table identity_decision (
  area text collate "C" not null, writing text collate "C" not null, enterprise text collate "C" not null, ordinal bigint not null,
  name text collate "C" not null, code text collate "C" not null, verdict text collate "C" not null, reason text collate "C" not null,
  done_by text collate "C" not null, done_at text collate "C" not null,
  primary key (area, writing, enterprise)
);
)sql"};

}  // namespace tenglong::store
