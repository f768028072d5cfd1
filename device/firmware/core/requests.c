/* One function for each request: check length, check values, act, write the answer. Nothing from the host is trusted. */
#include "requests.h"

#include <string.h>

#include "bytes.h"
#include "protocol.h"

#define TICKS_PER_SECOND ((uint32_t)2000000)
#define MAX_NAME 16

static int8_t hello(const struct board *board, uint8_t *body, uint8_t length)
{
    if (length != 2) {
        return ERROR_BAD_LENGTH;
    }
    if (body[0] != PROTOCOL_MAJOR) {
        return ERROR_BAD_VERSION;
    }
    const struct board_port *const port = board->port;
    body[0] = PROTOCOL_MAJOR;
    body[1] = PROTOCOL_MINOR;
    put_u32(body + 2, FEATURE_READINGS | FEATURE_MLP | FEATURE_INFER | FEATURE_PING);
    memcpy(body + 6, port->build, 8);
    put_u32(body + 14, port->cpu_hz);
    body[18] = WIRE_MAX_DECODED;
    body[19] = BOARD_WINDOW;
    body[20] = BOARD_CHANNELS;
    body[21] = port->reset_cause;
    put_u16(body + 22, BOARD_MAX_RATE_HZ);
    put_u16(body + 24, BOARD_MODEL_CAPACITY);
    body[26] = MLP_MAX_WIDTH;
    body[27] = MLP_MAX_LAYERS;
    int8_t at = 28;
    for (const char *name = port->name; *name != '\0' && at < 28 + MAX_NAME; name++) {
        body[at++] = (uint8_t)*name;
    }
    return at;
}

static int8_t channel(const struct board *board, uint8_t *body, uint8_t length)
{
    if (length != 1) {
        return ERROR_BAD_LENGTH;
    }
    if (body[0] >= BOARD_CHANNELS) {
        return ERROR_BAD_VALUE;
    }
    return (int8_t)(1 + board->port->channel(board->port->context, body[0], body + 1));
}

static int8_t ping(uint8_t length)
{
    return length <= WIRE_MAX_PING ? (int8_t)length : ERROR_BAD_LENGTH;
}

/* Samples that were taken but not yet numbered are given up: no reading stands for them. */
static void halt(struct board *board)
{
    board->port->halt(board->port->context);
    samples_clear(&board->samples);
}

static int8_t start(struct board *board, uint8_t *body, uint8_t length)
{
    if (length != 6) {
        return ERROR_BAD_LENGTH;
    }
    const uint16_t rate_hz = get_u16(body);
    if (rate_hz < 1 || rate_hz > BOARD_MAX_RATE_HZ) {
        return ERROR_BAD_VALUE;
    }
    const uint32_t period = (TICKS_PER_SECOND + rate_hz / 2) / rate_hz;
    halt(board);
    board->credit_limit = get_u32(body + 2);
    put_u32(body, period);
    put_u32(body + 4, board->counters.produced);
    put_u32(body + 8, board->port->sample(board->port->context, period));
    return 12;
}

static int8_t counters(const struct board *board, uint8_t *body, uint8_t length)
{
    if (length != 0) {
        return ERROR_BAD_LENGTH;
    }
    const struct board_counters *const counted = &board->counters;
    put_u32(body, counted->produced);
    put_u32(body + 4, counted->sent);
    put_u32(body + 8, counted->no_credit);
    put_u32(body + 12, counted->tx_full);
    put_u32(body + 16, counted->missed);
    put_u16(body + 20, counted->rx_bad);
    put_u16(body + 22, board->port->overrun(board->port->context));
    put_u32(body + 24, board->port->time_us(board->port->context));
    return 28;
}

static int8_t stop(struct board *board, uint8_t *body, uint8_t length)
{
    if (length != 0) {
        return ERROR_BAD_LENGTH;
    }
    halt(board);
    return counters(board, body, 0);
}

static int8_t credit(struct board *board, const uint8_t *body, uint8_t length)
{
    if (length != 4) {
        board->counters.rx_bad++; /* not answered, so at least counted */
    } else {
        board->credit_limit = get_u32(body);
    }
    return NO_ANSWER;
}

static int8_t model_begin(struct board *board, const uint8_t *body, uint8_t length)
{
    return length == 6 ? slot_begin(&board->slot, get_u16(body), get_u32(body + 2)) : ERROR_BAD_LENGTH;
}

static int8_t model_data(struct board *board, uint8_t *body, uint8_t length)
{
    if (length < 3 || length > 2 + WIRE_MAX_PIECE) {
        return ERROR_BAD_LENGTH;
    }
    const int8_t refused = slot_data(&board->slot, get_u16(body), body + 2, (uint8_t)(length - 2));
    if (refused != 0) {
        return refused;
    }
    put_u16(body, board->slot.received);
    return 2;
}

static int8_t model_commit(struct board *board, uint8_t *body, uint8_t length)
{
    if (length != 1) {
        return ERROR_BAD_LENGTH;
    }
    const int8_t refused = slot_commit(&board->slot, body[0]);
    if (refused != 0) {
        return refused;
    }
    body[1] = board->slot.mlp.inputs;
    body[2] = board->slot.mlp.outputs;
    put_u16(body + 3, board->slot.mlp.macs);
    return 5;
}

static int8_t model_run(struct board *board, uint8_t *body, uint8_t length)
{
    if (length != 1) {
        return ERROR_BAD_LENGTH;
    }
    if (body[0] > 1) {
        return ERROR_BAD_VALUE;
    }
    const int8_t refused = slot_run(&board->slot, body[0] == 1);
    if (refused != 0) {
        return refused;
    }
    body[0] = board->slot.running ? board->slot.generation : 0;
    return 1;
}

static int8_t infer(struct board *board, uint8_t *body, uint8_t length)
{
    if (length != 2 * BOARD_CHANNELS) {
        return ERROR_BAD_LENGTH;
    }
    if (board->slot.state != SLOT_READY) {
        return ERROR_NO_MODEL;
    }
    int16_t values[BOARD_CHANNELS];
    for (uint8_t i = 0; i < BOARD_CHANNELS; i++) {
        values[i] = get_i16(body + 2 * i);
    }
    const uint32_t begin = board->port->ticks(board->port->context);
    body[3] = mlp_run(&board->slot.mlp, values, body + 4);
    const uint32_t elapsed = board->port->ticks(board->port->context) - begin;
    body[0] = board->slot.generation;
    put_u16(body + 1, elapsed > 0xFFFF ? 0xFFFF : (uint16_t)elapsed);
    return (int8_t)(4 + board->slot.mlp.outputs);
}

int8_t request_answer(struct board *board, uint8_t type, uint8_t *body, uint8_t length)
{
    switch (type) {
    case TYPE_HELLO: return hello(board, body, length);
    case TYPE_CHANNEL: return channel(board, body, length);
    case TYPE_PING: return ping(length);
    case TYPE_START: return start(board, body, length);
    case TYPE_STOP: return stop(board, body, length);
    case TYPE_CREDIT: return credit(board, body, length);
    case TYPE_COUNTERS: return counters(board, body, length);
    case TYPE_MODEL_BEGIN: return model_begin(board, body, length);
    case TYPE_MODEL_DATA: return model_data(board, body, length);
    case TYPE_MODEL_COMMIT: return model_commit(board, body, length);
    case TYPE_MODEL_RUN: return model_run(board, body, length);
    case TYPE_INFER: return infer(board, body, length);
    /* An error is never answered with an error: a line that echoes would never come to rest. */
    case TYPE_ERROR: return NO_ANSWER;
    default: return ERROR_UNKNOWN_TYPE;
    }
}
