/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * No hot function allocates: each is called a million times while every function that gives or
 * takes memory is counted. Controls show that each of those would be counted.
 *
 * To add a function: see call_rows.h. Every public function that a frame, a venue or an
 * asynchronous edge may call has a row. Left out are:
 *
 * - what makes, registers, destroys or sizes something (create, init, adopt, ..._bytes()): start-up
 *   and exit
 * - atomics, fp_poll_stop(), watches and poison: no calls, or calls inside of those that are here
 * - fp_histogram_get_summary(), percentile(), merge() ..., help texts, fp_telemetry_*: reports that
 *   no lcore makes; a reply of telemetry is made of memory
 * - the port of fp_synthetic, and the engine's own stages: test_no_alloc.c runs them
 * - what ends in fp_panic()
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <rte_common.h>
#include <rte_malloc.h>
#include <rte_mempool.h>
#include <rte_memzone.h>
#include <rte_ring.h>
#include <rte_ring_elem.h>

#include "alloc_hook.h"
#include "call_rows.h"
#include "fp_arena.h"
#include "fp_book.h"
#include "fp_channel.h"
#include "fp_counter.h"
#include "fp_demux.h"
#include "fp_endian.h"
#include "fp_fault.h"
#include "fp_fix_writer.h"
#include "fp_histogram.h"
#include "fp_hold.h"
#include "fp_itch_day.h"
#include "fp_lease.h"
#include "fp_packet.h"
#include "fp_poison.h"
#include "fp_poll.h"
#include "fp_test_eal.h"
#include "fp_test_skip.h"
#include "fp_udp.h"
#include "test_port.h"

#define CALLS         1000000UL
#define WARM_UP       1000UL
#define TESTS_MAX     128
#define BURST         4
#define INSTRUMENTS   256
#define GROUP         0xe9360c6fU
#define UDP_PORT      26477
#define HEADERS_BYTES 42 /* Ethernet, IPv4, UDP */
#define MOLD_BYTES    20

/* All that the functions work on; made once. */
static struct test_port port;
static struct fp_arena *tables;  /* what lives for the whole test */
static struct fp_arena *scratch; /* what is reset */
static struct fp_poll poll_loop;
static struct fp_batch batch;
static struct fp_books *books;
static struct fp_channel *itch50;
static struct fp_channel *iex;
static struct fp_channel *native;
static struct fp_channel *fix;
static struct fp_channel *fix_stream;
static struct fp_channel *gaps; /* a channel whose sequences are not in order */
static struct fp_demux demux;
static struct fp_hold hold;
static struct fp_histogram histogram;
static struct fp_itch_day *day;
static struct fp_message order;
static uint8_t frame[HEADERS_BYTES + MOLD_BYTES];
static uint8_t bytes[2048];
static uint64_t counter;

uint64_t call_turn;
volatile uint64_t call_result;

static void
call_transmit(void)
{
	struct fp_lease leases[2] = { call_rent(), call_rent() };

	call_result += fp_lease_transmit(port.id, 0, leases, 2, call_turn);
}

static void
call_frame(void)
{
	struct fp_array array;
	struct fp_lease kept;
	struct fp_span span;
	struct fp_mark mark;

	fp_poll_start(&poll_loop);
	fp_frame_open(&poll_loop);
	if (fp_frame_receive(&poll_loop, port.id, 0, call_pool) == 0)
		fail_msg("nothing was received");
	fp_frame_stage(&poll_loop, FP_STAGE_DECODE);
	call_result += fp_arena_span(fp_frame_scratch(&poll_loop), 64, 8, &span) == 0;
	call_result += FP_ARENA_TAKE(fp_frame_scratch(&poll_loop), uint64_t, 4, &array) == 0;
	*FP_ARRAY_AT(array, uint64_t, 3) = call_turn;
	mark = fp_arena_mark(fp_frame_scratch(&poll_loop)); /* the frame's close ends it */
	call_result += mark.depth;
	kept = fp_frame_keep(&poll_loop, 0);
	fp_frame_release(&poll_loop);
	call_result += fp_frame_close(&poll_loop) + fp_poll_goes_on(&poll_loop);
	call_result += fp_poll_watch(&poll_loop);
	fp_lease_release(&kept);
}

