/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "contract_text.h"

static const char *const effect_words[] = {
	[CONTRACT_NONE] = "-",
	[CONTRACT_USE] = "use",
	[CONTRACT_WRITE] = "write",
	[CONTRACT_FREE] = "free",
	[CONTRACT_FREE_SEG] = "free-seg",
	[CONTRACT_SEND] = "send",
	[CONTRACT_KEEP] = "keep",
	[CONTRACT_GRANT] = "grant",
	[CONTRACT_LEND] = "lend",
	[CONTRACT_MOVE] = "move",
	[CONTRACT_REPLACE] = "replace",
	[CONTRACT_SHARE] = "share",
	[CONTRACT_REF] = "ref",
	[CONTRACT_JOIN] = "join",
	[CONTRACT_CLEAR] = "clear",
	[CONTRACT_VIEW_OUT] = "view",
	[CONTRACT_MOVE_OUT] = "take",
	[CONTRACT_SCOPED] = "scoped",
};

static const char *const condition_words[] = {
	[CONTRACT_ALWAYS] = "",
	[CONTRACT_IF_ZERO] = " if 0",
	[CONTRACT_IF_NONZERO] = " if !0",
	[CONTRACT_IF_POSITIVE] = " if >0",
	[CONTRACT_IF_NOT_NEGATIVE] = " if >=0",
	[CONTRACT_IF_NEGATIVE] = " if <0",
};

/* %u is where the number of the result's parameter stands. */
static const char *const result_words[] = {
	[CONTRACT_RESULT_NONE] = "",
	[CONTRACT_RESULT_NEW] = "new",
	[CONTRACT_RESULT_NEW_OR_SAME] = "new or %u",
	[CONTRACT_RESULT_VIEW] = "view of %u",
	[CONTRACT_RESULT_PART] = "part of %u",
	[CONTRACT_RESULT_SAME] = "same as %u",
	[CONTRACT_RESULT_CLONE] = "clone of %u",
	[CONTRACT_RESULT_NEXT] = "next of %u",
	[CONTRACT_RESULT_COUNT] = "count %u",
	[CONTRACT_RESULT_COUNT_OR_ERROR] = "count %u or error",
	[CONTRACT_RESULT_ALL] = "all %u",
	[CONTRACT_RESULT_STATUS] = "status",
	[CONTRACT_RESULT_FLAG] = "flag",
	[CONTRACT_RESULT_EMPTY] = "empty %u",
	[CONTRACT_RESULT_NEVER] = "never",
};

struct output {
	char *line;
	size_t cap;
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void
put(struct output *output, const char *format, ...)
{
	va_list arguments;
	int added;

	va_start(arguments, format);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): false with several files */
	added = vsnprintf(output->line + output->len, output->cap - output->len, format, arguments);
	va_end(arguments);
	if (added > 0 && (size_t)added < output->cap - output->len)
		output->len += (size_t)added;
}

static void
put_param(struct output *output, const struct contract_param *param)
{
	put(output, "%s", effect_words[param->effect]);
	if (param->effect == CONTRACT_REF || param->effect == CONTRACT_JOIN ||
		param->effect == CONTRACT_VIEW_OUT || param->effect == CONTRACT_MOVE_OUT)
		put(output, " %u", param->other + 1);
	if (param->may_be_null)
		put(output, "?");
	switch (param->extent) {
	case CONTRACT_ONE:
		break;
	case CONTRACT_COUNTED:
		put(output, "[%u]", param->count + 1);
		break;
	case CONTRACT_CONSTANT:
		put(output, "[=%u]", param->count);
		break;
	case CONTRACT_RESULT:
		put(output, "[..ret]");
		break;
	}
	put(output, "%s", condition_words[param->when]);
}

static void
put_result(struct output *output, const struct contract *contract)
{
	const char *before = result_words[contract->result];
	const char *number = strchr(before, '%');

	if (contract->result == CONTRACT_RESULT_STATUS && contract->of != 0) {
		put(output, " -> status %u", contract->of);
		return;
	}
	if (contract->result == CONTRACT_RESULT_NONE)
		return;
	put(output, " -> ");
	if (number == NULL) {
		put(output, "%s", before);
	} else {
		put(output, "%.*s%u%s", (int)(number - before), before, contract->of + 1,
			number + 2);
	}
	if (contract->result_may_be_null)
		put(output, "?");
}

void
contract_text(const struct contract *contract, char *line, size_t cap)
{
	struct output output = { .cap = cap };

	output.line = line;
	put(&output, "fn  %s(", contract->name);
	for (uint32_t i = 0; i < contract->param_count; i++) {
		put(&output, "%s", i == 0 ? "" : ", ");
		put_param(&output, &contract->params[i]);
	}
	put(&output, ")");
	put_result(&output, contract);
}
