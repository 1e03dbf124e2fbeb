/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Two lcores and a thread that is none do all that can be done to leases, at random, to the same
 * buffers at the same time:
 *
 *   lcore 0  -- hand-off, transmission, references -->  lcore 1     and back
 *   lcore 0, lcore 1  -- hand-off -->  thread without lcore, which releases
 *
 * Every tenant fills its buffer with words of its own. A read through a reference that is confirmed
 * must show the words of the tenant that the reference was made of; how often an unconfirmed one
 * did not is counted as well, else nothing would show that there is a race to be lost. At the end
 * all buffers must be back and all counters add up.
 *
 *   stress_lease [SECONDS [SEED [READS]]]      READS = 0: no reads through references
 */

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_launch.h>
#include <rte_pause.h>
#include <rte_ring_elem.h>

#include "fp_handoff.h"
#include "fp_lease.h"
#include "fp_ref.h"
#include "test_port.h"
#include "visible_rings.h"

#define SIDES     2
#define BUFFERS   511 /* of each of the two pools */
#define CACHE     32
#define WORDS     8 /* of a buffer */
#define LEASES    100
#define NOTES     64 /* references that a side remembers */
#define BURST     8
#define ROOM      64 /* of a port, of a hand-off */
#define PAUSES    64 /* between the words of a read */
#define EXIT_SKIP 77

/* What one side tells the other about a buffer. */
struct note {
	struct fp_ref ref;
	uint64_t word; /* of the tenant */
};

/* Reads through references. */
struct reads {
	uint64_t confirmed;
	uint64_t stale;     /* at once */
	uint64_t overtaken; /* not confirmed after the read */
	uint64_t others;    /* of those overtaken: words of another tenant only */
	uint64_t mixed;     /* of those overtaken: words of several */
	uint64_t wrong;     /* confirmed, although not the words of the tenant */
};

/* One lcore. */
struct side {
	struct side *other;
	struct fp_lease leases[LEASES]; /* the first count are not empty */
	uint32_t count;
	struct note notes[NOTES];
	uint64_t random;
	uint64_t tenants; /* so far */
	uint64_t idx;
	uint64_t offered;           /* leases, to hand-offs */
	uint64_t bad_bytes;         /* seen through a lease or in a transmitted mbuf */
	struct fp_handoff *to_side; /* the other lcore receives */
	struct fp_handoff *to_thread;
	struct rte_ring *to_notes; /* of struct note, the other lcore receives */
	struct test_port port;     /* the other lcore drains it */
	struct reads reads;
	uint32_t is_done; /* 1 at the end, when the rest may be read */
} FP_CACHE_ALIGNED;

static struct fp_pool *pool;
static struct fp_pool *clones;
static struct side sides[SIDES];
static uint64_t until;
static bool has_reads = true;
static uint64_t thread_bad_bytes;
static bool is_over;

static uint32_t
pick(struct side *side, uint32_t below)
{
	side->random ^= side->random << 13;
	side->random ^= side->random >> 7;
	side->random ^= side->random << 17;
	return (uint32_t)(side->random >> 20) % below;
}

/* The words below a view; the next tenant may write them meanwhile. */
static const uint64_t *
words_of(struct fp_cspan span)
{
	return (const uint64_t *)(const void *)span.data;
}

static void
add(struct side *side, struct fp_lease *lease)
{
	side->leases[side->count++] = fp_lease_transfer(lease);
}

/* Take a lease out, the last one fills its place. */
static struct fp_lease
draw(struct side *side)
{
	uint32_t idx = pick(side, side->count);
	struct fp_lease lease = fp_lease_transfer(&side->leases[idx]);

	side->count--;
	if (idx != side->count)
		side->leases[idx] = fp_lease_transfer(&side->leases[side->count]);
	return lease;
}

static void
rent(struct side *side)
{
	struct fp_lease lease;
	uint64_t *words;
	uint64_t word = ++side->tenants << 1 | side->idx;

	if (fp_lease_rent(pool, WORDS * sizeof(uint64_t), rte_rdtsc(), &lease) != 0)
		return;
	words = (uint64_t *)(void *)fp_lease_writable(&lease).data;
	for (uint32_t i = 0; i < WORDS; i++)
		fp_store_relaxed_u64(&words[i], word);
	add(side, &lease);
}