static void
call_reader(void)
{
	struct fp_reader reader = fp_reader_open(fp_cspan_over(bytes, 128));
	uint8_t into[8];

	call_result += fp_reader_require(&reader, 40);
	call_result += fp_reader_read_u8(&reader) + fp_reader_read_le16(&reader) +
		fp_reader_read_le32(&reader) + fp_reader_read_le64(&reader) +
		fp_reader_read_be16(&reader) + fp_reader_read_be32(&reader) +
		fp_reader_read_be48(&reader) + fp_reader_read_be64(&reader);
	fp_reader_skip(&reader, 4);
	fp_reader_read_into(&reader, into, sizeof(into));
	call_result += into[call_turn % sizeof(into)] + fp_reader_read_bytes(&reader, 4).len;
	call_result += fp_reader_read_rest(&reader).len + fp_reader_remaining(&reader);
	/* past the end: the fault is latched */
	call_result += fp_reader_read_le64(&reader) + fp_reader_ok(&reader);
}

static void
call_reader_try(void)
{
	struct fp_reader reader = fp_reader_open(fp_cspan_over(bytes, 31));
	struct fp_cspan view;
	uint8_t u8 = 0;
	uint16_t u16 = 0;
	uint32_t u32 = 0;
	uint64_t u64 = 0;

	call_result += fp_reader_try_u8(&reader, &u8);
	call_result += fp_reader_try_le16(&reader, &u16) && fp_reader_try_be16(&reader, &u16);
	call_result += fp_reader_try_le32(&reader, &u32) && fp_reader_try_be32(&reader, &u32);
	call_result += fp_reader_try_le64(&reader, &u64) && fp_reader_try_be64(&reader, &u64);
	call_result += fp_reader_try_bytes(&reader, 4, &view) + u8 + u16 + u32 + u64;
}

static void
call_writer(void)
{
	struct fp_writer writer = fp_writer_open(fp_span_over(bytes, 128));
	struct fp_length_slot slot = fp_writer_reserve_u16(&writer);

	fp_writer_write_u8(&writer, (uint8_t)call_turn);
	fp_writer_write_le16(&writer, (uint16_t)call_turn);
	fp_writer_write_le32(&writer, (uint32_t)call_turn);
	fp_writer_write_le64(&writer, call_turn);
	fp_writer_write_be16(&writer, (uint16_t)call_turn);
	fp_writer_write_be32(&writer, (uint32_t)call_turn);
	fp_writer_write_be48(&writer, call_turn);
	fp_writer_write_be64(&writer, call_turn);
	fp_writer_write_bytes(&writer, fp_cspan_over(bytes + 200, 8));
	fp_writer_write_zeros(&writer, 8);
	fp_writer_patch_le16(&writer, slot);
	fp_writer_patch_be16(&writer, slot);
	call_result += fp_writer_written(&writer) + fp_writer_room(&writer);
}

static void
call_fix_writer(void)
{
	const struct fp_fix_header header = { fp_cspan_over("EXEC", 4), fp_cspan_over("FIRM", 4),
		call_turn, call_turn * 1000003, 9 };
	const struct fp_symbol16 wide = { "ESZ6" };
	const struct fp_symbol8 narrow = { "ES" };
	struct fp_writer writer = fp_writer_open(fp_span_over(bytes, sizeof(bytes)));
	struct fp_fix_writer message;
	int error;

	fp_fix_writer_begin(&message, &writer, FP_FIX_T_1_1, "W");
	error = fp_fix_write_header(&message, &header);
	error |= fp_fix_write_feed_header(&message, fp_cspan_over("FEED", 4), call_turn, call_turn);
	error |= fp_fix_write_symbol16(&message, FP_FIX_TAG_SYMBOL, wide);
	error |= fp_fix_write_symbol8(&message, FP_FIX_TAG_SECURITY_ID, narrow);
	error |= fp_fix_write_data(&message, 96, fp_cspan_over("\001", 1));
	error |= fp_fix_write_bytes(&message, FP_FIX_TAG_CL_ORD_ID, fp_cspan_over("12", 2));
	fp_fix_write_count(&message, FP_FIX_TAG_NO_MD_ENTRIES, 1);
	fp_fix_write_char(&message, FP_FIX_TAG_MD_ENTRY_TYPE, '0');
	fp_fix_write_price(&message, (uint32_t)(270 + call_turn % 2),
		(struct fp_price){ (int64_t)call_turn }, 4);
	fp_fix_write_qty(&message, FP_FIX_TAG_MD_ENTRY_SIZE, (struct fp_qty){ 100 });
	fp_fix_write_i64(&message, FP_FIX_TAG_RPT_SEQ, -(int64_t)call_turn);
	fp_fix_write_bool(&message, FP_FIX_TAG_POSS_DUP_FLAG, false);
	fp_fix_write_date(&message, FP_FIX_TAG_MD_ENTRY_DATE, call_turn);
	fp_fix_write_time(&message, FP_FIX_TAG_MD_ENTRY_TIME, call_turn, 3);
	call_result += fp_fix_writer_room(&message) + fp_fix_writer_end(&message) + (uint64_t)error;
}

