# What every snippet gets, without a framework; two sources, for what must not be defined twice.
snippet_program(
  physics
  SOURCES "${CMAKE_CURRENT_SOURCE_DIR}/programs/artifact.cc"
          "${CMAKE_CURRENT_SOURCE_DIR}/programs/another_source.cc")
