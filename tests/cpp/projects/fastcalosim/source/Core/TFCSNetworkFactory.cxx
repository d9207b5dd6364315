// Stand-in for FastCaloSim's source/Core/TFCSNetworkFactory.cxx (July 2026).
#include "FastCaloSim/Core/TFCSNetworkFactory.h"

#include <filesystem>
#include <stdexcept>

namespace {

void resolveGlobs(std::string& filename) {
  if (filename.substr(filename.size() - 2) == ".*") {
    filename.pop_back();
    if (std::filesystem::exists(filename + "onnx")) {
      filename += "onnx";
    } else {
      throw std::invalid_argument("No file found");
    }
  }
}

}  // namespace

std::unique_ptr<VNetworkBase> TFCSNetworkFactory::create(std::string input) {
  resolveGlobs(input);
  throw std::invalid_argument("a handler for " + input);
}
