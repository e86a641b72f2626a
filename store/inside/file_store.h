// The content of attachments.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "engine/schema/attachment.h"
#include "store/inside/change.h"
#include "store/store.h"

namespace tenglong::store {

// One event; the same content again is no change.
void keep_file(const Ground& ground, const schema::Attachment& what, std::string_view content);
bool has_file(const Ground& ground, std::string_view fingerprint);
std::vector<UnnamedFile> unnamed_files(const Ground& ground, Connection& connection);
bool remove_file(const Ground& ground, std::string_view fingerprint);
// Nothing: not kept. Throws StoreFailure if it is not what its fingerprint says.
std::optional<std::string> file_content(const Ground& ground, std::string_view fingerprint);

}  // namespace tenglong::store
