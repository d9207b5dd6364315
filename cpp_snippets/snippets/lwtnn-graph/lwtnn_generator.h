// The generator in lwtnn's map interface: one LwtnnModel for the program, one LwtnnGenerator per
// thread. lwtnn 2.8 or later; 2.14 where the file adds layers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <lwtnn/LightweightGraph.hh>

#include "generator.h"
#include "lwtnn_file.h"
#include "shower_sampler.h"

/// A file that is loaded and checked. One for all threads: it does not change.
class LwtnnModel {
 public:
  /// Throws std::runtime_error with one line unless the file is the one this program was made for.
  explicit LwtnnModel(const std::string& path) : graph_(read_lwtnn_file(path)) {
    std::map<std::string, std::size_t> sorted;
    for (std::size_t k = 0; k < generator::n_outputs; ++k) sorted[generator::output_label(k)] = k;
    for (const auto& entry : sorted) numbers_.push_back(entry.second);
    if (numbers_.size() != generator::n_outputs) {
      throw std::runtime_error(path + ": two output values have the same name");
    }
  }

 private:
  friend class LwtnnNetwork;

  lwt::LightweightGraph graph_;
  // A map sorts its names: "out_10" stands before "out_2". These are the outputs in that order.
  std::vector<std::size_t> numbers_;
};

/// The model as one thread uses it. lwtnn computes in double.
class LwtnnNetwork {
 public:
  /// The model must outlive the network.
  explicit LwtnnNetwork(const LwtnnModel& model) : model_(model), inputs_(generator::n_inputs) {
    for (std::size_t feed = 0; feed < generator::n_feeds; ++feed) {
      lwt::ValueMap& variables = nodes_[generator::feeds[feed].name];
      for (std::size_t k = 0; k < generator::feeds[feed].size; ++k) {
        // entries of a map stay where they are, so names are looked up only once
        inputs_[generator::feeds[feed].first + k] = &variables[generator::label(feed, k)];
      }
    }
  }
  LwtnnNetwork(const LwtnnNetwork&) = delete;
  LwtnnNetwork& operator=(const LwtnnNetwork&) = delete;

  /// Evaluate: inputs (n_inputs), latents first, to outputs (n_outputs).
  void operator()(const float* inputs, float* outputs) {
    for (std::size_t k = 0; k < generator::n_inputs; ++k) {
      *inputs_[k] = static_cast<double>(inputs[k]);
    }
    const lwt::ValueMap named = model_.graph_.compute(nodes_);
    auto number = model_.numbers_.begin();
    for (const auto& entry : named) outputs[*number++] = static_cast<float>(entry.second);
  }

 private:
  const LwtnnModel& model_;
  lwt::LightweightGraph::NodeMap nodes_;
  std::vector<double*> inputs_;  // where each number of the input vector goes
};

/// Makes showers; see ShowerSampler for sample(conditions, noise, energies_mev).
using LwtnnGenerator = ShowerSampler<LwtnnNetwork>;
