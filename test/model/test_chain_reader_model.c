/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * All splits of a message of 12 bytes into up to 4 segments, empty ones included, read whole and in
 * part: every operation of the chain and of its reader, at every position and after a fault, with
 * every argument that makes a difference, is compared with a naive one on a flat array. Each
 * segment ends right against an inaccessible page.
 *
 * usage: test_chain_reader_model [segments]      up to 4 of them, the default
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

#include "fp_test_chain_model.h"
#include "fp_test_panic.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define MESSAGE_BYTES 12U
#define SEGMENTS_MAX  4U
#define STEPS_MAX     8192U
#define SETS_BYTES    3U

/* Nothing in any message is this. */
#define ABSENT 0xf7

/* What is read of the segments. */
struct window {
	uint32_t off;
	uint32_t len;
	bool is_read; /* by readers, too */
};

struct message {
	const char *bytes;
	bool is_for_searches; /* what depends on lengths alone was done with another one */
};

static const struct message messages[] = {
	{ "\x01\x02\x03\x04\x85\x86\x87\x88\x09\x0a\x0b\x0c", false },
	{ "xee|e|x||ex|", true },
	{ "||||||||||||", true },
};

static const struct window windows[] = {
	{ 0, UINT32_MAX, true },
	{ 0, MESSAGE_BYTES, false },
	{ 1, MESSAGE_BYTES - 2, true },
};

static const uint32_t counts[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0x7fffffff,
	0x80000000, UINT32_MAX };

static const uint32_t rooms[] = { 0, 3, MESSAGE_BYTES - 1, MESSAGE_BYTES };

static struct fp_test_guard guards[SEGMENTS_MAX];
static struct fp_test_chain built;

/* Steps that are done from every state of one message. */
static struct fp_test_chain_step steps[STEPS_MAX];
static uint32_t steps_count;
static uint8_t alphabet[MESSAGE_BYTES + 1];
static uint32_t alphabet_len;
static uint8_t sequences[2 * (MESSAGE_BYTES + 1) * (MESSAGE_BYTES + 1)][MESSAGE_BYTES + 1];
static uint32_t sequence_lens[COUNT(sequences)];
static uint32_t sequences_count;
static uint8_t sets[256][SETS_BYTES];
static uint32_t set_lens[COUNT(sets)];
static uint32_t sets_count;

static uint32_t segments_max = SEGMENTS_MAX;
static uint64_t cases;

static void
add_step(struct fp_test_chain_step step)
{
	assert_true(steps_count < STEPS_MAX);
	steps[steps_count++] = step;
}

/* Once with the cursor on what is found, once behind it. */
static void
add_search(struct fp_test_chain_step step)
{
	step.is_past = false;
	add_step(step);
	step.is_past = true;
	add_step(step);
}

static void
add_sequence(const uint8_t *bytes, uint32_t len, bool is_last_absent)
{
	uint8_t *sequence = sequences[sequences_count];

	memcpy(sequence, bytes, len);
	if (is_last_absent && len != 0)
		sequence[len - 1] = ABSENT;
	for (uint32_t i = 0; i < sequences_count; i++) {
		if (sequence_lens[i] == len && memcmp(sequences[i], sequence, len) == 0)
			return;
	}
	sequence_lens[sequences_count++] = len;
}

static void
add_set(uint8_t a, uint8_t b, uint8_t c, uint32_t len)
{
	assert_true(sets_count < COUNT(sets));
	sets[sets_count][0] = a;
	sets[sets_count][1] = b;
	sets[sets_count][2] = c;
	set_lens[sets_count++] = len;
}

