/* SPDX-License-Identifier: BSD-3-Clause */

#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <rte_common.h>
#include <rte_eal.h>
#include <rte_errno.h>

#include "config_value.h"
#include "eal.h"
#include "fp_scan.h"

/* Memory for the default sizes: corpus, pools, books of one channel [MiB]. */
#define MEMORY_MIB       "640"
#define HUGEPAGES_WANTED 320

#define FREE_HUGEPAGES "/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages"

static uint64_t
count_free_hugepages(void)
{
	FILE *file = fopen(FREE_HUGEPAGES, "re");
	char line[24] = "";
	uint64_t count = 0;

	if (file == NULL)
		return 0;
	if (fgets(line, sizeof(line), file) != NULL)
		line[strcspn(line, "\n")] = '\0';
	fclose(file);
	return value_parse_number(line, 0, UINT32_MAX, &count) ? count : 0;
}

/* The last processor that we may use: the first one has most of the kernel's own work. */
static int
choose_processor(void)
{
	cpu_set_t set;
	int chosen = 0;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 0;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (CPU_ISSET(cpu, &set))
			chosen = cpu;
	}
	return chosen;
}

/* Whether the arguments, and so the file prefix and its folder, are ours. */
static bool is_chosen;

static bool
init(int argc, char **argv)
{
	if (rte_eal_init(argc, argv) >= 0) {
		(void)fp_scan_choose();
		return true;
	}
	fprintf(stderr, "fablepool: EAL did not start: %s\n", rte_strerror(rte_errno));
	return false;
}

bool
eal_start(int eal_argc, char **argv)
{
	static char huge[] = "--in-memory --no-pci --iova-mode=va -m " MEMORY_MIB;
	static char plain[] = "--no-huge --no-pci --no-shconf -m " MEMORY_MIB;
	char lcores[16];
	char prefix[48];
	char level[] = "--log-level=warning";
	/* Both warn of what is as it should be: no legacy clients, no pages of 1 GiB. */
	char quiet[] = "--log-level=lib.telemetry:error";
	char calm[] = "--log-level=lib.eal:error";
	char *base = count_free_hugepages() >= HUGEPAGES_WANTED ? huge : plain;
	char *chosen[16];
	int count = 0;

	if (eal_argc > 1)
		return init(eal_argc, argv);
	snprintf(lcores, sizeof(lcores), "-l%d", choose_processor());
	snprintf(prefix, sizeof(prefix), "--file-prefix=fablepool%d", (int)getpid());

	chosen[count++] = (char[]){ "fablepool" };
	for (char *state = NULL, *word = strtok_r(base, " ", &state); word != NULL;
		word = strtok_r(NULL, " ", &state))
		chosen[count++] = word;
	chosen[count++] = lcores;
	chosen[count++] = prefix;
	chosen[count++] = level;
	chosen[count++] = quiet;
	chosen[count++] = calm;
	chosen[count] = NULL;
	fputs("EAL arguments:", stdout);
	for (int i = 1; i < count; i++)
		printf(" %s", chosen[i]);
	putchar('\n');
	fflush(stdout);
	is_chosen = init(count, chosen);
	return is_chosen;
}

void
eal_stop(void)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s", rte_eal_get_runtime_dir());
	(void)rte_eal_cleanup();
	if (is_chosen)
		(void)rmdir(folder);
}
