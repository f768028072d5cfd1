/* Timer 1 counts half microseconds and is extended in software; compare A marks the sampling instants; the converter's
 * interrupt walks through the channels, 104 µs each (ATmega328P datasheet, chapters 16 and 24). */
#include "sampler.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#include "wake.h"

#define LEAD 2000 /* half microseconds from START to the first instant */
#define NEAR_WRAP 0x8000U

/* AVcc is the reference; 16 MHz / 128 = 125 kHz, 13 cycles for a conversion. */
#define REFERENCE _BV(REFS0)
#define CONVERTER_ON (_BV(ADEN) | _BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0))

/* A point in time: overflows of the timer, and its count. Together more than 2^32 µs. */
struct instant {
    uint32_t overflows;
    uint16_t count;
};

/* Interrupts have no parameters, so this is file-scope. */
static struct {
    struct samples *queue;
    volatile uint32_t overflows;
    struct instant next;
    uint32_t period;
} sampler;

void sampler_init(struct samples *queue)
{
    sampler.queue = queue;
    TCCR1A = 0;
    TCCR1B = _BV(CS11);
    TIMSK1 = _BV(TOIE1);
    ADMUX = REFERENCE;
    DIDR0 = 0x3F;
    ADCSRA = CONVERTER_ON;
}

static struct instant now(void)
{
    struct instant at;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        at.count = TCNT1;
        at.overflows = sampler.overflows;
        /* An overflow whose interrupt has not run belongs to `count` if that is small. */
        if ((TIFR1 & _BV(TOV1)) != 0 && at.count < NEAR_WRAP) {
            at.overflows++;
        }
    }
    return at;
}

static struct instant later(struct instant at, uint32_t ticks)
{
    const uint32_t count = (uint32_t)at.count + (uint16_t)ticks;
    at.count = (uint16_t)count;
    at.overflows += (ticks >> 16) + (count >> 16);
    return at;
}

static uint32_t microseconds(struct instant at)
{
    return at.overflows << 15 | at.count >> 1;
}

uint32_t sampler_ticks(void *context)
{
    (void)context;
    const struct instant at = now();
    return at.overflows << 16 | at.count;
}

uint32_t sampler_time_us(void *context)
{
    (void)context;
    return microseconds(now());
}

void sampler_halt(void *context)
{
    (void)context;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        TIMSK1 = _BV(TOIE1);
        ADCSRA = CONVERTER_ON;
    }
    while ((ADCSRA & _BV(ADSC)) != 0) {
    }
    ADCSRA = CONVERTER_ON | _BV(ADIF); /* writing 1 clears */
}

uint32_t sampler_sample(void *context, uint32_t period)
{
    (void)context;
    const struct instant first = later(now(), LEAD);
    sampler.period = period;
    sampler.next = first;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        OCR1A = first.count;
        TIFR1 = _BV(OCF1A); /* writing 1 clears */
        TIMSK1 = _BV(TOIE1) | _BV(OCIE1A);
    }
    return microseconds(first);
}

static void convert(uint8_t channel)
{
    ADMUX = REFERENCE | channel;
    ADCSRA = CONVERTER_ON | _BV(ADIE) | _BV(ADSC);
}

ISR(TIMER1_OVF_vect)
{
    sampler.overflows++;
}

/* The count matches once in each turn of the timer; the instant is due when the turns match too. */
ISR(TIMER1_COMPA_vect)
{
    uint32_t overflows = sampler.overflows;
    if ((TIFR1 & _BV(TOV1)) != 0 && sampler.next.count < NEAR_WRAP) {
        overflows++;
    }
    if (overflows != sampler.next.overflows) {
        return;
    }
    if (samples_instant(sampler.queue, microseconds(sampler.next))) {
        convert(sampler.queue->channel);
    }
    sampler.next = later(sampler.next, sampler.period);
    OCR1A = sampler.next.count;
    wake();
}

ISR(ADC_vect)
{
    if (samples_value(sampler.queue, (int16_t)ADC)) {
        convert(sampler.queue->channel);
    }
    wake();
}
