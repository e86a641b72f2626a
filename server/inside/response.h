// The head of an answer, with what every answer bears.
#pragma once
#include <string>

#include "server/message.h"

namespace tenglong::server {

enum class Length { Known, Chunked, UntilClose, None };

void write_head(std::string& out, const Answer& answer, const Request& request, Length length,
                std::size_t body_size, bool keep_alive);

}  // namespace tenglong::server
