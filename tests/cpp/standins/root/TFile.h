// Stand-in for ROOT 6's TFile.h: a text file with what was written into it.
#pragma once

#include <fstream>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

/// Objects that are made while a file is open belong to it.
class TFile {
 public:
  TFile(const char* name, const char*) : stream_(name) { current() = this; }
  ~TFile() { current() = nullptr; }
  TFile(const TFile&) = delete;
  TFile& operator=(const TFile&) = delete;

  bool IsZombie() const { return !stream_; }
  int Write() {
    for (const auto& one : owned_) one.second(stream_);
    return 0;
  }

  /// Keeps an object until the file is gone, and how it is written.
  template <class Object>
  void own(Object* object) {
    owned_.emplace_back(std::shared_ptr<void>(std::shared_ptr<Object>(object)),
                        [object](std::ostream& stream) { object->write(stream); });
  }

  static TFile*& current() {
    static TFile* file = nullptr;
    return file;
  }

 private:
  std::ofstream stream_;
  std::vector<std::pair<std::shared_ptr<void>, std::function<void(std::ostream&)>>> owned_;
};
