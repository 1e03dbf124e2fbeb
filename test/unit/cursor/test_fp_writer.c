/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Every sequence of up to four operations on every span of up to 12 bytes is compared with a naive
 * writer that goes byte by byte. The span lies right against an inaccessible page, and what stands
 * before it and behind what was written must stay.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp_test_panic.h"
#include "fp_writer.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define CAP_MAX      12
#define BEFORE_BYTES 8
#define AREA_BYTES   (BEFORE_BYTES + CAP_MAX)
#define DEPTH_MAX    4

enum kind {
	WRITE_LE,
	WRITE_BE,
	WRITE_BYTES,
	WRITE_ZEROS,
	RESERVE,
	PATCH_LE,
	PATCH_BE,
};

struct op {
	enum kind kind;
	uint32_t n;
};

static const struct op ops[] = {
	{ WRITE_LE, 1 },
	{ WRITE_LE, 2 },
	{ WRITE_LE, 4 },
	{ WRITE_LE, 8 },
	{ WRITE_BE, 2 },
	{ WRITE_BE, 4 },
	{ WRITE_BE, 6 },
	{ WRITE_BE, 8 },
	{ WRITE_BYTES, 0 },
	{ WRITE_BYTES, 1 },
	{ WRITE_BYTES, 5 },
	{ WRITE_ZEROS, 0 },
	{ WRITE_ZEROS, 3 },
	{ RESERVE, 2 },
	{ PATCH_LE, 0 },
	{ PATCH_BE, 0 },
};

static const uint64_t value = UINT64_C(0xf1e2d3c4b5a69788);
static const uint8_t source[5] = { 0x11, 0x22, 0x33, 0x44, 0x55 };

/* A writer, the slot that it reserved last, and the memory as it should be. */
struct stage {
	struct fp_writer writer;
	struct fp_length_slot slot;
	uint8_t expected[AREA_BYTES];
	uint32_t pos;
	uint32_t slot_pos;
	bool has_slot;
};

static struct fp_test_guard guard;

static void
write_integer(struct fp_writer *writer, const struct op *op)
{
	bool is_big = op->kind == WRITE_BE;

	switch (op->n) {
	case 1:
		fp_writer_write_u8(writer, (uint8_t)value);
		break;
	case 2:
		if (is_big) {
			fp_writer_write_be16(writer, (uint16_t)value);
		} else {
			fp_writer_write_le16(writer, (uint16_t)value);
		}
		break;
	case 4:
		if (is_big) {
			fp_writer_write_be32(writer, (uint32_t)value);
		} else {
			fp_writer_write_le32(writer, (uint32_t)value);
		}
		break;
	case 6:
		fp_writer_write_be48(writer, value);
		break;
	default:
		if (is_big) {
			fp_writer_write_be64(writer, value);
		} else {
			fp_writer_write_le64(writer, value);
		}
		break;
	}
}

static void
apply(struct fp_writer *writer, struct fp_length_slot *slot, const struct op *op)
{
	switch (op->kind) {
	case WRITE_LE:
	case WRITE_BE:
		write_integer(writer, op);
		break;
	case WRITE_BYTES:
		fp_writer_write_bytes(writer, fp_cspan_over(op->n == 0 ? NULL : source, op->n));
		break;
	case WRITE_ZEROS:
		fp_writer_write_zeros(writer, op->n);
		break;
	case RESERVE:
		*slot = fp_writer_reserve_u16(writer);
		break;
	case PATCH_LE:
		fp_writer_patch_le16(writer, *slot);
		break;
	case PATCH_BE:
		fp_writer_patch_be16(writer, *slot);
		break;
	}
}

static void
naive_put(uint8_t *to, uint64_t number, uint32_t n, bool is_big)
{
	for (uint32_t i = 0; i < n; i++)
		to[i] = (uint8_t)(number >> 8 * (is_big ? n - 1 - i : i));
}

