/* Numbers of PROTOCOL.md: message types, error codes, features. */
#ifndef LEPTON_PROTOCOL_H
#define LEPTON_PROTOCOL_H

#define PROTOCOL_MAJOR 1
#define PROTOCOL_MINOR 0

enum protocol_type {
    TYPE_HELLO = 0x01,
    TYPE_CHANNEL = 0x02,
    TYPE_PING = 0x03,
    TYPE_START = 0x04,
    TYPE_STOP = 0x05,
    TYPE_CREDIT = 0x06,
    TYPE_COUNTERS = 0x07,
    TYPE_MODEL_BEGIN = 0x10,
    TYPE_MODEL_DATA = 0x11,
    TYPE_MODEL_COMMIT = 0x12,
    TYPE_MODEL_RUN = 0x13,
    TYPE_INFER = 0x14,
    TYPE_READING = 0x40,
    TYPE_ANSWER = 0x80, /* set in the answer to a request */
    TYPE_ERROR = 0xFF
};

/* What a request is refused with: the code on the wire, negated. */
enum protocol_error {
    ERROR_UNKNOWN_TYPE = -1,
    ERROR_BAD_LENGTH = -2,
    ERROR_BAD_VALUE = -3,
    ERROR_TOO_LARGE = -5,
    ERROR_BAD_ORDER = -6,
    ERROR_BAD_CHECKSUM = -7,
    ERROR_BAD_VERSION = -8,
    ERROR_BAD_MODEL = -9,
    ERROR_NO_MODEL = -10
};

#define FEATURE_READINGS 0x01UL
#define FEATURE_MLP 0x02UL
#define FEATURE_INFER 0x04UL
#define FEATURE_PING 0x08UL

#endif
