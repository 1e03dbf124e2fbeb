/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * At level full every function that touches memory through a view panics when the memory has gone;
 * through an empty view nothing is touched. Below that level nothing is checked.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "element_types.h"
#include "fp_span_compare.h"
#include "fp_span_copy.h"
#include "fp_span_element.h"
#include "fp_span_endian.h"
#include "fp_span_sequence.h"
#include "fp_test_panic.h"
#include "fp_test_skip.h"

#define LEN 48

static _Alignas(8) uint8_t bytes[LEN];
static _Alignas(8) uint8_t other_bytes[LEN];

/* A function of one type or of none, called with a view under a watch and one without. */
struct call {
	const struct element_type *type;
	struct search search;
	enum trim_side side;
	struct fp_span span;  /* the view that is watched */
	struct fp_span other; /* the other one, where there are two */
};

static void
find(void *arg)
{
	struct call *call = arg;

	(void)call->type->find(fp_span_const(call->span), &call->search);
}

/* In a set, or for a sequence, that is watched. */
static void
find_watched(void *arg)
{
	struct call *call = arg;

	call->search.set = fp_span_const(call->span);
	(void)call->type->find(fp_span_const(call->other), &call->search);
}

#define TYPED_CALLS(F)                                                       \
	F(contains, (void)call->type->contains(watched, 1))                  \
	F(count, (void)call->type->count(watched, 1))                        \
	F(count_in, (void)call->type->count_sequence(watched, other))        \
	F(count_of, (void)call->type->count_sequence(other, watched))        \
	F(trim, (void)call->type->trim(watched, call->side, 1))              \
	F(trim_of, (void)call->type->trim_set(watched, call->side, other))   \
	F(trim_by, (void)call->type->trim_set(other, call->side, watched))   \
	F(compare, (void)call->type->compare(watched, other))                \
	F(compare_to, (void)call->type->compare(other, watched))             \
	F(common_prefix, (void)call->type->common_prefix(watched, other))    \
	F(common_prefix_to, (void)call->type->common_prefix(other, watched)) \
	F(binary_search, (void)call->type->binary_search(watched, 1))        \
	F(fill, call->type->fill(call->span, 1))                             \
	F(reverse, call->type->reverse(call->span))                          \
	F(replace, call->type->replace(call->span, 1, 2))

/* Those that look at the first bytes in any case, so that an empty view panics by its bounds. */
#define BOUNDED_TYPED_CALLS(F)                    \
	F(get, (void)call->type->get(watched, 0)) \
	F(set, call->type->set(call->span, 0, 1))

#define CALLS(F)                                                         \
	F(equal, (void)fp_cspan_equal(watched, other))                   \
	F(equal_to, (void)fp_cspan_equal(other, watched))                \
	F(starts_with, (void)fp_cspan_starts_with(watched, other))       \
	F(start_of, (void)fp_cspan_starts_with(other, watched))          \
	F(ends_with, (void)fp_cspan_ends_with(watched, other))           \
	F(end_of, (void)fp_cspan_ends_with(other, watched))              \
	F(try_copy_from, (void)!fp_cspan_try_copy(watched, call->other)) \
	F(copy_from, fp_cspan_copy(watched, call->other))                \
	F(clear, fp_span_clear(call->span))

#define BOUNDED_CALLS(F)                                                \
	F(at, (void)fp_cspan_at(watched, 0))                            \
	F(at_writable, (void)fp_span_at(call->span, 0))                 \
	F(set_at, fp_span_set(call->span, 0, 1))                        \
	F(try_copy_to, (void)!fp_cspan_try_copy(other, call->span))     \
	F(copy_to, fp_cspan_copy(other, call->span))                    \
	F(read_le16, (void)fp_cspan_read_le16(watched))                 \
	F(read_le32, (void)fp_cspan_read_le32(watched))                 \
	F(read_le64, (void)fp_cspan_read_le64(watched))                 \
	F(read_be16, (void)fp_cspan_read_be16(watched))                 \
	F(read_be32, (void)fp_cspan_read_be32(watched))                 \
	F(read_be64, (void)fp_cspan_read_be64(watched))                 \
	F(write_le16, fp_span_write_le16(call->span, 1))                \
	F(write_le32, fp_span_write_le32(call->span, 1))                \
	F(write_le64, fp_span_write_le64(call->span, 1))                \
	F(write_be16, fp_span_write_be16(call->span, 1))                \
	F(write_be32, fp_span_write_be32(call->span, 1))                \
	F(write_be64, fp_span_write_be64(call->span, 1))                \
	F(try_write_le16, (void)!fp_span_try_write_le16(call->span, 1)) \
	F(try_write_be64, (void)!fp_span_try_write_be64(call->span, 1))

static void
run_try_read(void *arg)
{
	struct call *call = arg;
	uint64_t out;

	(void)!fp_cspan_try_read_be64(fp_span_const(call->span), &out);
}

#define FUNCTION(name, what)                                         \
	static void run_##name(void *arg)                            \
	{                                                            \
		struct call *call = arg;                             \
		struct fp_cspan watched = fp_span_const(call->span); \
		struct fp_cspan other = fp_span_const(call->other);  \
                                                                     \
		(void)watched;                                       \
		(void)other;                                         \
		what;                                                \
	}

