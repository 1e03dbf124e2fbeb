/* SPDX-License-Identifier: BSD-3-Clause */

#include <string.h>

#include "element_types.h"
#include "fp_span_compare.h"
#include "fp_span_copy.h"
#include "fp_span_element.h"
#include "fp_span_search.h"
#include "fp_span_sequence.h"

#define NAME      u8
#define UNAME     u8
#define TYPE      uint8_t
#define UTYPE     uint8_t
#define IS_SIGNED false
#include "element_thunks.h"
#undef NAME
#undef UNAME
#undef TYPE
#undef UTYPE
#undef IS_SIGNED

#define NAME      i8
#define UNAME     u8
#define TYPE      int8_t
#define UTYPE     uint8_t
#define IS_SIGNED true
#include "element_thunks.h"
#undef NAME
#undef UNAME
#undef TYPE
#undef UTYPE
#undef IS_SIGNED

#define NAME      u16
#define UNAME     u16
#define TYPE      uint16_t
#define UTYPE     uint16_t
#define IS_SIGNED false
#include "element_thunks.h"
#undef NAME
#undef UNAME
#undef TYPE
#undef UTYPE
#undef IS_SIGNED

#define NAME      i16
#define UNAME     u16
#define TYPE      int16_t
#define UTYPE     uint16_t
#define IS_SIGNED true
#include "element_thunks.h"
#undef NAME
#undef UNAME
#undef TYPE
#undef UTYPE
#undef IS_SIGNED

#define NAME      u32
#define UNAME     u32
#define TYPE      uint32_t
#define UTYPE     uint32_t
#define IS_SIGNED false
#include "element_thunks.h"
#undef NAME
#undef UNAME
#undef TYPE
#undef UTYPE
#undef IS_SIGNED

#define NAME      i32
#define UNAME     u32
#define TYPE      int32_t
#define UTYPE     uint32_t
#define IS_SIGNED true
#include "element_thunks.h"
#undef NAME
#undef UNAME
#undef TYPE
#undef UTYPE
#undef IS_SIGNED

#define NAME      u64
#define UNAME     u64
#define TYPE      uint64_t
#define UTYPE     uint64_t
#define IS_SIGNED false
#include "element_thunks.h"
#undef NAME
#undef UNAME
#undef TYPE
#undef UTYPE
#undef IS_SIGNED

#define NAME      i64
#define UNAME     u64
#define TYPE      int64_t
#define UTYPE     uint64_t
#define IS_SIGNED true
#include "element_thunks.h"
#undef NAME
#undef UNAME
#undef TYPE
#undef UTYPE
#undef IS_SIGNED

const struct element_type *const element_types[ELEMENT_TYPES] = { &type_u8, &type_i8, &type_u16,
	&type_i16, &type_u32, &type_i32, &type_u64, &type_i64 };

const struct element_type *
element_type_find(const char *name)
{
	if (strcmp(name, "bool") == 0)
		name = "u8";
	for (size_t i = 0; i < ELEMENT_TYPES; i++) {
		if (strcmp(element_types[i]->name, name) == 0)
			return element_types[i];
	}
	return NULL;
}

/* Byte by byte, so that no function under test is behind it; the machine's order is looked up. */
static uint32_t
place_of(uint32_t byte, uint32_t bytes)
{
	static const uint16_t one = 1;

	return *(const uint8_t *)&one == 1 ? byte : bytes - 1 - byte;
}

uint32_t
element_put(const struct element_type *type, uint8_t *to, const int64_t *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t *at = to + i * type->bytes;

		for (uint32_t byte = 0; byte < type->bytes; byte++)
			at[place_of(byte, type->bytes)] = (uint8_t)(values[i] >> (8 * byte));
	}
	return (uint32_t)(count * type->bytes);
}

void
element_take(const struct element_type *type, const uint8_t *from, int64_t *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const uint8_t *at = from + i * type->bytes;
		uint64_t value = 0;
		uint64_t sign = 0; /* the bit, of signed types */

		for (uint32_t byte = 0; byte < type->bytes; byte++) {
			value |= (uint64_t)at[place_of(byte, type->bytes)] << (8 * byte);
			sign = type->is_signed ? UINT64_C(0x80) << (8 * byte) : 0;
		}
		values[i] = (int64_t)((value ^ sign) - sign);
	}
}
