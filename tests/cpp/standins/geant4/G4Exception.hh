// Stand-in for Geant4 11.4, source/global/management/include/G4Exception.hh.
//
// A fatal exception ends the program there; here it is thrown, so that a test goes on. Whatever is
// less grave returns there, and here.
#pragma once

#include <stdexcept>
#include <string>

#include "G4ExceptionSeverity.hh"

namespace standin {
/// What was reported last on this thread, and how grave it was.
struct Report {
  G4ExceptionSeverity severity = JustWarning;
  std::string text;
};
inline Report& last_report() {
  thread_local Report report;
  return report;
}
}  // namespace standin

inline void G4Exception(const char* where, const char*, G4ExceptionSeverity severity,
                        const char* text) {
  standin::last_report() = {severity, text};
  if (severity == FatalException || severity == FatalErrorInArgument) {
    throw std::runtime_error(std::string(where) + ": " + text);
  }
}
