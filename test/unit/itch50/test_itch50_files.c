/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Real and simulated ITCH 5.0 messages beside the project, packed into MoldUDP64 datagrams and
 * counted by type.
 */

#include "fp_test_skip.h"
#include "itch50_fixture.h"

#define FOLDER FP_SHARED_DIR "/data/"

#define PAYLOAD_MAX 1472

/* A file of { u16 length, message } and what an independent parser counted in it. */
struct day {
	const char *name;
	const char *unpack; /* program that prints the file, or NULL */
	struct {
		char type;
		uint64_t count;
	} expected[12];
	uint64_t messages;
};

static const struct day preopen = {
	.name = "itch50-real-preopen.itch",
	.expected = { { 'R', 993 }, { 'H', 3 }, { 'Y', 3 }, { 'S', 1 } },
	.messages = 1000,
};

static const struct day simulated = {
	.name = "itch50-simulated-3symbols.itch.gz",
	.unpack = "gzip -dc",
	.expected = { { 'P', 5000 }, { 'A', 4997 }, { 'D', 1745 }, { 'E', 198 }, { 'X', 45 },
		{ 'U', 12 }, { 'S', 6 }, { 'R', 3 }, { 'H', 3 }, { 'F', 3 } },
	.messages = 12012,
};

static FILE *
open_day(const struct day *day)
{
	char command[600];
	char path[512];

	snprintf(path, sizeof(path), FOLDER "%s", day->name);
	if (day->unpack == NULL)
		return fopen(path, "rb");
	snprintf(command, sizeof(command), "%s '%s'", day->unpack, path);
	return popen(command, "r"); /* NOLINT(cert-env33-c): a constant command */
}

static void
flush(struct fixture *f, uint64_t *next, uint16_t *count)
{
	put_be(f->mold.bytes + 18, *count, 2);
	f->batch.count = 0;
	if (*count != 0)
		receive(f);
	*next += *count;
	*count = 0;
	mold_begin(&f->mold, SESSION, *next, 0);
}

/* Send the whole day; the number of messages in it. */
static uint64_t
replay(struct fixture *f, FILE *file)
{
	uint8_t prefix[2];
	uint8_t message[64];
	uint16_t count = 0;
	uint64_t next = 1;

	mold_begin(&f->mold, SESSION, next, 0);
	while (fread(prefix, 1, sizeof(prefix), file) == sizeof(prefix)) {
		uint32_t len = (uint32_t)prefix[0] << 8 | prefix[1];

		assert_in_range(len, 1, sizeof(message));
		assert_int_equal(fread(message, 1, len, file), len);
		if (f->mold.len + 2 + len > PAYLOAD_MAX)
			flush(f, &next, &count);
		mold_message(&f->mold, message, len);
		count++;
	}
	flush(f, &next, &count);
	return next - 1;
}

static void
check_day(struct fixture *f, const struct day *day)
{
	const struct fp_channel_counters *counters = &f->channel->counters;
	FILE *file = open_day(day);

	assert_non_null(file);
	assert_int_equal(replay(f, file), day->messages);
	assert_int_equal(day->unpack != NULL ? pclose(file) : fclose(file), 0);
	assert_int_equal(count_malformed(f->channel), 0);
	assert_int_equal(counters->messages, day->messages);
	assert_int_equal(counters->unknown_types, 0);
	assert_int_equal(counters->gaps, 0);
	assert_int_equal(count_typed(f->channel), day->messages);
	for (size_t idx = 0; idx < 12 && day->expected[idx].type != 0; idx++) {
		assert_int_equal(counters->by_type[(uint8_t)day->expected[idx].type],
			day->expected[idx].count);
	}
}

static void
real_morning_has_the_counts_of_an_independent_parser(void **state)
{
	check_day(*state, &preopen);
}

static void
simulated_day_has_the_counts_of_an_independent_parser(void **state)
{
	check_day(*state, &simulated);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CHANNEL_TEST(real_morning_has_the_counts_of_an_independent_parser),
		CHANNEL_TEST(simulated_day_has_the_counts_of_an_independent_parser),
	};

	if (fp_test_skips_without(FOLDER "itch50-real-preopen.itch") ||
		fp_test_skips_without(FOLDER "itch50-simulated-3symbols.itch.gz"))
		return 0;
	return cmocka_run_group_tests_name("itch50_files", tests, group_setup, group_teardown);
}
