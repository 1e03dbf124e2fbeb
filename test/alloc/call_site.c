/* SPDX-License-Identifier: BSD-3-Clause */

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "call_site.h"

/* The program's own file: dladdr() knows only what it exports. */
struct image {
	const char *file;       /* mapped */
	const Elf64_Sym *table; /* shape [count] */
	size_t count;
	const char *strings;
	uintptr_t base; /* what addresses in the table are relative to */
};

static struct image image;

void
call_site_init(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	const Elf64_Shdr *sections;
	const Elf64_Ehdr *head;
	struct stat status;
	Dl_info info;

	if (fd < 0)
		return;
	if (fstat(fd, &status) == 0) {
		void *file = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

		image.file = file == MAP_FAILED ? NULL : file;
	}
	(void)close(fd);
	if (image.file == NULL || dladdr((const void *)call_site_init, &info) == 0)
		return;
	head = (const Elf64_Ehdr *)image.file;
	image.base = head->e_type == ET_DYN ? (uintptr_t)info.dli_fbase : 0;
	sections = (const Elf64_Shdr *)(image.file + head->e_shoff);
	for (unsigned int i = 0; i < head->e_shnum; i++) {
		if (sections[i].sh_type != SHT_SYMTAB)
			continue;
		image.table = (const Elf64_Sym *)(image.file + sections[i].sh_offset);
		image.count = sections[i].sh_size / sizeof(*image.table);
		image.strings = image.file + sections[sections[i].sh_link].sh_offset;
	}
}

/* A function of the program around an address, or NULL. */
static const char *
find_own(const void *address)
{
	uintptr_t at = (uintptr_t)address - image.base;

	for (size_t i = 0; i < image.count; i++) {
		const Elf64_Sym *symbol = &image.table[i];

		if (ELF64_ST_TYPE(symbol->st_info) == STT_FUNC && at >= symbol->st_value &&
			at - symbol->st_value < symbol->st_size)
			return image.strings + symbol->st_name;
	}
	return NULL;
}

static const char *
without_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

bool
call_site_name(const void *address, char name[CALL_SITE_BYTES])
{
	/* An address to return to may already be the next function's. */
	const char *call = (const char *)address - 1;
	const char *own = find_own(call);
	Dl_info info;

	if (own != NULL) {
		(void)snprintf(name, CALL_SITE_BYTES, "%s", own);
		return true;
	}
	if (dladdr(call, &info) == 0) {
		(void)snprintf(name, CALL_SITE_BYTES, "?");
		return false;
	}
	if (info.dli_sname != NULL) {
		(void)snprintf(name, CALL_SITE_BYTES, "%s", info.dli_sname);
		return true;
	}
	(void)snprintf(name, CALL_SITE_BYTES, "%s+0x%tx", without_folder(info.dli_fname),
		call - (const char *)info.dli_fbase);
	return false;
}

void
call_site_of(
	const struct alloc_trace *trace, char function[CALL_SITE_BYTES], char text[CALL_SITE_BYTES])
{
	char inner[CALL_SITE_BYTES] = "?";
	int i = 0;

	(void)snprintf(function, CALL_SITE_BYTES, "?");
	if (trace->count != 0)
		(void)call_site_name(trace->frames[0], inner);
	while (i < trace->count && !call_site_name(trace->frames[i], function))
		i++;
	if (i == 0) {
		(void)snprintf(text, CALL_SITE_BYTES, "%s", inner);
	} else {
		(void)snprintf(text, CALL_SITE_BYTES, "%.70s < %.70s", inner, function);
	}
}
