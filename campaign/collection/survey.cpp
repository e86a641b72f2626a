// The present state of every item.
#include <algorithm>
#include <map>
#include <set>

#include "campaign/collection/collection.h"
#include "engine/feel/evaluate.h"
#include "engine/fingerprint/fingerprint.h"

namespace tenglong::collection {

namespace {

using column::Table;

bool is_kind(const Period& period, schema::PeriodKey key) {
  switch (key) {
    case schema::PeriodKey::Year:
      return period.kind == calendar::PeriodKind::Year;
    case schema::PeriodKey::Quarter:
      return period.kind == calendar::PeriodKind::Quarter;
    case schema::PeriodKey::Month:
      return period.kind == calendar::PeriodKind::Month;
    case schema::PeriodKey::None:
      return false;
  }
  return false;
}

// The periods of a register's kind that lie within another, in order.
std::vector<Period> periods_within(const Period& within, schema::PeriodKey key) {
  std::vector<Period> out;
  for (Date at{within.from.year, within.from.month, 1}; at <= within.to; at = at.plus_months(1)) {
    std::optional<Period> one;
    if (key == schema::PeriodKey::Month) one = Period::month(at.year, at.month);
    if (key == schema::PeriodKey::Quarter && at.month % 3 == 1)
      one = Period::quarter(at.year, (at.month + 2) / 3);
    if (key == schema::PeriodKey::Year && at.month == 1) one = Period::year(at.year);
    if (one && is_kind(*one, key) && within.contains(*one)) out.push_back(*one);
  }
  return out;
}

std::string text_of_cell(const Table& table, std::size_t column, std::size_t row) {
  return column::value_of(table, column, row).to_text();
}

class Survey {
 public:
  Survey(const pack::Pack& pack, const column::Snapshot& snapshot, const Done& done,
         const WasThere& was_there)
      : pack_(pack), snapshot_(snapshot), done_(done), was_there_(was_there) {
    for (const Confirmation& each : done.confirmations) last_[each.item] = &each;
  }

  std::vector<Present> of(const Period& within) {
    for (const pack::Collection& collection : pack_.collections) {
      const schema::Register* target = pack_.schema.find(collection.of);
      const Table* table = snapshot_.find(collection.of);
      if (!target || !table) continue;
      for (const Period& period : periods_within(within, target->period)) {
        const std::vector<Expected> expected = expected_of(*target, *table, period);
        for (const pack::CollectionItem& item : collection.items)
          look(collection, item, *target, *table, period, expected);
      }
    }
    std::stable_sort(out_.begin(), out_.end(),
                     [](const Present& a, const Present& b) { return a.item < b.item; });
    return std::move(out_);
  }

 private:
  struct Expected {
    std::string key;
    std::int32_t row = -1;     // in the table; -1: nothing came
    std::int32_t parent = -1;  // in the table of the register it belongs to
  };

  // Whose figures are due: every record of the register they belong to; without one, every record that has
  // been told of in this period or before.
  std::vector<Expected> expected_of(const schema::Register& target, const Table& table,
                                    const Period& period) {
    std::vector<Expected> out;
    const Table* above = target.of.empty() ? nullptr : snapshot_.find(target.of);
    if (above) {
      for (std::size_t row = 0; row < above->size(); ++row)
        out.push_back({above->key[row], table.find(above->key[row], period), static_cast<std::int32_t>(row)});
    } else {
      for (std::size_t row = 0; row < table.size(); ++row)
        if (table.period[row] && table.period[row]->from <= period.to &&
            (out.empty() || out.back().key != table.key[row]))
          out.push_back({table.key[row], table.find(table.key[row], period), -1});
    }
    if (was_there_) std::erase_if(out, [&](const Expected& each) { return !was_there_(each.key, period); });
    return out;
  }

  // The fields that a condition names; the others need not be looked at.
  struct Names {
    std::set<std::size_t> own = {}, above = {}, before = {};
  };
  Names names_in(const pack::Expression& where, const schema::Register& target) const {
    Names out;
    if (!where.present()) return out;
    const schema::Register* above = target.of.empty() ? nullptr : pack_.schema.find(target.of);
    for (const std::vector<std::string>& path : feel::references(*where.tree)) {
      for (std::size_t i = 0; i < target.fields.size(); ++i) {
        if (target.fields[i].name == path[0]) out.own.insert(i);
        if (path.size() > 1 && path[0] == "上期" && target.fields[i].name == path[1]) out.before.insert(i);
      }
      for (std::size_t i = 0; above && path.size() > 1 && path[0] == above->name && i < above->fields.size();
           ++i)
        if (above->fields[i].name == path[1]) out.above.insert(i);
    }
    return out;
  }

