/* SPDX-License-Identifier: BSD-3-Clause */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "naive_fix.h"

#define SOH 1

static const char *const begins[] = { "8=FIX.4.0\001", "8=FIX.4.1\001", "8=FIX.4.2\001",
	"8=FIX.4.3\001", "8=FIX.4.4\001", "8=FIX.5.0\001", "8=FIXT.1.1\001" };

#define BEGINS ((uint32_t)(sizeof(begins) / sizeof(begins[0])))

static struct naive_frame
fault(enum fp_malformed reason, uint32_t offset)
{
	return (struct naive_frame){ .error = -EBADMSG, .reason = reason, .offset = offset };
}

static struct naive_frame
more(void)
{
	return (struct naive_frame){ .error = -ENODATA };
}

/* Bytes that are the text, as far as both go. */
static bool
begins_with(const uint8_t *bytes, uint32_t len, const char *text)
{
	for (uint32_t i = 0; i < len && text[i] != '\0'; i++) {
		if (bytes[i] != (uint8_t)text[i])
			return false;
	}
	return true;
}

static bool
is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

/* The trailer is to be at an offset; what there is of it. */
static struct naive_frame
frame_trailer(const uint8_t *bytes, uint32_t len, uint32_t body, uint32_t trailer)
{
	char wanted[8];
	uint8_t sum = 0;

	if (len >= trailer && bytes[trailer - 1] != SOH)
		return fault(FP_MALFORMED_BODY_LENGTH, trailer);
	if (len > trailer && !begins_with(bytes + trailer, len - trailer, "10="))
		return fault(FP_MALFORMED_BODY_LENGTH, trailer);
	for (uint32_t i = trailer + 3; i < trailer + 6 && i < len; i++) {
		if (!is_digit(bytes[i]))
			return fault(FP_MALFORMED_CHECKSUM, trailer);
	}
	if (len >= trailer + 6 && memcmp(bytes + trailer + 3, "255", 3) > 0)
		return fault(FP_MALFORMED_CHECKSUM, trailer);
	if (len > trailer + 6 && bytes[trailer + 6] != SOH)
		return fault(FP_MALFORMED_CHECKSUM, trailer);
	if (len < trailer + 7)
		return more();
	for (uint32_t i = 0; i < trailer; i++)
		sum = (uint8_t)(sum + bytes[i]);
	snprintf(wanted, sizeof(wanted), "10=%03u\001", sum);
	if (memcmp(wanted, bytes + trailer, 7) != 0)
		return fault(FP_MALFORMED_CHECKSUM, trailer);
	return (struct naive_frame){ .body = body, .trailer = trailer, .len = trailer + 7 };
}

struct naive_frame
naive_frame(const uint8_t *bytes, uint32_t len)
{
	uint32_t at = 0, first, which;
	uint64_t length = 0;

	for (which = 0; which < BEGINS && !begins_with(bytes, len, begins[which]); which++)
		;
	if (which == BEGINS) {
		return fault(begins_with(bytes, len, "8=") ? FP_MALFORMED_HEADER_VERSION
							   : FP_MALFORMED_FIELD_ORDER,
			0);
	}
	at = (uint32_t)strlen(begins[which]);
	if (len <= at)
		return more();
	if (!begins_with(bytes + at, len - at, "9="))
		return fault(FP_MALFORMED_FIELD_ORDER, at);
	first = at + 2;
	for (at = first; at < len && is_digit(bytes[at]); at++) {
		length = length * 10 + bytes[at] - '0';
		if (at - first == 10)
			return fault(FP_MALFORMED_BODY_LENGTH, first);
		if (first + 2 + length + 7 > FP_FIX_MESSAGE_MAX)
			return fault(FP_MALFORMED_MESSAGE_LONG, first);
	}
	if (at >= len)
		return more();
	if (bytes[at] != SOH || at == first)
		return fault(FP_MALFORMED_BODY_LENGTH, at);
	at++;
	if (at + length + 7 > FP_FIX_MESSAGE_MAX)
		return fault(FP_MALFORMED_MESSAGE_LONG, first);
	if (length < 5)
		return fault(FP_MALFORMED_BODY_LENGTH, first);
	if (!begins_with(bytes + at, len - at, "35="))
		return fault(FP_MALFORMED_FIELD_ORDER, at);
	return frame_trailer(bytes, len, at, at + (uint32_t)length);
}

