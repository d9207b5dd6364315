#pragma once

#include <memory>
#include <string>

#include "Par04CheckedOnnxInference.hh"

/// Open an artifact as Par04 does; throws std::runtime_error with one line.
inline std::unique_ptr<Par04InferenceInterface> open_inference(const std::string& path) {
  return std::make_unique<Par04CheckedOnnxInference>(path);
}
