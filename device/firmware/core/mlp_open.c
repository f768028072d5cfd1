/* Every check of QUANTISATION.md before a model runs, so that running needs none. */
#include <stdbool.h>
#include <stddef.h>

#include "bytes.h"
#include "mlp.h"
#include "mlp_image.h"

#define MAX_LAYER_BIAS (1L << 22)
#define MAX_INPUT_BIAS (1L << 24)
#define MAX_GAIN 16383
#define MAX_SHIFT 15
#define MAX_POST_SHIFT 23

struct cursor {
    const uint8_t *at;
    uint16_t left;
};

/* The next `count` bytes, or NULL when there are not that many. */
static const uint8_t *take(struct cursor *cursor, uint16_t count)
{
    if (cursor->left < count) {
        return NULL;
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
    const int16_t gain = get_i16(input + INPUT_GAIN);
    return input[INPUT_CHANNEL] < channels && input[INPUT_SHIFT] <= MAX_SHIFT && gain >= 0 && gain <= MAX_GAIN &&
           within(get_i32(input + INPUT_BIAS), MAX_INPUT_BIAS);
}

/* Includes the reach: whatever the activations, the shifted sum stays within 16 bits. */
static bool neuron_ok(const uint8_t *neuron, uint8_t inputs, uint8_t pre_shift)
{
    int32_t least = get_i32(neuron + NEURON_BIAS);
    int32_t greatest = least;
    if (!within(least, MAX_LAYER_BIAS) || neuron[NEURON_MULTIPLIER] == 0) {
        return false;
    }
    for (uint8_t i = 0; i < inputs; i++) {
        const uint8_t stored = neuron[NEURON_WEIGHTS + i];
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

static bool layer_ok(const uint8_t *layer, uint8_t inputs)
{
    return layer[LAYER_INPUTS] == inputs && width_ok(layer[LAYER_OUTPUTS]) && layer[LAYER_ACTIVATION] <= TANH &&
           layer[LAYER_PRE_SHIFT] <= MAX_SHIFT && layer[LAYER_POST_SHIFT] >= 1 && layer[LAYER_POST_SHIFT] <= MAX_POST_SHIFT;
}

/* Take one layer that must have `inputs`. Returns its outputs, 0 when it is refused. */
static uint8_t take_layer(struct cursor *cursor, uint8_t inputs)
{
    const uint8_t *const layer = take(cursor, LAYER_HEADER);
    if (layer == NULL || !layer_ok(layer, inputs)) {
        return 0;
    }
    for (uint8_t n = 0; n < layer[LAYER_OUTPUTS]; n++) {
        const uint8_t *const neuron = take(cursor, (uint16_t)(NEURON_WEIGHTS + inputs));
        if (neuron == NULL || !neuron_ok(neuron, inputs, layer[LAYER_PRE_SHIFT])) {
            return 0;
        }
    }
    return layer[LAYER_OUTPUTS];
}

static bool header_ok(const uint8_t *header, uint16_t size)
{
    return header[0] == 'L' && header[1] == '8' && header[2] == 1 && get_u16(header + IMAGE_SIZE) == size &&
           header[IMAGE_LAYERS] >= 1 && header[IMAGE_LAYERS] <= MLP_MAX_LAYERS && width_ok(header[IMAGE_INPUTS]);
}

int8_t mlp_open(struct mlp *model, const uint8_t *image, uint16_t size, uint8_t channels)
{
    struct cursor cursor = {image, size};
    const uint8_t *const header = take(&cursor, IMAGE_HEADER);
    if (header == NULL || !header_ok(header, size)) {
        return MLP_BAD_MODEL;
    }
    model->image = image;
    model->layers = header[IMAGE_LAYERS];
    model->inputs = header[IMAGE_INPUTS];
    model->outputs = header[IMAGE_OUTPUTS];
    model->macs = 0;
    for (uint8_t i = 0; i < model->inputs; i++) {
        const uint8_t *const input = take(&cursor, INPUT_BYTES);
        if (input == NULL || !input_ok(input, channels)) {
            return MLP_BAD_MODEL;
        }
    }
    uint8_t width = model->inputs;
    for (uint8_t l = 0; l < model->layers; l++) {
        const uint8_t outputs = take_layer(&cursor, width);
        if (outputs == 0) {
            return MLP_BAD_MODEL;
        }
        model->macs = (uint16_t)(model->macs + (uint16_t)width * outputs);
        width = outputs;
    }
    return width == model->outputs && cursor.left == 0 ? 0 : MLP_BAD_MODEL;
}