static uint32_t
data_of(uint32_t tag)
{
	static const uint32_t pairs[][2] = { { 90, 91 }, { 93, 89 }, { 95, 96 }, { 212, 213 },
		{ 348, 349 }, { 350, 351 }, { 352, 353 }, { 354, 355 }, { 356, 357 }, { 358, 359 },
		{ 360, 361 }, { 362, 363 }, { 364, 365 }, { 445, 446 }, { 618, 619 },
		{ 621, 622 } };

	for (uint32_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (pairs[i][0] == tag)
			return pairs[i][1];
	}
	return 0;
}

static void
stop(struct naive_walk *walk, enum fp_malformed reason, uint32_t offset)
{
	walk->reason = reason;
	walk->offset = offset;
}

/* Length of the data that a value announces; 0 = none that can be. */
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

void
naive_walk(const uint8_t *bytes, uint32_t body, uint32_t trailer, struct naive_walk *walk)
{
	uint32_t at = body, data_tag = 0, data_len = 0;

	walk->count = 0;
	stop(walk, FP_MALFORMED_COUNT, 0);
	while (at < trailer) {
		uint32_t start = at, tag = 0, value, end;

		while (at < trailer && is_digit(bytes[at]) && at - start < 9 &&
			!(at == start && bytes[at] == '0'))
			tag = tag * 10 + bytes[at++] - '0';
		if (tag == 0 || at >= trailer || bytes[at] != '=')
			return stop(walk, FP_MALFORMED_FIELD_SYNTAX, start);
		value = at + 1;
		for (end = value; end < trailer && bytes[end] != SOH; end++)
			;
		if (data_tag != 0) {
			end = value + data_len;
			if (tag != data_tag || end >= trailer || bytes[end] != SOH)
				return stop(walk, FP_MALFORMED_DATA_LENGTH, value);
		}
		if (end == value || end >= trailer)
			return stop(walk, FP_MALFORMED_FIELD_SYNTAX, value);
		data_tag = data_of(tag);
		data_len = data_tag != 0 ? announced(bytes + value, end - value) : 0;
		if (data_tag != 0 && data_len == 0)
			return stop(walk, FP_MALFORMED_DATA_LENGTH, start);
		if (walk->count < NAIVE_FIELDS_MAX) {
			walk->fields[walk->count] =
				(struct naive_field){ tag, start, value, end - value };
		}
		walk->count++;
		at = end + 1;
	}
	if (data_tag != 0)
		stop(walk, FP_MALFORMED_DATA_LENGTH, at);
}

void
fix_make(struct fix_text *text, const char *begin, const void *body, uint32_t len, bool has_bars)
{
	uint32_t at = (uint32_t)snprintf(
		(char *)text->bytes, 64, "8=%s\0019=%" PRIu32 "\001", begin, len);

	if (len > sizeof(text->bytes) - at - 7)
		len = (uint32_t)sizeof(text->bytes) - at - 7;
	memcpy(text->bytes + at, body, len);
	for (uint32_t i = at; i < at + len && has_bars; i++) {
		if (text->bytes[i] == '|')
			text->bytes[i] = SOH;
	}
	memcpy(text->bytes + at + len, "10=000\001", 7);
	text->len = at + len + 7;
	fix_mend_sum(text->bytes, text->len);
}

void
fix_make_44(struct fix_text *text, const char *body)
{
	fix_make(text, "FIX.4.4", body, (uint32_t)strlen(body), true);
}

void
fix_mend_sum(uint8_t *bytes, uint32_t len)
{
	char digits[16];
	uint32_t sum = 0;

	for (uint32_t i = 0; i < len - 7; i++)
		sum += bytes[i];
	snprintf(digits, sizeof(digits), "%03" PRIu32, sum % 256);
	memcpy(bytes + len - 4, digits, 3);
}