/* Words that a lease shows and that are not of the tenant of the first. */
static uint64_t
count_bad(const struct fp_lease *lease)
{
	struct fp_cspan span = fp_lease_span(lease);
	uint64_t bad = 0;

	for (uint32_t i = 1; i < span.len / sizeof(uint64_t); i++)
		bad += words_of(span)[i] != words_of(span)[0];
	return bad;
}

static void
multiply(struct side *side)
{
	struct fp_lease *lease = &side->leases[pick(side, side->count)];
	struct fp_lease more;
	int error;

	switch (pick(side, 4)) {
	case 0:
		error = fp_lease_share(lease, &more);
		break;
	case 1:
		error = fp_lease_split(lease, (uint16_t)(lease->len / 16 * 8), &more);
		break;
	case 2:
		error = fp_lease_clone(lease, clones, rte_rdtsc(), &more);
		break;
	default:
		error = lease->len < 16;
		if (error == 0)
			error = fp_lease_slice(lease, 8, (uint16_t)(lease->len - 8));
		more = fp_lease_none();
		break;
	}
	if (error == 0 && !fp_lease_is_empty(&more))
		add(side, &more);
}

/* Tell the other side of a buffer: sooner or later it is released, and rented anew. */
static void
post(struct side *side)
{
	const struct fp_lease *lease = &side->leases[pick(side, side->count)];
	struct note note;

	if (lease->len == 0)
		return;
	note.ref = fp_ref_of(lease);
	note.word = words_of(fp_lease_span(lease))[0];
	(void)rte_ring_enqueue_elem(side->to_notes, &note, sizeof(note));
}

static void
judge(struct side *side, const struct note *note, const uint64_t *words, uint32_t count)
{
	uint32_t same = 0;
	uint32_t own = 0;

	for (uint32_t i = 0; i < count; i++) {
		same += words[i] == words[0];
		own += words[i] == note->word;
	}
	if (fp_ref_confirm(&note->ref) == 0) {
		side->reads.confirmed++;
		side->reads.wrong += own != count;
		return;
	}
	side->reads.overtaken++;
	side->reads.others += own != count && same == count;
	side->reads.mixed += same != count;
}

static void
read_through(struct side *side)
{
	const struct note *note = &side->notes[pick(side, NOTES)];
	uint64_t words[WORDS];
	struct fp_cspan span = fp_cspan_over(NULL, 0);
	uint32_t count;

	if (fp_ref_resolve(&note->ref, &span) != 0) {
		side->reads.stale++;
		return;
	}
	count = RTE_MIN((uint32_t)WORDS, (uint32_t)(span.len / sizeof(uint64_t)));
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t pauses = pick(side, PAUSES); pauses != 0; pauses--)
			rte_pause();
		words[i] = fp_load_relaxed_u64(&words_of(span)[i]);
	}
	/* The judge asks for the tenancy, as any reader does, after the last byte. */
	judge(side, note, words, count);
}

static void
hear(struct side *side)
{
	(void)rte_ring_dequeue_elem(
		side->other->to_notes, &side->notes[pick(side, NOTES)], sizeof(side->notes[0]));
}

static void
pass_on(struct side *side, struct fp_handoff *handoff)
{
	struct fp_lease leases[BURST];
	uint16_t count = (uint16_t)RTE_MIN(1 + pick(side, BURST), side->count);

	for (uint16_t i = 0; i < count; i++)
		leases[i] = draw(side);
	side->offered += count;
	(void)fp_handoff_send(handoff, leases, count, rte_rdtsc());
	for (uint16_t i = 0; i < count; i++) {
		if (!fp_lease_is_empty(&leases[i]))
			add(side, &leases[i]);
	}
}

static void
receive(struct side *side)
{
	struct fp_lease leases[BURST];
	uint16_t got = fp_handoff_receive(side->other->to_side, leases,
		(uint16_t)RTE_MIN((uint32_t)BURST, LEASES - side->count), rte_rdtsc());

	for (uint16_t i = 0; i < got; i++)
		add(side, &leases[i]);
}

