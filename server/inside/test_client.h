// A plain socket client for tests: sends bytes, reads answers.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace tenglong::server {

struct Received {
  int status = 0;
  std::map<std::string, std::string> headers = {};  // lower case; of the same name the last
  std::vector<std::string> cookies = {};
  std::string body = {};
  bool is_whole = false;
};

class TestClient {
 public:
  explicit TestClient(int port);
  ~TestClient();
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;
  bool send(const std::string& bytes);
  Received receive(bool has_body = true);  // one answer; chunked bodies are joined
  std::string receive_some();              // what comes next; "" at the end or after three seconds
  Received ask(const std::string& method, const std::string& target, const std::string& body = "",
               const std::map<std::string, std::string>& headers = {});
  std::map<std::string, std::string> always = {};  // headers of every ask()

 private:
  bool more();
  int socket_ = -1;
  std::string inbox_;
};

}  // namespace tenglong::server
