/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_fix_frame.h"
#include "fp_fix_tags.h"

/* Most digits of a body length; more than FP_FIX_MESSAGE_MAX has is refused by its value. */
#define LENGTH_DIGITS_MAX 10U

static int
refuse(struct fp_fix_fault *fault, enum fp_malformed reason, uint32_t offset)
{
	fault->reason = reason;
	fault->offset = offset;
	return -EBADMSG;
}

/* True when the bytes at offset are the text, as far as there are bytes. */
static bool
may_be(struct fp_cspan bytes, uint32_t offset, const char *text, uint32_t len)
{
	for (uint32_t i = 0; i < len && offset + i < bytes.len; i++) {
		if (fp_cspan_at(bytes, offset + i) != (uint8_t)text[i])
			return false;
	}
	return true;
}

/* Read "8=FIX.x.y|"; *offset is behind it. */
static int
read_begin(struct fp_cspan bytes, uint32_t *offset, enum fp_fix_version *version,
	struct fp_fix_fault *fault)
{
	static const struct {
		char text[12];
		uint32_t len;
	} begins[] = {
		[FP_FIX_4_0] = { "8=FIX.4.0\001", 10 },
		[FP_FIX_4_1] = { "8=FIX.4.1\001", 10 },
		[FP_FIX_4_2] = { "8=FIX.4.2\001", 10 },
		[FP_FIX_4_3] = { "8=FIX.4.3\001", 10 },
		[FP_FIX_4_4] = { "8=FIX.4.4\001", 10 },
		[FP_FIX_5_0] = { "8=FIX.5.0\001", 10 },
		[FP_FIX_T_1_1] = { "8=FIXT.1.1\001", 11 },
	};

	for (uint32_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		if (!may_be(bytes, 0, begins[i].text, begins[i].len))
			continue;
		if (bytes.len < begins[i].len)
			return -ENODATA;
		*version = (enum fp_fix_version)i;
		*offset = begins[i].len;
		return 0;
	}
	return refuse(fault,
		may_be(bytes, 0, "8=", 2) ? FP_MALFORMED_HEADER_VERSION : FP_MALFORMED_FIELD_ORDER,
		0);
}

/* Read "9=LEN|"; *offset is behind it. */
static int
read_length(struct fp_cspan bytes, uint32_t *offset, uint64_t *length, struct fp_fix_fault *fault)
{
	uint32_t at = *offset, first;

	if (!may_be(bytes, at, "9=", 2))
		return refuse(fault, FP_MALFORMED_FIELD_ORDER, at);
	at += 2;
	first = at;
	for (*length = 0; at < bytes.len; at++) {
		uint8_t digit = (uint8_t)(fp_cspan_at(bytes, at) - '0');

		if (digit > 9)
			break;
		if (at - first == LENGTH_DIGITS_MAX)
			return refuse(fault, FP_MALFORMED_BODY_LENGTH, first);
		*length = *length * 10 + digit;
	}
	if (at >= bytes.len)
		return -ENODATA;
	if (at == first || fp_cspan_at(bytes, at) != FP_FIX_SOH)
		return refuse(fault, FP_MALFORMED_BODY_LENGTH, at);
	*offset = at + 1;
	return 0;
}

/* The trailer "10=ccc|" at offset, and the sum of all before. */
static int
verify_trailer(struct fp_cspan bytes, uint32_t offset, struct fp_fix_fault *fault)
{
	uint32_t announced = 0;
	uint8_t sum = 0;

	if (fp_cspan_at(bytes, offset - 1) != FP_FIX_SOH || !may_be(bytes, offset, "10=", 3))
		return refuse(fault, FP_MALFORMED_BODY_LENGTH, offset);
	for (uint32_t i = 3; i < 6; i++) {
		uint8_t digit = (uint8_t)(fp_cspan_at(bytes, offset + i) - '0');

		if (digit > 9)
			return refuse(fault, FP_MALFORMED_CHECKSUM, offset);
		announced = announced * 10 + digit;
	}
	for (uint32_t i = 0; i < offset; i++)
		sum = (uint8_t)(sum + fp_cspan_at(bytes, i));
	if (fp_cspan_at(bytes, offset + 6) != FP_FIX_SOH || announced != sum)
		return refuse(fault, FP_MALFORMED_CHECKSUM, offset);
	return 0;
}

int
fp_fix_frame(struct fp_cspan bytes, struct fp_fix_frame *frame, struct fp_fix_fault *fault)
{
	uint32_t offset;
	uint64_t length;
	int error;

	error = read_begin(bytes, &offset, &frame->version, fault);
	if (error == 0)
		error = read_length(bytes, &offset, &length, fault);
	if (error != 0)
		return error;
	if (offset + length + FP_FIX_TRAILER_BYTES > FP_FIX_MESSAGE_MAX)
		return refuse(fault, FP_MALFORMED_MESSAGE_LONG, offset);
	if (!may_be(bytes, offset, "35=", 3))
		return refuse(fault, FP_MALFORMED_FIELD_ORDER, offset);
	if (length < 5)
		return refuse(fault, FP_MALFORMED_BODY_LENGTH, offset);
	frame->body = offset;
	frame->trailer = offset + (uint32_t)length;
	if (bytes.len < frame->trailer + FP_FIX_TRAILER_BYTES)
		return -ENODATA;
	error = verify_trailer(bytes, frame->trailer, fault);
	if (error == 0)
		frame->message = fp_cspan_slice(bytes, 0, frame->trailer + FP_FIX_TRAILER_BYTES);
	return error;
}

uint32_t
fp_fix_resync(struct fp_cspan bytes, uint32_t from)
{
	for (uint32_t at = from; at < bytes.len; at++) {
		uint8_t before = at != 0 ? fp_cspan_at(bytes, at - 1) : '\n';

		if ((before == FP_FIX_SOH || before == '\n' || before == '\r') &&
			may_be(bytes, at, "8=FIX", 5))
			return at;
	}
	return bytes.len;
}
