/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The reader and the writer against models that know nothing but bytes and a position.
 *
 * An input is a program:
 *
 *    | what u8 | len u8 | len bytes | operation u8, its arguments | operation ... |
 *
 * what is even: the bytes are read, by every function of fp_reader.h, those that look back at the
 * span included. what is odd: len is the room of a writer, without bytes. Counts are short, or one
 * of those next to a limit. After each operation, cursor and model are in the same place.
 */

#include "fp_reader.h"
#include "fp_writer.h"
#include "fuzz_input.h"

#define COUNT_MAX 255

/* What a reader has to be like. */
struct model {
	const uint8_t *data;
	uint32_t len;
	uint32_t pos;
	bool is_faulted;
};

/* What a writer has to have written. */
struct written {
	uint8_t bytes[COUNT_MAX];
	uint32_t cap;
	uint32_t pos;
};

/* A count as an argument: short ones, and those where arithmetic goes wrong. */
static uint32_t
take_count(struct fuzz_input *input, uint32_t remaining, uint32_t pos)
{
	uint8_t code = fuzz_take_u8(input);

	switch (code) {
	case 0xff:
		return UINT32_MAX;
	case 0xfe:
		return remaining + 1;
	case 0xfd:
		return remaining;
	case 0xfc:
		return UINT32_MAX - pos;
	case 0xfb:
		return UINT32_MAX - pos + 1;
	case 0xfa:
		return UINT32_C(1) << 31;
	default:
		return code;
	}
}

static uint32_t
model_remaining(const struct model *model)
{
	return model->is_faulted ? 0 : model->len - model->pos;
}

/* The next count bytes; NULL, and the fault, when they are not there. */
static const uint8_t *
model_take(struct model *model, uint32_t count)
{
	const uint8_t *from = model->data + model->pos;

	if (model->is_faulted || model->len - model->pos < count) {
		model->is_faulted = true;
		return NULL;
	}
	model->pos += count;
	return from;
}

static uint64_t
number_of(const uint8_t *from, uint32_t bytes, bool is_big)
{
	uint64_t number = 0;

	for (uint32_t i = 0; from != NULL && i < bytes; i++) {
		uint32_t shift = 8 * (is_big ? bytes - 1 - i : i);

		number |= (uint64_t)from[i] << shift;
	}
	return number;
}

/* A read gives the number, or 0 and the fault. */
#define READ_CASE(id, name, bytes, is_big)                                   \
	case id:                                                             \
		FUZZ_CHECK(fp_reader_read_##name(reader) ==                  \
			number_of(model_take(model, bytes), bytes, is_big)); \
		break;

/* A try gives the number, or leaves everything as it is. */
#define TRY_CASE(id, type, name, bytes, is_big)                                              \
	case id: {                                                                           \
		type value = (type)0x5a5a5a5a5a5a5a5a;                                       \
		bool is_there = fp_reader_try_##name(reader, &value);                        \
                                                                                             \
		FUZZ_CHECK(is_there == (model_remaining(model) >= (bytes)));                 \
		FUZZ_CHECK(value ==                                                          \
			(is_there ? (type)number_of(model_take(model, bytes), bytes, is_big) \
				  : (type)0x5a5a5a5a5a5a5a5a));                              \
		break;                                                                       \
	}

/* False when the operation is not one of these. */
static bool
read_number(uint8_t operation, struct fp_reader *reader, struct model *model)
{
	switch (operation) {
		READ_CASE(0, u8, 1, false)
		READ_CASE(1, le16, 2, false)
		READ_CASE(2, le32, 4, false)
		READ_CASE(3, le64, 8, false)
		READ_CASE(4, be16, 2, true)
		READ_CASE(5, be32, 4, true)
		READ_CASE(6, be48, 6, true)
		READ_CASE(7, be64, 8, true)
	default:
		return false;
	}
	return true;
}

/* False when the operation is not one of these. */
static bool
try_number(uint8_t operation, struct fp_reader *reader, struct model *model)
{
	switch (operation) {
		TRY_CASE(8, uint8_t, u8, 1, false)
		TRY_CASE(9, uint16_t, le16, 2, false)
		TRY_CASE(10, uint32_t, le32, 4, false)
		TRY_CASE(11, uint64_t, le64, 8, false)
		TRY_CASE(12, uint16_t, be16, 2, true)
		TRY_CASE(13, uint32_t, be32, 4, true)
		TRY_CASE(14, uint64_t, be64, 8, true)
	default:
		return false;
	}
	return true;
}

/* The view is the model's next bytes, or empty where there are too few. */
static void
check_view(struct fp_cspan view, struct model *model, uint32_t count)
{
	const uint8_t *from = model_take(model, count);

	FUZZ_CHECK(view.len == (from != NULL ? count : 0));
	for (uint32_t i = 0; i < view.len; i++)
		FUZZ_CHECK(fp_cspan_at(view, i) == from[i]);
	FUZZ_CHECK(from == NULL || count == 0 || view.data == from);
}

/* Room for more than count is refused to the reader: it may write so many bytes and no more. */
static void
check_read_into(struct fp_reader *reader, struct model *model, uint32_t count)
{
	uint8_t *to = malloc(count != 0 ? count : 1);
	const uint8_t *from;

	FUZZ_CHECK(to != NULL);
	memset(to, 0xa5, count);
	fp_reader_read_into(reader, count != 0 ? to : to + 1, count);
	from = model_take(model, count);
	for (uint32_t i = 0; i < count; i++)
		FUZZ_CHECK(to[i] == (from != NULL ? from[i] : 0));
	free(to);
}

