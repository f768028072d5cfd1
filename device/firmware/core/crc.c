/* CRC-16 a byte at a time by folding, CRC-32 a bit at a time: small, and fast enough for their uses. */
#include "crc.h"

uint16_t crc16(const uint8_t *bytes, uint8_t length)
{
    uint16_t crc = 0xFFFF;
    while (length-- != 0) {
        crc = (uint16_t)(crc >> 8 | crc << 8);
        crc ^= *bytes++;
        /* x^16 = x^12 + x^5 + 1: what leaves at the top comes back at these places. */
        crc ^= (uint16_t)((crc & 0xFFU) >> 4);
        crc ^= (uint16_t)(crc << 12);
        crc ^= (uint16_t)((crc & 0xFFU) << 5);
    }
    return crc;
}

uint32_t crc32(const uint8_t *bytes, uint16_t length)
{
    uint32_t crc = 0xFFFFFFFFUL;
    while (length-- != 0) {
        crc ^= *bytes++;
        for (uint8_t bit = 0; bit < 8; bit++) {
            crc = crc & 1 ? crc >> 1 ^ 0xEDB88320UL : crc >> 1;
        }
    }
    return ~crc;
}
