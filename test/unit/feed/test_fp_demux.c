/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The table of routes against a list that is searched from the front.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp_demux.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define CHANNELS 8
#define GROUP    0xe9360c6f /* 233.54.12.111 */
#define ROUNDS   300

static struct fp_channel channels[CHANNELS];
static struct fp_demux demux;

static int
clear_demux(void **state)
{
	(void)state;
	memset(&demux, 0, sizeof(demux));
	return 0;
}

static void
assert_route(uint32_t group, uint16_t port, const struct fp_channel *channel, uint8_t line)
{
	const struct fp_demux_route *route = fp_demux_find(&demux, group, port);

	assert_non_null(route);
	assert_ptr_equal(route->channel, channel);
	assert_int_equal(route->line, line);
}

static void
an_empty_table_has_no_routes(void **state)
{
	(void)state;
	assert_null(fp_demux_find(&demux, GROUP, 26477));
	assert_null(fp_demux_find(&demux, 0, 0));
	assert_null(fp_demux_find(&demux, 0, 1));
	assert_null(fp_demux_find(&demux, UINT32_MAX, UINT16_MAX));
}

static void
a_route_holds_for_its_group_and_port_alone(void **state)
{
	(void)state;
	assert_int_equal(fp_demux_add(&demux, GROUP, 26477, &channels[0], 0), 0);
	assert_int_equal(fp_demux_add(&demux, GROUP + 1, 26477, &channels[0], 1), 0);
	assert_int_equal(fp_demux_add(&demux, GROUP, 26478, &channels[1], 0), 0);
	assert_route(GROUP, 26477, &channels[0], 0);
	assert_route(GROUP + 1, 26477, &channels[0], 1);
	assert_route(GROUP, 26478, &channels[1], 0);
	assert_null(fp_demux_find(&demux, GROUP + 1, 26478));
	assert_null(fp_demux_find(&demux, GROUP + 2, 26477));
	assert_null(fp_demux_find(&demux, GROUP, 26479));
	assert_null(fp_demux_find(&demux, FP_DEMUX_ANY_GROUP, 26477));
	assert_int_equal(demux.count, 3);
}

static void
a_route_for_any_group_comes_after_that_of_the_group(void **state)
{
	(void)state;
	assert_int_equal(fp_demux_add(&demux, FP_DEMUX_ANY_GROUP, 5000, &channels[0], 0), 0);
	assert_int_equal(fp_demux_add(&demux, GROUP, 5000, &channels[1], 1), 0);
	assert_int_equal(fp_demux_add(&demux, GROUP, 6000, &channels[2], 0), 0);
	assert_route(GROUP, 5000, &channels[1], 1);
	assert_route(GROUP + 1, 5000, &channels[0], 0);
	assert_route(UINT32_MAX, 5000, &channels[0], 0);
	assert_route(FP_DEMUX_ANY_GROUP, 5000, &channels[0], 0);
	assert_null(fp_demux_find(&demux, GROUP + 1, 6000));
	assert_null(fp_demux_find(&demux, GROUP, 5001));
}

static void
the_edges_of_addresses_and_ports_are_routes(void **state)
{
	(void)state;
	assert_int_equal(fp_demux_add(&demux, UINT32_MAX, UINT16_MAX, &channels[0], 0), 0);
	assert_int_equal(fp_demux_add(&demux, 1, 1, &channels[1], 0), 0);
	assert_int_equal(fp_demux_add(&demux, UINT32_MAX, 1, &channels[2], 0), 0);
	assert_route(UINT32_MAX, UINT16_MAX, &channels[0], 0);
	assert_route(1, 1, &channels[1], 0);
	assert_route(UINT32_MAX, 1, &channels[2], 0);
	/* Group and port do not run into each other. */
	assert_null(fp_demux_find(&demux, 0, 1));
	assert_null(fp_demux_find(&demux, 1, UINT16_MAX));
}

