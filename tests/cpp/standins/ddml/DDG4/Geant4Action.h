// Stand-in for DD4hep 1.x, DDG4/include/DDG4/Geant4Action.h: properties that a steering file sets.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace dd4hep::sim {
class Geant4Action {
 public:
  Geant4Action& declareProperty(const std::string& name, std::string& value) {
    texts_[name] = &value;
    return *this;
  }
  Geant4Action& declareProperty(const std::string& name, std::vector<std::string>& value) {
    lists_[name] = &value;
    return *this;
  }
  void set(const std::string& name, const std::string& value) { *texts_.at(name) = value; }
  void set(const std::string& name, const std::vector<std::string>& value) {
    *lists_.at(name) = value;
  }

 private:
  std::map<std::string, std::string*> texts_;
  std::map<std::string, std::vector<std::string>*> lists_;
};
}  // namespace dd4hep::sim
