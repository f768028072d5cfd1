/* QUANTISATION.md in C: weights and activations stay unsigned bytes, the 128 in each weight is taken out once for each neuron. */
#include "mlp.h"

#include <stdbool.h>

#include "bytes.h"
#include "compiler.h"
#include "curves.h"

#define HEADER_BYTES 8
#define INPUT_BYTES 10
#define LAYER_BYTES 6
#define NEURON_BYTES 5 /* and one for each weight */
#define WEIGHT_ZERO 128

#define MAX_LAYER_BIAS (1L << 22)
#define MAX_INPUT_BIAS (1L << 24)

enum activation { LINEAR, RELU, SIGMOID, TANH };

/* Accumulators fit 24 bits, and so does t · multiplier; a byte less is a fifth of the time on an 8-bit chip. */
#ifdef __AVR__
typedef __int24 wide;
#else
typedef int32_t wide;
#endif

struct cursor {
    const uint8_t *at;
    uint16_t left;
};

/* The next `count` bytes, or NULL when there are not that many. */
static const uint8_t *take(struct cursor *cursor, uint16_t count)
{
    if (cursor->left < count) {
        return 0;
    }
    const uint8_t *const start = cursor->at;
    cursor->at += count;
    cursor->left = (uint16_t)(cursor->left - count);
    return start;
}

static bool within(int32_t value, int32_t limit)
{
    return value >= -limit && value <= limit;
}

static bool width_ok(uint8_t width)
{
    return width >= 1 && width <= MLP_MAX_WIDTH;
}

static bool input_ok(const uint8_t *input, uint8_t channels)
{
    const int16_t gain = get_i16(input + 4);
    return input[0] < channels && input[1] <= 15 && gain >= 0 && gain <= 16383 && within(get_i32(input + 6), MAX_INPUT_BIAS);
}

/* Includes the reach: whatever the activations, the shifted sum stays within 16 bits. */
static bool neuron_ok(const uint8_t *neuron, uint8_t inputs, uint8_t pre_shift)
{
    int32_t least = get_i32(neuron);
    int32_t greatest = least;
    if (!within(least, MAX_LAYER_BIAS) || neuron[4] == 0) {
        return false;
    }
    for (uint8_t i = 0; i < inputs; i++) {
        const uint8_t stored = neuron[NEURON_BYTES + i];
        if (stored == 0) {
            return false;
        }
        const int32_t most = (int32_t)255 * (stored - WEIGHT_ZERO);
        if (most < 0) {
            least += most;
        } else {
            greatest += most;
        }
    }
    return least >> pre_shift >= INT16_MIN && greatest >> pre_shift <= INT16_MAX;
}

/* Check one layer that must take `inputs`. Returns its outputs, 0 when it is refused. */
static uint8_t check_layer(struct cursor *cursor, uint8_t inputs)
{
    const uint8_t *const layer = take(cursor, LAYER_BYTES);
    if (layer == 0 || layer[0] != inputs || !width_ok(layer[1]) || layer[2] > TANH || layer[3] > 15 || layer[4] < 1 || layer[4] > 23) {
        return 0;
    }
    for (uint8_t n = 0; n < layer[1]; n++) {
        const uint8_t *const neuron = take(cursor, (uint16_t)(NEURON_BYTES + inputs));
        if (neuron == 0 || !neuron_ok(neuron, inputs, layer[3])) {
            return 0;
        }
    }
    return layer[1];
}

int8_t mlp_open(struct mlp *model, const uint8_t *image, uint16_t size, uint8_t channels)
{
    struct cursor cursor = {image, size};
    const uint8_t *const header = take(&cursor, HEADER_BYTES);
    if (header == 0 || header[0] != 'L' || header[1] != '8' || header[2] != 1 || get_u16(header + 6) != size) {
        return MLP_BAD_MODEL;
    }
    if (header[3] < 1 || header[3] > MLP_MAX_LAYERS || !width_ok(header[4]) || !width_ok(header[5])) {
        return MLP_BAD_MODEL;
    }
    model->image = image;
    model->layers = header[3];
    model->inputs = header[4];
    model->outputs = header[5];
    model->macs = 0;
    for (uint8_t i = 0; i < model->inputs; i++) {
        const uint8_t *const input = take(&cursor, INPUT_BYTES);
        if (input == 0 || !input_ok(input, channels)) {
            return MLP_BAD_MODEL;
        }
    }
    uint8_t width = model->inputs;
    for (uint8_t l = 0; l < model->layers; l++) {
        const uint8_t outputs = check_layer(&cursor, width);
        if (outputs == 0) {
            return MLP_BAD_MODEL;
        }
        model->macs = (uint16_t)(model->macs + (uint16_t)width * outputs);
        width = outputs;
    }
    return width == model->outputs && cursor.left == 0 ? 0 : MLP_BAD_MODEL;
}

