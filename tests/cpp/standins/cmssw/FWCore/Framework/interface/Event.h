// Stand-in for FWCore/Framework/interface/Event.h. of CMSSW (master of 2026).
#pragma once

#include <any>
#include <string>
#include <utility>

#include "FWCore/Utilities/interface/StreamID.h"

namespace edm {

class EventSetup {};

/// What a producer puts with; the framework hands one out for each call of produces.
template <class T>
struct EDPutTokenT {
  std::string instance;
};

class Event {
 public:
  explicit Event(StreamID stream) : stream_(stream) {}
  StreamID streamID() const { return stream_; }
  template <class T, class... Arguments>
  void emplace(EDPutTokenT<T> token, Arguments&&... arguments) {
    instance = token.instance;
    product = T(std::forward<Arguments>(arguments)...);
  }
  /// What was put last.
  std::string instance;
  std::any product;

 private:
  StreamID stream_;
};

}  // namespace edm
