// The byte form, the tree against its definition, proofs, signatures.
#include "campaign/trail/trail.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace tenglong::trail {
namespace {

Event an_event() {
  return {.number = 7,
          .area = "330902",
          .at = "2023-05-06T09:10:11+08:00",
          .account = "张三",
          .operation = "import_batch",
          .kind = "batch",
          .object = "12",
          .after = "aa",
          .details = {{"rows", "2000"}, {"file", "税.xlsx"}}};
}

TEST(Event, HasOneByteForm) {
  const std::string bytes = encode(an_event());
  const auto back = decode(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->details,
            (std::vector<std::pair<std::string, std::string>>{{"file", "税.xlsx"}, {"rows", "2000"}}));
  EXPECT_EQ(encode(*back), bytes);
  std::string hex;
  for (const char each : bytes.substr(0, 30)) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", static_cast<unsigned char>(each));
    hex += two;
  }
  EXPECT_EQ(hex,
            "544c4531"
            "0000000000000007"
            "00000006"
            "333330393032"
            "00000019"
            "32303233")
      << "docs/trail.md";
}

RC_GTEST_PROP(Event, EverythingElseIsRefused, ()) {
  std::string bytes = encode(an_event());
  const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      bytes.erase(at, 1);
      break;
    case 1:
      bytes.insert(at, 1, *rc::gen::arbitrary<char>());
      break;
    default:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << *rc::gen::inRange(0, 8)));
  }
  const auto back = decode(bytes);
  if (back) RC_ASSERT(encode(*back) == bytes && !(*back == *decode(encode(an_event()))));
}

// By definition, over all leaves at once.
Hash root_of(const std::vector<Hash>& leaves, std::size_t begin, std::size_t size) {
  if (size == 1) return leaves[begin];
  std::size_t left = 1;
  while (left * 2 < size) left *= 2;
  return node_hash(root_of(leaves, begin, left), root_of(leaves, begin + left, size - left));
}

struct Kept {
  std::map<std::pair<int, std::int64_t>, Hash> nodes;
  std::vector<Hash> leaves;
  NodeAt at() const {
    return [this](int level, std::int64_t index) { return nodes.at({level, index}); };
  }
  void add(const std::string& bytes) {
    const Hash leaf = leaf_hash(bytes);
    for (const Node& each : append(static_cast<std::int64_t>(leaves.size()), leaf, at()))
      nodes[{each.level, each.index}] = each.hash;
    leaves.push_back(leaf);
  }
};

TEST(Tree, RootsAndProofsOfAllSizesTo130) {
  Kept kept;
  std::vector<Hash> roots = {root(0, kept.at())};
  EXPECT_EQ(to_hex(roots[0]), "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b")
      << "SM3 of nothing";
  for (std::int64_t n = 1; n <= 130; ++n) {
    kept.add("event " + std::to_string(n));
    roots.push_back(root(n, kept.at()));
    ASSERT_EQ(roots.back(), root_of(kept.leaves, 0, static_cast<std::size_t>(n)));
    for (std::int64_t i = 0; i < n; ++i) {
      const auto proof = inclusion_proof(i, n, kept.at());
      ASSERT_TRUE(is_included(kept.leaves[static_cast<std::size_t>(i)], i, n, proof, roots.back()))
          << i << " of " << n;
      ASSERT_FALSE(is_included(leaf_hash("another"), i, n, proof, roots.back()));
      if (n > 1) {
        ASSERT_FALSE(
            is_included(kept.leaves[static_cast<std::size_t>(i)], (i + 1) % n, n, proof, roots.back()));
      }
    }
    for (std::int64_t before = 0; before <= n; ++before) {
      const auto proof = consistency_proof(before, n, kept.at());
      const Hash& earlier = roots[static_cast<std::size_t>(before)];
      ASSERT_TRUE(is_consistent(before, n, earlier, roots.back(), proof)) << before << " in " << n;
      if (before > 0) {
        ASSERT_FALSE(is_consistent(before, n, leaf_hash("x"), roots.back(), proof));
      }
    }
  }
}

TEST(Head, IsSignedBySm2AndByNobodyElse) {
  const Key key = make_key(), other = make_key();
  Head head{.area = "330902",
            .size = 5,
            .root = leaf_hash("r"),
            .at = "2023-01-01T00:00:00+08:00",
            .key_id = key.id};
  const std::string signature = sign(head, key);
  EXPECT_TRUE(is_signed_by(head, signature, key.public_pem));
  EXPECT_FALSE(is_signed_by(head, signature, other.public_pem));
  head.size = 6;
  EXPECT_FALSE(is_signed_by(head, signature, key.public_pem));
  const auto again = read_key(key.private_pem);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id, key.id);
  EXPECT_FALSE(read_key("no key"));
  EXPECT_FALSE(is_signed_by(head, "no signature", "no key"));
}

}  // namespace
}  // namespace tenglong::trail
