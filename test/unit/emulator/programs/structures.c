/* Calls through pointers, recursion, jump tables, strings, flash tables, bits of I/O registers, long jumps. */
#include <avr/io.h>
#include <avr/pgmspace.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

volatile uint32_t crc;
volatile uint16_t hash;
static jmp_buf back;
static int16_t numbers[48];
static const uint16_t squares[] PROGMEM = {0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100};
static const char text[] PROGMEM = "the quick brown fox jumps over the lazy dog";

static int compare(const void *a, const void *b) {
  int16_t x = *(const int16_t *)a;
  int16_t y = *(const int16_t *)b;
  return x < y ? -1 : x > y;
}

static uint16_t ackermann(uint8_t m, uint8_t n) {
  if (m == 0) return n + 1;
  if (n == 0) return ackermann(m - 1, 1);
  return ackermann(m - 1, (uint8_t)ackermann(m, n - 1));
}

static uint16_t choose(uint8_t i, uint16_t x) {
  switch (i) {
    case 0: return x ^ 0x5555;
    case 1: return x * 3;
    case 2: return x >> 3;
    case 3: return (x << 8) | (x >> 8);
    case 4: PORTB |= 4; return x;
    case 5: PORTB &= (uint8_t)~4; return ~x;
    case 6: return PORTB & 4 ? x + 1 : x - 1;
    case 7: return -x;
    default: return x + pgm_read_word(&squares[i % 11]);
  }
}

static uint16_t (*volatile chosen)(uint8_t, uint16_t) = choose;

int main(void) {
  char line[64];
  strcpy_P(line, text);
  crc = 0xffffffffUL;
  for (uint8_t i = 0; i < strlen(line); i++) {
    crc ^= (uint8_t)line[i];
    for (uint8_t bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xedb88320UL : crc >> 1;
  }
  crc = ~crc;
  for (uint8_t i = 0; i < 48; i++) numbers[i] = (int16_t)(i * 7919u);
  qsort(numbers, 48, sizeof numbers[0], compare);
  for (uint8_t i = 0; i < 48; i++) hash = chosen(i % 13, hash + (uint16_t)numbers[i]);
  hash += ackermann(2, 4);
  if (setjmp(back) == 0) longjmp(back, 1);
  ultoa(crc, line, 10);
  hash += (uint16_t)atol(line) + (uint16_t)line[3];
  GPIOR0 = 1;
  for (;;) {
  }
}
