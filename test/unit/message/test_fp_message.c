/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Native messages: what is encoded decodes to the same, nothing else decodes, and the printer stays
 * inside its line. The offsets on the wire are worked out here from the schema once more.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "fp_message.h"
#include "fp_packet.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define PAGE_BYTES ((size_t)4096)
#define LINE_BYTES 512

/* Kinds of field, as the schema names them. */
/* NOLINTBEGIN(readability-identifier-naming): pasted from the schema */
enum kind {
	KIND_u8,
	KIND_u16,
	KIND_u32,
	KIND_u64,
	KIND_price,
	KIND_qty,
	KIND_symbol16,
	KIND_tag4,
	KIND_pad2,
	KIND_pad3,
	KIND_pad5,
	KIND_pad6,
	KIND_pad7,
};
/* NOLINTEND(readability-identifier-naming) */

static const uint8_t kind_bytes[] = {
	[KIND_u8] = 1,
	[KIND_u16] = 2,
	[KIND_u32] = 4,
	[KIND_u64] = 8,
	[KIND_price] = 8,
	[KIND_qty] = 8,
	[KIND_symbol16] = 16,
	[KIND_tag4] = 4,
	[KIND_pad2] = 2,
	[KIND_pad3] = 3,
	[KIND_pad5] = 5,
	[KIND_pad6] = 6,
	[KIND_pad7] = 7,
};

struct field {
	const char *name;
	enum kind kind;
	size_t at; /* in struct fp_message */
};

struct type {
	const char *name;
	size_t body_bytes;
	uint32_t (*fields_of)(const struct field **fields);
	const struct field *fields; /* this and the next are filled in by setup_group() */
	uint32_t fields_count;
	uint8_t code;
};

