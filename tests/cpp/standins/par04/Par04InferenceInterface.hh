// Stand-in for Geant4 11.4, examples/extended/parameterisations/Par04/include; the same since 11.0.
#pragma once

#ifdef USE_INFERENCE
#include <vector>

#include "globals.hh"

class Par04InferenceInterface {
 public:
  virtual ~Par04InferenceInterface() = default;
  virtual void RunInference(std::vector<float> inputs, std::vector<G4double>& energies,
                            int size) = 0;
};
#endif
