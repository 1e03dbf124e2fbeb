/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The functions that give memory itself. glibc's are called by their other names, because looking
 * them up would allocate; those of DPDK are looked up. One that is made of another (rte_zmalloc()
 * of rte_zmalloc_socket()) comes back here: it is one call, of the first.
 */

/* mmap() and mmap64() are two names to be taken over, not one. */
#undef _FILE_OFFSET_BITS

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>
#include <rte_memzone.h>
#include <rte_ring.h>
#include <rte_ring_elem.h>

#include "alloc_hook.h"

#define BLOCKS_MAX 4096U /* a power of two */

/* Below the names that are taken over here. NOLINTBEGIN */
#if ALLOC_BELOW_ASAN
#define BELOW(name) __interceptor_##name
extern int __interceptor_posix_memalign(void **memory, size_t align, size_t size);
extern void *__interceptor_aligned_alloc(size_t align, size_t size);
#else
#define BELOW(name) __libc_##name
extern void *__libc_memalign(size_t align, size_t size);
#endif
extern void *BELOW(malloc)(size_t size);
extern void *BELOW(calloc)(size_t count, size_t size);
extern void *BELOW(realloc)(void *memory, size_t size);
extern void BELOW(free)(void *memory);

#if ALLOC_BELOW_ASAN
/* LeakSanitizer takes what ld.so keeps for lost when it comes by way of here. */
const char *__lsan_default_options(void);

const char *
__lsan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

/* The program's own code, as the linker lays it out. */
extern const char __executable_start;
extern const char etext;
/* NOLINTEND */

/* This thread. */
struct hooks {
	bool is_counting;
	bool is_tracking;
	bool is_busy;   /* in here, or hidden: nothing is counted */
	uint32_t depth; /* of libraries that were called from here */
	struct alloc_fault *fault;
	uint64_t counts[ALLOC_KIND_COUNT];
};

static __thread struct hooks hooks;

/* Blocks that were given and not taken back, at their hash or behind it; any thread may free. */
static struct alloc_block blocks[BLOCKS_MAX];
static bool has_blocks;
static pthread_mutex_t blocks_lock = PTHREAD_MUTEX_INITIALIZER;

const char *
alloc_kind_name(enum alloc_kind kind)
{
	static const char *const names[] = {
#define X(kind, name) name,
		ALLOC_KINDS(X)
#undef X
	};

	return names[kind];
}

void
alloc_count_begin(void)
{
	memset(hooks.counts, 0, sizeof(hooks.counts));
	hooks.is_counting = true;
}

uint64_t
alloc_count_end(void)
{
	uint64_t sum = 0;

	hooks.is_counting = false;
	for (int kind = 0; kind < ALLOC_KIND_COUNT; kind++)
		sum += hooks.counts[kind];
	return sum;
}

uint64_t
alloc_count_of(enum alloc_kind kind)
{
	return hooks.counts[kind];
}

void
alloc_fault_begin(struct alloc_fault *fault)
{
	fault->calls = 0;
	fault->was_reached = false;
	fault->was_excluded = false;
	fault->trace.count = 0;
	hooks.fault = fault;
}

void
alloc_fault_end(void)
{
	hooks.fault = NULL;
}

void
alloc_track_begin(void)
{
	void *frame;

	(void)backtrace(&frame, 1); /* loads a library the first time */
	pthread_mutex_lock(&blocks_lock);
	memset(blocks, 0, sizeof(blocks));
	has_blocks = true;
	pthread_mutex_unlock(&blocks_lock);
	hooks.is_tracking = true;
}

void
alloc_track_end(void)
{
	hooks.is_tracking = false;
}

const struct alloc_block *
alloc_track_next(uint32_t *place)
{
	while (*place < BLOCKS_MAX) {
		const struct alloc_block *block = &blocks[(*place)++];

		if (block->memory != NULL)
			return block;
	}
	return NULL;
}

