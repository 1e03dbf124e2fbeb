/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * One hand-made message of each ITCH 5.0 type, and what it decodes to on a fresh channel.
 *
 * Stock locate 0x0021, tracking number 0xabcd and time 0x1f2e3d4c5b6a throughout; multi-byte fields
 * have a different value in each byte.
 */

#ifndef ITCH50_SAMPLES_H
#define ITCH50_SAMPLES_H

#include "fp_message.h"

#define SAMPLE_LOCATE 0x0021
#define SAMPLE_TIME   UINT64_C(0x1f2e3d4c5b6a)

#define HEAD(type) type, 0x00, 0x21, 0xab, 0xcd, 0x1f, 0x2e, 0x3d, 0x4c, 0x5b, 0x6a
#define STOCK      'Z', 'V', 'Z', 'Z', 'T', ' ', ' ', ' '
#define U32(a)     0x10 + (a), 0x21, 0x32, 0x43
#define U64(a)     0x01, 0x12, 0x23, 0x34, 0x45, 0x56, 0x67, 0x70 + (a)
#define VALUE32(a) (INT64_C(0x10213243) + ((int64_t)(a) << 24))
#define VALUE64(a) (INT64_C(0x0112233445566770) + (a))

#define NATIVE_OF(TYPE, name, locate)                                                      \
	.len = FP_MESSAGE_LEN(name), .type = FP_MESSAGE_##TYPE, .instrument_id = (locate), \
	.time_ns = SAMPLE_TIME

#define NATIVE(TYPE, name) NATIVE_OF(TYPE, name, SAMPLE_LOCATE)

#define NATIVE_INSTRUMENT(lot_shares)                           \
	{                                                       \
		NATIVE(INSTRUMENT, instrument), .instrument = { \
			.symbol = { "ZVZZT" },                  \
			.lot = (lot_shares),                    \
			.price_decimals = 4                     \
		}                                               \
	}

/** A message and what becomes of it. */
struct sample {
	uint8_t wire[50];             /* the message */
	uint8_t len;                  /* of it */
	uint8_t native_count;         /* messages that it decodes to */
	struct fp_message natives[2]; /* in order */
};

