// Regular expressions of XPath and XQuery 3.1 (F&O 5.6), run by ICU.
//
// ICU's own syntax is wider and differs in small ways, so a pattern is parsed as XPath has it and written
// anew for ICU.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tenglong::feel {

struct RegexFlags {
  bool dot_all = false;                                           // s
  bool multi_line = false;                                        // m
  bool ignore_case = false;                                       // i
  bool ignore_blanks = false;                                     // x
  bool literal = false;                                           // q
  static std::optional<RegexFlags> parse(std::string_view text);  // none: a letter is no flag
};

// ICU's form; none if the pattern is not one of XPath.
std::optional<std::string> to_icu_pattern(std::string_view xpath, RegexFlags flags);

// A pattern ready to be run. Kept and shared within a thread: one expression runs over many rows.
class Regex {
 public:
  static std::shared_ptr<const Regex> compile(std::string_view pattern,
                                              RegexFlags flags);  // nullptr: not one
  Regex();
  ~Regex();
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;

  // One search over one text.
  class Search {
   public:
    Search(const Regex& regex, std::string_view text);
    ~Search();
    Search(const Search&) = delete;
    Search& operator=(const Search&) = delete;
    bool next();            // moves to the next match
    bool gave_up() const;   // the search took too long and was ended; next() was false
    bool is_empty() const;  // the match at hand has no characters
    std::string before()
        const;  // text between the last match and this one, or to the end after next() was false
    std::string group(int index) const;  // 0: the whole match; "" if it took no part

   private:
    struct State;
    std::unique_ptr<State> state_;
  };
  int group_count() const;
  bool matches_empty() const;

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace tenglong::feel
