// The manifest hash of an ONNX file, for frameworks that keep the session to themselves.
#pragma once

#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>

#include "generator.h"

/// Refuse an ONNX file of another manifest; throws std::runtime_error with one line.
///
/// The metadata are protobuf strings: the key, the bytes 18 and 64, and 64 digits.
inline void require_onnx_manifest(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error(path + ": cannot be read");
  const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  constexpr std::size_t n_digits = 64;
  const std::string key = "caloexport.manifest_sha256\x12\x40";
  const std::size_t at = text.rfind(key);
  const bool found = at != std::string::npos && text.size() - at >= key.size() + n_digits;
  generator::require_same(found ? text.substr(at + key.size(), n_digits) : "", path);
}