/* All that may be searched for in a message. */
static void
make_needles(const struct message *message)
{
	const uint8_t *bytes = (const uint8_t *)message->bytes;
	uint8_t longer[MESSAGE_BYTES + 1];

	alphabet_len = 0;
	sequences_count = 0;
	sets_count = 0;
	for (uint32_t i = 0; i < MESSAGE_BYTES; i++) {
		if (memchr(alphabet, bytes[i], alphabet_len) == NULL)
			alphabet[alphabet_len++] = bytes[i];
	}
	alphabet[alphabet_len++] = ABSENT;
	for (uint32_t from = 0; from <= MESSAGE_BYTES; from++) {
		for (uint32_t len = 0; len <= MESSAGE_BYTES - from; len++) {
			add_sequence(bytes + from, len, false);
			if (message->is_for_searches)
				add_sequence(bytes + from, len, true);
		}
	}
	memcpy(longer, bytes, MESSAGE_BYTES);
	longer[MESSAGE_BYTES] = bytes[0];
	add_sequence(longer, MESSAGE_BYTES + 1, false);
	add_set(0, 0, 0, 0);
	for (uint32_t i = 0; i < alphabet_len; i++) {
		add_set(alphabet[i], 0, 0, 1);
		add_set(ABSENT, alphabet[i], alphabet[0], SETS_BYTES);
	}
}

static void
add_bytes_steps(struct fp_test_chain_step step, bool is_set)
{
	uint32_t count = is_set ? sets_count : sequences_count;

	for (uint32_t i = 0; i < count; i++) {
		step.bytes = is_set ? sets[i] : sequences[i];
		step.bytes_len = is_set ? set_lens[i] : sequence_lens[i];
		add_search(step);
	}
}

static void
add_byte_steps(struct fp_test_chain_step step, const uint32_t *with_rooms, size_t rooms_count)
{
	for (uint32_t i = 0; i < alphabet_len; i++) {
		step.byte = alphabet[i];
		for (size_t k = 0; k < rooms_count; k++) {
			step.room = with_rooms[k];
			add_search(step);
		}
	}
}

static void
add_count_steps(struct fp_test_chain_step step, const uint32_t *with_rooms, size_t rooms_count)
{
	for (size_t i = 0; i < COUNT(counts); i++) {
		step.count = counts[i];
		for (size_t k = 0; k < rooms_count; k++) {
			step.room = with_rooms[k];
			add_step(step);
		}
	}
}

static void
add_escape_steps(struct fp_test_chain_step step)
{
	for (uint32_t i = 0; i < alphabet_len; i++) {
		step.escape = alphabet[i];
		add_byte_steps(step, rooms, 1);
	}
}

/* Each two bytes of the message that stand side by side, either way round. */
static void
add_word_steps(struct fp_test_chain_step step, const struct message *message)
{
	const uint8_t *bytes = (const uint8_t *)message->bytes;

	for (uint32_t i = 0; i + 1 < MESSAGE_BYTES; i++) {
		step.word = fp_load_le16(bytes + i);
		add_search(step);
		step.word = fp_load_be16(bytes + i);
		add_search(step);
	}
}

static void
make_steps(const struct message *message)
{
	steps_count = 0;
	make_needles(message);
	for (unsigned int op = 0; op < fp_test_chain_ops(); op++) {
		struct fp_test_chain_step step = { .op = op };
		enum fp_test_chain_args args = fp_test_chain_op_args(op);

		if (message->is_for_searches && args <= FP_TEST_ARGS_VIEW)
			continue;
		switch (args) {
		case FP_TEST_ARGS_NONE:
			add_step(step);
			break;
		case FP_TEST_ARGS_COUNT:
			add_count_steps(step, rooms, 1);
			break;
		case FP_TEST_ARGS_VIEW:
			add_count_steps(step, rooms, COUNT(rooms));
			break;
		case FP_TEST_ARGS_BYTE:
			add_byte_steps(step, rooms, 1);
			break;
		case FP_TEST_ARGS_BYTE_VIEW:
			add_byte_steps(step, rooms, COUNT(rooms));
			break;
		case FP_TEST_ARGS_ESCAPE:
			add_escape_steps(step);
			break;
		case FP_TEST_ARGS_WORD:
			add_word_steps(step, message);
			break;
		case FP_TEST_ARGS_BYTES:
			add_bytes_steps(step, false);
			break;
		case FP_TEST_ARGS_SET:
			add_bytes_steps(step, true);
			break;
		case FP_TEST_ARGS_KINDS_COUNT:
			break;
		}
	}
}

