// The generator in ONNX Runtime: one OnnxModel for the program, one OnnxGenerator per thread.
#pragma once

#include "onnx_network.h"
#include "shower_sampler.h"

/// Makes showers; see ShowerSampler for sample(conditions, noise, energies_mev).
using OnnxGenerator = ShowerSampler<OnnxNetwork>;
