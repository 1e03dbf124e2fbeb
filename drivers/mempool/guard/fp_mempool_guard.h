/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What the two files of the plugin share: a guarded mempool and its slots.
 *
 *     ops "guard", one buffer; a stride is a number of whole pages
 *
 *     |<------------------------ stride ------------------------->|
 *     |<----------------- body ------------------>|<--- page ---->|
 *     +--------+--------+-------------------------+---------------+
 *     | unused | header | object: mbuf, data room |  no access    |
 *     +--------+--------+-------------------------+---------------+
 *                                        slot.end ^
 *
 * The body is accessible while somebody holds the buffer and inaccessible while it is free. With
 * the ops "guard_poison" the layout is DPDK's own and a free data room is full of GUARD_PATTERN.
 *
 * The plugin uses DPDK and libc only, so that any DPDK program can load it. A struct guard_pool is
 * the pool_data of its mempool and ends with it.
 */

#ifndef FP_MEMPOOL_GUARD_H
#define FP_MEMPOOL_GUARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <rte_mempool.h>
#include <rte_spinlock.h>

/** What memory that nobody may write is full of. */
#define GUARD_PATTERN 0xdeU

/** Where a buffer is. */
enum guard_state {
	GUARD_NEW,  /**< In the mempool since it was populated, and still accessible. */
	GUARD_FREE, /**< In the mempool. */
	GUARD_HELD, /**< With the program or a driver. */
};

/** A buffer. */
struct guard_slot {
	uint8_t *object; /**< First byte of the mempool's element. */
	void *code;      /**< Where it was last got or put; NULL before the first time. */
	uint64_t tsc;    /**< When that was [cycles of the time-stamp counter]. */
	uint32_t lcore;  /**< Who that was; LCORE_ID_ANY for a thread that is no lcore. */
	_Atomic uint32_t
		state; /**< An enum guard_state; a put moves it from held to free at once. */
};

/** A mempool on these ops. */
struct guard_pool {
	struct rte_mempool *mempool; /**< The mempool. */
	uint32_t *queue;             /**< Indexes of free slots, in the order they became free. */
	uint32_t queue_first;        /**< Place of the one that is free for longest. */
	uint32_t queue_len;          /**< Free slots. */
	uint32_t count;              /**< Slots in use: objects that were populated. */
	uint32_t body;               /**< Accessible bytes of a stride; 0 for guard_poison. */
	uint32_t end_len;            /**< From an object to the inaccessible page [bytes]. */
	uint32_t used_len;    /**< From an object to the end of what is its holder's [bytes]. */
	uint32_t room_offset; /**< From an object to its data room; used_len if it has none. */
	bool is_guarding;     /**< Pages are protected, as ops "guard" does it. */
	bool is_populating;   /**< What is put is a new object. */
	bool is_armed;        /**< Objects were got: slots are sorted, free ones are closed. */
	bool is_refused;      /**< That its memory cannot be protected was said. */
	rte_spinlock_t lock;  /**< For the queue and for arming. */
	struct guard_slot slots[]; /**< Sorted by address when armed; mempool->size places. */
};

/** Let reports find the pool, and explain a SIGSEGV in pools with ops "guard". */
void guard_report_add(struct guard_pool *pool);

/** End that. */
void guard_report_remove(const struct guard_pool *pool);

/** Slot of a pool that is armed whose object starts at @p object, or NULL. */
struct guard_slot *guard_slot_of(struct guard_pool *pool, const void *object);

/** Stop the program: @p slot is put although it is in the mempool. */
__rte_noreturn void
guard_report_twice(const struct guard_pool *pool, const struct guard_slot *slot);

/** Stop the program: @p object is put, but is no object of the pool. */
__rte_noreturn void guard_report_foreign(const struct guard_pool *pool, const void *object);

/** Stop the program: the holder of @p slot wrote past its end, @p offset bytes from the object. */
__rte_noreturn void guard_report_past_end(
	const struct guard_pool *pool, const struct guard_slot *slot, uint32_t offset);

/** Stop the program: @p slot was written @p offset bytes from its object while it was free. */
__rte_noreturn void
guard_report_written(const struct guard_pool *pool, const struct guard_slot *slot, uint32_t offset);

/** Stop the program: the kernel refused to change the protection of @p slot with @p error. */
__rte_noreturn void
guard_report_refused(const struct guard_pool *pool, const struct guard_slot *slot, int error);

#endif /* FP_MEMPOOL_GUARD_H */
