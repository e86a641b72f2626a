// The stores that the rooms above declared, each over a Ground.
#pragma once
#include <memory>

#include "engine/register/register.h"
#include "engine/result/result.h"
#include "store/inside/change.h"

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

}  // namespace tenglong::store
