// Stand-in for ROOT 6's TH1F.h: what is filled, without bins.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "TFile.h"

class TH1F {
 public:
  TH1F(const char* name, const char*, int, double, double) : name_(name) {
    TFile::current()->own(this);
  }

  int Fill(double value) {
    values_.push_back(value);
    return 0;
  }
  double GetMean() const {
    double sum = 0;
    for (const double value : values_) sum += value;
    return values_.empty() ? 0 : sum / static_cast<double>(values_.size());
  }

  void write(std::ostream& stream) const {
    stream << name_;
    for (const double value : values_) stream << " " << value;
    stream << "\n";
  }

 private:
  std::string name_;
  std::vector<double> values_;
};
