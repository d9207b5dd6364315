// Stand-in for FWCore/ParameterSet/interface/ParameterSetDescription.h. of CMSSW (master of 2026).
#pragma once

#include <string>
#include <vector>

namespace edm {

class ParameterSetDescription {
 public:
  /// A parameter without a default: the configuration must give it.
  template <class T>
  void add(const std::string& name) {
    names.push_back(name);
  }
  std::vector<std::string> names;
};

}  // namespace edm
