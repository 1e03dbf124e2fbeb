/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_hold.h"
#include "fp_panic.h"

void
fp_hold_put(struct fp_hold *hold, struct fp_lease *lease, const struct fp_datagram_header *header,
	uint8_t line, uint64_t tsc)
{
	uint32_t place = hold->count;

	FP_ASSERT(hold->count < FP_HOLD_MAX);
	while (place != 0 && hold->held[place - 1].first > header->first) {
		hold->held[place] = hold->held[place - 1];
		place--;
	}
	hold->held[place] = (struct fp_held){
		.lease = *lease,
		.first = header->first,
		.since_tsc = tsc,
		.count = header->count,
		.line = line,
	};
	*lease = fp_lease_none();
	hold->count++;
}

struct fp_held
fp_hold_take(struct fp_hold *hold)
{
	struct fp_held taken = hold->held[0];

	FP_ASSERT(hold->count != 0);
	hold->count--;
	memmove(hold->held, hold->held + 1, hold->count * sizeof(hold->held[0]));
	return taken;
}

bool
fp_hold_has(const struct fp_hold *hold, const struct fp_datagram_header *header)
{
	for (uint32_t i = 0; i < hold->count && hold->held[i].first <= header->first; i++) {
		if (hold->held[i].first == header->first && hold->held[i].count >= header->count)
			return true;
	}
	return false;
}

bool
fp_hold_is_overdue(const struct fp_hold *hold, uint64_t limit_tsc)
{
	for (uint32_t i = 0; i < hold->count; i++) {
		if ((int64_t)(limit_tsc - hold->held[i].since_tsc) > 0)
			return true;
	}
	return false;
}
