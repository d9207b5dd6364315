// Stand-in for Geant4 11.4, source/geometry/management/include/geomdefs.hh.
#pragma once

enum EInside { kOutside, kSurface, kInside };
