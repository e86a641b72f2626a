#include "engine/fingerprint/fingerprint.h"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "engine/text/ensure.h"

namespace tenglong::fingerprint {

struct Digest::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  bool ended = false;
  ~State() { EVP_MD_CTX_free(context); }
};

Digest::Digest() : state_(std::make_unique<State>()) {
  if (state_->context == nullptr || EVP_DigestInit_ex(state_->context, EVP_sm3(), nullptr) != 1)
    throw std::runtime_error("SM3 is not available in this OpenSSL");
}
Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

Digest& Digest::bytes(std::string_view raw) {
  ensure(!state_->ended, "a digest takes nothing more after hex()");
  EVP_DigestUpdate(state_->context, raw.data(), raw.size());
  return *this;
}

Digest& Digest::number(std::int64_t value) {
  std::array<char, 8> little{};
  for (std::size_t i = 0; i < little.size(); ++i)
    little[i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
  return bytes({little.data(), little.size()});
}

Digest& Digest::field(std::string_view value) {
  return number(static_cast<std::int64_t>(value.size())).bytes(value);
}

std::string Digest::hex() {
  ensure(!state_->ended, "hex() is called once");
  state_->ended = true;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(state_->context, digest.data(), &size);
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (unsigned int i = 0; i < size; ++i) {
    out += kHex[digest[i] >> 4];
    out += kHex[digest[i] & 15];
  }
  return out;
}

std::string of_bytes(std::string_view raw) { return Digest{}.bytes(raw).hex(); }

std::string short_form(std::string_view hex) { return std::string(hex.substr(0, 12)); }

}  // namespace tenglong::fingerprint
