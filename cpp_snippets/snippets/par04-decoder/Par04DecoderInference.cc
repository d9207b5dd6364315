#include "Par04DecoderInference.hh"

#include "G4Exception.hh"
#include "Randomize.hh"
#include "open_once.h"
#include "track_conditions.h"

namespace {

/// Geant4's own engine, so that an event follows from its seeds.
double standard_number() {
  return generator::noise_is_normal ? G4RandGauss::shoot(0.0, 1.0) : G4UniformRand();
}

/// Place of a cell in Par04's loops: r outermost, then azimuth from -pi, then depth.
std::size_t place_in_par04(std::size_t cell) {
  const generator::Indices at = generator::indices(cell);
  return (at.r * generator::n_phi + at.phi) * generator::n_z + at.z;
}

void fail(const std::string& reason) {
  G4Exception("Par04DecoderInference", "caloexport", FatalException, reason.c_str());
}

}  // namespace

Par04DecoderInference::Par04DecoderInference(const std::string& path)
    : decoder_(open_once<generator::Decoder>(path)),
      shower_(*decoder_),
      messenger_(this, "/Par04/decoder/", "The generated decoder") {
  messenger_.DeclareMethod("choose", &Par04DecoderInference::Choose,
                           "Choose a category: name of the condition, then of the category");
}

void Par04DecoderInference::GetEnergies(std::vector<G4double>& energies, G4double energy,
                                        G4double theta, G4double phi) {
  const generator::Conditions conditions = generator::track_conditions(energy, theta, phi, chosen_);
  const generator::Status status = decoder_->sample(conditions, standard_number, shower_);
  if (status != generator::Status::ok) {
    fail(std::string(generator::message(status)) +
         ": let ModelTrigger ask in_trained_range, and the macro /Par04/decoder/choose");
  }
  energies.assign(generator::n_cells, 0.0);
  for (const generator::Cell& cell : shower_.cells()) {
    energies[place_in_par04(cell.index)] = static_cast<G4double>(cell.energy_mev);
  }
}

void Par04DecoderInference::RunInference(std::vector<float>, std::vector<G4double>&, int) {
  fail("Par04InferenceSetup::GetEnergies must hand energy and angles on, see README.md");
}

void Par04DecoderInference::Choose(G4String condition, G4String category) {
  if (generator::choose(chosen_, condition, category)) return;
  fail("/Par04/decoder/choose " + condition + " " + category + ": no such condition or category");
}
