#pragma once

#include <memory>
#include <string>

#include "Par04LwtnnInference.hh"
#include "generator.h"

/// Open an artifact as Par04 does; throws std::runtime_error with one line.
inline std::unique_ptr<Par04InferenceInterface> open_inference(const std::string& path) {
  generator::require_manifest(path);
  return std::make_unique<Par04LwtnnInference>(path);
}
