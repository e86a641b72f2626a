#include "store/inside/steps.h"

namespace tenglong::store {

// 留痕: docs/trail.md. Nothing is ever updated or deleted here; the triggers are for the honest mistake.
const Step kTrailTables = {"the trail",
                           R"sql(
create table trail_event (
  area text not null, number integer not null, encoded blob not null,
  primary key (area, number)
) without rowid;
create table trail_node (
  area text not null, level integer not null, position integer not null, hash blob not null,
  primary key (area, level, position)
) without rowid;
create table trail_head (
  area text not null, size integer not null, at text not null, key_id text not null, root blob not null, signature blob not null,
  public_key text not null,
  primary key (area, size, at)
) without rowid;
create trigger trail_event_stays before update on trail_event begin select raise(abort, 'the trail is only appended to'); end;
create trigger trail_event_is_kept before delete on trail_event begin select raise(abort, 'the trail is only appended to'); end;
)sql",
                           R"sql(
create table trail_event (
  area text collate "C" not null, number bigint not null, encoded bytea not null,
  primary key (area, number)
);
create table trail_node (
  area text collate "C" not null, level bigint not null, position bigint not null, hash bytea not null,
  primary key (area, level, position)
);
create table trail_head (
  area text collate "C" not null, size bigint not null, at text collate "C" not null, key_id text collate "C" not null,
  root bytea not null, signature bytea not null, public_key text collate "C" not null,
  primary key (area, size, at)
);
create function trail_is_only_appended_to() returns trigger language plpgsql as
  $$ begin raise exception 'the trail is only appended to'; end $$;
create trigger trail_event_is_kept before update or delete or truncate on trail_event
  for each statement execute function trail_is_only_appended_to();
)sql"};

}  // namespace tenglong::store
