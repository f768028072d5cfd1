/* Where things stand in a model image (QUANTISATION.md, "Image"). */
#ifndef LEPTON_MLP_IMAGE_H
#define LEPTON_MLP_IMAGE_H

#define IMAGE_LAYERS 3
#define IMAGE_INPUTS 4
#define IMAGE_OUTPUTS 5
#define IMAGE_SIZE 6
#define IMAGE_HEADER 8

#define INPUT_CHANNEL 0
#define INPUT_SHIFT 1
#define INPUT_OFFSET 2
#define INPUT_GAIN 4
#define INPUT_BIAS 6
#define INPUT_BYTES 10

#define LAYER_INPUTS 0
#define LAYER_OUTPUTS 1
#define LAYER_ACTIVATION 2
#define LAYER_PRE_SHIFT 3
#define LAYER_POST_SHIFT 4
#define LAYER_ZERO 5
#define LAYER_HEADER 6

#define NEURON_BIAS 0
#define NEURON_MULTIPLIER 4
#define NEURON_WEIGHTS 5

/* A weight w is stored as w + 128. */
#define WEIGHT_ZERO 128

enum activation { LINEAR, RELU, SIGMOID, TANH };

#endif
