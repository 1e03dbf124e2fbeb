/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Integers and prices as lib/text writes them, with the sum of their digits from the registers that
 * they are made in.
 */

#include "fp_fix_writer_field.h"

/* Write the last count digits [1..8] of a number below 10^8; gives their sum. */
static inline uint32_t
put_short(uint8_t *to, uint32_t value, uint32_t count)
{
	uint64_t digits = fp_digits_split(value);

	fp_store_le64(to, (digits | FP_DIGITS_ZEROS) >> 8 * (8 - count));
	return fp_fix_digit_sum(digits) + '0' * count;
}

/* The same of more digits [9..20]. */
static uint32_t
put_long(uint8_t *to, uint64_t value, uint32_t count)
{
	uint64_t high = value / FP_DIGITS_10_8;
	uint32_t sum;

	if (count <= 16) {
		sum = put_short(to, (uint32_t)high, count - 8);
	} else {
		sum = put_short(to, (uint32_t)(high / FP_DIGITS_10_8), count - 16);
		sum += put_short(to + count - 16, (uint32_t)(high % FP_DIGITS_10_8), 8);
	}
	return sum + put_short(to + count - 8, (uint32_t)(value % FP_DIGITS_10_8), 8);
}

static inline uint32_t
put_digits(uint8_t *to, uint64_t value, uint32_t count)
{
	return count <= 8 ? put_short(to, (uint32_t)value, count) : put_long(to, value, count);
}

static inline void
put_integer(struct fp_fix_writer *message, struct fp_fix_key key, uint64_t value, uint32_t sign)
{
	uint32_t count = fp_digits_count(value);
	uint8_t *to = fp_fix_claim_field(message, key, sign + count);
	uint32_t sum = key.sum + '-' * sign;

	*to = '-'; /* the first digit replaces it when there is no sign */
	to += sign;
	sum += put_digits(to, value, count);
	to[count] = FP_FIX_SOH;
	message->sum += sum;
}

void
fp_fix_put_u64(struct fp_fix_writer *message, struct fp_fix_key key, uint64_t value)
{
	put_integer(message, key, value, 0);
}

void
fp_fix_put_i64(struct fp_fix_writer *message, struct fp_fix_key key, int64_t value)
{
	uint32_t sign = value < 0;

	put_integer(message, key, sign != 0 ? 0 - (uint64_t)value : (uint64_t)value, sign);
}

/* Write up to eight digits with a point behind the first of them; gives their sum. */
static inline uint32_t
put_short_price(uint8_t *to, uint32_t value, uint32_t count, uint32_t whole)
{
	uint64_t digits = fp_digits_split(value);
	uint64_t text = (digits | FP_DIGITS_ZEROS) >> 8 * (8 - count);
	uint64_t behind = ~UINT64_C(0) << 8 * whole;

	fp_store_le64(to, (text & ~behind) | (text & behind) << 8 | (uint64_t)'.' << 8 * whole);
	to[count] = (uint8_t)(text >> 8 * (count - 1)); /* the ninth character of eight digits */
	return fp_fix_digit_sum(digits) + '0' * count + '.';
}

void
fp_fix_put_price(struct fp_fix_writer *message, struct fp_fix_key key, struct fp_price price,
	uint8_t decimals)
{
	uint32_t sign = price.ticks < 0;
	uint64_t ticks = sign != 0 ? 0 - (uint64_t)price.ticks : (uint64_t)price.ticks;
	uint32_t count = fp_digits_count(ticks), whole;
	uint8_t *to;

	if (FP_UNLIKELY(decimals > FP_PRICE_DECIMALS_MAX)) {
		fp_panic("FIX price of %u decimals: 0 to %u can be written", decimals,
			FP_PRICE_DECIMALS_MAX);
	}
	if (decimals == 0) {
		put_integer(message, key, ticks, sign);
		return;
	}
	if (count <= decimals)
		count = decimals + 1U;
	whole = count - decimals;
	to = fp_fix_claim_field(message, key, sign + count + 1);
	*to = '-';
	to += sign;
	message->sum += key.sum + '-' * sign;
	if (count <= 8) {
		message->sum += put_short_price(to, (uint32_t)ticks, count, whole);
	} else {
		message->sum += put_digits(to, ticks / fp_digits_pow10[decimals], whole) + '.';
		to[whole] = '.';
		message->sum +=
			put_digits(to + whole + 1, ticks % fp_digits_pow10[decimals], decimals);
	}
	to[count + 1] = FP_FIX_SOH;
}
