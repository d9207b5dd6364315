// Computes the reference showers with the class that Par04 will use, without running Geant4.
//
// checkPar04 [ARTIFACT]: prints one line, exit code 0 when all agree.

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "checked_inference.h"
#include "generator.h"

int main(int count, char** words) {
  const std::string path = count > 1 ? words[1] : generator_artifact;
  try {
    const auto inference = open_inference(path);
    std::vector<G4double> fractions;
    const std::string difference = generator::check([&](const float* inputs, float* outputs) {
      inference->RunInference({inputs, inputs + generator::n_inputs}, fractions,
                              static_cast<int>(generator::n_outputs));
      for (std::size_t cell = 0; cell < generator::n_outputs; ++cell) {
        outputs[cell] = static_cast<float>(fractions[cell]);
      }
    });
    if (!difference.empty()) {
      std::fprintf(stderr, "%s: %s\n", path.c_str(), difference.c_str());
      return 1;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  std::printf("%zu of %zu reference showers agree (%s)\n", generator::n_reference_showers,
              generator::n_reference_showers, generator::name);
  return 0;
}
