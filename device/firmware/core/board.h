/* A board on the wire: the protocol's state machine (../../PROTOCOL.md), without hardware and without memory of its own.
 * A port fills a `board_port`, gives the core a `board`, feeds `board.samples` at each sampling instant and calls board_poll. */
#ifndef LEPTON_BOARD_H
#define LEPTON_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "cobs.h"
#include "limits.h"
#include "samples.h"
#include "slot.h"

/* What the hardware is and does. Every function gets `context`. */
struct board_port {
    void *context;
    uint32_t cpu_hz;
    uint8_t reset_cause;  /* as in HELLO */
    const uint8_t *build; /* 8 bytes */
    const char *name;     /* 1 … 16 characters */

    /* The board's clock: half microseconds, and microseconds; both wrap at 2^32. */
    uint32_t (*ticks)(void *context);
    uint32_t (*time_us)(void *context);

    /* The next byte of the line, or -1. */
    int16_t (*receive)(void *context);
    /* Bytes lost at reception since reset. */
    uint16_t (*overrun)(void *context);

    /* Bytes that `send` takes at once; at least WIRE_MAX_FRAME when the line is idle. */
    uint8_t (*room)(void *context);
    /* Queue `length` bytes, at most room(). */
    void (*send)(void *context, const uint8_t *bytes, uint8_t length);

    /* Halt sampling: `board.samples` is not touched afterwards. */
    void (*halt)(void *context);
    /* Sample every `period` half microseconds. Returns the time in µs of the first instant. Only while halted. */
    uint32_t (*sample)(void *context, uint32_t period);

    /* Write a channel's `bits`, `reference` and `name` as in CHANNEL's answer. Returns their length. */
    uint8_t (*channel)(void *context, uint8_t index, uint8_t *out);
};

/* produced = sent + no_credit + tx_full + missed, always. */
struct board_counters {
    uint32_t produced; /* the next sequence number */
    uint32_t sent;
    uint32_t no_credit;
    uint32_t tx_full;
    uint32_t missed;
    uint16_t rx_bad;
};

struct board {
    const struct board_port *port;
    struct samples samples;
    struct board_counters counters;
    uint32_t credit_limit;
    struct cobs_decoder decoder;
    uint8_t answer; /* bytes on the line of the answer that waits in `frame`; 0 for none */
    uint8_t owed;   /* samples that go before the next request is read */
    uint8_t frame[WIRE_MAX_FRAME]; /* a request, decoded from frame[1] on; then its answer in the same place */
    uint8_t reading[BOARD_READING_FRAME];
    struct slot slot;
};

/* Set a board to its state after reset. `port` must stay. */
void board_init(struct board *board, const struct board_port *port);

/* Do the next piece of work: send what waits, or take one byte of the line.
 * Returns false when there is nothing to do until an interrupt. Takes at most one inference or one image check. */
bool board_poll(struct board *board);

#endif
