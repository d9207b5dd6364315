// The manifest hash of an ONNX file, for frameworks that hide the model's metadata.
#pragma once

#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>

/// A protocol buffer as it streams by: fields that nobody asks for are skipped, not read.
class ProtobufStream {
 public:
  /// Throws std::runtime_error with one line when the file cannot be read.
  explicit ProtobufStream(const std::string& path) : path_(path), file_(path, std::ios::binary) {
    if (!file_.seekg(0, std::ios::end)) refuse("cannot be read");
    size_ = static_cast<std::uint64_t>(file_.tellg());
    file_.seekg(0);
  }

  bool at_end() { return place() == size_; }
  std::uint64_t place() { return static_cast<std::uint64_t>(file_.tellg()); }

  /// Seven bits per byte, the lowest first; the eighth says that more follow.
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const int byte = file_.get();
      if (byte < 0) break;
      value |= (static_cast<std::uint64_t>(byte) & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    refuse("is no ONNX file, or a damaged one");
  }

  /// Length of a field of bytes that lies inside the file.
  std::uint64_t length() {
    const std::uint64_t found = varint();
    if (found > size_ - place()) refuse("is no ONNX file, or a damaged one");
    return found;
  }

  std::string text() {
    std::string found(length(), '\0');
    file_.read(found.data(), static_cast<std::streamsize>(found.size()));
    return found;
  }

  /// Skip a field whose number and kind were read as `tag`.
  void skip(std::uint64_t tag) {
    switch (tag & 7) {
      case 0:
        varint();
        break;
      case 1:
        file_.seekg(8, std::ios::cur);
        break;
      case 2:
        file_.seekg(static_cast<std::streamoff>(length()), std::ios::cur);
        break;
      case 5:
        file_.seekg(4, std::ios::cur);
        break;
      default:
        refuse("is no ONNX file, or a damaged one");
    }
  }

 private:
  [[noreturn]] void refuse(const char* reason) const {
    throw std::runtime_error(path_ + ": " + reason);
  }

  std::string path_;
  std::ifstream file_;
  std::uint64_t size_ = 0;
};

/// Return the manifest hash of an ONNX file; empty when caloexport did not write it.
///
/// Throws std::runtime_error with one line when the file is missing or damaged.
inline std::string onnx_manifest_hash(const std::string& path) {
  constexpr std::uint64_t bytes = 2, metadata = 14 << 3 | bytes;  // ModelProto.metadata_props
  constexpr std::uint64_t key = 1 << 3 | bytes, value = 2 << 3 | bytes;
  ProtobufStream stream(path);
  while (!stream.at_end()) {
    const std::uint64_t tag = stream.varint();
    if (tag != metadata) {
      stream.skip(tag);
      continue;
    }
    std::string name, content;
    const std::uint64_t length = stream.length();
    const std::uint64_t end = stream.place() + length;
    while (stream.place() < end) {
      const std::uint64_t inner = stream.varint();
      if (inner == key) {
        name = stream.text();
      } else if (inner == value && name == "caloexport.manifest_sha256") {
        return stream.text();
      } else {
        stream.skip(inner);  // other values may be long
      }
    }
  }
  return {};
}