static inline uint8_t clamp(wide value)
{
    if (value < 0) {
        return 0;
    }
    return value > 255 ? 255 : (uint8_t)value;
}

/* Arithmetic shift by 0 … 15. A whole byte first: a chip that shifts one bit at a time moves bytes for nothing. */
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

/* The same by 0 … 22, narrower as bytes go. */
static inline wide shift_far(wide value, uint8_t bits)
{
    if (bits < 8) {
        return shift_right(value, bits);
    }
    int16_t high = (int16_t)(value >> 8);
    bits = (uint8_t)(bits - 8);
    if (bits >= 8) {
        high >>= 8;
        bits = (uint8_t)(bits - 8);
    }
    while (bits-- != 0) {
        high >>= 1;
    }
    return high;
}

/* 16 × 8 bits from two multiplications of bytes; without this the compiler calls one of 24 × 24 bits. */
static inline wide times(int16_t t, uint8_t multiplier)
{
    const uint8_t low = (uint8_t)t;
    const int8_t high = (int8_t)(t >> 8);
    return (wide)(high * multiplier) * 256 + (uint16_t)((uint16_t)low * multiplier);
}

static APART void map_inputs(const uint8_t *input, uint8_t count, const int16_t *counts, uint8_t *out)
{
    while (count-- != 0) {
        const int32_t centred = (int32_t)counts[input[0]] - get_i16(input + 2);
        int32_t scaled = centred * get_i16(input + 4) + get_i32(input + 6);
        uint8_t bits = input[1];
        if (bits >= 8) {
            scaled >>= 8;
            bits = (uint8_t)(bits - 8);
        }
        while (bits-- != 0) {
            scaled >>= 1;
        }
        *out++ = scaled < 0 ? 0 : scaled > 255 ? 255 : (uint8_t)scaled;
        input += INPUT_BYTES;
    }
}

/* Σ stored · a, on unsigned bytes. */
static APART wide dot(const uint8_t *stored, const uint8_t *in, uint8_t count)
{
    wide sum = 0;
    do {
        sum += (wide)((uint16_t)((uint16_t)*stored++ * *in++));
    } while (--count != 0);
    return sum;
}

/* The activation of an accumulated sum. */
static APART uint8_t requantise(wide acc, uint8_t multiplier, const uint8_t *layer)
{
    const int16_t t = (int16_t)shift_right(acc, layer[3]);
    /* Half a step is added when all but the last bit is gone: the same, and it stays in 24 bits. */
    const wide halves = shift_far(times(t, multiplier), (uint8_t)(layer[4] - 1)) + 1;
    return clamp(layer[5] + (halves >> 1));
}

/* One layer from `in` to `out`, without its curve. Returns where the next layer begins. */
static APART const uint8_t *run_layer(const uint8_t *layer, const uint8_t *in, uint8_t *out)
{
    const uint8_t inputs = layer[0];
    uint16_t sum = 0;
    for (uint8_t i = 0; i < inputs; i++) {
        sum = (uint16_t)(sum + in[i]);
    }
    const wide excess = (wide)sum * WEIGHT_ZERO;
    const uint8_t *neuron = layer + LAYER_BYTES;
    for (uint8_t n = layer[1]; n != 0; n--) {
        const wide acc = (wide)get_i32(neuron) - excess + dot(neuron + NEURON_BYTES, in, inputs);
        *out++ = requantise(acc, neuron[4], layer);
        neuron += NEURON_BYTES + inputs;
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
    const uint8_t *layer = model->image + HEADER_BYTES;
    map_inputs(layer, model->inputs, counts, widths[0]);
    layer += (uint16_t)model->inputs * INPUT_BYTES;
    for (uint8_t l = 0; l < model->layers; l++) {
        const uint8_t *const in = widths[l & 1];
        uint8_t *const out = l + 1 == model->layers ? scores : widths[~l & 1];
        const uint8_t *const next = run_layer(layer, in, out);
        apply_curve(layer[2], out, layer[1]);
        layer = next;
    }
    return class_of(scores, model->outputs);
}
