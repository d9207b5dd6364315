// Makes the network of this folder known to FastCaloSim's factory.
#include "gan_network.h"

#include "network_registry.h"
#include "slice.h"

namespace {

const fastcalosim::RegisterNetwork of_slice(fastcalosim::slice_name,
                                            [](const std::string& weights_path) {
                                              return std::make_unique<GanNetwork>(weights_path);
                                            });

}  // namespace
