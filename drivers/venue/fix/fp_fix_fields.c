/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_fix_fields.h"
#include "fp_scan.h"
#include "fp_span_search.h"

#define TAG_DIGITS_MAX 9U

#define DATA_ROW(length, data) [length] = (data),
const uint16_t fp_fix_data_tags[FP_FIX_LENGTH_TAGS] = { FP_FIX_DATA_FIELDS(DATA_ROW) };

/* Have bits of the bytes from the offset on; the sum of those bytes. */
static uint8_t
look(struct fp_fix_fields *fields, uint32_t offset)
{
	struct fp_delimiters blocks[FP_FIX_WINDOW_BYTES / 64];
	uint32_t len = fields->end - offset, count;
	uint8_t sum;

	if (len > FP_FIX_WINDOW_BYTES)
		len = FP_FIX_WINDOW_BYTES;
	count = (len + 63) / 64;
	sum = fp_cspan_find_delimiters(
		fp_cspan_slice(fields->message, offset, len), FP_FIX_SOH, '=', blocks);
	for (uint32_t i = 0; i < count; i++) {
		fp_store_le64((uint8_t *)&fields->ends[i], blocks[i].first);
		fp_store_le64((uint8_t *)&fields->equals[i], blocks[i].second);
	}
	fields->ends[count] = 0;
	fields->equals[count] = 0;
	fields->window = offset;
	fields->plain_end = offset + len;
	return sum;
}

/* Begin at the body; the sum of the first window, which begins with the message. */
static uint8_t
begin(struct fp_fix_fields *fields, const struct fp_fix_frame *frame)
{
	fields->message = frame->message;
	fields->pos = frame->body;
	fields->end = frame->trailer;
	fields->data_tag = 0;
	fields->fault.reason = FP_MALFORMED_COUNT;
	fields->fault.offset = 0;
	return look(fields, 0);
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
	if (frame->trailer > FP_FIX_WINDOW_BYTES)
		sum = (uint8_t)(sum +
			fp_cspan_sum_u8(fp_cspan_slice(
				bytes, FP_FIX_WINDOW_BYTES, frame->trailer - FP_FIX_WINDOW_BYTES)));
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
	fields->pos = fields->end;
	fields->plain_end = 0;
	fields->data_tag = 0;
	return false;
}

bool
fp_fix_fields_expect(struct fp_fix_fields *fields, const struct fp_fix_field *field)
{
	uint32_t len = 0;

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
	fields->plain_end = 0;
	return true;
}

/* Where the value ends that starts at the offset, or 0 with the fault. */
static uint32_t
value_end(struct fp_fix_fields *fields, uint32_t tag, uint32_t start)
{
	int64_t len;

	if (fields->data_tag != 0) {
		len = fields->data_len;
		if (tag == fields->data_tag && start + len < fields->end &&
			fp_cspan_at(fields->message, start + (uint32_t)len) == FP_FIX_SOH) {
			fields->data_tag = 0;
			return start + (uint32_t)len;
		}
		(void)refuse(fields, FP_MALFORMED_DATA_LENGTH, start);
		return 0;
	}
	len = fp_cspan_index_of_u8(
		fp_cspan_slice(fields->message, start, fields->end - start), FP_FIX_SOH);
	if (len > 0)
		return start + (uint32_t)len;
	(void)refuse(fields, FP_MALFORMED_FIELD_SYNTAX, start);
	return 0;
}

bool
fp_fix_fields_unusual(struct fp_fix_fields *fields, struct fp_fix_field *field)
{
	uint32_t at = fields->pos, tag = 0, end;

	if (at >= fields->end)
		return fields->data_tag != 0 && refuse(fields, FP_MALFORMED_DATA_LENGTH, at);
	for (; at < fields->end; at++) {
		uint8_t digit = (uint8_t)(fp_cspan_at(fields->message, at) - '0');

		if (digit > 9 || at - fields->pos == TAG_DIGITS_MAX ||
			(tag == 0 && at != fields->pos))
			break;
		tag = tag * 10 + digit;
	}
	if (tag == 0 || at >= fields->end || fp_cspan_at(fields->message, at) != '=')
		return refuse(fields, FP_MALFORMED_FIELD_SYNTAX, fields->pos);
	end = value_end(fields, tag, at + 1);
	if (end == 0)
		return false;
	field->tag = tag;
	field->offset = fields->pos;
	field->value = fp_cspan_slice(fields->message, at + 1, end - (at + 1));
	fields->pos = end + 1;
	if (fields->pos < fields->end && fields->pos - fields->window >= FP_FIX_WINDOW_BYTES) {
		(void)look(fields, fields->pos);
	} else {
		fields->plain_end = fields->window + FP_FIX_WINDOW_BYTES;
		if (fields->plain_end > fields->end)
			fields->plain_end = fields->end;
	}
	return fp_fix_data_tag(tag) == 0 || fp_fix_fields_expect(fields, field);
}
