// Stand-in for FastCaloSim's FastCaloSim/Core/TFCSNetworkFactory.h (July 2026).
#pragma once

#include <memory>
#include <string>

#include "FastCaloSim/Core/VNetworkBase.h"

class TFCSNetworkFactory {
 public:
  static std::unique_ptr<VNetworkBase> create(std::string input);
};
