// Run the plugin as the framework does: one cache, two streams, two events each.
#include <cstdio>
#include <exception>
#include <numeric>
#include <random>

#include "ShowerProducer.cc"
#include "reference_report.h"

namespace {

class Engine : public CLHEP::HepRandomEngine {
 public:
  explicit Engine(unsigned int seed) : engine_(seed) {}
  double flat() override { return std::uniform_real_distribution<double>(1e-12, 1)(engine_); }

 private:
  std::mt19937_64 engine_;
};

class Generators : public edm::RandomNumberGenerator {
 public:
  CLHEP::HepRandomEngine& getEngine(const edm::StreamID& stream) override {
    return engines_[stream.value()];
  }

 private:
  Engine engines_[2] = {Engine(1), Engine(2)};
};

/// Parameters as a configuration gives them: energy in MeV, and geometry.
edm::ParameterSet parameters_of(char** words) {
  edm::ParameterSet parameters;
  parameters.addParameter("model", edm::FileInPath(words[1]));
  parameters.addParameter("energy_mev", std::stod(words[2]));
  parameters.addParameter("theta_rad", 1.5);
  parameters.addParameter("geometry", std::string(words[3]));
  return parameters;
}

}  // namespace

int main(int, char** words) {
  try {
    edm::ConfigurationDescriptions descriptions;
    ShowerProducer::fillDescriptions(descriptions);
    for (const std::string& name : descriptions.added.names) std::printf("%s ", name.c_str());
    const edm::ParameterSet parameters = parameters_of(words);
    Generators generators;
    edm::Service<edm::RandomNumberGenerator>::provided = &generators;
    const auto cache = ShowerProducer::initializeGlobalCache(parameters);
    ShowerProducer streams[2] = {{parameters, cache.get()}, {parameters, cache.get()}};
    for (unsigned int k = 0; k < 4; ++k) {
      edm::Event event(edm::StreamID(k % 2));
      streams[k % 2].produce(event, edm::EventSetup());
      const auto& energies_mev = std::any_cast<const std::vector<float>&>(event.product);
      const double total_mev = std::accumulate(energies_mev.begin(), energies_mev.end(), 0.0);
      std::printf("\n%s %zu %.3f", event.instance.c_str(), energies_mev.size(), total_mev);
    }
    std::printf("\n");
    ShowerProducer::globalEndJob(cache.get());
    ShowerSampler<ShowerNetwork> sampler(*cache);
    return report_references(sampler);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
