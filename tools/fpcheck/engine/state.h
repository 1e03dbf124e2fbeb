/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What the engine knows at a point of a path: which variables hold which buffers, what became of
 * each buffer, and what is known of numbers.
 *
 *   cell     an address and the value that is there; an address without a cell holds "unknown"
 *   address  a root (a variable, a buffer's mbuf, a buffer's data, what an unknown pointer points
 *            to) and steps from there: fields and indexes
 *   value    a number, a buffer, a view of a buffer, an address
 *   object   a buffer: which fates are possible, what happened to it
 *
 * States of one block that agree on cells and objects, but for numbers, are joined: then a block
 * has as many states as there are different fates, however many paths lead there.
 */

#ifndef FPCHECK_STATE_H
#define FPCHECK_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "../ir.h"
#include "number.h"

#define ADDRESS_MAX_STEPS 6

struct step {
	const char *field; /**< NULL: an index. */
	struct number index;
};

enum root {
	ROOT_VAR,     /**< var, in the call of the given depth */
	ROOT_OBJECT,  /**< the struct that a buffer pointer points to */
	ROOT_DATA,    /**< the bytes of a buffer */
	ROOT_POINTEE, /**< what the unknown pointer of symbol `id` points to */
};

struct address {
	enum root root;
	uint32_t id; /**< Object or symbol. */
	const struct ir_var *var;
	uint32_t depth;
	uint32_t step_count;
	struct step steps[ADDRESS_MAX_STEPS];
};

enum value_kind {
	VALUE_UNKNOWN,
	VALUE_NUMBER, /**< Pointers of which only nullness matters, too. */
	VALUE_OBJECT, /**< A pointer to a buffer, or a lease of one. */
	VALUE_VIEW,   /**< A pointer into a buffer's data, or a view of it. */
	VALUE_ADDRESS,
};

struct value {
	enum value_kind kind;
	uint32_t object;      /**< OBJECT, VIEW. */
	bool is_stale;        /**< VIEW: the data moved since. */
	bool is_number;       /**< VIEW: the address as a number, as devices get it. */
	struct number number; /**< NUMBER. */
	const struct address *address;
};

struct cell {
	struct address at;
	struct value value;
	struct place written; /**< Where the value was stored. */
	bool is_lasting;      /**< Stored by the path, in a static or what a parameter points to. */
};

/** Fates; more than one bit when paths were joined by force. */
#define FATE_BORROWED (1U << 0) /**< Somebody else's, alive. */
#define FATE_OWNED    (1U << 1) /**< This path must give it up. */
#define FATE_FREED    (1U << 2)
#define FATE_SENT     (1U << 3) /**< Given to a port, a ring, a callee. */
#define FATE_ESCAPED  (1U << 4) /**< Alive, and who owns it is not known. */
#define FATE_JOINED   (1U << 5) /**< A segment of `parent`, freed with it. */
#define FATE_DEAD     (FATE_FREED | FATE_SENT)

enum event_kind {
	EVENT_GRANTED,
	EVENT_BORROWED,
	EVENT_FREED,
	EVENT_SENT,
	EVENT_REFUSED,
	EVENT_MOVED,
	EVENT_SHARED,
	EVENT_KEPT,
	EVENT_REPLACED,
};

/** A call of a function of the unit that is being followed, or was. */
struct call_id {
	const struct call_id *caller; /**< NULL for one made by the function that is analysed. */
	struct place at;
	const char *from; /**< Name of the function that calls. */
	bool gets_dead;   /**< An argument is a buffer, or points into one, that is gone. */
};

/** What happened to a buffer, newest first. */
struct event {
	enum event_kind kind;
	struct place at;
	const char *by;             /**< The function called; NULL. */
	const struct call_id *call; /**< In which call; NULL: in none. */
	const struct event *before;
};

/** How often the buffer must be given up is not known: giving it up once more is never wrong. */
#define REFERENCES_UNKNOWN INT32_MAX

struct object {
	uint32_t fate;      /**< FATE_*; 0 for an object that is no more. */
	uint32_t parent;    /**< The chain that it is in, or the buffer that it is a clone of; 0. */
	int32_t references; /**< More than the one that every buffer has. */
	uint8_t depth;      /**< How many `next` away from one that the path was given. */
	bool may_be_null;
	bool is_shared;        /**< Its data has another owner, too. */
	bool is_shared_widely; /**< More than one other: one of them gone changes nothing. */
	bool must_release;     /**< Held by the caller's variable, but this function's duty. */
	bool is_scoped;        /**< An annotated view parameter: not to be kept. */
	bool is_argument;      /**< The caller handed it in: two of them are two buffers. */
	bool is_view_only; /**< Stands for memory that only views are of: an arena, a parameter. */
	const char *name;  /**< For messages. */
	const char *read_as; /**< The expression that last read it out of an array; NULL. */
	const struct event *trail;
	struct place blame; /**< Where a leak found later really happened; line 0: nowhere yet. */
	struct place left;  /**< Where the function followed last ended with it. */
	bool is_blame_firm; /**< The blame is a jump's, and not only a call's that refused. */
	/** The path stored a pointer of it here, in lasting memory that it can reach no more. */
	struct place kept;
	const char *kept_field; /**< The member. */
	bool is_touched;        /**< Looked at since the loop began anew. */
	bool is_carried;        /**< A device has it with an event or operation. */
	bool is_placed;         /**< The path put it into an array or a struct itself. */
};

