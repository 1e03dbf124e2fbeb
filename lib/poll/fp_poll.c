/* SPDX-License-Identifier: BSD-3-Clause */

#include <string.h>

#include "fp_panic.h"
#include "fp_poll.h"

int
fp_poll_init(struct fp_poll *poll, uint16_t burst, struct fp_arena *arena, struct fp_arena *scratch)
{
	memset(poll, 0, sizeof(*poll));
	if (burst == 0 || burst > FP_FRAME_BURST_MAX)
		return -EINVAL;
	poll->leases = fp_arena_array(arena, burst, sizeof(struct fp_lease), FP_CACHE_LINE_BYTES);
	if (poll->leases == NULL)
		return -ENOMEM;
	poll->burst = burst;
	poll->scratch = scratch;
	return 0;
}

void
fpi_poll_no_scratch(void)
{
	fp_panic("a stage asks for the scratch of a loop that has none: give fp_poll_init() an "
		 "arena for it");
}

bool
fp_poll_watch(struct fp_poll *poll)
{
	uint64_t epoch = fp_load_relaxed_u64(&poll->epoch);
	uint32_t stage = fp_load_relaxed_u32(&poll->stage);
	bool is_stalled = epoch == poll->watched_epoch && stage != FP_STAGE_IDLE;

	poll->watched_epoch = epoch;
	if (is_stalled) {
		fp_store_relaxed_u64(&poll->stalls, poll->stalls + 1);
		fp_store_relaxed_u32(&poll->stalled_stage, stage);
	}
	return is_stalled;
}

const char *
fp_stage_name(uint32_t stage)
{
	static const char *const names[] = { "idle", "receive", "decode", "book", "transmit",
		"release" };

	return stage < RTE_DIM(names) ? names[stage] : "unknown";
}