static void
naive_apply(struct stage *stage, uint8_t *bytes, const struct op *op)
{
	uint8_t *to = bytes + stage->pos;

	switch (op->kind) {
	case WRITE_LE:
	case WRITE_BE:
		naive_put(to, value, op->n, op->kind == WRITE_BE);
		break;
	case WRITE_BYTES:
		for (uint32_t i = 0; i < op->n; i++)
			to[i] = source[i];
		break;
	case WRITE_ZEROS:
		naive_put(to, 0, op->n, false);
		break;
	case RESERVE:
		naive_put(to, 0, 2, false);
		stage->slot_pos = stage->pos;
		stage->has_slot = true;
		break;
	case PATCH_LE:
	case PATCH_BE:
		naive_put(bytes + stage->slot_pos, stage->pos - stage->slot_pos - 2, 2,
			op->kind == PATCH_BE);
		break;
	}
	stage->pos += op->n;
}

static bool
is_possible(const struct stage *stage, uint32_t cap, const struct op *op)
{
	if (op->kind == PATCH_LE || op->kind == PATCH_BE)
		return stage->has_slot;
	return op->n <= cap - stage->pos;
}

/* One operation on both, from the state *from to the state *to. */
static void
step(const struct stage *from, struct stage *to, uint32_t cap, const struct op *op)
{
	uint8_t *area = guard.end - cap - BEFORE_BYTES;

	*to = *from;
	memcpy(area, from->expected, BEFORE_BYTES + cap);
	apply(&to->writer, &to->slot, op);
	naive_apply(to, to->expected + BEFORE_BYTES, op);
	assert_memory_equal(area, to->expected, BEFORE_BYTES + cap);
	assert_int_equal(fp_writer_written(&to->writer), to->pos);
	assert_int_equal(fp_writer_room(&to->writer), cap - to->pos);
}

