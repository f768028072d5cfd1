/* Frames in, answers and readings out. Readings wait in the sample queue while the line is busy; what cannot wait is counted. */
#include "board.h"

#include <string.h>

#include "bytes.h"
#include "compiler.h"
#include "crc.h"
#include "protocol.h"
#include "requests.h"

#define CHECK(name, condition) typedef char check_##name[(condition) ? 1 : -1]
CHECK(samples_power_of_two, BOARD_SAMPLES >= 2 && BOARD_SAMPLES <= 128 && (BOARD_SAMPLES & (BOARD_SAMPLES - 1)) == 0);
CHECK(channels_fit_infer, BOARD_CHANNELS >= 1 && 2 * BOARD_CHANNELS <= WIRE_MAX_BODY);
CHECK(reading_fits_frame, BOARD_READING_FRAME <= WIRE_MAX_FRAME);
CHECK(window_fits_largest_piece, BOARD_WINDOW >= WIRE_MAX_PING + 6 && BOARD_WINDOW >= WIRE_MAX_PIECE + 2 + 6);
CHECK(rate_fits_u16, BOARD_MAX_RATE_HZ >= 1 && BOARD_MAX_RATE_HZ <= 65535);

/* Places of type, tag and body in a frame; 0 is for the COBS code. */
#define AT_TYPE 1
#define AT_TAG 2
#define AT_BODY 3

void board_init(struct board *board, const struct board_port *port)
{
    memset(board, 0, sizeof *board);
    board->port = port;
    samples_clear(&board->samples);
    cobs_start(&board->decoder, board->frame + AT_TYPE);
}

/* Put CRC, COBS codes and delimiter around `length` bytes of body. Returns the bytes on the line. */
static uint8_t seal(uint8_t *frame, uint8_t length)
{
    put_u16(frame + AT_BODY + length, crc16(frame + AT_TYPE, (uint8_t)(length + 2)));
    return cobs_encode(frame, (uint8_t)(length + 4));
}

static bool fits(const struct board *board, uint8_t length)
{
    return board->port->room(board->port->context) >= length;
}

/* Number a sample and the instants missed before it. Returns its sequence number. */
static uint32_t number(struct board *board, const struct sample *sample)
{
    const uint32_t sequence = board->counters.produced + sample->missed;
    board->counters.missed += sample->missed;
    board->counters.produced = sequence + 1;
    return sequence;
}

static bool has_credit(const struct board *board, const struct sample *sample)
{
    const uint32_t ahead = board->counters.produced + sample->missed - board->credit_limit;
    return (ahead & 0x80000000UL) != 0;
}

static uint8_t reading_length(const struct board *board)
{
    return (uint8_t)(8 + 2 * BOARD_CHANNELS + (board->slot.running ? 1 + board->slot.mlp.outputs : 0));
}

static APART void send_reading(struct board *board, const struct sample *sample)
{
    const uint8_t length = reading_length(board);
    uint8_t *const body = board->reading + AT_BODY;
    board->reading[AT_TYPE] = TYPE_READING;
    board->reading[AT_TAG] = 0;
    put_u32(body, number(board, sample));
    put_u32(body + 4, sample->time_us);
    for (uint8_t i = 0; i < BOARD_CHANNELS; i++) {
        put_u16(body + 8 + 2 * i, (uint16_t)sample->values[i]);
    }
    if (board->slot.running) {
        board->reading[AT_TAG] = board->slot.generation;
        uint8_t *const result = body + 8 + 2 * BOARD_CHANNELS;
        result[0] = mlp_run(&board->slot.mlp, sample->values, result + 1);
    }
    board->port->send(board->port->context, board->reading, seal(board->reading, length));
    board->counters.sent++;
}

/* Deal with the oldest of at least one sample: send it, count it as dropped, or leave it for when the line has room.
 * Of a full queue that the line cannot take the oldest goes, so that what is sent is recent. Returns whether it was dealt with. */
static APART bool poll_sample(struct board *board)
{
    const struct sample *const sample = samples_oldest(&board->samples);
    if (!has_credit(board, sample)) {
        number(board, sample);
        board->counters.no_credit++;
    } else if (board->answer == 0 && fits(board, (uint8_t)(reading_length(board) + 6))) {
        send_reading(board, sample);
    } else if (samples_count(&board->samples) == BOARD_SAMPLES) {
        number(board, sample);
        board->counters.tx_full++;
    } else {
        return false;
    }
    samples_drop(&board->samples);
    if (board->owed != 0) {
        board->owed--;
    }
    return true;
}

/* Hand a waiting answer to the line. Samples that gathered meanwhile go before the next request: neither starves the other. */
static bool poll_answer(struct board *board)
{
    if (!fits(board, board->answer)) {
        return false;
    }
    board->port->send(board->port->context, board->frame, board->answer);
    board->answer = 0;
    board->owed = samples_count(&board->samples);
    return true;
}

/* A decoded frame of `length` bytes stands at frame[AT_TYPE]: check it, carry it out, leave the answer in its place. */
static APART void take_frame(struct board *board, uint8_t length)
{
    uint8_t *const frame = board->frame;
    if (length < WIRE_MIN_DECODED || crc16(frame + AT_TYPE, (uint8_t)(length - 2)) != get_u16(frame + length - 1)) {
        board->counters.rx_bad++;
        return;
    }
    const uint8_t type = frame[AT_TYPE];
    int8_t answer = request_answer(board, type, frame + AT_BODY, (uint8_t)(length - 4));
    if (answer == NO_ANSWER) {
        return;
    }
    if (answer < 0) {
        frame[AT_TYPE] = TYPE_ERROR;
        frame[AT_BODY] = type;
        frame[AT_BODY + 1] = (uint8_t)-answer;
        answer = 2;
    } else {
        frame[AT_TYPE] = type | TYPE_ANSWER;
    }
    board->answer = seal(frame, (uint8_t)answer);
}

static bool poll_line(struct board *board)
{
    if (board->answer != 0 || (board->owed != 0 && samples_count(&board->samples) != 0)) {
        return false;
    }
    const int16_t byte = board->port->receive(board->port->context);
    if (byte < 0) {
        return false;
    }
    const int16_t length = cobs_decode(&board->decoder, (uint8_t)byte);
    if (length > 0) {
        take_frame(board, (uint8_t)length);
    } else if (length == COBS_REFUSED) {
        board->counters.rx_bad++;
    }
    return true;
}

bool board_poll(struct board *board)
{
    return (board->answer != 0 && poll_answer(board)) || (samples_count(&board->samples) != 0 && poll_sample(board)) || poll_line(board);
}
