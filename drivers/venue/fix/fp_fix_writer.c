/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_fix_writer_field.h"

/* "9=" to its SOH, right before tag 35; one register. */
#define LENGTH_BYTES 8U

/* Sum of "8=FIX.a.b" and "8=FIXT.a.b" with their SOH. */
#define SUM_FIX(a, b)  ('8' + '=' + 'F' + 'I' + 'X' + '.' + (a) + '.' + (b) + FP_FIX_SOH)
#define SUM_FIXT(a, b) (SUM_FIX(a, b) + 'T')

static const struct {
	char text[16];
	uint32_t len;
	uint32_t sum;
} begins[] = {
	[FP_FIX_4_0] = { "8=FIX.4.0\001", 10, SUM_FIX('4', '0') },
	[FP_FIX_4_1] = { "8=FIX.4.1\001", 10, SUM_FIX('4', '1') },
	[FP_FIX_4_2] = { "8=FIX.4.2\001", 10, SUM_FIX('4', '2') },
	[FP_FIX_4_3] = { "8=FIX.4.3\001", 10, SUM_FIX('4', '3') },
	[FP_FIX_4_4] = { "8=FIX.4.4\001", 10, SUM_FIX('4', '4') },
	[FP_FIX_5_0] = { "8=FIX.5.0\001", 10, SUM_FIX('5', '0') },
	[FP_FIX_T_1_1] = { "8=FIXT.1.1\001", 11, SUM_FIXT('1', '1') },
};

static FP_COLD FP_NORETURN void
panic_tag(uint32_t tag)
{
	if (tag == FP_FIX_TAG_BEGIN_STRING || tag == FP_FIX_TAG_BODY_LENGTH ||
		tag == FP_FIX_TAG_MSG_TYPE || tag == FP_FIX_TAG_CHECK_SUM) {
		fp_panic("FIX tag %u is not a field to be written: fp_fix_writer_begin() writes "
			 "8, 9 and 35, fp_fix_writer_end() writes 10",
			tag);
	}
	if (tag == 0 || tag > FP_FIX_KEY_TAG_MAX) {
		fp_panic("FIX tag %u is none that can be written: 1 to %u are", tag,
			FP_FIX_KEY_TAG_MAX);
	}
	fp_panic("FIX tag %u is a data field or the length of one: fp_fix_write_data() writes both",
		tag);
}

struct fp_fix_key
fp_fix_key_of(uint32_t tag)
{
	if (FP_UNLIKELY(fp_fix_tag_is_reserved(tag)))
		panic_tag(tag);
	return fp_fix_key_text(tag);
}

/* The characters of a type as one register; none when it is no type. */
static inline uint64_t
pack_type(const char *type, uint32_t *len)
{
	uint64_t text = 0;
	uint32_t i;

	for (i = 0; i < FP_FIX_TYPE_BYTES_MAX && type[i] != '\0'; i++)
		text |= (uint64_t)(uint8_t)type[i] << 8 * i;
	if (FP_UNLIKELY(i == 0 || fp_fix_has_soh(text) ||
		    (i == FP_FIX_TYPE_BYTES_MAX && type[i] != '\0'))) {
		fp_panic("FIX message type '%.*s': one has 1 to %u characters, and no SOH",
			(int)i + 1, type, FP_FIX_TYPE_BYTES_MAX);
	}
	*len = i;
	return text;
}

void
fp_fix_writer_begin(struct fp_fix_writer *message, struct fp_writer *writer,
	enum fp_fix_version version, const char *type)
{
	uint32_t type_len;
	uint64_t type_text = pack_type(type, &type_len);
	uint8_t *to;

