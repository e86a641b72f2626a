#include "server/routes.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "engine/text/ensure.h"

namespace tenglong::server {

std::string Call::query_or(const std::string& name, std::string_view otherwise) const {
  const auto found = query.find(name);
  return found == query.end() ? std::string(otherwise) : found->second;
}

std::int64_t Call::number_or(const std::string& name, std::int64_t otherwise) const {
  const auto found = query.find(name);
  if (found == query.end()) return otherwise;
  std::int64_t out = otherwise;
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), out);
  return out;
}

namespace {

std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> out;
  for (const std::string_view part : text::split(path.substr(1), '/')) out.emplace_back(part);
  return out;
}

bool is_name(const std::string& part) { return part.size() > 2 && part.front() == '{' && part.back() == '}'; }

}  // namespace

trail::Author author_of(const Call& call) {
  return {
      .account = call.caller.account.id, .unit = call.caller.account.unit, .request = call.request.number};
}

void Routes::add(Route route) {
  ensure(route.path[0] == '/' && route.handler != nullptr, "a route has an address and a handler");
  ensure(route.method == Method::Get ? route.repeat == Repeat::Reads : true, "GET changes nothing");
  for (const access::Operation operation : route.right.operations())
    ensure(route.repeat != Repeat::Reads || access::info(operation).reads || route.method == Method::Get,
           "an operation that changes something is not called a reading");
  for (const Route& other : routes_) {
    ensure(std::strcmp(other.id, route.id) != 0, "every route has its own name");
    ensure(other.method != route.method || std::strcmp(other.path, route.path) != 0,
           "every address and method has one route");
  }
  Template shape{parts_of(route.path), routes_.size()};
  std::size_t names = 0;
  for (std::string& part : shape.parts) {
    if (!is_name(part)) continue;
    ensure(names < route.parameters.size() && part == "{" + std::string(route.parameters[names].name) + "}" &&
               route.parameters[names].presence == Presence::Required,
           "the names of the address are the first parameters, required");
    ++names;
    part = "{}";
  }
  for (const Shape& one : route.input.json) ensure(!one.name().empty(), "a body has a named shape");
  if (names == 0)
    exact_[route.path].push_back(routes_.size());
  else
    templates_.push_back(std::move(shape));
  routes_.push_back(std::move(route));
}

void Routes::add(std::vector<Route> routes) {
  for (Route& route : routes) add(std::move(route));
}

Routes::Match Routes::find(Method method, std::string_view path) const {
  Match out;
  const Method asked = method == Method::Head ? Method::Get : method;
  if (const auto found = exact_.find(path); found != exact_.end()) {
    for (const std::size_t at : found->second) {
      if (routes_[at].method == asked) {
        out.route = &routes_[at];
        return out;
      }
      out.others.push_back(routes_[at].method);
    }
    return out;
  }
  if (path.empty() || path.front() != '/') return out;
  const std::vector<std::string> parts = parts_of(path);
  for (const Template& shape : templates_) {
    if (shape.parts.size() != parts.size()) continue;
    bool fits = true;
    for (std::size_t i = 0; i < parts.size() && fits; ++i)
      fits = shape.parts[i] == "{}" ? !parts[i].empty() : shape.parts[i] == parts[i];
    if (!fits) continue;
    const Route& route = routes_[shape.route];
    if (route.method != asked) {
      out.others.push_back(route.method);
      continue;
    }
    out.route = &route;
    for (std::size_t i = 0, name = 0; i < parts.size(); ++i)
      if (shape.parts[i] == "{}") out.path[route.parameters[name++].name] = parts[i];
    return out;
  }
  return out;
}

