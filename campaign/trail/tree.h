// The Merkle tree over events: shape of RFC 9162, hash SM3.
//
// leaf = SM3(00 ‖ bytes), node = SM3(01 ‖ left ‖ right), the root of nothing = SM3(). Nodes of whole subtrees
// never change, so they are kept: level 0 are the leaves, node (l, i) stands over the leaves [i·2^l,
// (i+1)·2^l). Cost: an append is at most log2(n) hashes; a root or a proof log2(n) reads.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tenglong::trail {

using Hash = std::array<unsigned char, 32>;
std::string to_hex(const Hash& hash);

Hash leaf_hash(std::string_view bytes);
Hash node_hash(const Hash& left, const Hash& right);

// A node of a whole subtree that is kept.
using NodeAt = std::function<Hash(int level, std::int64_t index)>;

struct Node {
  int level = 0;
  std::int64_t index = 0;
  Hash hash = {};
};
// What to keep when a leaf joins a tree of `size` leaves: the leaf, and every node that it completes.
std::vector<Node> append(std::int64_t size, const Hash& leaf, const NodeAt& node);

Hash root(std::int64_t size, const NodeAt& node);
// The roots of the whole subtrees that a tree of this size is made of, from left to right: from these alone,
// more leaves can be added.
std::vector<Node> peaks(std::int64_t size, const NodeAt& node);

// That leaf `index` (from 0) is in the tree of `size`; and that the tree of `size` begins with that of
// `before`.
std::vector<Hash> inclusion_proof(std::int64_t index, std::int64_t size, const NodeAt& node);
std::vector<Hash> consistency_proof(std::int64_t before, std::int64_t size, const NodeAt& node);
bool is_included(const Hash& leaf, std::int64_t index, std::int64_t size, const std::vector<Hash>& proof,
                 const Hash& root);
bool is_consistent(std::int64_t before, std::int64_t size, const Hash& root_before, const Hash& root,
                   const std::vector<Hash>& proof);

}  // namespace tenglong::trail
