// A snapshot after some records were stated anew.
#include <algorithm>
#include <map>
#include <set>

#include "engine/column/column.h"
#include "engine/column/inside/linked.h"
#include "engine/column/record_view.h"

namespace tenglong::column {
namespace {

std::size_t first_row_of(const Table& table, std::string_view key) {
  std::size_t low = 0, high = table.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (std::string_view(table.key[middle]) < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}
std::size_t end_row_of(const Table& table, std::string_view key, std::size_t from) {
  while (from < table.size() && table.key[from] == key) ++from;
  return from;
}

bool is_same_cell(const Table& a, std::size_t row, const Table& b, std::size_t other, std::size_t field) {
  return state_of(a, field, row) == state_of(b, field, other) &&
         value_of(a, field, row).to_text() == value_of(b, field, other).to_text();
}

struct Put {
  std::size_t row, from;
  void operator()(NumberColumn& to, const NumberColumn& fresh) const {
    if (fresh.state[from] == State::Known)
      to.set(row, fresh.exact(from));
    else
      to.set(row, fresh.state[from]);
  }
  void operator()(TextColumn& to, const TextColumn& fresh) const {
    if (fresh.state[from] == State::Known)
      to.set(row, fresh.text(from));
    else
      to.set(row, fresh.state[from]);
  }
  void operator()(BooleanColumn& to, const BooleanColumn& fresh) const {
    to.value[row] = fresh.value[from];
    to.state.set(row, fresh.state[from]);
  }
  void operator()(DateColumn& to, const DateColumn& fresh) const {
    to.days[row] = fresh.days[from];
    to.state.set(row, fresh.state[from]);
  }
};

struct Place {
  bool is_fresh = false;
  std::uint32_t row = 0;
};

// Cells of two columns in the order of places.
struct Merge {
  const std::vector<Place>& places;

  template <typename Cells>
  void states(const Cells& old, const Cells& fresh, Cells& out) const {
    for (const Place& at : places) out.state.push_back((at.is_fresh ? fresh : old).state[at.row]);
    out.state.shrink_to_fit();
  }
  Column operator()(const NumberColumn& old, const NumberColumn& fresh) const {
    NumberColumn out;
    out.value.reserve(places.size());
    for (std::uint32_t to = 0; to < places.size(); ++to) {
      const NumberColumn& from = places[to].is_fresh ? fresh : old;
      out.value.push_back(from.value[places[to].row]);
      const auto exact = from.exact_values.find(places[to].row);
      if (exact != from.exact_values.end()) out.exact_values.emplace(to, exact->second);
    }
    states(old, fresh, out);
    return out;
  }
  Column operator()(const TextColumn& old, const TextColumn& fresh) const {
    TextColumn out;
    out.is_list = old.is_list;
    out.dictionary = old.dictionary;
    std::vector<std::int32_t> as_here;
    for (const std::string& text : fresh.dictionary) {
      const auto found = std::find(out.dictionary.begin(), out.dictionary.end(), text);
      as_here.push_back(static_cast<std::int32_t>(found - out.dictionary.begin()));
      if (found == out.dictionary.end()) out.dictionary.push_back(text);
    }
    out.code.reserve(places.size());
    for (const Place& at : places) {
      const std::int32_t code = (at.is_fresh ? fresh : old).code[at.row];
      out.code.push_back(at.is_fresh && code >= 0 ? as_here[static_cast<std::size_t>(code)] : code);
    }
    states(old, fresh, out);
    out.order_dictionary();
    return out;
  }
  Column operator()(const BooleanColumn& old, const BooleanColumn& fresh) const {
    BooleanColumn out;
    out.value.reserve(places.size());
    for (const Place& at : places) out.value.push_back((at.is_fresh ? fresh : old).value[at.row]);
    states(old, fresh, out);
    return out;
  }
  Column operator()(const DateColumn& old, const DateColumn& fresh) const {
    DateColumn out;
    out.days.reserve(places.size());
    for (const Place& at : places) out.days.push_back((at.is_fresh ? fresh : old).days[at.row]);
    states(old, fresh, out);
    return out;
  }
};

class Retaking {
 public:
  Retaking(const schema::Schema& schema, const Snapshot& before, const registers::RegisterStore& store,
           const std::vector<RecordName>& stated)
      : schema_(schema), store_(store) {
    out_.snapshot.tables = before.tables;
    for (const RecordName& each : stated) stated_[each.register_id].insert(each.key);
    for (const registers::Batch& batch : store.batches())
      out_.snapshot.through = std::max(out_.snapshot.through, batch.id);
  }

  Retaken retaken() {
    for (const std::size_t at : parents_first(schema_)) take(at);
    for (auto& [at, moved] : moved_) {
      if (moved.fields.empty() && !moved.rows) continue;
      Retaken::Moved one{.table = at, .fields = {moved.fields.begin(), moved.fields.end()}};
      one.rows = moved.rows;
      out_.moved.push_back(std::move(one));
    }
    return std::move(out_);
  }

 private:
  struct Moved {
    std::set<std::size_t> fields;
    std::set<std::string> keys;  // of records of which something differs
    bool rows = false;
  };
  const Table& table(std::size_t at) const { return out_.snapshot.tables[at]; }

  void take(std::size_t at) {
    const schema::Register& target = schema_.registers[at];
    const auto stated = stated_.find(target.id);
    if (stated != stated_.end()) take_stated(at, target, stated->second);
    // What hangs below a record that moved may be computed from it.
    std::set<std::string> keys;
    if (const auto own = moved_.find(at); own != moved_.end()) keys = own->second.keys;
    const schema::Register* above = target.of.empty() ? nullptr : schema_.find(target.of);
    if (above != nullptr && above != &target) {
      const auto parent = moved_.find(static_cast<std::size_t>(above - schema_.registers.data()));
      if (parent != moved_.end()) {
        keys.insert(parent->second.keys.begin(), parent->second.keys.end());
        const auto own = moved_.find(at);
        if (parent->second.rows && (own == moved_.end() || !own->second.rows) && table(at).size() > 0)
          link_rows(target, out_.snapshot.tables.own(at), out_.snapshot.tables);
      }
    }
    if (keys.empty() || target.computed.empty()) {
      if (!keys.empty() && above != nullptr && table(at).size() > 0) hand_down(at, keys);
      return;
    }
    std::vector<std::uint32_t> rows;
    for (const std::string& key : keys) {
      const std::size_t first = first_row_of(table(at), key), end = end_row_of(table(at), key, first);
      for (std::size_t row = first; row < end; ++row) rows.push_back(static_cast<std::uint32_t>(row));
    }
    if (rows.empty()) return;
    const auto fields =
        compute_rows(schema_, target, out_.snapshot.tables.own(at), out_.snapshot.tables, rows);
    hand_down(at, keys);
    moved_[at].fields.insert(fields.begin(), fields.end());
  }

  // A register below this one may name the record above: it is looked at too.
  void hand_down(std::size_t at, const std::set<std::string>& keys) {
    moved_[at].keys.insert(keys.begin(), keys.end());
  }

  void take_stated(std::size_t at, const schema::Register& target, const std::set<std::string>& keys) {
    std::vector<registers::Record> records;
    for (const std::string& key : keys)
      for (registers::Record& each : registers::read_record(store_, target, key, {}))
        records.push_back(std::move(each));
    const Table fresh = table_of(schema_, target, std::move(records), {});
    bool is_same_rows = true;
    for (const std::string& key : keys) {
      const std::size_t first = first_row_of(table(at), key), end = end_row_of(table(at), key, first);
      const std::size_t fresh_first = first_row_of(fresh, key),
                        fresh_end = end_row_of(fresh, key, fresh_first);
      is_same_rows = is_same_rows && end - first == fresh_end - fresh_first;
      for (std::size_t i = 0; is_same_rows && first + i < end; ++i)
        is_same_rows = table(at).period[first + i] == fresh.period[fresh_first + i];
    }
    if (is_same_rows)
      put_cells(at, target, fresh);
    else
      put_rows(at, target, fresh, keys);
  }

  void put_cells(std::size_t at, const schema::Register& target, const Table& fresh) {
    for (std::size_t field = 0; field < target.fields.size(); ++field) {
      if (target.fields[field].is_computed()) continue;
      bool differs = false;
      for (std::size_t from = 0; from < fresh.size(); ++from) {
        const auto row = static_cast<std::size_t>(table(at).find(fresh.key[from], fresh.period[from]));
        if (is_same_cell(table(at), row, fresh, from, field)) continue;
        differs = true;
        moved_[at].fields.insert(field);
        moved_[at].keys.insert(fresh.key[from]);
        Column& column = out_.snapshot.tables.own(at).columns.own(field);
        std::visit(
            [&](auto& cells) {
              Put{row, from}(cells, std::get<std::decay_t<decltype(cells)>>(fresh.columns[field]));
            },
            column);
      }
      if (differs)
        if (auto* texts = std::get_if<TextColumn>(&out_.snapshot.tables.own(at).columns.own(field)))
          texts->order_dictionary();
    }
  }

  void put_rows(std::size_t at, const schema::Register& target, const Table& fresh,
                const std::set<std::string>& keys) {
    const Table& old = table(at);
    std::vector<Place> places;
    places.reserve(old.size() + fresh.size());
    std::size_t next = 0;
    const auto put_fresh_before = [&](const std::string* key) {
      for (; next < fresh.size() && (key == nullptr || fresh.key[next] < *key); ++next)
        places.push_back({true, static_cast<std::uint32_t>(next)});
    };
    for (std::size_t row = 0; row < old.size(); ++row) {
      const std::string& key = old.key[row];
      if (next < fresh.size()) put_fresh_before(&key);
      if ((row == 0 || old.key[row - 1] != key) && keys.contains(key))
        row = end_row_of(old, key, row) - 1;
      else
        places.push_back({false, static_cast<std::uint32_t>(row)});
    }
    put_fresh_before(nullptr);
    Table merged;
    merged.register_id = old.register_id;
    for (const Place& from : places) {
      const Table& source = from.is_fresh ? fresh : old;
      merged.key.push_back(source.key.shared(from.row));
      merged.period.push_back(source.period[from.row]);
    }
    merged.key.shrink_to_fit();
    merged.period.shrink_to_fit();
    for (std::size_t field = 0; field < target.fields.size(); ++field)
      merged.columns.push_back(std::visit(
          [&](const auto& cells) {
            return Merge{places}(cells, std::get<std::decay_t<decltype(cells)>>(fresh.columns[field]));
          },
          old.columns[field]));
    link_rows(target, merged, out_.snapshot.tables);
    Moved& moved = moved_[at];
    moved.rows = true;
    moved.keys.insert(keys.begin(), keys.end());
    for (std::size_t field = 0; field < target.fields.size(); ++field) moved.fields.insert(field);
    out_.snapshot.tables.put(at, std::move(merged));
  }

  const schema::Schema& schema_;
  const registers::RegisterStore& store_;
  Retaken out_;
  std::map<std::string, std::set<std::string>> stated_;
  std::map<std::size_t, Moved> moved_;
};

}  // namespace

Retaken retake(const schema::Schema& schema, const Snapshot& before, const registers::RegisterStore& store,
               const std::vector<RecordName>& stated) {
  return Retaking(schema, before, store, stated).retaken();
}

}  // namespace tenglong::column