/** Numbers that the function compares with: bounds that grow stop there before they are dropped. */
struct thresholds {
	const int64_t *values; /**< Ascending. */
	uint32_t count;
};

/** How a join treats bounds that grew. */
enum widening {
	WIDEN_NOT,
	WIDEN_TO_THRESHOLD,
	WIDEN_AWAY, /**< They are dropped: the loop has to come to an end. */
};

struct state {
	struct region *region;
	struct region *trails;  /**< For events, which outlive states. */
	struct region *scratch; /**< For what no state keeps; cleared at each arrival in a block. */
	struct thresholds thresholds;
	const struct cell **cells;
	uint32_t cell_count;
	uint32_t cell_cap;
	struct object *objects; /**< [1..object_count) */
	uint32_t object_count;
	uint32_t object_cap;
	struct facts *facts;
	const struct call_id *call; /**< The call under way; NULL. */
	bool is_widened; /**< Bounds were dropped on the way here, so that a loop came to an end. */
	bool is_guess;   /**< Joined by force on the way here: nothing is certain any more. */
	bool owns_facts;
	struct state *next; /**< For lists of states. */
};

struct state *state_create(struct region *region, struct region *scratch, struct region *trails);

/** A state that is to be normalized into another region: then nothing of it is in the old one. */
struct state *state_keep(const struct state *state, struct region *region);

/** A copy; facts are shared until one of both changes them. */
struct state *state_copy(struct state *state);
struct state *state_copy_to(struct state *state, struct region *region);

/** The facts, to be changed. */
struct facts *state_facts(struct state *state);

/** Assume a relation; false when the path is not possible. */
bool state_assume(struct state *state, struct number x, enum relation relation, struct number y);

struct number state_new_symbol(struct state *state);

struct address address_of_var(const struct ir_var *var, uint32_t depth);
struct address address_of_root(enum root root, uint32_t id);

/** Append a step; false when the address would get too long. */
bool address_add_field(struct address *address, const char *field);
bool address_add_index(struct address *address, struct number index);

/** 1 the same place, 0 not, -1 not known: *x and *y are then the indexes to compare. */
int address_match(const struct state *state, const struct address *a, const struct address *b,
	struct number *x, struct number *y);

/** True when b is a, or a part of it; indexes that may be equal count as equal. */
bool address_covers(const struct state *state, const struct address *a, const struct address *b);

/** The same but for indexes. */
bool address_is_like(const struct address *a, const struct address *b);

bool address_has_root(const struct address *a, const struct address *b);

/** Memory that outlives the function: globals, statics, what pointers point to. */
bool address_is_lasting(const struct address *address);

struct value value_unknown(void);
struct value value_number(struct number number);
struct value value_object(uint32_t object);
struct value value_view(uint32_t object);
struct value value_address(struct state *state, const struct address *address);

/** The cell at exactly this address; NULL. */
const struct cell *state_cell(const struct state *state, const struct address *at);

/** Set a cell; an unknown value removes it. Nothing else changes. */
void
state_set(struct state *state, const struct address *at, struct value value, struct place written);

/** Remove every cell at or below an address, and those that may be. */
void state_forget(struct state *state, const struct address *at);

/** Remove a cell by number. */
void state_remove_cell(struct state *state, uint32_t idx);

uint32_t state_new_object(struct state *state, uint32_t fate, const char *name);
void state_event(struct state *state, uint32_t object, enum event_kind kind, struct place at,
	const char *by);

/** True when a cell (beside the one numbered @p except) holds the object itself. */
bool state_holds(const struct state *state, uint32_t object, uint32_t except);

/** The object turned out to be NULL: cells that hold it hold 0. */
void state_nullify(struct state *state, uint32_t object);

/** A cell that nothing leads to is about to be dropped. */
typedef void (*state_drop_fn)(struct state *state, const struct cell *cell, void *context);

/** Give numbers that are equal one symbol. */
void state_fold(struct state *state);

/** Drop what is known and of no use. */
void state_drop_idle(struct state *state);

/** Drop what nothing leads to, and number symbols and objects anew. @p on_drop may be NULL. */
void state_normalize(struct state *state, state_drop_fn on_drop, void *context);

/** Whether what the cell at exactly this address holds stays there after the function. */
void state_mark_lasting(struct state *state, const struct address *at, bool is_lasting);

/** A number that is the same for states that could be joined. */
uint64_t state_key(const struct state *state);

/**
 * Join two normalized states.
 *
 * @param[out] changed The result knows less than @p old did.
 * @return The join; NULL when they differ in more than numbers.
 */
struct state *state_join(
	const struct state *old, const struct state *other, enum widening widening, bool *changed);

/** Join two states that differ in what they hold: what differs becomes unknown. */
struct state *state_join_by_force(const struct state *a, const struct state *b);

/** For people who mend the engine. */
void state_print(FILE *out, const struct state *state);

#endif /* FPCHECK_STATE_H */
