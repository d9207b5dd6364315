// A generator as a model of Gaussino's CaloChallenge example: a tool with the interface IMLModel.

#include <algorithm>
#include <array>
#include <cstddef>
#include <exception>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <CLHEP/Random/RandFlat.h>
#include <CLHEP/Random/RandGauss.h>

#include "GaudiAlg/GaudiTool.h"
#include "GaudiKernel/GaudiException.h"
#include "GaudiKernel/ServiceHandle.h"
#include "GaussinoMLBase/IModelServerSvc.h"
#include "GaussinoONNX/ONNXModelServer.h"
#include "IMLModel.h"

#include "generator.h"
#include "onnx_manifest_hash.h"
#include "track_conditions.h"

namespace Gsino::CaloChallenge {

/// Fills showers of one generator, with all its conditions.
///
/// One tool serves all threads: a call keeps nothing.
class CaloexportModel : public extends<GaudiTool, IMLModel> {
 public:
  using extends::extends;

  /// Fails with one line where the model is another one than this tool was made for.
  StatusCode initialize() override {
    return extends::initialize().andThen([&]() -> StatusCode {
      try {
        check_model();
        return StatusCode::SUCCESS;
      } catch (const std::exception& reason) {
        const std::string text = reason.what();  // ONNX Runtime's go on for several lines
        error() << text.substr(0, text.find('\n')) << endmsg;
        return StatusCode::FAILURE;
      }
    });
  }

  /// Add the shower of a particle, MeV and rad, to energies (r, phi, z) in MeV.
  ///
  /// Throws GaudiException for a particle outside the trained range, unless OutOfRange is "clamp"
  /// or "extrapolate", and where the algorithm's mesh is not the generator's.
  void fillShower(std::vector<float>& energies, CLHEP::HepRandomEngine* engine,
                  float particleEnergy, int pid, float theta, float phi) const override {
    require_mesh(energies.size());
    generator::Conditions conditions = generator::track_conditions(
        static_cast<double>(particleEnergy), static_cast<double>(theta), static_cast<double>(phi));
    for (const auto& one : m_categories.value()) {
      generator::choose(conditions, one.first, one.second);
    }
    generator::choose(conditions, "pdg", std::to_string(pid));  // where the generator has one
    float inputs[generator::n_inputs];
    generator::Status status = generator::admit(conditions, policy());
    if (status == generator::Status::ok) {
      status = generator::draw([engine] { return standard_number(engine); }, inputs);
    }
    if (status != generator::Status::ok) fail(generator::message(status));
    generator::encode(conditions, inputs + generator::n_latents);
    std::vector<float> outputs = evaluate(inputs);
    generator::energies(conditions, outputs.data());
    for (std::size_t cell = 0; cell < generator::n_cells; ++cell) {
      energies[place(cell)] += outputs[cell];
    }
  }

 private:
  using Server = ML::ONNX::ModelServer;

  static double standard_number(CLHEP::HepRandomEngine* engine) {
    return generator::noise_is_normal ? CLHEP::RandGauss::shoot(engine, 0.0, 1.0)
                                      : CLHEP::RandFlat::shoot(engine);
  }

  /// Place of a cell in the loops of GetMLCaloHitsAlg: r outermost, azimuth from -pi, then z.
  static std::size_t place(std::size_t cell) noexcept {
    const generator::Indices at = generator::indices(cell);
    return (at.r * generator::n_phi + at.phi) * generator::n_z + at.z;
  }

  [[noreturn]] void fail(const std::string& reason) const {
    throw GaudiException(std::string(generator::name) + ": " + reason, name(), StatusCode::FAILURE);
  }

  generator::OutOfRange policy() const {
    if (m_outOfRange.value() == "clamp") return generator::OutOfRange::clamp;
    if (m_outOfRange.value() == "extrapolate") return generator::OutOfRange::extrapolate;
    return generator::OutOfRange::error;
  }

  /// The model, the options and the numbers that come out: refuses with one line.
  void check_model() const {
    const std::string& path = m_modelPath.value();
    generator::require_same(onnx_manifest_hash(path), path);
    const std::string& policy = m_outOfRange.value();
    if (policy != "error" && policy != "clamp" && policy != "extrapolate") {
      fail("OutOfRange is '" + policy + "', expected error, clamp or extrapolate");
    }
    generator::Conditions chosen;
    for (const auto& one : m_categories.value()) {
      if (!generator::choose(chosen, one.first, one.second)) {
        fail("has no condition '" + one.first + "' with a category '" + one.second + "'");
      }
    }
    const std::string difference = generator::check([this](const float* inputs, float* outputs) {
      const std::vector<float> found = evaluate(inputs);
      std::copy(found.begin(), found.end(), outputs);
    });
    if (!difference.empty()) fail(difference);
    info() << generator::n_reference_showers << " of " << generator::n_reference_showers
           << " reference showers agree (" << generator::name << ")" << endmsg;
  }

  void require_mesh(std::size_t n_energies) const {
    const auto is = [](double found, std::size_t expected) {
      return static_cast<std::size_t>(found) == expected;
    };
    const bool same = is(m_meshNumber.x(), generator::n_r) &&
                      is(m_meshNumber.y(), generator::n_phi) &&
                      is(m_meshNumber.z(), generator::n_z) && n_energies == generator::n_cells;
    if (!same) {
      fail("MeshNumber must be (" + std::to_string(generator::n_r) + ", " +
           std::to_string(generator::n_phi) + ", " + std::to_string(generator::n_z) + ")");
    }
  }

  /// Evaluate the network: inputs (n_inputs) to outputs (n_outputs).
  std::vector<float> evaluate(const float* inputs) const {
    std::array<std::vector<float>, generator::n_feeds> feeds;
    for (std::size_t k = 0; k < generator::n_feeds; ++k) {
      const float* first = inputs + generator::feeds[k].first;
      feeds[k].assign(first, first + generator::feeds[k].size);
    }
    std::vector<float> outputs = evaluate(feeds, std::make_index_sequence<generator::n_feeds>());
    if (outputs.size() != generator::n_outputs) {
      fail("the model gives " + std::to_string(outputs.size()) + " outputs, expected " +
           std::to_string(generator::n_outputs));
    }
    return outputs;
  }

  /// Inputs go by their place. Each must be a std::vector<float> that is not const: the server
  /// knows no others, and makes a tensor without a batch axis of a plain number.
  template <std::size_t... k>
  std::vector<float> evaluate(std::array<std::vector<float>, generator::n_feeds>& feeds,
                              std::index_sequence<k...>) const {
    const Server* server = m_serverSvc->getServer();
    return server->evaluate<std::vector<float>>(feeds[k]...);
  }

  ServiceHandle<ML::IModelServerSvc<Server>> m_serverSvc{this, "ModelServerSvc", ""};
  Gaudi::Property<std::string> m_modelPath{this, "ModelPath", "",
                                           "The file that the service loads"};
  Gaudi::Property<std::map<std::string, std::string>> m_categories{
      this, "Categories", {}, "Categories of conditions that no track tells"};
  Gaudi::Property<std::string> m_outOfRange{
      this, "OutOfRange", "error",
      "Particles outside the trained range: error, clamp, extrapolate"};
};

DECLARE_COMPONENT_WITH_ID(CaloexportModel, "CaloexportModel")

}  // namespace Gsino::CaloChallenge
