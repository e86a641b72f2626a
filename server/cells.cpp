#include "server/inside/cells.h"

#include "engine/schema/attachment.h"
#include "server/inside/write.h"

namespace tenglong::server {

using text::JsonWriter;

// A cell as people read it: a code by its name, 是 and 否, a number with its unit.
std::string shown(const Edition& edition, const schema::Field& field, const std::string& written) {
  if (field.type == schema::FieldType::Boolean) return written == "true" ? "是" : "否";
  if (const schema::Codes* codes =
          field.codes.empty() ? nullptr : edition.pack->schema.find_codes(field.codes))
    if (const schema::CodeEntry* entry = codes->find(written)) return entry->name;
  if (field.type == schema::FieldType::Attachment)
    if (const auto file = schema::read_attachment(written)) return file->name;
  if (field.type == schema::FieldType::Area) return edition.naming().town_name(written);
  return written;
}

Cover cover_of(const access::Scope& scope, const schema::Field& field, bool is_seen, quantity::State state,
               const std::string& written) {
  Cover out{.is_covered = !is_seen};
  if (!is_seen && state == quantity::State::Known)
    out.mask = scope.masked(field.id, written).value_or(std::string());
  return out;
}

void write_cell(JsonWriter& out, const Edition& edition, const schema::Field& field,
                const std::string& written, quantity::State state, const Cover& cover,
                const std::string& period, const store::Store* files) {
  out.begin_object();
  if (cover.is_covered) {
    const bool is_masked = !cover.mask.empty();
    out.member("text", is_masked ? cover.mask : std::string("—")).member("state", "hidden");
    if (is_masked) out.member("masked", true);
    out.end_object();
    return;
  }
  const bool known = state == quantity::State::Known;
  out.member("text", known ? shown(edition, field, written) : std::string(quantity::to_chinese(state)));
  out.member("state", quantity::to_code(state));
  if (known && !field.codes.empty()) out.member("code", written);
  if (field.type == schema::FieldType::Attachment)
    if (const auto file = known ? schema::read_attachment(written) : std::nullopt) {
      out.key("file").begin_object().member("value", written).member("name", file->name);
      out.member("size", file->size);
      if (files != nullptr) out.member("is_here", files->has_file(file->fingerprint));
      out.end_object();
    }
  if (schema::is_number(field.type)) {
    out.key("figure");
    write_figure(out, known ? quantity::Decimal::parse(written) : std::nullopt, field.unit.name(), state,
                 {.period = period});
  }
  out.end_object();
}

Shape cell_shape() {
  return Shape::object(
      "Cell", {{"text", Shape::text(100000), "as shown"},
               {"state", Shape::choice({"known", "missing", "not_applicable", "disputed", "hidden"}), ""},
               {"masked", Shape::boolean(), "hidden but for what the mask of the rights leaves: the text",
                Presence::Optional},
               {"code", Shape::text(), "of a code table", Presence::Optional},
               {"file",
                Shape::object("NamedFile", {{"value", Shape::text(2000), "fingerprint, size, name"},
                                            {"name", Shape::text(2000), ""},
                                            {"size", Shape::count(), "bytes"},
                                            {"is_here", Shape::boolean(),
                                             "handed in, on the page of the record", Presence::Optional}}),
                "of an attachment", Presence::Optional},
               {"figure", figure_shape(), "of numbers", Presence::Optional}});
}

std::string text_of_cell(const column::Table& table, std::size_t field, std::size_t row) {
  const feel::Value value = column::value_of(table, field, row);
  return value.is_null() ? std::string() : value.to_text();
}

}  // namespace tenglong::server
