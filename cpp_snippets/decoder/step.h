#pragma once
#include <cstddef>
#include <cstdint>

/// What a step of the network does.
enum class Operation : int {
  dense,
  copy,
  activate,
  softmax,
  normalize,
  add,
  multiply,
  output,
  subtract,
  divide,
  maximum,
  minimum,
  gather,
  layer_normalize,
  reduce,
  convolve,
  spread
};

/// Activations that apply to every unit by itself.
enum class Function : int {
  linear,
  relu,
  leaky_relu,
  sigmoid,
  swish,
  tanh,
  elu,
  selu,
  gelu,
  softplus,
  hard_sigmoid,
  prelu,
  abs,
  celu,
  clip,
  cos,
  erf,
  exponential,
  hard_shrink,
  hard_swish,
  log,
  log_sigmoid,
  mish,
  reciprocal,
  rsqrt,
  sin,
  soft_shrink,
  softsign,
  sparse_plus,
  sqrt,
  square,
  squareplus,
  tanh_shrink,
  threshold
};

/// What Operation::reduce makes of neighbours.
enum class Reduction : int { sum, mean, largest, smallest };

/// How the weights of a kernel are stored and multiplied.
enum class Storage : int { float32, bfloat16, bfloat16_a16, int8, int8_a8 };

/// As Step::target: the step writes the results of the network.
inline constexpr std::ptrdiff_t to_output = -1;

/// Positions of a convolution that are multiplied together.
inline constexpr std::ptrdiff_t positions_together = 48;

/// Outputs of a tile of a packed kernel.
inline constexpr std::ptrdiff_t tile_outputs = 64;

/// One operation of the network. Places and sizes count floats, places from the scratch's begin;
/// values of other operations stay zero. Pointers need the alignment of a float only.
struct Step {
  Operation operation = Operation::dense;
  std::ptrdiff_t source = 0;              ///< place of the (first) operand
  std::ptrdiff_t target = 0;              ///< place of the result, or to_output
  std::ptrdiff_t positions = 1;           ///< how often the last axis is processed
  std::ptrdiff_t n_in = 0;                ///< inputs of a product; length or number of parts
  std::ptrdiff_t n_out = 0;               ///< units of a position; of `output` all results
  std::ptrdiff_t other = 0;               ///< place of the second operand, or of windows
  const void* first = nullptr;            ///< kernel, scale, gamma, group sizes, or index map
  const void* second = nullptr;           ///< bias, offset, beta, or second index map
  Function function = Function::linear;   ///< activation of dense, convolve and activate
  Reduction reduction = Reduction::sum;   ///< of reduce
  bool logarithm = false;                 ///< softmax: its logarithm is meant
  const float* trained = nullptr;         ///< trained parameter of the activation
  std::ptrdiff_t trained_step = 0;        ///< 1: one per unit, 0: one for all
  const std::int64_t* places = nullptr;   ///< where stretches come from or windows begin
  const std::int64_t* offsets = nullptr;  ///< how far behind that the taps of a window lie
  std::ptrdiff_t stretches = 0;           ///< how many, in all or in a window
  std::ptrdiff_t stretch = 0;             ///< floats of a stretch
  std::ptrdiff_t cells = 0;               ///< of the result of a transposed convolution
  const float* cell_bias = nullptr;       ///< (stretch) what those cells begin with
  Storage storage = Storage::float32;     ///< of the kernel
  const float* scale = nullptr;           ///< scale of every output of an int8 kernel
  std::ptrdiff_t work = 0;                ///< place of working space for rounded inputs, int8
  float constants[3] = {0, 0, 0};         ///< of the activation, of layer_normalize or gather
};
