/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Searches for sequences at the edges, in all words of two letters, and in content that is made to
 * be slow.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "element_types.h"
#include "fp_span_sequence.h"
#include "naive_span.h"

#define PADDING  20 /* more than the attempts before the algorithm for repetitive content */
#define WORD_MAX 6
#define ROW_MAX  (WORD_MAX + 2 * PADDING)

static struct fp_cspan
text(const char *bytes)
{
	return fp_cspan_over(bytes, (uint32_t)strlen(bytes));
}

static void
an_empty_sequence_is_at_the_start_and_at_the_end(void **state)
{
	struct fp_cspan none = fp_cspan_over(NULL, 0);

	(void)state;
	assert_int_equal(fp_cspan_index_of_seq_u8(text("abc"), none), 0);
	assert_int_equal(fp_cspan_last_index_of_seq_u8(text("abc"), none), 3);
	assert_int_equal(fp_cspan_index_of_seq_u8(none, none), 0);
	assert_int_equal(fp_cspan_last_index_of_seq_u8(none, none), 0);
	assert_int_equal(fp_cspan_count_seq_u8(text("abc"), none), 0);
	assert_int_equal(fp_cspan_count_seq_u8(none, none), 0);
	/* So is one that is only a part of an element. */
	assert_int_equal(fp_cspan_index_of_seq_u32(text("abcdefghi"), text("xyz")), 0);
	assert_int_equal(fp_cspan_last_index_of_seq_u32(text("abcdefghi"), text("xyz")), 2);
	assert_int_equal(fp_cspan_count_seq_u32(text("abcdefghi"), text("xyz")), 0);
}

static void
a_sequence_longer_than_the_view_is_not_found(void **state)
{
	(void)state;
	assert_int_equal(fp_cspan_index_of_seq_u8(text("ab"), text("abc")), -1);
	assert_int_equal(fp_cspan_last_index_of_seq_u8(text("ab"), text("abc")), -1);
	assert_int_equal(fp_cspan_index_of_seq_u8(fp_cspan_over(NULL, 0), text("a")), -1);
	assert_int_equal(fp_cspan_count_seq_u8(text("ab"), text("abc")), 0);
	assert_int_equal(fp_cspan_index_of_seq_u8(fp_cspan_over("abc", 2), text("abc")), -1);
	assert_int_equal(fp_cspan_index_of_seq_u16(text("abcde"), text("abcdef")), -1);
}

static void
a_sequence_begins_at_an_element(void **state)
{
	(void)state;
	/* The bytes are there, at an odd place. */
	assert_int_equal(fp_cspan_index_of_seq_u16(text("xabcdx"), text("abcd")), -1);
	assert_int_equal(fp_cspan_last_index_of_seq_u16(text("xabcdx"), text("abcd")), -1);
	assert_int_equal(fp_cspan_index_of_seq_u16(text("xabcdxabcd"), text("abcd")), 3);
	assert_int_equal(fp_cspan_last_index_of_seq_u16(text("abcdxabcd"), text("abcd")), 0);
}

static void
occurrences_are_counted_without_overlaps(void **state)
{
	(void)state;
	assert_int_equal(fp_cspan_count_seq_u8(text("aaaaa"), text("aa")), 2);
	assert_int_equal(fp_cspan_count_seq_u8(text("abababa"), text("aba")), 2);
	assert_int_equal(fp_cspan_count_seq_u8(text("abc"), text("abc")), 1);
	assert_int_equal(fp_cspan_count_seq_u16(text("aabbaabbaa"), text("aabb")), 2);
}

/* One of the four unsigned types. */
static const struct element_type *
unsigned_type(uint32_t number)
{
	return element_types[(size_t)2 * (number % 4)];
}

/* The word whose letters are the bits of a number. */
static void
spell(uint32_t bits, uint32_t count, int64_t *values)
{
	for (uint32_t i = 0; i < count; i++)
		values[i] = 5 + (bits >> i & 1);
}

/* Between rows of its first letter, so that attempts by the first letter are in vain. */
static void
check_word(const struct element_type *type, struct naive_row word, struct naive_row sequence)
{
	int64_t values[ROW_MAX];
	uint8_t bytes[8 * ROW_MAX];
	uint8_t sequence_bytes[8 * WORD_MAX];
	struct naive_row row = { type, values, word.count + (size_t)2 * PADDING };
	struct search search = { .kind = SEARCH_SEQUENCE };
	struct fp_cspan span;

	for (size_t i = 0; i < row.count; i++) {
		bool is_word = i >= PADDING && i - PADDING < word.count;

		values[i] = is_word ? word.values[i - PADDING] : sequence.values[0];
	}
	span = fp_cspan_over(bytes, element_put(type, bytes, values, row.count));
	search.set = fp_cspan_over(
		sequence_bytes, element_put(type, sequence_bytes, sequence.values, sequence.count));
	assert_int_equal(type->find(span, &search), naive_find(row, &search, sequence));
	search.is_last = true;
	assert_int_equal(type->find(span, &search), naive_find(row, &search, sequence));
	assert_int_equal(
		type->count_sequence(span, search.set), naive_count_sequence(row, sequence));
}

