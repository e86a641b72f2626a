// SM3 (GB/T 32905-2016) over a canonical byte form, so that two machines can say "the same" in 64 letters.
//
// In:    tagged fields in a fixed order; every field is written with its length, so "ab","c" differs from
// "a","bc". Out:   64 lower-case hexadecimal digits. Never: depends on locale, word order of the machine,
// thread or time.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tenglong::fingerprint {

class Digest {
 public:
  Digest();
  ~Digest();
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;

  Digest& bytes(std::string_view raw);    // raw bytes, no length: for whole files
  Digest& field(std::string_view value);  // length (8 bytes, little endian), then the bytes
  Digest& number(std::int64_t value);     // 8 bytes, little endian
  std::string hex();                      // ends the digest; call once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string of_bytes(std::string_view raw);
// First 12 digits: what screens and reports print.
std::string short_form(std::string_view hex);

}  // namespace tenglong::fingerprint
