/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The lifetime engine: what its parts share.
 *
 *   lifetime.c   each function of a unit: its beginning, its end, its budget
 *   concern.c    which functions have to do with buffers
 *   walk.c       a function's blocks, with the states that reach them
 *   live.c       which variables matter from a block on
 *   matter.c     which values matter at all
 *   access.c     addresses of expressions, loads, stores
 *   element.c    arrays that a loop fills
 *   eval.c       values of expressions, and conditions
 *   position.c   pointers that walk over an array
 *   fate.c       what becomes of buffers: freed, sent, kept, moved
 *   call*.c      calls: by contract, followed, unknown; see call.h
 *   burst.c      arrays of buffers in calls
 *   held.c       arrays of events and operations in calls
 *   meant.c      buffers that pass through a void *
 *   prefix.c     functions that take, or fill, the first n of an array
 *   refill.c     tables of buffers that are filled again
 *   rebase.c     parts of arrays as arguments
 *   follow.c     calls into functions of the same unit
 *   duty.c       whose duty it is to give up what a function got
 *   diagnose.c   findings
 */

#ifndef FPCHECK_ENGINE_H
#define FPCHECK_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "../ir.h"
#include "../pointer_map.h"
#include "state.h"

/** How deep calls into functions of the unit are followed. */
#define ENGINE_MAX_DEPTH 5
/** Arguments of a call that are looked at. */
#define ENGINE_MAX_ARGS  24

struct live;
struct matter;
struct told;

/** A pointer that a move made stale, of which a finding spoke. */
struct told_move {
	struct place at;                    /**< Of the move. */
	const struct ir_function *function; /**< Where the pointer is used. */
	const char *name;                   /**< The pointer. */
	const struct told_move *next;
};

/** A function under way. */
struct frame {
	const struct ir_function *function;
	const struct live *live;
	const struct frame *caller; /**< NULL for the function that is analysed. */
	uint32_t depth;             /**< 0 for the function that is analysed. */
	struct place call_at;       /**< Of the call, with a caller. */
	bool is_in_loop;            /**< The block that runs may run again. */
};

/** A list of states, by state->next. */
struct states {
	struct state *first;
	struct state **last;
};

/** A state at the end of a function, and what is returned. */
struct leaving {
	struct state *state;
	struct value value;
	struct leaving *next;
};

struct engine {
	struct unit *unit;
	struct ir_cache *cache;
	struct region region; /**< Names, events, what is known of functions: all that stays. */
	/** By depth of the call: states that blocks keep, and states on their way through one. */
	struct region kept[ENGINE_MAX_DEPTH + 1];
	struct region passing[ENGINE_MAX_DEPTH + 1];
	struct pointer_map names;    /**< Expression to its text. */
	struct pointer_map concerns; /**< Function to whether it touches buffers; the unit's. */
	struct pointer_map derived;  /**< Expression to the field that stands for it. */
	struct pointer_map meant;    /**< Variable of type void * to whether it is for buffers. */
	struct region scratch;       /**< See struct state. */
	struct region_budget budget; /**< Of all these regions, for the function under way. */
	uint64_t steps;
	bool is_out_of_steps;
	bool is_out_of_memory;
	bool has_forced;                    /**< States were joined by force. */
	bool is_silent;                     /**< Nothing is reported. */
	const struct live *lives;           /**< Made already. */
	const struct matter *matter;        /**< Of the function that is analysed. */
	const struct told_move *told_moves; /**< In the unit. */
	const struct told *told;            /**< Findings of the function under way. */

	/*
	 * An access to an array whose cell may be the one meant or may not: evaluation cannot go on
	 * before the path is split on x against y.
	 */
	bool needs_split;
	struct number split_x;
	struct number split_y;
};

void states_init(struct states *states);
void states_add(struct states *states, struct state *state);

/* walk.c */

/**
 * Run a function from a state on.
 *
 * @return The states in which it is left; NULL when it never is.
 */
struct leaving *engine_walk(struct engine *engine, const struct frame *frame, struct state *entry);

/* concern.c */

/** True when the function, or one that it calls, has to do with buffers or views. */
bool engine_concerns(struct engine *engine, const struct ir_function *function);

/**
 * True for a small function of numbers whose answer says something of its arguments: what it
 * returns, or that it returns at all. An assertion is one, whose check would be lost otherwise.
 */
bool engine_judges(const struct ir_function *function);

/* live.c */

const struct live *live_of(struct engine *engine, const struct ir_function *function);

/** True when the variable may be read from the block's beginning on before it is written. */
bool live_at(const struct live *live, const struct ir_block *block, const struct ir_var *var);

/** True when the block lies on a cycle. */
bool live_is_in_loop(const struct live *live, const struct ir_block *block);

/* matter.c */

/** Look at a function and at those that it calls. */
const struct matter *matter_of(struct engine *engine, const struct ir_function *function);

/**
 * False for a variable or a member that nobody reads, or only to write it again: what it holds need
 * not be remembered.
 */
