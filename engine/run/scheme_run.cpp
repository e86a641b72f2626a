#include "engine/run/inside/scheme_run.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "engine/run/inside/groups.h"
#include "engine/run/inside/in_parallel.h"
#include "engine/run/inside/reference.h"
#include "engine/text/ensure.h"

namespace tenglong::run {

using plan::Op;
using plan::Shape;
using result::Standing;

std::optional<std::int64_t> key_of(Decimal rounded, int places) {
  const Decimal::Parts parts = rounded.parts();
  if (rounded.is_zero()) return 0;
  __int128 key = parts.coefficient;
  constexpr __int128 kMost = static_cast<__int128>(1'000'000'000'000'000'000);
  int exponent = parts.exponent + places;
  if (exponent < 0) return std::nullopt;  // not rounded to these places
  for (; exponent > 0; --exponent) {
    if (key > kMost || key < -kMost) return std::nullopt;
    key *= 10;
  }
  if (key > kMost || key < -kMost) return std::nullopt;
  return static_cast<std::int64_t>(key);
}

Outputs::Outputs(Binding& binding, const std::vector<NodeId>& nodes, const Options& options)
    : binding_(binding) {
  const std::size_t n = binding.rows().size();
  std::vector<NodeId> asked;
  for (const NodeId id : nodes) {
    if (id == plan::kNone || full_.count(id) != 0) continue;
    asked.push_back(id);
    Full& full = full_[id];
    const plan::Node& node = binding.node(id);
    if (node.shape == Shape::Boolean)
      full.answer.resize(n);
    else if (node.shape == Shape::Text || node.shape == Shape::Date)
      full.code.resize(n);
    else {
      full.absent.resize(n);
      if (node.op == Op::Round) full.key.resize(n);
    }
  }
  const std::size_t capacity =
      std::max<std::size_t>(1, std::min(options.batch_rows, std::max<std::size_t>(n, 1)));
  const std::size_t batches = (n + capacity - 1) / capacity;
  struct Worker {
    Worker(Binding& bound, std::size_t batch_rows, bool in_doubles) : exact(bound) {
      if (in_doubles) batch.emplace(bound, batch_rows);
    }
    ExactRow exact;
    std::optional<Batch> batch;
  };
  const bool in_doubles = options.arithmetic != Arithmetic::Exact;
  std::vector<std::unique_ptr<Worker>> workers(
      static_cast<std::size_t>(workers_for(options.threads, batches)));
  std::atomic<std::int64_t> doubts{0}, recognised{0};
  // A batch writes its own rows and nothing else.
  in_parallel(options.threads, batches, [&](int number, std::size_t job) {
    std::unique_ptr<Worker>& worker = workers[static_cast<std::size_t>(number)];
    if (!worker) worker = std::make_unique<Worker>(binding, capacity, in_doubles);
    const std::size_t begin = job * capacity, count = std::min(capacity, n - begin);
    if (worker->batch) {
      worker->batch->evaluate(begin, count);
      for (const NodeId id : asked) copy(id, *worker->batch, begin, count);
    }
    std::int64_t doubts_here = 0, recognised_here = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (worker->batch && worker->batch->doubt()[i] == 0) continue;
      const std::uint32_t row = binding.rows()[begin + i];
      NodeId first = plan::kNone;
      if (worker->batch) {
        first = worker->batch->first_doubt(i);
        worker->exact.at(row, *worker->batch, i);
      } else {
        worker->exact.at(row);
      }
      for (const NodeId id : asked)  // what stands before the first doubt is copied already
        if (id >= first) put_exact(id, begin + i, worker->exact.value(id));
      ++doubts_here;
      recognised_here += worker->batch && !worker->exact.has_worked() ? 1 : 0;
    }
    doubts += doubts_here;
    recognised += recognised_here;
  });
  rows_in_doubt = doubts;
  rows_recognised = recognised;
}

