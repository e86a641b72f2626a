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

#include "engine/diagnostic/diagnostic.h"
#include "engine/feel/syntax.h"
#include "engine/feel/type.h"
#include "engine/quantity/decimal.h"
#include "engine/quantity/unit.h"

namespace tenglong::schema {

enum class FieldType { Text, Number, Boolean, Date, Period, Code, CreditCode, Area, Unit, Reference };
inline constexpr FieldType kFieldTypes[] = {
    FieldType::Text, FieldType::Number,     FieldType::Boolean, FieldType::Date, FieldType::Period,
    FieldType::Code, FieldType::CreditCode, FieldType::Area,    FieldType::Unit, FieldType::Reference};
const char* to_code(FieldType type);  // "text" "number" ... as written in a pack
std::optional<FieldType> field_type_of(std::string_view code);

// What a figure of a month or quarter adds up: its own period alone, or the year until its end (1—5月累计).
enum class Accumulates { Nothing, YearToDate };

// Who may see a field at most: everybody, those whose work it is, or the unit that states it and those above.
enum class Sensitivity { Public, Internal, Sensitive };
inline constexpr const char* kSensitivities[] = {"公开", "内部", "敏感"};

// An entry of a code table: GB/T 4754, grades, towns, units.
struct CodeEntry {
  std::string code;
  std::string name;
  std::vector<std::string> aliases = {};
  std::string parent = {};  // for hierarchies: 13 above 136 above 1361, 330902 above 330902100
  diagnostic::Place place = {};
};

enum class CodeOrder { None, BestFirst, WorstFirst };

struct Codes {
  std::string id;    // "grade"
  std::string name;  // 评价等级
  CodeOrder order = CodeOrder::None;
  std::string level = {};  // for areas: "town", "county"; fields with `level:` find their table by it
  std::string source = {};
  std::string clause = {};
  std::vector<CodeEntry> entries = {};
  diagnostic::Place place = {};
  struct Index;
  std::shared_ptr<const Index> index = {};  // built by build_index(); without it every search is linear

  // Call once when `entries` is complete: find, recognise and position are then constant time.
  void build_index();
  const CodeEntry* find(std::string_view code) const;
  // By code, name or alias, half-width and trimmed; nullptr if none.
  const CodeEntry* recognise(std::string_view written) const;
  // Position in the table; -1 if unknown. With BestFirst, lower is better.
  int position(std::string_view code) const;
  // True if `code` is `ancestor` or below it.
  bool is_within(std::string_view code, std::string_view ancestor) const;
};

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
  diagnostic::Place place = {};

  feel::Type feel_type() const;
};

// A sentence that must hold for every record: 用地面积 >= 0.
struct Law {
  std::string name;
  std::string source_text;  // FEEL
  feel::NodePtr tree = {};
  feel::Origin origin = {};
};

enum class PeriodKey { None, Year, Quarter, Month };

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
  std::string clause = {};
  diagnostic::Place place = {};

  const Field* find(std::string_view id) const;
  const Field* find_by_name(std::string_view name) const;
  int field_index(std::string_view id) const;  // -1 if none
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
};

}  // namespace tenglong::schema
