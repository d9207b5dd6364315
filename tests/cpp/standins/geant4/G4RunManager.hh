// Stand-in for Geant4 11.4.
#pragma once

#include "standin/application.hh"
