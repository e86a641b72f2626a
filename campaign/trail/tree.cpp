#include "campaign/trail/tree.h"

#include <bit>

#include "engine/fingerprint/fingerprint.h"
#include "engine/text/ensure.h"

namespace tenglong::trail {

namespace {

std::string_view bytes_of(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

Hash from_hex(const std::string& hex) {
  Hash out{};
  const auto digit = [](char each) { return each <= '9' ? each - '0' : each - 'a' + 10; };
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<unsigned char>(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
  return out;
}

// The largest power of two below `size`, which is at least 2.
std::int64_t split_of(std::int64_t size) {
  return static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(size - 1)));
}
int level_of(std::int64_t leaves) { return std::countr_zero(static_cast<std::uint64_t>(leaves)); }

// Over the leaves [begin, begin + size).
Hash subtree(std::int64_t begin, std::int64_t size, const NodeAt& node) {
  if (std::has_single_bit(static_cast<std::uint64_t>(size)) && begin % size == 0)
    return node(level_of(size), begin / size);
  const std::int64_t left = split_of(size);
  return node_hash(subtree(begin, left, node), subtree(begin + left, size - left, node));
}

void inclusion(std::int64_t index, std::int64_t begin, std::int64_t size, const NodeAt& node,
               std::vector<Hash>& out) {
  if (size == 1) return;
  const std::int64_t left = split_of(size);
  if (index < left) {
    inclusion(index, begin, left, node, out);
    out.push_back(subtree(begin + left, size - left, node));
  } else {
    inclusion(index - left, begin + left, size - left, node, out);
    out.push_back(subtree(begin, left, node));
  }
}

// RFC 9162, 2.1.4.1.
void consistency(std::int64_t before, std::int64_t begin, std::int64_t size, bool is_whole,
                 const NodeAt& node, std::vector<Hash>& out) {
  if (before == size) {
    if (!is_whole) out.push_back(subtree(begin, size, node));
    return;
  }
  const std::int64_t left = split_of(size);
  if (before <= left) {
    consistency(before, begin, left, is_whole, node, out);
    out.push_back(subtree(begin + left, size - left, node));
  } else {
    consistency(before - left, begin + left, size - left, false, node, out);
    out.push_back(subtree(begin, left, node));
  }
}

}  // namespace

std::string to_hex(const Hash& hash) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const unsigned char each : hash) {
    out += kDigits[each >> 4];
    out += kDigits[each & 15];
  }
  return out;
}

Hash leaf_hash(std::string_view bytes) {
  return from_hex(fingerprint::Digest{}.bytes(std::string_view("\0", 1)).bytes(bytes).hex());
}
Hash node_hash(const Hash& left, const Hash& right) {
  return from_hex(fingerprint::Digest{}.bytes("\x01").bytes(bytes_of(left)).bytes(bytes_of(right)).hex());
}

std::vector<Node> append(std::int64_t size, const Hash& leaf, const NodeAt& node) {
  std::vector<Node> out = {{0, size, leaf}};
  Hash hash = leaf;
  std::int64_t index = size;
  for (int level = 0; index % 2 == 1; ++level) {
    hash = node_hash(node(level, index - 1), hash);
    index /= 2;
    out.push_back({level + 1, index, hash});
  }
  return out;
}

Hash root(std::int64_t size, const NodeAt& node) {
  if (size == 0) return from_hex(fingerprint::of_bytes(""));
  return subtree(0, size, node);
}

std::vector<Node> peaks(std::int64_t size, const NodeAt& node) {
  std::vector<Node> out;
  std::int64_t begin = 0;
  while (begin < size) {
    const auto leaves = static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(size - begin)));
    out.push_back({level_of(leaves), begin / leaves, node(level_of(leaves), begin / leaves)});
    begin += leaves;
  }
  return out;
}

std::vector<Hash> inclusion_proof(std::int64_t index, std::int64_t size, const NodeAt& node) {
  ensure(0 <= index && index < size, "the leaf is in the tree");
  std::vector<Hash> out;
  inclusion(index, 0, size, node, out);
  return out;
}

std::vector<Hash> consistency_proof(std::int64_t before, std::int64_t size, const NodeAt& node) {
  ensure(0 <= before && before <= size, "the earlier tree is not larger");
  std::vector<Hash> out;
  if (before > 0 && before < size) consistency(before, 0, size, true, node, out);
  return out;
}

// RFC 9162, 2.1.3.2.
bool is_included(const Hash& leaf, std::int64_t index, std::int64_t size, const std::vector<Hash>& proof,
                 const Hash& root) {
  if (index < 0 || index >= size) return false;
  auto at = static_cast<std::uint64_t>(index), last = static_cast<std::uint64_t>(size - 1);
  Hash hash = leaf;
  for (const Hash& each : proof) {
    if (last == 0) return false;
    if ((at & 1) == 1 || at == last) {
      hash = node_hash(each, hash);
      while ((at & 1) == 0 && at != 0) at >>= 1, last >>= 1;
    } else {
      hash = node_hash(hash, each);
    }
    at >>= 1, last >>= 1;
  }
  return last == 0 && hash == root;
}

// RFC 9162, 2.1.4.2.
bool is_consistent(std::int64_t before, std::int64_t size, const Hash& root_before, const Hash& root,
                   const std::vector<Hash>& proof) {
  if (before < 0 || before > size) return false;
  if (before == size) return proof.empty() && root_before == root;
  if (before == 0) return proof.empty();
  std::vector<Hash> path = proof;
  if (std::has_single_bit(static_cast<std::uint64_t>(before))) path.insert(path.begin(), root_before);
  if (path.empty()) return false;
  auto at = static_cast<std::uint64_t>(before - 1), last = static_cast<std::uint64_t>(size - 1);
  while ((at & 1) == 1) at >>= 1, last >>= 1;
  Hash earlier = path[0], later = path[0];
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (last == 0) return false;
    if ((at & 1) == 1 || at == last) {
      earlier = node_hash(path[i], earlier);
      later = node_hash(path[i], later);
      while ((at & 1) == 0 && at != 0) at >>= 1, last >>= 1;
    } else {
      later = node_hash(later, path[i]);
    }
    at >>= 1, last >>= 1;
  }
  return last == 0 && earlier == root_before && later == root;
}

}  // namespace tenglong::trail
