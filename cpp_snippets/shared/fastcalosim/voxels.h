// The voxels of binning.xml in the order in which FastCaloSim's GANV2 takes network outputs.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "xml_tags.h"

namespace fastcalosim {

/// One output of the network: a piece of a ring around the particle, in a layer of the detector.
struct Voxel {
  int layer;
  double r_low_mm, r_high_mm, alpha_low_rad, alpha_high_rad;
};

/// What binning.xml says of a particle and a slice of |η|.
struct Binning {
  int latent_size = 0, gan_version = 0;
  bool symmetrised_alpha = false;
  std::vector<Voxel> voxels;
};

/// A layer as binning.xml gives it.
struct LayerBins {
  std::vector<double> r_edges_mm;
  int n_alpha;
};

inline constexpr double pi = 3.14159265358979323846;

/// Bins in alpha of a ring: 32 is a special value, and means as many as are about square.
inline int alpha_bins(const LayerBins& layer, std::size_t ring, bool symmetrised) {
  if (layer.n_alpha != 32) return layer.n_alpha;
  const double low_mm = layer.r_edges_mm[ring], high_mm = layer.r_edges_mm[ring + 1];
  const double turn = symmetrised ? pi : 2 * pi;
  const double around = turn * (low_mm + high_mm) / 2 / (high_mm - low_mm);
  for (const int bins : {4, 8, 16}) {
    if (around < bins) return bins;
  }
  return 32;
}

/// Append the voxels of a layer: r outside, alpha inside.
inline void append_voxels(int id, const LayerBins& layer, Binning& binning) {
  if (layer.r_edges_mm.size() <= 2) return;  // no outputs belong to a layer of one r bin
  const bool half = binning.symmetrised_alpha && layer.n_alpha > 1;
  const double first = half ? 0 : -pi;
  for (std::size_t ring = 0; ring + 1 < layer.r_edges_mm.size(); ++ring) {
    const int n_alpha = alpha_bins(layer, ring, binning.symmetrised_alpha);
    const double width = (pi - first) / n_alpha;
    for (int k = 0; k < n_alpha; ++k) {
      binning.voxels.push_back({id, layer.r_edges_mm[ring], layer.r_edges_mm[ring + 1],
                                first + k * width, first + (k + 1) * width});
    }
  }
}

/// Numbers between commas.
inline std::vector<double> read_edges(const std::string& text) {
  std::vector<double> edges;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    edges.push_back(std::atof(text.substr(at, comma - at).c_str()));
    at = comma + 1;
  }
  return edges;
}

/// Read the slice around `eta`, in hundredths of |η|, of a particle.
///
/// Throws std::runtime_error with one line where there is none.
inline Binning read_binning(const std::string& path, int pdg, int eta) {
  // protons have the bins of pions
  const int particle = pdg == 22 || std::abs(pdg) == 11 ? std::abs(pdg) : 211;
  Binning binning;
  std::map<int, LayerBins> layers;  // FastCaloSim walks them by number, not as the file has them
  bool ours = false, inside = false;
  for (const XmlTag& tag : read_tags(path)) {
    if (tag.name == "Particle") {
      ours = tag.whole("pid") == particle;
      if (!ours) continue;
      binning.latent_size = tag.whole("latentDim");
      binning.symmetrised_alpha = tag.at("symmetriseAlpha") == "true";
    } else if (tag.name == "Bin") {
      inside = ours && eta > tag.whole("etaMin") && eta < tag.whole("etaMax");
      if (inside) binning.gan_version = tag.whole("ganVersion");
    } else if (tag.name == "Layer" && inside) {
      layers[tag.whole("id")] = {read_edges(tag.at("r_edges")), tag.whole("n_bin_alpha")};
    }
  }
  if (layers.empty()) {
    throw std::runtime_error(path + ": has no layers for particle " + std::to_string(pdg) + " at " +
                             std::to_string(eta) + " hundredths of eta");
  }
  for (const auto& layer : layers) append_voxels(layer.first, layer.second, binning);
  return binning;
}

}  // namespace fastcalosim
