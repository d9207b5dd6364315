// Stand-in for FastCaloSim's FastCaloSim/Core/VNetworkBase.h (July 2026).
#pragma once

#include <map>
#include <ostream>
#include <string>
#include <vector>

class TFile;
class TTree;

/// A network behind maps of names.
class VNetworkBase {
 public:
  typedef std::map<std::string, std::map<std::string, double>> NetworkInputs;
  typedef std::map<std::string, double> NetworkOutputs;

  VNetworkBase() : m_inputFile("unknown") {}
  explicit VNetworkBase(const std::string& inputFile) : m_inputFile(inputFile) {}
  VNetworkBase(const VNetworkBase&) = default;
  virtual ~VNetworkBase() = default;

  virtual NetworkOutputs compute(NetworkInputs const& inputs) const = 0;
  virtual void writeNetToTTree(TTree& tree) = 0;
  void writeNetToTTree(TFile& file, std::string const& tree_name);
  virtual std::vector<std::string> getOutputLayers() const = 0;
  virtual void deleteAllButNet() = 0;

  friend std::ostream& operator<<(std::ostream& stream, const VNetworkBase& network) {
    network.print(stream);
    return stream;
  }

 protected:
  virtual void setupPersistedVariables() = 0;
  virtual void setupNet() = 0;
  virtual void print(std::ostream& stream) const { stream << m_inputFile; }

  std::string m_inputFile;
};
