/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The text reads as C where it can. Temporaries are t0, t1 ... in the order of their making.
 * Behind each instruction and each end of a block stands its line.
 */

#include <inttypes.h>
#include <stdlib.h>

#include "ir.h"

struct printer {
	FILE *out;
	uint32_t *temps; /**< Number of the temporary, by the variable's idx. */
};

static void print_expr(const struct printer *printer, const struct ir_expr *expr);

static const char *
op_text(enum ir_op op)
{
	static const char *const texts[] = {
		[IR_OP_NONE] = "?",
		[IR_OP_NEG] = "-",
		[IR_OP_BITNOT] = "~",
		[IR_OP_NOT] = "!",
		[IR_OP_ADD] = "+",
		[IR_OP_SUB] = "-",
		[IR_OP_MUL] = "*",
		[IR_OP_DIV] = "/",
		[IR_OP_REM] = "%",
		[IR_OP_SHL] = "<<",
		[IR_OP_SHR] = ">>",
		[IR_OP_AND] = "&",
		[IR_OP_OR] = "|",
		[IR_OP_XOR] = "^",
		[IR_OP_LT] = "<",
		[IR_OP_GT] = ">",
		[IR_OP_LE] = "<=",
		[IR_OP_GE] = ">=",
		[IR_OP_EQ] = "==",
		[IR_OP_NE] = "!=",
	};

	return texts[op];
}

static void
print_type(const struct printer *printer, const struct ir_type *type)
{
	static const char *const words[] = {
		[IR_TYPE_VOID] = "void",
		[IR_TYPE_INT] = "int",
		[IR_TYPE_FLOAT] = "float",
		[IR_TYPE_POINTER] = "",
		[IR_TYPE_RECORD] = "",
		[IR_TYPE_ARRAY] = "",
		[IR_TYPE_FUNCTION] = "function",
		[IR_TYPE_OTHER] = "other",
	};

	fprintf(printer->out, "%s%s", type->is_const ? "const " : "", words[type->kind]);
	if (type->kind == IR_TYPE_INT)
		fprintf(printer->out, "%s%" PRIu64, type->is_signed ? "" : "u", 8 * type->bytes);
	if (type->kind == IR_TYPE_RECORD)
		fputs(type->tag[0] != '\0' ? type->tag : "record", printer->out);
	if (type->to == NULL)
		return;
	print_type(printer, type->to);
	if (type->kind == IR_TYPE_POINTER) {
		fputs(type->is_const ? "*const" : "*", printer->out);
	} else if (type->count >= 0) {
		fprintf(printer->out, "[%" PRId64 "]", type->count);
	} else {
		fputs("[]", printer->out);
	}
}

static void
print_var(const struct printer *printer, const struct ir_var *var)
{
	if (var->kind == IR_VAR_TEMP) {
		fprintf(printer->out, "t%" PRIu32, printer->temps[var->idx]);
	} else {
		fputs(var->name[0] != '\0' ? var->name : "unnamed", printer->out);
	}
}

/** What a postfix stands behind: in parens unless it is a postfix itself. */
static void
print_base(const struct printer *printer, const struct ir_expr *expr)
{
	bool is_simple = expr->kind == IR_VAR || expr->kind == IR_FIELD || expr->kind == IR_INDEX ||
		expr->kind == IR_STRING || expr->kind == IR_FUNCTION || expr->kind == IR_BINARY;

	if (!is_simple)
		fputc('(', printer->out);
	print_expr(printer, expr);
	if (!is_simple)
		fputc(')', printer->out);
}

static void
print_record(const struct printer *printer, const struct ir_expr *expr)
{
	fputc('{', printer->out);
	for (uint32_t i = 0; i < expr->part_count; i++) {
		if (i > 0)
			fputs(", ", printer->out);
		if (expr->fields != NULL) {
			fprintf(printer->out, ".%s = ", expr->fields[i]);
		} else {
			fprintf(printer->out, "[%" PRId64 "] = ", expr->indexes[i]);
		}
		print_expr(printer, expr->parts[i]);
	}
	fputc('}', printer->out);
}

