/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Why the wire image may be copied: for every message, each field's offset in memory is the sum of
 * the wire sizes of the fields before it, and the body's size is the sum of them all. Natural
 * alignment inside the schema makes it so; the assertions below break the build when it is not.
 */

#include <assert.h>
#include <stddef.h>

#include "fp_message.h"

#define SIZE_u8       1
#define SIZE_u16      2
#define SIZE_u32      4
#define SIZE_u64      8
#define SIZE_price    8
#define SIZE_qty      8
#define SIZE_symbol16 16
#define SIZE_tag4     4
#define SIZE_pad2     2
#define SIZE_pad3     3
#define SIZE_pad5     5
#define SIZE_pad6     6
#define SIZE_pad7     7

/* A term of a sum. NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define PLUS_SIZE(kind, name, help) +SIZE_##kind

#define ASSERT_LAYOUT(code, NAME, name, help)                                                   \
	static_assert(sizeof(struct fp_message_##name) == 0 FP_FIELDS_##NAME(PLUS_SIZE),        \
		#name " has padding that the wire has not");                                    \
	static_assert(sizeof(struct fp_message_##name) % 8 == 0, #name " is no multiple of 8"); \
	static_assert(sizeof(struct fp_message_##name) + FP_MESSAGE_HEADER_BYTES <=             \
			FP_MESSAGE_MAX_BYTES,                                                   \
		#name " is longer than a message may be");

FP_MESSAGES(ASSERT_LAYOUT)

static_assert(sizeof(struct fp_message) == FP_MESSAGE_MAX_BYTES, "a message is one cache line");
static_assert(offsetof(struct fp_message, len) == 0, "wire offset of len");
static_assert(offsetof(struct fp_message, type) == 2, "wire offset of type");
static_assert(offsetof(struct fp_message, instrument_id) == 4, "wire offset of instrument_id");
static_assert(offsetof(struct fp_message, time_ns) == 8, "wire offset of time_ns");
static_assert(offsetof(struct fp_message, heartbeat) == FP_MESSAGE_HEADER_BYTES, "body follows");

#define LENGTH_ENTRY(code, NAME, name, help) [code] = (uint8_t)FP_MESSAGE_LEN(name),

const uint8_t fp_message_lengths[256] = { FP_MESSAGES(LENGTH_ENTRY) };

#define NAME_CASE(code, NAME, name, help) \
	case code:                        \
		return #name;

const char *
fp_message_name(uint8_t type)
{
	switch (type) {
		FP_MESSAGES(NAME_CASE)
	default:
		return "unknown";
	}
}

#define READ_u8(to)       to = fp_reader_read_u8(&reader)
#define READ_u16(to)      to = fp_reader_read_le16(&reader)
#define READ_u32(to)      to = fp_reader_read_le32(&reader)
#define READ_u64(to)      to = fp_reader_read_le64(&reader)
#define READ_price(to)    (to).ticks = (int64_t)fp_reader_read_le64(&reader)
#define READ_qty(to)      (to).units = (int64_t)fp_reader_read_le64(&reader)
#define READ_symbol16(to) fp_reader_read_into(&reader, (to).text, sizeof((to).text))
#define READ_tag4(to)     fp_reader_read_into(&reader, (to).text, sizeof((to).text))
#define READ_pad2(to)     fp_reader_read_into(&reader, to, sizeof(to))
#define READ_pad3(to)     fp_reader_read_into(&reader, to, sizeof(to))
#define READ_pad5(to)     fp_reader_read_into(&reader, to, sizeof(to))
#define READ_pad6(to)     fp_reader_read_into(&reader, to, sizeof(to))
#define READ_pad7(to)     fp_reader_read_into(&reader, to, sizeof(to))

#define READ_FIELD(kind, field, help) READ_##kind(body->field);

/* One decoder per message: the fields after the header, from a view of the type's length. */
#define DECODER(code, NAME, name, help)                                                    \
	static void decode_##name(struct fp_reader reader, struct fp_message_##name *body) \
	{                                                                                  \
		FP_FIELDS_##NAME(READ_FIELD)                                               \
	}

FP_MESSAGES(DECODER)

#define DECODE_CASE(code, NAME, name, help)            \
	case code:                                     \
		decode_##name(reader, &message->name); \
		return 0;

int
fp_message_decode(struct fp_cspan view, struct fp_message *message)
{
	struct fp_reader reader = fp_reader_open(view);

	if (!fp_reader_require(&reader, FP_MESSAGE_HEADER_BYTES))
		return -EBADMSG;
	message->len = fp_reader_read_le16(&reader);
	message->type = fp_reader_read_u8(&reader);
	message->zero = fp_reader_read_u8(&reader);
	message->instrument_id = fp_reader_read_le32(&reader);
	message->time_ns = fp_reader_read_le64(&reader);
	if (message->len != view.len)
		return -EBADMSG;
	if (fp_message_lengths[message->type] == 0)
		return -ENOENT;
	if (message->len != fp_message_lengths[message->type])
		return -EBADMSG;
	switch (message->type) {
		FP_MESSAGES(DECODE_CASE)
	default:
		return -ENOENT;
	}
}
