/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What the parts of the lowering share: the function under construction.
 *
 *   lower_function.c  the cache, functions, variables
 *   lower_graph.c     blocks, instructions and edges; what is made of them in the end
 *   lower_scope.c     which variables live where; goto and labels
 *   lower_stmt.c      statements; lower_loop.c, lower_switch.c, lower_asm.c those of their own
 *   lower_expr.c      expressions; lower_assign.c, lower_call.c, lower_cond.c, lower_init.c,
 *                     lower_hidden.c (what libclang has no name for), lower_const.c their own
 *   lower_value.c     making and storing values
 *   lower_order.c     values that were read before a later side effect changed them
 *   ir_types.c        types; ir_contract.c annotations
 *
 * While it is built, a function has a current block: instructions go to its end. After a jump the
 * current block is one that nothing leads to; it is dropped in the end unless a label leads there.
 */

#ifndef FPCHECK_LOWER_H
#define FPCHECK_LOWER_H

#include "ir.h"
#include "pointer_map.h"

/** Levels of statements and of expressions that are followed; clang's own bound is on brackets. */
#define LOWER_MAX_DEPTH 3000U

/** Of a chain a + b + c ..., so many operands stand in one tree. */
#define LOWER_MAX_CHAIN 256U

/** A member of a struct or union, in the order of declaration. */
struct record_field {
	const char *name; /**< "" for an anonymous struct or union. */
	CXType type;
};

struct record_shape {
	struct record_field *fields; /**< Shape [count]; unnamed bit-fields are not among them. */
	uint32_t count;
	bool is_union;
};

/** What is known about a function that is called. */
struct callee_facts {
	const char *name;
	bool is_noreturn;
	bool is_twice; /**< It returns twice, as setjmp() does. */
	bool is_contract_known;
	const struct contract *contract; /**< Of its annotations; NULL when it has none. */
};

/** An error of the parser. */
struct parse_error {
	CXFile file;
	unsigned offset;
	struct parse_error *next;
};

struct ir_cache {
	struct unit *unit;
	struct region *region;        /**< The unit's. */
	struct pointer_map types;     /**< CXType to struct ir_type. */
	struct pointer_map pointers;  /**< Pointed-to type to pointer, for array parameters. */
	struct pointer_map shapes;    /**< Declaration to struct record_shape. */
	struct pointer_map globals;   /**< Declaration to struct ir_var: GLOBAL, STATIC. */
	struct pointer_map functions; /**< Definition to struct ir_function. */
	struct pointer_map callees;   /**< Declaration to struct callee_facts. */
	struct parse_error *errors;
	bool is_errors_known;
};

/** A block under construction; `block` is first, so that a pointer to one is one to the other. */
struct draft {
	struct ir_block block;
	uint32_t instr_cap;
	uint32_t edge_cap;
	uint32_t in_count;   /**< Edges that lead here so far. */
	uint32_t pred_count; /**< Those of them that can be reached; made at the end. */
	bool is_closed;      /**< Its end is set. */
	bool is_reached;
	bool is_ordered;
	bool is_threading;
	struct draft *after_loop; /**< Of a loop's first blocks: what is behind the loop; NULL. */
	struct draft *next;       /**< In order of creation. */
};

/** A local variable that lives, and those that began before it: an outer scope shares the tail. */
struct live {
	struct ir_var *var;
	const char *cleanup; /**< Function of __attribute__((cleanup)); NULL. */
	CXCursor cleanup_target;
	const struct live *outer;
	uint32_t depth; /**< Of this entry, from 1. */
};

/** Where break and continue lead. */
struct jump_target {
	struct draft *to_break;
	struct draft *to_continue; /**< NULL in a switch. */
	const struct live *live;   /**< What lives there. */
	struct jump_target *outer;
};

struct switch_case {
	struct ir_case range;
	struct draft *to;
	const struct live *live;
};

/** The innermost switch. */
struct switch_context {
	struct switch_case *cases;
	uint32_t count;
	uint32_t cap;
	struct draft *to_default;
	const struct live *default_live;
	struct switch_context *outer;
};

struct label {
	struct draft *block;
	const struct live *live;
	bool is_placed;
	bool is_used;
	struct label *next;
};

/** A goto whose label may not have been met yet. */
struct pending_goto {
	struct draft
		*from; /**< Open: the ends of variables and the jump are still to be put there. */
	struct label *label;
	const struct live *live;
	struct place at;
	struct pending_goto *next;
};

struct lowering {
	struct ir_cache *cache;
	struct unit *unit;
	struct region *region;
	struct ir_function *function;
	struct draft *first; /**< All blocks, in order of creation. */
	struct draft *last;
	struct draft *current;
	uint32_t var_cap;
	struct pointer_map vars;   /**< Declaration to struct ir_var: LOCAL and PARAM. */
	struct pointer_map labels; /**< Statement to struct label. */
	struct label *all_labels;
	struct pending_goto *gotos;
	const struct live *live;
	struct jump_target *targets;
	struct switch_context *switches;
	CXCursor *children; /**< A stack of children of the nodes being lowered. */
	uint32_t child_count;
	uint32_t child_cap;
	uint32_t depth;
	bool has_hidden_asm; /**< asm out of a macro: whether it jumps cannot be seen. */
};