void Outputs::copy(NodeId id, const Batch& batch, std::size_t begin, std::size_t count) {
  Full& full = full_.at(id);
  const auto to = static_cast<std::ptrdiff_t>(begin);
  const plan::Node& node = binding_.node(id);
  if (node.shape == Shape::Boolean) {
    std::copy_n(batch.answer(id), count, full.answer.begin() + to);
  } else if (node.shape == Shape::Text || node.shape == Shape::Date) {
    std::copy_n(batch.code(id), count, full.code.begin() + to);
  } else {
    const std::uint8_t* absent = batch.number(id).absent;
    if (absent != nullptr) std::copy_n(absent, count, full.absent.begin() + to);
    if (node.op == Op::Round) std::copy_n(batch.key(id), count, full.key.begin() + to);
  }
}

void Outputs::put_exact(NodeId id, std::size_t i, const Value& value) {
  Full& full = full_.at(id);
  const plan::Node& node = binding_.node(id);
  switch (node.shape) {
    case Shape::Boolean:
      full.answer[i] = value.kind() == feel::Kind::Boolean ? (value.boolean() ? kTrue : kFalse) : kUnknown;
      break;
    case Shape::Text:
      full.code[i] = value.kind() == feel::Kind::String ? binding_.texts.code_of(value.string()) : kNoText;
      break;
    case Shape::Date:
      full.code[i] =
          value.kind() == feel::Kind::Date ? static_cast<std::int32_t>(value.date().days()) : kNoDate;
      break;
    default: {
      const bool known = value.kind() == feel::Kind::Number;
      full.absent[i] = known ? 0 : 1;
      if (full.key.empty() || !known) break;
      const auto key = key_of(value.number(), node.rounding.places);
      if (!key) has_large = true;
      full.key[i] = key.value_or(0);
    }
  }
}

namespace {

std::vector<NodeId> nodes_of(const plan::SchemePlan& scheme, Wanted wanted) {
  std::vector<NodeId> nodes{scheme.due, scheme.waits, scheme.total, scheme.veto, scheme.protect};
  for (const auto* list : {&scheme.exempt, &scheme.not_rated, &scheme.group, &scheme.score_cuts})
    nodes.insert(nodes.end(), list->begin(), list->end());
  for (const plan::ItemPlan& item : scheme.items)
    if (wanted == Wanted::Outcomes) {
      nodes.push_back(item.value);
      nodes.push_back(item.shown);
    }
  if (wanted == Wanted::Outcomes) nodes.push_back(scheme.adjustment);
  return nodes;
}

// Everything but totals and groups: what the conditions leave. Rated here means "not ruled out by them".
void judge_conditions(const plan::SchemePlan& scheme, const Outputs& outputs,
                      std::vector<Standing>& standing) {
  const std::size_t n = standing.size();
  const std::vector<Tri>& due = outputs.answer(scheme.due);
  for (std::size_t i = 0; i < n; ++i)
    standing[i] = due[i] == kTrue    ? Standing::Rated
                  : due[i] == kFalse ? Standing::NotDue
                                     : Standing::NotRated;
  if (!scheme.exempt.empty()) {
    std::vector<Tri> any = outputs.answer(scheme.exempt[0]);
    for (std::size_t e = 1; e < scheme.exempt.size(); ++e) {
      const std::vector<Tri> so_far = any;
      any_of(so_far.data(), outputs.answer(scheme.exempt[e]).data(), any.data(), n);
    }
    for (std::size_t i = 0; i < n; ++i)
      if (standing[i] == Standing::Rated && any[i] != kFalse)
        standing[i] = any[i] == kTrue ? Standing::Exempt : Standing::NotRated;
  }
  for (const NodeId id : scheme.not_rated) {
    const std::vector<Tri>& answer = outputs.answer(id);
    for (std::size_t i = 0; i < n; ++i)
      if (standing[i] == Standing::Rated && answer[i] != kFalse) standing[i] = Standing::NotRated;
  }
}

// The mean score of an item over the rated of a group that have one: exact, so every score in decimal128.
GroupMeans exact_means(SchemeRun& run, const plan::SchemePlan& scheme, const Groups& groups,
                       const std::vector<std::int32_t>& group, const std::vector<std::uint8_t>& counts) {
  std::set<std::int32_t> wanted;
  const std::vector<Tri>& waits = run.outputs->answer(scheme.waits);
  for (std::size_t i = 0; i < group.size(); ++i)
    if (counts[i] != 0 && waits[i] == kTrue) wanted.insert(group[i]);
  std::map<std::pair<std::int32_t, std::size_t>, quantity::ExactSum> sums;
  std::map<std::int32_t, std::size_t> example;
  ExactRow exact(run.binding);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (counts[i] == 0 || wanted.count(group[i]) == 0) continue;
    example.emplace(group[i], i);
    exact.at(run.binding.rows()[i]);
    for (std::size_t item = 0; item < scheme.items.size(); ++item) {
      if (scheme.scheme->items[item].missing != pack::SchemeItem::Missing::GroupMean) continue;
      const Value& score = exact.value(scheme.items[item].score);
      if (score.kind() == feel::Kind::Number) sums[{group[i], item}].add(score.number());
    }
  }
  GroupMeans means;
  for (const auto& [key, sum] : sums) {
    const auto total = sum.result();
    const auto mean = total ? divide(*total, Decimal(sum.count())) : std::nullopt;
    means[{groups.label(example.at(key.first)), key.second}] = mean ? Value(*mean) : Value();
  }
  return means;
}

