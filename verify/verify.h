// Checks a trail without the system that wrote it. This folder includes no header of any other: what it knows
// is docs/trail.md, and all it shares is OpenSSL (SM3, SM2) and SQLite.
//
// In:    an exported range, or a data folder's database (opened read-only). Out: every place where something
// was changed. Never: trusts a stored hash: all of them are worked out again from the events and rows.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tenglong_verify {

struct Finding {
  std::string place;  // event 12, node 3/1, head 40, batch 7
  std::string zh, en;
};

struct Report {
  std::vector<Finding> findings = {};
  std::int64_t events = 0, heads = 0, objects = 0;
  std::string root = {};  // of all events read, 64 letters
  bool is_clean() const { return findings.empty(); }
};

// `trusted_key`: a public key (PEM) that was handed over by another way; without it the key in the file is
// believed. `earlier`: the "head ..." line of an export kept from before; the trail must go on from there.
Report check_export(std::string_view bytes, const std::optional<std::string>& trusted_key = {},
                    const std::optional<std::string>& earlier = {});
// All areas of the database. Throws std::runtime_error if it cannot be opened.
Report check_database(const std::string& path, const std::optional<std::string>& trusted_key = {});

}  // namespace tenglong_verify
