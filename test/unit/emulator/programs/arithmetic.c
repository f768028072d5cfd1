/* Every width and kind of arithmetic the compiler and libm know, on values that change; results stay in memory. */
#include <avr/io.h>
#include <math.h>
#include <stdint.h>

volatile uint32_t sum32;
volatile uint64_t sum64;
volatile float sumf;
volatile uint16_t sum16;
volatile int8_t sum8;

static uint32_t state = 2463534242UL;

static uint32_t next(void) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

int main(void) {
  for (uint8_t i = 0; i < 60; i++) {
    uint32_t a = next();
    uint32_t b = next() | 1;
    int32_t c = (int32_t)next();
    int16_t d = (int16_t)next();
    int8_t e = (int8_t)next();
    sum32 += a * b + a / b + a % b + (uint32_t)(c / (d | 1)) + (a >> (i & 31)) + (uint32_t)(c >> (i & 15));
    sum64 += (uint64_t)a * b + (((uint64_t)a << 32 | b) / (b >> 3 | 1));
    sum16 += (uint16_t)(d * e) + (uint16_t)(d % (e | 1)) + (uint16_t)(d << (i & 7));
    sum8 += (int8_t)((e * (int8_t)a) >> 7) - (int8_t)(e / ((int8_t)b | 1));
    sumf += sqrtf((float)a) * sinf((float)d / 1000.0f) / (1.0f + fabsf((float)e)) + expf((float)(e >> 4)) - (float)c;
  }
  GPIOR0 = 1;
  for (;;) {
  }
}
