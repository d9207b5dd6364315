#if !defined(__cplusplus) || __cplusplus < 201703L
#error "caloexport: this header needs C++17, for example -std=c++17"
#endif
