/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Views against 64-bit arithmetic, and loads and stores against ones that go byte by byte.
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

#include "fp_endian.h"
#include "fp_span.h"
#include "fp_test_panic.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define VIEW_BYTES 12

/* Numbers whose sums and differences wrap, and those at the edges of a view of 12 bytes. */
static const uint32_t edges[] = { 0, 1, 2, 5, 11, 12, 13, 0x7fffffff, 0x80000000, 0x80000001,
	UINT32_MAX - 12, UINT32_MAX - 11, UINT32_MAX - 1, UINT32_MAX };

static uint8_t bytes[VIEW_BYTES] = { 3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8 };

/* xorshift: the same values in every run */
static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

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
			int error = fp_cspan_try_slice(
				fp_cspan_over(bytes, VIEW_BYTES), edges[i], edges[j], &out);

			assert_int_equal(error, is_inside ? 0 : -ERANGE);
			assert_ptr_equal(out.data, is_inside ? bytes + edges[i] : before.data);
			assert_int_equal(out.len, is_inside ? edges[j] : before.len);
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

/* F(name, type, bytes, is_big): every load with its store. */
#define WIDTHS(F)                   \
	F(le16, uint16_t, 2, false) \
	F(le32, uint32_t, 4, false) \
	F(le64, uint64_t, 8, false) \
	F(be16, uint16_t, 2, true)  \
	F(be32, uint32_t, 4, true)  \
	F(be48, uint64_t, 6, true)  \
	F(be64, uint64_t, 8, true)

#define CALLS(name, type, bytes, is_big)                   \
	static uint64_t load_##name(const void *from)      \
	{                                                  \
		return fp_load_##name(from);               \
	}                                                  \
	static void store_##name(void *to, uint64_t value) \
	{                                                  \
		fp_store_##name(to, (type)value);          \
	}

WIDTHS(CALLS)

static const struct {
	const char *name;
	uint64_t (*load)(const void *from);
	void (*store)(void *to, uint64_t value);
	unsigned int bytes;
	bool is_big;
} widths[] = {
#define ROW(name, type, bytes, is_big) { #name, load_##name, store_##name, bytes, is_big },
	WIDTHS(ROW)
};

/* Number of the byte at place i that holds the bits from 8 * number on. */
static unsigned int
byte_number(unsigned int i, unsigned int count, bool is_big)
{
	return is_big ? count - 1 - i : i;
}

static void
check_width(size_t width, unsigned int align, uint64_t value)
{
	_Alignas(8) uint8_t area[24];
	_Alignas(8) uint8_t expected[24];
	unsigned int count = widths[width].bytes;
	uint64_t low = count == 8 ? value : value & ((UINT64_C(1) << 8 * count) - 1);

	memset(area, 0xc3, sizeof(area));
	memset(expected, 0xc3, sizeof(expected));
	for (unsigned int i = 0; i < count; i++) {
		expected[8 + align + i] =
			(uint8_t)(value >> 8 * byte_number(i, count, widths[width].is_big));
	}
	widths[width].store(area + 8 + align, value);
	assert_memory_equal(area, expected, sizeof(area));
	assert_true(widths[width].load(expected + 8 + align) == low);
}

static void
loads_and_stores_are_those_of_single_bytes_at_every_alignment(void **state)
{
	static const uint64_t values[] = { 0, 1, 0x80, 0xff00, UINT64_C(0x0102030405060708),
		UINT64_C(0x8070605040302010), UINT64_C(0x8000000000000000), UINT64_MAX };
	uint64_t seed = 4;

	(void)state;
	for (size_t width = 0; width < COUNT(widths); width++) {
		for (unsigned int align = 0; align < 8; align++) {
			for (size_t i = 0; i < COUNT(values); i++)
				check_width(width, align, values[i]);
			for (int i = 0; i < 200; i++)
				check_width(width, align, next_random(&seed));
		}
	}
}

static void
loads_and_stores_stay_inside_their_bytes(void **state)
{
	struct fp_test_guard guard;

	(void)state;
	assert_int_equal(fp_test_guard_create(&guard, 8), 0);
	for (size_t width = 0; width < COUNT(widths); width++) {
		uint8_t *at = guard.end - widths[width].bytes;

		widths[width].store(at, UINT64_C(0x1122334455667788));
		assert_true(widths[width].load(at) != 0);
	}
	fp_test_guard_destroy(&guard);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_view_is_two_words_below_level_full),
		cmocka_unit_test(every_slice_inside_shows_its_bytes),
		cmocka_unit_test(slice_out_of_bounds_panics_and_says_the_bounds),
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
		cmocka_unit_test(loads_and_stores_are_those_of_single_bytes_at_every_alignment),
		cmocka_unit_test(loads_and_stores_stay_inside_their_bytes),
	};

	return cmocka_run_group_tests_name("fp_span", tests, NULL, NULL);
}
