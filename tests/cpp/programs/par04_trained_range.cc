// The window that Par04's own test leaves open: ModelTrigger asks trained_range.h.
#include <cstdio>

#include "G4FastTrack.hh"
#include "trained_range.h"

namespace {

class Nowhere : public G4VSolid {
 public:
  EInside Inside(const G4ThreeVector&) const override { return kOutside; }
  G4double DistanceToOut(const G4ThreeVector&, const G4ThreeVector&) const override { return 0; }
};

bool is_taken(double energy_gev, double theta_deg) {
  const double theta = theta_deg * CLHEP::deg;
  const G4ThreeVector direction(0, std::sin(theta), std::cos(theta));
  const G4Track track(energy_gev * CLHEP::GeV, G4ThreeVector(0, 800, 0), direction);
  Nowhere solid;
  return in_trained_range(G4FastTrack(track, solid, G4ThreeVector()));
}

}  // namespace

int main() {
  const struct {
    double energy_gev, theta_deg;
    bool is_taken;
  } cases[] = {
      {1, 90, true},       {0.99, 90, false},     {1024, 90, true},
      {1025, 90, false},   {50, 60.0001, true},   {50, 59.9, false},
      {50, 90.1, false},   {1024.0005, 90, true},  // what the slack of a part in a million takes in
      {0.0005, 90, false}, {50, 180, false},
  };
  for (const auto& one : cases) {
    if (is_taken(one.energy_gev, one.theta_deg) == one.is_taken) continue;
    std::printf("%g GeV at %g degrees\n", one.energy_gev, one.theta_deg);
    return 1;
  }
}
