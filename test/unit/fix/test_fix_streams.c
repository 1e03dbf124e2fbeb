/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * One and the same, however it comes: real FIX logs and made ones as one stream, cut into chunks of
 * every size from 1 to 64 bytes, and as one message per datagram. Then the bound of what a datagram
 * decodes to, and the end of a stream. The logs lie beside the project; tests of files that are
 * absent are left out, with a line that says so.
 */

#include <unistd.h>

#include "fp_fix_fixture.h"

#define DATA FP_SHARED_DIR "/data/"

/* What came of some bytes. */
struct outcome {
	struct fp_message messages[512];
	uint32_t count;
	struct fp_channel_counters counters;
	uint64_t next;
};

static struct bytes log_bytes;
static struct outcome whole, other;

/* Receive one datagram; what comes of it is added to the outcome. */
static void
receive_into(struct outcome *outcome, const uint8_t *data, uint32_t len)
{
	uint8_t *start = guarded_end - len;
	struct fp_datagram received = { fp_cspan_over(start, len), 0 };

	memcpy(start, data, len);
	assert_int_equal(fp_channel_receive(channel, &received, 1, &batch), 1);
	assert_true(outcome->count + batch.count <= COUNT(outcome->messages));
	memcpy(outcome->messages + outcome->count, batch.messages,
		batch.count * sizeof(*batch.messages));
	outcome->count += batch.count;
	batch.count = 0;
}

static void
end_outcome(struct outcome *outcome)
{
	channel->venue->finish(channel, &batch);
	assert_int_equal(batch.count, 0);
	outcome->counters = channel->counters;
	outcome->counters.datagrams = 0;
	outcome->counters.lines[0].datagrams = 0;
	outcome->next = channel->continuity.next;
	(void)teardown(NULL);
}

/* Give the bytes as a stream in chunks of a size. */
static void
stream_in_chunks(struct outcome *outcome, const struct bytes *bytes, uint32_t size)
{
	memset(outcome, 0, sizeof(*outcome));
	(void)setup_stream(NULL);
	for (uint32_t at = 0; at < bytes->len; at += size) {
		receive_into(
			outcome, bytes->data + at, bytes->len - at < size ? bytes->len - at : size);
	}
	end_outcome(outcome);
}

/* Give each message as a datagram; the bytes hold nothing but whole messages. */
static void
send_in_datagrams(struct outcome *outcome, const struct bytes *bytes)
{
	uint32_t start = 0;

	memset(outcome, 0, sizeof(*outcome));
	(void)setup(NULL);
	for (uint32_t at = 1; at <= bytes->len; at++) {
		if (at != bytes->len &&
			(bytes->data[at - 1] != 1 || at + 5 > bytes->len ||
				memcmp(bytes->data + at, "8=FIX", 5) != 0))
			continue;
		receive_into(outcome, bytes->data + start, at - start);
		start = at;
	}
	end_outcome(outcome);
}

static void
expect_same(void)
{
	assert_int_equal(other.count, whole.count);
	for (uint32_t i = 0; i < whole.count; i++)
		assert_memory_equal(&other.messages[i], &whole.messages[i], whole.messages[i].len);
	assert_memory_equal(&other.counters, &whole.counters, sizeof(whole.counters));
	assert_int_equal(other.next, whole.next);
}

/* The outcome of the log does not depend on how it comes. */
static void
expect_same_in_any_cut(void)
{
	stream_in_chunks(&whole, &log_bytes, log_bytes.len);
	for (uint32_t size = 1; size <= 64; size++) {
		stream_in_chunks(&other, &log_bytes, size);
		expect_same();
	}
	send_in_datagrams(&other, &log_bytes);
	expect_same();
}

static bool
read_file(const char *path)
{
	FILE *file = fopen(path, "rb");

	if (file == NULL) {
		print_message("# %s is not there\n", path);
		return false;
	}
	log_bytes.len = (uint32_t)fread(log_bytes.data, 1, BYTES_MAX, file);
	return fclose(file) == 0 && log_bytes.len != 0;
}

static uint64_t
sum_of_malformed(const struct fp_channel_counters *counters)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < FP_MALFORMED_COUNT; i++)
		sum += counters->malformed[i];
	return sum;
}

