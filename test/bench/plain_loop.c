/* SPDX-License-Identifier: BSD-3-Clause */

#include <rte_byteorder.h>
#include <rte_ethdev.h>

#include "plain_loop.h"

#define BURST         32
#define HEADERS_BYTES 42

struct mold {
	char session[10];
	rte_be64_t sequence;
	rte_be16_t count;
} __rte_packed;

struct header {
	char type;
	rte_be16_t locate;
	rte_be16_t tracking;
	uint8_t time[6];
} __rte_packed;

struct add {
	struct header header;
	rte_be64_t order;
	char side;
	rte_be32_t shares;
	char stock[8];
	rte_be32_t price;
} __rte_packed;

struct execute {
	struct header header;
	rte_be64_t order;
	rte_be32_t shares;
	rte_be64_t match;
} __rte_packed;

struct execute_priced {
	struct execute execute;
	char printable;
	rte_be32_t price;
} __rte_packed;

struct reduce {
	struct header header;
	rte_be64_t order;
	rte_be32_t shares;
} __rte_packed;

struct order_delete {
	struct header header;
	rte_be64_t order;
} __rte_packed;

struct replace {
	struct header header;
	rte_be64_t order;
	rte_be64_t new_order;
	rte_be32_t shares;
	rte_be32_t price;
} __rte_packed;

struct trade {
	struct add add;
	rte_be64_t match;
} __rte_packed;

void
plain_loop_init(struct plain_loop *loop, const struct worker_queue *queue)
{
	*loop = (struct plain_loop){ .port_id = queue->port_id, .queue_id = queue->queue_id };
}

void
plain_loop_begin(struct plain_loop *loop)
{
	loop->next_sequence = 0;
	loop->packets = 0;
	loop->messages = 0;
}

void
plain_loop_free(struct plain_loop *loop)
{
	struct rte_mbuf *mbufs[BURST];
	uint16_t count = rte_eth_rx_burst(loop->port_id, loop->queue_id, mbufs, BURST);

	rte_pktmbuf_free_bulk(mbufs, count);
	loop->packets += count;
}

static inline uint64_t
sum_header(const struct header *header)
{
	uint64_t time = (uint64_t)header->time[0] << 40 | (uint64_t)header->time[1] << 32 |
		(uint64_t)header->time[2] << 24 | (uint64_t)header->time[3] << 16 |
		(uint64_t)header->time[4] << 8 | header->time[5];

	return (uint64_t)rte_be_to_cpu_16(header->locate) + rte_be_to_cpu_16(header->tracking) +
		time;
}

static inline uint64_t
sum_add(const struct add *add)
{
	return rte_be_to_cpu_64(add->order) + rte_be_to_cpu_32(add->shares) +
		rte_be_to_cpu_32(add->price) + (uint64_t)add->side;
}

static inline uint64_t
sum_execute(const struct execute *execute)
{
	return rte_be_to_cpu_64(execute->order) + rte_be_to_cpu_32(execute->shares) +
		rte_be_to_cpu_64(execute->match);
}

/* The integer fields of one message; of types that no book needs, the header alone. */
static inline uint64_t
sum_message(const void *message)
{
	const struct header *header = message;
	const struct execute_priced *priced = message;
	const struct reduce *reduce = message;
	const struct order_delete *gone = message;
	const struct replace *replace = message;
	const struct trade *trade = message;
	uint64_t sum = sum_header(header);

	switch (header->type) {
	case 'A':
	case 'F':
		return sum + sum_add(message);
	case 'D':
		return sum + rte_be_to_cpu_64(gone->order);
	case 'U':
		return sum + rte_be_to_cpu_64(replace->order) +
			rte_be_to_cpu_64(replace->new_order) + rte_be_to_cpu_32(replace->shares) +
			rte_be_to_cpu_32(replace->price);
	case 'E':
		return sum + sum_execute(message);
	case 'C':
		return sum + sum_execute(&priced->execute) + rte_be_to_cpu_32(priced->price);
	case 'X':
		return sum + rte_be_to_cpu_64(reduce->order) + rte_be_to_cpu_32(reduce->shares);
	case 'P':
		return sum + sum_add(&trade->add) + rte_be_to_cpu_64(trade->match);
	default:
		return sum;
	}
}

static inline void
cast_packet(struct plain_loop *loop, const struct rte_mbuf *mbuf)
{
	const uint8_t *data = rte_pktmbuf_mtod(mbuf, const uint8_t *);
	const uint8_t *end = data + mbuf->data_len;
	const struct mold *mold = (const void *)(data + HEADERS_BYTES);
	const uint8_t *block = (const uint8_t *)(mold + 1);
	uint16_t count;

	if (mbuf->data_len < HEADERS_BYTES + sizeof(*mold))
		return;
	count = rte_be_to_cpu_16(mold->count);
	if (rte_be_to_cpu_64(mold->sequence) != loop->next_sequence)
		loop->gaps++;
	loop->next_sequence = rte_be_to_cpu_64(mold->sequence) + count;
	for (uint16_t i = 0; i < count; i++) {
		uint16_t len;

		if (block + 2 > end)
			return;
		len = (uint16_t)(block[0] << 8 | block[1]);
		if (block + 2 + len > end)
			return;
		loop->sum += sum_message(block + 2);
		loop->messages++;
		block += 2 + len;
	}
}

void
plain_loop_cast(struct plain_loop *loop)
{
	struct rte_mbuf *mbufs[BURST];
	uint16_t count = rte_eth_rx_burst(loop->port_id, loop->queue_id, mbufs, BURST);

	for (uint16_t i = 0; i < count; i++)
		cast_packet(loop, mbufs[i]);
	rte_pktmbuf_free_bulk(mbufs, count);
	loop->packets += count;
}
