// Stand-in for FWCore/ServiceRegistry/interface/Service.h. of CMSSW (master of 2026).
#pragma once

namespace edm {

/// Handle of a service; a test provides one by setting `provided`.
template <class T>
class Service {
 public:
  T* operator->() const { return provided; }
  static inline T* provided = nullptr;
};

}  // namespace edm
