#include "store/inside/steps.h"

namespace tenglong::store {

// 抄表. A reading is kept once; dial in ten-thousandths; event: '', start, end.
const Step kMeters = {"readings of meters",
                      R"sql(
create table meter_load (
  area text not null, id integer not null, kind text not null, file_name text not null, file_fingerprint text not null,
  readings integer not null,
  primary key (area, id)
) without rowid;
create table meter_reading (
  area text not null, kind text not null, meter text not null, at text not null, record_key text not null,
  dial integer not null, multiplier integer not null, event text not null, load integer not null,
  primary key (area, kind, meter, at)
) without rowid;
)sql",
                      R"sql(
create table meter_load (
  area text collate "C" not null, id bigint not null, kind text collate "C" not null, file_name text collate "C" not null,
  file_fingerprint text collate "C" not null, readings bigint not null,
  primary key (area, id)
);
create table meter_reading (
  area text collate "C" not null, kind text collate "C" not null, meter text collate "C" not null, at text collate "C" not null,
  record_key text collate "C" not null, dial bigint not null, multiplier bigint not null, event text collate "C" not null,
  load bigint not null,
  primary key (area, kind, meter, at)
);
)sql"};

}  // namespace tenglong::store
