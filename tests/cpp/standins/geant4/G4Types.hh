// Stand-in for Geant4 11.4, source/global/management/include/G4Types.hh.
#pragma once

using G4double = double;
using G4float = float;
using G4int = int;
using G4bool = bool;
