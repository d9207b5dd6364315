// Make showers through the Gaussino tool: what it says, then latents and energies of showers.
//
// gaussino SERVED CHECKED [NAME=VALUE ...]: the model of the service, that of the tool, and
// options.
#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <vector>

#include <CLHEP/Random/JamesRandom.h>

#include "CaloexportModel.cpp"

namespace {

using Gsino::CaloChallenge::CaloexportModel;
using Server = Gsino::ML::ONNX::ModelServer;

struct Service : Gsino::ML::IModelServerSvc<Server> {
  explicit Service(const std::string& path) : server(path) {}
  Server* getServer() const override { return &server; }

  mutable Server server;
};

void print_latents(long seed) {
  CLHEP::HepJamesRandom engine(seed);
  for (std::size_t k = 0; k < generator::n_latents; ++k) {
    std::printf(
        "%a ", static_cast<double>(static_cast<float>(CLHEP::RandGauss::shoot(&engine, 0.0, 1.0))));
  }
  std::printf("\n");
}

void print_shower(const CaloexportModel& model, long seed, float energy_mev) {
  CLHEP::HepJamesRandom engine(seed);
  std::vector<float> energies(generator::n_cells);
  try {
    model.fillShower(energies, &engine, energy_mev, 11, 1.25f, 0.5f);
  } catch (const GaudiException& reason) {
    std::printf("%s\n", reason.what());
    return;
  }
  for (const float energy : energies) std::printf("%a ", static_cast<double>(energy));
  std::printf("\n");
}

}  // namespace

int main(int count, char** words) {
  Service service(words[1]);
  ServiceHandle<Gsino::ML::IModelServerSvc<Server>>::services()["server"] = &service;
  CaloexportModel model("tool");
  model.set_option("ModelServerSvc", std::string("server"));
  model.set_option("ModelPath", std::string(words[2]));
  model.set_option("Categories", std::map<std::string, std::string>{{"geometry", words[3]}});
  if (count > 4) model.set_option("OutOfRange", std::string(words[4]));
  const StatusCode status = model.initialize();
  std::printf("%s\n", model.info().last().c_str());
  if (!status.isSuccess()) return 1;
  print_shower(model, 3, 50000.0f);  // before the algorithm has told its mesh
  model.setMeshNumber({4, 6, 5});
  for (const long seed : {3L, 4L}) {
    print_latents(seed);
    print_shower(model, seed, 50000.0f);
  }
  print_shower(model, 3, 5.0f);
  return 0;
}
