// Every write point of every operation that changes something, with every fault: what the store promised
// holds.
//
// i   what was acknowledged is there, once          ii  what was not acknowledged is wholly there or not at
// all iii the trail verifies and covers each change     iv  the counts of batches and statements agree v what
// stood before is unchanged                vi  after a failed sync nothing more is written
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <set>

#include "tests/faults/fault_disk.h"
#include "tests/faults/operations.h"
#include "tests/postgres/place.h"

namespace tenglong::faults {
namespace {

namespace fs = std::filesystem;

bool is_long() { return std::getenv("TENGLONG_LONG") != nullptr; }

class Faults : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() / ("tenglong-faults-" + std::to_string(getpid()));
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  void TearDown() override { fs::remove_all(root_); }

  // A folder in which something stands already, and what the operation needs.
  fs::path base_of(const Operation& operation) {
    const fs::path folder = root_ / operation.name / "base";
    fs::create_directories(folder);
    const auto store = open(folder);
    store->set("pack", "faults");
    operations()[0].run(*store);
    operation.prepare(*store);
    return folder;
  }
  fs::path copy_of(const fs::path& base) {
    const fs::path folder = root_ / "trial";
    fs::remove_all(folder);
    fs::copy(base, folder, fs::copy_options::recursive);
    return folder;
  }

  fs::path root_;
};

struct Outcome {
  bool acknowledged = false;
  bool refused_after = true;  // a write after the fault was refused
  int writes = 0, reads = 0;
  std::vector<bool> syncs = {};
};

// Runs the operation on a disk that fails at `point`; the folder is then as the fault left it.
Outcome run_with(const Operation& operation, const fs::path& folder, Fault fault, int point,
                 const fs::path& image, Survives survives, std::uint64_t seed) {
  Outcome out;
  FaultDisk disk(folder);
  {
    const auto store = open(folder);
    disk.fail_at(fault, point);
    try {
      operation.run(*store);
      out.acknowledged = true;
    } catch (const store::StoreFailure&) {
    }
    out.writes = disk.write_points();
    out.reads = disk.read_points();
    for (int i = 1; i <= out.writes; ++i) out.syncs.push_back(disk.is_sync(i));
    if (fault == Fault::Kill) disk.write_image(image, survives, seed);
    if (fault == Fault::SyncFails && disk.has_struck()) {
      try {
        store->set("after", "the failed sync");
        out.refused_after = false;
      } catch (const store::StoreFailure&) {
      }
    }
    if (fault != Fault::Kill) disk.mend();
  }
  return out;
}

TEST_F(Faults, EveryWritePointOfEveryOperationKeepsThePromise) {
  const Fault kFaults[] = {Fault::Full, Fault::WriteError, Fault::ShortWrite, Fault::SyncFails};
  const Survives kSurvives[] = {Survives::Nothing, Survives::Everything, Survives::Torn};
  int points = 0, trials = 0, unanswered = 0;
  for (const Operation& operation : operations()) {
    const fs::path base = base_of(operation);
    const std::string before = state_of(copy_of(base));
    const fs::path whole = copy_of(base);
    const Outcome plain = run_with(operation, whole, Fault::None, 0, {}, Survives::Nothing, 0);
    ASSERT_TRUE(plain.acknowledged) << operation.name;
    ASSERT_GT(plain.writes, 1) << operation.name;
    const std::string after = state_of(whole);
    ASSERT_NE(before, after) << operation.name;
    points += plain.writes;

    const auto judge = [&](const fs::path& found, const Outcome& outcome, const std::string& what) {
      ++trials;
      const std::string state = state_of(found);
      EXPECT_TRUE(state == before || state == after) << what << ": something in part";
      if (outcome.acknowledged) {
        EXPECT_EQ(state, after) << what << ": acknowledged and lost";
      } else if (state == after) {
        ++unanswered;  // the disk had all of it and the answer never left: whole, and told by reading
      }
      EXPECT_TRUE(outcome.refused_after) << what << ": written to after a failed sync";
      EXPECT_NO_THROW(check_invariants(found)) << what;
    };
    for (int point = 1; point <= plain.writes; ++point) {
      const auto name = [&](const char* fault) {
        return operation.name + " at " + std::to_string(point) + " of " + std::to_string(plain.writes) +
               ", " + fault;
      };
      for (int s = 0; s < 3; ++s) {
        if (!is_long() && s != point % 3) continue;
        for (int again = 0; again < (is_long() && kSurvives[s] == Survives::Torn ? 5 : 1); ++again) {
          const fs::path image = root_ / "image";
          fs::remove_all(image);
          const Outcome outcome = run_with(operation, copy_of(base), Fault::Kill, point, image, kSurvives[s],
                                           static_cast<std::uint64_t>(point * 7 + again));
          judge(image, outcome, name("kill"));
        }
      }
      for (int f = 0; f < 4; ++f) {
        if (kFaults[f] == Fault::SyncFails && !plain.syncs[static_cast<std::size_t>(point) - 1]) continue;
        if (!is_long() && kFaults[f] != Fault::SyncFails && f != point % 3) continue;
        const fs::path folder = copy_of(base);
        judge(folder, run_with(operation, folder, kFaults[f], point, {}, Survives::Nothing, 0),
              name(to_code(kFaults[f])));
      }
    }
    const int stride = is_long() ? 1 : std::max(1, plain.reads / 5);
    for (int point = 1; point <= plain.reads; point += stride) {
      const fs::path folder = copy_of(base);
      judge(folder, run_with(operation, folder, Fault::ReadError, point, {}, Survives::Nothing, 0),
            operation.name + " at read " + std::to_string(point));
    }
  }
  std::printf("%d operations, %d write points, %d trials; %d whole without an answer\n",
              static_cast<int>(operations().size()), points, trials, unanswered);
  EXPECT_GT(points, 60);
}

// What the table leaves in the trail is every kind of event that docs/trail.md names, but those of adopting.
TEST_F(Faults, TheTableIsComplete) {
  std::ifstream in("docs/trail.md");
  std::set<std::string> in_the_document, left;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("| `", 0) != 0) continue;
    const std::string cell = line.substr(0, line.find('|', 1));
    for (std::size_t at = cell.find('`'); at != std::string::npos; at = cell.find('`', at + 1)) {
      const std::size_t end = cell.find('`', at + 1);
      const std::string operation = cell.substr(at + 1, end - at - 1);
      if (operation.rfind("adopt_", 0) != 0) in_the_document.insert(operation);
      at = end;
    }
  }
  for (const Operation& each : operations()) {
    const auto store = open(base_of(each));
    each.run(*store);
    store->trail().read(1, store->trail().size(), [&](std::int64_t, std::string_view bytes) {
      left.insert(trail::decode(bytes)->operation);
    });
  }
  EXPECT_EQ(left, in_the_document);
}