static void
fail_step(const struct fp_test_chain_pair *before, const struct fp_test_chain_step *step,
	const char *what)
{
	for (const struct rte_mbuf *mbuf = built.mbufs; mbuf != NULL; mbuf = mbuf->next)
		print_error("segment of %u bytes\n", mbuf->data_len);
	fail_msg("%u bytes from byte %u of the first segment with any, at %u%s: %s count %u room "
		 "%u byte %u escape %u word %u past %d, %u bytes: %s",
		built.len, built.chain.off, before->pos, before->is_ok ? "" : ", after a fault",
		fp_test_chain_op_name(step->op), step->count, step->room, step->byte, step->escape,
		step->word, step->is_past, step->bytes_len, what);
}

/* All steps from one state. */
static void
do_steps(const struct fp_test_chain_pair *from)
{
	const char *what = fp_test_chain_compare(from);

	if (what != NULL)
		fail_msg("at %u: %s", from->pos, what);
	for (uint32_t i = 0; i < steps_count; i++) {
		struct fp_test_chain_pair pair = *from;

		what = fp_test_chain_step(&pair, &steps[i]);
		if (what != NULL)
			fail_step(from, &steps[i], what);
	}
	cases += steps_count;
}

static void
read_at_every_position(void)
{
	struct fp_test_chain_pair pair;

	for (uint32_t pos = 0; pos <= built.len; pos++) {
		fp_test_chain_open(&pair, &built);
		assert_int_equal(fp_chain_reader_advance(&pair.reader, pos), 0);
		pair.pos = pos;
		do_steps(&pair);
	}
	fp_chain_reader_skip(&pair.reader, UINT32_MAX);
	pair.pos = 0;
	pair.is_ok = false;
	do_steps(&pair);
}

/* The position before byte @off, or the end, which lies where the last byte does. */
static void
check_position(uint32_t off, struct fp_chain_position position)
{
	uint32_t byte = off == built.len ? off - 1 : off;
	const struct rte_mbuf *mbuf = &built.mbufs[built.segment_of[byte]];
	uint32_t found;

	assert_ptr_equal(position.segment, mbuf);
	assert_int_equal(position.off,
		(off == built.len ? 1 : 0) + byte - built.start_of[byte] +
			(mbuf == built.chain.first ? built.chain.off : 0));
	assert_int_equal(fp_chain_offset(built.chain, position, &found), 0);
	assert_int_equal(found, off);
}

/* One part of the chain, made in each way that there is. */
static void
check_part(uint32_t off, uint32_t len, struct fp_chain_position from, struct fp_chain_position to)
{
	uint8_t room[MESSAGE_BYTES + 1];
	struct fp_cspan expected = fp_cspan_over(built.bytes + off, len);
	bool is_single = len == 0 || built.end_of[off] - off >= len;
	struct fp_chain part;
	struct fp_cspan view;

	assert_int_equal(fp_chain_slice(built.chain, off, len, &part), 0);
	assert_true(fp_chain_equal(part, expected));
	assert_int_equal(fp_chain_is_single(part), is_single);
	if (len != 0) {
		assert_int_equal(
			part.segments, built.segment_of[off + len - 1] - built.segment_of[off] + 1);
	}
	assert_int_equal(fp_chain_slice_between(built.chain, from, to, &part), 0);
	assert_true(fp_chain_equal(part, expected));
	for (uint32_t cap = 0; cap <= MESSAGE_BYTES; cap++) {
		struct fp_span scratch = fp_span_over(room, cap);

		memset(room, ABSENT, sizeof(room));
		assert_int_equal(fp_chain_copy_to(part, scratch), cap < len ? -ERANGE : 0);
		assert_memory_equal(room, expected.data, cap < len ? 0 : len);
		assert_int_equal(room[cap < len ? 0 : len], ABSENT);
		memset(room, ABSENT, sizeof(room));
		assert_int_equal(fp_chain_view(built.chain, off, len, scratch, &view),
			is_single || cap >= len ? 0 : -ERANGE);
		if (is_single || cap >= len) {
			assert_true(fp_cspan_equal(view, expected));
			assert_int_equal(view.data == room, !is_single);
		}
		assert_int_equal(room[is_single || cap < len ? 0 : len], ABSENT);
		cases += 2;
	}
	cases += 3;
}

