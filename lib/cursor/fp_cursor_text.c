/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_panic.h"
#include "fp_reader_text.h"
#include "fp_text_format.h"
#include "fp_writer_text.h"

/* Longest number: 20 digits, or a sign and 19 [bytes]. */
#define NUMBER_MAX 20U

/*
 * A text is formatted straight into the room that is left and then claimed: what did not fit has
 * written nothing, and claiming it says how much was missing.
 */

static struct fp_span
room_of(const struct fp_writer *writer)
{
	uint8_t *to = writer->cap != 0 ? writer->data + writer->pos : writer->data;

#if FP_LIFETIME == FP_LIFETIME_FULL
	return fp_span_watched(to, fp_writer_room(writer), writer->watch);
#else
	return fp_span_watched(to, fp_writer_room(writer), fp_watch_none());
#endif
}

static FP_COLD FP_NORETURN void
refuse_digits(uint8_t min_digits)
{
	fp_panic("writer: %u digits at least; at most %u can be asked for", min_digits,
		FP_WRITER_DIGITS_MAX);
}

/*
 * Claim what was written into the room: @sign bytes of sign, then digits. Zeros go between them
 * up to the least number of digits.
 */
static void
claim_number(struct fp_writer *writer, uint32_t sign, uint32_t written, uint8_t min_digits)
{
	uint32_t digits = written - sign;
	uint32_t zeros = digits < min_digits ? min_digits - digits : 0;
	uint8_t *to;

	if (FP_UNLIKELY(min_digits > FP_WRITER_DIGITS_MAX))
		refuse_digits(min_digits);
	to = fpi_writer_claim(writer, written + zeros) + sign;
	if (zeros != 0) {
		memmove(to + zeros, to, digits);
		memset(to, '0', zeros);
	}
}

void
fp_writer_write_ascii_u64(struct fp_writer *writer, uint64_t value, uint8_t min_digits)
{
	uint32_t written;

	if (FP_UNLIKELY(fp_text_write_u64(value, room_of(writer), &written) != 0))
		fpi_writer_overrun(writer, NUMBER_MAX);
	claim_number(writer, 0, written, min_digits);
}

void
fp_writer_write_ascii_i64(struct fp_writer *writer, int64_t value, uint8_t min_digits)
{
	uint32_t written;

	if (FP_UNLIKELY(fp_text_write_i64(value, room_of(writer), &written) != 0))
		fpi_writer_overrun(writer, NUMBER_MAX);
	claim_number(writer, value < 0, written, min_digits);
}

void
fp_writer_write_price(struct fp_writer *writer, struct fp_price price, uint8_t decimals)
{
	uint32_t written;

	if (FP_UNLIKELY(fp_price_format(price, decimals, room_of(writer), &written) != 0))
		fpi_writer_overrun(writer, FP_PRICE_TEXT_MAX);
	writer->pos += written;
}

void
fp_writer_write_timestamp(
	struct fp_writer *writer, uint64_t ns, enum fp_timestamp_style style, uint8_t digits)
{
	uint32_t written;

	if (FP_UNLIKELY(fp_timestamp_format(ns, style, digits, room_of(writer), &written) != 0))
		fpi_writer_overrun(writer, FP_TIMESTAMP_TEXT_MAX);
	writer->pos += written;
}

void
fp_writer_write_symbol8(
	struct fp_writer *writer, struct fp_symbol8 symbol, enum fp_symbol_padding padding)
{
	uint8_t *to = fpi_writer_claim(writer, sizeof(symbol.text));
	uint32_t len = fp_symbol8_len(symbol);

	memset(to, (int)padding, sizeof(symbol.text));
	memcpy(to, symbol.text, len);
}

void
fp_writer_write_symbol16(
	struct fp_writer *writer, struct fp_symbol16 symbol, enum fp_symbol_padding padding)
{
	uint8_t *to = fpi_writer_claim(writer, sizeof(symbol.text));
	uint32_t len = fp_symbol16_len(symbol);

	memset(to, (int)padding, sizeof(symbol.text));
	memcpy(to, symbol.text, len);
}

void
fp_writer_write_symbol8_text(struct fp_writer *writer, struct fp_symbol8 symbol)
{
	uint32_t len = fp_symbol8_len(symbol);
	uint8_t *to = fpi_writer_claim(writer, len);

	if (len != 0)
		memcpy(to, symbol.text, len);
}

void
fp_writer_write_symbol16_text(struct fp_writer *writer, struct fp_symbol16 symbol)
{
	uint32_t len = fp_symbol16_len(symbol);
	uint8_t *to = fpi_writer_claim(writer, len);

	if (len != 0)
		memcpy(to, symbol.text, len);
}

struct fp_symbol8
fp_reader_read_symbol8(struct fp_reader *reader)
{
	struct fp_symbol8 symbol = { { 0 } };

	if (FP_UNLIKELY(fp_symbol8_from_field(
				fp_reader_read_bytes(reader, sizeof(symbol.text)), &symbol) != 0))
		fpi_reader_fail(reader);
	return symbol;
}

struct fp_symbol16
fp_reader_read_symbol16(struct fp_reader *reader)
{
	struct fp_symbol16 symbol = { { 0 } };

	if (FP_UNLIKELY(fp_symbol16_from_field(
				fp_reader_read_bytes(reader, sizeof(symbol.text)), &symbol) != 0))
		fpi_reader_fail(reader);
	return symbol;
}
