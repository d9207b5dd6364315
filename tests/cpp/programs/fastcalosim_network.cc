// Use the network of a slice as FastCaloSim does, found by the name of its file.
#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "generator.h"
#include "network_registry.h"

class TTree {};

namespace {

VNetworkBase::NetworkInputs inputs(std::size_t n_latents) {
  VNetworkBase::NetworkInputs nodes;
  for (std::size_t k = 0; k < generator::n_latents; ++k) {
    const std::string name = "variable_" + std::to_string(k < n_latents ? k : k + 100);
    nodes["Noise"][name] = 0.1 * static_cast<double>(k);
  }
  nodes["mycond"] = {{"variable_0", 0.5}, {"variable_1", 0.0}};
  return nodes;
}

const char* agreement(const VNetworkBase& network) {
  const VNetworkBase::NetworkOutputs expected = network.compute(inputs(generator::n_latents));
  std::vector<int> wrong(4);
  std::vector<std::thread> threads;
  for (int& count : wrong) {
    threads.emplace_back([&network, &count, &expected] {
      for (int k = 0; k < 50; ++k) {
        count += network.compute(inputs(generator::n_latents)) != expected;
      }
    });
  }
  for (std::thread& one : threads) one.join();
  for (const int count : wrong) {
    if (count > 0) return "threads differ";
  }
  return "4 threads agree";
}

template <class Function>
void print_refusal(Function&& function) {
  try {
    function();
    std::puts("taken");
  } catch (const std::exception& reason) {
    std::puts(reason.what());
  }
}

}  // namespace

int main(int, char** words) {
  try {
    const std::unique_ptr<VNetworkBase> network = fastcalosim::open_network(words[1]);
    std::cout << *network << std::endl;
    const std::vector<std::string> names = network->getOutputLayers();
    std::printf("%zu outputs, %s to %s\n", names.size(), names.front().c_str(),
                names.back().c_str());
    std::puts(agreement(*network));
    TTree tree;
    print_refusal([&] { network->writeNetToTTree(tree); });
    if (!fastcalosim::open_network("/x/other.onnx")) std::puts("no compiled network of that name");
    print_refusal([&] { network->compute(inputs(generator::n_latents - 1)); });
  } catch (const std::exception& reason) {
    std::fprintf(stderr, "%s\n", reason.what());
    return 1;
  }
  return 0;
}
