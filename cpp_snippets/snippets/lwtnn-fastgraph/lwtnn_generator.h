// The generator in lwtnn's fast interface: one LwtnnModel for the program, one LwtnnGenerator per
// thread. lwtnn 2.11 or later; 2.14 where the file adds layers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <lwtnn/InputOrder.hh>
#include <lwtnn/generic/FastGraph.hh>

#include "generator.h"
#include "lwtnn_file.h"
#include "shower_sampler.h"

// FastGraph is compiled here and its layers' memory is shared with the library: with another -march
// than the library's, Eigen aligns it otherwise, and the heap is corrupted without a word.
#ifndef LWTNN_ALIGN_BYTES
#define LWTNN_ALIGN_BYTES 16  // of a library that was built without -march
#endif
static_assert(EIGEN_MAX_ALIGN_BYTES == LWTNN_ALIGN_BYTES,
              "compile this with the -march of the lwtnn library, and where that has AVX, with "
              "-DLWTNN_ALIGN_BYTES=32 (AVX-512: 64)");

/// A file that is loaded and checked. One for all threads: it does not change.
class LwtnnModel {
 public:
  /// Throws std::runtime_error with one line unless the file is the one this program was made for.
  explicit LwtnnModel(const std::string& path) : graph_(read_lwtnn_file(path), input_order()) {
    lwt::generic::NodeVec<float> nodes;
    for (const generator::Feed& feed : generator::feeds) {
      nodes.emplace_back(static_cast<Eigen::Index>(feed.size));
      std::fill_n(nodes.back().data(), feed.size, 0.0f);
    }
    const auto n_values = static_cast<std::size_t>(graph_.compute(nodes).size());
    if (n_values != generator::n_outputs) {
      throw std::runtime_error(path + ": gives " + std::to_string(n_values) + " values, expected " +
                               std::to_string(generator::n_outputs));
    }
  }

 private:
  friend class LwtnnNetwork;

  /// Nodes and variables in the order of the input vector; the library puts them into the file's.
  static lwt::InputOrder input_order() {
    lwt::InputOrder order;
    for (std::size_t feed = 0; feed < generator::n_feeds; ++feed) {
      std::vector<std::string> variables;
      for (std::size_t k = 0; k < generator::feeds[feed].size; ++k) {
        variables.push_back(generator::label(feed, k));
      }
      order.scalar.emplace_back(generator::feeds[feed].name, std::move(variables));
    }
    return order;
  }

  lwt::generic::FastGraph<float> graph_;
};

/// The model as one thread uses it.
class LwtnnNetwork {
 public:
  /// The model must outlive the network.
  explicit LwtnnNetwork(const LwtnnModel& model) : model_(model) {
    for (const generator::Feed& feed : generator::feeds) {
      nodes_.emplace_back(static_cast<Eigen::Index>(feed.size));
    }
  }
  LwtnnNetwork(const LwtnnNetwork&) = delete;
  LwtnnNetwork& operator=(const LwtnnNetwork&) = delete;

  /// Evaluate: inputs (n_inputs), latents first, to outputs (n_outputs).
  void operator()(const float* inputs, float* outputs) {
    for (std::size_t k = 0; k < generator::n_feeds; ++k) {
      const generator::Feed& feed = generator::feeds[k];
      std::copy_n(inputs + feed.first, feed.size, nodes_[k].data());
    }
    const lwt::VectorX<float> values = model_.graph_.compute(nodes_);
    std::copy_n(values.data(), generator::n_outputs, outputs);
  }

 private:
  const LwtnnModel& model_;
  lwt::generic::NodeVec<float> nodes_;  // one vector for each input node
};

/// Makes showers; see ShowerSampler for sample(conditions, noise, energies_mev).
using LwtnnGenerator = ShowerSampler<LwtnnNetwork>;
