/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Expected answers of a reader over discontiguous buffers, row by row. The segments of a row are
 * received as the mbufs of one leased buffer; each row runs on that buffer, and once more on the
 * same bytes between segments of others, which nothing may look at.
 *
 * Elements of 16 bits are two bytes, little-endian: lengths count double, and a search goes element
 * by element. An argument below zero has no counterpart among our unsigned ones: such a row is run
 * with the largest value, of which the same error is expected (and of an advance that the reader is
 * at the end, of a peek that there is nothing).
 *
 * usage: test_sequence_vectors [folder]
 */

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp_chain_search.h"
#include "fp_lease.h"
#include "fp_test_eal.h"
#include "fp_test_skip.h"
#include "fp_test_vectors.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define FILE_NAME     "sequence_reader.tsv"
#define SEGMENT_BYTES 4096
#define ELEMENTS_MAX  2048
#define BUFFERS       (2 * FP_CHAIN_SEGMENTS_MAX)

/* What an operation gave, in the words of the table. */
struct answer {
	char result[16];
	bool has_out;
	int64_t out[ELEMENTS_MAX];
	size_t out_count;
};

/* A row, as the operation needs it. */
struct row {
	struct fp_test_vectors *rows;
	struct fp_chain_reader reader;
	uint32_t width; /* of an element [bytes] */
	int64_t args[ELEMENTS_MAX];
	size_t args_count;
	uint8_t arg_bytes[ELEMENTS_MAX * 2];
	bool is_past;
	int64_t escape;
	struct answer answer;
};

typedef void (*run_fn)(struct row *row);

struct op {
	const char *name;
	run_fn bytes;
	run_fn words; /* elements of 16 bits; NULL: the library has no such variant */
};

static const char *dir;
static struct fp_pool *pool;
static uint8_t scratch_bytes[ELEMENTS_MAX * 2];

/* An argument that counts elements, in bytes; below zero it becomes the largest. */
static uint32_t
count_of(const struct row *row)
{
	int64_t count = row->args_count == 0 ? 0 : row->args[0];

	if (count < 0 || count > UINT32_MAX / row->width)
		return UINT32_MAX;
	return (uint32_t)count * row->width;
}

static struct fp_cspan
arg_span(const struct row *row)
{
	return fp_cspan_over(row->arg_bytes, (uint32_t)row->args_count * row->width);
}

static uint8_t
arg_byte(const struct row *row)
{
	return (uint8_t)row->args[0];
}

static void
set_result(struct row *row, const char *result)
{
	(void)snprintf(row->answer.result, sizeof(row->answer.result), "%s", result);
}

static void
set_bool(struct row *row, bool is_true)
{
	set_result(row, is_true ? "1" : "0");
}

static void
set_error(struct row *row, int error)
{
	set_result(row, error == 0 ? "ok" : "range");
	if (error != 0 && error != -ERANGE)
		fp_test_vectors_fail(row->rows, "error %d", error);
}

static void
set_number(struct row *row, bool is_true, int64_t value)
{
	set_bool(row, is_true);
	row->answer.has_out = is_true;
	row->answer.out[0] = value;
	row->answer.out_count = 1;
}

static void
set_bytes(struct row *row, const uint8_t *bytes, uint32_t len)
{
	row->answer.has_out = true;
	row->answer.out_count = len / row->width;
	for (uint32_t i = 0; i < len / row->width; i++) {
		row->answer.out[i] =
			row->width == 1 ? bytes[i] : (int64_t)fp_load_le16(bytes + 2UL * i);
	}
}

static void
set_chain(struct row *row, struct fp_chain chain)
{
	struct fp_span to = fp_span_over(scratch_bytes, sizeof(scratch_bytes));

	if (fp_chain_copy_to(chain, to) != 0) {
		fp_test_vectors_fail(row->rows, "a chain of %u bytes", chain.len);
	} else {
		set_bytes(row, scratch_bytes, chain.len);
	}
}

static void
run_end(struct row *row)
{
	set_bool(row, fp_chain_reader_is_end(&row->reader));
}

static void
run_advance(struct row *row)
{
	set_error(row, fp_chain_reader_advance(&row->reader, count_of(row)));
}

static void
run_advance_to_end(struct row *row)
{
	fp_chain_reader_advance_to_end(&row->reader);
	set_error(row, 0);
}

static void
run_rewind(struct row *row)
{
	set_error(row, fp_chain_reader_rewind(&row->reader, count_of(row)));
}

