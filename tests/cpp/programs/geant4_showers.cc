// Plays Geant4: hands particles to the fast-simulation model and prints what it deposits.
//
//   geant4_showers WEIGHTS: for each reference shower its deposits, then what the trigger says.

#include <cstdio>
#include <exception>
#include <memory>
#include <thread>
#include <vector>

#include "G4FastSimHitMaker.hh"
#include "G4Proton.hh"
#include "conditions_of_run.h"
#include "generator.h"
#include "open_once.h"
#include "shower_model.h"

namespace {

/// A box whose front face is the plane z = 0 of its own frame.
class Box : public G4VSolid {
 public:
  EInside Inside(const G4ThreeVector& point) const override {
    if (point.z() == 0 || point.z() == depth) return kSurface;
    return point.z() > 0 && point.z() < depth ? kInside : kOutside;
  }
  G4double DistanceToOut(const G4ThreeVector& point,
                         const G4ThreeVector& direction) const override {
    if (direction.z() == 0) return depth;
    return ((direction.z() > 0 ? depth : 0) - point.z()) / direction.z();
  }
  static constexpr double depth = 1000;
};

const G4ThreeVector origin(10, -20, 300);  // of the box, in the world

G4ThreeVector towards(double theta, double phi) {
  return G4ThreeVector(std::sin(theta) * std::cos(phi), std::sin(theta) * std::sin(phi),
                       std::cos(theta));
}

/// Lay the latents of a shower into the engine, so that it is the one that Python makes.
void lay_in(std::uint64_t seed, std::uint64_t number) {
  std::vector<float> latents(generator::n_latents);
  generator::latents(seed, number, latents.data());
  standin::engine().laid_in.assign(latents.begin(), latents.end());
}

std::vector<standin::Deposit> deposits_of(generator::ShowerModel& model, std::size_t shower) {
  const generator::ReferenceShower& one = generator::reference_showers()[shower];
  const G4ThreeVector direction = towards(one.conditions.theta_rad, 0.3);
  const G4Track track(one.conditions.energy_mev, origin + G4ThreeVector(1, 2, 0), direction);
  Box box;
  G4FastStep step;
  lay_in(one.seed, one.number);
  standin::deposits().clear();
  model.DoIt(G4FastTrack(track, box, origin), step);
  if (!step.is_killed || step.deposited != one.conditions.energy_mev || step.path_length != 0) {
    std::printf("the particle goes on\n");
  }
  return standin::deposits();
}

void print(const std::vector<standin::Deposit>& deposits) {
  for (const standin::Deposit& one : deposits) {
    std::printf("%a %a %a %a %a ", one.position.x(), one.position.y(), one.position.z(), one.energy,
                (one.located + -1.0 * one.position).mag());
  }
  std::printf("\n");
}

bool is_taken(generator::ShowerModel& model, double energy_gev, double theta_deg, double z) {
  const G4ThreeVector direction = towards(theta_deg * CLHEP::deg, 0);
  const G4Track track(energy_gev * CLHEP::GeV, origin + G4ThreeVector(0, 0, z), direction);
  Box box;
  return model.ModelTrigger(G4FastTrack(track, box, origin));
}

}  // namespace

int main(int, char** words) {
  const auto decoder = open_once<generator::Decoder>(words[1]);
  generator::ShowerModel model("model", nullptr, decoder, conditions_of_run(), cell_size_of_run());
  for (std::size_t k = 0; k < generator::n_reference_showers; ++k) print(deposits_of(model, k));

  bool same = true;
  std::vector<std::thread> threads;
  for (int worker = 0; worker < 4; ++worker) {
    threads.emplace_back([&] {
      generator::ShowerModel own("model", nullptr, open_once<generator::Decoder>(words[1]),
                                 conditions_of_run(), cell_size_of_run());
      for (std::size_t k = generator::n_reference_showers; k-- > 0;) deposits_of(own, k);
      if (open_once<generator::Decoder>(words[1]) != decoder) same = false;
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::printf("one decoder for all: %d\n", same);

  std::printf("trigger: %d%d %d%d %d%d %d%d\n", is_taken(model, 1, 80, 0),
              is_taken(model, 1024, 80, 0), is_taken(model, 0.9, 80, 0),
              is_taken(model, 1100, 80, 0), is_taken(model, 50, 50, 0), is_taken(model, 50, 100, 0),
              is_taken(model, 50, 80, 5), is_taken(model, 50, 80, Box::depth));
  std::printf("particles: %d%d%d%d\n", model.IsApplicable(*G4Electron::Definition()),
              model.IsApplicable(*G4Positron::Definition()),
              model.IsApplicable(*G4Gamma::Definition()),
              model.IsApplicable(*G4Proton::Definition()));
  try {
    generator::ShowerModel open("model", nullptr, decoder, {}, cell_size_of_run());
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
  }
  try {
    generator::ShowerModel unknown("model", nullptr, decoder, conditions_of_run(), {0, 3.4});
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
  }
}
