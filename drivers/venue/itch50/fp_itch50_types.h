/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The 23 message types of TotalView-ITCH 5.0, and what their decoders share.
 *
 *    0      1        3          5            11
 *    | type | locate | tracking | time (u48) | fields, big-endian, to the type's length
 *
 * A decoder gets a view of exactly its type's length, reads every field that the native message or
 * a check needs, and appends 0, 1 or 2 native messages; false means that a field is outside its
 * domain, and what was appended is to be taken back. The caller compares the length with the
 * constant of the type first; the compiler then proves all reads in range and drops their checks.
 *
 * What is checked, because a book or the native format cannot carry anything else:
 *
 *    every Price(4)         at most 200,000.0000, the venue's stated ceiling
 *    side of A F P          'B' or 'S'
 *    shares of A F U        not 0: an order of nothing cannot stand in a book
 *    shares of Q            at most INT64_MAX; 0 is a cross without volume
 *    printable of C         'Y' or 'N'
 *    symbol of R            begins with neither space nor NUL; so of an add that names its locate
 *
 * All other letters and numbers are passed on or skipped as they come: event codes, states,
 * reasons, market makers, Price(8). E, C, X and P of 0 shares change nothing and pass. Times are
 * not checked.
 * Private to the driver.
 */

#ifndef FP_ITCH50_TYPES_H
#define FP_ITCH50_TYPES_H

#include "fp_itch50_names.h"
#include "fp_message.h"
#include "fp_reader.h"

/**
 * Types: T(letter, length [bytes], name).
 *
 * @source ITCH 5.0 rev 2023-04-28
 */
#define FP_ITCH50_TYPES(T)               \
	T('S', 12, system_event)         \
	T('R', 39, stock_directory)      \
	T('H', 25, trading_action)       \
	T('Y', 20, reg_sho)              \
	T('L', 26, participant_position) \
	T('V', 35, mwcb_levels)          \
	T('W', 12, mwcb_status)          \
	T('K', 28, ipo_quoting)          \
	T('J', 35, luld_collar)          \
	T('h', 21, operational_halt)     \
	T('A', 36, add)                  \
	T('F', 40, add_attributed)       \
	T('E', 31, executed)             \
	T('C', 36, executed_priced)      \
	T('X', 23, cancelled)            \
	T('D', 19, deleted)              \
	T('U', 35, replaced)             \
	T('P', 44, trade)                \
	T('Q', 40, cross)                \
	T('B', 19, broken_trade)         \
	T('I', 50, imbalance)            \
	T('N', 20, retail_interest)      \
	T('O', 48, direct_listing)

/** Highest Price(4): 200,000.0000 [10^-4 dollars]. */
#define FP_ITCH50_PRICE_MAX 0x77359400u

/** Where decoders put what they decode. Lives in registers. */
struct fp_itch50_output {
	struct fp_message *next;       /**< Place of the next native message. */
	struct fp_itch50_names *names; /**< Of the channel. */
};

/** Read the type, locate, tracking number and time: 11 bytes. */
static inline struct fp_itch50_head
fp_itch50_read_head(struct fp_reader *reader)
{
	struct fp_itch50_head head;

	fp_reader_skip(reader, 1);
	head.locate = fp_reader_read_be16(reader);
	/* Tracking number and time are eight bytes together: one load, and the time is its rest. */
	head.time_ns = fp_reader_read_be64(reader) & UINT64_C(0xffffffffffff);
	return head;
}

/** True when a Price(4) is one that the venue can send. */
static inline bool
fp_itch50_is_price(uint32_t price)
{
	return price <= FP_ITCH50_PRICE_MAX;
}

/** True for one of two letters. A product, since which of them it is no branch can be taught. */
static inline bool
fp_itch50_is_either(uint8_t letter, uint8_t one, uint8_t other)
{
	return (uint32_t)(letter ^ one) * (uint32_t)(letter ^ other) == 0;
}

/** True for the two letters of a side. */
static inline bool
fp_itch50_is_side(uint8_t side)
{
	return fp_itch50_is_either(side, FP_SIDE_BUY, FP_SIDE_SELL);
}

/** Read four characters; NUL takes the place of the spaces on their right. */
static inline struct fp_tag4
fp_itch50_read_tag(struct fp_reader *reader)
{
	struct fp_tag4 tag;

	fp_reader_read_into(reader, tag.text, sizeof(tag.text));
	for (size_t len = sizeof(tag.text); len > 0 && tag.text[len - 1] == ' '; len--)
		tag.text[len - 1] = '\0';
	return tag;
}

#endif /* FP_ITCH50_TYPES_H */
