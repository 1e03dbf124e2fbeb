/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Symbols of an IEX channel and the instrument ids that they get, in order of first appearance.
 *
 * A symbol is named, with an Instrument message, before the first message about it in a session;
 * after a restart of the session every symbol is named again, for readers that joined since. Ids
 * belong to symbols and survive restarts. What a datagram changed is undone when it is rejected.
 *
 * Private to the driver, included by its one .c file.
 */

#ifndef FP_IEX_SYMBOLS_H
#define FP_IEX_SYMBOLS_H

#include "fp_batch.h"
#include "fp_iex.h"
#include "fp_iex_wire.h"

/** What a message says of its symbol. */
struct fp_iex_naming {
	uint64_t key;     /**< Its characters. */
	uint64_t time_ns; /**< Of the message [ns since 1970, UTC]. */
	uint32_t lot;     /**< Round lot, if the message has one [units]. */
	bool has_lot;     /**< It has. */
};

/** Slots for @p max symbols: a power of two, twice as many at least. */
static inline uint64_t
fp_iex_slots_count(uint32_t max)
{
	uint64_t count = 2;

	while (count < 2 * (uint64_t)max)
		count *= 2;
	return count;
}

/** Bytes of arena that the tables for @p max symbols take at most. */
static inline uint64_t
fp_iex_symbols_bytes(uint32_t max)
{
	return fp_arena_array_bytes(
		       fp_iex_slots_count(max), sizeof(struct fp_iex_slot), FP_CACHE_LINE_BYTES) +
		fp_arena_array_bytes(max, sizeof(struct fp_iex_symbol), FP_CACHE_LINE_BYTES);
}

/** Make empty tables for @p max symbols [1..FP_IEX_INSTRUMENTS_MAX]; 0, or -ENOMEM. */
FP_MUST_CHECK static FP_COLD int
fp_iex_symbols_init(struct fp_iex_symbols *table, struct fp_arena *arena, uint32_t max)
{
	uint64_t count = fp_iex_slots_count(max);

	table->slots = fp_arena_array(arena, count, sizeof(*table->slots), FP_CACHE_LINE_BYTES);
	table->symbols = fp_arena_array(arena, max, sizeof(*table->symbols), FP_CACHE_LINE_BYTES);
	if (table->slots == NULL || table->symbols == NULL)
		return -ENOMEM;
	table->mask = (uint32_t)(count - 1);
	table->shift = 64 - (uint32_t)__builtin_ctzll(count);
	table->max = max;
	return 0;
}

/** Begin a datagram of the channel's session number @p session [1..]. */
static inline void
fp_iex_symbols_begin(struct fp_iex_symbols *table, uint32_t session)
{
	table->session = session;
	table->count_before = table->count;
	table->datagram++;
}

/** True when @p key is 1 to 8 printable characters, then spaces. */
static FP_COLD bool
fp_iex_symbol_is_valid(uint64_t key)
{
	uint32_t len = 0;

	while (len < 8 && (key & 0xff) > ' ' && (key & 0xff) < 0x7f) {
		key >>= 8;
		len++;
	}
	return len != 0 && (len == 8 || key == UINT64_C(0x2020202020202020) >> (8 * len));
}

/** The slot that has @p key, or the free one where it would go. */
static inline struct fp_iex_slot *
fp_iex_symbols_find(const struct fp_iex_symbols *table, uint64_t key)
{
	uint32_t slot_idx = (uint32_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> table->shift);

	while (table->slots[slot_idx].key != key && table->slots[slot_idx].key != 0)
		slot_idx = (slot_idx + 1) & table->mask;
	return &table->slots[slot_idx];
}

/** Append the Instrument message of a symbol that is in the table. */
static inline void
fp_iex_symbols_announce(
	const struct fp_iex_slot *slot, uint32_t lot, uint64_t time_ns, struct fp_batch *batch)
{
	struct fp_message *message = fp_batch_next(batch);
	char *text = message->instrument.symbol.text;

	*message = (struct fp_message){
		.len = FP_MESSAGE_LEN(instrument),
		.type = FP_MESSAGE_INSTRUMENT,
		.instrument_id = slot->id,
		.time_ns = time_ns,
		.instrument = { .lot = lot, .price_decimals = FP_IEX_PRICE_DECIMALS },
	};
	fp_store_le64(text, slot->key);
	for (uint32_t len = 8; text[len - 1] == ' '; len--)
		text[len - 1] = '\0';
}

