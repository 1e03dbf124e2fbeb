/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The functions that give and take memory, taken over by the program: counted, or made to fail, and
 * what they gave followed until it is given back.
 *
 *    our code, DPDK, libpcap ... --->  malloc() of alloc_hook.c  --->  glibc's own
 *
 * A definition in the program is found before that of any library, so calls from libraries and from
 * inline functions of headers come here too. What a library calls inside itself does not. All state
 * is per thread: what other threads do meanwhile is neither counted nor failed.
 *
 * To take one more function over: a line in ALLOC_KINDS, and a definition in alloc_hook.c (memory)
 * or alloc_hook_device.c (what takes memory as it goes along).
 */

#ifndef ALLOC_HOOK_H
#define ALLOC_HOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** All functions that are taken over. */
#define ALLOC_KINDS(X)                                              \
	X(MALLOC, "malloc")                                         \
	X(CALLOC, "calloc")                                         \
	X(REALLOC, "realloc")                                       \
	X(POSIX_MEMALIGN, "posix_memalign")                         \
	X(ALIGNED_ALLOC, "aligned_alloc")                           \
	X(FREE, "free")                                             \
	X(MMAP, "mmap")                                             \
	X(MREMAP, "mremap")                                         \
	X(MUNMAP, "munmap")                                         \
	X(MPROTECT, "mprotect")                                     \
	X(BRK, "brk")                                               \
	X(SBRK, "sbrk")                                             \
	X(RTE_MALLOC, "rte_malloc")                                 \
	X(RTE_MALLOC_SOCKET, "rte_malloc_socket")                   \
	X(RTE_ZMALLOC, "rte_zmalloc")                               \
	X(RTE_ZMALLOC_SOCKET, "rte_zmalloc_socket")                 \
	X(RTE_CALLOC, "rte_calloc")                                 \
	X(RTE_CALLOC_SOCKET, "rte_calloc_socket")                   \
	X(RTE_REALLOC, "rte_realloc")                               \
	X(RTE_REALLOC_SOCKET, "rte_realloc_socket")                 \
	X(RTE_FREE, "rte_free")                                     \
	X(MEMZONE_RESERVE, "rte_memzone_reserve")                   \
	X(MEMZONE_RESERVE_ALIGNED, "rte_memzone_reserve_aligned")   \
	X(MEMZONE_RESERVE_BOUNDED, "rte_memzone_reserve_bounded")   \
	X(MEMZONE_FREE, "rte_memzone_free")                         \
	X(MEMPOOL_CREATE, "rte_mempool_create")                     \
	X(MEMPOOL_CREATE_EMPTY, "rte_mempool_create_empty")         \
	X(MEMPOOL_SET_OPS, "rte_mempool_set_ops_byname")            \
	X(MEMPOOL_POPULATE_IOVA, "rte_mempool_populate_iova")       \
	X(MEMPOOL_POPULATE_DEFAULT, "rte_mempool_populate_default") \
	X(PKTMBUF_POOL_CREATE, "rte_pktmbuf_pool_create")           \
	X(RING_CREATE, "rte_ring_create")                           \
	X(RING_CREATE_ELEM, "rte_ring_create_elem")                 \
	X(VDEV_INIT, "rte_vdev_init")                               \
	X(PORT_BY_NAME, "rte_eth_dev_get_port_by_name")             \
	X(PORT_INFO, "rte_eth_dev_info_get")                        \
	X(PORT_CONFIGURE, "rte_eth_dev_configure")                  \
	X(RX_QUEUE_SETUP, "rte_eth_rx_queue_setup")                 \
	X(TX_QUEUE_SETUP, "rte_eth_tx_queue_setup")                 \
	X(ADD_RX_CALLBACK, "rte_eth_add_rx_callback")               \
	X(PORT_START, "rte_eth_dev_start")                          \
	X(TEL_DATA_ALLOC, "rte_tel_data_alloc")                     \
	X(TELEMETRY_REGISTER, "rte_telemetry_register_cmd")         \
	X(CTRL_THREAD_CREATE, "rte_ctrl_thread_create")             \
	X(CFGFILE_LOAD, "rte_cfgfile_load")                         \
	X(PCAP_OPEN, "pcap_open_offline")                           \
	X(FOPEN, "fopen")                                           \
	X(FP_ARENA_ARRAY, "fp_arena_array")

/** A function that was taken over. */
enum alloc_kind {
#define X(kind, name) ALLOC_##kind,
	ALLOC_KINDS(X)
#undef X
	ALLOC_KIND_COUNT,
};

/** Callers that a call is traced back through. */
#define ALLOC_FRAMES 16

