/* Sizes of the portable core. A port may set another value on the compiler's command line; board.c checks them all. */
#ifndef LEPTON_LIMITS_H
#define LEPTON_LIMITS_H

/* Channels in every reading. */
#ifndef BOARD_CHANNELS
#define BOARD_CHANNELS 6
#endif

/* Readings per second. README.md shows what the line has left at this rate. */
#ifndef BOARD_MAX_RATE_HZ
#define BOARD_MAX_RATE_HZ 250
#endif

/* Bytes of unanswered requests a host may have on the line: what the port's receive ring holds, less one CREDIT. */
#ifndef BOARD_WINDOW
#define BOARD_WINDOW 112
#endif

/* Bytes of a model image. */
#ifndef BOARD_MODEL_CAPACITY
#define BOARD_MODEL_CAPACITY 1024
#endif

/* Samples that wait for the main loop or for the line; a power of two. */
#ifndef BOARD_SAMPLES
#define BOARD_SAMPLES 4
#endif

/* Fixed by PROTOCOL.md and QUANTISATION.md. */
#define WIRE_MAX_DECODED 126
#define WIRE_MIN_DECODED 4
#define WIRE_MAX_FRAME (WIRE_MAX_DECODED + 2)
#define WIRE_MAX_BODY (WIRE_MAX_DECODED - 4)
#define WIRE_MAX_PING 100
#define WIRE_MAX_PIECE 96
#define MLP_MAX_WIDTH 32
#define MLP_MAX_LAYERS 4

/* The longest reading as it stands on the line: result of MLP_MAX_WIDTH outputs. */
#define BOARD_READING_FRAME (6 + 8 + 2 * BOARD_CHANNELS + 1 + MLP_MAX_WIDTH)

#endif