static void
call_message(void)
{
	struct fp_writer writer = fp_writer_open(fp_span_over(bytes, 256));
	struct fp_packet_header header = { .sequence = call_turn, .count = 1 };
	struct fp_message decoded;
	struct fp_reader reader;

	fp_packet_encode(&writer, &header);
	fp_message_encode(&writer, &order);
	reader = fp_reader_open(fp_cspan_over(bytes, fp_writer_written(&writer)));
	call_result += (uint64_t)fp_packet_decode(&reader, &header);
	call_result += (uint64_t)fp_message_decode(fp_reader_read_rest(&reader), &decoded);
	call_result += decoded.len + (uint64_t)fp_message_name(decoded.type)[0];
}

static void
call_message_describe(void)
{
	call_result += fp_message_describe(&order, (char *)bytes, sizeof(bytes));
}

static void
call_udp(void)
{
	struct fp_udp udp;

	call_result += fp_udp_parse(fp_cspan_over(frame, sizeof(frame)), false, &udp);
	call_result += udp.port;
	/* cut off, as a general parser sees it */
	call_result += fp_udp_parse(fp_cspan_over(frame, sizeof(frame) - 1), true, &udp);
	call_result += fp_checksum_fold(fp_checksum_add(0, fp_cspan_over(frame, sizeof(frame))));
}

static void
call_demux(void)
{
	call_result += fp_demux_find(&demux, GROUP, UDP_PORT) != NULL;
	call_result += fp_demux_find(&demux, GROUP, UDP_PORT + 1) != NULL;
}

static void
call_continuity(void)
{
	static struct fp_continuity continuity;
	struct fp_datagram_header header = { .first = call_turn * 2 + 1, .count = 1 };

	call_result += fp_continuity_place(&continuity, &header).lost;
	header.first++;
	call_result += fp_continuity_place(&continuity, &header).verdict;
	call_result += fp_continuity_place(&continuity, &header).verdict;
	call_result += fp_session_equal(header.session, continuity.session);
}

/* In order, a gap, a duplicate, and what a venue says of a datagram that is not well. */
static void
call_accept(void)
{
	struct fp_datagram_header header = { .first = call_turn * 4 + 1, .count = 2 };
	uint32_t mark;

	batch.count = 0;
	call_result += fp_channel_accept(gaps, 0, &header, &batch);
	call_result += fp_channel_accept(gaps, 0, &header, &batch);
	mark = batch.count;
	call_result += fp_batch_bound(1400);
	call_result += fp_batch_has_room(&batch, 1400) + (uint64_t)fp_batch_next(&batch)->len;
	fp_channel_reject(gaps, &header, 0, FP_MALFORMED_SEQUENCE, &batch, mark);
	fp_channel_reject_header(gaps, FP_MALFORMED_SEQUENCE);
	fp_channel_drop_copy(gaps, 1, &header);
	fp_channel_duplicate(gaps, 1, &header);
	fp_channel_note_fault(gaps, FP_MALFORMED_SEQUENCE, call_turn);
	fp_channel_restart(gaps, 0, &header, &batch);
	fp_channel_end_of_session(gaps, &batch);
	fp_channel_count_type(gaps, 'A');
	fp_channel_delivered(gaps, 2);
}

static void
receive(struct fp_channel *channel, uint32_t len)
{
	struct fp_datagram datagram = { .payload = fp_cspan_over(bytes, len) };

	batch.count = 0;
	call_result += fp_channel_receive(channel, &datagram, 1, &batch);
}

