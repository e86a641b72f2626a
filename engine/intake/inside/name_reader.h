// Whom a row is about that gives a name and no code, through engine/identity.
#pragma once
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/identity/identity.h"
#include "engine/intake/inside/cell_reader.h"

namespace tenglong::intake {

class NameReader {
 public:
  // `sure`: as NameRules::sure.
  NameReader(const identity::Index& enterprises, calendar::Date on, int sure)
      : enterprises_(enterprises), on_(on), sure_(sure) {}

  struct Meant {
    std::string key = {};  // "": it is for a person to say; `told` says who it may be
    Problem told = {};
  };
  // `near`: values of NameRules::near_fields in their order, as codes; "" where the row says none.
  Meant who(const std::string& name, const std::vector<std::string>& near);

 private:
  Meant ask(const std::string& name, const std::vector<std::string>& near) const;

  const identity::Index& enterprises_;
  calendar::Date on_;
  int sure_;
  std::unordered_map<std::string, Meant> known_;  // names repeat in the periods of one file
};

// "甲厂（9133…，75 分）：主名相同；或 乙厂…".
text::Words in_words(const std::vector<identity::Candidate>& candidates);

}  // namespace tenglong::intake
