/* SPDX-License-Identifier: BSD-3-Clause */

#include <rte_errno.h>
#include <rte_memory.h>
#include <rte_memzone.h>

#include "fp_arena.h"
#include "fp_panic.h"
#include "fp_poison.h"

#define PAGE_BYTES 4096

/* The arenas of this process, so that telemetry finds them; written at start-up and exit only. */
static struct fp_arena *arenas[FP_ARENAS_MAX];

static struct fp_arena **
find_place(const struct fp_arena *arena)
{
	for (uint32_t idx = 0; idx < FP_ARENAS_MAX; idx++) {
		if (arenas[idx] == arena)
			return &arenas[idx];
	}
	return NULL;
}

int
fp_arena_create(const struct fp_arena_params *params, struct fp_arena **out)
{
	const uint64_t head = RTE_ALIGN_CEIL(sizeof(struct fp_arena), PAGE_BYTES);
	struct fp_arena **place = find_place(NULL);
	const struct rte_memzone *zone;
	struct fp_arena *arena;
	uint64_t cap;

	*out = NULL;
	if (params->name == NULL || params->name[0] == '\0' || params->cap == 0 ||
		strnlen(params->name, FP_ARENA_NAME_BYTES) == FP_ARENA_NAME_BYTES ||
		params->cap > UINT64_MAX / 2)
		return -EINVAL;
	if (place == NULL)
		return -ENOMEM;
	cap = RTE_ALIGN_CEIL(params->cap, PAGE_BYTES);
	zone = rte_memzone_reserve_aligned(params->name, head + cap, params->socket_id,
		RTE_MEMZONE_2MB | RTE_MEMZONE_SIZE_HINT_ONLY, PAGE_BYTES);
	if (zone == NULL)
		return rte_errno == EEXIST ? -EEXIST : -ENOMEM;

	arena = zone->addr;
	memset(arena, 0, sizeof(*arena));
	arena->base = (uint8_t *)zone->addr + head;
	arena->cap = cap;
	arena->socket_id = zone->socket_id;
	arena->zone = zone;
	memcpy(arena->name, params->name, strlen(params->name) + 1);
	fp_poison(arena->base, cap);
	*place = arena;
	*out = arena;
	return 0;
}

void
fp_arena_destroy(struct fp_arena *arena)
{
	struct fp_arena **place;

	if (arena == NULL)
		return;
	place = find_place(arena);
	if (place == NULL)
		fp_panic("arena %p is destroyed twice, or was never created", (void *)arena);
	*place = NULL;
	fp_unpoison(arena->base, arena->cap);
	(void)rte_memzone_free(arena->zone);
}

/* Hand out len bytes, or NULL with the refusal counted. */
static uint8_t *
bump(struct fp_arena *arena, uint64_t len, uint32_t align)
{
	uintptr_t end = (uintptr_t)arena->base + arena->used;
	uint64_t start = RTE_ALIGN_CEIL(end, (uintptr_t)align) - (uintptr_t)arena->base;

	FP_ASSERT(align != 0 && (align & (align - 1)) == 0 && align <= PAGE_BYTES);
	if (start > arena->cap || len > arena->cap - start) {
		fp_store_relaxed_u64(&arena->refusals, arena->refusals + 1);
		return NULL;
	}
	fp_store_relaxed_u64(&arena->used, start + len);
	if (arena->used > arena->high_water)
		fp_store_relaxed_u64(&arena->high_water, arena->used);
	fp_unpoison(arena->base + start, len);
	return arena->base + start;
}

int
fp_arena_span(struct fp_arena *arena, uint32_t len, uint32_t align, struct fp_span *out)
{
	struct fp_watch watch = { &arena->epoch, arena->epoch };
	uint8_t *data = bump(arena, len, align);

	*out = fp_span_watched(data, data != NULL ? len : 0, watch);
	return data != NULL ? 0 : -ENOMEM;
}

void *
fp_arena_array(struct fp_arena *arena, uint64_t count, uint64_t size, uint32_t align)
{
	uint8_t *data;

	if (size != 0 && count > UINT64_MAX / size) {
		fp_store_relaxed_u64(&arena->refusals, arena->refusals + 1);
		return NULL;
	}
	data = bump(arena, count * size, align);
	if (data != NULL)
		memset(data, 0, count * size);
	return data;
}

void
fp_arena_reset(struct fp_arena *arena)
{
	fp_store_relaxed_u32(&arena->epoch, arena->epoch + 1);
	if (FP_HAS_ASAN)
		fp_poison(arena->base, arena->used);
	fp_store_relaxed_u64(&arena->used, 0);
}

const struct fp_arena *
fp_arena_at(uint32_t idx)
{
	return idx < FP_ARENAS_MAX ? arenas[idx] : NULL;
}
