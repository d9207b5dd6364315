// The same header in a second source of the program: nothing is defined twice.
#include "cylinder.h"

std::string report_of_another_source(const std::string& weights);

std::string report_of_another_source(const std::string& weights) {
  const caloexport::cylinder::Decoder decoder(weights);
  std::string report;
  decoder.selftest(report);
  return report;
}
