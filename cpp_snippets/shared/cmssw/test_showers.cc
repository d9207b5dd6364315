// Unit test: the model gives the reference showers; prints what one costs.
#include <cstdio>
#include <exception>

#include "demonstration.h"
#include "shower_model.h"
#include "shower_sampler.h"

int main(int count, char** words) {
  try {
    const ShowerModel model(count > 1 ? words[1] : generator_artifact);
    ShowerSampler<ShowerNetwork> sampler(model);
    return demonstrate(sampler);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
