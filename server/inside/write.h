// What many answers have in common: figures, pages, tags.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/feel/value.h"
#include "engine/text/json_writer.h"
#include "server/district.h"
#include "server/inside/rows.h"
#include "server/problem.h"
#include "server/routes.h"

namespace tenglong::server {

struct Basis {
  std::string period = {}, source = {}, clause = {}, mark = {};
  std::string state = {};  // hidden, gap: what quantity::State has no word for
  text::Words reason = {};
};
void write_number(text::JsonWriter& out, const feel::Value& value, std::string_view unit,
                  quantity::State state, const Basis& basis = {});  // of a number or null
void write_figure(text::JsonWriter& out, const std::optional<quantity::Decimal>& value, std::string_view unit,
                  quantity::State state, const Basis& basis = {});
// A number as its exact text, rounded to six places if it is a quotient without end; other values as text.
void write_value(text::JsonWriter& out, const feel::Value& value);
std::string text_of(const feel::Value& value);
void write_list(text::JsonWriter& out, const std::vector<std::string>& items);

// Every list's parameters: page from 1, size.
Parameter page_parameter();
Parameter size_parameter();
Parameter period_parameter();
struct Cut {
  std::size_t from = 0, to = 0;
};
Cut cut_of(const Call& call, std::size_t count);

// A route that reads: on a worker, JSON of this shape.
Route reading(const char* path, const char* id, Summary summary, Right right,
              std::vector<Parameter> parameters, Shape shape, Handler handler);
Parameter in_path(const char* name, const char* meaning, std::size_t most = 120);

Answer json(text::JsonWriter& out);
// With a tag of what it says: what may no longer be seen is never "unchanged".
Answer tagged(text::JsonWriter& out);

// The edition of ?period= and how far its result is; a problem if there is no such year or no data at all.
struct Asked {
  std::shared_ptr<const Edition> edition = {};
  access::State state = access::State::Draft;
  std::optional<Answer> refused = {};
};
Asked asked_edition(District& district, const Call& call);
// draft, confirmed, locked, published.
const char* code_of(access::State state);
Shape state_shape();
// not_due, rated, exempt, not_rated.
const char* code_of(result::Standing standing);
Shape standing_shape();

// The store as the caller, over the whole district: for rulings that rest on all of its data. Who may make
// them is asked before.
std::unique_ptr<store::Store> district_store(District& district, const Call& call);
// The refusal of this to the caller, if it is one: to those outside as if it were not there.
std::optional<Answer> denied(const Call& call, access::Operation operation, const access::Object& object);

// What a page needs to know of who is signed in, beside the account.
struct SessionState {
  std::string name = {}, csrf_token = {};
  std::optional<text::Words> other_way = {};  // into it: an identity provider, by its name
  bool needs_set_up = false, second_factor_due = false, password_due = false;
};
const Shape& session_shape();
Answer session_answer(District& district, const Caller& caller, const SessionState& state);

// The simulation kept warm for an edition; its mutex must be held.
simulate::Simulation& warm_simulation(const Edition& edition);

// The industry of a row: its own code of the industry table or that of the record above it.
struct ReachedIndustry {
  view::ReachedTexts texts = {};
  const schema::Codes* codes = nullptr;
  std::string code(std::size_t row) const;  // "": not known
  std::string name(std::string_view of_code) const;
};
ReachedIndustry reached_industry(const Edition& edition, std::string_view register_id);
std::string industry_of(const Edition& edition, std::string_view register_id, std::size_t row);  // its name

// Which results the caller may see, by rows of the register they are of.
class Seen {
 public:
  Seen(const Edition& edition, const Caller& caller, access::Operation operation, access::State state,
       std::string register_id);
  bool row(std::size_t at) const;

 private:
  const Edition& edition_;
  access::State state_;
  std::string register_id_;
  access::RowFilter filter_;
  Whose whose_;
  std::vector<bool> towns_ = {};  // by number
  bool by_department_ = false, by_row_ = false;
};

// ?period=, else the present year for registers kept by the year.
std::optional<calendar::Period> period_of(const Edition& edition, const Call& call,
                                          const schema::Register& target);

}  // namespace tenglong::server
