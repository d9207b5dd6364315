#pragma once
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

#include "data_hash.h"

/// What a header knows of the weights file that was written with it.
struct WeightsFile {
  const char* manifest_sha256;
  std::size_t n_bytes;       ///< of the file
  std::size_t header_bytes;  ///< of its length field and description; the numbers follow
  std::uint64_t header_hash;
  std::uint64_t data_hash;
};

/// The weights, mapped from their file for reading: processes that map the same file share memory.
///
/// The file must stay as it is while it is mapped: a program that reads behind the end of a file
/// that became shorter gets SIGBUS.
class Weights {
 public:
  /// Maps a file, which must be the one that was written with the header, byte for byte.
  ///
  /// Throws std::runtime_error with one line that says what is wrong with it.
  Weights(const std::string& path, const WeightsFile& expected) : path_(path) {
    map();
    try {
      check(expected);
    } catch (...) {
      ::munmap(bytes_, n_bytes_);
      throw;
    }
    data_ = static_cast<const unsigned char*>(bytes_) + expected.header_bytes;
  }
  ~Weights() { ::munmap(bytes_, n_bytes_); }
  Weights(const Weights&) = delete;
  Weights& operator=(const Weights&) = delete;

  /// The numbers: what stands in the file behind its header.
  const unsigned char* data() const noexcept { return data_; }

 private:
  /// The length field in front of the description.
  static constexpr std::size_t length_bytes = 8;

  [[noreturn]] void refuse(const std::string& reason) const {
    throw std::runtime_error(path_ + ": " + reason);
  }
  [[noreturn]] void refuse_system(const char* what) const {
    refuse(std::string(what) + ": " + std::strerror(errno));
  }

  void map() {
    // opening a pipe would wait for its other end, unless told not to
    const int file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) refuse_system("the weights file cannot be opened");
    struct stat facts{};
    const bool known = ::fstat(file, &facts) == 0;
    const bool regular = known && S_ISREG(facts.st_mode);
    n_bytes_ = regular ? static_cast<std::size_t>(facts.st_size) : 0;
    int flags = MAP_PRIVATE;
#if defined(MAP_POPULATE)
    flags |= MAP_POPULATE;  // all of it is read for its hash: ask for all pages at once
#endif
    void* const place =
        n_bytes_ > 0 ? ::mmap(nullptr, n_bytes_, PROT_READ, flags, file, 0) : MAP_FAILED;
    const int reason = errno;
    ::close(file);
    if (!regular) refuse("is not a regular file, expected the weights file");
    if (n_bytes_ == 0) refuse("is empty, expected the weights file");
    errno = reason;
    if (place == MAP_FAILED) refuse_system("the weights file cannot be mapped");
    bytes_ = place;
  }

  void check(const WeightsFile& expected) const {
    const auto* bytes = static_cast<const unsigned char*>(bytes_);
    const std::string size =
        std::to_string(n_bytes_) + " bytes, expected " + std::to_string(expected.n_bytes);
    if (n_bytes_ < length_bytes) refuse("is truncated: it has " + size);
    std::uint64_t length = 0;
    std::memcpy(&length, bytes, length_bytes);
    if (__builtin_bswap64(length) + length_bytes == expected.header_bytes) {
      refuse("was written in the byte order of another machine");
    }
    const bool complete = n_bytes_ >= expected.header_bytes;
    if (!complete || data_hash(bytes, expected.header_bytes) != expected.header_hash) {
      refuse_header(expected, complete, size);
    }
    if (n_bytes_ < expected.n_bytes) refuse("is truncated: it has " + size);
    if (n_bytes_ > expected.n_bytes) refuse("has bytes behind its end: it has " + size);
    const std::size_t data_bytes = n_bytes_ - expected.header_bytes;
    if (data_hash(bytes + expected.header_bytes, data_bytes) != expected.data_hash) {
      refuse("its numbers are not those that were written with this header: damaged or replaced");
    }
  }

  /// Says why a description is not the expected one.
  [[noreturn]] void refuse_header(const WeightsFile& expected, bool complete,
                                  const std::string& size) const {
    const std::string ours = expected.manifest_sha256;
    const std::string theirs = manifest_in_file(ours.size());
    if (theirs.empty()) refuse("is no weights file of caloexport, or its description is damaged");
    if (theirs != ours) {
      refuse("belongs to another export: its manifest is " + theirs + ", that of the header is " +
             ours);
    }
    if (!complete) refuse("is truncated: it has " + size);
    refuse("comes from another export of the same model, or its description is damaged: keep " +
           std::string("header and weights of one export together"));
  }

  /// Finds the manifest's hash in the file's own description; empty where there is none.
  std::string manifest_in_file(std::size_t size) const {
    constexpr std::size_t longest = 1000000;
    const auto* text = static_cast<const char*>(bytes_);
    const char* const end = text + std::min(n_bytes_, longest);
    const std::string key = "\"manifest_sha256\":\"";
    const char* found = std::search(text, end, key.begin(), key.end());
    if (static_cast<std::size_t>(end - found) < key.size() + size) return {};
    found += key.size();
    const std::string hash(found, found + size);
    const bool digits = hash.find_first_not_of("0123456789abcdef") == std::string::npos;
    return digits ? hash : std::string();
  }

  std::string path_;
  void* bytes_ = nullptr;
  std::size_t n_bytes_ = 0;
  const unsigned char* data_ = nullptr;
};