/** Children of a node: [first, first + count) of the stack of children. */
struct children {
	uint32_t first;
	uint32_t count;
};

/* lower_function.c */
struct ir_var *lower_var(struct lowering *low, CXCursor declaration);
struct ir_var *lower_temp(struct lowering *low, const struct ir_type *type, struct place at);
void lower_give_up(struct lowering *low, const char *why);
struct children lower_children(struct lowering *low, CXCursor parent);
CXCursor lower_child(const struct lowering *low, struct children children, uint32_t i);
void lower_drop_children(struct lowering *low, struct children children);
void lower_push_child(struct lowering *low, CXCursor cursor);
const struct ir_type *lower_type(struct lowering *low, CXCursor cursor);

/* lower_graph.c */
struct draft *lower_new_block(struct lowering *low);
struct ir_instr *lower_instr(struct lowering *low, enum ir_instr_kind kind, struct place at);
struct ir_instr *
lower_insert(struct lowering *low, struct draft *draft, uint32_t idx, enum ir_instr_kind kind);
struct ir_edge *lower_edge(struct lowering *low, struct draft *from, struct draft *to,
	enum ir_jump jump, struct place at);
void lower_jump(struct lowering *low, struct draft *to, enum ir_jump jump, struct place at);
void lower_branch(struct lowering *low, struct ir_expr *value, struct draft *yes, struct draft *no);
void lower_stop(struct lowering *low, enum ir_end end, struct place at);
void lower_start(struct lowering *low, struct draft *block);
void lower_finish_graph(struct lowering *low);

/* lower_scope.c */
void lower_begin_var(struct lowering *low, struct ir_var *var, CXCursor declaration);
void lower_end_vars(struct lowering *low, const struct live *until, struct place at);
void lower_leave(struct lowering *low, const struct live *until, struct place at);
void lower_enter_vars(
	struct lowering *low, const struct live *from, const struct live *to, struct place at);
void lower_goto(struct lowering *low, CXCursor statement);
void lower_label(struct lowering *low, CXCursor statement);
void lower_resolve_gotos(struct lowering *low);
const struct live *lower_common(const struct live *a, const struct live *b);

/* lower_stmt.c, lower_loop.c, lower_switch.c, lower_asm.c */
void lower_statement(struct lowering *low, CXCursor statement);
void
lower_compound(struct lowering *low, CXCursor compound, struct ir_expr *to, struct ir_expr **value);
struct place lower_end_of(struct lowering *low, CXCursor cursor);
void lower_while(struct lowering *low, CXCursor statement);
void lower_do(struct lowering *low, CXCursor statement);
void lower_for(struct lowering *low, CXCursor statement);
void lower_switch(struct lowering *low, CXCursor statement);
void lower_case(struct lowering *low, CXCursor label);
void lower_asm(struct lowering *low, CXCursor statement);

/* lower_expr.c: a value, never NULL; what it does besides is put into the current block first. */
struct ir_expr *lower_expr(struct lowering *low, CXCursor cursor);
/** As lower_expr(), of something that has an address: a compound literal becomes a variable. */
struct ir_expr *lower_object(struct lowering *low, CXCursor cursor);
/** For what it does only. */
void lower_effect(struct lowering *low, CXCursor cursor);
/** Store the value; a call's result goes there without a temporary. */
void lower_to(struct lowering *low, CXCursor cursor, struct ir_expr *to, struct place at);
/** True when lower_to() stores the value without a temporary: a call, a statement expression. */
bool lower_is_direct(struct lowering *low, CXCursor cursor, const struct ir_type *type);
CXCursor lower_strip_parens(CXCursor cursor);
/** The only child of a cursor, or its last one; the null cursor when there is none. */
CXCursor lower_last_child(CXCursor cursor);
struct ir_expr *lower_new(
	struct lowering *low, enum ir_expr_kind kind, const struct ir_type *type, struct place at);
struct ir_expr *lower_new_var(struct lowering *low, struct ir_var *var, struct place at);
struct ir_expr *lower_copy(struct lowering *low, const struct ir_expr *expr);
struct ir_expr *lower_address(
	struct lowering *low, struct ir_expr *object, const struct ir_type *type, struct place at);
struct ir_expr *lower_deref(
	struct lowering *low, struct ir_expr *pointer, const struct ir_type *type, struct place at);
