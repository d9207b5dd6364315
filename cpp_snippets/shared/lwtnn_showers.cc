// Load the file, compare the reference showers, draw a shower from an engine, and time it.
#include <cstdio>
#include <exception>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "lwtnn_generator.h"
#include "reference_report.h"

namespace {

/// Make a shower as an event loop would, with an engine of the program's own.
void make_shower(LwtnnGenerator& sampler) {
  std::mt19937_64 engine(42);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  const auto noise = [&] { return generator::noise_is_normal ? normal(engine) : uniform(engine); };
  const generator::Conditions conditions = generator::reference_showers()[0].conditions;
  std::vector<float> energies_mev;
  const generator::Status status = sampler.sample(conditions, noise, energies_mev);
  if (status != generator::Status::ok) {
    std::printf("no shower: %s\n", generator::message(status));
    return;
  }
  const double total_mev = std::accumulate(energies_mev.begin(), energies_mev.end(), 0.0);
  std::printf("a shower of %.0f MeV\n", total_mev);
}

}  // namespace

int main(int count, char** words) {
  try {
    const std::string path = count > 1 ? words[1] : generator_artifact;
    const LwtnnModel model(path);
    LwtnnGenerator sampler(model);
    if (report_references(sampler) != 0) return 1;
    make_shower(sampler);
    report_time(sampler);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
