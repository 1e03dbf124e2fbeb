/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The walk over the fields of a message against one that reads byte by byte.
 *
 *    | the body from tag 35 on |      '|' is the delimiter, as the delimiter itself is
 *
 * Head and trailer are put around the body, in memory of exactly the message's length. Opened in
 * both ways, the cursor gives the same fields and the same fault as the other walk, and the fields
 * joined are the body.
 */

#include <stdio.h>

#include "fp_fix_fields.h"
#include "fuzz_input.h"

#define SOH      1
#define BODY_MAX 20000

/* A walk that knows nothing but bytes. */
struct walk {
	const uint8_t *bytes;
	uint32_t at;
	uint32_t end;
	uint32_t data_tag;
	uint32_t data_len;
	bool is_ended;
	struct fp_fix_fault fault;
};

static bool
is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

static bool
stop(struct walk *walk, enum fp_malformed reason, uint32_t offset)
{
	walk->is_ended = true;
	walk->fault.reason = reason;
	walk->fault.offset = offset;
	return false;
}

static uint32_t
data_of(uint32_t tag)
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

static uint32_t
announced(const uint8_t *value, uint32_t len)
{
	uint64_t number = 0;

	for (uint32_t i = 0; i < len; i++) {
		if (!is_digit(value[i]) || number > FP_FIX_MESSAGE_MAX)
			return 0;
		number = number * 10 + value[i] - '0';
	}
	return number > FP_FIX_MESSAGE_MAX ? 0 : (uint32_t)number;
}

/* The next field: where its value begins and ends. */
static bool
walk_next(struct walk *walk, uint32_t *tag, uint32_t *value, uint32_t *value_end)
{
	uint32_t start = walk->at, at = start, stop_at;

	if (walk->is_ended)
		return false;
	if (at >= walk->end)
		return walk->data_tag != 0 && stop(walk, FP_MALFORMED_DATA_LENGTH, at);
	*tag = 0;
	for (; at < walk->end && is_digit(walk->bytes[at]) && at - start < 9; at++) {
		if (at == start && walk->bytes[at] == '0')
			break;
		*tag = *tag * 10 + walk->bytes[at] - '0';
	}
	if (*tag == 0 || at >= walk->end || walk->bytes[at] != '=')
		return stop(walk, FP_MALFORMED_FIELD_SYNTAX, start);
	*value = at + 1;
	for (stop_at = *value; stop_at < walk->end && walk->bytes[stop_at] != SOH; stop_at++)
		;
	if (walk->data_tag != 0) {
		stop_at = *value + walk->data_len;
		if (*tag != walk->data_tag || stop_at >= walk->end || walk->bytes[stop_at] != SOH)
			return stop(walk, FP_MALFORMED_DATA_LENGTH, *value);
	}
	if (stop_at == *value || stop_at >= walk->end)
		return stop(walk, FP_MALFORMED_FIELD_SYNTAX, *value);
	walk->data_tag = data_of(*tag);
	walk->data_len = announced(walk->bytes + *value, stop_at - *value);
	if (walk->data_tag != 0 && walk->data_len == 0)
		return stop(walk, FP_MALFORMED_DATA_LENGTH, start);
	*value_end = stop_at;
	walk->at = stop_at + 1;
	return true;
}

static void
compare(const struct fp_fix_frame *frame, struct fp_fix_fields fields)
{
	struct walk walk = { .bytes = frame->message.data,
		.at = frame->body,
		.end = frame->trailer,
		.fault = { .reason = FP_MALFORMED_COUNT } };
	struct fp_fix_field field;
	uint32_t tag, value, end, next = frame->body;

	while (walk_next(&walk, &tag, &value, &end)) {
		FUZZ_CHECK(fp_fix_fields_next(&fields, &field));
		FUZZ_CHECK(field.tag == tag && field.offset == next);
		FUZZ_CHECK(field.value.data == walk.bytes + value);
		FUZZ_CHECK(field.value.len == end - value);
		next = end + 1;
	}
	FUZZ_CHECK(!fp_fix_fields_next(&fields, &field));
	FUZZ_CHECK(!fp_fix_fields_next(&fields, &field));
	FUZZ_CHECK(fp_fix_fields_fault(&fields).reason == walk.fault.reason);
	FUZZ_CHECK(fp_fix_fields_fault(&fields).offset == walk.fault.offset);
	FUZZ_CHECK(walk.is_ended || next == frame->trailer);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char head[40];
	uint32_t body_len = (uint32_t)(len < BODY_MAX ? len : BODY_MAX);
	uint32_t body = (uint32_t)snprintf(
		head, sizeof(head), "8=FIX.4.4%c9=%u%c", SOH, 3 + body_len + 1, SOH);
	uint32_t trailer = body + 3 + body_len + 1;
	uint8_t *bytes = malloc(trailer + 7);
	struct fp_fix_fault fault;
	struct fp_fix_frame frame;
	struct fp_fix_index index;
	uint8_t sum = 0;

	FUZZ_CHECK(bytes != NULL);
	memcpy(bytes, head, body);
	memcpy(bytes + body, "35=", 3);
	for (uint32_t i = 0; i < body_len; i++)
		bytes[body + 3 + i] = data[i] == '|' ? SOH : data[i];
	bytes[trailer - 1] = SOH;
	for (uint32_t i = 0; i < trailer; i++)
		sum = (uint8_t)(sum + bytes[i]);
	memcpy(bytes + trailer, "10=", 3);
	bytes[trailer + 3] = (uint8_t)('0' + sum / 100);
	bytes[trailer + 4] = (uint8_t)('0' + sum / 10 % 10);
	bytes[trailer + 5] = (uint8_t)('0' + sum % 10);
	bytes[trailer + 6] = SOH;
	if (fp_fix_frame_index(fp_cspan_over(bytes, trailer + 7), &frame, &index, &fault) != 0) {
		FUZZ_CHECK(body_len == 0 && fault.reason == FP_MALFORMED_BODY_LENGTH);
	} else {
		compare(&frame, fp_fix_fields_begin(&frame, &index));
		compare(&frame, fp_fix_fields_open(&frame, &index));
	}
	free(bytes);
	return 0;
}