static const struct sample samples[] = {
	{
		.wire = { HEAD('S'), 'Q' },
		.len = 12,
		.native_count = 1,
		.natives = { { NATIVE_OF(TRADING_STATUS, trading_status, 0),
			.trading_status = { .kind = 'S', .status = 'Q' } } },
	},
	{
		.wire = { HEAD('R'), STOCK, 'Q', 'N', 0x00, 0x01, 0x02, 0x64, 'N', 'C', 'Z', ' ',
			'P', 'N', 'N', '1', 'N', U32(0), 'N' },
		.len = 39,
		.native_count = 1,
		.natives = { NATIVE_INSTRUMENT(0x010264) },
	},
	{
		.wire = { HEAD('H'), STOCK, 'P', ' ', 'L', 'U', 'D', 'P' },
		.len = 25,
		.native_count = 1,
		.natives = { { NATIVE(TRADING_STATUS, trading_status),
			.trading_status = { .reason = { "LUDP" }, .kind = 'H', .status = 'P' } } },
	},
	{
		.wire = { HEAD('Y'), STOCK, '1' },
		.len = 20,
		.native_count = 1,
		.natives = { { NATIVE(TRADING_STATUS, trading_status),
			.trading_status = { .kind = 'P', .status = '1' } } },
	},
	{ .wire = { HEAD('L'), 'M', 'P', 'I', 'D', STOCK, 'Y', 'N', 'A' }, .len = 26 },
	{ .wire = { HEAD('V'), U64(1), U64(2), U64(3) }, .len = 35 },
	{
		.wire = { HEAD('W'), '2' },
		.len = 12,
		.native_count = 1,
		.natives = { { NATIVE_OF(TRADING_STATUS, trading_status, 0),
			.trading_status = { .kind = 'W', .status = '2' } } },
	},
	{ .wire = { HEAD('K'), STOCK, U32(1), 'A', U32(2) }, .len = 28 },
	{ .wire = { HEAD('J'), STOCK, U32(1), U32(2), U32(3), U32(4) }, .len = 35 },
	{
		.wire = { HEAD('h'), STOCK, 'B', 'H' },
		.len = 21,
		.native_count = 1,
		.natives = { { NATIVE(TRADING_STATUS, trading_status),
			.trading_status = { .reason = { "B" }, .kind = 'O', .status = 'H' } } },
	},
	{
		.wire = { HEAD('A'), U64(1), 'S', U32(2), STOCK, U32(3) },
		.len = 36,
		.native_count = 2,
		.natives = { NATIVE_INSTRUMENT(0),
			{ NATIVE(ORDER_ADD, order_add),
				.order_add = { .order_id = VALUE64(1),
					.price = { VALUE32(3) },
					.quantity = { VALUE32(2) },
					.side = 'S' } } },
	},
	{
		.wire = { HEAD('F'), U64(1), 'B', U32(2), STOCK, U32(3), 'G', 'S', 'C', ' ' },
		.len = 40,
		.native_count = 2,
		.natives = { NATIVE_INSTRUMENT(0),
			{ NATIVE(ORDER_ADD, order_add),
				.order_add = { .order_id = VALUE64(1),
					.price = { VALUE32(3) },
					.quantity = { VALUE32(2) },
					.attribution = { "GSC" },
					.side = 'B' } } },
	},
	{
		.wire = { HEAD('E'), U64(1), U32(2), U64(3) },
		.len = 31,
		.native_count = 1,
		.natives = { { NATIVE(ORDER_EXECUTE, order_execute),
			.order_execute = { .order_id = VALUE64(1),
				.quantity = { VALUE32(2) },
				.match_id = VALUE64(3) } } },
	},
	{
		.wire = { HEAD('C'), U64(1), U32(2), U64(3), 'N', U32(4) },
		.len = 36,
		.native_count = 1,
		.natives = { { NATIVE(ORDER_EXECUTE, order_execute),
			.order_execute = { .order_id = VALUE64(1),
				.quantity = { VALUE32(2) },
				.price = { VALUE32(4) },
				.match_id = VALUE64(3),
				.flags = FP_EXECUTE_F_PRICED | FP_EXECUTE_F_NON_PRINTABLE } } },
	},
	{
		.wire = { HEAD('X'), U64(1), U32(2) },
		.len = 23,
		.native_count = 1,
		.natives = { { NATIVE(ORDER_REDUCE, order_reduce),
			.order_reduce = { VALUE64(1), { VALUE32(2) } } } },
	},
	{
		.wire = { HEAD('D'), U64(1) },
		.len = 19,
		.native_count = 1,
		.natives = { { NATIVE(ORDER_DELETE, order_delete),
			.order_delete = { VALUE64(1) } } },
	},
	{
		.wire = { HEAD('U'), U64(1), U64(2), U32(3), U32(4) },
		.len = 35,
		.native_count = 1,
		.natives = { { NATIVE(ORDER_REPLACE, order_replace),
			.order_replace = { .order_id = VALUE64(1),
				.new_order_id = VALUE64(2),
				.price = { VALUE32(4) },
				.quantity = { VALUE32(3) } } } },
	},
	{
		.wire = { HEAD('P'), U64(1), 'B', U32(2), STOCK, U32(3), U64(4) },
		.len = 44,
		.native_count = 1,
		.natives = { { NATIVE(TRADE, trade),
			.trade = { .price = { VALUE32(3) },
				.quantity = { VALUE32(2) },
				.match_id = VALUE64(4),
				.side = 'B',
				.kind = 'T' } } },
	},
	{
		.wire = { HEAD('Q'), U64(1), STOCK, U32(2), U64(3), 'O' },
		.len = 40,
		.native_count = 1,
		.natives = { { NATIVE(TRADE, trade),
			.trade = { .price = { VALUE32(2) },
				.quantity = { VALUE64(1) },
				.match_id = VALUE64(3),
				.kind = 'C',
				.conditions = 'O' } } },
	},
	{
		.wire = { HEAD('B'), U64(1) },
		.len = 19,
		.native_count = 1,
		.natives = { { NATIVE(TRADE, trade),
			.trade = { .match_id = VALUE64(1), .kind = 'B' } } },
	},
	{
		.wire = { HEAD('I'), U64(1), U64(2), 'B', STOCK, U32(1), U32(2), U32(3), 'O', 'L' },
		.len = 50,
	},
	{ .wire = { HEAD('N'), STOCK, 'A' }, .len = 20 },
	{
		.wire = { HEAD('O'), STOCK, 'Y', U32(1), U32(2), U32(3), U64(4), U32(5), U32(6) },
		.len = 48,
	},
};

#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

/** The sample of a type. */
static inline const struct sample *
sample_of(char type)
{
	for (size_t idx = 0; idx < SAMPLES; idx++) {
		if (samples[idx].wire[0] == (uint8_t)type)
			return &samples[idx];
	}
	return NULL;
}

#endif /* ITCH50_SAMPLES_H */
