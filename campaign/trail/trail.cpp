#include "campaign/trail/trail.h"

#include "engine/text/ensure.h"

namespace tenglong::trail {

namespace {

std::string hex_of(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char each : bytes) {
    out += kDigits[static_cast<unsigned char>(each) >> 4];
    out += kDigits[static_cast<unsigned char>(each) & 15];
  }
  return out;
}

}  // namespace

SignedHead sign_now(TrailStore& store, const std::string& area, const std::string& at, const Key& key) {
  SignedHead out;
  out.head = {.area = area, .size = store.size(), .at = at, .key_id = key.id};
  out.head.root =
      root(out.head.size, [&](int level, std::int64_t index) { return store.node(level, index); });
  out.signature = sign(out.head, key);
  out.public_pem = key.public_pem;
  store.keep_head(out);
  return out;
}

std::string export_range(const TrailStore& store, std::int64_t from, const SignedHead& head) {
  ensure(from >= 1 && from <= head.head.size + 1, "the range begins within the trail");
  std::string out = "TENGLONG-TRAIL 1\n";
  out += "area " + hex_of(head.head.area) + "\nfrom " + std::to_string(from) + "\nto " +
         std::to_string(head.head.size) + "\n";
  for (const Node& each :
       peaks(from - 1, [&](int level, std::int64_t index) { return store.node(level, index); }))
    out += "peak " + std::to_string(each.level) + " " + std::to_string(each.index) + " " + to_hex(each.hash) +
           "\n";
  store.read(from, head.head.size, [&](std::int64_t number, std::string_view encoded) {
    out += "event " + std::to_string(number) + " " + hex_of(encoded) + "\n";
  });
  out += "head " + hex_of(encode(head.head)) + "\nsignature " + hex_of(head.signature) + "\nkey " +
         hex_of(head.public_pem) + "\nend\n";
  return out;
}

}  // namespace tenglong::trail