bool matter_at(const struct matter *matter, const struct address *at);

/* access.c */

/** Address of an lvalue; false when it is not known. Reads of pointers on the way are checked. */
bool engine_locate(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *expr, struct address *at);

/** Where a pointer value points; false when that is not known. */
bool engine_pointee(struct state *state, const struct value *pointer, struct address *at);

/** The value at an address, which is checked as a read by @p expr. */
struct value engine_load(struct engine *engine, const struct frame *frame, struct state *state,
	const struct address *at, const struct ir_expr *expr);

/** Ask for a split when a cell that matters may be the one at the address of @p expr, or not. */
bool engine_is_ambiguous(struct engine *engine, const struct state *state, const struct address *at,
	const struct ir_expr *expr);

/** Store; what is overwritten is checked for being the last hold of a buffer. */
void engine_store(struct engine *engine, const struct frame *frame, struct state *state,
	const struct address *at, struct value value, const struct ir_expr *expr,
	struct place place);

/** to = value for whole expressions, records included. */
void engine_assign(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *to, const struct ir_expr *value, struct place place);

/** The cell at @p at, made by what its type says when there is none: a lent buffer, a number. */
struct value engine_lazy(struct engine *engine, const struct frame *frame, struct state *state,
	const struct address *at, const struct ir_type *type, const struct ir_expr *expr);

/** True for an element of an array with an index that is no constant. */
bool engine_varies(const struct ir_expr *expr);

/* element.c */

/**
 * Store a value that a call gives. An element of an array that a loop fills is followed on one path
 * and let go on another: the one that is followed stands for any of them.
 */
void engine_set_element(struct engine *engine, const struct frame *frame, struct state *state,
	const struct address *at, struct value value, const struct ir_expr *to, struct place place,
	struct states *out);

/** The same for to = value, of an instruction of this frame. */
void engine_set_result(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *to, struct value value, struct place place, struct states *out);

/* eval.c */

struct value engine_eval(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *expr);

/** Go on where the condition is @p truth; false when it cannot be. */
bool engine_assume(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_expr *condition, bool truth);

/** Go on where the value is not 0 (is 0, without @p truth); false when it cannot be. */
bool engine_assume_value(struct state *state, const struct value *value, bool truth);

/** The value as a number: a new one when nothing is known of it. */
struct number
engine_number(struct state *state, const struct value *value, const struct ir_type *type);

/* position.c */

/** True when both values point into one array: then *x and *y are the indexes. */
bool positions_of(struct state *state, const struct value *a, const struct value *b,
	struct number *x, struct number *y);

/* fate.c */

void fate_use(struct engine *engine, const struct frame *frame, struct state *state,
	const struct value *value, struct place at, const char *name);
void fate_write(struct engine *engine, const struct frame *frame, struct state *state, uint32_t id,
	struct place at, const char *name);
void fate_free(struct engine *engine, const struct frame *frame, struct state *state, uint32_t id,
	struct place at, const char *name, const char *by, bool is_segment);
void fate_send(struct engine *engine, const struct frame *frame, struct state *state, uint32_t id,
	struct place at, const char *name, const char *by);
void fate_escape(struct state *state, const struct value *value);
void fate_move(struct state *state, uint32_t id, struct place at, const char *by);

/** A cell's object may have lost its last hold: it has leaked when nothing else holds it. */
void fate_lost(struct engine *engine, const struct frame *frame, struct state *state, uint32_t id,
	struct place at, const char *how);

/** Views and pointers of dead buffers that are in lasting memory are reported. */
void fate_kept(struct engine *engine, const struct frame *frame, struct state *state);

/** A cell is dropped, because the path can reach it no more: what it holds stays in it. */
void fate_dropped(struct engine *engine, const struct frame *frame, struct state *state,
	const struct cell *cell);

/** Lasting memory is written to: what was kept in a member of that name may be gone. */
void fate_overwritten(struct state *state, const struct address *at);

/** What is returned to a caller that is not looked at. */
void fate_return(struct engine *engine, const struct frame *frame, struct state *state,
	const struct value *value, struct place at);

/** End of the function that is analysed: what is owned and held by nobody outside has leaked. */
void fate_end(struct engine *engine, const struct frame *frame, struct state *state,
	const struct value *returned, const struct ir_block *block);

/** A buffer that the function put where its result says that nothing is. */
void fate_uncounted(struct engine *engine, const struct frame *frame, struct state *state,
	uint32_t id, struct place at);

/** Segments of a chain that became part of another one belong to that one's head. */
void fate_adopt(struct state *state, uint32_t from, uint32_t head);

/** A jump is taken: where buffers that nobody gives up later were left. */
void fate_jump(struct state *state, enum ir_jump jump, struct place at);

/** A variable ends: locals, parameters and temporaries. */
void fate_end_var(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_var *var, struct place at, bool is_jump);

/* call.c */

void engine_call(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_instr *instr, struct states *out);

