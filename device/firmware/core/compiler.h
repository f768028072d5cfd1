/* What is asked of the compiler that C99 has no words for; GCC and Clang understand it. */
#ifndef LEPTON_COMPILER_H
#define LEPTON_COMPILER_H

/* Not inlined: together such functions need more registers than an AVR has, and a call is cheaper than the spilling. */
#define APART __attribute__((noinline))

/* No access to memory is moved across this line: what an index publishes is there before the index. */
#define BARRIER() __asm__ volatile("" ::: "memory")

/* From here on the compiler knows nothing of where the variable's value came from. */
#define UNRELATED(variable) __asm__("" : "+r"(variable))

#endif
