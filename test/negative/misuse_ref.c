/* SPDX-License-Identifier: BSD-3-Clause */

/* References to what is gone. They may be stored, so a stale one is an answer and not a panic. */

#include "fp_ref.h"
#include "misuse.h"

static void
resolve(const struct fp_ref *ref)
{
	struct fp_cspan view;

	misuse_answers(fp_ref_resolve(ref, &view));
}

MISUSE(ref_after_release)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_ref ref = fp_ref_of(&lease);

	fp_lease_release(&lease);
	resolve(&ref);
}

MISUSE(ref_after_new_tenant)
{
	struct fp_pool *pool = misuse_pool(1);
	struct fp_lease lease = misuse_rent(pool);
	struct fp_ref ref = fp_ref_of(&lease);

	fp_lease_release(&lease);
	lease = misuse_rent(pool);
	resolve(&ref);
}

MISUSE(ref_read_without_lease)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_ref ref = fp_ref_of(&lease);

	fp_lease_release(&lease);
	misuse_answers(fp_ref_confirm(&ref));
}

MISUSE(ref_of_destroyed_pool)
{
	struct fp_pool *pool = misuse_pool(1);
	struct fp_lease lease = misuse_rent(pool);
	struct fp_ref ref = fp_ref_of(&lease);

	fp_lease_release(&lease);
	fp_pool_destroy(pool);
	resolve(&ref);
}

MISUSE(ref_of_pool_made_anew)
{
	struct fp_pool *pool = misuse_pool(1);
	struct fp_lease lease = misuse_rent(pool);
	struct fp_ref ref = fp_ref_of(&lease);

	fp_lease_release(&lease);
	fp_pool_destroy(pool);
	lease = misuse_rent(misuse_pool(1));
	resolve(&ref);
}

MISUSE(ref_to_nothing)
{
	struct fp_ref ref = { 0 };

	(void)misuse_rent(misuse_pool(1));
	resolve(&ref);
}

MISUSE(ref_past_buffer)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_ref ref = fp_ref_of(&lease);

	ref.len = UINT32_MAX;
	resolve(&ref);
}

MISUSE(ref_past_pool)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_ref ref = fp_ref_of(&lease);

	ref.id++;
	resolve(&ref);
}

MISUSE(ref_slice_past_end)
{
	struct fp_lease lease = misuse_rent(misuse_pool(1));
	struct fp_ref ref = fp_ref_of(&lease);

	misuse_answers(fp_ref_slice(&ref, 8, UINT32_MAX - 4, &ref));
}

#define STALE SILENT, ANSWERS("-ESTALE"), ANSWERS("-ESTALE")

const struct misuse misuse_ref_rows[] = {
	ROW(ref_after_release, STALE, NOT_POISONED),
	ROW(ref_after_new_tenant, STALE, NOT_POISONED),
	ROW(ref_read_without_lease, STALE, NOT_POISONED),
	ROW(ref_of_destroyed_pool, ALL(ANSWERS("-ESTALE")), NOT_POISONED),
	ROW(ref_of_pool_made_anew, ALL(ANSWERS("-ESTALE")), NOT_POISONED),
	ROW(ref_to_nothing, ALL(ANSWERS("-ESTALE")), NOT_POISONED),
	ROW(ref_past_buffer, ALL(ANSWERS("-ESTALE")), NOT_POISONED),
	ROW(ref_past_pool, ALL(ANSWERS("-ESTALE")), NOT_POISONED),
	ROW(ref_slice_past_end, ALL(ANSWERS("-ERANGE")), NOT_POISONED),
};
const size_t misuse_ref_count = RTE_DIM(misuse_ref_rows);