/**
 * Give a symbol its id if it has none, and name it in this session.
 *
 * @param[in,out] table   The channel's.
 * @param[in,out] slot    As fp_iex_symbols_find() returned it for the key.
 * @param[in]     naming  What the message says.
 * @param[in,out] batch   An Instrument message is appended.
 * @return The id; max + 1 when the table is full (books refuse it and count); 0 when the characters
 *         are no symbol.
 */
static FP_COLD uint32_t
fp_iex_symbols_name(struct fp_iex_symbols *table, struct fp_iex_slot *slot,
	const struct fp_iex_naming *naming, struct fp_batch *batch)
{
	struct fp_iex_symbol *symbol;

	if (slot->key == 0) {
		if (!fp_iex_symbol_is_valid(naming->key))
			return 0;
		if (table->count == table->max)
			return table->max + 1;
		slot->key = naming->key;
		slot->id = ++table->count;
		slot->named = 0;
		table->symbols[slot->id - 1] =
			(struct fp_iex_symbol){ .slot_idx = (uint32_t)(slot - table->slots) };
	}
	symbol = &table->symbols[slot->id - 1];
	if (symbol->datagram != table->datagram) {
		symbol->datagram = table->datagram;
		symbol->lot_before = symbol->lot;
		symbol->named_before = slot->named;
	}
	if (naming->has_lot)
		symbol->lot = naming->lot;
	slot->named = table->session;
	fp_iex_symbols_announce(slot, symbol->lot, naming->time_ns, batch);
	return slot->id;
}

/** The id of the symbol @p key, which is named first if need be; 0 when it is no symbol. */
static inline uint32_t
fp_iex_symbols_id(
	struct fp_iex_symbols *table, uint64_t key, uint64_t time_ns, struct fp_batch *batch)
{
	struct fp_iex_slot *slot = fp_iex_symbols_find(table, key);
	struct fp_iex_naming naming;

	if (FP_LIKELY(slot->named == table->session))
		return slot->id;
	naming = (struct fp_iex_naming){ .key = key, .time_ns = time_ns };
	return fp_iex_symbols_name(table, slot, &naming, batch);
}

/** The same for a message that gives the lot: the symbol is named again when the lot changed. */
static inline uint32_t
fp_iex_symbols_set_lot(
	struct fp_iex_symbols *table, const struct fp_iex_naming *naming, struct fp_batch *batch)
{
	struct fp_iex_slot *slot = fp_iex_symbols_find(table, naming->key);

	if (slot->named == table->session && table->symbols[slot->id - 1].lot == naming->lot)
		return slot->id;
	return fp_iex_symbols_name(table, slot, naming, batch);
}

/**
 * Undo what the datagram that is decoded did to the tables.
 *
 * Every change left an Instrument message. Symbols that are new came after all others, so that
 * clearing their slots breaks no chain of probes.
 *
 * @param[in,out] table  As it was before fp_iex_symbols_begin(), afterwards.
 * @param[in]     batch  Not yet cut back.
 * @param[in]     mark   Where the messages of the datagram begin.
 */
static FP_COLD void
fp_iex_symbols_undo(struct fp_iex_symbols *table, const struct fp_batch *batch, uint32_t mark)
{
	for (; table->count > table->count_before; table->count--)
		table->slots[table->symbols[table->count - 1].slot_idx] = (struct fp_iex_slot){ 0 };
	for (uint32_t i = mark; i < batch->count; i++) {
		const struct fp_message *message = &batch->messages[i];
		struct fp_iex_symbol *symbol;

		if (message->type != FP_MESSAGE_INSTRUMENT || message->instrument_id > table->count)
			continue;
		symbol = &table->symbols[message->instrument_id - 1];
		symbol->lot = symbol->lot_before;
		table->slots[symbol->slot_idx].named = symbol->named_before;
	}
}

#endif /* FP_IEX_SYMBOLS_H */
