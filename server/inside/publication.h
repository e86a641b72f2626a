// The gate before a publication: what does not balance is not published.
#pragma once
#include "engine/diagnostic/diagnostic.h"
#include "engine/result/result.h"

namespace tenglong::server {

// Every equation that fails (E-SERVER-406); empty: it may be published.
diagnostic::Diagnostics balance_gate(const result::Result& result);

}  // namespace tenglong::server
