/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * A function as the lifetime engine sees it: a graph of simple instructions.
 *
 * lower_*.c makes it of clang's tree. Whatever C hides in expressions stands here in the open:
 *
 *   - &&, ||, ?:, !, statement expressions and switch become blocks and edges;
 *   - calls, assignments, ++ and -- become instructions of their own, in the order of C, with the
 *     values that they leave in temporaries: an expression (struct ir_expr) only reads;
 *   - a variable's end of scope is an instruction, on every way out of the scope;
 *   - an edge says how the source left: by falling through, or by which jump at which place.
 *
 * Expressions are trees, shared by nobody. Everything lives in the unit's region.
 */

#ifndef FPCHECK_IR_H
#define FPCHECK_IR_H

#include <clang-c/Index.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "contract.h"
#include "finding.h"
#include "unit.h"

enum ir_type_kind {
	IR_TYPE_VOID,
	IR_TYPE_INT, /**< Integers, enums, bool, characters. */
	IR_TYPE_FLOAT,
	IR_TYPE_POINTER,
	IR_TYPE_RECORD, /**< struct or union */
	IR_TYPE_ARRAY,
	IR_TYPE_FUNCTION,
	IR_TYPE_OTHER, /**< Vectors, complex ... */
};

struct ir_type {
	enum ir_type_kind kind;
	const char *tag;            /**< RECORD: "rte_mbuf", or "" without one; NULL for others. */
	enum contract_type meaning; /**< RECORD: what the tables call it. */
	const struct ir_type *to;   /**< POINTER: what it points to; ARRAY: element; else NULL. */
	int64_t count;              /**< ARRAY: elements, -1 when not constant. */
	uint64_t bytes;             /**< Size, 0 when not known. */
	bool is_const;              /**< Of this level: of `const char *`, the `to`. */
	bool is_signed;             /**< INT. */
	bool is_union;              /**< RECORD. */
};

enum ir_var_kind {
	IR_VAR_LOCAL,
	IR_VAR_PARAM,
	IR_VAR_STATIC,
	IR_VAR_GLOBAL,
	IR_VAR_TEMP
};

/** Annotations of a parameter or function that the engine knows. */
#define IR_NOTE_SCOPED          (1U << 0)
#define IR_NOTE_TAKES           (1U << 1)
#define IR_NOTE_RETAINS         (1U << 2)
#define IR_NOTE_CONSUMES_PREFIX (1U << 3)
#define IR_NOTE_REPLACES        (1U << 4)

/** An array that a variable is the index of, or a part of the index. */
struct ir_walked {
	const struct ir_expr *array; /**< As in IR_INDEX, or the pointer that is moved. */
	const struct ir_walked *next;
};

struct ir_var {
	const char *name; /**< "" for a temporary. */
	const struct ir_type *type;
	struct place at;
	enum ir_var_kind kind;
	uint32_t idx;       /**< LOCAL, PARAM, TEMP: number within the function [0..var_count). */
	uint32_t param_idx; /**< PARAM: which. */
	uint32_t notes;     /**< IR_NOTE_* of a parameter. */
	const struct ir_walked *walks; /**< NULL for a variable that is in no index. */
	bool is_count;         /**< It is compared by order: what a loop counts up to, say. */
	bool is_address_taken; /**< & was applied, or it is an array or record that is used so. */
	bool is_const;         /**< Declared const, with the value in `value` when is_constant. */
};

enum ir_expr_kind {
	IR_CONST,    /**< value: integer constant, enum constant, sizeof, character. */
	IR_STRING,   /**< A string literal, or another address of constant data. */
	IR_VAR,      /**< lvalue: var */
	IR_DEREF,    /**< lvalue: *a */
	IR_FIELD,    /**< lvalue: a.name, a being an lvalue (p->x is FIELD of DEREF of p) */
	IR_INDEX,    /**< lvalue: a[b]; a is an lvalue of array type, or a value of pointer type. */
	IR_ADDR,     /**< &a, and an array's decay to a pointer */
	IR_UNARY,    /**< op a: '-' '~' '!' */
	IR_BINARY,   /**< a op b, without && || , and assignments */
	IR_CAST,     /**< (type) a, explicit */
	IR_FUNCTION, /**< The address of a function: name */
	IR_RECORD,   /**< { parts }: initialiser or compound literal; for an array, too */
	IR_UNKNOWN,  /**< A value that the engine cannot know; parts are read nevertheless. */
};

enum ir_op {
	IR_OP_NONE,
	IR_OP_NEG,
	IR_OP_BITNOT,
	IR_OP_NOT,
	IR_OP_ADD,
	IR_OP_SUB,
	IR_OP_MUL,
	IR_OP_DIV,
	IR_OP_REM,
	IR_OP_SHL,
	IR_OP_SHR,
	IR_OP_AND,
	IR_OP_OR,
	IR_OP_XOR,
	IR_OP_LT,
	IR_OP_GT,
	IR_OP_LE,
	IR_OP_GE,
	IR_OP_EQ,
	IR_OP_NE,
};