static void
every_word_of_two_letters_is_found_in_every_other(void **state)
{
	unsigned int pairs = 0;

	(void)state;
	for (uint32_t count = 1; count <= WORD_MAX; count++) {
		for (uint32_t bits = 0; bits < 1U << WORD_MAX; bits++) {
			for (uint32_t other = 0; other < 1U << count; other++) {
				int64_t word[WORD_MAX];
				int64_t sequence[WORD_MAX];
				const struct element_type *type = unsigned_type(pairs);

				spell(bits, WORD_MAX, word);
				spell(other, count, sequence);
				check_word(type, (struct naive_row){ type, word, WORD_MAX },
					(struct naive_row){ type, sequence, count });
				pairs++;
			}
		}
	}
	print_message("# %u pairs of words\n", pairs);
}

/* Long words that repeat themselves, with and without a flaw. */
static void
long_periodic_sequences_are_found(void **state)
{
	enum {
		COUNT = 400
	};
	static int64_t values[COUNT];
	static uint8_t bytes[8 * COUNT];

	(void)state;
	for (uint32_t period = 1; period <= 40; period++) {
		const struct element_type *type = unsigned_type(period);
		uint32_t len = 3 * period + period / 2;
		struct search search = { .kind = SEARCH_SEQUENCE };
		struct naive_row row = { type, values, COUNT };

		for (uint32_t i = 0; i < COUNT; i++)
			values[i] = i % period == 0 || i % period == period / 3;
		values[COUNT / 2] ^= 1;
		(void)element_put(type, bytes, values, COUNT);
		for (uint32_t start = 0; start + len <= COUNT; start += 7) {
			struct naive_row sequence = { type, values + start, len };

			search.set = fp_cspan_over(
				bytes + (size_t)start * type->bytes, len * type->bytes);
			for (int is_last = 0; is_last < 2; is_last++) {
				search.is_last = is_last != 0;
				assert_int_equal(
					type->find(
						fp_cspan_over(bytes, COUNT * type->bytes), &search),
					naive_find(row, &search, sequence));
			}
		}
	}
}

/* Half a million elements: minutes when each of them costs a comparison of the sequence. */
static void
repetitive_content_takes_no_quadratic_time(void **state)
{
	enum {
		COUNT = 1 << 19,
		LEN = 1 << 17
	};
	uint8_t *area = malloc((size_t)COUNT * 8);
	uint8_t *sequence = malloc((size_t)LEN * 8);

	(void)state;
	assert_non_null(area);
	assert_non_null(sequence);
	for (size_t i = 0; i < ELEMENT_TYPES; i += 2) {
		const struct element_type *type = element_types[i];
		struct fp_span view = fp_span_over(area, COUNT * type->bytes);
		struct fp_span wanted = fp_span_over(sequence, LEN * type->bytes);
		struct search search = { .kind = SEARCH_SEQUENCE, .set = fp_span_const(wanted) };

		for (uint32_t flaw = 0; flaw < LEN; flaw += LEN / 4 - 1) {
			type->fill(view, 1);
			type->fill(wanted, 1);
			type->set(wanted, flaw, 2);
			search.is_last = false;
			assert_int_equal(type->find(fp_span_const(view), &search), -1);
			search.is_last = true;
			assert_int_equal(type->find(fp_span_const(view), &search), -1);
			assert_int_equal(type->count_sequence(fp_span_const(view), search.set), 0);
			type->set(view, COUNT / 2, 2);
			assert_int_equal(
				type->find(fp_span_const(view), &search), COUNT / 2 - flaw);
		}
	}
	free(area);
	free(sequence);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_sequence_is_at_the_start_and_at_the_end),
		cmocka_unit_test(a_sequence_longer_than_the_view_is_not_found),
		cmocka_unit_test(a_sequence_begins_at_an_element),
		cmocka_unit_test(occurrences_are_counted_without_overlaps),
		cmocka_unit_test(every_word_of_two_letters_is_found_in_every_other),
		cmocka_unit_test(long_periodic_sequences_are_found),
		cmocka_unit_test(repetitive_content_takes_no_quadratic_time),
	};

	return cmocka_run_group_tests_name("fp_span_sequence", tests, NULL, NULL);
}
