/* SPDX-License-Identifier: BSD-3-Clause */

/* Views of a buffer, and cursors on them, that are used after the lease they were made from. */

#include "fp_handoff.h"
#include "fp_reader.h"
#include "fp_ref.h"
#include "fp_span_copy.h"
#include "fp_span_search.h"
#include "fp_writer.h"
#include "misuse.h"
#include "test_port.h"

MISUSE(view_read_after_release)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_cspan view = fp_lease_span(&lease);

	fp_lease_release(&lease);
	misuse_use(fp_cspan_at(view, 0));
}

MISUSE(view_write_after_release)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_span view = fp_lease_writable(&lease);

	fp_lease_release(&lease);
	fp_span_set(view, 0, 7);
}

MISUSE(view_slice_after_release)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_cspan view = fp_lease_span(&lease);

	fp_lease_release(&lease);
	misuse_use(fp_cspan_at(fp_cspan_slice(view, 8, 8), 0));
}

MISUSE(view_copy_after_release)
{
	uint8_t to[MISUSE_BYTES];
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_cspan view = fp_lease_span(&lease);

	fp_lease_release(&lease);
	fp_cspan_copy(view, fp_span_over(to, sizeof(to)));
	misuse_use(to[0]);
}

MISUSE(view_search_after_release)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_span view = fp_lease_writable(&lease);

	fp_span_fill_u8(view, 1);
	fp_lease_release(&lease);
	misuse_use((uint64_t)fp_cspan_index_of_u8(fp_span_const(view), 2));
}

MISUSE(view_after_release_in_burst)
{
	struct fp_lease leases[2];
	struct fp_pool *pool = misuse_pool(2);
	struct fp_cspan view;

	leases[0] = misuse_rent(pool);
	leases[1] = misuse_rent(pool);
	view = fp_lease_span(&leases[1]);
	fp_lease_release_burst(leases, 2, rte_rdtsc());
	misuse_use(fp_cspan_at(view, 0));
}

MISUSE(view_after_transmit)
{
	struct fp_pool *pool = misuse_pool(1);
	struct fp_lease lease = misuse_rent(pool);
	struct fp_cspan view = fp_lease_span(&lease);
	struct test_port port;

	misuse_must(test_port_open_ring(&port, "misuse", pool->mempool, 1));
	misuse_must(fp_lease_transmit(port.id, 0, &lease, 1, rte_rdtsc()) != 1);
	misuse_use(fp_cspan_at(view, 0));
}

MISUSE(view_after_new_tenant)
{
	struct fp_pool *pool = misuse_pool(1);
	struct fp_lease lease = misuse_rent(pool);
	struct fp_cspan view = fp_lease_span(&lease);

	fp_lease_release(&lease);
	lease = misuse_rent(pool);
	misuse_use(fp_cspan_at(view, 0));
}

MISUSE(view_of_stale_lease)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_lease copy = lease;

	fp_lease_release(&lease);
	misuse_use(fp_cspan_at(fp_lease_span(&copy), 0));
}

MISUSE(view_of_empty_lease)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));

	fp_lease_release(&lease);
	misuse_use(fp_cspan_at(fp_lease_span(&lease), 0));
}

MISUSE(view_of_ref_after_release)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_ref ref = fp_ref_of(&lease);
	struct fp_cspan view;

	misuse_must(fp_ref_resolve(&ref, &view));
	fp_lease_release(&lease);
	misuse_use(fp_cspan_at(view, 0));
}

MISUSE(view_after_one_of_two_leases)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_cspan view = fp_lease_span(&lease);
	struct fp_lease other;

	misuse_must(fp_lease_share(&lease, &other));
	fp_lease_release(&lease);
	misuse_use(fp_cspan_at(view, 0));
}

static struct fp_handoff *
open_handoff(void)
{
	struct fp_handoff_params params = { "handoff", 4, FP_HANDOFF_KEEP, SOCKET_ID_ANY };
	struct fp_handoff *handoff;

	misuse_must(fp_handoff_create(&params, &handoff));
	return handoff;
}

