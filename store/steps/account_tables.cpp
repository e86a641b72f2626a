#include "store/inside/steps.h"

namespace tenglong::store {

// Roles, towns and firms are lists parted by U+001F.
const Step kAccountTables = {"accounts and consents",
                             R"sql(
create table account (
  area text not null, id text not null, name text not null, unit text not null, roles text not null, towns text not null,
  firms text not null, is_disabled integer not null,
  primary key (area, id)
) without rowid;
create table consent (
  area text not null, ordinal integer not null, firm text not null, unit text not null, from_day text not null,
  to_day text not null, withdrawn text not null,
  primary key (area, ordinal)
) without rowid;
)sql",
                             R"sql(
create table account (
  area text collate "C" not null, id text collate "C" not null, name text collate "C" not null, unit text collate "C" not null,
  roles text collate "C" not null, towns text collate "C" not null, firms text collate "C" not null, is_disabled bigint not null,
  primary key (area, id)
);
create table consent (
  area text collate "C" not null, ordinal bigint not null, firm text collate "C" not null, unit text collate "C" not null,
  from_day text collate "C" not null, to_day text collate "C" not null, withdrawn text collate "C" not null,
  primary key (area, ordinal)
);
)sql"};

}  // namespace tenglong::store
