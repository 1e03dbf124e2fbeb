/* SPDX-License-Identifier: BSD-3-Clause */

/* Leases that are used after their end, or that never were leases of their buffer. */

#include "fp_handoff.h"
#include "fp_ref.h"
#include "misuse.h"
#include "test_port.h"

/** A lease that is over, as a copy that was kept shows it. */
static struct fp_lease
stale_lease(void)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_lease copy = lease;

	fp_lease_release(&lease);
	return copy;
}

static struct test_port port;

static void
open_port(struct fp_pool *pool)
{
	misuse_must(test_port_open_ring(&port, "misuse", pool->mempool, 4));
}

static struct fp_handoff *
open_handoff(void)
{
	struct fp_handoff_params params = { "handoff", 4, FP_HANDOFF_KEEP, SOCKET_ID_ANY };
	struct fp_handoff *handoff;

	misuse_must(fp_handoff_create(&params, &handoff));
	return handoff;
}

MISUSE(release_twice)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_lease copy = lease;

	fp_lease_release(&lease);
	fp_lease_release(&copy);
}

MISUSE(release_twice_in_burst)
{
	struct fp_lease leases[2];

	leases[0] = misuse_rent(misuse_pool(1));
	leases[1] = leases[0];
	fp_lease_release_burst(leases, 2, rte_rdtsc());
}

MISUSE(release_after_transfer)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_lease copy = lease;
	struct fp_lease moved = fp_lease_transfer(&lease);

	fp_lease_release(&moved);
	fp_lease_release(&copy);
}

MISUSE(release_after_transmit)
{
	struct fp_pool *pool = misuse_pool(1);
	struct fp_lease lease = misuse_rent(pool);
	struct fp_lease copy = lease;

	open_port(pool);
	misuse_must(fp_lease_transmit(port.id, 0, &lease, 1, rte_rdtsc()) != 1);
	fp_lease_release(&copy);
}

MISUSE(release_of_next_tenant)
{
	struct fp_pool *pool = misuse_pool(1);
	struct fp_lease lease = misuse_rent(pool);
	struct fp_lease copy = lease;

	fp_lease_release(&lease);
	lease = misuse_rent(pool);
	fp_lease_release(&copy);
}

MISUSE(release_of_forged)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));

	lease.generation += 2;
	fp_lease_release(&lease);
}

MISUSE(release_of_shared_once_too_often)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_lease copy = lease;
	struct fp_lease other;

	misuse_must(fp_lease_share(&lease, &other));
	fp_lease_release(&lease);
	fp_lease_release(&other);
	fp_lease_release(&copy);
}

static struct rte_mbuf *
mbuf_without_slot(void)
{
	struct rte_mempool *mempool = rte_pktmbuf_pool_create("plain", 3, 0, 0, 256, SOCKET_ID_ANY);

	misuse_must(mempool == NULL);
	return rte_pktmbuf_alloc(mempool);
}

MISUSE(release_without_slot)
{
	struct fp_lease lease = fp_lease_none();

	(void)misuse_pool(1);
	lease.mbuf = mbuf_without_slot();
	lease.generation = 1;
	fp_lease_release(&lease);
}

MISUSE(share_stale)
{
	struct fp_lease lease = stale_lease();
	struct fp_lease other;

	misuse_answers(fp_lease_share(&lease, &other));
}

MISUSE(share_empty)
{
	struct fp_lease lease = fp_lease_none();
	struct fp_lease other;

	misuse_answers(fp_lease_share(&lease, &other));
}

MISUSE(share_too_often)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_lease other;
	uint32_t shares = 0;
	int error = 0;

	for (uint32_t i = 0; i < 65536 && error == 0; i++) {
		error = fp_lease_share(&lease, &other);
		shares += error == 0;
	}
	misuse_answers(error);
	misuse_says("%u leases beside the first", shares);
}

MISUSE(slice_stale)
{
	struct fp_lease lease = stale_lease();

	misuse_answers(fp_lease_slice(&lease, 8, 8));
}

MISUSE(slice_empty)
{
	struct fp_lease lease = fp_lease_none();

	misuse_answers(fp_lease_slice(&lease, 0, 0));
}

MISUSE(slice_past_window)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));

	misuse_answers(fp_lease_slice(&lease, 8, UINT16_MAX));
}

MISUSE(split_stale)
{
	struct fp_lease lease = stale_lease();
	struct fp_lease rest;

	misuse_answers(fp_lease_split(&lease, 8, &rest));
}

