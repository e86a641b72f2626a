// What the addresses of revisions share: a draft read with the pack, what the reader says of it, and how it
// is written for the screen.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "campaign/revision/revision.h"
#include "engine/pack/written.h"
#include "server/district.h"
#include "server/routes.h"

namespace tenglong::server {

// A block that can be revised, wherever the pack keeps it.
struct Revisable {
  std::string kind = {}, id = {}, name = {}, clause = {};
  diagnostic::Place place = {};
};
std::vector<Revisable> revisables_of(const pack::Pack& pack);
std::optional<revision::Part> part_of(const pack::Pack& pack, std::string_view kind, std::string_view id);

// What is wrong with a draft, at its place: in which block, and at which value of it.
struct DraftFinding {
  diagnostic::Diagnostic told = {};  // place: line and column of the block's text
  std::string kind = {}, block = {};
  std::string path = {};  // of a value; empty: only a line
};

struct ReadDraft {
  pack::ReadPack read = {};
  std::vector<DraftFinding> findings = {};  // only what the pack in force does not have
  diagnostic::Diagnostics told() const;
};

class RevisionDesk {
 public:
  explicit RevisionDesk(District& district) : district_(district) {}
  District& district() { return district_; }
  // The version that a draft stands on and is compared with.
  District::InForce latest() const { return district_.in_force().back(); }
  // The version before an approved one; the latest for any other.
  District::InForce before(const revision::Revision& revision) const;
  ReadDraft read(const revision::Revision& revision);
  // The pack with the draft; without it where it cannot be read.
  std::shared_ptr<const pack::Pack> pack_of(const revision::Revision& revision);

 private:
  const diagnostic::Diagnostics& of_pack_in_force();
  District& district_;
  std::mutex reading_, cached_;
  std::string cached_for_ = {};
  diagnostic::Diagnostics of_pack_ = {};
};

std::string tag_of_revision(const revision::Revision& revision);
Shape revision_shape();
Shape revision_line_shape();
// It waits to be decided, and by this one: not by who sent it or wrote in it.
bool may_decide(const revision::Revision& one, const Caller& caller);
void write_revision_line(text::JsonWriter& out, District& district, const revision::Revision& one,
                         const Caller& caller);
// With its blocks as forms and as text, what is told of them, and what it changes.
void write_revision(text::JsonWriter& out, RevisionDesk& desk, const revision::Revision& one,
                    const Caller& caller);

}  // namespace tenglong::server
