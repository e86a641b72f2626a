// What the policy wing and the data wing agree on: registers, their fields, types, units and keys.
//
// In:    `yaml register` and `yaml codes` blocks, already read. Out: plain values that both wings hold by
// const reference. Never: knows a pack file, a sheet or a database.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/calendar/date.h"
#include "engine/diagnostic/diagnostic.h"
#include "engine/feel/syntax.h"
#include "engine/feel/type.h"
#include "engine/quantity/decimal.h"
#include "engine/quantity/unit.h"

namespace tenglong::schema {

enum class FieldType {
  Text,
  Number,
  Boolean,
  Date,
  Period,
  Code,
  CreditCode,
  Area,
  Unit,
  Reference,
  Money,       // a number whose unit is an amount of money
  References,  // keys of several records of one register: text parted by kListSeparator, a list in FEEL
  Geometry,    // WKT or GeoJSON as text: geometry_text.h
  Attachment   // which file it is, not its bytes: attachment.h
};
inline constexpr FieldType kFieldTypes[] = {
    FieldType::Text,  FieldType::Number,     FieldType::Boolean,  FieldType::Date,      FieldType::Period,
    FieldType::Code,  FieldType::CreditCode, FieldType::Area,     FieldType::Unit,      FieldType::Reference,
    FieldType::Money, FieldType::References, FieldType::Geometry, FieldType::Attachment};
const char* to_code(FieldType type);  // "text" "number" ... as written in a pack
std::optional<FieldType> field_type_of(std::string_view code);
inline bool is_number(FieldType type) { return type == FieldType::Number || type == FieldType::Money; }
// A value of it is a code of the field's code table.
inline bool is_coded(FieldType type) {
  return type == FieldType::Code || type == FieldType::Area || type == FieldType::Unit;
}
inline constexpr char kListSeparator = '\x1E';
std::vector<std::string> keys_in_list(std::string_view list);  // of a References value, as written

// What a figure of a month or quarter adds up: its own period alone, or the year until its end (1—5月累计).
enum class Accumulates { Nothing, YearToDate };

// Who may see a field at most: everybody, those whose work it is, or the unit that states it and those above.
enum class Sensitivity { Public, Internal, Sensitive };
inline constexpr const char* kSensitivities[] = {"公开", "内部", "敏感"};

// An entry of a code table: GB/T 4754, grades, towns, units. A code may have several entries, one after
// the other in time: a unit renamed, a town put under another county.
struct CodeEntry {
  std::string code;
  std::string name;
  std::vector<std::string> aliases = {};
  std::string parent = {};  // for hierarchies: 13 above 136 above 1361, 330902 above 330902100
  std::optional<calendar::Date> from = {};   // 生效: first day; none: always was
  std::optional<calendar::Date> until = {};  // 废止: first day on which it no longer holds
  std::string successor = {};                // 并入: the code that holds from `until` on
  diagnostic::Place place = {};

  bool holds_on(calendar::Date day) const { return (!from || *from <= day) && (!until || day < *until); }
};

enum class CodeOrder { None, BestFirst, WorstFirst };

struct Codes {
  std::string id;    // "grade"
  std::string name;  // 评价等级
  CodeOrder order = CodeOrder::None;
  std::string level = {};  // for areas: "town", "county"; fields with `level:` find their table by it
  std::string above = {};  // the table in which the parents of the topmost entries stand
  std::string source = {};
  std::string clause = {};
  std::vector<CodeEntry> entries = {};
  diagnostic::Place place = {};
  struct Index;
  std::shared_ptr<const Index> index = {};  // built by build_index(); without it every search is linear

  // Call once when `entries` is complete: find, recognise and position are then constant time.
  void build_index();
  // The last entry of a code; with a day, the one that holds on it (nullptr if none does).
  const CodeEntry* find(std::string_view code) const;
  const CodeEntry* find(std::string_view code, calendar::Date on) const;
  // All entries of a code, by time.
  std::vector<const CodeEntry*> history(std::string_view code) const;
  // By code, name or alias, half-width and trimmed; nullptr if none. An abolished entry is still recognised
  // as long as no other bears the writing; with a day, only what holds on it.
  const CodeEntry* recognise(std::string_view written) const;
  const CodeEntry* recognise(std::string_view written, calendar::Date on) const;
  bool is_dated() const;  // some entry has a first or last day
  // Position in the table; -1 if unknown. With BestFirst, lower is better.
  int position(std::string_view code) const;
  // True if `code` is `ancestor` or below it.
  bool is_within(std::string_view code, std::string_view ancestor) const;
};

// FEEL over a record; absent: no text.
struct Formula {
  std::string text = {};
  feel::NodePtr tree = {};
  feel::Origin origin = {};
  bool present() const { return tree != nullptr; }
};

// Whether two records may bear the same value of a field.
enum class Unique { No, InRegister, InPeriod };

struct Field {
  std::string id;    // snake_case: column, JSON and SQL name
  std::string name;  // Chinese: name in FEEL and on screens
  FieldType type = FieldType::Text;
  quantity::Unit unit = {};  // numbers
  bool required = false;
  std::vector<std::string> aliases = {};  // header texts
  std::string codes = {};                 // Code, Area, Unit: the id of the code table
  std::string to = {};                    // Reference: register id
  std::string provider = {};              // the unit that confirms the item; its statement wins
  std::optional<quantity::Decimal> minimum = {};
  std::optional<quantity::Decimal> maximum = {};
  // The usual size of a value, for recognising a factor of 10,000 or 666.67; both in `unit`.
  std::optional<quantity::Decimal> usual_low = {};
  std::optional<quantity::Decimal> usual_high = {};
  std::string note = {};
  Sensitivity sensitivity = Sensitivity::Internal;
  Accumulates accumulates = Accumulates::Nothing;
  Unique unique = Unique::No;
  Formula required_when = {};  // true: a value is wanted
  Formula suggestion = {};     // `default:` what a form offers; never taken as a statement by itself
  // Computed from the record, those above it and 上期; never stated. `to_unit` leads to `unit`.
  Formula formula = {};
  quantity::Conversion to_unit = {};
  int epsg = 0;          // Geometry: the coordinates' reference system
  std::string was = {};  // the id it had before: statements under it are read on
  diagnostic::Place place = {};

