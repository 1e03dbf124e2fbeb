/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Memories and pins: what may be stored while an asynchronous operation is under way (R-04-04).
 *
 *    owner  -- fp_owner_memory() -->  memory  -- fp_memory_span() -->  span, for now
 *                                       |
 *                                       +------ fp_memory_pin() ---->  pin: the owner cannot end
 *
 * A memory says which bytes of which tenant of which record are meant, and owns nothing: it may be
 * copied, stored in any structure and kept for as long as one likes. It is asked anew each time,
 * and answers -ESTALE once its owner was disposed, also when the record has a new tenant. Tenants
 * are told apart by a generation of 32 bits: a memory kept for 2^31 tenants of one record is
 * mistaken for the next one's.
 *
 * A span of a memory is right at the moment of the call. If another thread may dispose meanwhile,
 * nothing is promised of the time after it (level full looks before each access, and can be late by
 * one): pin first. While a pin is held, dispose answers -EBUSY, so address, IOVA and contents stay.
 *
 * For an io_uring request, another thread or a DMA engine; not for the hot path. All functions may
 * be called by any thread, of EAL or not; one pin or memory variable is one thread's at a time.
 */

#ifndef FP_MEMORY_H
#define FP_MEMORY_H

#include <rte_common.h>

#include "fp_common.h"
#include "fp_error.h"
#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Most pins of one owner at a time. */
#define FP_MEMORY_PINS_MAX 65535

/** What an owner owns, and who; see fp_owner.h. */
struct fp_owner_record;

/** Bytes of an owner that may be written. All zero is the empty memory, of nobody. */
struct fp_memory {
	struct fp_owner_record *record; /**< Of the owner; NULL = the empty memory. */
	uint32_t generation;            /**< Of the tenant that is meant. */
	uint32_t off;                   /**< First byte, from the owner's first [bytes]. */
	uint32_t len;                   /**< Length [bytes]. */
};

/** Bytes of an owner that are only read. All zero is the empty memory, of nobody. */
struct fp_cmemory {
	struct fp_owner_record *record; /**< Of the owner; NULL = the empty memory. */
	uint32_t generation;            /**< Of the tenant that is meant. */
	uint32_t off;                   /**< First byte, from the owner's first [bytes]. */
	uint32_t len;                   /**< Length [bytes]. */
};

/** What became of a pin. */
enum fp_pin_state {
	FP_PIN_NONE = 0,       /**< Holds nothing and never did. */
	FP_PIN_HELD,           /**< Holds its owner. */
	FP_PIN_RELEASED,       /**< Released. */
	FP_PIN_RELEASED_TWICE, /**< Released and once more; the next time stops the program. */
};

/** A held reference on an owner. Moved, not copied. All zero is a pin of nothing. */
struct fp_pin {
	void *address;   /**< First byte pinned; NULL = nothing, or released. */
	rte_iova_t iova; /**< The same for a device; RTE_BAD_IOVA = no device can reach it. */
	struct fp_owner_record *record; /**< Held. */
	uint32_t generation;            /**< Of the tenant that is held. */
	uint32_t len;                   /**< Length [bytes]. */
	enum fp_pin_state state;        /**< What became of it. */
};

/** The empty memory. */
FP_HOT_PATH static inline struct fp_memory
fp_memory_none(void)
{
	struct fp_memory memory = { NULL, 0, 0, 0 };

	return memory;
}

/** The empty memory, to read only. */
FP_HOT_PATH static inline struct fp_cmemory
fp_cmemory_none(void)
{
	struct fp_cmemory memory = { NULL, 0, 0, 0 };

	return memory;
}

/** Give up the right to write. */
FP_HOT_PATH static inline struct fp_cmemory
fp_memory_const(const struct fp_memory *memory)
{
	struct fp_cmemory view = { memory->record, memory->generation, memory->off, memory->len };

	return view;
}

/** True when there are no bytes in it, whether its owner lives or not. */
FP_HOT_PATH static inline bool
fp_memory_is_empty(const struct fp_memory *memory)
{
	return memory->len == 0;
}

/** True when there are no bytes in it, whether its owner lives or not. */
FP_HOT_PATH static inline bool
fp_cmemory_is_empty(const struct fp_cmemory *memory)
{
	return memory->len == 0;
}

/** True when both mean the same place and length of the same tenant; contents are not looked at. */
FP_HOT_PATH static inline bool
fp_cmemory_equal(const struct fp_cmemory *a, const struct fp_cmemory *b)
{
	return a->record == b->record && a->generation == b->generation && a->off == b->off &&
		a->len == b->len;
}

