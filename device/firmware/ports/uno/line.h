/* USART0 at 115200 baud behind two rings. */
#ifndef UNO_LINE_H
#define UNO_LINE_H

#include <stdint.h>

/* Start reception. Interrupts are still off. */
void line_init(void);

/* The next received byte, or -1. */
int16_t line_receive(void *context);

/* Bytes lost since reset: by the USART's own overrun, or because the ring was full. */
uint16_t line_overrun(void *context);

/* Bytes that line_send takes at once. */
uint8_t line_room(void *context);

/* Queue `length` bytes, at most line_room(). */
void line_send(void *context, const uint8_t *bytes, uint8_t length);

#endif
