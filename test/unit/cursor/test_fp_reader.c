/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Every sequence of up to four operations on every span of up to 12 bytes is compared with a naive
 * reader that goes byte by byte. The bytes lie right against an inaccessible page.
 */

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "fp_reader.h"
#include "fp_test_panic.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define BYTES_MAX 12
#define DEPTH_MAX 4
#define INTO_MAX  7

/* What stands in results that an operation does not touch. */
#define UNTOUCHED UINT64_C(0x5555555555555555)

enum kind {
	READ_LE,
	READ_BE,
	TRY_LE,
	TRY_BE,
	SKIP,
	READ_BYTES,
	TRY_BYTES,
	READ_REST,
	READ_INTO,
	REQUIRE,
};

struct op {
	enum kind kind;
	uint32_t n; /* bytes of the integer, or the argument */
};

static const struct op ops[] = {
	{ READ_LE, 1 },
	{ READ_LE, 2 },
	{ READ_LE, 4 },
	{ READ_LE, 8 },
	{ READ_BE, 2 },
	{ READ_BE, 4 },
	{ READ_BE, 6 },
	{ READ_BE, 8 },
	{ TRY_LE, 1 },
	{ TRY_LE, 2 },
	{ TRY_LE, 4 },
	{ TRY_LE, 8 },
	{ TRY_BE, 2 },
	{ TRY_BE, 4 },
	{ TRY_BE, 8 },
	{ SKIP, 0 },
	{ SKIP, 3 },
	{ SKIP, UINT32_MAX },
	{ READ_BYTES, 0 },
	{ READ_BYTES, 5 },
	{ READ_BYTES, UINT32_MAX - 1 },
	{ TRY_BYTES, 0 },
	{ TRY_BYTES, 2 },
	{ TRY_BYTES, UINT32_MAX },
	{ READ_REST, 0 },
	{ READ_INTO, 0 },
	{ READ_INTO, INTO_MAX },
	{ REQUIRE, 0 },
	{ REQUIRE, 9 },
	{ REQUIRE, UINT32_MAX },
};

/* All that an operation gives. */
struct result {
	uint64_t value;
	const uint8_t *view; /* of a view that is not empty */
	uint32_t view_len;
	bool is_done; /* what it returned, if that is a bool */
	uint8_t into[INTO_MAX + 1];
};

struct naive_reader {
	const uint8_t *bytes;
	uint32_t len;
	uint32_t pos;
	bool is_ok;
};

static struct fp_test_guard guard;

static void
clear(struct result *result)
{
	memset(result, 0, sizeof(*result));
	memset(result->into, 0x55, sizeof(result->into));
	result->value = UNTOUCHED;
}

static void
set_view(struct result *result, struct fp_cspan view)
{
	result->view_len = view.len;
	result->view = view.len == 0 ? NULL : view.data;
}

static void
read_integer(struct fp_reader *reader, const struct op *op, struct result *result)
{
	bool is_big = op->kind == READ_BE;

	switch (op->n) {
	case 1:
		result->value = fp_reader_read_u8(reader);
		break;
	case 2:
		result->value = is_big ? fp_reader_read_be16(reader) : fp_reader_read_le16(reader);
		break;
	case 4:
		result->value = is_big ? fp_reader_read_be32(reader) : fp_reader_read_le32(reader);
		break;
	case 6:
		result->value = fp_reader_read_be48(reader);
		break;
	default:
		result->value = is_big ? fp_reader_read_be64(reader) : fp_reader_read_le64(reader);
		break;
	}
}

