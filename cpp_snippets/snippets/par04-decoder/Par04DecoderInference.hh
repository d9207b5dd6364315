#pragma once

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "G4GenericMessenger.hh"
#include "G4String.hh"
#include "G4Types.hh"
#include "Par04InferenceInterface.hh"
#include "generator.h"

/// The generated decoder as an inference library of Par04, beside ONNX, LWTNN and TORCH.
///
/// It takes energy and angles of the particle itself, draws its noise from Geant4's engine and
/// gives MeV per cell: none of the constants in Par04InferenceSetup::GetEnergies has a part in it.
/// One for each worker thread; all share one decoder.
class Par04DecoderInference : public Par04InferenceInterface {
 public:
  /// Open the weights that setModelPathName names; nothing is opened when they are embedded.
  ///
  /// Throws std::runtime_error with one line when they are not those of this program.
  explicit Par04DecoderInference(const std::string& path);

  /// Energies of all cells in MeV, in Par04's own order; below the threshold they are zero.
  ///
  /// Ends the program where the conditions are not those of a shower that was trained.
  void GetEnergies(std::vector<G4double>& energies, G4double energy, G4double theta,
                   G4double phi = std::numeric_limits<G4double>::quiet_NaN());

  /// Not for this library: the vector that Par04 makes for the others holds other conditions.
  void RunInference(std::vector<float>, std::vector<G4double>&, int) override;

  /// Choose a category, as /Par04/decoder/choose does.
  void Choose(G4String condition, G4String category);

 private:
  std::shared_ptr<const generator::Decoder> decoder_;
  generator::Shower shower_;
  generator::Conditions chosen_;
  G4GenericMessenger messenger_;
};
