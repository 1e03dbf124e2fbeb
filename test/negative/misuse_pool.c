/* SPDX-License-Identifier: BSD-3-Clause */

/* Pools that are asked for what they have not, and pools that end too early. */

#include "misuse.h"

static void
answer_to(const char *name, uint32_t buffers, uint16_t data_room, int socket_id)
{
	struct fp_pool_params params = { name, buffers, data_room, 0, socket_id };
	struct fp_pool *pool;

	misuse_answers(fp_pool_create(&params, &pool));
}

MISUSE(pool_of_none)
{
	answer_to("misuse", 0, 256, SOCKET_ID_ANY);
}

MISUSE(pool_of_too_many)
{
	answer_to("misuse", FP_POOL_BUFFERS_MAX + 1, 256, SOCKET_ID_ANY);
}

MISUSE(pool_without_room)
{
	answer_to("misuse", 1, RTE_PKTMBUF_HEADROOM, SOCKET_ID_ANY);
}

MISUSE(pool_without_name)
{
	answer_to(NULL, 1, 256, SOCKET_ID_ANY);
}

MISUSE(pool_on_no_node)
{
	answer_to("misuse", 1, 256, 4711);
}

MISUSE(pool_larger_than_memory)
{
	answer_to("misuse", FP_POOL_BUFFERS_MAX, 2048, SOCKET_ID_ANY);
}

MISUSE(pool_of_taken_name)
{
	(void)misuse_pool(1);
	answer_to("misuse", 1, 256, SOCKET_ID_ANY);
}

MISUSE(adopt_nothing)
{
	struct fp_pool *pool;

	misuse_answers(fp_pool_adopt(NULL, &pool));
}

MISUSE(adopt_own_pool)
{
	struct fp_pool *pool;

	misuse_answers(fp_pool_adopt(misuse_pool(1)->mempool, &pool));
}

MISUSE(rent_from_exhausted)
{
	struct fp_pool *pool = misuse_pool(1);
	struct fp_lease lease = misuse_rent(pool);
	struct fp_pool_counters counters;
	int error = fp_lease_rent(pool, MISUSE_BYTES, rte_rdtsc(), &lease);

	fp_pool_count(pool, &counters);
	misuse_answers(error);
	misuse_says("%lu refused", counters.refused);
}

MISUSE(rent_more_than_room)
{
	struct fp_lease lease;

	misuse_answers(fp_lease_rent(misuse_pool(1), 129, rte_rdtsc(), &lease));
}

MISUSE(clone_into_exhausted)
{
	struct fp_pool *pool = misuse_pool(1);
	struct fp_lease lease = misuse_rent(pool);
	struct fp_lease clone;

	misuse_answers(fp_lease_clone(&lease, pool, rte_rdtsc(), &clone));
}

/* What a program does before it ends: the engine's own check is in its summary. */
MISUSE(lease_never_released)
{
	struct fp_pool *pool = misuse_pool(2);
	struct fp_pool_holder holder;

	(void)misuse_rent(pool);
	if (fp_pool_held(pool) != 0)
		misuse_says("%lu held", fp_pool_held(pool));
	if (fp_pool_holders(pool, 0, &holder, 1) != 0) {
		misuse_says("buffer %u by lcore %u, %s", holder.buffer_idx, holder.slot.lcore,
			fp_slot_op_name(holder.slot.op));
	}
}

MISUSE(pool_destroyed_with_lease)
{
	struct fp_pool *pool = misuse_pool(1);

	(void)misuse_rent(pool);
	fp_pool_destroy(pool);
}

MISUSE(pool_destroyed_twice)
{
	struct fp_pool *pool = misuse_pool(1);

	fp_pool_destroy(pool);
	fp_pool_destroy(pool);
}

MISUSE(release_after_pool_destroyed)
{
	struct fp_pool *pool = misuse_pool(1);
	struct fp_lease lease = misuse_rent(pool);
	struct fp_lease copy = lease;

	fp_lease_release(&lease);
	fp_pool_destroy(pool);
	fp_lease_release(&copy);
}

#define HELD ANSWERS("1 held|buffer # by lcore #, rented")

const struct misuse misuse_pool_rows[] = {
	ROW(pool_of_none, ALL(ANSWERS("-EINVAL")), NOT_POISONED),
	ROW(pool_of_too_many, ALL(ANSWERS("-EINVAL")), NOT_POISONED),
	ROW(pool_without_room, ALL(ANSWERS("-EINVAL")), NOT_POISONED),
	ROW(pool_without_name, ALL(ANSWERS("-EINVAL")), NOT_POISONED),
	ROW(pool_on_no_node, ALL(ANSWERS("-EINVAL")), NOT_POISONED),
	ROW(pool_larger_than_memory, ALL(ANSWERS("-ENOMEM")), NOT_POISONED),
	ROW(pool_of_taken_name, ALL(ANSWERS("-EEXIST")), NOT_POISONED),
	ROW(adopt_nothing, ALL(ANSWERS("-EINVAL")), NOT_POISONED),
	ROW(adopt_own_pool, ALL(ANSWERS("-EEXIST")), NOT_POISONED),
	ROW(rent_from_exhausted, ALL(ANSWERS("-ENOBUFS|1 refused")), NOT_POISONED),
	ROW(rent_more_than_room, ALL(ANSWERS("-ERANGE")), NOT_POISONED),
	ROW(clone_into_exhausted, ALL(ANSWERS("-ENOBUFS")), NOT_POISONED),
	ROW(lease_never_released, ANSWERS("1 held"), HELD, HELD, NOT_POISONED),
	ROW(pool_destroyed_with_lease,
		ALL(PANICS("\"misuse\" is destroyed while leases hold 1 of its buffers")),
		NOT_POISONED),
	ROW(pool_destroyed_twice, ALL(PANICS("is destroyed twice, or was never created")),
		NOT_POISONED),
	ROW(release_after_pool_destroyed, ALL(PANICS("its pool was destroyed, or it is no mbuf")),
		NOT_POISONED),
};
const size_t misuse_pool_count = RTE_DIM(misuse_pool_rows);
