/* COBS, byte by byte in and in place out. A frame here is shorter than 254, so a code of 0xFF needs no special case. */
#include "cobs.h"

#include "limits.h"

void cobs_start(struct cobs_decoder *decoder, uint8_t *out)
{
    decoder->out = out;
    decoder->length = 0;
    decoder->left = 0;
    decoder->started = false;
    decoder->refused = false;
}

static void put(struct cobs_decoder *decoder, uint8_t byte)
{
    if (decoder->length == WIRE_MAX_DECODED) {
        decoder->refused = true;
    } else {
        decoder->out[decoder->length++] = byte;
    }
}

int16_t cobs_decode(struct cobs_decoder *decoder, uint8_t byte)
{
    if (byte == 0) {
        const bool started = decoder->started;
        const bool whole = decoder->length != 0 && decoder->left == 0 && !decoder->refused;
        const int16_t length = decoder->length;
        cobs_start(decoder, decoder->out);
        if (!started) {
            return 0;
        }
        return whole ? length : COBS_REFUSED;
    }
    if (decoder->left != 0) {
        decoder->left--;
        put(decoder, byte);
        return 0;
    }
    /* A code: each but the first stands where a zero was. */
    if (decoder->started) {
        put(decoder, 0);
    }
    decoder->started = true;
    decoder->left = (uint8_t)(byte - 1);
    return 0;
}

uint8_t cobs_encode(uint8_t *frame, uint8_t length)
{
    const uint8_t end = (uint8_t)(length + 1);
    uint8_t code = 0;
    frame[end] = 0;
    for (uint8_t at = 1; at <= end; at++) {
        if (frame[at] == 0) {
            frame[code] = (uint8_t)(at - code);
            code = at;
        }
    }
    frame[end] = 0;
    return (uint8_t)(length + 2);
}
