/* A board without hardware for the tests: the core behind a line of 115200 baud and inputs that are numbers, in virtual time. */
#ifndef HOST_MACHINE_H
#define HOST_MACHINE_H

#include <stdint.h>

#include "board.h"

#define MACHINE_BYTES 65536
#define MACHINE_RING 128

struct machine {
    struct board board;
    struct board_port port;
    uint64_t ticks; /* half microseconds */
    int16_t inputs[BOARD_CHANNELS];

    uint8_t to_board[MACHINE_BYTES]; /* what the host has written and the line has not carried yet */
    uint32_t to_board_length;
    uint32_t carried;
    uint64_t carry_at;
    uint8_t rx[MACHINE_RING];
    uint8_t rx_filled;
    uint8_t rx_taken;
    uint16_t overrun;

    uint8_t tx[MACHINE_RING];
    uint8_t tx_filled;
    uint8_t tx_taken;
    uint64_t shift_at;
    uint8_t from_board[MACHINE_BYTES];
    uint32_t from_board_length;

    uint32_t period; /* 0: halted */
    uint64_t instant_at;
    uint64_t converted_at; /* 0: not converting */
};

/* Set a machine to its state after reset. */
void machine_init(struct machine *machine);

/* Queue bytes for the board; those beyond MACHINE_BYTES are dropped. */
void machine_send(struct machine *machine, const uint8_t *bytes, uint32_t length);

/* Let `us` microseconds pass. What the board sent is added to from_board. While `stalled` only the hardware works:
 * the main loop is held up, as by a long computation. */
void machine_run(struct machine *machine, uint32_t us, bool stalled);

#endif
