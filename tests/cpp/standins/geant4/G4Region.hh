// Stand-in for Geant4 11.4, source/geometry/management/include/G4Region.hh.
#pragma once

class G4Region {};
using G4Envelope = G4Region;
