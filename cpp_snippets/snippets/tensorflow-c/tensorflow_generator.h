// The generator in TensorFlow: one TensorFlowModel for the program, one generator per thread.
#pragma once

#include "shower_sampler.h"
#include "tensorflow_network.h"

/// Makes showers; see ShowerSampler for sample(conditions, noise, energies_mev).
using TensorFlowGenerator = ShowerSampler<TensorFlowNetwork>;
