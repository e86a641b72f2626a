// Robust statistics over one import: medians and median absolute deviations of logarithms, so that neither a
// few wild figures nor the order of rows moves the line.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>

#include "engine/intake/inside/check_group.h"
#include "engine/intake/inside/suspicion.h"

namespace tenglong::intake {

using calendar::Period;
using schema::Register;
using schema::Screening;

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kNormal = 1.4826;  // makes the MAD of a normal distribution its standard deviation
constexpr std::size_t kFieldsAtOnce = 8;
constexpr double kLeastFactor = 500;  // 亩 and 平方米 are 666.67 apart

struct Spread {
  std::size_t count = 0;
  double median = 0, deviation = 0;  // of logarithms; the deviation is the robust one
};
double middle_of(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}
Spread spread_of(std::vector<double> values) {
  Spread spread{.count = values.size()};
  if (values.empty()) return spread;
  spread.median = middle_of(values);
  for (double& value : values) value = std::abs(value - spread.median);
  spread.deviation = kNormal * middle_of(values);
  return spread;
}

// How far a logarithm may be from the median before it is told.
struct Limit {
  double mads = 0, log_ratio = 0;
  explicit Limit(const Screening::Line& line)
      : mads(line.mads.to_double()), log_ratio(std::log(line.ratio.to_double())) {}
  double of(const Spread& spread) const { return std::max(mads * spread.deviation, log_ratio); }
  bool is_beyond(double logarithm, const Spread& spread) const {
    return std::abs(logarithm - spread.median) > of(spread);
  }
};

// The peers: one group a code, and how the groups of codes above it are made up.
class Peers {
 public:
  int group_of(const std::string& code) {
    if (code.empty()) return -1;
    const auto [found, is_new] = index_.try_emplace(code, static_cast<int>(codes_.size()));
    if (is_new) codes_.push_back(code);
    return found->second;
  }
  const std::string& code(int group) const { return codes_[static_cast<std::size_t>(group)]; }
  std::size_t count() const { return codes_.size(); }
  // Code, the code above it, and so on upwards.
  static std::vector<std::string> chain(const schema::Codes* codes, const std::string& code) {
    std::vector<std::string> out = {code};
    while (codes && out.size() < 10) {
      const schema::CodeEntry* entry = codes->find(out.back());
      if (!entry || entry->parent.empty()) break;
      out.push_back(entry->parent);
    }
    return out;
  }

 private:
  std::map<std::string, int> index_;
  std::vector<std::string> codes_;
};

class Screener {
 public:
  Screener(Group& group, const schema::Schema& schema, const registers::RegisterStore& store,
           const Options& options, Findings& findings, const Screening& screening)
      : group_(group),
        schema_(schema),
        store_(store),
        options_(options),
        findings_(findings),
        screening_(screening) {}

  void run() {
    choose_fields();
    if (fields_.empty() || group_.rows.empty()) return;
    find_periods();
    slot_of_row_.assign(group_.rows.size(), -1);
    group_of_row_.assign(group_.rows.size(), screening_.group.empty() ? 0 : -1);
    if (screening_.group.empty()) peers_.group_of("*");
    read_groups();
    read_records_of_store();
    read_last_periods_of_file();
    for (std::size_t from = 0; from < fields_.size(); from += kFieldsAtOnce)
      judge_fields(from, std::min(fields_.size(), from + kFieldsAtOnce));
    tell_unjudged();
  }

 private:
  void choose_fields() {
    const Register& target = group_.target();
    for (std::size_t f = 0; f < target.fields.size(); ++f) {
      const schema::Field& field = target.fields[f];
      const bool is_asked = screening_.fields.empty()
                                ? schema::is_number(field.type)
                                : std::find(screening_.fields.begin(), screening_.fields.end(), field.id) !=
                                      screening_.fields.end();
      const bool is_mapped =
          std::any_of(group_.sheets.begin(), group_.sheets.end(),
                      [&](const ReadSheet& sheet) { return column_of(sheet, static_cast<int>(f)) > 0; });
      if (is_asked && is_mapped) fields_.push_back(static_cast<int>(f));
    }
    at_field_.assign(target.fields.size(), -1);
    for (std::size_t i = 0; i < fields_.size(); ++i)
      at_field_[static_cast<std::size_t>(fields_[i])] = static_cast<int>(i);
  }

