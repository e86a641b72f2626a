#include "campaign/trail/head.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

#include "engine/fingerprint/fingerprint.h"

namespace tenglong::trail {

namespace {

constexpr std::string_view kIdentity = "1234567812345678";  // GM/T 0009-2012

using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;
using DigestPtr = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

Key key_of(EVP_PKEY* key) {
  Key out;
  const BioPtr secret(BIO_new(BIO_s_mem()), BIO_free), open(BIO_new(BIO_s_mem()), BIO_free);
  if (PEM_write_bio_PrivateKey(secret.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
      PEM_write_bio_PUBKEY(open.get(), key) != 1)
    throw std::runtime_error("the key cannot be written");
  out.private_pem = text_of(secret.get());
  out.public_pem = text_of(open.get());
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  out.id = fingerprint::of_bytes({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)})
               .substr(0, 16);
  OPENSSL_free(der);
  return out;
}

// A context for signing or checking, with the identity that SM2 mixes into its digest.
struct Signing {
  DigestPtr digest{EVP_MD_CTX_new(), EVP_MD_CTX_free};
  explicit Signing(EVP_PKEY* key) : context_(EVP_PKEY_CTX_new(key, nullptr)) {
    EVP_PKEY_CTX_set1_id(context_, kIdentity.data(), static_cast<int>(kIdentity.size()));
    EVP_MD_CTX_set_pkey_ctx(digest.get(), context_);
  }
  ~Signing() {
    digest.reset();
    EVP_PKEY_CTX_free(context_);
  }
  Signing(const Signing&) = delete;
  Signing& operator=(const Signing&) = delete;

 private:
  EVP_PKEY_CTX* context_;
};

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = bytes; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xff);
}

}  // namespace

std::string encode(const Head& head) {
  std::string out = "TLH1";
  put(out, static_cast<std::uint64_t>(head.size), 8);
  out.append(reinterpret_cast<const char*>(head.root.data()), head.root.size());
  for (const std::string* each : {&head.area, &head.at, &head.key_id}) {
    put(out, each->size(), 4);
    out += *each;
  }
  return out;
}

Key make_key() {
  const KeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2"), EVP_PKEY_free);
  if (!key) throw std::runtime_error("this OpenSSL makes no SM2 keys");
  return key_of(key.get());
}

std::optional<Key> read_key(const std::string& private_pem) {
  const BioPtr bio(BIO_new_mem_buf(private_pem.data(), static_cast<int>(private_pem.size())), BIO_free);
  const KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  if (!key || EVP_PKEY_is_a(key.get(), "SM2") != 1) return std::nullopt;
  return key_of(key.get());
}

std::string sign(const Head& head, const Key& key) {
  const BioPtr bio(BIO_new_mem_buf(key.private_pem.data(), static_cast<int>(key.private_pem.size())),
                   BIO_free);
  const KeyPtr secret(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  if (!secret) throw std::runtime_error("the signing key cannot be read");
  const Signing signing(secret.get());
  const std::string bytes = encode(head);
  std::size_t size = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  if (EVP_DigestSignInit(signing.digest.get(), nullptr, EVP_sm3(), nullptr, secret.get()) != 1 ||
      EVP_DigestSign(signing.digest.get(), nullptr, &size, data, bytes.size()) != 1)
    throw std::runtime_error("the head cannot be signed");
  std::string out(size, '\0');
  if (EVP_DigestSign(signing.digest.get(), reinterpret_cast<unsigned char*>(out.data()), &size, data,
                     bytes.size()) != 1)
    throw std::runtime_error("the head cannot be signed");
  out.resize(size);
  return out;
}

bool is_signed_by(const Head& head, std::string_view signature, const std::string& public_pem) {
  const BioPtr bio(BIO_new_mem_buf(public_pem.data(), static_cast<int>(public_pem.size())), BIO_free);
  const KeyPtr key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  if (!key) return false;
  const Signing signing(key.get());
  const std::string bytes = encode(head);
  return EVP_DigestVerifyInit(signing.digest.get(), nullptr, EVP_sm3(), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(signing.digest.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                          bytes.size()) == 1;
}

}  // namespace tenglong::trail
