/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * What an arena's memzone looks like, and the list of arenas.
 *
 *   | struct | front | unused |      cap      | guard |
 *                             base
 *
 * All parts are whole pages of 4 KiB. Without a guard there are the structure and the cap. A guard
 * is a page of the memzone's own size, since no part of a page can be protected, and begins at one:
 * with hugepages the cap ends at a multiple of 2 MiB and leaves what it does not need unused before
 * it. Pages of 4 KiB are cheap, so one is protected in front, too.
 */

#include <string.h>
#include <sys/mman.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_memory.h>
#include <rte_memzone.h>

#include "fp_arena.h"
#include "fp_numa.h"
#include "fp_panic.h"

#define PAGE_BYTES FP_ARENA_PAGE_BYTES
#define HEAD_BYTES RTE_ALIGN_CEIL(sizeof(struct fp_arena), PAGE_BYTES)

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

static bool
are_valid(const struct fp_arena_params *params)
{
	return params != NULL && params->name != NULL && params->name[0] != '\0' &&
		strnlen(params->name, FP_ARENA_NAME_BYTES) < FP_ARENA_NAME_BYTES &&
		params->cap != 0 && params->cap <= UINT64_MAX / 2 &&
		(params->flags & ~FP_ARENA_F_GUARD) == 0 &&
		(params->socket_id == SOCKET_ID_ANY || fp_numa_has_socket(params->socket_id));
}

/* Let the guard's pages be accessed, or not. */
static bool
set_guard(const struct fp_arena *arena, int access)
{
	uint8_t *behind = arena->base + arena->cap;

	if (arena->guard_bytes == 0)
		return true;
	if (mprotect(behind, arena->guard_bytes, access) != 0)
		return false;
	return arena->guard_bytes != PAGE_BYTES ||
		mprotect(arena->base - PAGE_BYTES, PAGE_BYTES, access) == 0;
}

/* Reserve the memzone and fill the structure in; nothing is protected yet. */
static int
reserve(const struct fp_arena_params *params, struct fp_arena **out)
{
	bool has_guard = (params->flags & FP_ARENA_F_GUARD) != 0;
	bool is_huge = has_guard && rte_eal_has_hugepages() != 0;
	const uint64_t page = is_huge ? RTE_PGSIZE_2M : PAGE_BYTES;
	const uint64_t front = has_guard && !is_huge ? PAGE_BYTES : 0;
	const uint64_t cap = RTE_ALIGN_CEIL(params->cap, PAGE_BYTES);
	const uint64_t end = RTE_ALIGN_CEIL(HEAD_BYTES + front + cap, page);
	const uint64_t guard = has_guard ? page : 0;
	const struct rte_memzone *zone = rte_memzone_reserve_aligned(params->name, end + guard,
		params->socket_id, RTE_MEMZONE_2MB | (is_huge ? 0 : RTE_MEMZONE_SIZE_HINT_ONLY),
		(unsigned int)page);
	struct fp_arena *arena;

	if (zone == NULL)
		return rte_errno == EEXIST ? -EEXIST : -ENOMEM;
	arena = zone->addr;
	memset(arena, 0, sizeof(*arena));
	arena->base = (uint8_t *)zone->addr + end - cap;
	arena->cap = cap;
	arena->guard_bytes = guard;
	arena->socket_id = zone->socket_id;
	arena->zone = zone;
	memcpy(arena->name, params->name, strlen(params->name) + 1);
	*out = arena;
	return 0;
}

int
fp_arena_create(const struct fp_arena_params *params, struct fp_arena **out)
{
	struct fp_arena **place = find_place(NULL);
	struct fp_arena *arena;
	int error;

	if (out == NULL)
		return -EINVAL;
	*out = NULL;
	if (!are_valid(params))
		return -EINVAL;
	if (place == NULL)
		return -ENOMEM;
	error = reserve(params, &arena);
	if (error != 0)
		return error;
	if (!set_guard(arena, PROT_NONE)) {
		/* One of two pages may be protected already. */
		(void)set_guard(arena, PROT_READ | PROT_WRITE);
		(void)rte_memzone_free(arena->zone);
		return -ENOTSUP;
	}
	fp_poison(arena->base, arena->cap);
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
	/* EAL clears what it takes back, and gives it to others. */
	if (!set_guard(arena, PROT_READ | PROT_WRITE))
		fp_panic("arena %s: the system does not give its guard pages back", arena->name);
	(void)rte_memzone_free(arena->zone);
}

const struct fp_arena *
fp_arena_at(uint32_t idx)
{
	return idx < FP_ARENAS_MAX ? arenas[idx] : NULL;
}