MISUSE(split_past_window)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_lease rest;

	misuse_answers(fp_lease_split(&lease, MISUSE_BYTES + 1, &rest));
}

MISUSE(clone_stale)
{
	struct fp_lease lease = stale_lease();
	struct fp_lease clone;

	misuse_answers(fp_lease_clone(&lease, misuse_pool_named("clones", 1), rte_rdtsc(), &clone));
}

MISUSE(clone_empty)
{
	struct fp_lease lease = fp_lease_none();
	struct fp_lease clone;

	misuse_answers(fp_lease_clone(&lease, misuse_pool(1), rte_rdtsc(), &clone));
}

MISUSE(hand_over_stale)
{
	struct fp_lease lease = stale_lease();

	misuse_must(fp_handoff_send(open_handoff(), &lease, 1, rte_rdtsc()) != 1);
}

MISUSE(hand_over_empty)
{
	struct fp_lease lease = fp_lease_none();

	misuse_must(fp_handoff_send(open_handoff(), &lease, 1, rte_rdtsc()) != 1);
}

MISUSE(release_while_under_way)
{
	struct fp_handoff *handoff = open_handoff();
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_lease copy = lease;
	struct fp_lease received;

	misuse_must(fp_handoff_send(handoff, &lease, 1, rte_rdtsc()) != 1);
	fp_lease_release(&copy);
	misuse_must(fp_handoff_receive(handoff, &received, 1, rte_rdtsc()) != 1);
}

MISUSE(transmit_stale)
{
	struct fp_pool *pool = misuse_pool(1);
	struct fp_lease lease = misuse_rent(pool);
	struct fp_lease copy = lease;

	open_port(pool);
	fp_lease_release(&lease);
	(void)fp_lease_transmit(port.id, 0, &copy, 1, rte_rdtsc());
}

MISUSE(transmit_empty)
{
	struct fp_lease lease = fp_lease_none();

	open_port(misuse_pool(1));
	(void)fp_lease_transmit(port.id, 0, &lease, 1, rte_rdtsc());
}

MISUSE(transmit_part_of_shared)
{
	struct fp_pool *pool = misuse_pool(1);
	struct fp_lease lease = misuse_rent(pool);
	struct fp_lease rest;

	open_port(pool);
	misuse_must(fp_lease_split(&lease, 8, &rest));
	(void)fp_lease_transmit(port.id, 0, &rest, 1, rte_rdtsc());
}

/** An mbuf as a port gives it. */
static struct rte_mbuf *
received_mbuf(struct fp_pool *pool)
{
	struct rte_mbuf *mbuf = rte_pktmbuf_alloc(pool->mempool);

	misuse_must(mbuf == NULL || rte_pktmbuf_append(mbuf, MISUSE_BYTES) == NULL);
	return mbuf;
}

MISUSE(take_twice)
{
	struct fp_pool *pool = misuse_pool(1);
	struct rte_mbuf *mbuf = received_mbuf(pool);
	struct fp_lease leases[2];

	fp_lease_take_burst(pool, &mbuf, 1, rte_rdtsc(), &leases[0]);
	fp_lease_take_burst(pool, &mbuf, 1, rte_rdtsc(), &leases[1]);
}

MISUSE(take_into_other_pool)
{
	struct rte_mbuf *mbuf = received_mbuf(misuse_pool(1));
	struct fp_lease lease;

	fp_lease_take_burst(misuse_pool_named("other", 1), &mbuf, 1, rte_rdtsc(), &lease);
}

MISUSE(take_without_slot)
{
	struct rte_mbuf *mbuf = mbuf_without_slot();
	struct fp_lease lease;

	fp_lease_take_burst(misuse_pool(1), &mbuf, 1, rte_rdtsc(), &lease);
	fp_lease_release(&lease);
}

MISUSE(mbuf_freed_behind_lease)
{
	struct fp_pool *pool = misuse_pool(1);
	struct fp_lease lease = misuse_rent(pool);

	rte_pktmbuf_free(lease.mbuf);
	misuse_use(misuse_rent(pool).len);
}

MISUSE(refer_to_stale)
{
	struct fp_lease lease = stale_lease();

	misuse_use(fp_ref_of(&lease).len);
}

MISUSE(wrap_stale)
{
	struct fp_lease lease = stale_lease();
	struct fp_owner owner;

	misuse_answers(fp_owner_wrap(misuse_owners(1), &lease, &owner));
}

