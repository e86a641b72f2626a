#include "server/log.h"

#include <chrono>
#include <ctime>
#include <filesystem>

namespace tenglong::server {

namespace {

// Written out before it leaves the cache: filling megabytes costs a request more than its line does.
constexpr std::size_t kManyWaiting = 64 << 10;

}  // namespace

void put_now(Line& line) {
  thread_local std::time_t of = 0;
  thread_local std::string before, after;
  // To a few milliseconds: the exact clock costs as much as the rest of the line, and `took_us` is exact.
  timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  const std::time_t second = now.tv_sec;
  if (second != of) {
    of = second;
    std::tm local{};
    localtime_r(&second, &local);
    char text[40];
    before.assign(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &local));
    after.assign(text, std::strftime(text, sizeof text, "%z", &local));
    if (after.size() == 5) after.insert(3, ":");
  }
  const auto part = now.tv_nsec / 1'000'000;
  const char digits[4] = {'.', static_cast<char>('0' + part / 100), static_cast<char>('0' + part / 10 % 10),
                          static_cast<char>('0' + part % 10)};
  line.put(before);
  line.put({digits, sizeof digits});
  line.put(after);
}

Log::Log(std::string file, std::size_t most_bytes) : file_(std::move(file)), most_bytes_(most_bytes) {
  if (file_.empty()) return;
  if (file_ == "-") {
    out_ = stderr;
  } else {
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path(file_).parent_path(), ignored);
    out_ = std::fopen(file_.c_str(), "ae");
    is_plain_ = out_ != nullptr && std::filesystem::is_regular_file(file_, ignored);
    if (is_plain_) written_ = static_cast<std::size_t>(std::filesystem::file_size(file_, ignored));
  }
  thread_ = std::thread([this] { write_out(); });
}

Log::~Log() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
  if (out_ != nullptr && out_ != stderr) std::fclose(out_);
}

void Log::add(std::string_view line) {
  constexpr std::size_t kMostWaiting = 8 << 20;  // a disk that hangs does not eat the memory
  const std::lock_guard lock(mutex_);
  if (waiting_.size() > kMostWaiting) return;
  const bool were_many = waiting_.size() >= kManyWaiting;
  waiting_.append(line);
  if (!were_many && waiting_.size() >= kManyWaiting) changed_.notify_one();
}

void Log::open_next() {
  std::fclose(out_);
  std::error_code ignored;
  for (int i = 4; i >= 1; --i)
    std::filesystem::rename(file_ + "." + std::to_string(i), file_ + "." + std::to_string(i + 1), ignored);
  std::filesystem::rename(file_, file_ + ".1", ignored);
  out_ = std::fopen(file_.c_str(), "ae");
  written_ = 0;
}

void Log::write_out() {
  std::string lines;
  for (bool last = false; !last;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, std::chrono::milliseconds(200),
                        [&] { return ending_ || waiting_.size() >= kManyWaiting; });
      last = ending_;
      lines.clear();
      std::swap(lines, waiting_);
    }
    if (lines.empty() || out_ == nullptr) continue;
    std::fwrite(lines.data(), 1, lines.size(), out_);
    std::fflush(out_);
    written_ += lines.size();
    if (is_plain_ && written_ > most_bytes_) open_next();
  }
}

}  // namespace tenglong::server
