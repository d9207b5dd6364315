// Stand-in for Geant4 11.4, CLHEP/Units/SystemOfUnits.h: the units that our sources use.
#pragma once

namespace CLHEP {
inline constexpr double pi = 3.14159265358979323846;
inline constexpr double mm = 1.0;
inline constexpr double rad = 1.0;
inline constexpr double deg = pi / 180.0;
inline constexpr double MeV = 1.0;
inline constexpr double GeV = 1000.0 * MeV;
}  // namespace CLHEP
