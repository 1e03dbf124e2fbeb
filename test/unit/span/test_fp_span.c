/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Views against 64-bit arithmetic.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "fp_span.h"
#include "fp_test_panic.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define VIEW_BYTES 12

/* Numbers whose sums and differences wrap, and those at the edges of a view of 12 bytes. */
static const uint32_t edges[] = { 0, 1, 2, 5, 11, 12, 13, 0x7fffffff, 0x80000000, 0x80000001,
	UINT32_MAX - 12, UINT32_MAX - 11, UINT32_MAX - 1, UINT32_MAX };

static uint8_t bytes[VIEW_BYTES] = { 3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8 };

/* What a child does with a view. */
struct request {
	uint32_t start;
	uint32_t count;
	struct fp_span span;
};

static void
slice(void *arg)
{
	struct request *request = arg;

	(void)fp_span_slice(request->span, request->start, request->count);
}

static void
slice_const(void *arg)
{
	struct request *request = arg;

	(void)fp_cspan_slice(fp_span_const(request->span), request->start, request->count);
}

static void
slice_rest(void *arg)
{
	struct request *request = arg;

	(void)fp_span_slice_from(request->span, request->start);
}

static void
slice_rest_const(void *arg)
{
	struct request *request = arg;

	(void)fp_cspan_slice_from(fp_span_const(request->span), request->start);
}

static void
write_at(void *arg)
{
	struct request *request = arg;

	fp_span_set(request->span, request->start, 1);
}

static void
read_writable_at(void *arg)
{
	struct request *request = arg;

	(void)fp_span_at(request->span, request->start);
}

static void
view_nothing(void *arg)
{
	struct request *request = arg;

	(void)fp_span_over(NULL, request->count);
}

static void
view_nothing_const(void *arg)
{
	struct request *request = arg;

	(void)fp_cspan_over(NULL, request->count);
}

static void
take_part(void *arg)
{
	struct request *request = arg;

	(void)fp_span_part(request->span, fp_cspan_over(bytes + request->start, request->count));
}

static void
read_at(void *arg)
{
	struct request *request = arg;

	(void)fp_cspan_at(fp_span_const(request->span), request->start);
}

static void
a_view_is_two_words_below_level_full(void **state)
{
	(void)state;
#if FP_LIFETIME == FP_LIFETIME_FULL
	assert_int_equal(sizeof(struct fp_span), 16 + sizeof(struct fp_watch));
#else
	assert_int_equal(sizeof(struct fp_span), 16);
#endif
	assert_int_equal(sizeof(struct fp_cspan), sizeof(struct fp_span));
}

static void
every_slice_inside_shows_its_bytes(void **state)
{
	(void)state;
	for (uint32_t start = 0; start <= VIEW_BYTES; start++) {
		for (uint32_t count = 0; count <= VIEW_BYTES - start; count++) {
			struct fp_span span = fp_span_over(bytes, VIEW_BYTES);
			struct fp_span cut = fp_span_slice(span, start, count);
			struct fp_cspan same = fp_cspan_slice(fp_span_const(span), start, count);

			assert_ptr_equal(cut.data, bytes + start);
			assert_int_equal(cut.len, count);
			assert_ptr_equal(same.data, bytes + start);
			assert_int_equal(same.len, count);
			for (uint32_t i = 0; i < count; i++)
				assert_int_equal(fp_cspan_at(same, i), bytes[start + i]);
		}
	}
}

static void
slice_out_of_bounds_panics_and_says_the_bounds(void **state)
{
	static const uint32_t outside[][2] = { { 0, 13 }, { 13, 0 }, { 12, 1 }, { 1, 12 },
		{ UINT32_MAX, 0 }, { UINT32_MAX, 1 }, { 1, UINT32_MAX }, { 12, UINT32_MAX },
		{ UINT32_MAX, UINT32_MAX }, { 0x80000000, 0x80000000 }, { UINT32_MAX - 11, 12 } };
	char text[80];

	(void)state;
	for (size_t i = 0; i < COUNT(outside); i++) {
		struct request request = { outside[i][0], outside[i][1],
			fp_span_over(bytes, VIEW_BYTES) };

		(void)snprintf(text, sizeof(text), "slice [%u, +%u) of a view of 12 bytes",
			request.start, request.count);
		ASSERT_PANICS(slice, &request, text);
		ASSERT_PANICS(slice_const, &request, text);
	}
}