uint64_t
fix_random(uint64_t *random)
{
	uint64_t word = *random += UINT64_C(0x9e3779b97f4a7c15);

	word = (word ^ word >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	word = (word ^ word >> 27) * UINT64_C(0x94d049bb133111eb);
	return word ^ word >> 31;
}

/* A random number of a random length. */
static uint32_t
some_tag(uint64_t *random)
{
	static const uint32_t limits[] = { 10, 100, 1000, 10000, 1000000, 1000000000 };

	return 1 + (uint32_t)(fix_random(random) % (limits[fix_random(random) % 6] - 1));
}

void
fix_make_random(struct fix_text *text, uint64_t *random)
{
	static uint8_t body[FP_FIX_MESSAGE_MAX];
	static const uint32_t lens[] = { 2, 8, 20, 60, 130, 300 };
	uint64_t limit = fix_random(random) % 8 == 0 ? 12000 : 40 + fix_random(random) % 300;
	static const uint8_t type[] = { '3', '5', '=', 'W', SOH };
	uint32_t len = sizeof(type);

	memcpy(body, type, sizeof(type));
	while (len < limit) {
		uint32_t tag = some_tag(random), value, data;

		value = 1 + (uint32_t)(fix_random(random) % lens[fix_random(random) % 6]);
		if (fix_random(random) % 8 == 0)
			tag = 95;
		data = data_of(tag);
		if (data != 0) {
			len += (uint32_t)snprintf((char *)body + len, 32,
				"%" PRIu32 "=%" PRIu32 "\001%" PRIu32 "=", tag, value, data);
		} else {
			len += (uint32_t)snprintf((char *)body + len, 32, "%" PRIu32 "=", tag);
		}
		for (uint32_t i = 0; i < value; i++) {
			uint8_t byte = (uint8_t)fix_random(random);

			body[len++] = byte == SOH && data == 0 ? '=' : byte;
		}
		body[len++] = SOH;
	}
	fix_make(text, "FIX.4.2", body, len, false);
}

/* The library's walk gives the model's fields and fault. */
static bool
walks_alike(const struct fp_fix_frame *frame, struct fp_fix_fields *fields)
{
	static struct naive_walk walk;
	const uint8_t *bytes = frame->message.data;
	struct fp_fix_field field;
	uint32_t count = 0;
	bool is_same = true;

	naive_walk(bytes, frame->body, frame->trailer, &walk);
	while (fp_fix_fields_next(fields, &field)) {
		const struct naive_field *wanted = &walk.fields[count];

		if (count++ >= NAIVE_FIELDS_MAX)
			continue;
		is_same &= field.tag == wanted->tag && field.offset == wanted->offset &&
			field.value.data == bytes + wanted->value && field.value.len == wanted->len;
	}
	is_same &= !fp_fix_fields_next(fields, &field);
	return is_same && count == walk.count &&
		fp_fix_fields_fault(fields).reason == walk.reason &&
		fp_fix_fields_fault(fields).offset == walk.offset;
}

static bool
frames_alike(const struct naive_frame *wanted, int error, const struct fp_fix_frame *frame,
	const struct fp_fix_fault *seen)
{
	if (error != wanted->error)
		return false;
	if (error == -EBADMSG)
		return seen->reason == wanted->reason && seen->offset == wanted->offset;
	return error != 0 ||
		(frame->body == wanted->body && frame->trailer == wanted->trailer &&
			frame->message.len == wanted->len);
}

bool
fix_agrees(const uint8_t *bytes, uint32_t len)
{
	struct fp_cspan view = fp_cspan_over(bytes, len);
	struct naive_frame wanted = naive_frame(bytes, len);
	struct fp_fix_frame frame;
	struct fp_fix_index index;
	struct fp_fix_fields fields;
	struct fp_fix_fault seen = { FP_MALFORMED_COUNT, 0 };
	int error = fp_fix_frame(view, &frame, &seen);

	if (!frames_alike(&wanted, error, &frame, &seen)) {
		printf("# frame: %d (%s at %u), wanted %d (%s at %u)\n", error,
			fp_malformed_name(seen.reason), seen.offset, wanted.error,
			fp_malformed_name(wanted.reason), wanted.offset);
		return false;
	}
	error = fp_fix_frame_index(view, &frame, &index, &seen);
	if (!frames_alike(&wanted, error, &frame, &seen))
		return false;
	if (error != 0)
		return true;
	fields = fp_fix_fields_begin(&frame, &index);
	if (!walks_alike(&frame, &fields)) {
		puts("# fields differ");
		return false;
	}
	fields = fp_fix_fields_open(&frame, &index);
	return walks_alike(&frame, &fields);
}
