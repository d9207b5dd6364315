#if !defined(__cplusplus) || __cplusplus < 201703L
#error "caloexport: this header needs C++17, for example -std=c++17"
#endif
#if !defined(__GNUC__)
#error "caloexport: compile with g++ or clang++, whose vectors and asm statements this code uses"
#endif
#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "caloexport: the weights are little-endian, this machine is not"
#endif
#if !defined(__SIZEOF_POINTER__) || __SIZEOF_POINTER__ < 8
#error "caloexport: this header needs a 64-bit machine"
#endif
