/* SPDX-License-Identifier: BSD-3-Clause */

#include <stdio.h>
#include <unistd.h>

#include <rte_common.h>
#include <rte_eal.h>
#include <rte_errno.h>

#include "fp_test_eal.h"

int
fp_test_eal_init(void)
{
	char prefix[48];
	char *argv[] = { (char[]){ "test" }, (char[]){ "--no-huge" }, (char[]){ "--no-pci" },
		(char[]){ "--no-shconf" }, (char[]){ "--no-telemetry" }, (char[]){ "-m" },
		(char[]){ "512" }, (char[]){ "--log-level=error" }, prefix, NULL };

	snprintf(prefix, sizeof(prefix), "--file-prefix=fptest%d", (int)getpid());
	return rte_eal_init((int)RTE_DIM(argv) - 1, argv) < 0 ? -rte_errno : 0;
}

void
fp_test_eal_fini(void)
{
	(void)rte_eal_cleanup();
}
