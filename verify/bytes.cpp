#include "verify/bytes.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

namespace tenglong_verify {

Sm3::Sm3() : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_), EVP_sm3(), nullptr) != 1)
    throw std::runtime_error("this OpenSSL has no SM3");
}
Sm3::~Sm3() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }
Sm3& Sm3::raw(std::string_view bytes) {
  EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), bytes.data(), bytes.size());
  return *this;
}
Sm3& Sm3::number(std::int64_t value) {
  char bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
  return raw({bytes, sizeof bytes});
}
Sm3& Sm3::counted(std::string_view bytes) {
  return number(static_cast<std::int64_t>(bytes.size())).raw(bytes);
}
Hash Sm3::finish() {
  Hash out{};
  unsigned size = 0;
  EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), out.data(), &size);
  return out;
}

Hash sm3(std::string_view bytes) { return Sm3().raw(bytes).finish(); }
Hash leaf_of(std::string_view event) { return Sm3().raw({"\0", 1}).raw(event).finish(); }
Hash join(const Hash& left, const Hash& right) {
  const auto bytes = [](const Hash& hash) {
    return std::string_view(reinterpret_cast<const char*>(hash.data()), hash.size());
  };
  return Sm3().raw("\x01").raw(bytes(left)).raw(bytes(right)).finish();
}

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char each : bytes) {
    out += "0123456789abcdef"[static_cast<unsigned char>(each) >> 4];
    out += "0123456789abcdef"[static_cast<unsigned char>(each) & 15];
  }
  return out;
}
std::string hex(const Hash& hash) { return hex({reinterpret_cast<const char*>(hash.data()), hash.size()}); }

std::optional<std::string> unhex(std::string_view text) {
  const auto digit = [](char each) {
    return each >= '0' && each <= '9' ? each - '0' : each >= 'a' && each <= 'f' ? each - 'a' + 10 : -1;
  };
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]), low = digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
  }
  return out;
}

namespace {

// Numbers most significant byte first.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}
  std::size_t at() const { return at_; }
  bool is_at_end() const { return at_ == bytes_.size(); }
  std::optional<std::uint64_t> number(std::size_t size) {
    if (bytes_.size() - at_ < size) return std::nullopt;
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < size; ++i) out = out << 8 | static_cast<unsigned char>(bytes_[at_ + i]);
    at_ += size;
    return out;
  }
  std::optional<std::string> take(std::size_t size) {
    if (bytes_.size() - at_ < size) return std::nullopt;
    at_ += size;
    return std::string(bytes_.substr(at_ - size, size));
  }
  std::optional<std::string> text() {
    const auto size = number(4);
    return size ? take(static_cast<std::size_t>(*size)) : std::nullopt;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
KeyPtr key_from(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  return {PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
}

}  // namespace

std::optional<Event> read_event(std::string_view bytes, std::size_t& broken_at) {
  Cursor cursor(bytes);
  Event out;
  const auto stop = [&]() -> std::optional<Event> {
    broken_at = cursor.at();
    return std::nullopt;
  };
  if (cursor.take(4) != "TLE1") return stop();
  const auto number = cursor.number(8);
  if (!number || *number == 0 || *number > INT64_MAX) return stop();
  out.number = static_cast<std::int64_t>(*number);
  for (std::string& each : out.texts) {
    auto text = cursor.text();
    if (!text) return stop();
    each = std::move(*text);
  }
  const auto count = cursor.number(4);
  if (!count) return stop();
  std::string last;
  for (std::uint64_t i = 0; i < *count; ++i) {
    auto name = cursor.text(), value = name ? cursor.text() : std::nullopt;
    if (!value || (i > 0 && *name <= last)) return stop();
    last = *name;
    out.details[std::move(*name)] = std::move(*value);
  }
  if (!cursor.is_at_end()) return stop();
  return out;
}

std::optional<Head> read_head(std::string_view bytes) {
  Cursor cursor(bytes);
  Head out;
  if (cursor.take(4) != "TLH1") return std::nullopt;
  const auto size = cursor.number(8);
  const auto root = cursor.take(32);
  auto area = root ? cursor.text() : std::nullopt, at = area ? cursor.text() : std::nullopt,
       key = at ? cursor.text() : std::nullopt;
  if (!size || *size > INT64_MAX || !key || !cursor.is_at_end()) return std::nullopt;
  out.size = static_cast<std::int64_t>(*size);
  for (std::size_t i = 0; i < 32; ++i) out.root[i] = static_cast<unsigned char>((*root)[i]);
  out.area = std::move(*area);
  out.at = std::move(*at);
  out.key_id = std::move(*key);
  return out;
}

std::string head_bytes(const Head& head) {
  std::string out = "TLH1";
  const auto put = [&](std::uint64_t value, int size) {
    for (int i = size; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xff);
  };
  put(static_cast<std::uint64_t>(head.size), 8);
  out.append(reinterpret_cast<const char*>(head.root.data()), head.root.size());
  for (const std::string* each : {&head.area, &head.at, &head.key_id}) {
    put(each->size(), 4);
    out += *each;
  }
  return out;
}

bool is_signed(std::string_view bytes, std::string_view signature, const std::string& public_pem) {
  const KeyPtr key = key_from(public_pem);
  if (!key) return false;
  EVP_MD_CTX* digest = EVP_MD_CTX_new();
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(key.get(), nullptr);
  EVP_PKEY_CTX_set1_id(context, "1234567812345678", 16);
  EVP_MD_CTX_set_pkey_ctx(digest, context);
  const bool is_good =
      EVP_DigestVerifyInit(digest, nullptr, EVP_sm3(), nullptr, key.get()) == 1 &&
      EVP_DigestVerify(digest, reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) == 1;
  EVP_MD_CTX_free(digest);
  EVP_PKEY_CTX_free(context);
  return is_good;
}

bool is_canonical_key(const std::string& public_pem) {
  const KeyPtr key = key_from(public_pem);
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
  if (!key || PEM_write_bio_PUBKEY(bio.get(), key.get()) != 1) return false;
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string_view(data, static_cast<std::size_t>(size)) == public_pem;
}

bool is_plain_key(const std::string& public_pem) {
  const KeyPtr key = key_from(public_pem);
  if (!key) return false;
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
  char* text = nullptr;
  if (!out || PEM_write_bio_PUBKEY(out.get(), key.get()) != 1) return false;
  const long size = BIO_get_mem_data(out.get(), &text);
  return public_pem == std::string_view(text, static_cast<std::size_t>(size));
}

std::string key_id_of(const std::string& public_pem) {
  const KeyPtr key = key_from(public_pem);
  if (!key) return {};
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key.get(), &der);
  const std::string id =
      hex(sm3({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)})).substr(0, 16);
  OPENSSL_free(der);
  return id;
}

void Tree::begin_with(std::vector<Peak> peaks, std::int64_t size) {
  peaks_ = std::move(peaks);
  size_ = size;
}

void Tree::add(const Hash& leaf) {
  completed_ = {{0, leaf}};
  Peak last{0, leaf};
  while (!peaks_.empty() && peaks_.back().level == last.level) {
    last = {last.level + 1, join(peaks_.back().hash, last.hash)};
    peaks_.pop_back();
    completed_.emplace_back(last.level, last.hash);
  }
  peaks_.push_back(last);
  ++size_;
}

Hash Tree::root() const {
  if (peaks_.empty()) return sm3("");
  Hash out = peaks_.back().hash;
  for (std::size_t i = peaks_.size() - 1; i-- > 0;) out = join(peaks_[i].hash, out);
  return out;
}

}  // namespace tenglong_verify
