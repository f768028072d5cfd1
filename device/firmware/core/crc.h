/* The two checksums of PROTOCOL.md, without tables. */
#ifndef LEPTON_CRC_H
#define LEPTON_CRC_H

#include <stdint.h>

/* CRC-16/CCITT-FALSE of `length` bytes; of "123456789" it is 0x29B1. */
uint16_t crc16(const uint8_t *bytes, uint8_t length);

/* CRC-32/ISO-HDLC of `length` bytes; of "123456789" it is 0xCBF43926. */
uint32_t crc32(const uint8_t *bytes, uint16_t length);

#endif