static void
check_all_parts(void)
{
	struct fp_chain_position positions[MESSAGE_BYTES + 1];
	struct fp_chain part;

	for (uint32_t off = 0; off <= built.len; off++) {
		assert_int_equal(fp_chain_position_at(built.chain, off, &positions[off]), 0);
		check_position(off, positions[off]);
		cases++;
	}
	for (uint32_t off = 0; off <= built.len; off++) {
		for (uint32_t end = off; end <= built.len; end++)
			check_part(off, end - off, positions[off], positions[end]);
		for (uint32_t end = 0; end < off; end++) {
			assert_int_equal(fp_chain_slice_between(built.chain, positions[off],
						 positions[end], &part),
				-ERANGE);
			cases++;
		}
	}
}

/* The pieces of the segments are the chain; each byte is where it is first found. */
static void
check_whole(void)
{
	struct fp_chain rest = built.chain;
	struct fp_chain_position position;
	struct fp_cspan piece;
	uint32_t passed = 0;
	uint32_t segments = 0;
	uint32_t off;

	while (fp_chain_try_next(&rest, &piece)) {
		assert_memory_equal(piece.data, built.bytes + passed, piece.len);
		passed += piece.len;
		segments++;
	}
	assert_int_equal(passed, built.len);
	assert_int_equal(segments, built.chain.segments);
	for (uint32_t i = 0; i < alphabet_len; i++) {
		const uint8_t *found = memchr(built.bytes, alphabet[i], built.len);

		assert_int_equal(
			fp_chain_position_of(built.chain, alphabet[i], &position), found != NULL);
		if (found != NULL) {
			assert_int_equal(fp_chain_offset(built.chain, position, &off), 0);
			assert_int_equal(off, found - built.bytes);
		}
		cases++;
	}
}

static void
split(const struct message *message, const uint16_t *lens, uint32_t count)
{
	uint8_t *segments[SEGMENTS_MAX];
	const char *from = message->bytes;

	for (uint32_t i = 0; i < count; i++) {
		segments[i] = guards[i].end - lens[i];
		memcpy(segments[i], from, lens[i]);
		from += lens[i];
	}
	for (size_t i = 0; i < COUNT(windows); i++) {
		fp_test_chain_build(&built, segments, lens, count, windows[i].off, windows[i].len);
		check_whole();
		check_all_parts();
		if (windows[i].is_read)
			read_at_every_position();
	}
}

/* All lengths of @count segments that add up to the message; the last one takes what is left. */
static uint64_t
split_into(const struct message *message, uint32_t count)
{
	uint16_t lens[SEGMENTS_MAX] = { 0 };
	uint64_t splits = 0;
	uint32_t used = 0;
	uint32_t at;

	do {
		lens[count - 1] = (uint16_t)(MESSAGE_BYTES - used);
		split(message, lens, count);
		splits++;
		/* Count up the others like a number whose digits may add up to 12 at most. */
		for (at = 0; at + 1 < count; at++) {
			if (used < MESSAGE_BYTES) {
				lens[at]++;
				used++;
				break;
			}
			used -= lens[at];
			lens[at] = 0;
		}
	} while (at + 1 < count);
	return splits;
}

static void
every_operation_at_every_position_of_every_split(void **state)
{
	static const uint64_t all_splits[] = { 0, 1, 1 + 13, 1 + 13 + 91, 1 + 13 + 91 + 455 };
	uint64_t splits = 0;

	(void)state;
	cases = 0;
	for (size_t i = 0; i < COUNT(messages); i++) {
		make_steps(&messages[i]);
		splits = 0;
		for (uint32_t count = 1; count <= segments_max; count++)
			splits += split_into(&messages[i], count);
	}
	assert_int_equal(splits, all_splits[segments_max]);
	print_message("# %" PRIu64 " splits of %zu messages, %" PRIu64 " cases\n", splits,
		COUNT(messages), cases);
}

static int
map_guards(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(guards); i++) {
		if (fp_test_guard_create(&guards[i], MESSAGE_BYTES) != 0)
			return -1;
	}
	return 0;
}

static int
unmap_guards(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(guards); i++)
		fp_test_guard_destroy(&guards[i]);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_operation_at_every_position_of_every_split),
	};

	if (argc > 1)
		segments_max = (uint32_t)strtoul(argv[1], NULL, 10);
	if (segments_max < 1 || segments_max > SEGMENTS_MAX)
		return 2;
	return cmocka_run_group_tests_name("chain_reader_model", tests, map_guards, unmap_guards);
}
