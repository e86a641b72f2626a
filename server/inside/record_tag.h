// The tag of a record: another one as soon as any of its values comes from elsewhere.
#pragma once
#include <string>

#include "engine/register/register.h"

namespace tenglong::server {

std::string record_tag(const registers::Record& record);

}  // namespace tenglong::server
