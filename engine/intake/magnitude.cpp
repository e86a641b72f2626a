#include <algorithm>
#include <cmath>

#include "engine/intake/inside/check_group.h"
#include "engine/intake/inside/suspicion.h"

namespace tenglong::intake {

namespace {

constexpr double kOutweighs = 0.001;  // of what was written is what was probably meant
constexpr std::size_t kFewestValues = 10;
constexpr std::size_t kSampledRows = 10'000;

}  // namespace

int column_of(const ReadSheet& sheet, int field) {
  for (const MappedColumn& mapped : sheet.layout.columns)
    if (mapped.own_index == field) return mapped.column;
  return 0;
}

namespace {

// One column of numbers whose usual size is known.
struct Watched {
  const MappedColumn* mapped = nullptr;
  double low = 0, high = 0;
  std::vector<double> sizes = {};
  double median = 0;
  bool watches_cells = false;
  std::vector<Suspicion> suspicions = {};
};

std::string usual_of(const schema::Field& field) {
  return field.usual_low->to_string() + " 至 " + field.usual_high->to_string() + " " + field.unit.name();
}
void judge_column(Watched& watched, int header_row, Findings& findings) {
  const schema::Field& field = *watched.mapped->field;
  if (watched.sizes.size() < kFewestValues) return;
  const auto middle = watched.sizes.begin() + static_cast<std::ptrdiff_t>(watched.sizes.size() / 2);
  std::nth_element(watched.sizes.begin(), middle, watched.sizes.end());
  watched.median = *middle;
  watched.suspicions = suspicions_of(field, watched.mapped->unit);
  if (watched.median >= watched.low && watched.median <= watched.high) {
    watched.watches_cells = true;
    return;
  }
  const Suspicion* why = explain(watched.median, watched.low, watched.high, watched.suspicions);
  if (!why) return;
  const std::string stated = watched.mapped->unit ? watched.mapped->unit->name() : field.unit.name();
  const std::string as = why->unit.empty() ? "整列像是" + off_by(*why)
                                           : "整列像是以" + why->unit + "填的（" + off_by(*why) + "）";
  findings.about_column(
      watched.mapped->column, header_row,
      problem("W-INTAKE-221",
              {"“" + field.name + "”按" + stated + "读，中位数是 " + printed(watched.median) + " " +
                   field.unit.name() + "，通常是 " + usual_of(field) + "，" + as,
               "the median of “" + field.name + "” is far from usual (" + field.usual_low->to_string() +
                   " to " + field.usual_high->to_string() + " " + field.unit.name() +
                   "); the unit is probably " + (why->unit.empty() ? "another" : why->unit)},
              {why->unit.empty() ? "核对单位，在表头写明单位后再传。"
                                 : "若是，把表头写成“" + field.name + "（" + why->unit +
                                       "）”再传，系统会换算；若不是，不用改。",
               "If so, name the unit in the header and send the file again; it will be converted."}));
}

// True if the row stays out: one cell a thousand times too large outweighs a whole town.
bool judge_cell(const Watched& watched, const KeptRow& row, double size, const Options& options,
                Findings& findings) {
  const bool is_far = size > watched.high ? size > 100 * watched.median
                                          : size > 0 && size < watched.low && size * 1000 < watched.median;
  if (!is_far) return false;
  const Suspicion* why = explain(size, watched.low, watched.high, watched.suspicions);
  if (!why) return false;
  const schema::Field& field = *watched.mapped->field;
  const text::Words message{
      "“" + field.name + "”为 " + printed(size) + " " + field.unit.name() + "，别的行多在 " +
          usual_of(field) + "，像是" + (why->unit.empty() ? "" : "以" + why->unit + "填的，") + off_by(*why),
      "“" + field.name + "” of " + printed(size) + " is far from the other rows; it may be in another unit"};
  const bool outweighs = why->factor <= kOutweighs && !options.accept_unusual;
  findings.about_cell(
      row.row, watched.mapped->column,
      outweighs ? problem("E-INTAKE-223", message,
                          {"核对这一格的单位，改好再传；核实无误的，导入时写明照收（--accept-unusual）。",
                           "Check the unit of this cell and send it again; if it is right, import with "
                           "--accept-unusual."})
                : problem("W-INTAKE-222", message,
                          {"核对这一格的单位；无误可不改。",
                           "Check the unit of this cell; leave it if it is right."}));
  return outweighs;
}

}  // namespace

void check_magnitude(Group& group, const Intake& intake, const Options& options, Findings& findings) {
  std::vector<std::size_t> too_large;
  for (std::size_t s = 0; s < group.sheets.size(); ++s) {
    const ReadSheet& sheet = group.sheets[s];
    findings.set_sheet(sheet.name);
    std::vector<Watched> watched;
    std::vector<int> at_field(group.target().fields.size(), -1);
    for (const MappedColumn& mapped : sheet.layout.columns) {
      const schema::Field& field = *mapped.field;
      if (mapped.own_index < 0 || !schema::is_number(field.type) || !field.usual_low || !field.usual_high)
        continue;
      const double low = field.usual_low->to_double(), high = field.usual_high->to_double();
      if (low <= 0 || high <= low) continue;
      at_field[static_cast<std::size_t>(mapped.own_index)] = static_cast<int>(watched.size());
      watched.push_back({.mapped = &mapped, .low = low, .high = high});
    }
    if (watched.empty()) continue;
    // Every row of a small table, one in so many of a large one: the median needs no more.
    const std::size_t stride = group.rows.size() / kSampledRows + 1;
    const auto index_of = [&](const KeptRow& row) {
      return static_cast<std::size_t>(&row - group.rows.data());
    };
    group.for_each_size(static_cast<std::uint16_t>(s), [&](const KeptRow& row, int field, double size) {
      const int at = at_field[static_cast<std::size_t>(field)];
      if (at >= 0 && size > 0 && index_of(row) % stride == 0)
        watched[static_cast<std::size_t>(at)].sizes.push_back(size);
    });
    for (Watched& one : watched) {
      judge_column(one, intake.sheets[sheet.report].header_row, findings);
      one.sizes = {};
    }
    group.for_each_size(static_cast<std::uint16_t>(s), [&](const KeptRow& row, int field, double size) {
      const int at = at_field[static_cast<std::size_t>(field)];
      if (at >= 0 && watched[static_cast<std::size_t>(at)].watches_cells &&
          judge_cell(watched[static_cast<std::size_t>(at)], row, size, options, findings))
        too_large.push_back(index_of(row));
    });
  }
  for (const std::size_t row : too_large) group.rows[row].fate = KeptRow::Fate::Refused;
}

}  // namespace tenglong::intake
