// Load the file, compare the reference showers, draw a shower from an engine, and time it.
#include <cstdio>
#include <exception>

#include "demonstration.h"
#include "lwtnn_generator.h"

int main(int count, char** words) {
  try {
    const LwtnnModel model(count > 1 ? words[1] : generator_artifact);
    LwtnnGenerator sampler(model);
    return demonstrate(sampler);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
