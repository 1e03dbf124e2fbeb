/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_fix_fields.h"
#include "fp_scan.h"
#include "fp_span_search.h"

#define TAG_DIGITS_MAX 9U
#define BLOCK          FP_DELIMITERS_BYTES

#define DATA_ROW(length, data) [length] = (data),
const uint16_t fp_fix_data_tags[FP_FIX_DATA_PLACES] = { FP_FIX_DATA_FIELDS(DATA_ROW) };

uint8_t
fp_fix_index_message(const struct fp_fix_frame *frame, struct fp_fix_index *index)
{
	index->blocks[(frame->trailer + BLOCK - 1) / BLOCK].first = 0;
	return fp_cspan_find_delimiters(
		fp_cspan_slice(frame->message, 0, frame->trailer), FP_FIX_SOH, '=', index->blocks);
}

int
fp_fix_frame_index(struct fp_cspan bytes, struct fp_fix_frame *frame, struct fp_fix_index *index,
	struct fp_fix_fault *fault)
{
	uint8_t announced;
	int error = fp_fix_frame_announced(bytes, frame, &announced, fault);

	if (error != 0 || fp_fix_index_message(frame, index) == announced)
		return error;
	fault->reason = FP_MALFORMED_CHECKSUM;
	fault->offset = frame->trailer;
	return -EBADMSG;
}

/* Go on at an offset. */
static void
enter(struct fp_fix_fields *fields, uint32_t pos)
{
	fields->pos = pos;
	fields->bits = 0;
	if (pos >= fields->end)
		return;
	fields->start = pos - pos % BLOCK;
	fields->block = &fields->index->blocks[pos / BLOCK];
	fields->bits = fields->block->first >> pos % BLOCK << pos % BLOCK;
}

static struct fp_fix_step
refused(struct fp_fix_step step, enum fp_malformed reason, uint32_t offset)
{
	step.is_there = false;
	step.fields.fault.reason = reason;
	step.fields.fault.offset = offset;
	step.fields.bits = 0;
	return step;
}

struct fp_fix_step
fp_fix_fields_expect(struct fp_fix_step step)
{
	const struct fp_fix_field *field = &step.field;
	uint32_t len = 0;

	if (fp_fix_data_tag(field->tag) == 0)
		return step;
	for (uint32_t i = 0; i < field->value.len && len <= FP_FIX_MESSAGE_MAX; i++) {
		uint8_t digit = (uint8_t)(fp_cspan_at(field->value, i) - '0');

		len = digit <= 9 ? len * 10 + digit : UINT32_MAX;
	}
	if (len == 0 || len > FP_FIX_MESSAGE_MAX)
		return refused(step, FP_MALFORMED_DATA_LENGTH, field->offset);
	step.fields.data_tag = fp_fix_data_tag(field->tag);
	step.fields.data_len = len;
	step.fields.bits = 0;
	return step;
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

struct fp_fix_step
fp_fix_fields_unusual(struct fp_fix_fields fields)
{
	struct fp_fix_step step = { .fields = fields, .is_there = false };
	uint32_t start = (uint32_t)fields.pos, at = start, tag, end;

	if (fields.fault.reason != FP_MALFORMED_COUNT)
		return step;
	if (start >= fields.end) {
		return fields.data_tag == 0 ? step : refused(step, FP_MALFORMED_DATA_LENGTH, start);
	}
	tag = read_tag(&fields, &at);
	if (tag == 0 || at >= fields.end || fp_cspan_at(fields.message, at) != '=')
		return refused(step, FP_MALFORMED_FIELD_SYNTAX, start);
	if (fields.data_tag != 0 && tag != fields.data_tag)
		return refused(step, FP_MALFORMED_DATA_LENGTH, at + 1);
	end = value_end(&fields, at + 1);
	if (end == 0) {
		return refused(step,
			fields.data_tag != 0 ? FP_MALFORMED_DATA_LENGTH : FP_MALFORMED_FIELD_SYNTAX,
			at + 1);
	}
	step.field.tag = tag;
	step.field.offset = start;
	step.field.value = fp_cspan_slice(fields.message, at + 1, end - (at + 1));
	step.is_there = true;
	step.fields.data_tag = 0;
	enter(&step.fields, end + 1);
	return fp_fix_fields_expect(step);
}
