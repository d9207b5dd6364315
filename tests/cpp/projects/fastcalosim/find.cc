// Open a network as TFCSGANEtaSlice does, by a file name without ending.
#include <exception>
#include <iostream>

#include "FastCaloSim/Core/TFCSNetworkFactory.h"

int main(int, char** words) {
  try {
    std::cout << *TFCSNetworkFactory::create(words[1]) << "\n";
    return 0;
  } catch (const std::exception& reason) {
    std::cout << reason.what() << "\n";
    return 1;
  }
}
