// Stand-in for FWCore/ParameterSet/interface/ParameterSet.h. of CMSSW (master of 2026).
#pragma once

#include <any>
#include <map>
#include <string>

#include "FWCore/Utilities/interface/Exception.h"

namespace edm {

class ParameterSet {
 public:
  template <class T>
  void addParameter(const std::string& name, const T& value) {
    values_[name] = value;
  }
  template <class T>
  T getParameter(const std::string& name) const {
    const auto found = values_.find(name);
    if (found == values_.end()) {
      throw cms::Exception("Configuration") << "Parameter '" << name << "' not found.";
    }
    return std::any_cast<T>(found->second);
  }

 private:
  std::map<std::string, std::any> values_;
};

}  // namespace edm
