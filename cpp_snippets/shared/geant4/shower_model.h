#pragma once

/// Size of a cell along radius and depth, where it depends on the calorimeter.
struct CellSize {
  double dr_mm = cell_dr_mm;  ///< NaN where the generator's mesh does not tell
  double dz_mm = cell_dz_mm;
};

/// Fast simulation of electrons, positrons and photons by the generator, in one region.
///
/// Geant4 builds a model for each worker thread, in ConstructSDandField: each has a shower and a
/// hit maker of its own, and all share one decoder. The mesh begins where the particle enters the
/// envelope, and lies along its direction. Angles are those in the envelope's own frame.
class ShowerModel : public G4VFastSimulationModel {
 public:
  /// `chosen` gives what a track does not tell, for example the geometry.
  ///
  /// Throws std::runtime_error with one line when a category or the size of a cell stays open.
  ShowerModel(const G4String& model_name, G4Region* envelope,
              std::shared_ptr<const Decoder> decoder, const Conditions& chosen = {},
              const CellSize& size = {})
      : G4VFastSimulationModel(model_name, envelope),
        decoder_(std::move(decoder)),
        chosen_(chosen),
        size_(size),
        shower_(*decoder_) {
    Conditions complete = track_conditions(1, 1, 1, chosen_);
    if (admit(complete, OutOfRange::extrapolate) == Status::no_category) {
      throw std::runtime_error(std::string(name) + ": " + message(Status::no_category));
    }
    if (!(size_.dr_mm > 0) || !(size_.dz_mm > 0)) {
      throw std::runtime_error(std::string(name) + ": its mesh does not tell the size of a cell");
    }
  }

  G4bool IsApplicable(const G4ParticleDefinition& particle) override {
    return &particle == G4Electron::Definition() || &particle == G4Positron::Definition() ||
           &particle == G4Gamma::Definition();
  }

  /// Whether a particle enters the envelope from outside, within the trained range.
  ///
  /// All others stay with full simulation, among them those made inside: the generator was trained
  /// on whole showers from the front face on.
  G4bool ModelTrigger(const G4FastTrack& track) override {
    const EInside where = track.GetEnvelopeSolid()->Inside(track.GetPrimaryTrackLocalPosition());
    if (where != kSurface || track.OnTheBoundaryButExiting()) return false;
    const G4ThreeVector direction = track.GetPrimaryTrackLocalDirection();
    return in_trained_range(track.GetPrimaryTrack()->GetKineticEnergy(), direction.theta(),
                            direction.phi());
  }

  /// Replace a particle by the deposits of its shower.
  void DoIt(const G4FastTrack& track, G4FastStep& step) override {
    const G4double energy = track.GetPrimaryTrack()->GetKineticEnergy();
    const G4ThreeVector direction = track.GetPrimaryTrackLocalDirection();
    step.KillPrimaryTrack();
    step.ProposePrimaryTrackPathLength(0.0);
    step.ProposeTotalEnergyDeposited(energy);
    const Conditions conditions =
        track_conditions(energy, direction.theta(), direction.phi(), chosen_);
    const Status status = decoder_->sample(conditions, standard_number, shower_);
    if (status != Status::ok) {
      G4Exception("ShowerModel::DoIt", "caloexport", EventMustBeAborted, message(status));
      return;
    }
    // The first deposit in a hit maker's life goes to the volume around the track, wherever it
    // lies. One without energy in front of each shower keeps all events alike, in every thread.
    const G4ThreeVector entry = track.GetPrimaryTrackLocalPosition();
    hits_.make(G4FastHit(entry, std::numeric_limits<G4double>::min()), track);
    for (const Cell& cell : shower_.cells()) {
      const G4double energy_in_cell = static_cast<G4double>(cell.energy_mev) * CLHEP::MeV;
      hits_.make(G4FastHit(entry + place(cell.index, direction), energy_in_cell), track);
    }
  }

  /// Deposit in the sensitive detectors of a parallel world, instead of those of the mass geometry.
  void deposit_in_world(const G4String& world) { hits_.SetNameOfWorldWithSD(world); }

 private:
  /// Geant4's own engine, so that an event follows from its seeds.
  static double standard_number() {
    return noise_is_normal ? G4RandGauss::shoot(0.0, 1.0) : G4UniformRand();
  }

  /// Centre of a cell from the entry point, in the envelope's own frame, which hit makers take.
  G4ThreeVector place(std::size_t cell, const G4ThreeVector& direction) const {
    const Indices at = indices(cell);
    const double r_mm = (static_cast<double>(at.r) + 0.5) * size_.dr_mm;
    const double phi_rad = position(cell).phi_rad;
    G4ThreeVector centre(r_mm * std::cos(phi_rad), r_mm * std::sin(phi_rad),
                         (static_cast<double>(at.z) + 0.5) * size_.dz_mm);
    return centre.rotateUz(direction) * CLHEP::mm;
  }

  std::shared_ptr<const Decoder> decoder_;
  Conditions chosen_;
  CellSize size_;
  Shower shower_;
  G4FastSimHitMaker hits_;
};