/** The buffer that an argument is, is a view of, or points to a lease of; 0 for none. */
uint32_t engine_buffer_of(struct engine *engine, const struct frame *frame, struct state *state,
	const struct value *argument, const struct ir_expr *expr);

/* burst.c */

/** An array in a call. */
struct burst_call {
	const struct ir_instr *instr;
	const struct contract_param *param;
	uint32_t arg_idx;
	struct value array;
	struct number count;
	struct number result; /**< Of the call. */
	bool is_of_leases;    /**< And not of pointers to buffers. */
	bool has_offered;
	struct number offered; /**< How many elements it may take. */
};

/** One state for each answer to "which of the array's known elements are in [0, count)?". */
void burst_apply(struct engine *engine, const struct frame *frame, struct states *states,
	const struct burst_call *call);

/** The call took none of the array's elements in [0, count). */
void burst_refuse(struct state *state, const struct burst_call *call);

/* meant.c */

/** True when the function treats what is in the argument, a `void *` or an array of them, so. */
bool meant_is_buffer(
	struct engine *engine, const struct ir_function *function, const struct ir_expr *expr);

/* held.c */

/** True when the argument is an array of records, or of pointers to them, that are no buffers. */
bool held_is_array(const struct ir_expr *expr);

/** True when the cell holds a buffer of an element of the array: then *index is which. */
bool held_index(const struct state *state, const struct address *array, bool is_single,
	const struct cell *cell, struct number *index);

/** The element goes where the buffer goes: that it still points to it is nothing. */
void
held_release(struct state *state, const struct address *array, bool is_single, uint32_t object);

/** Events or operations came: with them, perhaps, buffers that went with others before. */
void held_return(struct state *state);

/* fate.c: what a contract's word does to one buffer. */
void fate_apply(struct engine *engine, const struct frame *frame, struct state *state,
	const struct contract_param *param, uint32_t id, struct place at, const char *name,
	const char *by);

/* refill.c */

/** A number beside a table of buffers, @p old or NULL before, is written: slots fill again. */
void refill_tables(struct state *state, const struct address *count, const struct cell *old,
	const struct value *value);

/* rebase.c */

/** A function is entered at @p depth: arrays of which it gets a part are numbered from there on. */
void rebase_begin(struct engine *engine, struct state *state, struct value *args,
	uint32_t arg_count, uint32_t depth);

/** It is left: as before. */
void rebase_end(struct engine *engine, struct state *state, struct value *result, uint32_t depth);

/* follow.c */

/**
 * Call a function of the unit: one state per way out of it, in @p out. @p args, of
 * at most ENGINE_MAX_ARGS arguments, is changed.
 */
void engine_follow(struct engine *engine, const struct frame *frame, struct state *state,
	const struct ir_instr *instr, const struct ir_function *function, struct value *args,
	struct states *out);

/* duty.c */

/** Remember a call's arguments until its end, when one of them is a buffer of this path's own. */
void duty_note(struct state *state, const struct value *args, uint32_t count, uint32_t depth,
	struct place place);
void duty_forget(struct state *state, uint32_t depth);

/** A leak of an argument that the caller could not know of is the callee's. */
void
duty_blame(const struct leaving *leavings, bool has_result, uint32_t depth, struct place call_at);

/** True when the function gives its buffer up in so many places that it is for that. */
bool
duty_may_be(struct engine *engine, const struct ir_function *function, const struct ir_var *buffer);

/**
 * Run a function as if it had been handed its buffers for good, and report ways out that forget
 * them. @p entry has the parameters, at depth 1, as @p args says.
 */
void duty_check(struct engine *engine, const struct ir_function *function, const struct frame *root,
	struct state *entry, const struct value *args);

/* prefix.c */

/** At the beginning of a function that takes the first `result` of array[0..count). */
void prefix_begin(struct state *state, const struct ir_var *array, const struct ir_var *count);

/** At the beginning of a function that fills the first `result` of an array. */
void prefix_begin_filled(struct state *state, const struct ir_var *array);

/** An element is read: a function that looks at what the caller put there does not fill it. */
void prefix_note_read(struct state *state, const struct address *at, const struct value *value);

/** At its end. */
void prefix_end_filled(struct engine *engine, const struct frame *frame, struct state *state,
	const struct value *result, const struct ir_block *block);

/** At the end of the one that takes them. */
void prefix_end(struct engine *engine, const struct frame *frame, struct state *state,
	const struct value *result, const struct ir_block *block);

/* diagnose.c */

void diagnose(struct engine *engine, const struct frame *frame, const struct state *state,
	enum finding_rule rule, const char *kind, struct place at, uint32_t object,
	const char *format, ...) __attribute__((format(printf, 8, 9)));

/** The function is done: what was found in it goes to the unit's findings. */
void diagnose_flush(struct engine *engine);

/** An lvalue as text, for messages: "pkts[i]", "m->next"; never NULL. */
const char *diagnose_name(struct engine *engine, const struct ir_expr *expr);

#endif /* FPCHECK_ENGINE_H */
