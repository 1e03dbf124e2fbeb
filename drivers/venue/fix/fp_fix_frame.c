/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_fix_frame.h"
#include "fp_fix_scan.h"
#include "fp_fix_tags.h"

/* Most digits of a body length; more than FP_FIX_MESSAGE_MAX has is refused by its value. */
#define LENGTH_DIGITS_MAX 10U

/* Shortest body: "35=0|" [bytes]. */
#define BODY_MIN 5U

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

/* Read "9=LEN|"; *offset is behind it. What cannot become that is refused at its first byte. */
static int
read_length(struct fp_cspan bytes, uint32_t *offset, uint32_t *length, struct fp_fix_fault *fault)
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
		if (first + 2 + *length + FP_FIX_TRAILER_BYTES > FP_FIX_MESSAGE_MAX)
			return refuse(fault, FP_MALFORMED_MESSAGE_LONG, first);
	}
	if (at >= bytes.len)
		return -ENODATA;
	if (at == first || fp_cspan_at(bytes, at) != FP_FIX_SOH)
		return refuse(fault, FP_MALFORMED_BODY_LENGTH, at);
	*offset = at + 1;
	if (*offset + *length + FP_FIX_TRAILER_BYTES > FP_FIX_MESSAGE_MAX)
		return refuse(fault, FP_MALFORMED_MESSAGE_LONG, first);
	if (*length < BODY_MIN)
		return refuse(fault, FP_MALFORMED_BODY_LENGTH, first);
	return 0;
}

/* Read "|10=ccc|" as far as it is there, the first delimiter being the byte before the trailer. */
static int
read_trailer(struct fp_cspan bytes, uint32_t trailer, uint8_t *sum, struct fp_fix_fault *fault)
{
	uint32_t announced = 0;

	if (!may_be(bytes, trailer - 1, "\00110=", 4))
		return refuse(fault, FP_MALFORMED_BODY_LENGTH, trailer);
	for (uint32_t at = trailer + 3; at < trailer + 6 && at < bytes.len; at++) {
		uint8_t digit = (uint8_t)(fp_cspan_at(bytes, at) - '0');

		if (digit > 9)
			return refuse(fault, FP_MALFORMED_CHECKSUM, trailer);
		announced = announced * 10 + digit;
	}
	if (announced > UINT8_MAX || !may_be(bytes, trailer + 6, "\001", 1))
		return refuse(fault, FP_MALFORMED_CHECKSUM, trailer);
	*sum = (uint8_t)announced;
	return bytes.len < trailer + FP_FIX_TRAILER_BYTES ? -ENODATA : 0;
}

int
fp_fix_frame_announced(
	struct fp_cspan bytes, struct fp_fix_frame *frame, uint8_t *sum, struct fp_fix_fault *fault)
{
	uint32_t offset, length;
	int error;

	frame->trailer = 0;
	error = read_begin(bytes, &offset, &frame->version, fault);
	if (error == 0)
		error = read_length(bytes, &offset, &length, fault);
	if (error != 0)
		return error;
	frame->body = offset;
	frame->trailer = offset + length;
	if (!may_be(bytes, offset, "35=", 3))
		return refuse(fault, FP_MALFORMED_FIELD_ORDER, offset);
	error = read_trailer(bytes, frame->trailer, sum, fault);
	if (error != 0)
		return error;
	frame->message = fp_cspan_slice(bytes, 0, frame->trailer + FP_FIX_TRAILER_BYTES);
	return 0;
}

int
fp_fix_frame(struct fp_cspan bytes, struct fp_fix_frame *frame, struct fp_fix_fault *fault)
{
	uint8_t sum;
	int error = fp_fix_frame_announced(bytes, frame, &sum, fault);

	if (error == 0 && fp_cspan_sum_u8(fp_cspan_slice(bytes, 0, frame->trailer)) != sum)
		return refuse(fault, FP_MALFORMED_CHECKSUM, frame->trailer);
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