/* Only a whole buffer is sent, and any part of it as a clone that is nobody else's. */
static void
transmit(struct side *side)
{
	struct fp_lease lease = draw(side);

	if (lease.off != 0 || lease.len != fp_lease_total_len(&lease)) {
		struct fp_lease clone;

		if (fp_lease_clone(&lease, clones, rte_rdtsc(), &clone) == 0) {
			fp_lease_release(&lease);
			lease = fp_lease_transfer(&clone);
		} else {
			add(side, &lease);
			return;
		}
	}
	if (fp_lease_transmit(side->port.id, 0, &lease, 1, rte_rdtsc()) == 0)
		add(side, &lease);
}

/* What the other side transmitted comes back into leases when nobody else has it. */
static void
take_transmitted(struct side *side)
{
	struct fp_lease lease;
	struct rte_mbuf *mbuf;
	void *sent;

	if (side->count == LEASES || rte_ring_dequeue(side->other->port.tx, &sent) != 0)
		return;
	mbuf = sent;
	for (uint32_t i = 1; i < mbuf->data_len / sizeof(uint64_t); i++) {
		side->bad_bytes += rte_pktmbuf_mtod(mbuf, uint64_t *)[i] !=
			*rte_pktmbuf_mtod(mbuf, uint64_t *);
	}
	if (mbuf->pool != pool->mempool || visible_references(mbuf) != 1) {
		rte_pktmbuf_free(mbuf);
		return;
	}
	fp_lease_take_burst(pool, &mbuf, 1, rte_rdtsc(), &lease);
	add(side, &lease);
}

static void
act(struct side *side)
{
	uint32_t what = pick(side, 16);

	if (what < 3 && side->count < LEASES)
		rent(side);
	receive(side);
	take_transmitted(side);
	if (has_reads)
		hear(side);
	if (has_reads && what < 8)
		read_through(side);
	if (side->count == 0 || side->count == LEASES)
		what = side->count == 0 ? UINT32_MAX : 8;
	switch (what) {
	case 3:
	case 4:
		multiply(side);
		break;
	case 5:
		pass_on(side, side->to_side);
		break;
	case 6:
		pass_on(side, side->to_thread);
		break;
	case 7:
		transmit(side);
		break;
	case 8:
	case 9: {
		struct fp_lease lease = draw(side);

		/* Right before it ends: whoever writes next must have met us. */
		side->bad_bytes += count_bad(&lease);
		fp_lease_release(&lease);
		break;
	}
	case 10: {
		struct fp_lease leases[2];

		leases[0] = draw(side);
		leases[1] = side->count != 0 ? draw(side) : fp_lease_none();
		fp_lease_release_burst(leases, 2, rte_rdtsc());
		break;
	}
	case 11:
	case 12:
		if (has_reads)
			post(side);
		break;
	case 13:
		side->bad_bytes += count_bad(&side->leases[pick(side, side->count)]);
		break;
	default:
		break;
	}
}

static int
run_side(void *arg)
{
	struct side *side = arg;

	while (rte_rdtsc() < until)
		act(side);
	fp_lease_release_burst(side->leases, (uint16_t)side->count, rte_rdtsc());
	fp_store_release_u32(&side->is_done, 1);
	return 0;
}

/* Takes what both lcores send it, and releases it one by one or at once. */
static void *
run_thread(void *arg)
{
	struct fp_lease leases[BURST];
	uint64_t rounds = 0;

	(void)arg;
	for (;;) {
		bool is_last = fp_load_relaxed_bool(&is_over);
		uint16_t got = 0;

		for (uint32_t i = 0; i < SIDES; i++) {
			got = fp_handoff_receive(sides[i].to_thread, leases, BURST, rte_rdtsc());
			if (++rounds % 2 == 0) {
				fp_lease_release_burst(leases, got, rte_rdtsc());
				continue;
			}
			for (uint16_t j = 0; j < got; j++) {
				thread_bad_bytes += count_bad(&leases[j]);
				fp_lease_release(&leases[j]);
			}
		}
		if (is_last && fp_handoff_count(sides[0].to_thread) == 0 &&
			fp_handoff_count(sides[1].to_thread) == 0)
			return NULL;
		if (got == 0)
			(void)sched_yield();
	}
}

