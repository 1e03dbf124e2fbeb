/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The last words of a program that used a buffer wrongly. They go to standard error by write(2): a
 * report must come out whatever the program's log level is, and also from the handler of SIGSEGV,
 * in which nothing may wait for a lock that the interrupted code holds.
 *
 * The handler says what lies at the address and steps aside: it puts back the handler that was
 * there before it and returns, so that the instruction runs again and the program ends as it would
 * have without it: in its own handler, or with a core of the moment when it happened.
 */

#include <execinfo.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_lcore.h>

#include "fp_mempool_guard.h"

#define POOLS_MAX        64
#define LINE_BYTES       512
#define NAME_BYTES       64
#define BACKTRACE_FRAMES 32
#define DUMP_BYTES       16U

/* Mempools that reports look into; one that finds no place here is guarded all the same. */
static struct guard_pool *pools[POOLS_MAX];
static rte_spinlock_t pools_lock = RTE_SPINLOCK_INITIALIZER;

/* Handler that ours was put before, and whether it was; under pools_lock. */
static struct sigaction action_before;
static bool is_handling;

/* Write a line about @p pool, or one that goes on where NULL is given. */
__rte_format_printf(2, 3) static void say(const struct guard_pool *pool, const char *format, ...)
{
	char line[LINE_BYTES];
	size_t len;
	va_list args;

	if (pool != NULL) {
		(void)snprintf(line, sizeof(line), "guard: mempool \"%s\": ", pool->mempool->name);
	} else {
		(void)snprintf(line, sizeof(line), "guard:   ");
	}
	len = strlen(line);
	va_start(args, format);
	(void)vsnprintf(line + len, sizeof(line) - len, format, args);
	va_end(args);
	len = strlen(line);
	line[len] = '\n';
	/* Nothing is left to do when even this fails. */
	if (write(STDERR_FILENO, line, len + 1) < 0)
		return;
}

static void
say_backtrace(void)
{
	void *frames[BACKTRACE_FRAMES];

	say(NULL, "backtrace:");
	backtrace_symbols_fd(frames, backtrace(frames, BACKTRACE_FRAMES), STDERR_FILENO);
}

__rte_noreturn static void
stop(void)
{
	say_backtrace();
	abort();
}

static uint32_t
index_of(const struct guard_pool *pool, const struct guard_slot *slot)
{
	return (uint32_t)(slot - pool->slots);
}

/* Who got or put the buffer last. */
static void
say_last(const struct guard_slot *slot, const char *what)
{
	double us = (double)(rte_rdtsc() - slot->tsc) * 1e6 / (double)rte_get_tsc_hz();
	void *code = slot->code;
	char who[32] = "a thread that is no lcore";

	if (code == NULL) {
		say(NULL, "it was not used since the mempool was populated");
		return;
	}
	if (slot->lcore != LCORE_ID_ANY)
		(void)snprintf(who, sizeof(who), "lcore %u", slot->lcore);
	say(NULL, "it was %s by %s, %.1f us ago, in:", what, who, us);
	backtrace_symbols_fd(&code, 1, STDERR_FILENO);
}

/* Name a byte of a buffer as its user knows it. */
static void
name_byte(const struct guard_pool *pool, int64_t offset, char name[NAME_BYTES])
{
	const char *of = "of";

	if (offset < 0) {
		of = "before";
		offset = -offset;
	} else if (offset >= pool->used_len) {
		of = "past the end of";
		offset -= pool->used_len;
	} else if (pool->room_offset != pool->used_len) {
		bool is_mbuf = offset < pool->room_offset;

		of = is_mbuf ? "of the mbuf of" : "of the data room of";
		offset -= is_mbuf ? 0 : pool->room_offset;
	}
	(void)snprintf(name, NAME_BYTES, "byte %d %s", (int)offset, of);
}

/* Last slot that does not start behind @p address, or NULL. */
static struct guard_slot *
slot_before(struct guard_pool *pool, uintptr_t address)
{
	uint32_t low = 0;
	uint32_t high = pool->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if ((uintptr_t)pool->slots[middle].object <= address) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low != 0 ? &pool->slots[low - 1] : NULL;
}

struct guard_slot *
guard_slot_of(struct guard_pool *pool, const void *object)
{
	struct guard_slot *slot = slot_before(pool, (uintptr_t)object);

	return slot != NULL && slot->object == object ? slot : NULL;
}

/* Slot around @p address, with its pages or, in DPDK's own layout, its header; and how far in. */
static struct guard_slot *
slot_around(struct guard_pool *pool, uintptr_t address, int64_t *offset)
{
	const struct rte_mempool *mp = pool->mempool;
	uintptr_t before = pool->body != 0 ? pool->body - pool->end_len : mp->header_size;
	uintptr_t after =
		pool->body != 0 ? pool->end_len + (uintptr_t)sysconf(_SC_PAGESIZE) : mp->elt_size;
	struct guard_slot *slot = pool->is_armed ? slot_before(pool, address + before) : NULL;

	if (slot == NULL)
		return NULL;
	*offset = (int64_t)(address - (uintptr_t)slot->object);
	return *offset < (int64_t)after ? slot : NULL;
}

