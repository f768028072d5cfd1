/* Consistent Overhead Byte Stuffing for frames of one run (PROTOCOL.md section 1). */
#ifndef LEPTON_COBS_H
#define LEPTON_COBS_H

#include <stdbool.h>
#include <stdint.h>

#define COBS_REFUSED (-1)

struct cobs_decoder {
    uint8_t *out;     /* WIRE_MAX_DECODED bytes of the caller */
    uint8_t length;   /* decoded so far */
    uint8_t left;     /* bytes until the next code */
    bool started;     /* something stands before the delimiter */
    bool refused;     /* this frame is already lost */
};

/* Begin at a frame's first byte; decoded bytes go to `out`. */
void cobs_start(struct cobs_decoder *decoder, uint8_t *out);

/* Take one byte of the line. Returns the decoded length when it ends a frame (never 0), COBS_REFUSED when the
 * frame it ends is empty of data, too long or runs past its end, 0 while there is nothing to tell. */
int16_t cobs_decode(struct cobs_decoder *decoder, uint8_t byte);

/* Encode frame[1 … length] in place (length at most 253): frame[0] becomes the first code, frame[length + 1] the
 * delimiter. Returns the bytes on the line, length + 2. */
uint8_t cobs_encode(uint8_t *frame, uint8_t length);

#endif