/* The entry of a block, or the free one where it belongs. */
static struct alloc_block *
find_block(const void *memory)
{
	uint32_t at = (uint32_t)(((uintptr_t)memory >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 40);

	for (uint32_t i = 0; i < BLOCKS_MAX; i++) {
		struct alloc_block *block = &blocks[(at + i) % BLOCKS_MAX];

		if (block->memory == memory || block->memory == NULL)
			return block;
	}
	fputs("alloc_hook: more blocks than BLOCKS_MAX\n", stderr);
	abort();
}

/* Who called: from the function that was taken over outwards. */
static void
trace_back(struct alloc_trace *trace, const void *caller)
{
	void *frames[ALLOC_FRAMES + 4];
	int count = backtrace(frames, ALLOC_FRAMES + 4);
	int first = 0;

	while (first < count && frames[first] != caller)
		first++;
	if (first == count)
		first = 0;
	trace->count = count - first < ALLOC_FRAMES ? count - first : ALLOC_FRAMES;
	memcpy(trace->frames, frames + first, (size_t)trace->count * sizeof(frames[0]));
}

void
alloc_hook_gave(void *memory, size_t size, enum alloc_kind kind, const void *caller)
{
	struct alloc_block block = { .memory = memory, .size = size, .kind = kind };

	if (!hooks.is_tracking || hooks.is_busy || memory == NULL)
		return;
	hooks.is_busy = true;
	trace_back(&block.trace, caller);
	hooks.is_busy = false;
	pthread_mutex_lock(&blocks_lock);
	*find_block(memory) = block;
	pthread_mutex_unlock(&blocks_lock);
}

void
alloc_hook_took(const void *memory)
{
	struct alloc_block *block;

	if (!has_blocks || memory == NULL)
		return;
	pthread_mutex_lock(&blocks_lock);
	block = find_block(memory);
	if (block->memory != NULL) {
		uint32_t hole = (uint32_t)(block - blocks);

		/* No entry may be cut off from its hash: those behind are put in anew. */
		block->memory = NULL;
		for (uint32_t i = (hole + 1) % BLOCKS_MAX; blocks[i].memory != NULL;
			i = (i + 1) % BLOCKS_MAX) {
			struct alloc_block moved = blocks[i];

			blocks[i].memory = NULL;
			*find_block(moved.memory) = moved;
		}
	}
	pthread_mutex_unlock(&blocks_lock);
}

static bool
is_ours(const void *caller)
{
	return (const char *)caller >= &__executable_start && (const char *)caller < &etext;
}

bool
alloc_hook_enter(enum alloc_kind kind, const void *caller)
{
	struct alloc_fault *fault = hooks.fault;

	if (hooks.is_busy)
		return false;
	hooks.counts[kind] += hooks.is_counting;
	if (fault == NULL || (!fault->is_deep && (hooks.depth != 0 || !is_ours(caller))))
		return false;
	if (++fault->calls != fault->at)
		return false;
	hooks.is_busy = true;
	fault->was_reached = true;
	fault->kind = kind;
	trace_back(&fault->trace, caller);
	fault->was_excluded = fault->excludes != NULL && fault->excludes(fault);
	hooks.is_busy = false;
	return !fault->was_excluded;
}

void
alloc_hook_count(enum alloc_kind kind)
{
	hooks.counts[kind] += hooks.is_counting && !hooks.is_busy;
}

void
alloc_hook_down(void)
{
	hooks.depth++;
}

void
alloc_hook_up(void)
{
	hooks.depth--;
}

void
alloc_hook_no_memory(void)
{
	errno = ENOMEM;
	rte_errno = ENOMEM;
}

bool
alloc_hook_hide(bool is_hidden)
{
	bool was_hidden = hooks.is_busy;

	hooks.is_busy = is_hidden;
	return was_hidden;
}

void *
alloc_hook_next(const char *name)
{
	bool was_busy = hooks.is_busy;
	void *next;

	hooks.is_busy = true;
	next = dlsym(RTLD_NEXT, name);
	hooks.is_busy = was_busy;
	if (next == NULL) {
		fprintf(stderr, "alloc_hook: %s is in no library\n", name);
		abort();
	}
	return next;
}

/*
 * The names of parameters, and how many there are, are those of others.
 * NOLINTBEGIN(readability-inconsistent-declaration-parameter-name, readability-function-size)
 */
void *
malloc(size_t size)
{
	void *memory;

	if (alloc_hook_enter(ALLOC_MALLOC, __builtin_return_address(0))) {
		errno = ENOMEM;
		return NULL;
	}
	memory = BELOW(malloc)(size);
	alloc_hook_gave(memory, size, ALLOC_MALLOC, __builtin_return_address(0));
	return memory;
}

void *
calloc(size_t count, size_t size)
{
	void *memory;

	if (alloc_hook_enter(ALLOC_CALLOC, __builtin_return_address(0))) {
		errno = ENOMEM;
		return NULL;
	}
	memory = BELOW(calloc)(count, size);
	alloc_hook_gave(memory, count * size, ALLOC_CALLOC, __builtin_return_address(0));
	return memory;
}

void *
realloc(void *old, size_t size)
{
	void *memory;

	if (alloc_hook_enter(ALLOC_REALLOC, __builtin_return_address(0))) {
		errno = ENOMEM;
		return NULL;
	}
	alloc_hook_took(old);
	memory = BELOW(realloc)(old, size);
	alloc_hook_gave(memory, size, ALLOC_REALLOC, __builtin_return_address(0));
	return memory;
}

void
free(void *memory)
{
	if (memory != NULL)
		alloc_hook_count(ALLOC_FREE);
	alloc_hook_took(memory);
	BELOW(free)(memory);
}

int
posix_memalign(void **out, size_t align, size_t size)
{
	int error = 0;

	if (alloc_hook_enter(ALLOC_POSIX_MEMALIGN, __builtin_return_address(0)))
		return ENOMEM;
#if ALLOC_BELOW_ASAN
	error = __interceptor_posix_memalign(out, align, size);
#else
	*out = __libc_memalign(align, size);
	if (*out == NULL)
		error = ENOMEM;
#endif
	if (error == 0) {
		alloc_hook_gave(*out, size, ALLOC_POSIX_MEMALIGN, __builtin_return_address(0));
	}
	return error;
}

void *
aligned_alloc(size_t align, size_t size)
{
	void *memory;

	if (alloc_hook_enter(ALLOC_ALIGNED_ALLOC, __builtin_return_address(0))) {
		errno = ENOMEM;
		return NULL;
	}
#if ALLOC_BELOW_ASAN
	memory = __interceptor_aligned_alloc(align, size);
#else
	memory = __libc_memalign(align, size);
#endif
	alloc_hook_gave(memory, size, ALLOC_ALIGNED_ALLOC, __builtin_return_address(0));
	return memory;
}

void *
mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
	if (alloc_hook_enter(ALLOC_MMAP, __builtin_return_address(0))) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): what a system call returns */
	return (void *)syscall(SYS_mmap, at, len, protection, flags, fd, offset);
}

