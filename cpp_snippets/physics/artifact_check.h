#pragma once
#include <fstream>
#include <stdexcept>
#include <string>

/// Refuse the hash of another manifest.
///
/// Throws std::runtime_error with one line that names both.
inline void require_same(const std::string& found, const std::string& where) {
  if (found == manifest_sha256) return;
  const std::string what = found.empty() ? "carries no manifest hash of caloexport"
                                         : "belongs to manifest " + found.substr(0, 12) + "...";
  throw std::runtime_error(where + ": " + what + ", this program was made for " +
                           std::string(manifest_sha256).substr(0, 12) + "... (" + name +
                           "): make one of them again");
}

/// Refuse an artifact on disk of another manifest: LWTNN JSON, our safetensors, SavedModel folder.
///
/// ONNX keeps its metadata at the end of the file: ask the library for
/// `caloexport.manifest_sha256`. Throws std::runtime_error with one line.
inline void require_manifest(const std::string& path) {
  std::string head(1u << 20, '\0');  // no header of ours is longer
  bool opened = false;
  const std::string inside = "/caloexport.safetensors";
  for (const std::string& file : {path + "/assets.extra" + inside, path + inside, path}) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) continue;
    stream.read(head.data(), static_cast<std::streamsize>(head.size()));
    if (stream.gcount() <= 0) continue;  // a folder opens as a stream, and gives nothing
    head.resize(static_cast<std::size_t>(stream.gcount()));
    opened = true;
    break;
  }
  if (!opened) throw std::runtime_error(path + ": cannot be read");
  const std::string key = "manifest_sha256\"";
  std::string found;
  const std::size_t at = head.find(key);
  if (at != std::string::npos) {
    const std::size_t begin = head.find('"', at + key.size());
    const std::size_t end = begin == std::string::npos ? begin : head.find('"', begin + 1);
    if (end != std::string::npos) found = head.substr(begin + 1, end - begin - 1);
  }
  require_same(found, path);
}