static void
run_unread(struct row *row)
{
	set_error(row, 0);
	set_chain(row, fp_chain_reader_unread(&row->reader));
}

static void
run_peek(struct row *row)
{
	uint8_t value = 0;
	bool is_there = fp_chain_reader_try_peek(&row->reader, &value);

	set_number(row, is_there, value);
}

static void
run_peek_word(struct row *row)
{
	struct fp_chain_reader copied = row->reader;
	uint16_t value = 0;
	bool is_there = fp_chain_reader_try_le16(&copied, &value);

	set_number(row, is_there, value);
}

static void
run_peek_at(struct row *row)
{
	uint8_t value = 0;
	bool is_there = fp_chain_reader_try_peek_at(&row->reader, count_of(row), &value);

	set_number(row, is_there, value);
}

static void
run_peek_word_at(struct row *row)
{
	struct fp_chain_reader copied = row->reader;
	uint16_t value = 0;
	bool is_there = fp_chain_reader_advance(&copied, count_of(row)) == 0 &&
		fp_chain_reader_try_le16(&copied, &value);

	set_number(row, is_there, value);
}

#define RUN_READ(function, name, type, as)                                        \
	static void function(struct row *row)                                     \
	{                                                                         \
		type value = 0;                                                   \
		bool is_there = fp_chain_reader_try_##name(&row->reader, &value); \
                                                                                  \
		set_number(row, is_there, (as)value);                             \
	}

/* A type takes no parentheses: NOLINTBEGIN(bugprone-macro-parentheses) */
RUN_READ(run_read, u8, uint8_t, uint8_t)
RUN_READ(run_read_word, le16, uint16_t, uint16_t)
RUN_READ(run_read_le16, le16, uint16_t, int16_t)
RUN_READ(run_read_le32, le32, uint32_t, int32_t)
RUN_READ(run_read_le64, le64, uint64_t, int64_t)
RUN_READ(run_read_be16, be16, uint16_t, int16_t)
RUN_READ(run_read_be32, be32, uint32_t, int32_t)
RUN_READ(run_read_be64, be64, uint64_t, int64_t)
/* NOLINTEND(bugprone-macro-parentheses) */

static void
run_copy(struct row *row)
{
	uint32_t count = count_of(row);
	bool is_done;

	if (count > sizeof(scratch_bytes)) {
		fp_test_vectors_fail(row->rows, "no room to copy %u bytes", count);
		return;
	}
	memset(scratch_bytes, 0xee, sizeof(scratch_bytes));
	is_done = fp_chain_reader_try_copy(&row->reader, fp_span_over(scratch_bytes, count));
	set_bool(row, is_done);
	if (is_done)
		set_bytes(row, scratch_bytes, count);
	for (size_t i = is_done ? count : 0; i < sizeof(scratch_bytes); i++) {
		if (scratch_bytes[i] != 0xee)
			fp_test_vectors_fail(row->rows, "byte %zu was written", i);
	}
}

static void
run_is_next(struct row *row)
{
	set_bool(row, fp_chain_reader_is_next(&row->reader, arg_byte(row), row->is_past));
}

static void
run_is_next_span(struct row *row)
{
	set_bool(row, fp_chain_reader_is_next_span(&row->reader, arg_span(row), row->is_past));
}

static void
run_advance_to(struct row *row)
{
	set_bool(row, fp_chain_reader_try_advance_to(&row->reader, arg_byte(row), row->is_past));
}

static void
run_advance_to_word(struct row *row)
{
	set_bool(row,
		fp_chain_reader_try_advance_to_le16(
			&row->reader, (uint16_t)row->args[0], row->is_past));
}

static void
run_advance_to_any(struct row *row)
{
	set_bool(
		row, fp_chain_reader_try_advance_to_any(&row->reader, arg_span(row), row->is_past));
}

static void
run_advance_past(struct row *row)
{
	(void)snprintf(row->answer.result, sizeof(row->answer.result), "%u",
		fp_chain_reader_advance_past(&row->reader, arg_byte(row)));
}

static void
run_advance_past_any(struct row *row)
{
	(void)snprintf(row->answer.result, sizeof(row->answer.result), "%u",
		fp_chain_reader_advance_past_any(&row->reader, arg_span(row)));
}

static void
set_read_to(struct row *row, bool is_found, struct fp_chain found)
{
	set_bool(row, is_found);
	if (is_found)
		set_chain(row, found);
}

