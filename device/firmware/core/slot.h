/* The one model a board holds, and how it arrives in checked pieces (PROTOCOL.md 0x10 … 0x12, section 4). */
#ifndef LEPTON_SLOT_H
#define LEPTON_SLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "limits.h"
#include "mlp.h"

enum slot_state { SLOT_EMPTY, SLOT_RECEIVING, SLOT_READY };

struct slot {
    uint8_t state;      /* enum slot_state */
    uint8_t generation; /* the host's number for a ready model */
    bool running;
    uint16_t size;
    uint16_t received;
    uint32_t crc32;
    struct mlp mlp; /* opened when ready */
    uint8_t image[BOARD_MODEL_CAPACITY];
};

/* Forget the model and expect an image of `size` bytes. Returns 0 or ERROR_TOO_LARGE, which changes nothing. */
int8_t slot_begin(struct slot *slot, uint16_t size, uint32_t crc);

/* Take a piece at `offset`; one that was just received is not written twice. Returns 0, ERROR_BAD_ORDER or ERROR_BAD_VALUE. */
int8_t slot_data(struct slot *slot, uint16_t offset, const uint8_t *bytes, uint8_t length);

/* Check the whole image and make it ready as `generation`. Returns 0, ERROR_BAD_VALUE, _ORDER, _CHECKSUM or _MODEL. */
int8_t slot_commit(struct slot *slot, uint8_t generation);

/* Let readings carry results, or not. Returns 0 or ERROR_NO_MODEL. */
int8_t slot_run(struct slot *slot, bool on);

#endif