static void
print_list(const struct printer *printer, struct ir_expr *const *exprs, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (i > 0)
			fputs(", ", printer->out);
		print_expr(printer, exprs[i]);
	}
}

static void
print_place(const struct printer *printer, const struct ir_expr *expr)
{
	if (expr->kind == IR_VAR) {
		print_var(printer, expr->var);
	} else if (expr->kind == IR_DEREF) {
		fputc('*', printer->out);
		print_base(printer, expr->a);
	} else if (expr->kind == IR_FIELD && expr->a->kind == IR_DEREF) {
		print_base(printer, expr->a->a);
		fprintf(printer->out, "->%s", expr->name);
	} else if (expr->kind == IR_FIELD) {
		print_base(printer, expr->a);
		fprintf(printer->out, ".%s", expr->name);
	} else {
		print_base(printer, expr->a);
		fputc('[', printer->out);
		print_expr(printer, expr->b);
		fputc(']', printer->out);
	}
}

static void
print_operation(const struct printer *printer, const struct ir_expr *expr)
{
	if (expr->kind == IR_BINARY) {
		fputc('(', printer->out);
		print_expr(printer, expr->a);
		fprintf(printer->out, " %s ", op_text(expr->op));
		print_expr(printer, expr->b);
		fputc(')', printer->out);
	} else if (expr->kind == IR_UNARY) {
		fputs(op_text(expr->op), printer->out);
		print_base(printer, expr->a);
	} else if (expr->kind == IR_ADDR) {
		fputc('&', printer->out);
		print_base(printer, expr->a);
	} else {
		fputc('(', printer->out);
		print_type(printer, expr->type);
		fputc(')', printer->out);
		print_base(printer, expr->a);
	}
}

static void
print_expr(const struct printer *printer, const struct ir_expr *expr)
{
	switch (expr->kind) {
	case IR_CONST:
		if (expr->type->kind == IR_TYPE_POINTER && expr->value == 0) {
			fputs("NULL", printer->out);
		} else {
			fprintf(printer->out, "%" PRId64, expr->value);
		}
		break;
	case IR_STRING:
		fputs("string", printer->out);
		break;
	case IR_VAR:
	case IR_DEREF:
	case IR_FIELD:
	case IR_INDEX:
		print_place(printer, expr);
		break;
	case IR_ADDR:
	case IR_UNARY:
	case IR_BINARY:
	case IR_CAST:
		print_operation(printer, expr);
		break;
	case IR_FUNCTION:
		fputs(expr->name, printer->out);
		break;
	case IR_RECORD:
		print_record(printer, expr);
		break;
	case IR_UNKNOWN:
		fputs("unknown(", printer->out);
		print_list(printer, expr->parts, expr->part_count);
		fputc(')', printer->out);
		break;
	}
}

static void
print_call(const struct printer *printer, const struct ir_instr *instr)
{
	if (instr->to != NULL) {
		print_expr(printer, instr->to);
		fputs(" = ", printer->out);
	}
	fputs("call ", printer->out);
	if (instr->callee != NULL) {
		fputs(instr->callee, printer->out);
	} else {
		fputc('*', printer->out);
		print_base(printer, instr->through);
	}
	fputc('(', printer->out);
	print_list(printer, instr->args, instr->arg_count);
	fputs(instr->is_noreturn ? ") noreturn" : ")", printer->out);
}

