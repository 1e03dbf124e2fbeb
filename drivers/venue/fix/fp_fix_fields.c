/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_fix_fields.h"
#include "fp_scan.h"
#include "fp_span_search.h"

#define TAG_DIGITS_MAX 9U

#define DATA_ROW(length, data) [length] = (data),
const uint16_t fp_fix_data_tags[FP_FIX_DATA_PLACES] = { FP_FIX_DATA_FIELDS(DATA_ROW) };

/* Go on at an offset that lies in the window. */
static void
enter(struct fp_fix_fields *fields, uint32_t pos)
{
	uint32_t in_window = pos - fields->window;

	fields->pos = pos;
	fields->block = in_window / 64;
	fields->bits = fields->blocks[in_window / 64].first >> in_window % 64 << in_window % 64;
}

/* Have bits of the bytes from an offset on; the sum of those bytes. */
static uint8_t
look(struct fp_fix_fields *fields, uint32_t offset)
{
	uint32_t len = fields->end - offset;

	if (len > FP_FIX_WINDOW_BYTES)
		len = FP_FIX_WINDOW_BYTES;
	fields->window = offset;
	fields->blocks[(len + 63) / 64].first = 0;
	return fp_cspan_find_delimiters(
		fp_cspan_slice(fields->message, offset, len), FP_FIX_SOH, '=', fields->blocks);
}

/* Begin at the body; the sum of the first window, which begins with the message. */
static uint8_t
begin(struct fp_fix_fields *fields, const struct fp_fix_frame *frame)
{
	uint8_t sum;

	fields->message = frame->message;
	fields->end = frame->trailer;
	fields->data_tag = 0;
	fields->fault.reason = FP_MALFORMED_COUNT;
	fields->fault.offset = 0;
	sum = look(fields, 0);
	enter(fields, frame->body);
	return sum;
}

struct fp_fix_fields
fp_fix_fields_open(const struct fp_fix_frame *frame)
{
	struct fp_fix_fields fields;

	(void)begin(&fields, frame);
	return fields;
}

int
fp_fix_frame_fields(struct fp_cspan bytes, struct fp_fix_frame *frame, struct fp_fix_fields *fields,
	struct fp_fix_fault *fault)
{
	uint8_t announced, sum;
	int error = fp_fix_frame_announced(bytes, frame, &announced, fault);

	if (error != 0)
		return error;
	sum = begin(fields, frame);
	if (frame->trailer > FP_FIX_WINDOW_BYTES) {
		struct fp_cspan rest = fp_cspan_slice(
			bytes, FP_FIX_WINDOW_BYTES, frame->trailer - FP_FIX_WINDOW_BYTES);

		sum = (uint8_t)(sum + fp_cspan_sum_u8(rest));
	}
	if (sum == announced)
		return 0;
	fault->reason = FP_MALFORMED_CHECKSUM;
	fault->offset = frame->trailer;
	return -EBADMSG;
}

static bool
refuse(struct fp_fix_fields *fields, enum fp_malformed reason, uint32_t offset)
{
	fields->fault.reason = reason;
	fields->fault.offset = offset;
	fields->bits = 0;
	return false;
}

bool
fp_fix_fields_expect(struct fp_fix_fields *fields, const struct fp_fix_field *field)
{
	uint32_t len = 0;

	if (fp_fix_data_tag(field->tag) == 0)
		return true;
	for (uint32_t i = 0; i < field->value.len; i++) {
		uint8_t digit = (uint8_t)(fp_cspan_at(field->value, i) - '0');

		if (digit > 9 || len > FP_FIX_MESSAGE_MAX)
			return refuse(fields, FP_MALFORMED_DATA_LENGTH, field->offset);
		len = len * 10 + digit;
	}
	if (len == 0 || len > FP_FIX_MESSAGE_MAX)
		return refuse(fields, FP_MALFORMED_DATA_LENGTH, field->offset);
	fields->data_tag = fp_fix_data_tag(field->tag);
	fields->data_len = len;
	fields->bits = 0;
	return true;
}

/* A number of up to TAG_DIGITS_MAX digits, the first of which is not 0; *at is behind it. */
static uint32_t
read_tag(const struct fp_fix_fields *fields, uint32_t *at)
{
	uint32_t start = *at, tag = 0;

	for (; *at < fields->end && *at - start < TAG_DIGITS_MAX; (*at)++) {
		uint8_t digit = (uint8_t)(fp_cspan_at(fields->message, *at) - '0');

		if (digit > 9 || (digit == 0 && *at == start))
			break;
		tag = tag * 10 + digit;
	}
	return tag;
}

/* Where the value ends that starts at the offset, or 0 when it does not as it should. */
static uint32_t
value_end(const struct fp_fix_fields *fields, uint32_t start)
{
	int64_t len;

	if (fields->data_tag == 0) {
		len = fp_cspan_index_of_u8(
			fp_cspan_slice(fields->message, start, fields->end - start), FP_FIX_SOH);
		return len > 0 ? start + (uint32_t)len : 0;
	}
	if (fields->data_len >= fields->end - start ||
		fp_cspan_at(fields->message, start + fields->data_len) != FP_FIX_SOH)
		return 0;
	return start + fields->data_len;
}

bool
fp_fix_fields_unusual(struct fp_fix_fields *fields, struct fp_fix_field *field)
{
	uint32_t start = fields->pos, at = start, tag, end;

	if (fields->fault.reason != FP_MALFORMED_COUNT)
		return false;
	if (start >= fields->end)
		return fields->data_tag != 0 && refuse(fields, FP_MALFORMED_DATA_LENGTH, start);
	tag = read_tag(fields, &at);
	if (tag == 0 || at >= fields->end || fp_cspan_at(fields->message, at) != '=')
		return refuse(fields, FP_MALFORMED_FIELD_SYNTAX, start);
	if (fields->data_tag != 0 && tag != fields->data_tag)
		return refuse(fields, FP_MALFORMED_DATA_LENGTH, at + 1);
	end = value_end(fields, at + 1);
	if (end == 0 && fields->data_tag != 0)
		return refuse(fields, FP_MALFORMED_DATA_LENGTH, at + 1);
	if (end == 0)
		return refuse(fields, FP_MALFORMED_FIELD_SYNTAX, at + 1);
	field->tag = tag;
	field->offset = start;
	field->value = fp_cspan_slice(fields->message, at + 1, end - (at + 1));
	fields->data_tag = 0;
	if (end + 1 - fields->window >= FP_FIX_WINDOW_BYTES && end + 1 < fields->end)
		(void)look(fields, end + 1);
	if (end + 1 < fields->end) {
		enter(fields, end + 1);
	} else {
		fields->pos = end + 1;
		fields->bits = 0;
	}
	return fp_fix_fields_expect(fields, field);
}