  void find_periods() {
    std::set<Period> seen;
    for (const KeptRow& row : group_.rows)
      if (group_.period_of(row)) seen.insert(*group_.period_of(row));
    for (const Period& period : seen) following_.emplace(period.previous(), period);
    periods_ = std::move(seen);
    period_count_ = periods_.size() + 1;
    for (const KeptRow& row : group_.rows) {
      const auto at = static_cast<std::size_t>(row.period);
      if (at >= number_of_period_.size()) number_of_period_.resize(at + 1, -1);
      if (number_of_period_[at] < 0) number_of_period_[at] = number_of(group_.period_of(row));
    }
  }
  // 0: no period; else its place among those of the file.
  int number_of(const std::optional<Period>& period) const {
    return period ? 1 + static_cast<int>(std::distance(periods_.begin(), periods_.find(*period))) : 0;
  }
  int period_of(std::size_t row) const {
    return number_of_period_[static_cast<std::size_t>(group_.rows[row].period)];
  }

  // Whose rows are whose peers: a field of the row, or of the record above, from the file or from the store.
  void read_groups() {
    if (screening_.group.empty()) return;
    const Register* holder = screening_.group_of_parent ? schema_.find(group_.target().of) : &group_.target();
    const int field = holder ? holder->field_index(screening_.group) : -1;
    if (field < 0) return;
    codes_ = schema_.find_codes(holder->fields[static_cast<std::size_t>(field)].codes);
    if (screening_.group_of_parent) {
      registers::read_records(store_, *holder, {}, [&](registers::Record&& record) {
        const auto& value = record.fields[static_cast<std::size_t>(field)];
        if (value.state != quantity::State::Known) return;
        group_of_key_.emplace(std::move(record.key), peers_.group_of(registers::to_text(value.value)));
      });
      for (std::size_t i = 0; i < group_.rows.size(); ++i)
        if (const auto found = group_of_key_.find(std::string(group_.key_of(group_.rows[i])));
            found != group_of_key_.end())
          group_of_row_[i] = found->second;
      return;
    }
    own_group_field_ = field;
    for (std::size_t i = 0; i < group_.rows.size(); ++i)
      for (const KeptValue& value : group_.values_of(group_.rows[i]))
        if (value.field == field && value.state == quantity::State::Known)
          group_of_row_[i] = peers_.group_of(registers::to_text(value.value));
  }

  std::vector<double> numbers_of(const registers::Record& record) const {
    std::vector<double> out(fields_.size(), kNone);
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const registers::Resolved& value = record.fields[static_cast<std::size_t>(fields_[i])];
      if (const auto* number = std::get_if<quantity::Decimal>(&value.value);
          number && value.state == quantity::State::Known)
        out[i] = number->to_double();
    }
    return out;
  }

  // Last period's figures of the rows, and this period's of peers that are not in the file.
  void read_records_of_store() {
    if (store_.statement_count(group_.target().id) == 0) return;
    registers::read_records(store_, group_.target(), {}, [&](registers::Record&& record) {
      if (record.period && screening_.jump)
        if (const auto next = following_.find(*record.period); next != following_.end())
          if (const KeptRow* row = group_.find(record.key, next->second)) keep_last(*row, numbers_of(record));
      if (!screening_.outlier || (record.period && !periods_.contains(*record.period))) return;
      if (group_.find(record.key, record.period)) return;
      int peers = screening_.group.empty() ? 0 : -1;
      if (own_group_field_ >= 0) {
        const auto& value = record.fields[static_cast<std::size_t>(own_group_field_)];
        if (value.state == quantity::State::Known) peers = peers_.group_of(registers::to_text(value.value));
      } else if (const auto found = group_of_key_.find(record.key); found != group_of_key_.end()) {
        peers = found->second;
      }
      if (peers < 0) return;
      others_.push_back({peers, number_of(record.period)});
      for (const double number : numbers_of(record)) other_numbers_.push_back(number);
    });
  }
  // A file with two years brings its own last year.
  void read_last_periods_of_file() {
    if (!screening_.jump || periods_.size() < 2) return;
    for (const KeptRow& row : group_.rows) {
      if (row.fate == KeptRow::Fate::Refused || !group_.period_of(row)) continue;
      const auto next = following_.find(*group_.period_of(row));
      if (next == following_.end()) continue;
      const KeptRow* later = group_.find(group_.key_of(row), next->second);
      if (!later) continue;
      std::vector<double> numbers(fields_.size(), kNone);
      group_.sizes_of(row, [&](int field, double number) {
        if (const int at = at_field_[static_cast<std::size_t>(field)]; at >= 0)
          numbers[static_cast<std::size_t>(at)] = number;
      });
      keep_last(*later, numbers);
    }
  }
  void keep_last(const KeptRow& row, const std::vector<double>& numbers) {
    std::int32_t& slot = slot_of_row_[index_of(row)];
    if (slot < 0) {
      slot = static_cast<std::int32_t>(last_.size() / fields_.size());
      last_.insert(last_.end(), numbers.begin(), numbers.end());
      return;
    }
    const std::size_t begin = static_cast<std::size_t>(slot) * fields_.size();
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (!std::isnan(numbers[i])) last_[begin + i] = numbers[i];
  }
  std::size_t index_of(const KeptRow& row) const {
    return static_cast<std::size_t>(&row - group_.rows.data());
  }
  double last_of(std::size_t row, std::size_t field) const {
    const std::int32_t slot = slot_of_row_[row];
    return slot < 0 ? kNone : last_[static_cast<std::size_t>(slot) * fields_.size() + field];
  }

