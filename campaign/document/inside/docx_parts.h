// The parts of a .docx that do not depend on what the paper says, and the escaping of texts.
#pragma once
#include <string>
#include <string_view>

namespace tenglong::document {

inline constexpr const char* kWord = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

// As the text of an element; what XML cannot hold is left out.
std::string xml_text(std::string_view text);

std::string content_types(bool has_header);
std::string package_relations();
std::string document_relations(bool has_header);
std::string styles();
std::string font_table();
std::string header(std::string_view text);
std::string footer(std::string_view text);
std::string core_properties(std::string_view title, std::string_view language);

}  // namespace tenglong::document
