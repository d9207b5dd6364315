# The ROOT macro, for a mesh of layers.
snippet_program(
  root_macro
  SOURCES "${CMAKE_CURRENT_SOURCE_DIR}/programs/root_macro.cc"
  STANDINS root
  ARGUMENTS "${CMAKE_CURRENT_BINARY_DIR}/hits.txt")
