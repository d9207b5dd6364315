// Stand-in for FWCore/Utilities/interface/StreamID.h. of CMSSW (master of 2026).
#pragma once

namespace edm {

class StreamID {
 public:
  explicit StreamID(unsigned int value) : value_(value) {}
  unsigned int value() const { return value_; }

 private:
  unsigned int value_;
};

}  // namespace edm