  template <class Each>
  void each_number(std::size_t from, std::size_t to, Each each) const {
    for (std::size_t i = 0; i < group_.rows.size(); ++i) {
      if (group_.rows[i].fate == KeptRow::Fate::Refused) continue;
      group_.sizes_of(group_.rows[i], [&](int field, double number) {
        const int at = at_field_[static_cast<std::size_t>(field)];
        if (at >= static_cast<int>(from) && at < static_cast<int>(to) && number > 0)
          each(i, static_cast<std::size_t>(at), number);
      });
    }
  }

  // Of one field: logarithms of quotients by period, of values by period and group.
  struct FieldPools {
    std::vector<std::vector<double>> ratios, sizes;
    std::vector<Spread> jumps;
    std::map<std::pair<int, std::string>, Spread> peers;  // by period and code
    struct Judged {
      const Spread* spread = nullptr;
      const std::string* code = nullptr;
    };
    std::vector<Judged> judged;  // as sizes: with whom a group is compared
  };
  std::size_t pool_of(int period, int group) const {
    return static_cast<std::size_t>(period) * peers_.count() + static_cast<std::size_t>(group);
  }

  void judge_fields(std::size_t from, std::size_t to) {
    std::vector<FieldPools> pools(to - from);
    for (FieldPools& pool : pools) {
      pool.ratios.resize(period_count_);
      pool.sizes.resize(period_count_ * peers_.count());
    }
    each_number(from, to, [&](std::size_t row, std::size_t field, double number) {
      FieldPools& pool = pools[field - from];
      if (screening_.jump)
        if (const double last = last_of(row, field); last > 0)
          pool.ratios[static_cast<std::size_t>(period_of(row))].push_back(std::log(number / last));
      if (screening_.outlier && group_of_row_[row] >= 0)
        pool.sizes[pool_of(period_of(row), group_of_row_[row])].push_back(std::log(number));
    });
    for (std::size_t i = 0; i < others_.size(); ++i)
      for (std::size_t field = from; field < to; ++field)
        if (const double number = other_numbers_[i * fields_.size() + field]; number > 0)
          pools[field - from].sizes[pool_of(others_[i].period, others_[i].group)].push_back(std::log(number));
    for (std::size_t field = from; field < to; ++field) settle(pools[field - from], field);
    each_number(from, to, [&](std::size_t row, std::size_t field, double number) {
      const FieldPools& pool = pools[field - from];
      if (screening_.jump) judge_jump(pool, row, field, number);
      if (screening_.outlier) judge_outlier(pool, row, field, number);
    });
    for (const std::size_t row : refused_) group_.rows[row].fate = KeptRow::Fate::Refused;
  }

  void settle(FieldPools& pool, std::size_t field) {
    const auto least = static_cast<std::size_t>(screening_.least);
    for (std::vector<double>& ratios : pool.ratios) {
      pool.jumps.push_back(spread_of(std::move(ratios)));
      const std::size_t count = pool.jumps.back().count;
      if (count > 0 && count < least) unjudged_jumps_.insert(name_of(field));
    }
    // A group too small is judged with all that share the code above it.
    std::map<std::pair<int, std::string>, std::vector<double>> joined;
    std::vector<std::vector<std::string>> chains;
    for (std::size_t group = 0; group < peers_.count(); ++group)
      chains.push_back(Peers::chain(codes_, peers_.code(static_cast<int>(group))));
    const auto each_pool = [&](auto each) {
      for (std::size_t period = 0; period < period_count_; ++period)
        for (std::size_t group = 0; group < peers_.count(); ++group)
          each(static_cast<int>(period), chains[group], period * peers_.count() + group);
    };
    each_pool([&](int period, const std::vector<std::string>& chain, std::size_t at) {
      if (pool.sizes[at].empty()) return;
      for (const std::string& code : chain) {
        std::vector<double>& into = joined[{period, code}];
        into.insert(into.end(), pool.sizes[at].begin(), pool.sizes[at].end());
      }
    });
    for (auto& [key, sizes] : joined)
      if (sizes.size() >= least) pool.peers.emplace(key, spread_of(std::move(sizes)));
    pool.judged.resize(pool.sizes.size());
    each_pool([&](int period, const std::vector<std::string>& chain, std::size_t at) {
      for (const std::string& code : chain) {
        const auto found = pool.peers.find({period, code});
        if (found == pool.peers.end() || pool.judged[at].spread) continue;
        pool.judged[at] = {&found->second, &found->first.second};
      }
      if (!pool.judged[at].spread && !pool.sizes[at].empty()) unjudged_groups_.insert(chain.front());
      pool.sizes[at] = {};
    });
  }

