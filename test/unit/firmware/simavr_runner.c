/* Runs the Uno's image in simavr for the tests, in virtual time, driven by lines on stdin. GPL library: a test tool, never shipped.
 * Usage: runner IMAGE.hex STATIC_RAM_BYTES. Commands, each answered by one line:
 *   send HEX      bytes for the board, at the line's speed            -> ok
 *   run US        let virtual time pass; bytes the board sent         -> HEX
 *   volt CH MV    voltage at A0 ... A5                                -> ok
 *   stack         bytes of the stack's room that were never written   -> COUNT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "avr_adc.h"
#include "avr_uart.h"
#include "sim_avr.h"
#include "sim_hex.h"

#define PAINT 0xC5
#define RAM_START 0x100
#define MAX_BYTES 65536

static uint8_t to_board[MAX_BYTES], from_board[MAX_BYTES];
static size_t queued, fed, received;
static int accepting = 1;

static void on_byte(struct avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq, (void)param;
    if (received < MAX_BYTES) {
        from_board[received++] = (uint8_t)value;
    }
}

static void on_accept(struct avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq, (void)value;
    accepting = param != NULL;
}

static void no_pause(avr_t *avr, avr_cycle_count_t cycles)
{
    (void)avr, (void)cycles;
}

static avr_cycle_count_t wake_up(avr_t *avr, avr_cycle_count_t when, void *param)
{
    (void)avr, (void)when, (void)param;
    return 0;
}

static int run(avr_t *avr, unsigned long us)
{
    const avr_cycle_count_t end = avr->cycle + us * 16;
    avr_irq_t *const input = avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT);
    /* A timer at the end, so that sleep does not go beyond it. */
    avr_cycle_timer_register(avr, us * 16, wake_up, NULL);
    while (avr->cycle < end) {
        while (accepting && fed < queued) {
            avr_raise_irq(input, to_board[fed++]);
        }
        const int state = avr_run(avr);
        if (state == cpu_Done || state == cpu_Crashed) {
            return 0;
        }
    }
    return 1;
}

int main(int argc, char **argv)
{
    static char text[2 * MAX_BYTES + 16];
    uint32_t size = 0, start = 0, flags = 0, channel, millivolt;
    avr_t *const avr = avr_make_mcu_by_name("atmega328p");
    uint8_t *const image = argc == 3 ? read_ihex_file(argv[1], &size, &start) : NULL;
    if (avr == NULL || image == NULL || avr_init(avr) != 0) {
        return 2;
    }
    const unsigned static_bytes = (unsigned)atoi(argv[2]);
    avr->frequency = 16000000;
    avr->vcc = avr->avcc = avr->aref = 5000;
    avr->sleep = no_pause;
    memcpy(avr->flash + start, image, size);
    avr->codeend = start + size;
    memset(avr->data + RAM_START, PAINT, avr->ramend + 1U - RAM_START);
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT), on_byte, NULL);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUT_XON), on_accept, &accepting);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUT_XOFF), on_accept, NULL);
    while (fgets(text, sizeof text, stdin) != NULL) {
        if (strncmp(text, "send ", 5) == 0) {
            unsigned byte;
            queued = fed == queued ? (fed = 0) : queued;
            for (const char *at = text + 5; queued < MAX_BYTES && sscanf(at, "%2x", &byte) == 1; at += 2) {
                to_board[queued++] = (uint8_t)byte;
            }
            puts("ok");
        } else if (strncmp(text, "run ", 4) == 0) {
            if (!run(avr, strtoul(text + 4, NULL, 10))) {
                return 3;
            }
            for (size_t i = 0; i < received; i++) {
                printf("%02x", from_board[i]);
            }
            received = 0;
            puts("");
        } else if (sscanf(text, "volt %u %u", &channel, &millivolt) == 2 && channel < 6) {
            avr_raise_irq(avr_io_getirq(avr, AVR_IOCTL_ADC_GETIRQ, ADC_IRQ_ADC0 + (int)channel), millivolt);
            puts("ok");
        } else if (strncmp(text, "stack", 5) == 0) {
            unsigned at = RAM_START + static_bytes;
            while (at <= avr->ramend && avr->data[at] == PAINT) {
                at++;
            }
            printf("%u\n", at - RAM_START - static_bytes);
        } else {
            return 2;
        }
        fflush(stdout);
    }
    return 0;
}
