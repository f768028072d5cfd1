/* int8 multilayer perceptron: checks and runs a model image in place (../../../model/QUANTISATION.md, to the bit). */
#ifndef LEPTON_MLP_H
#define LEPTON_MLP_H

#include <stdint.h>

#include "limits.h"

#define MLP_BAD_MODEL (-1)

struct mlp {
    const uint8_t *image; /* the caller's, and whole as long as the model is used */
    uint8_t inputs;
    uint8_t outputs;
    uint8_t layers;
    uint16_t macs; /* multiplications of one inference */
};

/* Check an image of `size` bytes against every limit of the format, for a board with `channels` channels.
 * Returns 0, or MLP_BAD_MODEL with `model` unusable. Nothing outside the image is read, whatever its bytes. */
int8_t mlp_open(struct mlp *model, const uint8_t *image, uint16_t size, uint8_t channels);

/* Run an opened model on raw counts, one for each channel. Writes model->outputs bytes to `scores`, returns the class. */
uint8_t mlp_run(const struct mlp *model, const int16_t *counts, uint8_t *scores);

#endif