namespace {

void write_parameter(text::JsonWriter& out, const Parameter& parameter, bool in_path) {
  out.begin_object();
  out.member("name", parameter.name).member("in", in_path ? "path" : "query");
  out.member("required", parameter.presence == Presence::Required).member("description", parameter.meaning);
  out.key("schema");
  parameter.shape.write(out);
  out.end_object();
}

void write_content(text::JsonWriter& out, const std::string& media_type, const std::vector<Shape>& shape) {
  out.key("content").begin_object().key(media_type).begin_object();
  if (!shape.empty()) {
    out.key("schema");
    shape[0].write(out);
  }
  out.end_object().end_object();
}

void write_route(text::JsonWriter& out, const Route& route) {
  std::string method = text::ascii_lower(to_text(route.method));
  out.key(method).begin_object();
  out.member("operationId", route.id).member("summary", route.summary.words.en);
  out.member("x-summary-zh", route.summary.words.zh);
  std::string rights;
  for (const access::Operation each : route.right.operations())
    rights += (rights.empty() ? "" : " or ") + std::string(access::info(each).id);
  out.member("x-right", !rights.empty()                     ? rights
                        : route.right.needs_whole_session() ? "signed_in"
                        : route.right.needs_session()       ? "at_the_door"
                                                            : "everyone");
  if (!route.right.needs_session()) out.key("security").begin_array().end_array();
  const auto names =
      static_cast<std::size_t>(std::count(route.path, route.path + std::strlen(route.path), '{'));
  out.key("parameters").begin_array();
  for (std::size_t i = 0; i < route.parameters.size(); ++i)
    write_parameter(out, route.parameters[i], i < names);
  if (route.repeat == Repeat::Keyed) {
    out.begin_object().member("name", "Idempotency-Key").member("in", "header").member("required", true);
    out.member("description", "the same key gives the same answer; the work is done once");
    out.key("schema").begin_object().member("type", "string").member("minLength", 8).member("maxLength", 100);
    out.end_object().end_object();
  }
  out.end_array();
  if (!route.input.json.empty() || route.input.is_bytes) {
    out.key("requestBody").begin_object().member("required", true);
    write_content(out, route.input.is_bytes ? "application/octet-stream" : "application/json",
                  route.input.json);
    out.end_object();
  }
  out.key("responses").begin_object();
  out.key(std::to_string(route.output.status())).begin_object().member("description", "done");
  if (!route.output.media_type().empty()) write_content(out, route.output.media_type(), route.output.shape());
  out.end_object();
  out.key("default").begin_object().member("description", "refused, with every reason");
  write_content(out, "application/problem+json", {problem_shape()});
  out.end_object().end_object().end_object();
}

}  // namespace

std::string openapi(const Routes& routes, const std::string& version) {
  text::JsonWriter out;
  out.begin_object().member("openapi", "3.1.0");
  out.key("info").begin_object().member("title", "Tenglong").member("version", version);
  out.key("license")
      .begin_object()
      .member("name", "Apache-2.0")
      .member("identifier", "Apache-2.0")
      .end_object();
  out.end_object();
  out.key("security").begin_array().begin_object().key("session").begin_array().end_array().end_object();
  out.end_array();
  std::map<std::string, std::vector<const Route*>> by_path;
  std::vector<Shape> shapes;
  problem_shape().collect(shapes);
  for (const Route& route : routes.all()) {
    by_path[route.path].push_back(&route);
    for (const Shape& shape : route.input.json) shape.collect(shapes);
    for (const Shape& shape : route.output.shape()) shape.collect(shapes);
  }
  out.key("paths").begin_object();
  for (const auto& [path, of_path] : by_path) {
    out.key(path).begin_object();
    for (const Route* route : of_path) write_route(out, *route);
    out.end_object();
  }
  out.end_object();
  std::sort(shapes.begin(), shapes.end(), [](const Shape& a, const Shape& b) { return a.name() < b.name(); });
  out.key("components").begin_object().key("schemas").begin_object();
  for (const Shape& shape : shapes) {
    out.key(shape.name());
    shape.write_whole(out);
  }
  out.end_object();
  out.key("securitySchemes").begin_object().key("session").begin_object();
  out.member("type", "apiKey").member("in", "cookie").member("name", "tenglong_session").end_object();
  out.end_object().end_object().end_object();
  return out.take() + "\n";
}

}  // namespace tenglong::server
