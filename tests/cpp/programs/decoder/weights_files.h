#pragma once
#include "expect.h"

#if defined(DECODER_WEIGHTS)
#include <sys/stat.h>
#include <unistd.h>

#include <exception>
#include <fstream>
#include <iterator>

/// What the constructor says of a file; empty when it takes it.
inline std::string refusal(const std::string& path) {
  try {
    const generator::Decoder decoder(path);
  } catch (const std::exception& error) {
    const std::string told = error.what();
    expect(told.find('\n') == std::string::npos, "one line: " + told);
    expect(told.compare(0, path.size(), path) == 0, "the file is named first: " + told);
    return told;
  }
  return {};
}

inline void expect_refusal(const std::string& path, const char* words) {
  const std::string told = refusal(path);
  expect(told.find(words) != std::string::npos, std::string(words) + " is not in: " + told);
}

/// A file of this process that is gone at the end.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content)
      : path_("weights-" + std::to_string(::getpid())) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() { ::unlink(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline std::string refusal_of(const std::string& content) {
  const TemporaryFile file(content);
  return refusal(file.path());
}

/// Only the very file that was written with the header is taken.
inline void check_weights_files() {
  std::ifstream stream(DECODER_WEIGHTS, std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(stream), {}};
  expect(refusal_of(good).empty(), "a copy of the file is taken");

  expect_refusal("no-such-file", "cannot be opened");
  expect_refusal(".", "not a regular file");
  expect_refusal(TemporaryFile("").path() + "-gone", "cannot be opened");
  expect(refusal_of("").find("is empty") != std::string::npos, "an empty file");
  expect(refusal_of(good + '\0').find("behind its end") != std::string::npos, "a longer file");
  expect(refusal_of("# some text, longer than the length of a description\n")
                 .find("no weights file") != std::string::npos,
         "a file of another kind");
  const std::string length(good.rend() - 8, good.rend());
  expect(refusal_of(length + good.substr(8)).find("byte order") != std::string::npos,
         "another byte order");

  for (std::size_t size = 1; size < good.size(); size = (size / 64 + 1) * 64) {
    expect(!refusal_of(good.substr(0, size)).empty(), "cut to " + std::to_string(size));
  }
  for (std::size_t k = 0; k < good.size(); k += k < 32 ? 1 : 61) {
    std::string damaged = good;
    damaged[k] = static_cast<char>(damaged[k] ^ (1 << k % 8));
    expect(!refusal_of(damaged).empty(), "damaged at " + std::to_string(k));
  }
}
#else
inline void check_weights_files() {}  // the weights are in the program
#endif
