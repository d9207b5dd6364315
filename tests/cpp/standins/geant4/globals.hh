// Stand-in for Geant4 11.4, source/global/management/include/globals.hh.
#pragma once

#include "G4Exception.hh"
#include "G4String.hh"
#include "G4Types.hh"
#include "G4ios.hh"