// Largest rank that a cut of `percent` still holds: rank * 100 <= percent * size.
std::int64_t last_rank(Decimal percent, std::int64_t size) {
  const auto allowed = multiply(percent, Decimal(size));
  ensure(allowed.has_value(), "a percentage of a count is a number");
  std::int64_t low = 0, high = size + 1;  // low holds, high does not
  if (Decimal(size * 100) <= *allowed) return size;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (Decimal(middle * 100) <= *allowed ? low : high) = middle;
  }
  return low;
}

}  // namespace

SchemeRun::SchemeRun(const plan::Plan& plan, const plan::SchemePlan& scheme, const Meaning& meaning,
                     const Options& options, Wanted wanted)
    : binding(plan, meaning, scheme.register_index, meaning.rows_of(scheme.register_index, meaning.period()),
              nodes_of(scheme, wanted)) {
  const pack::Scheme& policy = *scheme.scheme;
  const std::size_t n = binding.rows().size();
  columns.places = policy.rounding.places;
  columns.grades = grades_of(meaning.pack(), policy);
  if (binding.gap_touched) {
    columns.left_to_interpreter = true;
    return;
  }
  outputs = std::make_unique<Outputs>(binding, nodes_of(scheme, wanted), options);
  columns.rows_in_doubt = outputs->rows_in_doubt;
  columns.rows_recognised = outputs->rows_recognised;
  if (binding.gap_touched || outputs->has_large || binding.node(scheme.total).op == Op::Constant) {
    columns.left_to_interpreter = true;
    return;
  }
  columns.rows = binding.rows();
  std::vector<Standing>& standing = columns.standing;
  standing.resize(n);
  judge_conditions(scheme, *outputs, standing);
  if (wanted == Wanted::Variants) {
    by_conditions = standing;
    Groups all(scheme.group, binding, *outputs);
    all.number(by_conditions, numbered);
    for (std::size_t i = 0; i < n; ++i) {
      if (by_conditions[i] != Standing::Rated) continue;
      const auto at = static_cast<std::size_t>(numbered[i]);
      if (at >= labels.size()) labels.resize(at + 1);
      if (labels[at].empty()) labels[at] = all.label(i);
    }
  }

  // Items without a value, and totals that cannot be computed. What waits for a mean has no total yet.
  // Who wants grades only asks for the totals once.
  columns.total = wanted == Wanted::Grades ? outputs->take_key(scheme.total) : outputs->key(scheme.total);
  const std::vector<std::uint8_t>& no_total_at = outputs->absent(scheme.total);
  const std::vector<Tri>* waits = scheme.waits == plan::kNone ? nullptr : &outputs->answer(scheme.waits);
  std::vector<std::size_t> waiting;
  for (std::size_t i = 0; i < n; ++i) {
    if (standing[i] != Standing::Rated) continue;
    if (waits != nullptr && (*waits)[i] == kTrue)
      waiting.push_back(i);
    else if (no_total_at[i] != 0)
      standing[i] = Standing::NotRated;
  }
  Groups groups(scheme.group, binding, *outputs);
  groups.number(standing, columns.group);
  if (!waiting.empty()) {
    std::map<std::size_t, SchemeView> views;
    std::vector<std::uint8_t> counts(n, 0);
    for (std::size_t i = 0; i < n; ++i) counts[i] = standing[i] == Standing::Rated;
    Gaps gaps;
    for (const std::size_t i : waiting) {
      const RecordMeaning record(meaning, binding.table(), binding.rows()[i]);
      SchemeView view = judge(record, policy, Detail::Run);
      if (view.standing != Standing::Rated) {
        standing[i] = view.standing;
        counts[i] = 0;
      } else {
        view.row = binding.rows()[i];
        views.emplace(i, std::move(view));
      }
      gaps.insert(record.gaps().begin(), record.gaps().end());
    }
    means = exact_means(*this, scheme, groups, columns.group, counts);
    for (auto& [i, view] : views) {
      const RecordMeaning record(meaning, binding.table(), binding.rows()[i]);
      finish(record, policy, means, view);
      gaps.insert(record.gaps().begin(), record.gaps().end());
      standing[i] = view.standing;
      if (view.standing == Standing::Rated) {
        const auto key = key_of(*view.total, columns.places);
        if (!key) gaps.insert({nullptr, nullptr});
        columns.total[i] = key.value_or(0);
      }
      by_meaning.emplace(i, std::move(view));
    }
    if (!gaps.empty() || binding.gap_touched) {
      columns.left_to_interpreter = true;
      return;
    }
  }

  // Groups in the order of their names, those with rated records only.
  std::map<std::string, std::int32_t> number_of_label;
  std::vector<std::int32_t> known;  // group as numbered -> first seen
  std::vector<std::string> names;
  for (std::size_t i = 0; i < n; ++i) {
    if (standing[i] != Standing::Rated) {
      columns.group[i] = -1;
      continue;
    }
    const auto at = static_cast<std::size_t>(columns.group[i]);
    if (at >= known.size()) {
      known.resize(at + 1, 0);
      names.resize(at + 1);
    }
    if (known[at] == 0) {
      known[at] = 1;
      names[at] = groups.label(i);
      number_of_label[names[at]] = 0;
    }
  }
  for (auto& [label, number] : number_of_label) {
    number = static_cast<std::int32_t>(columns.groups.size());
    columns.groups.push_back(label);
  }
  std::vector<std::int32_t> renumbered(known.size(), 0);
  for (std::size_t at = 0; at < known.size(); ++at)
    if (known[at] != 0) renumbered[at] = number_of_label[names[at]];
  if (columns.groups.size() > 1)
    for (std::size_t i = 0; i < n; ++i)
      if (columns.group[i] >= 0) columns.group[i] = renumbered[static_cast<std::size_t>(columns.group[i])];
  if (columns.groups.size() == 1)
    for (std::size_t i = 0; i < n; ++i)
      if (columns.group[i] > 0) columns.group[i] = 0;

  rank_within_groups(columns.total, columns.group, std::max<std::size_t>(1, columns.groups.size()),
                     policy.ties, columns.rank, columns.group_size);
  if (scheme.veto != plan::kNone) veto = outputs->code(scheme.veto);
  if (scheme.protect != plan::kNone) protect = outputs->code(scheme.protect);
  grade(scheme, meaning);
}

