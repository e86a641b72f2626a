#include "store/inside/steps.h"

namespace tenglong::store {

// The values that hold now, field by field in segments of 4,096 records (engine/listing/segment.h). Worked
// out from the statements and made again from them whenever need be: nothing here is a source. held_form says
// for which shape of the registers they were made. held_touched is empty outside a transaction.
const Step kHeldTables = {"the values that hold, in columns",
                          R"sql(
create table held_form (area text not null, register_id text not null, form text not null, primary key (area, register_id)) without rowid;
create table held_part (
  area text not null, register_id text not null, period text not null, row_count integer not null, version integer not null,
  primary key (area, register_id, period)
) without rowid;
create table held_record (
  area text not null, register_id text not null, period text not null, record_key text not null, ordinal integer not null,
  primary key (area, register_id, period, record_key)
) without rowid;
create unique index held_record_place on held_record (area, register_id, period, ordinal);
create table held_segment (
  area text not null, register_id text not null, period text not null, field text not null, segment integer not null, cells blob not null,
  primary key (area, register_id, period, field, segment)
);
create table held_touched (
  area text not null, register_id text not null, period text not null, record_key text not null,
  primary key (area, register_id, period, record_key)
) without rowid;
create table record_state (
  area text not null, register_id text not null, period text not null, state text not null,
  primary key (area, register_id, period)
) without rowid;
)sql",
                          R"sql(
create table held_form (
  area text collate "C" not null, register_id text collate "C" not null, form text collate "C" not null, primary key (area, register_id)
);
create table held_part (
  area text collate "C" not null, register_id text collate "C" not null, period text collate "C" not null, row_count bigint not null,
  version bigint not null, primary key (area, register_id, period)
);
create table held_record (
  area text collate "C" not null, register_id text collate "C" not null, period text collate "C" not null,
  record_key text collate "C" not null, ordinal bigint not null, primary key (area, register_id, period, record_key)
);
create unique index held_record_place on held_record (area, register_id, period, ordinal);
create table held_segment (
  area text collate "C" not null, register_id text collate "C" not null, period text collate "C" not null,
  field text collate "C" not null, segment bigint not null, cells bytea not null,
  primary key (area, register_id, period, field, segment)
);
alter table held_segment alter column cells set storage external;
create table held_touched (
  area text collate "C" not null, register_id text collate "C" not null, period text collate "C" not null,
  record_key text collate "C" not null, primary key (area, register_id, period, record_key)
);
create table record_state (
  area text collate "C" not null, register_id text collate "C" not null, period text collate "C" not null,
  state text collate "C" not null, primary key (area, register_id, period)
);
)sql"};

}  // namespace tenglong::store