	if ((uint32_t)version >= sizeof(begins) / sizeof(begins[0]))
		fp_panic("FIX version %u is none: see enum fp_fix_version", (unsigned)version);
	message->room = fp_writer_rest(writer);
	if (message->room.len > FP_FIX_MESSAGE_MAX)
		message->room.len = FP_FIX_MESSAGE_MAX;
	message->pos = 0;
	message->limit = 0;
	if (message->room.len > FP_FIX_TRAILER_BYTES)
		message->limit = message->room.len - FP_FIX_TRAILER_BYTES;
	message->body = begins[version].len + LENGTH_BYTES;
	message->start = fp_writer_written(writer);
	message->writer = writer;
	to = fp_fix_claim(message, message->body + 3 + type_len + 1);
	fp_store_le64(to, fp_load_le64(begins[version].text));
	fp_store_le64(to + 8, fp_load_le64(begins[version].text + 8));
	to += message->body;
	fp_store_le32(to, '3' | '5' << 8 | '=' << 16);
	fp_store_le64(to + 3, type_text);
	to[3 + type_len] = FP_FIX_SOH;
	message->sum = begins[version].sum + '3' + '5' + '=' + fp_fix_sum(type_text) + FP_FIX_SOH;
}

uint32_t
fp_fix_writer_end(struct fp_fix_writer *message)
{
	uint64_t digits =
		fp_digits_split(message->pos - message->body) >> 8 * (8 - FP_FIX_LENGTH_DIGITS);
	uint32_t len = message->pos + FP_FIX_TRAILER_BYTES;
	uint8_t *to = message->room.data + message->body - LENGTH_BYTES;
	uint64_t text = (digits | FP_DIGITS_ZEROS >> 8 * (8 - FP_FIX_LENGTH_DIGITS)) << 16 | '9' |
		'=' << 8 | (uint64_t)FP_FIX_SOH << 56;
	uint32_t sum;

	if (FP_UNLIKELY(message->writer == NULL))
		fp_panic("FIX message: ended twice");
	if (FP_UNLIKELY(fp_writer_written(message->writer) != message->start)) {
		fp_panic("FIX message: begun at %u of its writer, which is at %u now; the room "
			 "is the message's alone until its end",
			message->start, fp_writer_written(message->writer));
	}
	fp_writer_commit(message->writer, len); /* the watch is checked there */
	fp_store_le64(to, text);
	sum = (message->sum + fp_fix_sum(text)) & 0xff;
	digits = fp_digits_split(sum) >> 40 | UINT64_C(0x303030);
	to = message->room.data + message->pos;
	fp_store_le32(to, (uint32_t)('1' | '0' << 8 | '=' << 16 | (digits & 0xff) << 24));
	fp_store_le32(to + 3, (uint32_t)digits | (uint32_t)FP_FIX_SOH << 24);
	message->limit = message->pos; /* no field fits any more */
	message->writer = NULL;
	return len;
}

int
fp_fix_write_header(struct fp_fix_writer *message, const struct fp_fix_header *header)
{
	uint32_t pos = message->pos, sum = message->sum;
	int error;

	error = fp_fix_write_bytes(message, FP_FIX_TAG_SENDER_COMP_ID, header->sender);
	if (error == 0)
		error = fp_fix_write_bytes(message, FP_FIX_TAG_TARGET_COMP_ID, header->target);
	if (FP_UNLIKELY(error != 0)) {
		message->pos = pos;
		message->sum = sum;
		return error;
	}
	fp_fix_write_u64(message, FP_FIX_TAG_MSG_SEQ_NUM, header->sequence);
	fp_fix_write_timestamp(
		message, FP_FIX_TAG_SENDING_TIME, header->sending_time_ns, header->second_digits);
	return 0;
}

int
fp_fix_write_feed_header(
	struct fp_fix_writer *message, struct fp_cspan appl_id, uint64_t sequence, uint64_t ns)
{
	uint32_t pos = message->pos, sum = message->sum;
	int error;

	fp_fix_write_timestamp(message, FP_FIX_TAG_SENDING_TIME, ns, 9);
	error = fp_fix_write_bytes(message, FP_FIX_TAG_APPL_ID, appl_id);
	if (FP_UNLIKELY(error != 0)) {
		message->pos = pos;
		message->sum = sum;
		return error;
	}
	fp_fix_write_u64(message, FP_FIX_TAG_APPL_SEQ_NUM, sequence);
	return 0;
}