static void
port_0_and_a_third_line_are_refused(void **state)
{
	(void)state;
	assert_int_equal(fp_demux_add(&demux, GROUP, 0, &channels[0], 0), -EINVAL);
	assert_int_equal(fp_demux_add(&demux, FP_DEMUX_ANY_GROUP, 0, &channels[0], 0), -EINVAL);
	assert_int_equal(fp_demux_add(&demux, GROUP, 1, &channels[0], FP_CHANNEL_LINES), -EINVAL);
	assert_int_equal(fp_demux_add(&demux, GROUP, 1, &channels[0], UINT8_MAX), -EINVAL);
	assert_int_equal(demux.count, 0);
	assert_false(demux.has_any_group);
	assert_int_equal(fp_demux_add(&demux, FP_DEMUX_ANY_GROUP, 1, &channels[0], 0), 0);
	/* A datagram to port 0 finds nothing, whatever the routes are. */
	assert_null(fp_demux_find(&demux, GROUP, 0));
	assert_null(fp_demux_find(&demux, FP_DEMUX_ANY_GROUP, 0));
}

static void
a_route_exists_once(void **state)
{
	(void)state;
	assert_int_equal(fp_demux_add(&demux, GROUP, 1, &channels[0], 0), 0);
	assert_int_equal(fp_demux_add(&demux, GROUP, 1, &channels[0], 0), -EEXIST);
	assert_int_equal(fp_demux_add(&demux, GROUP, 1, &channels[1], 1), -EEXIST);
	assert_int_equal(fp_demux_add(&demux, FP_DEMUX_ANY_GROUP, 1, &channels[1], 1), 0);
	assert_int_equal(fp_demux_add(&demux, FP_DEMUX_ANY_GROUP, 1, &channels[2], 1), -EEXIST);
	assert_route(GROUP, 1, &channels[0], 0);
	assert_int_equal(demux.count, 2);
}

static void
a_full_table_takes_no_more_and_still_finds_all(void **state)
{
	(void)state;
	for (uint16_t i = 0; i < FP_DEMUX_ROUTES_MAX; i++) {
		assert_int_equal(fp_demux_add(&demux, GROUP + i, (uint16_t)(1 + i),
					 &channels[i % CHANNELS], i % 2),
			0);
	}
	assert_int_equal(fp_demux_add(&demux, GROUP, 999, &channels[0], 0), -ENOMEM);
	assert_int_equal(fp_demux_add(&demux, 0, 999, &channels[0], 0), -ENOMEM);
	assert_false(demux.has_any_group);
	assert_int_equal(fp_demux_add(&demux, GROUP, 1, &channels[0], 0), -EEXIST);
	for (uint16_t i = 0; i < FP_DEMUX_ROUTES_MAX; i++) {
		assert_route(GROUP + i, (uint16_t)(1 + i), &channels[i % CHANNELS], i % 2);
		assert_null(fp_demux_find(&demux, GROUP + i, (uint16_t)(2 + i)));
	}
	assert_null(fp_demux_find(&demux, GROUP, 999));
}

static void
routes_that_begin_at_the_same_place_are_all_found(void **state)
{
	uint16_t ports[FP_DEMUX_ROUTES_MAX];
	uint32_t count = 0;

	(void)state;
	/* The last place, so that the search runs over the end of the table. */
	for (uint32_t port = 1; port < 65536 && count < FP_DEMUX_ROUTES_MAX; port++) {
		if (fpi_demux_place(fpi_demux_key(GROUP, (uint16_t)port)) == FP_DEMUX_PLACES - 1)
			ports[count++] = (uint16_t)port;
	}
	assert_int_equal(count, FP_DEMUX_ROUTES_MAX);
	for (uint32_t i = 0; i < count - 1; i++) {
		assert_null(fp_demux_find(&demux, GROUP, ports[i]));
		assert_int_equal(
			fp_demux_add(&demux, GROUP, ports[i], &channels[i % CHANNELS], i % 2), 0);
	}
	for (uint32_t i = 0; i < count - 1; i++)
		assert_route(GROUP, ports[i], &channels[i % CHANNELS], i % 2);
	assert_null(fp_demux_find(&demux, GROUP, ports[count - 1]));
}

