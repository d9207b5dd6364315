// Load the model, compare the reference showers, draw a shower from an engine, and time it.
#include <cstdio>
#include <exception>

#include "demonstration.h"
#include "tensorflow_generator.h"

int main(int count, char** words) {
  try {
    const TensorFlowModel model(count > 1 ? words[1] : generator_artifact);
    TensorFlowGenerator sampler(model);
    return demonstrate(sampler);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