struct ir_expr *lower_unknown(struct lowering *low, CXCursor cursor);
void lower_add_part(struct lowering *low, struct ir_expr *expr, struct ir_expr *part);
void lower_assign(struct lowering *low, struct ir_expr *to, struct ir_expr *value, struct place at);
void lower_eval(struct lowering *low, struct ir_expr *value);
struct ir_expr *lower_in_temp(struct lowering *low, struct ir_expr *value);
bool lower_is_lvalue(const struct ir_expr *expr);

/* lower_assign.c: the value is the one that C says. */
/** ++ and --; with true @p is_unused no value is kept from before. */
struct ir_expr *lower_step(struct lowering *low, CXCursor cursor, bool is_unused);
struct ir_expr *lower_assignment(struct lowering *low, CXCursor cursor);
struct ir_expr *lower_compound_assignment(struct lowering *low, CXCursor cursor);

/* lower_hidden.c, lower_call.c, lower_init.c */
/** What libclang calls UnexposedExpr: implicit casts, and much that is rare. */
struct ir_expr *lower_hidden(struct lowering *low, CXCursor cursor);
/** The expression below an implicit cast; the null cursor when it is none. */
CXCursor lower_implicit_operand(CXCursor cursor);
CXCursor lower_generic_choice(struct lowering *low, CXCursor cursor);
/** Not 0, as 0 or 1. */
struct ir_expr *lower_as_truth(struct lowering *low, struct ir_expr *value);
/** A value as C converts it where the types differ without a word in the source. */
struct ir_expr *
lower_convert(struct lowering *low, struct ir_expr *value, const struct ir_type *type);
/** A call; NULL @p to and true @p is_unused when nobody reads its result. */
struct ir_expr *
lower_call(struct lowering *low, CXCursor cursor, struct ir_expr *to, bool is_unused);
/** True for a call that becomes an instruction: not for builtins that are seen through. */
bool lower_is_call(CXCursor cursor);
/** The first argument of __builtin_expect() and its like; the null cursor for other calls. */
CXCursor lower_expected(CXCursor cursor);
struct ir_expr *lower_init(struct lowering *low, CXCursor cursor, CXType type);

/* lower_cond.c */
void lower_cond(struct lowering *low, CXCursor cursor, struct draft *yes, struct draft *no);
/** &&, || or ! of them as a value: 1 or 0 in a temporary. */
struct ir_expr *lower_truth(struct lowering *low, CXCursor cursor);
/** c ? a : b; with true @p is_unused for what it does only. */
struct ir_expr *lower_choice(struct lowering *low, CXCursor cursor, bool is_unused);
/** GNU's a ?: b. */
struct ir_expr *lower_elvis(struct lowering *low, CXCursor cursor, CXCursor first, CXCursor second);

/* lower_const.c */
bool lower_evaluate(CXCursor cursor, int64_t *value);
struct ir_expr *
lower_constant(struct lowering *low, int64_t value, const struct ir_type *type, struct place at);
struct ir_expr *lower_unary(struct lowering *low, enum ir_op op, struct ir_expr *a,
	const struct ir_type *type, struct place at);
struct ir_expr *lower_binary(struct lowering *low, enum ir_op op, struct ir_expr *a,
	struct ir_expr *b, const struct ir_type *type, struct place at);
int64_t lower_fit(int64_t value, const struct ir_type *type);
enum ir_op lower_op(enum CXBinaryOperatorKind kind);

/* lower_order.c */
/** A place in the instructions made so far. */
struct moment {
	struct draft *draft;
	struct draft *newest;
	uint32_t instr_count;
};
struct moment lower_now(const struct lowering *low);
/** When instructions since then change a variable that @p value reads, keep its value from then. */
void lower_keep(struct lowering *low, struct moment then, struct ir_expr **value);
/** As lower_keep(), for what an lvalue reads to find its place. */
void lower_keep_object(struct lowering *low, struct moment then, struct ir_expr *object);
/** The variable that an lvalue is a part of; NULL when it is reached by a pointer. */
struct ir_var *lower_root(const struct ir_expr *lvalue);

/* ir_types.c, ir_contract.c */
const struct ir_type *ir_type_int(void);
const struct ir_type *ir_type_void(void);
/** What a parameter declared as an array of @p to is. */
const struct ir_type *ir_type_pointer_to(struct ir_cache *cache, const struct ir_type *to);
const struct record_shape *ir_shape_of(struct ir_cache *cache, CXType type);
const struct callee_facts *ir_callee_of(struct ir_cache *cache, CXCursor declaration);
uint32_t ir_notes_of(struct ir_cache *cache, CXCursor parameter);
/** Function of the declaration's __attribute__((cleanup)); NULL when it has none. */
const char *ir_cleanup_of(struct ir_cache *cache, CXCursor declaration);

/* lower_index.c */
/** Set ir_var.walks and is_count in a function that is complete. */
void lower_mark_indexes(struct region *region, struct ir_function *function);

/* ir_check.c */
/** What is wrong with the function as ir.h describes it; NULL for nothing. */
const char *ir_check(const struct ir_function *function);

#endif /* FPCHECK_LOWER_H */
