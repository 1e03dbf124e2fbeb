/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * One call, as its parts see it. Private to call*.c.
 *
 *   call.c            which way a call goes: by contract, followed, unknown
 *   call_condition.c  what depends on the result
 *   call_argument.c   what becomes of the arguments
 *   call_result.c     what is returned
 *   call_unknown.c    functions of which nothing is known
 */

#ifndef CALL_H
#define CALL_H

#include "engine.h"

/** A call looks at its arguments before it gives them away, and stores what it makes last. */
enum call_phase {
	PHASE_LOOK,
	PHASE_GIVE,
	PHASE_STORE
};

/** A call under way. */
struct call {
	struct engine *engine;
	const struct frame *frame;
	const struct ir_instr *instr;
	const struct contract *contract; /**< NULL: nothing is known of the function. */
	struct value args[ENGINE_MAX_ARGS];
	uint32_t arg_count;
	struct number result; /**< Of pointers: 0 for NULL. */
	bool is_null_known;   /**< The states are split on the result's being NULL. */
};

/** True for a struct that the tables say is a buffer, a lease, a view. */
static inline bool
call_has_meaning(const struct ir_type *type, enum contract_type meaning)
{
	return type != NULL && type->kind == IR_TYPE_RECORD && type->meaning == meaning;
}

/** What the argument points to, behind casts to `void *`; NULL when it is no pointer. */
const struct ir_type *call_pointed_type(const struct ir_expr *expr);

/** True for an argument whose parameter, or cast, points to const. */
bool call_is_const_pointer(const struct ir_expr *expr);

/* call_condition.c */

/** The condition on the result: 1 it holds, 0 not, -1 not known. */
int
call_condition_holds(const struct call *call, const struct state *state, enum contract_when when);

/** Split the states on a condition, unless they know it already. */
void call_split_on(const struct call *call, struct states *states, enum contract_when when);

/* call_argument.c */

/** When a call does what the word says. */
enum call_phase call_phase_of(enum contract_effect effect);

/** Do to argument @p idx what the contract says of it. */
void call_apply_param(struct call *call, struct states *states, uint32_t idx);

/* call_result.c */

/** Make the number that is returned, with what the contract says of it. */
void call_begin_result(struct call *call, struct states *states);

bool call_is_pointer_result(enum contract_result result);

/** True when the result says how many of an array were taken or filled. */
bool call_has_prefix(const struct contract *contract);

/** The pointer, or the lease, that is returned. */
struct value call_pointer_result(struct call *call, struct state *state);

/* call_unknown.c */

/** A function of which nothing is known got argument @p idx. */
void call_give_unknown(struct call *call, struct state *state, uint32_t idx);

/** What a function of which nothing is known returns. */
struct value call_unknown_result(struct call *call, struct state *state);

/** The whole call of such a function. */
void call_unknown(struct call *call, struct state *state, struct states *out);

#endif /* CALL_H */
