#include "store/list.h"

#include <algorithm>

#include "engine/fingerprint/fingerprint.h"
#include "engine/listing/order.h"
#include "engine/listing/spelling.h"
#include "engine/text/ensure.h"
#include "engine/text/text.h"
#include "store/inside/computed_rows.h"
#include "store/inside/held_row.h"
#include "store/inside/held_rows.h"
#include "store/inside/kept.h"
#include "store/inside/sight.h"

namespace tenglong::store {

namespace {

using access::RowFilter;
using access::Scope;
using diagnostic::Diagnostic;
using diagnostic::Diagnostics;
using listing::Operand;
using listing::Truth;
using schema::Field;
using schema::Register;

constexpr std::size_t kMostRows = 10'000;  // of one page

Diagnostic refusal(const char* code, text::Words message, text::Words advice) {
  return {.code = code, .message = std::move(message), .advice = std::move(advice)};
}
text::Words near_or(const std::string& near, text::Words otherwise) {
  if (near.empty()) return otherwise;
  return {"是不是“" + near + "”？", "Did you mean “" + near + "”?"};
}

bool is_key(const Register& target, const Field& field) {
  return std::find(target.key.begin(), target.key.end(), field.id) != target.key.end();
}

// One part of a register as far as a scope reaches.
struct Seen {
  std::unique_ptr<HeldRows> rows;
  access::State state = access::State::Draft;
  RowFilter filter = {};
  std::vector<std::uint8_t> visible = {};  // empty: all
  bool shows(std::size_t row) const { return visible.empty() || visible[row] != 0; }
};

// The unit's own fields make every row of the register one of its own: which of them it sees, the level says.
RowFilter for_providers(RowFilter filter, const std::set<std::string>& providers) {
  const auto widen = [&](access::RowSets& sets) {
    for (const std::string& unit : sets.departments)
      if (providers.contains(unit)) sets.everything = true;
  };
  widen(filter);
  for (auto& each : filter.conditional) widen(each);
  return filter;
}
std::set<std::string> providers_of(const Register& target) {
  std::set<std::string> out;
  for (const Field& field : target.fields)
    if (!field.provider.empty()) out.insert(field.provider);
  return out;
}

std::vector<std::uint8_t> visible_rows(const HeldRows& rows, const RowFilter& filter,
                                       const Register& target) {
  std::vector<std::uint8_t> out(rows.size(), filter.everything ? 1 : 0);
  if (filter.everything) return out;
  rows.mark_firms(filter.firms, out);
  rows.mark_towns(filter.towns, out);
  for (const RowFilter::Conditional& each : filter.conditional) {
    if (each.register_id != target.id) continue;
    std::vector<std::uint8_t> some(rows.size(), each.everything ? 1 : 0);
    rows.mark_firms(each.firms, some);
    rows.mark_towns(each.towns, some);
    const listing::Truths truths = each.condition->evaluate(rows);
    for (std::size_t row = 0; row < out.size(); ++row)
      if (some[row] != 0 && truths[row] == Truth::True) out[row] = 1;
  }
  return out;
}

Seen see(const Ground& ground, Connection& connection, const Register& target, HeldPart part,
         const Scope& scope, access::Operation operation) {
  Seen out;
  out.state = kept_state(ground, connection, target.id, part.period);
  out.filter = for_providers(scope.rows(operation, out.state), providers_of(target));
  out.rows = std::make_unique<HeldRows>(ground, connection, target, std::move(part));
  if (out.filter.everything) return out;
  out.visible = visible_rows(*out.rows, out.filter, target);
  return out;
}

// What a query names, looked up; every mistake is told.
class Question {
 public:
  Question(const schema::Schema& schema, const Register& target, const ListQuery& query, Listed& out)
      : schema_(schema),
        target_(target),
        above_(target.of.empty() ? nullptr : schema.find(target.of)),
        out_(out) {
    if (query.fields.empty())
      for (const Field& field : target.fields) out.fields.push_back(&field);
    for (const std::string& name : query.fields)
      if (const auto operand = operand_of(name, OwnOnly::Yes))
        out.fields.push_back(&target.fields[static_cast<std::size_t>(operand->field)]);
    for (const std::string& written : query.sort) {
      const bool is_descending = written.starts_with("-");
      const auto operand = operand_of(is_descending ? written.substr(1) : written, OwnOnly::No);
      if (operand) sort.push_back({*operand, is_descending, codes_of(*operand)});
    }
    for (const std::string& name : query.sums) {
      const auto operand = operand_of(name, OwnOnly::No);
      if (!operand) continue;
      if (listing::kind_of(field_of(*operand).type) != listing::CellKind::Number)
        out.diagnostics.push_back(refusal(
            "E-LIST-104", {"“" + name + "”不是数，不能合计。", "“" + name + "” is no number to add up."},
            {"合计只用数字段。", "Add up number fields only."}));
      else
        sums.push_back(*operand);
    }
    if (!query.group_by.empty())
      if (const auto operand = operand_of(query.group_by, OwnOnly::No)) {
        const listing::CellKind kind = listing::kind_of(field_of(*operand).type);
        if (kind != listing::CellKind::Text && kind != listing::CellKind::Name)
          out.diagnostics.push_back(
              refusal("E-LIST-104",
                      {"“" + query.group_by + "”不能分组。", "“" + query.group_by + "” makes no groups."},
                      {"按代码、镇街或文字字段分组。", "Group by a field of codes, areas or texts."}));
        else
          group = operand;
      }
    feel::Clock clock;
    if (query.today) clock.now = feel::DateTime{.date = *query.today};
    filter = listing::Filter::read(schema, target, query.where, out.diagnostics, clock);
  }
  const Field& field_of(const Operand& operand) const {
    return (operand.from == Operand::From::Above ? *above_ : target_)
        .fields[static_cast<std::size_t>(operand.field)];
  }