static void
slices_to_the_end_begin_anywhere_in_the_view(void **state)
{
	struct request request = { 0, 0, fp_span_over(bytes, VIEW_BYTES) };
	char text[80];

	(void)state;
	for (size_t i = 0; i < COUNT(edges); i++) {
		request.start = edges[i];
		if (edges[i] <= VIEW_BYTES) {
			struct fp_span rest = fp_span_slice_from(request.span, edges[i]);

			assert_ptr_equal(rest.data, bytes + edges[i]);
			assert_int_equal(rest.len, VIEW_BYTES - edges[i]);
			assert_true(fp_cspan_same(fp_span_const(rest),
				fp_cspan_slice_from(fp_span_const(request.span), edges[i])));
			continue;
		}
		(void)snprintf(
			text, sizeof(text), "slice [%u, +0) of a view of 12 bytes", edges[i]);
		ASSERT_PANICS(slice_rest, &request, text);
		ASSERT_PANICS(slice_rest_const, &request, text);
	}
}

static void
only_an_empty_view_has_no_address(void **state)
{
	struct request request = { 0, 1, { 0 } };

	(void)state;
	ASSERT_PANICS(view_nothing, &request, "a view of 1 bytes at NULL");
	request.count = UINT32_MAX;
	ASSERT_PANICS(view_nothing_const, &request, "a view of 4294967295 bytes at NULL");
	assert_true(fp_span_is_empty(fp_span_over(NULL, 0)));
	assert_true(fp_cspan_is_empty(fp_cspan_over(bytes, 0)));
	assert_false(fp_span_is_empty(fp_span_over(bytes, 1)));
	assert_false(fp_cspan_is_empty(fp_cspan_over(bytes, 1)));
}

static void
views_are_the_same_by_address_and_length(void **state)
{
	static const uint8_t copy[VIEW_BYTES] = { 3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8 };
	struct fp_cspan view = fp_cspan_over(bytes, VIEW_BYTES);

	(void)state;
	assert_true(fp_cspan_same(view, view));
	assert_true(fp_cspan_same(view, fp_cspan_slice(view, 0, VIEW_BYTES)));
	assert_false(fp_cspan_same(view, fp_cspan_over(copy, VIEW_BYTES)));
	assert_false(fp_cspan_same(view, fp_cspan_slice(view, 0, 11)));
	/* Empty is not the same as without an address, nor is empty elsewhere. */
	assert_false(fp_cspan_same(fp_cspan_over(NULL, 0), fp_cspan_over(bytes, 0)));
	assert_false(fp_cspan_same(fp_cspan_over(bytes, 0), fp_cspan_over(bytes + 1, 0)));
	assert_true(fp_cspan_same(fp_cspan_over(NULL, 0), fp_cspan_over(NULL, 0)));
}

static void
a_part_is_writable_where_the_whole_is(void **state)
{
	struct fp_span whole = fp_span_over(bytes + 2, 8);
	struct request request = { 1, 3, whole };

	(void)state;
	for (uint32_t start = 0; start <= 8; start++) {
		for (uint32_t count = 0; count <= 8 - start; count++) {
			struct fp_span part =
				fp_span_part(whole, fp_cspan_over(bytes + 2 + start, count));

			assert_ptr_equal(part.data, bytes + 2 + start);
			assert_int_equal(part.len, count);
		}
	}
	ASSERT_PANICS(take_part, &request, "of a view of 8 bytes");
	request.start = 8;
	ASSERT_PANICS(take_part, &request, "of a view of 8 bytes");
	request.start = 2;
	request.count = 9;
	ASSERT_PANICS(take_part, &request, "of a view of 8 bytes");
}

