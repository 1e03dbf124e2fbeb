/* SPDX-License-Identifier: BSD-3-Clause */

#include "suppress.h"

#include <stdlib.h>

void
suppress_apply(struct outcome *outcome, const struct settings *settings)
{
	size_t count;
	const struct finding *found = finding_set_sorted(outcome->found, &count);

	outcome->reported = calloc(count + 1, sizeof(*outcome->reported));
	if (outcome->reported == NULL)
		abort();
	for (size_t i = 0; i < count; i++) {
		if (settings_wants(settings, found[i].rule))
			outcome->reported[outcome->finding_count++] = found[i];
	}
}