  // Whoever asks must see a field in every row that may be listed, or its values would follow from what is
  // listed.
  void check_rights(const Scope& scope, access::Operation operation, const std::set<access::State>& states,
                    access::State of_above) {
    std::vector<Operand> used = filter.operands();
    for (const listing::SortKey& each : sort) used.push_back(each.by);
    used.insert(used.end(), sums.begin(), sums.end());
    if (group) used.push_back(*group);
    std::set<Operand> told;
    for (const Operand& operand : used) {
      if (operand.from == Operand::From::Year || operand.from == Operand::From::Key) continue;
      const Field& field = field_of(operand);
      for (const access::State state : states) {
        const RowFilter listed = for_providers(scope.rows(operation, state), providers_of(target_));
        const access::State shown = operand.from == Operand::From::Above ? of_above : state;
        if (listed.is_empty() || reaches(scope, operation, shown, field, listed) ||
            !told.insert(operand).second)
          continue;
        out_.diagnostics.push_back(
            refusal("E-LIST-106",
                    {"您看不到全部记录的“" + field.name + "”（" +
                         schema::kSensitivities[static_cast<std::size_t>(field.sensitivity)] +
                         "），不能按它筛选、排序、分组或合计。",
                     "You do not see “" + field.name +
                         "” of every record, so nothing may be filtered, sorted, grouped or "
                         "added up by it."},
                    {"去掉这个字段；确需使用，请专班分析员代为查询。",
                     "Leave it out, or ask the task force's analyst."}));
      }
    }
  }

  bool is_shown_in_all(const Scope& scope, access::Operation operation, const std::set<access::State>& states,
                       const Field& field) const {
    return std::all_of(states.begin(), states.end(), [&](access::State state) {
      return reaches(scope, operation, state, field,
                     for_providers(scope.rows(operation, state), providers_of(target_)));
    });
  }

