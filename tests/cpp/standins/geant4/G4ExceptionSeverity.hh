// Stand-in for Geant4 11.4, source/global/management/include/G4ExceptionSeverity.hh.
#pragma once

enum G4ExceptionSeverity {
  FatalException,
  FatalErrorInArgument,
  RunMustBeAborted,
  EventMustBeAborted,
  JustWarning,
};