  feel::Type feel_type() const;
  bool is_computed() const { return !formula.text.empty(); }
};

// A sentence that must hold for every record: 用地面积 >= 0. With `over`, it also speaks of the records of
// another register that belong to this one, as a list under that register's name:
// sum(用地占用.分摊面积) <= 宗地面积.
struct Law {
  std::string name;
  std::string source_text;  // FEEL
  feel::NodePtr tree = {};
  feel::Origin origin = {};
  std::string over = {};     // register of the related records
  std::string through = {};  // its field that holds the key of this record; empty: its `of` is this register
  bool on_any_date = false;  // `over` is a span register: on every day, the spans in force on it
};

enum class PeriodKey { None, Year, Quarter, Month };

// What a record is: something that is; what was so in a period; what happened on a day; what held from one
// day to another.
enum class Form { Record, Fact, Event, Span };

struct Span {
  std::string from = {}, to = {};  // field ids; no value in `to`: still in force
  bool includes_last_day = true;
  bool may_overlap = false;  // two spans with the same key but for `from`
};

struct Register {
  std::string id;                     // enterprise_year
  std::string name;                   // 企业年度
  std::string number = {};            // R01 of the inventory, if any
  std::vector<std::string> key = {};  // field ids; empty for a fact register (its key is that of `of`)
  std::string of = {};                // fact register: the register of the record it belongs to
  PeriodKey period = PeriodKey::None;
  std::vector<Field> fields = {};
  std::vector<Law> laws = {};
  bool external_results = false;  // results of years before the system: not recomputable, counted once
  std::string happened = {};      // event: the id of the field with its day
  std::optional<Span> span = {};
  std::vector<int> computed = {};  // indexes of computed fields, each after those it needs
  std::string was = {};            // the id it had before
  std::string clause = {};
  diagnostic::Place place = {};

  const Field* find(std::string_view id) const;
  const Field* find_by_name(std::string_view name) const;
  int field_index(std::string_view id) const;  // -1 if none
  Form form() const;
};

// `yaml intake`: which figures an import looks at twice, and from where on it says so. Whoever writes the
// pack draws the lines; without a block nothing is judged.
struct Screening {
  // A value is told if it lies more than `mads` robust deviations (1.4826 x median absolute deviation of the
  // logarithms) from the median, and is more than `ratio` times as large or as small as the median says.
  struct Line {
    quantity::Decimal mads;
    quantity::Decimal ratio;
  };
  std::string id;
  std::string name;
  std::string of;                        // register id
  std::vector<std::string> fields = {};  // field ids; empty: every number
  std::string group = {};                // field id that names the peers; "" = all rows are peers
  bool group_of_parent = false;          // `group` is a field of the register above: 企业.行业
  int least = 0;                         // fewer values than this are not judged
  std::optional<Line> jump = {};         // against the same record's last period
  std::optional<Line> outlier = {};      // against the peers of the same period
  bool refuses = false;                  // the row stays out, not only a warning
  std::string source = {};
  std::string clause = {};
  diagnostic::Place place = {};
};

// All registers and code tables of a pack (and of the packs it includes).
struct Schema {
  std::vector<Register> registers = {};
  std::vector<Codes> codes = {};
  std::vector<Screening> screenings = {};

  const Register* find(std::string_view id) const;
  const Codes* find_codes(std::string_view id) const;
  // The fields a header of this register may name: its own, and the key fields of `of`.
  std::vector<const Field*> importable_fields(const Register& target) const;
  // The fields that are the key of a record: the register's own, or those of `of`.
  std::vector<const Field*> key_fields(const Register& target) const;
  // 镇街 -> 区县 -> 市 -> 省: the entries above a code, nearest first, through `above`; those that hold on a
  // day if one is given.
  std::vector<const CodeEntry*> lineage(const Codes& codes, std::string_view code,
                                        std::optional<calendar::Date> on = {}) const;
};

}  // namespace tenglong::schema
