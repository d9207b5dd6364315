// Stand-in for Gaudi 36's GaudiKernel/ServiceHandle.h: finds services by their names.
#pragma once

#include <map>
#include <stdexcept>
#include <string>

#include "GaudiKernel/Property.h"

template <class Interface>
class ServiceHandle {
 public:
  ServiceHandle(PropertyHolder* owner, const std::string& property, const std::string& service)
      : service_(service) {
    owner->declare(property,
                   [this](const std::any& set) { service_ = std::any_cast<std::string>(set); });
  }

  Interface* operator->() const {
    const auto found = services().find(service_);
    if (found == services().end()) throw std::runtime_error("no service '" + service_ + "'");
    return found->second;
  }

  /// What the service locator of Gaudi knows.
  static std::map<std::string, Interface*>& services() {
    static std::map<std::string, Interface*> all;
    return all;
  }

 private:
  std::string service_;
};
