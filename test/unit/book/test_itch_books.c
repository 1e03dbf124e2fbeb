/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * A file of simulated ITCH 5.0 messages, read here byte by byte: the naive book gets the fields
 * straight from the file, lib/book native messages made of them, and all levels are compared after
 * every message.
 *
 * @source ITCH 5.0 rev 2023-04-28, 1.3 and 1.4; BinaryFILE framing
 */

#include "book_pair.h"
#include "fp_test_skip.h"

#include <stdio.h>
#include <string.h>

#define FILE_NAME FP_SHARED_DIR "/data/itch50-simulated-3symbols.itch.gz"

#define SYMBOLS_MAX   16
#define MESSAGE_BYTES 64

struct itch {
	uint8_t bytes[MESSAGE_BYTES];
	size_t len;
	uint32_t locate;
	uint64_t ref;
};

static uint64_t
big_endian(const uint8_t *bytes, size_t len)
{
	uint64_t value = 0;

	while (len-- > 0)
		value = value << 8 | *bytes++;
	return value;
}

static bool
read_message(FILE *file, struct itch *itch)
{
	uint8_t prefix[2];

	if (fread(prefix, 1, 2, file) != 2)
		return false;
	itch->len = (size_t)big_endian(prefix, 2);
	assert_true(itch->len <= MESSAGE_BYTES);
	if (itch->len == 0)
		return false;
	assert_int_equal(fread(itch->bytes, 1, itch->len, file), itch->len);
	itch->locate = (uint32_t)big_endian(&itch->bytes[1], 2);
	itch->ref = big_endian(&itch->bytes[11], 8);
	return true;
}

static uint32_t
apply_to_naive(struct naive *naive, const struct itch *itch)
{
	const uint8_t *b = itch->bytes;
	const uint32_t locate = itch->locate;

	switch (b[0]) {
	case 'A':
	case 'F':
		return naive_add(naive, locate, itch->ref, (char)b[19],
			(int64_t)big_endian(&b[32], 4), (int64_t)big_endian(&b[20], 4));
	case 'E':
	case 'C':
	case 'X':
		return naive_reduce(naive, locate, itch->ref, (int64_t)big_endian(&b[19], 4));
	case 'D':
		return naive_delete(naive, locate, itch->ref);
	case 'U':
		return naive_replace(naive, locate, itch->ref, big_endian(&b[19], 8),
			(int64_t)big_endian(&b[31], 4), (int64_t)big_endian(&b[27], 4));
	default:
		return 0;
	}
}

/* The native message of one that touches a book; false for the others. */
static bool
make_native(const struct itch *itch, struct fp_message *message)
{
	const uint8_t *b = itch->bytes;
	const uint32_t locate = itch->locate;

	switch (b[0]) {
	case 'A':
	case 'F':
		*message = message_add(locate, itch->ref, (char)b[19],
			(int64_t)big_endian(&b[32], 4), (int64_t)big_endian(&b[20], 4));
		return true;
	case 'E':
		*message = message_execute(locate, itch->ref, (int64_t)big_endian(&b[19], 4));
		return true;
	case 'C':
		*message = message_execute(locate, itch->ref, (int64_t)big_endian(&b[19], 4));
		message->order_execute.price.ticks = (int64_t)big_endian(&b[32], 4);
		return true;
	case 'X':
		*message = message_reduce(locate, itch->ref, (int64_t)big_endian(&b[19], 4));
		return true;
	case 'D':
		*message = message_delete(locate, itch->ref);
		return true;
	case 'U':
		*message = message_replace(locate, itch->ref, big_endian(&b[19], 8),
			(int64_t)big_endian(&b[31], 4), (int64_t)big_endian(&b[27], 4));
		return true;
	default:
		return false;
	}
}

static void
books_agree_on_a_file(void **state)
{
	struct pair pair = pair_open(SYMBOLS_MAX, 20000, 20000);
	struct fp_message message;
	struct itch itch;
	uint32_t changes = 0;
	FILE *file = fopen(FILE_NAME, "rb");

	(void)state;
	assert_non_null(file);
	(void)fclose(file);
	/* NOLINTNEXTLINE(cert-env33-c): the command is a constant */
	file = popen("gzip -dc '" FILE_NAME "'", "r");
	assert_non_null(file);
	while (read_message(file, &itch)) {
		if (!make_native(&itch, &message))
			continue;
		fp_books_prefetch(pair.books, &message);
		assert_int_equal(
			fp_books_apply(pair.books, &message), apply_to_naive(pair.naive, &itch));
		for (uint32_t i = 1; i <= SYMBOLS_MAX; i++) {
			if (!fp_books_exists(pair.books, i))
				continue;
			pair_compare_side(&pair, i, FP_SIDE_BUY);
			pair_compare_side(&pair, i, FP_SIDE_SELL);
		}
		if (changes++ % 256 == 0)
			pair_compare(&pair);
	}
	pair_compare(&pair);
	assert_int_equal(pclose(file), 0);
	/* what is known of this file without any book: see the README beside it */
	assert_int_equal(changes, 7000);
	assert_int_equal(fp_books_counters(pair.books)->unknown_orders, 117);
	assert_int_equal(fp_books_counters(pair.books)->instruments, 3);
	assert_int_equal(fp_books_counters(pair.books)->stale_books, 3);
	pair_close(&pair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(books_agree_on_a_file),
	};

	if (fp_test_skips_without(FILE_NAME))
		return 0;
	return cmocka_run_group_tests_name(
		"itch_books", tests, pair_group_setup, pair_group_teardown);
}
