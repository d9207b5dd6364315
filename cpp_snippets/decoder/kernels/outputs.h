#pragma once
#include "../step.h"
#include "vectors.h"

/// Neighbouring outputs of a layer in memory.
struct Outputs {
  Vector* values;
  std::ptrdiff_t count;  ///< of vectors

  CALOEXPORT_INLINE Vector* begin() const noexcept { return values; }
  CALOEXPORT_INLINE Vector* end() const noexcept { return values + count; }
};
