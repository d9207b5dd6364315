# The energy window. What needs LWTNN or ONNX Runtime is in test_par04_vae.py.
snippet_program(
  par04_trained_range
  SOURCES "${CMAKE_CURRENT_SOURCE_DIR}/programs/par04_trained_range.cc"
  STANDINS geant4)
