// Stand-in for Geant4 11.4, source/global/management/include/G4String.hh.
#pragma once

#include <string>
#include <utility>

class G4String : public std::string {
 public:
  using std::string::string;
  G4String() = default;
  G4String(const std::string& text) : std::string(text) {}
  G4String(std::string&& text) : std::string(std::move(text)) {}
};
