// Stand-in for Geant4 11.4, source/global/management/include/G4ios.hh.
#pragma once

#include <iostream>

#define G4cout std::cout
#define G4cerr std::cerr
#define G4endl std::endl
