/* Tells the main loop that an interrupt ran since it last looked, so that it never sleeps over work. */
#ifndef UNO_WAKE_H
#define UNO_WAKE_H

#include <avr/io.h>

/* A bit of a register that nothing else uses: set and read in two cycles, without a register to save. */
static inline void wake(void)
{
    GPIOR0 |= _BV(0);
}

static inline void wake_clear(void)
{
    GPIOR0 &= (uint8_t)~_BV(0);
}

static inline uint8_t woken(void)
{
    return GPIOR0 & _BV(0);
}

#endif
