// What we are held against: Asio coroutines, Beast's parser, one small answer, nothing else.
#pragma once
#include <memory>
#include <string>

namespace tenglong::bench {

class Skeleton {
 public:
  explicit Skeleton(std::string body);
  ~Skeleton();
  int port() const;
  void run();  // blocks
  void stop();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace tenglong::bench