static void
read_bytes(
	uint8_t operation, struct fuzz_input *input, struct fp_reader *reader, struct model *model)
{
	uint32_t remaining = model_remaining(model);
	uint32_t count = take_count(input, remaining, model->pos);
	struct fp_cspan untouched = fp_cspan_over(model->data, 0);
	struct fp_cspan view = untouched;

	switch (operation) {
	case 15:
		FUZZ_CHECK(fp_reader_require(reader, count) == (count <= remaining));
		model->is_faulted |= count > remaining;
		break;
	case 16:
		fp_reader_skip(reader, count);
		(void)model_take(model, count);
		break;
	case 17:
		check_view(fp_reader_read_bytes(reader, count), model, count);
		break;
	case 18:
		check_view(fp_reader_read_rest(reader), model, remaining);
		break;
	case 19:
		check_read_into(reader, model, count & COUNT_MAX);
		break;
	default:
		if (fp_reader_try_bytes(reader, count, &view)) {
			FUZZ_CHECK(count <= remaining);
			check_view(view, model, count);
		} else {
			FUZZ_CHECK(count > remaining);
			FUZZ_CHECK(view.data == untouched.data && view.len == 0);
		}
		break;
	}
}

static void
run_reader(struct fuzz_input *input, const struct fuzz_copy *copy)
{
	struct fp_reader reader = fp_reader_open(fp_cspan_over(copy->data, copy->len));
	struct model model = { copy->data, copy->len, 0, false };

	while (input->len != 0) {
		uint8_t operation = fuzz_take_u8(input) % 21;

		if (!read_number(operation, &reader, &model) &&
			!try_number(operation, &reader, &model))
			read_bytes(operation, input, &reader, &model);
		FUZZ_CHECK(fp_reader_ok(&reader) == !model.is_faulted);
		FUZZ_CHECK(fp_reader_remaining(&reader) == model_remaining(&model));
	}
}

static void
put(struct written *written, uint64_t number, uint32_t bytes, bool is_big)
{
	for (uint32_t i = 0; i < bytes; i++) {
		uint32_t shift = 8 * (is_big ? bytes - 1 - i : i);

		written->bytes[written->pos++] = (uint8_t)(number >> shift);
	}
}

/* What does not fit is not written: an overrun is the caller's error and panics. */
#define WRITE_CASE(id, type, name, byte_count, is_big)        \
	case id:                                              \
		if (room < (byte_count))                      \
			break;                                \
		fp_writer_write_##name(writer, (type)number); \
		put(written, number, byte_count, is_big);     \
		break;

static void
write_number(uint8_t operation, uint64_t number, struct fp_writer *writer, struct written *written)
{
	uint32_t room = written->cap - written->pos;

	switch (operation) {
		WRITE_CASE(0, uint8_t, u8, 1, false)
		WRITE_CASE(1, uint16_t, le16, 2, false)
		WRITE_CASE(2, uint32_t, le32, 4, false)
		WRITE_CASE(3, uint64_t, le64, 8, false)
		WRITE_CASE(4, uint16_t, be16, 2, true)
		WRITE_CASE(5, uint32_t, be32, 4, true)
		WRITE_CASE(6, uint64_t, be48, 6, true)
		WRITE_CASE(7, uint64_t, be64, 8, true)
	default:
		break;
	}
}

/* Two bytes are left open, others follow, then their length is filled in. */
static void
write_with_length(bool is_big, uint32_t count, struct fp_writer *writer, struct written *written)
{
	struct fp_length_slot slot;

	if (written->cap - written->pos < 2 + count)
		return;
	slot = fp_writer_reserve_u16(writer);
	fp_writer_write_zeros(writer, count);
	put(written, count, 2, is_big);
	memset(written->bytes + written->pos, 0, count);
	written->pos += count;
	if (is_big) {
		fp_writer_patch_be16(writer, slot);
	} else {
		fp_writer_patch_le16(writer, slot);
	}
}

static void
write_bytes(struct fuzz_input *input, struct fp_writer *writer, struct written *written)
{
	struct fuzz_copy copy =
		fuzz_take_copy(input, fuzz_take_u8(input) % (written->cap - written->pos + 1));

	fp_writer_write_bytes(writer, fp_cspan_over(copy.data, copy.len));
	if (copy.len != 0)
		memcpy(written->bytes + written->pos, copy.data, copy.len);
	written->pos += copy.len;
	free(copy.base);
}

static void
run_writer(struct fuzz_input *input, uint8_t cap)
{
	struct written written = { .cap = cap };
	uint8_t *room = malloc(cap != 0 ? cap : 1);
	struct fp_writer writer = fp_writer_open(fp_span_over(cap != 0 ? room : NULL, cap));

	FUZZ_CHECK(room != NULL);
	while (input->len != 0) {
		uint8_t operation = fuzz_take_u8(input) % 11;

		if (operation < 8) {
			write_number(operation, fuzz_take_number(input, 8), &writer, &written);
		} else if (operation < 10) {
			write_with_length(operation == 8, fuzz_take_u8(input), &writer, &written);
		} else {
			write_bytes(input, &writer, &written);
		}
		FUZZ_CHECK(fp_writer_written(&writer) == written.pos);
		FUZZ_CHECK(fp_writer_room(&writer) == written.cap - written.pos);
	}
	FUZZ_CHECK(written.pos == 0 || memcmp(room, written.bytes, written.pos) == 0);
	free(room);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input input = { data, len };
	bool is_writer = fuzz_take_u8(&input) % 2 != 0;
	uint8_t count = fuzz_take_u8(&input);
	struct fuzz_copy copy;

	if (is_writer) {
		run_writer(&input, count);
		return 0;
	}
	copy = fuzz_take_copy(&input, count);
	run_reader(&input, &copy);
	free(copy.base);
	return 0;
}