  const schema::Field& field_at(std::size_t field) const {
    return group_.target().fields[static_cast<std::size_t>(fields_[field])];
  }
  std::string name_of(std::size_t field) const { return field_at(field).name; }
  std::string unit_of(std::size_t field) const {
    return field_at(field).unit.is_bare() ? "" : " " + field_at(field).unit.name();
  }

  // The factor that would make the figure ordinary.
  const Suspicion* cause(std::size_t field, const KeptRow& row, double number, double ordinary,
                         double limit) {
    const ReadSheet& sheet = group_.sheets[row.sheet];
    auto& known = suspicions_[{row.sheet, field}];
    if (known.empty())
      for (const MappedColumn& mapped : sheet.layout.columns)
        if (mapped.own_index == fields_[field]) {
          known = suspicions_of(field_at(field), mapped.unit);
          // Tenfold and hundredfold happen in business too; between units it is a thousand and more.
          std::erase_if(known, [](const Suspicion& one) {
            return one.factor < kLeastFactor && one.factor > 1 / kLeastFactor;
          });
        }
    const double wide = std::exp(limit);
    return explain(number, ordinary / wide, ordinary * wide, known);
  }
  static std::string because(const Suspicion* why) {
    if (!why) return "";
    return "，像是" + (why->unit.empty() ? "" : "以" + why->unit + "填的，") + off_by(*why);
  }
  static std::string changed(double ratio) {
    return ratio >= 1 ? "是 " + printed(ratio) + " 倍" : "只有 1/" + printed(1 / ratio);
  }

  void tell(std::size_t row_index, std::size_t field, const char* warning, const char* refusal,
            text::Words message) {
    const KeptRow& row = group_.rows[row_index];
    const ReadSheet& sheet = group_.sheets[row.sheet];
    findings_.set_sheet(sheet.name);
    const bool refuses = screening_.refuses && !options_.accept_unusual;
    if (refuses) refused_.insert(row_index);
    findings_.about_cell(
        row.row, column_of(sheet, fields_[field]),
        problem(
            refuses ? refusal : warning, std::move(message),
            refuses
                ? text::Words{"核对这一格和它的单位，改好再传；核实无误的，导入时写明照收（--accept-"
                              "unusual）。",
                              "Check the cell and its unit and send it again; if it is right, import with "
                              "--accept-unusual."}
                : text::Words{"核对这一格和它的单位；无误可不改。",
                              "Check the cell and its unit; leave it if it is right."}));
  }

  void judge_jump(const FieldPools& pool, std::size_t row, std::size_t field, double number) {
    const double last = last_of(row, field);
    if (!(last > 0)) return;
    const Spread& spread = pool.jumps[static_cast<std::size_t>(period_of(row))];
    if (spread.count < static_cast<std::size_t>(screening_.least)) return;
    const Limit limit(*screening_.jump);
    const double logarithm = std::log(number / last);
    if (!limit.is_beyond(logarithm, spread)) return;
    const std::string now = printed(number) + unit_of(field), then = printed(last) + unit_of(field);
    const std::string usual = printed(std::exp(spread.median));
    const Suspicion* why =
        cause(field, group_.rows[row], number, last * std::exp(spread.median), limit.of(spread));
    tell(row, field, "W-INTAKE-224", "E-INTAKE-224",
         {"“" + name_of(field) + "”为 " + now + "，上期为 " + then + "，" + changed(number / last) +
              "；可比的 " + std::to_string(spread.count) + " 家中位数是 " + usual + " 倍" + because(why),
          "“" + name_of(field) + "” is " + now + " after " + then + ", " + printed(number / last) +
              " times; the median of " + std::to_string(spread.count) + " is " + usual + " times"});
  }

