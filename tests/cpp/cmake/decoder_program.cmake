# decoder_program(NAME PRECISION … GENERATOR … SANITIZER none|memory|threads OPTIMISATION "-O2 …"
#                 ARITHMETIC exact|fast INSTRUCTIONS dispatched|LEVEL WEIGHTS … STANDARD 17|20)
#
# The checks of programs/decoder on a decoder in ${CASES}/decoders/NAME, and tests that run them at
# every instruction level of this machine, or at the one that was fixed when it was compiled.
set(DECODER_CHECKS "${CMAKE_CURRENT_SOURCE_DIR}/programs/decoder")

try_run(LEVELS_RAN LEVELS_COMPILED "${CMAKE_BINARY_DIR}/levels"
        "${CMAKE_CURRENT_SOURCE_DIR}/programs/instruction_levels.cc"
        RUN_OUTPUT_VARIABLE LEVELS COMPILE_OUTPUT_VARIABLE LEVELS_TOLD)
if(NOT LEVELS_COMPILED OR NOT LEVELS_RAN EQUAL 0)
  message(FATAL_ERROR "programs/instruction_levels.cc does not run: ${LEVELS_TOLD}")
endif()
message(STATUS "Instruction levels of this machine: ${LEVELS}")

function(decoder_test NAME PROGRAM LEVEL FOLDER)
  add_test(NAME ${NAME} COMMAND ${PROGRAM} WORKING_DIRECTORY "${FOLDER}")
  set_tests_properties(${NAME} PROPERTIES LABELS "decoder"
                                          ENVIRONMENT "CALOEXPORT_INSTRUCTIONS=${LEVEL}")
endfunction()

function(decoder_program NAME)
  cmake_parse_arguments(
    PARSE_ARGV 1 ARG ""
    "PRECISION;GENERATOR;SANITIZER;OPTIMISATION;ARITHMETIC;INSTRUCTIONS;WEIGHTS;STANDARD" "")
  set(FOLDER "${CASES}/decoders/${NAME}")
  separate_arguments(FLAGS UNIX_COMMAND "${ARG_OPTIMISATION}")
  if(ARG_ARITHMETIC STREQUAL fast)
    list(APPEND FLAGS -ffast-math)
  endif()
  if(NOT ARG_INSTRUCTIONS STREQUAL dispatched)
    list(APPEND FLAGS "-DCALOEXPORT_INSTRUCTIONS=${ARG_INSTRUCTIONS}")
  endif()
  if(ARG_SANITIZER STREQUAL none)
    list(APPEND FLAGS -DCOUNT_ALLOCATIONS)
  endif()
  strict_program(
    ${NAME}
    SOURCES "${DECODER_CHECKS}/main.cc"
    INCLUDES "${FOLDER}"
    STANDARD ${ARG_STANDARD}
    FLAGS ${FLAGS}
    SANITIZER ${ARG_SANITIZER})
  if(ARG_INSTRUCTIONS STREQUAL dispatched)
    foreach(LEVEL IN LISTS LEVELS)
      decoder_test(${NAME}.${LEVEL} ${NAME} ${LEVEL} "${FOLDER}")
    endforeach()
    decoder_test(${NAME}.unknown ${NAME} sse9 "${FOLDER}")
    set_tests_properties(
      ${NAME}.unknown PROPERTIES PASS_REGULAR_EXPRESSION
                                 "asks for 'sse9', known are portable, avx2 and avx512")
  else()
    decoder_test(${NAME} ${NAME} "" "${FOLDER}")
    if(NOT ARG_INSTRUCTIONS IN_LIST LEVELS)
      set_tests_properties(
        ${NAME} PROPERTIES PASS_REGULAR_EXPRESSION "asks for ${ARG_INSTRUCTIONS}, the best of this")
    endif()
  endif()
endfunction()

# two generators in one program, each in two sources
strict_program(
  decoders_together
  SOURCES programs/together/main.cc programs/together/second.cc
  INCLUDES "${CASES}/decoders/together"
  FLAGS -O1
  SANITIZER memory)
decoder_test(decoders_together decoders_together "" "${CASES}/decoders/together")
