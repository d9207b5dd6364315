// Stand-in for DD4hep 1.x, DDG4/include/DDG4/Factories.h: a class is made under its name.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "DDML/FastMLShower.h"

namespace standin {
using Maker = std::function<std::unique_ptr<FastShower>()>;
inline std::map<std::string, Maker>& plugins() {
  static std::map<std::string, Maker> all;
  return all;
}
struct Registered {
  Registered(const char* name, Maker maker) { plugins()[name] = std::move(maker); }
};
}  // namespace standin

#define DECLARE_GEANT4ACTION_NS(space, name)                                      \
  static const standin::Registered registered_##name(#name, [] {                  \
    return std::unique_ptr<standin::FastShower>(std::make_unique<space::name>()); \
  });
