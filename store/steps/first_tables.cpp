#include "store/inside/steps.h"

namespace tenglong::store {

// A statement is one row of one sheet; its payload names fields by id, so that a changed pack still reads
// what was said before.
const Step kFirstTables = {"settings, batches, statements, mappings, results",
                           R"sql(
create table setting (
  area text not null, name text not null, value text not null,
  primary key (area, name)
) without rowid;
create table batch (
  area text not null, id integer not null, register_id text not null, provider text not null, submitter text not null,
  received_at text not null, file_name text not null, file_fingerprint text not null, document text not null, mark text not null,
  rows_read integer not null, rows_accepted integer not null, rows_refused integer not null,
  primary key (area, id)
) without rowid;
create index batch_file on batch (area, register_id, provider, file_fingerprint);
create table statement (
  area text not null, register_id text not null, record_key text not null, period text not null, batch integer not null,
  sheet text not null, row integer not null, payload text not null
);
create index statement_record on statement (area, register_id, record_key, period, batch);
create table mapping (
  area text not null, provider text not null, register_id text not null, header_fingerprint text not null, columns text not null,
  primary key (area, provider, register_id, header_fingerprint)
) without rowid;
create table result (
  area text not null, fingerprint text not null, ordinal integer not null, period text not null, taken_at text not null, encoded blob not null,
  primary key (area, fingerprint)
);
create index result_by_period on result (area, period, ordinal);
)sql",
                           R"sql(
create table setting (
  area text collate "C" not null, name text collate "C" not null, value text collate "C" not null,
  primary key (area, name)
);
create table batch (
  area text collate "C" not null, id bigint not null, register_id text collate "C" not null, provider text collate "C" not null,
  submitter text collate "C" not null, received_at text collate "C" not null, file_name text collate "C" not null,
  file_fingerprint text collate "C" not null, document text collate "C" not null, mark text collate "C" not null,
  rows_read bigint not null, rows_accepted bigint not null, rows_refused bigint not null,
  primary key (area, id)
);
create index batch_file on batch (area, register_id, provider, file_fingerprint);
create table statement (
  area text collate "C" not null, register_id text collate "C" not null, record_key text collate "C" not null,
  period text collate "C" not null, batch bigint not null, ordinal bigint not null,
  sheet text collate "C" not null, row bigint not null, payload text collate "C" not null,
  primary key (area, register_id, record_key, period, batch, ordinal)
);
create table mapping (
  area text collate "C" not null, provider text collate "C" not null, register_id text collate "C" not null,
  header_fingerprint text collate "C" not null, columns text collate "C" not null,
  primary key (area, provider, register_id, header_fingerprint)
);
create table result (
  area text collate "C" not null, fingerprint text collate "C" not null, ordinal bigint not null, period text collate "C" not null,
  taken_at text collate "C" not null, encoded bytea not null,
  primary key (area, fingerprint)
);
create index result_by_period on result (area, period, ordinal);
)sql"};

}  // namespace tenglong::store
