// Stand-in for FWCore/ParameterSet/interface/ConfigurationDescriptions.h. of CMSSW (master of
// 2026).
#pragma once

#include "FWCore/ParameterSet/interface/ParameterSetDescription.h"

namespace edm {

class ConfigurationDescriptions {
 public:
  void addWithDefaultLabel(const ParameterSetDescription& description) { added = description; }
  ParameterSetDescription added;
};

}  // namespace edm