/* One view against all others, byte by byte. */
static void
check_overlaps(uint32_t start, uint32_t len)
{
	struct fp_cspan view = fp_cspan_over(bytes + start, len);

	for (uint32_t other = 0; other < 6; other++) {
		for (uint32_t other_len = 0; other_len <= 6; other_len++) {
			uint32_t both = 0;

			for (uint32_t i = 0; i < VIEW_BYTES; i++)
				both += i - start < len && i - other < other_len;
			assert_int_equal(
				fp_cspan_overlaps(view, fp_cspan_over(bytes + other, other_len)),
				both != 0);
		}
	}
}

static void
views_overlap_when_they_share_a_byte(void **state)
{
	(void)state;
	for (uint32_t start = 0; start < 6; start++) {
		for (uint32_t len = 0; len <= 6; len++)
			check_overlaps(start, len);
	}
	assert_false(fp_cspan_overlaps(fp_cspan_over(NULL, 0), fp_cspan_over(bytes, 1)));
}

static void
a_byte_is_written_where_it_is_read(void **state)
{
	uint8_t area[5] = { 9, 9, 9, 9, 9 };
	struct fp_span span = fp_span_over(area + 1, 3);
	struct request request = { 3, 0, span };

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		fp_span_set(span, i, (uint8_t)(i + 1));
		assert_int_equal(fp_span_at(span, i), i + 1);
	}
	assert_memory_equal(area, "\x09\x01\x02\x03\x09", 5);
	ASSERT_PANICS(write_at, &request, "slice [3, +1) of a view of 3 bytes");
	ASSERT_PANICS(read_writable_at, &request, "slice [3, +1) of a view of 3 bytes");
	request.start = UINT32_MAX;
	ASSERT_PANICS(write_at, &request, "slice [4294967295, +1) of a view of 3 bytes");
}

static void
a_byte_out_of_bounds_panics(void **state)
{
	struct request request = { 12, 0, fp_span_over(bytes, VIEW_BYTES) };

	(void)state;
	assert_int_equal(fp_cspan_at(fp_span_const(request.span), 11), 8);
	ASSERT_PANICS(read_at, &request, "slice [12, +1) of a view of 12 bytes");
	request.start = UINT32_MAX;
	ASSERT_PANICS(read_at, &request, "slice [4294967295, +1) of a view of 12 bytes");
	request.start = 0;
	request.span = fp_span_over(NULL, 0);
	ASSERT_PANICS(read_at, &request, "slice [0, +1) of a view of 0 bytes");
}

static void
try_slice_succeeds_exactly_inside_the_view(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(edges); i++) {
		for (size_t j = 0; j < COUNT(edges); j++) {
			bool is_inside = (uint64_t)edges[i] + edges[j] <= VIEW_BYTES;
			struct fp_cspan out = fp_cspan_over("before", 6);
			struct fp_cspan before = out;
			struct fp_span writable = fp_span_over(bytes, 1);
			int error = fp_cspan_try_slice(
				fp_cspan_over(bytes, VIEW_BYTES), edges[i], edges[j], &out);

			assert_int_equal(error, is_inside ? 0 : -ERANGE);
			assert_ptr_equal(out.data, is_inside ? bytes + edges[i] : before.data);
			assert_int_equal(out.len, is_inside ? edges[j] : before.len);
			assert_int_equal(fp_span_try_slice(fp_span_over(bytes, VIEW_BYTES),
						 edges[i], edges[j], &writable),
				error);
			assert_ptr_equal(writable.data, is_inside ? out.data : bytes);
			assert_int_equal(writable.len, is_inside ? out.len : 1);
		}
	}
}