void *
mmap64(void *at, size_t len, int protection, int flags, int fd, off64_t offset)
{
	if (alloc_hook_enter(ALLOC_MMAP, __builtin_return_address(0))) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): what a system call returns */
	return (void *)syscall(SYS_mmap, at, len, protection, flags, fd, offset);
}

int
munmap(void *at, size_t len)
{
	alloc_hook_count(ALLOC_MUNMAP);
	return (int)syscall(SYS_munmap, at, len);
}

void *
mremap(void *at, size_t len, size_t new_len, int flags, ...)
{
	va_list arguments;
	void *new_at;

	va_start(arguments, flags);
	new_at = va_arg(arguments, void *); /* looked at by the kernel when flags say so */
	va_end(arguments);
	if (alloc_hook_enter(ALLOC_MREMAP, __builtin_return_address(0))) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): what a system call returns */
	return (void *)syscall(SYS_mremap, at, len, new_len, flags, new_at);
}

/* It divides mappings, of which a process may have so many: it can fail for want of memory. */
int
mprotect(void *at, size_t len, int protection)
{
	if (alloc_hook_enter(ALLOC_MPROTECT, __builtin_return_address(0))) {
		errno = ENOMEM;
		return -1;
	}
	return (int)syscall(SYS_mprotect, at, len, protection);
}

