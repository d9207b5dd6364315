// Stand-in for DDML of June 2025, include/DDML/ModelInterface.h.
#pragma once

#include "DDML/DDML.h"
#include "G4ThreeVector.hh"

class G4FastTrack;

namespace ddml {
class ModelInterface {
 public:
  virtual ~ModelInterface() = default;
  virtual void prepareInput(const G4FastTrack& track, const G4ThreeVector& local_direction,
                            InputVecs& inputs, TensorDimVecs& shapes,
                            std::vector<float>& output) = 0;
  virtual void convertOutput(const G4FastTrack& track, const G4ThreeVector& local_direction,
                             const std::vector<float>& output,
                             std::vector<SpacePointVec>& points) = 0;
};
}  // namespace ddml
