// Stand-in for FWCore/Framework/interface/stream/EDProducer.h. of CMSSW (master of 2026).
#pragma once

#include <string>

#include "FWCore/Framework/interface/Event.h"

namespace edm {

template <class T>
struct GlobalCache {
  using Type = T;
};

namespace stream {

/// One object for each stream; all see the one cache that initializeGlobalCache made.
template <class Cache>
class EDProducer {
 public:
  using GlobalCache = typename Cache::Type;
  EDProducer() = default;
  EDProducer(const EDProducer&) = delete;
  EDProducer& operator=(const EDProducer&) = delete;
  virtual ~EDProducer() = default;
  virtual void produce(Event& event, const EventSetup& setup) = 0;

 protected:
  template <class T>
  EDPutTokenT<T> produces(const std::string& instance) {
    return {instance};
  }
};

}  // namespace stream
}  // namespace edm
