// DDML's Par04 example model with our inference and energy window, as plugins of ddsim.

#include <DDG4/Factories.h>

#include "DDML/EndcapGeometry.h"
#include "DDML/FastMLShower.h"
#include "DDML/Geant4FastHitMakerGlobal.h"
#include "DDML/Par04ExampleVAE.h"
#include "DDML/PolyhedraBarrelGeometry.h"
#include "checked_onnx_inference.h"
#include "energy_window.h"

namespace caloexport_ddml {
template <class Geometry>
using Model =
    ddml::FastMLShower<ddml::FastMLModel<CheckedOnnxInference, ddml::Par04ExampleVAE, Geometry,
                                         Geant4FastHitMakerGlobal, EnergyWindow>>;
using CheckedPar04Barrel = Model<ddml::PolyhedraBarrelGeometry>;
using CheckedPar04Endcap = Model<ddml::EndcapGeometry>;
}  // namespace caloexport_ddml

DECLARE_GEANT4ACTION_NS(caloexport_ddml, CheckedPar04Barrel)
DECLARE_GEANT4ACTION_NS(caloexport_ddml, CheckedPar04Endcap)
