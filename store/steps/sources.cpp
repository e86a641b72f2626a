#include "store/inside/steps.h"

namespace tenglong::store {

// The ordinal is the place of a statement in its batch: it was the row's number in the file, which a copy
// elsewhere would not keep.
const Step kSources = {"sources of batches, effective dates, the order within a batch",
                       R"sql(
alter table batch add column source text not null default 'file';
alter table batch add column is_preliminary integer not null default 0;
alter table batch add column reason text not null default '';
alter table statement add column ordinal integer not null default 0;
alter table statement add column effective text not null default '';
update statement set ordinal = numbered.ordinal
  from (select rowid as at, row_number() over (partition by area, batch order by rowid) as ordinal from statement) numbered
  where statement.rowid = numbered.at;
drop index statement_record;
create unique index statement_record on statement (area, register_id, record_key, period, batch, ordinal);
)sql",
                       R"sql(
alter table batch add column source text collate "C" not null default 'file';
alter table batch add column is_preliminary bigint not null default 0;
alter table batch add column reason text collate "C" not null default '';
alter table statement add column effective text collate "C" not null default '';
)sql"};

}  // namespace tenglong::store
