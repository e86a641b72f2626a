#include "server/inside/token.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/sha.h>
#include <sodium.h>

#include <memory>
#include <vector>

#include "engine/text/text.h"

namespace tenglong::server {

namespace {

template <auto Free>
struct FreedBy {
  template <typename T>
  void operator()(T* held) const {
    Free(held);
  }
};
using KeyHeld = std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>>;
using NumberHeld = std::unique_ptr<BIGNUM, FreedBy<BN_free>>;

NumberHeld number_of(const std::string& bytes) {
  return NumberHeld(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                              static_cast<int>(bytes.size()), nullptr));
}

KeyHeld key_from(const char* kind, OSSL_PARAM_BLD* built) {
  EVP_PKEY* out = nullptr;
  OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(built);
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr);
  if (parameters == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context) != 1 ||
      EVP_PKEY_fromdata(context, &out, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
    out = nullptr;
  EVP_PKEY_CTX_free(context);
  OSSL_PARAM_free(parameters);
  return KeyHeld(out);
}

constexpr int kFewestBits = 2048;

KeyHeld rsa_key(const Json& key) {
  const auto n = from_base64url(key.text_of("n")), e = from_base64url(key.text_of("e"));
  if (!n || !e || n->size() > 1024 || e->size() > 8) return nullptr;
  const NumberHeld modulus = number_of(*n), exponent = number_of(*e);
  if (BN_num_bits(modulus.get()) < kFewestBits) return nullptr;
  OSSL_PARAM_BLD* built = OSSL_PARAM_BLD_new();
  OSSL_PARAM_BLD_push_BN(built, OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(built, OSSL_PKEY_PARAM_RSA_E, exponent.get());
  KeyHeld out = key_from("RSA", built);
  OSSL_PARAM_BLD_free(built);
  return out;
}

KeyHeld p256_key(const Json& key) {
  const auto x = from_base64url(key.text_of("x")), y = from_base64url(key.text_of("y"));
  if (key.text_of("crv") != "P-256" || !x || !y || x->size() != 32 || y->size() != 32) return nullptr;
  const std::string point = "\x04" + *x + *y;
  OSSL_PARAM_BLD* built = OSSL_PARAM_BLD_new();
  OSSL_PARAM_BLD_push_utf8_string(built, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
  OSSL_PARAM_BLD_push_octet_string(built, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  KeyHeld out = key_from("EC", built);
  OSSL_PARAM_BLD_free(built);
  return out;
}

// r and s behind each other, as a JWS has them, in the form that OpenSSL reads; empty: not of that length.
std::string der_of(const std::string& signature) {
  if (signature.size() != 64) return {};
  ECDSA_SIG* pair = ECDSA_SIG_new();
  NumberHeld r = number_of(signature.substr(0, 32)), s = number_of(signature.substr(32));
  ECDSA_SIG_set0(pair, r.release(), s.release());
  unsigned char* bytes = nullptr;
  const int size = i2d_ECDSA_SIG(pair, &bytes);
  std::string out;
  if (size > 0) out.assign(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  ECDSA_SIG_free(pair);
  return out;
}

bool is_signed_by(EVP_PKEY* key, std::string_view said, const std::string& signature) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const bool out =
      EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key) == 1 &&
      EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                       reinterpret_cast<const unsigned char*>(said.data()), said.size()) == 1;
  EVP_MD_CTX_free(context);
  return out;
}

bool is_signed(std::string_view said, const std::string& signature, const std::string& algorithm,
               const Json& key) {
  if (const std::string use = key.text_of("use"); !use.empty() && use != "sig") return false;
  if (const std::string alg = key.text_of("alg"); !alg.empty() && alg != algorithm) return false;
  if (algorithm == "RS256" && key.text_of("kty") == "RSA") {
    const KeyHeld held = rsa_key(key);
    return held != nullptr && is_signed_by(held.get(), said, signature);
  }
  if (algorithm == "ES256" && key.text_of("kty") == "EC") {
    const KeyHeld held = p256_key(key);
    const std::string der = der_of(signature);
    return held != nullptr && !der.empty() && is_signed_by(held.get(), said, der);
  }
  return false;
}

std::optional<Json> json_part(std::string_view part) {
  const auto bytes = from_base64url(part);
  if (!bytes) return std::nullopt;
  ReadJson read = read_json(*bytes);
  if (!read.diagnostics.empty() || read.value.kind != Json::Kind::Object) return std::nullopt;
  return std::move(read.value);
}

}  // namespace

std::optional<std::string> from_base64url(std::string_view text) {
  std::string out(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(),
                        nullptr, &size, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      end != text.data() + text.size())
    return std::nullopt;
  out.resize(size);
  return out;
}

std::string to_base64url(std::string_view bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  out.pop_back();  // its end mark
  return out;
}

std::string sha256(std::string_view bytes) {
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

VerifiedToken verify_token(std::string_view token, const Json& key_set) {
  const auto parts = text::split(token, '.');
  if (parts.size() != 3 || token.size() > 32768) return {.why = "the token does not have three parts"};
  const auto head = json_part(parts[0]);
  auto claims = json_part(parts[1]);
  const auto signature = from_base64url(parts[2]);
  if (!head || !claims || !signature) return {.why = "the token cannot be read"};
  const std::string algorithm = head->text_of("alg"), name = head->text_of("kid");
  if (algorithm != "RS256" && algorithm != "ES256") return {.why = "algorithm " + algorithm};
  if (head->find("crit") != nullptr) return {.why = "the token wants what is not known here"};
  const std::string_view said = token.substr(0, parts[0].size() + 1 + parts[1].size());
  const Json* keys = key_set.find("keys");
  if (keys == nullptr) return {.why = "the provider shows no keys"};
  for (const Json& key : keys->items) {
    if (!name.empty() && !key.text_of("kid").empty() && key.text_of("kid") != name) continue;
    if (is_signed(said, *signature, algorithm, key)) return {.claims = std::move(claims)};
  }
  return {.why = "none of the provider's keys signed the token"};
}

}  // namespace tenglong::server
