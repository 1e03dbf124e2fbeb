/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * From (group, UDP port) to a channel and its line: a small hash table, read per datagram.
 */

#ifndef FP_DEMUX_H
#define FP_DEMUX_H

#include "fp_channel.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Places of the table: a power of two, twice the routes at least. */
#define FP_DEMUX_PLACES 256

/** Routes that a table can hold. */
#define FP_DEMUX_ROUTES_MAX (FP_DEMUX_PLACES / 2)

/** Address that stands for every group: the route holds for the UDP port alone. */
#define FP_DEMUX_ANY_GROUP 0

/** One route. */
struct fp_demux_route {
	uint64_t key;               /**< Group and port; 0 = empty place. */
	struct fp_channel *channel; /**< Where datagrams go. */
	uint8_t line;               /**< On which line [0..FP_CHANNEL_LINES - 1]. */
};

/** The routes of one lcore. Zeroed to start. */
struct fp_demux {
	const struct fp_demux_route *last; /**< Found last: what comes next is mostly the same. */
	bool has_any_group;                /**< Some route holds for every group. */
	uint16_t count;                    /**< Routes. */
	struct fp_demux_route places[FP_DEMUX_PLACES]; /**< Open addressing. */
};

/**
 * Add a route.
 *
 * @param[in,out] demux    To be changed.
 * @param[in]     group    Destination address [host order], or FP_DEMUX_ANY_GROUP.
 * @param[in]     port     UDP port [1..65535].
 * @param[in]     channel  Outlives the table.
 * @param[in]     line     [0..FP_CHANNEL_LINES - 1]
 * @return 0; -EEXIST the route exists; -ENOMEM FP_DEMUX_ROUTES_MAX routes exist; -EINVAL port or
 *         line out of range.
 * @threads Start-up only.
 */
FP_MUST_CHECK int fp_demux_add(struct fp_demux *demux, uint32_t group, uint16_t port,
	struct fp_channel *channel, uint8_t line);

/** Key of a route; never 0 because a port is not 0. */
FP_HOT_PATH static inline uint64_t
fpi_demux_key(uint32_t group, uint16_t port)
{
	return (uint64_t)group << 16 | port;
}

/** Place where the search for a key begins. */
FP_HOT_PATH static inline uint32_t
fpi_demux_place(uint64_t key)
{
	return (uint32_t)((key * 0x9e3779b97f4a7c15ULL) >> 56) & (FP_DEMUX_PLACES - 1);
}

/** The route of a key, or NULL. */
FP_HOT_PATH static inline const struct fp_demux_route *
fpi_demux_search(const struct fp_demux *demux, uint64_t key)
{
	uint32_t place = fpi_demux_place(key);

	while (demux->places[place].key != key) {
		if (demux->places[place].key == 0)
			return NULL;
		place = (place + 1) & (FP_DEMUX_PLACES - 1);
	}
	return &demux->places[place];
}

/**
 * Find where a datagram goes.
 *
 * @param[in,out] demux  To look in; remembers what was found.
 * @param[in]     group  Destination address [host order].
 * @param[in]     port   UDP port.
 * @return The route of the group and port, else that of the port alone, else NULL.
 */
FP_HOT_PATH static inline const struct fp_demux_route *
fp_demux_find(struct fp_demux *demux, uint32_t group, uint16_t port)
{
	uint64_t key = fpi_demux_key(group, port);
	const struct fp_demux_route *route = demux->last;

	if (FP_LIKELY(route != NULL && route->key == key))
		return route;
	if (FP_UNLIKELY(port == 0))
		return NULL;
	route = fpi_demux_search(demux, key);
	if (route == NULL && demux->has_any_group)
		route = fpi_demux_search(demux, fpi_demux_key(FP_DEMUX_ANY_GROUP, port));
	if (route != NULL)
		demux->last = route;
	return route;
}

#ifdef __cplusplus
}
#endif

#endif /* FP_DEMUX_H */