static void
try_integer(struct fp_reader *reader, const struct op *op, struct result *result)
{
	bool is_big = op->kind == TRY_BE;
	uint8_t v8;
	uint16_t v16;
	uint32_t v32;

	switch (op->n) {
	case 1:
		result->is_done = fp_reader_try_u8(reader, &v8);
		if (result->is_done)
			result->value = v8;
		break;
	case 2:
		result->is_done = is_big ? fp_reader_try_be16(reader, &v16)
					 : fp_reader_try_le16(reader, &v16);
		if (result->is_done)
			result->value = v16;
		break;
	case 4:
		result->is_done = is_big ? fp_reader_try_be32(reader, &v32)
					 : fp_reader_try_le32(reader, &v32);
		if (result->is_done)
			result->value = v32;
		break;
	default:
		result->is_done = is_big ? fp_reader_try_be64(reader, &result->value)
					 : fp_reader_try_le64(reader, &result->value);
		break;
	}
}

static void
apply(struct fp_reader *reader, const struct op *op, struct result *result)
{
	struct fp_cspan view = fp_cspan_over(NULL, 0);

	switch (op->kind) {
	case READ_LE:
	case READ_BE:
		read_integer(reader, op, result);
		break;
	case TRY_LE:
	case TRY_BE:
		try_integer(reader, op, result);
		break;
	case SKIP:
		fp_reader_skip(reader, op->n);
		break;
	case READ_BYTES:
		set_view(result, fp_reader_read_bytes(reader, op->n));
		break;
	case TRY_BYTES:
		result->is_done = fp_reader_try_bytes(reader, op->n, &view);
		set_view(result, view);
		break;
	case READ_REST:
		set_view(result, fp_reader_read_rest(reader));
		break;
	case READ_INTO:
		fp_reader_read_into(reader, result->into, op->n);
		break;
	case REQUIRE:
		result->is_done = fp_reader_require(reader, op->n);
		break;
	}
}

/* After a fault nothing remains, and that is all there is to stickiness. */
static uint32_t
naive_remaining(const struct naive_reader *naive)
{
	return naive->is_ok ? naive->len - naive->pos : 0;
}

/* The next n bytes, or NULL and the fault. */
static const uint8_t *
naive_take(struct naive_reader *naive, uint32_t n)
{
	const uint8_t *from = naive->bytes + naive->pos;

	if (n > naive_remaining(naive)) {
		naive->is_ok = false;
		return NULL;
	}
	naive->pos += n;
	return from;
}

static uint64_t
naive_value(const uint8_t *from, uint32_t n, bool is_big)
{
	uint64_t value = 0;

	for (uint32_t i = 0; i < n; i++)
		value = value << 8 | from[is_big ? i : n - 1 - i];
	return value;
}

static void
naive_apply(struct naive_reader *naive, const struct op *op, struct result *result)
{
	bool is_try = op->kind == TRY_LE || op->kind == TRY_BE || op->kind == TRY_BYTES;
	uint32_t n = op->kind == READ_REST ? naive_remaining(naive) : op->n;
	const uint8_t *from;

	if (op->kind == REQUIRE) {
		result->is_done = n <= naive_remaining(naive);
		naive->is_ok &= result->is_done;
		return;
	}
	if (is_try && n > naive_remaining(naive))
		return;
	from = naive_take(naive, n);
	result->is_done = is_try;
	if (op->kind <= TRY_BE) {
		result->value = from == NULL
			? 0
			: naive_value(from, n, op->kind == READ_BE || op->kind == TRY_BE);
	}
	if ((op->kind == READ_BYTES || op->kind == TRY_BYTES || op->kind == READ_REST) &&
		from != NULL && n != 0) {
		result->view = from;
		result->view_len = n;
	}
	for (uint32_t i = 0; op->kind == READ_INTO && i < n && i < INTO_MAX; i++)
		result->into[i] = from != NULL ? from[i] : 0;
}

static bool
is_same(const struct result *a, const struct result *b)
{
	return a->value == b->value && a->view == b->view && a->view_len == b->view_len &&
		a->is_done == b->is_done && memcmp(a->into, b->into, sizeof(a->into)) == 0;
}

