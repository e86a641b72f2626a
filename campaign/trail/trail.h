// What the trail needs kept, and what it gives out.
//
// In:    events, one for every operation that changes something, in the same transaction as the change.
// Out:   the events, the root at any size, signed heads, and a file that `tenglong-verify` checks without us.
// Never: changes or removes an event.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "campaign/trail/event.h"
#include "campaign/trail/head.h"
#include "campaign/trail/tree.h"

namespace tenglong::trail {

// Who is at it. Every operation of a store that changes something is done as somebody.
struct Author {
  std::string account = {}, unit = {}, on_behalf_of = {}, request = {};
  std::string at = {};  // empty: the store's clock
};

struct SignedHead {
  Head head = {};
  std::string signature = {};
  std::string public_pem = {};
};

// store/ keeps it. Appending is the store's own affair: it happens inside its transactions.
class TrailStore {
 public:
  virtual ~TrailStore() = default;
  virtual std::int64_t size() const = 0;
  virtual Hash node(int level, std::int64_t index) const = 0;
  // Encoded, from number `from` to `to`, both included, rising.
  virtual void read(std::int64_t from, std::int64_t to,
                    const std::function<void(std::int64_t number, std::string_view encoded)>& each) const = 0;
  virtual void keep_head(const SignedHead& head) = 0;
  virtual std::vector<SignedHead> heads() const = 0;
};

// Signs the trail as it stands and keeps the head.
SignedHead sign_now(TrailStore& store, const std::string& area, const std::string& at, const Key& key);

// The file that tenglong-verify reads; docs/trail.md says it line by line. `head` is of size `to` or larger.
std::string export_range(const TrailStore& store, std::int64_t from, const SignedHead& head);

}  // namespace tenglong::trail
