/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_fix_fields.h"
#include "fp_span_search.h"

#define TAG_DIGITS_MAX 9U

struct fp_fix_fields
fp_fix_fields_open(const struct fp_fix_frame *frame)
{
	return (struct fp_fix_fields){
		.message = frame->message,
		.pos = frame->body,
		.end = frame->trailer,
		.fault = { .reason = FP_MALFORMED_COUNT },
	};
}

static bool
refuse(struct fp_fix_fields *fields, enum fp_malformed reason, uint32_t offset)
{
	fields->fault.reason = reason;
	fields->fault.offset = offset;
	fields->pos = fields->end;
	return false;
}

/* The data tag whose length the tag gives, or 0. */
static uint32_t
data_tag_of(uint32_t tag)
{
#define DATA_CASE(length, data) \
	case length:            \
		return data;
	switch (tag) {
		FP_FIX_DATA_FIELDS(DATA_CASE)
	default:
		return 0;
	}
#undef DATA_CASE
}

/* The length of the data field that comes next. */
static bool
expect_data(struct fp_fix_fields *fields, const struct fp_fix_field *field, uint32_t data_tag)
{
	uint64_t len = 0;

	for (uint32_t i = 0; i < field->value.len; i++) {
		uint8_t digit = (uint8_t)(fp_cspan_at(field->value, i) - '0');

		if (digit > 9 || len > FP_FIX_MESSAGE_MAX)
			return refuse(fields, FP_MALFORMED_DATA_LENGTH, field->offset);
		len = len * 10 + digit;
	}
	if (len == 0 || len > FP_FIX_MESSAGE_MAX)
		return refuse(fields, FP_MALFORMED_DATA_LENGTH, field->offset);
	fields->data_tag = data_tag;
	fields->data_len = (uint32_t)len;
	return true;
}

/* Length of the value at pos, or 0 with the fault. */
static uint32_t
value_len(struct fp_fix_fields *fields, uint32_t tag, uint32_t start)
{
	int64_t len;

	if (fields->data_tag != 0) {
		len = fields->data_len;
		if (tag != fields->data_tag || start + len >= fields->end ||
			fp_cspan_at(fields->message, start + (uint32_t)len) != FP_FIX_SOH) {
			refuse(fields, FP_MALFORMED_DATA_LENGTH, start);
			return 0;
		}
		fields->data_tag = 0;
		return (uint32_t)len;
	}
	len = fp_cspan_index_of_u8(
		fp_cspan_slice(fields->message, start, fields->end - start), FP_FIX_SOH);
	if (len <= 0) {
		refuse(fields, FP_MALFORMED_FIELD_SYNTAX, start);
		return 0;
	}
	return (uint32_t)len;
}

bool
fp_fix_fields_next(struct fp_fix_fields *fields, struct fp_fix_field *field)
{
	uint32_t at = fields->pos, tag = 0, len, data_tag;

	if (at >= fields->end) {
		if (fields->data_tag != 0 && fields->fault.reason == FP_MALFORMED_COUNT)
			return refuse(fields, FP_MALFORMED_DATA_LENGTH, at);
		return false;
	}
	for (; at < fields->end; at++) {
		uint8_t digit = (uint8_t)(fp_cspan_at(fields->message, at) - '0');

		if (digit > 9 || at - fields->pos == TAG_DIGITS_MAX ||
			(tag == 0 && at != fields->pos))
			break;
		tag = tag * 10 + digit;
	}
	if (tag == 0 || at >= fields->end || fp_cspan_at(fields->message, at) != '=')
		return refuse(fields, FP_MALFORMED_FIELD_SYNTAX, fields->pos);
	len = value_len(fields, tag, at + 1);
	if (len == 0)
		return false;
	field->tag = tag;
	field->offset = fields->pos;
	field->value = fp_cspan_slice(fields->message, at + 1, len);
	fields->pos = at + 1 + len + 1;
	data_tag = data_tag_of(tag);
	return data_tag == 0 || expect_data(fields, field, data_tag);
}
