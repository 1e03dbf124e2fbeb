/* SPDX-License-Identifier: BSD-3-Clause */

#include "text_ways.h"

#include <stdio.h>

#include "fpi_text_decimal.h"

#define WAYS     2
#define NAME_MAX 120

static int
use_plain(void **state)
{
	(void)state;
	return fpi_text_set_masked(false);
}

static int
use_masked(void **state)
{
	(void)state;
	return fpi_text_set_masked(true);
}

int
text_ways_run(const char *group, const struct CMUnitTest *tests, size_t count)
{
	static const char *const names[WAYS] = { "plain", "masked" };
	static const CMFixtureFunction setups[WAYS] = { use_plain, use_masked };
	static char test_names[WAYS * TEXT_WAYS_TESTS][NAME_MAX];
	static struct CMUnitTest all[WAYS * TEXT_WAYS_TESTS];
	size_t ways = fpi_text_has_masked() ? WAYS : 1;

	if (count > TEXT_WAYS_TESTS)
		return 1;
	for (size_t i = 0; i < ways * count; i++) {
		all[i] = tests[i % count];
		(void)snprintf(test_names[i], NAME_MAX, "%s_%s", all[i].name, names[i / count]);
		all[i].name = test_names[i];
		all[i].setup_func = setups[i / count];
	}
	return _cmocka_run_group_tests(group, all, ways * count, NULL, NULL);
}
