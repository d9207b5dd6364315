#pragma once
#include "../step.h"
#include "vectors.h"

/// Neighbouring outputs of a layer, up to those of a tile.
struct Outputs {
  Vector values[tile_outputs / lanes];
  std::ptrdiff_t used;  ///< how many vectors hold outputs

  CALOEXPORT_INLINE Vector* begin() noexcept { return values; }
  CALOEXPORT_INLINE Vector* end() noexcept { return values + used; }
};