  listing::Filter filter;
  std::vector<listing::SortKey> sort;
  std::vector<Operand> sums;
  std::optional<Operand> group;

 private:
  static bool reaches(const Scope& scope, access::Operation operation, access::State state,
                      const Field& field, const RowFilter& listed) {
    return access::reaches_as_far(
        for_providers(scope.rows_at(operation, state, field.sensitivity), {field.provider}), listed);
  }
  enum class OwnOnly { Yes, No };
  std::optional<Operand> operand_of(const std::string& name, OwnOnly own_only) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < target_.fields.size(); ++i) {
      if (target_.fields[i].id == name || target_.fields[i].name == name)
        return Operand{Operand::From::Own, static_cast<int>(i)};
      names.push_back(target_.fields[i].name);
    }
    if (above_ != nullptr && own_only == OwnOnly::No)
      for (std::size_t i = 0; i < above_->fields.size(); ++i) {
        const std::string full = above_->name + "." + above_->fields[i].name;
        if (full == name || above_->id + "." + above_->fields[i].id == name)
          return Operand{Operand::From::Above, static_cast<int>(i)};
        names.push_back(full);
      }
    out_.diagnostics.push_back(
        refusal("E-LIST-103",
                {"“" + target_.name + "”没有叫“" + name + "”的字段。",
                 "“" + target_.name + "” has no field “" + name + "”."},
                near_or(text::nearest(name, names), {"查对字段名。", "Check the field's name."})));
    return std::nullopt;
  }
  const schema::Codes* codes_of(const Operand& operand) const {
    const Field& field = field_of(operand);
    return field.type == schema::FieldType::Code ? schema_.find_codes(field.codes) : nullptr;
  }

  const schema::Schema& schema_;
  const Register& target_;
  const Register* above_;
  Listed& out_;
};

// Records read again from their statements, for the few rows of a page.
class Records {
 public:
  Records(const Ground& ground, Connection& connection, const Register& target)
      : ground_(ground),
        connection_(connection),
        target_(target),
        stated_(ground, target),
        batches_(kept_batches(connection, ground.area)) {}
  // By key. Many keys are one question each time: a database on another machine answers it once.
  std::map<std::string, registers::Record> read(const std::vector<std::string>& keys,
                                                const std::string& period) {
    constexpr std::size_t kAtOnce = 100;
    std::map<std::string, registers::Record> out;
    for (std::size_t from = 0; from < keys.size(); from += kAtOnce) {
      const std::size_t count = std::min(kAtOnce, keys.size() - from);
      std::string sql = std::string("select ") + kStatedColumns +
                        " from statement where area = $1 and period = $2 and record_key in (";
      for (std::size_t i = 0; i < count; ++i) sql += (i == 0 ? "$" : ", $") + std::to_string(i + 3);
      const int ids_from = static_cast<int>(count) + 3;
      sql += ") and " + stated_.is_one("register_id", ids_from) + " order by record_key, batch, ordinal";
      Query query(connection_, sql);
      query.bind(1, ground_.area).bind(2, period);
      for (std::size_t i = 0; i < count; ++i) query.bind(static_cast<int>(i) + 3, keys[from + i]);
      stated_.bind(query, ids_from);
      std::vector<registers::Statement> statements;
      const auto resolve = [&] {
        if (statements.empty()) return;
        std::string key = statements[0].record_key;
        out.emplace(std::move(key), registers::resolve(target_, std::move(statements), batches_));
        statements.clear();
      };
      while (query.step()) {
        auto next = stated_.in(query, 0);
        if (!next) continue;
        if (!statements.empty() && statements[0].record_key != next->record_key) resolve();
        statements.push_back(std::move(*next));
      }
      resolve();
    }
    return out;
  }

 private:
  const Ground& ground_;
  Connection& connection_;
  const Register& target_;
  Stated stated_;
  registers::Batches batches_;
};