TYPED_CALLS(FUNCTION)
BOUNDED_TYPED_CALLS(FUNCTION)
CALLS(FUNCTION)
BOUNDED_CALLS(FUNCTION)

#define NAME(name, what) run_##name,

static const fp_test_call_fn typed_calls[] = { TYPED_CALLS(NAME) };
static const fp_test_call_fn bounded_typed_calls[] = { BOUNDED_TYPED_CALLS(NAME) };
static const fp_test_call_fn calls[] = { CALLS(NAME) run_try_read };
static const fp_test_call_fn bounded_calls[] = { BOUNDED_CALLS(NAME) };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The word that the watch looks at, and what it was when the view was made. */
static uint32_t word;
static unsigned int checked;

/* Call while the memory is there, then when it has gone. */
static void
check_call(fp_test_call_fn function, struct call *call)
{
	call->span.len = LEN;
	word = 7;
	function(call);
	word = 8;
	ASSERT_PANICS(function, call, "a view is used too late: it was made under generation 7");
	checked++;
}

static void
check_empty(fp_test_call_fn function, struct call *call)
{
	word = 8;
	call->span.len = 0;
	function(call);
}

static struct call
watched_call(void)
{
	struct fp_watch watch = { &word, 7 };
	struct call call = { .span = fp_span_watched(bytes, LEN, watch),
		.other = fp_span_over(other_bytes, LEN) };

	memset(bytes, 1, LEN);
	memcpy(other_bytes, bytes, LEN);
	return call;
}

static void
no_search_looks_at_memory_that_has_gone(void **state)
{
	struct call call = watched_call();

	(void)state;
	for (size_t i = 0; i < ELEMENT_TYPES; i++) {
		call.type = element_types[i];
		for (int kind = 0; kind < SEARCH_KINDS; kind++) {
			for (int variant = 0; variant < 4; variant++) {
				call.search.set = fp_span_const(call.other);
				call.search.kind = (enum search_kind)kind;
				call.search.is_last = (variant & 1) != 0;
				call.search.is_except = (variant & 2) != 0;
				if (kind == SEARCH_SEQUENCE && call.search.is_except)
					continue;
				check_call(find, &call);
				check_empty(find, &call);
				if (kind < SEARCH_SET || kind == SEARCH_RANGE)
					continue;
				check_call(find_watched, &call);
				check_empty(find_watched, &call);
			}
		}
	}
	print_message("# %u calls\n", checked);
}

static void
no_function_of_elements_touches_memory_that_has_gone(void **state)
{
	struct call call = watched_call();

	(void)state;
	for (size_t i = 0; i < ELEMENT_TYPES; i++) {
		call.type = element_types[i];
		for (size_t k = 0; k < COUNT(typed_calls); k++) {
			call.side = (enum trim_side)(k % TRIM_SIDES);
			check_call(typed_calls[k], &call);
			check_empty(typed_calls[k], &call);
		}
		for (size_t k = 0; k < COUNT(bounded_typed_calls); k++)
			check_call(bounded_typed_calls[k], &call);
	}
	print_message("# %u calls\n", checked);
}

static void
no_function_of_bytes_touches_memory_that_has_gone(void **state)
{
	struct call call = watched_call();

	(void)state;
	for (size_t k = 0; k < COUNT(calls); k++) {
		check_call(calls[k], &call);
		check_empty(calls[k], &call);
	}
	for (size_t k = 0; k < COUNT(bounded_calls); k++)
		check_call(bounded_calls[k], &call);
	print_message("# %u calls\n", checked);
}

/* What only moves addresses may be asked of a view that is over. */
static void
slices_of_what_has_gone_are_views_that_have_gone(void **state)
{
	struct call call = watched_call();
	struct fp_cspan view;
	bool overlap;
	int64_t offset;

	(void)state;
	word = 8;
	view = fp_cspan_slice_from(fp_span_const(call.span), 8);
	assert_int_equal(fp_cspan_cast(view, 8, &view), 0);
	assert_true(fp_cspan_overlaps(view, fp_span_const(call.span)));
	assert_int_equal(
		fp_cspan_overlap_offset(fp_span_const(call.span), view, 4, &overlap, &offset), 0);
	assert_int_equal(offset, 2);
	assert_false(fp_cspan_same(view, fp_span_const(call.span)));
	call.span = fp_span_part(call.span, view);
	ASSERT_PANICS(run_at, &call, "a view is used too late");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_search_looks_at_memory_that_has_gone),
		cmocka_unit_test(no_function_of_elements_touches_memory_that_has_gone),
		cmocka_unit_test(no_function_of_bytes_touches_memory_that_has_gone),
		cmocka_unit_test(slices_of_what_has_gone_are_views_that_have_gone),
	};

	if (FP_LIFETIME != FP_LIFETIME_FULL) {
		fp_test_skip_all("views carry no watch below lifetime level full");
		return 0;
	}
	return cmocka_run_group_tests_name("span_stale", tests, NULL, NULL);
}
