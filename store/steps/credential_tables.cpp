#include "store/inside/steps.h"

namespace tenglong::store {

const Step kCredentialTables = {"credentials, sessions, answers to keyed requests",
                                R"sql(
create table credential (
  area text not null, account text not null, password text not null, second_factor text not null, last_step integer not null,
  recovery text not null, reset_asked_by text not null, must_change integer not null,
  primary key (area, account)
) without rowid;
create table session (
  area text not null, token text not null, account text not null, made_at integer not null, is_complete integer not null,
  primary key (area, token)
) without rowid;
create index session_by_account on session (area, account);
create table kept_reply (
  area text not null, account text not null, key text not null, digest text not null, status integer not null,
  content_type text not null, body text not null, at integer not null,
  primary key (area, account, key)
) without rowid;
create index kept_reply_by_age on kept_reply (area, at);
)sql",
                                R"sql(
create table credential (
  area text collate "C" not null, account text collate "C" not null, password text collate "C" not null,
  second_factor text collate "C" not null, last_step bigint not null, recovery text collate "C" not null,
  reset_asked_by text collate "C" not null, must_change bigint not null,
  primary key (area, account)
);
create table session (
  area text collate "C" not null, token text collate "C" not null, account text collate "C" not null, made_at bigint not null,
  is_complete bigint not null,
  primary key (area, token)
);
create index session_by_account on session (area, account);
create table kept_reply (
  area text collate "C" not null, account text collate "C" not null, key text collate "C" not null,
  digest text collate "C" not null, status bigint not null, content_type text collate "C" not null,
  body text collate "C" not null, at bigint not null,
  primary key (area, account, key)
);
create index kept_reply_by_age on kept_reply (area, at);
)sql"};

}  // namespace tenglong::store
