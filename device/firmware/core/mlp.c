/* QUANTISATION.md in C: weights and activations stay unsigned bytes, the 128 in each weight is taken out once for each neuron. */
#include "mlp.h"

#include <stdbool.h>

#include "bytes.h"
#include "curves.h"

#define HEADER_BYTES 8
#define INPUT_BYTES 10
#define LAYER_BYTES 6
#define NEURON_BYTES 5 /* and one for each weight */

#define MAX_LAYER_BIAS (1L << 22)
#define MAX_INPUT_BIAS (1L << 24)

enum activation { LINEAR, RELU, SIGMOID, TANH };

/* The sum of 32 products of bytes fits 24 bits, and three additions are cheaper than four. */
#ifdef __AVR__
typedef __uint24 products;
#else
typedef uint32_t products;
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

static bool neuron_ok(const uint8_t *neuron, uint8_t inputs)
{
    if (!within(get_i32(neuron), MAX_LAYER_BIAS) || neuron[4] == 0) {
        return false;
    }
    for (uint8_t i = 0; i < inputs; i++) {
        if (neuron[NEURON_BYTES + i] == 0) {
            return false;
        }
    }
    return true;
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
        if (neuron == 0 || !neuron_ok(neuron, inputs)) {
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

static uint8_t clamp(int32_t value)
{
    if (value < 0) {
        return 0;
    }
    return value > 255 ? 255 : (uint8_t)value;
}

/* Arithmetic shift. Whole bytes first: a chip that shifts one bit at a time moves bytes for nothing. */
static inline int32_t shift_right(int32_t value, uint8_t bits)
{
    if (bits >= 16) {
        value >>= 16;
        bits = (uint8_t)(bits - 16);
    }
    if (bits >= 8) {
        value >>= 8;
        bits = (uint8_t)(bits - 8);
    }
    while (bits-- != 0) {
        value >>= 1;
    }
    return value;
}

static void map_inputs(const uint8_t *input, uint8_t count, const int16_t *counts, uint8_t *out)
{
    while (count-- != 0) {
        const int32_t centred = (int32_t)counts[input[0]] - get_i16(input + 2);
        *out++ = clamp(shift_right(centred * get_i16(input + 4) + get_i32(input + 6), input[1]));
        input += INPUT_BYTES;
    }
}

static inline products dot(const uint8_t *weights, const uint8_t *in, uint8_t count)
{
    products sum = 0;
    do {
        sum += (uint16_t)((uint16_t)*weights++ * *in++);
    } while (--count != 0);
    return sum;
}

/* One layer from `in` to `out`, without its curve. Returns where the next layer begins. */
static const uint8_t *run_layer(const uint8_t *layer, const uint8_t *in, uint8_t *out)
{
    const uint8_t inputs = layer[0];
    const uint8_t pre_shift = layer[3];
    const uint8_t post_shift = layer[4];
    const uint8_t zero = layer[5];
    /* post_shift is at most 23, so half a step is at most 2^22. */
    const int32_t half = (int32_t)1 << (post_shift - 1);
    uint16_t sum = 0;
    for (uint8_t i = 0; i < inputs; i++) {
        sum = (uint16_t)(sum + in[i]);
    }
    const int32_t excess = (int32_t)((uint32_t)sum << 7);
    const uint8_t *neuron = layer + LAYER_BYTES;
    for (uint8_t n = layer[1]; n != 0; n--) {
        const int32_t acc = get_i32(neuron) - excess + (int32_t)dot(neuron + NEURON_BYTES, in, inputs);
        const int32_t scaled = shift_right(acc, pre_shift) * neuron[4] + half;
        *out++ = clamp(zero + shift_right(scaled, post_shift));
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