static struct guard_pool *
pool_around(uintptr_t address, struct guard_slot **slot, int64_t *offset)
{
	for (uint32_t idx = 0; idx < POOLS_MAX; idx++) {
		if (pools[idx] == NULL)
			continue;
		*slot = slot_around(pools[idx], address, offset);
		if (*slot != NULL)
			return pools[idx];
	}
	return NULL;
}

static void
explain(const struct guard_pool *pool, const struct guard_slot *slot, int64_t offset)
{
	bool is_free = atomic_load(&slot->state) == GUARD_FREE;
	char byte[NAME_BYTES];

	name_byte(pool, offset, byte);
	say(pool, "%s buffer %u (%p) is accessed%s", byte, index_of(pool, slot),
		(void *)slot->object, is_free ? ", which is free" : "");
	say_last(slot, is_free ? "put" : "got");
	if (is_free && offset < 0) {
		say(NULL,
			"rte_mempool_obj_iter() cannot walk free buffers on these ops; it can "
			"on guard_poison");
	}
	say_backtrace();
}

static void
handle(int signal_number, siginfo_t *info, void *context)
{
	struct guard_slot *slot;
	int64_t offset;
	const struct guard_pool *pool = pool_around((uintptr_t)info->si_addr, &slot, &offset);

	(void)context;
	if (info->si_code > 0 && pool != NULL)
		explain(pool, slot, offset);
	(void)sigaction(signal_number, &action_before, NULL);
	/* A signal that another process sent does not come again by itself. */
	if (info->si_code <= 0)
		(void)raise(signal_number);
}

static void
start_handling(void)
{
	struct sigaction action = { .sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	void *frame;

	/* The first call loads a library, for which a handler is no place. */
	(void)backtrace(&frame, 1);
	(void)sigemptyset(&action.sa_mask);
	is_handling = sigaction(SIGSEGV, &action, &action_before) == 0;
}

void
guard_report_add(struct guard_pool *pool)
{
	rte_spinlock_lock(&pools_lock);
	for (uint32_t idx = 0; idx < POOLS_MAX; idx++) {
		if (pools[idx] == NULL) {
			pools[idx] = pool;
			break;
		}
	}
	if (pool->is_guarding && !is_handling)
		start_handling();
	rte_spinlock_unlock(&pools_lock);
}

void
guard_report_remove(const struct guard_pool *pool)
{
	rte_spinlock_lock(&pools_lock);
	for (uint32_t idx = 0; idx < POOLS_MAX; idx++) {
		if (pools[idx] == pool)
			pools[idx] = NULL;
	}
	rte_spinlock_unlock(&pools_lock);
}

void
guard_report_twice(const struct guard_pool *pool, const struct guard_slot *slot)
{
	say(pool, "buffer %u (%p) is put a second time", index_of(pool, slot),
		(void *)slot->object);
	say_last(slot, "put before");
	stop();
}

void
guard_report_foreign(const struct guard_pool *pool, const void *object)
{
	struct guard_slot *slot;
	int64_t offset;
	const struct guard_pool *owner = pool_around((uintptr_t)object, &slot, &offset);
	char byte[NAME_BYTES];

	say(pool, "%p is put, which is no buffer of it", object);
	if (owner != NULL && offset == 0) {
		say(NULL, "it is buffer %u of mempool \"%s\"", index_of(owner, slot),
			owner->mempool->name);
	} else if (owner != NULL) {
		name_byte(owner, offset, byte);
		say(NULL, "it is %s buffer %u of mempool \"%s\"", byte, index_of(owner, slot),
			owner->mempool->name);
	}
	stop();
}

/* The bytes from the first that is not the pattern on. */
static void
say_bytes(const struct guard_pool *pool, const struct guard_slot *slot, uint32_t offset)
{
	uint32_t end = pool->body != 0 && offset >= pool->used_len ? pool->end_len : pool->used_len;
	uint32_t count = RTE_MIN(end - offset, DUMP_BYTES);
	char text[3 * DUMP_BYTES + 1];

	for (uint32_t i = 0; i < count; i++)
		(void)snprintf(text + 3 * (size_t)i, 4, " %02x", slot->object[offset + i]);
	say(NULL, "bytes from there on:%s (not written: %02x)", text, GUARD_PATTERN);
}

void
guard_report_past_end(const struct guard_pool *pool, const struct guard_slot *slot, uint32_t offset)
{
	char byte[NAME_BYTES];

	name_byte(pool, offset, byte);
	say(pool, "%s buffer %u (%p) was written while it was held", byte, index_of(pool, slot),
		(void *)slot->object);
	say_bytes(pool, slot, offset);
	say_last(slot, "got");
	stop();
}

void
guard_report_written(const struct guard_pool *pool, const struct guard_slot *slot, uint32_t offset)
{
	char byte[NAME_BYTES];

	name_byte(pool, offset, byte);
	say(pool, "%s buffer %u (%p) was written while it was free", byte, index_of(pool, slot),
		(void *)slot->object);
	say_bytes(pool, slot, offset);
	say_last(slot, "put");
	stop();
}

void
guard_report_refused(const struct guard_pool *pool, const struct guard_slot *slot, int error)
{
	say(pool, "the protection of buffer %u (%p) cannot be changed: %s", index_of(pool, slot),
		(void *)slot->object,
		error == ENOMEM ? "too many areas of memory, raise vm.max_map_count by sysctl"
				: strerrordesc_np(error));
	stop();
}
