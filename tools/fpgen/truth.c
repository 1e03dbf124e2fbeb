/* SPDX-License-Identifier: BSD-3-Clause */

#include "truth.h"

#include <stdlib.h>
#include <string.h>

/* Room for one more item behind @count; NULL when there is no memory, the old list being kept. */
static void *
grow(void *items, size_t item_len, size_t count, size_t *cap)
{
	const size_t wanted = *cap == 0 ? 64 : *cap * 2;
	void *grown;

	if (count < *cap)
		return items;
	grown = reallocarray(items, wanted, item_len);
	if (grown != NULL)
		*cap = wanted;
	return grown;
}

void
truth_add(struct truth *truth, enum truth_kind kind, const struct truth_damage *damage)
{
	struct truth_list *list = &truth->damage[kind];
	struct truth_damage *items = grow(list->items, sizeof(*items), list->count, &list->cap);

	if (items == NULL) {
		truth->is_out_of_memory = true;
		return;
	}
	list->items = items;
	list->items[list->count++] = *damage;
}

static void
add_range(struct truth *truth, uint64_t first, uint64_t last)
{
	struct truth_range *ranges;

	if (truth->range_count > 0 && truth->ranges[truth->range_count - 1].last + 1 == first) {
		truth->ranges[truth->range_count - 1].last = last;
		return;
	}
	ranges = grow(truth->ranges, sizeof(*ranges), truth->range_count, &truth->range_cap);
	if (ranges == NULL) {
		truth->is_out_of_memory = true;
		return;
	}
	truth->ranges = ranges;
	truth->ranges[truth->range_count++] = (struct truth_range){ first, last };
}

void
truth_datagram(struct truth *truth, const struct mold_datagram *datagram, const bool *is_intact,
	unsigned int lines)
{
	bool is_anywhere = false;

	truth->datagrams++;
	for (unsigned int i = 0; i < lines; i++) {
		is_anywhere |= is_intact[i];
		truth->undelivered[i] += is_intact[i] ? 0 : datagram->messages;
	}
	if (is_anywhere || datagram->messages == 0)
		return;
	truth->undelivered_all += datagram->messages;
	add_range(
		truth, datagram->first_sequence, datagram->first_sequence + datagram->messages - 1);
}

void
truth_fini(struct truth *truth)
{
	for (unsigned int i = 0; i < TRUTH_KINDS; i++)
		free(truth->damage[i].items);
	free(truth->ranges);
	memset(truth, 0, sizeof(*truth));
}
