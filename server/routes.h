// The one table of addresses: from it requests are routed, checked, authorised and described.
//
// In:    routes, each complete: a route without its right, its answer or its words does not compile.
// Out:   the route of a request; the OpenAPI 3.1 document.
// Never: two routes of one address; an address that the document does not name.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "campaign/access/access.h"
#include "campaign/trail/trail.h"
#include "engine/text/text.h"
#include "server/json.h"
#include "server/message.h"
#include "server/shape.h"

namespace tenglong::server {

// Who may call a route. The operation is asked of the scope again, for every record, by the handler.
class Right {
 public:
  static Right everyone() { return Right(Kind::Everyone); }
  // A password was right, the second factor or a new password may still be due.
  static Right at_the_door() { return Right(Kind::AtTheDoor); }
  static Right signed_in() { return Right(Kind::SignedIn); }
  // Whoever may do one of these.
  static Right any_of(std::vector<access::Operation> operations) {
    Right out(Kind::Operation);
    out.operations_ = std::move(operations);
    return out;
  }
  Right(access::Operation operation) : kind_(Kind::Operation), operations_{operation} {}  // NOLINT
  bool needs_session() const { return kind_ != Kind::Everyone; }
  bool needs_whole_session() const { return kind_ == Kind::SignedIn || kind_ == Kind::Operation; }
  // None: everyone, or everyone who is signed in.
  const std::vector<access::Operation>& operations() const { return operations_; }

 private:
  enum class Kind { Everyone, AtTheDoor, SignedIn, Operation };
  explicit Right(Kind kind) : kind_(kind) {}
  Kind kind_;
  std::vector<access::Operation> operations_ = {};
};

// What sending the same request again does.
enum class Repeat {
  Reads,  // changes nothing
  Same,   // leaves the same: PUT, DELETE
  Keyed,  // wants an Idempotency-Key: the same key, the same answer, done once
};

enum class Runs { Here, OnWorker };  // Here: a few microseconds, no disk

struct Parameter {
  const char* name;
  Shape shape;
  const char* meaning;
  Presence presence = Presence::Optional;
};

// What comes with a request.
struct Input {
  std::vector<Shape> json = {};  // none, or one
  std::size_t most_bytes = 1 << 20;
  bool is_bytes = false;  // application/octet-stream
  static Input none() { return {.most_bytes = 0}; }
  static Input of(Shape shape, std::size_t most_bytes = 1 << 20) { return {{std::move(shape)}, most_bytes}; }
  static Input bytes(std::size_t most_bytes) { return {.most_bytes = most_bytes, .is_bytes = true}; }
};

// What a route answers when all is well: JSON of a shape, a file, events, or nothing.
class Output {
 public:
  static Output json(Shape shape, int status = 200) {
    return Output(status, {std::move(shape)}, "application/json");
  }
  static Output file(const char* media_type) { return Output(200, {}, media_type); }
  static Output events() { return Output(200, {}, "text/event-stream"); }
  static Output nothing() { return Output(204, {}, ""); }
  static Output elsewhere() { return Output(303, {}, ""); }  // Location says where
  int status() const { return status_; }
  const std::vector<Shape>& shape() const { return shape_; }
  const std::string& media_type() const { return media_type_; }

 private:
  Output(int status, std::vector<Shape> shape, const char* media_type)
      : status_(status), shape_(std::move(shape)), media_type_(media_type) {}
  int status_;
  std::vector<Shape> shape_;
  std::string media_type_;
};

// Who calls. A value: what the account may do on this day.
struct Caller {
  bool is_signed_in = false;
  bool is_complete = true;  // false: a second factor or a new password is due first
  access::Account account = {};
  access::Scope scope = {};
  std::string session = {};  // its stored name; empty outside a session
};

struct Call {
  const Request& request;
  const std::map<std::string, std::string>& path;   // by the names in the template
  const std::map<std::string, std::string>& query;  // checked
  const Json& body;                                 // checked
  const Caller& caller;
  std::string query_or(const std::string& name, std::string_view otherwise) const;
  std::int64_t number_or(const std::string& name, std::int64_t otherwise) const;
};
// Who the trail says did it.
trail::Author author_of(const Call& call);
using Handler = std::function<Answer(const Call&)>;

struct Summary {
  explicit Summary(const char* in_chinese, const char* in_english) : words{in_chinese, in_english} {}
  text::Words words;
};

struct Route {
  Method method;
  const char* path;  // /api/registers/{register}/records/{key}
  const char* id;    // get_record
  Summary summary;
  Right right;
  Repeat repeat;
  Runs runs;
  std::vector<Parameter> parameters;  // those of the path first, in order
  Input input;
  Output output;
  Handler handler;
  bool changes_nothing() const { return repeat == Repeat::Reads; }
};

class Routes {
 public:
  void add(Route route);  // ensure()s what the compiler cannot see
  void add(std::vector<Route> routes);
  const std::vector<Route>& all() const { return routes_; }

  struct Match {
    const Route* route = nullptr;
    std::map<std::string, std::string> path = {};
    std::vector<Method> others = {};  // of the same address, if there is one but not with this method
  };
  Match find(Method method, std::string_view path) const;

 private:
  struct Template {
    std::vector<std::string> parts;  // "{}" where a name stands
    std::size_t route;
  };
  std::vector<Route> routes_;
  std::vector<Template> templates_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> exact_;  // addresses without names
};

std::string openapi(const Routes& routes, const std::string& version);

}  // namespace tenglong::server
