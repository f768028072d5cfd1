/* What a board answers to each request (PROTOCOL.md section 3). */
#ifndef LEPTON_REQUESTS_H
#define LEPTON_REQUESTS_H

#include <stdint.h>

#include "board.h"

#define NO_ANSWER 0x7F

/* Carry out a request with `length` bytes of body and write the answer over it. `body` has room for WIRE_MAX_BODY bytes.
 * Returns the answer's length, NO_ANSWER, or a negative protocol_error. */
int8_t request_answer(struct board *board, uint8_t type, uint8_t *body, uint8_t length);

#endif
