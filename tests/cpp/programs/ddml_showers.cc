// Plays ddsim: makes a plugin by name, sets its properties and prints the points of its showers.
//
//   ddml_showers PLUGIN PROPERTY FILE [CATEGORY]

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "CLHEP/Units/SystemOfUnits.h"
#include "DDG4/Factories.h"
#include "Randomize.hh"
#include "generator.h"

namespace {

class Nowhere : public G4VSolid {
 public:
  EInside Inside(const G4ThreeVector&) const override { return kOutside; }
  G4double DistanceToOut(const G4ThreeVector&, const G4ThreeVector&) const override { return 0; }
};

G4Track track_of(double energy, double theta) {
  return G4Track(energy, G4ThreeVector(1800, 0, 0),
                 G4ThreeVector(std::sin(theta), 0, std::cos(theta)));
}

void print_shower(standin::FastShower& plugin, const generator::ReferenceShower& one) {
  std::vector<float> latents(generator::n_latents);
  generator::latents(one.seed, one.number, latents.data());
  standin::engine().laid_in.assign(latents.begin(), latents.end());
  const G4Track track = track_of(one.conditions.energy_mev, one.conditions.theta_rad);
  Nowhere solid;
  const auto layers = plugin.shower(G4FastTrack(track, solid, G4ThreeVector()));
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    for (const ddml::SpacePoint& point : layers[layer]) {
      std::printf("%zu %a %a %a ", layer, static_cast<double>(point.X),
                  static_cast<double>(point.Y), static_cast<double>(point.E));
    }
  }
  std::printf("\n");
}

bool is_taken(standin::FastShower& plugin, double energy_gev) {
  const G4Track track = track_of(energy_gev * CLHEP::GeV, 1.5);
  Nowhere solid;
  return plugin.check_trigger(G4FastTrack(track, solid, G4ThreeVector()));
}

}  // namespace

int main(int count, char** words) {
  try {
    const auto plugin = standin::plugins().at(words[1])();
    plugin->action.set(words[2], words[3]);
    if (count > 4) plugin->action.set("Choose", {std::string("geometry"), std::string(words[4])});
    std::printf("%d%d%d\n", is_taken(*plugin, 0.9), is_taken(*plugin, 50), is_taken(*plugin, 1100));
    for (std::size_t k = 0; k < generator::n_reference_showers; ++k) {
      print_shower(*plugin, generator::reference_showers()[k]);
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
