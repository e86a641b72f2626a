// What every kept thing stands on, and the one way to change something: in a transaction that ends with
// exactly one event of the trail.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "campaign/trail/trail.h"
#include "engine/schema/schema.h"
#include "store/inside/db.h"

namespace tenglong::registers {
class Carrier;
}

namespace tenglong::store {

class HeldCache;

struct Ground {
  std::shared_ptr<Db> db;
  std::string area;
  const schema::Schema& schema;
  trail::Author author = {};
  std::shared_ptr<HeldCache> held = {};
  // What the pack says now, where `schema` also has what is gone; null: the same.
  const schema::Schema* present = nullptr;
  // Statements of earlier schemas as those of the present one; null: there was none.
  std::shared_ptr<const registers::Carrier> carrier = {};
};

// One operation that changes something. Destroyed uncommitted: nothing happened.
class Change {
 public:
  explicit Change(const Ground& ground);
  Connection& connection() { return transaction_.connection(); }
  // `what` needs operation, kind, object, before, after and details; the rest is filled in here. Acknowledged
  // when it returns.
  void commit(trail::Event what);

 private:
  const Ground& ground_;
  Transaction transaction_;
};

class KeptTrail : public trail::TrailStore {
 public:
  explicit KeptTrail(const Ground& ground) : ground_(ground) {}
  std::int64_t size() const override;
  trail::Hash node(int level, std::int64_t index) const override;
  void read(std::int64_t from, std::int64_t to,
            const std::function<void(std::int64_t number, std::string_view encoded)>& each) const override;
  void keep_head(const trail::SignedHead& head) override;
  std::vector<trail::SignedHead> heads() const override;

 private:
  const Ground& ground_;
};

// The trail as one connection sees it.
std::int64_t size_in(Connection& connection, const std::string& area);
trail::Hash root_in(Connection& connection, const std::string& area);

// What was written before there was a trail: one event for everything that stands there.
void adopt(const Ground& ground);

}  // namespace tenglong::store
