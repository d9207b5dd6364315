// Stand-in for DDML of June 2025, include/DDML/Geant4FastHitMakerGlobal.h.
#pragma once

class Geant4FastHitMakerGlobal {};