/* The variants that give one piece find the same, with room and without. */
static void
check_view_to(struct row *row, struct fp_chain_reader before, bool is_found, struct fp_chain found)
{
	struct fp_span scratch = fp_span_over(scratch_bytes, sizeof(scratch_bytes));
	struct fp_chain_reader reader = before;
	struct fp_cspan view;
	int expected = is_found ? 0 : -ENODATA;

	if (fp_chain_reader_view_to(&reader, arg_byte(row), row->is_past, scratch, &view) !=
			expected ||
		(is_found && !fp_chain_equal(found, view)) ||
		fp_chain_reader_consumed(&reader) != fp_chain_reader_consumed(&row->reader))
		fp_test_vectors_fail(row->rows, "one piece, copied, is another answer");
	if (is_found && !fp_chain_is_single(found))
		expected = -ERANGE;
	scratch.len = 0;
	if (fp_chain_reader_view_to(&before, arg_byte(row), row->is_past, scratch, &view) !=
			expected ||
		(expected == 0 && !fp_chain_equal(found, view)))
		fp_test_vectors_fail(row->rows, "one piece, in place, is another answer");
}

static void
run_read_to(struct row *row)
{
	struct fp_chain_reader before = row->reader;
	struct fp_chain found = fp_chain_none();
	bool is_found =
		fp_chain_reader_try_read_to(&row->reader, arg_byte(row), row->is_past, &found);

	set_read_to(row, is_found, found);
	check_view_to(row, before, is_found, found);
}

static void
run_read_to_word(struct row *row)
{
	struct fp_chain found = fp_chain_none();
	bool is_found = fp_chain_reader_try_read_to_le16(
		&row->reader, (uint16_t)row->args[0], row->is_past, &found);

	set_read_to(row, is_found, found);
}

static void
run_read_to_escaped(struct row *row)
{
	struct fp_chain found = fp_chain_none();
	bool is_found = fp_chain_reader_try_read_to_escaped(
		&row->reader, arg_byte(row), (uint8_t)row->escape, row->is_past, &found);

	set_read_to(row, is_found, found);
}

static void
run_read_to_span(struct row *row)
{
	struct fp_chain found = fp_chain_none();
	bool is_found =
		fp_chain_reader_try_read_to_span(&row->reader, arg_span(row), row->is_past, &found);

	set_read_to(row, is_found, found);
}

static void
run_read_to_any(struct row *row)
{
	struct fp_chain found = fp_chain_none();
	bool is_found =
		fp_chain_reader_try_read_to_any(&row->reader, arg_span(row), row->is_past, &found);

	set_read_to(row, is_found, found);
}

static const struct op ops[] = {
	{ "Advance", run_advance, run_advance },
	{ "AdvancePast", run_advance_past, NULL },
	{ "AdvancePastAny", run_advance_past_any, NULL },
	{ "AdvanceToEnd", run_advance_to_end, run_advance_to_end },
	{ "End", run_end, run_end },
	{ "IsNext", run_is_next, run_is_next_span },
	{ "IsNextSeq", run_is_next_span, run_is_next_span },
	{ "Rewind", run_rewind, run_rewind },
	{ "TryAdvanceTo", run_advance_to, run_advance_to_word },
	{ "TryAdvanceToAny", run_advance_to_any, NULL },
	{ "TryCopyTo", run_copy, run_copy },
	{ "TryPeek", run_peek, run_peek_word },
	{ "TryPeekAt", run_peek_at, run_peek_word_at },
	{ "TryRead", run_read, run_read_word },
	{ "TryReadBE_i16", run_read_be16, NULL },
	{ "TryReadBE_i32", run_read_be32, NULL },
	{ "TryReadBE_i64", run_read_be64, NULL },
	{ "TryReadLE_i16", run_read_le16, NULL },
	{ "TryReadLE_i32", run_read_le32, NULL },
	{ "TryReadLE_i64", run_read_le64, NULL },
	{ "TryReadTo", run_read_to, run_read_to_word },
	{ "TryReadToAny", run_read_to_any, NULL },
	{ "TryReadToEsc", run_read_to_escaped, NULL },
	{ "TryReadToSeq", run_read_to_span, NULL },
	{ "UnreadSequence", run_unread, run_unread },
};