static void
print_instr(const struct printer *printer, const struct ir_instr *instr)
{
	fputc('\t', printer->out);
	switch (instr->kind) {
	case IR_ASSIGN:
		fputs(instr->is_decl ? "decl " : "", printer->out);
		print_expr(printer, instr->to);
		fputs(" = ", printer->out);
		print_expr(printer, instr->value);
		break;
	case IR_DECL:
	case IR_END:
		fputs(instr->kind == IR_DECL ? "decl " : "end ", printer->out);
		print_var(printer, instr->var);
		break;
	case IR_CALL:
		print_call(printer, instr);
		break;
	case IR_EVAL:
		fputs("eval ", printer->out);
		print_expr(printer, instr->value);
		break;
	case IR_HAVOC:
		fputs("havoc ", printer->out);
		print_list(printer, instr->args, instr->arg_count);
		break;
	}
	fprintf(printer->out, " @%" PRIu32 "\n", instr->at.line);
}

static void
print_edge(const struct printer *printer, const struct ir_edge *edge)
{
	static const char *const jumps[] = {
		[IR_JUMP_FALL] = "",
		[IR_JUMP_CONTINUE] = "continue",
		[IR_JUMP_BREAK] = "break",
		[IR_JUMP_GOTO] = "goto",
		[IR_JUMP_LOOP] = "loop",
	};

	fprintf(printer->out, "b%" PRIu32, edge->to->idx);
	if (edge->jump != IR_JUMP_FALL)
		fprintf(printer->out, " (%s@%" PRIu32 ")", jumps[edge->jump], edge->at.line);
}

static void
print_cases(const struct printer *printer, const struct ir_block *block)
{
	for (uint32_t i = 0; i + 1 < block->edge_count; i++) {
		fprintf(printer->out, " %" PRId64, block->cases[i].low);
		if (block->cases[i].high != block->cases[i].low)
			fprintf(printer->out, "..%" PRId64, block->cases[i].high);
		fputs(": ", printer->out);
		print_edge(printer, &block->edges[i]);
	}
	fputs(" else ", printer->out);
	print_edge(printer, &block->edges[block->edge_count - 1]);
}

static void
print_end(const struct printer *printer, const struct ir_block *block)
{
	static const char *const words[] = {
		[IR_END_JUMP] = "jump",
		[IR_END_BRANCH] = "branch",
		[IR_END_SWITCH] = "switch",
		[IR_END_RETURN] = "return",
		[IR_END_STOP] = "stop",
	};

	fprintf(printer->out, "\t%s", words[block->end]);
	if (block->value != NULL) {
		fputc(' ', printer->out);
		print_expr(printer, block->value);
	}
	if (block->end == IR_END_SWITCH)
		print_cases(printer, block);
	for (uint32_t i = 0; block->end != IR_END_SWITCH && i < block->edge_count; i++) {
		fputc(' ', printer->out);
		print_edge(printer, &block->edges[i]);
	}
	fprintf(printer->out, "%s @%" PRIu32 "\n", block->is_implicit_return ? " implicit" : "",
		block->at.line);
}

void
ir_print(FILE *out, const struct ir_function *function)
{
	struct printer printer = { .out = out };
	uint32_t temp_count = 0;

	printer.temps = calloc(function->var_count + 1, sizeof(*printer.temps));
	if (printer.temps == NULL)
		return;
	for (uint32_t i = 0; i < function->var_count; i++) {
		if (function->vars[i]->kind == IR_VAR_TEMP)
			printer.temps[i] = temp_count++;
	}
	fprintf(out, "%s(", function->name);
	for (uint32_t i = 0; i < function->param_count; i++) {
		fputs(i > 0 ? ", " : "", out);
		print_var(&printer, function->params[i]);
	}
	fprintf(out, ") @%" PRIu32 "\n", function->at.line);
	if (function->not_known != NULL)
		fprintf(out, "\tnot known: %s\n", function->not_known);
	for (uint32_t i = 0; i < function->block_count; i++) {
		const struct ir_block *block = function->blocks[i];

		fprintf(out, "b%" PRIu32 ":%s\n", block->idx, block->is_loop_head ? " loop" : "");
		for (uint32_t j = 0; j < block->instr_count; j++)
			print_instr(&printer, &block->instrs[j]);
		print_end(&printer, block);
	}
	free(printer.temps);
}
