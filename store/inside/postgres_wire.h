// The bytes of PostgreSQL's binary formats: what COPY takes, what a row's columns are.
#pragma once
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace tenglong::store::wire {

// Types by their numbers, which are part of the protocol.
inline constexpr unsigned kBool = 16, kBytes = 17, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25,
                          kFloat4 = 700, kFloat8 = 701;

template <class Number>
void put(std::string& out, Number value) {
  for (int shift = 8 * (static_cast<int>(sizeof(Number)) - 1); shift >= 0; shift -= 8)
    out += static_cast<char>(static_cast<std::uint64_t>(value) >> shift & 0xFF);
}

template <class Number>
Number get(const char* bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) out = out << 8 | static_cast<unsigned char>(bytes[i]);
  return static_cast<Number>(out);
}

inline std::string_view copy_header() {
  static constexpr char kHeader[] = "PGCOPY\n\xFF\r\n\0\0\0\0\0\0\0\0";
  return {kHeader, 19};
}

inline void put_value(std::string& out, std::string_view bytes) {
  put(out, static_cast<std::int32_t>(bytes.size()));
  out += bytes;
}
inline void put_value(std::string& out, std::int64_t number) {
  put(out, std::int32_t{8});
  put(out, number);
}
inline void put_value(std::string& out, double number) {
  put_value(out, std::bit_cast<std::int64_t>(number));
}
inline void put_null(std::string& out) { put(out, std::int32_t{-1}); }

}  // namespace tenglong::store::wire
