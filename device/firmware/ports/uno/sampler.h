/* Timer 1 as the board's clock and as the start of each scan of A0 … A5. */
#ifndef UNO_SAMPLER_H
#define UNO_SAMPLER_H

#include <stdint.h>

#include "samples.h"

/* Start the clock and the converter; samples will go to `queue`. Interrupts are still off. */
void sampler_init(struct samples *queue);

/* Half microseconds since reset; wraps at 2^32. */
uint32_t sampler_ticks(void *context);

/* Microseconds since reset; wraps at 2^32. */
uint32_t sampler_time_us(void *context);

/* Halt: no instant, no conversion and no write to the queue follows. Takes at most 0.2 ms. */
void sampler_halt(void *context);

/* Scan every `period` half microseconds. Returns the time in µs of the first instant, 1 ms from now. Only while halted. */
uint32_t sampler_sample(void *context, uint32_t period);

#endif