/* glibc's own malloc() moves the break without this name: here come other callers, and fail. */
int
brk(void *end)
{
	alloc_hook_count(ALLOC_BRK);
	(void)end;
	errno = ENOMEM;
	return -1;
}

ALLOC_HOOK(ALLOC_SBRK, void *, MAP_FAILED, sbrk, (intptr_t by), (by))

ALLOC_HOOK_BLOCK(ALLOC_RTE_MALLOC, rte_malloc, size,
	(const char *type, size_t size, unsigned int align), (type, size, align))
ALLOC_HOOK_BLOCK(ALLOC_RTE_MALLOC_SOCKET, rte_malloc_socket, size,
	(const char *type, size_t size, unsigned int align, int socket),
	(type, size, align, socket))
ALLOC_HOOK_BLOCK(ALLOC_RTE_ZMALLOC, rte_zmalloc, size,
	(const char *type, size_t size, unsigned int align), (type, size, align))
ALLOC_HOOK_BLOCK(ALLOC_RTE_ZMALLOC_SOCKET, rte_zmalloc_socket, size,
	(const char *type, size_t size, unsigned int align, int socket),
	(type, size, align, socket))
ALLOC_HOOK_BLOCK(ALLOC_RTE_CALLOC, rte_calloc, count *size,
	(const char *type, size_t count, size_t size, unsigned int align),
	(type, count, size, align))
ALLOC_HOOK_BLOCK(ALLOC_RTE_CALLOC_SOCKET, rte_calloc_socket, count *size,
	(const char *type, size_t count, size_t size, unsigned int align, int socket),
	(type, count, size, align, socket))

void *
rte_realloc_socket(void *old, size_t size, unsigned int align, int socket)
{
	static void *(*next)(void *, size_t, unsigned int, int);
	bool was_hidden;
	void *memory;

	if (next == NULL)
		next = alloc_hook_next("rte_realloc_socket");
	if (alloc_hook_enter(ALLOC_RTE_REALLOC_SOCKET, __builtin_return_address(0)))
		return NULL;
	alloc_hook_took(old);
	was_hidden = alloc_hook_hide(true);
	memory = next(old, size, align, socket);
	(void)alloc_hook_hide(was_hidden);
	alloc_hook_gave(memory, size, ALLOC_RTE_REALLOC_SOCKET, __builtin_return_address(0));
	return memory;
}

void *
rte_realloc(void *old, size_t size, unsigned int align)
{
	static void *(*next)(void *, size_t, unsigned int);
	bool was_hidden;
	void *memory;

	if (next == NULL)
		next = alloc_hook_next("rte_realloc");
	if (alloc_hook_enter(ALLOC_RTE_REALLOC, __builtin_return_address(0)))
		return NULL;
	alloc_hook_took(old);
	was_hidden = alloc_hook_hide(true);
	memory = next(old, size, align);
	(void)alloc_hook_hide(was_hidden);
	alloc_hook_gave(memory, size, ALLOC_RTE_REALLOC, __builtin_return_address(0));
	return memory;
}