/* One operation on both; says which sequence went wrong. */
static void
step(struct fp_reader *reader, struct naive_reader *naive, const size_t *path, int depth)
{
	const struct op *op = &ops[path[depth]];
	struct result expected;
	struct result got;

	clear(&expected);
	clear(&got);
	apply(reader, op, &got);
	naive_apply(naive, op, &expected);
	if (is_same(&got, &expected) && fp_reader_ok(reader) == naive->is_ok &&
		fp_reader_remaining(reader) == naive_remaining(naive))
		return;
	for (int i = 0; i <= depth; i++) {
		print_error("operation %d: kind %d with %u\n", i, (int)ops[path[i]].kind,
			ops[path[i]].n);
	}
	fail_msg("of %u bytes: ok %d, %u remain; expected ok %d, %u; value %" PRIx64
		 ", expected %" PRIx64,
		naive->len, fp_reader_ok(reader), fp_reader_remaining(reader), naive->is_ok,
		naive_remaining(naive), got.value, expected.value);
}

/* Walk the tree of all sequences; readers[d] is the state after d operations. */
static uint64_t
walk(uint32_t len)
{
	const uint8_t *bytes = guard.end - len;
	struct fp_reader readers[DEPTH_MAX + 1];
	struct naive_reader naives[DEPTH_MAX + 1];
	size_t path[DEPTH_MAX] = { 0 };
	uint64_t steps = 0;
	int depth = 0;

	readers[0] = fp_reader_open(fp_cspan_over(bytes, len));
	naives[0] = (struct naive_reader){ bytes, len, 0, true };
	while (depth >= 0) {
		if (path[depth] == COUNT(ops)) {
			if (--depth >= 0)
				path[depth]++;
			continue;
		}
		readers[depth + 1] = readers[depth];
		naives[depth + 1] = naives[depth];
		step(&readers[depth + 1], &naives[depth + 1], path, depth);
		steps++;
		if (depth + 1 < DEPTH_MAX) {
			path[++depth] = 0;
		} else {
			path[depth]++;
		}
	}
	return steps;
}

static void
every_sequence_of_four_operations_reads_what_a_naive_reader_reads(void **state)
{
	uint64_t per_len = 0;

	(void)state;
	for (int depth = 0; depth < DEPTH_MAX; depth++)
		per_len = (per_len + 1) * COUNT(ops);
	for (uint32_t i = 1; i <= BYTES_MAX; i++)
		*(guard.end - i) = (uint8_t)(0x81 + 13 * i);
	for (uint32_t len = 0; len <= BYTES_MAX; len++)
		assert_true(walk(len) == per_len);
}

static void
a_reader_is_two_words_below_level_full(void **state)
{
	(void)state;
#if FP_LIFETIME != FP_LIFETIME_FULL
	assert_int_equal(sizeof(struct fp_reader), 16);
#endif
}

static void
a_span_without_an_address_is_empty_but_not_faulted(void **state)
{
	struct fp_reader reader = fp_reader_open(fp_cspan_over(NULL, 0));

	(void)state;
	assert_true(fp_reader_ok(&reader));
	assert_int_equal(fp_reader_remaining(&reader), 0);
	assert_int_equal(fp_reader_read_rest(&reader).len, 0);
	assert_true(fp_reader_require(&reader, 0));
	assert_true(fp_reader_ok(&reader));
	assert_int_equal(fp_reader_read_u8(&reader), 0);
	assert_false(fp_reader_ok(&reader));
}