/* Walk the tree of all possible sequences; stages[d] is the state after d operations. */
static uint32_t
walk(uint32_t cap)
{
	struct stage stages[DEPTH_MAX + 1];
	size_t path[DEPTH_MAX] = { 0 };
	uint32_t steps = 0;
	int depth = 0;

	memset(&stages[0], 0, sizeof(stages[0]));
	memset(stages[0].expected, 0xee, AREA_BYTES);
	stages[0].writer = fp_writer_open(fp_span_over(guard.end - cap, cap));
	while (depth >= 0) {
		if (path[depth] == COUNT(ops)) {
			if (--depth >= 0)
				path[depth]++;
			continue;
		}
		if (!is_possible(&stages[depth], cap, &ops[path[depth]])) {
			path[depth]++;
			continue;
		}
		step(&stages[depth], &stages[depth + 1], cap, &ops[path[depth]]);
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
every_sequence_of_four_operations_writes_what_a_naive_writer_writes(void **state)
{
	uint32_t steps = 0;

	(void)state;
	for (uint32_t cap = 0; cap <= CAP_MAX; cap++)
		steps += walk(cap);
	assert_true(steps > 100000);
}

/* What a child does. */
struct request {
	struct fp_writer writer;
	struct fp_length_slot slot;
	struct op op;
};

static void
write_it(void *arg)
{
	struct request *request = arg;

	apply(&request->writer, &request->slot, &request->op);
}

static void
writing_more_than_there_is_room_for_panics_and_says_how_much(void **state)
{
	uint8_t area[24];
	char text[64];

	(void)state;
	for (size_t i = 0; i < COUNT(ops); i++) {
		uint32_t room = ops[i].n - 1;
		struct request request = { .op = ops[i] };

		if (ops[i].n == 0)
			continue;
		request.writer = fp_writer_open(fp_span_over(area, 10 + room));
		fp_writer_write_zeros(&request.writer, 10);
		(void)snprintf(text, sizeof(text),
			"writer overrun: %u bytes more, 10 of %u written", ops[i].n, 10 + room);
		ASSERT_PANICS(write_it, &request, text);
	}
}

static void
a_count_that_would_wrap_panics(void **state)
{
	uint8_t area[4];
	struct request request = { fp_writer_open(fp_span_over(area, 4)), { 0 },
		{ WRITE_ZEROS, UINT32_MAX } };

	(void)state;
	fp_writer_write_u8(&request.writer, 1);
	ASSERT_PANICS(write_it, &request, "writer overrun: 4294967295 bytes more, 1 of 4 written");
}

static void
an_empty_span_takes_nothing_but_empty_writes(void **state)
{
	struct request request = { fp_writer_open(fp_span_over(NULL, 0)), { 0 }, { WRITE_LE, 1 } };

	(void)state;
	assert_int_equal(fp_writer_room(&request.writer), 0);
	fp_writer_write_bytes(&request.writer, fp_cspan_over(NULL, 0));
	fp_writer_write_zeros(&request.writer, 0);
	assert_int_equal(fp_writer_written(&request.writer), 0);
	ASSERT_PANICS(write_it, &request, "writer overrun: 1 bytes more, 0 of 0 written");
}

static void
a_slot_holds_lengths_up_to_65535(void **state)
{
	static uint8_t area[70000];
	static const enum kind orders[] = { PATCH_LE, PATCH_BE };

	(void)state;
	for (size_t i = 0; i < COUNT(orders); i++) {
		struct request request = { .op = { orders[i], 0 } };

		request.writer = fp_writer_open(fp_span_over(area, sizeof(area)));
		fp_writer_write_u8(&request.writer, 1);
		request.slot = fp_writer_reserve_u16(&request.writer);
		fp_writer_write_zeros(&request.writer, 0xfffe);
		write_it(&request);
		assert_int_equal(area[orders[i] == PATCH_BE ? 2 : 1], 0xfe);
		assert_int_equal(area[orders[i] == PATCH_BE ? 1 : 2], 0xff);
		fp_writer_write_u8(&request.writer, 1);
		write_it(&request);
		assert_int_equal(area[1], 0xff);
		assert_int_equal(area[2], 0xff);
		fp_writer_write_u8(&request.writer, 1);
		ASSERT_PANICS(write_it, &request, "length slot at 1: 65536 bytes behind it");
	}
}

static void
a_slot_that_the_writer_has_not_reached_panics(void **state)
{
	static const enum kind orders[] = { PATCH_LE, PATCH_BE };
	uint8_t area[32] = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(orders); i++) {
		struct request request = { .op = { orders[i], 0 }, .slot = { 9 } };

		request.writer = fp_writer_open(fp_span_over(area, sizeof(area)));
		fp_writer_write_zeros(&request.writer, 10);
		ASSERT_PANICS(write_it, &request, "length slot at 9");
		request.slot.pos = UINT32_MAX;
		ASSERT_PANICS(write_it, &request, "length slot at 4294967295");
	}
}

static void
slots_may_lie_inside_each_other(void **state)
{
	static const uint8_t expected[] = { 8, 0, 1, 0, 2, 7, 7, 0, 0, 9 };
	uint8_t area[sizeof(expected)];
	struct fp_writer writer = fp_writer_open(fp_span_over(area, sizeof(area)));
	struct fp_length_slot outer = fp_writer_reserve_u16(&writer);
	struct fp_length_slot inner;

	(void)state;
	fp_writer_write_u8(&writer, 1);
	inner = fp_writer_reserve_u16(&writer);
	fp_writer_write_le16(&writer, 0x0707);
	fp_writer_patch_be16(&writer, inner);
	fp_writer_write_zeros(&writer, 2);
	fp_writer_write_u8(&writer, 9);
	fp_writer_patch_le16(&writer, outer);
	assert_memory_equal(area, expected, sizeof(expected));
}

static void
commit_it(void *arg)
{
	struct request *request = arg;

	fp_writer_commit(&request->writer, request->op.n);
}

static void
the_rest_is_filled_and_committed(void **state)
{
	uint8_t area[8] = { 0 };
	struct request request = { fp_writer_open(fp_span_over(area, sizeof(area))), { 0 },
		{ WRITE_ZEROS, 4 } };
	struct fp_span rest;

	(void)state;
	fp_writer_write_u8(&request.writer, 1);
	rest = fp_writer_rest(&request.writer);
	assert_int_equal(rest.len, 7);
	assert_ptr_equal(rest.data, area + 1);
	fp_span_set(rest, 3, 9);
	commit_it(&request);
	assert_int_equal(fp_writer_written(&request.writer), 5);
	assert_int_equal(area[4], 9);
	ASSERT_PANICS(commit_it, &request, "writer overrun: 4 bytes more, 5 of 8 written");
	request.writer = fp_writer_open(fp_span_over(NULL, 0));
	assert_true(fp_span_is_empty(fp_writer_rest(&request.writer)));
}

static void
fill_rest(void *arg)
{
	fp_span_set(*(struct fp_span *)arg, 0, 7);
}

static void
the_rest_of_released_memory_panics_at_level_full_alone(void **state)
{
	uint8_t area[4] = { 0 };
	uint32_t word = 3;
	struct fp_watch watch = { &word, 3 };
	struct request request = { fp_writer_open(fp_span_watched(area, sizeof(area), watch)),
		{ 0 }, { WRITE_ZEROS, 2 } };
	struct fp_span rest;

	(void)state;
	fp_writer_write_u8(&request.writer, 1);
	rest = fp_writer_rest(&request.writer);
	word = 4;
#if FP_LIFETIME == FP_LIFETIME_FULL
	ASSERT_PANICS(fill_rest, &rest, "made under generation 3");
	ASSERT_PANICS(commit_it, &request, "made under generation 3");
	request.op.n = 0;
	ASSERT_PANICS(commit_it, &request, "made under generation 3");
#else
	fill_rest(&rest);
	commit_it(&request);
	assert_int_equal(area[1], 7);
	assert_int_equal(fp_writer_written(&request.writer), 3);
#endif
}

static void
a_writer_of_released_memory_panics_at_level_full_alone(void **state)
{
	uint8_t byte = 0;
	uint32_t word = 3;
	struct fp_watch watch = { &word, 3 };
	struct request request = { fp_writer_open(fp_span_watched(&byte, 1, watch)), { 0 },
		{ WRITE_LE, 1 } };

	(void)state;
	word = 4;
#if FP_LIFETIME == FP_LIFETIME_FULL
	ASSERT_PANICS(write_it, &request, "made under generation 3");
#else
	write_it(&request);
	assert_int_equal(byte, 0x88);
#endif
}

static int
map_guard(void **state)
{
	(void)state;
	return fp_test_guard_create(&guard, AREA_BYTES);
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
		cmocka_unit_test(
			every_sequence_of_four_operations_writes_what_a_naive_writer_writes),
		cmocka_unit_test(writing_more_than_there_is_room_for_panics_and_says_how_much),
		cmocka_unit_test(a_count_that_would_wrap_panics),
		cmocka_unit_test(an_empty_span_takes_nothing_but_empty_writes),
		cmocka_unit_test(a_slot_holds_lengths_up_to_65535),
		cmocka_unit_test(a_slot_that_the_writer_has_not_reached_panics),
		cmocka_unit_test(slots_may_lie_inside_each_other),
		cmocka_unit_test(the_rest_is_filled_and_committed),
		cmocka_unit_test(the_rest_of_released_memory_panics_at_level_full_alone),
		cmocka_unit_test(a_writer_of_released_memory_panics_at_level_full_alone),
	};

	return cmocka_run_group_tests_name("fp_writer", tests, map_guard, unmap_guard);
}
