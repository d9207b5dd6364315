// An EDM plugin that puts one shower into each event: the frame for a producer of yours.
//
// The model is loaded once for the job (edm::GlobalCache); each stream has a sampler of its own and
// draws from its own engine of the RandomNumberGeneratorService, so that events can be repeated.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLHEP/Random/RandFlat.h"
#include "CLHEP/Random/RandGaussQ.h"
#include "FWCore/Framework/interface/Event.h"
#include "FWCore/Framework/interface/MakerMacros.h"
#include "FWCore/Framework/interface/stream/EDProducer.h"
#include "FWCore/ParameterSet/interface/ConfigurationDescriptions.h"
#include "FWCore/ParameterSet/interface/FileInPath.h"
#include "FWCore/ParameterSet/interface/ParameterSet.h"
#include "FWCore/ParameterSet/interface/ParameterSetDescription.h"
#include "FWCore/ServiceRegistry/interface/Service.h"
#include "FWCore/Utilities/interface/Exception.h"
#include "FWCore/Utilities/interface/RandomNumberGenerator.h"

#include "shower_model.h"
#include "shower_parameters.h"
#include "shower_sampler.h"

class ShowerProducer : public edm::stream::EDProducer<edm::GlobalCache<ShowerModel>> {
 public:
  ShowerProducer(const edm::ParameterSet& parameters, const ShowerModel* model)
      : sampler_(*model),
        conditions_(conditions_of(parameters)),
        energies_token_(produces<std::vector<float>>("energiesMeV")) {}

  static std::unique_ptr<ShowerModel> initializeGlobalCache(const edm::ParameterSet& parameters) {
    const std::string path = parameters.getParameter<edm::FileInPath>("model").fullPath();
    return std::make_unique<ShowerModel>(path);
  }
  static void globalEndJob(const ShowerModel*) {}

  static void fillDescriptions(edm::ConfigurationDescriptions& descriptions) {
    edm::ParameterSetDescription description;
    description.add<edm::FileInPath>("model");
    describe_conditions(description);
    descriptions.addWithDefaultLabel(description);
  }

  void produce(edm::Event& event, const edm::EventSetup&) override {
    edm::Service<edm::RandomNumberGenerator> generators;
    CLHEP::HepRandomEngine& engine = generators->getEngine(event.streamID());
    const auto noise = [&engine] {
      return generator::noise_is_normal ? CLHEP::RandGaussQ::shoot(&engine, 0.0, 1.0)
                                        : CLHEP::RandFlat::shoot(&engine);
    };
    // from here on yours: take the conditions from a particle of the event, in MeV and rad
    std::vector<float> energies_mev;
    const generator::Status status = sampler_.sample(conditions_, noise, energies_mev);
    if (status != generator::Status::ok) {
      throw cms::Exception("ShowerProducer") << generator::message(status);
    }
    event.emplace(energies_token_, std::move(energies_mev));
  }

 private:
  ShowerSampler<ShowerNetwork> sampler_;
  const generator::Conditions conditions_;
  const edm::EDPutTokenT<std::vector<float>> energies_token_;
};

DEFINE_FWK_MODULE(ShowerProducer);
