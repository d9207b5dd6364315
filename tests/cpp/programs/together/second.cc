#include "showers.h"

Showers showers_of_second_source() { return make_showers(); }
