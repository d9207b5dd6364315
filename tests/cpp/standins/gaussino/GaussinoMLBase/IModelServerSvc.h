// Stand-in for Gaussino's GaussinoMLBase/IModelServerSvc.h (2024).
#pragma once

namespace Gsino::ML {

template <class Server>
struct IModelServerSvc {
  virtual ~IModelServerSvc() = default;
  virtual Server* getServer() const = 0;
};

}  // namespace Gsino::ML
