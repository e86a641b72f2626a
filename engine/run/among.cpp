// A record among others: its share, rank or percentile, and figures over the records that belong to it; by
// the reference meaning, or by columns where a run goes by them.
#include <algorithm>

#include "engine/run/inside/among_columns.h"
#include "engine/run/inside/assemble.h"

namespace tenglong::run {
namespace {

using As = pack::Indicator::As;

// One record that counts.
struct Counted {
  std::uint32_t row = 0;
  Decimal own = 0;
};

// The value that is added up or compared; nullopt: the record is not counted.
std::optional<Counted> counted(const RecordMeaning& record, const pack::Indicator& indicator,
                               std::string& group) {
  const bool is_share = indicator.as == As::Share;
  if (indicator.where.present() && !record.evaluate(indicator.where, Numbers::Rounded).is_true())
    return std::nullopt;
  if (indicator.not_applicable_if.present()) {
    const Value excluded = record.evaluate(indicator.not_applicable_if, Numbers::Rounded);
    if (excluded.kind() != feel::Kind::Boolean || excluded.is_true()) return std::nullopt;
  }
  const Value own = record.evaluate(indicator.formula, is_share ? Numbers::Unrounded : Numbers::Rounded);
  if (own.kind() != feel::Kind::Number) return std::nullopt;
  for (const std::string& name : indicator.within) {
    const Value part = by_path(record, name, Numbers::Rounded).value_or(Value());
    if (part.is_null()) return std::nullopt;
    group += (group.empty() ? "" : " · ") + part.to_text();
  }
  const Value compared = is_share ? own : record.meaning().round(indicator, own);
  return Counted{static_cast<std::uint32_t>(record.row()), compared.number()};
}

Standings standings_by_reference(const Meaning& meaning, const pack::Indicator& indicator, const Period& at) {
  const int table_number = meaning.table_index(indicator.of);
  std::map<std::string, std::vector<Counted>> groups;
  Standings out;
  for (const std::uint32_t row : meaning.rows_of(table_number, at)) {
    const RecordMeaning record(meaning, table_number, row);
    std::string group;
    if (const auto one = counted(record, indicator, group)) groups[group].push_back(*one);
    out.gaps.insert(record.gaps().begin(), record.gaps().end());
  }
  const std::size_t rows = meaning.table(table_number).size();
  StandingsOf standings(indicator, rows);
  for (auto& [name, members] : groups) {
    const std::int32_t group = standings.add_group(name);
    for (const Counted& each : members) standings.count(each.row, group, each.own);
    if (indicator.as == As::Share) continue;
    const auto before = [&](const Counted& a, const Counted& b) {
      return indicator.first == pack::Indicator::First::Highest ? a.own > b.own : a.own < b.own;
    };
    std::stable_sort(members.begin(), members.end(), before);
    for (std::size_t first = 0, last = 0; first < members.size(); first = last) {
      while (last < members.size() && !before(members[first], members[last])) ++last;
      const std::size_t rank = indicator.ties == pack::Ties::Better ? first + 1 : last;
      for (std::size_t i = first; i < last; ++i)
        standings.place(members[i].row, static_cast<std::int32_t>(rank));
    }
  }
  Gaps gaps = std::move(out.gaps);
  out = standings.take();
  out.gaps = std::move(gaps);
  return out;
}

}  // namespace

// --- StandingsOf

StandingsOf::StandingsOf(const pack::Indicator& indicator, std::size_t rows)
    : indicator_(indicator), own_(rows) {
  out_.group.assign(rows, -1);
  if (indicator.as != As::Share) out_.rank.assign(rows, 0);
}

std::int32_t StandingsOf::add_group(std::string name) {
  out_.groups.push_back(std::move(name));
  out_.counted.push_back(0);
  sums_.emplace_back();
  return static_cast<std::int32_t>(out_.groups.size() - 1);
}

void StandingsOf::count(std::uint32_t row, std::int32_t group, Decimal own) {
  out_.group[row] = group;
  own_[row] = own;
  ++out_.counted[static_cast<std::size_t>(group)];
  if (indicator_.as == As::Share) sums_[static_cast<std::size_t>(group)].add(own);
}

void StandingsOf::place(std::uint32_t row, std::int32_t rank) { out_.rank[row] = rank; }

Standings StandingsOf::take() {
  for (const quantity::ExactSum& each : sums_) {
    const auto sum = each.result();
    out_.sums.push_back(sum ? Value(*sum) : Value());
  }
  for (std::size_t row = 0; row < own_.size(); ++row) {
    const std::int32_t group = out_.group[row];
    if (group < 0) {
      out_.value.append(State::NotApplicable);
      out_.own.append(State::NotApplicable);
      continue;
    }
    const auto at = static_cast<std::size_t>(group);
    std::optional<Decimal> value;
    switch (indicator_.as) {
      case As::Share:
        if (out_.sums[at].kind() == feel::Kind::Number) value = divide(own_[row], out_.sums[at].number());
        if (value) value = quantity::convert(*value, indicator_.to_unit);
        break;
      case As::Rank:
        value = Decimal(out_.rank[row]);
        break;
      case As::Percentile:
        value = divide(Decimal(std::int64_t{out_.rank[row]} * 100), Decimal(out_.counted[at]));
        break;
      case As::Value:
        break;
    }
    out_.own.append(own_[row]);
    if (value)
      out_.value.append(*value);
    else
      out_.value.append(State::NotApplicable);
  }
  return std::move(out_);
}

// --- Meaning

const Standings& Meaning::standings(const pack::Indicator& indicator, const Period& at) const {
  const std::pair<const pack::Indicator*, Period> key{&indicator, at};
  {
    const std::lock_guard<std::mutex> hold(populating_);
    if (const auto known = standings_.find(key); known != standings_.end()) return known->second;
    if (only_given_) {  // the others are not here
      lacks_figure_ = true;
      Standings& none = standings_[key];
      const std::size_t rows = table(table_index(indicator.of)).size();
      none.group.assign(rows, -1);
      none.is_lacking = true;
      for (std::size_t row = 0; row < rows; ++row) none.value.append(State::Missing);
      return none;
    }
  }
  std::optional<Standings> made;
  if (columns_) made = standings_by_columns(*this, indicator, at, *columns_);
  if (!made) made = standings_by_reference(*this, indicator, at);
  const std::lock_guard<std::mutex> hold(populating_);
  return standings_.emplace(key, std::move(*made)).first->second;
}

const std::vector<std::uint32_t>& Meaning::belonging(const pack::Indicator& indicator, const std::string& key,
                                                     const Period& at) const {
  static const std::vector<std::uint32_t> kNobody;
  const int there = table_index(indicator.related);
  const std::pair<std::pair<int, std::string>, Period> name{{there, indicator.through}, at};
  const RowsByKey* index = nullptr;
  {
    const std::lock_guard<std::mutex> hold(populating_);
    if (const auto known = belonging_.find(name); known != belonging_.end()) index = &known->second;
  }
  if (index == nullptr) {
    RowsByKey made;
    const Belongs belongs(*this, indicator);
    for (const std::uint32_t row : rows_within(there, at))
      belongs.each_key(row, [&](const std::string& owner) {
        std::vector<std::uint32_t>& rows = made[owner];
        if (rows.empty() || rows.back() != row) rows.push_back(row);
      });
    const std::lock_guard<std::mutex> hold(populating_);
    index = &belonging_.emplace(name, std::move(made)).first->second;
  }
  const auto found = index->find(key);
  return found == index->end() ? kNobody : found->second;
}

Figure Meaning::over_related(const pack::Indicator& indicator, const std::vector<std::uint32_t>& rows,
                             const Period& at) const {
  const Extras extras{{"期间", range_of(at)}};
  return over_rows(table_index(indicator.related), rows, indicator.formula, indicator.to_unit, at, &extras);
}

const RelatedLists& Meaning::related_lists(const pack::Indicator& indicator, const Period& at) const {
  const std::pair<const pack::Indicator*, Period> key{&indicator, at};
  {
    const std::lock_guard<std::mutex> hold(populating_);
    if (const auto known = related_lists_.find(key); known != related_lists_.end()) return known->second;
  }
  RelatedLists made = related_by_columns(*this, indicator, at, columns_.value_or(Options{.period = period_}));
  const std::lock_guard<std::mutex> hold(populating_);
  return related_lists_.emplace(key, std::move(made)).first->second;
}

// --- RecordMeaning

Measured RecordMeaning::standing(const pack::Indicator& indicator) const {
  const Standings& standings = meaning_.standings(indicator, period_);
  touch(standings.gaps);
  if (standings.value.state[row_] == State::Known) return {.value = Value(standings.value.exact(row_))};
  const auto lacking = [](State worst) {
    return Measured{.state = worst == State::Known ? State::NotApplicable : worst};
  };
  if (standings.is_lacking) return {.state = State::Missing};
  if (indicator.where.present()) {
    const Value counts = evaluate(indicator.where, Numbers::Rounded);
    if (counts.kind() == feel::Kind::Boolean && !counts.is_true()) return {.state = State::NotApplicable};
    if (!counts.is_true())
      return {.state = quantity::worst(State::Missing, worst_state(*indicator.where.tree))};
  }
  if (indicator.not_applicable_if.present()) {
    const Value excluded = evaluate(indicator.not_applicable_if, Numbers::Rounded);
    if (excluded.is_true()) return {.state = State::NotApplicable};
    if (excluded.is_null())
      return {.state = quantity::worst(State::Missing, worst_state(*indicator.not_applicable_if.tree))};
  }
  if (standings.group[row_] >= 0) return {.state = State::NotApplicable};  // a sum of 0
  State worst = worst_state(*indicator.formula.tree);
  for (const std::string& name : indicator.within)
    if (by_path(*this, name, Numbers::Rounded).value_or(Value()).is_null())
      worst = quantity::worst(worst, State::Missing);
  return lacking(worst);
}

std::vector<std::uint32_t> RecordMeaning::related_rows(const pack::Indicator& indicator) const {
  const Extras extras{{"期间", range_of(period_)}};
  Gaps gaps;
  std::vector<std::uint32_t> rows =
      meaning_.kept(meaning_.table_index(indicator.related),
                    meaning_.belonging(indicator, std::string(meaning_.table(table_).key[row_]), period_),
                    indicator.where, &extras, gaps);
  touch(gaps);
  return rows;
}

Measured RecordMeaning::over_related(const pack::Indicator& indicator) const {
  if (meaning_.takes_only_given()) {
    meaning_.note_lack();
    return {.state = State::Missing};
  }
  const std::vector<std::uint32_t> rows = related_rows(indicator);
  const Figure figure = meaning_.over_related(indicator, rows, period_);
  touch(figure.gaps);
  if (!figure.value.is_null()) return {.value = figure.value};
  return {.state = rows.empty() ? State::NotApplicable : State::Missing};
}

}  // namespace tenglong::run
