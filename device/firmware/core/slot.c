/* States and their order as in PROTOCOL.md section 4; a refused request changes nothing. */
#include "slot.h"

#include <string.h>

#include "crc.h"
#include "protocol.h"

int8_t slot_begin(struct slot *slot, uint16_t size, uint32_t crc)
{
    if (size > BOARD_MODEL_CAPACITY) {
        return ERROR_TOO_LARGE;
    }
    slot->state = SLOT_RECEIVING;
    slot->generation = 0;
    slot->running = false;
    slot->size = size;
    slot->received = 0;
    slot->crc32 = crc;
    return 0;
}

int8_t slot_data(struct slot *slot, uint16_t offset, const uint8_t *bytes, uint8_t length)
{
    if (slot->state != SLOT_RECEIVING) {
        return ERROR_BAD_ORDER;
    }
    if ((uint32_t)offset + length == slot->received) {
        return 0;
    }
    if (offset != slot->received) {
        return ERROR_BAD_ORDER;
    }
    if (length > slot->size - slot->received) {
        return ERROR_BAD_VALUE;
    }
    memcpy(slot->image + offset, bytes, length);
    slot->received = (uint16_t)(offset + length);
    return 0;
}

int8_t slot_commit(struct slot *slot, uint8_t generation)
{
    if (generation == 0) {
        return ERROR_BAD_VALUE;
    }
    if (slot->state == SLOT_READY && slot->generation == generation) {
        return 0;
    }
    if (slot->state != SLOT_RECEIVING || slot->received != slot->size) {
        return ERROR_BAD_ORDER;
    }
    if (crc32(slot->image, slot->size) != slot->crc32) {
        return ERROR_BAD_CHECKSUM;
    }
    if (mlp_open(&slot->mlp, slot->image, slot->size, BOARD_CHANNELS) != 0) {
        return ERROR_BAD_MODEL;
    }
    slot->state = SLOT_READY;
    slot->generation = generation;
    return 0;
}

int8_t slot_run(struct slot *slot, bool on)
{
    if (slot->state != SLOT_READY) {
        return ERROR_NO_MODEL;
    }
    slot->running = on;
    return 0;
}
