/* SPDX-License-Identifier: BSD-3-Clause */

/* What the library and its drivers can create, each alone. Rows: see alloc_failure.h. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <rte_common.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_telemetry.h>

#include "alloc_failure.h"
#include "fp_arena.h"
#include "fp_batch.h"
#include "fp_book.h"
#include "fp_channel.h"
#include "fp_file_feed.h"
#include "fp_handoff.h"
#include "fp_itch_day.h"
#include "fp_owner.h"
#include "fp_poll.h"
#include "fp_pool.h"
#include "fp_synthetic.h"
#include "fp_telemetry.h"

#define INSTRUMENTS 16

static struct fp_arena *arena;
static struct fp_pool *pool;
static struct rte_mempool *mempool; /* to be adopted */
static struct fp_owners *owners;
static struct fp_handoff *handoff;
static struct fp_itch_day *day;
static struct fp_synthetic *feed;
static struct fp_poll poll_loop;
static struct fp_batch batch;

static int
create_arena_with(uint32_t flags)
{
	const struct fp_arena_params params = {
		.name = "failure",
		.cap = 4 << 20,
		.socket_id = SOCKET_ID_ANY,
		.flags = flags,
	};
	int error = fp_arena_create(&params, &arena);

	return scenario_result(error, arena);
}

static int
create_arena(void)
{
	return create_arena_with(0);
}

static int
create_guarded_arena(void)
{
	return create_arena_with(FP_ARENA_F_GUARD);
}

static void
prepare_arena(void)
{
	assert_int_equal(create_arena(), 0);
}

static void
destroy_arena(void)
{
	fp_arena_destroy(arena);
	arena = NULL;
}

static int
create_pool(void)
{
	const struct fp_pool_params params = {
		.name = "failure",
		.buffers = 512,
		.data_room = 2048,
		.cache = 32,
		.socket_id = SOCKET_ID_ANY,
	};
	int error = fp_pool_create(&params, &pool);

	return scenario_result(error, pool);
}

static void
destroy_pool(void)
{
	fp_pool_destroy(pool);
	pool = NULL;
}

static void
prepare_mempool(void)
{
	mempool = rte_pktmbuf_pool_create("failure", 512, 32, 0, 2176, SOCKET_ID_ANY);
	assert_non_null(mempool);
}

static int
adopt_pool(void)
{
	int error = fp_pool_adopt(mempool, &pool);

	return scenario_result(error, pool);
}

static void
destroy_adopted(void)
{
	destroy_pool();
	rte_mempool_free(mempool);
	mempool = NULL;
}

static int
create_owners(void)
{
	const struct fp_owners_params params = {
		.name = "failure",
		.count = 16,
		.block_bytes = 4096,
		.socket_id = SOCKET_ID_ANY,
	};
	int error = fp_owners_create(&params, &owners);

	return scenario_result(error, owners);
}

static void
destroy_owners(void)
{
	fp_owners_destroy(owners);
	owners = NULL;
}

static int
create_handoff(void)
{
	const struct fp_handoff_params params = {
		.name = "failure",
		.cap = 64,
		.policy = FP_HANDOFF_KEEP,
		.socket_id = SOCKET_ID_ANY,
	};
	int error = fp_handoff_create(&params, &handoff);

	return scenario_result(error, handoff);
}

static void
destroy_handoff(void)
{
	(void)fp_handoff_destroy(handoff);
	handoff = NULL;
}

static int
create_books(void)
{
	const struct fp_books_params params = {
		.max_instruments = INSTRUMENTS,
		.max_orders = 256,
		.max_levels = 256,
	};
	struct fp_books *books;
	int error = fp_books_create(&params, arena, &books);

	return scenario_result(error, books);
}

static int
create_channel_of(const char *venue)
{
	const struct fp_venue_params params = { .max_instruments = INSTRUMENTS };
	struct fp_channel *channel;
	int error = fp_channel_create("failure", 0, fp_venue_find(venue), &params, arena, &channel);

	return scenario_result(error, channel);
}

static int
create_channel_fix(void)
{
	return create_channel_of("fix");
}

static int
create_channel_iex(void)
{
	return create_channel_of("iex");
}

static int
create_channel_itch50(void)
{
	return create_channel_of("itch50");
}

static int
create_channel_native(void)
{
	return create_channel_of("native");
}

static int
init_batch(void)
{
	return fp_batch_init(&batch, arena);
}

static int
init_poll(void)
{
	return fp_poll_init(&poll_loop, 32, arena, NULL);
}

static int
create_day(void)
{
	const struct fp_itch_day_params params = {
		.seed = 1,
		.messages = 64,
		.symbols = 4,
		.max_live_orders = 16,
	};
	int error = fp_itch_day_create(&params, &day);

	return scenario_result(error, day);
}

static void
destroy_day(void)
{
	fp_itch_day_destroy(day);
	day = NULL;
}

static int
create_feed(void)
{
	const struct fp_synthetic_params params = {
		.seed = 1,
		.messages = 64,
		.symbols = 4,
		.max_live_orders = 16,
		.max_payload = 1400,
		.socket_id = SOCKET_ID_ANY,
	};
	int error = fp_synthetic_create(&params, &feed);

	return scenario_result(error, feed);
}

static void
destroy_feed(void)
{
	fp_synthetic_destroy(feed);
	feed = NULL;
}