MISUSE(view_after_hand_over)
{
	struct fp_handoff *handoff = open_handoff();
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_cspan view = fp_lease_span(&lease);

	misuse_must(fp_handoff_send(handoff, &lease, 1, rte_rdtsc()) != 1);
	misuse_use(fp_cspan_at(view, 0));
}

MISUSE(view_after_receiver_released)
{
	struct fp_handoff *handoff = open_handoff();
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_cspan view = fp_lease_span(&lease);
	struct fp_lease received;

	misuse_must(fp_handoff_send(handoff, &lease, 1, rte_rdtsc()) != 1);
	misuse_must(fp_handoff_receive(handoff, &received, 1, rte_rdtsc()) != 1);
	fp_lease_release(&received);
	misuse_use(fp_cspan_at(view, 0));
}

MISUSE(view_after_pool_destroyed)
{
	struct fp_pool *pool = misuse_pool(1);
	struct fp_lease lease = misuse_rent(pool);
	struct fp_cspan view = fp_lease_span(&lease);

	fp_lease_release(&lease);
	fp_pool_destroy(pool);
	misuse_use(fp_cspan_at(view, 0));
}

MISUSE(reader_after_release)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_reader reader = fp_reader_open(fp_lease_span(&lease));

	fp_lease_release(&lease);
	misuse_use(fp_reader_read_be32(&reader));
}

MISUSE(reader_bytes_after_release)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_reader reader = fp_reader_open(fp_lease_span(&lease));
	struct fp_cspan symbol = fp_reader_read_bytes(&reader, 8);

	fp_lease_release(&lease);
	misuse_use(fp_cspan_at(symbol, 7));
}

MISUSE(writer_after_release)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_writer writer = fp_writer_open(fp_lease_writable(&lease));

	fp_lease_release(&lease);
	fp_writer_write_le32(&writer, 7);
}

MISUSE(writer_patch_after_release)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_writer writer = fp_writer_open(fp_lease_writable(&lease));
	struct fp_length_slot slot = fp_writer_reserve_u16(&writer);

	fp_lease_release(&lease);
	fp_writer_patch_le16(&writer, slot);
}

const struct misuse misuse_view_rows[] = {
	ROW(view_read_after_release, LATE_VIEW("returned", "rented"), POISONED),
	ROW(view_write_after_release, LATE_VIEW("returned", "rented"), POISONED),
	ROW(view_slice_after_release, LATE_VIEW("returned", "rented"), POISONED),
	ROW(view_copy_after_release, LATE_VIEW("returned", "rented"), POISONED),
	ROW(view_search_after_release, LATE_VIEW("returned", "rented"), POISONED),
	ROW(view_after_release_in_burst, LATE_VIEW("returned", "rented"), POISONED),
	ROW(view_after_transmit, LATE_VIEW("handed to tx", "rented"), NOT_POISONED),
	ROW(view_after_new_tenant, LATE_VIEW("rented", "returned"), NOT_POISONED),
	ROW(view_of_stale_lease, SILENT, SILENT, PANICS(OVER("view", "returned")), POISONED),
	ROW(view_of_empty_lease, FAULTS, FAULTS,
		PANICS("view: the lease is empty: it was released"), NOT_POISONED),
	ROW(view_of_ref_after_release, LATE_VIEW("returned", "rented"), POISONED),
	/* The generation is the buffer's, and the buffer is still leased. */
	ROW(view_after_one_of_two_leases, ALL(SILENT), NOT_POISONED),
	ROW(view_after_hand_over, ALL(SILENT), NOT_POISONED),
	ROW(view_after_receiver_released, LATE_VIEW("returned", "taken over"), POISONED),
	/* Slots and pool are gone: there is nobody left to explain. */
	ROW(view_after_pool_destroyed, SILENT, SILENT, PANICS(LATE), NOT_POISONED),
	ROW(reader_after_release, LATE_VIEW("returned", "rented"), POISONED),
	ROW(reader_bytes_after_release, LATE_VIEW("returned", "rented"), POISONED),
	ROW(writer_after_release, LATE_VIEW("returned", "rented"), POISONED),
	ROW(writer_patch_after_release, LATE_VIEW("returned", "rented"), POISONED),
};
const size_t misuse_view_count = RTE_DIM(misuse_view_rows);
