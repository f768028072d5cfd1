/* The queue between the sampling interrupt and the main loop: one producer, one consumer, no locks.
 * A sampling instant that found no place is not forgotten: the next sample carries the number of those before it. */
#ifndef LEPTON_SAMPLES_H
#define LEPTON_SAMPLES_H

#include <stdbool.h>
#include <stdint.h>

#include "limits.h"

struct sample {
    uint32_t time_us;
    uint16_t missed; /* sampling instants lost just before this one */
    int16_t values[BOARD_CHANNELS];
};

struct samples {
    struct sample slots[BOARD_SAMPLES];
    volatile uint8_t taken; /* both count up and wrap; the consumer writes this one, */
    volatile uint8_t filled; /* the producer this one and all below */
    uint16_t missed;
    uint8_t channel; /* that is being converted */
    bool converting;
};

/* Forget everything. Only while the producer is halted. */
void samples_clear(struct samples *queue);

/* Producer, at a sampling instant: returns whether to convert channel 0 now; if not, the instant is counted as missed. */
bool samples_instant(struct samples *queue, uint32_t time_us);

/* Producer, after a conversion: keep the value of `queue->channel`. Returns whether to convert the next one, `queue->channel`. */
bool samples_value(struct samples *queue, int16_t value);

/* Consumer: the oldest whole sample, of at least one. It stays in place until samples_drop. */
const struct sample *samples_oldest(const struct samples *queue);

/* Consumer: give the oldest sample's place back. */
void samples_drop(struct samples *queue);

/* How many whole samples wait. */
static inline uint8_t samples_count(const struct samples *queue)
{
    return (uint8_t)(queue->filled - queue->taken);
}

#endif
