#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

/// Inputs and what the float64 reference gives for them; they stand among the weights.
struct TestVectors {
  std::size_t n_vectors, n_inputs, n_outputs;
  std::size_t n_kept;         ///< outputs that are kept of each vector
  std::size_t n_layers;       ///< layers whose sums are kept; 0 where all outputs are
  const float* inputs;        ///< (n_vectors, n_inputs)
  const std::int64_t* kept;   ///< (n_kept) which outputs
  const float* expected;      ///< (n_vectors, n_kept)
  const double* sums;         ///< (n_vectors, n_layers)
  double absolute, relative;  ///< |Δ| ≤ absolute + relative · the largest expected value
};

/// How far a replay is from what is expected.
struct Replay {
  bool equal = true;
  double excess = 0;      ///< the worst |Δ| over what is tolerated, 1 at the limit
  double difference = 0;  ///< that |Δ|
  std::string where;      ///< and its place
};

/// A number for people, with three digits: a small one does not become 0.
inline std::string brief(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", number);
  return text;
}

/// Compares found with expected values (size), and notes the worst; where(k) tells their places.
template <class Found, class Expected, class Where>
void judge(const Found* found, const Expected* expected, std::size_t size,
           const TestVectors& vectors, Where&& where, Replay& replay) {
  double scale = 0;
  for (std::size_t k = 0; k < size; ++k) {
    scale = std::fmax(scale, std::fabs(static_cast<double>(expected[k])));
  }
  const double tolerated = vectors.absolute + vectors.relative * scale;
  for (std::size_t k = 0; k < size; ++k) {
    const double difference =
        std::fabs(static_cast<double>(found[k]) - static_cast<double>(expected[k]));
    const double excess = difference / tolerated;
    if (!replay.equal || excess <= replay.excess) continue;  // NaN is in no order
    replay = {excess <= 1, excess, difference, where(k)};
  }
}

/// Evaluates the network on all test vectors and compares.
///
/// run(const float* inputs, float* outputs) evaluates it; layer_of(k) is the layer of output k.
template <class Run, class LayerOf>
Replay replay_vectors(const TestVectors& vectors, Run&& run, LayerOf&& layer_of) {
  Replay replay;
  std::vector<float> outputs(vectors.n_outputs), kept(vectors.n_kept);
  std::vector<double> sums(vectors.n_layers);
  const std::size_t n_summed = vectors.n_layers > 0 ? vectors.n_outputs : 0;
  for (std::size_t vector = 0; vector < vectors.n_vectors; ++vector) {
    run(vectors.inputs + vector * vectors.n_inputs, outputs.data());
    sums.assign(vectors.n_layers, 0.0);
    for (std::size_t k = 0; k < n_summed; ++k) {
      sums[layer_of(k)] += static_cast<double>(outputs[k]);
    }
    for (std::size_t k = 0; k < vectors.n_kept; ++k) {
      const auto place = static_cast<std::size_t>(vectors.kept[k]);
      kept[k] = outputs[std::min(place, vectors.n_outputs - 1)];
    }
    const std::string here = "test vector " + std::to_string(vector) + ", ";
    const auto of_output = [&](std::size_t k) {
      return here + "output " + std::to_string(vectors.kept[k]);
    };
    const auto of_sum = [&](std::size_t k) { return here + "sum of layer " + std::to_string(k); };
    judge(kept.data(), vectors.expected + vector * vectors.n_kept, vectors.n_kept, vectors,
          of_output, replay);
    judge(sums.data(), vectors.sums + vector * vectors.n_layers, vectors.n_layers, vectors, of_sum,
          replay);
  }
  return replay;
}
