// Templates and exports: answers that are files.
#pragma once
#include <string>
#include <vector>

#include "server/district.h"
#include "server/routes.h"

namespace tenglong::server {

std::vector<Route> file_routes(District& district);
// A download under its own name; the content comes as `body` or `stream`.
Answer download(const std::string& name, const char* media_type);
// A file that stays, under its own name.
Answer kept_file(const std::string& path);

}  // namespace tenglong::server