/* EAL with two lcores, on two CPUs where there are two. */
static int
start_eal(void)
{
	char prefix[48];
	char lcores[64];
	char *argv[] = { (char[]){ "stress" }, (char[]){ "--no-huge" }, (char[]){ "--no-pci" },
		(char[]){ "--no-shconf" }, (char[]){ "--no-telemetry" }, (char[]){ "-m" },
		(char[]){ "256" }, (char[]){ "--log-level=error" }, prefix, lcores, NULL };
	int cpus[SIDES] = { 0, 0 };
	uint32_t found = 0;
	cpu_set_t set;

	(void)sched_getaffinity(0, sizeof(set), &set);
	for (int cpu = 0; cpu < CPU_SETSIZE && found < SIDES; cpu++) {
		if (CPU_ISSET(cpu, &set))
			cpus[found++] = cpu;
	}
	if (found < SIDES)
		cpus[1] = cpus[0];
	(void)snprintf(prefix, sizeof(prefix), "--file-prefix=fpstress%d", (int)getpid());
	(void)snprintf(lcores, sizeof(lcores), "--lcores=0@%d,1@%d", cpus[0], cpus[1]);
	return rte_eal_init((int)RTE_DIM(argv) - 1, argv) < 0 ? -rte_errno : 0;
}

