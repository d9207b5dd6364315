#pragma once
#include "scratch.h"

class Decoder;

/// All memory that evaluating the network takes: allocated once, for one thread at a time.
class Workspace {
 public:
  Workspace() : scratch_(n_scratch) {}
  explicit Workspace(const Decoder&) : Workspace() {}

 private:
  friend class Decoder;
  Floats scratch_;
};
