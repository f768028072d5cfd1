/* Advances in steps of 10 µs: carry a byte each way when its time has come, sample, convert, let the core work until it rests. */
#include "machine.h"

#include <string.h>

#define STEP 20
#define BYTE_TICKS 170 /* ten bits at 117,647 baud */
#define CONVERSION_TICKS 208
#define LEAD 2000

static const uint8_t build[8] = {'h', 'o', 's', 't', 0, 0, 0, 0};

static uint32_t ticks(void *context)
{
    return (uint32_t)((struct machine *)context)->ticks;
}

static uint32_t time_us(void *context)
{
    return (uint32_t)(((struct machine *)context)->ticks / 2);
}

static int16_t receive(void *context)
{
    struct machine *const machine = context;
    return machine->rx_filled == machine->rx_taken ? -1 : machine->rx[machine->rx_taken++ % MACHINE_RING];
}

static uint16_t overrun(void *context)
{
    return ((struct machine *)context)->overrun;
}

static uint8_t room(void *context)
{
    const struct machine *const machine = context;
    return (uint8_t)(MACHINE_RING - (uint8_t)(machine->tx_filled - machine->tx_taken));
}

static void send(void *context, const uint8_t *bytes, uint8_t length)
{
    struct machine *const machine = context;
    while (length-- != 0) {
        machine->tx[machine->tx_filled++ % MACHINE_RING] = *bytes++;
    }
}

static void halt(void *context)
{
    struct machine *const machine = context;
    machine->period = 0;
    machine->converted_at = 0;
}

static uint32_t sample(void *context, uint32_t period)
{
    struct machine *const machine = context;
    machine->period = period;
    machine->instant_at = machine->ticks + LEAD;
    return (uint32_t)(machine->instant_at / 2);
}

static uint8_t channel(void *context, uint8_t index, uint8_t *out)
{
    (void)context;
    const uint8_t answer[] = {10, 5000 & 0xFF, 5000 >> 8, 'A', (uint8_t)('0' + index)};
    memcpy(out, answer, sizeof answer);
    return sizeof answer;
}

void machine_init(struct machine *machine)
{
    memset(machine, 0, sizeof *machine);
    machine->port = (struct board_port){
        .context = machine,
        .cpu_hz = 16000000,
        .reset_cause = 1,
        .build = build,
        .name = "host",
        .ticks = ticks,
        .time_us = time_us,
        .receive = receive,
        .overrun = overrun,
        .room = room,
        .send = send,
        .halt = halt,
        .sample = sample,
        .channel = channel,
    };
    board_init(&machine->board, &machine->port);
}

void machine_send(struct machine *machine, const uint8_t *bytes, uint32_t length)
{
    if (machine->carried == machine->to_board_length) {
        machine->carried = 0;
        machine->to_board_length = 0;
    }
    const uint32_t space = MACHINE_BYTES - machine->to_board_length;
    const uint32_t taken = length < space ? length : space;
    memcpy(machine->to_board + machine->to_board_length, bytes, taken);
    machine->to_board_length += taken;
}

static void step_line(struct machine *machine)
{
    if (machine->carried < machine->to_board_length && machine->ticks >= machine->carry_at) {
        machine->carry_at = machine->ticks + BYTE_TICKS;
        if ((uint8_t)(machine->rx_filled - machine->rx_taken) < MACHINE_RING) {
            machine->rx[machine->rx_filled++ % MACHINE_RING] = machine->to_board[machine->carried];
        } else {
            machine->overrun++;
        }
        machine->carried++;
    }
    if (machine->tx_taken != machine->tx_filled && machine->ticks >= machine->shift_at) {
        machine->shift_at = machine->ticks + BYTE_TICKS;
        const uint8_t byte = machine->tx[machine->tx_taken++ % MACHINE_RING];
        if (machine->from_board_length < MACHINE_BYTES) {
            machine->from_board[machine->from_board_length++] = byte;
        }
    }
}

static void step_samples(struct machine *machine)
{
    struct samples *const queue = &machine->board.samples;
    if (machine->converted_at != 0 && machine->ticks >= machine->converted_at) {
        const bool more = samples_value(queue, machine->inputs[queue->channel]);
        machine->converted_at = more ? machine->converted_at + CONVERSION_TICKS : 0;
    }
    if (machine->period != 0 && machine->ticks >= machine->instant_at) {
        if (samples_instant(queue, (uint32_t)(machine->instant_at / 2))) {
            machine->converted_at = machine->instant_at + CONVERSION_TICKS;
        }
        machine->instant_at += machine->period;
    }
}

void machine_run(struct machine *machine, uint32_t us, bool stalled)
{
    const uint64_t end = machine->ticks + 2 * (uint64_t)us;
    while (machine->ticks < end) {
        machine->ticks += STEP;
        step_line(machine);
        step_samples(machine);
        while (!stalled && board_poll(&machine->board)) {
        }
    }
}
