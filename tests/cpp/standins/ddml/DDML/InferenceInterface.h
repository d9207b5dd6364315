// Stand-in for DDML of June 2025, include/DDML/InferenceInterface.h.
#pragma once

#include "DDML/DDML.h"

namespace ddml {
class InferenceInterface {
 public:
  virtual ~InferenceInterface() = default;
  virtual void runInference(const InputVecs& inputs, const TensorDimVecs& shapes,
                            std::vector<float>& output) = 0;
};
}  // namespace ddml