// A process of its own, killed at any moment while it does one thing after another.
class Kills : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(On, Kills, testing::Values("sqlite", "postgres"),
                         [](const auto& each) { return std::string(each.param); });

TEST_P(Kills, AtAnyMomentUnderLoadNothingAcknowledgedIsLost) {
  const bool is_postgres = std::string_view(GetParam()) == "postgres";
  const int kills = is_long() ? (is_postgres ? 200 : 1000) : (is_postgres ? 5 : 20);
  const postgres::Place place(GetParam());
  open(place.where());
  std::int64_t answered = 0;
  int violations = 0;
  for (int kill_number = 0; kill_number < kills; ++kill_number) {
    const std::int64_t events = open(place.where())->trail().size();
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto store = open(place.where());
      const char ready = 0;
      if (write(ends[1], &ready, 1) != 1) _exit(1);
      for (std::size_t i = static_cast<std::size_t>(kill_number);; ++i) {
        const Operation& operation = operations()[i % operations().size()];
        if (!operation.may_repeat) continue;
        operation.run(*store);
        const char done = 1;
        if (write(ends[1], &done, 1) != 1) _exit(1);
      }
    }
    close(ends[1]);
    char ready = 1;
    ASSERT_EQ(read(ends[0], &ready, 1), 1);
    usleep(static_cast<useconds_t>((is_postgres ? 40000 : 500) + kill_number * 1709 % 30000));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    std::int64_t acknowledged = 0;
    for (char one = 0; read(ends[0], &one, 1) == 1;) ++acknowledged;
    close(ends[0]);
    answered += acknowledged;
    const auto store = open(place.where());
    store->set("after", "kill");  // waits until the server has given up what the dead one had begun
    const std::int64_t now = store->trail().size() - 1;
    if (now < events + acknowledged || now > events + acknowledged + 1) ++violations;
    if (!is_postgres && (kill_number % 20 == 19 || kill_number + 1 == kills)) {
      EXPECT_NO_THROW(check_invariants(place.where())) << "after kill " << kill_number + 1;
    }
  }
  std::printf("%d kills, %lld operations acknowledged, %d violations\n", kills,
              static_cast<long long>(answered), violations);
  EXPECT_EQ(violations, 0);
  EXPECT_GT(answered, kills / 4) << "hardly anything was acknowledged: the test proved nothing";
}

// Order rests on numbers, never on clocks.
TEST_F(Faults, AClockThatJumpsBackChangesNoOrder) {
  const fs::path folder = root_ / "clock";
  const auto store = open(folder);
  for (const char* at : {"2023-05-06T09:10:11+08:00", "2019-01-01T00:00:00+08:00",
                         "2031-12-31T23:59:59+08:00", "2023-05-06T09:10:12+08:00"}) {
    store->act_as({.account = "analyst", .at = at});
    store->set("seed", at);
  }
  EXPECT_EQ(store->setting("seed"), "2023-05-06T09:10:12+08:00");
  std::vector<std::string> order;
  store->trail().read(
      1, 4, [&](std::int64_t, std::string_view bytes) { order.push_back(trail::decode(bytes)->at); });
  EXPECT_EQ(order[1].substr(0, 4), "2019");
  EXPECT_EQ(order[2].substr(0, 4), "2031");
  EXPECT_NO_THROW(check_invariants(folder));
}

}  // namespace
}  // namespace tenglong::faults
