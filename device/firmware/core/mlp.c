/* QUANTISATION.md in C: weights and activations stay unsigned bytes; the 128 in each weight is taken out once for each neuron. */
#include "mlp.h"

#include "bytes.h"
#include "compiler.h"
#include "curves.h"
#include "mlp_image.h"

/* Accumulators fit 24 bits, and so does t · multiplier; a byte less is a quarter of the time on an 8-bit chip. */
#ifdef __AVR__
typedef __int24 wide;
#else
typedef int32_t wide;
#endif

/* Shifts take whole bytes first: a chip that shifts one bit at a time moves bytes for nothing. */
static inline wide shift_right(wide value, uint8_t bits)
{
    if (bits >= 8) {
        value >>= 8;
        bits = (uint8_t)(bits - 8);
    }
    while (bits-- != 0) {
        value >>= 1;
    }
    return value;
}

static inline int16_t shift_right_16(int16_t value, uint8_t bits)
{
    if (bits >= 8) {
        value >>= 8;
        bits = (uint8_t)(bits - 8);
    }
    while (bits-- != 0) {
        value >>= 1;
    }
    return value;
}

static inline int32_t shift_right_32(int32_t value, uint8_t bits)
{
    if (bits >= 8) {
        value >>= 8;
        bits = (uint8_t)(bits - 8);
    }
    while (bits-- != 0) {
        value >>= 1;
    }
    return value;
}

static inline uint8_t clamp(int32_t value)
{
    if (value < 0) {
        return 0;
    }
    return (uint8_t)(value > 255 ? 255 : value);
}

static inline uint8_t clamp_16(int16_t value)
{
    if (value < 0) {
        return 0;
    }
    return (uint8_t)(value > 255 ? 255 : value);
}

/* 16 × 8 bits from two multiplications of bytes; left to itself the compiler widens them and multiplies four times. */
static inline wide times(int16_t t, uint8_t multiplier)
{
    uint8_t low = (uint8_t)t;
    int8_t high = (int8_t)(t >> 8);
    uint8_t again = multiplier;
    UNRELATED(low);
    UNRELATED(high);
    UNRELATED(again);
    return (wide)(high * again) * 256 + (uint16_t)((uint16_t)low * multiplier);
}

static APART void map_inputs(const uint8_t *input, uint8_t count, const int16_t *counts, uint8_t *out)
{
    while (count-- != 0) {
        const int32_t centred = (int32_t)counts[input[INPUT_CHANNEL]] - get_i16(input + INPUT_OFFSET);
        const int32_t scaled = centred * get_i16(input + INPUT_GAIN) + get_i32(input + INPUT_BIAS);
        *out++ = clamp(shift_right_32(scaled, input[INPUT_SHIFT]));
        input += INPUT_BYTES;
    }
}

/* bias + Σ stored · a, on unsigned bytes. */
static APART wide accumulate(const uint8_t *neuron, const uint8_t *in, uint8_t count)
{
    wide sum = (wide)get_i32(neuron + NEURON_BIAS);
    const uint8_t *stored = neuron + NEURON_WEIGHTS;
    do {
        sum += (wide)((uint16_t)((uint16_t)*stored++ * *in++));
    } while (--count != 0);
    return sum;
}

/* The activation of an accumulated sum. Half a step is added when all but the last bit is gone: the same, and it fits. */
static APART uint8_t requantise(wide acc, uint8_t multiplier, const uint8_t *layer)
{
    const int16_t t = (int16_t)shift_right(acc, layer[LAYER_PRE_SHIFT]);
    const wide product = times(t, multiplier);
    const uint8_t zero = layer[LAYER_ZERO];
    const uint8_t bits = (uint8_t)(layer[LAYER_POST_SHIFT] - 1);
    if (bits < 8) {
        return clamp(((shift_right(product, bits) + 1) >> 1) + zero);
    }
    const int16_t high = shift_right_16((int16_t)(product >> 8), (uint8_t)(bits - 8));
    return clamp_16((int16_t)(((high + 1) >> 1) + zero));
}

/* One layer from `in` to `out`, without its curve. Returns where the next layer begins. */
static APART const uint8_t *run_layer(const uint8_t *layer, const uint8_t *in, uint8_t *out)
{
    const uint8_t inputs = layer[LAYER_INPUTS];
    uint16_t sum = 0;
    for (uint8_t i = 0; i < inputs; i++) {
        sum = (uint16_t)(sum + in[i]);
    }
    const wide excess = (wide)sum * WEIGHT_ZERO;
    const uint8_t *neuron = layer + LAYER_HEADER;
    for (uint8_t n = layer[LAYER_OUTPUTS]; n != 0; n--) {
        *out++ = requantise(accumulate(neuron, in, inputs) - excess, neuron[NEURON_MULTIPLIER], layer);
        neuron += NEURON_WEIGHTS + inputs;
    }
    return neuron;
}

static void apply_curve(uint8_t activation, uint8_t *bytes, uint8_t count)
{
    if (activation != SIGMOID && activation != TANH) {
        return;
    }
    const uint8_t *const curve = activation == SIGMOID ? curve_sigmoid : curve_tanh;
    for (uint8_t i = 0; i < count; i++) {
        bytes[i] = CURVE_READ(curve, bytes[i]);
    }
}

static uint8_t class_of(const uint8_t *scores, uint8_t count)
{
    if (count == 1) {
        return scores[0] >= 128;
    }
    uint8_t best = 0;
    for (uint8_t i = 1; i < count; i++) {
        if (scores[i] > scores[best]) {
            best = i;
        }
    }
    return best;
}

uint8_t mlp_run(const struct mlp *model, const int16_t *counts, uint8_t *scores)
{
    uint8_t widths[2][MLP_MAX_WIDTH];
    const uint8_t *layer = model->image + IMAGE_HEADER;
    map_inputs(layer, model->inputs, counts, widths[0]);
    layer += (uint16_t)model->inputs * INPUT_BYTES;
    for (uint8_t l = 0; l < model->layers; l++) {
        const uint8_t *const in = widths[l & 1];
        uint8_t *const out = l + 1 == model->layers ? scores : widths[~l & 1];
        const uint8_t *const next = run_layer(layer, in, out);
        apply_curve(layer[LAYER_ACTIVATION], out, layer[LAYER_OUTPUTS]);
        layer = next;
    }
    return class_of(scores, model->outputs);
}
