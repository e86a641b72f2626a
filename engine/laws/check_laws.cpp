// Laws: of one record, and over the records that belong to it, on every day on which they change.
#include <algorithm>
#include <set>

#include "engine/laws/inside/check.h"

namespace tenglong::laws {
namespace {

using feel::Node;
using feel::NodeKind;
using feel::Value;
using quantity::State;

class WithRelated final : public feel::Environment {
 public:
  WithRelated(const column::RecordView& record, std::string name) : record_(record), name_(std::move(name)) {}
  void set(feel::List records) { records_ = Value(std::move(records)); }
  std::optional<Value> find(std::string_view name) const override {
    return name == name_ ? std::optional(records_) : record_.find(name);
  }

 private:
  const column::RecordView& record_;
  std::string name_;
  Value records_;
};

// The part that is false: of `a and b` the one that is; of a comparison both sides as they came out.
text::Words broken_part(const Node& tree, const feel::Environment& environment) {
  if (tree.kind == NodeKind::And)
    for (const feel::NodePtr& side : tree.children) {
      const Value holds = feel::evaluate(*side, environment).value;
      if (holds.kind() == feel::Kind::Boolean && !holds.boolean()) return broken_part(*side, environment);
    }
  if (tree.kind != NodeKind::Comparison) return {};
  const std::string left = feel::evaluate(*tree.children[0], environment).value.to_text();
  const std::string right = feel::evaluate(*tree.children[1], environment).value.to_text();
  return {"：左边是 " + left + "，右边是 " + right, ": left is " + left + ", right is " + right};
}

std::string joined(const std::vector<std::string>& names, const char* between) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < 6; ++i) out += (i ? between : "") + names[i];
  return names.size() > 6 ? out + "……" : out;
}

class LawCheck {
 public:
  LawCheck(const Subjects& subjects, int law)
      : subjects_(subjects),
        at_(law),
        law_(subjects.target().laws[static_cast<std::size_t>(law)]),
        over_(law_.over.empty() ? nullptr : subjects.schema.find(law_.over)),
        there_(over_ == nullptr ? nullptr : subjects.snapshot.find(over_->id)),
        record_(subjects.schema, subjects.target(), subjects.table(), subjects.snapshot.tables, {law_.tree}),
        environment_(record_, over_ == nullptr ? std::string() : over_->name) {
    if (over_ == nullptr) return;
    for (const std::vector<std::string>& path : feel::references(*law_.tree))
      if (path.size() > 1 && path[0] == over_->name)
        if (const schema::Field* field = over_->find_by_name(path[1]))
          named_.insert(static_cast<std::size_t>(field - over_->fields.data()));
  }

  void run() {
    const column::Table& table = subjects_.table();
    if (over_ != nullptr && there_ == nullptr) return;
    const auto related = over_ == nullptr
                             ? std::vector<std::vector<std::size_t>>()
                             : related_rows(subjects_.schema, subjects_.snapshot, subjects_.target(), law_);
    for (std::size_t row = 0; row < table.size(); ++row) {
      record_.stand_on(row);
      if (over_ == nullptr)
        judge(row, {}, std::nullopt, std::nullopt);
      else if (!law_.on_any_date)
        judge(row, related[row], std::nullopt, std::nullopt);
      else
        sweep(row, related[row]);
      settle();
    }
  }

 private:
  enum class Answer { Holds, Broken, Unknown };

  // Every day on which a span begins, or is the first behind its end, opens a stretch of days with the same
  // spans in force.
  void sweep(std::size_t row, const std::vector<std::size_t>& related) {
    struct Dated {
      std::size_t row;
      Days days;
    };
    std::vector<Dated> spans;
    std::vector<std::size_t> undated;
    std::vector<Date> turns;
    for (const std::size_t other : related) {
      const auto days = days_of(*over_, *there_, other);
      if (!days) {
        undated.push_back(other);
        continue;
      }
      if (days->last && *days->last < days->from) continue;  // told by itself
      spans.push_back({other, *days});
      turns.push_back(days->from);
      if (days->last) turns.push_back(days->last->plus_days(1));
    }
    std::sort(turns.begin(), turns.end());
    turns.erase(std::unique(turns.begin(), turns.end()), turns.end());
    for (std::size_t turn = 0; turn < turns.size(); ++turn) {
      std::vector<std::size_t> now;
      for (const Dated& span : spans)
        if (span.days.has(turns[turn])) now.push_back(span.row);
      const bool is_last = turn + 1 == turns.size();
      if (now.empty()) {
        settle();
        continue;
      }
      judge(row, now, turns[turn], is_last ? std::nullopt : std::optional(turns[turn + 1].plus_days(-1)));
    }
    settle();
    for (const std::size_t other : undated) {
      ++subjects_.out.law_cases, ++subjects_.out.unknown;
      Finding& finding = subjects_.add(
          "W-LAWS-201", row, -1,
          {"规矩“" + law_.name + "”还判不了：" + named(*over_, *there_, other) + " 不知起止日期",
           "the law \"" + law_.name + "\" is not known: a record of " + over_->id + " has no days"},
          {"补上起日。", "Give its first day."});
      finding.law = at_;
      finding.others.push_back({register_of_over(), other});
    }
  }