static void
the_longest_view_is_sliced_to_its_last_byte(void **state)
{
	void *map = mmap(
		NULL, UINT32_MAX, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct fp_cspan view = fp_cspan_over(map, UINT32_MAX);
	struct fp_cspan out;

	(void)state;
	if (map == MAP_FAILED) {
		print_message("# 4 GiB of addresses are not to be had: not tested\n");
		return;
	}
	out = fp_cspan_slice(view, UINT32_MAX - 1, 1);
	assert_ptr_equal(out.data, (const uint8_t *)map + UINT32_MAX - 1);
	assert_int_equal(fp_cspan_try_slice(view, UINT32_MAX, 0, &out), 0);
	assert_int_equal(fp_cspan_try_slice(view, UINT32_MAX, 1, &out), -ERANGE);
	assert_int_equal(fp_cspan_try_slice(view, 1, UINT32_MAX, &out), -ERANGE);
	assert_int_equal(fp_cspan_try_slice(view, 0, UINT32_MAX, &out), 0);
	assert_int_equal(munmap(map, UINT32_MAX), 0);
}

static void
an_empty_view_without_an_address_is_a_view(void **state)
{
	struct fp_span none = fp_span_over(NULL, 0);
	struct fp_cspan out = fp_cspan_over(bytes, 1);

	(void)state;
	assert_null(fp_span_slice(none, 0, 0).data);
	assert_int_equal(fp_cspan_try_slice(fp_span_const(none), 0, 0, &out), 0);
	assert_null(out.data);
	assert_int_equal(out.len, 0);
	assert_int_equal(fp_cspan_try_slice(fp_span_const(none), 0, 1, &out), -ERANGE);
	assert_int_equal(fp_cspan_try_slice(fp_span_const(none), 1, 0, &out), -ERANGE);
}

static void
views_are_equal_by_length_and_bytes_alone(void **state)
{
	uint8_t left[20];
	uint8_t right[21];

	(void)state;
	assert_true(fp_cspan_equal(fp_cspan_over(NULL, 0), fp_cspan_over(bytes, 0)));
	assert_true(fp_cspan_equal(fp_cspan_over(NULL, 0), fp_cspan_over(NULL, 0)));
	assert_false(fp_cspan_equal(fp_cspan_over(NULL, 0), fp_cspan_over(bytes, 1)));
	for (uint32_t len = 1; len <= 20; len++) {
		memset(left, 0x5a, sizeof(left));
		memset(right, 0x5a, sizeof(right));
		assert_true(fp_cspan_equal(fp_cspan_over(left, len), fp_cspan_over(right, len)));
		assert_false(
			fp_cspan_equal(fp_cspan_over(left, len), fp_cspan_over(right, len + 1)));
		assert_false(
			fp_cspan_equal(fp_cspan_over(left, len - 1), fp_cspan_over(right, len)));
		for (uint32_t i = 0; i < len; i++) {
			right[i] ^= 1;
			assert_false(fp_cspan_equal(
				fp_cspan_over(left, len), fp_cspan_over(right, len)));
			right[i] ^= 1;
		}
	}
}

static void
an_overlapping_copy_is_the_copy_of_what_was_there(void **state)
{
	uint8_t area[16];
	uint8_t expected[16];
	uint8_t original[16];

	(void)state;
	for (uint8_t i = 0; i < 16; i++)
		original[i] = (uint8_t)(i * 7 + 1);
	for (uint32_t from = 0; from < 16; from++) {
		for (uint32_t to = 0; to < 16; to++) {
			uint32_t most = 16 - (from > to ? from : to);

			for (uint32_t len = 0; len <= most; len++) {
				memcpy(area, original, 16);
				memcpy(expected, original, 16);
				for (uint32_t i = 0; i < len; i++)
					expected[to + i] = original[from + i];
				/* Room beyond the bytes stays as it was. */
				assert_int_equal(fp_cspan_try_copy(fp_cspan_over(area + from, len),
							 fp_span_over(area + to, 16 - to)),
					0);
				assert_memory_equal(area, expected, 16);
			}
		}
	}
}

static void
a_copy_into_too_little_room_writes_nothing(void **state)
{
	uint8_t to[VIEW_BYTES];
	uint8_t before[VIEW_BYTES];

	(void)state;
	memset(to, 0xee, sizeof(to));
	memcpy(before, to, sizeof(to));
	for (uint32_t room = 0; room < VIEW_BYTES; room++) {
		assert_int_equal(
			fp_cspan_try_copy(fp_cspan_over(bytes, VIEW_BYTES), fp_span_over(to, room)),
			-ERANGE);
		assert_memory_equal(to, before, sizeof(to));
	}
	assert_int_equal(
		fp_cspan_try_copy(fp_cspan_over(bytes, 1), fp_span_over(NULL, 0)), -ERANGE);
	assert_int_equal(fp_cspan_try_copy(fp_cspan_over(NULL, 0), fp_span_over(NULL, 0)), 0);
	assert_int_equal(fp_cspan_try_copy(fp_cspan_over(NULL, 0), fp_span_over(to, 3)), 0);
	assert_memory_equal(to, before, sizeof(to));
	assert_int_equal(
		fp_cspan_try_copy(fp_cspan_over(bytes, VIEW_BYTES), fp_span_over(to, VIEW_BYTES)),
		0);
	assert_memory_equal(to, bytes, VIEW_BYTES);
}

#if FP_LIFETIME == FP_LIFETIME_FULL
static void
compare(void *arg)
{
	struct request *request = arg;

	(void)fp_cspan_equal(fp_cspan_over(bytes, 1), fp_span_const(request->span));
}

static void
copy_from(void *arg)
{
	struct request *request = arg;
	uint8_t to[VIEW_BYTES];

	(void)!fp_cspan_try_copy(fp_span_const(request->span), fp_span_over(to, VIEW_BYTES));
}

static void
copy_to(void *arg)
{
	struct request *request = arg;

	(void)!fp_cspan_try_copy(fp_cspan_over(bytes, 1), request->span);
}

static void
a_view_whose_watch_moved_on_panics_at_each_access(void **state)
{
	static const char late[] = "a view is used too late: it was made under generation 7, the "
				   "memory is now at generation 8";
	uint32_t word = 7;
	struct fp_watch watch = { &word, 7 };
	struct request request = { 0, 1, fp_span_watched(bytes, VIEW_BYTES, watch) };

	(void)state;
	read_at(&request);
	compare(&request);
	copy_from(&request);
	request.span = fp_span_slice(request.span, 2, 3);
	word = 8;
	ASSERT_PANICS(read_at, &request, late);
	ASSERT_PANICS(compare, &request, late);
	ASSERT_PANICS(copy_from, &request, late);
	ASSERT_PANICS(copy_to, &request, late);
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_view_is_two_words_below_level_full),
		cmocka_unit_test(every_slice_inside_shows_its_bytes),
		cmocka_unit_test(slice_out_of_bounds_panics_and_says_the_bounds),
		cmocka_unit_test(slices_to_the_end_begin_anywhere_in_the_view),
		cmocka_unit_test(only_an_empty_view_has_no_address),
		cmocka_unit_test(views_are_the_same_by_address_and_length),
		cmocka_unit_test(a_part_is_writable_where_the_whole_is),
		cmocka_unit_test(views_overlap_when_they_share_a_byte),
		cmocka_unit_test(a_byte_is_written_where_it_is_read),
		cmocka_unit_test(a_byte_out_of_bounds_panics),
		cmocka_unit_test(try_slice_succeeds_exactly_inside_the_view),
		cmocka_unit_test(the_longest_view_is_sliced_to_its_last_byte),
		cmocka_unit_test(an_empty_view_without_an_address_is_a_view),
		cmocka_unit_test(views_are_equal_by_length_and_bytes_alone),
		cmocka_unit_test(an_overlapping_copy_is_the_copy_of_what_was_there),
		cmocka_unit_test(a_copy_into_too_little_room_writes_nothing),
#if FP_LIFETIME == FP_LIFETIME_FULL
		cmocka_unit_test(a_view_whose_watch_moved_on_panics_at_each_access),
#endif
	};

	return cmocka_run_group_tests_name("fp_span", tests, NULL, NULL);
}
