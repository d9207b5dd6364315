// Evaluate an LWTNN graph through both interfaces: rows of inputs come in, outputs go out.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "lwtnn/LightweightGraph.hh"
#include "lwtnn/generic/FastGraph.hh"
#include "lwtnn/parse_json.hh"

namespace {

void print(const std::vector<double>& values) {
  for (const double value : values) std::printf("%a ", value);
  std::printf("\n");
}

std::vector<double> by_maps(const lwt::GraphConfig& config, const std::vector<double>& row) {
  const lwt::LightweightGraph graph(config);
  lwt::LightweightGraph::NodeMap nodes;
  std::size_t at = 0;
  for (const auto& input : config.inputs) {
    for (const auto& variable : input.variables) nodes[input.name][variable.name] = row.at(at++);
  }
  const lwt::ValueMap named = graph.compute(nodes);
  std::vector<double> values;
  for (const auto& label : config.outputs.begin()->second.labels) values.push_back(named.at(label));
  return values;
}

template <class T>
std::vector<double> by_vectors(const lwt::GraphConfig& config, const std::vector<double>& row) {
  lwt::InputOrder order;
  lwt::generic::NodeVec<T> nodes;
  std::size_t at = row.size();
  // in another order than the file's: the library sorts nodes and variables
  for (auto input = config.inputs.rbegin(); input != config.inputs.rend(); ++input) {
    std::vector<std::string> names;
    lwt::VectorX<T> values(static_cast<Eigen::Index>(input->variables.size()));
    for (auto one = input->variables.rbegin(); one != input->variables.rend(); ++one) {
      values(static_cast<Eigen::Index>(names.size())) = static_cast<T>(row.at(--at));
      names.push_back(one->name);
    }
    order.scalar.emplace_back(input->name, names);
    nodes.push_back(values);
  }
  const lwt::generic::FastGraph<T> graph(config, order);
  const lwt::VectorX<T> result = graph.compute(nodes);
  std::vector<double> values;
  for (Eigen::Index k = 0; k < result.rows(); ++k) values.push_back(static_cast<double>(result(k)));
  return values;
}

}  // namespace

int main(int, char** arguments) {
  try {
    std::ifstream stream(arguments[1]);
    const lwt::GraphConfig config = lwt::parse_json_graph(stream);
    std::size_t n_inputs = 0;
    for (const auto& input : config.inputs) n_inputs += input.variables.size();
    std::vector<double> row(n_inputs);
    while (true) {
      for (double& value : row) std::cin >> value;
      if (!std::cin) break;
      print(by_maps(config, row));
      print(by_vectors<double>(config, row));
      print(by_vectors<float>(config, row));
    }
  } catch (const std::logic_error& error) {
    std::printf("%s\n", error.what());
    return 1;
  } catch (const std::runtime_error& error) {
    std::printf("%s\n", error.what());
    return 2;
  }
}
