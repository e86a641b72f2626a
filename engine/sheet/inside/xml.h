// XML as it streams by: elements by their local name, because WPS and others write x:row where Excel writes
// row.
//
// Never: entities or a DTD (refused: no spreadsheet program writes one), nesting deeper than 64.
#pragma once
#include <string>
#include <string_view>

#include "engine/sheet/inside/byte_source.h"

namespace tenglong::sheet {

using diagnostic::Diagnostics;
using diagnostic::Place;

// Name and value in turn, nullptr at the end, as expat hands them over.
using Attributes = const char* const*;
std::string_view local_name(const char* name);
// The value of the attribute with this local name; empty if there is none.
std::string_view attribute(Attributes attributes, std::string_view name);

class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void start(std::string_view name, Attributes attributes) = 0;
  virtual void end(std::string_view name) = 0;
  virtual void characters(std::string_view) {}
  // Asked after every call above.
  bool has_stopped() const { return has_stopped_; }

 protected:
  void stop() { has_stopped_ = true; }

 private:
  bool has_stopped_ = false;
};

// False if the XML is broken or its bytes end early; a handler that stops has had enough, which is no fault.
bool parse_xml(ByteSource& source, XmlHandler& handler, const Place& place, const std::string& part,
               Diagnostics& diagnostics);

}  // namespace tenglong::sheet
