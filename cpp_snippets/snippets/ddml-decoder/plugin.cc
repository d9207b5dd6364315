// The generated decoder as plugins of ddsim.

#include <DDG4/Factories.h>

#include "DDML/EndcapGeometry.h"
#include "DDML/FastMLShower.h"
#include "DDML/Geant4FastHitMakerGlobal.h"
#include "DDML/PolyhedraBarrelGeometry.h"
#include "energy_window.h"
#include "generated_shower.h"

namespace caloexport_ddml {
template <class Geometry>
using Model = ddml::FastMLShower<ddml::FastMLModel<NoInference, GeneratedShower, Geometry,
                                                   Geant4FastHitMakerGlobal, EnergyWindow>>;
using GeneratedBarrel = Model<ddml::PolyhedraBarrelGeometry>;
using GeneratedEndcap = Model<ddml::EndcapGeometry>;
}  // namespace caloexport_ddml

DECLARE_GEANT4ACTION_NS(caloexport_ddml, GeneratedBarrel)
DECLARE_GEANT4ACTION_NS(caloexport_ddml, GeneratedEndcap)
