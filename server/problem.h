// Refusals as RFC 9457 problem answers, with everything that is wrong inside.
#pragma once
#include <optional>
#include <string>

#include "engine/diagnostic/diagnostic.h"
#include "engine/text/json_writer.h"
#include "server/message.h"

namespace tenglong::server {

// The request number is filled in when the answer leaves.
Answer problem(int status, text::Words title, const diagnostic::Diagnostics& diagnostics);
// Of one thing, with its code; the title is its message.
Answer problem(int status, const char* code, text::Words message, text::Words advice = {});
// 412: what stands now and what was sent, both as JSON text.
Answer conflict(text::Words message, const std::string& current, const std::string& sent);
// Where a request number belongs in a problem that was made before it had one.
inline constexpr const char* kRequestMark = "@request@";

// 没有这一项。 The same for what is not there and for what is not theirs.
Answer not_there();

// In the answer's own language-neutral form: {code, severity, in, ..., message: {zh, en}}.
void write_diagnostic(text::JsonWriter& out, const diagnostic::Diagnostic& one);
void write_words(text::JsonWriter& out, const text::Words& words);

}  // namespace tenglong::server
