// Stand-in for Gaudi 36's GaudiAlg/GaudiTool.h.
#pragma once

#include <string>

#include "GaudiKernel/MsgStream.h"
#include "GaudiKernel/Property.h"
#include "GaudiKernel/StatusCode.h"

/// Base of tools. In Gaudi, tools are made by their factory, with type, name and parent.
class GaudiTool : public PropertyHolder {
 public:
  explicit GaudiTool(const std::string& name) : name_(name) {}
  virtual ~GaudiTool() = default;

  virtual StatusCode initialize() { return StatusCode::SUCCESS; }
  const std::string& name() const { return name_; }
  MsgStream& info() const { return stream_; }
  MsgStream& error() const { return stream_; }

 private:
  std::string name_;
  mutable MsgStream stream_;
};

/// A base class and the interfaces that go with it.
template <class Base, class... Interfaces>
class extends : public Base, virtual public Interfaces... {
 public:
  using Base::Base;
  using extends_type = extends;

  StatusCode initialize() override { return Base::initialize(); }
};

#define DECLARE_COMPONENT_WITH_ID(Type, id) \
  const char* component_id(const Type*) { return id; }
