// A text that many hold in common: a copy costs a pointer.
//
// In:    a text. Out: the same text, never changed. Order: as texts. Cost: 8 bytes a holder, one allocation a
//        text; the last holder frees it. May be copied by many threads at once.
// Never: looks for an equal text by itself: whoever makes many of the same gives out one (Sharing).
#pragma once
#include <atomic>
#include <compare>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace tenglong::text {

class Shared;
template <typename T>
concept TextLike = std::convertible_to<const T&, std::string_view> && !std::same_as<T, Shared>;

class Shared {
 public:
  Shared() = default;                                                                           // ""
  Shared(std::string text) : node_(text.empty() ? nullptr : new Node{{1}, std::move(text)}) {}  // NOLINT
  Shared(std::string_view text) : Shared(std::string(text)) {}                                  // NOLINT
  Shared(const char* text) : Shared(std::string(text)) {}                                       // NOLINT
  Shared(const Shared& other) noexcept : node_(other.node_) {
    if (node_ != nullptr) node_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  Shared(Shared&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  Shared& operator=(Shared other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~Shared() {
    if (node_ != nullptr && node_->holders.fetch_sub(1, std::memory_order_acq_rel) == 1) delete node_;
  }

  const std::string& str() const {
    static const std::string kNothing;
    return node_ == nullptr ? kNothing : node_->text;
  }
  operator const std::string&() const { return str(); }  // NOLINT
  operator std::string_view() const { return str(); }    // NOLINT
  bool empty() const { return node_ == nullptr; }
  std::size_t size() const { return str().size(); }
  std::size_t find(std::string_view part) const { return str().find(part); }
  bool is_same(const Shared& other) const { return node_ == other.node_; }  // the one text, not one like it

  friend bool operator==(const Shared& a, const Shared& b) {
    return a.node_ == b.node_ || a.str() == b.str();
  }
  friend std::strong_ordering operator<=>(const Shared& a, const Shared& b) {
    return a.node_ == b.node_ ? std::strong_ordering::equal : a.str() <=> b.str();
  }
  template <TextLike T>
  friend bool operator==(const Shared& a, const T& b) {
    return a.str() == std::string_view(b);
  }
  template <TextLike T>
  friend std::strong_ordering operator<=>(const Shared& a, const T& b) {
    return std::string_view(a.str()) <=> std::string_view(b);
  }
  template <TextLike T>
  friend std::string operator+(const T& a, const Shared& b) {
    return std::string(std::string_view(a)) += b.str();
  }
  template <TextLike T>
  friend std::string operator+(const Shared& a, const T& b) {
    return std::string(a.str()) += std::string_view(b);
  }

 private:
  struct Node {
    std::atomic<std::uint32_t> holders;
    const std::string text;
  };
  Node* node_ = nullptr;
};

// Gives out one text for all that are equal.
class Sharing {
 public:
  Shared of(const Shared& text) {
    return text.empty() ? text : known_.try_emplace(std::string_view(text.str()), text).first->second;
  }

 private:
  std::unordered_map<std::string_view, Shared> known_;  // by the text that its holder keeps
};

}  // namespace tenglong::text
