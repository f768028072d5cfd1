/* Arduino Uno: an ATmega328P at 16 MHz, six analog inputs, one serial line. Binds the core to the hardware and sleeps between. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <avr/wdt.h>

#include "board.h"
#include "bytes.h"
#include "line.h"
#include "sampler.h"
#include "wake.h"

#define ADC_BITS 10
#define REFERENCE_MV 5000

/* MCUSR's lowest four bits are in the protocol's order. */
#define RESET_CAUSES 0x0F

static const uint8_t build[8] = {LEPTON_BUILD};

static uint8_t channel(void *context, uint8_t index, uint8_t *out)
{
    (void)context;
    out[0] = ADC_BITS;
    put_u16(out + 1, REFERENCE_MV);
    out[3] = 'A';
    out[4] = (uint8_t)('0' + index);
    return 5;
}

/* Sleep until an interrupt, unless one ran since wake_clear: sei takes effect after the next instruction, so none slips between. */
static void rest(void)
{
    cli();
    if (woken() == 0) {
        sei();
        sleep_cpu();
    }
    sei();
}

int main(void)
{
    /* First, or a watchdog that a boot loader left on would bite. */
    const uint8_t cause = MCUSR & RESET_CAUSES;
    MCUSR = 0;
    wdt_disable();

    const struct board_port port = {
        .cpu_hz = F_CPU,
        .reset_cause = cause,
        .build = build,
        .name = "Arduino Uno",
        .ticks = sampler_ticks,
        .time_us = sampler_time_us,
        .receive = line_receive,
        .overrun = line_overrun,
        .room = line_room,
        .send = line_send,
        .halt = sampler_halt,
        .sample = sampler_sample,
        .channel = channel,
    };
    static struct board board;
    board_init(&board, &port);
    line_init();
    sampler_init(&board.samples);
    SMCR = _BV(SE); /* idle: timer, converter and line go on */
    sei();
    for (;;) {
        wake_clear();
        while (board_poll(&board)) {
        }
        rest();
    }
}
