# A slice of FastCaloSim in lwtnn: reference showers, binning.xml, labels and a shower.
snippet_program(fastcalosim_lwtnn SOURCES "${SNIPPET}/check_slice.cc" STANDINS clhep lwtnn)