/** True when both mean the same place and length of the same tenant; contents are not looked at. */
FP_HOT_PATH static inline bool
fp_memory_equal(const struct fp_memory *a, const struct fp_memory *b)
{
	return a->record == b->record && a->generation == b->generation && a->off == b->off &&
		a->len == b->len;
}

/**
 * Take a part of a memory; its owner is not asked.
 *
 * @param[in]  memory  To take from.
 * @param[in]  off     First byte wanted [bytes, 0..len].
 * @param[in]  len     Length wanted [bytes, 0..len - off].
 * @param[out] out     The part; may be @p memory; untouched on error.
 * @return 0, or -ERANGE when the part does not lie in @p memory.
 */
FP_MUST_CHECK FP_HOT_PATH static inline int
fp_memory_slice(const struct fp_memory *memory, uint32_t off, uint32_t len, struct fp_memory *out)
{
	if (off > memory->len || len > memory->len - off)
		return -ERANGE;
	*out = *memory;
	out->off += off;
	out->len = len;
	return 0;
}

/** Take a part of a memory that is only read. @see fp_memory_slice */
FP_MUST_CHECK FP_HOT_PATH static inline int
fp_cmemory_slice(
	const struct fp_cmemory *memory, uint32_t off, uint32_t len, struct fp_cmemory *out)
{
	if (off > memory->len || len > memory->len - off)
		return -ERANGE;
	*out = *memory;
	out->off += off;
	out->len = len;
	return 0;
}

/**
 * View the bytes of a memory.
 *
 * When another thread disposes during the call, the answer is the one of before or of after; a span
 * never shows a new tenant's place. See above for what holds afterwards.
 *
 * @param[in]  memory  Of an owner, or empty.
 * @param[out] out     View; of the empty memory without bytes and address; empty on error.
 * @return 0, or -ESTALE the owner was disposed, or its table destroyed.
 * @cost   Two loads of the owner's state and a walk over the tables; no lock, nothing is written.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_memory_span(const struct fp_memory *memory, struct fp_span *out);

/** View the bytes of a memory that is only read. @see fp_memory_span */
FP_MUST_CHECK FP_HOT_PATH int
fp_cmemory_span(const struct fp_cmemory *memory, struct fp_cspan *out);

/**
 * Copy all bytes of one memory to the start of another; the two may overlap.
 *
 * Both are pinned meanwhile, so that neither can end in the middle.
 *
 * @param[in] from  To copy.
 * @param[in] to    Room for it.
 * @return 0; -ERANGE @p to is shorter; -ESTALE one of the owners was disposed; -EOVERFLOW one has
 *         FP_MEMORY_PINS_MAX pins. Nothing is written on error.
 */
FP_MUST_CHECK FP_HOT_PATH int
fp_cmemory_copy(const struct fp_cmemory *from, const struct fp_memory *to);

/**
 * Hold the owner of a memory, and get the addresses of its bytes.
 *
 * @param[in]  memory  Of an owner, or empty: its pin has no address and holds nothing. One without
 *                     bytes, but of an owner, has an address.
 * @param[out] pin     Overwritten: what it held is not released. Holds nothing on error.
 * @return 0; -ESTALE the owner was disposed; -EOVERFLOW it has FP_MEMORY_PINS_MAX pins.
 * @owns    The caller releases @p pin once; until then the owner cannot be disposed.
 * @cost    One compare-and-swap when nobody else pins at the same time; no lock.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_memory_pin(const struct fp_memory *memory, struct fp_pin *pin);

/** Hold the owner of a memory that is only read: nothing is written to the address. */
FP_MUST_CHECK FP_HOT_PATH int fp_cmemory_pin(const struct fp_cmemory *memory, struct fp_pin *pin);

/** A pin of nothing. */
FP_HOT_PATH static inline struct fp_pin
fp_pin_none(void)
{
	struct fp_pin pin = { NULL, RTE_BAD_IOVA, NULL, 0, 0, FP_PIN_NONE };

	return pin;
}

/**
 * View what is pinned.
 *
 * @return View that is valid until the pin is released; of a pin that holds nothing an empty one.
 */
FP_RETURNS(pin)
FP_HOT_PATH struct fp_span fp_pin_span(const struct fp_pin *pin);

/**
 * Let go of the owner ("unpin"); the addresses are cleared.
 *
 * A second call is harmless: a place that cleans up may not know what another did. More are a loop
 * that has lost count, and stop the program, and so does a copy of a pin that was released when its
 * owner has no other pin. A pin of nothing is nothing, however often.
 */
FP_HOT_PATH void fp_pin_release(struct fp_pin *pin);

#ifdef __cplusplus
}
#endif

#endif /* FP_MEMORY_H */