static run_fn
find_op(struct fp_test_vectors *rows, uint32_t width)
{
	const char *name = fp_test_vectors_get(rows, "op");

	for (size_t i = 0; i < COUNT(ops); i++) {
		if (strcmp(ops[i].name, name) == 0)
			return width == 1 ? ops[i].bytes : ops[i].words;
	}
	return NULL;
}

/* `list;esc=e;past=p`, each part of it or none. */
static void
parse_args(struct row *row)
{
	const char *text = fp_test_vectors_get(row->rows, "args");
	const char *end = text;
	const char *escape;

	row->args_count = 0;
	if (strcmp(text, "-") != 0)
		end = fp_test_vectors_parse(text, row->args, COUNT(row->args), &row->args_count);
	if (end == NULL) {
		fp_test_vectors_fail(row->rows, "args: no list");
		row->args_count = 0;
	}
	if (row->args_count == 0)
		row->args[0] = 0;
	row->is_past = strstr(text, ";past=1") != NULL;
	escape = strstr(text, ";esc=");
	row->escape = escape == NULL ? 0 : strtol(escape + strlen(";esc="), NULL, 10);
	for (size_t i = 0; i < row->args_count; i++) {
		if (row->width == 1) {
			row->arg_bytes[i] = (uint8_t)row->args[i];
		} else {
			fp_store_le16(row->arg_bytes + 2 * i, (uint16_t)row->args[i]);
		}
	}
}

/* One more segment of the buffer; false when it does not fit one. */
static bool
append(struct rte_mbuf **head, const int64_t *elements, size_t count, uint32_t width)
{
	struct rte_mbuf *segment = rte_pktmbuf_alloc(pool->mempool);
	uint8_t *data;

	if (segment == NULL || count * width > SEGMENT_BYTES) {
		rte_pktmbuf_free(segment);
		return false;
	}
	/* As a port receives it, which knows of no poison. */
	data = rte_pktmbuf_mtod(segment, uint8_t *);
	fp_unpoison(data, count * width);
	for (size_t i = 0; i < count; i++) {
		if (width == 1) {
			data[i] = (uint8_t)elements[i];
		} else {
			fp_store_le16(data + 2 * i, (uint16_t)elements[i]);
		}
	}
	segment->data_len = (uint16_t)(count * width);
	segment->pkt_len = segment->data_len;
	if (*head == NULL) {
		*head = segment;
		return true;
	}
	if ((*head)->nb_segs == FP_CHAIN_SEGMENTS_MAX || rte_pktmbuf_chain(*head, segment) != 0) {
		rte_pktmbuf_free(segment);
		return false;
	}
	return true;
}

/* The segments of a row, between two more when asked for; NULL when a buffer cannot have them. */
static struct rte_mbuf *
build(struct row *row, bool is_surrounded)
{
	static int64_t elements[ELEMENTS_MAX];
	const char *text = fp_test_vectors_get(row->rows, "segments");
	struct rte_mbuf *head = NULL;
	bool has_room = true;
	size_t count;

	if (is_surrounded)
		has_room = append(&head, row->args, row->args_count, row->width);
	do {
		text = fp_test_vectors_parse(text, elements, COUNT(elements), &count);
		if (text == NULL) {
			fp_test_vectors_fail(row->rows, "segments: no lists, or too long");
			break;
		}
		has_room = has_room && append(&head, elements, count, row->width);
	} while (*text++ == '|');
	if (is_surrounded && has_room)
		has_room = append(&head, row->args, row->args_count, row->width);
	if (!has_room || row->rows->has_failed) {
		rte_pktmbuf_free(head);
		return NULL;
	}
	return head;
}

static void
compare(struct row *row, uint32_t len)
{
	static int64_t expected[ELEMENTS_MAX];
	struct fp_test_vectors *rows = row->rows;
	const char *op = fp_test_vectors_get(rows, "op");
	const char *result = fp_test_vectors_get(rows, "result");
	uint32_t consumed = (uint32_t)fp_test_vectors_number(rows, "consumed_after") * row->width;
	bool has_out = !fp_test_vectors_is_none(rows, "out");
	size_t count;

	if (row->args_count != 0 && row->args[0] < 0 && strcmp(op, "Advance") == 0)
		consumed = len;
	if (row->args_count != 0 && row->args[0] < 0 && strcmp(op, "TryPeekAt") == 0)
		result = "0";
	if (strcmp(row->answer.result, result) != 0)
		fp_test_vectors_fail(rows, "the result is %s", row->answer.result);
	if (fp_chain_reader_consumed(&row->reader) != consumed ||
		fp_chain_reader_remaining(&row->reader) != len - consumed ||
		fp_chain_reader_is_end(&row->reader) != (len == consumed)) {
		fp_test_vectors_fail(rows, "%u bytes of %u are consumed",
			fp_chain_reader_consumed(&row->reader), len);
	}
	if (has_out != row->answer.has_out) {
		fp_test_vectors_fail(rows, "it has%s an output", has_out ? " not" : "");
	} else if (has_out) {
		count = fp_test_vectors_list(rows, "out", expected, COUNT(expected));
		if (count != row->answer.out_count ||
			memcmp(expected, row->answer.out, count * sizeof(expected[0])) != 0) {
			fp_test_vectors_fail(rows, "the output is of %zu, %" PRId64 " ...",
				row->answer.out_count, row->answer.out[0]);
		}
	}
}