/** Who called a function that was taken over. */
struct alloc_trace {
	int count;                  /**< Callers known. */
	void *frames[ALLOC_FRAMES]; /**< Where they go on, innermost first. */
};

/** One call to let fail, and what became of it. */
struct alloc_fault {
	uint64_t at;  /**< Number of the call that fails, from 1; 0 = none. */
	bool is_deep; /**< Count what libraries call too, not only this program. */
	/** Asked about the call: true = leave it alone. NULL = none is left alone. */
	bool (*excludes)(const struct alloc_fault *fault);
	/* what became of it */
	uint64_t calls;           /**< Calls that could have failed. */
	bool was_reached;         /**< Call number `at` came. */
	bool was_excluded;        /**< And was left alone. */
	enum alloc_kind kind;     /**< Of that call. */
	struct alloc_trace trace; /**< Of that call. */
};

/** A block that was not given back. */
struct alloc_block {
	void *memory;             /**< NULL = the entry is free. */
	size_t size;              /**< [bytes] */
	enum alloc_kind kind;     /**< Function that gave it. */
	struct alloc_trace trace; /**< Who called it. */
};

/** Name of a function. */
const char *alloc_kind_name(enum alloc_kind kind);

/** Count this thread's calls from here on, from zero. */
void alloc_count_begin(void);

/** Count no more; the number of calls of all kinds. */
uint64_t alloc_count_end(void);

/** Calls of one kind that were counted. */
uint64_t alloc_count_of(enum alloc_kind kind);

/** Let a call of this thread fail; @p fault stays the hooks' until alloc_fault_end(). */
void alloc_fault_begin(struct alloc_fault *fault);

/** Let no call fail any more. */
void alloc_fault_end(void);

/** Follow the blocks that this thread gets from here on; those of before are forgotten. */
void alloc_track_begin(void);

/** Follow no new blocks. */
void alloc_track_end(void);

/** The next block at or behind place @p *place of the table that was not given back, or NULL. */
const struct alloc_block *alloc_track_next(uint32_t *place);

/* For definitions of functions that are taken over. */

/** A call has come: count it; true when it is to fail. */
bool alloc_hook_enter(enum alloc_kind kind, const void *caller);

/** A call that cannot fail has come. */
void alloc_hook_count(enum alloc_kind kind);

/** What is called from here on is called by the library below. */
void alloc_hook_down(void);

/** The library has returned. */
void alloc_hook_up(void);

/** Neither count nor fail what is called from here on; what it was before. */
bool alloc_hook_hide(bool is_hidden);

/** A block was given. */
void alloc_hook_gave(void *memory, size_t size, enum alloc_kind kind, const void *caller);

/** A block was taken back. */
void alloc_hook_took(const void *memory);

/** The next definition of a function: the library's. */
void *alloc_hook_next(const char *name);

/** How every call fails here: errno and rte_errno say that there is no memory. */
void alloc_hook_no_memory(void);

/* Types take no parentheses: NOLINTBEGIN(bugprone-macro-parentheses) */
/** Define a function that is taken over: what it gives is not followed. */
#define ALLOC_HOOK(kind, type, failed, name, declared, passed)             \
	type name declared                                                 \
	{                                                                  \
		static type(*next) declared;                               \
		type result;                                               \
                                                                           \
		if (next == NULL)                                          \
			next = alloc_hook_next(#name);                     \
		if (alloc_hook_enter(kind, __builtin_return_address(0))) { \
			alloc_hook_no_memory();                            \
			return failed;                                     \
		}                                                          \
		alloc_hook_down();                                         \
		result = next passed;                                      \
		alloc_hook_up();                                           \
		return result;                                             \
	}

/** Define a function that is taken over and gives a block of @p size bytes, to be given back. */
#define ALLOC_HOOK_BLOCK(kind, name, size, declared, passed)               \
	void *name declared                                                \
	{                                                                  \
		static void *(*next)declared;                              \
		void *caller = __builtin_return_address(0);                \
		bool was_hidden;                                           \
		void *result;                                              \
                                                                           \
		if (next == NULL)                                          \
			next = alloc_hook_next(#name);                     \
		if (alloc_hook_enter(kind, caller))                        \
			return NULL; /* as DPDK does, without rte_errno */ \
		was_hidden = alloc_hook_hide(true);                        \
		result = next passed;                                      \
		(void)alloc_hook_hide(was_hidden);                         \
		alloc_hook_gave(result, size, kind, caller);               \
		return result;                                             \
	}

/* NOLINTEND(bugprone-macro-parentheses) */

#endif /* ALLOC_HOOK_H */
