#include "cli/inside/session.h"
#include "campaign/gap/gap.h"
#include "campaign/revision/revision.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "campaign/collection/collection.h"
#include "engine/run/run.h"
#include "engine/text/ensure.h"

namespace tenglong::cli {

std::string say(Language language, const char* zh, const char* en) {
  return language == Language::English ? en : zh;
}

std::string now_text() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char text[40];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", &local);
  return std::string(text).insert(22, ":");
}

calendar::Date today() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  return {local.tm_year + 1900, local.tm_mon + 1, local.tm_mday};
}

void print_diagnostics(const diagnostic::Diagnostics& diagnostics, const Common& common) {
  if (diagnostics.empty()) return;
  const bool colour = isatty(STDERR_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  const std::string text = diagnostic::render(diagnostics, diagnostic::source_lines_from_disk(),
                                              {.language = common.language, .colour = colour});
  std::fputs(text.c_str(), stderr);
}

std::string Common::folder() const {
  if (!files.empty()) return files;
  return store::is_database_address(data) ? "data" : data;
}

const pack::Pack* Session::pack() {
  if (!read_) {
    read_ = pack::read_pack(common_.pack, common_.overlays);
    // What was published after the pack, and entered and approved here.
    const std::string filled = read_->pack ? gap::overlay_in(common_.folder(), read_->pack->head.id) : "";
    if (!filled.empty()) {
      std::vector<std::string> overlays = common_.overlays;
      overlays.push_back(filled);
      read_ = pack::read_pack(common_.pack, overlays);
    }
    if (!common_.json && !common_.quiet)
      print_diagnostics(read_->diagnostics, common_);
    else if (diagnostic::has_errors(read_->diagnostics))
      print_diagnostics(read_->diagnostics, common_);
  }
  if (!read_->pack || diagnostic::has_errors(read_->diagnostics)) return nullptr;
  if (!as_it_came_) take_revisions();
  return &*read_->pack;
}

// A year is judged by what is in force on its last day, as the server does.
void Session::take_revisions() {
  const std::string id = read_->pack->head.id;
  const std::vector<revision::Kept> approved = revision::approved_in(common_.folder(), id);
  if (approved.empty()) return;
  as_it_came_ = *read_;  // the period may have to be found in the data, and that asks for the pack
  const auto asked = period();
  const calendar::Date on = asked ? asked->to : today();
  std::vector<std::string> overlays = common_.overlays;
  std::string last;
  for (const revision::Kept& one : approved)
    if (one.from <= on) overlays.push_back(one.folder), last = one.id;
  if (last.empty()) return;
  const std::string filled = gap::overlay_in(revision::filled_with(common_.folder(), last), id);
  if (!filled.empty())
    overlays.insert(overlays.begin() + static_cast<std::ptrdiff_t>(common_.overlays.size()), filled);
  pack::ReadPack revised = pack::read_pack(common_.pack, overlays);
  print_diagnostics(revised.diagnostics, common_);
  if (revised.pack && !diagnostic::has_errors(revised.diagnostics))
    std::swap(*read_, revised), as_it_came_ = std::move(revised);
}

store::Store& Session::whole_store() {
  if (!whole_store_) {
    const pack::Pack* own = pack();
    ensure(own != nullptr, "the store is opened with a pack that can run");
    const char* user = std::getenv("USER");
    const std::string account = user != nullptr ? user : "local";
    whole_store_ =
        store::open_store(common_.data, own->head.area, own->schema, access::Scope::whole_district(account));
    whole_store_->act_as({.account = account});
  }
  return *whole_store_;
}

store::Store& Session::store() {
  if (common_.as.empty()) return whole_store();
  if (!store_) store_ = whole_store().as({.account = common_.as, .unit = scope().account().unit}, scope());
  return *store_;
}

const access::Policy& Session::policy() {
  if (!policy_) {
    diagnostic::Diagnostics diagnostics;
    policy_ = access::Policy::compile(*pack(), diagnostics);
    print_diagnostics(diagnostics, common_);
  }
  return *policy_;
}

const access::Scope& Session::scope() {
  if (scope_) return *scope_;
  if (common_.as.empty()) return *(scope_ = whole_store().scope());
  diagnostic::Diagnostics diagnostics;
  scope_ = access::scope_of(policy(), whole_store().accounts(), common_.as, today(), diagnostics);
  print_diagnostics(diagnostics, common_);
  return *scope_;
}

const column::Snapshot& Session::snapshot() {
  if (!snapshot_) {
    snapshot_ = column::take_snapshot(pack()->schema, whole_store().registers());
    // A year that is locked is read as it was locked and corrected.
    const std::vector<collection::Locked> locked = whole_store().collection().locked();
    if (const auto asked = locked.empty() ? std::nullopt : period())
      if (const collection::Locked* lock = collection::lock_of(locked, *asked)) {
        view_ = collection::view_of(*lock);
        snapshot_ = column::take_snapshot(pack()->schema, whole_store().registers(), view_);
      }
  }
  return *snapshot_;
}

std::optional<calendar::Period> Session::period() {
  if (!common_.period.empty()) return calendar::Period::parse(common_.period);
  // The latest year of the registers that schemes and rosters are about.
  std::optional<calendar::Period> latest;
  const auto look = [&](const std::string& register_id) {
    const column::Table* table = snapshot().find(register_id);
    if (table == nullptr) return;
    for (const auto& period : table->period.distinct())
      if (period && (!latest || latest->to < period->to)) latest = period;
  };
  for (const pack::Scheme& scheme : pack()->schemes) look(scheme.of);
  for (const pack::Roster& roster : pack()->rosters) look(roster.of);
  return latest;
}

// A result ranks all firms against each other: within a narrower scope it would tell of firms that are not in
// it.
void Session::require_sight_of_results(const calendar::Period& at) {
  if (common_.as.empty()) return;
  auto state = access::State::Published;
  for (const schema::Register& each : pack()->schema.registers)
    if (each.period != schema::PeriodKey::None)
      state = std::min(state, whole_store().lists().state_of(each.id, at));
  if (scope().rows(access::Operation::ReadResult, state).everything) return;
  access::Answer answer = scope().may(access::Operation::ReadResult, {.state = state});
  if (answer.why.empty())
    answer.why = {"全区结果不在您的范围之内。", "The results of the whole district are outside your scope."};
  throw store::StoreFailure(scope().refusal(answer), "read_result is denied to " + common_.as,
                            store::Trouble::Denied);
}

const result::Result& Session::result() {
  if (!result_) {
    const auto asked = period();
    ensure(asked.has_value(), "a run has a period");
    require_sight_of_results(*asked);
    result_ = run::run(*pack(), snapshot(), {.period = *asked});
    whole_store().results().keep(*result_, now_text());
  }
  return *result_;
}

const result::Result* Session::previous() {
  if (!previous_) previous_ = run::run(*pack(), snapshot(), {.period = result().header.period.previous()});
  return &*previous_;
}

void Session::data_changed() {
  previous_.reset();
  snapshot_.reset();
  view_ = {};
  result_.reset();
}

bool has_data(Session& session) {
  if (session.period()) return true;
  std::fprintf(
      stderr, "%s\n",
      say(session.language(),
          "数据文件夹里还没有年度数据，没有可评价的。先运行 tenglong import <来表>，或 tenglong sample "
          "生成样例。",
          "There is no yearly data in the data folder yet. Run tenglong import first, or tenglong sample.")
          .c_str());
  return false;
}

}  // namespace tenglong::cli
