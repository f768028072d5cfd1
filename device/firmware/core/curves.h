/* Sigmoid and tanh of QUANTISATION.md as tables over the pre-activation's byte. */
#ifndef LEPTON_CURVES_H
#define LEPTON_CURVES_H

#include <stdint.h>

/* On AVR a constant stays out of RAM only in a section of its own, read by its own instruction. */
#ifdef __AVR__
#include <avr/pgmspace.h>
#define CURVE_MEMORY PROGMEM
#define CURVE_READ(curve, at) pgm_read_byte(&(curve)[at])
#else
#define CURVE_MEMORY
#define CURVE_READ(curve, at) ((curve)[at])
#endif

extern const uint8_t curve_sigmoid[256];
extern const uint8_t curve_tanh[256];

#endif
