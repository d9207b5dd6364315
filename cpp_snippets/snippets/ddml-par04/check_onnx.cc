// Computes the reference showers in ONNX Runtime, without DDML.
//
// check_onnx [ARTIFACT]: prints one line, exit code 0 when all agree.

#include <cstdio>
#include <exception>
#include <string>

#include "generator.h"
#include "onnx_network.h"

int main(int count, char** words) {
  try {
    const OnnxModel model(count > 1 ? words[1] : generator_artifact);
    OnnxNetwork network(model);
    const std::string difference = generator::check(network);
    if (!difference.empty()) {
      std::fprintf(stderr, "%s\n", difference.c_str());
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
