#include "store/inside/steps.h"

namespace tenglong::store {

// 附件的内容, by the fingerprint under which fields name it; kept once, never changed.
const Step kFiles = {"files that records name",
                     R"sql(
create table kept_file (
  area text not null, fingerprint text not null, size integer not null, content blob not null,
  primary key (area, fingerprint)
) without rowid;
)sql",
                     R"sql(
create table kept_file (
  area text collate "C" not null, fingerprint text collate "C" not null, size bigint not null, content bytea not null,
  primary key (area, fingerprint)
);
)sql"};

}  // namespace tenglong::store