class KeptLists : public Lists {
 public:
  explicit KeptLists(const Ground& ground) : ground_(ground) {}

  Listed list(const ListQuery& query, const Scope& scope) const override {
    return list(query, scope, nullptr);
  }
  Listed each(const ListQuery& query, const Scope& scope, RowTaker& taker) const override {
    ListQuery all = query;
    all.sources = true;
    return list(all, scope, &taker);
  }
  Listed list(const ListQuery& query, const Scope& scope, RowTaker* taker) const {
    Listed out;
    const Register* target = ground_.schema.find(query.register_id);
    const text::Words no_such = {"没有台账“" + query.register_id + "”。",
                                 "There is no register “" + query.register_id + "”."};
    if (target == nullptr) {
      std::vector<std::string> ids;
      for (const Register& each : ground_.schema.registers) ids.push_back(each.id);
      out.diagnostics.push_back(scope.is_outside()
                                    ? refused(scope, {.why = no_such})
                                    : refusal("E-LIST-102", no_such,
                                              near_or(text::nearest(query.register_id, ids),
                                                      {"查对台账的 id。", "Check the register's id."})));
      return out;
    }
    hold_what_is_needed(ground_, *target);
    const Db::Reader reader = ground_.db->snapshot(kInteractive);
    std::vector<Seen> seen;
    std::set<access::State> states;
    bool reaches = false;
    for (HeldPart& part : held_parts(ground_, *reader, target->id)) {
      if (query.period && part.period != query.period->to_string()) continue;
      seen.push_back(see(ground_, *reader, *target, std::move(part), scope, query.operation));
      states.insert(seen.back().state);
      reaches = reaches || !seen.back().filter.is_empty();
    }
    if (states.empty()) states.insert(access::State::Draft);
    if (!reaches) {  // of what is there, or of what will be
      const auto may_list = [&](access::State state) {
        return !for_providers(scope.rows(query.operation, state), providers_of(*target)).is_empty();
      };
      if (std::none_of(states.begin(), states.end(), may_list)) {
        out.diagnostics.push_back(refused(scope, scope.may(query.operation, {.state = *states.begin()})));
        return out;
      }
    }
    Question question(ground_.schema, *target, query, out);
    if (diagnostic::has_errors(out.diagnostics)) return out;
    question.check_rights(
        scope, query.operation, states,
        target->of.empty() ? access::State::Draft : kept_state(ground_, *reader, target->of, ""));
    if (diagnostic::has_errors(out.diagnostics)) return out;

    std::vector<listing::Part> parts;
    for (const Seen& each : seen) {
      listing::Part part{.rows = each.rows.get(), .period = each.rows->period()};
      const std::size_t size = each.rows->size();
      part.kept.reserve(size);
      if (question.filter.is_everything()) {
        for (std::uint32_t row = 0; row < size; ++row)
          if (each.shows(row)) part.kept.push_back(row);
      } else {
        const listing::Truths truths = question.filter.evaluate(*each.rows);
        for (std::uint32_t row = 0; row < size; ++row) {
          if (!each.shows(row)) continue;
          if (truths[row] == Truth::True)
            part.kept.push_back(row);
          else
            ++(truths[row] == Truth::False ? out.left_out : out.unknown);
        }
      }
      out.count += static_cast<std::int64_t>(part.kept.size());
      parts.push_back(std::move(part));
    }
    const bool hides_small = scope.is_outside() && query.operation == access::Operation::CountRecord;
    if (hides_small && out.count > 0 && out.count < scope.small_count()) {
      out.is_small = true;
      out.count = out.unknown = out.left_out = 0;
      return out;
    }
    for (const Operand& operand : question.sums) {
      const listing::Sum sum = listing::sum_of(parts, operand);
      out.sums.push_back({&question.field_of(operand), sum.total, sum.known, sum.unknown});
    }
    if (question.group) group(parts, *question.group, scope, out);
    for (const Field* field : out.fields)
      out.shown_in_all.push_back(is_key(*target, *field) ||
                                 question.is_shown_in_all(scope, query.operation, states, *field));
    if (taker != nullptr)
      stream(*reader, *target, query, scope, question, seen, parts, out, *taker);
    else if (query.size > 0)
      page(*reader, *target, query, scope, question, seen, parts, out);
    return out;
  }

