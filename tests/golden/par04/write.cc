// Writes small files as Geant4's example Par04 does, with the library that Geant4 writes ROOT with:
// the ntuples and histograms of Par04RunAction.cc, three events in a mesh of 3 x 4 x 5 cells.
//
//   g++ -std=c++17 -I GEANT4/source/externals/g4tools/include write.cc -lz -o write
//   ./write global.root; ./write events.root events    # as 11.2 to 11.4, and as 11.0 and 11.1
//
// Cell (r, phi, z) of event i holds 1000 i + 100 r + 10 phi + z + 0.1 MeV where (r + 2 phi + 3 z
// + i) is a multiple of 3; event 1 is empty.

#include <cmath>
#include <iostream>
#include <string>
#include <tools/histo/h1d>
#include <tools/wroot/file>
#include <tools/wroot/ntuple>
#include <tools/wroot/to>
#include <toolx/zlib>
#include <vector>

int main(int count, char **arguments) {
  const bool old = count > 2 && std::string(arguments[2]) == "events";
  const int n_r = 3, n_phi = 4, n_z = 5;
  const double dr = 2.325, dz = 3.4, dphi = 2 * M_PI / n_phi;

  tools::wroot::file file(std::cout, arguments[1]);
  file.add_ziper('Z', toolx::compress_buffer);
  file.set_compression(1);
  auto &folder = file.dir();

  tools::histo::h1d along("Longitudinal profile", n_z, -0.5 * dz, (n_z - 0.5) * dz);
  tools::histo::h1d across("Transverse profile", n_r, -0.5 * dr, (n_r - 0.5) * dr);
  tools::histo::h1d around("Azimuthal angle profile", n_phi, -(n_phi - 0.5) * dphi,
                           (n_phi - 0.5) * dphi);

  std::vector<double> energy;
  std::vector<int> r, phi, z;
  auto *events = new tools::wroot::ntuple(folder, old ? "events" : "global", "Event data");
  auto *cells = old ? events : new tools::wroot::ntuple(folder, "virtualReadout", "Cells");
  auto *energy_mc = events->create_column<double>("EnergyMC");
  cells->create_column_vector_ref<double>("EnergyCell", energy);
  cells->create_column_vector_ref<int>("rhoCell", r);
  cells->create_column_vector_ref<int>("phiCell", phi);
  cells->create_column_vector_ref<int>("zCell", z);
  auto *time = events->create_column<double>("SimTime");

  for (int i = 0; i < 3; ++i) {
    for (auto *one : {&r, &phi, &z}) one->clear();
    energy.clear();
    for (int k = 0; k < n_r * n_phi * n_z; ++k) {
      const int ir = k / (n_phi * n_z), iphi = k / n_z % n_phi, iz = k % n_z;
      if ((ir + 2 * iphi + 3 * iz + i) % 3 != 0 || i == 1) continue;
      energy.push_back(1000 * i + 100 * ir + 10 * iphi + iz + 0.1);
      r.push_back(ir);
      phi.push_back(iphi);
      z.push_back(iz);
      along.fill(iz * dz, energy.back());
      across.fill(ir * dr, energy.back());
    }
    energy_mc->fill(1000. * (i + 1) + 0.511);
    time->fill(0.25 * i);
    events->add_row();
    if (!old) cells->add_row();
  }
  tools::wroot::to(folder, along, "longProfile");
  tools::wroot::to(folder, across, "transProfile");
  tools::wroot::to(folder, around, "phiProfile");
  unsigned int bytes = 0;
  file.write(bytes);
  file.close();
}
