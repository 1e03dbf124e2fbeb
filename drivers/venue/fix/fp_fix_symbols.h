/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Symbols of a FIX channel and the instrument ids that they get, in order of first appearance.
 *
 * A symbol is named, with an Instrument message, before the first message about it; after a restart
 * of any session every symbol is named again, since that clears all books. Ids belong to symbols
 * and survive restarts. What a message changed is undone when it is rejected.
 *
 * Private to the driver.
 */

#ifndef FP_FIX_SYMBOLS_H
#define FP_FIX_SYMBOLS_H

#include "fp_batch.h"
#include "fp_fix.h"
#include "fp_units.h"

/** Slots for @p max symbols: a power of two, twice as many at least. */
static inline uint64_t
fp_fix_slots_count(uint32_t max)
{
	uint64_t count = 2;

	while (count < 2 * (uint64_t)max)
		count *= 2;
	return count;
}

/** Bytes of arena that the tables for @p max symbols take at most. */
static inline uint64_t
fp_fix_symbols_bytes(uint32_t max)
{
	return fp_arena_array_bytes(
		       fp_fix_slots_count(max), sizeof(struct fp_fix_slot), FP_CACHE_LINE_BYTES) +
		fp_arena_array_bytes(max, sizeof(uint32_t), FP_CACHE_LINE_BYTES);
}

/** Make empty tables for @p max symbols [1..FP_FIX_INSTRUMENTS_MAX]; 0, or -ENOMEM. */
FP_MUST_CHECK static inline int
fp_fix_symbols_init(struct fp_fix_symbols *table, struct fp_arena *arena, uint32_t max)
{
	uint64_t count = fp_fix_slots_count(max);

	table->slots = fp_arena_array(arena, count, sizeof(*table->slots), FP_CACHE_LINE_BYTES);
	table->slot_idxs =
		fp_arena_array(arena, max, sizeof(*table->slot_idxs), FP_CACHE_LINE_BYTES);
	if (table->slots == NULL || table->slot_idxs == NULL)
		return -ENOMEM;
	table->mask = (uint32_t)(count - 1);
	table->shift = 64 - (uint32_t)__builtin_ctzll(count);
	table->max = max;
	table->none.id = max + 1;
	return 0;
}

/** Begin a message, in the channel's session number @p session [1..]. */
static inline void
fp_fix_symbols_begin(struct fp_fix_symbols *table, uint32_t session)
{
	table->session = session;
	table->count_before = table->count;
}

/** The slot where the search for @p key begins. */
static inline uint32_t
fp_fix_symbols_start(const struct fp_fix_symbols *table, const uint64_t key[2])
{
	uint64_t mixed = key[0] ^ key[1] * UINT64_C(0xd6e8feb86659fd93);

	return (uint32_t)((mixed * UINT64_C(0x9e3779b97f4a7c15)) >> table->shift);
}

/** The slot that has @p key, or the free one where it would go. */
static inline struct fp_fix_slot *
fp_fix_symbols_find(const struct fp_fix_symbols *table, const uint64_t key[2])
{
	uint32_t slot_idx = fp_fix_symbols_start(table, key);
	struct fp_fix_slot *slot = &table->slots[slot_idx];

	while (slot->key[0] != 0 && (slot->key[0] != key[0] || slot->key[1] != key[1])) {
		slot_idx = (slot_idx + 1) & table->mask;
		slot = &table->slots[slot_idx];
	}
	return slot;
}

/**
 * Give a symbol its id if it has none, and name it in this session.
 *
 * @return Its slot; the table's none when that is full (books refuse its id and count).
 */
static FP_COLD struct fp_fix_slot *
fp_fix_symbols_name(struct fp_fix_symbols *table, struct fp_fix_slot *slot, const uint64_t key[2],
	uint64_t time_ns, struct fp_batch *batch)
{
	struct fp_symbol16 symbol;

	if (slot->key[0] == 0) {
		if (table->count == table->max)
			return &table->none;
		slot->key[0] = key[0];
		slot->key[1] = key[1];
		slot->id = ++table->count;
		table->slot_idxs[slot->id - 1] = (uint32_t)(slot - table->slots);
	}
	slot->named = table->session;
	fp_store_le64(symbol.text, key[0]);
	fp_store_le64(symbol.text + 8, key[1]);
	*fp_batch_next(batch) = (struct fp_message){
		.len = FP_MESSAGE_LEN(instrument),
		.type = FP_MESSAGE_INSTRUMENT,
		.instrument_id = slot->id,
		.time_ns = time_ns,
		.instrument = { .symbol = symbol, .price_decimals = table->price_decimals },
	};
	return slot;
}

/** The slot of a symbol, which is named first if need be. */
static inline struct fp_fix_slot *
fp_fix_symbols_get(struct fp_fix_symbols *table, const uint64_t key[2], uint64_t time_ns,
	struct fp_batch *batch)
{
	struct fp_fix_slot *slot = fp_fix_symbols_find(table, key);

	if (FP_LIKELY(slot->named == table->session))
		return slot;
	return fp_fix_symbols_name(table, slot, key, time_ns, batch);
}

/**
 * Note that the last message of the batch is a level: those before it are not the last one.
 *
 * The place noted in a slot may be that of an older message. Whatever is there now, if it is a
 * level of this symbol that was appended since mark, the place was noted with it. Of symbols that
 * found no room nothing is known.
 *
 * @param[in,out] slot   Of the level's symbol.
 * @param[in]     mark   Where what the message decoded to begins.
 * @param[in,out] batch  The level before becomes a partial one.
 */
static inline void
fp_fix_symbols_note_level(struct fp_fix_slot *slot, uint32_t mark, const struct fp_batch *batch)
{
	uint32_t last = batch->count - 1;
	struct fp_message *message;

	if (slot->level_idx >= mark && slot->level_idx < last) {
		message = &batch->messages[slot->level_idx];
		if (message->type == FP_MESSAGE_LEVEL_UPDATE &&
			message->instrument_id == slot->id && slot->key[0] != 0)
			message->level_update.flags = FP_LEVEL_F_PARTIAL;
	}
	slot->level_idx = last;
}

/**
 * Undo what the message that is decoded did to the tables.
 *
 * Every change left an Instrument message. Symbols that are new came after all others, so that
 * clearing their slots breaks no chain of probes.
 *
 * @param[in,out] table  As it was before fp_fix_symbols_begin(), afterwards.
 * @param[in]     batch  Not yet cut back.
 * @param[in]     mark   Where what the message decoded to begins.
 */
static inline void
fp_fix_symbols_undo(struct fp_fix_symbols *table, const struct fp_batch *batch, uint32_t mark)
{
	for (; table->count > table->count_before; table->count--)
		table->slots[table->slot_idxs[table->count - 1]] = (struct fp_fix_slot){ 0 };
	for (uint32_t i = mark; i < batch->count; i++) {
		const struct fp_message *message = &batch->messages[i];

		if (message->type == FP_MESSAGE_INSTRUMENT &&
			message->instrument_id <= table->count) {
			uint32_t slot_idx = table->slot_idxs[message->instrument_id - 1];

			table->slots[slot_idx].named = 0;
		}
	}
}

#endif /* FP_FIX_SYMBOLS_H */