  feel::Value is_due(const pack::CollectionItem& item, const schema::Register& target, const Table& table,
                     const Period& period, const Expected& expected, const Names& named) const {
    if (!item.where.present()) return feel::Value(true);
    feel::Context names;
    names.put("年度", feel::Value(period.from.year));
    const schema::Register* above = target.of.empty() ? nullptr : pack_.schema.find(target.of);
    const Table* above_table = above ? snapshot_.find(above->id) : nullptr;
    if (above_table && expected.parent >= 0) {
      feel::Context parent;
      for (const std::size_t i : named.above)
        parent.put(above->fields[i].name,
                   column::value_of(*above_table, i, static_cast<std::size_t>(expected.parent)));
      names.put(above->name, feel::Value(std::move(parent)));
    }
    for (const std::size_t i : named.own)
      names.put(target.fields[i].name,
                expected.row < 0 ? feel::Value{}
                                 : column::value_of(table, i, static_cast<std::size_t>(expected.row)));
    const std::int32_t earlier = named.before.empty() ? -1 : table.find(expected.key, period.previous());
    feel::Context before;
    for (const std::size_t i : named.before)
      before.put(target.fields[i].name,
                 earlier < 0 ? feel::Value{} : column::value_of(table, i, static_cast<std::size_t>(earlier)));
    names.put("上期", feel::Value(std::move(before)));
    return feel::evaluate(*item.where.tree, feel::ContextEnvironment(std::move(names))).value;
  }

  void look(const pack::Collection& collection, const pack::CollectionItem& item,
            const schema::Register& target, const Table& table, const Period& period,
            const std::vector<Expected>& expected) {
    std::vector<const Expected*> due;
    std::int64_t undetermined = 0;
    const Names named = names_in(item.where, target);
    for (const Expected& each : expected) {
      const feel::Value answer = is_due(item, target, table, period, each, named);
      if (answer.is_true()) due.push_back(&each);
      if (answer.is_null()) ++undetermined;
    }
    for (std::size_t field = 0; field < target.fields.size(); ++field) {
      const schema::Field& each = target.fields[field];
      const bool is_key = std::find(target.key.begin(), target.key.end(), each.id) != target.key.end();
      const bool is_named = std::find(item.fields.begin(), item.fields.end(), each.name) != item.fields.end();
      if (item.fields.empty() ? each.provider != item.provider || is_key : !is_named) continue;
      Present present{.item = {target.id, period, each.id, item.provider},
                      .name = each.name,
                      .responsible = collection.responsible,
                      .due = item.due.on(period),
                      .remind = item.remind,
                      .expected = static_cast<std::int64_t>(due.size()),
                      .undetermined = undetermined};
      for (const Expected* one : due) {
        const State state = one->row < 0 ? State::Missing
                                         : column::state_of(table, field, static_cast<std::size_t>(one->row));
        if (state == State::Missing) present.missing_keys.push_back(one->key);
      }
      present.missing = static_cast<std::int64_t>(present.missing_keys.size());
      // What was sent counts whether or not it was due.
      fingerprint::Digest digest;
      for (std::size_t row = 0; row < table.size(); ++row) {
        if (table.period[row] != period) continue;
        const State state = column::state_of(table, field, row);
        if (state == State::Missing) continue;
        if (state == State::Known) ++present.known;
        if (state == State::NotApplicable) ++present.not_applicable;
        if (state == State::Disputed) ++present.disputed;
        digest.field(table.key[row]).field(quantity::to_code(state)).field(text_of_cell(table, field, row));
      }
      present.fingerprint = digest.hex();
      settle(present);
      out_.push_back(std::move(present));
    }
  }

  void settle(Present& present) const {
    const auto last = last_.find(present.item);
    if (last != last_.end()) present.last = *last->second;
    const bool same = present.last && present.last->fingerprint == present.fingerprint;
    present.has_changed = present.last && present.last->verdict == Verdict::Confirmed && !same;
    if (lock_of(done_.locked, present.item.period))
      present.state = ItemState::Locked;
    else if (present.known + present.not_applicable + present.disputed == 0)
      present.state = ItemState::NotArrived;
    else if (same && present.last->verdict == Verdict::Returned)
      present.state = ItemState::Returned;
    else if (present.disputed > 0)
      present.state = ItemState::Questioned;
    else
      present.state = same ? ItemState::Confirmed : ItemState::Arrived;
  }

  const pack::Pack& pack_;
  const column::Snapshot& snapshot_;
  const Done& done_;
  const WasThere& was_there_;
  std::map<Item, const Confirmation*> last_;
  std::vector<Present> out_;
};

}  // namespace

std::vector<Present> survey(const pack::Pack& pack, const column::Snapshot& snapshot, const Period& within,
                            const Done& done, const WasThere& was_there) {
  return Survey(pack, snapshot, done, was_there).of(within);
}

std::string to_text(const Item& item) {
  return item.register_id + "/" + item.period.to_string() + "/" + item.field + "/" + item.provider;
}

std::optional<Item> item_of(std::string_view written) {
  const std::vector<std::string_view> parts = text::split(written, '/');
  if (parts.size() != 4) return std::nullopt;
  const std::optional<Period> period = Period::parse(parts[1]);
  if (!period) return std::nullopt;
  return Item{std::string(parts[0]), *period, std::string(parts[2]), std::string(parts[3])};
}

text::Words name_of(ItemState state) {
  switch (state) {
    case ItemState::NotArrived:
      return {"未到", "not arrived"};
    case ItemState::Arrived:
      return {"已到", "arrived"};
    case ItemState::Questioned:
      return {"有疑", "questioned"};
    case ItemState::Returned:
      return {"已退回", "returned"};
    case ItemState::Confirmed:
      return {"已确认", "confirmed"};
    case ItemState::Locked:
      return {"已锁定", "locked"};
  }
  return {};
}

}  // namespace tenglong::collection
