// Stand-in for IMLModel.h of Gaussino's CaloChallenge example (2024).
#pragma once

#include <vector>

#include "CLHEP/Random/RandomEngine.h"

namespace Gaudi {

/// Of ROOT's GenVector in the framework.
class XYZVector {
 public:
  XYZVector(double x, double y, double z) : x_(x), y_(y), z_(z) {}
  double x() const { return x_; }
  double y() const { return y_; }
  double z() const { return z_; }

 private:
  double x_, y_, z_;
};

}  // namespace Gaudi

namespace Gsino::CaloChallenge {

struct IMLModel {
  virtual ~IMLModel() = default;
  virtual void fillShower(std::vector<float>& energies, CLHEP::HepRandomEngine* engine,
                          float particleEnergy, int pid, float theta, float phi) const = 0;

  void setMeshNumber(Gaudi::XYZVector meshNumber) { m_meshNumber = meshNumber; }

 protected:
  Gaudi::XYZVector m_meshNumber{0, 0, 0};
};

}  // namespace Gsino::CaloChallenge