void SchemeRun::grade(const plan::SchemePlan& scheme, const Meaning& meaning) {
  const pack::Scheme& policy = *scheme.scheme;
  const std::size_t n = columns.rows.size();
  const schema::Codes* codes = meaning.pack().schema.find_codes(policy.codes);
  const auto position = [&](const std::string& grade) {
    const auto found = std::find(columns.grades.begin(), columns.grades.end(), grade);
    return found == columns.grades.end() ? std::int8_t{-1}
                                         : static_cast<std::int8_t>(found - columns.grades.begin());
  };
  // Final grade by cut, veto text and protection text: few combinations, each worked out once.
  struct Final {
    std::size_t cut;
    std::int32_t veto, protect;
    std::int8_t grade;
  };
  std::vector<Final> finals;
  const std::size_t cuts = policy.cuts.size();
  std::vector<std::int8_t> raw_of_cut;
  for (const pack::Cut& cut : policy.cuts) raw_of_cut.push_back(position(cut.grade));
  raw_of_cut.push_back(-1);  // in none
  const bool by_score = cuts_by_score(policy);
  // By group, the last rank within each cut or one before it: a record is in the first cut whose limit it
  // does not pass, so how many limits it passes is the cut.
  std::vector<std::int64_t> limits;
  if (!by_score)
    for (std::size_t g = 0; g < columns.groups.size(); ++g) {
      std::int64_t limit = 0;
      for (const pack::Cut& cut : policy.cuts) {
        if (cut.percent) limit = std::max(limit, last_rank(*cut.percent, columns.group_size[g]));
        limits.push_back(limit);
      }
    }
  columns.raw_grade.assign(n, -1);
  columns.grade.assign(n, -1);
  // The tests of the total, looked up once.
  std::vector<const Tri*> tests;
  if (by_score)
    for (const NodeId test : scheme.score_cuts) tests.push_back(outputs->answer(test).data());
  const auto cut_of = [&](std::size_t i) {
    if (!by_score) {
      const std::int64_t* of_group = limits.data() + static_cast<std::size_t>(columns.group[i]) * cuts;
      std::size_t passed = 0;
      for (std::size_t c = 0; c < cuts; ++c) passed += columns.rank[i] > of_group[c] ? 1 : 0;
      return passed;
    }
    if (!by_meaning.empty() && by_meaning.count(i) != 0) {
      const RecordMeaning record(meaning, binding.table(), columns.rows[i]);
      const int cut = cut_by_score(record, policy, Decimal::scaled(columns.total[i], -columns.places));
      return cut < 0 ? cuts : static_cast<std::size_t>(cut);
    }
    for (std::size_t c = 0; c < tests.size(); ++c)
      if (tests[c][i] == kTrue) return c;
    return cuts;
  };
  for (std::size_t i = 0; i < n; ++i) {
    if (columns.standing[i] != Standing::Rated) continue;
    const std::size_t cut = cut_of(i);
    const std::int8_t raw = raw_of_cut[cut];
    columns.raw_grade[i] = raw;
    const std::int32_t veto_text = veto.empty() ? kNoText : veto[i];
    const std::int32_t protect_text = protect.empty() ? kNoText : protect[i];
    if (cut == cuts || (veto_text == kNoText && protect_text == kNoText)) {
      columns.grade[i] = raw;
      continue;
    }
    auto known = std::find_if(finals.begin(), finals.end(), [&](const Final& each) {
      return each.cut == cut && each.veto == veto_text && each.protect == protect_text;
    });
    if (known == finals.end()) {
      const auto text = [&](std::int32_t code) {
        return code == kNoText ? std::string() : binding.texts.text(code);
      };
      const std::int8_t grade =
          position(final_grade(codes, policy.cuts[cut].grade, text(veto_text), text(protect_text)));
      known = finals.insert(finals.end(), {cut, veto_text, protect_text, grade});
    }
    columns.grade[i] = known->grade;
  }
}

SchemeColumns execute(const plan::Plan& plan, const plan::SchemePlan& scheme, const pack::Pack& pack,
                      const column::Snapshot& snapshot, const Options& options) {
  SchemeColumns nothing;
  nothing.left_to_interpreter = true;
  if (!scheme.left_to_interpreter.empty()) return nothing;
  const Meaning meaning(pack, snapshot, options.period, &options);
  return std::move(SchemeRun(plan, scheme, meaning, options, Wanted::Grades).columns);
}

RollUp roll_up(const SchemeColumns& columns, const column::TextColumn& by) {
  RollUp cells;
  const std::size_t grades = columns.grades.size();
  cells.count.assign(by.dictionary.size() * grades, 0);
  cells.sum.assign(by.dictionary.size() * grades, 0);
  for (std::size_t i = 0; i < columns.rows.size(); ++i) {
    const std::int32_t code = by.code[columns.rows[i]];
    if (columns.grade[i] < 0 || code < 0) continue;
    const std::size_t cell =
        static_cast<std::size_t>(code) * grades + static_cast<std::size_t>(columns.grade[i]);
    ++cells.count[cell];
    cells.sum[cell] += columns.total[i];
  }
  return cells;
}

}  // namespace tenglong::run