static void
a_fault_stays_until_the_reader_is_opened_again(void **state)
{
	static const uint8_t bytes[] = { 1, 2, 3, 4 };
	struct fp_reader reader = fp_reader_open(fp_cspan_over(bytes, 4));
	uint8_t value = 9;

	(void)state;
	assert_int_equal(fp_reader_read_le64(&reader), 0);
	assert_false(fp_reader_ok(&reader));
	for (int i = 0; i < 3; i++) {
		assert_int_equal(fp_reader_read_u8(&reader), 0);
		assert_false(fp_reader_try_u8(&reader, &value));
		assert_int_equal(value, 9);
		fp_reader_skip(&reader, 0);
		assert_int_equal(fp_reader_read_bytes(&reader, 0).len, 0);
		assert_int_equal(fp_reader_read_rest(&reader).len, 0);
		assert_false(fp_reader_ok(&reader));
		assert_int_equal(fp_reader_remaining(&reader), 0);
	}
	reader = fp_reader_open(fp_cspan_over(bytes, 4));
	assert_int_equal(fp_reader_read_be32(&reader), 0x01020304);
	assert_true(fp_reader_ok(&reader));
}

static void
the_longest_span_is_read_to_its_end_and_not_beyond(void **state)
{
	void *map = mmap(
		NULL, UINT32_MAX, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct fp_reader reader;
	struct fp_cspan view;

	(void)state;
	if (map == MAP_FAILED) {
		print_message("# 4 GiB of addresses are not to be had: not tested\n");
		return;
	}
	reader = fp_reader_open(fp_cspan_over(map, UINT32_MAX));
	fp_reader_skip(&reader, UINT32_MAX - 2);
	assert_int_equal(fp_reader_remaining(&reader), 2);
	assert_false(fp_reader_try_bytes(&reader, 3, &view));
	assert_false(fp_reader_try_bytes(&reader, UINT32_MAX, &view));
	assert_int_equal(fp_reader_read_be16(&reader), 0);
	assert_true(fp_reader_ok(&reader));
	fp_reader_skip(&reader, 1);
	assert_false(fp_reader_ok(&reader));
	assert_int_equal(munmap(map, UINT32_MAX), 0);
}

static void
read_one(void *arg)
{
	(void)fp_reader_read_u8(arg);
}

/* A test that reads too far must die, or the tests above say nothing. */
static void
read_past_the_guard(void *arg)
{
	struct fp_test_guard *pages = arg;
	struct fp_reader reader = fp_reader_open(fp_cspan_over(pages->end - 3, 4));

	fp_store_le32(pages->start, fp_reader_read_le32(&reader));
}

static void
the_page_behind_the_bytes_is_inaccessible(void **state)
{
	static struct fp_test_end end;

	(void)state;
	fp_test_run_child(read_past_the_guard, &guard, &end);
	assert_true(end.status != 0);
}

static void
a_reader_of_released_memory_panics_at_level_full_alone(void **state)
{
	uint8_t byte = 1;
	uint32_t word = 3;
	struct fp_watch watch = { &word, 3 };
	struct fp_reader reader = fp_reader_open(fp_span_const(fp_span_watched(&byte, 1, watch)));

	(void)state;
	word = 4;
#if FP_LIFETIME == FP_LIFETIME_FULL
	ASSERT_PANICS(read_one, &reader, "made under generation 3");
#else
	read_one(&reader);
	assert_true(fp_reader_ok(&reader));
#endif
}

static int
map_guard(void **state)
{
	(void)state;
	return fp_test_guard_create(&guard, BYTES_MAX);
}

static int
unmap_guard(void **state)
{
	(void)state;
	fp_test_guard_destroy(&guard);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_sequence_of_four_operations_reads_what_a_naive_reader_reads),
		cmocka_unit_test(a_reader_is_two_words_below_level_full),
		cmocka_unit_test(a_span_without_an_address_is_empty_but_not_faulted),
		cmocka_unit_test(a_fault_stays_until_the_reader_is_opened_again),
		cmocka_unit_test(the_longest_span_is_read_to_its_end_and_not_beyond),
		cmocka_unit_test(the_page_behind_the_bytes_is_inaccessible),
		cmocka_unit_test(a_reader_of_released_memory_panics_at_level_full_alone),
	};

	return cmocka_run_group_tests_name("fp_reader", tests, map_guard, unmap_guard);
}
