#include <algorithm>
#include <array>
#include <limits>
#include <tuple>

#include "engine/simulate/inside/resident_kept.h"
#include "engine/text/ensure.h"

namespace tenglong::simulate {

using result::Standing;
using run::SchemeColumns;

namespace {

constexpr std::size_t kMostStandings = 64;

// Whole numbers at which totals pass from one bin to the next.
std::int64_t edge_of(Decimal edge, int places) {
  const Decimal::Parts parts = edge.rounded(places, quantity::RoundingMode::Ceiling).parts();
  const auto units = Decimal::scaled(parts.coefficient, parts.exponent + places).to_integer();
  if (units) return *units;
  return edge.is_negative() ? std::numeric_limits<std::int64_t>::min()
                            : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

SchemeBase::SchemeBase(const pack::Pack& pack, const column::Snapshot& snapshot, const pack::Scheme& scheme,
                       const SchemeColumns& base, const calendar::Period& period)
    : pack_(pack),
      scheme_(scheme),
      period_(period),
      base_(base),
      table_(*snapshot.find(scheme.of)),
      beside_(pack, snapshot, scheme.of, base_.rows) {
  places_ = grades_of(pack, scheme);
  grade_count_ = places_.size();
  for (const char* word : {"无档", "免评", "不评", "不在应评"}) places_.emplace_back(word);
  ensure(places_.size() <= kMostStandings, "a code table of grades is short");
  base_place_ = places_of(base_);
  balance_ = balance_of(base_, base_place_);
  bins_ = bins_of(base_);
  rates_ = rates({});
  prices_ = PriceColumns(beside_, grade_count_).sums(base_place_, rates_, places_, {});
  unmoved_ = compare(base_);
}

SchemeComparison SchemeBase::unmoved(const std::vector<Rates>& rates) const {
  return rates == rates_ ? unmoved_ : compare(base_, rates);
}

std::vector<Rates> SchemeBase::rates(const std::vector<Override>& overrides) const {
  const std::vector<std::string> grades(places_.begin(),
                                        places_.begin() + static_cast<std::ptrdiff_t>(grade_count_));
  return rates_of(pack_, beside_.declared, grades, period_, overrides);
}

std::vector<PriceSums> SchemeBase::prices(const SchemeColumns& columns,
                                          const std::vector<Rates>& rates) const {
  return PriceColumns(beside_, grade_count_).sums(places_of(columns), rates, places_, {});
}

std::optional<std::vector<RestatedQuantity>> SchemeBase::restated(const Override& change) const {
  std::vector<RestatedQuantity> out;
  if (!has_prices() || change.kind != Override::Kind::Field) return out;
  const schema::Register& at = *pack_.schema.find(change.block);
  for (const std::string& by : beside_.declared->by)
    if (by.substr(by.rfind('.') == std::string::npos ? 0 : by.rfind('.') + 1) == at.fields[change.index].name)
      return std::nullopt;
  if (change.block != scheme_.of) return out;
  const auto row = std::lower_bound(base_.rows.begin(), base_.rows.end(), change.row);
  if (row == base_.rows.end() || *row != change.row) return out;
  for (std::size_t p = 0; p < beside_.declared->prices.size(); ++p)
    if (beside_.declared->prices[p].field == at.fields[change.index].name) {
      RestatedQuantity& one = out.emplace_back();
      one.price = p, one.at = static_cast<std::size_t>(row - base_.rows.begin());
      if (change.state == quantity::State::Known) one.value = change.value.number();
    }
  return out;
}

SchemeComparison SchemeBase::compare(const SchemeColumns& after, const std::vector<Rates>& rates,
                                     const std::vector<RestatedQuantity>& restated) const {
  SchemeComparison out{.scheme = scheme_.name, .id = scheme_.id};
  out.places = places_;
  const std::vector<std::uint8_t> place = places_of(after);
  const std::size_t n = place.size(), kinds = places_.size();
  std::vector<std::int64_t> counts(kinds * kinds, 0);
  std::vector<std::uint32_t> movers;
  for (std::size_t i = 0; i < n; ++i) {
    ++counts[base_place_[i] * kinds + place[i]];
    if (base_place_[i] != place[i]) movers.push_back(static_cast<std::uint32_t>(i));
  }
  out.transitions.assign(kinds, std::vector<std::int64_t>(kinds, 0));
  for (std::size_t from = 0; from < kinds; ++from)
    for (std::size_t to = 0; to < kinds; ++to) out.transitions[from][to] = counts[from * kinds + to];
  // Nobody who is in neither is told of.
  out.transitions[kinds - 1][kinds - 1] = 0;
  out.movers.reserve(movers.size());
  for (const std::uint32_t i : movers) {
    Mover& mover = out.movers.emplace_back();
    mover.row = base_.rows[i];
    mover.key = table_.key[base_.rows[i]];
    mover.from = base_place_[i];
    mover.to = place[i];
    if (base_.standing[i] == Standing::Rated) {
      mover.total_before = Decimal::scaled(base_.total[i], -base_.places);
      mover.rank_before = base_.rank[i];
    }
    if (after.standing[i] == Standing::Rated) {
      mover.total_after = Decimal::scaled(after.total[i], -after.places);
      mover.rank_after = after.rank[i];
    }
  }
  SchemeBase::add_moved(movers, place, out);
  out.before = balance_;
  out.after = balance_of(after, place);
  SchemeBase::add_distribution(after, out);
  if (has_prices()) {
    const std::vector<std::string> grades(places_.begin(),
                                          places_.begin() + static_cast<std::ptrdiff_t>(grade_count_));
    const bool is_base = movers.empty() && rates == rates_ && restated.empty();
    out.prices = prices_beside(
        *beside_.declared, grades, prices_,
        is_base ? prices_ : PriceColumns(beside_, grade_count_).sums(place, rates, places_, restated));
  }
  return out;
}

std::vector<std::vector<Decimal>> SchemeBase::sums_by_grade(const SchemeColumns& columns) const {
  const std::size_t measures = beside_.measures.size();
  std::vector<Measure::Sum> sums(columns.grades.size() * measures);
  for (std::size_t i = 0; i < columns.rows.size(); ++i) {
    if (columns.standing[i] != Standing::Rated || columns.grade[i] < 0) continue;
    for (std::size_t m = 0; m < measures; ++m)
      beside_.measures[m].add(i, sums[static_cast<std::size_t>(columns.grade[i]) * measures + m]);
  }
  std::vector<std::vector<Decimal>> out(columns.grades.size());
  for (std::size_t g = 0; g < out.size(); ++g)
    for (std::size_t m = 0; m < measures; ++m)
      out[g].push_back(beside_.measures[m].total(sums[g * measures + m]));
  return out;
}

std::vector<std::uint8_t> SchemeBase::places_of(const SchemeColumns& columns) const {
  std::array<std::uint8_t, 256> of_grade{};
  for (std::size_t g = 0; g < columns.grades.size(); ++g) {
    const auto end = places_.begin() + static_cast<std::ptrdiff_t>(grade_count_);
    of_grade[g] =
        static_cast<std::uint8_t>(std::find(places_.begin(), end, columns.grades[g]) - places_.begin());
  }
  const auto none = static_cast<std::uint8_t>(grade_count_);
  std::vector<std::uint8_t> place(columns.rows.size());
  for (std::size_t i = 0; i < place.size(); ++i) {
    const Standing standing = columns.standing[i];
    const std::int8_t grade = columns.grade[i];
    place[i] = standing == Standing::Rated ? (grade < 0 ? none : of_grade[static_cast<std::uint8_t>(grade)])
               : standing == Standing::Exempt   ? static_cast<std::uint8_t>(none + 1)
               : standing == Standing::NotRated ? static_cast<std::uint8_t>(none + 2)
                                                : static_cast<std::uint8_t>(none + 3);
  }
  return place;
}

result::Balance SchemeBase::balance_of(const SchemeColumns& columns,
                                       const std::vector<std::uint8_t>& place) const {
  result::Balance out;
  std::vector<std::int64_t> by_grade(columns.grades.size(), 0);
  std::int64_t ungraded = 0;
  std::size_t first = place.size();
  for (std::size_t i = 0; i < place.size(); ++i) {
    switch (columns.standing[i]) {
      case Standing::NotDue:
        continue;
      case Standing::Exempt:
        ++out.exempt;
        break;
      case Standing::NotRated:
        ++out.not_rated;
        break;
      case Standing::Rated:
        ++out.rated;
        if (columns.grade[i] >= 0) {
          ++by_grade[static_cast<std::size_t>(columns.grade[i])];
        } else {
          if (ungraded++ == 0) first = i;
        }
        break;
    }
    ++out.due;
  }
  for (std::size_t g = 0; g < by_grade.size(); ++g) out.by_grade.emplace_back(columns.grades[g], by_grade[g]);
  if (ungraded > 0) {
    out.failures.push_back("参评 " + std::to_string(out.rated) + " ≠ 各档之和 " +
                           std::to_string(out.rated - ungraded));
    out.failures.push_back("没有落入任何一档的对象 " + std::to_string(ungraded) + " 个，第一个是 " +
                           std::string(table_.key[columns.rows[first]]));
  }
  return out;
}

std::vector<std::int64_t> SchemeBase::bins_of(const SchemeColumns& columns) const {
  if (beside_.declared == nullptr || beside_.declared->bins.empty()) return {};
  std::vector<std::int64_t> edges;
  for (const Decimal edge : beside_.declared->bins) edges.push_back(edge_of(edge, columns.places));
  std::vector<std::int64_t> counts(edges.size() + 1, 0);
  for (std::size_t i = 0; i < columns.rows.size(); ++i) {
    if (columns.standing[i] != Standing::Rated) continue;
    std::size_t bin = 0;
    for (const std::int64_t edge : edges) bin += columns.total[i] >= edge ? 1 : 0;
    ++counts[bin];
  }
  return counts;
}

void SchemeBase::add_distribution(const SchemeColumns& after, SchemeComparison& out) const {
  if (bins_.empty()) return;
  const std::vector<std::int64_t> now = bins_of(after);
  const std::vector<Decimal>& edges = beside_.declared->bins;
  out.distribution.resize(bins_.size());
  for (std::size_t b = 0; b < bins_.size(); ++b) {
    if (b > 0) out.distribution[b].from = edges[b - 1];
    if (b < edges.size()) out.distribution[b].to = edges[b];
    out.distribution[b].before = bins_[b];
    out.distribution[b].after = now[b];
  }
}

// Whole, then by each cut and code: how many go from where to where, and what goes with them.
void SchemeBase::add_moved(const std::vector<std::uint32_t>& movers, const std::vector<std::uint8_t>& place,
                           SchemeComparison& out) const {
  struct Cell {
    std::int64_t records = 0;
    std::vector<Measure::Sum> sums;
  };
  const std::size_t kinds = places_.size();
  const auto add_cut = [&](const std::string& name, const std::vector<std::int32_t>* code,
                           const std::vector<std::string>& texts) {
    std::vector<Cell> cells(texts.size() * kinds * kinds);
    for (const std::uint32_t i : movers) {
      const std::size_t of = code == nullptr ? 0 : static_cast<std::size_t>((*code)[i]);
      Cell& cell = cells[(of * kinds + base_place_[i]) * kinds + place[i]];
      if (cell.records++ == 0) cell.sums.resize(beside_.measures.size());
      for (std::size_t m = 0; m < cell.sums.size(); ++m) beside_.measures[m].add(i, cell.sums[m]);
    }
    for (std::size_t at = 0; at < cells.size(); ++at) {
      if (cells[at].records == 0) continue;
      Moved& moved = out.moved.emplace_back();
      moved.from = at / kinds % kinds;
      moved.to = at % kinds;
      moved.cut = name;
      moved.of = texts[at / kinds / kinds];
      moved.records = cells[at].records;
      for (std::size_t m = 0; m < cells[at].sums.size(); ++m)
        moved.measures.push_back({beside_.measures[m].total(cells[at].sums[m]), cells[at].sums[m].without});
    }
  };
  add_cut("", nullptr, {""});
  for (const Cut& cut : beside_.cuts) add_cut(cut.name, &cut.code, cut.texts);
  std::sort(out.moved.begin(), out.moved.end(), [](const Moved& a, const Moved& b) {
    return std::tie(a.cut, a.of, a.from, a.to) < std::tie(b.cut, b.of, b.from, b.to);
  });
}

std::vector<std::string> SchemeBase::touched(const SchemeColumns& after,
                                             const std::vector<std::uint32_t>& rows) const {
  std::vector<std::string> keys;
  std::size_t next = 0;
  for (std::size_t i = 0; i < base_.rows.size(); ++i) {
    const std::uint32_t row = base_.rows[i];
    while (next < rows.size() && rows[next] < row) ++next;
    const bool rated = base_.standing[i] == Standing::Rated;
    if (base_.standing[i] != after.standing[i] || (next < rows.size() && rows[next] == row) ||
        (rated && (base_.total[i] != after.total[i] || base_.rank[i] != after.rank[i] ||
                   base_.raw_grade[i] != after.raw_grade[i] || base_.grade[i] != after.grade[i])))
      keys.emplace_back(table_.key[row]);
  }
  return keys;
}

}  // namespace tenglong::simulate