/* A list of routes. */
struct naive_route {
	const struct fp_channel *channel;
	uint32_t group;
	uint16_t port;
	uint8_t line;
};

static struct naive_route naive[FP_DEMUX_ROUTES_MAX];
static uint32_t naive_count;

static const struct naive_route *
naive_search(uint32_t group, uint16_t port)
{
	for (uint32_t i = 0; i < naive_count; i++) {
		if (naive[i].group == group && naive[i].port == port)
			return &naive[i];
	}
	return NULL;
}

static const struct naive_route *
naive_find(uint32_t group, uint16_t port)
{
	const struct naive_route *route = naive_search(group, port);

	return route != NULL ? route : naive_search(FP_DEMUX_ANY_GROUP, port);
}

static int
naive_add(uint32_t group, uint16_t port, const struct fp_channel *channel, uint8_t line)
{
	if (port == 0)
		return -EINVAL;
	if (naive_search(group, port) != NULL)
		return -EEXIST;
	if (naive_count == FP_DEMUX_ROUTES_MAX)
		return -ENOMEM;
	naive[naive_count++] = (struct naive_route){ channel, group, port, line };
	return 0;
}

/* xorshift: the same values in every run */
static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* The same random routes for both; few groups and ports, so that many meet. */
static void
fill_both(uint64_t *seed, uint32_t groups, uint32_t ports)
{
	memset(&demux, 0, sizeof(demux));
	naive_count = 0;
	for (int i = 0; i < 150; i++) {
		uint64_t random = next_random(seed);
		uint32_t group = (uint32_t)(random % groups);
		uint16_t port = (uint16_t)((random >> 20) % ports);
		struct fp_channel *channel = &channels[(random >> 40) % CHANNELS];
		uint8_t line = (uint8_t)(random >> 50) % FP_CHANNEL_LINES;

		assert_int_equal(fp_demux_add(&demux, group, port, channel, line),
			naive_add(group, port, channel, line));
	}
	assert_int_equal(demux.count, naive_count);
}

static void
find_in_both(uint32_t group, uint16_t port)
{
	const struct naive_route *expected = naive_find(group, port);

	if (expected == NULL) {
		assert_null(fp_demux_find(&demux, group, port));
	} else {
		assert_route(group, port, expected->channel, expected->line);
	}
}

static void
random_tables_find_what_a_list_finds(void **state)
{
	uint64_t seed = 77;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		uint32_t groups = 1 + (uint32_t)(next_random(&seed) % 40);
		uint32_t ports = 1 + (uint32_t)(next_random(&seed) % 40);

		fill_both(&seed, groups, ports);
		for (uint32_t group = 0; group <= groups; group++) {
			for (uint32_t port = 0; port <= ports; port++) {
				find_in_both(group, (uint16_t)port);
				/* As a run of datagrams of the same route does. */
				find_in_both(group, (uint16_t)port);
			}
		}
	}
}

#define TEST(name) cmocka_unit_test_setup(name, clear_demux)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_empty_table_has_no_routes),
		TEST(a_route_holds_for_its_group_and_port_alone),
		TEST(a_route_for_any_group_comes_after_that_of_the_group),
		TEST(the_edges_of_addresses_and_ports_are_routes),
		TEST(port_0_and_a_third_line_are_refused),
		TEST(a_route_exists_once),
		TEST(a_full_table_takes_no_more_and_still_finds_all),
		TEST(routes_that_begin_at_the_same_place_are_all_found),
		TEST(random_tables_find_what_a_list_finds),
	};

	return cmocka_run_group_tests_name("fp_demux", tests, NULL, NULL);
}