  std::vector<Found> search(const std::string& words, std::size_t most, const Scope& scope) const override;

  std::optional<access::Object> object_of(const std::string& register_id, const std::string& key,
                                          const std::optional<calendar::Period>& period) const override {
    const Register* target = ground_.schema.find(register_id);
    if (target == nullptr) return std::nullopt;
    hold_what_is_needed(ground_, *target);
    const Db::Reader reader = ground_.db->snapshot(kInteractive);
    for (HeldPart& part : held_parts(ground_, *reader, target->id)) {
      if (period && part.period != period->to_string()) continue;
      const auto record = HeldRow::find(ground_, *reader, *target, std::move(part), key);
      if (!record) continue;
      auto values = std::make_shared<std::map<Operand, feel::Value>>();
      const auto add_all = [&](const HeldRow& of, Operand::From from) {
        const Register& owner = of.target();
        std::optional<HeldRows> rows;  // formulas read what they name of the columns
        std::optional<ComputedRows> computed;
        if (!owner.computed.empty()) {
          rows.emplace(ground_, *reader, owner, of.part());
          computed = computed_rows(*rows, {of.row()});
        }
        for (std::size_t i = 0; i < owner.fields.size(); ++i)
          values->emplace(Operand{from, static_cast<int>(i)},
                          owner.fields[i].is_computed()
                              ? column::value_of(computed->table, i, computed->place[0])
                              : of.value(static_cast<int>(i)));
      };
      add_all(*record, Operand::From::Own);
      if (const auto above = record->above()) add_all(*above, Operand::From::Above);
      if (const auto year = calendar::Period::parse(record->part().period))
        values->emplace(Operand{Operand::From::Year, -1}, feel::Value(year->from.year));
      return access::Object{.firm = record->firm(),
                            .town = record->town(),
                            .state = kept_state(ground_, *reader, register_id, record->part().period),
                            .register_id = register_id,
                            .value_of = [values](const Operand& operand) {
                              const auto found = values->find(operand);
                              return found == values->end() ? feel::Value() : found->second;
                            }};
    }
    return std::nullopt;
  }

  access::State state_of(const std::string& register_id,
                         const std::optional<calendar::Period>& period) const override {
    const Db::Reader reader = ground_.db->reader();
    return kept_state(ground_, *reader, register_id, period ? period->to_string() : std::string());
  }
  RecordStates states() const override { return kept_states(ground_, *ground_.db->reader()); }
  void mark(const std::string& register_id, const std::optional<calendar::Period>& period,
            access::State state) override {
    const std::string at = period ? period->to_string() : std::string();
    Change change(ground_);
    const RecordStates states = kept_states(ground_, change.connection());
    const auto is = states.marked.find({register_id, at});
    const char* before = access::kStateNames[is == states.marked.end() ? 0 : static_cast<int>(is->second)];
    set_state(ground_, change.connection(), register_id, at, state);
    const char* name = access::kStateNames[static_cast<std::size_t>(state)];
    change.commit({.operation = "mark_state",
                   .kind = "record_state",
                   .object = register_id + "/" + at,
                   .before = fingerprint::of_bytes(before),
                   .after = fingerprint::of_bytes(name),
                   .details = {{"state", name}}});
  }
  std::vector<Rebuilt> rebuild() override {
    std::vector<Rebuilt> out;
    for (const Register& target : ground_.schema.registers) {
      const auto digest = [&] {
        const Db::Reader reader = ground_.db->snapshot();
        return is_held(ground_, *reader, target) ? held_digest(ground_, *reader, target) : std::string();
      };
      Rebuilt one{.register_id = target.id, .before = digest()};
      rebuild_held(ground_, target, Rebuild::Always);
      one.after = digest();
      out.push_back(std::move(one));
    }
    return out;
  }

