/* SPDX-License-Identifier: BSD-3-Clause */

#include "byte_loops.h"

#ifdef BYTE_LOOPS_NATIVE
#define NAME(name) name##_native
#else
#define NAME(name) name
#endif

uint8_t
NAME(byte_loop_u32)(const uint8_t *data, uint32_t len)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < len; i++)
		sum += data[i];
	return (uint8_t)sum;
}

uint8_t
NAME(byte_loop_u8)(const uint8_t *data, uint32_t len)
{
	uint8_t sum = 0;

	for (uint32_t i = 0; i < len; i++)
		sum = (uint8_t)(sum + data[i]);
	return sum;
}
