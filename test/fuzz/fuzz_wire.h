/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What the three venues' datagrams look like, byte by byte: a judgement of their own for the
 * target that runs the drivers.
 *
 * Offsets and lengths are written out here once more, from the sheets and not from the drivers.
 */

#ifndef FUZZ_WIRE_H
#define FUZZ_WIRE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/** Whose wire. */
enum wire {
	WIRE_ITCH50, /**< Big-endian blocks { u16 length, message } behind 20 bytes. */
	WIRE_IEX,    /**< The same, little-endian, behind 40 bytes. */
	WIRE_NATIVE, /**< Messages that begin with { u16 length, u8 type }, behind 40 bytes. */
};

/* Lengths by type. @source ITCH 5.0 rev 2023-04-28 */
static const uint8_t wire_itch50_lengths[256] = { ['S'] = 12,
	['R'] = 39,
	['H'] = 25,
	['Y'] = 20,
	['L'] = 26,
	['V'] = 35,
	['W'] = 12,
	['K'] = 28,
	['J'] = 35,
	['h'] = 21,
	['A'] = 36,
	['F'] = 40,
	['E'] = 31,
	['C'] = 36,
	['X'] = 23,
	['D'] = 19,
	['U'] = 35,
	['P'] = 44,
	['Q'] = 40,
	['B'] = 19,
	['I'] = 50,
	['N'] = 20,
	['O'] = 48 };

/* Lengths by type. @source DEEP 1.0, TOPS 1.6 */
static const uint8_t wire_iex_lengths[256] = { ['S'] = 10,
	['D'] = 31,
	['H'] = 22,
	['I'] = 18,
	['O'] = 18,
	['P'] = 19,
	['E'] = 18,
	['8'] = 30,
	['5'] = 30,
	['T'] = 38,
	['B'] = 38,
	['X'] = 26,
	['Q'] = 42,
	['A'] = 80 };

/** Two bytes in the venue's order. */
static inline uint32_t
wire_u16(enum wire wire, const uint8_t *at)
{
	return wire == WIRE_ITCH50 ? (uint32_t)at[0] << 8 | at[1] : (uint32_t)at[1] << 8 | at[0];
}

/** Length of a header [bytes]. */
static inline uint32_t
wire_header_bytes(enum wire wire)
{
	return wire == WIRE_ITCH50 ? 20 : 40;
}

/** Messages that the header, which is there, announces. */
static inline uint32_t
wire_count(enum wire wire, const uint8_t *data)
{
	return wire_u16(wire, data + (wire == WIRE_ITCH50 ? 18 : wire == WIRE_IEX ? 14 : 24));
}

/** What the header says of the datagram that it begins can be true. */
static inline bool
wire_is_believable(enum wire wire, const uint8_t *data, uint32_t len)
{
	uint32_t header_bytes = wire_header_bytes(wire);
	uint32_t count;

	if (len < header_bytes)
		return false;
	count = wire_count(wire, data);
	switch (wire) {
	case WIRE_ITCH50:
		return count == 0 || count == 0xffff ? len == 20 : 20 + 2 * count <= len;
	case WIRE_IEX:
		/* Version 1, TOPS or DEEP; sequences are signed. */
		return data[0] == 1 && (data[2] == 3 || data[2] == 4) && data[3] == 0x80 &&
			40 + wire_u16(wire, data + 12) == len && (count != 0 || len == 40) &&
			40 + 2 * count <= len && data[31] < 0x80;
	case WIRE_NATIVE:
		return memcmp(data, "FPW1\001", 5) == 0 && 40 + wire_u16(wire, data + 26) == len &&
			(count != 0 || len == 40) && 40 + 16 * count <= len;
	}
	return false;
}

/** The length [bytes] is one that a message of the type may have. */
static inline bool
wire_is_length(enum wire wire, uint8_t type, uint32_t len, const uint8_t native_lengths[256])
{
	switch (wire) {
	case WIRE_ITCH50:
		return wire_itch50_lengths[type] == 0 || wire_itch50_lengths[type] == len;
	case WIRE_IEX:
		/* Messages may grow. */
		return wire_iex_lengths[type] <= len;
	case WIRE_NATIVE:
		return native_lengths[type] == 0 || native_lengths[type] == len;
	}
	return false;
}

/**
 * Behind a believable header are as many messages as it says, to the last byte.
 *
 * The first @p skip of them were delivered before: of these only the way to the next is judged.
 */
static inline bool
wire_is_whole(enum wire wire, const uint8_t *data, uint32_t len, uint64_t skip,
	const uint8_t native_lengths[256])
{
	uint32_t count = wire_count(wire, data);
	uint32_t prefix = wire == WIRE_NATIVE ? 0 : 2;
	uint32_t at = wire_header_bytes(wire);

	for (uint32_t i = 0; i < count; i++) {
		uint32_t message_len;

		if (len - at < 2 || len - at - prefix < wire_u16(wire, data + at))
			return false;
		message_len = wire_u16(wire, data + at);
		at += prefix;
		if (wire == WIRE_NATIVE && (message_len < 16 || message_len % 8 != 0))
			return false;
		if (message_len == 0 && wire == WIRE_IEX && i >= skip)
			return false;
		if (message_len != 0 && i >= skip &&
			!wire_is_length(wire, data[wire == WIRE_NATIVE ? at + 2 : at], message_len,
				native_lengths))
			return false;
		at += message_len;
	}
	return at == len;
}

#endif /* FUZZ_WIRE_H */