/* A feed, and its port with a queue. */
static void
prepare_feed_port(void)
{
	const struct rte_eth_conf conf = { 0 };
	uint16_t port;

	assert_int_equal(create_pool(), 0);
	assert_int_equal(create_feed(), 0);
	port = fp_synthetic_port(feed);
	assert_int_equal(rte_eth_dev_configure(port, 1, 0, &conf), 0);
	assert_int_equal(
		rte_eth_rx_queue_setup(port, 0, 64, SOCKET_ID_ANY, NULL, pool->mempool), 0);
}

static int
attach_feed(void)
{
	return fp_synthetic_attach(feed);
}

static void
destroy_feed_port(void)
{
	destroy_feed();
	destroy_pool();
}

/* A feed of a file that is on every system. */
static struct fp_file_feed *file_feed;

static int
create_file_feed(void)
{
	const struct fp_file_feed_params params = { .path = "/etc/passwd" };
	int error = fp_file_feed_create(&params, &file_feed);

	return scenario_result(error, file_feed);
}

static void
destroy_file_feed(void)
{
	fp_file_feed_destroy(file_feed);
	file_feed = NULL;
}

static void
prepare_file_port(void)
{
	const struct rte_eth_conf conf = { 0 };
	uint16_t port;

	assert_int_equal(create_pool(), 0);
	assert_int_equal(create_file_feed(), 0);
	port = fp_file_feed_port(file_feed);
	assert_int_equal(rte_eth_dev_configure(port, 1, 0, &conf), 0);
	assert_int_equal(
		rte_eth_rx_queue_setup(port, 0, 64, SOCKET_ID_ANY, NULL, pool->mempool), 0);
}

static int
attach_file_feed(void)
{
	return fp_file_feed_attach(file_feed);
}

static void
destroy_file_port(void)
{
	destroy_file_feed();
	destroy_pool();
}

/* A reply with all kinds of containers; who asked gets it as far as it could be made. */
static struct rte_tel_data *reply;
static struct fp_telemetry_node reply_root;
static struct fp_telemetry_node reply_children[3];

static void
prepare_reply(void)
{
	reply = rte_tel_data_alloc();
	assert_non_null(reply);
}

static int
make_reply(void)
{
	int error;

	fp_telemetry_init(&reply_root, reply);
	fp_telemetry_add_uint(&reply_root, "one", 1);
	fp_telemetry_open_dict(&reply_root, "dict", &reply_children[0]);
	fp_telemetry_add_string(&reply_children[0], "text", "text");
	fp_telemetry_open_uints(&reply_root, "uints", &reply_children[1]);
	fp_telemetry_append_uint(&reply_children[1], 1);
	fp_telemetry_open_strings(&reply_root, "strings", &reply_children[2]);
	fp_telemetry_append_string(&reply_children[2], "text");
	error = fp_telemetry_commit(&reply_root);
	return error != 0 ? SCENARIO_BAD_OUT : reply_root.error;
}

/* DPDK frees the containers when it has sent the reply. */
static void
free_reply(void)
{
	for (size_t i = 0; i < RTE_DIM(reply_children); i++)
		rte_tel_data_free(reply_children[i].data);
	rte_tel_data_free(reply);
}

/* name, prepare, create, destroy, documented errors, prints */
const struct scenario lib_scenarios[] = {
	{ "fp_arena_create", NULL, create_arena, destroy_arena, { -ENOMEM }, false },
	{ "fp_arena_create_guard", NULL, create_guarded_arena, destroy_arena, { -ENOMEM, -ENOTSUP },
		false },
	{ "fp_pool_create", NULL, create_pool, destroy_pool, { -ENOMEM }, false },
	{ "fp_pool_adopt", prepare_mempool, adopt_pool, destroy_adopted, { -ENOMEM }, false },
	{ "fp_owners_create", NULL, create_owners, destroy_owners, { -ENOMEM }, false },
	{ "fp_handoff_create", NULL, create_handoff, destroy_handoff, { -ENOMEM }, false },
	{ "fp_books_create", prepare_arena, create_books, destroy_arena, { -ENOMEM }, false },
	{ "fp_channel_create_fix", prepare_arena, create_channel_fix, destroy_arena, { -ENOMEM },
		false },
	{ "fp_channel_create_iex", prepare_arena, create_channel_iex, destroy_arena, { -ENOMEM },
		false },
	{ "fp_channel_create_itch50", prepare_arena, create_channel_itch50, destroy_arena,
		{ -ENOMEM }, false },
	{ "fp_channel_create_native", prepare_arena, create_channel_native, destroy_arena,
		{ -ENOMEM }, false },
	{ "fp_batch_init", prepare_arena, init_batch, destroy_arena, { -ENOMEM }, false },
	{ "fp_poll_init", prepare_arena, init_poll, destroy_arena, { -ENOMEM }, false },
	{ "fp_itch_day_create", NULL, create_day, destroy_day, { -ENOMEM }, false },
	{ "fp_synthetic_create", NULL, create_feed, destroy_feed, { -ENOMEM, -EIO }, false },
	{ "fp_synthetic_attach", prepare_feed_port, attach_feed, destroy_feed_port, { -ENOMEM },
		false },
	{ "fp_file_feed_create", NULL, create_file_feed, destroy_file_feed, { -ENOMEM, -EIO },
		false },
	{ "fp_file_feed_attach", prepare_file_port, attach_file_feed, destroy_file_port,
		{ -ENOMEM }, false },
	{ "fp_telemetry_reply", prepare_reply, make_reply, free_reply, { -ENOMEM }, false },
};
const uint32_t lib_scenario_count = RTE_DIM(lib_scenarios);