static void
a_real_log_of_both_directions(void **unused)
{
	(void)unused;
	if (!read_file(DATA "fix41-16.fix"))
		return;
	expect_same_in_any_cut();
	assert_int_equal(whole.counters.messages, 16);
	assert_int_equal(whole.counters.by_type['8'], 5);
	assert_int_equal(whole.counters.by_type['D'], 3);
	assert_int_equal(whole.counters.by_type['F'], 2);
	assert_int_equal(whole.counters.by_type['A'], 2);
	assert_int_equal(whole.counters.by_type['0'], 2);
	assert_int_equal(whole.counters.by_type['3'], 2);
	assert_int_equal(whole.counters.gaps, 0);
	assert_int_equal(whole.counters.session_restarts, 0);
	assert_int_equal(sum_of_malformed(&whole.counters), 0);
	/* three symbols, five requests, two executions at the market */
	assert_int_equal(whole.count, 10);
	assert_int_equal(whole.messages[1].type, FP_MESSAGE_ORDER_REQUEST);
	assert_int_equal(whole.messages[1].order_request.order_id, 1352157882577);
	assert_int_equal(whole.messages[2].type, FP_MESSAGE_TRADE);
	assert_int_equal(whole.messages[2].trade.price.ticks, 1230000000);
	assert_int_equal(whole.messages[2].trade.match_id, 2);
}

static void
a_real_log_of_fixt(void **unused)
{
	(void)unused;
	if (!read_file(DATA "fix50-cme-test.fix"))
		return;
	stream_in_chunks(&whole, &log_bytes, log_bytes.len);
	print_message("# %u messages, %u lost\n", (unsigned int)whole.counters.messages,
		(unsigned int)whole.counters.lost);
	expect_same_in_any_cut();
	assert_int_equal(whole.counters.by_type['A'], 16);
	assert_int_equal(whole.counters.by_type['D'], 15);
	assert_int_equal(whole.counters.by_type['0'], 18);
	assert_int_equal(whole.counters.by_type['5'], 14);
	assert_int_equal(sum_of_malformed(&whole.counters), 0);
}

static void
a_log_of_which_nothing_is_good(void **unused)
{
	(void)unused;
	if (!read_file(DATA "fix42-bad-length-and-checksum.fix"))
		return;
	for (uint32_t size = 1; size <= 64; size++) {
		stream_in_chunks(&other, &log_bytes, size);
		assert_int_equal(other.counters.malformed[FP_MALFORMED_BODY_LENGTH], 100);
		assert_int_equal(sum_of_malformed(&other.counters), 100);
		assert_int_equal(other.counters.messages, 0);
		assert_int_equal(other.count, 0);
		assert_int_equal(other.next, 0);
	}
}

/* Every kind of message, good and bad; each of them counts once. */
static void
a_log_of_everything(void **unused)
{
	static const char *const bodies[] = { "35=A|34=1" SAID "98=0|108=30|95=7|96=8=FIX.4|",
		"35=W|34=2" SAID "55=A|268=2|269=0|270=1|271=1|269=1|270=2|271=1|",
		"35=W|34=3" SAID "55=B|268=1|269=0|270=x|271=1|", "35=0|34=3|43=Y" SAID,
		"35=X|34=6" SAID "268=2|279=0|269=0|55=B|270=1|271=1|279=2|269=0|270=1|",
		"35=4|34=7|123=Y" SAID "36=20|", "35=D|34=20" SAID "11=1|55=A|54=1|38=1|",
		"35=8|34=21" SAID "37=1|17=1|150=0|55=A|54=1|44=1|38=1|", "35=ZZ|34=22" SAID,
		"35=0|34=x|", "35=V|34=1|49=T|56=S|", "35=A|34=1" SAID "141=Y|", "35=0|34=2" SAID };

	(void)unused;
	log_bytes.len = 0;
	for (uint32_t i = 0; i < COUNT(bodies); i++)
		add(&log_bytes, bodies[i]);
	expect_same_in_any_cut();
	/* each is delivered, a copy or malformed */
	assert_int_equal(whole.counters.messages, 10);
	assert_int_equal(whole.counters.duplicates, 1);
	assert_int_equal(sum_of_malformed(&whole.counters), 2);
	/* and what was delivered has a type, or an unknown one */
	assert_int_equal(whole.counters.unknown_types, 1);
	assert_int_equal(whole.counters.lost, 1 + 2);
	assert_int_equal(whole.counters.session_restarts, 1);
}

static void
what_is_left_at_the_end_of_a_stream_is_counted(void **unused)
{
	(void)unused;
	log_bytes.len = 0;
	add(&log_bytes, "35=0|34=1" SAID);
	add(&log_bytes, "35=0|34=2" SAID);
	log_bytes.len -= 3;
	stream_in_chunks(&whole, &log_bytes, 10);
	assert_int_equal(whole.counters.messages, 1);
	assert_int_equal(whole.counters.malformed[FP_MALFORMED_MESSAGE_SHORT], 1);
	assert_int_equal(sum_of_malformed(&whole.counters), 1);
	(void)setup_stream(NULL);
	channel->venue->finish(channel, &batch);
	assert_int_equal(sum_of_malformed(&channel->counters), 0);
	(void)teardown(NULL);
}

static void
a_stream_on_the_second_line_is_refused(void **unused)
{
	(void)unused;
	said.len = 0;
	add(&said, "35=0|34=1" SAID);
	receive_on(said.data, said.len, 1);
	assert_int_equal(channel->counters.malformed[FP_MALFORMED_HEADER_VERSION], 1);
	receive_on(said.data, said.len, 0);
	assert_int_equal(channel->counters.messages, 1);
}