static int
open_side(uint32_t idx, uint64_t seed)
{
	struct side *side = &sides[idx];
	struct fp_handoff_params params = { "to_side_0", ROOM, FP_HANDOFF_KEEP, SOCKET_ID_ANY };
	char names[4][16];
	int error;

	(void)snprintf(names[0], sizeof(names[0]), "to_side_%u", idx);
	(void)snprintf(names[1], sizeof(names[1]), "to_thread_%u", idx);
	(void)snprintf(names[2], sizeof(names[2]), "notes_%u", idx);
	(void)snprintf(names[3], sizeof(names[3]), "port_%u", idx);
	side->other = &sides[1 - idx];
	side->idx = idx;
	side->random = (seed + 1) * 0x9e3779b97f4a7c15 + idx;
	params.name = names[0];
	error = fp_handoff_create(&params, &side->to_side);
	params.name = names[1];
	params.policy = FP_HANDOFF_DROP;
	if (error == 0)
		error = fp_handoff_create(&params, &side->to_thread);
	if (error == 0)
		error = test_port_open_ring(&side->port, names[3], pool->mempool, ROOM);
	if (error != 0)
		return error;
	if (FP_HAS_TSAN)
		visible_rings_in_port(side->port.id, side->port.tx);
	side->to_notes = rte_ring_create_elem(
		names[2], sizeof(struct note), NOTES, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
	return side->to_notes == NULL ? -rte_errno : 0;
}

static uint32_t
expect(bool is_right, const char *what)
{
	if (!is_right)
		(void)printf("# WRONG: %s\n", what);
	return is_right ? 0 : 1;
}

/* Empty what is under way between the sides, which rest, and see that all adds up. */
static uint32_t
close_side(struct side *side)
{
	struct fp_handoff_counters a;
	struct fp_handoff_counters b;
	uint32_t wrong = 0;
	uint32_t left;

	fp_handoff_get_counters(side->to_side, &a);
	fp_handoff_get_counters(side->to_thread, &b);
	wrong += expect(
		a.sent + a.refused + a.dropped + b.sent + b.refused + b.dropped == side->offered,
		"offered = sent + refused + dropped");
	left = fp_handoff_destroy(side->to_side);
	wrong += expect(a.sent == a.received + left && a.dropped == 0, "sent = received + left");
	wrong += expect(b.sent == b.received && b.refused == 0, "the thread received all");
	wrong += expect(fp_handoff_destroy(side->to_thread) == 0, "nothing is left");
	wrong += expect(side->bad_bytes == 0, "bytes that a lease shows are its tenant's");
	wrong += expect(side->reads.wrong == 0, "a confirmed read shows its tenant's words");
	(void)test_port_drain(&side->port, UINT32_MAX);
	test_port_close(&side->port);
	rte_ring_free(side->to_notes);
	return wrong;
}

static uint32_t
check_pool(struct fp_pool *checked)
{
	struct fp_pool_counters total;
	uint32_t wrong = 0;

	(void)fp_pool_collect(checked);
	fp_pool_count(checked, &total);
	(void)printf("# %s: received %lu + rented %lu = returned %lu + handed to tx %lu; refused "
		     "%lu\n",
		checked->name, total.received, total.rented, total.returned, total.handed_to_tx,
		total.refused);
	wrong += expect(total.received + total.rented == total.returned + total.handed_to_tx,
		"received + rented = returned + handed_to_tx");
	wrong += expect(fp_pool_held(checked) == 0, "nothing is held");
	wrong += expect(rte_mempool_avail_count(checked->mempool) == BUFFERS, "all are back");
	for (uint32_t i = 0; i < checked->places; i++) {
		wrong += expect(checked->slots[i].generation % 2 == 0, "a slot is closed");
		wrong += expect(checked->slots[i].shares == 0, "a slot has no shares");
		wrong += expect(rte_mbuf_refcnt_read(fpi_pool_mbuf(checked, i)) == 1,
			"an mbuf has one reference");
	}
	fp_pool_destroy(checked);
	return wrong;
}

static uint32_t
run(double seconds)
{
	const char *const names[] = { "lcore 0", "lcore 1" };
	uint32_t wrong = 0;
	pthread_t thread;

	until = rte_rdtsc() + (uint64_t)(seconds * (double)rte_get_tsc_hz());
	wrong += expect(pthread_create(&thread, NULL, run_thread, NULL) == 0, "a thread");
	wrong += expect(rte_eal_remote_launch(run_side, &sides[1], 1) == 0, "an lcore");
	(void)run_side(&sides[0]);
	(void)rte_eal_wait_lcore(1);
	wrong += expect(fp_load_acquire_u32(&sides[1].is_done) == 1, "the lcore has ended");
	fp_store_relaxed_bool(&is_over, true);
	(void)pthread_join(thread, NULL);
	wrong += expect(thread_bad_bytes == 0, "the thread saw its tenants' bytes");
	for (uint32_t i = 0; i < SIDES; i++) {
		const struct reads *reads = &sides[i].reads;

		(void)printf("# %s: %lu tenants; references: %lu stale, %lu reads confirmed, "
			     "%lu wrong, %lu overtaken (unconfirmed: %lu of another tenant, %lu "
			     "mixed)\n",
			names[i], sides[i].tenants, reads->stale, reads->confirmed, reads->wrong,
			reads->overtaken, reads->others, reads->mixed);
		wrong += close_side(&sides[i]);
	}
	return wrong + check_pool(pool) + check_pool(clones);
}

int
main(int argc, char **argv)
{
	struct fp_pool_params params = { "buffers", BUFFERS, RTE_PKTMBUF_HEADROOM + 64,
		FP_HAS_TSAN ? 0 : CACHE, SOCKET_ID_ANY };
	const double seconds = argc > 1 ? strtod(argv[1], NULL) : 10;
	const uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	uint32_t wrong;
	int error = start_eal();

	if (error != 0) {
		(void)printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	/* Level trust confirms all, and AddressSanitizer stops a read of what was released. */
	has_reads = FP_LIFETIME >= FP_LIFETIME_REF && !FP_HAS_ASAN &&
		(argc <= 3 || strtoul(argv[3], NULL, 0) != 0);
	if (FP_HAS_TSAN)
		error = visible_mempools();
	if (error == 0)
		error = fp_pool_create(&params, &pool);
	params.name = "clones";
	if (error == 0)
		error = fp_pool_create(&params, &clones);
	if (FP_HAS_TSAN && error == 0)
		error = visible_ring_of_returns(pool);
	if (FP_HAS_TSAN && error == 0)
		error = visible_ring_of_returns(clones);
	for (uint32_t i = 0; i < SIDES && error == 0; i++)
		error = open_side(i, seed);
	if (error != 0) {
		(void)printf("1..0 # SKIP no pools and ports: error %d\n", error);
		return EXIT_SKIP;
	}
	wrong = run(seconds);
	(void)printf("1..1\n%s 1 - %.1f s of two lcores and a thread, seed %lu\n",
		wrong == 0 ? "ok" : "not ok", seconds, seed);
	(void)rte_eal_cleanup();
	return wrong == 0 ? 0 : 1;
}
