// Only for fuzzing: clang 14 lacks the builtin that <source_location> of libstdc++ 12 needs.
#pragma once
namespace std {
struct source_location {
  static constexpr source_location current(const char* file = __builtin_FILE(),
                                           unsigned line = __builtin_LINE(),
                                           const char* function = __builtin_FUNCTION()) {
    return {file, function, line};
  }
  constexpr const char* file_name() const { return file_; }
  constexpr const char* function_name() const { return function_; }
  constexpr unsigned line() const { return line_; }
  constexpr unsigned column() const { return 0; }
  const char* file_;
  const char* function_;
  unsigned line_;
};
}  // namespace std
