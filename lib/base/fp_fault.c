/* SPDX-License-Identifier: BSD-3-Clause */

#include "fp_fault.h"

struct reason {
	const char *name;
	const char *help;
};

#define REASON(NAME, name, help) { #name, help },

static const struct reason drops[] = { FP_DROP_REASONS(REASON) };
static const struct reason malformed[] = { FP_MALFORMED_REASONS(REASON) };

const char *
fp_drop_name(enum fp_drop reason)
{
	return (unsigned int)reason < FP_DROP_COUNT ? drops[reason].name : "unknown";
}

const char *
fp_drop_help(enum fp_drop reason)
{
	return (unsigned int)reason < FP_DROP_COUNT ? drops[reason].help : "";
}

const char *
fp_malformed_name(enum fp_malformed reason)
{
	return (unsigned int)reason < FP_MALFORMED_COUNT ? malformed[reason].name : "unknown";
}

const char *
fp_malformed_help(enum fp_malformed reason)
{
	return (unsigned int)reason < FP_MALFORMED_COUNT ? malformed[reason].help : "";
}
