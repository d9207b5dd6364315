#include "Par04CheckedOnnxInference.hh"

#include <stdexcept>

#include "generator.h"
#include "open_once.h"

namespace {

void require_size(const char* commands, std::size_t found, std::size_t expected) {
  if (found == expected) return;
  throw std::runtime_error("/Par04/inference/" + std::string(commands) + ": " +
                           std::to_string(found) + " numbers, " + generator::name + " has " +
                           std::to_string(expected));
}

}  // namespace

// the decoder as Par04's own training code exports it has four inputs: no macro makes Par04 feed it
static_assert(generator::n_feeds == 1, "Par04 feeds one vector");

Par04CheckedOnnxInference::Par04CheckedOnnxInference(const std::string& path)
    : model_(open_once<OnnxModel>(path)), network_(*model_), outputs_(generator::n_outputs) {}

void Par04CheckedOnnxInference::RunInference(std::vector<float> inputs,
                                             std::vector<G4double>& fractions, int size) {
  require_size("setSizeLatentVector and setSizeConditionVector", inputs.size(),
               generator::n_inputs);
  require_size("setNbOfRhoCells, setNbOfPhiCells and setNbOfZCells", static_cast<std::size_t>(size),
               generator::n_outputs);
  network_(inputs.data(), outputs_.data());
  fractions.assign(outputs_.begin(), outputs_.end());
}
