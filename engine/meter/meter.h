// 抄表: readings of meters, and the figures they add up to.
//
// In:    a file of readings; sums and troubles of a period, as the store worked them out. Out: readings as
// exact whole numbers; statements of a register, one for each enterprise whose meters are all accounted for.
// Order: as in the file; statements by record key.
// Never: a reading that nobody took; a fall taken for a rollover; half a file.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/diagnostic/diagnostic.h"
#include "engine/pack/pack.h"
#include "engine/register/register.h"

namespace tenglong::meter {

inline constexpr std::int64_t kDialScale = 10'000;  // a dial is kept in ten-thousandths

// Start and End: the meter was put up or reset, taken down or read for the last time before a reset (换表).
enum class Event : std::uint8_t { None, Start, End };

struct Reading {
  std::string meter;            // 表号
  std::string record_key;       // the enterprise it serves
  std::string at;               // 2023-05-01T00:00:00, China's time
  std::int64_t dial = 0;        // in ten-thousandths of the kind's unit
  std::int64_t multiplier = 1;  // 倍率
  Event event = Event::None;
};

struct ReadReadings {
  std::int64_t rows = 0, wrong = 0;
  diagnostic::Diagnostics diagnostics = {};
};
// In which a kind of meter counts, and in which its readings may come too.
struct DialUnits {
  quantity::Unit unit = {};
  std::vector<quantity::Unit> also = {};
};
// Of the kind, as the pack says; nothing: the pack adds up no meters of this kind.
std::optional<DialUnits> units_of(const pack::Pack& pack, std::string_view kind);

// Sends every sound row to `each`, in the kind's own unit; what is wrong is told at its cell, all of it (the
// first 1,000 in words).
ReadReadings read_readings(const std::string& file, const DialUnits& units,
                           const std::function<void(const Reading&)>& each);

// What a meter did that no sum may bridge.
enum class Trouble : std::uint8_t {
  NoFirst,     // no reading when the period begins
  NoLast,      // none when it ends
  Silent,      // it was there before, and has no reading at all
  Fell,        // without a declared change
  Undeclared,  // a Start without an End, or an End without a Start
  Moved,       // another enterprise, without a declared change
  Multiplier   // another multiplier, without a declared change
};
struct MeterTrouble {
  std::string meter, record_key, at;
  Trouble trouble = Trouble::NoFirst;
};
struct Sum {
  std::string record_key;
  std::int64_t amount = 0;  // in ten-thousandths of the dial's unit
  std::int64_t meters = 0;
};
struct Tally {
  std::vector<Sum> sums = {};               // of enterprises without trouble, by key
  std::vector<MeterTrouble> troubles = {};  // by meter, then time
};

struct Arrival {
  std::int64_t added = 0, known = 0;       // known: the very same reading is already there
  std::vector<Reading> contradicted = {};  // the same meter and time with another reading: nothing was added
};

// What this room needs kept. store/ keeps it.
class MeterStore {
 public:
  virtual ~MeterStore() = default;
  class Writer {
   public:
    virtual ~Writer() = default;
    virtual void add(const Reading& reading) = 0;
    virtual Arrival commit() = 0;
  };
  virtual std::unique_ptr<Writer> write(const std::string& kind, const std::string& file_name,
                                        const std::string& file_fingerprint) = 0;
  // Worked out in the database. The period is [from, to); a reading less than `within_hours` after either is
  // the one of that boundary.
  virtual Tally tally(const std::string& kind, const calendar::Period& period, int within_hours) const = 0;
};

struct RolledUp {
  registers::Batch batch = {};  // source RollUp; its document names the block and the range
  std::vector<registers::Statement> statements = {};
  diagnostic::Diagnostics diagnostics = {};
};
RolledUp roll_up(const pack::Rollup& rollup, const schema::Schema& schema, const calendar::Period& period,
                 const Tally& tally);

// 2023-01-01T00:00:00, the beginning of a day as readings write it.
std::string moment_text(calendar::Date day, int hours = 0);

}  // namespace tenglong::meter
