/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Decoders of the messages about the market and its instruments: S R H Y L V W K J h I N O.
 *
 * The number before a field is its offset in the message [bytes]. Private to the driver.
 */

#ifndef FP_ITCH50_NOTICES_H
#define FP_ITCH50_NOTICES_H

#include "fp_itch50_types.h"

/** Append a TradingStatus. */
static inline void
fp_itch50_put_status(struct fp_itch50_output *out, struct fp_itch50_head head,
	enum fp_status_kind kind, uint8_t status, struct fp_tag4 reason)
{
	*out->next++ = (struct fp_message){
		.len = FP_MESSAGE_LEN(trading_status),
		.type = FP_MESSAGE_TRADING_STATUS,
		.instrument_id = head.locate,
		.time_ns = head.time_ns,
		.trading_status = {
			.reason = reason,
			.kind = (uint8_t)kind,
			.status = status,
		},
	};
}

/** S: 11 event code. */
static inline bool
fp_itch50_decode_system_event(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);

	head.locate = 0;
	fp_itch50_put_status(
		out, head, FP_STATUS_SYSTEM, fp_reader_read_u8(&reader), (struct fp_tag4){ { 0 } });
	return true;
}

/** R: 11 stock, 21 round lot. */
static inline bool
fp_itch50_decode_stock_directory(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);
	struct fp_cspan symbol = fp_reader_read_bytes(&reader, sizeof(struct fp_symbol8));
	uint32_t lot;
	int messages;

	fp_reader_skip(&reader, 2);
	lot = fp_reader_read_be32(&reader);
	messages = fp_itch50_name(out->names, head, symbol, lot, out->next);
	if (messages < 0)
		return false;
	out->next += messages;
	return true;
}

/** H: 19 trading state, 21 reason. */
static inline bool
fp_itch50_decode_trading_action(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);
	uint8_t state;

	fp_reader_skip(&reader, 8);
	state = fp_reader_read_u8(&reader);
	fp_reader_skip(&reader, 1);
	fp_itch50_put_status(out, head, FP_STATUS_TRADING, state, fp_itch50_read_tag(&reader));
	return true;
}

/** Y: 19 Reg SHO action. */
static inline bool
fp_itch50_decode_reg_sho(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);

	fp_reader_skip(&reader, 8);
	fp_itch50_put_status(out, head, FP_STATUS_SHORT_SALE, fp_reader_read_u8(&reader),
		(struct fp_tag4){ { 0 } });
	return true;
}

/** L: participants and their letters; no native message has them. */
static inline bool
fp_itch50_decode_participant_position(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	(void)view;
	(void)out;
	return true;
}

/** V: three Price(8) without a stated ceiling; no native message has them. */
static inline bool
fp_itch50_decode_mwcb_levels(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	(void)view;
	(void)out;
	return true;
}

/** W: 11 level that was breached. */
static inline bool
fp_itch50_decode_mwcb_status(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);

	head.locate = 0;
	fp_itch50_put_status(out, head, FP_STATUS_BREAKER, fp_reader_read_u8(&reader),
		(struct fp_tag4){ { 0 } });
	return true;
}

/** K: 24 price; no native message has it. */
static inline bool
fp_itch50_decode_ipo_quoting(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);

	(void)out;
	fp_reader_skip(&reader, 24);
	return fp_itch50_is_price(fp_reader_read_be32(&reader));
}

/** J: 19 reference, 23 upper and 27 lower price; no native message has them. */
static inline bool
fp_itch50_decode_luld_collar(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	uint32_t reference;
	uint32_t upper;
	uint32_t lower;

	(void)out;
	fp_reader_skip(&reader, 19);
	reference = fp_reader_read_be32(&reader);
	upper = fp_reader_read_be32(&reader);
	lower = fp_reader_read_be32(&reader);
	return fp_itch50_is_price(reference) && fp_itch50_is_price(upper) &&
		fp_itch50_is_price(lower);
}

/** h: 19 market code, 20 action; the market becomes the reason. */
static inline bool
fp_itch50_decode_operational_halt(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	struct fp_itch50_head head = fp_itch50_read_head(&reader);
	struct fp_tag4 market = { { 0 } };

	fp_reader_skip(&reader, 8);
	market.text[0] = (char)fp_reader_read_u8(&reader);
	fp_itch50_put_status(out, head, FP_STATUS_OPERATIONAL, fp_reader_read_u8(&reader), market);
	return true;
}

/** I: 36 far, 40 near and 44 reference price; no native message has them. */
static inline bool
fp_itch50_decode_imbalance(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	uint32_t far;
	uint32_t near;
	uint32_t reference;

	(void)out;
	fp_reader_skip(&reader, 36);
	far = fp_reader_read_be32(&reader);
	near = fp_reader_read_be32(&reader);
	reference = fp_reader_read_be32(&reader);
	return fp_itch50_is_price(far) && fp_itch50_is_price(near) && fp_itch50_is_price(reference);
}

/** N: one letter; no native message has it. */
static inline bool
fp_itch50_decode_retail_interest(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	(void)view;
	(void)out;
	return true;
}

/** O: 20 minimum, 24 maximum, 28 near, 40 lower and 44 upper price; no native message has them. */
static inline bool
fp_itch50_decode_direct_listing(FP_SCOPED struct fp_cspan view, struct fp_itch50_output *out)
{
	struct fp_reader reader = fp_reader_open(view);
	bool is_valid;

	(void)out;
	fp_reader_skip(&reader, 20);
	is_valid = fp_itch50_is_price(fp_reader_read_be32(&reader));
	is_valid = fp_itch50_is_price(fp_reader_read_be32(&reader)) && is_valid;
	is_valid = fp_itch50_is_price(fp_reader_read_be32(&reader)) && is_valid;
	fp_reader_skip(&reader, 8);
	is_valid = fp_itch50_is_price(fp_reader_read_be32(&reader)) && is_valid;
	return fp_itch50_is_price(fp_reader_read_be32(&reader)) && is_valid;
}

#endif /* FP_ITCH50_NOTICES_H */
