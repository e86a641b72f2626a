// The table of routes at work: every request is routed, authorised, checked, done once, counted, logged.
//
// In:    routes, who knows callers, who keeps answers. Out: answers; every refusal a problem with its
// reasons. Order: address, method, caller, right, forgery, parameters, body; then the handler. Never: reaches
// a handler without a right that was asked; lets a failure out with its private detail.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "server/assets.h"
#include "server/http.h"
#include "server/log.h"
#include "server/metrics.h"
#include "server/routes.h"
#include "store/store.h"

namespace tenglong::server {

// Whoever knows the caller of a request by its session.
class Callers {
 public:
  virtual ~Callers() = default;
  // Never null: nobody is a caller too. A few microseconds, no disk.
  virtual std::shared_ptr<const Caller> caller(const Request& request) = 0;
  // The word that a page of this session must send back with every change; empty: none is needed.
  virtual std::string forgery_word(const Request& request) = 0;
};

// What was answered to a keyed request. The same key of the same account gets the same answer.
struct KeptAnswer {
  std::string digest;  // of the request: method, path, body
  int status = 0;
  std::string content_type, body;
};
class KeptAnswers {
 public:
  virtual ~KeptAnswers() = default;
  virtual std::optional<KeptAnswer> find(const std::string& account, const std::string& key) = 0;
  virtual void keep(const std::string& account, const std::string& key, const KeptAnswer& answer) = 0;
};
std::unique_ptr<KeptAnswers> kept_in_memory(std::size_t most = 10000);
// In the store, for a day: the same key gets the same answer after a restart too.
std::unique_ptr<KeptAnswers> kept_in_store(store::Store& store, std::function<std::int64_t()> seconds);

// Of any state and any relation: whether an account may ever do this. What it may do it to, the handler asks.
bool may_ever(const access::Scope& scope, access::Operation operation);

class Service final : public Application {
 public:
  Service(Routes routes, Callers& callers, KeptAnswers& kept, const Assets& assets, Log& log);
  Admission admit(Request& request) override;
  Answer answer(const Request& request, const std::shared_ptr<const void>& matched) override;
  Answer own_answer(const Request& request, int status) override;
  void finished(const Request& request, const void* matched, const Done& done) noexcept override;
  void connections(std::size_t now) noexcept override;

  const Routes& routes() const { return routes_; }
  Metrics& metrics() { return metrics_; }

 private:
  struct Matched;
  Answer handled(const Request& request, const Matched& matched);
  Answer once(const Request& request, const Matched& matched, const Call& call);
  Routes routes_;
  Callers& callers_;
  KeptAnswers& kept_;
  const Assets& assets_;
  Log& log_;
  Metrics metrics_;
  std::mutex running_mutex_;
  std::set<std::pair<std::string, std::string>> running_;  // account and key of keyed requests at work
};

}  // namespace tenglong::server