  int register_of_over() const { return static_cast<int>(over_ - subjects_.schema.registers.data()); }

  void judge(std::size_t row, const std::vector<std::size_t>& related, std::optional<Date> from,
             std::optional<Date> until) {
    if (over_ != nullptr) {
      feel::List records;
      for (const std::size_t other : related)
        records.push_back(
            column::record_value(subjects_.schema, *over_, *there_, other, subjects_.snapshot.tables));
      environment_.set(std::move(records));
    }
    ++subjects_.out.law_cases;
    const Value holds = feel::evaluate(*law_.tree, environment_).value;
    const Answer answer = holds.kind() != feel::Kind::Boolean ? Answer::Unknown
                          : holds.boolean()                   ? Answer::Holds
                                                              : Answer::Broken;
    if (answer == Answer::Unknown) {
      // No record belongs to it: what the law adds up is not there, and nothing is wrong.
      if (over_ != nullptr && related.empty()) {
        settle();
        return;
      }
      ++subjects_.out.unknown;
    }
    // Days that touch and are judged alike are told once, from the first of them.
    if (open_ && open_->answer == answer && from && open_->until && open_->until->plus_days(1) == *from) {
      open_->until = until;
      return;
    }
    settle();
    if (answer == Answer::Holds) return;
    open_ = Open{answer, row, from, until, related, {}, {}};
    if (answer == Answer::Broken)
      open_->part = broken_part(*law_.tree, environment_);
    else
      open_->wanted = wants(related);
  }

  std::vector<std::string> wants(const std::vector<std::size_t>& related) const {
    std::vector<std::string> names = record_.want_of(*law_.tree).names;
    for (const std::size_t other : related)
      for (const std::size_t field : named_)
        if (column::state_of(*there_, field, other) != State::Known)
          names.push_back(named(*over_, *there_, other) + " 的“" + over_->fields[field].name + "”");
    return names;
  }

  // Tells the stretch that has been judged so far, if it is worth telling.
  void settle() {
    if (!open_) return;
    const Open told = std::move(*open_);
    open_.reset();
    std::string zh, en;
    if (told.from) {
      zh = "在 " + told.from->to_string() +
           (told.until == told.from ? ""
            : told.until            ? " 至 " + told.until->to_string()
                                    : " 起");
      en = " on " + told.from->to_string() +
           (told.until == told.from ? ""
            : told.until            ? " to " + told.until->to_string()
                                    : " and after");
    }
    std::vector<std::string> records;
    for (const std::size_t other : told.related) records.push_back(named(*over_, *there_, other));
    const std::string with = records.empty() ? "" : "；涉及 " + joined(records, "、");
    Finding* finding = nullptr;
    if (told.answer == Answer::Broken) {
      finding = &subjects_.add(
          over_ == nullptr ? "E-LAWS-107" : "E-LAWS-108", told.row, -1,
          {zh + "不合“" + law_.name + "”（应有 " + law_.source_text + "）" + told.part.zh + with,
           "against the law \"" + law_.name + "\" (" + law_.source_text + ")" + en + told.part.en +
               (records.empty() ? "" : "; records: " + joined(records, ", "))},
          {"核对所涉及的数，错的一方更正。", "Compare the values; whoever is wrong sends a correction."});
    } else {
      finding = &subjects_.add("W-LAWS-201", told.row, -1,
                               {zh + "规矩“" + law_.name + "”还判不了" +
                                    (told.wanted.empty() ? "：算不出" : "，缺 " + joined(told.wanted, "、")),
                                "the law \"" + law_.name + "\" is not known" + en +
                                    (told.wanted.empty() ? ": it comes to no value"
                                                         : ", for want of " + joined(told.wanted, ", "))},
                               {"补报所缺的数；没有的数不当作零，也不当作合格。",
                                "Give what is missing; it is taken neither for zero nor for kept."});
    }
    finding->law = at_;
    finding->from = told.from;
    finding->until = told.until;
    for (const std::size_t other : told.related) finding->others.push_back({register_of_over(), other});
  }

  struct Open {
    Answer answer;
    std::size_t row;
    std::optional<Date> from, until;
    std::vector<std::size_t> related;
    text::Words part;
    std::vector<std::string> wanted;
  };

  const Subjects& subjects_;
  int at_;
  const schema::Law& law_;
  const schema::Register* over_;
  const column::Table* there_;
  column::RecordView record_;
  WithRelated environment_;
  std::set<std::size_t> named_;  // fields of `over` that the law names
  std::optional<Open> open_;
};

}  // namespace

void check_laws(const Subjects& subjects) {
  const schema::Register& target = subjects.target();
  for (std::size_t i = 0; i < target.laws.size(); ++i)
    if (target.laws[i].tree != nullptr) LawCheck(subjects, static_cast<int>(i)).run();
}

}  // namespace tenglong::laws
