// Lists over what is kept: filter, sort, page, exact count, sums, groups and search, as far as a scope
// reaches.
//
// In:    a register, a filter in FEEL, and who asks. Out: the rows of one page with their states; how many
// there are. Order: stable: by the sort keys, then the record key, then the period. Names by pinyin. Never: a
// row outside the scope, nor a trace of it: in a count, a sum, a group, a page or the order. A field above
//        the level of who asks is shown as hidden, and nothing may be filtered, sorted or grouped by it.
// Cost:  a page over 200,000 records in 10 to 30 ms (bench/list_main.cpp).
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "campaign/access/access.h"
#include "engine/calendar/period.h"
#include "engine/diagnostic/diagnostic.h"
#include "engine/register/register.h"
#include "engine/schema/schema.h"

namespace tenglong::store {

struct ListQuery {
  std::string register_id = {};
  std::optional<calendar::Period> period = {};  // else all
  std::string where = {};                       // FEEL; empty: all
  std::vector<std::string> sort = {};  // names or ids, "-" before one: falling; 企业.镇街 of the record above
  std::vector<std::string> fields = {};  // names or ids; empty: all
  std::vector<std::string> sums = {};    // number fields
  std::string group_by = {};             // a field of codes or texts
  std::size_t skip = 0, size = 50;       // size 0: counts only
  std::string after = {};                // the cursor of the row before the page
  bool sources = false;                  // with each value where it comes from
  access::Operation operation = access::Operation::ReadRecord;
  std::optional<calendar::Date> today = {};  // for today() in the filter
};

struct ListedCell {
  enum class Shown : std::uint8_t { Value, Absent, Hidden, Masked } shown = Shown::Absent;
  quantity::State state = quantity::State::Missing;  // Hidden: nothing is said of it
  registers::Scalar value = {};                      // Masked: a text of which parts are covered
  std::optional<registers::Origin> origin = {};
};
std::string to_text(const ListedCell& cell);  // 「—」 where hidden, 缺报, 不适用

struct ListedRow {
  std::string key;
  std::optional<calendar::Period> period = {};
  std::vector<ListedCell> cells = {};  // as Listed::fields
  std::string cursor = {};
};
struct ListedSum {
  const schema::Field* field = nullptr;
  quantity::Decimal total = {};
  std::int64_t known = 0, unknown = 0;
};
struct ListedGroup {
  std::string value;                       // "": no value
  std::optional<std::int64_t> count = {};  // nothing: too small to be told to those outside
};

struct Listed {
  diagnostic::Diagnostics diagnostics = {};  // with errors there is nothing else
  std::vector<const schema::Field*> fields = {};
  std::vector<ListedRow> rows = {};
  std::int64_t count = 0;               // of which the filter is true
  std::int64_t unknown = 0;             // of which it is not known for want of a value
  std::int64_t left_out = 0;            // of which it is false
  std::vector<bool> shown_in_all = {};  // as `fields`: every row that may be listed shows it
  bool is_small = false;  // count is from 1 up to below the small count and withheld from those outside
  std::vector<ListedSum> sums = {};
  std::vector<ListedGroup> groups = {};
};

struct Found {
  std::string register_id, key;
  std::optional<calendar::Period> period = {};
  std::string name;  // of the record
};

// How far the records of every register and period are at one moment: 草稿, 已确认, 已锁定, 已公布.
class RecordStates {
 public:
  // Of a period not marked, and of records without a period: 草稿.
  access::State of(const std::string& register_id, const std::optional<calendar::Period>& period) const;
  // The least of the registers that are kept by periods; 草稿 if none is.
  access::State least(const schema::Schema& schema, const calendar::Period& period) const;

  std::map<std::pair<std::string, std::string>, access::State> marked = {};  // by register and period
  std::vector<calendar::Period> locked = {}, published = {};
};

// Takes a list row by row: first what is known before any row, then the rows in order. false: no more.
class RowTaker {
 public:
  virtual ~RowTaker() = default;
  virtual void begin(const Listed& head) = 0;
  virtual bool row(const ListedRow& row) = 0;
};

class Lists {
 public:
  virtual ~Lists() = default;
  // Every row that the filter keeps, as of one moment, each value with its origin; skip, size and after are
  // not looked at. With errors the taker is not called.
  virtual Listed each(const ListQuery& query, const access::Scope& scope, RowTaker& taker) const = 0;
  virtual Listed list(const ListQuery& query, const access::Scope& scope) const = 0;
  // By key, name, pinyin or initials: 91330902…, 金塘, jintang, jt. The best first, at most so many of each
  // register: the many of one do not push out the best of another.
  virtual std::vector<Found> search(const std::string& words, std::size_t most,
                                    const access::Scope& scope) const = 0;
  // A record as access asks about it; its values are read when it is made. Nothing: there is no such record.
  virtual std::optional<access::Object> object_of(const std::string& register_id, const std::string& key,
                                                  const std::optional<calendar::Period>& period) const = 0;
  // What of one register is how far: 草稿, 已确认, 已锁定, 已公布. Of a period not marked: 草稿.
  virtual access::State state_of(const std::string& register_id,
                                 const std::optional<calendar::Period>& period) const = 0;
  virtual RecordStates states() const = 0;
  virtual void mark(const std::string& register_id, const std::optional<calendar::Period>& period,
                    access::State state) = 0;
  // Makes the columns again from the statements; the digests before and after are equal unless something is
  // wrong.
  struct Rebuilt {
    std::string register_id, before, after;
  };
  virtual std::vector<Rebuilt> rebuild() = 0;
};

}  // namespace tenglong::store