 private:
  static Diagnostic refused(const Scope& scope, const access::Answer& answer) {
    return refusal(
        "E-LIST-107", scope.refusal(answer),
        {"需要时请专班管理账号的人调整角色或范围。", "Whoever keeps the accounts can change your roles."});
  }

  static void group(const std::vector<listing::Part>& parts, const Operand& operand, const Scope& scope,
                    Listed& out) {
    const auto counts = listing::counts_by(parts, operand);
    std::vector<std::vector<std::int64_t>> table;
    for (const auto& [value, count] : counts) table.push_back({count});
    const auto shown = scope.is_outside() ? access::suppressed(table, scope.small_count())
                                          : decltype(access::suppressed({}, 0)){};
    for (std::size_t i = 0; i < counts.size(); ++i)
      out.groups.push_back({counts[i].first, shown.empty() ? std::optional(counts[i].second) : shown[i][0]});
  }

  void page(Connection& connection, const Register& target, const ListQuery& query, const Scope& scope,
            const Question& question, const std::vector<Seen>& seen, const std::vector<listing::Part>& parts,
            Listed& out) const {
    const auto positions =
        listing::page_of(parts, question.sort,
                         {.skip = query.skip, .size = std::min(query.size, kMostRows), .after = query.after});
    if (!positions) {
      out.diagnostics.push_back(
          refusal("E-LIST-105", {"这个翻页位置不属于这个排序。", "This cursor is none of this order."},
                  {"从第一页重新翻。", "Begin again with the first page."}));
      return;
    }
    write_rows(connection, target, query, scope, question, seen, parts, *positions, out.fields,
               [&](ListedRow&& row) {
                 out.rows.push_back(std::move(row));
                 return true;
               });
  }

  // All of them, some at a time: memory is that of a few.
  void stream(Connection& connection, const Register& target, const ListQuery& query, const Scope& scope,
              const Question& question, const std::vector<Seen>& seen,
              const std::vector<listing::Part>& parts, const Listed& out, RowTaker& taker) const {
    taker.begin(out);
    const auto positions =
        listing::page_of(parts, question.sort, {.skip = 0, .size = static_cast<std::size_t>(out.count)});
    constexpr std::size_t kAtOnce = 1'000;
    bool goes_on = true;
    for (std::size_t from = 0; goes_on && from < positions->size(); from += kAtOnce) {
      const std::size_t to = std::min(positions->size(), from + kAtOnce);
      const std::vector<listing::Position> some(positions->begin() + static_cast<std::ptrdiff_t>(from),
                                                positions->begin() + static_cast<std::ptrdiff_t>(to));
      write_rows(connection, target, query, scope, question, seen, parts, some, out.fields,
                 [&](ListedRow&& row) { return goes_on = taker.row(row); });
    }
  }

