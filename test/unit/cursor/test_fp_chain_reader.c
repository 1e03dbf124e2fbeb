/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The chain reader where the exhaustive model does not go: up to 64 segments, long mixtures of
 * operations on random splits, the faults that stay, and what ends the program. The segments are
 * made by hand, each in a piece of heap of its own.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp_chain_search.h"
#include "fp_reader.h"
#include "fp_test_chain_model.h"
#include "fp_test_panic.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define SPLITS 3000
#define WALK   150

static uint64_t random_state;

/* splitmix64 */
static uint64_t
next_random(void)
{
	uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint32_t
below(uint32_t limit)
{
	return (uint32_t)(next_random() % limit);
}

/* Segments of these lengths with the bytes 0, 1, 2 ..., each in heap of its own. */
static void
make_segments(uint8_t **segments, const uint16_t *lens, uint32_t count)
{
	uint8_t byte = 0;

	for (uint32_t i = 0; i < count; i++) {
		segments[i] = malloc(lens[i] == 0 ? 1 : lens[i]);
		assert_non_null(segments[i]);
		for (uint16_t k = 0; k < lens[i]; k++)
			segments[i][k] = byte++;
	}
}

static void
free_segments(uint8_t **segments, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		free(segments[i]);
}

/* Two segments of 2 and 3 bytes, 0 to 4, for as long as the program runs. */
static struct fp_chain_reader
open_small(void)
{
	static const uint16_t lens[] = { 2, 3 };
	static uint8_t bytes[] = { 0, 1, 2, 3, 4 };
	static struct fp_test_chain chain;
	uint8_t *segments[] = { bytes, bytes + 2 };

	fp_test_chain_build(&chain, segments, lens, COUNT(lens), 0, UINT32_MAX);
	return fp_chain_reader_open(chain.chain);
}

static void
a_reader_is_six_words_below_level_full(void **state)
{
	(void)state;
#if FP_LIFETIME != FP_LIFETIME_FULL
	assert_int_equal(sizeof(struct fp_chain_reader), 48);
#endif
}

static void
a_chain_of_nothing_is_at_its_end_but_not_faulted(void **state)
{
	struct fp_chain_reader reader = fp_chain_reader_open(fp_chain_none());
	struct fp_span nowhere = fp_span_over(NULL, 0);
	struct fp_chain chain;
	struct fp_cspan view;
	uint8_t value = 7;

	(void)state;
	assert_true(fp_chain_reader_ok(&reader));
	assert_true(fp_chain_reader_is_end(&reader));
	assert_int_equal(fp_chain_reader_len(&reader), 0);
	assert_int_equal(fp_chain_reader_remaining(&reader), 0);
	assert_int_equal(fp_chain_reader_current(&reader).len, 0);
	assert_int_equal(fp_chain_reader_unread_span(&reader).len, 0);
	assert_true(fp_chain_is_empty(fp_chain_reader_unread(&reader)));
	assert_null(fp_chain_reader_position(&reader).segment);
	assert_false(fp_chain_reader_try_u8(&reader, &value));
	assert_int_equal(value, 7);
	assert_int_equal(fp_chain_reader_advance(&reader, 0), 0);
	assert_int_equal(fp_chain_reader_advance(&reader, 1), -ERANGE);
	assert_int_equal(fp_chain_reader_rewind(&reader, 0), 0);
	assert_int_equal(fp_chain_reader_rewind(&reader, 1), -ERANGE);
	assert_true(fp_chain_reader_try_copy(&reader, nowhere));
	assert_true(fp_chain_reader_try_slice(&reader, 0, &chain));
	assert_int_equal(fp_chain_reader_view(&reader, 0, nowhere, &view), 0);
	assert_int_equal(fp_chain_reader_view(&reader, 1, nowhere, &view), -ENODATA);
	assert_true(fp_chain_reader_require(&reader, 0));
	assert_true(fp_chain_reader_ok(&reader));
	assert_int_equal(fp_chain_reader_read_be64(&reader), 0);
	assert_false(fp_chain_reader_ok(&reader));
}

/* Every integer at every position, and every way back, over 1 to 64 segments of one length. */
static void
read_over_segments(uint32_t count, uint16_t len)
{
	static struct fp_test_chain chain;
	uint8_t *segments[FP_CHAIN_SEGMENTS_MAX];
	uint16_t lens[FP_CHAIN_SEGMENTS_MAX];
	struct fp_test_chain_pair from;

	for (uint32_t i = 0; i < count; i++)
		lens[i] = len;
	make_segments(segments, lens, count);
	fp_test_chain_build(&chain, segments, lens, count, 0, UINT32_MAX);
	fp_test_chain_open(&from, &chain);
	for (uint32_t pos = 0; pos <= count * len; pos++) {
		assert_null(fp_test_chain_compare(&from));
		for (unsigned int op = 0; op < fp_test_chain_ops(); op++) {
			struct fp_test_chain_step step = { .op = op, .count = pos };
			struct fp_test_chain_pair pair = from;

			if (fp_test_chain_op_args(op) <= FP_TEST_ARGS_COUNT)
				assert_null(fp_test_chain_step(&pair, &step));
		}
		fp_chain_reader_skip(&from.reader, pos < count * len ? 1 : 0);
		from.pos += pos < count * len ? 1 : 0;
	}
	free_segments(segments, count);
}

static void
chains_of_1_to_64_segments_are_read_alike(void **state)
{
	(void)state;
	for (uint32_t count = 1; count <= FP_CHAIN_SEGMENTS_MAX; count++) {
		read_over_segments(count, 0);
		read_over_segments(count, 1);
		read_over_segments(count, 3);
	}
}

/* Up to 64 segments of up to 12 bytes, many of them empty; the number of segments. */
static uint32_t
random_lens(uint16_t *lens)
{
	uint32_t count = 1 + below(FP_CHAIN_SEGMENTS_MAX);
	uint32_t longest = 1 + below(12);
	uint32_t total = 0;

	for (uint32_t i = 0; i < count; i++) {
		lens[i] = (uint16_t)(below(3) == 0 ? 0 : below(longest + 1));
		if (total + lens[i] > FP_TEST_CHAIN_BYTES_MAX)
			lens[i] = 0;
		total += lens[i];
	}
	return count;
}

static struct fp_test_chain_step
random_step(const struct fp_test_chain *chain)
{
	static uint8_t needle[FP_TEST_CHAIN_BYTES_MAX];
	uint32_t from = below(chain->len + 1);
	struct fp_test_chain_step step = { .op = below(fp_test_chain_ops()) };

	step.count = below(8) == 0 ? (uint32_t)next_random() : below(24);
	step.room = below(24);
	step.word = (uint16_t)next_random();
	step.byte = (uint8_t)below(chain->len + 2);
	step.escape = (uint8_t)(step.byte - 1);
	step.is_past = below(2) != 0;
	step.bytes_len = below(RTE_MIN(chain->len - from, 9U) + 1);
	memcpy(needle, chain->bytes + from, step.bytes_len);
	step.bytes = needle;
	if (step.bytes_len >= 2)
		step.word = fp_load_le16(needle);
	return step;
}

static void
assert_same(const char *what, uint32_t split, uint32_t k, const struct fp_test_chain_step *step)
{
	if (what != NULL) {
		fail_msg("split %u, step %u, %s: %s", split, k, fp_test_chain_op_name(step->op),
			what);
	}
}

static void
long_mixtures_of_operations_read_what_a_naive_reader_reads(void **state)
{
	static struct fp_test_chain chain;
	uint8_t *segments[FP_CHAIN_SEGMENTS_MAX];
	uint16_t lens[FP_CHAIN_SEGMENTS_MAX];
	struct fp_test_chain_pair pair;

	(void)state;
	random_state = 1;
	for (uint32_t i = 0; i < SPLITS; i++) {
		uint32_t count = random_lens(lens);

		make_segments(segments, lens, count);
		fp_test_chain_build(&chain, segments, lens, count, 0, UINT32_MAX);
		if (below(2) != 0) {
			uint32_t off = below(chain.len + 1);

			fp_test_chain_build(
				&chain, segments, lens, count, off, below(chain.len - off + 1));
		}
		fp_test_chain_open(&pair, &chain);
		for (uint32_t k = 0; k < WALK; k++) {
			struct fp_test_chain_step step = random_step(&chain);
			const char *what = fp_test_chain_step(&pair, &step);

			assert_same(what, i, k, &step);
			if (!pair.is_ok || below(20) == 0)
				fp_test_chain_open(&pair, &chain);
		}
		free_segments(segments, count);
	}
}

static void
a_fault_stays_until_the_reader_is_opened_again(void **state)
{
	struct fp_chain_reader reader = open_small();
	uint8_t value = 9;

	(void)state;
	assert_int_equal(fp_chain_reader_read_be32(&reader), 0x00010203);
	assert_true(fp_chain_reader_ok(&reader));
	assert_int_equal(fp_chain_reader_read_le16(&reader), 0);
	for (int i = 0; i < 3; i++) {
		assert_false(fp_chain_reader_ok(&reader));
		assert_int_equal(fp_chain_reader_read_u8(&reader), 0);
		assert_false(fp_chain_reader_try_u8(&reader, &value));
		assert_int_equal(value, 9);
		fp_chain_reader_skip(&reader, 0);
		fp_chain_reader_advance_to_end(&reader);
		assert_int_equal(fp_chain_reader_advance(&reader, 0), 0);
		assert_int_equal(fp_chain_reader_rewind(&reader, 1), -ERANGE);
		assert_int_equal(fp_chain_reader_rewind(&reader, 0), 0);
		assert_int_equal(fp_chain_reader_remaining(&reader), 0);
	}
	reader = open_small();
	assert_int_equal(fp_chain_reader_read_be32(&reader), 0x00010203);
	assert_true(fp_chain_reader_ok(&reader));
}

static void
a_failed_advance_ends_at_the_end_without_a_fault(void **state)
{
	struct fp_chain_reader reader = open_small();

	(void)state;
	assert_int_equal(fp_chain_reader_advance(&reader, 6), -ERANGE);
	assert_true(fp_chain_reader_ok(&reader));
	assert_int_equal(fp_chain_reader_consumed(&reader), 5);
	assert_int_equal(fp_chain_reader_rewind(&reader, 6), -ERANGE);
	assert_int_equal(fp_chain_reader_consumed(&reader), 5);
	assert_int_equal(fp_chain_reader_rewind(&reader, UINT32_MAX), -ERANGE);
	assert_int_equal(fp_chain_reader_rewind(&reader, 5), 0);
	assert_int_equal(fp_chain_reader_read_be32(&reader), 0x00010203);
}

static void
an_empty_sequence_is_next_everywhere_and_an_empty_set_nowhere(void **state)
{
	struct fp_chain_reader reader = open_small();
	struct fp_cspan none = fp_cspan_over(NULL, 0);
	struct fp_chain chain;

	(void)state;
	for (uint32_t i = 0; i <= 5; i++) {
		assert_true(fp_chain_reader_is_next_span(&reader, none, true));
		assert_true(fp_chain_reader_try_read_to_span(&reader, none, true, &chain));
		assert_true(fp_chain_is_empty(chain));
		assert_false(fp_chain_reader_try_read_to_any(&reader, none, true, &chain));
		assert_false(fp_chain_reader_try_advance_to_any(&reader, none, false));
		assert_int_equal(fp_chain_reader_advance_past_any(&reader, none), 0);
		assert_int_equal(fp_chain_reader_consumed(&reader), i);
		fp_chain_reader_skip(&reader, i < 5 ? 1 : 0);
	}
}

static void
a_message_in_several_segments_is_decoded_by_a_plain_reader(void **state)
{
	struct fp_chain_reader reader = open_small();
	uint8_t bytes[4];
	struct fp_cspan view;
	struct fp_reader plain;

	(void)state;
	fp_chain_reader_skip(&reader, 1);
	assert_int_equal(
		fp_chain_reader_view(&reader, 4, fp_span_over(bytes, sizeof(bytes)), &view), 0);
	plain = fp_reader_open(view);
	assert_int_equal(fp_reader_read_be32(&plain), 0x01020304);
	assert_true(fp_reader_ok(&plain));
	assert_true(fp_chain_reader_is_end(&reader));
}

static void
positions_of_two_readers_make_a_slice(void **state)
{
	struct fp_chain_reader reader = open_small();
	struct fp_chain_position start;
	struct fp_chain out;

	(void)state;
	fp_chain_reader_skip(&reader, 1);
	start = fp_chain_reader_position(&reader);
	fp_chain_reader_skip(&reader, 3);
	assert_int_equal(fp_chain_slice_between(
				 reader.chain, start, fp_chain_reader_position(&reader), &out),
		0);
	assert_true(fp_chain_equal(out, fp_cspan_over("\x01\x02\x03", 3)));
}

#if FP_LIFETIME == FP_LIFETIME_FULL
struct late_use {
	struct fp_test_chain_pair pair;
	struct fp_test_chain_step step;
};

static void
use_late(void *arg)
{
	struct late_use *use = arg;

	(void)fp_test_chain_step(&use->pair, &use->step);
}

static void
see_unread(void *arg)
{
	struct late_use *use = arg;

	(void)fp_cspan_at(fp_chain_reader_unread_span(&use->pair.reader), 0);
}

static void
ask_for_unread(void *arg)
{
	struct late_use *use = arg;

	(void)fp_chain_reader_unread(&use->pair.reader);
}

/* All but require, which only compares numbers. */
static void
every_operation_on_a_chain_that_has_gone_panics_at_level_full(void **state)
{
	static const uint16_t lens[] = { 9, 3 };
	static struct fp_test_chain chain;
	static struct late_use use;
	static uint32_t word = 3;
	uint8_t *segments[2];

	(void)state;
	make_segments(segments, lens, COUNT(lens));
	fp_test_chain_build(&chain, segments, lens, COUNT(lens), 0, UINT32_MAX);
	chain.chain.watch.word = &word;
	chain.chain.watch.stamp = 3;
	use.step.bytes = segments[0];
	use.step.count = 1;
	use.step.bytes_len = 1;
	for (uint32_t pos = 0; pos < 12; pos += 11) {
		word = 3;
		fp_test_chain_open(&use.pair, &chain);
		fp_chain_reader_skip(&use.pair.reader, pos);
		word = 4;
		for (use.step.op = 0; use.step.op < fp_test_chain_ops(); use.step.op++) {
			if (strcmp(fp_test_chain_op_name(use.step.op), "require") != 0)
				ASSERT_PANICS(use_late, &use, "made under generation 3");
		}
		ASSERT_PANICS(see_unread, &use, "made under generation 3");
		ASSERT_PANICS(ask_for_unread, &use, "made under generation 3");
	}
	free_segments(segments, COUNT(lens));
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reader_is_six_words_below_level_full),
		cmocka_unit_test(a_chain_of_nothing_is_at_its_end_but_not_faulted),
		cmocka_unit_test(chains_of_1_to_64_segments_are_read_alike),
		cmocka_unit_test(long_mixtures_of_operations_read_what_a_naive_reader_reads),
		cmocka_unit_test(a_fault_stays_until_the_reader_is_opened_again),
		cmocka_unit_test(a_failed_advance_ends_at_the_end_without_a_fault),
		cmocka_unit_test(an_empty_sequence_is_next_everywhere_and_an_empty_set_nowhere),
		cmocka_unit_test(a_message_in_several_segments_is_decoded_by_a_plain_reader),
		cmocka_unit_test(positions_of_two_readers_make_a_slice),
#if FP_LIFETIME == FP_LIFETIME_FULL
		cmocka_unit_test(every_operation_on_a_chain_that_has_gone_panics_at_level_full),
#endif
	};

	return cmocka_run_group_tests_name("fp_chain_reader", tests, NULL, NULL);
}