/* A whole exchange day goes by: every message type, and books that grow and shrink. */
static void
call_itch50(void)
{
	uint16_t len = fp_itch_day_next(day, bytes + MOLD_BYTES + 2);

	memset(bytes, ' ', 10);
	fp_store_be64(bytes + 10, call_turn + 1);
	fp_store_be16(bytes + 18, 1);
	fp_store_be16(bytes + MOLD_BYTES, len);
	receive(itch50, MOLD_BYTES + 2U + len);
	for (uint32_t i = 0; i < batch.count; i++) {
		fp_books_prefetch(books, &batch.messages[i]);
		call_result += fp_books_apply(books, &batch.messages[i]);
	}
}

/* One price level update of DEEP. */
static void
call_iex(void)
{
	static const uint8_t level[] = { 30, 0, '8', 1, 1, 2, 3, 4, 5, 6, 7, 0, 'Z', 'I', 'E', 'X',
		'T', ' ', ' ', ' ', 100, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
	struct fp_writer writer = fp_writer_open(fp_span_over(bytes, sizeof(bytes)));

	fp_writer_write_le16(&writer, 1);
	fp_writer_write_le16(&writer, 0x8004);
	fp_writer_write_le32(&writer, 1);
	fp_writer_write_le32(&writer, 1);
	fp_writer_write_le16(&writer, sizeof(level));
	fp_writer_write_le16(&writer, 1);
	fp_writer_write_le64(&writer, call_turn * sizeof(level));
	fp_writer_write_le64(&writer, call_turn + 1);
	fp_writer_write_le64(&writer, call_turn);
	fp_writer_write_bytes(&writer, fp_cspan_over(level, sizeof(level)));
	receive(iex, fp_writer_written(&writer));
}

/* An increment of two levels, as a datagram, and as a stream in two pieces. */
static void
call_fix(void)
{
	static const char increment[] = "8=FIX.4.4\0019=087\00135=X\00149=S\00156=T\001"
					"34=00000000\001268=2\001279=0\001269=0\00155=A\001"
					"270=10.25\001271=100\001279=2\001269=1\001270=11\001"
					"10=000\001";
	const uint32_t len = sizeof(increment) - 1;
	uint8_t *number = bytes + 34, *trailer = bytes + len - 4, sum = 0;
	uint64_t digits = call_turn + 1;

	memcpy(bytes, increment, len);
	for (uint32_t i = 8; i != 0; i--, digits /= 10)
		number[i - 1] = (uint8_t)('0' + digits % 10);
	for (uint32_t i = 0; i < len - 7; i++)
		sum = (uint8_t)(sum + bytes[i]);
	trailer[0] = (uint8_t)('0' + sum / 100);
	trailer[1] = (uint8_t)('0' + sum / 10 % 10);
	trailer[2] = (uint8_t)('0' + sum % 10);
	receive(fix, len);
	receive(fix_stream, 50);
	memmove(bytes, bytes + 50, len - 50);
	receive(fix_stream, len - 50);
}

static void
call_native(void)
{
	struct fp_writer writer = fp_writer_open(fp_span_over(bytes, sizeof(bytes)));
	const struct fp_packet_header header = {
		.session = 1,
		.sequence = call_turn + 1,
		.count = 1,
		.payload_len = order.len,
	};

	fp_packet_encode(&writer, &header);
	fp_message_encode(&writer, &order);
	receive(native, fp_writer_written(&writer));
}

static void
call_hold(void)
{
	struct fp_datagram_header header = { .first = call_turn + 100, .count = 1 };
	struct fp_lease lease = call_rent();
	struct fp_held held;

	call_result += fp_hold_wants(native, &header, 1);
	fp_hold_put(&hold, &lease, &header, 1, call_turn);
	call_result += fp_hold_has(&hold, &header) + fp_hold_is_due(&hold, call_turn) +
		fp_hold_is_overdue(&hold, call_turn);
	held = fp_hold_take(&hold);
	fp_lease_release(&held.lease);
}

static void
call_books(void)
{
	const struct fp_symbol16 symbol = fp_books_symbol(books, 1);
	struct fp_quote quote;
	struct fp_level level;

	call_result += fp_books_quote(books, 1, &quote) + fp_symbol16_equal(symbol, symbol);
	call_result += (uint64_t)fp_books_level(books, 1, FP_SIDE_BUY, 0, &level);
	call_result += fp_books_find(books, symbol) + fp_books_price_decimals(books, 1) +
		fp_books_exists(books, 1) + fp_books_is_stale(books, 1) +
		fp_books_max_instruments(books) + fp_books_counters(books)->orders;
}

static void
call_stats(void)
{
	fp_histogram_record(&histogram, call_turn);
	fp_histogram_record_n(&histogram, call_turn << 20, 2);
	fp_counter_add(&counter, 1);
	call_result += fp_counter_get(&counter);
}

static void
call_names(void)
{
	call_result += (uint64_t)fp_error_text(-ENOMEM)[0] +
		(uint64_t)fp_drop_name((enum fp_drop)0)[0] +
		(uint64_t)fp_malformed_name((enum fp_malformed)0)[0] +
		(uint64_t)fp_stage_name(0)[0] + (uint64_t)fp_slot_op_name(0)[0];
}

static const struct call_row rows[] = {
	{ "fp_lease_transmit", call_transmit },
	{ "fp_frame_open ... close, fp_poll_watch", call_frame },
	{ "fp_reader_read", call_reader },
	{ "fp_reader_try", call_reader_try },
	{ "fp_writer", call_writer },
	{ "fp_fix_writer", call_fix_writer },
	{ "fp_packet_encode, decode, fp_message_encode, decode", call_message },
	{ "fp_message_describe", call_message_describe },
	{ "fp_udp_parse, fp_checksum_add", call_udp },
	{ "fp_demux_find", call_demux },
	{ "fp_continuity_place", call_continuity },
	{ "fp_channel_accept, reject ...", call_accept },
	{ "fp_itch_day_next, fp_channel_receive itch50, fp_books_apply", call_itch50 },
	{ "fp_channel_receive iex", call_iex },
	{ "fp_channel_receive fix", call_fix },
	{ "fp_channel_receive native", call_native },
	{ "fp_hold", call_hold },
	{ "fp_books_quote, level, find ...", call_books },
	{ "fp_histogram_record, fp_counter_add", call_stats },
	{ "names", call_names },
};

static void
a_million_calls_allocate_nothing(void **state)
{
	const struct call_row *row = *state;
	uint64_t allocations;

	for (call_turn = 0; call_turn < WARM_UP; call_turn++)
		row->call();
	alloc_count_begin();
	for (; call_turn < WARM_UP + CALLS; call_turn++)
		row->call();
	allocations = alloc_count_end();
	for (int kind = 0; kind < ALLOC_KIND_COUNT && allocations != 0; kind++) {
		uint64_t count = alloc_count_of((enum alloc_kind)kind);

		if (count != 0) {
			print_error("%s: %ju calls of %s\n", row->functions, (uintmax_t)count,
				alloc_kind_name((enum alloc_kind)kind));
		}
	}
	assert_int_equal(allocations, 0);
	call_memory_check();
}

/* What the venues made of all that: the rows did what they say. */
static void
the_calls_did_their_work(void **state)
{
	(void)state;
	assert_int_equal(fp_counter_get(&itch50->counters.messages), WARM_UP + CALLS);
	assert_int_equal(fp_counter_get(&iex->counters.messages), WARM_UP + CALLS);
	assert_int_equal(fp_counter_get(&fix->counters.messages), WARM_UP + CALLS);
	assert_int_equal(fp_counter_get(&fix_stream->counters.messages), WARM_UP + CALLS);
	assert_int_equal(fp_counter_get(&native->counters.messages), WARM_UP + CALLS);
	assert_true(fp_books_counters(books)->quote_changes > 1000);
	assert_int_equal(hold.count, 0);
}

/* Each function that is counted, called once. */
static void
call_heap(void)
{
	void *volatile memory = malloc(1);
	void *out = NULL;

	memory = realloc(memory, 2);
	free(memory);
	memory = calloc(1, 1);
	free(memory);
	memory = aligned_alloc(64, 64);
	free(memory);
	assert_int_equal(posix_memalign(&out, 64, 64), 0);
	memory = out;
	free(memory);
}

static void
call_kernel(void)
{
	void *map = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(map != MAP_FAILED);
	map = mremap(map, 4096, 8192, MREMAP_MAYMOVE);
	assert_true(map != MAP_FAILED);
	assert_int_equal(mprotect(map, 4096, PROT_NONE), 0);
	assert_int_equal(munmap(map, 8192), 0);
	assert_true(sbrk(0) != NULL);
	(void)brk(NULL);
}

static void
call_rte_heap(void)
{
	void *memory = rte_malloc(NULL, 1, 0);

	memory = rte_realloc(memory, 200, 0);
	memory = rte_realloc_socket(memory, 400, 0, SOCKET_ID_ANY);
	rte_free(memory);
	rte_free(rte_malloc_socket(NULL, 1, 0, SOCKET_ID_ANY));
	rte_free(rte_zmalloc(NULL, 1, 0));
	rte_free(rte_zmalloc_socket(NULL, 1, 0, SOCKET_ID_ANY));
	rte_free(rte_calloc(NULL, 1, 1, 0));
	rte_free(rte_calloc_socket(NULL, 1, 1, 0, SOCKET_ID_ANY));
}

static void
call_rte_objects(void)
{
	const struct rte_memzone *zone;
	struct rte_mempool *mempool;

	(void)rte_memzone_free(rte_memzone_reserve("count_a", 64, SOCKET_ID_ANY, 0));
	(void)rte_memzone_free(rte_memzone_reserve_aligned("count_b", 64, SOCKET_ID_ANY, 0, 64));
	(void)rte_memzone_free(
		rte_memzone_reserve_bounded("count_c", 64, SOCKET_ID_ANY, 0, 64, 4096));
	rte_ring_free(rte_ring_create("count_d", 64, SOCKET_ID_ANY, 0));
	rte_ring_free(rte_ring_create_elem("count_e", 4, 64, SOCKET_ID_ANY, 0));
	rte_mempool_free(rte_pktmbuf_pool_create("count_f", 63, 0, 0, 256, SOCKET_ID_ANY));
	rte_mempool_free(rte_mempool_create(
		"count_g", 63, 64, 0, 0, NULL, NULL, NULL, NULL, SOCKET_ID_ANY, 0));
	mempool = rte_mempool_create_empty("count_h", 63, 64, 0, 0, SOCKET_ID_ANY, 0);
	assert_non_null(mempool);
	assert_int_equal(rte_mempool_set_ops_byname(mempool, "ring_mp_mc", NULL), 0);
	assert_true(rte_mempool_populate_default(mempool) > 0);
	rte_mempool_free(mempool);
	zone = rte_memzone_reserve("count_i", 65536, SOCKET_ID_ANY, 0);
	mempool = rte_mempool_create_empty("count_j", 63, 64, 0, 0, SOCKET_ID_ANY, 0);
	if (zone == NULL || mempool == NULL) {
		fail_msg("no memory");
		return;
	}
	assert_true(rte_mempool_populate_iova(
			    mempool, zone->addr, zone->iova, zone->len, NULL, NULL) > 0);
	rte_mempool_free(mempool);
	(void)rte_memzone_free(zone);
}

static void
each_function_would_be_counted(void **state)
{
	(void)state;
	alloc_count_begin();
	call_heap();
	call_kernel();
	call_rte_heap();
	call_rte_objects();
	(void)alloc_count_end();
	/* Those of alloc_hook.c; devices are not made here. */
	for (int kind = 0; kind < ALLOC_VDEV_INIT; kind++) {
		if (alloc_count_of((enum alloc_kind)kind) == 0)
			fail_msg("%s was not counted", alloc_kind_name((enum alloc_kind)kind));
	}
}

static void
prepare_frame(void)
{
	struct fp_writer writer = fp_writer_open(fp_span_over(frame, sizeof(frame)));
	uint16_t checksum;

	fp_writer_write_zeros(&writer, 12);
	fp_writer_write_be16(&writer, 0x0800);
	fp_writer_write_be16(&writer, 0x4500);
	fp_writer_write_be16(&writer, sizeof(frame) - 14);
	fp_writer_write_zeros(&writer, 4);
	fp_writer_write_be16(&writer, 16 << 8 | 17);
	fp_writer_write_zeros(&writer, 6);
	fp_writer_write_be32(&writer, GROUP);
	fp_writer_write_be16(&writer, UDP_PORT);
	fp_writer_write_be16(&writer, UDP_PORT);
	fp_writer_write_be16(&writer, 8 + MOLD_BYTES);
	checksum = fp_checksum_fold(fp_checksum_add(0, fp_cspan_over(frame + 14, 20)));
	fp_store_be16(frame + 24, (uint16_t)~checksum);
}

static int
create_channel(const char *name, const char *venue, struct fp_channel **out)
{
	const struct fp_venue_params params = {
		.transport = out == &fix_stream ? "stream" : NULL,
		.max_instruments = INSTRUMENTS,
		.price_decimals = FP_VENUE_PRICE_DECIMALS,
	};

	return fp_channel_create(name, 0, fp_venue_find(venue), &params, tables, out);
}

static int
create_venues(void)
{
	const struct fp_books_params books_params = { INSTRUMENTS, 65536, 65536 };
	const struct fp_itch_day_params day_params = {
		.seed = 1,
		.messages = WARM_UP + CALLS,
		.symbols = INSTRUMENTS - 1,
		.max_live_orders = 50000,
	};

	if (create_channel("itch50", "itch50", &itch50) != 0 ||
		create_channel("iex", "iex", &iex) != 0 ||
		create_channel("fix", "fix", &fix) != 0 ||
		create_channel("fix_stream", "fix", &fix_stream) != 0 ||
		create_channel("native", "native", &native) != 0 ||
		create_channel("gaps", "native", &gaps) != 0)
		return -1;
	if (fp_books_create(&books_params, tables, &books) != 0 ||
		fp_batch_init(&batch, tables) != 0)
		return -1;
	order = (struct fp_message){
		.len = FP_MESSAGE_LEN(order_add),
		.type = FP_MESSAGE_ORDER_ADD,
		.instrument_id = 1,
		.order_add = { .quantity = { 100 }, .side = FP_SIDE_BUY },
	};
	return fp_itch_day_create(&day_params, &day);
}

static int
set_up(void **state)
{
	const struct fp_arena_params tables_params = { "calls_tables", 64 << 20, SOCKET_ID_ANY, 0 };
	const struct fp_arena_params scratch_params = { "calls_scratch", 4096, SOCKET_ID_ANY, 0 };

	(void)state;
	prepare_frame();
	fp_histogram_init(&histogram);
	if (call_memory_set_up() != 0 || call_fix_set_up() != 0 ||
		fp_arena_create(&tables_params, &tables) != 0 ||
		fp_arena_create(&scratch_params, &scratch) != 0)
		return -1;
	if (fp_poll_init(&poll_loop, BURST, tables, scratch) != 0 || create_venues() != 0 ||
		fp_demux_add(&demux, GROUP, UDP_PORT, itch50, 0) != 0)
		return -1;
	return test_port_open_null(&port, "calls", call_pool->mempool);
}

static int
tear_down(void **state)
{
	(void)state;
	test_port_close(&port);
	fp_itch_day_destroy(day);
	fp_arena_destroy(scratch);
	fp_arena_destroy(tables);
	call_fix_tear_down();
	call_memory_tear_down();
	return 0;
}

static size_t
add_rows(const struct call_row *table, size_t count, struct CMUnitTest *tests)
{
	for (size_t i = 0; i < count; i++) {
		tests[i].name = table[i].functions;
		tests[i].test_func = a_million_calls_allocate_nothing;
		/* NOLINTNEXTLINE(performance-no-int-to-ptr): CMocka wants it without const */
		tests[i].initial_state = (void *)(uintptr_t)&table[i];
	}
	return count;
}

int
main(void)
{
	static struct CMUnitTest tests[TESTS_MAX];
	size_t count = 0;
	int failed;

	if (FP_HAS_ASAN) {
		fp_test_skip_all("AddressSanitizer has taken malloc over");
		return 0;
	}
	if (span_row_count + text_row_count + price_row_count + chain_row_count + memory_row_count +
				fix_row_count + RTE_DIM(rows) + 2 >
			TESTS_MAX ||
		fp_test_eal_init() != 0)
		return EXIT_FAILURE;
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(each_function_would_be_counted);
	count += add_rows(span_rows, span_row_count, &tests[count]);
	count += add_rows(text_rows, text_row_count, &tests[count]);
	count += add_rows(chain_rows, chain_row_count, &tests[count]);
	count += add_rows(memory_rows, memory_row_count, &tests[count]);
	count += add_rows(price_rows, price_row_count, &tests[count]);
	count += add_rows(fix_rows, fix_row_count, &tests[count]);
	count += add_rows(rows, RTE_DIM(rows), &tests[count]);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(the_calls_did_their_work);
	failed = _cmocka_run_group_tests("no_alloc_calls", tests, count, set_up, tear_down);
	fp_test_eal_fini();
	return failed;
}