void
rte_free(void *memory)
{
	static void (*next)(void *);

	if (next == NULL)
		next = alloc_hook_next("rte_free");
	if (memory != NULL)
		alloc_hook_count(ALLOC_RTE_FREE);
	alloc_hook_took(memory);
	next(memory);
}

ALLOC_HOOK(ALLOC_MEMZONE_RESERVE, const struct rte_memzone *, NULL, rte_memzone_reserve,
	(const char *name, size_t len, int socket, unsigned int flags), (name, len, socket, flags))
ALLOC_HOOK(ALLOC_MEMZONE_RESERVE_ALIGNED, const struct rte_memzone *, NULL,
	rte_memzone_reserve_aligned,
	(const char *name, size_t len, int socket, unsigned int flags, unsigned int align),
	(name, len, socket, flags, align))
ALLOC_HOOK(ALLOC_MEMZONE_RESERVE_BOUNDED, const struct rte_memzone *, NULL,
	rte_memzone_reserve_bounded,
	(const char *name, size_t len, int socket, unsigned int flags, unsigned int align,
		unsigned int bound),
	(name, len, socket, flags, align, bound))

int
rte_memzone_free(const struct rte_memzone *zone)
{
	static int (*next)(const struct rte_memzone *);

	if (next == NULL)
		next = alloc_hook_next("rte_memzone_free");
	if (zone != NULL)
		alloc_hook_count(ALLOC_MEMZONE_FREE);
	return next(zone);
}

ALLOC_HOOK(ALLOC_MEMPOOL_CREATE, struct rte_mempool *, NULL, rte_mempool_create,
	(const char *name, unsigned int n, unsigned int elt, unsigned int cache,
		unsigned int private_len, rte_mempool_ctor_t *init, void *init_arg,
		rte_mempool_obj_cb_t *obj, void *obj_arg, int socket, unsigned int flags),
	(name, n, elt, cache, private_len, init, init_arg, obj, obj_arg, socket, flags))
ALLOC_HOOK(ALLOC_MEMPOOL_CREATE_EMPTY, struct rte_mempool *, NULL, rte_mempool_create_empty,
	(const char *name, unsigned int n, unsigned int elt, unsigned int cache,
		unsigned int private_len, int socket, unsigned int flags),
	(name, n, elt, cache, private_len, socket, flags))
ALLOC_HOOK(ALLOC_MEMPOOL_SET_OPS, int, -ENOMEM, rte_mempool_set_ops_byname,
	(struct rte_mempool * mempool, const char *name, void *config), (mempool, name, config))
ALLOC_HOOK(ALLOC_MEMPOOL_POPULATE_IOVA, int, -ENOMEM, rte_mempool_populate_iova,
	(struct rte_mempool * mempool, char *at, rte_iova_t iova, size_t len,
		rte_mempool_memchunk_free_cb_t *done, void *arg),
	(mempool, at, iova, len, done, arg))
ALLOC_HOOK(ALLOC_MEMPOOL_POPULATE_DEFAULT, int, -ENOMEM, rte_mempool_populate_default,
	(struct rte_mempool * mempool), (mempool))
ALLOC_HOOK(ALLOC_PKTMBUF_POOL_CREATE, struct rte_mempool *, NULL, rte_pktmbuf_pool_create,
	(const char *name, unsigned int n, unsigned int cache, uint16_t private_len, uint16_t room,
		int socket),
	(name, n, cache, private_len, room, socket))
ALLOC_HOOK(ALLOC_RING_CREATE, struct rte_ring *, NULL, rte_ring_create,
	(const char *name, unsigned int count, int socket, unsigned int flags),
	(name, count, socket, flags))
ALLOC_HOOK(ALLOC_RING_CREATE_ELEM, struct rte_ring *, NULL, rte_ring_create_elem,
	(const char *name, unsigned int elt, unsigned int count, int socket, unsigned int flags),
	(name, elt, count, socket, flags))
/* NOLINTEND(readability-inconsistent-declaration-parameter-name, readability-function-size) */
