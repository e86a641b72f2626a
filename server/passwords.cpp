#include "server/passwords.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <array>

#include "engine/fingerprint/fingerprint.h"
#include "engine/text/ensure.h"
#include "engine/text/text.h"

namespace tenglong::server {

namespace {

void ready() { ensure(sodium_init() >= 0, "libsodium starts"); }

// 19 MiB, twice: 18 ms on one core of the machine that it was measured on.
constexpr unsigned long long kPasses = 2;
constexpr std::size_t kMemory = 19 << 20;

constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::string from_base32(std::string_view text) {
  std::string out;
  unsigned bits = 0, held = 0;
  for (const char c : text) {
    const std::size_t value = kBase32.find(c);
    if (value == std::string_view::npos) return {};
    bits = bits << 5 | static_cast<unsigned>(value);
    held += 5;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> held & 0xff);
  }
  return out;
}

std::string to_base32(std::string_view bytes) {
  std::string out;
  unsigned bits = 0, held = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    held += 8;
    while (held >= 5) {
      held -= 5;
      out += kBase32[bits >> held & 31];
    }
  }
  if (held > 0) out += kBase32[bits << (5 - held) & 31];
  return out;
}

// Parts of which guessable passwords are made. A password that is little else is refused.
constexpr std::array<std::string_view, 40> kGuessable = {
    "password", "passw0rd", "qwerty",  "asdfgh",   "zxcvbn",   "1qaz2wsx", "admin",    "administrator",
    "root",     "guest",    "welcome", "letmein",  "iloveyou", "abc123",   "woaini",   "5201314",
    "zhuanban", "jingxin",  "dinghai", "zhoushan", "zhejiang", "tenglong", "huanniao", "fenghuang",
    "niepan",   "gongye",   "qiye",    "mima",     "test",     "demo",     "sample",   "district",
    "changeme", "default",  "secret",  "888888",   "666666",   "123123",   "112233",   "a1b2c3"};

// What is left of a text when guessable parts, runs and repetitions are taken out.
std::size_t left_after_patterns(std::string text, const std::vector<std::string>& own) {
  const auto take_out = [&](std::string_view part) {
    for (std::size_t at = 0; part.size() >= 3 && (at = text.find(part)) != std::string::npos;)
      text.replace(at, part.size(), "\n");
  };
  for (const std::string_view part : kGuessable) take_out(part);
  for (const std::string& part : own) take_out(part);
  for (int year = 1950; year <= 2050; ++year) take_out(std::to_string(year));
  std::size_t left = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') continue;
    // aaaa, 1234, dcba: a character that follows from the one before counts for nothing.
    if (i > 0) {
      const int step = text[i] - text[i - 1];
      if (step == 0 || step == 1 || step == -1) continue;
    }
    ++left;
  }
  return left;
}

void tell(diagnostic::Diagnostics& told, text::Words message, text::Words advice) {
  told.push_back({.code = "E-SERVER-308",
                  .place = {.file = "body", .cell = "/password"},
                  .message = std::move(message),
                  .advice = std::move(advice)});
}

}  // namespace

std::string random_token() {
  ready();
  std::array<unsigned char, 32> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  char text[sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
  sodium_bin2base64(text, sizeof text, bytes.data(), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return text;
}

std::string hash_of_token(std::string_view token) { return fingerprint::of_bytes(token); }

std::string hash_password(const std::string& password) {
  ready();
  char out[crypto_pwhash_STRBYTES];
  ensure(crypto_pwhash_str(out, password.data(), password.size(), kPasses, kMemory) == 0,
         "there is memory for a password hash");
  return out;
}

bool is_password(const std::string& hash, const std::string& password) {
  ready();
  return !hash.empty() && crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

void spend_as_much(const std::string& password) {
  static const std::string of_nobody = hash_password(random_token());
  is_password(of_nobody, password);
}

diagnostic::Diagnostics check_password(std::string_view password, std::string_view account,
                                       std::string_view name) {
  constexpr std::size_t kLeast = 12, kMost = 200, kLeastLeft = 8;
  diagnostic::Diagnostics told;
  if (!text::is_utf8(password)) tell(told, {"口令不是可读的文字。", "The password is not text."}, {});
  const std::size_t size = text::code_point_count(password);
  if (size < kLeast)
    tell(told,
         {"口令太短：至少 12 个字，现有 " + std::to_string(size) + " 个。",
          "The password is too short: at least 12 characters; there are " + std::to_string(size) + "."},
         {"用几个不相干的词连成一句。", "Join a few unrelated words."});
  if (size > kMost)
    tell(told, {"口令太长：至多 200 个字。", "The password is too long: at most 200 characters."}, {});
  std::vector<std::string> own{text::ascii_lower(account), std::string(name)};
  const std::string lower = text::ascii_lower(password);
  if (size >= kLeast && left_after_patterns(lower, own) < kLeastLeft)
    tell(told,
         {"口令太好猜：去掉常见的词、年份、账号和连续重复的字符，所剩不多。",
          "The password is easy to guess: little is left without common words, years, the account and runs."},
         {"换几个不相干的词。", "Use other, unrelated words."});
  return told;
}

std::string new_secret() {
  ready();
  std::array<char, 20> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return to_base32({bytes.data(), bytes.size()});
}

std::string code_at(std::string_view secret, std::int64_t step) {
  const std::string key = from_base32(secret);
  std::array<unsigned char, 8> counter{};
  for (int i = 7; i >= 0; --i, step >>= 8)
    counter[static_cast<std::size_t>(i)] = static_cast<unsigned char>(step & 0xff);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), counter.data(), counter.size(), digest.data(),
       &size);
  const std::size_t at = digest[19] & 15;
  const unsigned number =
      (static_cast<unsigned>(digest[at] & 0x7f) << 24 | static_cast<unsigned>(digest[at + 1]) << 16 |
       static_cast<unsigned>(digest[at + 2]) << 8 | digest[at + 3]) %
      1000000;
  std::string out = std::to_string(number);
  return std::string(6 - out.size(), '0') + out;
}

std::optional<std::int64_t> step_of_code(std::string_view secret, std::string_view code, std::int64_t now,
                                         std::int64_t last_step) {
  if (code.size() != 6 || secret.empty()) return std::nullopt;
  const std::int64_t step = now / 30;
  for (std::int64_t at = step - 1; at <= step + 1; ++at)
    if (at > last_step && sodium_memcmp(code_at(secret, at).data(), code.data(), 6) == 0) return at;
  return std::nullopt;
}

std::string authenticator_uri(std::string_view secret, std::string_view account, std::string_view issuer) {
  const auto encoded = [](std::string_view text) {
    constexpr char kHex[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text)
      if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
        out += c;
      else
        out += std::string("%") + kHex[static_cast<unsigned char>(c) >> 4] +
               kHex[static_cast<unsigned char>(c) & 15];
    return out;
  };
  return "otpauth://totp/" + encoded(issuer) + ":" + encoded(account) + "?secret=" + std::string(secret) +
         "&issuer=" + encoded(issuer);
}

std::vector<std::string> new_recovery_codes() {
  ready();
  std::vector<std::string> out;
  for (int i = 0; i < 10; ++i) {
    std::array<char, 8> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::string code = text::ascii_lower(to_base32({bytes.data(), bytes.size()})).substr(0, 12);
    out.push_back(code.substr(0, 4) + "-" + code.substr(4, 4) + "-" + code.substr(8, 4));
  }
  return out;
}

}  // namespace tenglong::server
