#include "campaign/roster/roster.h"

namespace tenglong::roster {

const char* to_chinese(result::RosterEntry::Place place) {
  switch (place) {
    case result::RosterEntry::Place::Listed:
      return "入列";
    case result::RosterEntry::Place::Exempt:
      return "免列";
    case result::RosterEntry::Place::NotListed:
      return "不入列";
    case result::RosterEntry::Place::Unknown:
      return "待核（缺数据）";
  }
  return "";
}

}  // namespace tenglong::roster