  template <class Take>
  void write_rows(Connection& connection, const Register& target, const ListQuery& query, const Scope& scope,
                  const Question& question, const std::vector<Seen>& seen,
                  const std::vector<listing::Part>& parts, const std::vector<listing::Position>& positions,
                  const std::vector<const Field*>& fields, const Take& take) const {
    Records records(ground_, connection, target);
    std::map<std::size_t, std::vector<std::string>> keys;
    const auto key_at = [&](const listing::Position& at) {
      return std::string(seen[at.part].rows->column({Operand::From::Key, -1}).text(at.row));
    };
    for (const listing::Position& at : positions) keys[at.part].push_back(key_at(at));
    std::map<std::size_t, std::map<std::string, registers::Record>> read;
    for (const auto& [part, of_part] : keys) read[part] = records.read(of_part, seen[part].rows->period());
    if (std::any_of(fields.begin(), fields.end(), [](const Field* field) { return field->is_computed(); }))
      for (auto& [part, of_part] : read) compute(*seen[part].rows, part, positions, of_part);
    for (const listing::Position& at : positions) {
      const Seen& one = seen[at.part];
      ListedRow row{.key = key_at(at)};
      if (!one.rows->period().empty()) row.period = calendar::Period::parse(one.rows->period());
      row.cursor = listing::cursor_of(parts, question.sort, at);
      const auto found = read[at.part].find(row.key);
      ensure(found != read[at.part].end(), "what is held was stated");
      const registers::Record& record = found->second;
      access::Object object{
          .firm = one.rows->firm_of(at.row),
          .town = one.rows->town_of(at.row),
          .state = one.state,
          .register_id = target.id,
          .value_of = [&](const Operand& operand) { return one.rows->value(operand, at.row); }};
      std::map<std::string, access::Answer> by_provider;
      for (const Field* field : fields) {
        auto [answer, is_new] = by_provider.try_emplace(field->provider);
        if (is_new) {
          object.department = field->provider;
          answer->second = scope.may(query.operation, object);
        }
        const auto index = static_cast<std::size_t>(field - target.fields.data());
        // Whoever sees anything of a record sees what it is called.
        const bool may_see =
            is_key(target, *field) || (answer->second.allowed && answer->second.level >= field->sensitivity);
        row.cells.push_back(cell_of(record.fields[index], may_see, *field, scope, query.sources));
      }
      if (!take(std::move(row))) return;
    }
  }

  // What the formulas give, where the statements are silent.
  static void compute(const HeldRows& rows, std::size_t part, const std::vector<listing::Position>& positions,
                      std::map<std::string, registers::Record>& records) {
    std::vector<std::uint32_t> asked;
    for (const listing::Position& at : positions)
      if (at.part == part) asked.push_back(at.row);
    const ComputedRows computed = computed_rows(rows, asked);
    for (const std::size_t at : computed.place)
      for (const int field : rows.target().computed) {
        const auto index = static_cast<std::size_t>(field);
        registers::Resolved& cell = records.at(computed.table.key[at]).fields[index];
        cell = {.state = column::state_of(computed.table, index, at),
                .value = computed_scalar(computed.table, field, at)};
      }
  }

  static ListedCell cell_of(const registers::Resolved& value, bool may_see, const Field& field,
                            const Scope& scope, bool sources) {
    ListedCell out;
    if (!may_see) {
      out.shown = ListedCell::Shown::Hidden;
      const auto covered = value.state == quantity::State::Known
                               ? scope.masked(field.id, registers::to_text(value.value))
                               : std::nullopt;
      if (covered) {
        out.shown = ListedCell::Shown::Masked;
        out.state = quantity::State::Known;
        out.value = *covered;
      }
      return out;
    }
    out.state = value.state;
    out.shown = value.state == quantity::State::Known || value.state == quantity::State::Disputed
                    ? ListedCell::Shown::Value
                    : ListedCell::Shown::Absent;
    out.value = value.value;
    if (sources && value.origin.batch.value != 0) out.origin = value.origin;
    return out;
  }

  const Ground& ground_;
};

// The smaller the better; nothing: not found.
std::optional<int> match(std::string_view words, bool is_spelled, std::string_view key,
                         std::string_view name) {
  if (key == words) return 0;
  if (key.starts_with(words)) return 1;
  if (name == words) return 2;
  if (name.starts_with(words)) return 3;
  if (name.find(words) != std::string_view::npos) return 4;
  if (is_spelled) {
    const listing::Spelling spelling = listing::spelling_of(name);
    if (spelling.initials.starts_with(words)) return 5;
    if (spelling.full.starts_with(words)) return 6;
    if (spelling.initials.find(words) != std::string::npos) return 7;
    if (spelling.full.find(words) != std::string::npos) return 8;
  }
  if (key.find(words) != std::string_view::npos) return 9;
  return std::nullopt;
}