MISUSE(wrap_empty)
{
	struct fp_lease lease = fp_lease_none();
	struct fp_owner owner;

	misuse_answers(fp_owner_wrap(misuse_owners(1), &lease, &owner));
}

#define EMPTY(operation) PANICS(operation ": the lease is empty: it was released, transmitted")
#define TAKEN(op)                                                                             \
	"buffer # of pool \"misuse\" was granted while a lease holds it (last operation: " op \
	", by lcore #): somebody freed the mbuf behind the lease's back" OF_BUFFER(op)
#define NO_SLOT PANICS("of mempool \"plain\" has no slot: make the mempool with fp_pool_create()")

const struct misuse misuse_lease_rows[] = {
	ROW(release_twice, LATE_LEASE("release", "returned"), NOT_POISONED),
	ROW(release_twice_in_burst, LATE_LEASE("release", "returned"), NOT_POISONED),
	ROW(release_after_transfer, LATE_LEASE("release", "returned"), NOT_POISONED),
	ROW(release_after_transmit, LATE_LEASE("release", "handed to tx"), NOT_POISONED),
	ROW(release_of_next_tenant, LATE_LEASE("release", "rented"), NOT_POISONED),
	ROW(release_of_forged, SILENT, PANICS(OVER("release", "rented")),
		PANICS(OVER("release", "rented")), NOT_POISONED),
	ROW(release_of_shared_once_too_often, LATE_LEASE("release", "returned"), NOT_POISONED),
	ROW(release_without_slot, ALL(NO_SLOT), NOT_POISONED),
	ROW(release_while_under_way, LATE_LEASE("take over", "returned"), NOT_POISONED),
	ROW(share_stale, LATE_LEASE("share", "returned"), NOT_POISONED),
	ROW(share_empty, FAULTS, EMPTY("share"), EMPTY("share"), NOT_POISONED),
	ROW(share_too_often, ALL(ANSWERS("-EOVERFLOW|32767 leases beside the first")),
		NOT_POISONED),
	ROW(slice_stale, LATE_LEASE("slice", "returned"), NOT_POISONED),
	ROW(slice_empty, SILENT, EMPTY("slice"), EMPTY("slice"), NOT_POISONED),
	ROW(slice_past_window, ALL(ANSWERS("-ERANGE")), NOT_POISONED),
	ROW(split_stale, LATE_LEASE("split", "returned"), NOT_POISONED),
	ROW(split_past_window, ALL(ANSWERS("-ERANGE")), NOT_POISONED),
	ROW(clone_stale, LATE_LEASE("clone", "returned"), NOT_POISONED),
	ROW(clone_empty, FAULTS, EMPTY("clone"), EMPTY("clone"), NOT_POISONED),
	ROW(hand_over_stale, LATE_LEASE("hand over", "returned"), NOT_POISONED),
	ROW(hand_over_empty, SILENT, EMPTY("hand over"), EMPTY("hand over"), NOT_POISONED),
	ROW(transmit_stale, LATE_LEASE("transmit", "returned"), NOT_POISONED),
	ROW(transmit_empty, FAULTS, EMPTY("transmit"), EMPTY("transmit"), NOT_POISONED),
	ROW(transmit_part_of_shared,
		ALL(PANICS("transmit: window [8, +52) of a shared or chained buffer of 60 bytes")),
		NOT_POISONED),
	ROW(take_twice, SILENT, PANICS(TAKEN("received")), PANICS(TAKEN("received")), NOT_POISONED),
	ROW(take_into_other_pool, SILENT,
		PANICS("of mempool \"misuse\" was received for pool \"other\""),
		PANICS("of mempool \"misuse\" was received for pool \"other\""), NOT_POISONED),
	ROW(take_without_slot, NO_SLOT,
		PANICS("of mempool \"plain\" was received for pool \"misuse\""),
		PANICS("of mempool \"plain\" was received for pool \"misuse\""), NOT_POISONED),
	ROW(mbuf_freed_behind_lease, SILENT, PANICS(TAKEN("rented")), PANICS(TAKEN("rented")),
		NOT_POISONED),
	ROW(refer_to_stale, LATE_LEASE("refer", "returned"), NOT_POISONED),
	ROW(wrap_stale, LATE_LEASE("wrap", "returned"), NOT_POISONED),
	ROW(wrap_empty, ALL(EMPTY("wrap")), NOT_POISONED),
};
const size_t misuse_lease_count = RTE_DIM(misuse_lease_rows);
