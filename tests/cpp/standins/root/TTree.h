// Stand-in for ROOT 6's TTree.h: branches of single numbers.
#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "TFile.h"

class TTree {
 public:
  TTree(const char* name, const char*) : name_(name) { TFile::current()->own(this); }

  template <class Number>
  void Branch(const char* name, Number* address) {
    names_.emplace_back(name);
    readers_.push_back([address] { return static_cast<double>(*address); });
  }
  int Fill() {
    for (const auto& read : readers_) values_.push_back(read());
    return 0;
  }
  long long GetEntries() const { return static_cast<long long>(values_.size() / names_.size()); }

  void write(std::ostream& stream) const {
    stream << name_;
    for (const std::string& name : names_) stream << " " << name;
    stream.precision(17);
    for (std::size_t k = 0; k < values_.size(); ++k) {
      stream << (k % names_.size() == 0 ? "\n" : " ") << values_[k];
    }
    stream << "\n";
  }

 private:
  std::string name_;
  std::vector<std::string> names_;
  std::vector<std::function<double()>> readers_;
  std::vector<double> values_;
};
