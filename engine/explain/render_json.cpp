#include "engine/explain/explain.h"
#include "engine/text/json_writer.h"

namespace tenglong::explain {

namespace {

void write(const Reason& reason, Language language, text::JsonWriter& json) {
  json.begin_object().member("text", in_language(reason.text, language));
  const auto member = [&](const char* name, const std::string& value) {
    if (!value.empty()) json.member(name, value);
  };
  member("name", reason.name);
  member("value", reason.value);
  member("unit", reason.unit);
  member("clause", reason.clause);
  member("source", reason.source);
  if (!reason.because.empty()) {
    json.key("because").begin_array();
    for (const Reason& because : reason.because) write(because, language, json);
    json.end_array();
  }
  json.end_object();
}

}  // namespace

std::string render_json(const Reason& reason, Language language) {
  text::JsonWriter json;
  write(reason, language, json);
  return json.take();
}

}  // namespace tenglong::explain
