/* Little-endian integers in byte buffers, without alignment. */
#ifndef LEPTON_BYTES_H
#define LEPTON_BYTES_H

#include <stdint.h>

static inline uint16_t get_u16(const uint8_t *from)
{
    return (uint16_t)(from[0] | (uint16_t)from[1] << 8);
}

static inline uint32_t get_u32(const uint8_t *from)
{
    return get_u16(from) | (uint32_t)get_u16(from + 2) << 16;
}

/* Two's complement, written so that no conversion is left to the compiler's choice; it compiles to nothing. */
static inline int16_t get_i16(const uint8_t *from)
{
    const uint16_t bits = get_u16(from);
    return bits & 0x8000U ? (int16_t)(-(int16_t)(uint16_t)~bits - 1) : (int16_t)bits;
}

static inline int32_t get_i32(const uint8_t *from)
{
    const uint32_t bits = get_u32(from);
    return bits & 0x80000000UL ? -(int32_t)~bits - 1 : (int32_t)bits;
}

static inline void put_u16(uint8_t *to, uint16_t value)
{
    to[0] = (uint8_t)value;
    to[1] = (uint8_t)(value >> 8);
}

static inline void put_u32(uint8_t *to, uint32_t value)
{
    put_u16(to, (uint16_t)value);
    put_u16(to + 2, (uint16_t)(value >> 16));
}

#endif
