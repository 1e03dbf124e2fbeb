/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Points in time are written by lib/text, into the place of the field, and summed from there: in
 * pieces that were stored as a whole, so that no load waits for stores that it overlaps.
 */

#include "fp_fix_writer_field.h"
#include "fp_timestamp.h"

#define NS_PER_DAY UINT64_C(86400000000000)

#define DATE_BYTES 8U /* YYYYMMDD */
#define TIME_BYTES 8U /* HH:MM:SS */

/* The value of a field that has just been claimed, with the watch of the message's room. */
static inline struct fp_span
view_value(const struct fp_fix_writer *message, uint8_t *to, uint32_t len)
{
	struct fp_span value = message->room;

	/* fpcheck: allow R-04-06 because the claim was checked; a slice checks again, for 2 % */
	value.data = to;
	value.len = len;
	return value;
}

/* Length of HH:MM:SS and the digits behind it; lib/text judges how many are legal. */
static inline uint32_t
count_time_bytes(uint32_t second_digits)
{
	return TIME_BYTES + (second_digits != 0) + second_digits;
}

/* Sum of eight characters from '0' to ':'. */
static inline uint32_t
sum_of_eight(const uint8_t *text)
{
	return fp_fix_digit_sum(fp_load_le64(text) ^ FP_DIGITS_ZEROS) + 8 * '0';
}

/* Sum of HH:MM:SS and the digits behind it. */
static inline uint32_t
sum_of_time(const uint8_t *text, uint32_t second_digits)
{
	const uint8_t *digits = text + TIME_BYTES + 1;
	uint32_t sum = sum_of_eight(text);

	if (second_digits == 0)
		return sum;
	sum += '.' + digits[0];
	if (second_digits == 9)
		return sum + sum_of_eight(digits + 1);
	sum += digits[1] + digits[2];
	if (second_digits == 6)
		sum += digits[3] + digits[4] + digits[5];
	return sum;
}

void
fp_fix_put_timestamp(
	struct fp_fix_writer *message, struct fp_fix_key key, uint64_t ns, uint8_t second_digits)
{
	uint32_t len = DATE_BYTES + 1 + count_time_bytes(second_digits), written;
	uint8_t *to = fp_fix_claim_field(message, key, len);
	int error = fp_timestamp_format(
		ns, FP_TIMESTAMP_FIX, second_digits, view_value(message, to, len), &written);

	(void)error; /* the place is as long as the text */
	to[len] = FP_FIX_SOH;
	message->sum +=
		key.sum + sum_of_eight(to) + '-' + sum_of_time(to + DATE_BYTES + 1, second_digits);
}

void
fp_fix_put_date(struct fp_fix_writer *message, struct fp_fix_key key, uint64_t ns)
{
	uint8_t *to = fp_fix_claim_field(message, key, DATE_BYTES);
	uint32_t written;
	int error = fp_timestamp_format_date(ns, view_value(message, to, DATE_BYTES), &written);

	(void)error; /* the place is as long as the text */
	to[DATE_BYTES] = FP_FIX_SOH;
	message->sum += key.sum + sum_of_eight(to);
}

void
fp_fix_put_time(
	struct fp_fix_writer *message, struct fp_fix_key key, uint64_t ns, uint8_t second_digits)
{
	uint32_t len = count_time_bytes(second_digits), written;
	uint8_t *to = fp_fix_claim_field(message, key, len);
	int error = fp_timestamp_format_time(
		ns % NS_PER_DAY, second_digits, view_value(message, to, len), &written);

	(void)error; /* the place is as long as the text, and a day is no longer */
	to[len] = FP_FIX_SOH;
	message->sum += key.sum + sum_of_time(to, second_digits);
}
