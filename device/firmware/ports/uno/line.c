/* Rings whose indices count up freely: one end each for an interrupt and for the main loop (ATmega328P datasheet, chapter 20). */
#include "line.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#include "wake.h"

#define RX_BYTES 128 /* holds BOARD_WINDOW and a CREDIT */
#define TX_BYTES 128 /* holds one frame of any size */

/* Twice the speed, divided by 17: 117,647 baud, 2.1 % fast, as every Uno has it. */
#define BAUD_DIVIDER 16

/* Interrupts have no parameters, so this is file-scope. */
static struct {
    volatile uint8_t rx_filled;
    volatile uint8_t rx_taken;
    volatile uint8_t tx_filled;
    volatile uint8_t tx_taken;
    volatile uint16_t overrun;
    volatile uint8_t rx[RX_BYTES];
    volatile uint8_t tx[TX_BYTES];
} line;

void line_init(void)
{
    UCSR0A = _BV(U2X0);
    UBRR0 = BAUD_DIVIDER;
    UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
    UCSR0B = _BV(RXCIE0) | _BV(RXEN0) | _BV(TXEN0);
}

ISR(USART_RX_vect)
{
    const uint8_t status = UCSR0A;
    const uint8_t byte = UDR0;
    const uint8_t filled = line.rx_filled;
    if ((status & _BV(DOR0)) != 0) {
        line.overrun++;
    }
    if ((uint8_t)(filled - line.rx_taken) < RX_BYTES) {
        line.rx[filled % RX_BYTES] = byte;
        line.rx_filled = (uint8_t)(filled + 1);
    } else {
        line.overrun++;
    }
    wake();
}

ISR(USART_UDRE_vect)
{
    const uint8_t taken = line.tx_taken;
    UDR0 = line.tx[taken % TX_BYTES];
    line.tx_taken = (uint8_t)(taken + 1);
    /* Silenced with the last byte, so that it never runs on an empty ring. */
    if ((uint8_t)(taken + 1) == line.tx_filled) {
        UCSR0B &= (uint8_t)~_BV(UDRIE0);
    }
    wake();
}

int16_t line_receive(void *context)
{
    (void)context;
    const uint8_t taken = line.rx_taken;
    if (taken == line.rx_filled) {
        return -1;
    }
    const uint8_t byte = line.rx[taken % RX_BYTES];
    line.rx_taken = (uint8_t)(taken + 1);
    return byte;
}

uint16_t line_overrun(void *context)
{
    (void)context;
    uint16_t overrun = 0;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        overrun = line.overrun;
    }
    return overrun;
}

uint8_t line_room(void *context)
{
    (void)context;
    return (uint8_t)(TX_BYTES - (uint8_t)(line.tx_filled - line.tx_taken));
}

void line_send(void *context, const uint8_t *bytes, uint8_t length)
{
    (void)context;
    uint8_t filled = line.tx_filled;
    while (length-- != 0) {
        line.tx[filled++ % TX_BYTES] = *bytes++;
    }
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
        line.tx_filled = filled;
        if (filled != line.tx_taken) {
            UCSR0B |= _BV(UDRIE0);
        }
    }
}
