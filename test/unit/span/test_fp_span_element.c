/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Elements of views: their bounds, casts to whole and aligned ones, distances in elements.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "element_types.h"
#include "fp_span_element.h"
#include "fp_test_panic.h"

#define AREA 64

static _Alignas(8) uint8_t area[AREA];

/* What a child does. */
struct request {
	const struct element_type *type;
	struct fp_span span;
	uint32_t index;
};

static void
get_element(void *arg)
{
	struct request *request = arg;

	(void)request->type->get(fp_span_const(request->span), request->index);
}

static void
set_element(void *arg)
{
	struct request *request = arg;

	request->type->set(request->span, request->index, 1);
}

static void
elements_are_read_and_written_at_every_alignment(void **state)
{
	(void)state;
	for (size_t i = 0; i < ELEMENT_TYPES; i++) {
		const struct element_type *type = element_types[i];

		for (uint32_t align = 0; align < 8; align++) {
			struct fp_span span = fp_span_over(area + 8 + align, 4 * type->bytes);

			for (uint32_t index = 0; index < 4; index++) {
				int64_t value = -2 - (int64_t)index;
				uint8_t expected[AREA];
				int64_t back;

				memset(area, 0x77, AREA);
				memset(expected, 0x77, AREA);
				(void)element_put(type,
					expected + 8 + align + (size_t)index * type->bytes, &value,
					1);
				type->set(span, index, value);
				assert_memory_equal(area, expected, AREA);
				element_take(type,
					expected + 8 + align + (size_t)index * type->bytes, &back,
					1);
				assert_true(type->get(fp_span_const(span), index) == back);
			}
		}
	}
}

/* Also those whose number times the size is a small number in 32 bits. */
static void
an_element_out_of_bounds_panics(void **state)
{
	char text[120];

	(void)state;
	for (size_t i = 0; i < ELEMENT_TYPES; i += 2) {
		const struct element_type *type = element_types[i];
		uint32_t tail = type->bytes - 1;
		uint32_t len = 2 * type->bytes + tail;
		uint32_t indexes[] = { 2, 3, UINT32_MAX, 0x80000000, 0x40000000, 0x20000000 };
		struct request request = { type, fp_span_over(area, len), 0 };

		for (size_t k = 0; k < sizeof(indexes) / sizeof(indexes[0]); k++) {
			request.index = indexes[k];
			(void)snprintf(text, sizeof(text),
				"element %u of %u bytes each in a view of %u bytes, which has 2 of",
				indexes[k], type->bytes, len);
			ASSERT_PANICS(get_element, &request, text);
			ASSERT_PANICS(set_element, &request, text);
		}
		request.span = fp_span_over(NULL, 0);
		request.index = 0;
		ASSERT_PANICS(get_element, &request, "in a view of 0 bytes, which has 0 of");
	}
}

static void
a_cast_rounds_down_and_asks_for_alignment(void **state)
{
	(void)state;
	for (uint32_t bytes = 1; bytes <= 8; bytes *= 2) {
		for (uint32_t align = 0; align < 16; align++) {
			for (uint32_t len = 0; len <= 20; len++) {
				struct fp_cspan out = fp_cspan_over(area, 1);
				struct fp_span writable = fp_span_over(area, 1);
				struct fp_span span = fp_span_over(area + align, len);
				bool is_aligned = align % bytes == 0;
				int error = fp_cspan_cast(fp_span_const(span), bytes, &out);

				assert_int_equal(error, is_aligned ? 0 : -EINVAL);
				assert_int_equal(fp_span_cast(span, bytes, &writable), error);
				assert_int_equal(out.len, is_aligned ? len / bytes * bytes : 1);
				assert_ptr_equal(out.data, is_aligned ? area + align : area);
				assert_true(fp_cspan_same(out, fp_span_const(writable)));
			}
		}
	}
}

static void
a_cast_to_what_is_no_width_is_refused(void **state)
{
	static const uint32_t sizes[] = { 0, 3, 5, 6, 7, 9, 16, 0x80000000, UINT32_MAX };
	struct fp_cspan out = fp_cspan_over(area, 1);

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		assert_int_equal(fp_cspan_cast(fp_cspan_over(area, AREA), sizes[i], &out), -EINVAL);
		assert_int_equal(out.len, 1);
	}
	assert_int_equal(fp_cspan_cast(fp_cspan_over(NULL, 0), 8, &out), 0);
	assert_null(out.data);
	assert_int_equal(out.len, 0);
}

static void
the_distance_of_overlapping_views_is_one_of_elements(void **state)
{
	(void)state;
	for (uint32_t bytes = 1; bytes <= 9; bytes++) {
		for (uint32_t from = 0; from < 32; from++) {
			struct fp_cspan a = fp_cspan_over(area, 31);
			struct fp_cspan b = fp_cspan_over(area + from, 20);
			uint32_t whole = 31 / bytes * bytes;
			bool overlap = true;
			int64_t offset = 77;
			int error = fp_cspan_overlap_offset(a, b, bytes, &overlap, &offset);

			assert_int_equal(error, from < whole && from % bytes != 0 ? -EINVAL : 0);
			if (error != 0) {
				assert_true(overlap);
				assert_int_equal(offset, 77);
				continue;
			}
			assert_int_equal(overlap, from < whole);
			assert_int_equal(offset, from < whole ? from / bytes : 0);
			assert_int_equal(
				fp_cspan_overlap_offset(b, a, bytes, &overlap, &offset), 0);
			assert_int_equal(offset, from < whole ? -(int64_t)(from / bytes) : 0);
		}
	}
}

static void
an_element_of_no_bytes_is_refused(void **state)
{
	struct fp_cspan view = fp_cspan_over(area, 8);
	bool overlap = false;
	int64_t offset = 77;

	(void)state;
	assert_int_equal(fp_cspan_overlap_offset(view, view, 0, &overlap, &offset), -EINVAL);
	assert_int_equal(offset, 77);
	/* Of elements longer than the views there are none to overlap. */
	assert_int_equal(fp_cspan_overlap_offset(view, view, UINT32_MAX, &overlap, &offset), 0);
	assert_false(overlap);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_are_read_and_written_at_every_alignment),
		cmocka_unit_test(an_element_out_of_bounds_panics),
		cmocka_unit_test(a_cast_rounds_down_and_asks_for_alignment),
		cmocka_unit_test(a_cast_to_what_is_no_width_is_refused),
		cmocka_unit_test(the_distance_of_overlapping_views_is_one_of_elements),
		cmocka_unit_test(an_element_of_no_bytes_is_refused),
	};

	return cmocka_run_group_tests_name("fp_span_element", tests, NULL, NULL);
}