/* One function per type gives its fields; body stands for the type's structure in the entries. */
#define FIELD_ENTRY(kind, field, help) \
	{ #field, KIND_##kind, FP_MESSAGE_HEADER_BYTES + offsetof(__typeof__(*body), field) },

#define FIELDS_OF(code, NAME, name, help)                                             \
	static uint32_t fields_of_##name(const struct field **fields)                 \
	{                                                                             \
		const struct fp_message_##name *body = NULL;                          \
		static const struct field list[] = { FP_FIELDS_##NAME(FIELD_ENTRY) }; \
                                                                                      \
		(void)body;                                                           \
		*fields = list;                                                       \
		return COUNT(list);                                                   \
	}

FP_MESSAGES(FIELDS_OF)

#define TYPE_ENTRY(code, NAME, name, help) \
	{ #name, sizeof(struct fp_message_##name), fields_of_##name, NULL, 0, code },

static struct type types[] = { FP_MESSAGES(TYPE_ENTRY) };

static uint64_t random_state;
static uint8_t *guarded_end; /* the inaccessible page begins here */

/* xorshift: the same values in every run */
static uint8_t
next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint8_t)(random_state >> 32);
}

static struct fp_message
random_message(const struct type *type)
{
	struct fp_message message;
	uint8_t *bytes = (uint8_t *)&message;

	for (uint32_t i = 0; i < sizeof(message); i++)
		bytes[i] = next_random();
	message.len = fp_message_lengths[type->code];
	message.type = type->code;
	return message;
}

/* The first len bytes, against the inaccessible page. */
static struct fp_cspan
guarded(const void *bytes, uint32_t len)
{
	memcpy(guarded_end - len, bytes, len);
	return fp_cspan_over(guarded_end - len, len);
}

static int
setup_group(void **unused)
{
	uint8_t *pages = mmap(
		NULL, 2 * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)unused;
	if (pages == MAP_FAILED || mprotect(pages + PAGE_BYTES, PAGE_BYTES, PROT_NONE) != 0)
		return -1;
	guarded_end = pages + PAGE_BYTES;
	for (uint32_t i = 0; i < COUNT(types); i++)
		types[i].fields_count = types[i].fields_of(&types[i].fields);
	random_state = UINT64_C(88172645463325252);
	return 0;
}

static int
teardown_group(void **unused)
{
	(void)unused;
	return munmap(guarded_end - PAGE_BYTES, 2 * PAGE_BYTES);
}

static void
fields_stand_where_the_wire_has_them(void **unused)
{
	(void)unused;
	for (uint32_t i = 0; i < COUNT(types); i++) {
		size_t at = FP_MESSAGE_HEADER_BYTES;

		for (uint32_t k = 0; k < types[i].fields_count; k++) {
			const struct field *field = &types[i].fields[k];
			size_t bytes = kind_bytes[field->kind];

			assert_int_equal(field->at, at);
			if (bytes <= 8 && (bytes & (bytes - 1)) == 0 && field->kind < KIND_pad2)
				assert_int_equal(at % bytes, 0);
			at += bytes;
		}
		assert_int_equal(at, FP_MESSAGE_HEADER_BYTES + types[i].body_bytes);
		assert_int_equal(fp_message_lengths[types[i].code], at);
		assert_int_equal(at % 8, 0);
		assert_true(at <= FP_MESSAGE_MAX_BYTES);
		assert_string_equal(fp_message_name(types[i].code), types[i].name);
	}
}

static void
what_is_encoded_decodes_to_the_same(void **unused)
{
	uint8_t wire[2 * FP_MESSAGE_MAX_BYTES];

	(void)unused;
	for (uint32_t round = 0; round < 1000; round++) {
		const struct type *type = &types[round % COUNT(types)];
		struct fp_message message = random_message(type), decoded;
		struct fp_writer writer = fp_writer_open(fp_span_over(wire, sizeof(wire)));

		memset(&decoded, 0x55, sizeof(decoded));
		fp_message_encode(&writer, &message);
		assert_int_equal(fp_writer_written(&writer), message.len);
		assert_memory_equal(wire, &message, message.len);
		assert_int_equal(fp_message_decode(guarded(wire, message.len), &decoded), 0);
		assert_memory_equal(&decoded, &message, message.len);
	}
}

static void
a_message_by_hand_is_what_it_says(void **unused)
{
	static const uint8_t wire[48] = { 48, 0, 0x22, 0, 0x44, 0x33, 0x22, 0x11, 1, 2, 3, 4, 5, 6,
		7, 8, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0x7f, 8, 7, 6, 5, 4, 3, 2, 1, 'S', 'C', 0xa8 };
	struct fp_message message;

	(void)unused;
	assert_int_equal(fp_message_decode(guarded(wire, sizeof(wire)), &message), 0);
	assert_int_equal(message.type, FP_MESSAGE_TRADE);
	assert_int_equal(message.instrument_id, 0x11223344);
	assert_int_equal(message.time_ns, UINT64_C(0x0807060504030201));
	assert_true(message.trade.price.ticks == -2);
	assert_true(message.trade.quantity.units == INT64_MAX);
	assert_int_equal(message.trade.match_id, UINT64_C(0x0102030405060708));
	assert_int_equal(message.trade.side, FP_SIDE_SELL);
	assert_int_equal(message.trade.kind, FP_TRADE_CROSS);
	assert_int_equal(message.trade.conditions, 0xa8);
}

static void
every_other_length_is_refused(void **unused)
{
	uint8_t wire[256];

	(void)unused;
	for (uint32_t i = 0; i < COUNT(types); i++) {
		struct fp_message message = random_message(&types[i]), decoded;
		uint16_t right = message.len;

		memset(wire, 0, sizeof(wire));
		memcpy(wire, &message, sizeof(message));
		for (uint32_t len = 0; len < sizeof(wire); len++) {
			/* a view of another length, then a message that says so, too */
			if (len == right)
				continue;
			assert_int_equal(fp_message_decode(guarded(wire, len), &decoded), -EBADMSG);
			wire[0] = (uint8_t)len;
			assert_int_equal(fp_message_decode(guarded(wire, len), &decoded), -EBADMSG);
			assert_int_equal(
				fp_message_decode(guarded(wire, right), &decoded), -EBADMSG);
			wire[0] = (uint8_t)right;
			wire[1] = 1;
			assert_int_equal(
				fp_message_decode(guarded(wire, right), &decoded), -EBADMSG);
			wire[1] = 0;
		}
	}
}

static void
an_unknown_type_is_no_fault_of_the_bytes(void **unused)
{
	uint8_t wire[72];
	uint32_t known = 0;

	(void)unused;
	for (uint32_t code = 0; code < 256; code++) {
		struct fp_message decoded;

		memset(wire, 0, sizeof(wire));
		wire[2] = (uint8_t)code;
		if (fp_message_lengths[code] != 0) {
			known++;
			continue;
		}
		assert_string_equal(fp_message_name((uint8_t)code), "unknown");
		for (uint32_t len = FP_MESSAGE_HEADER_BYTES; len <= sizeof(wire); len += 8) {
			wire[0] = (uint8_t)len;
			assert_int_equal(fp_message_decode(guarded(wire, len), &decoded), -ENOENT);
		}
	}
	assert_int_equal(known, COUNT(types));
}

/* " name=value" of one field as it ought to be printed; nothing for padding. */
static void
print_field(const struct field *field, const struct fp_message *message, char *text, size_t cap)
{
	const uint8_t *at = (const uint8_t *)message + field->at;
	uint64_t value = 0;

	for (uint32_t i = kind_bytes[field->kind]; i > 0 && kind_bytes[field->kind] <= 8; i--)
		value = value << 8 | at[i - 1];
	if (field->kind >= KIND_pad2) {
		text[0] = '\0';
	} else if (field->kind == KIND_symbol16 || field->kind == KIND_tag4) {
		snprintf(text, cap, " %s=\"%.*s\"", field->name, kind_bytes[field->kind],
			(const char *)at);
	} else if (field->kind == KIND_price || field->kind == KIND_qty) {
		snprintf(text, cap, " %s=%lld", field->name, (long long)(int64_t)value);
	} else if (field->kind == KIND_u8 && value >= '0' && value <= 'z') {
		snprintf(text, cap, " %s=%c", field->name, (int)value);
	} else {
		snprintf(text, cap, " %s=%llu", field->name, (unsigned long long)value);
	}
}

/* A message whose texts are printable. */
static struct fp_message
printable_message(const struct type *type)
{
	struct fp_message message = random_message(type);

	for (uint32_t k = 0; k < type->fields_count; k++) {
		uint8_t *at = (uint8_t *)&message + type->fields[k].at;
		enum kind kind = type->fields[k].kind;

		for (uint32_t i = 0; i < kind_bytes[kind]; i++) {
			if (kind == KIND_symbol16 || kind == KIND_tag4)
				at[i] = (uint8_t)(next_random() % 8 == 0 ? 0 : 'A' + i);
		}
	}
	return message;
}

static void
every_field_is_printed_with_its_name(void **unused)
{
	char expected[LINE_BYTES], text[LINE_BYTES];

	(void)unused;
	for (uint32_t round = 0; round < 1000; round++) {
		const struct type *type = &types[round % COUNT(types)];
		struct fp_message message = printable_message(type);
		size_t len = (size_t)snprintf(expected, sizeof(expected),
			"%s instrument=%u time_ns=%llu", type->name, message.instrument_id,
			(unsigned long long)message.time_ns);

		for (uint32_t k = 0; k < type->fields_count; k++) {
			print_field(
				&type->fields[k], &message, expected + len, sizeof(expected) - len);
			len += strlen(expected + len);
		}
		assert_int_equal(fp_message_describe(&message, text, sizeof(text)), len);
		assert_string_equal(text, expected);
	}
}

static void
what_cannot_be_printed_is_printed_in_hex(void **unused)
{
	struct fp_message message = { .len = 48,
		.type = FP_MESSAGE_TRADING_STATUS,
		.trading_status = { .reason = { "a\n\xff" }, .kind = 'H', .status = ' ' } };
	char text[LINE_BYTES];

	(void)unused;
	(void)fp_message_describe(&message, text, sizeof(text));
	assert_string_equal(text,
		"trading_status instrument=0 time_ns=0 reason=\"a\\x0a\\xff\" "
		"kind=H status=32");
	message.type = 0xfe;
	(void)fp_message_describe(&message, text, sizeof(text));
	assert_string_equal(text, "unknown instrument=0 time_ns=0 type=0xfe");
}

static void
a_line_is_cut_to_any_size(void **unused)
{
	char whole[LINE_BYTES], text[LINE_BYTES + 1];

	(void)unused;
	for (uint32_t i = 0; i < COUNT(types); i++) {
		struct fp_message message = random_message(&types[i]);
		size_t len = fp_message_describe(&message, whole, sizeof(whole));

		assert_true(len < sizeof(whole) - 1);
		for (size_t cap = 1; cap <= LINE_BYTES; cap++) {
			size_t cut = len < cap - 1 ? len : cap - 1;

			memset(text, 0x7e, sizeof(text));
			assert_int_equal(fp_message_describe(&message, text, cap), cut);
			assert_memory_equal(text, whole, cut);
			assert_int_equal(text[cut], '\0');
			/* nothing behind the room is touched */
			for (size_t k = cap; k < sizeof(text); k++)
				assert_int_equal(text[k], 0x7e);
		}
	}
}

static void
a_packet_header_is_read_as_it_was_written(void **unused)
{
	static const uint8_t expected[FP_PACKET_HEADER_BYTES] = { 'F', 'P', 'W', '1', 1, 0, 0x02,
		0x01, 8, 7, 6, 5, 4, 3, 2, 1, 0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11, 0x22,
		0x21, 0x32, 0x31, 0, 0, 0, 0, 0x48, 0x47, 0x46, 0x45, 0x44, 0x43, 0x42, 0x41 };
	const struct fp_packet_header header = { 0x0102030405060708, 0x1112131415161718,
		0x4142434445464748, 0x0102, 0x2122, 0x3132 };
	struct fp_packet_header decoded = { 0 };
	uint8_t wire[FP_PACKET_HEADER_BYTES];
	struct fp_writer writer = fp_writer_open(fp_span_over(wire, sizeof(wire)));
	struct fp_reader reader;

	(void)unused;
	fp_packet_encode(&writer, &header);
	assert_int_equal(fp_writer_written(&writer), sizeof(wire));
	assert_memory_equal(wire, expected, sizeof(wire));
	reader = fp_reader_open(guarded(wire, sizeof(wire)));
	assert_int_equal(fp_packet_decode(&reader, &decoded), 0);
	assert_int_equal(fp_reader_remaining(&reader), 0);
	assert_memory_equal(&decoded.session, &header.session, 8);
	assert_int_equal(decoded.sequence, header.sequence);
	assert_int_equal(decoded.send_time_ns, header.send_time_ns);
	assert_int_equal(decoded.channel, header.channel);
	assert_int_equal(decoded.count, header.count);
	assert_int_equal(decoded.payload_len, header.payload_len);
	for (uint32_t len = 0; len < sizeof(wire); len++) {
		reader = fp_reader_open(guarded(wire, len));
		assert_int_equal(fp_packet_decode(&reader, &decoded), -ENODATA);
	}
	for (uint32_t at = 0; at < 5; at++) {
		wire[at] ^= 0x10;
		reader = fp_reader_open(guarded(wire, sizeof(wire)));
		assert_int_equal(fp_packet_decode(&reader, &decoded), -EBADMSG);
		wire[at] ^= 0x10;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_stand_where_the_wire_has_them),
		cmocka_unit_test(what_is_encoded_decodes_to_the_same),
		cmocka_unit_test(a_message_by_hand_is_what_it_says),
		cmocka_unit_test(every_other_length_is_refused),
		cmocka_unit_test(an_unknown_type_is_no_fault_of_the_bytes),
		cmocka_unit_test(every_field_is_printed_with_its_name),
		cmocka_unit_test(what_cannot_be_printed_is_printed_in_hex),
		cmocka_unit_test(a_line_is_cut_to_any_size),
		cmocka_unit_test(a_packet_header_is_read_as_it_was_written),
	};

	return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
