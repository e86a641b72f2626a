// Templates and exports: answers that are files.
#pragma once
#include <vector>

#include "server/district.h"
#include "server/routes.h"

namespace tenglong::server {

std::vector<Route> file_routes(District& district);

}  // namespace tenglong::server
