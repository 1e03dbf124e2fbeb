/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_fix_frame.h"
#include "fp_fix_number.h"
#include "fp_fix_tags.h"
#include "fp_scan.h"
#include "fp_span_endian.h"

/* Most digits of a body length; more than FP_FIX_MESSAGE_MAX has is refused by its value. */
#define LENGTH_DIGITS_MAX 10U

/* Shortest body: "35=0|" [bytes]. */
#define BODY_MIN 5U

/* With so many bytes the begin, the length and "35=" are there, if they are plain. */
#define PLAIN_BYTES 32U

/* Eight bytes as they are loaded, the first one lowest. */
#define WORD(a, b, c, d, e, f, g, h)                                                      \
	((uint64_t)(a) | (uint64_t)(b) << 8 | (uint64_t)(c) << 16 | (uint64_t)(d) << 24 | \
		(uint64_t)(e) << 32 | (uint64_t)(f) << 40 | (uint64_t)(g) << 48 |         \
		(uint64_t)(h) << 56)

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

/* Whatever is not plain: parts of messages, and what is none. */
FP_COLD static int
frame_unusual(
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

/* Eight bytes that are there. */
static inline uint64_t
word_at(struct fp_cspan bytes, uint32_t offset)
{
	return fp_cspan_read_le64(fp_cspan_slice(bytes, offset, 8));
}

/* Offset of the digits of the length, or 0: "8=FIX.4.2|9=" and the like. */
static inline uint32_t
digits_after_begin(struct fp_cspan bytes, enum fp_fix_version *version)
{
	uint64_t first = word_at(bytes, 0);
	uint64_t second = word_at(bytes, 8);
	uint32_t minor = (uint32_t)(second & 0xff) - '0';

	if (first == WORD('8', '=', 'F', 'I', 'X', 'T', '.', '1')) {
		*version = FP_FIX_T_1_1;
		return (second & 0xffffffffff) == WORD('.', '1', FP_FIX_SOH, '9', '=', 0, 0, 0) ? 13
												: 0;
	}
	if ((second & 0xffffff00) != WORD(0, FP_FIX_SOH, '9', '=', 0, 0, 0, 0))
		return 0;
	if (first == WORD('8', '=', 'F', 'I', 'X', '.', '4', '.') && minor <= 4) {
		*version = (enum fp_fix_version)(FP_FIX_4_0 + minor);
		return 12;
	}
	*version = FP_FIX_5_0;
	return first == WORD('8', '=', 'F', 'I', 'X', '.', '5', '.') && minor == 0 ? 12 : 0;
}

int
fp_fix_frame_announced(
	struct fp_cspan bytes, struct fp_fix_frame *frame, uint8_t *sum, struct fp_fix_fault *fault)
{
	uint32_t at, length, digits, announced;
	uint64_t trailer, number;

	if (FP_UNLIKELY(bytes.len < PLAIN_BYTES))
		return frame_unusual(bytes, frame, sum, fault);
	at = digits_after_begin(bytes, &frame->version);
	length = fp_fix_number(bytes.data + at, &digits);
	frame->body = at + digits + 1;
	if (FP_UNLIKELY(at == 0 || digits == 0 || bytes.data[at + digits] != FP_FIX_SOH ||
		    length < BODY_MIN ||
		    length > FP_FIX_MESSAGE_MAX - FP_FIX_TRAILER_BYTES - frame->body ||
		    length + FP_FIX_TRAILER_BYTES > bytes.len - frame->body ||
		    (word_at(bytes, frame->body) & 0xffffff) != WORD('3', '5', '=', 0, 0, 0, 0, 0)))
		return frame_unusual(bytes, frame, sum, fault);
	frame->trailer = frame->body + length;
	trailer = word_at(bytes, frame->trailer - 1);
	/* The three digits in the lowest bytes, and then all but them. */
	number = (trailer >> 32 & 0xffffff) ^ WORD('0', '0', '0', 0, 0, 0, 0, 0);
	announced = (uint32_t)((number & 0xff) * 100 + (number >> 8 & 0xff) * 10 + (number >> 16));
	if (FP_UNLIKELY((trailer & ~(UINT64_C(0xffffff) << 32)) !=
			    WORD(FP_FIX_SOH, '1', '0', '=', 0, 0, 0, FP_FIX_SOH) ||
		    ((number + 0x767676) & 0x808080) != 0 || announced > UINT8_MAX))
		return frame_unusual(bytes, frame, sum, fault);
	*sum = (uint8_t)announced;
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
