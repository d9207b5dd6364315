// Two generators in one program, each in its own namespace; another source uses the first of them.
#include "cylinder.h"
#include "cylinder_check.h"
#include "cylinder_physics.h"
#include "layered.h"

#include <cstdio>

std::string report_of_another_source(const std::string& weights);

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const caloexport::cylinder::Decoder cylinder(arguments[1]);
  const caloexport::layered::Decoder layered(arguments[2]);
  std::string reports[2];
  if (!cylinder.selftest(reports[0]) || !layered.selftest(reports[1])) return 1;
  std::printf("%s\n%s\n%s\n", reports[0].c_str(), reports[1].c_str(),
              report_of_another_source(arguments[1]).c_str());
  return 0;
}
