// Stand-in for FWCore/Framework/interface/MakerMacros.h. of CMSSW (master of 2026).
#pragma once

#include <memory>
#include <type_traits>

#include "FWCore/ParameterSet/interface/ConfigurationDescriptions.h"
#include "FWCore/ParameterSet/interface/ParameterSet.h"

/// Registers a plugin; here it demands what the framework's maker calls.
#define DEFINE_FWK_MODULE(type)                                                                   \
  static_assert(                                                                                  \
      std::is_constructible_v<type, const edm::ParameterSet&, const typename type::GlobalCache*>, \
      "a stream module with a global cache is made from parameters and cache");                   \
  static_assert(std::is_same_v<decltype(type::initializeGlobalCache(edm::ParameterSet())),        \
                               std::unique_ptr<typename type::GlobalCache>>,                      \
                "the cache belongs to the framework");                                            \
  static_assert(std::is_same_v<decltype(&type::fillDescriptions),                                 \
                               void (*)(edm::ConfigurationDescriptions&)>,                        \
                "descriptions are filled by a static member")