/* A message of about so many bytes of entries, all of one text; its entries. */
static uint32_t
add_entries(struct bytes *to, const char *type, const char *head, const char *entry, size_t size)
{
	static char body[BODY_MAX + 1024];
	uint32_t count = (uint32_t)(size / strlen(entry));
	int len = snprintf(body, sizeof(body), "35=%s|34=1|%s268=%u|", type, head, count);

	for (uint32_t i = 0; i < count; i++)
		len += snprintf(body + len, sizeof(body) - (size_t)len, "%s", entry);
	add(to, body);
	return count;
}

static void
no_message_decodes_to_more_than_the_bound(void **unused)
{
	static const struct {
		const char *type, *head, *entry;
	} dense[] = {
		{ "X", "", "279=2|278=1|" },
		{ "X", "", "279=2|55=A|278=1|" },
		{ "X", "", "279=2|55=A|269=2|" },
		{ "X", "", "279=0|269=J|" },
		{ "X", "", "279=1|269=2|278=1|270=1|" },
		{ "W", "55=A|", "269=2|270=1|" },
		{ "W", "55=A|", "269=0|270=1|271=1|" },
		{ "W", "55=A|", "269=J|" },
	};

	(void)unused;
	for (uint32_t i = 0; i < COUNT(dense); i++) {
		const char *head = dense[i].head;

		(void)setup(NULL);
		if (dense[i].type[0] == 'X' && strstr(dense[i].entry, "55=") == NULL)
			head = "55=A|";
		said.len = 0;
		(void)add_entries(&said, dense[i].type, head, dense[i].entry, BODY_MAX - 512);
		receive(&said);
		assert_int_equal(channel->counters.messages, 1);
		assert_true(batch.count <= fp_batch_bound(said.len));
		(void)teardown(NULL);
	}
}

static void
the_shortest_messages_keep_the_bound_too(void **unused)
{
	char body[128];

	(void)unused;
	/* each reveals a gap, restarts the session, or is lost for what it says */
	for (uint32_t kind = 0; kind < 3; kind++) {
		uint32_t i = 0;

		(void)setup(NULL);
		for (said.len = 0; said.len < 60000; i++) {
			if (kind == 0) {
				snprintf(body, sizeof(body), "35=0|34=%u|", 2 * i + 1);
			} else if (kind == 1) {
				snprintf(body, sizeof(body), "35=A|34=%u|141=Y|", 4 - i % 3);
			} else {
				snprintf(body, sizeof(body), "35=D|34=%u|", 2 * i + 1);
			}
			add(&said, body);
		}
		receive(&said);
		assert_true(batch.count > i / 2);
		assert_true(batch.count <= fp_batch_bound(said.len));
		(void)teardown(NULL);
	}
}

/* A stream may hold back more than one batch takes: then it goes on where it was. */
static void
a_full_batch_is_emptied_in_the_middle_of_a_chunk(void **unused)
{
	struct fp_datagram received = { .line = 0 };
	uint64_t told = 0;
	uint32_t entries = 0, calls = 0;

	(void)unused;
	said.len = 0;
	entries += add_entries(&said, "X", "55=A|", "279=2|278=1|", BODY_MAX - 512);
	entries += add_entries(&said, "X", "55=A|", "279=2|278=1|", BODY_MAX - 512);
	received.payload = fp_cspan_over(said.data, said.len - 1);
	for (uint32_t used = 0; used == 0; calls++) {
		used = fp_channel_receive(channel, &received, 1, &batch);
		told += batch.count;
		batch.count = 0;
	}
	assert_true(calls > 1);
	received.payload = fp_cspan_over(said.data + said.len - 1, 1);
	while (fp_channel_receive(channel, &received, 1, &batch) == 0) {
		told += batch.count;
		batch.count = 0;
	}
	told += batch.count;
	/* the second has the number of the first: it is a copy, and delivers nothing */
	assert_int_equal(channel->counters.messages, 1);
	assert_int_equal(channel->counters.duplicates, 1);
	assert_int_equal(told, entries / 2 + 1);
	assert_int_equal(channel->counters.datagrams, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_real_log_of_both_directions),
		cmocka_unit_test(a_real_log_of_fixt),
		cmocka_unit_test(a_log_of_which_nothing_is_good),
		cmocka_unit_test(a_log_of_everything),
		cmocka_unit_test(what_is_left_at_the_end_of_a_stream_is_counted),
		TEST_STREAM(a_stream_on_the_second_line_is_refused),
		cmocka_unit_test(no_message_decodes_to_more_than_the_bound),
		cmocka_unit_test(the_shortest_messages_keep_the_bound_too),
		TEST_STREAM(a_full_batch_is_emptied_in_the_middle_of_a_chunk),
	};

	return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
