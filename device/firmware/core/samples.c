/* Indices count up freely and are masked on use, so full and empty differ without a spare place. */
#include "samples.h"

#include "compiler.h"

#define MASK (BOARD_SAMPLES - 1)

void samples_clear(struct samples *queue)
{
    queue->taken = 0;
    queue->filled = 0;
    queue->missed = 0;
    queue->channel = 0;
    queue->converting = false;
}

bool samples_instant(struct samples *queue, uint32_t time_us)
{
    if (queue->converting || samples_count(queue) == BOARD_SAMPLES) {
        queue->missed++;
        return false;
    }
    struct sample *const slot = &queue->slots[queue->filled & MASK];
    slot->time_us = time_us;
    slot->missed = queue->missed;
    queue->missed = 0;
    queue->channel = 0;
    queue->converting = true;
    return true;
}

bool samples_value(struct samples *queue, int16_t value)
{
    queue->slots[queue->filled & MASK].values[queue->channel] = value;
    queue->channel++;
    if (queue->channel < BOARD_CHANNELS) {
        return true;
    }
    queue->converting = false;
    BARRIER();
    queue->filled++;
    return false;
}

const struct sample *samples_oldest(const struct samples *queue)
{
    BARRIER();
    return &queue->slots[queue->taken & MASK];
}

void samples_drop(struct samples *queue)
{
    BARRIER();
    queue->taken++;
}
