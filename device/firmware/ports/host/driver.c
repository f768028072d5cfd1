/* The core behind lines of text, for test/unit/firmware. Each command is answered by one line:
 *   crc16 HEX · crc32 HEX           -> number
 *   encode HEX                      type, tag, body -> the frame on the line
 *   stuff HEX · unstuff HEX         COBS alone, without delimiter; ! when refused
 *   decode HEX                      next bytes of a line -> whole frames without CRC, ! for each refused
 *   open HEX                        a model image -> inputs outputs macs, or refused
 *   infer N N N N N N               counts for the opened model -> class HEX
 *   reading SEQUENCE TIME N ...     hand a board with credit this sample -> HEX
 *   send HEX · run US · input CHANNEL N    as a board on a line: ok · HEX it sent · ok
 *   stall US                        as run, with the main loop held up */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "crc.h"
#include "machine.h"

static uint8_t bytes[MACHINE_BYTES];

static uint32_t from_hex(const char *text)
{
    uint32_t length = 0;
    unsigned byte = 0;
    while (length < sizeof bytes && sscanf(text, "%2x", &byte) == 1) {
        bytes[length++] = (uint8_t)byte;
        text += 2;
    }
    return length;
}

static void print_hex(const uint8_t *from, uint32_t length)
{
    while (length-- != 0) {
        printf("%02x", *from++);
    }
}

static void encode(uint32_t length)
{
    uint8_t frame[WIRE_MAX_FRAME];
    if (length + 2 > WIRE_MAX_DECODED) {
        puts("refused");
        return;
    }
    memcpy(frame + 1, bytes, length);
    put_u16(frame + 1 + length, crc16(frame + 1, (uint8_t)length));
    print_hex(frame, cobs_encode(frame, (uint8_t)(length + 2)));
    puts("");
}

static void stuff(uint32_t length)
{
    uint8_t frame[WIRE_MAX_FRAME];
    if (length > WIRE_MAX_DECODED) {
        puts("!");
        return;
    }
    memcpy(frame + 1, bytes, length);
    print_hex(frame, cobs_encode(frame, (uint8_t)length) - 1U);
    puts("");
}

static void unstuff(uint32_t length)
{
    uint8_t decoded[WIRE_MAX_DECODED];
    struct cobs_decoder decoder;
    cobs_start(&decoder, decoded);
    for (uint32_t i = 0; i < length; i++) {
        cobs_decode(&decoder, bytes[i]);
    }
    const int16_t got = cobs_decode(&decoder, 0);
    if (got > 0) {
        print_hex(decoded, (uint32_t)got);
    } else {
        fputs("!", stdout);
    }
    puts("");
}

static void decode(struct cobs_decoder *decoder, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++) {
        const int16_t got = cobs_decode(decoder, bytes[i]);
        if (got >= WIRE_MIN_DECODED && crc16(decoder->out, (uint8_t)(got - 2)) == get_u16(decoder->out + got - 2)) {
            print_hex(decoder->out, (uint32_t)(got - 2));
            fputs(" ", stdout);
        } else if (got != 0) {
            fputs("! ", stdout);
        }
    }
    puts("");
}

/* The image gets memory of exactly its size, so that the sanitizer sees a read beyond it. */
static void open_model(struct mlp *model, uint8_t **image, uint32_t length)
{
    free(*image);
    *image = malloc(length == 0 ? 1 : length);
    if (*image == NULL) {
        exit(2);
    }
    memcpy(*image, bytes, length);
    if (mlp_open(model, *image, (uint16_t)length, BOARD_CHANNELS) != 0) {
        model->layers = 0;
        puts("refused");
    } else {
        printf("%u %u %u\n", model->inputs, model->outputs, model->macs);
    }
}

static void read_values(char *text, int16_t *values)
{
    for (int i = 0; i < BOARD_CHANNELS; i++) {
        values[i] = (int16_t)strtol(text, &text, 10);
    }
}

static void infer(const struct mlp *model, char *text)
{
    int16_t values[BOARD_CHANNELS];
    uint8_t scores[MLP_MAX_WIDTH];
    if (model->layers == 0) {
        puts("refused");
        return;
    }
    read_values(text, values);
    printf("%u ", mlp_run(model, values, scores));
    print_hex(scores, model->outputs);
    puts("");
}

static void reading(struct machine *machine, char *text)
{
    int16_t values[BOARD_CHANNELS];
    struct board *const board = &machine->board;
    board->counters.produced = (uint32_t)strtoul(text, &text, 10);
    board->counters.sent = board->counters.produced;
    board->credit_limit = board->counters.produced + 1;
    samples_instant(&board->samples, (uint32_t)strtoul(text, &text, 10));
    read_values(text, values);
    for (int i = 0; i < BOARD_CHANNELS; i++) {
        samples_value(&board->samples, values[i]);
    }
}

static void run(struct machine *machine, uint32_t us, bool stalled)
{
    machine->from_board_length = 0;
    machine_run(machine, us, stalled);
    print_hex(machine->from_board, machine->from_board_length);
    puts("");
}

int main(void)
{
    static struct machine machine;
    static char text[2 * MACHINE_BYTES + 16];
    static uint8_t decoded[WIRE_MAX_DECODED];
    struct cobs_decoder decoder;
    struct mlp model = {0};
    uint8_t *image = NULL;
    unsigned channel = 0;
    int value = 0;
    machine_init(&machine);
    cobs_start(&decoder, decoded);
    while (fgets(text, sizeof text, stdin) != NULL) {
        char *const space = strchr(text, ' ');
        char *const rest = space == NULL ? text + strlen(text) : space + 1;
        const size_t word = space == NULL ? strlen(text) : (size_t)(space - text);
#define IS(name) (word == sizeof(name) - 1 && memcmp(text, name, word) == 0)
        if (IS("crc16")) {
            printf("%u\n", crc16(bytes, (uint8_t)from_hex(rest)));
        } else if (IS("crc32")) {
            printf("%lu\n", (unsigned long)crc32(bytes, (uint16_t)from_hex(rest)));
        } else if (IS("encode")) {
            encode(from_hex(rest));
        } else if (IS("stuff")) {
            stuff(from_hex(rest));
        } else if (IS("unstuff")) {
            unstuff(from_hex(rest));
        } else if (IS("decode")) {
            decode(&decoder, from_hex(rest));
        } else if (IS("open")) {
            open_model(&model, &image, from_hex(rest));
        } else if (IS("infer")) {
            infer(&model, rest);
        } else if (IS("reading")) {
            reading(&machine, rest);
            run(&machine, 20000, false);
        } else if (IS("send")) {
            const uint32_t length = from_hex(rest);
            machine_send(&machine, bytes, length);
            puts("ok");
        } else if (IS("run")) {
            run(&machine, (uint32_t)strtoul(rest, NULL, 10), false);
        } else if (IS("stall")) {
            run(&machine, (uint32_t)strtoul(rest, NULL, 10), true);
        } else if (IS("input") && sscanf(rest, "%u %d", &channel, &value) == 2 && channel < BOARD_CHANNELS) {
            machine.inputs[channel] = (int16_t)value;
            puts("ok");
        } else {
            return 2;
        }
        fflush(stdout);
    }
    free(image);
    return 0;
}