std::vector<Found> KeptLists::search(const std::string& written, std::size_t most, const Scope& scope) const {
  constexpr auto kOperation = access::Operation::SearchRecord;
  const std::string words(text::trim(written));
  if (words.empty()) return {};
  const std::string lower = text::ascii_lower(words);
  const bool is_spelled = std::all_of(lower.begin(), lower.end(), [](char each) {
    return (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9');
  });
  const std::string upper = text::ascii_upper(words);
  const auto better = [](const auto& a, const auto& b) {
    return std::tie(a.first, a.second.name, a.second.register_id, a.second.key) <
           std::tie(b.first, b.second.name, b.second.register_id, b.second.key);
  };
  std::vector<std::pair<int, Found>> found;
  for (const Register& target : ground_.schema.registers) {
    if (target.period != schema::PeriodKey::None) continue;
    const auto name = std::find_if(target.fields.begin(), target.fields.end(), [](const Field& field) {
      return listing::kind_of(field.type) == listing::CellKind::Name;
    });
    if (name == target.fields.end()) continue;
    hold_what_is_needed(ground_, target);
    const std::size_t before = found.size();
    const Db::Reader reader = ground_.db->snapshot(kInteractive);
    for (HeldPart& part : held_parts(ground_, *reader, target.id)) {
      const access::State state = kept_state(ground_, *reader, target.id, part.period);
      // Only where key and name may be seen: to be found by something is to be told it.
      schema::Sensitivity level = name->sensitivity;
      for (const std::string& key : target.key)
        if (const Field* field = target.find(key)) level = std::max(level, field->sensitivity);
      RowFilter filter = scope.rows_at(kOperation, state, level);
      filter = for_providers(std::move(filter), {name->provider});
      if (filter.is_empty()) continue;
      HeldRows rows(ground_, *reader, target, std::move(part));
      const std::vector<std::uint8_t> visible = visible_rows(rows, filter, target);
      const listing::Column& keys = rows.column({Operand::From::Key, -1});
      const listing::Column& names =
          rows.column({Operand::From::Own, static_cast<int>(name - target.fields.begin())});
      for (std::size_t row = 0; row < rows.size(); ++row) {
        if (visible[row] == 0) continue;
        const std::string_view key = keys.text(row);
        const std::string_view called =
            names.state(row) == quantity::State::Known ? names.text(row) : std::string_view{};
        auto score =
            match(is_spelled ? std::string_view(lower) : std::string_view(words), is_spelled, key, called);
        if (!score && key.find(upper) != std::string_view::npos)
          score = key == upper ? 0 : key.starts_with(upper) ? 1 : 9;
        if (!score) continue;
        Found one{.register_id = target.id, .key = std::string(key), .name = std::string(called)};
        found.emplace_back(*score, std::move(one));
      }
    }
    const auto first = found.begin() + static_cast<std::ptrdiff_t>(before);
    const std::size_t kept = std::min(most, found.size() - before);
    std::partial_sort(first, first + static_cast<std::ptrdiff_t>(kept), found.end(), better);
    found.erase(first + static_cast<std::ptrdiff_t>(kept), found.end());
  }
  std::sort(found.begin(), found.end(), better);
  std::vector<Found> out;
  for (auto& [score, one] : found) out.push_back(std::move(one));
  return out;
}

}  // namespace

std::string to_text(const ListedCell& cell) {
  switch (cell.shown) {
    case ListedCell::Shown::Hidden:
      return "—";
    case ListedCell::Shown::Absent:
      return quantity::to_chinese(cell.state);
    default:
      return registers::to_text(cell.value);
  }
}

std::unique_ptr<Lists> make_lists(const Ground& ground) { return std::make_unique<KeptLists>(ground); }

}  // namespace tenglong::store