/* One row on one buffer; false when the buffer cannot be made. */
static bool
run_on(struct row *row, run_fn run, bool is_surrounded)
{
	struct rte_mbuf *mbuf = build(row, is_surrounded);
	uint32_t before = (uint32_t)row->args_count * row->width;
	uint32_t consumed = (uint32_t)fp_test_vectors_number(row->rows, "consumed_before");
	struct fp_lease lease;
	struct fp_chain chain;

	if (mbuf == NULL)
		return false;
	fp_lease_take_burst(pool, &mbuf, 1, 1, &lease);
	assert_int_equal(fp_chain_of(&lease, &chain), 0);
	if (is_surrounded) {
		assert_int_equal(
			fp_chain_slice(chain, before, fp_chain_len(chain) - 2 * before, &chain), 0);
	}
	memset(&row->answer, 0, sizeof(row->answer));
	row->reader = fp_chain_reader_open(chain);
	if (fp_chain_reader_advance(&row->reader, consumed * row->width) != 0)
		fp_test_vectors_fail(row->rows, "consumed_before passes the end");
	run(row);
	compare(row, fp_chain_len(chain));
	fp_lease_release(&lease);
	return true;
}

static void
run_row(struct row *row)
{
	const char *type = fp_test_vectors_get(row->rows, "type");
	char name[64];
	run_fn run;

	row->width = strcmp(type, "u16") == 0 ? 2 : 1;
	(void)snprintf(name, sizeof(name), "%s %s", type, fp_test_vectors_get(row->rows, "op"));
	run = find_op(row->rows, row->width);
	if (run == NULL || (row->width == 1 && strcmp(type, "u8") != 0)) {
		fp_test_vectors_skip(row->rows, name);
		return;
	}
	parse_args(row);
	if (!run_on(row, run, false)) {
		if (!row->rows->has_failed)
			fp_test_vectors_skip(row->rows, "more than a buffer holds");
		return;
	}
	(void)run_on(row, run, true);
}

static void
every_row_gets_the_expected_answer(void **state)
{
	static struct fp_test_vectors rows;
	static struct row row;

	(void)state;
	row.rows = &rows;
	if (fp_test_vectors_open(&rows, dir, FILE_NAME) == 0) {
		while (fp_test_vectors_next(&rows))
			run_row(&row);
		assert_true(rows.skipped < rows.rows);
	}
	assert_int_equal(fp_test_vectors_close(&rows), 0);
	assert_int_equal(fp_pool_held(pool), 0);
	assert_int_equal(rte_mempool_avail_count(pool->mempool), BUFFERS);
}

static int
create_pool(void **state)
{
	struct fp_pool_params params = { "vectors", BUFFERS, RTE_PKTMBUF_HEADROOM + SEGMENT_BYTES,
		0, SOCKET_ID_ANY };

	(void)state;
	return fp_pool_create(&params, &pool);
}

static int
destroy_pool(void **state)
{
	(void)state;
	fp_pool_destroy(pool);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			every_row_gets_the_expected_answer, create_pool, destroy_pool),
	};
	char path[512];
	int result;

	dir = fp_test_vectors_dir(argc, argv, FP_SHARED_DIR "/vectors");
	(void)snprintf(path, sizeof(path), "%s/%s", dir, FILE_NAME);
	if (fp_test_skips_without(path))
		return 0;
	if (fp_test_eal_init() != 0)
		return 1;
	result = cmocka_run_group_tests_name("sequence_vectors", tests, NULL, NULL);
	fp_test_eal_fini();
	return result;
}