  void judge_outlier(const FieldPools& pool, std::size_t row, std::size_t field, double number) {
    if (group_of_row_[row] < 0) return;
    const auto [spread, code] = pool.judged[pool_of(period_of(row), group_of_row_[row])];
    const Limit limit(*screening_.outlier);
    if (!spread || !limit.is_beyond(std::log(number), *spread)) return;
    const double median = std::exp(spread->median);
    const std::string middle = printed(median) + unit_of(field), now = printed(number) + unit_of(field);
    const double last = last_of(row, field);
    const std::string then = last > 0 ? "，上期为 " + printed(last) + unit_of(field) : "";
    const Suspicion* why = cause(field, group_.rows[row], number, median, limit.of(*spread));
    tell(row, field, "W-INTAKE-225", "E-INTAKE-225",
         {"“" + name_of(field) + "”为 " + now + then + "；" + peers_in_words(*code) + " " +
              std::to_string(spread->count) + " 家的中位数是 " + middle + "，" + changed(number / median) +
              because(why),
          "“" + name_of(field) + "” is " + now + "; the median of its " + std::to_string(spread->count) +
              " peers is " + middle});
  }

  std::string peers_in_words(const std::string& code) const {
    if (screening_.group.empty()) return "全部";
    const schema::CodeEntry* entry = codes_ ? codes_->find(code) : nullptr;
    return "同类（" + code + (entry ? " " + entry->name : "") + "）";
  }

  void tell_unjudged() {
    findings_.set_sheet(group_.sheets.front().name);
    const std::string least = std::to_string(screening_.least);
    const auto listed = [](const auto& all, auto word) {
      std::string out;
      std::size_t count = 0;
      for (const auto& one : all)
        if (count++ < 8) out += (out.empty() ? "" : "、") + word(one);
      return count > 8 ? out + " 等 " + std::to_string(count) + " 项" : out;
    };
    if (!unjudged_jumps_.empty())
      findings_.about_sheet(
          problem("N-INTAKE-227",
                  {"上期也有数的不足 " + least + " 家，没有判突变：" +
                       listed(unjudged_jumps_, [](const std::string& one) { return "“" + one + "”"; }),
                   "fewer than " + least + " have a figure of the last period; jumps were not judged for " +
                       std::to_string(unjudged_jumps_.size()) + " fields"},
                  {"补齐上期的数后再传，或自行核对。", "Complete the last period, or check them yourself."}));
    if (!unjudged_groups_.empty())
      findings_.about_sheet(problem("N-INTAKE-227",
                                    {"同类不足 " + least + " 家，没有判离群：" +
                                         listed(unjudged_groups_, [](const std::string& one) { return one; }),
                                     "fewer than " + least + " peers; outliers were not judged for " +
                                         std::to_string(unjudged_groups_.size()) + " groups"},
                                    {"家数少的请自行核对。", "Check them yourself."}));
  }

  Group& group_;
  const schema::Schema& schema_;
  const registers::RegisterStore& store_;
  const Options& options_;
  Findings& findings_;
  const Screening& screening_;

  std::vector<int> fields_;    // indexes into the register's fields
  std::vector<int> at_field_;  // the other way; -1
  std::set<Period> periods_;
  std::size_t period_count_ = 1;
  std::vector<int> number_of_period_;   // by KeptRow::period
  std::map<Period, Period> following_;  // last period -> the period of the rows
  const schema::Codes* codes_ = nullptr;
  Peers peers_;
  int own_group_field_ = -1;
  std::unordered_map<std::string, int> group_of_key_;
  std::vector<int> group_of_row_;
  std::vector<std::int32_t> slot_of_row_;  // into last_, in steps of fields_
  std::vector<double> last_;
  struct Other {
    int group, period;
  };
  std::vector<Other> others_;
  std::vector<double> other_numbers_;  // in steps of fields_
  std::map<std::pair<std::uint16_t, std::size_t>, std::vector<Suspicion>> suspicions_;
  std::set<std::size_t> refused_;
  std::set<std::string> unjudged_jumps_, unjudged_groups_;
};

}  // namespace

void check_screenings(Group& group, const schema::Schema& schema, const registers::RegisterStore& store,
                      const Options& options, Findings& findings) {
  for (const Screening& one : schema.screenings)
    if (one.of == group.target().id) Screener(group, schema, store, options, findings, one).run();
}

}  // namespace tenglong::intake
