// The stores that the rooms above declared, each over a Ground.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "campaign/access/accounts.h"
#include "engine/meter/meter.h"
#include "engine/register/carried_store.h"
#include "engine/register/register.h"
#include "engine/result/result.h"
#include "store/credentials.h"
#include "store/inside/change.h"
#include "store/list.h"

namespace tenglong::collection {
class CollectionStore;
}
namespace tenglong::identity {
class IdentityStore;
}

namespace tenglong::store {

std::unique_ptr<registers::RegisterStore> make_register_store(const Ground& ground);
std::unique_ptr<result::ResultStore> make_result_store(const Ground& ground);
std::unique_ptr<collection::CollectionStore> make_collection_store(const Ground& ground);
std::unique_ptr<identity::IdentityStore> make_identity_store(const Ground& ground);
// What of them a scope sees (scoped_registers.cpp).
std::unique_ptr<registers::RegisterStore> make_scoped_registers(const Ground& ground,
                                                                registers::RegisterStore& all,
                                                                const Lists& lists,
                                                                const access::Scope& scope,
                                                                access::Operation operation);
std::unique_ptr<result::ResultStore> make_scoped_results(const Ground& ground, result::ResultStore& all,
                                                         const access::Scope& scope);
std::unique_ptr<collection::CollectionStore> make_scoped_collection(const Ground& ground,
                                                                    collection::CollectionStore& all,
                                                                    const Lists& lists,
                                                                    const access::Scope& scope);
std::unique_ptr<identity::IdentityStore> make_scoped_identity(const Ground& ground,
                                                              identity::IdentityStore& all,
                                                              const access::Scope& scope);
std::unique_ptr<meter::MeterStore> make_scoped_meters(const Ground& ground, meter::MeterStore& all,
                                                      const access::Scope& scope);
std::unique_ptr<access::AccountStore> make_scoped_accounts(access::AccountStore& all,
                                                           const access::Scope& scope);
std::unique_ptr<Lists> make_scoped_lists(const Ground& ground, Lists& all, const access::Scope& scope);
// Refused, with the sentence for who asks and the detail for the log.
[[noreturn]] void deny(const access::Scope& scope, const access::Answer& answer, access::Operation operation);
void demand(const access::Scope& scope, access::Operation operation, const access::Object& object);

std::unique_ptr<Lists> make_lists(const Ground& ground);
std::unique_ptr<access::AccountStore> make_account_store(const Ground& ground);
std::unique_ptr<Credentials> make_credentials(const Ground& ground);

// Batches and statements as a connection sees them, for what works on them inside its own transaction.
std::vector<registers::Batch> kept_batches(Connection& connection, const std::string& area);
inline constexpr const char* kStatementColumns = "record_key, period, batch, sheet, row, payload, effective";
// Those, and the register under which it was stated.
inline constexpr const char* kStatedColumns =
    "record_key, period, batch, sheet, row, payload, effective, register_id";
// The statement in the columns of kStatementColumns, of which the first has this number.
registers::Statement statement_in(const Query& query, int first, std::string_view register_id,
                                  const std::vector<std::string>& field_ids);
std::unique_ptr<meter::MeterStore> make_meter_store(const Ground& ground);

// Statements of a register as they are read from rows of kStatedColumns: those of earlier schemas as of the
// present one. Ground and register must outlive it.
class Stated {
 public:
  Stated(const Ground& ground, const schema::Register& target);
  // Nothing: it was of a register or a form that there is no more.
  std::optional<registers::Statement> in(const Query& query, int first) const;
  // Under which ids, and in which batches, the register's statements are kept; in order of batches.
  const std::vector<registers::Carrier::Kept>& kept_as() const { return kept_as_; }
  // For a question: `column` is one of those ids. The parameters are numbered from `first`.
  std::string is_one(std::string_view column, int first) const;
  int bind(Query& query, int first) const;  // the next number

 private:
  const Ground& ground_;
  const schema::Register& target_;
  std::vector<registers::Carrier::Kept> kept_as_;
  std::vector<std::string> ids_;                                            // of kept_as_, each once
  std::map<std::string, std::vector<std::string>, std::less<>> field_ids_;  // that statements may speak of
};

}  // namespace tenglong::store