struct ir_expr {
	enum ir_expr_kind kind;
	enum ir_op op;
	const struct ir_type *type;
	struct place at;        /**< Its operator, or its beginning; macros at their use. */
	int64_t value;          /**< CONST */
	struct ir_var *var;     /**< VAR */
	const char *name;       /**< FIELD, FUNCTION */
	struct ir_expr *a;      /**< First operand. */
	struct ir_expr *b;      /**< Second. */
	struct ir_expr **parts; /**< RECORD: values by `fields`; UNKNOWN: operands. */
	const char **fields; /**< RECORD of a struct: the member of each part; NULL for an array. */
	int64_t *indexes;    /**< RECORD of an array: index of each part; NULL for a struct. */
	uint32_t part_count;
};

enum ir_instr_kind {
	IR_ASSIGN, /**< to = value. At a declaration with an initialiser is_decl is set. */
	IR_DECL,   /**< var begins, without a value. */
	IR_CALL,   /**< to (may be NULL) = callee(args) */
	IR_EVAL,   /**< value is read, for its uses: `(void)m->x;`, a condition's left side */
	IR_END,    /**< var's scope ends here */
	IR_HAVOC,  /**< args may have been changed in unknown ways: asm, va_start ... */
};

struct ir_instr {
	enum ir_instr_kind kind;
	struct place at;
	struct ir_expr *to;      /**< ASSIGN, CALL: an lvalue. */
	struct ir_expr *value;   /**< ASSIGN, EVAL. */
	struct ir_var *var;      /**< DECL, END. */
	const char *callee;      /**< CALL: name; NULL when called by pointer. */
	struct ir_expr *through; /**< CALL by pointer: the pointer. */
	CXCursor target;         /**< CALL by name: the declaration that clang saw. */
	struct ir_expr **args;   /**< CALL, HAVOC. */
	uint32_t arg_count;
	bool is_decl;     /**< ASSIGN: the variable begins here. */
	bool is_noreturn; /**< CALL: the program does not come back. */
};

enum ir_jump {
	IR_JUMP_FALL, /**< The next statement, or a branch's side. */
	IR_JUMP_CONTINUE,
	IR_JUMP_BREAK,
	IR_JUMP_GOTO,
	IR_JUMP_LOOP, /**< From the body's end to the loop's head. */
};

struct ir_edge {
	struct ir_block *to;
	enum ir_jump jump;
	struct place at; /**< Of the jump statement; of the branch otherwise. */
};

enum ir_end {
	IR_END_JUMP,   /**< edges[0] */
	IR_END_BRANCH, /**< edges[0] when `value` is not 0, edges[1] when it is */
	IR_END_SWITCH, /**< edges[i] for cases[i]; the last edge is default's (or the way past) */
	IR_END_RETURN, /**< `value` may be NULL */
	IR_END_STOP,   /**< Nothing follows: a call that does not return, __builtin_unreachable() */
};

/** A case label's range, both included. */
struct ir_case {
	int64_t low;
	int64_t high;
};

struct ir_block {
	uint32_t idx; /**< Reverse post-order: a way without back edges goes upwards. */
	struct ir_instr *instrs;
	uint32_t instr_count;
	enum ir_end end;
	struct place at;       /**< Of the branch, switch, return; of the closing brace. */
	struct ir_expr *value; /**< BRANCH, SWITCH, RETURN. */
	struct ir_case *cases; /**< SWITCH: edge_count - 1 of them. */
	struct ir_edge *edges;
	uint32_t edge_count;
	bool is_implicit_return; /**< RETURN at the closing brace. */
	bool is_loop_head;       /**< A back edge (to a block not later in idx) leads here. */
};

struct ir_function {
	const char *name;
	CXCursor cursor;
	struct place at;
	struct place end; /**< The closing brace. */
	const struct ir_type *result;
	struct ir_var **params;
	uint32_t param_count;
	struct ir_var **vars; /**< All with an idx, shape [var_count]. */
	uint32_t var_count;
	struct ir_block **blocks; /**< Shape [block_count], by idx; blocks[0] is the entry. */
	uint32_t block_count;
	const char *returns_param; /**< FP_RETURNS(param): its name; NULL. */
	const char *not_known;     /**< What the lowering gave up on; NULL when all is here. */
};

struct ir_cache;

/** Functions of a unit, lowered when they are asked for; dies with the unit's region. */
struct ir_cache *ir_cache_create(struct unit *unit);

/**
 * The function that a declaration or definition names, lowered; NULL when the unit has no body of
 * it in a file of ours. The second call gives the same.
 */
const struct ir_function *ir_function_of(struct ir_cache *cache, CXCursor function);

/** A type, one object per distinct type of the unit. */
const struct ir_type *ir_type_of(struct ir_cache *cache, CXType type);

/**
 * Annotations and contract of a callee that is no function of ours: what its declaration says with
 * annotate attributes, as a contract; NULL when it says nothing.
 */
const struct contract *ir_contract_of(struct ir_cache *cache, CXCursor declaration);

/** Print a function's blocks and instructions, for people who mend the engine. */
void ir_print(FILE *out, const struct ir_function *function);

#endif /* FPCHECK_IR_H */
