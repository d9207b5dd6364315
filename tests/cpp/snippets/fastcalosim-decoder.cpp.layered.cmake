# A slice of FastCaloSim computed by the generated decoder.
snippet_program(
  fastcalosim_decoder
  SOURCES "${SNIPPET}/check_slice.cc" "${SNIPPET}/gan_network.cc"
  STANDINS fastcalosim clhep)
