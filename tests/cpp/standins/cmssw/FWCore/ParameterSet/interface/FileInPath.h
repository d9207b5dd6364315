// Stand-in for FWCore/ParameterSet/interface/FileInPath.h. of CMSSW (master of 2026).
#pragma once

#include <fstream>
#include <string>

#include "FWCore/Utilities/interface/Exception.h"

namespace edm {

/// Here a path that is looked up as it is; the framework has a list of folders.
class FileInPath {
 public:
  explicit FileInPath(const std::string& path) : path_(path) {
    if (!std::ifstream(path)) {
      throw cms::Exception("FileInPathError")
          << "edm::FileInPath unable to find file " << path << " anywhere in the search path.";
    }
  }
  std::string fullPath() const { return path_; }

 private:
  std::string path_;
};

}  // namespace edm
