/* SPDX-License-Identifier: BSD-3-Clause */

#include <jansson.h>

#include "report.h"

void
report_sarif(FILE *out, const struct outcome *outcome, const struct settings *settings)
{
	report_json(out, outcome, settings);
}
